/* SPDX-License-Identifier: ISC */
/*
 * port - UDP sockets, read and written in batches.
 *
 * Shared sockets are not connected, so that one serves many clients and a
 * stranger's packet is seen and answered.  ICMP errors come through the error queue,
 * which names the client.  Datagrams larger than the link are fragmented, as
 * TFTP has always done (no path MTU discovery).  A full send buffer is waited
 * for, briefly: there is nothing better to do, and the network is the limit.
 */
#include "tftpd/port.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "common/proc.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103		/* Linux 4.18 */
#endif

#define READ_SLOT (PROTO_PACKET_MAX + 1)
/* How long to wait for a full send buffer. */
#define PORT_WAIT_MS 10
/* How long port_read may wait; the kernel rounds it up to its ticks. */
#define PORT_READ_WAIT_US 2000
#define PORT_RCVBUF (4 * 1024 * 1024)
/* Thousands of machines ask within a second after a power cut. */
#define PORT_LISTEN_RCVBUF (16 * 1024 * 1024)
#define PORT_SNDBUF (4 * 1024 * 1024)

/* Kernels before 4.18 would send it all as one datagram. */
static bool
kernel_segments(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), value;
	socklen_t len = sizeof(value);
	bool is_known;

	if (fd < 0)
		return false;
	is_known = getsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &value,
	    &len) == 0;
	(void)close(fd);
	return is_known;
}

int
port_io_init(struct port_io *io)
{
	memset(io, 0, sizeof(*io));
	io->read_bytes = proc_reserve((size_t)PORT_READ * READ_SLOT);
	io->read_control = proc_reserve(PORT_READ *
	    sizeof(io->read_control[0]));
	io->bytes = proc_reserve(PORT_SEND_BYTES);
	io->control = proc_reserve(PORT_SEND_MSGS * sizeof(io->control[0]));
	if (io->read_bytes == NULL || io->read_control == NULL ||
	    io->bytes == NULL || io->control == NULL)
		return -ENOMEM;
	io->has_segments = kernel_segments();
	for (unsigned i = 0; i < PORT_READ; i++) {
		io->read_iovs[i].iov_base = io->read_bytes +
		    (size_t)i * READ_SLOT;
		io->read_iovs[i].iov_len = READ_SLOT;
		io->read_hdrs[i].msg_hdr.msg_name = &io->read_from[i];
		io->read_hdrs[i].msg_hdr.msg_iov = &io->read_iovs[i];
		io->read_hdrs[i].msg_hdr.msg_iovlen = 1;
	}
	return 0;
}

/* ---- addresses ---------------------------------------------------------------- */

static void
to_net(const union port_addr *addr, union net_addr *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (addr->sa.sa_family == AF_INET6)
		ret->in6 = addr->in6;
	else
		ret->in4 = addr->in4;
}

static void
from_net(const union net_addr *addr, union port_addr *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (addr->sa.sa_family == AF_INET6)
		ret->in6 = addr->in6;
	else if (addr->sa.sa_family == AF_INET)
		ret->in4 = addr->in4;
	else
		ret->sa.sa_family = AF_INET;
}

struct str
port_addr_text(const union port_addr *addr, char buf[NET_TEXT_SIZE])
{
	union net_addr net;

	to_net(addr, &net);
	return net_addr_fmt(&net, buf);
}

void
port_addr_set_number(union port_addr *addr, uint16_t number)
{
	if (addr->sa.sa_family == AF_INET6)
		addr->in6.sin6_port = htons(number);
	else
		addr->in4.sin_port = htons(number);
}

bool
port_addr_is_same_host(const union port_addr *a, const union port_addr *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET6)
		return a->in6.sin6_scope_id == b->in6.sin6_scope_id &&
		    IN6_ARE_ADDR_EQUAL(&a->in6.sin6_addr, &b->in6.sin6_addr);
	return a->in4.sin_addr.s_addr == b->in4.sin_addr.s_addr;
}

