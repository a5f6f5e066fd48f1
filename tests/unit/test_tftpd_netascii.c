/* SPDX-License-Identifier: ISC */
/*
 * Line ends both ways, cut at every possible place.
 */
#include "tests/unit/t.h"

#include "tftpd/netascii.h"

#define PLAIN "a\nb\rc\r\nd\n\n\r\r\nend\r"
#define WIRE "a\r\nb\r\0c\r\0\r\nd\r\n\r\n\r\0\r\0\r\nend\r\0"

/* Blocks of _i bytes, input in pieces of step. */
START_TEST(encodes_in_blocks_of_any_size)
{
	static const uint8_t room[64];

	for (size_t step = 1; step < sizeof(PLAIN); step++) {
		struct netascii state = { 0 };
		uint8_t all[64], *block;
		size_t n = 0, at = 0;
		struct wr wr;

		do {
			block = t_dup(room, (size_t)_i);
			wr_init(&wr, block, (size_t)_i);
			for (;;) {
				size_t len = sizeof(PLAIN) - 1 - at;

				len = len < step ? len : step;
				at += netascii_encode(&state,
				    (const uint8_t *)PLAIN + at, len, &wr);
				if (len == 0 || wr_left(&wr) == 0)
					break;
			}
			ck_assert_msg(n + wr.len <= sizeof(all), "too long");
			memcpy(all + n, block, wr.len);
			n += wr.len;
			free(block);
		} while (wr.len == (size_t)_i);
		t_mem_eq(all, n, WIRE, sizeof(WIRE) - 1);
	}
}
END_TEST

START_TEST(no_room_keeps_the_carry)
{
	struct netascii state = { 0 };
	uint8_t out[1];
	struct wr wr;

	wr_init(&wr, out, 1);
	ck_assert_int_eq((int)netascii_encode(&state, (const uint8_t *)"\n", 1,
	    &wr), 1);
	ck_assert_int_eq((int)netascii_encode(&state, (const uint8_t *)"x", 1,
	    &wr), 0);
	wr_init(&wr, out, 1);
	(void)netascii_encode(&state, NULL, 0, &wr);
	t_mem_eq(out, wr.len, "\n", 1);
}
END_TEST

START_TEST(decodes_blocks_of_any_size)
{
	struct netascii state = { 0 };
	uint8_t all[64];
	struct wr wr;

	wr_init(&wr, all, sizeof(all));
	for (size_t at = 0; at < sizeof(WIRE) - 1; at += (size_t)_i) {
		size_t len = sizeof(WIRE) - 1 - at;
		uint8_t *p;

		len = len < (size_t)_i ? len : (size_t)_i;
		p = t_dup(&WIRE[at], len);
		netascii_decode(&state, p, len, &wr);
		free(p);
	}
	netascii_finish(&state, &wr);
	t_mem_eq(all, wr.len, PLAIN, sizeof(PLAIN) - 1);
}
END_TEST

START_TEST(other_pairs_are_kept)
{
	struct netascii state = { 0 };
	uint8_t out[16];
	struct wr wr;

	wr_init(&wr, out, sizeof(out));
	netascii_decode(&state, (const uint8_t *)"\rx\r\r\n\r", 6, &wr);
	netascii_finish(&state, &wr);
	t_mem_eq(out, wr.len, "\rx\r\n\r", 5);
}
END_TEST

T_MAIN("tftpd_netascii") {
	T_LOOP(encodes_in_blocks_of_any_size, 1, 34);
	T_ADD(no_room_keeps_the_carry);
	T_LOOP(decodes_blocks_of_any_size, 1, 34);
	T_ADD(other_pairs_are_kept);
}
