/* SPDX-License-Identifier: ISC */
/*
 * leasetab - a lease table comes into being: from a configuration's ranges,
 * by loading a file, or from the table before a reload.
 */
#ifndef DHCPD_LEASETAB_H
#define DHCPD_LEASETAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "dhcpd/lease.h"

/* ISC's hash table, in whose order it fills its queues at start. */
#define LEASETAB_ISC_BUCKETS 100003u
/* Bytes of all "on" texts together. */
#define LEASETAB_TEXT_BYTES (1024 * 1024)
/* Granules of variable part reserved per address, and at least. */
#define LEASETAB_SLAB_PER 32
#define LEASETAB_SLAB_MIN (128 * 1024)
/* Most addresses. */
#define LEASETAB_MAX (1u << 26)

/* One address range; pool is an index into the pools given beside it. */
struct leasetab_range {
	uint32_t first, last;
	uint32_t pool;
};

/* What a configuration says about addresses: plain input to a table. */
struct leasetab_plan {
	const struct leasetab_range *ranges;	/* in order of the file */
	size_t ranges_n;
	const uint32_t *pool_network;	/* network index of each pool */
	uint32_t pools_n;		/* pools in order of first use */
};

/*
 * leasetab_size - bytes leasetab_build will want for a plan, to be reserved,
 * not touched; 0 when it has more than LEASETAB_MAX addresses.
 */
size_t leasetab_size(const struct leasetab_plan *plan) MUST_CHECK;

/*
 * leasetab_build - an empty table over untouched (zero) memory.
 *
 * a          room of leasetab_size() bytes; zero
 * key        random, for the hashes
 * ret_twice  addresses that several ranges name; they belong to the first
 *
 * The table is then in loading state: lease_load until leasetab_ready.  False
 * when the arena is too small.
 */
bool leasetab_build(struct lease_table *t, struct arena *a,
    const struct leasetab_plan *plan, struct map_key key, uint64_t *ret_twice)
    MUST_CHECK;

/*
 * leasetab_scratch - bytes of scratch that leasetab_ready wants at most.
 */
size_t leasetab_scratch(const struct lease_table *t);

/*
 * leasetab_ready - end of loading: queues and indexes in the order ISC would
 * have.
 *
 * It goes through its hash table: by address modulo 100003, in a bucket the
 * range declared last first and in a range the highest address first.  A run
 * of leases that go to the same queue with the same end keeps that order, a
 * later run stands before an earlier one of the same end.
 *
 * False when scratch is too small; the table is then useless.
 */
bool leasetab_ready(struct lease_table *t, struct arena *scratch) MUST_CHECK;

/*
 * leasetab_copy - put the bindings of one table into a new, loading one.
 *
 * from       the table before a reload; not changed
 * lost       called for each binding whose address is in no range any more;
 *            text ids in d belong to from
 *
 * False when `to' is out of room.
 */
bool leasetab_copy(struct lease_table *to, const struct lease_table *from,
    void (*lost)(void *ctx, uint32_t addr, const struct lease_data *d),
    void *ctx) MUST_CHECK;

#endif
