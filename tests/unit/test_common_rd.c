/* SPDX-License-Identifier: ISC */
/*
 * rd: values, bounds, sticky failure.  Every buffer is an exact-size heap copy.
 */
#include <signal.h>

#include "common/rd.h"
#include "tests/unit/t.h"

static const uint8_t bytes[] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c,
	0x0d, 0x0e, 0x0f, 'a', 'b', 0, 'c', 0xff
};

START_TEST(reads_big_endian)
{
	struct rd rd;

	rd_init(&rd, bytes, sizeof(bytes));
	ck_assert_int_eq(rd_u8(&rd), 0x01);
	ck_assert_int_eq(rd_u16(&rd), 0x0203);
	ck_assert_msg(rd_u32(&rd) == 0x04050607u, "u32");
	ck_assert_msg(rd_u32(&rd) == 0x08090a0bu, "u32");
	rd_skip(&rd, 4);
	ck_assert_msg(str_eq(rd_cstr(&rd), STR("ab")), "cstr");
	ck_assert_int_eq((int)rd_left(&rd), 2);
	ck_assert_msg(str_eq(rd_rest(&rd), STR("c\xff")), "rest");
	ck_assert_int_eq((int)rd_left(&rd), 0);
	ck_assert_msg(rd_rest(&rd).len == 0 && rd_ok(&rd), "empty rest is fine");
}
END_TEST

/* One of each; which of them fit depends on where the input was cut. */
static size_t
read_all(struct rd *rd)
{
	uint8_t copy[2];
	struct rd sub;
	size_t n = 0;

	(void)rd_u8(rd);
	n += rd_ok(rd) ? 1 : 0;
	(void)rd_u16(rd);
	n += rd_ok(rd) ? 2 : 0;
	(void)rd_u32(rd);
	n += rd_ok(rd) ? 4 : 0;
	rd_skip(rd, 8);
	n += rd_ok(rd) ? 8 : 0;
	n += rd_cstr(rd).len + (rd_ok(rd) ? 1 : 0);
	sub = rd_sub(rd, 1);
	ck_assert_int_eq(rd_ok(&sub), rd_ok(rd));
	ck_assert_int_eq(rd_u8(&sub), rd_ok(rd) ? 'c' : 0);
	n += rd_ok(rd) ? 1 : 0;
	rd_copy(rd, copy, 1);
	n += rd_ok(rd) ? 1 : 0;
	return n;
}

START_TEST(every_prefix_is_safe)
{
	uint8_t *p = t_dup(bytes, (size_t)_i);
	struct rd rd;
	size_t n;

	rd_init(&rd, p, (size_t)_i);
	n = read_all(&rd);
	ck_assert_int_eq(rd_ok(&rd), _i == sizeof(bytes));
	ck_assert_msg(n <= (size_t)_i && n == rd.pos, "took %zu of %d", n, _i);
	free(p);
}
END_TEST

START_TEST(failure_is_sticky_and_zero)
{
	uint8_t *p = t_dup(bytes, 3), copy[2] = { 7, 7 };
	struct rd rd, sub;

	rd_init(&rd, p, 3);
	ck_assert_msg(rd_u32(&rd) == 0 && !rd_ok(&rd), "u32 of 3 bytes");
	ck_assert_int_eq((int)rd.pos, 0);
	ck_assert_int_eq(rd_u8(&rd), 0);
	ck_assert_int_eq(rd_u16(&rd), 0);
	ck_assert_msg(rd_bytes(&rd, 1) == NULL, "bytes");
	ck_assert_msg(rd_str(&rd, 1).len == 0, "str");
	ck_assert_msg(rd_cstr(&rd).len == 0, "cstr");
	ck_assert_msg(rd_rest(&rd).len == 0, "rest");
	rd_copy(&rd, copy, 2);
	ck_assert_msg(copy[0] == 0 && copy[1] == 0, "copy zeroes");
	sub = rd_sub(&rd, 0);
	ck_assert_msg(!rd_ok(&sub) && rd_left(&sub) == 0, "sub born failed");
	rd_skip(&rd, 0);
	ck_assert_msg(!rd_ok(&rd) && rd_left(&rd) == 0, "still failed");
	free(p);
}
END_TEST

START_TEST(sub_reader_ends_at_its_end)
{
	struct rd rd, sub;

	rd_init(&rd, bytes, sizeof(bytes));
	rd_skip(&rd, 2);
	sub = rd_sub(&rd, 2);
	ck_assert_int_eq(rd_u16(&sub), 0x0304);
	ck_assert_int_eq(rd_u8(&sub), 0);
	ck_assert_msg(!rd_ok(&sub) && rd_ok(&rd), "only the sub-reader failed");
	ck_assert_int_eq(rd_u8(&rd), 5);
}
END_TEST

START_TEST(edges)
{
	struct rd rd;

	rd_init(&rd, NULL, 0);
	ck_assert_msg(rd_bytes(&rd, 0) != NULL && rd_ok(&rd), "zero of zero");
	ck_assert_msg(rd_cstr(&rd).len == 0 && !rd_ok(&rd), "no NUL");
	rd_init(&rd, bytes, sizeof(bytes));
	(void)rd_u8(&rd);
	ck_assert_msg(rd_bytes(&rd, SIZE_MAX) == NULL, "no overflow");
	rd_init(&rd, bytes, sizeof(bytes));
	ck_assert_msg(rd_bytes(&rd, 2) == bytes, "borrowed");
	rd_fail(&rd);
	ck_assert_msg(!rd_ok(&rd) && rd_u8(&rd) == 0, "rd_fail");
	/* A NUL as the last byte, and as the only one. */
	rd_init(&rd, "x", 2);
	ck_assert_msg(rd_cstr(&rd).len == 1 && rd_ok(&rd), "last");
	rd_init(&rd, "", 1);
	ck_assert_msg(rd_cstr(&rd).len == 0 && rd_ok(&rd), "only");
}
END_TEST

START_TEST(null_with_a_length_aborts)
{
	struct rd rd;

	rd_init(&rd, NULL, 1);
}
END_TEST

T_MAIN("common_rd")
{
	T_ADD(reads_big_endian);
	T_LOOP(every_prefix_is_safe, 0, sizeof(bytes) + 1);
	T_ADD(failure_is_sticky_and_zero);
	T_ADD(sub_reader_ends_at_its_end);
	T_ADD(edges);
	tcase_add_test_raise_signal(t_case, null_with_a_length_aborts, SIGABRT);
}
