/* SPDX-License-Identifier: ISC */
/*
 * when: dates there and back, against libc's gmtime and by walking every day.
 */
#include <time.h>

#include "common/when.h"
#include "tests/unit/t.h"

static void
check_against_libc(int64_t s)
{
	struct when_date d;
	time_t t = (time_t)s;
	struct tm tm;
	int64_t back = 77;

	gmtime_r(&t, &tm);
	when_to_date(s, &d);
	/* Check writes to a pipe per assertion; this runs a million times. */
	if (d.year != tm.tm_year + 1900 || d.mon != tm.tm_mon + 1 ||
	    d.day != tm.tm_mday || d.hour != tm.tm_hour || d.min != tm.tm_min ||
	    d.sec != tm.tm_sec || d.wday != tm.tm_wday)
		ck_assert_msg(false, "%lld is %d-%d-%d %d:%d:%d (%d)",
		    (long long)s, d.year, d.mon, d.day, d.hour, d.min, d.sec,
		    d.wday);
	if (!when_from_date(&d, &back) || back != s)
		ck_assert_msg(false, "%lld back to %lld", (long long)s,
		    (long long)back);
}

START_TEST(every_day_of_many_years)
{
	/* Years -401 .. 2801: both sides of the epoch, of 0, of all rules. */
	for (int64_t day = -866000; day < 303000; day++)
		check_against_libc(day * 86400 + day % 86400);
}
END_TEST

START_TEST(ends_of_the_calendar)
{
	struct when_date d;
	int64_t s;

	check_against_libc(253402300799LL);
	check_against_libc(-377705116800LL);
	when_to_date(INT64_MAX, &d);
	ck_assert_msg(d.year == 9999 && d.mon == 12 && d.day == 31 &&
	    d.sec == 59, "clamped above");
	when_to_date(INT64_MIN, &d);
	ck_assert_msg(d.year == -9999 && d.mon == 1 && d.day == 1 &&
	    d.sec == 0, "clamped below");
	d.year = 10000;
	ck_assert_msg(!when_from_date(&d, &s), "year 10000");
	d.year = -10000;
	ck_assert_msg(!when_from_date(&d, &s), "year -10000");
}
END_TEST

static const struct {
	struct when_date d;
	bool ok;
} dates[] = {
	{ { 2024, 2, 29, 0, 0, 0, 0 }, true },
	{ { 2023, 2, 29, 0, 0, 0, 0 }, false },
	{ { 2100, 2, 29, 0, 0, 0, 0 }, false },
	{ { 2000, 2, 29, 0, 0, 0, 0 }, true },
	{ { 2024, 0, 1, 0, 0, 0, 0 }, false },
	{ { 2024, 13, 1, 0, 0, 0, 0 }, false },
	{ { 2024, 1, 0, 0, 0, 0, 0 }, false },
	{ { 2024, 1, 32, 0, 0, 0, 0 }, false },
	{ { 2024, 4, 31, 0, 0, 0, 0 }, false },
	{ { 2024, 4, 30, 23, 59, 59, 0 }, true },
	{ { 2024, 4, 30, 24, 0, 0, 0 }, false },
	{ { 2024, 4, 30, -1, 0, 0, 0 }, false },
	{ { 2024, 4, 30, 0, 60, 0, 0 }, false },
	{ { 2024, 4, 30, 0, -1, 0, 0 }, false },
	{ { 2024, 4, 30, 0, 0, 61, 0 }, false },
	{ { 2024, 4, 30, 0, 0, -1, 0 }, false }
};

START_TEST(which_dates_exist)
{
	int64_t s = 77;

	ck_assert_int_eq(when_from_date(&dates[_i].d, &s), dates[_i].ok);
	ck_assert_msg(dates[_i].ok || s == 77, "result untouched");
}
END_TEST

START_TEST(leap_second)
{
	struct when_date d = { 2016, 12, 31, 23, 59, 60, 0 };
	int64_t s;

	ck_assert_msg(when_from_date(&d, &s), "second 60");
	when_to_date(s, &d);
	ck_assert_msg(d.year == 2017 && d.mon == 1 && d.day == 1 &&
	    d.sec == 0, "is the next minute");
}
END_TEST

T_MAIN("common_when")
{
	T_ADD(every_day_of_many_years);
	T_ADD(ends_of_the_calendar);
	T_LOOP(which_dates_exist, 0, (int)ARRAY_LEN(dates));
	T_ADD(leap_second);
}
