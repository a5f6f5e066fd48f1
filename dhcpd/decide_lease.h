/* SPDX-License-Identifier: ISC */
/*
 * decide_lease.h - give an address: OFFER, ACK, dynamic and fixed BOOTP.
 */
#ifndef DHCPD_DECIDE_LEASE_H
#define DHCPD_DECIDE_LEASE_H

#include "dhcpd/decide_query.h"

/* What giving means. */
enum decide_lease_kind {
	DECIDE_LEASE_OFFER,
	DECIDE_LEASE_ACK,
	DECIDE_LEASE_BOOTP	/* dynamic; as durable as an ACK */
};

/*
 * decide_lease_give - decide on terms, change the lease, build the reply.
 *
 * pick       from decide_find_*
 *
 * q->head is the request's line; it is logged here, refused or not.
 */
enum decide_verdict decide_lease_give(struct decide_query *q,
    const struct decide_pick *pick, enum decide_lease_kind kind);

/*
 * decide_lease_bootp_fixed - answer BOOTP from a host declaration.
 */
enum decide_verdict decide_lease_bootp_fixed(struct decide_query *q,
    const struct decide_pick *pick);

#endif
