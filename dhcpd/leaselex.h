/* SPDX-License-Identifier: ISC */
/*
 * leaselex - tokens of dhcpd.leases, with the positions that ISC's complaints
 * show.
 *
 * Words are runs of letters, digits, '-' and '_'; numbers are words.  Strings
 * end at the quote, or (damage) at the end of the line: nothing that ever
 * wrote this file put a raw newline into a string, and a torn one must not
 * swallow the leases after it.  Comments run from # to the end of the line.
 */
#ifndef DHCPD_LEASELEX_H
#define DHCPD_LEASELEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"
#include "common/wr.h"

/* Columns of the source line that a complaint shows. */
#define LEASELEX_SHOWN_MAX 80

enum leaselex_kind {
	LEASELEX_EOF,
	LEASELEX_WORD,
	LEASELEX_STRING,	/* text: between the quotes, still escaped */
	LEASELEX_CHAR		/* text: the one character */
};

struct leaselex_token {
	enum leaselex_kind kind;
	struct str text;
	size_t at;		/* offset of its first byte */
	bool is_torn;		/* a string without its closing quote */
};

struct leaselex {
	const char *p;
	size_t len;
	size_t pos;		/* after the token last read */
	uint32_t line;		/* that pos is on */
	struct leaselex_token tok;	/* last read */
	uint32_t tok_line;
	size_t tok_line_at;	/* offset of the start of its line */
	size_t shown;		/* offset behind what ISC had read by then */
	size_t caret;		/* columns before the caret */
	size_t line_at;		/* offset of the start of the line of pos */
};

/*
 * leaselex_init - over len bytes at p, whose first line has this number.
 */
void leaselex_init(struct leaselex *lx, const char *p, size_t len,
    uint32_t line);

/*
 * leaselex_next - read a token; also kept in lx->tok.
 */
const struct leaselex_token *leaselex_next(struct leaselex *lx);

/*
 * leaselex_peek - the token that leaselex_next will read.
 */
struct leaselex_token leaselex_peek(const struct leaselex *lx);

/*
 * leaselex_is - is the token last read this word or character?  Words compare
 * without letter case.
 */
bool leaselex_is(const struct leaselex *lx, const char *word);

/*
 * leaselex_string - the bytes of a string token's text.
 *
 * Knows \" \\ \ooo \xhh \t \r \n \b; another escaped character is itself.
 */
void leaselex_string(struct wr *wr, struct str text);

#endif
