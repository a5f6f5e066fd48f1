/* SPDX-License-Identifier: ISC */
/*
 * alloc - which free address a new client is offered.
 *
 * ISC's order: the best head of the free queues (or, where those are empty,
 * of the abandoned ones) of the pools the client may use; never used beats
 * used, the earlier end beats the later, the first pool beats the others.
 * The cost depends on the number of pools, not of addresses.
 */
#ifndef DHCPD_ALLOC_H
#define DHCPD_ALLOC_H

#include <stddef.h>
#include <stdint.h>

#include "dhcpd/lease.h"

/*
 * alloc_pick - the lease to offer, or NULL when there is none.
 *
 * pools      indexes of the network's pools that permit the client, in order
 *            of first use in the configuration
 *
 * The lease may be abandoned: then every address of these pools is in use,
 * and the caller says that it reclaims it.
 */
struct lease *alloc_pick(struct lease_table *t, const uint32_t *pools,
    size_t pools_n, int64_t now_s);

#endif
