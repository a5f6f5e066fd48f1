/* SPDX-License-Identifier: ISC */
/*
 * leaselex - tokens of dhcpd.leases.
 *
 * The careful path of the reader only; a regular file never comes here.
 * ISC's lexer has always read one character beyond a word, and its complaints
 * show the line as far as it was read: `shown' keeps that account.
 */
#include "dhcpd/leaselex.h"

#include <string.h>

void
leaselex_init(struct leaselex *lx, const char *p, size_t len, uint32_t line)
{
	memset(lx, 0, sizeof(*lx));
	lx->p = p;
	lx->len = len;
	lx->line = line;
	lx->tok_line = line;
}

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* ISC's caret stands under a number and behind the start of a word. */
static bool
is_decimal(struct str s)
{
	for (size_t k = 0; k < s.len; k++)
		if (s.p[k] < '0' || s.p[k] > '9')
			return false;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void
skip_blank(struct leaselex *lx)
{
	while (lx->pos < lx->len) {
		char c = lx->p[lx->pos];

		if (c == '\n') {
			lx->line++;
			lx->line_at = lx->pos + 1;
		} else if (c == '#') {
			while (lx->pos < lx->len && lx->p[lx->pos] != '\n')
				lx->pos++;
			continue;
		} else if (!is_blank(c)) {
			return;
		}
		lx->pos++;
	}
}

static void
read_string(struct leaselex *lx)
{
	size_t from = ++lx->pos;

	lx->tok.kind = LEASELEX_STRING;
	lx->tok.is_torn = true;
	while (lx->pos < lx->len && lx->p[lx->pos] != '\n') {
		char c = lx->p[lx->pos];

		if (c == '"') {
			lx->tok.is_torn = false;
			break;
		}
		lx->pos++;
		if (c == '\\' && lx->pos < lx->len && lx->p[lx->pos] != '\n')
			lx->pos++;
	}
	lx->tok.text = str_make(lx->p + from, lx->pos - from);
	if (!lx->tok.is_torn)
		lx->pos++;
}

const struct leaselex_token *
leaselex_next(struct leaselex *lx)
{
	size_t was_line_at = lx->line_at;

	skip_blank(lx);
	lx->tok.is_torn = false;
	lx->tok.at = lx->pos;
	if (lx->pos == lx->len) {
		/* ISC does not move its position for the end of the file. */
		lx->tok.kind = LEASELEX_EOF;
		lx->tok.text = str_make(lx->p + lx->pos, 0);
		if (lx->line_at != was_line_at)
			lx->caret = 0;
		lx->tok_line_at = lx->line_at;
		lx->shown = lx->pos;
		return &lx->tok;
	}
	lx->tok_line = lx->line;
	lx->tok_line_at = lx->line_at;
	lx->caret = lx->pos - lx->line_at + 1;
	if (lx->p[lx->pos] == '"') {
		read_string(lx);
		lx->shown = lx->pos;
	} else if (is_word_char(lx->p[lx->pos])) {
		lx->tok.kind = LEASELEX_WORD;
		while (lx->pos < lx->len && is_word_char(lx->p[lx->pos]))
			lx->pos++;
		lx->tok.text = str_make(lx->p + lx->tok.at,
		    lx->pos - lx->tok.at);
		lx->shown = lx->pos;
		if (lx->pos < lx->len && lx->p[lx->pos] != '\n')
			lx->shown++;
		if (is_decimal(lx->tok.text))
			lx->caret--;
	} else {
		lx->tok.kind = LEASELEX_CHAR;
		lx->tok.text = str_make(lx->p + lx->pos, 1);
		lx->shown = ++lx->pos;
	}
	return &lx->tok;
}

struct leaselex_token
leaselex_peek(const struct leaselex *lx)
{
	struct leaselex copy = *lx;

	return *leaselex_next(&copy);
}

bool
leaselex_is(const struct leaselex *lx, const char *word)
{
	return (lx->tok.kind == LEASELEX_WORD ||
	    lx->tok.kind == LEASELEX_CHAR) &&
	    str_ieq(lx->tok.text, str_of(word));
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t
octal(struct wr *wr, struct str s)
{
	unsigned v = 0;
	size_t n = 0;

	while (n < 3 && n < s.len && s.p[n] >= '0' && s.p[n] <= '7')
		v = v * 8 + (unsigned)(s.p[n++] - '0');
	wr_u8(wr, (uint8_t)v);
	return n;
}

/* The escape after a backslash; returns how many characters it took. */
static size_t
escape(struct wr *wr, struct str s)
{
	static const char from[] = "trnb", to[] = "\t\r\n\b";
	const char *known = memchr(from, s.p[0], sizeof(from) - 1);
	unsigned v = 0;
	size_t n;

	if (s.p[0] >= '0' && s.p[0] <= '7')
		return octal(wr, s);
	if (s.p[0] == 'x' && s.len > 1 && hex_value(s.p[1]) >= 0) {
		for (n = 1; n < 3 && n < s.len && hex_value(s.p[n]) >= 0; n++)
			v = v * 16 + (unsigned)hex_value(s.p[n]);
		wr_u8(wr, (uint8_t)v);
		return n;
	}
	wr_u8(wr, (uint8_t)(known != NULL ? to[known - from] : s.p[0]));
	return 1;
}

void
leaselex_string(struct wr *wr, struct str text)
{
	while (text.len != 0) {
		size_t n = str_chr(text, '\\');

		if (n == STR_NONE)
			n = text.len;
		wr_bytes(wr, text.p, n);
		text = str_sub(text, n, text.len);
		if (text.len == 0)
			break;
		text = str_sub(text, 1, text.len);
		if (text.len != 0)
			text = str_sub(text, escape(wr, text), text.len);
	}
}
