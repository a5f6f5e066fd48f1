/* SPDX-License-Identifier: ISC */
/*
 * Addresses, networks and shell patterns.
 */

#include "tests/unit/t.h"

#include "httpd/addr.h"
#include "httpd/glob.h"

static const struct {
	const char *text, *shown;	/* NULL: refused */
} addrs[] = {
	{ "10.1.2.3", "10.1.2.3" }, { "256.1.1.1", NULL }, { "10.1", NULL },
	{ "::", "::" }, { "::1", "::1" }, { "[::1]", "::1" },
	{ "1::", "1::" }, { "fe80::1:0:0:2", "fe80::1:0:0:2" },
	{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
	{ "1:0:0:4:0:0:0:8", "1:0:0:4::8" },
	{ "2001:DB8::A", "2001:db8::a" }, { "::ffff:10.1.2.3", "10.1.2.3" },
	{ "64:ff9b::10.0.0.1", "64:ff9b::a00:1" },
	{ "1:2:3:4:5:6:7", NULL }, { "1:2:3:4:5:6:7:8:9", NULL },
	{ "1::2::3", NULL }, { ":1", NULL }, { "1:", NULL }, { ":::", NULL },
	{ "12345::", NULL }, { "g::", NULL }, { "1:2:3:4:5:6:7:1.2.3.4", NULL },
	{ "", NULL }, { "[::1", NULL }, { "10.0.0.1::", NULL },
	{ "::1.2.3.400", NULL }, { "1::g", NULL }, { "1:2:3:4::5:6:7:8", NULL },
	{ "1::2.3", NULL }, { "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
};

START_TEST(parses_and_prints)
{
	char *copy = t_dup(addrs[_i].text, strlen(addrs[_i].text));
	char buf[ADDR_TEXT_MAX];
	struct addr a;
	struct wr w;
	bool ok = addr_parse(str_make(copy, strlen(addrs[_i].text)), &a);

	ck_assert_msg(ok == (addrs[_i].shown != NULL), "%s", addrs[_i].text);
	if (ok) {
		wr_init(&w, buf, sizeof(buf));
		addr_fmt(&w, &a);
		ck_assert_msg(str_eq(wr_as_str(&w), str_of(addrs[_i].shown)),
		    "%s: %.*s", addrs[_i].text, STR_ARG(wr_as_str(&w)));
	}
	free(copy);
}
END_TEST

START_TEST(loopback)
{
	static const struct {
		const char *addr;
		bool is;
	} v[] = { { "127.0.0.1", true }, { "127.9.9.9", true }, { "::1", true },
	    { "10.0.0.1", false }, { "::2", false }, { "fe80::1", false } };
	struct addr a;

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		ck_assert_msg(addr_parse(str_of(v[i].addr), &a), "%s", v[i].addr);
		ck_assert_msg(addr_is_loopback(&a) == v[i].is, "%s", v[i].addr);
	}
	memset(&a, 0, sizeof(a));
	ck_assert_msg(!addr_is_loopback(&a), "any address");
}
END_TEST

static const struct {
	const char *net, *addr;
	int in;		/* -1: no network */
} nets[] = {
	{ "10", "10.1.2.3", 1 }, { "10.", "10.1.2.3", 1 },
	{ "10.1", "10.2.2.3", 0 }, { "10.1.2.3", "10.1.2.3", 1 },
	{ "10.1.2.3", "10.1.2.4", 0 }, { "10.0.0.0/8", "10.255.0.1", 1 },
	{ "10.0.0.0/255.0.0.0", "11.0.0.1", 0 },
	{ "10.0.0.128/25", "10.0.0.127", 0 },
	{ "10.0.0.128/25", "10.0.0.200", 1 }, { "0.0.0.0/0", "1.2.3.4", 1 },
	{ "10.1/16", "10.1.9.9", 1 }, { "fe80::/10", "febf::1", 1 },
	{ "fe80::/10", "fec0::1", 0 }, { "10.0.0.0/8", "fe80::1", 0 },
	{ "::ffff:10.0.0.0/8", "10.9.9.9", 1 },
	{ "10.0.0.0/33", "10.0.0.1", -1 },
	{ "10.0.0.0/255.0.255.0", "10.0.0.1", -1 }, { "x", "10.0.0.1", -1 },
	{ "10.0.0.1.2", "10.0.0.1", -1 }, { "10/", "10.0.0.1", -1 },
	{ "", "10.0.0.1", -1 }, { "300", "10.0.0.1", -1 },
	{ "fe80::1", "fe80::1", 1 }, { "fe80::1", "fe80::2", 0 },
	{ "fe80::1/255.0.0.0", "fe80::1", -1 }, { "fe80::/129", "fe80::", -1 },
	{ "1.2.3.4/1.2.3.4.5", "1.2.3.4", -1 },
};

START_TEST(networks)
{
	struct addr_net net;
	struct addr a;
	bool ok = addr_parse_net(str_of(nets[_i].net), &net);

	ck_assert_msg(addr_parse(str_of(nets[_i].addr), &a), "addr");
	ck_assert_msg(ok == (nets[_i].in >= 0), "%s", nets[_i].net);
	if (ok)
		ck_assert_msg(addr_in(&a, &net) == (nets[_i].in == 1),
		    "%s in %s", nets[_i].addr, nets[_i].net);
}
END_TEST

static const struct {
	const char *pattern, *text;
	unsigned flags;
	bool hit;
} globs[] = {
	{ "*", "", 0, true }, { "*", "a/b", 0, true },
	{ "*", "a/b", GLOB_PATH, false }, { "*/b", "a/b", GLOB_PATH, true },
	{ "?", "/", GLOB_PATH, false }, { "?", "", 0, false },
	{ "[/]", "/", GLOB_PATH, false }, { "a*b*c", "axxbyyc", 0, true },
	{ "a*b*c", "axxbyy", 0, false }, { "*aab", "aaab", 0, true },
	{ "[a-c]x", "bx", 0, true }, { "[!a-c]x", "bx", 0, false },
	{ "[^a]", "b", 0, true }, { "[]]", "]", 0, true },
	{ "[a", "[a", 0, true }, { "\\*", "*", 0, true },
	{ "\\*", "a", 0, false }, { "A*", "abc", GLOB_NOCASE, true },
	{ "A*", "abc", 0, false }, { "*.conf", ".x.conf", GLOB_PERIOD, false },
	{ ".*.conf", ".x.conf", GLOB_PERIOD, true },
	{ "/home/*/pub", "/home/joe/pub", GLOB_PATH, true },
	{ "/home/*/pub", "/home/a/b/pub", GLOB_PATH, false },
	{ "", "", 0, true }, { "", "a", 0, false }, { "\\", "\\", 0, true },
	{ ".??*", ".treeinfo", 0, true }, { ".??*", ".ab", 0, true },
	{ ".??*", ".a", 0, false }, { "*,v", "x,v", 0, true },
	{ "[", "[", 0, true }, { "[!", "[!", 0, true }, { "[a-", "[a-", 0, true },
	{ "[a-]x", "-x", 0, true }, { "[a-]x", "bx", 0, false },
	{ "[/]", "/", 0, true }, { "[!a]", "/", GLOB_PATH, false },
	{ "[b]", "a", GLOB_PATH, false }, { "[b]", "b", GLOB_PATH, true },
	{ "?", "/", 0, true }, { "?", "a", GLOB_PATH, true },
	{ "x*", "", GLOB_PERIOD, false }, { "", "", GLOB_PERIOD, true },
	{ "", ".x", GLOB_PERIOD, false }, { "*", "x", GLOB_PERIOD, true },
};

START_TEST(patterns)
{
	ck_assert_msg(glob_match(str_of(globs[_i].pattern),
	    str_of(globs[_i].text), globs[_i].flags) == globs[_i].hit,
	    "%s on %s", globs[_i].pattern, globs[_i].text);
}
END_TEST

START_TEST(many_stars_end)
{
	char text[2000];

	memset(text, 'a', sizeof(text));
	ck_assert_msg(!glob_match(STR("*a*a*a*a*a*a*a*a*a*a*a*a*b"),
	    str_make(text, sizeof(text)), 0), "no b");
}
END_TEST

T_MAIN("httpd_addr")
{
	T_LOOP(parses_and_prints, 0, (int)(sizeof(addrs) / sizeof(*addrs)));
	T_ADD(loopback);
	T_LOOP(networks, 0, (int)(sizeof(nets) / sizeof(*nets)));
	T_LOOP(patterns, 0, (int)(sizeof(globs) / sizeof(*globs)));
	T_ADD(many_stars_end);
}
