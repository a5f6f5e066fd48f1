/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_uri - decoding, normalising, climbing, encoding.
 *
 * The table holds the path attacks; the property test says that no result ever
 * contains a segment "." or "..", whatever comes in.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/uri.h"

static const struct {
	const char *raw;
	int status;
	enum uri_slashes slashes;
	const char *path;
} cases[] = {
	{ "/", 0, 0, "/" },
	{ "/a/b", 0, 0, "/a/b" },
	{ "/a%20b", 0, 0, "/a b" },
	{ "/a+b", 0, 0, "/a+b" },
	{ "/%41", 0, 0, "/A" },
	{ "/%2541", 0, 0, "/%41" },
	{ "//a///b//", 0, 0, "/a/b/" },
	{ "/./a/./", 0, 0, "/a/" },
	{ "/a/.", 0, 0, "/a/" },
	{ "/a/..", 0, 0, "/" },
	{ "/a/../b", 0, 0, "/b" },
	{ "/a/b/../../c", 0, 0, "/c" },
	{ "/...", 0, 0, "/..." },
	{ "/..a", 0, 0, "/..a" },
	{ "/a..", 0, 0, "/a.." },
	{ "/a\\..\\b", 0, 0, "/a\\..\\b" },
	{ "/a%5c..%5cb", 0, 0, "/a\\..\\b" },
	{ "/caf%C3%A9", 0, 0, "/caf\xc3\xa9" },
	{ "/a%0ab", 0, 0, "/a\nb" },
	{ "/a;b=c", 0, 0, "/a;b=c" },
	/* climbing, in every spelling */
	{ "/..", 400, 0, NULL },
	{ "/../", 400, 0, NULL },
	{ "/../etc/passwd", 400, 0, NULL },
	{ "/a/../../b", 400, 0, NULL },
	{ "/%2e%2e/etc", 400, 0, NULL },
	{ "/%2E./etc", 400, 0, NULL },
	{ "/.%2e/etc", 400, 0, NULL },
	{ "/a/%2e%2e/%2e%2e/etc", 400, 0, NULL },
	{ "//../etc", 400, 0, NULL },
	{ "/./../etc", 400, 0, NULL },
	{ "/a//../../../etc", 400, 0, NULL },
	{ "/%2e%2e%2fetc", 400, URI_SLASHES_ON, NULL },
	{ "/..%2fetc", 400, URI_SLASHES_ON, NULL },
	{ "/a/..%2f..%2fetc", 400, URI_SLASHES_ON, NULL },
	{ "/%2f%2e%2e%2fetc", 400, URI_SLASHES_ON, NULL },
	{ "/..%2fetc", 400, URI_SLASHES_OFF, NULL },
	{ "/%252e%252e/etc", 0, 0, "/%2e%2e/etc" },
	{ "/..%252fetc", 0, 0, "/..%2fetc" },
	{ "/..%c0%afetc", 0, 0, "/..\xc0\xaf" "etc" },
	{ "/..%5cetc", 0, 0, "/..\\etc" },
	{ "/..%00/etc", 404, 0, NULL },
	/* encoded slashes */
	{ "/a%2fb", 404, URI_SLASHES_OFF, NULL },
	{ "/a%2Fb", 0, URI_SLASHES_ON, "/a/b" },
	{ "/a%2f..%2fb", 0, URI_SLASHES_ON, "/b" },
	{ "/a%2fb", 0, URI_SLASHES_KEEP, "/a%2fb" },
	{ "/..%2f..", 0, URI_SLASHES_KEEP, "/..%2f.." },
	/* NUL and bad escapes */
	{ "/a%00", 404, 0, NULL },
	{ "/a%00.html", 404, 0, NULL },
	{ "/%", 400, 0, NULL },
	{ "/%4", 400, 0, NULL },
	{ "/%4g", 400, 0, NULL },
	{ "/%%41", 400, 0, NULL },
	{ "/%u0041", 400, 0, NULL },
	{ "/% 41", 400, 0, NULL },
	{ "/%+1", 400, 0, NULL },
	{ "/a%00%", 400, 0, NULL },
	{ "/../%00", 400, 0, NULL },
	/* forms */
	{ "", 400, 0, NULL },
	{ "a", 400, 0, NULL },
	{ "*", 0, 0, "*" },
};

