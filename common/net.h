/* SPDX-License-Identifier: ISC */
/*
 * net - sockets: addresses, binding, which address was asked, inherited ones.
 *
 * Every descriptor made here is non-blocking and close-on-exec.  Functions
 * return 0, a descriptor, a length or -errno, and log nothing.
 */
#ifndef COMMON_NET_H
#define COMMON_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "common/cc.h"
#include "common/str.h"

/* Room for any address as text: IPv6, '%' and an interface name, NUL. */
#define NET_TEXT_SIZE 64

union net_addr {
	struct sockaddr sa;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* How to bind; zero everything that does not matter. */
struct net_opts {
	int type;		/* SOCK_DGRAM or SOCK_STREAM */
	bool is_reuse_addr;
	bool is_v6_only;	/* otherwise IPv6 serves IPv4 too */
	bool is_broadcast;
	bool is_freebind;	/* the address need not exist yet */
	bool want_pktinfo;
	int rcvbuf;		/* bytes; 0 leaves the system's size */
	int sndbuf;
	int backlog;		/* SOCK_STREAM: listen with this */
	const char *device;	/* bind to this interface; needs root */
};

/* A received datagram's circumstances. */
struct net_msg {
	union net_addr from;
	union net_addr to;	/* address asked, port 0; AF_UNSPEC if unknown */
	unsigned ifindex;	/* 0 if unknown */
	bool is_cut;		/* the datagram was longer than the buffer */
};

enum net_kind {
	NET_NOT_SOCKET,
	NET_DGRAM,		/* bound datagram socket: inetd "wait" */
	NET_LISTENER,		/* listening stream: inetd "wait", systemd */
	NET_CONN,		/* connected stream: inetd "nowait" */
	NET_OTHER		/* unbound, not IP, .. */
};

/*
 * net_addr4 - IPv4 address from host-order numbers.
 */
void net_addr4(union net_addr *ret, uint32_t addr, uint16_t port);

/*
 * net_addr_parse - numeric IPv4 or IPv6 (without brackets; "%if" allowed).
 */
bool net_addr_parse(struct str text, uint16_t port, union net_addr *ret)
    MUST_CHECK;

/*
 * net_addr_fmt - the address without port into buf; also returned.
 *
 * IPv4 mapped into IPv6 is shown as IPv4.
 */
struct str net_addr_fmt(const union net_addr *addr, char buf[NET_TEXT_SIZE]);

/*
 * net_addr_len - what bind(2) and friends want as length.
 */
socklen_t net_addr_len(const union net_addr *addr);

/*
 * net_addr_port - host order; 0 for other families.
 */
uint16_t net_addr_port(const union net_addr *addr);

/*
 * net_addr_set_port - host order in.
 */
void net_addr_set_port(union net_addr *addr, uint16_t port);

/*
 * net_addr_unmap - turn IPv4 mapped into IPv6 into plain IPv4.
 */
void net_addr_unmap(union net_addr *addr);

/*
 * net_addr_eq - same family, address and port.
 */
bool net_addr_eq(const union net_addr *a, const union net_addr *b);

/*
 * net_bind - a socket, options set, bound, listening if a stream.
 *
 * The descriptor or -errno.
 */
int net_bind(const union net_addr *addr, const struct net_opts *opts)
    MUST_CHECK;

/*
 * net_buffers - size a socket's buffers, over the system's maximum if we may.
 *
 * rcvbuf, sndbuf   bytes; 0 leaves it
 */
void net_buffers(int fd, int rcvbuf, int sndbuf);

/*
 * net_pktinfo - ask for the destination of datagrams on a bound socket.
 *
 * 0 or -errno.
 */
int net_pktinfo(int fd) MUST_CHECK;

/*
 * net_recv - one datagram and its circumstances.
 *
 * Its length (at most cap) or -errno; -EAGAIN when there is none.
 */
ssize_t net_recv(int fd, void *buf, size_t cap, struct net_msg *ret)
    MUST_CHECK;

/*
 * net_send - one datagram.
 *
 * from       address to send from (its port is not looked at), or NULL
 * ifindex    interface to send through, or 0
 *
 * 0 or -errno.
 */
int net_send(int fd, const void *buf, size_t len, const union net_addr *to,
    const union net_addr *from, unsigned ifindex) MUST_CHECK;

/*
 * net_kind_of - what is this inherited descriptor?
 *
 * ret_local  its own address, unless NULL; AF_UNSPEC if there is none
 */
enum net_kind net_kind_of(int fd, union net_addr *ret_local);

/*
 * net_inherit - make an inherited descriptor non-blocking and close-on-exec.
 *
 * 0 or -errno.
 */
int net_inherit(int fd) MUST_CHECK;

/*
 * net_listen_fds - descriptors passed by systemd: NET_LISTEN_FD0 and up.
 *
 * Their number, 0 when LISTEN_PID is not this process.  Each has been through
 * net_inherit.  The variables are removed from the environment.
 */
int net_listen_fds(void);
#define NET_LISTEN_FD0 3

#endif
