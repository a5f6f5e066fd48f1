/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_listing - patterns, queries, hiding, order and titles.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/listing.h"

static const struct {
	const char *pattern, *name;
	bool matches;
} patterns[] = {
	{ "*.rpm", "a.rpm", true }, { "*.rpm", "a.rpmx", false },
	{ "*", "", true }, { "", "", true }, { "", "a", false },
	{ "?", "a", true }, { "?", "", false }, { "a?c", "abc", true },
	{ ".??*", ".treeinfo", true }, { ".??*", ".x", false },
	{ "*~", "back~", true }, { "[a-c]x", "bx", true },
	{ "[a-c]x", "dx", false }, { "[!a-c]x", "dx", true },
	{ "[^a-c]x", "ax", false }, { "[]]", "]", true },
	{ "[a", "[a", true }, { "\\*", "*", true }, { "\\*", "a", false },
	{ "a*b*c", "axxbyyc", true }, { "a*b*c", "axxbyy", false },
	{ "**a", "bba", true }, { "HEADER*", "HEADER.html", true },
};

START_TEST(shell_patterns)
{
	ck_assert_msg(listing_match(str_of(patterns[_i].pattern),
	    str_of(patterns[_i].name)) == patterns[_i].matches, "%s %s",
	    patterns[_i].pattern, patterns[_i].name);
}
END_TEST

START_TEST(patterns_of_strangers_end_soon)
{
	static char pattern[4000], name[255];

	memset(pattern, '*', sizeof pattern);
	memset(name, 'a', sizeof name);
	pattern[sizeof pattern - 1] = 'b';
	ck_assert_msg(!listing_match(str_make(pattern, sizeof pattern),
	    str_make(name, sizeof name)), "no match, and no hang");
}
END_TEST

static struct conf_index ix = { .opts = CONF_IX_FANCY | CONF_IX_HTMLTABLE,
	.sort_key = 'N' };

static struct listing_query
query(const char *text)
{
	static char buf[256];
	struct listing_query q;

	listing_query(&ix, str_of(text), buf, &q);
	return q;
}

START_TEST(queries_are_read_until_the_first_unknown)
{
	struct listing_query q = query("C=M;O=D&x");

	ck_assert_msg(q.key == 'M' && q.is_desc, "C and O");
	q = query("x;C=M");
	ck_assert_msg(q.key == 'N' && !q.is_desc, "stops at once");
	q = query("C=X;O=D");
	ck_assert_msg(q.key == 'N' && !q.is_desc, "unknown value");
	q = query("F=0;V=1;P=a%2A*;O=D");
	ck_assert_msg((q.opts & (CONF_IX_FANCY | CONF_IX_HTMLTABLE)) == 0 &&
	    (q.opts & CONF_IX_VERSIONSORT) != 0 && q.is_desc &&
	    str_eq(q.pattern, STR("a**")), "F, V, P, O");
	q = query("C=N;c=M");
	ck_assert_msg(q.key == 'N', "case matters");
	ix.opts |= CONF_IX_IGNORECLIENT;
	q = query("C=M;O=D");
	ix.opts &= ~CONF_IX_IGNORECLIENT;
	ck_assert_msg(q.key == 'N' && !q.is_desc, "IgnoreClient");
}
END_TEST

START_TEST(hidden_names)
{
	static const struct str words[] = { STR_INIT(".??*"),
	    STR_INIT("core"), STR_INIT("*~") };
	struct listing_query q = query("P=*e*");

	ix.ignore = (struct conf_words){ words, 3 };
	ck_assert_msg(listing_is_hidden(&ix, &q, STR("..")), "..");
	ck_assert_msg(listing_is_hidden(&ix, &q, STR(".")), ".");
	ck_assert_msg(listing_is_hidden(&ix, &q, STR(".treeinfo")), "dot");
	ck_assert_msg(listing_is_hidden(&ix, &q, STR("core")), "literal");
	ck_assert_msg(!listing_is_hidden(&ix, &q, STR("cores")), "whole");
	ck_assert_msg(listing_is_hidden(&ix, &q, STR("abc")), "pattern");
	ix.ignore.n = 0;
}
END_TEST

static struct listing_entry entries[6];

static void
fill(void)
{
	static const struct {
		struct str name;
		uint64_t size;
		int64_t mtime_s;
		bool is_dir;
	} v[6] = {
		{ STR_INIT("b-1.10"), 5, 30, false },
		{ STR_INIT("dir"), 0, 20, true },
		{ STR_INIT("B-0"), 0, 10, false },
		{ STR_INIT("b-1.9"), 7, 30, false },
		{ STR_INIT("zdir"), 0, 40, true },
		{ STR_INIT("b-1.010"), 5, 30, false },
	};
	size_t i;

	memset(entries, 0, sizeof entries);
	for (i = 0; i < 6; i++) {
		entries[i].name = v[i].name;
		entries[i].size = v[i].size;
		entries[i].mtime_s = v[i].mtime_s;
		entries[i].is_dir = v[i].is_dir;
	}
}

static const struct {
	const char *query, *order;
	uint32_t opts;
} orders[] = {
	{ "", "B-0 b-1.010 b-1.10 b-1.9 dir zdir ", 0 },
	{ "O=D", "zdir dir b-1.9 b-1.10 b-1.010 B-0 ", 0 },
	{ "V=1", "B-0 b-1.9 b-1.010 b-1.10 dir zdir ", 0 },
	{ "C=M", "B-0 dir b-1.010 b-1.10 b-1.9 zdir ", 0 },
	{ "C=M;O=D", "zdir b-1.9 b-1.10 b-1.010 dir B-0 ", 0 },
	{ "C=S", "dir zdir B-0 b-1.010 b-1.10 b-1.9 ", 0 },
	{ "C=S;O=D", "b-1.9 b-1.10 b-1.010 B-0 zdir dir ", 0 },
	{ "", "dir zdir B-0 b-1.010 b-1.10 b-1.9 ", CONF_IX_FOLDERSFIRST },
	{ "O=D", "zdir dir b-1.9 b-1.10 b-1.010 B-0 ",
	    CONF_IX_FOLDERSFIRST },
};

START_TEST(orders_are_total)
{
	struct listing_query q = query(orders[_i].query);
	char got[200] = "";
	size_t i;

	q.opts |= orders[_i].opts;
	fill();
	listing_sort(&q, entries, 6);
	for (i = 0; i < 6; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s ",
		    STR_ARG(entries[i].name));
	ck_assert_str_eq(got, orders[_i].order);
}
END_TEST

START_TEST(titles_are_found)
{
	ck_assert_msg(str_eq(listing_title(STR("<html><HEAD><Title lang=x>\n"
	    " A  b </TITLE>")), STR("A  b")), "title");
	ck_assert_msg(listing_title(STR("<title>no end")).len == 0, "no end");
	ck_assert_msg(listing_title(STR("<title")).len == 0, "cut");
	ck_assert_msg(listing_title(STR("")).len == 0, "empty");
}
END_TEST

T_MAIN("httpd_listing") {
	T_LOOP(shell_patterns, 0, (int)ARRAY_LEN(patterns));
	T_ADD(patterns_of_strangers_end_soon);
	T_ADD(queries_are_read_until_the_first_unknown);
	T_ADD(hidden_names);
	T_LOOP(orders_are_total, 0, (int)ARRAY_LEN(orders));
	T_ADD(titles_are_found);
}
