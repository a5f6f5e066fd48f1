/* SPDX-License-Identifier: ISC */
/*
 * stats.c - the server's numbers as text for Prometheus.
 *
 * A row per label value; what is counted is counted elsewhere.  Nothing that a
 * client sends becomes a label, so the number of series is the configuration's.
 */
#include "dhcpd/stats.h"

#include "common/cc.h"
#include "common/ip4.h"

#define STATS_PREFIX "kickstand_dhcpd_"

/* A value of a label, and where its number stands in an array. */
struct stats_row {
	unsigned i;
	const char *name;
};

static const struct stats_row stats_in[] = {
	{ PROTO_MSG_BOOTP, "bootp" },
	{ PROTO_MSG_DISCOVER, "discover" },
	{ PROTO_MSG_REQUEST, "request" },
	{ PROTO_MSG_DECLINE, "decline" },
	{ PROTO_MSG_RELEASE, "release" },
	{ PROTO_MSG_INFORM, "inform" },
	{ PROTO_MSG_LEASEQUERY, "leasequery" },
};

static const struct stats_row stats_out[] = {
	{ PROTO_MSG_BOOTP, "bootp" },
	{ PROTO_MSG_OFFER, "offer" },
	{ PROTO_MSG_ACK, "ack" },
	{ PROTO_MSG_NAK, "nak" },
	{ PROTO_MSG_LEASEUNASSIGNED, "leaseunassigned" },
	{ PROTO_MSG_LEASEUNKNOWN, "leaseunknown" },
	{ PROTO_MSG_LEASEACTIVE, "leaseactive" },
};

static const struct stats_row stats_why[] = {
	{ DECIDE_WHY_MALFORMED, "malformed" },
	{ DECIDE_WHY_TYPE, "type" },
	{ DECIDE_WHY_NETWORK, "network" },
	{ DECIDE_WHY_REFUSED, "refused" },
	{ DECIDE_WHY_NO_LEASE, "no-lease" },
	{ DECIDE_WHY_PENDING, "pinging" },
	{ DECIDE_WHY_FULL, "full" },
};
_Static_assert(ARRAY_LEN(stats_why) == DECIDE_WHY_N - 1, "a row per reason");

static const struct stats_row stats_frame[] = {
	{ FRAME_SHORT, "short" },
	{ FRAME_BAD_IP_SUM, "ip-checksum" },
	{ FRAME_BAD_UDP_SUM, "udp-checksum" },
	{ FRAME_TOO_LONG, "length" },
};

static const struct stats_row stats_state[] = {
	{ LEASE_Q_FREE, "free" },
	{ LEASE_Q_ACTIVE, "active" },
	{ LEASE_Q_EXPIRED, "expired" },
	{ LEASE_Q_ABANDONED, "abandoned" },
	{ LEASE_Q_BACKUP, "backup" },
	{ LEASE_Q_RESERVED, "reserved" },
};
_Static_assert(ARRAY_LEN(stats_state) == LEASE_Q_N, "a row per state");

static void
stats_rows(struct wr *w, const char *name, const char *label,
    const struct stats_row *row, size_t n, const uint64_t *value)
{
	struct prom_label l = { label, { NULL, 0 } };

	for (size_t i = 0; i < n; i++) {
		l.value = str_of(row[i].name);
		prom_sample(w, name, &l, 1, value[row[i].i]);
	}
}

static void
stats_packets(struct wr *w, const struct stats_facts *f)
{
	const struct decide *d = f->decide;

	prom_family(w, STATS_PREFIX "received_total", PROM_COUNTER,
	    "Messages received, by type.");
	stats_rows(w, STATS_PREFIX "received_total", "type", stats_in,
	    ARRAY_LEN(stats_in), d->in_n);
	prom_family(w, STATS_PREFIX "sent_total", PROM_COUNTER,
	    "Messages sent, by type.");
	stats_rows(w, STATS_PREFIX "sent_total", "type", stats_out,
	    ARRAY_LEN(stats_out), d->out_n);
	prom_family(w, STATS_PREFIX "dropped_total", PROM_COUNTER,
	    "Messages that got no answer, by reason.");
	stats_rows(w, STATS_PREFIX "dropped_total", "reason", stats_why,
	    ARRAY_LEN(stats_why), d->why_n);
	prom_family(w, STATS_PREFIX "bad_frames_total", PROM_COUNTER,
	    "Frames that were not read, by reason.");
	stats_rows(w, STATS_PREFIX "bad_frames_total", "reason", stats_frame,
	    ARRAY_LEN(stats_frame), f->frame_why_n);
}

