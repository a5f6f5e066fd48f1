/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_logtext - error log lines against those recorded from Apache.
 */
#include "tests/unit/t.h"

#include "httpd/logtext.h"

static const struct when at = { 0, 1795338526, 135400000 };

static const char *
line(int32_t off, const char *reason, const char *client, struct str text)
{
	static char out[1024];
	struct wr w;

	wr_init(&w, out, sizeof out - 1);
	logtext_error(&w, &at, off, "core", CONF_LEVEL_ERROR, 7,
	    str_of(reason), str_of(client), text);
	out[w.len] = '\0';
	return out;
}

START_TEST(lines_have_the_peers_shape)
{
	ck_assert_str_eq(line(0, "", "", STR("AH00163: x")), "[Sun Nov 22 "
	    "09:08:46.135400 2026] [core:error] [pid 7] AH00163: x\n");
	ck_assert_str_eq(line(-3600, "", "10.0.0.1:4711", STR("AH00128: File does "
	    "not exist: /x")), "[Sun Nov 22 08:08:46.135400 2026] "
	    "[core:error] [pid 7] [client 10.0.0.1:4711] AH00128: File does "
	    "not exist: /x\n");
	ck_assert_str_eq(line(0, "(36)File name too long", "10.0.0.1:4711",
	    STR("AH00036: x")), "[Sun Nov 22 09:08:46.135400 2026] "
	    "[core:error] [pid 7] (36)File name too long: "
	    "[client 10.0.0.1:4711] AH00036: x\n");
}
END_TEST

START_TEST(nothing_forges_a_line)
{
	const char *got = line(0, "", "", STR("a\n[Sun] forged\x1b[2J\xff"));

	ck_assert_msg(strchr(got, '\n') == got + strlen(got) - 1, "%s", got);
	ck_assert_msg(strstr(got, "a\\x0a[Sun] forged\\x1b[2J\\xff") != NULL,
	    "%s", got);
}
END_TEST

START_TEST(levels_have_names)
{
	ck_assert_str_eq(logtext_level(CONF_LEVEL_EMERG), "emerg");
	ck_assert_str_eq(logtext_level(CONF_LEVEL_WARN), "warn");
	ck_assert_str_eq(logtext_level(CONF_LEVEL_TRACE8), "trace8");
}
END_TEST

T_MAIN("httpd_logtext") {
	T_ADD(lines_have_the_peers_shape);
	T_ADD(nothing_forges_a_line);
	T_ADD(levels_have_names);
}
