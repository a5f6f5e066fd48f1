/* SPDX-License-Identifier: ISC */
/*
 * pool - fixed slots; see pool.h for the contract.
 *
 * A slot's generation is odd while it is in use and grows at each get and
 * put, so a handle (generation, index) names one use of one slot.  Slots are
 * taken from the freed ones first (their memory is warm), then fresh.
 */
#include "common/pool.h"

#include <string.h>

static size_t
slots_size(uint32_t max)
{
	return ((size_t)max * sizeof(struct pool_slot) + 15) & ~(size_t)15;
}

static uint32_t
index_of(const struct pool *pool, const void *item)
{
	size_t offset = (size_t)((const uint8_t *)item - pool->items);
	size_t i = offset / pool->item_size;

	ASSERT((const uint8_t *)item >= pool->items);
	ASSERT(i < pool->fresh_i);
	ASSERT(i * pool->item_size == offset);
	return (uint32_t)i;
}

size_t
pool_size(uint32_t max, size_t item_size)
{
	return slots_size(max) + (size_t)max * item_size;
}

void
pool_init(struct pool *pool, void *mem, uint32_t max, size_t item_size)
{
	ASSERT(mem != NULL);
	ASSERT((uintptr_t)mem % 16 == 0);
	ASSERT(item_size > 0);
	memset(pool, 0, sizeof(*pool));
	pool->slots = mem;
	pool->items = (uint8_t *)mem + slots_size(max);
	pool->item_size = item_size;
	pool->max = max;
}

void *
pool_get(struct pool *pool, uint64_t *ret_handle)
{
	uint32_t i;
	void *item;

	if (pool->free_i != 0) {
		i = pool->free_i - 1;
		pool->free_i = pool->slots[i].next_free;
	} else if (pool->fresh_i < pool->max) {
		i = pool->fresh_i++;
	} else {
		return NULL;
	}
	pool->slots[i].gen++;
	ASSERT(pool->slots[i].gen & 1);
	pool->n++;
	item = pool->items + i * pool->item_size;
	memset(item, 0, pool->item_size);
	if (ret_handle != NULL)
		*ret_handle = pool_handle(pool, item);
	return item;
}

void
pool_put(struct pool *pool, void *item)
{
	uint32_t i = index_of(pool, item);

	ASSERT(pool->slots[i].gen & 1);
	pool->slots[i].gen++;
	pool->slots[i].next_free = pool->free_i;
	pool->free_i = i + 1;
	pool->n--;
}

void *
pool_at(const struct pool *pool, uint64_t handle)
{
	uint32_t i = (uint32_t)handle, gen = (uint32_t)(handle >> 32);

	if (i >= pool->fresh_i || pool->slots[i].gen != gen || !(gen & 1))
		return NULL;
	return pool->items + i * pool->item_size;
}

uint64_t
pool_handle(const struct pool *pool, const void *item)
{
	uint32_t i = index_of(pool, item);

	ASSERT(pool->slots[i].gen & 1);
	return (uint64_t)pool->slots[i].gen << 32 | i;
}

void *
pool_next(const struct pool *pool, const void *item)
{
	uint32_t i = item == NULL ? 0 : index_of(pool, item) + 1;

	for (; i < pool->fresh_i; i++) {
		if (pool->slots[i].gen & 1)
			return pool->items + i * pool->item_size;
	}
	return NULL;
}
