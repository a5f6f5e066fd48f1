/* SPDX-License-Identifier: ISC */
/*
 * The state machine step by step: what tftp-hpa does in lockstep, what RFC
 * 7440 wants of windows, and what must never happen.
 */
#include "tests/unit/t.h"

#include "tftpd/xfer.h"

#define MS 1000000LL
#define T (1000 * MS)

static struct xfer x;
static struct xfer_out out;

static void
begin(bool is_write, uint64_t size, uint32_t window, bool has_oack)
{
	struct opttab_set set;

	memset(&set, 0, sizeof(set));
	set.is_write = is_write;
	set.size = size;
	set.blksize = 512;
	set.window = window;
	memcpy(set.oack, "\0\6w\0001", 6);
	set.oack_len = has_oack ? 6 : 0;
	xfer_start(&x, &set, T, NULL, 0, &out);
}

static void
give(const char *bytes, size_t len, int64_t now_ns)
{
	char *exact = t_dup(bytes, len);

	xfer_packet(&x, exact, len, now_ns, &out);
	free(exact);
}

static void
ack(unsigned number, int64_t now_ns)
{
	char p[4] = { 0, PROTO_ACK, (char)(number >> 8), (char)number };

	give(p, 4, now_ns);
}

static void
data(unsigned number, size_t len, int64_t now_ns)
{
	char p[4 + 1024] = { 0, PROTO_DATA, (char)(number >> 8),
	    (char)number };

	give(p, 4 + len, now_ns);
}

static void
is_blocks(uint64_t first, uint32_t n)
{
	ck_assert_int_eq(out.verdict, XFER_SEND);
	ck_assert_int_eq((int)out.first, (int)first);
	ck_assert_int_eq((int)out.n, (int)n);
}

static void
is_packet(const char *bytes, size_t len)
{
	ck_assert_int_eq(out.verdict, XFER_REPLY);
	t_mem_eq(out.packet, out.len, bytes, len);
}

START_TEST(lockstep)
{
	begin(false, 1100, 1, false);
	is_blocks(1, 1);
	ck_assert_int_eq((int)xfer_block(&x, 1).len, 512);
	ack(0, 1);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	ack(7, 1);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	ack(1, 2);
	is_blocks(2, 1);
	ack(1, 3 * MS);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	ack(2, 3 * MS);
	is_blocks(3, 1);
	ck_assert_int_eq((int)xfer_block(&x, 3).len, 76);
	ack(3, 4 * MS);
	ck_assert_int_eq(out.verdict, XFER_END);
	ck_assert_int_eq(x.outcome, XFER_COMPLETE);
	ck_assert_int_eq((int)x.bytes, 1100);
	ck_assert_int_eq((int)x.repeats_n, 0);
}
END_TEST

START_TEST(a_full_last_block_is_followed_by_an_empty_one)
{
	begin(false, 512, 1, false);
	ack(1, 1);
	is_blocks(2, 1);
	ck_assert_int_eq((int)xfer_block(&x, 2).len, 0);
}
END_TEST

/* 1, 2, 4, 8, 16, 32 times the timeout, then the end: like tftp-hpa. */
START_TEST(six_transmissions)
{
	int64_t at = 0;

	begin(false, 10, 1, _i == 1);
	for (int i = 0; i < 5; i++) {
		at += T << i;
		ck_assert_msg(x.deadline_ns == at, "time %d", i);
		xfer_timeout(&x, at - 1, &out);
		ck_assert_int_eq(out.verdict, XFER_WAIT);
		xfer_timeout(&x, at, &out);
		ck_assert_int_eq(out.verdict, _i == 1 ? XFER_REPLY :
		    XFER_SEND);
	}
	xfer_timeout(&x, 63 * T, &out);
	ck_assert_int_eq(out.verdict, XFER_END);
	ck_assert_int_eq(x.outcome, XFER_TIMED_OUT);
	ck_assert_int_eq((int)out.len, 0);
}
END_TEST

