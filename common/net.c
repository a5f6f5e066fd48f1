/* SPDX-License-Identifier: ISC */
/*
 * net - sockets; see net.h for the contract.
 *
 * A reply must leave from the address that was asked, or a client that checks
 * will not take it: so datagrams come with IP_PKTINFO or IPV6_PKTINFO and go
 * out with it.  A dual-stack socket gets IPv4 packets with IPv4's control
 * message on some kernels and with a mapped address on others; both are read,
 * and what is sent on it always uses the IPv6 form.
 */
#include "common/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/ip4.h"
#include "common/num.h"

/* Room for the control messages of one datagram. */
union control {
	struct cmsghdr align;
	char buf[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
	    CMSG_SPACE(sizeof(struct in_pktinfo))];
};

void
net_addr4(union net_addr *ret, uint32_t addr, uint16_t port)
{
	memset(ret, 0, sizeof(*ret));
	ret->in4.sin_family = AF_INET;
	ret->in4.sin_addr.s_addr = htonl(addr);
	ret->in4.sin_port = htons(port);
}

static void
net_addr6(union net_addr *ret, const struct in6_addr *addr, unsigned scope)
{
	memset(ret, 0, sizeof(*ret));
	ret->in6.sin6_family = AF_INET6;
	ret->in6.sin6_addr = *addr;
	ret->in6.sin6_scope_id = scope;
}

bool
net_addr_parse(struct str text, uint16_t port, union net_addr *ret)
{
	char buf[NET_TEXT_SIZE];
	struct in6_addr in6;
	struct str scope;
	unsigned scope_id = 0;
	uint32_t in4;

	if (ip4_parse(text, &in4)) {
		net_addr4(ret, in4, port);
		return true;
	}
	text = str_cut(text, '%', &scope);
	if (scope.p != NULL) {
		if (!str_copy(scope, buf, IF_NAMESIZE))
			return false;
		scope_id = if_nametoindex(buf);
		if (scope_id == 0 && !num_u32(scope, 1, UINT32_MAX, &scope_id))
			return false;
	}
	if (!str_copy(text, buf, sizeof(buf)) ||
	    inet_pton(AF_INET6, buf, &in6) != 1)
		return false;
	net_addr6(ret, &in6, scope_id);
	net_addr_set_port(ret, port);
	return true;
}

struct str
net_addr_fmt(const union net_addr *addr, char buf[NET_TEXT_SIZE])
{
	union net_addr plain = *addr;
	char name[IF_NAMESIZE];

	net_addr_unmap(&plain);
	if (plain.sa.sa_family == AF_INET)
		return ip4_fmt(ntohl(plain.in4.sin_addr.s_addr), buf);
	buf[0] = '\0';
	if (plain.sa.sa_family != AF_INET6)
		return str_make(buf, 0);
	if (NEVER(inet_ntop(AF_INET6, &plain.in6.sin6_addr, buf,
	    NET_TEXT_SIZE) == NULL))
		return str_make(buf, 0);
	if (plain.in6.sin6_scope_id != 0 &&
	    if_indextoname(plain.in6.sin6_scope_id, name) != NULL &&
	    strlen(buf) + 1 + strlen(name) < NET_TEXT_SIZE) {
		size_t len = strlen(buf);

		buf[len] = '%';
		memcpy(buf + len + 1, name, strlen(name) + 1);
	}
	return str_of(buf);
}

socklen_t
net_addr_len(const union net_addr *addr)
{
	if (addr->sa.sa_family == AF_INET)
		return sizeof(addr->in4);
	if (addr->sa.sa_family == AF_INET6)
		return sizeof(addr->in6);
	return sizeof(addr->un);
}

uint16_t
net_addr_port(const union net_addr *addr)
{
	if (addr->sa.sa_family == AF_INET)
		return ntohs(addr->in4.sin_port);
	if (addr->sa.sa_family == AF_INET6)
		return ntohs(addr->in6.sin6_port);
	return 0;
}

void
net_addr_set_port(union net_addr *addr, uint16_t port)
{
	if (addr->sa.sa_family == AF_INET)
		addr->in4.sin_port = htons(port);
	if (addr->sa.sa_family == AF_INET6)
		addr->in6.sin6_port = htons(port);
}

void
net_addr_unmap(union net_addr *addr)
{
	uint32_t in4_be;

	if (addr->sa.sa_family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&addr->in6.sin6_addr))
		return;
	memcpy(&in4_be, addr->in6.sin6_addr.s6_addr + 12, sizeof(in4_be));
	net_addr4(addr, ntohl(in4_be), ntohs(addr->in6.sin6_port));
}

