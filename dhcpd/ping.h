/* SPDX-License-Identifier: ISC */
/*
 * ping.h - is an address in use?  ICMP echo before an OFFER.
 *
 * Each probe keeps the reply that leaves when nobody answered.  Shell.
 */
#ifndef DHCPD_PING_H
#define DHCPD_PING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/ev.h"
#include "common/map.h"
#include "common/pool.h"
#include "dhcpd/decide.h"

/* Limits. */
enum {
	PING_MAX = 4096,		/* probes under way; more are not made */
	PING_PAYLOAD_MAX = 1472,
	PING_LINE_MAX = 512
};

/* One address being probed. */
struct ping_probe {
	uint32_t addr;
	uint16_t seq;
	struct ev_timer timer;
	struct ping *ping;
	void *iface;			/* the caller's: where the reply goes */
	struct decide_reply reply;	/* its payload is in payload below */
	uint8_t payload[PING_PAYLOAD_MAX];
	char line[PING_LINE_MAX];	/* logged when it goes */
};

struct ping {
	struct ev *ev;
	int fd;				/* -1: no permission, no pings */
	struct ev_source source;
	struct pool probes;
	struct map by_addr;
	void *mem;
	size_t mem_size;
	uint16_t id, seq;
	/* the answer to a probe, which is freed after the call */
	void (*on_done)(void *ctx, struct ping_probe *p, bool is_silent);
	/* an echo reply that no probe waits for; is_late: it was ours once */
	void (*on_stray)(void *ctx, uint32_t addr, bool is_late);
	void *ctx;
};

/*
 * ping_init - the socket, and memory for PING_MAX probes.
 *
 * The caller has set nothing yet and sets the callbacks afterwards.
 * 0, or -errno when there is no socket; the struct is good then, too, and
 * ping_start reports failure.
 */
int ping_init(struct ping *ping, struct ev *ev) MUST_CHECK;

/*
 * ping_start - send an echo request and wait.
 *
 * The probe to be filled in by the caller, or NULL when it cannot be done.
 */
struct ping_probe *ping_start(struct ping *ping, uint32_t addr,
    int64_t wait_ns) MUST_CHECK;

/*
 * ping_close - forget all probes, close the socket.
 */
void ping_close(struct ping *ping);

#endif
