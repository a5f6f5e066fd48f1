/* SPDX-License-Identifier: ISC */
/*
 * stats - what the server has done, as text for Prometheus.
 *
 * No name of a file and no address becomes a label: strangers choose those,
 * and the number of series must not be theirs to choose.
 */
#include "tftpd/stats.h"

#include "common/cc.h"

#define STATS_PREFIX "kickstand_tftpd_"

static const char *const stats_kind[2] = { "read", "write" };

static const char *const stats_outcome[] = {
	[XFER_UNDECIDED] = "undecided",
	[XFER_COMPLETE] = "complete",
	[XFER_TIMED_OUT] = "timed-out",
	[XFER_DECLINED] = "declined",
	[XFER_ABORTED] = "aborted",
	[XFER_UNREACHABLE] = "unreachable",
	[XFER_FAILED] = "failed",
};
_Static_assert(ARRAY_LEN(stats_outcome) == XFER_OUTCOMES, "a row each");

/* RFC 1350 appendix, RFC 2347. */
static const char *const stats_code[] = {
	[PROTO_UNDEFINED] = "undefined",
	[PROTO_NOT_FOUND] = "not-found",
	[PROTO_ACCESS] = "access",
	[PROTO_NO_SPACE] = "no-space",
	[PROTO_BAD_OP] = "bad-operation",
	[PROTO_BAD_TID] = "unknown-transfer",
	[PROTO_EXISTS] = "exists",
	[PROTO_NO_USER] = "no-user",
	[PROTO_BAD_OPTION] = "bad-option",
};
_Static_assert(ARRAY_LEN(stats_code) == PROTO_CODES, "a row each");

void
stats_ended(struct stats *s, const struct xfer *x, int64_t took_ns)
{
	s->ended_n[x->is_write][x->outcome]++;
	s->bytes[x->is_write] += x->bytes;
	s->repeats_n += x->repeats_n;
	if (x->outcome == XFER_COMPLETE)
		prom_observe(&s->took, (uint64_t)(took_ns / 1000), 1);
}

static void
stats_by_kind(struct wr *w, const char *name, const char *help,
    const uint64_t n[2])
{
	prom_family(w, name, PROM_COUNTER, help);
	for (unsigned i = 0; i < 2; i++) {
		const struct prom_label l = { "type", str_of(stats_kind[i]) };

		prom_sample(w, name, &l, 1, n[i]);
	}
}

static void
stats_transfers(struct wr *w, const struct stats *s)
{
	static const char name[] = STATS_PREFIX "transfers_total";
	struct prom_label l[2];

	prom_family(w, name, PROM_COUNTER, "Transfers that are over.");
	for (unsigned i = 0; i < 2; i++) {
		/* The first outcome is that of a transfer under way. */
		for (unsigned o = XFER_COMPLETE; o < XFER_OUTCOMES; o++) {
			l[0] = (struct prom_label){ "type",
			    str_of(stats_kind[i]) };
			l[1] = (struct prom_label){ "outcome",
			    str_of(stats_outcome[o]) };
			prom_sample(w, name, l, 2, s->ended_n[i][o]);
		}
	}
}

static void
stats_refused(struct wr *w, const struct stats *s)
{
	static const char name[] = STATS_PREFIX "refused_total";

	prom_family(w, name, PROM_COUNTER,
	    "Requests answered with an error, by its code.");
	for (unsigned i = 0; i < PROTO_CODES; i++) {
		const struct prom_label l = { "code", str_of(stats_code[i]) };

		prom_sample(w, name, &l, 1, s->refused_n[i]);
	}
}

void
stats_write(struct wr *w, const struct stats *s, int64_t start_s,
    uint64_t active_n, uint64_t log_lost_n)
{
	const struct prom_label version = { "version", STR(KS_VERSION) };

	prom_family(w, STATS_PREFIX "info", PROM_GAUGE, "The program.");
	prom_sample(w, STATS_PREFIX "info", &version, 1, 1);
	prom_single(w, STATS_PREFIX "start_time_seconds", PROM_GAUGE,
	    "When it started, seconds since 1970.", (uint64_t)start_s);
	stats_by_kind(w, STATS_PREFIX "requests_total",
	    "Requests understood, repeated ones not counted.", s->requests_n);
	stats_refused(w, s);
	prom_single(w, STATS_PREFIX "dropped_total", PROM_COUNTER,
	    "Requests dropped because all transfers were in use.",
	    s->dropped_n);
	prom_single(w, STATS_PREFIX "transfers_active", PROM_GAUGE,
	    "Transfers under way.", active_n);
	stats_transfers(w, s);
	stats_by_kind(w, STATS_PREFIX "bytes_total",
	    "Payload of transfers that are over, each byte once.", s->bytes);
	prom_single(w, STATS_PREFIX "retransmissions_total", PROM_COUNTER,
	    "Packets sent again.", s->repeats_n);
	prom_single(w, STATS_PREFIX "log_lost_total", PROM_COUNTER,
	    "Lines of the log dropped because nobody took them.", log_lost_n);
	prom_histogram(w, STATS_PREFIX "transfer_seconds",
	    "From the request to the end, complete transfers.", &s->took);
}
