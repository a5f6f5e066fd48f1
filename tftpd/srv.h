/* SPDX-License-Identifier: ISC */
/*
 * srv - the server: listening sockets, requests, running transfers.
 *
 * One process and one loop for all clients.  A transfer is a slot with its
 * state machine and a share of a port; thousands fit because a slot is small
 * and nothing is allocated while they run.
 */
#ifndef TFTPD_SRV_H
#define TFTPD_SRV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/ev.h"
#include "common/list.h"
#include "common/map.h"
#include "common/pool.h"
#include "common/str.h"
#include "tftpd/file.h"
#include "tftpd/opttab.h"
#include "tftpd/past.h"
#include "tftpd/port.h"
#include "tftpd/portset.h"
#include "tftpd/rules.h"
#include "tftpd/stats.h"
#include "tftpd/upload.h"
#include "tftpd/who.h"
#include "tftpd/xfer.h"

/* Transfers at the same time, unless told otherwise. */
#define SRV_XFERS_DEFAULT 8192
#define SRV_XFERS_MAX 60000
/* Listening sockets. */
#define SRV_LISTENERS_MAX 8
/* Bytes of a file name kept for the line at the end of a transfer. */
#define SRV_NAME_MAX 128

struct srv_xfer;

struct srv_conf {
	unsigned verbosity;
	int finished_prio;	/* --log-transfers; -1: none */
	int64_t timeout_ns;	/* -T */
	struct opttab_limits limits;
	bool is_secure;		/* -s: names are relative to a chroot */
	const struct str *dirs;	/* without -s */
	size_t dirs_n;
	uint16_t port_from, port_to;	/* -R; 0: any */
	bool is_single_port;
	uint32_t xfers_max;
};

/* Process lifetime. */
struct srv {
	struct ev *ev;
	const struct srv_conf *conf;
	struct rules *rules;	/* NULL: none */
	struct who *who;	/* NULL: no leases file */
	struct port_io io;
	struct file_table files;
	struct upload_table uploads;
	struct pool xfers;
	struct list unheard;	/* transfers without a packet from the client
				   yet, oldest first */
	uint32_t unheard_n;
	struct portset ports;
	struct map by_peer;
	struct map_key key;
	struct port *listeners[SRV_LISTENERS_MAX];
	unsigned listeners_n;
	union port_addr any[2];	/* what they are bound to: IPv4, IPv6 */
	struct srv_xfer *lone;	/* the only one, if it was just heard of */
	struct ev_hook before_sleep;
	struct past *past;
	bool is_leaving;	/* the transfers go on in a child */
	bool is_draining;	/* we are that child */
	int64_t request_ns;	/* when the last request came */
	struct stats stats;
	uint64_t full_n;	/* requests dropped since the last line */
	int64_t full_ns;	/* when that was logged */
};

/*
 * srv_init - reserve the tables.  0 or -errno.
 *
 * conf, rules   live as long as the server; rules may be exchanged between
 *               turns
 */
int srv_init(struct srv *srv, struct ev *ev, const struct srv_conf *conf,
    bool is_permissive) MUST_CHECK;

/*
 * srv_listen - serve requests that come to a bound socket.
 *
 * 0 or -errno.
 */
int srv_listen(struct srv *srv, int fd) MUST_CHECK;

/* A request that has passed all checks. */
struct srv_request {
	const struct port_msg *msg;
	struct port *port;	/* for the transfer */
	struct file *file;	/* download; handed over */
	struct upload *upload;	/* upload; handed over */
	const struct opttab_set *set;
	struct str name;	/* of the file, for the log */
	struct str mac;		/* of the client, for the log; may be empty */
};

/*
 * srv_is_repeated - is a transfer answering this request already?
 *
 * Some boot ROMs ask the same thing two or three times within milliseconds:
 * one transfer answers them.  Once the client has taken the first answer the
 * same request means that it has started over; the old transfer ends here.
 */
bool srv_is_repeated(struct srv *srv, const struct port_msg *msg);

/*
 * srv_is_full - no slot for another transfer; counted, and logged once a
 * minute.  Before that the oldest transfer whose client was never heard of
 * gives way.
 */
bool srv_is_full(struct srv *srv);

/*
 * srv_port_for - a port for the transfer that a request asks for, or for an
 * error that is sent instead; NULL when none is free.
 *
 * A port that is_exclusive belongs to the caller, until srv_begin or
 * srv_close_port.
 */
struct port *srv_port_for(struct srv *srv, const struct port_msg *msg);

/*
 * srv_close_port - what was queued for it leaves first.
 */
void srv_close_port(struct srv *srv, struct port *port);

/*
 * srv_begin - start a transfer.
 */
void srv_begin(struct srv *srv, const struct srv_request *request);

/*
 * srv_leave - stop serving requests.
 *
 * Transfers that are running go on in a child process, which ends with the
 * last of them; the loop of the caller stops.  In the child is_draining is
 * set and the listening sockets are closed.
 */
void srv_leave(struct srv *srv);

#endif
