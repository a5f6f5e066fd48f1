/* SPDX-License-Identifier: ISC */
/*
 * remap - the rules that rewrite, accept or refuse file names (-m).
 *
 * The language is tftp-hpa's (5.2, and from 5.4 the operators E, j, gg and
 * labels).  Regular expressions are matched by whoever calls: the engine and
 * everything else that is not text comes in as functions, so that parsing and
 * applying rules stay pure.
 */
#ifndef TFTPD_REMAP_H
#define TFTPD_REMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"
#include "tftpd/proto.h"

/* Longest line of a rule file. */
#define REMAP_LINE_MAX 16383
/* Most rules in a file. */
#define REMAP_RULES_MAX 4096
/* Rules that may act on one request, restarts included, by default. */
#define REMAP_STEPS_DEFAULT 1024
/* Groups \0 .. \9. */
#define REMAP_GROUPS 10
/* Longest message of one error, terminator included. */
#define REMAP_ERROR_SIZE (REMAP_LINE_MAX + 256)

/* A matched part; from is STR_NONE when the group took no part. */
struct remap_span {
	size_t from, to;
};

/* Regular expressions, by number 0, 1, 2 ... */
struct remap_engine {
	void *ctx;
	/* False with a reason when it is no expression. */
	bool (*compile)(void *ctx, uint32_t id, const char *pattern,
	    bool is_icase, char *reason, size_t size);
	/* Search in text, a C string; is_inside: text has a beginning that
	 * was cut off, so ^ must not match. */
	bool (*search)(void *ctx, uint32_t id, const char *text,
	    bool is_inside, struct remap_span spans[REMAP_GROUPS]);
};

struct remap_rule;		/* see remap.c */

/* Rules and all they point to: one generation, in the caller's arena. */
struct remap {
	struct remap_rule *rules;
	uint32_t rules_n;
	uint32_t steps_max;
};

/* The client that asks. */
struct remap_client {
	bool is_write;
	bool is_v6;
	struct str addr;	/* \i */
	struct str addr_hex;	/* \x */
	bool has_leases;	/* \m \c \h are macros */
	struct str mac;		/* \m, 52-54-00-12-34-56; may be empty */
	struct str client_id;	/* \c, hexadecimal; may be empty */
	struct str hostname;	/* \h; may be empty */
};

enum remap_event {
	REMAP_INPUT,
	REMAP_REWRITE,
	REMAP_EXIT,
	REMAP_RESTART,
	REMAP_JUMP,
	REMAP_ABORTED,
	REMAP_DONE,
	REMAP_LOOP		/* given up; text is the request, last the
				   name as it was then */
};

/* What applying needs besides the rules. */
struct remap_env {
	const struct remap_engine *engine;
	void *ctx;
	/* Say what is going on; may be NULL. */
	void (*trace)(void *ctx, enum remap_event event, uint32_t rule,
	    struct str text, struct str last);
	/* Is there a file of this name to be had?  For E; may be NULL. */
	bool (*is_file)(void *ctx, struct str name);
};

enum remap_verdict {
	REMAP_OK,		/* name is the file to open */
	REMAP_REFUSED,		/* name is the error text */
	REMAP_FAILED		/* too many steps, or the name grew too long */
};

/* A name being rewritten; as C string in text, which is name.p. */
struct remap_name {
	size_t len;
	char text[PROTO_NAME_MAX + 1];
};

/*
 * remap_parse - rules from the text of a rule file.
 *
 * arena      gets the rules; must outlive them
 * engine     compile is called for each rule
 * report     called for each error and warning, in order; message is a whole
 *            line of log
 *
 * False when there was any error; all lines are looked at in any case.
 */
bool remap_parse(struct remap *remap, struct str text, struct arena *arena,
    const struct remap_engine *engine,
    void (*report)(void *ctx, bool is_error, struct str message), void *ctx)
    MUST_CHECK;

/*
 * remap_apply - all rules over a name.
 *
 * name       in: as requested; out: see the verdict
 */
enum remap_verdict remap_apply(const struct remap *remap,
    const struct remap_client *client, const struct remap_env *env,
    struct remap_name *name);

#endif
