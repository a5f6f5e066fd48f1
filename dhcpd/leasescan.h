/* SPDX-License-Identifier: ISC */
/*
 * leasescan - reading values, complaining and skipping in dhcpd.leases.
 */
#ifndef DHCPD_LEASESCAN_H
#define DHCPD_LEASESCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/leaselex.h"
#include "dhcpd/leaseread.h"

/* Where reading stands; lives for one top-level statement. */
struct leasescan {
	struct leaselex lx;
	const struct leaseread *r;	/* for its sink and path */
	struct arena scratch;	/* for strings */
	bool is_damaged;	/* something was left out */
	bool is_over;		/* so that what follows may be of another */
	size_t bad_n;		/* bytes of it that were reported */
};

/*
 * leasescan_warn - ISC's three lines: file, line and text; the source line as
 * far as it was read; a caret.
 */
void leasescan_warn(struct leasescan *sc, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/*
 * leasescan_note - report what lies between offset from and the lexer's
 * position as left out; nothing in between: a block without its end.
 *
 * line       that it begins in
 */
void leasescan_note(struct leasescan *sc, uint32_t line, size_t from);

/*
 * leasescan_begins - does a top-level statement begin at p?
 *
 * p, len     text that starts at a word
 */
bool leasescan_begins(const char *p, size_t len);

/*
 * leasescan_is_next - is the token last read the beginning of another block,
 * at the start of a line?
 */
bool leasescan_is_next(const struct leaselex *lx);

/*
 * leasescan_skip - skip the rest of a statement: past its semicolon or block,
 * but not past the brace that ends the lease nor into another block.
 *
 * When that leaves the line, or passes more than a few bytes that are no text,
 * a hole may have been skipped and the statements behind it may belong to another lease:
 * is_over says so.
 */
void leasescan_skip(struct leasescan *sc);

/*
 * leasescan_want - read a token that belongs to the present statement.
 *
 * False at its end: the token is in lx.tok for a complaint, but will be read
 * again.
 */
bool leasescan_want(struct leasescan *sc) MUST_CHECK;

/*
 * leasescan_semicolon - read one, or complain and skip the statement.
 */
bool leasescan_semicolon(struct leasescan *sc, const char *complaint)
    MUST_CHECK;

/*
 * leasescan_string - the bytes of the string token last read.
 */
bool leasescan_string(struct leasescan *sc, struct str *ret) MUST_CHECK;

/*
 * leasescan_hex - octets in hexadecimal with colons, from the token last read.
 */
bool leasescan_hex(struct leasescan *sc, struct str *ret) MUST_CHECK;

/*
 * leasescan_data - a string or octets, from the token last read.
 */
bool leasescan_data(struct leasescan *sc, struct str *ret) MUST_CHECK;

/*
 * leasescan_time - the time behind "ends" and the like: a date in UTC, epoch
 * seconds or never.
 */
bool leasescan_time(struct leasescan *sc, uint32_t *ret) MUST_CHECK;

/*
 * leasescan_date - wall seconds of a date; false when there is no such date
 * or it is before 1970 or beyond 32 bits.
 */
bool leasescan_date(int year, int mon, int day, int hour, int min, int sec,
    uint32_t *ret) MUST_CHECK;

#endif
