/* SPDX-License-Identifier: ISC */
/*
 * leaseq - the queues of a pool: leases ordered by end, ties by seq.
 *
 * Each queue is a treap whose links are in the lease records; a root is
 * 1 + index of a lease, 0 an empty queue.  Priorities are a keyed hash of the
 * index, so that nobody outside can make a queue deep.
 */
#ifndef DHCPD_LEASEQ_H
#define DHCPD_LEASEQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcpd/lease.h"

/*
 * leaseq_insert - put lease i where its ends and seq belong.
 *
 * It must be in no queue; no other member has the same ends and seq.
 */
void leaseq_insert(struct lease_table *t, uint32_t *root, uint32_t i);

/*
 * leaseq_remove - take lease i out; it must be in this queue and have the
 * ends and seq it was put in with.
 */
void leaseq_remove(struct lease_table *t, uint32_t *root, uint32_t i);

/*
 * leaseq_first - index of the first lease, or LEASE_NONE.
 */
uint32_t leaseq_first(const struct lease_table *t, uint32_t root);

/*
 * leaseq_after - index of the first lease behind (ends, seq), or LEASE_NONE.
 */
uint32_t leaseq_after(const struct lease_table *t, uint32_t root,
    uint32_t ends, int64_t seq);

/*
 * leaseq_build - root of a queue of n leases that are in order already.
 *
 * Uses their uid_next as scratch and leaves it 0.  O(n).
 */
uint32_t leaseq_build(struct lease_table *t, const uint32_t *ids, size_t n);

#endif
