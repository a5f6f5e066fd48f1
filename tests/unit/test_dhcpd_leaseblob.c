/* SPDX-License-Identifier: ISC */
/* Variable parts: everything comes back, freed pieces are used again. */
#include "dhcpd/leaseblob.h"

#include "tests/unit/lt.h"

enum { MAX = 64 };

static struct lease_data
full(void)
{
	struct lease_data d;

	memset(&d, 0, sizeof(d));
	d.uid = STR("uid");
	d.hostname = STR("host");
	d.agent = STR("\001\002ab");
	d.vars = STR("\002\001x\000\010\0\0\0\0\0\0\0\1");
	d.class_name = STR("class");
	d.class_value = STR("");
	d.hw_type = 32;
	d.hw_len = 20;
	memset(d.hw, 0xab, sizeof(d.hw));
	d.on_expiry = 7;
	d.on_release = 0x01020304;
	d.tsfp = 1000;
	d.atsfp = 2000;
	return d;
}

START_TEST(unpacks_what_was_packed)
{
	struct leaseblob_slab s;
	struct lease_data d = full(), back;
	void *mem = calloc(2 * MAX, LEASEBLOB_GRANULE);
	uint32_t blob;

	leaseblob_init(&s, mem, MAX);
	ck_assert_msg(leaseblob_new(&s, &d, leaseblob_size(&d), &blob), "new");
	memset(&back, 0, sizeof(back));
	back.hw_len = 20;
	back.hw_type = 32;
	leaseblob_unpack(&s, blob, &back);
	ck_assert_msg(str_eq(back.uid, d.uid) &&
	    str_eq(back.hostname, d.hostname) && str_eq(back.agent, d.agent) &&
	    str_eq(back.vars, d.vars) &&
	    str_eq(back.class_name, d.class_name), "strings");
	ck_assert_msg(back.class_value.p != NULL && back.class_value.len == 0,
	    "an empty subclass value is not no value");
	ck_assert_msg(memcmp(back.hw, d.hw, 20) == 0, "hardware");
	ck_assert_msg(back.on_expiry == 7 && back.on_release == 0x01020304 &&
	    back.tsfp == 1000 && back.atsfp == 2000, "numbers");
	ck_assert_msg(str_eq(leaseblob_find(&s, blob, LEASEBLOB_UID),
	    STR("uid")), "find");
	ck_assert_msg(leaseblob_find(&s, 0, LEASEBLOB_UID).len == 0, "empty");
	free(mem);
}
END_TEST

START_TEST(nothing_takes_no_room)
{
	struct lease_data d;

	memset(&d, 0, sizeof(d));
	d.hw_len = 6;
	ck_assert_int_eq((int)leaseblob_size(&d), 0);
}
END_TEST

START_TEST(freed_pieces_are_used_again)
{
	struct leaseblob_slab s;
	struct lease_data d = full();
	size_t size = leaseblob_size(&d);
	void *mem = calloc(2 * MAX, LEASEBLOB_GRANULE);
	uint32_t blob[MAX], n = 0, again;

	leaseblob_init(&s, mem, MAX);
	while (leaseblob_new(&s, &d, size, &blob[n]))
		n++;
	ck_assert_msg(n >= 2 && n < MAX, "%u pieces", n);
	leaseblob_del(&s, blob[0]);
	leaseblob_del(&s, 0);
	ck_assert_msg(leaseblob_new(&s, &d, size, &again), "room again");
	ck_assert_msg(again == blob[0], "the freed one");
	ck_assert_msg(!leaseblob_new(&s, &d, size, &again), "full");
	free(mem);
}
END_TEST

START_TEST(moves_to_the_other_half)
{
	struct leaseblob_slab s;
	struct lease_data d = full();
	size_t size = leaseblob_size(&d);
	void *mem = calloc(2 * MAX, LEASEBLOB_GRANULE);
	uint32_t a, b;

	leaseblob_init(&s, mem, MAX);
	ck_assert_msg(leaseblob_new(&s, &d, size, &a), "a");
	ck_assert_msg(leaseblob_new(&s, &d, size, &b), "b");
	leaseblob_flip(&s);
	b = leaseblob_move(&s, b);
	ck_assert_msg(b == 1, "first place");
	ck_assert_msg(leaseblob_move(&s, 0) == 0, "empty stays empty");
	ck_assert_msg(str_eq(leaseblob_find(&s, b, LEASEBLOB_HOSTNAME),
	    STR("host")), "content");
	free(mem);
}
END_TEST

T_MAIN("dhcpd_leaseblob")
{
	T_ADD(unpacks_what_was_packed);
	T_ADD(nothing_takes_no_room);
	T_ADD(freed_pieces_are_used_again);
	T_ADD(moves_to_the_other_half);
}
