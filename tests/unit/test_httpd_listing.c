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
	{ "[", "[", true }, { "[a-", "[a-", true }, { "[a-]x", "-x", true },
	{ "[a-]x", "bx", false }, { "[!", "[!", true }, { "a\\", "a\\", true },
	{ "a\\", "a", false }, { "x[b-", "xb", false },
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
	/* each star may go back over the whole name */
	memset(pattern, 'a', sizeof pattern);
	pattern[0] = '*';
	pattern[120] = 'b';
	ck_assert_msg(!listing_match(str_make(pattern, 121),
	    str_make(name, sizeof name)), "no match, and few steps");
	for (size_t n = 1; n < 255; n++)
		pattern[n] = n < 155 ? 'a' : 'b';
	static char longer[3000];
	memset(longer, 'a', sizeof longer);
	memset(longer + sizeof longer - 100, 'b', 100);
	ck_assert_msg(!listing_match(str_make(pattern, 255),
	    str_make(longer, sizeof longer)), "a match, after too many steps");
	for (size_t n = 255; n <= 256; n++) {
		memset(pattern, 'b', n);
		memcpy(pattern, "*[a", 3);
		pattern[n - 1] = ']';
		ck_assert_msg(listing_match(str_make(pattern, n),
		    str_make(name, sizeof name)) == (n == 255), "%zu", n);
	}
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
	q = query("F=1;O=D");
	ck_assert_msg((q.opts & CONF_IX_FANCY) != 0 &&
	    (q.opts & CONF_IX_HTMLTABLE) == 0 && q.is_desc, "F=1");
	q = query("V=0;F=2;O=D");
	ck_assert_msg((q.opts & CONF_IX_HTMLTABLE) != 0 &&
	    (q.opts & CONF_IX_VERSIONSORT) == 0 && q.is_desc, "V=0, F=2");
	static const char *const unknown[] = { "F=3;O=D", "F=/;O=D", "V=2;O=D",
	    "O=X;O=D", "C=;O=D", "F;O=D", "Fx1;O=D", "F=11;O=D", "P=;O=D" };
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
		q = query(unknown[i]);
		ck_assert_msg(!q.is_desc && q.frame == 0, "%s", unknown[i]);
	}
	q = query("P=%4");
	ck_assert_msg(str_eq(q.pattern, STR("%4")), "cut");
	q = query("P=%zz%4z%z4");
	ck_assert_msg(str_eq(q.pattern, STR("%zz%4z%z4")), "no digits");
	ix.sort_key = 0;
	q = query("");
	ix.sort_key = 'N';
	ck_assert_msg(q.key == 'N', "by name unless said otherwise");
	ix.opts |= CONF_IX_IGNORECLIENT;
	q = query("C=M;O=D");
	ix.opts &= ~CONF_IX_IGNORECLIENT;
	ck_assert_msg(q.key == 'N' && !q.is_desc, "IgnoreClient");
}
END_TEST

START_TEST(hidden_names)
{
	static const struct str words[] = { STR_INIT(".??*"),
	    STR_INIT("core"), STR_INIT("*~"), STR_INIT("e?f"), STR_INIT("[e]") };
	struct listing_query q = query("P=*e*");

	ix.ignore = (struct conf_words){ words, 5 };
	ck_assert_msg(listing_is_hidden(&ix, &q, STR("exf")), "one character");
	ck_assert_msg(listing_is_hidden(&ix, &q, STR("e")), "a set");
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
	/* a plain list has names alone */
	{ "F=0;C=S", "B-0 b-1.010 b-1.10 b-1.9 dir zdir ", 0 },
	{ "F=0;C=M;O=D", "zdir dir b-1.9 b-1.10 b-1.010 B-0 ",
	    CONF_IX_FOLDERSFIRST },
	/* headings without links leave the query its effect */
	{ "C=M", "B-0 dir b-1.010 b-1.10 b-1.9 zdir ", CONF_IX_SUP_SORTING },
	{ "C=M", "B-0 b-1.010 b-1.10 b-1.9 dir zdir ", CONF_IX_IGNORECLIENT },
};

START_TEST(orders_are_total)
{
	uint32_t opts = ix.opts;
	struct listing_query q;
	char got[200] = "";
	size_t i;

	ix.opts |= orders[_i].opts;
	q = query(orders[_i].query);
	ix.opts = opts;
	fill();
	listing_sort(&q, entries, 6);
	for (i = 0; i < 6; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s ",
		    STR_ARG(entries[i].name));
	ck_assert_str_eq(got, orders[_i].order);
}
END_TEST

/* names in the order of their versions; the same by case-blind names */
START_TEST(pairs_in_order)
{
	static const struct {
		const char *first, *second;
		uint32_t opts;
	} pairs[] = {
		{ "a", "a1", CONF_IX_VERSIONSORT }, { "1", "1a", CONF_IX_VERSIONSORT },
		{ "1a", "a1", CONF_IX_VERSIONSORT }, { "01", "1", CONF_IX_VERSIONSORT },
		{ "1.9", "1.010", CONF_IX_VERSIONSORT },
		{ "9", "10", CONF_IX_VERSIONSORT }, { "12", "13", CONF_IX_VERSIONSORT },
		{ "1/", "1:", CONF_IX_VERSIONSORT }, { "5", ":", CONF_IX_VERSIONSORT },
		{ "/", "5", CONF_IX_VERSIONSORT }, { "a-1", "a\303", CONF_IX_VERSIONSORT },
		{ "0", "00", CONF_IX_VERSIONSORT }, { "1-00", "1-01", CONF_IX_VERSIONSORT },
		{ "a", "B", CONF_IX_IGNORECASE }, { "B", "c", CONF_IX_IGNORECASE },
		{ "A", "a", CONF_IX_IGNORECASE }, { "B", "a", 0 },
		{ "B", "a", CONF_IX_VERSIONSORT },
		{ "a9", "B1", CONF_IX_VERSIONSORT | CONF_IX_IGNORECASE },
		{ "a9", "A10", CONF_IX_VERSIONSORT | CONF_IX_IGNORECASE },
		{ "A1", "a1", CONF_IX_VERSIONSORT | CONF_IX_IGNORECASE },
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		for (int swap = 0; swap < 2; swap++) {
			struct listing_query q = query("");

			q.opts |= pairs[i].opts;
			memset(entries, 0, sizeof entries);
			entries[swap].name = str_of(pairs[i].first);
			entries[1 - swap].name = str_of(pairs[i].second);
			listing_sort(&q, entries, 2);
			ck_assert_msg(str_eq(entries[0].name,
			    str_of(pairs[i].first)), "%s before %s",
			    pairs[i].first, pairs[i].second);
		}
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
	T_ADD(pairs_in_order);
	T_ADD(titles_are_found);
}
