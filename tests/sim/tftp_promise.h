/* SPDX-License-Identifier: ISC */
/*
 * tftp_promise.h - what a transfer never does, whatever comes.
 *
 * For the simulation and the fuzz target; looks at each verdict of the state
 * machine.  Returns NULL, or what is wrong.
 */
#ifndef TESTS_SIM_TFTP_PROMISE_H
#define TESTS_SIM_TFTP_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tftpd/xfer.h"

/* Times that a packet or a window is sent while nobody answers: 1 + 2 + 4 +
 * 8 + 16 + 32 first timeouts are the patience, and the last wait is cut. */
#define TFTP_PROMISE_SENDS 8

struct tftp_promise {
	uint64_t silent_n;	/* packets since the client was heard */
};

/*
 * tftp_promise_heard - a packet of the client is about to be handed over.
 */
static inline void
tftp_promise_heard(struct tftp_promise *p)
{
	p->silent_n = 0;
}

/*
 * tftp_promise_out - a verdict, before it is carried out.
 */
static inline const char *
tftp_promise_out(struct tftp_promise *p, const struct xfer *x,
    const struct xfer_out *out)
{
	struct xfer_block b;

	if (out->len > sizeof(out->packet))
		return "a packet longer than its room";
	if ((out->verdict == XFER_END) != (x->state == XFER_OVER))
		return "the end is not the end";
	if (x->state == XFER_OVER && x->outcome == XFER_UNDECIDED)
		return "an end without an outcome";
	if (out->verdict == XFER_STORE && (!x->is_write ||
	    out->data.len > x->blksize))
		return "a block longer than was agreed on";
	if (out->verdict == XFER_SEND) {
		if (x->is_write || out->n < 1 || out->n > x->window)
			return "not a window";
		for (uint32_t i = 0; i < out->n; i++) {
			b = xfer_block(x, out->first + i);
			if (b.len > x->blksize || (!x->is_ascii &&
			    b.len > 0 && b.offset + b.len > x->size))
				return "a block past the end";
		}
		p->silent_n += out->n;
	} else if (out->len > 0) {
		p->silent_n++;
	}
	return p->silent_n > (uint64_t)TFTP_PROMISE_SENDS * x->window ?
	    "it goes on and on without an answer" : NULL;
}

#endif