START_TEST(path_attacks)
{
	size_t len = strlen(cases[_i].raw);
	char *raw = t_dup(cases[_i].raw, len), *buf = t_dup("", 0);
	struct str path = STR("untouched");
	int status;

	free(buf);
	buf = malloc(len == 0 ? 1 : len);
	status = uri_path(str_make(raw, len), cases[_i].slashes, true, buf,
	    &path);
	ck_assert_msg(status == cases[_i].status, "%s: %d", cases[_i].raw,
	    status);
	ck_assert_msg(str_eq(path, cases[_i].path == NULL ? STR("untouched") :
	    str_of(cases[_i].path)), "%s: %.*s", cases[_i].raw, STR_ARG(path));
	free(raw);
	free(buf);
}
END_TEST

START_TEST(raw_nul_never_comes_through)
{
	char buf[8];
	struct str path = STR("x");

	ck_assert_int_eq(uri_path(str_make("/a\0b", 4), URI_SLASHES_OFF, true,
	    buf, &path), 404);
	ck_assert_msg(str_eq(path, STR("x")), "untouched");
}
END_TEST

START_TEST(merging_can_be_switched_off)
{
	char buf[32];
	struct str path;

	ck_assert_int_eq(uri_path(STR("//a//b"), URI_SLASHES_OFF, false, buf,
	    &path), 0);
	ck_assert_msg(str_eq(path, STR("//a//b")), "%.*s", STR_ARG(path));
}
END_TEST

/* all strings over a small alphabet: 6^6 of them */
START_TEST(no_dots_come_through)
{
	static const char *const parts[] = { "/", ".", "..", "a", "%2e",
	    "%2f" };
	unsigned v;

	for (v = 0; v < 6 * 6 * 6 * 6 * 6 * 6; v++) {
		char raw[64] = "/", buf[64];
		struct str path, seg;
		unsigned x = v;
		int i;

		for (i = 0; i < 6; i++, x /= 6)
			snprintf(raw + strlen(raw), sizeof raw - strlen(raw),
			    "%s", parts[x % 6]);
		if (uri_path(str_of(raw), URI_SLASHES_ON, true, buf,
		    &path) != 0)
			continue;
		ck_assert_msg(path.len > 0 && path.p[0] == '/', "%s", raw);
		while (path.len > 0) {
			seg = str_cut(path, '/', &path);
			ck_assert_msg(!str_eq(seg, STR("..")) &&
			    !str_eq(seg, STR(".")), "%s", raw);
		}
	}
}
END_TEST

START_TEST(encoding_comes_back)
{
	char all[256], enc[1024], dec[1024];
	struct str path;
	struct wr w;
	int i;

	all[0] = '/';
	for (i = 1; i < 256; i++)
		all[i] = (char)i;
	wr_init(&w, enc, sizeof enc);
	uri_encode(&w, str_make(all, 256));
	ck_assert_msg(str_find(wr_as_str(&w), STR("%20")) != STR_NONE, "%%20");
	struct wr nul;
	char three[4];

	wr_init(&nul, three, sizeof three);
	uri_encode(&nul, str_make("", 1));
	ck_assert_msg(str_eq(wr_as_str(&nul), STR("%00")), "NUL");
	ck_assert_msg(str_find(wr_as_str(&w), STR("%3c")) != STR_NONE,
	    "lower case hex");
	ck_assert_int_eq(uri_path(wr_as_str(&w), URI_SLASHES_ON, false, dec,
	    &path), 0);
	ck_assert_msg(path.len == 256 && memcmp(path.p, all, 256) == 0,
	    "round trip");
}
END_TEST

T_MAIN("httpd_uri") {
	T_LOOP(path_attacks, 0, (int)ARRAY_LEN(cases));
	T_ADD(raw_nul_never_comes_through);
	T_ADD(merging_can_be_switched_off);
	T_ADD(no_dots_come_through);
	T_ADD(encoding_comes_back);
}
