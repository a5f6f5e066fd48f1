/* SPDX-License-Identifier: ISC */
/*
 * stats - what all workers have done, as text for Prometheus.
 */
#ifndef HTTPD_STATS_H
#define HTTPD_STATS_H

#include <stdint.h>

#include "common/prom.h"
#include "common/wr.h"

/* Classes of status codes: 1xx to 5xx, and 0 for none sent. */
#define STATS_CLASSES 6

/* Counters of requests; one set per worker, or the sum of many. */
struct stats_requests {
	uint64_t class_n[STATS_CLASSES];
	uint64_t bytes;		/* sent, heads included */
	struct prom_hist took;	/* from the request line to the last byte */
};

/* What is told beside them. */
struct stats_facts {
	struct stats_requests requests;
	int64_t start_s;	/* wall clock */
	uint64_t workers_n;
	uint64_t generation;	/* 1, and 1 more for each reload */
	uint64_t conns_n, keepalive_n;
};

/*
 * stats_count - a request is over.
 *
 * status     sent, or 0
 */
void stats_count(struct stats_requests *s, unsigned status, uint64_t bytes,
    int64_t took_ns);

/*
 * stats_add - add the counters of another worker.
 */
void stats_add(struct stats_requests *s, const struct stats_requests *other);

/*
 * stats_write - all families; the writer fails when they do not fit.
 */
void stats_write(struct wr *w, const struct stats_facts *f);

#endif
