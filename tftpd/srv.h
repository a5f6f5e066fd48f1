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
#include "common/map.h"
#include "common/pool.h"
#include "common/str.h"
#include "tftpd/file.h"
#include "tftpd/opttab.h"
#include "tftpd/port.h"
#include "tftpd/rules.h"
#include "tftpd/upload.h"
#include "tftpd/xfer.h"

/* Transfers at the same time, unless told otherwise. */
#define SRV_XFERS_DEFAULT 8192
#define SRV_XFERS_MAX 60000
/* Listening sockets. */
#define SRV_LISTENERS_MAX 8
/* Ports that the transfers of one address family share. */
#define SRV_PORTS_MAX 64
/* Bytes of a file name kept for the line at the end of a transfer. */
#define SRV_NAME_MAX 128
/* Ends of transfers remembered, so that late packets are not answered. */
#define SRV_ENDED_MAX 4096

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

/* Ports of one address family. */
struct srv_group {
	union port_addr local;	/* what they are bound to */
	struct port *ports[SRV_PORTS_MAX];
	unsigned ports_n, next_i;
};

struct srv_ended {
	uint32_t hash;
	uint32_t turn_s;	/* monotonic seconds */
};

/* Process lifetime. */
struct srv {
	struct ev *ev;
	const struct srv_conf *conf;
	struct rules *rules;	/* NULL: none */
	struct port_io io;
	struct file_table files;
	struct upload_table uploads;
	struct pool xfers;
	struct pool ports;
	struct map by_peer;
	struct map_key key;
	struct port *listeners[SRV_LISTENERS_MAX];
	unsigned listeners_n;
	struct srv_group groups[2];	/* IPv4, IPv6 */
	struct ev_hook before_sleep;
	struct srv_ended *ended;
	bool is_leaving;	/* the transfers go on in a child */
	bool is_draining;	/* we are that child */
	int64_t request_ns;	/* when the last request came */
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

/*
 * srv_running - transfers that are not over.
 */
uint32_t srv_running(const struct srv *srv);

/*
 * srv_leave - stop serving requests.
 *
 * Transfers that are running go on in a child process, which ends with the
 * last of them; the loop of the caller stops.  In the child is_draining is
 * set and the listening sockets are closed.
 */
void srv_leave(struct srv *srv);

#endif
