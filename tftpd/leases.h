/* SPDX-License-Identifier: ISC */
/*
 * leases - who has which address, out of dhcpd's leases file.
 *
 * Only what --leases needs: address to hardware address, client identifier and
 * host name, of leases that are active in their last record.  Text is fed in
 * pieces; a record that is not complete yet is left for the next time, so a
 * file that is just being written does no harm.
 */
#ifndef TFTPD_LEASES_H
#define TFTPD_LEASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/map.h"
#include "common/str.h"

/* Addresses that are remembered; further ones are not. */
#define LEASES_MAX 65536
/* Longest hardware address, client identifier and host name kept. */
#define LEASES_MAC_MAX 16
#define LEASES_ID_MAX 64
#define LEASES_NAME_MAX 64
/* Room for an identifier in hexadecimal with separators, and a NUL. */
#define LEASES_TEXT_SIZE (LEASES_ID_MAX * 3 + 1)

struct lease_entry {
	uint32_t addr;		/* host order */
	bool is_active;
	uint8_t mac_len, id_len, name_len;
	uint8_t mac[LEASES_MAC_MAX];
	uint8_t id[LEASES_ID_MAX];
	char name[LEASES_NAME_MAX];	/* letters, digits, - _ . only */
};

struct leases {
	struct map map;
	struct lease_entry *entries;
	uint32_t entries_n;
};

/*
 * leases_size - bytes of zeroed memory that leases_init wants.
 */
size_t leases_size(void);

/*
 * leases_init - an empty table over leases_size() bytes, aligned to 16.
 */
void leases_init(struct leases *leases, void *mem, struct map_key key);

/*
 * leases_clear - forget everything; mem as given to leases_init.
 */
void leases_clear(struct leases *leases, void *mem);

/*
 * leases_feed - take the records of a text.
 *
 * Returns how much of it was used: up to the end of the last whole record.
 */
size_t leases_feed(struct leases *leases, struct str text);

/*
 * leases_find - the active lease of an address, or NULL.
 */
const struct lease_entry *leases_find(const struct leases *leases,
    uint32_t addr);

/*
 * leases_hex - bytes as hexadecimal digits, with a separator unless it is NUL.
 */
struct str leases_hex(const uint8_t *p, size_t len, char separator,
    char buf[LEASES_TEXT_SIZE]);

#endif
