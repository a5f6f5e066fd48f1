/* SPDX-License-Identifier: ISC */
/*
 * glob - matches shell patterns in time pattern times text.
 *
 * Only the last star is ever retried: a later star takes over, because
 * whatever an earlier one could give back, the later one can take itself.
 * With GLOB_PATH this holds between slashes, which a star never crosses.
 */

#include "httpd/glob.h"

static char
fold(char c, unsigned flags)
{
	return flags & GLOB_NOCASE ? str_lower(c) : c;
}

/*
 * A bracket expression at p[at] == '['.  Returns the position behind it, or
 * 0 when it is not closed; ret says whether c is in it.
 */
static size_t
bracket(struct str p, size_t at, char c, unsigned flags, bool *ret)
{
	bool is_not = false, hit = false;
	size_t i = at + 1, first;

	if (i < p.len && (p.p[i] == '!' || p.p[i] == '^')) {
		is_not = true;
		i++;
	}
	first = i;
	c = fold(c, flags);
	while (i < p.len && (p.p[i] != ']' || i == first)) {
		unsigned char lo = (unsigned char)fold(p.p[i], flags), hi = lo;

		if (i + 2 < p.len && p.p[i + 1] == '-' && p.p[i + 2] != ']') {
			hi = (unsigned char)fold(p.p[i + 2], flags);
			i += 2;
		}
		if ((unsigned char)c >= lo && (unsigned char)c <= hi)
			hit = true;
		i++;
	}
	if (i >= p.len)
		return 0;
	*ret = hit != is_not;
	return i + 1;
}

/*
 * Whether one character fits the pattern element at *at; moves *at on.
 */
static bool
one(struct str p, size_t *at, char c, unsigned flags)
{
	size_t i = *at, next;
	bool hit;

	if (p.p[i] == '?') {
		*at = i + 1;
		return c != '/' || !(flags & GLOB_PATH);
	}
	if (p.p[i] == '[') {
		next = bracket(p, i, c, flags, &hit);
		if (next != 0) {
			*at = next;
			return hit && (c != '/' || !(flags & GLOB_PATH));
		}
	}
	if (p.p[i] == '\\' && i + 1 < p.len)
		i++;
	*at = i + 1;
	return fold(p.p[i], flags) == fold(c, flags);
}

bool
glob_match(struct str pattern, struct str text, unsigned flags)
{
	size_t p = 0, t = 0, star = STR_NONE, star_t = 0;

	if ((flags & GLOB_PERIOD) && str_starts(text, STR(".")) &&
	    !str_starts(pattern, STR(".")))
		return false;
	while (t < text.len || p < pattern.len) {
		if (p < pattern.len && pattern.p[p] == '*') {
			star = ++p;
			star_t = t;
			continue;
		}
		if (p < pattern.len && t < text.len) {
			size_t next = p;

			if (one(pattern, &next, text.p[t], flags)) {
				p = next;
				t++;
				continue;
			}
		}
		if (star == STR_NONE || star_t >= text.len ||
		    ((flags & GLOB_PATH) && text.p[star_t] == '/'))
			return false;
		p = star;
		t = ++star_t;
	}
	return true;
}
