/* SPDX-License-Identifier: ISC */
/*
 * str - slices of text; see str.h for the contract.
 *
 * Nothing here reads at or behind p + len, and a NULL pointer with length 0
 * never reaches a mem function (that would be undefined).
 */
#include "common/str.h"

#include <stdint.h>
#include <string.h>

struct str
str_of(const char *s)
{
	return str_make(s, s == NULL ? 0 : strlen(s));
}

bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
str_ieq(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	ASSERT(a.len == 0 || (a.p != NULL && b.p != NULL));
	for (size_t i = 0; i < a.len; i++)
		if (a.p[i] != b.p[i] &&
		    str_lower(a.p[i]) != str_lower(b.p[i]))
			return false;
	return true;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int diff = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (diff != 0)
		return diff < 0 ? -1 : 1;
	return (a.len > b.len) - (a.len < b.len);
}

int
str_icmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	ASSERT(n == 0 || (a.p != NULL && b.p != NULL));
	for (size_t i = 0; i < n; i++) {
		unsigned char x, y;

		if (a.p[i] == b.p[i])
			continue;
		x = (unsigned char)str_lower(a.p[i]);
		y = (unsigned char)str_lower(b.p[i]);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool
str_istarts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	    str_ieq(str_sub(s, 0, prefix.len), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	    str_eq(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

size_t
str_chr(struct str s, char c)
{
	const char *at = s.len == 0 ? NULL : memchr(s.p, c, s.len);

	return at == NULL ? STR_NONE : (size_t)(at - s.p);
}

size_t
str_rchr(struct str s, char c)
{
	size_t i = s.len;

	while (i > 0) {
		if (s.p[--i] == c)
			return i;
	}
	return STR_NONE;
}

size_t
str_find(struct str s, struct str needle)
{
	size_t at = 0, step;

	if (needle.len == 0)
		return 0;
	/* Jump from one first character to the next. */
	while (s.len - at >= needle.len) {
		step = str_chr(str_sub(s, at, s.len), needle.p[0]);
		if (step == STR_NONE || s.len - at - step < needle.len)
			return STR_NONE;
		at += step;
		if (memcmp(s.p + at, needle.p, needle.len) == 0)
			return at;
		at++;
	}
	return STR_NONE;
}

struct str
str_sub(struct str s, size_t at, size_t len)
{
	if (at >= s.len)
		return str_make(NULL, 0);
	if (len > s.len - at)
		len = s.len - at;
	return str_make(s.p + at, len);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct str
str_cut(struct str s, char sep, struct str *ret_rest)
{
	size_t at = str_chr(s, sep);

	if (at == STR_NONE) {
		*ret_rest = str_make(NULL, 0);
		return s;
	}
	*ret_rest = str_make(s.p + at + 1, s.len - at - 1);
	return str_make(s.p, at);
}

bool
str_copy(struct str s, char *buf, size_t size)
{
	ASSERT(size > 0);
	buf[0] = '\0';
	if (s.len >= size || str_chr(s, '\0') != STR_NONE)
		return false;
	if (s.len > 0)
		memcpy(buf, s.p, s.len);
	buf[s.len] = '\0';
	return true;
}

size_t
str_plain(struct str s)
{
	const uint64_t each = UINT64_MAX / 255;
	uint64_t w, del;
	size_t i;

	for (i = 0; s.len - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s.p + i, sizeof(w));
		del = w ^ each * 0x7f;
		/* a borrow reaches the top bit of a byte below the bound */
		if ((((w - each * 0x20) & ~w) | ((del - each) & ~del)) &
		    each * 0x80)
			break;
	}
	return i;
}
