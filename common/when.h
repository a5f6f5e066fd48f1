/* SPDX-License-Identifier: ISC */
/*
 * when - points in time, and UTC dates without libc's time zones.
 *
 * Timers run on mono_ns, which never jumps; leases and log lines use the wall
 * clock, which may.  The event loop samples both once a turn.
 */
#ifndef COMMON_WHEN_H
#define COMMON_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"

#define WHEN_NS_PER_S 1000000000LL
#define WHEN_NS_PER_MS 1000000LL
/* "Never", as ISC's lease file has it, in wall seconds. */
#define WHEN_NEVER INT64_MAX

struct when {
	int64_t mono_ns;	/* since some start, never goes back */
	int64_t wall_s;		/* since 1970-01-01 UTC */
	int32_t wall_ns;	/* 0..999999999 */
};

/* A date of the proleptic Gregorian calendar, UTC. */
struct when_date {
	int32_t year;
	int32_t mon;		/* 1..12 */
	int32_t day;		/* 1..31 */
	int32_t hour, min, sec;	/* sec 0..60 in, 0..59 out */
	int32_t wday;		/* 0 = Sunday; ignored by when_from_date */
};

/*
 * when_to_date - the date of wall seconds.
 *
 * Outside the years -9999..9999 the nearest end is given.
 */
void when_to_date(int64_t wall_s, struct when_date *ret);

/*
 * when_from_date - wall seconds of a date; false when there is no such date.
 *
 * Second 60 is taken as the first of the next minute.
 */
bool when_from_date(const struct when_date *date, int64_t *ret) MUST_CHECK;

#endif
