/* SPDX-License-Identifier: ISC */
/*
 * arena - bump allocator; see arena.h for the contract.
 *
 * Alignment is of the address, not of the offset, so the memory given may
 * start anywhere.  All bounds are checked by subtraction from what is left.
 */
#include "common/arena.h"

#include <string.h>

void
arena_init(struct arena *a, void *p, size_t cap)
{
	ASSERT(p != NULL);
	a->p = p;
	a->cap = cap;
	a->len = 0;
	a->full = false;
}

void *
arena_alloc(struct arena *a, size_t size, size_t align)
{
	size_t pad, left;
	void *p;

	ASSERT(align > 0);
	ASSERT((align & (align - 1)) == 0);
	ASSERT(a->len <= a->cap);
	pad = (size_t)-(uintptr_t)(a->p + a->len) & (align - 1);
	left = a->cap - a->len;
	if (pad > left || size > left - pad) {
		a->full = true;
		return NULL;
	}
	p = a->p + a->len + pad;
	a->len += pad + size;
	return p;
}

void *
arena_zalloc(struct arena *a, size_t n, size_t size, size_t align)
{
	void *p;

	if (size != 0 && n > SIZE_MAX / size) {
		a->full = true;
		return NULL;
	}
	p = arena_alloc(a, n * size, align);
	if (p != NULL)
		memset(p, 0, n * size);
	return p;
}

void *
arena_dup(struct arena *a, const void *p, size_t len)
{
	void *copy = arena_alloc(a, len, 1);

	if (copy != NULL && len > 0)
		memcpy(copy, p, len);
	return copy;
}

bool
arena_str(struct arena *a, struct str s, struct str *ret)
{
	char *copy;

	/* s is in memory, so its length plus one cannot overflow. */
	copy = arena_alloc(a, s.len + 1, 1);
	if (copy == NULL)
		return false;
	if (s.len > 0)
		memcpy(copy, s.p, s.len);
	copy[s.len] = '\0';
	*ret = str_make(copy, s.len);
	return true;
}

size_t
arena_mark(const struct arena *a)
{
	return a->len;
}

void
arena_reset(struct arena *a, size_t mark)
{
	ASSERT(mark <= a->len);
	a->len = mark;
	a->full = false;
}

size_t
arena_left(const struct arena *a)
{
	return a->cap - a->len;
}

void
arena_trim(struct arena *a, const void *p, size_t len)
{
	const uint8_t *start = p;

	ASSERT(start >= a->p);
	ASSERT(start <= a->p + a->len);
	ASSERT(len <= (size_t)(a->p + a->len - start));
	a->len = (size_t)(start - a->p) + len;
}
