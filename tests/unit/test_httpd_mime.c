/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_mime - types file and extensions of a name.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/mime.h"

static const char types[] = "# comment\ntext/plain\ttxt asc\n"
    "application/x-none\n\ntext/html html\thtm\r\nimage/jpeg JPG jpeg\n"
    "\vfirst/one\f dup \v\nsecond/one dup\napplication/x-tar tar";

static uint8_t mem[65536];

static const struct mime_table *
load(void)
{
	struct arena a;

	arena_init(&a, mem, sizeof mem);
	return mime_load(str_make(types, sizeof types - 1), &a);
}

START_TEST(extensions_are_found)
{
	const struct mime_table *t = load();

	ck_assert_msg(t != NULL, "load");
	ck_assert_msg(str_eq(mime_type(t, STR("txt")), STR("text/plain")),
	    "txt");
	ck_assert_msg(str_eq(mime_type(t, STR("HTM")), STR("text/html")),
	    "case");
	ck_assert_msg(str_eq(mime_type(t, STR("jpg")), STR("image/jpeg")),
	    "case in the file");
	ck_assert_msg(str_eq(mime_type(t, STR("dup")), STR("second/one")),
	    "the later line wins");
	ck_assert_msg(str_eq(mime_type(t, STR("tar")),
	    STR("application/x-tar")), "no newline at the end");
	ck_assert_msg(mime_type(t, STR("nope")).p == NULL, "unknown");
	ck_assert_msg(mime_type(t, STR("")).p == NULL, "empty");
	ck_assert_msg(mime_type(NULL, STR("txt")).p == NULL, "no table");
}
END_TEST

static const struct conf_ext ext_v[] = {
	{ STR_INIT("en"), { [CONF_EXT_LANGUAGE] = STR_INIT("en") } },
	{ STR_INIT("gz"), { [CONF_EXT_ENCODING] = STR_INIT("x-gzip") } },
	{ STR_INIT("tar"), { [CONF_EXT_TYPE] = { "", 0 } } },
	{ STR_INIT("txt"), { [CONF_EXT_CHARSET] = STR_INIT("utf-8") } },
};
static const struct conf_exts exts = { ext_v, ARRAY_LEN(ext_v) };

static const struct {
	const char *name, *type, *language, *encoding, *charset;
} names[] = {
	{ "a.txt", "text/plain", "", "", "utf-8" },
	{ "a.html.en", "text/html", "en", "", "" },
	{ "a.en.html", "text/html", "en", "", "" },
	{ "a.txt.gz", "text/plain", "", "x-gzip", "utf-8" },
	{ "a.html.zzz", "text/html", "", "", "" },
	{ "a.txt.html", "text/html", "", "", "utf-8" },
	{ "a.tar", "", "", "", "" },
	{ "txt", "", "", "", "" },
	{ ".txt", "text/plain", "", "", "utf-8" },
	{ "a.", "", "", "", "" }, { "", "", "", "", "" },
	{ "a..html", "text/html", "", "", "" },
	{ "a.gz.gz.gz.gz.gz.gz.gz.gz.gz.gz", "", "", "x-gzip", "" },
	{ "a.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.html",
	    "text/html", "", "", "" },
};

START_TEST(names_are_taken_apart)
{
	struct mime_info info;
	const char *name = names[_i].name;

	mime_find(&exts, load(), str_of(name), &info);
	ck_assert_msg(str_eq(info.type, str_of(names[_i].type)), "%s: %.*s",
	    name, STR_ARG(info.type));
	ck_assert_msg(str_eq(info.language, str_of(names[_i].language)),
	    "%s: language", name);
	ck_assert_msg(str_eq(info.charset, str_of(names[_i].charset)),
	    "%s: charset", name);
	ck_assert_msg(str_eq(info.encodings_n > 0 ? info.encodings[0] :
	    STR(""), str_of(names[_i].encoding)), "%s: encoding", name);
}
END_TEST

START_TEST(full_arena_is_a_result)
{
	size_t cap;

	for (cap = 0; cap < 300; cap += 8) {
		struct arena a;

		arena_init(&a, mem, cap);
		ck_assert_msg(mime_load(str_make(types, sizeof types - 1), &a) == NULL, "cap %zu",
		    cap);
	}
}
END_TEST

T_MAIN("httpd_mime") {
	T_ADD(extensions_are_found);
	T_LOOP(names_are_taken_apart, 0, (int)ARRAY_LEN(names));
	T_ADD(full_arena_is_a_result);
}
