/* SPDX-License-Identifier: ISC */
/*
 * map - bytes to a 32-bit id, fixed capacity, for keys that strangers choose.
 *
 * Open addressing with linear probing over (32 bits of SipHash-1-3, id)
 * pairs; deleting shifts back, so there are no tombstones and no rehash.  The
 * keys themselves stay in the caller's table: a callback compares the key
 * with entry id.  The memory must be zeroed when it comes.
 */
#ifndef COMMON_MAP_H
#define COMMON_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"

struct map_slot {
	uint32_t hash;
	uint32_t id_1;		/* id + 1; 0 means empty */
};

struct map_key {
	uint64_t k0, k1;	/* random, from proc_random() */
};

struct map {
	struct map_slot *slots;
	uint32_t slots_n;
	uint32_t n;
	uint32_t max;
	struct map_key key;
	bool (*is_key)(const void *ctx, uint32_t id, const void *key,
	    size_t len);
	const void *ctx;
};

/*
 * map_size - bytes for max entries (about 11 each).
 */
size_t map_size(uint32_t max);

/*
 * map_init - over map_size() zeroed bytes at mem, aligned to 8.
 *
 * is_key     true when entry id has exactly this key
 * ctx        handed to is_key
 */
void map_init(struct map *map, void *mem, uint32_t max, struct map_key key,
    bool (*is_key)(const void *ctx, uint32_t id, const void *key, size_t len),
    const void *ctx);

/*
 * map_find - the id under a key; false when there is none.
 */
bool map_find(const struct map *map, const void *key, size_t len,
    uint32_t *ret_id) MUST_CHECK;

/*
 * map_put - enter id (below UINT32_MAX) under a key, or replace the id there.
 *
 * False when the map is full; nothing is changed then.
 */
bool map_put(struct map *map, const void *key, size_t len, uint32_t id)
    MUST_CHECK;

/*
 * map_del - remove a key; false when it was not there.
 *
 * The entry in the caller's table must still have its key.
 */
bool map_del(struct map *map, const void *key, size_t len);

/*
 * map_hash - SipHash-1-3 of len bytes at p.
 */
uint64_t map_hash(struct map_key key, const void *p, size_t len);

#endif
