/* SPDX-License-Identifier: ISC */
/*
 * prom - numbers about a server in Prometheus' text format, version 0.0.4.
 *
 * A family is announced once (prom_family), then has a sample per set of
 * labels.  Times are observed in microseconds and told in seconds, as the
 * format wants it.
 */
#ifndef COMMON_PROM_H
#define COMMON_PROM_H

#include <stddef.h>
#include <stdint.h>

#include "common/str.h"
#include "common/wr.h"

/* Buckets of a histogram with an end: 100 us to 250 s in steps of 1, 2.5, 5. */
#define PROM_BUCKETS 20
/* What a file of samples may hold. */
#define PROM_TEXT_MAX (16u << 20)

enum prom_kind {
	PROM_COUNTER,
	PROM_GAUGE,
	PROM_HISTOGRAM
};

/* Any bytes; what the format does not allow in a value is escaped. */
struct prom_label {
	const char *name;
	struct str value;
};

/* How long something took.  All zero: nothing yet. */
struct prom_hist {
	uint64_t bucket_n[PROM_BUCKETS + 1];	/* the last one has no end */
	uint64_t sum_us;
};

/*
 * prom_observe - count n events that took us microseconds each.
 */
void prom_observe(struct prom_hist *h, uint64_t us, uint64_t n);

/*
 * prom_add - add the events of another histogram.
 */
void prom_add(struct prom_hist *h, const struct prom_hist *other);

/*
 * prom_family - announce a family; its samples follow.
 *
 * name       without suffix for a histogram
 * help       one line, no backslash
 */
void prom_family(struct wr *w, const char *name, enum prom_kind kind,
    const char *help);

/*
 * prom_sample - one sample.
 *
 * labels     labels_n of them, in this order; NULL when there are none
 */
void prom_sample(struct wr *w, const char *name,
    const struct prom_label *labels, size_t labels_n, uint64_t value);

/*
 * prom_single - a family of one sample without labels.
 */
void prom_single(struct wr *w, const char *name, enum prom_kind kind,
    const char *help, uint64_t value);

/*
 * prom_histogram - a family of one histogram without labels.
 */
void prom_histogram(struct wr *w, const char *name, const char *help,
    const struct prom_hist *h);

#endif
