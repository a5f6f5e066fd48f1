/* SPDX-License-Identifier: ISC */
/*
 * dhcpd_world - what clients and server of a simulated network share.
 */
#ifndef TESTS_SIM_DHCPD_WORLD_H
#define TESTS_SIM_DHCPD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/dhcp_promise.h"

enum {
	WORLD_RELAY = 2,	/* the wire behind the relay */
	WORLD_WIRES = 3,
	WORLD_CLIENTS = 24,
	WORLD_FIXED = 1		/* last octet of who has a declared address */
};
#define WORLD_RELAY_ADDR 0x0a140001u

/* What every part may look at. */
struct world_state {
	struct promises promises;
	bool is_quiet;		/* the end of a history: nothing goes wrong */
	bool is_hostile;	/* strangers send changed copies */
	uint32_t squatters[4];	/* addresses that somebody just uses */
};

extern struct world_state world;

/*
 * world_tell - a message for the server leaves a client.
 *
 * wire       WORLD_RELAY: the relay has written its address into it
 * src        source address
 */
void world_tell(int wire, uint32_t src, const uint8_t *bytes, size_t len);

/*
 * world_is_squatted - does a stranger use this address?
 */
bool world_is_squatted(uint32_t addr);

/* --- clients (dhcpd_client.c) */

/*
 * client_begin - new clients, all switched off; they come one by one.
 */
void client_begin(unsigned n);

/*
 * client_hear - a reply arrives at everybody whom it reaches.
 *
 * wire       -1: sent to dst by UDP
 * mac        where the frame goes; NULL: by UDP
 */
void client_hear(int wire, const uint8_t *mac, uint32_t dst,
    const uint8_t *bytes, size_t len);

/*
 * client_has - does a client hold this address, as it sees it?
 */
bool client_has(uint32_t addr);

/*
 * client_excuse - promises may have been dropped or shortened: whoever did not
 * hear of it is not the server's fault.
 */
void client_excuse(void);

/*
 * client_calm - everybody is switched on, if need be again, and stays.
 */
void client_calm(void);

/*
 * client_unserved - a client that has no address, by number; -1: none from i.
 *
 * A changed copy of a message may have spoken for its client and got it other
 * terms.  Who was told to keep its address for ever does not ask again, and
 * nobody can tell it: as long as its time by the last ACK runs it is not
 * counted.  A lease that DHCP gave is over before a history ends.
 *
 * ret_wire   where it is
 * ret_is_pxe what class it is of
 */
int client_unserved(int i, int *ret_wire, bool *ret_is_pxe,
    bool *ret_is_bootp);

/* --- strangers (dhcpd_hostile.c) */

/*
 * hostile_begin - strangers with bad habits, until the world is quiet.
 */
void hostile_begin(void);

/*
 * hostile_overhear - a message that can be sent again, changed.
 */
void hostile_overhear(int wire, const uint8_t *bytes, size_t len);

#endif
