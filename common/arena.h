/* SPDX-License-Identifier: ISC */
/*
 * arena - bump allocator over memory somebody gives, which is also its cap.
 *
 * No free, only back to a mark.  When it is full it returns NULL and remembers
 * that in full.  A big region from proc_reserve() is touched only as far
 * as it is used.
 */
#ifndef COMMON_ARENA_H
#define COMMON_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"

struct arena {
	uint8_t *p;
	size_t cap;
	size_t len;		/* bytes given out, padding included */
	bool full;		/* an allocation has failed */
};

/* Allocate an object, or n objects, of a type; zeroed; NULL when full. */
#define ARENA_NEW(arena, type) \
	((type *)arena_zalloc((arena), 1, sizeof(type), _Alignof(type)))
#define ARENA_ARRAY(arena, type, n) \
	((type *)arena_zalloc((arena), (n), sizeof(type), _Alignof(type)))

/*
 * arena_init - over cap bytes at p.
 */
void arena_init(struct arena *a, void *p, size_t cap);

/*
 * arena_alloc - size bytes, aligned to align (a power of two); NULL when full.
 *
 * The bytes are what they were; size 0 gives a pointer that must not be
 * followed.
 */
void *arena_alloc(struct arena *a, size_t size, size_t align) MUST_CHECK;

/*
 * arena_zalloc - n objects of size bytes each, zeroed; NULL when full or when
 * n times size overflows.
 */
void *arena_zalloc(struct arena *a, size_t n, size_t size, size_t align)
    MUST_CHECK;

/*
 * arena_dup - copy of len bytes, unaligned; NULL when full.
 */
void *arena_dup(struct arena *a, const void *p, size_t len) MUST_CHECK;

/*
 * arena_str - copy of a slice into ret, followed by a NUL that is not counted,
 * so that ret->p is also a C string when s contains no NUL.
 *
 * False when full; ret is then untouched.
 */
bool arena_str(struct arena *a, struct str s, struct str *ret) MUST_CHECK;

/*
 * arena_mark - where we are, for arena_reset.
 */
size_t arena_mark(const struct arena *a);

/*
 * arena_reset - give back everything allocated since the mark; clears full.
 */
void arena_reset(struct arena *a, size_t mark);

/*
 * arena_left - bytes that can still be had with alignment 1.
 */
size_t arena_left(const struct arena *a);

/*
 * arena_trim - shorten the last allocation to len bytes.
 *
 * p          what the last arena_alloc returned
 */
void arena_trim(struct arena *a, const void *p, size_t len);

#endif
