/* SPDX-License-Identifier: ISC */
/*
 * leasekeep - statements of the leases file that are kept as text.
 *
 * What the file has besides leases, and leases whose address is in no range
 * now.  Each is known by its heading, all before the brace ("host NAME ",
 * "lease ADDRESS "): a later one replaces an earlier one.
 */
#ifndef DHCPD_LEASEKEEP_H
#define DHCPD_LEASEKEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/map.h"
#include "common/str.h"
#include "dhcpd/leaseread.h"

/* The kind of a lease that is kept as text. */
#define LEASEKEEP_LEASE LEASEREAD_KIND_N

struct leasekeep_item {
	struct str text;
	uint32_t name_len;	/* of its heading */
	uint8_t kind;		/* enum leaseread_kind, LEASEKEEP_LEASE */
	bool is_gone;		/* replaced by a later one, or dropped */
};

/* Process lifetime. */
struct leasekeep {
	struct leasekeep_item *items;
	uint32_t n, max;
	struct arena bytes;
	struct map map;		/* heading -> index */
};

/*
 * leasekeep_size - memory for so many statements with so many bytes.
 */
size_t leasekeep_size(uint32_t max, size_t bytes);

/*
 * leasekeep_init - nothing is kept; memory comes from an arena that has room
 * for leasekeep_size().
 */
void leasekeep_init(struct leasekeep *k, struct arena *a, uint32_t max,
    size_t bytes, struct map_key key);

/*
 * leasekeep_put - keep a copy of a statement; false: no room.
 */
bool leasekeep_put(struct leasekeep *k, enum leaseread_kind kind,
    struct str text) MUST_CHECK;

/*
 * leasekeep_drop - what is kept under this heading is not kept any more.
 */
void leasekeep_drop(struct leasekeep *k, struct str heading);

/*
 * leasekeep_undo - forget what was kept since k->n was n.
 *
 * What it replaced meanwhile is not brought back.
 */
void leasekeep_undo(struct leasekeep *k, uint32_t n);

#endif
