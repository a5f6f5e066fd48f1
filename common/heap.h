/* SPDX-License-Identifier: ISC */
/*
 * heap - indexed binary heap: smallest key first, each id at most once.
 *
 * Keys are int64 (usually a time), ids 0..max-1.  Setting, moving and removing
 * any id is O(log n).  The memory must be zeroed when it comes.
 */
#ifndef COMMON_HEAP_H
#define COMMON_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"

struct heap {
	int64_t *keys;		/* by place in the heap */
	uint32_t *ids;		/* by place */
	uint32_t *places;	/* by id: place + 1, or 0 */
	uint32_t n;
	uint32_t max;
};

/*
 * heap_size - bytes for ids 0..max-1 (16 each).
 */
size_t heap_size(uint32_t max);

/*
 * heap_init - over heap_size() zeroed bytes at mem, aligned to 8.
 */
void heap_init(struct heap *heap, void *mem, uint32_t max);

/*
 * heap_set - insert id with a key, or change its key.
 */
void heap_set(struct heap *heap, uint32_t id, int64_t key);

/*
 * heap_del - remove id; nothing happens when it is not there.
 */
void heap_del(struct heap *heap, uint32_t id);

/*
 * heap_has - is id there; ret_key gets its key.
 */
bool heap_has(const struct heap *heap, uint32_t id, int64_t *ret_key);

/*
 * heap_top - id and key of the smallest; false when the heap is empty.
 */
bool heap_top(const struct heap *heap, uint32_t *ret_id, int64_t *ret_key)
    MUST_CHECK;

#endif
