/* SPDX-License-Identifier: ISC */
/*
 * lex - lines and words of Apache's configuration language.
 *
 * Owns the rules for continuation, quoting and ${NAME}.  A word that needed
 * no change is a slice of the line; only changed ones take memory.  What a
 * word means is the business of conf.c.
 */

#include "httpd/lex.h"

#include <string.h>

#define EXPAND_MAX	65536

void
lex_init(struct lex *lex, struct str text)
{
	lex->text = text;
	lex->at = 0;
	lex->line = 0;
}

/*
 * The next physical line without its newline and CR; says whether a
 * backslash at its end (cut off) joins it to the next.
 */
static struct str
physical(struct lex *lex, bool *ret_joins)
{
	struct str rest = str_sub(lex->text, lex->at, lex->text.len);
	size_t n = str_chr(rest, '\n');
	struct str line;

	*ret_joins = false;
	lex->line++;
	if (n == STR_NONE) {
		lex->at = lex->text.len;
		return rest;
	}
	lex->at += n + 1;
	line = str_sub(rest, 0, n);
	if (str_ends(line, STR("\r")))
		line.len--;
	if (str_ends(line, STR("\\"))) {
		line.len--;
		*ret_joins = true;
	}
	return line;
}

/*
 * A whole logical line.  The joined text is built in the arena by appending;
 * nothing else is allocated in between, so the pieces are adjacent.
 */
static bool
logical(struct lex *lex, struct arena *a, struct str *ret)
{
	bool joins;
	struct str line = physical(lex, &joins);
	char *joined;

	if (!joins) {
		*ret = line;
		return true;
	}
	joined = arena_dup(a, line.p, line.len);
	if (joined == NULL)
		return false;
	while (joins && lex->at < lex->text.len) {
		struct str next = physical(lex, &joins);

		if (arena_dup(a, next.p, next.len) == NULL)
			return false;
		line.len += next.len;
	}
	*ret = str_make(joined, line.len);
	return true;
}

bool
lex_line(struct lex *lex, struct arena *a, struct str *ret)
{
	while (lex->at < lex->text.len) {
		struct str line;

		if (!logical(lex, a, &line))
			return false;
		line = str_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		*ret = line;
		return true;
	}
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/*
 * Without blanks at the beginning: all of those that end a word, or a word
 * could be empty and the line never done with.
 */
static struct str
unindent(struct str s)
{
	size_t n = 0;

	while (n < s.len && is_blank(s.p[n]))
		n++;
	return str_sub(s, n, s.len);
}

/*
 * Remove the backslash of "\\" and of an escaped quote.
 */
static bool
unescape(struct str raw, char quote, struct arena *a, struct str *ret)
{
	char *out;
	size_t n = 0;

	if (str_chr(raw, '\\') == STR_NONE) {
		*ret = raw;
		return true;
	}
	out = arena_alloc(a, raw.len, 1);
	if (out == NULL)
		return false;
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.p[i] == '\\' && i + 1 < raw.len &&
		    (raw.p[i + 1] == '\\' ||
		    (quote != 0 && raw.p[i + 1] == quote)))
			i++;
		out[n++] = raw.p[i];
	}
	*ret = str_make(out, n);
	return true;
}

bool
lex_word(struct str *line, const struct lex_vars *vars, struct arena *a,
    struct str *ret)
{
	struct str s = unindent(*line), raw;
	char quote = 0;
	size_t i = 0;

	*line = s;
	if (s.len == 0)
		return false;
	if (s.p[0] == '"' || s.p[0] == '\'') {
		quote = s.p[0];
		s = str_sub(s, 1, s.len);
		while (i < s.len && s.p[i] != quote) {
			if (s.p[i] == '\\' && i + 1 < s.len &&
			    (s.p[i + 1] == '\\' || s.p[i + 1] == quote))
				i++;
			i++;
		}
	} else {
		while (i < s.len && !is_blank(s.p[i]))
			i++;
	}
	raw = str_sub(s, 0, i);
	if (!unescape(raw, quote, a, &raw) ||
	    !lex_expand(raw, vars, a, ret))
		return false;
	*line = unindent(str_sub(s, quote != 0 ? i + 1 : i, s.len));
	return true;
}

/*
 * Length of "${NAME}" at the start of text, 0 when it is none.
 */
static size_t
reference(struct str text, struct str *ret_name)
{
	size_t end;

	if (!str_starts(text, STR("${")))
		return 0;
	end = str_chr(text, '}');
	if (end == STR_NONE || end == 2)
		return 0;
	*ret_name = str_sub(text, 2, end - 2);
	return end + 1;
}

/*
 * Expand into out when it is not NULL.  Returns the length of the result.
 */
static size_t
expand(struct str text, const struct lex_vars *vars, char *out)
{
	size_t total = 0;

	while (text.len > 0) {
		struct str name, piece = str_sub(text, 0, 1);
		size_t n = reference(text, &name);

		if (n > 0) {
			piece = vars->get(vars->ctx, name);
			if (piece.p == NULL) {
				if (out == NULL)
					vars->missing(vars->ctx, name);
				piece = str_sub(text, 0, n);
			}
		} else
			n = 1;
		if (out != NULL)
			memcpy(out + total, piece.p, piece.len);
		total += piece.len;
		text = str_sub(text, n, text.len);
	}
	return total;
}

bool
lex_expand(struct str text, const struct lex_vars *vars, struct arena *a,
    struct str *ret)
{
	size_t len;
	char *out;

	if (str_find(text, STR("${")) == STR_NONE) {
		*ret = text;
		return true;
	}
	len = expand(text, vars, NULL);
	if (len > EXPAND_MAX)
		return false;
	out = arena_alloc(a, len, 1);
	if (out == NULL)
		return false;
	(void)expand(text, vars, out);
	*ret = str_make(out, len);
	return true;
}
