/* SPDX-License-Identifier: ISC */
/*
 * map: against a plain table of what should be there, full, and a million.
 */
#include "common/map.h"
#include "tests/unit/t.h"

/* Entry id has the key names[id]. */
static uint32_t names[1000001];

static bool
is_key(const void *ctx, uint32_t id, const void *key, size_t len)
{
	const uint32_t *table = ctx;

	return len == sizeof(table[id]) && memcmp(&table[id], key, len) == 0;
}

static const struct map_key key = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };

START_TEST(siphash_1_3_of_counting_bytes)
{
	/* From an implementation not ours: PYTHONHASHSEED=0 python3 (3.11)
	 * hash(bytes(range(n))), whose key is then zero. */
	static const struct {
		size_t len;
		uint64_t hash;
	} rows[] = {
		{ 1, 0x68a914128e01e473 }, { 7, 0x2f098ab0c751325a },
		{ 8, 0xead411e67ebe2eea }, { 15, 0xf30eb725bb91c9ea },
		{ 16, 0x8972188433a5c5b7 }
	};
	static const struct map_key zero;
	uint8_t bytes[16];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint8_t *p = t_dup(bytes, rows[i].len);

		ck_assert_msg(map_hash(zero, p, rows[i].len) == rows[i].hash,
		    "len %zu: %016llx", rows[i].len,
		    (unsigned long long)map_hash(zero, p, rows[i].len));
		free(p);
	}
	ck_assert_msg(map_hash(key, bytes, 8) != map_hash(zero, bytes, 8),
	    "the key matters");
}
END_TEST

/*
 * Random puts and deletes in a small map, every answer checked.  Here and below
 * few things are asserted each time: Check writes to a pipe for each.
 */
START_TEST(agrees_with_a_plain_table)
{
	enum { KEYS = 40, MAX = 24 };
	bool is_in[KEYS] = { false };
	void *mem = calloc(1, map_size(MAX));
	struct map_key seeded = { (uint64_t)_i, 7 };
	struct map map;
	uint32_t n = 0, id;
	unsigned rng = (unsigned)_i + 1;

	for (uint32_t i = 0; i < KEYS; i++)
		names[i] = i * 2654435761u;
	map_init(&map, mem, MAX, seeded, is_key, names);
	for (int step = 0; step < 3000; step++) {
		uint32_t k;

		rng = rng * 1103515245 + 12345;
		k = (rng >> 16) % KEYS;
		if (rng >> 30 & 1) {
			bool fits = is_in[k] || n < MAX;

			ck_assert_int_eq(map_put(&map, &names[k], 4, k), fits);
			n += fits && !is_in[k];
			is_in[k] = fits;
		} else {
			ck_assert_int_eq(map_del(&map, &names[k], 4), is_in[k]);
			n -= is_in[k];
			is_in[k] = false;
		}
		ck_assert_int_eq((int)map.n, (int)n);
		for (k = 0; k < KEYS; k++) {
			id = 77;
			if (map_find(&map, &names[k], 4, &id) != is_in[k] ||
			    id != (is_in[k] ? k : 77))
				ck_assert_msg(false, "step %d key %u", step, k);
		}
	}
	free(mem);
}
END_TEST

START_TEST(put_replaces)
{
	void *mem = calloc(1, map_size(1));
	struct map map;
	uint32_t id;

	names[0] = names[1] = 5;
	map_init(&map, mem, 1, key, is_key, names);
	ck_assert_msg(map_put(&map, &names[0], 4, 0), "put");
	ck_assert_msg(map_put(&map, &names[0], 4, 1), "replaced though full");
	ck_assert_msg(map_find(&map, &names[0], 4, &id) && id == 1, "newest");
	names[2] = 6;
	ck_assert_msg(!map_put(&map, &names[2], 4, 2), "full");
	ck_assert_msg(map_del(&map, &names[0], 4), "del");
	ck_assert_msg(!map_del(&map, &names[0], 4), "del twice");
	ck_assert_msg(map_put(&map, &names[2], 4, UINT32_MAX - 2), "big id");
	free(mem);
}
END_TEST

START_TEST(a_million)
{
	enum { N = 1000000 };
	void *mem = calloc(1, map_size(N));
	uint32_t id, none = N, wrong_n = 0;
	struct map map;

	for (uint32_t i = 0; i <= N; i++)
		names[i] = i;
	map_init(&map, mem, N, key, is_key, names);
	for (uint32_t i = 0; i < N; i++)
		wrong_n += !map_put(&map, &names[i], 4, i);
	ck_assert_msg(!map_put(&map, &none, 4, N), "full");
	for (uint32_t i = 0; i < N; i += 2)
		wrong_n += !map_del(&map, &names[i], 4);
	for (uint32_t i = 0; i < N; i++)
		wrong_n += map_find(&map, &names[i], 4, &id) != (i % 2 == 1);
	ck_assert_int_eq((int)wrong_n, 0);
	free(mem);
}
END_TEST

T_MAIN("common_map")
{
	T_ADD(siphash_1_3_of_counting_bytes);
	T_LOOP(agrees_with_a_plain_table, 0, 8);
	T_ADD(put_replaces);
	T_ADD(a_million);
}
