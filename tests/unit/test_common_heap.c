/* SPDX-License-Identifier: ISC */
/*
 * heap: random insert, move and remove against a plain array.
 */
#include <signal.h>

#include "common/heap.h"
#include "tests/unit/t.h"

#define MAX 37

static void
check_top(const struct heap *heap, const int64_t *keys, const bool *is_in)
{
	int64_t least = INT64_MAX, key;
	uint32_t id, n = 0;

	for (uint32_t i = 0; i < MAX; i++) {
		/* Check writes to a pipe per assertion; there are too many. */
		if (heap_has(heap, i, &key) != is_in[i])
			ck_assert_msg(false, "is %u there?", i);
		if (!is_in[i])
			continue;
		if (key != keys[i])
			ck_assert_msg(false, "key of %u", i);
		n++;
		if (keys[i] < least)
			least = keys[i];
	}
	ck_assert_int_eq((int)heap->n, (int)n);
	ck_assert_int_eq(heap_top(heap, &id, &key), n > 0);
	if (n > 0)
		ck_assert_msg(key == least && is_in[id] && keys[id] == least,
		    "top");
}

START_TEST(agrees_with_an_array)
{
	void *mem = calloc(1, heap_size(MAX));
	int64_t keys[MAX];
	bool is_in[MAX] = { false };
	unsigned rng = (unsigned)_i + 1;
	struct heap heap;

	heap_init(&heap, mem, MAX);
	for (int step = 0; step < 4000; step++) {
		uint32_t id;

		rng = rng * 1103515245 + 12345;
		id = (rng >> 8) % MAX;
		if ((rng >> 24) % 3 == 0) {
			heap_del(&heap, id);
			is_in[id] = false;
		} else {
			keys[id] = (int64_t)(rng >> 16) % 50 - 25;
			heap_set(&heap, id, keys[id]);
			is_in[id] = true;
		}
		check_top(&heap, keys, is_in);
	}
	free(mem);
}
END_TEST

START_TEST(comes_out_sorted)
{
	void *mem = calloc(1, heap_size(MAX));
	int64_t key, last = INT64_MIN;
	struct heap heap;
	uint32_t id;

	heap_init(&heap, mem, MAX);
	ck_assert_msg(!heap_top(&heap, &id, &key), "empty");
	for (uint32_t i = 0; i < MAX; i++)
		heap_set(&heap, i, i % 2 ? INT64_MAX - i : INT64_MIN + i);
	for (int n = 0; heap_top(&heap, &id, &key); n++) {
		ck_assert_msg(key >= last, "order");
		last = key;
		heap_del(&heap, id);
		ck_assert_msg(!heap_has(&heap, id, &key), "gone");
		ck_assert_int_eq((int)heap.n, MAX - 1 - n);
	}
	free(mem);
}
END_TEST

START_TEST(id_beyond_max_aborts)
{
	struct heap heap;

	heap_init(&heap, calloc(1, heap_size(MAX)), MAX);
	heap_set(&heap, MAX, 0);
}
END_TEST

T_MAIN("common_heap")
{
	T_LOOP(agrees_with_an_array, 0, 8);
	T_ADD(comes_out_sorted);
	tcase_add_test_raise_signal(t_case, id_beyond_max_aborts, SIGABRT);
}
