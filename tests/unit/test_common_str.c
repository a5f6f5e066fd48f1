/* SPDX-License-Identifier: ISC */
/*
 * str: comparing, searching, cutting slices; slices are exact heap copies.
 */
#include "common/str.h"
#include "tests/unit/t.h"

static const struct str nothing;

static struct str
heap(const char *text)
{
	return str_make(t_dup(text, strlen(text)), strlen(text));
}

static void
drop(struct str s)
{
	free((void *)(uintptr_t)s.p);
}

static const struct {
	const char *a, *b;
	int cmp, icmp;
} pairs[] = {
	{ "", "", 0, 0 }, { "a", "", 1, 1 }, { "", "a", -1, -1 },
	{ "abc", "abc", 0, 0 }, { "abc", "ABC", 1, 0 }, { "abc", "abd", -1, -1 },
	{ "ab", "abc", -1, -1 }, { "b", "abc", 1, 1 }, { "B", "a", -1, 1 },
	{ "\xff", "a", 1, 1 }, { "\xe4", "\xc4", 1, 1 }, { "[", "{", -1, -1 },
	{ "@", "`", -1, -1 }, { "z", "Z", 1, 0 }
};

START_TEST(compares)
{
	struct str a = heap(pairs[_i].a), b = heap(pairs[_i].b);

	ck_assert_int_eq(str_cmp(a, b), pairs[_i].cmp);
	ck_assert_int_eq(str_cmp(b, a), -pairs[_i].cmp);
	ck_assert_int_eq(str_icmp(a, b), pairs[_i].icmp);
	ck_assert_int_eq(str_eq(a, b), pairs[_i].cmp == 0);
	ck_assert_int_eq(str_ieq(a, b), pairs[_i].icmp == 0);
	drop(a);
	drop(b);
}
END_TEST

START_TEST(begins_and_ends)
{
	struct str s = heap("Option");

	ck_assert_msg(str_starts(s, STR("Opt")) && str_starts(s, nothing) &&
	    !str_starts(s, STR("opt")) && !str_starts(s, STR("Options")), "1");
	ck_assert_msg(str_istarts(s, STR("oPT")) &&
	    !str_istarts(s, STR("options")) && !str_istarts(s, STR("x")), "2");
	ck_assert_msg(str_ends(s, STR("ion")) && str_ends(s, nothing) &&
	    !str_ends(s, STR("xOption")) && !str_ends(s, STR("ioN")), "3");
	ck_assert_msg(str_eq(nothing, STR("")) && str_starts(nothing, nothing),
	    "empty");
	drop(s);
}
END_TEST

START_TEST(finds)
{
	struct str s = heap("abcabcd");

	ck_assert_int_eq((int)str_chr(s, 'c'), 2);
	ck_assert_int_eq((int)str_rchr(s, 'c'), 5);
	ck_assert_int_eq((int)str_rchr(s, 'a'), 3);
	ck_assert_msg(str_chr(s, 'x') == STR_NONE, "chr");
	ck_assert_msg(str_rchr(s, 'x') == STR_NONE, "rchr");
	ck_assert_msg(str_chr(nothing, 'x') == STR_NONE, "chr of nothing");
	ck_assert_msg(str_rchr(nothing, 'x') == STR_NONE, "rchr of nothing");
	ck_assert_int_eq((int)str_find(s, STR("abcd")), 3);
	ck_assert_int_eq((int)str_find(s, STR("d")), 6);
	ck_assert_int_eq((int)str_find(s, nothing), 0);
	ck_assert_int_eq((int)str_find(s, s), 0);
	ck_assert_msg(str_find(s, STR("cd.")) == STR_NONE, "too long at the end");
	ck_assert_msg(str_find(s, STR("abcabcde")) == STR_NONE, "too long");
	ck_assert_msg(str_find(s, STR("ac")) == STR_NONE, "not there");
	ck_assert_msg(str_find(nothing, STR("a")) == STR_NONE, "in nothing");
	drop(s);
}
END_TEST

START_TEST(cuts)
{
	struct str s = heap("a:b::c"), part, rest = s;
	const char *want[] = { "a", "b", "", "c" };

	for (int i = 0; i < 4; i++) {
		part = str_cut(rest, ':', &rest);
		ck_assert_msg(str_eq(part, str_of(want[i])), "part %d", i);
	}
	ck_assert_msg(rest.p == NULL && rest.len == 0, "nothing left");
	part = str_cut(STR("x:"), ':', &rest);
	ck_assert_msg(rest.p != NULL && rest.len == 0 && part.len == 1,
	    "an empty rest differs from none");
	part = str_cut(nothing, ':', &rest);
	ck_assert_msg(part.len == 0 && rest.p == NULL, "of nothing");
	ck_assert_msg(str_eq(str_sub(s, 2, 1), STR("b")), "sub");
	ck_assert_msg(str_eq(str_sub(s, 2, SIZE_MAX), STR("b::c")), "long sub");
	ck_assert_msg(str_sub(s, 6, 1).len == 0, "sub at the end");
	ck_assert_msg(str_sub(s, SIZE_MAX, SIZE_MAX).len == 0, "sub beyond");
	drop(s);
}
END_TEST

START_TEST(trims)
{
	struct str s = heap(" \t\r\nx y\n ");

	ck_assert_msg(str_eq(str_trim(s), STR("x y")), "both ends");
	ck_assert_msg(str_trim(STR(" \n ")).len == 0, "only blanks");
	ck_assert_msg(str_trim(nothing).len == 0, "nothing");
	drop(s);
}
END_TEST

START_TEST(copies)
{
	char buf[4] = "zzz";

	ck_assert_msg(str_copy(STR("abc"), buf, sizeof(buf)), "fits");
	ck_assert_str_eq(buf, "abc");
	ck_assert_msg(!str_copy(STR("abcd"), buf, sizeof(buf)), "one too long");
	ck_assert_str_eq(buf, "");
	ck_assert_msg(!str_copy(STR("a\0b"), buf, sizeof(buf)), "holds a NUL");
	ck_assert_str_eq(buf, "");
	ck_assert_msg(str_copy(nothing, buf, 1), "empty fits into one");
	ck_assert_msg(!str_copy(STR("a"), buf, 1), "a does not");
	ck_assert_msg(str_of(NULL).len == 0 && str_of("ab").len == 2, "str_of");
}
END_TEST

T_MAIN("common_str")
{
	T_LOOP(compares, 0, (int)ARRAY_LEN(pairs));
	T_ADD(begins_and_ends);
	T_ADD(finds);
	T_ADD(cuts);
	T_ADD(trims);
	T_ADD(copies);
}