/* The other way, for sending on an IPv6 socket. */
static void
map_in4(union net_addr *addr)
{
	struct in6_addr in6;
	uint16_t port = net_addr_port(addr);

	if (addr->sa.sa_family != AF_INET)
		return;
	memset(&in6, 0, sizeof(in6));
	in6.s6_addr[10] = in6.s6_addr[11] = 0xff;
	memcpy(in6.s6_addr + 12, &addr->in4.sin_addr, 4);
	net_addr6(addr, &in6, 0);
	net_addr_set_port(addr, port);
}

bool
net_addr_eq(const union net_addr *a, const union net_addr *b)
{
	if (a->sa.sa_family != b->sa.sa_family ||
	    net_addr_port(a) != net_addr_port(b))
		return false;
	if (a->sa.sa_family == AF_INET)
		return a->in4.sin_addr.s_addr == b->in4.sin_addr.s_addr;
	if (a->sa.sa_family == AF_INET6)
		return a->in6.sin6_scope_id == b->in6.sin6_scope_id &&
		    memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, 16) == 0;
	return false;
}

static int
set_int(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) < 0 ?
	    -errno : 0;
}

void
net_buffers(int fd, int rcvbuf, int sndbuf)
{
	/* FORCE needs CAP_NET_ADMIN; a smaller buffer only loses more. */
	if (rcvbuf > 0 && set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, rcvbuf) != 0)
		(void)set_int(fd, SOL_SOCKET, SO_RCVBUF, rcvbuf);
	if (sndbuf > 0 && set_int(fd, SOL_SOCKET, SO_SNDBUFFORCE, sndbuf) != 0)
		(void)set_int(fd, SOL_SOCKET, SO_SNDBUF, sndbuf);
}

static int
family_of(int fd)
{
	union net_addr local;
	socklen_t len = sizeof(local);

	local.sa.sa_family = AF_UNSPEC;
	if (getsockname(fd, &local.sa, &len) < 0)
		return -errno;
	return local.sa.sa_family;
}

int
net_pktinfo(int fd)
{
	int family = family_of(fd);

	if (family < 0)
		return family;
	if (family == AF_INET)
		return set_int(fd, IPPROTO_IP, IP_PKTINFO, 1);
	if (family != AF_INET6)
		return -EAFNOSUPPORT;
	/* For the IPv4 packets of a dual-stack socket; not all allow it. */
	(void)set_int(fd, IPPROTO_IP, IP_PKTINFO, 1);
	return set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

static int
set_options(int fd, int family, const struct net_opts *o)
{
	int err = 0;

	if (o->is_reuse_addr)
		err = set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (err == 0 && o->is_broadcast)
		err = set_int(fd, SOL_SOCKET, SO_BROADCAST, 1);
	if (err == 0 && family == AF_INET6)
		err = set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, o->is_v6_only);
	/* IP_FREEBIND serves both families. */
	if (err == 0 && o->is_freebind)
		err = set_int(fd, IPPROTO_IP, IP_FREEBIND, 1);
	if (err == 0 && o->device != NULL &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, o->device,
	    (socklen_t)strlen(o->device) + 1) < 0)
		err = -errno;
	net_buffers(fd, o->rcvbuf, o->sndbuf);
	return err;
}

int
net_bind(const union net_addr *addr, const struct net_opts *opts)
{
	int family = addr->sa.sa_family;
	int fd = socket(family, opts->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -errno;
	err = set_options(fd, family, opts);
	if (err == 0 && bind(fd, &addr->sa, net_addr_len(addr)) < 0)
		err = -errno;
	if (err == 0 && opts->want_pktinfo)
		err = net_pktinfo(fd);
	if (err == 0 && opts->type == SOCK_STREAM &&
	    listen(fd, opts->backlog) < 0)
		err = -errno;
	if (err == 0)
		return fd;
	close(fd);
	return err;
}

static void
read_control(struct msghdr *msg, struct net_msg *ret)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		struct in_pktinfo info4;
		struct in6_pktinfo info6;

		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info4, CMSG_DATA(c), sizeof(info4));
			net_addr4(&ret->to, ntohl(info4.ipi_addr.s_addr), 0);
			ret->ifindex = (unsigned)info4.ipi_ifindex;
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			net_addr6(&ret->to, &info6.ipi6_addr,
			    IN6_IS_ADDR_LINKLOCAL(&info6.ipi6_addr) ?
			    info6.ipi6_ifindex : 0);
			net_addr_unmap(&ret->to);
			ret->ifindex = info6.ipi6_ifindex;
		}
	}
}