bool
port_addr_is_same(const union port_addr *a, const union port_addr *b)
{
	/* The number is in the same place in both. */
	return a->in4.sin_port == b->in4.sin_port &&
	    port_addr_is_same_host(a, b);
}

static void
unmap(union port_addr *addr)
{
	union net_addr net;

	if (addr->sa.sa_family != AF_INET6)
		return;
	to_net(addr, &net);
	net_addr_unmap(&net);
	from_net(&net, addr);
}

/* For a socket of the other family: IPv4 inside IPv6. */
static void
map_into_v6(union port_addr *addr)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	in6.sin6_port = addr->in4.sin_port;
	in6.sin6_addr.s6_addr[10] = in6.sin6_addr.s6_addr[11] = 0xff;
	memcpy(&in6.sin6_addr.s6_addr[12], &addr->in4.sin_addr, 4);
	addr->in6 = in6;
}

static socklen_t
addr_len(const union port_addr *addr)
{
	return addr->sa.sa_family == AF_INET6 ? sizeof(addr->in6) :
	    sizeof(addr->in4);
}

/* ---- sockets ------------------------------------------------------------------ */

static bool
is_wildcard(const union port_addr *addr)
{
	if (addr->sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_UNSPECIFIED(&addr->in6.sin6_addr);
	return addr->in4.sin_addr.s_addr == htonl(INADDR_ANY);
}

int
port_set_up(struct port *port, int fd, bool is_listener)
{
	union port_addr local = { 0 };
	socklen_t len = sizeof(local);
	int on = 1, dont = IP_PMTUDISC_DONT;

	if (getsockname(fd, &local.sa, &len) != 0)
		return -errno;
	port->fd = fd;
	port->local = local;
	port->family = local.sa.sa_family;
	port->is_listener = is_listener;
	port->has_pktinfo = is_wildcard(&local);
	port->read_n = 1;
	net_buffers(fd, is_listener ? PORT_LISTEN_RCVBUF : PORT_RCVBUF,
	    PORT_SNDBUF);
	/* Where these are missing, less is noticed and nothing breaks. */
	(void)setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &dont,
	    sizeof(dont));
	(void)setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	if (port->family == AF_INET6) {
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &dont,
		    sizeof(dont));
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on,
		    sizeof(on));
	}
	if (is_listener)
		return net_pktinfo(fd);
	return 0;
}

int
port_bind(struct port *port, const union port_addr *local)
{
	struct net_opts opts = {
		.type = SOCK_DGRAM, .is_v6_only = true
	};
	union net_addr net;
	int fd, error;

	to_net(local, &net);
	fd = net_bind(&net, &opts);
	if (fd < 0)
		return fd;
	error = port_set_up(port, fd, false);
	if (error != 0)
		(void)close(fd);
	return error;
}

int
port_dedicate(struct port *port, const union port_addr *peer)
{
	struct timeval wait = { .tv_usec = PORT_READ_WAIT_US };
	uint8_t unused[1];

	ASSERT(!port->is_listener);
	if (port->has_pktinfo || port->family != peer->sa.sa_family)
		return -EADDRNOTAVAIL;
	/* Reading does not wait unless it says so in each call; see there. */
	if (setsockopt(port->fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
	    sizeof(wait)) != 0 || fcntl(port->fd, F_SETFL, 0) != 0 ||
	    connect(port->fd, &peer->sa, addr_len(peer)) != 0)
		return -errno;
	/* From strangers, perhaps; from now on nobody asks who sent it. */
	for (int i = 0; i < PORT_READ && recv(port->fd, unused,
	    sizeof(unused), MSG_DONTWAIT) >= 0; i++)
		continue;
	port->is_dedicated = true;
	port->peer = *peer;
	port->read_n = 1;
	return 0;
}

/* ---- reading ------------------------------------------------------------------ */

