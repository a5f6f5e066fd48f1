/* SPDX-License-Identifier: ISC */
/*
 * seat - which worker takes a new connection; see seat.h.
 *
 * Seats lie in memory that processes share; each is stored to by one and only
 * when it changes, so that looking at it costs the others nothing.
 */
#include "httpd/seat.h"

#include "common/cc.h"

void
seat_show(struct seat *s, bool is_open, int64_t busy_ns)
{
	bool is_busy = busy_ns >= (int64_t)SEAT_BUSY_MS * 1000000;

	if (s->is_open != is_open)
		s->is_open = is_open;
	if (s->is_busy != is_busy)
		s->is_busy = is_busy;
}

static bool
has_time(const struct seat *s)
{
	return s->is_open && !s->is_busy;
}

bool
seat_leaves(const struct seat *seats, unsigned rank)
{
	unsigned i;

	ASSERT(rank < SEAT_MAX);
	for (i = 0; i < rank; i++)
		if (has_time(&seats[i]))
			return true;
	return false;
}

bool
seat_sheds(const struct seat *seats, unsigned rank, int64_t busy_ns)
{
	unsigned i;

	ASSERT(rank < SEAT_MAX);
	if (busy_ns < (int64_t)SEAT_SHED_MS * 1000000)
		return false;
	for (i = 0; i < SEAT_MAX; i++)
		if (i != rank && has_time(&seats[i]))
			return true;
	return false;
}

bool
seat_has_others(const struct seat *seats, unsigned rank)
{
	unsigned i;

	ASSERT(rank < SEAT_MAX);
	for (i = 0; i < SEAT_MAX; i++)
		if (i != rank && seats[i].is_open)
			return true;
	return false;
}