ssize_t
net_recv(int fd, void *buf, size_t cap, struct net_msg *ret)
{
	struct iovec iov = { buf, cap };
	union control control;
	struct msghdr msg;
	ssize_t n;

	memset(&msg, 0, sizeof(msg));
	memset(ret, 0, sizeof(*ret));
	msg.msg_name = &ret->from;
	msg.msg_namelen = sizeof(ret->from);
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = &control;
	msg.msg_controllen = sizeof(control);
	do
		n = recvmsg(fd, &msg, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	ret->is_cut = (msg.msg_flags & MSG_TRUNC) != 0;
	read_control(&msg, ret);
	net_addr_unmap(&ret->from);
	return n;
}

static void
put(struct msghdr *msg, int level, int type, const void *info, size_t len)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);

	ASSERT(c != NULL);
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), info, len);
	msg->msg_controllen = CMSG_SPACE(len);
}

static void
write_control(struct msghdr *msg, int family, const union net_addr *from,
    unsigned ifindex, union control *control)
{
	struct in_pktinfo info4;
	struct in6_pktinfo info6;
	union net_addr source;

	memset(control, 0, sizeof(*control));
	msg->msg_control = control;
	msg->msg_controllen = sizeof(*control);
	if (family == AF_INET) {
		memset(&info4, 0, sizeof(info4));
		info4.ipi_ifindex = (int)ifindex;
		if (from != NULL)
			info4.ipi_spec_dst = from->in4.sin_addr;
		put(msg, IPPROTO_IP, IP_PKTINFO, &info4, sizeof(info4));
		return;
	}
	memset(&info6, 0, sizeof(info6));
	info6.ipi6_ifindex = ifindex;
	if (from != NULL) {
		source = *from;
		map_in4(&source);
		info6.ipi6_addr = source.in6.sin6_addr;
	}
	put(msg, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof(info6));
}

int
net_send(int fd, const void *buf, size_t len, const union net_addr *to,
    const union net_addr *from, unsigned ifindex)
{
	struct iovec iov = { (void *)(uintptr_t)buf, len };
	union net_addr dest = *to;
	int family = family_of(fd);
	union control control;
	struct msghdr msg;
	ssize_t n;

	if (family < 0)
		return family;
	if (family == AF_INET6)
		map_in4(&dest);
	memset(&msg, 0, sizeof(msg));
	msg.msg_name = &dest;
	msg.msg_namelen = net_addr_len(&dest);
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (from != NULL || ifindex != 0)
		write_control(&msg, family, from, ifindex, &control);
	do
		n = sendmsg(fd, &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

enum net_kind
net_kind_of(int fd, union net_addr *ret_local)
{
	union net_addr local, peer;
	socklen_t len = sizeof(local);
	int type, is_listening;

	memset(&local, 0, sizeof(local));
	if (ret_local != NULL)
		*ret_local = local;
	if (getsockname(fd, &local.sa, &len) < 0)
		return NET_NOT_SOCKET;
	if (ret_local != NULL)
		*ret_local = local;
	len = sizeof(type);
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
		return NET_OTHER;
	if (type == SOCK_DGRAM)
		return net_addr_port(&local) == 0 ? NET_OTHER : NET_DGRAM;
	len = sizeof(is_listening);
	if (type != SOCK_STREAM || getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN,
	    &is_listening, &len) < 0)
		return NET_OTHER;
	if (is_listening)
		return NET_LISTENER;
	len = sizeof(peer);
	return getpeername(fd, &peer.sa, &len) == 0 ? NET_CONN : NET_OTHER;
}

int
net_inherit(int fd)
{
	int status = fcntl(fd, F_GETFL);

	if (status < 0 || fcntl(fd, F_SETFL, status | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return 0;
}

int
net_listen_fds(void)
{
	uint32_t pid, n;
	bool is_ours;

	is_ours = num_u32(str_of(getenv("LISTEN_PID")), 1, INT32_MAX, &pid) &&
	    pid == (uint32_t)getpid() &&
	    num_u32(str_of(getenv("LISTEN_FDS")), 1, 1024, &n);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (!is_ours)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		/* A number that is no descriptor ends the list. */
		if (net_inherit(NET_LISTEN_FD0 + (int)i) != 0)
			return (int)i;
	}
	return (int)n;
}
