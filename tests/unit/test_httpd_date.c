/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_date - HTTP dates out and in.
 */
#include "tests/unit/t.h"

#include "httpd/date.h"

static bool
parse(const char *text, int64_t *ret)
{
	char *copy = t_dup(text, strlen(text));
	bool ok = date_parse(str_make(copy, strlen(text)), 1700000000, ret);

	free(copy);
	return ok;
}

START_TEST(written_dates_are_read_again)
{
	static const int64_t some[] = { 0, 784111777, 1402403696, 951782399,
	    951782400, 4102444799, 253402300799, -1 };
	size_t i;

	for (i = 0; i < sizeof some / sizeof some[0]; i++) {
		char buf[DATE_LEN];
		struct wr w;
		int64_t back = 1;

		wr_init(&w, buf, sizeof buf);
		date_fmt(&w, some[i]);
		ck_assert_msg(wr_ok(&w) && w.len == DATE_LEN, "length");
		ck_assert_msg(date_parse(wr_as_str(&w), 0, &back) &&
		    back == some[i], "%.*s", DATE_LEN, buf);
	}
}
END_TEST

START_TEST(years_before_christ_are_the_year_0)
{
	char buf[DATE_LEN];
	struct wr w;

	wr_init(&w, buf, sizeof buf);
	date_fmt(&w, -99999999999);
	ck_assert_msg(wr_ok(&w) && str_find(wr_as_str(&w), STR(" 0000 ")) !=
	    STR_NONE, "%.*s", DATE_LEN, buf);
}
END_TEST

START_TEST(all_three_forms)
{
	int64_t t = 0;

	ck_assert_msg(parse("Sun, 06 Nov 1994 08:49:37 GMT", &t) &&
	    t == 784111777, "IMF");
	ck_assert_msg(parse("Sunday, 06-Nov-94 08:49:37 GMT", &t) &&
	    t == 784111777, "RFC 850");
	ck_assert_msg(parse("Sun Nov  6 08:49:37 1994", &t) &&
	    t == 784111777, "asctime");
	ck_assert_msg(parse("Sun, 06 Nov 1994 08:49:37 UTC", &t) &&
	    t == 784111777, "UTC");
	ck_assert_msg(parse("Sun, 06 Nov 1994 08:49:37", &t) &&
	    t == 784111777, "no zone");
	ck_assert_msg(parse("Tuesday, 10-Jun-70 12:34:56 GMT", &t) && t > 0,
	    "70 is near enough to be 2070");
	ck_assert_msg(parse("Tuesday, 10-Jun-99 12:34:56 GMT", &t) &&
	    t < 1000000000, "99 is 1999");
}
END_TEST

START_TEST(garbage_is_refused)
{
	static const char *const bad[] = { "", "x", "Sun", "Sun,",
	    "Sun, 06 Nov 1994", "Sun, 32 Nov 1994 08:49:37 GMT",
	    "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
	    "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Nov 1994 08:49:37 GMTx",
	    "Xun, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
	    "784111777", "Sun, 30 Feb 1994 08:49:37 GMT",
	    "Sun, +6 Nov 1994 08:49:37 GMT", "S[n, 06 Nov 1994 08:49:37 GMT",
	    "Su`, 06 Nov 1994 08:49:37 GMT", "Sun{, 06 Nov 1994 08:49:37 GMT",
	    "Su@, 06 Nov 1994 08:49:37 GMT" };
	size_t i, n;
	int64_t t = 42;

	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(!parse(bad[i], &t) && t == 42, "%s", bad[i]);
	for (n = 0; n < 25; n++) {
		char cut[32];

		memcpy(cut, "Sun, 06 Nov 1994 08:49:37 GMT", n);
		cut[n] = '\0';
		ck_assert_msg(!parse(cut, &t) && t == 42, "%s", cut);
	}
}
END_TEST

T_MAIN("httpd_date") {
	T_ADD(written_dates_are_read_again);
	T_ADD(years_before_christ_are_the_year_0);
	T_ADD(all_three_forms);
	T_ADD(garbage_is_refused);
}
