/* SPDX-License-Identifier: ISC */
/*
 * serve.h - the server at work: packets, journal, replies, timers.
 *
 * One turn: frames are read and decided, changed leases go to the journal, and
 * replies that promise nothing leave after each read; before the loop sleeps
 * the journal is synced once, then the ACKs leave.
 * Shell.
 */
#ifndef DHCPD_SERVE_H
#define DHCPD_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/ev.h"
#include "common/prom.h"
#include "dhcpd/decide.h"
#include "dhcpd/gen.h"
#include "dhcpd/leasedb.h"
#include "dhcpd/link.h"
#include "dhcpd/ping.h"

/* Limits. */
enum {
	SERVE_REPLIES_MAX = 1024	/* replies that wait, of either kind */
};

struct serve_reply;

/* A served interface, as decide sees it.  Process lifetime. */
struct serve_if {
	struct decide_iface iface;
	struct link_if *link;
};

struct serve {
	struct ev *ev;
	struct gen *gen;
	struct leasedb *db;
	struct link link;
	struct ping ping;
	struct decide decide;
	struct decide_ops ops;
	struct arena scratch, keep;
	const struct link_reply *ready[SERVE_REPLIES_MAX];	/* in keep */
	struct serve_reply *waiting[SERVE_REPLIES_MAX];	/* for the sync */
	size_t ready_n, waiting_n;
	struct ev_timer due_timer, db_timer;
	struct ev_hook hook, step_hook;
	struct decide_out out;
	uint64_t unsaved_n, probes_n;
	struct prom_hist reply_times;
	/* log(fatal, ..) was executed: must end the program */
	void (*on_fatal)(void *ctx);
	void *ctx;
};

/*
 * serve_init - memory and callbacks; no socket, no configuration yet.
 *
 * 0 or -errno.
 */
int serve_init(struct serve *s, struct ev *ev) MUST_CHECK;

/*
 * serve_sockets - prepare for a server port and open the ICMP socket; without
 * permission for it there are no pings, and a line says so.
 *
 * 0 or -errno.
 */
int serve_sockets(struct serve *s, uint16_t port) MUST_CHECK;

/*
 * serve_use - serve this generation from now on.
 *
 * 0, or -ENOMEM.  The generation before it may be released afterwards: no
 * interface has a network until serve_networks is called.
 */
int serve_use(struct serve *s, struct gen *gen) MUST_CHECK;

/*
 * serve_expire_all - expire what ended before the start, without a turn.
 */
void serve_expire_all(struct serve *s);

/*
 * serve_networks - which network each interface belongs to; texts go to the
 * log.
 *
 * False after a text; an interface that it is about has no network then.
 */
bool serve_networks(struct serve *s) MUST_CHECK;

/*
 * serve_listen - open the packet sockets of interfaces with a network.
 *
 * is_quiet   without the Listening and Sending lines
 *
 * How many interfaces are served now, or -errno after a log line.
 */
int serve_listen(struct serve *s, bool is_quiet) MUST_CHECK;

/*
 * serve_begin - timers and the before-sleep hook; packets are answered from
 * the next turn on.
 *
 * 0 or -errno.
 */
int serve_begin(struct serve *s) MUST_CHECK;

/*
 * serve_status - lines about leases, packets and drops to the log.
 */
void serve_status(const struct serve *s);

/*
 * serve_stats - the same numbers as text for Prometheus.
 *
 * start_s    when the server started, wall clock
 */
void serve_stats(const struct serve *s, struct wr *w, int64_t start_s);

/*
 * serve_end - finish: sync what is pending, send what may be sent.
 */
void serve_end(struct serve *s);

#endif
