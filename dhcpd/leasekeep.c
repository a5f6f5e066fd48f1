/* SPDX-License-Identifier: ISC */
/*
 * leasekeep - statements of the leases file that are kept as text.
 *
 * Owns the texts and finds them by heading.  A text that was replaced stays
 * in memory until the end: a file rarely says a thing twice.
 */
#include "dhcpd/leasekeep.h"

#include <string.h>

static bool
is_named(const void *ctx, uint32_t id, const void *key, size_t len)
{
	const struct leasekeep *k = ctx;
	const struct leasekeep_item *item = &k->items[id];

	return item->name_len == len && memcmp(item->text.p, key, len) == 0;
}

size_t
leasekeep_size(uint32_t max, size_t bytes)
{
	return max * sizeof(struct leasekeep_item) + map_size(max) + bytes +
	    3 * 64;
}

void
leasekeep_init(struct leasekeep *k, struct arena *a, uint32_t max,
    size_t bytes, struct map_key key)
{
	void *map, *p;

	k->items = arena_alloc(a, max * sizeof(*k->items), 64);
	map = arena_alloc(a, map_size(max), 64);
	p = arena_alloc(a, bytes, 64);
	ASSERT(!a->full);
	k->n = 0;
	k->max = max;
	map_init(&k->map, map, max, key, is_named, k);
	arena_init(&k->bytes, p, bytes);
}

/* "host NAME", "subclass "A" "B"": all before the brace. */
static size_t
heading_len(struct str text)
{
	size_t n = str_chr(text, '{');

	return n == STR_NONE ? text.len : n;
}

void
leasekeep_drop(struct leasekeep *k, struct str heading)
{
	uint32_t id;

	if (!map_find(&k->map, heading.p, heading.len, &id))
		return;
	k->items[id].is_gone = true;
	(void)map_del(&k->map, heading.p, heading.len);
}

bool
leasekeep_put(struct leasekeep *k, enum leaseread_kind kind, struct str text)
{
	size_t name_len = heading_len(text);
	struct leasekeep_item *item;

	leasekeep_drop(k, str_sub(text, 0, name_len));
	if (k->n == k->max)
		return false;
	item = &k->items[k->n];
	if (!arena_str(&k->bytes, text, &item->text))
		return false;
	item->kind = (uint8_t)kind;
	item->name_len = (uint32_t)name_len;
	item->is_gone = false;
	return map_put(&k->map, text.p, name_len, k->n++);
}
