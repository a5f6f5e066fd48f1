/* SPDX-License-Identifier: ISC */
/*
 * past - what is remembered of transfers that are over.
 *
 * Which ones ended lately, so that their late packets are not answered; and
 * how far away machines were, so that the next transfer knows.  Two tables of
 * fixed size, by hash: what collides is forgotten, nothing is ever wrong for
 * more than one transfer.
 */
#ifndef TFTPD_PAST_H
#define TFTPD_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/map.h"
#include "tftpd/xfer.h"

/* Ends, and machines, that are remembered. */
#define PAST_MAX 4096
/* Late packets of a transfer are expected this long after its end. */
#define PAST_END_S 10

struct past_end {
	uint32_t hash;
	uint32_t at_s;		/* monotonic seconds + 1; 0: none */
};

struct past_rtt {
	uint32_t hash;
	struct xfer_rtt rtt;
};

struct past {
	struct map_key key;
	struct past_end ends[PAST_MAX];
	struct past_rtt rtts[PAST_MAX];
};

/*
 * past_note_end - a transfer has ended.
 *
 * id, len    bytes that name client and port
 */
void past_note_end(struct past *past, const void *id, size_t len,
    int64_t now_ns);

/*
 * past_has_ended - did it end lately?
 */
bool past_has_ended(const struct past *past, const void *id, size_t len,
    int64_t now_ns);

/*
 * past_note_rtt - the round trips of a machine; none measured is no news.
 *
 * id, len    bytes that name the machine
 */
void past_note_rtt(struct past *past, const void *id, size_t len,
    const struct xfer_rtt *rtt);

/*
 * past_find_rtt - and what they were, or NULL.
 */
const struct xfer_rtt *past_find_rtt(const struct past *past, const void *id,
    size_t len);

#endif
