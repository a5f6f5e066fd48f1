/* SPDX-License-Identifier: ISC */
/*
 * list: order, removing, removing twice.
 */
#include "common/list.h"
#include "tests/unit/t.h"

struct job {
	int n;
	struct list link;
};

static void
check(const struct list *head, const char *want)
{
	char got[16] = "";
	size_t len = 0;

	for (struct list *l = head->next; l != head; l = l->next)
		got[len++] = (char)('0' + LIST_ITEM(l, struct job, link)->n);
	ck_assert_str_eq(got, want);
	len = 0;
	for (struct list *l = head->prev; l != head; l = l->prev)
		len++;
	ck_assert_int_eq((int)len, (int)strlen(want));
}

START_TEST(keeps_order)
{
	struct job jobs[4];
	struct list head;

	list_init(&head);
	ck_assert_msg(list_is_empty(&head), "empty");
	for (int i = 0; i < 4; i++) {
		jobs[i].n = i;
		list_init(&jobs[i].link);
	}
	list_add_tail(&head, &jobs[1].link);
	list_add_tail(&head, &jobs[2].link);
	list_add_head(&head, &jobs[0].link);
	check(&head, "012");
	list_del(&jobs[1].link);
	check(&head, "02");
	list_del(&jobs[1].link);
	list_del(&jobs[3].link);
	check(&head, "02");
	list_add_tail(&head, &jobs[1].link);
	check(&head, "021");
	list_del(&jobs[0].link);
	list_del(&jobs[2].link);
	list_del(&jobs[1].link);
	ck_assert_msg(list_is_empty(&head) && list_is_empty(&jobs[0].link),
	    "empty again");
}
END_TEST

T_MAIN("common_list")
{
	T_ADD(keeps_order);
}
