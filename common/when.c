/* SPDX-License-Identifier: ISC */
/*
 * when - UTC dates; see when.h for the contract.
 *
 * Years are counted from March, so that the leap day is the last of the year
 * and the months before it have a regular pattern (153 days in five months).
 * A period of 400 years, an era, always has 146097 days.  Eras are numbered
 * with floor division so that dates before 1970 and before 0 come out right.
 */
#include "common/when.h"

#define DAY_S 86400
#define ERA_DAYS 146097
/* Days from 0000-03-01 to 1970-01-01. */
#define EPOCH_DAYS 719468
#define YEAR_MAX 9999
/* 9999-12-31 23:59:59 and -9999-01-01 00:00:00. */
#define WALL_MAX 253402300799LL
#define WALL_MIN (-377705116800LL)

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool
is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t
month_days(int32_t year, int32_t mon)
{
	static const int8_t days[12] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	ASSERT(mon >= 1);
	ASSERT(mon <= 12);
	return days[mon - 1] + (mon == 2 && is_leap(year));
}

void
when_to_date(int64_t wall_s, struct when_date *ret)
{
	int64_t days, era, day_of_era, year_of_era, day_of_year, from_march;
	int32_t s;

	if (wall_s > WALL_MAX)
		wall_s = WALL_MAX;
	if (wall_s < WALL_MIN)
		wall_s = WALL_MIN;
	days = floor_div(wall_s, DAY_S);
	s = (int32_t)(wall_s - days * DAY_S);
	ret->hour = s / 3600;
	ret->min = s / 60 % 60;
	ret->sec = s % 60;
	/* 1970-01-01 was a Thursday. */
	ret->wday = (int32_t)(days + 4 - floor_div(days + 4, 7) * 7);

	days += EPOCH_DAYS;
	era = floor_div(days, ERA_DAYS);
	day_of_era = days - era * ERA_DAYS;
	/* Take out the leap days: one in 4 years, not in 100, but in 400. */
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
	    day_of_era / (ERA_DAYS - 1)) / 365;
	day_of_year = day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	from_march = (5 * day_of_year + 2) / 153;
	ret->day = (int32_t)(day_of_year - (153 * from_march + 2) / 5 + 1);
	ret->mon = (int32_t)(from_march < 10 ? from_march + 3 : from_march - 9);
	ret->year = (int32_t)(year_of_era + era * 400 + (ret->mon <= 2));
}

bool
when_from_date(const struct when_date *date, int64_t *ret)
{
	int64_t year, era, year_of_era, day_of_year, days;

	if (date->year < -YEAR_MAX || date->year > YEAR_MAX ||
	    date->mon < 1 || date->mon > 12 || date->day < 1 ||
	    date->day > month_days(date->year, date->mon))
		return false;
	if (date->hour < 0 || date->hour > 23 || date->min < 0 ||
	    date->min > 59 || date->sec < 0 || date->sec > 60)
		return false;
	year = date->year - (date->mon <= 2);
	era = floor_div(year, 400);
	year_of_era = year - era * 400;
	day_of_year = (153 * (date->mon + (date->mon > 2 ? -3 : 9)) + 2) / 5 +
	    date->day - 1;
	days = era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year - EPOCH_DAYS;
	*ret = days * DAY_S + date->hour * 3600 + date->min * 60 + date->sec;
	return true;
}
