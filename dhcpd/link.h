/* SPDX-License-Identifier: ISC */
/*
 * link.h - the wires: a packet socket per served interface, and one UDP socket.
 *
 * Clients without an address are heard and answered through the packet socket;
 * relays and clients that have an address are answered through the UDP socket,
 * because the kernel knows the way to them.  Reading takes up to LINK_BATCH
 * frames in one system call, sending leaves in batches too.  Shell.
 */
#ifndef DHCPD_LINK_H
#define DHCPD_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/ev.h"
#include "dhcpd/frame.h"

/* Limits. */
enum {
	LINK_BATCH = 64,		/* frames per read, replies per write */
	LINK_READS_MAX = 4,		/* of an interface in one turn */
	LINK_ADDR_MAX = 64,		/* IPv4 addresses per interface looked at */
	LINK_FRAME_MAX = 2048,		/* longer frames are cut, then dropped */
	LINK_MAC_MAX = 20
};

/* Receive buffer of each packet socket: a boot storm of 20,000 waits in it. */
#define LINK_RCVBUF (64 * 1024 * 1024)

struct link;

/* One network interface.  Process lifetime. */
struct link_if {
	char name[IF_NAMESIZE];
	int ifindex;
	int fd;				/* packet socket; -1: not served */
	unsigned flags;			/* IFF_* */
	uint16_t arphrd;
	uint8_t mac_len;
	uint8_t mac[LINK_MAC_MAX];
	uint32_t addr[LINK_ADDR_MAX];	/* host order, first is the main one */
	uint32_t addr_n;
	void *user;			/* user_size bytes of the owner's, behind us */
	struct link *link;
	struct ev_source source;
};

/* Counters for the status report. */
struct link_stats {
	uint64_t frames_n, dropped_n[FRAME_WHY_N], vlan_n, send_failed_n;
};

struct link {
	struct ev *ev;
	struct link_if **ifs;		/* each of its own: they never move */
	uint32_t n, cap;
	int udp_fd;			/* -1: none */
	bool is_udp_inherited;
	uint16_t port;			/* server port */
	size_t user_size;
	struct ev_source udp_source;
	struct link_rx *rx;		/* receive buffers, shared by all */
	struct link_stats stats;
	/* a frame for the server port; bytes are good for the call only */
	void (*on_frame)(void *ctx, struct link_if *iface,
	    const struct frame *f);
	/* all frames of a read have been handed on; true: answers have left,
	 * so that reading once more may find what they bring about */
	bool (*on_read)(void *ctx);
	/* reading from an interface failed; err is an errno */
	void (*on_error)(void *ctx, struct link_if *iface, int err);
	void *ctx;
};

/* A reply ready to go.  Borrowed until link_send returns. */
struct link_reply {
	struct link_if *iface;		/* through this packet socket, or NULL */
	uint8_t head[FRAME_HEAD_LEN];	/* of the frame, when iface is set */
	const uint8_t *payload;
	size_t payload_len;
	uint32_t dst;			/* UDP: host order */
	uint16_t dst_port;
};

/*
 * link_init - no interface, no socket yet.
 *
 * user_size  bytes that each interface carries for the caller, zeroed first
 *
 * The caller sets the callbacks and ctx before it opens anything.
 * 0 or -errno.
 */
int link_init(struct link *link, struct ev *ev, uint16_t port,
    size_t user_size) MUST_CHECK;

/*
 * link_discover - list the interfaces of the machine with their addresses.
 *
 * names, names_n   only these, in this order; a name nobody has is listed
 *                  without address.  None: every interface that is up, has
 *                  broadcast, and is neither loopback nor point-to-point.
 *
 * Interfaces known already keep their place and socket.  0 or -errno.
 */
int link_discover(struct link *link, char *const names[], size_t names_n)
    MUST_CHECK;

/*
 * link_open - start to listen on an interface; frames arrive from now on.
 *
 * 0 or -errno; -EPROTONOSUPPORT for a medium whose frames are not Ethernet.
 */
int link_open(struct link *link, struct link_if *iface) MUST_CHECK;

/*
 * link_close_if - stop listening on an interface.
 */
void link_close_if(struct link *link, struct link_if *iface);

/*
 * link_open_udp - bind the UDP socket.
 *
 * addr       host order, 0 for any
 *
 * What arrives on it is dropped by a filter in the kernel: the packet sockets
 * have it too.  0 or -errno.
 */
int link_open_udp(struct link *link, uint32_t addr) MUST_CHECK;

/*
 * link_bind_udp - a UDP socket as link_open_udp would bind it, not in use yet.
 *
 * A descriptor or -errno.
 */
int link_bind_udp(uint32_t addr, uint16_t port) MUST_CHECK;

/*
 * link_rebind - serve through this UDP socket and port from now on.
 *
 * fd         as link_bind_udp gave it; owned from now on
 *
 * 0, or -errno when an interface could not be told: it stays deaf.
 */
int link_rebind(struct link *link, int fd, uint16_t port) MUST_CHECK;

/*
 * link_use_udp - take a bound UDP socket that a super-server handed over.
 *
 * 0 or -errno.
 */
int link_use_udp(struct link *link, int fd) MUST_CHECK;

/*
 * link_drain_udp - hand on what waits in the inherited UDP socket.
 *
 * The datagram that made the super-server start us came before there was a
 * packet socket.  A datagram whose interface is unknown belongs to the only
 * served one; with several it is dropped and the client asks again.
 */
void link_drain_udp(struct link *link);

/*
 * link_send - send replies, in order, as many per system call as go together.
 *
 * on_error   is told of each reply that could not be sent; may be NULL
 */
void link_send(struct link *link, const struct link_reply *const *replies,
    size_t n, void (*on_error)(void *ctx, const struct link_reply *r, int err));

/*
 * link_close - close every socket and give the memory back.
 */
void link_close(struct link *link);

#endif