START_TEST(measured_round_trips_shorten_the_wait)
{
	int64_t now_ns = 0;

	begin(false, 100000, 1, false);
	ck_assert_msg(x.deadline_ns == T, "first");
	for (unsigned k = 1; k <= 20; k++) {
		now_ns += MS;
		ack(k, now_ns);
	}
	ck_assert_msg(x.deadline_ns - now_ns == XFER_RTO_MIN_NS, "floor");
	xfer_timeout(&x, x.deadline_ns, &out);
	is_blocks(21, 1);
	/* Given up after the same time as ever. */
	while (out.verdict == XFER_SEND)
		xfer_timeout(&x, x.deadline_ns, &out);
	ck_assert_msg(x.deadline_ns == now_ns + 63 * T, "end");
}
END_TEST

/* What an earlier transfer measured shortens the first wait, carefully. */
START_TEST(an_earlier_transfer_is_a_hint)
{
	static const struct xfer_rtt rtt = { 3, MS, MS / 2, MS };
	struct opttab_set set;

	memset(&set, 0, sizeof(set));
	set.size = 10;
	set.blksize = 512;
	set.window = 1;
	xfer_start(&x, &set, T, &rtt, 0, &out);
	ck_assert_msg(x.deadline_ns == 4 * XFER_RTO_MIN_NS, "wait");
	set.is_write = true;
	xfer_start(&x, &set, T, &rtt, 0, &out);
	ck_assert_msg(x.deadline_ns == T, "upload");
}
END_TEST

START_TEST(a_window_goes_back_to_the_hole)
{
	begin(false, 2660, 4, true);
	ack(0, MS);
	is_blocks(1, 4);
	ack(2, 2 * MS);
	is_blocks(3, 4);
	ck_assert_int_eq((int)x.repeats_n, 2);
	ack(6, 3 * MS);
	ck_assert_int_eq(out.verdict, XFER_END);
	ck_assert_int_eq(x.outcome, XFER_COMPLETE);
}
END_TEST

START_TEST(a_repeated_ack_asks_once_and_not_too_soon)
{
	begin(false, 100000, 4, true);
	ack(0, 10 * MS);
	is_blocks(1, 4);
	ack(0, 10 * MS);	/* doubled on the way */
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	ack(0, 20 * MS);	/* block 1 was lost */
	is_blocks(1, 4);
	ack(0, 30 * MS);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
}
END_TEST

START_TEST(the_client_may_end_it)
{
	static const char error[] = "\0\5\0\0stop";

	begin(false, 10, 1, true);
	give(error, sizeof(error), MS);
	ck_assert_int_eq(out.verdict, XFER_END);
	ck_assert_int_eq(x.outcome, XFER_DECLINED);
	begin(false, 10, 1, false);
	give(error, sizeof(error), MS);
	ck_assert_int_eq(x.outcome, XFER_ABORTED);
	ck_assert_int_eq((int)out.len, 0);
}
END_TEST

START_TEST(a_file_that_shrinks_ends_there)
{
	begin(false, 5120, 1, false);
	ack(1, 1);
	xfer_resize(&x, 1300);
	ack(2, 2);
	is_blocks(3, 1);
	ck_assert_int_eq((int)xfer_block(&x, 3).len, 276);
	ack(3, 3);
	ck_assert_int_eq(out.verdict, XFER_END);
	begin(false, 5120, 1, false);
	ack(1, 1);
	xfer_resize(&x, 0);
	ack(2, 2);
	is_blocks(3, 1);
	ck_assert_int_eq((int)xfer_block(&x, 3).len, 0);
	/* its last block was on the way already */
	begin(false, 1100, 4, false);
	is_blocks(1, 3);
	xfer_resize(&x, 600);
	xfer_timeout(&x, x.deadline_ns, &out);
	is_blocks(1, 2);
	ck_assert_int_eq((int)xfer_block(&x, 2).len, 88);
	ack(2, x.deadline_ns);
	ck_assert_int_eq(x.outcome, XFER_COMPLETE);
	ck_assert_int_eq((int)x.bytes, 600);
}
END_TEST

START_TEST(upload)
{
	begin(true, 0, 1, false);
	is_packet("\0\4\0\0", 4);
	data(2, 512, 1);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	data(1, 512, 2);
	ck_assert_int_eq(out.verdict, XFER_STORE);
	ck_assert_msg(out.data.len == 512 && !out.is_last, "data");
	xfer_stored(&x, 2, &out);
	is_packet("\0\4\0\1", 4);
	data(1, 512, 3);
	is_packet("\0\4\0\1", 4);
	data(2, 0, 4);
	ck_assert_msg(out.verdict == XFER_STORE && out.is_last, "last");
	xfer_stored(&x, 4, &out);
	ck_assert_int_eq(out.verdict, XFER_COMMIT);
	data(2, 0, 5);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	xfer_committed(&x, 6, &out);
	is_packet("\0\4\0\2", 4);
	data(2, 0, 7);		/* our ACK was lost: once more, no more */
	ck_assert_int_eq(out.verdict, XFER_END);
	t_mem_eq(out.packet, out.len, "\0\4\0\2", 4);
}
END_TEST

