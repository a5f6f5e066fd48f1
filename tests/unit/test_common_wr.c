/* SPDX-License-Identifier: ISC */
/*
 * wr: values, bounds, sticky failure that writes nothing, cutting back.
 */
#include <signal.h>

#include "common/wr.h"
#include "tests/unit/t.h"

static void
write_all(struct wr *wr)
{
	wr_u8(wr, 0x01);
	wr_u16(wr, 0x0203);
	wr_u32(wr, 0x04050607);
	wr_bytes(wr, "\x08\x09", 2);
	wr_bytes(wr, NULL, 0);
	wr_str(wr, STR("ab"));
	wr_text(wr, "cd");
	wr_zero(wr, 2);
	wr_dec(wr, 0);
	wr_dec(wr, UINT64_MAX);
	wr_hex(wr, "\x0a\xff\x00", 3);
	wr_hex(wr, NULL, 0);
}

static const char whole[] =
    "\1\2\3\4\5\6\7\10\11" "abcd" "\0\0" "0" "18446744073709551615"
    "0a:ff:00";

START_TEST(writes_big_endian)
{
	uint8_t *p = malloc(sizeof(whole) - 1);
	struct wr wr;

	wr_init(&wr, p, sizeof(whole) - 1);
	write_all(&wr);
	ck_assert_msg(wr_ok(&wr) && wr_left(&wr) == 0, "fits exactly");
	t_mem_eq(wr_as_str(&wr).p, wr_as_str(&wr).len, whole,
	    sizeof(whole) - 1);
	free(p);
}
END_TEST

START_TEST(every_cap_is_safe)
{
	uint8_t *p = t_dup(whole, (size_t)_i);
	struct wr wr;

	memset(p, 0xee, (size_t)_i);
	wr_init(&wr, p, (size_t)_i);
	write_all(&wr);
	ck_assert_int_eq(wr_ok(&wr), _i == sizeof(whole) - 1);
	/* Whole pieces, and nothing behind them. */
	t_mem_eq(p, wr.len, whole, wr.len);
	for (size_t i = wr.len; i < (size_t)_i; i++)
		ck_assert_int_eq(p[i], 0xee);
	free(p);
}
END_TEST

START_TEST(failure_is_sticky_until_cut)
{
	uint8_t buf[4];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	wr_u8(&wr, 1);
	wr_u32(&wr, 2);
	ck_assert_msg(!wr_ok(&wr) && wr.len == 1 && wr_left(&wr) == 0, "failed");
	wr_u8(&wr, 3);
	wr_fmt(&wr, "x");
	wr_patch_u16(&wr, 0, 9);
	ck_assert_msg(wr.len == 1 && buf[0] == 1, "nothing happens");
	wr_cut(&wr, 1);
	ck_assert_msg(wr_ok(&wr) && wr_left(&wr) == 3, "whole again");
	wr_cut(&wr, 0);
	wr_u32(&wr, 0xa0b0c0d0);
	wr_patch_u16(&wr, 2, 0x0304);
	wr_patch_u16(&wr, 0, 0x0102);
	t_mem_eq(buf, wr.len, "\1\2\3\4", 4);
}
END_TEST

START_TEST(fmt_is_all_or_nothing)
{
	char *p = malloc(6);
	/* Hidden from the compiler, which warns of what it can see. */
	volatile size_t too_much = SIZE_MAX;
	struct wr wr;

	wr_init(&wr, p, 6);
	wr_fmt(&wr, "%d-%s", 12, "ab");
	ck_assert_msg(wr_ok(&wr) && wr.len == 5, "five and the NUL");
	wr_cut(&wr, 0);
	wr_fmt(&wr, "%d-%s", 12, "abc");
	ck_assert_msg(!wr_ok(&wr) && wr.len == 0, "six do not fit");
	wr_cut(&wr, 0);
	wr_zero(&wr, 6);
	wr_fmt(&wr, "%s", "");
	ck_assert_msg(!wr_ok(&wr) && wr.len == 6, "no room for the NUL");
	wr_cut(&wr, 0);
	wr_bytes(&wr, p, too_much);
	ck_assert_msg(!wr_ok(&wr) && wr.len == 0, "no overflow");
	free(p);
}
END_TEST

START_TEST(nothing_fits_into_no_memory)
{
	struct wr wr;

	wr_init(&wr, NULL, 100);
	ck_assert_msg(!wr_ok(&wr), "told at once");
	wr_u8(&wr, 1);
	wr_bytes(&wr, "", 0);
	wr_fmt(&wr, "%d", 1);
	ck_assert_int_eq(wr.len, 0);
	wr_cut(&wr, 0);
	wr_text(&wr, "x");
	ck_assert_msg(!wr_ok(&wr) && wr.len == 0, "nor after a cut");
}
END_TEST

START_TEST(patch_behind_the_end_aborts)
{
	uint8_t buf[4];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	wr_u16(&wr, 1);
	wr_patch_u16(&wr, 1, 1);
}
END_TEST

START_TEST(cut_forward_aborts)
{
	uint8_t buf[4];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	wr_cut(&wr, 1);
}
END_TEST

T_MAIN("common_wr")
{
	T_ADD(writes_big_endian);
	T_LOOP(every_cap_is_safe, 0, sizeof(whole));
	T_ADD(failure_is_sticky_until_cut);
	T_ADD(fmt_is_all_or_nothing);
	T_ADD(nothing_fits_into_no_memory);
	tcase_add_test_raise_signal(t_case, patch_behind_the_end_aborts,
	    SIGABRT);
	tcase_add_test_raise_signal(t_case, cut_forward_aborts, SIGABRT);
}
