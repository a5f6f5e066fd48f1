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

T_MAIN("dhcpd_frame")
{
	T_ADD(head_is_the_peers);
	T_ADD(what_is_built_parses);
	T_ADD(padding_of_short_frames_is_not_payload);
	T_LOOP(every_prefix_is_refused, 0, FRAME_HEAD_LEN + PAYLOAD);
	T_LOOP(every_flip_is_noticed, 12, FRAME_HEAD_LEN + PAYLOAD);
	T_ADD(checksum_zero_means_none);
	T_ADD(checksum_not_ready_is_not_checked);
	T_ADD(later_fragments_are_foreign);
}
