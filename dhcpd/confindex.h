/* SPDX-License-Identifier: ISC */
/*
 * confindex.h - hash tables and growing arrays of a configuration generation.
 *
 * A table maps a hash to 32-bit ids; the owner compares keys.  It grows inside
 * the arena, to what its owner expects if that is known, else to the double; what
 * it leaves behind is lost.  The hashes are seeded, because clients choose some of the keys.  Core.
 */
#ifndef DHCPD_CONFINDEX_H
#define DHCPD_CONFINDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

struct confindex_slot {
	uint32_t hash;
	uint32_t id_1;			/* id + 1, 0 = free */
};

struct confindex_table {
	struct confindex_slot *slots;	/* NULL while empty */
	uint32_t mask, n;
	uint32_t growth;		/* how many times n is expected, 0 = unknown */
};

#define CONFINDEX_NONE UINT32_MAX

/* Where a search goes on; start with confindex_start(). */
struct confindex_at {
	uint32_t hash, pos;
};

/*
 * confindex_hash - hash of octets.
 */
uint32_t confindex_hash(uint64_t seed, const void *p, size_t len);

/*
 * confindex_hash_name - hash of a name whose letter case does not matter.
 */
uint32_t confindex_hash_name(uint64_t seed, struct str name);

/*
 * confindex_put - enter an id; ids of the same hash are found in order of entry.
 *
 * False when the arena is full.
 */
MUST_CHECK bool confindex_put(struct confindex_table *t, struct arena *arena, uint32_t hash,
    uint32_t id);

/*
 * confindex_start - begin a search.
 */
struct confindex_at confindex_start(const struct confindex_table *t, uint32_t hash);

/*
 * confindex_next - next id with that hash, or CONFINDEX_NONE.
 */
uint32_t confindex_next(const struct confindex_table *t, struct confindex_at *at);

/*
 * confindex_grow - room for item number n in an array of pointers.
 *
 * array  NULL or what the last call gave; cap its capacity
 *
 * False when the arena is full.
 */
MUST_CHECK bool confindex_grow(struct arena *arena, void *array, uint32_t n, uint32_t *cap);

#endif
