/* SPDX-License-Identifier: ISC */
/*
 * opttab - the table of TFTP options, and their negotiation.
 *
 * An option is a row: name, smallest and largest value, how to apply it.
 * What cannot be granted is left out of the answer (RFC 2347), never refused:
 * a boot ROM that hears an error gives up.
 */
#ifndef TFTPD_OPTTAB_H
#define TFTPD_OPTTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "tftpd/packet.h"

/* Longest OACK that the table can produce: every option once. */
#define OPTTAB_OACK_MAX 160

/* The server's side of the bargain. */
struct opttab_limits {
	uint32_t blksize_max;	/* -B */
	uint32_t window_max;	/* 1 turns windows off */
	uint32_t refused;	/* bit per row: -r */
};

/* What both sides agreed on. */
struct opttab_set {
	bool is_write;
	bool is_ascii;
	uint64_t size;		/* of the file to be read, octets */
	uint32_t blksize;
	uint32_t window;
	uint32_t timeout_us;	/* 0: not asked for */
	uint16_t rollover;	/* number that follows block 65535 */
	bool has_tsize;		/* upload: the client said how long it is */
	uint64_t tsize;
	size_t oack_len;	/* 0: no option granted, so no OACK */
	uint8_t oack[OPTTAB_OACK_MAX];
};

/*
 * opttab_find - row of an option by name, any case; -1 when unknown.
 */
int opttab_find(struct str name);

/*
 * opttab_name - name of row i, or NULL behind the last: for loops over all.
 */
const char *opttab_name(unsigned i);

/*
 * opttab_negotiate - walk the options of a request and build the OACK.
 *
 * req        borrowed
 * set        is_write, is_ascii and size filled in by the caller, the rest is
 *            the result
 *
 * The answer keeps the client's order and spelling.  The first of two equal
 * options counts; blksize2 yields to a blksize in the same request.
 */
void opttab_negotiate(const struct packet_req *req,
    const struct opttab_limits *limits, struct opttab_set *set);

#endif
