/* SPDX-License-Identifier: ISC */
/*
 * leaseparse - the careful reading of one lease block, statement by
 * statement, with ISC's complaints.
 *
 * Where ISC gives up the whole block for one bad statement, this leaves out
 * the statement: a lease that somebody holds must not be forgotten because a
 * line of it is unreadable.
 */
#ifndef DHCPD_LEASEPARSE_H
#define DHCPD_LEASEPARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcpd/lease.h"
#include "dhcpd/leasescan.h"

/* A block being read; lives for its call. */
struct leaseparse {
	struct leasescan s;
	uint32_t addr;
	struct lease_data d;
	uint32_t seen;		/* statements, as bits */
	bool has_state;
	bool is_state_bad;	/* there was one that could not be read */
	bool is_ends_bad;
	bool is_tail;		/* the file ends inside the block */
	bool is_lease;		/* worth keeping */
};

/*
 * leaseparse_lease - read a block from its word "lease" (just read) on.
 *
 * The lexer ends behind the closing brace, or before what begins the next
 * statement when the block is torn.  is_lease says whether d is to be used.
 */
void leaseparse_lease(struct leaseparse *ps);

/*
 * leaseparse_finish - what statements that were not there mean.
 *
 * d          as read; state 0 when there was none
 */
void leaseparse_finish(struct lease_data *d, int64_t now_s);

#endif
