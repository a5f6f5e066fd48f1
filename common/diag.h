/* SPDX-License-Identifier: ISC */
/*
 * diag - what is wrong with a configuration, and where exactly.
 *
 * A parser collects; the daemon prints in its peer's form afterwards.  ISC
 * shows FILE, line, text, the source line and a caret; Apache shows FILE, line
 * and text.  So an entry keeps all of that.  Entries live in an arena, in the
 * order they came; the arena is the only limit, and what did not fit is
 * counted.  File and source line are borrowed from the text that was parsed
 * and must live as long.
 */
#ifndef COMMON_DIAG_H
#define COMMON_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

/* Longest text of one entry; the rest is cut off. */
#define DIAG_TEXT_MAX 1024

enum diag_severity {
	DIAG_ERROR,		/* the configuration must not be used */
	DIAG_WARNING,
	DIAG_NOTE
};

/* A place in a source. */
struct diag_pos {
	struct str file;
	struct str src_line;	/* the whole line, without its newline */
	uint32_t line;		/* from 1; 0 when there is no place */
	uint32_t col;		/* from 1, in bytes; 0 when unknown */
};

struct diag_entry {
	struct diag_entry *next;
	struct diag_pos pos;
	struct str text;
	enum diag_severity severity;
};

struct diag {
	struct arena *arena;
	struct diag_entry *first, *last;
	uint32_t errors_n;	/* lost ones included */
	uint32_t warnings_n;	/* lost ones included */
	uint32_t lost_n;	/* entries that the arena had no room for */
};

/*
 * diag_init - an empty list over an arena.
 */
void diag_init(struct diag *diag, struct arena *arena);

/*
 * diag_add - append an entry; text by printf.
 *
 * pos        copied; NULL for "no place"
 */
void diag_add(struct diag *diag, enum diag_severity severity,
    const struct diag_pos *pos, const char *fmt, ...) PRINTF_LIKE(4, 5);

/*
 * diag_vadd - the same with the arguments in a list.
 */
void diag_vadd(struct diag *diag, enum diag_severity severity,
    const struct diag_pos *pos, const char *fmt, va_list ap)
    PRINTF_LIKE(4, 0);

#endif
