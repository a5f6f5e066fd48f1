/* SPDX-License-Identifier: ISC */
/*
 * pool: limits, reuse, and that a stale handle never finds anything.
 */
#include <signal.h>

#include "common/pool.h"
#include "tests/unit/t.h"

#define MAX 5
#define ITEM 24

static struct pool pool;
static void *mem;

static void
setup(void)
{
	mem = calloc(1, pool_size(MAX, ITEM));
	pool_init(&pool, mem, MAX, ITEM);
}

START_TEST(gives_max_and_no_more)
{
	uint64_t handles[MAX];
	uint8_t *items[MAX];

	setup();
	for (int i = 0; i < MAX; i++) {
		items[i] = pool_get(&pool, &handles[i]);
		ck_assert_msg(items[i] != NULL && handles[i] != 0, "%d", i);
		memset(items[i], 0xff, ITEM);
	}
	ck_assert_msg(pool_get(&pool, NULL) == NULL, "full");
	for (int i = 0; i < MAX; i++) {
		ck_assert_msg(pool_at(&pool, handles[i]) == items[i], "at");
		ck_assert_msg(pool_handle(&pool, items[i]) == handles[i], "h");
	}
	pool_put(&pool, items[2]);
	ck_assert_msg(pool_at(&pool, handles[2]) == NULL, "stale");
	ck_assert_msg(pool_get(&pool, &handles[0]) == items[2], "reused");
	ck_assert_msg(handles[0] != handles[2], "another handle");
	ck_assert_msg(pool_at(&pool, handles[2]) == NULL, "still stale");
	for (int i = 0; i < ITEM; i++)
		ck_assert_int_eq(items[2][i], 0);
	ck_assert_int_eq((int)pool.n, MAX);
	free(mem);
}
END_TEST

START_TEST(forged_handles_find_nothing)
{
	uint64_t handle;

	setup();
	ck_assert_msg(pool_at(&pool, 0) == NULL, "zero");
	ck_assert_msg(pool_at(&pool, 1ULL << 32) == NULL, "never given");
	ck_assert_msg(pool_get(&pool, &handle) != NULL, "get");
	ck_assert_msg(pool_at(&pool, handle + 1) == NULL, "next index");
	ck_assert_msg(pool_at(&pool, handle | 0xffffffff) == NULL, "far index");
	ck_assert_msg(pool_at(&pool, handle + (1ULL << 32)) == NULL, "next use");
	free(mem);
}
END_TEST

START_TEST(walks_those_in_use)
{
	void *items[MAX], *item;
	int n = 0;

	setup();
	ck_assert_msg(pool_next(&pool, NULL) == NULL, "empty");
	for (int i = 0; i < MAX; i++)
		items[i] = pool_get(&pool, NULL);
	pool_put(&pool, items[0]);
	pool_put(&pool, items[3]);
	for (item = pool_next(&pool, NULL); item != NULL;
	    item = pool_next(&pool, item), n++)
		ck_assert_msg(item != items[0] && item != items[3], "freed");
	ck_assert_int_eq(n, 3);
	for (item = pool_next(&pool, NULL); item != NULL;
	    item = pool_next(&pool, item))
		pool_put(&pool, item);
	ck_assert_int_eq((int)pool.n, 0);
	free(mem);
}
END_TEST

START_TEST(putting_twice_aborts)
{
	void *item;

	setup();
	item = pool_get(&pool, NULL);
	pool_put(&pool, item);
	pool_put(&pool, item);
}
END_TEST

START_TEST(putting_a_stranger_aborts)
{
	uint8_t *item;

	setup();
	item = pool_get(&pool, NULL);
	pool_put(&pool, item + 1);
}
END_TEST

T_MAIN("common_pool")
{
	T_ADD(gives_max_and_no_more);
	T_ADD(forged_handles_find_nothing);
	T_ADD(walks_those_in_use);
	tcase_add_test_raise_signal(t_case, putting_twice_aborts, SIGABRT);
	tcase_add_test_raise_signal(t_case, putting_a_stranger_aborts, SIGABRT);
}
