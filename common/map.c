/* SPDX-License-Identifier: ISC */
/*
 * map - keyed hash of fixed capacity; see map.h for the contract.
 *
 * The home of a hash is hash * slots_n / 2^32, so the number of slots needs
 * not be a power of two and homes rise with the hash.  At most three quarters
 * of the slots are taken, so every probe ends at an empty one.
 *
 * Deleting shifts back: a later entry of the run moves into the hole unless
 * its home lies behind the hole; then no lookup ever has to skip a grave.
 */
#include "common/map.h"

#include <string.h>

static uint32_t
slots_for(uint32_t max)
{
	uint64_t n = (uint64_t)max + max / 3 + 4;

	ASSERT(n <= UINT32_MAX);
	return (uint32_t)n;
}

static uint32_t
home_of(const struct map *map, uint32_t hash)
{
	return (uint32_t)((uint64_t)hash * map->slots_n >> 32);
}

static uint32_t
next_of(const struct map *map, uint32_t at)
{
	return at + 1 == map->slots_n ? 0 : at + 1;
}

/* The slot that holds the key, or the empty one where it would go. */
static uint32_t
seek(const struct map *map, uint32_t hash, const void *key, size_t len)
{
	uint32_t at = home_of(map, hash);

	for (; map->slots[at].id_1 != 0; at = next_of(map, at)) {
		if (map->slots[at].hash == hash &&
		    map->is_key(map->ctx, map->slots[at].id_1 - 1, key, len))
			break;
	}
	return at;
}

size_t
map_size(uint32_t max)
{
	return (size_t)slots_for(max) * sizeof(struct map_slot);
}

void
map_init(struct map *map, void *mem, uint32_t max, struct map_key key,
    bool (*is_key)(const void *ctx, uint32_t id, const void *key, size_t len),
    const void *ctx)
{
	ASSERT(mem != NULL);
	ASSERT(is_key != NULL);
	map->slots = mem;
	map->slots_n = slots_for(max);
	map->n = 0;
	map->max = max;
	map->key = key;
	map->is_key = is_key;
	map->ctx = ctx;
}

bool
map_find(const struct map *map, const void *key, size_t len, uint32_t *ret_id)
{
	uint32_t hash = (uint32_t)map_hash(map->key, key, len);
	uint32_t at = seek(map, hash, key, len);

	if (map->slots[at].id_1 == 0)
		return false;
	*ret_id = map->slots[at].id_1 - 1;
	return true;
}

bool
map_put(struct map *map, const void *key, size_t len, uint32_t id)
{
	uint32_t hash = (uint32_t)map_hash(map->key, key, len);
	uint32_t at = seek(map, hash, key, len);

	ASSERT(id < UINT32_MAX);
	if (map->slots[at].id_1 == 0) {
		if (map->n == map->max)
			return false;
		map->n++;
	}
	map->slots[at].hash = hash;
	map->slots[at].id_1 = id + 1;
	return true;
}

bool
map_del(struct map *map, const void *key, size_t len)
{
	uint32_t hash = (uint32_t)map_hash(map->key, key, len);
	uint32_t hole = seek(map, hash, key, len), at;

	if (map->slots[hole].id_1 == 0)
		return false;
	map->n--;
	for (at = next_of(map, hole); map->slots[at].id_1 != 0;
	    at = next_of(map, at)) {
		uint32_t home = home_of(map, map->slots[at].hash);
		bool is_behind = hole < at ? home > hole && home <= at :
		    home > hole || home <= at;

		if (is_behind)
			continue;
		map->slots[hole] = map->slots[at];
		hole = at;
	}
	memset(&map->slots[hole], 0, sizeof(map->slots[hole]));
	return true;
}

/* --- SipHash-1-3 --- */

static uint64_t
rotate(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void
mix(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* Up to eight bytes, little-endian. */
static uint64_t
word(const uint8_t *p, size_t n)
{
	uint64_t w = 0;

	while (n > 0)
		w = w << 8 | p[--n];
	return w;
}

uint64_t
map_hash(struct map_key key, const void *p, size_t len)
{
	uint64_t v[4] = {
		key.k0 ^ 0x736f6d6570736575ULL, key.k1 ^ 0x646f72616e646f6dULL,
		key.k0 ^ 0x6c7967656e657261ULL, key.k1 ^ 0x7465646279746573ULL
	};
	const uint8_t *at = p;
	size_t left = len;
	uint64_t w;

	for (; left >= 8; left -= 8, at += 8) {
		w = word(at, 8);
		v[3] ^= w;
		mix(v);
		v[0] ^= w;
	}
	w = word(at, left) | (uint64_t)len << 56;
	v[3] ^= w;
	mix(v);
	v[0] ^= w;
	v[2] ^= 0xff;
	mix(v);
	mix(v);
	mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
