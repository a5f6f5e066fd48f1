/* SPDX-License-Identifier: ISC */
/*
 * stats.h - the server's numbers as text for Prometheus.
 */
#ifndef DHCPD_STATS_H
#define DHCPD_STATS_H

#include <stdint.h>

#include "common/prom.h"
#include "common/wr.h"
#include "dhcpd/conf.h"
#include "dhcpd/decide.h"
#include "dhcpd/frame.h"
#include "dhcpd/lease.h"

/* What is told beside the counters of decide and the lease table. */
struct stats_facts {
	const struct decide *decide;
	const struct conf *conf;
	const struct lease_table *leases;
	const uint64_t *frame_why_n;	/* dropped frames, by enum frame_why */
	uint64_t send_failed_n;
	uint64_t withheld_n;		/* ACKs not sent: the lease was not on disk */
	uint64_t probes_n;		/* addresses pinged */
	uint64_t log_lost_n;		/* lines of the log that were dropped */
	int64_t start_s;		/* wall clock */
	const struct prom_hist *reply;	/* time from packet read to reply sent */
};

/*
 * stats_write - all families; the writer fails when they do not fit.
 */
void stats_write(struct wr *w, const struct stats_facts *f);

#endif
