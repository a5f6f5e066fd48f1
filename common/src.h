/* SPDX-License-Identifier: ISC */
/*
 * src - whole configuration files into an arena.
 *
 * Regular files, pipes and /dev/stdin; never more than the cap; errors are
 * errno values.  Core parsers do not open files: they are handed a struct
 * src_loader and ask it for includes.  Depth is limited and a file that is
 * still open further up is refused, so includes end.
 */
#ifndef COMMON_SRC_H
#define COMMON_SRC_H

#include <stddef.h>
#include <sys/types.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

/* Files open at once: the first one and its nested includes. */
#define SRC_DEPTH_MAX 32

/* What a core parser sees.  Tests give one that reads from a table. */
struct src_loader {
	void *ctx;
	/* 0 and the text (lives as long as the parser's arena), or -errno;
	 * -ELOOP when nested too deeply or when the file is open already. */
	int (*load)(void *ctx, struct str path, struct str *ret_text);
	/* The text last loaded and not yet left has been parsed. */
	void (*leave)(void *ctx);
};

struct src {
	struct arena *arena;
	size_t cap;		/* most bytes per file */
	size_t depth;
	struct {
		dev_t dev;
		ino_t ino;
	} open[SRC_DEPTH_MAX];
};

/*
 * src_init - read files into an arena, each at most cap bytes.
 */
void src_init(struct src *src, struct arena *arena, size_t cap);

/*
 * src_loader - the loader of a src; src must live as long as it is used.
 */
struct src_loader src_loader(struct src *src);

/*
 * src_read - one whole file, no nesting.
 *
 * path       C string
 * cap        most bytes; -EFBIG above it
 *
 * 0, -errno, or -ENOMEM when the arena is full.
 */
int src_read(struct arena *arena, const char *path, size_t cap,
    struct str *ret_text) MUST_CHECK;

/*
 * src_read_regular - the same for a file that others may have put there.
 *
 * -EACCES for all but regular files and /dev/null: nobody must be able to make
 * us wait at a pipe.
 */
int src_read_regular(struct arena *arena, const char *path, size_t cap,
    struct str *ret_text) MUST_CHECK;

#endif
