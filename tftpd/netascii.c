/* SPDX-License-Identifier: ISC */
/*
 * netascii - line ends as TFTP's netascii mode wants them, both ways.
 *
 * The encoder keeps at most one byte back (the second of a pair that met the
 * end of a block), the decoder at most one CR.  Neither ever looks ahead, so
 * the result does not depend on how the bytes were cut into blocks.
 */
#include "tftpd/netascii.h"

#include "common/cc.h"

size_t
netascii_encode(struct netascii *state, const uint8_t *in, size_t len,
    struct wr *out)
{
	size_t i = 0;

	if (state->has_carry && wr_left(out) > 0) {
		wr_u8(out, state->carry);
		state->has_carry = false;
	}
	while (i < len && wr_left(out) > 0) {
		uint8_t c = in[i++];

		if (c != '\n' && c != '\r') {
			wr_u8(out, c);
			continue;
		}
		wr_u8(out, '\r');
		state->carry = c == '\n' ? '\n' : 0;
		state->has_carry = wr_left(out) == 0;
		if (!state->has_carry)
			wr_u8(out, state->carry);
	}
	ASSERT(wr_ok(out));
	return i;
}

void
netascii_decode(struct netascii *state, const uint8_t *in, size_t len,
    struct wr *out)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = in[i];

		if (state->has_cr) {
			state->has_cr = false;
			if (c == '\n' || c == 0) {
				wr_u8(out, c == '\n' ? '\n' : '\r');
				continue;
			}
			wr_u8(out, '\r');
		}
		if (c == '\r')
			state->has_cr = true;
		else
			wr_u8(out, c);
	}
}

void
netascii_finish(struct netascii *state, struct wr *out)
{
	if (state->has_cr)
		wr_u8(out, '\r');
	state->has_cr = false;
}
