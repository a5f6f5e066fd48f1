/* SPDX-License-Identifier: ISC */
/*
 * leaseblob - the variable part of a lease: client identifier, host name,
 * agent options, variables and what is rare, packed into one piece of a slab.
 *
 * A handle is 1 + the place of the piece, in granules of eight bytes; 0 is
 * the empty part.  Freed pieces wait for the next of their size; when the
 * slab is full the caller moves what lives into the other half
 * (leaseblob_flip, leaseblob_move), so no pattern of sizes can wear it out.
 */
#ifndef DHCPD_LEASEBLOB_H
#define DHCPD_LEASEBLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"

struct lease_data;

/* Bytes of the variable part of one lease: uid, host name, variables, .. */
#define LEASE_BLOB_MAX 8192
#define LEASEBLOB_GRANULE 8

/* What a piece can hold; the values are private to memory. */
enum leaseblob_tag {
	LEASEBLOB_UID = 1,
	LEASEBLOB_HOSTNAME,
	LEASEBLOB_AGENT,
	LEASEBLOB_VARS,
	LEASEBLOB_HW,		/* hardware address above six octets */
	LEASEBLOB_CLASS,
	LEASEBLOB_VALUE,
	LEASEBLOB_EXPIRY,	/* text ids and times: four bytes each */
	LEASEBLOB_RELEASE,
	LEASEBLOB_TSFP,
	LEASEBLOB_ATSFP
};

struct leaseblob_slab {
	uint8_t *half[2];
	uint32_t max;		/* granules in each half */
	uint32_t n;		/* granules ever used of the present half */
	unsigned now;		/* the present half */
	uint32_t free[LEASE_BLOB_MAX / LEASEBLOB_GRANULE + 1];
};

/*
 * leaseblob_init - over 2 * max granules of untouched memory.
 */
void leaseblob_init(struct leaseblob_slab *s, void *mem, uint32_t max);

/*
 * leaseblob_size - bytes that the variable part of d takes; 0: it has none.
 *
 * Above LEASE_BLOB_MAX it cannot be stored.
 */
size_t leaseblob_size(const struct lease_data *d);

/*
 * leaseblob_new - a piece with the variable part of d (size not 0).
 *
 * False when the slab is full.
 */
bool leaseblob_new(struct leaseblob_slab *s, const struct lease_data *d,
    size_t size, uint32_t *ret) MUST_CHECK;

/*
 * leaseblob_over - write the variable part of d over a piece that is not
 * smaller.
 *
 * size       leaseblob_size(d); d's slices may point into this piece
 *
 * The handle stays.  What the piece was longer comes back at the next flip.
 */
void leaseblob_over(struct leaseblob_slab *s, uint32_t blob,
    const struct lease_data *d, size_t size);

/*
 * leaseblob_len - bytes of a piece; 0 for 0.
 */
size_t leaseblob_len(const struct leaseblob_slab *s, uint32_t blob);

/*
 * leaseblob_del - give a piece back; 0 is ignored.
 */
void leaseblob_del(struct leaseblob_slab *s, uint32_t blob);

/*
 * leaseblob_find - one part of a piece; empty when it is not there.
 */
struct str leaseblob_find(const struct leaseblob_slab *s, uint32_t blob,
    enum leaseblob_tag tag);

/*
 * leaseblob_unpack - put all parts of a piece into ret, whose slices and
 * numbers of these parts are zero.
 */
void leaseblob_unpack(const struct leaseblob_slab *s, uint32_t blob,
    struct lease_data *ret);

/*
 * leaseblob_flip - make the other half, empty, the present one.
 *
 * Every handle must then go through leaseblob_move once.
 */
void leaseblob_flip(struct leaseblob_slab *s);

/*
 * leaseblob_move - the handle in the present half of a piece of the old one.
 */
uint32_t leaseblob_move(struct leaseblob_slab *s, uint32_t blob);

#endif