/* The packet of a client that is known costs least to read. */
static int
read_dedicated(struct port_io *io, const struct port *port, int flags)
{
	ssize_t len = recv(port->fd, io->read_bytes, READ_SLOT, flags);

	io->read_hdrs[0].msg_len = (unsigned)len;
	io->read_from[0] = port->peer;
	return len < 0 ? -1 : 1;
}

static int
read_several(struct port_io *io, const struct port *port, unsigned want)
{
	for (unsigned i = 0; i < want; i++) {
		struct msghdr *hdr = &io->read_hdrs[i].msg_hdr;

		hdr->msg_namelen = sizeof(io->read_from[i]);
		hdr->msg_control = port->is_listener ? io->read_control[i] :
		    NULL;
		hdr->msg_controllen = port->is_listener ?
		    sizeof(io->read_control[i]) : 0;
	}
	if (want == 1) {
		ssize_t len = recvmsg(port->fd, &io->read_hdrs[0].msg_hdr,
		    MSG_DONTWAIT);

		io->read_hdrs[0].msg_len = (unsigned)len;
		return len < 0 ? -1 : 1;
	}
	return recvmmsg(port->fd, io->read_hdrs, want, MSG_DONTWAIT, NULL);
}

int
port_read(struct port_io *io, struct port *port, bool may_wait)
{
	unsigned want = port->read_n;
	int n;

	ASSERT(!may_wait || port->is_dedicated);
	if (port->is_dedicated && (may_wait || want == 1))
		n = read_dedicated(io, port, may_wait ? 0 : MSG_DONTWAIT);
	else
		n = read_several(io, port, want);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	/* Ask for more only where there is more: each try costs. */
	if (may_wait)
		return n;
	if ((unsigned)n == want)
		port->read_n = want * 2 > PORT_READ ? PORT_READ : want * 2;
	else
		port->read_n = n > 1 ? (unsigned)n : 1;
	return n;
}

/* The address a datagram was sent to, as one to answer from. */
static bool
local_of(struct msghdr *hdr, union port_addr *ret)
{
	struct cmsghdr *c;

	memset(ret, 0, sizeof(*ret));
	for (c = CMSG_FIRSTHDR(hdr); c != NULL; c = CMSG_NXTHDR(hdr, c)) {
		if (c->cmsg_level == IPPROTO_IP &&
		    c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			ret->in4.sin_family = AF_INET;
			ret->in4.sin_addr = info.ipi_spec_dst;
			return true;
		}
		if (c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
				return false;
			ret->in6.sin6_family = AF_INET6;
			ret->in6.sin6_addr = info.ipi6_addr;
			if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
				ret->in6.sin6_scope_id = info.ipi6_ifindex;
			unmap(ret);
			return true;
		}
	}
	return false;
}

const struct port_msg *
port_msg(struct port_io *io, const struct port *port, unsigned i)
{
	struct port_msg *msg = &io->msg;

	ASSERT(i < PORT_READ);
	msg->p = io->read_iovs[i].iov_base;
	msg->len = io->read_hdrs[i].msg_len;
	msg->from = io->read_from[i];
	unmap(&msg->from);
	msg->has_local = port->is_listener &&
	    local_of(&io->read_hdrs[i].msg_hdr, &msg->local);
	return msg;
}

int
port_error(struct port *port, union port_addr *ret_peer)
{
	uint8_t control[256], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr hdr = {
		.msg_name = ret_peer, .msg_namelen = sizeof(*ret_peer),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control)
	};
	struct cmsghdr *c;

	if (recvmsg(port->fd, &hdr, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return 0;
	unmap(ret_peer);
	for (c = CMSG_FIRSTHDR(&hdr); c != NULL; c = CMSG_NXTHDR(&hdr, c)) {
		struct sock_extended_err error;

		if (c->cmsg_level != IPPROTO_IP &&
		    c->cmsg_level != IPPROTO_IPV6)
			continue;
		if (c->cmsg_type != IP_RECVERR && c->cmsg_type != IPV6_RECVERR)
			continue;
		memcpy(&error, CMSG_DATA(c), sizeof(error));
		if (error.ee_errno != 0)
			return (int)error.ee_errno;
	}
	return EIO;
}

/* ---- sending ------------------------------------------------------------------ */

static void
put_control(struct msghdr *hdr, uint8_t control[128], int level, int type,
    const void *p, size_t len)
{
	struct cmsghdr *c = (struct cmsghdr *)(void *)
	    (control + hdr->msg_controllen);

	ASSERT(hdr->msg_controllen + CMSG_SPACE(len) <= 128);
	memset(c, 0, CMSG_SPACE(len));
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), p, len);
	hdr->msg_control = control;
	hdr->msg_controllen += CMSG_SPACE(len);
}

