/* SPDX-License-Identifier: ISC */
/*
 * portset - the sockets that transfers are served from.
 *
 * Each is bound to the address that the request came to, so nothing has to
 * name the source again with every datagram.  Transfers share a few: a batch
 * of datagrams read or sent in one call is the better the more clients it is
 * for.
 */
#ifndef TFTPD_PORTSET_H
#define TFTPD_PORTSET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/ev.h"
#include "common/pool.h"
#include "tftpd/port.h"

/* Up to so many ports each transfer gets a new one, while fewer than so many
 * are running. */
#define PORTSET_EACH 64
#define PORTSET_QUIET 50
/* When there are more, this many ports are shared, and one more for so many
 * transfers: the receive buffer must hold a packet of each. */
#define PORTSET_FEW 4
#define PORTSET_CLIENTS 64
/* Shared ports of all addresses of ours. */
#define PORTSET_MAX 64

/* Process lifetime. */
struct portset {
	struct ev *ev;
	struct pool pool;
	struct port *shared[PORTSET_MAX];
	unsigned shared_n, next_i;
	uint16_t from, to;	/* -R; 0: any port */

	/* Set by the owner after portset_init. */
	void (*ready)(void *ctx, unsigned ready);	/* ctx is the port */
	/* Does this client know the port as the place of something else? */
	bool (*is_known)(const void *owner, const struct port *port,
	    const union port_addr *peer);
	void *owner;
};

/*
 * portset_init - an empty set.  0 or -errno.
 *
 * max        ports at the same time, those of portset_add included
 */
int portset_init(struct portset *set, struct ev *ev, uint32_t max) MUST_CHECK;

/*
 * portset_add - a socket that is there already, for requests.
 *
 * ret_port   watched from now on
 *
 * 0 or -errno.
 */
int portset_add(struct portset *set, int fd, struct port **ret_port)
    MUST_CHECK;

/*
 * portset_pick - a port for a transfer of a client, or for an error that is
 * sent instead; NULL when none is to be had.
 *
 * local      the address that was asked, of the client's family
 * busy       a port that has something to send, best sent together; or NULL
 * users_n    transfers in all
 * start      with -R: where in the range to begin to search
 *
 * One that is_exclusive belongs to the caller, who closes it.
 */
struct port *portset_pick(struct portset *set, const union port_addr *peer,
    const union port_addr *local, struct port *busy, uint32_t users_n,
    uint64_t start) MUST_CHECK;

/*
 * portset_dedicate - take a port out of the set for its one client.
 *
 * Nothing happens when it has others or cannot be connected.
 */
void portset_dedicate(struct portset *set, struct port *port,
    const union port_addr *peer);

/*
 * portset_close - nothing may wait to be sent through it.
 */
void portset_close(struct portset *set, struct port *port);

#endif
