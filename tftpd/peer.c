/* SPDX-License-Identifier: ISC */
/*
 * peer - addresses without their padding; see peer.h.
 *
 * A sockaddr has bytes that nobody sets; two of the same client may differ in
 * them.  Here only what tells clients apart is copied, into zeroed memory.
 */
#include "tftpd/peer.h"

#include <string.h>

struct peer
peer_of(const union port_addr *addr)
{
	struct peer peer;

	memset(&peer, 0, sizeof(peer));
	peer.family = addr->sa.sa_family;
	if (peer.family == AF_INET6) {
		memcpy(peer.addr, &addr->in6.sin6_addr, 16);
		peer.scope = addr->in6.sin6_scope_id;
		peer.port = addr->in6.sin6_port;
	} else {
		memcpy(peer.addr, &addr->in4.sin_addr, 4);
		peer.port = addr->in4.sin_port;
	}
	return peer;
}

struct peer
peer_machine(const union port_addr *addr)
{
	struct peer peer = peer_of(addr);

	peer.port = 0;
	return peer;
}

struct peer_place
peer_at(const union port_addr *addr, const struct port *port)
{
	struct peer_place place;

	memset(&place, 0, sizeof(place));
	place.peer = peer_of(addr);
	place.port = port;
	return place;
}