static void
put_source(struct msghdr *hdr, uint8_t control[128],
    const struct port *port, const union port_addr *local)
{
	union port_addr from = *local;

	if (port->family == AF_INET6) {
		struct in6_pktinfo info;

		if (from.sa.sa_family == AF_INET)
			map_into_v6(&from);
		memset(&info, 0, sizeof(info));
		info.ipi6_addr = from.in6.sin6_addr;
		info.ipi6_ifindex = from.in6.sin6_scope_id;
		put_control(hdr, control, IPPROTO_IPV6, IPV6_PKTINFO, &info,
		    sizeof(info));
	} else {
		struct in_pktinfo info;

		memset(&info, 0, sizeof(info));
		info.ipi_spec_dst = from.in4.sin_addr;
		put_control(hdr, control, IPPROTO_IP, IP_PKTINFO, &info,
		    sizeof(info));
	}
}

void
port_begin(struct port_io *io, struct port *port,
    const union port_addr *to, const union port_addr *local,
    uint64_t handle, size_t bytes, size_t iovs)
{
	struct msghdr *hdr;
	unsigned i;

	ASSERT(bytes <= PORT_SEND_BYTES && iovs <= PORT_SEND_IOVS);
	if (io->port != port || io->msgs_n == PORT_SEND_MSGS ||
	    io->bytes_n + bytes > PORT_SEND_BYTES ||
	    io->iovs_n + iovs > PORT_SEND_IOVS)
		port_flush(io);
	io->port = port;
	i = io->msgs_n;
	io->to[i] = *to;
	if (port->family == AF_INET6 && to->sa.sa_family == AF_INET)
		map_into_v6(&io->to[i]);
	hdr = &io->hdrs[i].msg_hdr;
	memset(hdr, 0, sizeof(*hdr));
	if (!port->is_dedicated) {
		hdr->msg_name = &io->to[i];
		hdr->msg_namelen = addr_len(&io->to[i]);
	}
	hdr->msg_iov = &io->iovs[io->iovs_n];
	io->sent[i].handle = handle;
	io->sent[i].has_failed = false;
	if (local != NULL && port->has_pktinfo)
		put_source(hdr, io->control[i], port, local);
}

static void
add_piece(struct port_io *io, uint8_t *p, size_t len)
{
	struct msghdr *hdr = &io->hdrs[io->msgs_n].msg_hdr;
	struct iovec *last = &io->iovs[io->iovs_n];

	if (hdr->msg_iovlen > 0 &&
	    (uint8_t *)last[-1].iov_base + last[-1].iov_len == p) {
		last[-1].iov_len += len;
		return;
	}
	ASSERT(io->iovs_n < PORT_SEND_IOVS);
	last->iov_base = p;
	last->iov_len = len;
	hdr->msg_iovlen++;
	io->iovs_n++;
}

uint8_t *
port_room(struct port_io *io, size_t len)
{
	uint8_t *p = io->bytes + io->bytes_n;

	ASSERT(io->bytes_n + len <= PORT_SEND_BYTES);
	add_piece(io, p, len);
	io->bytes_n += len;
	return p;
}

void
port_take_back(struct port_io *io, size_t len)
{
	ASSERT(io->iovs_n > 0 && io->iovs[io->iovs_n - 1].iov_len >= len);
	io->iovs[io->iovs_n - 1].iov_len -= len;
	io->bytes_n -= len;
}

