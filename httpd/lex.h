/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_LEX_H
#define HTTPD_LEX_H

/*
 * lex - lines and words of Apache's configuration language.
 *
 * A logical line is one or more physical lines joined by a backslash right
 * before the newline; joining comes before the test for comments.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

struct lex {
	struct str text;
	size_t at;
	uint32_t line;		/* of the last physical line returned */
};

/* Looks up ${NAME}; p NULL when there is none. */
struct lex_vars {
	struct str (*get)(void *ctx, struct str name);
	void (*missing)(void *ctx, struct str name);
	void *ctx;
};

/*
 * lex_init - start at the first line of a text.
 */
void lex_init(struct lex *lex, struct str text);

/*
 * lex_line - the next logical line that is neither empty nor a comment.
 *
 * ret   trimmed; joined lines lie in the arena, others in the text
 *
 * False at the end, or when the arena is full (which it remembers).
 */
MUST_CHECK bool lex_line(struct lex *lex, struct arena *a, struct str *ret);

/*
 * lex_word - take the first word off a line.
 *
 * "..." and '...' group; inside, a backslash escapes the quote and itself.
 * False when there is no word left (line is then empty), or when the arena is
 * full (line is then as it was).
 */
MUST_CHECK bool lex_word(struct str *line, const struct lex_vars *vars,
    struct arena *a, struct str *ret);

/*
 * lex_expand - ${NAME} replaced; unknown ones stay and are reported.
 *
 * False when the arena is full or the result is longer than 64 KiB.
 */
MUST_CHECK bool lex_expand(struct str text, const struct lex_vars *vars,
    struct arena *a, struct str *ret);

#endif
