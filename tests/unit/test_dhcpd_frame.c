/* SPDX-License-Identifier: ISC */
/*
 * frame: both ways, checksums, every prefix, every byte flipped.
 */
#include "dhcpd/frame.h"
#include "tests/unit/t.h"

enum { PAYLOAD = 301 };		/* odd: the last octet is summed alone */

static size_t
build(uint8_t *buf, size_t cap)
{
	static char payload[PAYLOAD];
	struct frame f;
	struct wr w;

	memset(&f, 0, sizeof(f));
	memset(payload, 0xa5, sizeof(payload));
	memset(f.src_mac, 2, sizeof(f.src_mac));
	memset(f.dst_mac, 0xff, sizeof(f.dst_mac));
	f.src = 0x0a0a0301;
	f.dst = 0xffffffff;
	f.src_port = 67;
	f.dst_port = 68;
	f.payload = str_make(payload, sizeof(payload));
	wr_init(&w, buf, cap);
	frame_head(&w, &f);
	wr_str(&w, f.payload);
	ck_assert_msg(wr_ok(&w), "fits");
	return w.len;
}

START_TEST(head_is_the_peers)
{
	/* As recorded: TOS 0x10, id 0, no DF, TTL 128, UDP. */
	static const uint8_t want[] = {
		0x08, 0x00, 0x45, 0x10, 0x01, 0x49, 0x00, 0x00, 0x00, 0x00,
		0x80, 0x11
	};
	uint8_t buf[512];

	ck_assert_int_eq((int)build(buf, sizeof(buf)),
	    FRAME_HEAD_LEN + PAYLOAD);
	ck_assert_msg(memcmp(buf + 12, want, sizeof(want)) == 0, "head");
}
END_TEST

START_TEST(what_is_built_parses)
{
	uint8_t buf[512], *copy;
	struct frame f;
	size_t len;

	len = build(buf, sizeof(buf));
	copy = t_dup(buf, len);
	ck_assert_int_eq(frame_parse(copy, len, true, &f), FRAME_OK);
	ck_assert_msg(f.src == 0x0a0a0301 && f.dst == 0xffffffff, "addr");
	ck_assert_int_eq(f.src_port, 67);
	ck_assert_int_eq(f.dst_port, 68);
	ck_assert_int_eq((int)f.payload.len, PAYLOAD);
	free(copy);
}
END_TEST

START_TEST(padding_of_short_frames_is_not_payload)
{
	uint8_t buf[512];
	struct frame f;
	size_t len;

	len = build(buf, sizeof(buf));
	memset(buf + len, 0x77, 20);
	ck_assert_int_eq(frame_parse(buf, len + 20, true, &f), FRAME_OK);
	ck_assert_int_eq((int)f.payload.len, PAYLOAD);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	uint8_t buf[512], *copy;
	struct frame f;

	ck_assert_msg(build(buf, sizeof(buf)) > (size_t)_i, "range");
	copy = t_dup(buf, (size_t)_i);
	ck_assert_msg(frame_parse(copy, (size_t)_i, true, &f) != FRAME_OK,
	    "prefix %d", _i);
	free(copy);
}
END_TEST

/* Any flipped bit behind the MAC addresses is noticed. */
START_TEST(every_flip_is_noticed)
{
	uint8_t buf[512];
	struct frame f;
	size_t len;

	len = build(buf, sizeof(buf));
	buf[_i] ^= 0x10;
	ck_assert_msg(frame_parse(buf, len, true, &f) != FRAME_OK,
	    "flip at %d", _i);
}
END_TEST

START_TEST(checksum_zero_means_none)
{
	uint8_t buf[512];
	struct frame f;
	size_t len;

	len = build(buf, sizeof(buf));
	buf[FRAME_HEAD_LEN - 2] = 0;
	buf[FRAME_HEAD_LEN - 1] = 0;
	buf[FRAME_HEAD_LEN] ^= 1;
	ck_assert_int_eq(frame_parse(buf, len, true, &f), FRAME_OK);
}
END_TEST