void
port_ref(struct port_io *io, const uint8_t *p, size_t len)
{
	if (len > 0)
		add_piece(io, (uint8_t *)(uintptr_t)p, len);
}

void
port_end(struct port_io *io, uint16_t segment_len)
{
	unsigned i = io->msgs_n++;

	io->sent[i].segment_len = segment_len;
	if (segment_len != 0)
		put_control(&io->hdrs[i].msg_hdr, io->control[i],
		    IPPROTO_UDP, UDP_SEGMENT, &segment_len,
		    sizeof(segment_len));
}

void
port_send(struct port_io *io, struct port *port,
    const union port_addr *to, const union port_addr *local,
    const void *p, size_t len)
{
	port_begin(io, port, to, local, 0, len, 1);
	memcpy(port_room(io, len), p, len);
	port_end(io, 0);
}

/* Send the pieces of a segmented message one by one. */
static void
send_unsegmented(struct port_io *io, unsigned i)
{
	struct msghdr hdr = io->hdrs[i].msg_hdr;
	struct iovec *iovs = hdr.msg_iov;
	size_t iovs_n = hdr.msg_iovlen, at = 0;

	/* Ours is the last control message. */
	hdr.msg_controllen -= CMSG_SPACE(sizeof(uint16_t));
	if (hdr.msg_controllen == 0)
		hdr.msg_control = NULL;
	for (size_t k = 0; k < iovs_n; ) {
		struct iovec piece[4];
		size_t need = io->sent[i].segment_len, n = 0;

		while (need > 0 && k < iovs_n && n < ARRAY_LEN(piece)) {
			size_t len = iovs[k].iov_len - at;

			if (len > need)
				len = need;
			piece[n].iov_base = (uint8_t *)iovs[k].iov_base + at;
			piece[n++].iov_len = len;
			need -= len;
			at += len;
			if (at == iovs[k].iov_len) {
				k++;
				at = 0;
			}
		}
		hdr.msg_iov = piece;
		hdr.msg_iovlen = n;
		if (sendmsg(io->port->fd, &hdr, MSG_DONTWAIT) < 0)
			io->dropped_n++;
	}
}

/* Message i was not taken.  True to try it again. */
static bool
may_retry(struct port_io *io, unsigned i, int error, bool *has_waited)
{
	struct pollfd pfd = { .fd = io->port->fd, .events = POLLOUT };

	if (error == EINTR)
		return true;
	if ((error == EAGAIN || error == ENOBUFS) && !*has_waited) {
		*has_waited = true;
		(void)poll(&pfd, 1, PORT_WAIT_MS);
		return true;
	}
	if (error == ECONNREFUSED || error == EHOSTUNREACH) {
		/* Somebody else's ICMP message; the queue keeps it.  Once. */
		if (!io->sent[i].has_failed) {
			io->sent[i].has_failed = true;
			return true;
		}
	} else if (io->sent[i].segment_len != 0) {
		/* Too large for the link, or a device that cannot. */
		io->on_no_segments(io->ctx, io->sent[i].handle);
		send_unsegmented(io, i);
		return false;
	}
	io->dropped_n++;
	return false;
}

void
port_flush(struct port_io *io)
{
	unsigned done = 0;
	bool has_waited = false;
	int n;

	while (done < io->msgs_n) {
		n = io->msgs_n - done == 1 ?
		    (sendmsg(io->port->fd, &io->hdrs[done].msg_hdr,
		    MSG_DONTWAIT) < 0 ? -1 : 1) :
		    sendmmsg(io->port->fd, &io->hdrs[done],
		    io->msgs_n - done, MSG_DONTWAIT);
		if (n > 0)
			done += (unsigned)n;
		else if (!may_retry(io, done, errno, &has_waited))
			done++;
	}
	io->msgs_n = 0;
	io->iovs_n = 0;
	io->bytes_n = 0;
	io->port = NULL;
}
