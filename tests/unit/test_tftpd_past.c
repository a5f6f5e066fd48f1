/* SPDX-License-Identifier: ISC */
/*
 * Ends are remembered for ten seconds, round trips until something collides.
 */
#include "tests/unit/t.h"

#include "tftpd/past.h"

#define S 1000000000LL

static struct past past;

#define HASH(id) ((uint32_t)map_hash(past.key, id, 1))

START_TEST(ends)
{
	memset(&past, 0, sizeof(past));
	ck_assert_msg(!past_has_ended(&past, "a", 1, 0), "never");
	past_note_end(&past, "a", 1, 5 * S);
	ck_assert_msg(past_has_ended(&past, "a", 1, 5 * S), "now");
	ck_assert_msg(past_has_ended(&past, "a", 1, 15 * S), "late");
	ck_assert_msg(!past_has_ended(&past, "a", 1, 16 * S), "too late");
	ck_assert_msg(!past_has_ended(&past, "b", 1, 5 * S), "another");
	/* a place that was never used, though its hash is the same */
	memset(&past, 0, sizeof(past));
	past.ends[HASH("c") % PAST_MAX].hash = HASH("c");
	ck_assert_msg(!past_has_ended(&past, "c", 1, 0), "an empty place");
	past.rtts[HASH("c") % PAST_MAX].hash = HASH("c");
	ck_assert_msg(past_find_rtt(&past, "c", 1) == NULL, "an empty place");
}
END_TEST

START_TEST(round_trips)
{
	static const struct xfer_rtt none, rtt = { 3, 7, 1, 5 };
	const struct xfer_rtt *found;

	memset(&past, 0, sizeof(past));
	past_note_rtt(&past, "a", 1, &none);
	ck_assert_msg(past_find_rtt(&past, "a", 1) == NULL, "none");
	past_note_rtt(&past, "a", 1, &rtt);
	past_note_rtt(&past, "a", 1, &none);
	found = past_find_rtt(&past, "a", 1);
	ck_assert_msg(found != NULL && found->mean_ns == 7, "found");
	ck_assert_msg(past_find_rtt(&past, "b", 1) == NULL, "another");
}
END_TEST

T_MAIN("tftpd_past") {
	T_ADD(ends);
	T_ADD(round_trips);
}
