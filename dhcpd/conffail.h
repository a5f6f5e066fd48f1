/* SPDX-License-Identifier: ISC */
/*
 * conffail.h - failover peers: read and kept, so that files load; nobody runs them.
 */
#ifndef DHCPD_CONFFAIL_H
#define DHCPD_CONFFAIL_H

#include "common/cc.h"
#include "dhcpd/confbuild.h"

/* conffail_parse - failover peer .. in the outermost scope or a shared network. */
void conffail_parse(struct parse *p, struct confbuild_block *b);

/* conffail_reference - failover peer "x"; in a pool. */
void conffail_reference(struct parse *p, struct confbuild_block *b);

/*
 * conffail_check - what the peer checks once a file is good: every failover peer
 * needs a pool.
 *
 * False when the load must fail; the last message says why.
 */
MUST_CHECK bool conffail_check(const struct conf *conf, struct msgs *msgs);

#endif
