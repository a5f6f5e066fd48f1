/* SPDX-License-Identifier: ISC */
/*
 * heap - indexed binary heap; see heap.h for the contract.
 *
 * Three arrays: keys and ids by place, places by id.  put() is the only
 * writer, so the three always agree: ids[places[i] - 1] == i for each id i in
 * the heap.
 */
#include "common/heap.h"

static void
put(struct heap *heap, uint32_t place, uint32_t id, int64_t key)
{
	heap->keys[place] = key;
	heap->ids[place] = id;
	heap->places[id] = place + 1;
}

/* Let (id, key) rise from a free place to where it belongs. */
static void
rise(struct heap *heap, uint32_t place, uint32_t id, int64_t key)
{
	while (place > 0) {
		uint32_t parent = (place - 1) / 2;

		if (heap->keys[parent] <= key)
			break;
		put(heap, place, heap->ids[parent], heap->keys[parent]);
		place = parent;
	}
	put(heap, place, id, key);
}

/* Let (id, key) sink from a free place to where it belongs. */
static void
sink(struct heap *heap, uint32_t place, uint32_t id, int64_t key)
{
	/* Places below n / 2 have a child; stated so, nothing overflows. */
	while (place < heap->n / 2) {
		uint32_t child = 2 * place + 1;

		if (child + 1 < heap->n &&
		    heap->keys[child + 1] < heap->keys[child])
			child++;
		if (heap->keys[child] >= key)
			break;
		put(heap, place, heap->ids[child], heap->keys[child]);
		place = child;
	}
	put(heap, place, id, key);
}

static void
settle(struct heap *heap, uint32_t place, uint32_t id, int64_t key)
{
	if (place > 0 && heap->keys[(place - 1) / 2] > key)
		rise(heap, place, id, key);
	else
		sink(heap, place, id, key);
}

size_t
heap_size(uint32_t max)
{
	return (size_t)max * (sizeof(int64_t) + 2 * sizeof(uint32_t));
}

void
heap_init(struct heap *heap, void *mem, uint32_t max)
{
	ASSERT(mem != NULL);
	ASSERT((uintptr_t)mem % sizeof(int64_t) == 0);
	heap->keys = mem;
	heap->ids = (void *)(heap->keys + max);
	heap->places = heap->ids + max;
	heap->n = 0;
	heap->max = max;
}

void
heap_set(struct heap *heap, uint32_t id, int64_t key)
{
	ASSERT(id < heap->max);
	if (heap->places[id] == 0)
		rise(heap, heap->n++, id, key);
	else
		settle(heap, heap->places[id] - 1, id, key);
	ASSERT(heap->n <= heap->max);
}

void
heap_del(struct heap *heap, uint32_t id)
{
	uint32_t place, last;

	ASSERT(id < heap->max);
	if (heap->places[id] == 0)
		return;
	place = heap->places[id] - 1;
	heap->places[id] = 0;
	last = --heap->n;
	if (place != last)
		settle(heap, place, heap->ids[last], heap->keys[last]);
}

bool
heap_has(const struct heap *heap, uint32_t id, int64_t *ret_key)
{
	ASSERT(id < heap->max);
	if (heap->places[id] == 0)
		return false;
	*ret_key = heap->keys[heap->places[id] - 1];
	return true;
}

bool
heap_top(const struct heap *heap, uint32_t *ret_id, int64_t *ret_key)
{
	if (heap->n == 0)
		return false;
	*ret_id = heap->ids[0];
	*ret_key = heap->keys[0];
	return true;
}
