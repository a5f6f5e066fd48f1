/* SPDX-License-Identifier: ISC */
/*
 * stats - what all workers have done, as text for Prometheus.
 *
 * Requests are counted by class of status: no path, host or client becomes a
 * label, since strangers choose those.
 */
#include "httpd/stats.h"

#define STATS_PREFIX "kickstand_httpd_"

void
stats_count(struct stats_requests *s, unsigned status, uint64_t bytes,
    int64_t took_ns)
{
	s->class_n[status / 100 < STATS_CLASSES ? status / 100 : 0]++;
	s->bytes += bytes;
	prom_observe(&s->took, (uint64_t)(took_ns / 1000), 1);
}

void
stats_add(struct stats_requests *s, const struct stats_requests *other)
{
	for (unsigned i = 0; i < STATS_CLASSES; i++)
		s->class_n[i] += other->class_n[i];
	s->bytes += other->bytes;
	prom_add(&s->took, &other->took);
}

static void
stats_classes(struct wr *w, const struct stats_requests *s)
{
	static const char name[] = STATS_PREFIX "requests_total";
	static const char *const classes[STATS_CLASSES] = {
		"none", "1xx", "2xx", "3xx", "4xx", "5xx"
	};

	prom_family(w, name, PROM_COUNTER,
	    "Requests that are over, by class of their status.");
	for (unsigned i = 0; i < STATS_CLASSES; i++) {
		const struct prom_label l = { "code", str_of(classes[i]) };

		prom_sample(w, name, &l, 1, s->class_n[i]);
	}
}

static void
stats_conns(struct wr *w, const struct stats_facts *f)
{
	static const char name[] = STATS_PREFIX "connections";
	const struct prom_label busy = { "state", STR("busy") };
	const struct prom_label idle = { "state", STR("keepalive") };

	prom_family(w, name, PROM_GAUGE, "Open connections.");
	prom_sample(w, name, &busy, 1, f->conns_n - f->keepalive_n);
	prom_sample(w, name, &idle, 1, f->keepalive_n);
}

void
stats_write(struct wr *w, const struct stats_facts *f)
{
	const struct prom_label version = { "version", STR(KS_VERSION) };

	prom_family(w, STATS_PREFIX "info", PROM_GAUGE, "The program.");
	prom_sample(w, STATS_PREFIX "info", &version, 1, 1);
	prom_single(w, STATS_PREFIX "start_time_seconds", PROM_GAUGE,
	    "When it started, seconds since 1970.", (uint64_t)f->start_s);
	prom_single(w, STATS_PREFIX "generation", PROM_GAUGE,
	    "Configurations used since the start.", f->generation);
	prom_single(w, STATS_PREFIX "workers", PROM_GAUGE,
	    "Worker processes.", f->workers_n);
	stats_conns(w, f);
	stats_classes(w, &f->requests);
	prom_single(w, STATS_PREFIX "sent_bytes_total", PROM_COUNTER,
	    "Bytes sent in answers, heads included.", f->requests.bytes);
	prom_histogram(w, STATS_PREFIX "request_seconds",
	    "From the request line to the last byte of the answer.",
	    &f->requests.took);
}
