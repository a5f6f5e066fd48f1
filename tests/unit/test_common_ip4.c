/* SPDX-License-Identifier: ISC */
/*
 * ip4: text and masks.
 */
#include <signal.h>

#include "common/ip4.h"
#include "tests/unit/t.h"

static const struct {
	const char *text;
	uint32_t addr;
} good[] = {
	{ "0.0.0.0", 0 }, { "255.255.255.255", 0xffffffff },
	{ "10.10.3.110", 0x0a0a036e }, { "1.2.3.4", 0x01020304 }
};

START_TEST(parses_and_prints)
{
	char *p = t_dup(good[_i].text, strlen(good[_i].text));
	char buf[IP4_TEXT_SIZE];
	uint32_t addr = 77;

	ck_assert_msg(ip4_parse(str_make(p, strlen(good[_i].text)), &addr),
	    "%s", good[_i].text);
	ck_assert_msg(addr == good[_i].addr, "%08x", addr);
	ck_assert_msg(str_eq(ip4_fmt(addr, buf), str_of(good[_i].text)), "fmt");
	ck_assert_str_eq(buf, good[_i].text);
	free(p);
}
END_TEST

static const char *const bad[] = {
	"", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5",
	"256.1.1.1", "1.1.1.256", "01.2.3.4", "1.2.3.04", "00.0.0.0", "1.2.3.4 ",
	" 1.2.3.4", "1.2.3.a", "-1.2.3.4", "+1.2.3.4", "0x1.2.3.4", "1.2.3.4294967297",
	"1,2,3,4", "...", "1.2.3.4\n"
};

START_TEST(refuses)
{
	char *p = t_dup(bad[_i], strlen(bad[_i]));
	uint32_t addr = 77;

	ck_assert_msg(!ip4_parse(str_make(p, strlen(bad[_i])), &addr), "\"%s\"",
	    bad[_i]);
	ck_assert_msg(addr == 77, "result untouched");
	free(p);
}
END_TEST

START_TEST(masks)
{
	/* Shifting by 32 is undefined. */
	uint32_t mask = _i == 0 ? 0 : UINT32_MAX << (32 - _i);

	ck_assert_msg(ip4_is_mask(mask), "%08x", mask);
	ck_assert_int_eq((int)ip4_prefix(mask), _i);
	/* Any hole makes it none. */
	if (_i > 1)
		ck_assert_msg(!ip4_is_mask(mask & ~(1u << 31)), "hole");
}
END_TEST

START_TEST(known_masks)
{
	ck_assert_int_eq((int)ip4_prefix(0xffffff00), 24);
	ck_assert_msg(!ip4_is_mask(1) && !ip4_is_mask(0xff00ff00) &&
	    !ip4_is_mask(0x00ffffff), "not masks");
}
END_TEST

START_TEST(prefix_of_no_mask_aborts)
{
	(void)ip4_prefix(0xff00ff00);
}
END_TEST

T_MAIN("common_ip4")
{
	T_LOOP(parses_and_prints, 0, (int)ARRAY_LEN(good));
	T_LOOP(refuses, 0, (int)ARRAY_LEN(bad));
	T_LOOP(masks, 0, 33);
	T_ADD(known_masks);
	tcase_add_test_raise_signal(t_case, prefix_of_no_mask_aborts, SIGABRT);
}
