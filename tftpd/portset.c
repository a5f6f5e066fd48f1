/* SPDX-License-Identifier: ISC */
/*
 * portset - the sockets that transfers are served from; see portset.h.
 *
 * A shared port stays open for the transfers to come.  A client gets one that
 * it does not know yet, so late packets of its last transfer cannot disturb
 * the next.  With -R each transfer has a port of its own, anywhere in the
 * range, as tftp-hpa's have.
 */
#include "tftpd/portset.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/proc.h"

int
portset_init(struct portset *set, struct ev *ev, uint32_t max)
{
	void *ports = proc_reserve(pool_size(max, sizeof(struct port)));

	memset(set, 0, sizeof(*set));
	if (ports == NULL)
		return -ENOMEM;
	pool_init(&set->pool, ports, max, sizeof(struct port));
	set->ev = ev;
	return 0;
}

static int
watch(struct portset *set, struct port *port)
{
	port->owner = set->owner;
	ev_source_init(&port->source, set->ready, port);
	return ev_add(set->ev, &port->source, port->fd, EV_READ);
}

int
portset_add(struct portset *set, int fd, struct port **ret_port)
{
	struct port *port = pool_get(&set->pool, NULL);
	int error;

	if (port == NULL)
		return -ENOSPC;
	error = port_set_up(port, fd, true);
	if (error == 0)
		error = watch(set, port);
	if (error != 0) {
		pool_put(&set->pool, port);
		return error;
	}
	*ret_port = port;
	return 0;
}

void
portset_close(struct portset *set, struct port *port)
{
	ev_del(set->ev, &port->source);
	(void)close(port->fd);
	pool_put(&set->pool, port);
}

static struct port *
open_port(struct portset *set, const union port_addr *local)
{
	struct port *port = pool_get(&set->pool, NULL);

	if (port == NULL)
		return NULL;
	if (port_bind(port, local) != 0) {
		pool_put(&set->pool, port);
		return NULL;
	}
	if (watch(set, port) != 0) {
		(void)close(port->fd);
		pool_put(&set->pool, port);
		return NULL;
	}
	return port;
}

static struct port *
open_in_range(struct portset *set, const union port_addr *local,
    uint64_t start)
{
	uint32_t n = (uint32_t)set->to - set->from + 1;
	union port_addr addr = *local;
	struct port *port = NULL;

	for (uint32_t i = 0; i < n && port == NULL; i++) {
		port_addr_set_number(&addr, (uint16_t)(set->from +
		    (start % n + i) % n));
		port = open_port(set, &addr);
	}
	if (port != NULL)
		port->is_exclusive = true;
	return port;
}

static void
take_out(struct portset *set, unsigned i)
{
	set->shared[i] = set->shared[--set->shared_n];
}

/* A full set: away with a port that nobody uses, of another address, which we
 * may have lost. */
static void
make_room(struct portset *set, const union port_addr *local,
    const struct port *busy)
{
	struct port *port;

	for (unsigned i = 0; i < set->shared_n; i++) {
		port = set->shared[i];
		if (port->users_n > 0 || port == busy ||
		    port_addr_is_same_host(&port->local, local))
			continue;
		take_out(set, i);
		portset_close(set, port);
		return;
	}
}

static struct port *
open_shared(struct portset *set, const union port_addr *local)
{
	struct port *port = open_port(set, local);

	if (port != NULL && set->shared_n < PORTSET_MAX)
		set->shared[set->shared_n++] = port;
	else if (port != NULL)
		port->is_exclusive = true;
	return port;
}

/* Shared ports bound to an address, into mine. */
static unsigned
ports_of(const struct portset *set, const union port_addr *local,
    struct port *mine[PORTSET_MAX])
{
	unsigned n = 0;

	for (unsigned i = 0; i < set->shared_n; i++) {
		if (port_addr_is_same_host(&set->shared[i]->local, local))
			mine[n++] = set->shared[i];
	}
	return n;
}

static bool
has_room(const struct port *port, const union port_addr *local)
{
	return !port->is_listener && !port->is_exclusive &&
	    port->users_n < PORTSET_CLIENTS &&
	    port_addr_is_same_host(&port->local, local);
}

/* The one with the fewest transfers, among those that the client does not
 * know; NULL when it knows all of them. */
static struct port *
least_used(struct portset *set, struct port *const mine[], unsigned n,
    const union port_addr *peer)
{
	struct port *best = NULL, *port;
	unsigned first = set->next_i++;

	for (unsigned i = 0; i < n; i++) {
		port = mine[(first + i) % n];
		if ((best == NULL || port->users_n < best->users_n) &&
		    !set->is_known(set->owner, port, peer))
			best = port;
	}
	return best;
}

/*
 * As long as there is little to do each transfer gets a new port, as it would
 * from tftp-hpa.  Later on the first few ports take all of them: the more
 * clients a port has, the more one system call does.
 */
struct port *
portset_pick(struct portset *set, const union port_addr *peer,
    const union port_addr *local, struct port *busy, uint32_t users_n,
    uint64_t start)
{
	struct port *mine[PORTSET_MAX], *port = NULL;
	unsigned few = PORTSET_FEW + users_n / PORTSET_CLIENTS, n;

	if (set->from != 0)
		return open_in_range(set, local, start);
	n = ports_of(set, local, mine);
	if (n < few && set->shared_n == PORTSET_MAX)
		make_room(set, local, busy);
	if (n < few || (n < PORTSET_EACH && users_n < PORTSET_QUIET))
		port = set->shared_n < PORTSET_MAX || n == 0 ?
		    open_shared(set, local) : NULL;
	if (port != NULL || n == 0)
		return port;
	if (busy != NULL && has_room(busy, local) &&
	    !set->is_known(set->owner, busy, peer))
		return busy;
	port = least_used(set, mine, few < n ? few : n, peer);
	for (unsigned i = few; i < n && port == NULL; i++) {
		if (!set->is_known(set->owner, mine[i], peer))
			port = mine[i];
	}
	if (port == NULL && set->shared_n < PORTSET_MAX)
		port = open_shared(set, local);
	/* Better one that the client knows than none. */
	return port != NULL ? port : mine[0];
}

void
portset_dedicate(struct portset *set, struct port *port,
    const union port_addr *peer)
{
	if (port->users_n != 1 || port->is_dedicated ||
	    port_dedicate(port, peer) != 0)
		return;
	port->is_exclusive = true;
	for (unsigned i = 0; i < set->shared_n; i++) {
		if (set->shared[i] == port)
			take_out(set, i--);
	}
}
