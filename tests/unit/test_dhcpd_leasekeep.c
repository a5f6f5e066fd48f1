/* SPDX-License-Identifier: ISC */
/*
 * Statements kept as text: found by heading, replaced, dropped, forgotten again;
 * what is gone at the end gives its room back.
 */
#include "dhcpd/leasekeep.h"
#include "tests/unit/t.h"

static struct leasekeep k;
static void *mem;

static void
keep(uint32_t max, size_t bytes)
{
	struct map_key key = { 1, 2 };
	size_t size = leasekeep_size(max, bytes);
	struct arena a;

	free(mem);
	mem = calloc(1, size);
	ck_assert_msg(mem != NULL, "calloc");
	arena_init(&a, mem, size);
	leasekeep_init(&k, &a, max, bytes, key);
}

static bool
put(const char *text)
{
	return leasekeep_put(&k, LEASEREAD_HOST, str_of(text));
}

START_TEST(later_ones_replace_earlier_ones)
{
	keep(4, 100);
	ck_assert_msg(put("host a { x; }") && put("host b { }") && put("host a { y; }"), "put");
	ck_assert_msg(put("server-duid 1;"), "without a block it is its own heading");
	ck_assert_msg(k.items[0].is_gone && str_eq(k.items[2].text, STR("host a { y; }")), "a");
	ck_assert_msg(!put("host c { }"), "no place");
	leasekeep_drop(&k, STR("host nobody "));
	leasekeep_drop(&k, STR("host b "));
	ck_assert_int_eq((int)k.n, 4);		/* something lies behind it */
	leasekeep_drop(&k, STR("server-duid 1;"));
	leasekeep_drop(&k, STR("host a "));
	ck_assert_msg(k.n == 0 && k.bytes.len == 0, "all room is back");
	ck_assert_msg(put("host c { }"), "again");
}
END_TEST

START_TEST(undo_forgets_the_last_ones)
{
	keep(8, 100);
	ck_assert_msg(put("host a { x; }") && put("host b { }") && put("host c { }") &&
	    put("host b { y; }"), "put");
	leasekeep_undo(&k, 1);
	ck_assert_int_eq((int)k.n, 1);
	leasekeep_drop(&k, STR("host c "));
	ck_assert_msg(!k.items[0].is_gone && put("host b { z; }") && k.n == 2, "b is new");
	leasekeep_undo(&k, 2);
	ck_assert_int_eq((int)k.n, 2);
}
END_TEST

START_TEST(bytes_end)
{
	keep(8, 20);
	ck_assert_msg(put("host a { x; }") && !put("host b { x; }") && k.n == 1, "20 octets");
}
END_TEST

T_MAIN("dhcpd_leasekeep")
{
	T_ADD(later_ones_replace_earlier_ones);
	T_ADD(undo_forgets_the_last_ones);
	T_ADD(bytes_end);
	free(mem);
}
