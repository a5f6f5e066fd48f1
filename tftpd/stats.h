/* SPDX-License-Identifier: ISC */
/*
 * stats - what the server has done, as text for Prometheus.
 */
#ifndef TFTPD_STATS_H
#define TFTPD_STATS_H

#include <stdint.h>

#include "common/prom.h"
#include "common/wr.h"
#include "tftpd/proto.h"
#include "tftpd/xfer.h"

/* Counters since the start; index 0 is for reads, 1 for writes. */
struct stats {
	uint64_t requests_n[2];
	uint64_t refused_n[PROTO_CODES];	/* by error code */
	uint64_t dropped_n;		/* no free transfer */
	uint64_t ended_n[2][XFER_OUTCOMES];
	uint64_t bytes[2];		/* payload of ended transfers */
	uint64_t repeats_n;		/* packets sent again */
	struct prom_hist took;		/* complete transfers */
};

/*
 * stats_ended - count a transfer that is over.
 *
 * took_ns    since its request
 */
void stats_ended(struct stats *s, const struct xfer *x, int64_t took_ns);

/*
 * stats_write - all families; the writer fails when they do not fit.
 *
 * start_s    when the server started, wall clock
 * active_n   transfers under way
 * log_lost_n lines of the log that were dropped
 */
void stats_write(struct wr *w, const struct stats *s, int64_t start_s,
    uint64_t active_n, uint64_t log_lost_n);

#endif
