/* SPDX-License-Identifier: ISC */
/*
 * confindex - the tables behind conf_host_by_hw() and its like.
 *
 * Open addressing, linear probing, at most four fifths full, no deletion.  Some
 * of these tables have as many entries as there are hosts, so room counts.
 */
#include "dhcpd/confindex.h"

#include <string.h>

#define FIRST_SLOTS 16
#define FIRST_ITEMS 8

static uint32_t
finish(uint64_t h)
{
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15U;
	return (uint32_t)(h >> 32);
}

uint32_t
confindex_hash(uint64_t seed, const void *p, size_t len)
{
	const uint8_t *b = p;
	uint64_t h = seed ^ 0xcbf29ce484222325U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ b[i]) * 0x100000001b3U;
	return finish(h);
}

uint32_t
confindex_hash_name(uint64_t seed, struct str name)
{
	uint64_t h = seed ^ 0xcbf29ce484222325U;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (uint8_t)str_lower(name.p[i])) * 0x100000001b3U;
	return finish(h);
}

static void
place(struct confindex_table *t, uint32_t hash, uint32_t id)
{
	uint32_t at = hash & t->mask;

	while (t->slots[at].id_1)
		at = (at + 1) & t->mask;
	t->slots[at].hash = hash;
	t->slots[at].id_1 = id + 1;
	t->n++;
}

bool
confindex_put(struct confindex_table *t, struct arena *arena, uint32_t hash, uint32_t id)
{
	if (!t->slots || (uint64_t)t->n * 5 >= (uint64_t)t->mask * 4) {
		struct confindex_table old = *t;
		uint64_t expected = (uint64_t)old.n * (old.growth ? old.growth : 1);
		uint32_t n = old.slots ? (old.mask + 1) * 2 : FIRST_SLOTS;
		uint32_t from = 0;

		while ((uint64_t)n * 4 < expected * 5 && n < 1U << 28)
			n *= 2;

		t->slots = ARENA_ARRAY(arena, struct confindex_slot, n);
		if (!t->slots) {
			*t = old;
			return false;
		}
		t->mask = n - 1;
		t->n = 0;
		/* start behind a free slot, so that runs keep their order */
		while (old.slots && old.slots[from].id_1)
			from++;
		for (uint32_t i = 1; old.slots && i <= old.mask; i++) {
			const struct confindex_slot *s = &old.slots[(from + i) & old.mask];

			if (s->id_1)
				place(t, s->hash, s->id_1 - 1);
		}
	}
	place(t, hash, id);
	return true;
}

struct confindex_at
confindex_start(const struct confindex_table *t, uint32_t hash)
{
	return (struct confindex_at){ hash, hash & t->mask };
}

uint32_t
confindex_next(const struct confindex_table *t, struct confindex_at *at)
{
	if (!t->slots)
		return CONFINDEX_NONE;
	for (; t->slots[at->pos].id_1; at->pos = (at->pos + 1) & t->mask) {
		if (t->slots[at->pos].hash == at->hash) {
			uint32_t id = t->slots[at->pos].id_1 - 1;

			at->pos = (at->pos + 1) & t->mask;
			return id;
		}
	}
	return CONFINDEX_NONE;
}

bool
confindex_grow(struct arena *arena, void *array, uint32_t n, uint32_t *cap)
{
	void ***items = array;
	uint32_t more = *cap ? *cap * 2 : FIRST_ITEMS;
	void **grown;

	if (n < *cap)
		return true;
	grown = ARENA_ARRAY(arena, void *, more);
	if (!grown)
		return false;
	if (n)
		memcpy(grown, *items, n * sizeof(*grown));
	*items = grown;
	*cap = more;
	return true;
}
