/* SPDX-License-Identifier: ISC */
/*
 * map, heap and pool under a random sequence of operations, beside plain
 * tables that say what must be there.
 */
#include <stdlib.h>
#include <string.h>

#include "common/heap.h"
#include "common/map.h"
#include "common/pool.h"

#define MAX 16
#define KEYS 24

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
expect(bool ok)
{
	if (!ok)
		abort();
}

static bool
is_key(const void *ctx, uint32_t id, const void *key, size_t len)
{
	(void)ctx;
	return len == 1 && *(const uint8_t *)key == id;
}

static void
run_map(const uint8_t *p, size_t len)
{
	void *mem = calloc(1, map_size(MAX));
	struct map_key seed = { len, len > 0 ? p[0] : 0 };
	bool is_in[KEYS] = { false };
	struct map map;
	uint32_t id, n = 0;

	map_init(&map, mem, MAX, seed, is_key, NULL);
	for (size_t i = 0; i < len; i++) {
		uint8_t k = p[i] % KEYS;

		if (p[i] & 0x80) {
			expect(map_del(&map, &k, 1) == is_in[k]);
			n -= is_in[k];
			is_in[k] = false;
		} else if (map_put(&map, &k, 1, k)) {
			n += !is_in[k];
			is_in[k] = true;
		} else {
			expect(!is_in[k] && n == MAX);
		}
		for (k = 0; k < KEYS; k++)
			expect(map_find(&map, &k, 1, &id) == is_in[k]);
		expect(map.n == n);
	}
	free(mem);
}

static void
run_heap(const uint8_t *p, size_t len)
{
	void *mem = calloc(1, heap_size(MAX));
	int64_t keys[MAX], key, least;
	bool is_in[MAX] = { false };
	struct heap heap;
	uint32_t id;

	heap_init(&heap, mem, MAX);
	for (size_t i = 0; i + 1 < len; i += 2) {
		id = p[i] % MAX;
		is_in[id] = !(p[i] & 0x80);
		keys[id] = p[i + 1];
		if (is_in[id])
			heap_set(&heap, id, keys[id]);
		else
			heap_del(&heap, id);
		least = INT64_MAX;
		for (id = 0; id < MAX; id++) {
			if (is_in[id] && keys[id] < least)
				least = keys[id];
		}
		expect(heap_top(&heap, &id, &key) == (least != INT64_MAX));
		expect(least == INT64_MAX || (key == least && is_in[id]));
	}
	free(mem);
}

static void
run_pool(const uint8_t *p, size_t len)
{
	void *mem = calloc(1, pool_size(MAX, 8)), *item;
	uint64_t handles[MAX] = { 0 }, stale[MAX] = { 0 };
	struct pool pool;
	uint32_t n = 0;

	pool_init(&pool, mem, MAX, 8);
	for (size_t i = 0; i < len; i++) {
		size_t k = p[i] % MAX;

		if (handles[k] == 0) {
			item = pool_get(&pool, &handles[k]);
			expect(item != NULL && pool_at(&pool, handles[k]) ==
			    item);
			n++;
		} else {
			pool_put(&pool, pool_at(&pool, handles[k]));
			stale[k] = handles[k];
			handles[k] = 0;
			n--;
		}
		expect(stale[k] == 0 || pool_at(&pool, stale[k]) == NULL);
		expect(pool.n == n);
	}
	free(mem);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	if (len > 512)
		len = 512;
	run_map(p, len);
	run_heap(p, len);
	run_pool(p, len);
	return 0;
}
