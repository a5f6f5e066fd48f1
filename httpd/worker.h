/* SPDX-License-Identifier: ISC */
/*
 * worker - one process that serves connections.
 *
 * The master forks one per processor; they share the listening sockets (seat.h),
 * but each has its own loop, caches and log buffers, so that workers never wait
 * for each other.  Everything here is sized before the loop starts and lives as
 * long as the process; the configuration never changes under a worker, a reload
 * starts new ones.
 */
#ifndef HTTPD_WORKER_H
#define HTTPD_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/ev.h"
#include "common/list.h"
#include "common/net.h"
#include "common/proc.h"
#include "httpd/alog.h"
#include "httpd/conf.h"
#include "httpd/date.h"
#include "httpd/file.h"
#include "httpd/logs.h"
#include "httpd/names.h"
#include "httpd/route.h"
#include "httpd/seat.h"
#include "httpd/stats.h"

#define WORKER_LISTENERS_MAX 64
#define WORKER_WHEEL_N 512	/* ticks until the wheel comes round */
#define WORKER_TICK_NS (250 * WHEN_NS_PER_MS)

struct conn;
struct xact;
struct dirpages;
struct cgiruns;

/* counters of one worker, in memory shared with the master and the others */
struct worker_score {
	int32_t pid;		/* 0: slot is free */
	uint32_t generation;
	bool is_draining;
	struct stats_requests requests;
	uint32_t conns_n;	/* open connections */
	uint32_t keepalive_n;	/* of these, between two requests */
};

struct worker_listener {
	struct ev_source src;
	struct worker *worker;
	int fd;
	struct addr addr;	/* own address; unset family: any */
	uint16_t port;
};

struct worker {
	struct ev ev;
	const struct conf *conf;
	const char *server;	/* value of Server */
	struct worker_score *score;
	const struct worker_score *scores;	/* of all workers */
	unsigned scores_n;
	uint32_t generation;
	int64_t start_s;	/* of the server */
	int32_t pid;
	bool is_draining;	/* finish requests, take no new connections */
	bool is_single;		/* inetd nowait: stop with the connection */
	bool is_unguarded;	/* -D NO_SANDBOX */

	struct worker_listener listeners[WORKER_LISTENERS_MAX];
	unsigned listeners_n;
	bool is_accepting;	/* perhaps after the others: see leave_timer */
	struct seat *seats;	/* of all ranks */
	unsigned rank;
	struct ev_hook seat_hook;
	int64_t shed_ns;	/* no connection is shed before that */
	struct ev_timer leave_timer;	/* set: waits whether others take it */

	/* connections and requests in progress: see conn.c */
	struct conn *conns;
	uint32_t conns_max, conns_fresh, conns_n;
	struct list conns_free;
	struct xact *xacts;
	uint32_t xacts_fresh, xacts_max;
	struct list xacts_free;
	struct list wheel[WORKER_WHEEL_N];
	int64_t wheel_tick;	/* last tick that has been swept */
	struct ev_timer wheel_timer, rest_timer;
	int64_t lacked_ns;	/* when it was last said, or 0 */
	struct list run_queue;	/* connections with pipelined input left */
	struct ev_timer run_timer;

	/* what is the same for all requests of a second */
	int64_t clock_s;
	char date[DATE_LEN + 1];
	char lead[160];		/* "HTTP/1.1 200 OK", Date, Server */
	uint8_t lead_len;	/* 0: it does not fit */
	int64_t log_time_s;	/* second that log_time stands for */
	char log_time[40];
	uint8_t log_time_len;
	int32_t utc_offset_s;
	char zone[16];

	struct file_cache files;
	struct dirpages *pages;
	struct cgiruns *scripts;
	struct logs logs;
	struct ev_timer log_timer;
	struct ev_hook log_hook;

	struct route_fs route_fs;
	struct names names;
	uint8_t *scratch;	/* WORKER_SCRATCH_SIZE, for one callback */
	struct route_work route_work;
};

#define WORKER_SCRATCH_SIZE (256u << 20)	/* reserved, rarely touched */

/* what a worker is given by the master */
struct worker_args {
	const struct conf *conf;
	const char *server;
	const int *fds;		/* listening sockets */
	unsigned fds_n;
	int conn_fd;		/* inetd nowait: the connection, or -1 */
	uint32_t conns_max;	/* this worker's share; 0: what fits */
	struct worker_score *scores;
	unsigned scores_n, index;
	struct seat *seats;
	unsigned rank;
	uint32_t generation;
	int64_t start_s;
	const struct logs *logs;	/* opened by the master */
	const struct proc_user *user;	/* NULL: stay what we are */
	bool is_unguarded;	/* leave the system call filter out */
};

/*
 * worker_run - serve until told to stop; the process' main function.
 *
 * Returns the exit status.
 */
int worker_run(const struct worker_args *args);

/*
 * worker_addr - an address as the kernel gives it, in the form of addr.h.
 */
void worker_addr(const union net_addr *sa, struct addr *ret,
    uint16_t *ret_port);

/*
 * worker_clock - refresh what depends on the second (Date, log time).
 *
 * Cheap when the second is the same as last time.
 */
void worker_clock(struct worker *w);

/*
 * worker_accepting - take new connections, or let them wait in the backlog.
 */
void worker_accepting(struct worker *w, bool is_on);

/*
 * worker_is_full - called when all slots are taken: others take connections
 * until one here ends; without others an idle one will make room.
 */
void worker_is_full(struct worker *w);

/*
 * worker_sheds - shall this answer end its connection, for another worker to
 * take the next one?
 */
bool worker_sheds(struct worker *w);

/*
 * worker_lacks - log what could not be done for want of descriptors or memory;
 * once a minute, since then it happens often.
 *
 * err        errno
 */
void worker_lacks(struct worker *w, int err, const char *what);

/*
 * worker_rest - no connection can be accepted for want of descriptors or
 * memory: look again in a moment, since the socket stays readable.  Logged once
 * a minute with the reason (errno).
 */
void worker_rest(struct worker *w, int err);

/*
 * worker_wheel - see that deadlines are looked at; called for each connection.
 */
void worker_wheel(struct worker *w);

/*
 * worker_log_soon - access log lines wait: see that they leave in time.
 */
void worker_log_soon(struct worker *w);

#endif
