/* SPDX-License-Identifier: ISC */
/*
 * netascii - line ends as TFTP's netascii mode wants them, both ways.
 *
 * Conversion goes on across block borders: what a block had no room for, or
 * what cannot be decided yet, is carried in the state.  RFC 764 and 1350.
 */
#ifndef TFTPD_NETASCII_H
#define TFTPD_NETASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wr.h"

/* Where a conversion stands; zeroed at the beginning. */
struct netascii {
	bool has_carry;		/* encoding: a second byte still to be sent */
	uint8_t carry;
	bool has_cr;		/* decoding: a CR not followed by anything yet */
};

/*
 * netascii_encode - LF becomes CR LF, CR becomes CR NUL.
 *
 * Writes until out is full or the input is used up; the writer never fails.
 * Returns how many bytes of the input were used.
 */
size_t netascii_encode(struct netascii *state, const uint8_t *in, size_t len,
    struct wr *out);

/*
 * netascii_decode - CR LF becomes LF, CR NUL becomes CR, another CR stays.
 *
 * out        room for len + 1 bytes
 */
void netascii_decode(struct netascii *state, const uint8_t *in, size_t len,
    struct wr *out);

/*
 * netascii_finish - the end of a decoded file: a CR at the very end stays.
 */
void netascii_finish(struct netascii *state, struct wr *out);

#endif
