/* SPDX-License-Identifier: ISC */
/*
 * port - UDP sockets, read and written in batches.
 *
 * A port is a bound socket, mostly an unconnected one that many transfers share,
 * told apart by the client's address.  Datagrams are read up to PORT_READ at a time;
 * what is to be sent collects in a batch for one socket and leaves in one
 * system call, blocks of a window as one segmented send where the kernel can.
 */
#ifndef TFTPD_PORT_H
#define TFTPD_PORT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "common/cc.h"
#include "common/ev.h"
#include "common/net.h"
#include "tftpd/proto.h"

/* Datagrams read per call, each into a buffer of PROTO_PACKET_MAX + 1. */
#define PORT_READ 32
/* Limits of one batch of datagrams to send. */
#define PORT_SEND_MSGS 64
#define PORT_SEND_IOVS 1024
#define PORT_SEND_BYTES (192 * 1024)
/* Most segments, and most bytes, of one segmented send. */
#define PORT_SEGMENTS_MAX 64
#define PORT_SEGMENTED_MAX 65000

/* An IPv4 or IPv6 address; smaller than net_addr, as there are many. */
union port_addr {
	struct sockaddr sa;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
};

struct port {
	struct ev_source source;
	void *owner;
	int fd;
	sa_family_t family;
	bool has_pktinfo;	/* bound to all addresses: name the source */
	bool is_listener;
	bool is_exclusive;	/* for one transfer only */
	bool is_dedicated;	/* connected to its client, see port_dedicate */
	union port_addr local;	/* what it is bound to */
	union port_addr peer;	/* if it is dedicated */
	uint32_t users_n;	/* transfers on it */
	unsigned read_n;	/* datagrams to ask for next time */
};

/* A datagram received. */
struct port_msg {
	const uint8_t *p;
	size_t len;
	union port_addr from;	/* IPv4 in IPv6 turned into plain IPv4 */
	union port_addr local;	/* address it was sent to, if has_local */
	bool has_local;
};

/* Who sent a message that failed, see port_io. */
struct port_sent {
	uint64_t handle;	/* as given to port_begin */
	uint16_t segment_len;	/* 0: one datagram */
	bool has_failed;	/* once, for a reason not its own */
};

/* Buffers, process lifetime; one for all ports. */
struct port_io {
	struct mmsghdr read_hdrs[PORT_READ];
	struct iovec read_iovs[PORT_READ];
	union port_addr read_from[PORT_READ];
	uint8_t *read_bytes;
	uint8_t (*read_control)[128];
	struct port_msg msg;

	struct port *port;	/* that the batch is for */
	unsigned msgs_n;
	size_t iovs_n, bytes_n;
	struct mmsghdr hdrs[PORT_SEND_MSGS];
	struct iovec iovs[PORT_SEND_IOVS];
	union port_addr to[PORT_SEND_MSGS];
	struct port_sent sent[PORT_SEND_MSGS];
	uint8_t *bytes;
	uint8_t (*control)[128];

	bool has_segments;	/* the kernel does UDP_SEGMENT */
	uint64_t dropped_n;	/* datagrams the kernel would not take */
	/* Segmented sends do not work towards this client. */
	void (*on_no_segments)(void *ctx, uint64_t handle);
	void *ctx;
};

/*
 * port_io_init - allocate the buffers.  0 or -errno.
 */
int port_io_init(struct port_io *io) MUST_CHECK;

/*
 * port_set_up - options that every socket of ours has; fills port.
 *
 * fd         bound, non-blocking
 *
 * 0 or -errno.
 */
int port_set_up(struct port *port, int fd, bool is_listener) MUST_CHECK;

/*
 * port_bind - a new socket on an address.
 *
 * local      port 0 for any free one
 *
 * 0 or -errno.
 */
int port_bind(struct port *port, const union port_addr *local) MUST_CHECK;

/*
 * port_dedicate - from now on the port has one client only.
 *
 * The kernel remembers the way there, and port_read may wait.  What has come
 * before is lost.  Only when it is bound to a particular address, or the kernel
 * would choose one: -EADDRNOTAVAIL.
 *
 * 0 or -errno.
 */
int port_dedicate(struct port *port, const union port_addr *peer) MUST_CHECK;

/*
 * port_read - what has come: a number of datagrams, 0 for none, or -errno.
 *
 * may_wait   for some milliseconds, if nothing is there yet; dedicated ports
 */
int port_read(struct port_io *io, struct port *port, bool may_wait)
    MUST_CHECK;

/*
 * port_msg - datagram i of the last port_read; valid until the next call.
 */
const struct port_msg *port_msg(struct port_io *io, const struct port *port,
    unsigned i);

/*
 * port_error - take one ICMP message off the socket.
 *
 * ret_peer   whom our datagram was for
 *
 * Its errno value, or 0 when there is no more.
 */
int port_error(struct port *port, union port_addr *ret_peer) MUST_CHECK;

/*
 * port_begin - begin a message; what was collected for another port leaves.
 *
 * local      address to send from, NULL if it does not matter
 * bytes      room that port_room will be asked for at most
 * iovs       pieces at most
 */
void port_begin(struct port_io *io, struct port *port,
    const union port_addr *to, const union port_addr *local,
    uint64_t handle, size_t bytes, size_t iovs);

/*
 * port_room - len bytes of the message, to be filled in by the caller.
 */
uint8_t *port_room(struct port_io *io, size_t len);

/*
 * port_take_back - the last len bytes of port_room were not needed.
 */
void port_take_back(struct port_io *io, size_t len);

/*
 * port_ref - bytes of the message that stay where they are until port_flush.
 */
void port_ref(struct port_io *io, const uint8_t *p, size_t len);

/*
 * port_end - the message is complete.
 *
 * segment_len   0 for one datagram; otherwise it is cut into such pieces,
 *               the last may be shorter
 */
void port_end(struct port_io *io, uint16_t segment_len);

/*
 * port_send - a small message, copied.
 */
void port_send(struct port_io *io, struct port *port,
    const union port_addr *to, const union port_addr *local,
    const void *p, size_t len);

/*
 * port_flush - send what was collected.
 */
void port_flush(struct port_io *io);

/*
 * port_addr_text - the address without its port; as net_addr_fmt.
 */
struct str port_addr_text(const union port_addr *addr,
    char buf[NET_TEXT_SIZE]);

/*
 * port_addr_set_number - change the port number.
 */
void port_addr_set_number(union port_addr *addr, uint16_t number);

/*
 * port_addr_is_same_host - the same address, whatever the port number?
 */
bool port_addr_is_same_host(const union port_addr *a,
    const union port_addr *b);

/*
 * port_addr_is_same - the same address and port number?
 */
bool port_addr_is_same(const union port_addr *a, const union port_addr *b);

#endif
