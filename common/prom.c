/* SPDX-License-Identifier: ISC */
/*
 * prom - Prometheus' text format; see prom.h.
 *
 * Nothing but text into a bounded writer: what does not fit makes the writer
 * fail, and a file that is not whole is never shown to anybody.
 */
#include "common/prom.h"

#include "common/cc.h"

/* Upper ends, inclusive, and how they are written. */
static const struct {
	uint32_t end_us;
	const char *text;	/* in seconds */
} buckets[] = {
	{ 100, "0.0001" }, { 250, "0.00025" }, { 500, "0.0005" },
	{ 1000, "0.001" }, { 2500, "0.0025" }, { 5000, "0.005" },
	{ 10000, "0.01" }, { 25000, "0.025" }, { 50000, "0.05" },
	{ 100000, "0.1" }, { 250000, "0.25" }, { 500000, "0.5" },
	{ 1000000, "1" }, { 2500000, "2.5" }, { 5000000, "5" },
	{ 10000000, "10" }, { 25000000, "25" }, { 50000000, "50" },
	{ 100000000, "100" }, { 250000000, "250" },
};
_Static_assert(ARRAY_LEN(buckets) == PROM_BUCKETS, "a row per bucket");

void
prom_observe(struct prom_hist *h, uint64_t us, uint64_t n)
{
	size_t i = 0;

	while (i < PROM_BUCKETS && us > buckets[i].end_us)
		i++;
	h->bucket_n[i] += n;
	h->sum_us += us * n;
}

void
prom_add(struct prom_hist *h, const struct prom_hist *other)
{
	for (size_t i = 0; i <= PROM_BUCKETS; i++)
		h->bucket_n[i] += other->bucket_n[i];
	h->sum_us += other->sum_us;
}

void
prom_family(struct wr *w, const char *name, enum prom_kind kind,
    const char *help)
{
	static const char *const kinds[] = {
		[PROM_COUNTER] = "counter",
		[PROM_GAUGE] = "gauge",
		[PROM_HISTOGRAM] = "histogram",
	};

	wr_fmt(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
	    kinds[kind]);
}

static void
label(struct wr *w, const struct prom_label *l)
{
	wr_text(w, l->name);
	wr_text(w, "=\"");
	for (size_t i = 0; i < l->value.len; i++) {
		char c = l->value.p[i];

		if (c == '\n') {
			wr_text(w, "\\n");
			continue;
		}
		if (c == '"' || c == '\\')
			wr_u8(w, '\\');
		/* The format is UTF-8, and we cannot know what this was. */
		wr_u8(w, (uint8_t)c < ' ' || (uint8_t)c > '~' ? '?' :
		    (uint8_t)c);
	}
	wr_u8(w, '"');
}

void
prom_sample(struct wr *w, const char *name, const struct prom_label *labels,
    size_t labels_n, uint64_t value)
{
	wr_text(w, name);
	for (size_t i = 0; i < labels_n; i++) {
		wr_u8(w, i == 0 ? '{' : ',');
		label(w, &labels[i]);
	}
	if (labels_n > 0)
		wr_u8(w, '}');
	wr_u8(w, ' ');
	wr_dec(w, value);
	wr_u8(w, '\n');
}

void
prom_single(struct wr *w, const char *name, enum prom_kind kind,
    const char *help, uint64_t value)
{
	prom_family(w, name, kind, help);
	prom_sample(w, name, NULL, 0, value);
}

void
prom_histogram(struct wr *w, const char *name, const char *help,
    const struct prom_hist *h)
{
	uint64_t n = 0;

	prom_family(w, name, PROM_HISTOGRAM, help);
	for (size_t i = 0; i <= PROM_BUCKETS; i++) {
		n += h->bucket_n[i];
		wr_fmt(w, "%s_bucket{le=\"%s\"} %llu\n", name,
		    i < PROM_BUCKETS ? buckets[i].text : "+Inf",
		    (unsigned long long)n);
	}
	wr_fmt(w, "%s_sum %llu.%06u\n%s_count %llu\n", name,
	    (unsigned long long)(h->sum_us / 1000000),
	    (unsigned)(h->sum_us % 1000000), name, (unsigned long long)n);
}
