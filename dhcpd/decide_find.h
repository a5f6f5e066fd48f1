/* SPDX-License-Identifier: ISC */
/*
 * decide_find.h - which address a client has, may keep, or could get.
 */
#ifndef DHCPD_DECIDE_FIND_H
#define DHCPD_DECIDE_FIND_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/decide_query.h"

/* What a search found. */
struct decide_found {
	struct decide_pick pick;
	bool is_found;
	bool is_ours;		/* the asked address is ours to refuse */
};

/*
 * decide_find_lease - the address for a client among those it has or asks for.
 *
 * network    where to look; NULL: nowhere
 * is_request a REQUEST wants exactly q->requested; DISCOVER and BOOTP do not
 *
 * Releases leases that the client must not keep, and logs what is odd.
 */
void decide_find_lease(struct decide_query *q, struct conf_network *network,
    bool is_request, struct decide_found *ret);

/*
 * decide_find_free - an address nobody uses, for a client that has none.
 *
 * False when the network has none that this client may have.
 */
bool decide_find_free(struct decide_query *q, struct decide_pick *ret)
    MUST_CHECK;

/*
 * decide_find_pick - subnet and pool of a lease.
 */
void decide_find_pick(const struct decide_query *q, struct lease *l,
    struct decide_pick *ret);

#endif
