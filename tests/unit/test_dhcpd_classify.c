/* SPDX-License-Identifier: ISC */
/* Classes: how many a packet has, how many are counted, how many are made. */
#include "tests/unit/t.h"

#include "dhcpd/classify.h"

START_TEST(five_classes_and_the_rest_is_counted)
{
	static struct conf_class class[CLASSIFY_MAX + 2];
	struct classify c = { .n = 0 };

	for (size_t i = 0; i < CLASSIFY_MAX; i++)
		classify_add(&c, &class[i]);
	classify_add(&c, &class[0]);
	ck_assert_int_eq((int)c.n, CLASSIFY_MAX);
	ck_assert_int_eq((int)c.lost_n, 0);
	classify_add(&c, &class[CLASSIFY_MAX]);
	classify_add(&c, &class[CLASSIFY_MAX + 1]);
	ck_assert_int_eq((int)c.n, CLASSIFY_MAX);
	ck_assert_int_eq((int)c.lost_n, 2);
}
END_TEST

START_TEST(leases_of_so_many_classes_are_counted)
{
	enum { ROOM = 2 * 1024 * 1024 };
	struct conf_class *class = calloc(CLASSIFY_BILL_MAX + 1,
	    sizeof(*class));
	uint8_t *mem = malloc(ROOM);
	struct classify_bill bill;
	struct arena a;

	ck_assert_msg(class != NULL && mem != NULL, "memory");
	arena_init(&a, mem, ROOM);
	ck_assert_msg(classify_bill_init(&bill, &a), "init");
	for (uint32_t i = 0; i < CLASSIFY_BILL_MAX; i++)
		ck_assert_msg(classify_bill_id(&bill, &class[i]) == i + 1,
		    "id %u", (unsigned)i);
	ck_assert_int_eq(classify_bill_id(&bill, &class[CLASSIFY_BILL_MAX]), 0);
	ck_assert_int_eq(classify_bill_id(&bill, &class[7]), 8);
	classify_bill_move(&bill, 0, CLASSIFY_BILL_MAX);
	ck_assert_int_eq(bill.leases_n[CLASSIFY_BILL_MAX - 1], 1);
	free(class);
	free(mem);
}
END_TEST

T_MAIN("dhcpd_classify")
{
	T_ADD(five_classes_and_the_rest_is_counted);
	T_ADD(leases_of_so_many_classes_are_counted);
}
