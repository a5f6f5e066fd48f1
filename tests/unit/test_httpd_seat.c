/* SPDX-License-Identifier: ISC */
/*
 * seat: a connection is left to an earlier worker that has time and room.
 */
#include "httpd/seat.h"
#include "tests/unit/t.h"

#define BUSY_NS ((int64_t)SEAT_BUSY_MS * 1000000)

static struct seat seats[SEAT_MAX];

static void
setup(unsigned open_n)
{
	memset(seats, 0, sizeof(seats));
	for (unsigned i = 0; i < open_n; i++)
		seat_show(&seats[i], true, 0);
}

START_TEST(the_first_that_has_time_takes_it)
{
	setup(3);
	ck_assert_msg(!seat_leaves(seats, 0), "none before the first");
	ck_assert_msg(seat_leaves(seats, 1), "first has time");
	ck_assert_msg(seat_leaves(seats, 2), "both have");
	seat_show(&seats[0], true, BUSY_NS - 1);
	ck_assert_msg(seat_leaves(seats, 1), "not yet busy");
	seat_show(&seats[0], true, BUSY_NS);
	ck_assert_msg(!seat_leaves(seats, 1), "first is busy");
	ck_assert_msg(seat_leaves(seats, 2), "second is not");
	seat_show(&seats[1], true, INT64_MAX);
	ck_assert_msg(!seat_leaves(seats, 2), "both are busy");
	seat_show(&seats[0], true, 0);
	ck_assert_msg(seat_leaves(seats, 2), "first has time again");
}
END_TEST

#define SHED_NS (SEAT_SHED_MS * INT64_C(1000000))

START_TEST(who_never_rests_sheds_while_another_has_time)
{
	setup(2);
	ck_assert_msg(!seat_sheds(seats, 0, SHED_NS - 1), "not yet");
	ck_assert_msg(seat_sheds(seats, 0, SHED_NS), "the second has time");
	ck_assert_msg(seat_sheds(seats, 1, SHED_NS), "the first has");
	seat_show(&seats[1], true, BUSY_NS);
	ck_assert_msg(!seat_sheds(seats, 0, SHED_NS), "the second is busy");
	seat_show(&seats[1], false, 0);
	ck_assert_msg(!seat_sheds(seats, 0, SHED_NS), "and now closed");
	setup(1);
	ck_assert_msg(!seat_sheds(seats, 0, SHED_NS), "alone");
}
END_TEST

START_TEST(a_closed_seat_takes_nothing)
{
	setup(2);
	seat_show(&seats[0], false, 0);
	ck_assert_msg(!seat_leaves(seats, 1), "first is closed");
	setup(0);
	ck_assert_msg(!seat_leaves(seats, SEAT_MAX - 1), "all are");
	seat_show(&seats[SEAT_MAX - 2], true, 0);
	ck_assert_msg(seat_leaves(seats, SEAT_MAX - 1), "but one");
}
END_TEST

START_TEST(the_last_open_one_knows)
{
	setup(2);
	ck_assert_msg(seat_has_others(seats, 0), "a later one");
	ck_assert_msg(seat_has_others(seats, 1), "an earlier one");
	seat_show(&seats[1], true, BUSY_NS);
	ck_assert_msg(seat_has_others(seats, 0), "busy, yet it takes them");
	seat_show(&seats[1], false, 0);
	ck_assert_msg(!seat_has_others(seats, 0), "only itself");
	seat_show(&seats[SEAT_MAX - 1], true, 0);
	ck_assert_msg(seat_has_others(seats, 0), "the last one");
}
END_TEST

T_MAIN("httpd_seat")
{
	T_ADD(the_first_that_has_time_takes_it);
	T_ADD(who_never_rests_sheds_while_another_has_time);
	T_ADD(a_closed_seat_takes_nothing);
	T_ADD(the_last_open_one_knows);
}
