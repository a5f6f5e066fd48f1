/* SPDX-License-Identifier: ISC */
/*
 * str - slices of text: pointer and length, not terminated, not owned.
 *
 * Case-blind means ASCII; there is no locale anywhere.  An empty slice may
 * have a NULL pointer.  Print one with "%.*s" and STR_ARG().
 */
#ifndef COMMON_STR_H
#define COMMON_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "common/cc.h"

struct str {
	const char *p;
	size_t len;
};

/* A slice of a string literal. */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
/* The same as an initialiser of static data. */
#define STR_INIT(lit) { "" lit, sizeof(lit) - 1 }
/* The two arguments for "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).p
/* "Not found" as a position. */
#define STR_NONE ((size_t)-1)

/*
 * str_of - slice of a C string; NULL gives the empty slice.
 */
struct str str_of(const char *s);

/*
 * str_make - slice of len bytes at p.
 *
 * Inline because hardly a line of a parser does without.
 */
static inline struct str
str_make(const void *p, size_t len)
{
	struct str s = { p, len };

	ASSERT(p != NULL || len == 0);
	return s;
}

/*
 * str_eq - same bytes.
 */
bool str_eq(struct str a, struct str b);

/*
 * str_ieq - same bytes but for the case of ASCII letters.
 */
bool str_ieq(struct str a, struct str b);

/*
 * str_cmp - order of bytes (unsigned); a prefix comes first.
 */
int str_cmp(struct str a, struct str b);

/*
 * str_icmp - order as by str_cmp of both in lower case.
 */
int str_icmp(struct str a, struct str b);

/*
 * str_starts - s begins with prefix.
 */
bool str_starts(struct str s, struct str prefix);

/*
 * str_istarts - the same, case-blind.
 */
bool str_istarts(struct str s, struct str prefix);

/*
 * str_ends - s ends with suffix.
 */
bool str_ends(struct str s, struct str suffix);

/*
 * str_chr - position of the first c, or STR_NONE.
 */
size_t str_chr(struct str s, char c);

/*
 * str_rchr - position of the last c, or STR_NONE.
 */
size_t str_rchr(struct str s, char c);

/*
 * str_find - position of the first needle, or STR_NONE; empty is found at 0.
 */
size_t str_find(struct str s, struct str needle);

/*
 * str_sub - at most len bytes from position at, cut to what s has.
 */
struct str str_sub(struct str s, size_t at, size_t len);

/*
 * str_trim - without blanks, tabs, CR and LF at both ends.
 */
struct str str_trim(struct str s);

/*
 * str_cut - the part before the first sep; ret_rest gets the part after it.
 *
 * Without a sep the whole of s is returned and ret_rest is empty with a NULL
 * pointer.  ret_rest may be the address of s's own variable.
 */
struct str str_cut(struct str s, char sep, struct str *ret_rest);

/*
 * str_copy - into buf as a C string.
 *
 * False, and buf is the empty string, when it does not fit with its NUL or
 * contains a NUL (it would not be the same string).  size is at least 1.
 */
bool str_copy(struct str s, char *buf, size_t size) MUST_CHECK;

/*
 * str_plain - a number of bytes at the beginning that hold no control.
 *
 * Of those, none is below 0x20 or is 0x7f.  It may be less than there are: the
 * caller goes on byte by byte.  Looks at eight bytes at once.
 */
size_t str_plain(struct str s);

/*
 * str_lower - ASCII lower case of one character.
 */
static inline char
str_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

#endif
