/* SPDX-License-Identifier: ISC */
/*
 * dhcpd_shell - wires, pings and log of a simulated dhcpd.
 *
 * Stands in for link.c, ping.c and log.c: the same functions without a system
 * below them (and loop.c for ev.c).  serve.c, main.c, gen.c, leasedb.c and journal.c above
 * them are the real ones.
 */
#ifndef TESTS_SIM_DHCPD_SHELL_H
#define TESTS_SIM_DHCPD_SHELL_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcpd/link.h"

/* The wires: interfaces eth0 .. and the address of each. */
enum { SHELL_WIRES = 2 };
#define SHELL_ADDR(wire) (0x0a0a0301u + 0x100u * (uint32_t)(wire))

struct shell_hooks {
	/* a reply leaves; wire -1: by UDP to r->dst */
	void (*reply)(int wire, const struct link_reply *r);
	/* does anybody answer at this address? */
	bool (*answers)(uint32_t addr);
};

/*
 * shell_reset - the process is gone, with all its memory.
 */
void shell_reset(const struct shell_hooks *hooks);

/*
 * shell_frame - a message arrives at a wire.
 */
void shell_frame(int wire, uint32_t src, const void *bytes, size_t len);

#endif