/* Give blocks from..to at one time, storing what is to be stored.  ACKs. */
static unsigned
give_blocks(unsigned from, unsigned to, int64_t now_ns)
{
	unsigned acks = 0;

	for (unsigned k = from; k <= to; k++) {
		data(k, 512, now_ns);
		if (out.verdict == XFER_STORE)
			xfer_stored(&x, now_ns, &out);
		acks += out.verdict == XFER_REPLY;
	}
	return acks;
}

START_TEST(upload_in_windows)
{
	begin(true, 0, 4, true);
	ck_assert_int_eq((int)give_blocks(1, 3, 10 * MS), 0);
	ck_assert_int_eq((int)give_blocks(4, 4, 10 * MS), 1);
	t_mem_eq(out.packet, out.len, "\0\4\0\4", 4);
	ck_assert_int_eq((int)give_blocks(5, 5, 20 * MS), 0);
	data(7, 512, 20 * MS);	/* 6 is missing: said once */
	is_packet("\0\4\0\5", 4);
	data(8, 512, 20 * MS);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	data(6, 512, 30 * MS);
	ck_assert_int_eq(out.verdict, XFER_STORE);
}
END_TEST

/* After an OACK only block 1 begins an upload; at its end only the last
 * block is answered. */
START_TEST(upload_ignores_what_is_not_due)
{
	begin(true, 0, 1, true);
	data(2, 512, 1);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	ck_assert_int_eq(x.state, XFER_OFFERED);
	ack(0, 1);
	ck_assert_int_eq(x.state, XFER_OFFERED);
	data(1, 5, 2);
	xfer_stored(&x, 3, &out);
	ck_assert_int_eq(out.verdict, XFER_COMMIT);
	xfer_timeout(&x, 100 * T, &out);	/* the disk takes its time */
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	xfer_committed(&x, 100 * T, &out);
	is_packet("\0\4\0\1", 4);
	ack(1, 100 * T);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	data(2, 5, 100 * T);
	ck_assert_int_eq(out.verdict, XFER_WAIT);
	xfer_timeout(&x, x.deadline_ns, &out);
	ck_assert_int_eq(x.outcome, XFER_COMPLETE);
}
END_TEST

/* The client's timeout counts, a clock that went back does not, and who wakes
 * up late repeats once. */
START_TEST(odd_times)
{
	static const struct xfer_rtt none;
	struct opttab_set set;

	memset(&set, 0, sizeof(set));
	set.size = 2000;
	set.blksize = 512;
	set.window = 1;
	set.timeout_us = 3000000;
	xfer_start(&x, &set, T, &none, 10 * T, &out);
	ck_assert_msg(x.deadline_ns == 13 * T, "timeout");
	ack(1, 9 * T);
	is_blocks(2, 1);
	ck_assert_int_eq((int)x.rtt.n, 0);
	xfer_timeout(&x, 20 * T, &out);
	is_blocks(2, 1);
	ck_assert_msg(x.deadline_ns > 20 * T, "not again at once");
}
END_TEST

/* Each answer brings a window.  What comes meanwhile - the rest of the last
 * one, late and doubled blocks - is from before it and gets none, or windows
 * would multiply. */
