/* SPDX-License-Identifier: ISC */
/*
 * peer - a client's address as a key of maps and hashes.
 *
 * All bytes of the structs are defined, so they may be hashed and compared as
 * memory.
 */
#ifndef TFTPD_PEER_H
#define TFTPD_PEER_H

#include <stdint.h>

#include "tftpd/port.h"

struct peer {
	uint8_t addr[16];
	uint32_t scope;
	uint16_t port;
	uint16_t family;
};

/* What tells a transfer from all others. */
struct peer_place {
	struct peer peer;
	const struct port *port;
};

/*
 * peer_of - the client with its port.
 */
struct peer peer_of(const union port_addr *addr);

/*
 * peer_machine - the client, whatever its ports.
 */
struct peer peer_machine(const union port_addr *addr);

/*
 * peer_at - a client at a port of ours.
 */
struct peer_place peer_at(const union port_addr *addr,
    const struct port *port);

#endif