START_TEST(checksum_not_ready_is_not_checked)
{
	uint8_t buf[512];
	struct frame f;
	size_t len;

	len = build(buf, sizeof(buf));
	buf[FRAME_HEAD_LEN] ^= 1;
	ck_assert_int_eq(frame_parse(buf, len, true, &f), FRAME_BAD_UDP_SUM);
	ck_assert_int_eq(frame_parse(buf, len, false, &f), FRAME_OK);
}
END_TEST

START_TEST(later_fragments_are_foreign)
{
	uint8_t buf[512];
	struct frame f;
	size_t len;

	len = build(buf, sizeof(buf));
	buf[21] = 1;
	ck_assert_int_eq(frame_parse(buf, len, true, &f), FRAME_FOREIGN);
}
END_TEST

/* Payloads of each length modulo eight, and one whose sum would be "none". */
START_TEST(sums_of_every_length_and_value)
{
	uint8_t buf[64 + 600], payload[16] = { 0 };
	unsigned zero_n = 0;
	struct frame f, got;
	struct wr w;

	memset(&f, 0, sizeof(f));
	f.src = f.dst = 0x0a0a0301;
	for (unsigned i = 0; i < 65536 + 16; i++) {
		f.payload = str_make(payload, i < 65536 ? 2 : i - 65536);
		payload[0] = (uint8_t)(i >> 8);
		payload[1] = (uint8_t)i;
		wr_init(&w, buf, sizeof(buf));
		frame_head(&w, &f);
		wr_str(&w, f.payload);
		ck_assert_msg(frame_parse(buf, w.len, true, &got) == FRAME_OK, "%u", i);
		ck_assert_msg(str_eq(got.payload, f.payload), "%u", i);
		ck_assert_msg(buf[FRAME_HEAD_LEN - 2] != 0 || buf[FRAME_HEAD_LEN - 1] != 0,
		    "no checksum at %u", i);
		zero_n += buf[FRAME_HEAD_LEN - 2] == 0xff && buf[FRAME_HEAD_LEN - 1] == 0xff;
	}
	ck_assert_int_eq((int)zero_n, 1);
}
END_TEST

/* Lengths that contradict each other, under a sum that is right. */
START_TEST(lengths_that_contradict_are_refused)
{
	uint8_t buf[512];
	struct frame f;
	size_t len = build(buf, sizeof(buf));
	unsigned sum = 0;

	buf[16] = 0;			/* in all 19 octets */
	buf[17] = 19;
	buf[24] = buf[25] = 0;
	for (size_t i = 14; i < 34; i += 2)
		sum += (unsigned)buf[i] << 8 | buf[i + 1];
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	buf[24] = (uint8_t)(sum >> 8);
	buf[25] = (uint8_t)sum;
	ck_assert_int_eq(frame_parse(buf, len, true, &f), FRAME_SHORT);
	buf[14] = 0x44;			/* a head of 16 octets, then of 60 */
	ck_assert_int_eq(frame_parse(buf, len, true, &f), FRAME_SHORT);
	buf[14] = 0x4f;
	ck_assert_int_eq(frame_parse(buf, 14 + 20 + 8, true, &f), FRAME_SHORT);
}
END_TEST

/* What does not fit is not built. */
START_TEST(a_frame_needs_its_room)
{
	uint8_t buf[FRAME_HEAD_LEN - 1];
	struct frame f;
	struct wr w;

	memset(&f, 0, sizeof(f));
	f.payload = STR("");
	wr_init(&w, buf, sizeof(buf));
	frame_head(&w, &f);
	ck_assert_msg(!wr_ok(&w), "refused");
}
END_TEST

T_MAIN("dhcpd_frame")
{
	T_ADD(sums_of_every_length_and_value);
	T_ADD(lengths_that_contradict_are_refused);
	T_ADD(a_frame_needs_its_room);
	T_ADD(head_is_the_peers);
	T_ADD(what_is_built_parses);
	T_ADD(padding_of_short_frames_is_not_payload);
	T_LOOP(every_prefix_is_refused, 0, FRAME_HEAD_LEN + PAYLOAD);
	T_LOOP(every_flip_is_noticed, 12, FRAME_HEAD_LEN + PAYLOAD);
	T_ADD(checksum_zero_means_none);
	T_ADD(checksum_not_ready_is_not_checked);
	T_ADD(later_fragments_are_foreign);
}
