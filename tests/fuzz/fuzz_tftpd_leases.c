/* SPDX-License-Identifier: ISC */
/*
 * A leases file: any bytes, fed whole and then again in two parts.  What is
 * found must be the same machine both ways.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/cc.h"
#include "tftpd/leases.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* Leases' own table would be too large to clear for each input. */
static struct lease_entry entries[64];
static struct map_slot slots[1024];

static bool
is_addr(const void *ctx, uint32_t id, const void *key, size_t len)
{
	(void)ctx;
	return memcmp(&entries[id].addr, key, len) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const struct map_key key = { 1, 2 };
	struct leases leases = { .entries = entries };
	const struct lease_entry *e;
	size_t used;

	ASSERT(map_size(ARRAY_LEN(entries)) <= sizeof(slots));
	if (len > 2000)			/* at most 64 leases fit in there */
		return 0;
	memset(slots, 0, sizeof(slots));
	map_init(&leases.map, slots, ARRAY_LEN(entries), key, is_addr, NULL);
	used = leases_feed(&leases, str_make(p, len / 2));
	ASSERT(used <= len / 2);
	used += leases_feed(&leases, str_make(p + used, len - used));
	ASSERT(used <= len);
	for (uint32_t i = 0; i < leases.entries_n; i++) {
		e = leases_find(&leases, entries[i].addr);
		ASSERT(e == NULL || e == &entries[i]);
		ASSERT(entries[i].mac_len <= LEASES_MAC_MAX);
		ASSERT(entries[i].name_len <= LEASES_NAME_MAX);
		ASSERT(memchr(entries[i].name, '/', entries[i].name_len) ==
		    NULL);
	}
	return 0;
}
