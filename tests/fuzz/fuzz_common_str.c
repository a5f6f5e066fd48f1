/* SPDX-License-Identifier: ISC */
/*
 * str: against memmem(3), strncasecmp(3) and the laws that
 * cutting must obey.  The first byte says where the input is split in two.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
expect(bool ok)
{
	if (!ok)
		abort();
}

static void
check_find(struct str s, struct str needle)
{
	const char *at = needle.len == 0 ? s.p : s.len == 0 ? NULL :
	    memmem(s.p, s.len, needle.p, needle.len);
	size_t want = at == NULL ? STR_NONE : (size_t)(at - s.p);

	if (needle.len == 0)
		want = 0;
	expect(str_find(s, needle) == want);
}

static void
check_order(struct str a, struct str b)
{
	int cmp = str_cmp(a, b);

	expect(cmp == -str_cmp(b, a));
	expect((cmp == 0) == str_eq(a, b));
	expect(str_icmp(a, b) == -str_icmp(b, a));
	expect((str_icmp(a, b) == 0) == str_ieq(a, b));
	expect(!str_eq(a, b) || str_ieq(a, b));
	expect(str_starts(a, str_sub(a, 0, b.len)));
	if (str_starts(a, b))
		expect(str_find(a, b) == 0 && str_istarts(a, b));
	if (str_ends(a, b))
		expect(b.len == 0 || str_find(a, b) != STR_NONE);
}

static void
check_cut(struct str s, char sep)
{
	struct str rest = s, part;
	size_t total = 0;

	while (rest.p != NULL) {
		part = str_cut(rest, sep, &rest);
		expect(str_chr(part, sep) == STR_NONE);
		total += part.len + (rest.p != NULL);
	}
	expect(total == s.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct str a, b;
	char buf[16];
	size_t at;

	if (len == 0)
		return 0;
	at = p[0] % len;
	a = str_make(p + 1, at);
	b = str_make(p + 1 + at, len - 1 - at);
	check_find(b, a);
	check_find(a, b);
	check_order(a, b);
	check_cut(b, (char)p[0]);
	expect(str_trim(str_trim(b)).len == str_trim(b).len);
	if (str_copy(b, buf, sizeof(buf)))
		expect(str_eq(str_of(buf), b) && b.len < sizeof(buf));
	return 0;
}