/* Network and ranges tell a pool from another, whatever its number is. */
static void
stats_pool_name(const struct conf_pool *pool, char *text, size_t size,
    struct prom_label *network, struct prom_label *ranges)
{
	char low[IP4_TEXT_SIZE], high[IP4_TEXT_SIZE];
	const struct conf_range *r;
	struct wr w;
	size_t whole = 0;

	wr_init(&w, text, size);
	for (r = pool->ranges; r != NULL; r = r->next) {
		wr_fmt(&w, "%s%s-%s", r == pool->ranges ? "" : " ",
		    ip4_fmt(r->low, low).p, ip4_fmt(r->high, high).p);
		if (!wr_ok(&w))
			break;
		whole = w.len;
	}
	*network = (struct prom_label){ "network", pool->network->name };
	*ranges = (struct prom_label){ "ranges", str_make(text, whole) };
}

static void
stats_pools(struct wr *w, const struct stats_facts *f)
{
	struct prom_label l[3];
	char text[256];

	prom_family(w, STATS_PREFIX "pool_leases", PROM_GAUGE,
	    "Addresses of a pool, by binding state.");
	for (uint32_t i = 0; i < f->conf->pool_n; i++) {
		stats_pool_name(f->conf->pools[i], text, sizeof(text), &l[0],
		    &l[1]);
		for (size_t s = 0; s < ARRAY_LEN(stats_state); s++) {
			l[2] = (struct prom_label){ "state",
			    str_of(stats_state[s].name) };
			prom_sample(w, STATS_PREFIX "pool_leases", l, 3,
			    f->leases->pools[i].count[stats_state[s].i]);
		}
	}
	prom_family(w, STATS_PREFIX "pool_addresses", PROM_GAUGE,
	    "Addresses of a pool.");
	for (uint32_t i = 0; i < f->conf->pool_n; i++) {
		stats_pool_name(f->conf->pools[i], text, sizeof(text), &l[0],
		    &l[1]);
		prom_sample(w, STATS_PREFIX "pool_addresses", l, 2,
		    f->leases->pools[i].total);
	}
}

void
stats_write(struct wr *w, const struct stats_facts *f)
{
	const struct prom_label version = { "version", STR(KS_VERSION) };

	prom_family(w, STATS_PREFIX "info", PROM_GAUGE, "The program.");
	prom_sample(w, STATS_PREFIX "info", &version, 1, 1);
	prom_single(w, STATS_PREFIX "start_time_seconds", PROM_GAUGE,
	    "When it started, seconds since 1970.", (uint64_t)f->start_s);
	stats_packets(w, f);
	prom_single(w, STATS_PREFIX "probes_total", PROM_COUNTER,
	    "Addresses pinged before they were offered.", f->probes_n);
	prom_single(w, STATS_PREFIX "withheld_total", PROM_COUNTER,
	    "Answers not sent because their lease was not on disk.",
	    f->withheld_n);
	prom_single(w, STATS_PREFIX "send_failed_total", PROM_COUNTER,
	    "Answers that the kernel did not take.", f->send_failed_n);
	prom_single(w, STATS_PREFIX "log_lost_total", PROM_COUNTER,
	    "Lines of the log dropped because nobody took them.",
	    f->log_lost_n);
	prom_histogram(w, STATS_PREFIX "reply_seconds",
	    "From reading a message to sending its answer, pings aside.",
	    f->reply);
	stats_pools(w, f);
}
