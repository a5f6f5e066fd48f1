/* SPDX-License-Identifier: ISC */
/*
 * leasekeep - statements of the leases file that are kept as text.
 *
 * Owns the texts and finds them by heading.  The memory of a text that was
 * replaced or dropped comes back when no other lies behind it: leases come and
 * go together, as reloads take their range away and bring it back.
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

/* Give back what is gone at the end, unless something else lies behind it. */
static void
trim(struct leasekeep *k)
{
	const struct leasekeep_item *last;

	for (; k->n > 0; k->n--) {
		last = &k->items[k->n - 1];
		if (!last->is_gone || (const uint8_t *)last->text.p +
		    last->text.len + 1 != k->bytes.p + k->bytes.len)
			return;
		arena_trim(&k->bytes, last->text.p, 0);
	}
}

void
leasekeep_drop(struct leasekeep *k, struct str heading)
{
	uint32_t id;

	if (!map_find(&k->map, heading.p, heading.len, &id))
		return;
	(void)map_del(&k->map, heading.p, heading.len);
	k->items[id].is_gone = true;
	trim(k);
}

void
leasekeep_undo(struct leasekeep *k, uint32_t n)
{
	struct leasekeep_item *item;

	for (uint32_t i = n; i < k->n; i++) {
		item = &k->items[i];
		if (!item->is_gone)
			(void)map_del(&k->map, item->text.p, item->name_len);
		item->is_gone = true;
	}
	trim(k);
	if (k->n > n)
		k->n = n;
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
