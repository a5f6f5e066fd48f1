/* SPDX-License-Identifier: ISC */
/*
 * num: what is a number and what is not, at and beyond each limit.
 */
#include <inttypes.h>

#include "common/num.h"
#include "tests/unit/t.h"

static const struct {
	const char *text;
	uint64_t min, max;
	bool ok;
	uint64_t value;
} unsigned_rows[] = {
	{ "0", 0, 0, true, 0 },
	{ "1", 0, 0, false, 0 },
	{ "007", 0, 9, true, 7 },
	{ "9", 10, 20, false, 0 }, { "10", 10, 20, true, 10 },
	{ "20", 10, 20, true, 20 }, { "21", 10, 20, false, 0 },
	{ "4294967295", 0, UINT32_MAX, true, UINT32_MAX },
	{ "4294967296", 0, UINT32_MAX, false, 0 },
	{ "18446744073709551615", 0, UINT64_MAX, true, UINT64_MAX },
	{ "18446744073709551616", 0, UINT64_MAX, false, 0 },
	{ "99999999999999999999", 0, UINT64_MAX, false, 0 },
	{ "00000000000000000000000000000001", 0, 5, true, 1 },
	{ "", 0, 9, false, 0 }, { " 1", 0, 9, false, 0 },
	{ "1 ", 0, 9, false, 0 }, { "+1", 0, 9, false, 0 },
	{ "-1", 0, 9, false, 0 }, { "-", 0, 9, false, 0 },
	{ "1a", 0, 99, false, 0 }, { "0x1", 0, 9, false, 0 },
	{ "1.0", 0, 99, false, 0 }, { "a", 0, 99, false, 0 }
};

START_TEST(unsigned_numbers)
{
	size_t len = strlen(unsigned_rows[_i].text);
	char *p = t_dup(unsigned_rows[_i].text, len);
	uint64_t v = 77;
	bool ok = num_u64(str_make(p, len), unsigned_rows[_i].min,
	    unsigned_rows[_i].max, &v);

	ck_assert_msg(ok == unsigned_rows[_i].ok, "verdict on \"%s\"",
	    unsigned_rows[_i].text);
	ck_assert_msg(v == (ok ? unsigned_rows[_i].value : 77), "value %" PRIu64,
	    v);
	free(p);
}
END_TEST

static const struct {
	const char *text;
	int64_t min, max;
	bool ok;
	int64_t value;
} signed_rows[] = {
	{ "0", -1, 1, true, 0 }, { "-0", -1, 1, true, 0 },
	{ "-1", -1, 1, true, -1 }, { "-2", -1, 1, false, 0 },
	{ "2", -1, 1, false, 0 }, { "--1", -9, 9, false, 0 },
	{ "-", -9, 9, false, 0 }, { "", -9, 9, false, 0 },
	{ "+1", -9, 9, false, 0 },
	{ "9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX },
	{ "9223372036854775808", INT64_MIN, INT64_MAX, false, 0 },
	{ "-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN },
	{ "-9223372036854775809", INT64_MIN, INT64_MAX, false, 0 }
};

START_TEST(signed_numbers)
{
	size_t len = strlen(signed_rows[_i].text);
	char *p = t_dup(signed_rows[_i].text, len);
	int64_t v = 77;
	bool ok = num_i64(str_make(p, len), signed_rows[_i].min,
	    signed_rows[_i].max, &v);

	ck_assert_msg(ok == signed_rows[_i].ok, "verdict on \"%s\"",
	    signed_rows[_i].text);
	ck_assert_msg(v == (ok ? signed_rows[_i].value : 77), "value %" PRId64,
	    v);
	free(p);
}
END_TEST

START_TEST(hexadecimal)
{
	uint64_t v = 77;

	ck_assert_msg(num_hex(STR("fF"), 255, &v) && v == 255, "ff");
	ck_assert_msg(!num_hex(STR("100"), 255, &v) && v == 255, "over");
	ck_assert_msg(!num_hex(STR("0xff"), 255, &v), "prefix");
	ck_assert_msg(!num_hex(STR("g"), 255, &v), "g");
	ck_assert_msg(!num_hex(STR(""), 255, &v), "empty");
	ck_assert_msg(num_hex(STR("ffffffffffffffff"), UINT64_MAX, &v) &&
	    v == UINT64_MAX, "64 bits");
	ck_assert_msg(!num_hex(STR("10000000000000000"), UINT64_MAX, &v), "65");
	ck_assert_int_eq(num_hexval('A'), 10);
	ck_assert_int_eq(num_hexval('f'), 15);
	ck_assert_int_eq(num_hexval('/'), -1);
	ck_assert_int_eq(num_hexval(':'), -1);
	ck_assert_int_eq(num_hexval('@'), -1);
	ck_assert_int_eq(num_hexval('`'), -1);
	ck_assert_int_eq(num_hexval('\xff'), -1);
}
END_TEST

START_TEST(thirty_two_bits)
{
	uint32_t v = 77;

	ck_assert_msg(num_u32(STR("65535"), 1, 65535, &v) && v == 65535, "in");
	ck_assert_msg(!num_u32(STR("0"), 1, 65535, &v) && v == 65535, "below");
	ck_assert_msg(!num_u32(STR("4294967297"), 0, UINT32_MAX, &v), "beyond");
}
END_TEST

T_MAIN("common_num")
{
	T_LOOP(unsigned_numbers, 0, (int)ARRAY_LEN(unsigned_rows));
	T_LOOP(signed_numbers, 0, (int)ARRAY_LEN(signed_rows));
	T_ADD(hexadecimal);
	T_ADD(thirty_two_bits);
}
