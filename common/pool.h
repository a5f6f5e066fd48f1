/* SPDX-License-Identifier: ISC */
/*
 * pool - a fixed number of slots of one size, with generation-checked handles.
 *
 * A handle that outlives its slot is noticed: pool_at() says NULL.  Handles
 * are never 0.  The memory must be zeroed when it comes (fresh mmap memory
 * is); slots that were never used are never touched.
 */
#ifndef COMMON_POOL_H
#define COMMON_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"

struct pool_slot {
	uint32_t gen;		/* odd: in use */
	uint32_t next_free;	/* index + 1 */
};

struct pool {
	struct pool_slot *slots;
	uint8_t *items;
	size_t item_size;
	uint32_t max;
	uint32_t n;		/* in use */
	uint32_t fresh_i;	/* slots from here on were never used */
	uint32_t free_i;	/* index + 1 of the last freed slot */
};

/*
 * pool_size - bytes for max items of item_size (a multiple of 8 is best).
 */
size_t pool_size(uint32_t max, size_t item_size);

/*
 * pool_init - over pool_size() zeroed bytes at mem, aligned to 16.
 */
void pool_init(struct pool *pool, void *mem, uint32_t max, size_t item_size);

/*
 * pool_get - take a slot; its bytes are zeroed.  NULL when all are in use.
 *
 * ret_handle gets the handle; NULL if it is not wanted.
 */
void *pool_get(struct pool *pool, uint64_t *ret_handle) MUST_CHECK;

/*
 * pool_put - give a slot back; every handle to it is void from now on.
 *
 * item       from pool_get, not given back yet
 */
void pool_put(struct pool *pool, void *item);

/*
 * pool_at - the item of a handle, or NULL when it has been given back.
 */
void *pool_at(const struct pool *pool, uint64_t handle);

/*
 * pool_handle - the handle of an item in use.
 */
uint64_t pool_handle(const struct pool *pool, const void *item);

/*
 * pool_next - walk over the items in use: the first one after item, or the
 * first of all for NULL; NULL at the end.  Items may be given back on the way.
 */
void *pool_next(const struct pool *pool, const void *item);

#endif