START_TEST(an_upload_is_answered_once_per_round_trip)
{
	begin(true, 0, 64, true);
	ck_assert_int_eq((int)give_blocks(1, 1, 10 * MS), 0);
	ck_assert_int_eq((int)give_blocks(3, 64, 10 * MS), 1);
	/* Late, so that there is the next hole, and the next. */
	ck_assert_int_eq((int)give_blocks(2, 3, 11 * MS), 0);
	ck_assert_int_eq((int)give_blocks(5, 64, 11 * MS), 0);
	ck_assert_int_eq((int)give_blocks(4, 5, 12 * MS), 0);
	ck_assert_int_eq((int)give_blocks(7, 64, 12 * MS), 0);
	ck_assert_int_eq((int)give_blocks(1, 5, 13 * MS), 0);
	/* The window that was asked for, with its own hole; then that one. */
	ck_assert_int_eq((int)give_blocks(2, 19, 20 * MS), 1);
	ck_assert_int_eq((int)give_blocks(21, 65, 20 * MS), 0);
	ck_assert_int_eq((int)give_blocks(20, 83, 30 * MS), 1);
	/* Block 20 came and our answer did not. */
	ck_assert_int_eq((int)x.acked, 83);
	ck_assert_int_eq((int)give_blocks(20, 83, 200 * MS), 1);
	t_mem_eq(out.packet, out.len, "\0\4\0\123", 4);
}
END_TEST

/* Nobody else asks again when the answer to a hole is lost. */
START_TEST(a_window_of_an_upload_does_not_wait_a_second)
{
	begin(true, 0, 64, true);
	ck_assert_int_eq((int)give_blocks(1, 1, 10 * MS), 0);
	ck_assert_int_eq((int)give_blocks(3, 64, 10 * MS), 1);
	ck_assert_msg(x.deadline_ns == 10 * MS + XFER_RTO_MIN_NS, "floor");
	xfer_timeout(&x, x.deadline_ns, &out);
	is_packet("\0\4\0\1", 4);
	ck_assert_msg(x.deadline_ns == 10 * MS + 3 * XFER_RTO_MIN_NS,
	    "doubled");
	begin(true, 0, 1, true);
	ck_assert_int_eq((int)give_blocks(1, 1, 10 * MS), 1);
	ck_assert_msg(x.deadline_ns == 10 * MS + T, "lockstep");
}
END_TEST

START_TEST(oversized_data_is_refused)
{
	begin(true, 0, 1, false);
	data(1, 700, 1);
	ck_assert_int_eq(out.verdict, XFER_END);
	t_mem_eq(out.packet, 4, "\0\5\0\4", 4);
	ck_assert_int_eq(x.outcome, XFER_FAILED);
}
END_TEST

START_TEST(nothing_stored_nothing_acknowledged)
{
	begin(true, 0, 1, false);
	data(1, 512, 1);
	xfer_fail(&x, PROTO_NO_SPACE, STR("full"), &out);
	ck_assert_int_eq(out.verdict, XFER_END);
	t_mem_eq(out.packet, out.len, "\0\5\0\3full", 9);
}
END_TEST

/* Short and odd packets never disturb either direction. */
START_TEST(odd_packets)
{
	static const char odd[] = "\0\6tsize\0000";

	for (int write = 0; write < 2; write++) {
		begin(write == 1, 600, 1, false);
		for (size_t len = 0; len < 4; len++) {
			give("\0\4\0\1", len, 1);
			ck_assert_int_eq(out.verdict, XFER_WAIT);
			give("\0\3\0\1", len, 1);
			ck_assert_int_eq(out.verdict, XFER_WAIT);
		}
		give(odd, sizeof(odd), 1);
		ck_assert_int_eq(out.verdict, XFER_WAIT);
		give("\0\1f\0octet", 9, 1);
		ck_assert_int_eq(out.verdict, XFER_WAIT);
	}
}
END_TEST

T_MAIN("tftpd_xfer") {
	T_ADD(lockstep);
	T_ADD(a_full_last_block_is_followed_by_an_empty_one);
	T_LOOP(six_transmissions, 0, 2);
	T_ADD(measured_round_trips_shorten_the_wait);
	T_ADD(an_earlier_transfer_is_a_hint);
	T_ADD(a_window_goes_back_to_the_hole);
	T_ADD(a_repeated_ack_asks_once_and_not_too_soon);
	T_ADD(the_client_may_end_it);
	T_ADD(a_file_that_shrinks_ends_there);
	T_ADD(upload);
	T_ADD(upload_in_windows);
	T_ADD(upload_ignores_what_is_not_due);
	T_ADD(odd_times);
	T_ADD(an_upload_is_answered_once_per_round_trip);
	T_ADD(a_window_of_an_upload_does_not_wait_a_second);
	T_ADD(oversized_data_is_refused);
	T_ADD(nothing_stored_nothing_acknowledged);
	T_ADD(odd_packets);
}
