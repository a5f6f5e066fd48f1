/* SPDX-License-Identifier: ISC */
/*
 * lex.h - words of a dhcpd.conf with the positions the peer would report.
 *
 * The parser takes tokens (lex_next) or looks at the next one (lex_peek).  Error
 * messages name a place that depends on which of the two came last, because
 * that is how ISC dhcpd counts and scripts compare its output; the rules are
 * in lex.c.  Slices returned point into the source text, or into the arena for
 * strings with escapes; both outlive the parse.
 *
 * Core.  Never reads outside the text, never recurses.
 */
#ifndef DHCPD_LEX_H
#define DHCPD_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/lexkw.h"
#include "dhcpd/msgs.h"

/* Longest word, string or run of white space. */
#define LEX_WORD_MAX 1499

/*
 * Tokens: punctuation is its own character (1..255), 0 is a NUL byte.  Two
 * numbers are seen by users: "x (262): expecting IP address or hostname".
 */
enum lex_token {
	LEX_STRING = 262,
	LEX_NUMBER = 263,
	LEX_NUMBER_OR_NAME = 264,
	LEX_NAME = 265,
	LEX_EOF = 607,
	LEX_SPACE = 608,		/* only from the raw functions */
	LEX_K_FIRST = 1000,
#define LEX_KEYWORD_ENUM(name, text) LEX_K_##name,
	LEX_KEYWORDS(LEX_KEYWORD_ENUM)
#undef LEX_KEYWORD_ENUM
	LEX_K_END
};

struct lex_pos {
	uint32_t line, col;
};

/* A line as far as it has been read. */
struct lex_line {
	size_t start, len;
};

struct lex {
	struct str name;		/* of the file, as the user wrote it */
	const struct str *file;		/* the same, in the arena: for places */
	const uint8_t *p;
	size_t len;
	size_t pos;			/* next byte to read */
	size_t seen;			/* bytes fetched at least once; pos or pos + 1 */
	uint32_t line_no;
	size_t skipped;			/* bytes of this line that do not count */
	struct lex_line lines[2];	/* used in turn */
	unsigned current, shown;	/* which of them is being read, which a message shows */
	struct lex_pos at;		/* of the token last taken: what messages say */
	struct lex_pos kept_at;
	int kept;			/* token looked at, 0 = none */
	struct str text;		/* of the token scanned last: kept, or taken */
	bool has_errors;		/* a message with a place was given */
	bool is_dead;			/* fatal: only LEX_EOF from now on */
	struct arena *arena;
	struct msgs *msgs;
	uint16_t kw_start[27];		/* keywords by first letter */
};

/*
 * lex_init - scan text.
 *
 * name, text  borrowed as long as tokens are used
 * arena       for strings with escapes
 */
void lex_init(struct lex *lex, struct str name, struct str text, struct arena *arena,
    struct msgs *msgs);

/*
 * lex_next - take the next token.
 *
 * ret  its text: contents of a string, else the characters; may be NULL
 */
int lex_next(struct lex *lex, struct str *ret);

/*
 * lex_peek - look at the next token without taking it.
 */
int lex_peek(struct lex *lex, struct str *ret);

/*
 * lex_next_raw - take the next token, white space (LEX_SPACE) included.
 */
int lex_next_raw(struct lex *lex, struct str *ret);

/*
 * lex_peek_raw - look at the next token, white space included.
 */
int lex_peek_raw(struct lex *lex, struct str *ret);

/*
 * lex_error - an error at the present position: three lines into msgs.
 */
void lex_error(struct lex *lex, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * lex_plain - a line without a place; rejects nothing.
 */
void lex_plain(struct lex *lex, int prio, const char *fmt, ...) PRINTF_LIKE(3, 4);

/*
 * lex_fatal - a plain line that ends the load.
 *
 * From here on every token is LEX_EOF and no message is added.
 */
void lex_fatal(struct lex *lex, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * lex_column - true column (from 1) of a token just read, whatever messages say.
 *
 * text  as lex_next or lex_peek gave it; not a string with escapes
 */
uint32_t lex_column(const struct lex *lex, struct str text);

/*
 * lex_is_word - is the token an identifier: keyword, name or number-or-name?
 *
 * A single byte of 0x80 or more is one too, where only that is asked.
 */
bool lex_is_word(int token);

#endif
