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

#include "common/arena.h"
#include "common/str.h"
#include "dhcpd/lease.h"
#include "dhcpd/leaselex.h"
#include "dhcpd/leaseread.h"
#include "dhcpd/leasetext.h"

/* A block being read; lives for its call. */
struct leaseparse {
	struct leaselex lx;
	const struct leaseread *r;
	struct arena scratch;	/* for strings */
	uint32_t addr;
	struct lease_data d;
	uint32_t seen;		/* statements, as bits */
	bool has_state;
	bool is_state_bad;	/* there was one that could not be read */
	bool is_ends_bad;
	bool is_damaged;	/* something was left out */
	bool is_lease;		/* worth keeping */
};

/*
 * leaseparse_warn - ISC's three lines: file, line and text; the source line;
 * a caret.  %-formats as wr_fmt.
 */
void leaseparse_warn(struct leaseparse *ps, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/*
 * leaseparse_begins - does a top-level statement begin at p?
 *
 * p, len     text that starts at a word
 */
bool leaseparse_begins(const char *p, size_t len);

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

/*
 * leaseparse_date - wall seconds of a date; false when there is no such date
 * or it is before 1970 or beyond 32 bits.
 */
bool leaseparse_date(int year, int mon, int day, int hour, int min, int sec,
    uint32_t *ret);

#endif
