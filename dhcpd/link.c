/* SPDX-License-Identifier: ISC */
/*
 * link.c - packet sockets, the UDP socket, and the list of interfaces.
 *
 * Owns every descriptor that carries DHCP.  Promises that a frame handed on
 * has passed frame_parse, came for the server port, was not tagged for another
 * VLAN and was not sent by this server.  Decides nothing about its content and
 * logs nothing; failures go to callbacks with their errno.
 * The only file that may include <linux/filter.h>.
 */
#include "dhcpd/link.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "common/net.h"

/* <linux/if_packet.h> clashes with <netpacket/packet.h>, see auxdata below. */
#ifndef PACKET_AUXDATA
#define PACKET_AUXDATA 8
#endif
#define LINK_STATUS_CSUM_NOT_READY (1u << 3)
#define LINK_VLAN_MASK 0xfff

/* What PACKET_AUXDATA delivers: struct tpacket_auxdata of the kernel. */
struct link_auxdata {
	uint32_t status;
	uint32_t len, snaplen;
	uint16_t mac, net;
	uint16_t vlan_tci, vlan_tpid;
};

union link_control {
	char buf[CMSG_SPACE(sizeof(struct link_auxdata))];
	struct cmsghdr align;
};

struct link_rx {
	struct mmsghdr msg[LINK_BATCH];
	struct iovec iov[LINK_BATCH];
	union link_control control[LINK_BATCH];
	uint8_t buf[LINK_BATCH][LINK_FRAME_MAX];
};

int
link_init(struct link *link, struct ev *ev, uint16_t port, size_t user_size)
{
	struct link_rx *rx;

	memset(link, 0, sizeof(*link));
	link->ev = ev;
	link->port = port;
	link->udp_fd = -1;
	link->user_size = user_size;
	rx = calloc(1, sizeof(*rx));
	if (rx == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < LINK_BATCH; i++) {
		rx->iov[i].iov_base = rx->buf[i];
		rx->iov[i].iov_len = sizeof(rx->buf[i]);
		rx->msg[i].msg_hdr.msg_iov = &rx->iov[i];
		rx->msg[i].msg_hdr.msg_iovlen = 1;
		rx->msg[i].msg_hdr.msg_control = &rx->control[i];
		rx->msg[i].msg_hdr.msg_controllen = sizeof(rx->control[i]);
	}
	link->rx = rx;
	return 0;
}

/* --- interfaces */

static struct link_if *
link_find(struct link *link, const char *name)
{
	for (uint32_t i = 0; i < link->n; i++)
		if (strcmp(link->ifs[i]->name, name) == 0)
			return link->ifs[i];
	return NULL;
}

static void link_readable(void *ctx, unsigned ready);

/* The interface of that name, entered when it is new; NULL: no memory. */
static struct link_if *
link_add(struct link *link, const char *name)
{
	struct link_if **grown, *iface;
	uint32_t cap;

	iface = link_find(link, name);
	if (iface != NULL)
		return iface;
	if (link->n == link->cap) {
		cap = link->cap == 0 ? 16 : link->cap * 2;
		grown = realloc(link->ifs, cap * sizeof(*grown));
		if (grown == NULL)
			return NULL;
		link->ifs = grown;
		link->cap = cap;
	}
	iface = calloc(1, sizeof(*iface) + link->user_size);
	if (iface == NULL || !str_copy(str_of(name), iface->name,
	    sizeof(iface->name))) {
		free(iface);
		return NULL;
	}
	iface->fd = -1;
	iface->link = link;
	iface->user = iface + 1;
	ev_source_init(&iface->source, link_readable, iface);
	link->ifs[link->n++] = iface;
	return iface;
}

static void
link_learn(struct link_if *iface, const struct ifaddrs *a)
{
	struct sockaddr_ll ll;
	struct sockaddr_in in;

	iface->flags = a->ifa_flags;
	if (a->ifa_addr == NULL)
		return;
	if (a->ifa_addr->sa_family == AF_PACKET) {
		memcpy(&ll, a->ifa_addr, sizeof(ll));
		iface->ifindex = ll.sll_ifindex;
		iface->arphrd = ll.sll_hatype;
		iface->mac_len = ll.sll_halen <= sizeof(ll.sll_addr) ?
		    ll.sll_halen : 0;
		memcpy(iface->mac, ll.sll_addr, iface->mac_len);
	} else if (a->ifa_addr->sa_family == AF_INET &&
	    iface->addr_n < LINK_ADDR_MAX) {
		memcpy(&in, a->ifa_addr, sizeof(in));
		iface->addr[iface->addr_n++] = ntohl(in.sin_addr.s_addr);
	}
}

/* Is this one to be served when no names were given? */
static bool
link_is_eligible(unsigned flags)
{
	return (flags & IFF_UP) != 0 && (flags & IFF_BROADCAST) != 0 &&
	    (flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) == 0;
}

int
link_discover(struct link *link, char *const names[], size_t names_n)
{
	struct ifaddrs *list, *a;
	struct link_if *iface;

	if (getifaddrs(&list) < 0)
		return -errno;
	for (size_t i = 0; i < names_n; i++)
		if (link_add(link, names[i]) == NULL) {
			freeifaddrs(list);
			return -ENOMEM;
		}
	for (uint32_t i = 0; i < link->n; i++)
		link->ifs[i]->addr_n = 0;
	for (a = list; a != NULL; a = a->ifa_next) {
		iface = link_find(link, a->ifa_name);
		if (iface == NULL && names_n == 0 &&
		    link_is_eligible(a->ifa_flags))
			iface = link_add(link, a->ifa_name);
		if (iface != NULL)
			link_learn(iface, a);
	}
	freeifaddrs(list);
	return 0;
}

/* --- receiving */

/*
 * Accept IPv4, UDP, first fragments, our port; and of what this host itself
 * sends only what did not come from the server port, that is, not our own
 * replies to a relay.
 */
static int
link_filter(int fd, uint16_t port)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD + BPF_H + BPF_ABS, 12),
		BPF_JUMP(BPF_JMP + BPF_JEQ + BPF_K, ETHERTYPE_IP, 0, 12),
		BPF_STMT(BPF_LD + BPF_B + BPF_ABS, 23),
		BPF_JUMP(BPF_JMP + BPF_JEQ + BPF_K, IPPROTO_UDP, 0, 10),
		BPF_STMT(BPF_LD + BPF_H + BPF_ABS, 20),
		BPF_JUMP(BPF_JMP + BPF_JSET + BPF_K, 0x1fff, 8, 0),
		BPF_STMT(BPF_LDX + BPF_B + BPF_MSH, 14),
		BPF_STMT(BPF_LD + BPF_H + BPF_IND, 16),
		BPF_JUMP(BPF_JMP + BPF_JEQ + BPF_K, port, 0, 5),
		BPF_STMT(BPF_LD + BPF_B + BPF_ABS,
		    (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP + BPF_JEQ + BPF_K, PACKET_OUTGOING, 0, 2),
		BPF_STMT(BPF_LD + BPF_H + BPF_IND, 14),
		BPF_JUMP(BPF_JMP + BPF_JEQ + BPF_K, port, 1, 0),
		BPF_STMT(BPF_RET + BPF_K, 0xffffffff),
		BPF_STMT(BPF_RET + BPF_K, 0),
	};
	struct sock_fprog prog = { ARRAY_LEN(code), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
	    sizeof(prog)) < 0 ? -errno : 0;
}

/* Status and VLAN of a frame; false when it belongs to a VLAN interface. */
static bool
link_auxdata(struct msghdr *h, bool *ret_sum_ready)
{
	struct link_auxdata aux;
	struct cmsghdr *c;

	*ret_sum_ready = true;
	for (c = CMSG_FIRSTHDR(h); c != NULL; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level != SOL_PACKET ||
		    c->cmsg_type != PACKET_AUXDATA ||
		    c->cmsg_len < CMSG_LEN(sizeof(aux)))
			continue;
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		*ret_sum_ready =
		    (aux.status & LINK_STATUS_CSUM_NOT_READY) == 0;
		return (aux.vlan_tci & LINK_VLAN_MASK) == 0;
	}
	return true;
}

static void
link_deliver(struct link *link, struct link_if *iface, struct mmsghdr *m)
{
	struct frame f;
	enum frame_why why;
	bool sum_ready;

	link->stats.frames_n++;
	if (!link_auxdata(&m->msg_hdr, &sum_ready)) {
		link->stats.vlan_n++;
		return;
	}
	why = frame_parse(m->msg_hdr.msg_iov->iov_base, m->msg_len, sum_ready,
	    &f);
	if (why != FRAME_OK) {
		link->stats.dropped_n[why]++;
		return;
	}
	if (f.dst_port == link->port)
		link->on_frame(link->ctx, iface, &f);
}

/* Hand on what one call reads; false: there is no reason to read again. */
static bool
link_read(struct link *link, struct link_if *iface)
{
	struct link_rx *rx = link->rx;
	int n;

	n = recvmmsg(iface->fd, rx->msg, LINK_BATCH, MSG_DONTWAIT, NULL);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			link->on_error(link->ctx, iface, errno);
		return false;
	}
	/* The owner may close the interface from its callback. */
	for (int i = 0; i < n && iface->fd >= 0; i++)
		link_deliver(link, iface, &rx->msg[i]);
	/* The kernel has put the lengths it used in place of those it may. */
	for (int i = 0; i < n; i++)
		rx->msg[i].msg_hdr.msg_controllen = sizeof(rx->control[i]);
	return (link->on_read(link->ctx) || n == LINK_BATCH) && iface->fd >= 0;
}

/*
 * All that has come is to share one sync: so read until there is no more, and
 * once more when OFFERs have left, since the REQUESTs follow at once.
 */
static void
link_readable(void *ctx, unsigned ready)
{
	struct link_if *iface = ctx;

	(void)ready;
	for (int i = 0; i < LINK_READS_MAX; i++)
		if (!link_read(iface->link, iface))
			break;
}

int
link_open(struct link *link, struct link_if *iface)
{
	struct sockaddr_ll ll;
	int fd, err, on;

	if (iface->arphrd != ARPHRD_ETHER || iface->mac_len != FRAME_MAC_LEN)
		return -EPROTONOSUPPORT;
	/* Protocol 0 hears nothing yet: first the filter, then the wire. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	on = 1;
	err = link_filter(fd, link->port);
	if (err == 0 && setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on,
	    sizeof(on)) < 0)
		err = -errno;
	net_buffers(fd, LINK_RCVBUF, 0);
	memset(&ll, 0, sizeof(ll));
	ll.sll_family = AF_PACKET;
	ll.sll_protocol = htons(ETH_P_ALL);
	ll.sll_ifindex = iface->ifindex;
	if (err == 0 && bind(fd, (struct sockaddr *)&ll, sizeof(ll)) < 0)
		err = -errno;
	if (err == 0)
		err = ev_add(link->ev, &iface->source, fd, EV_READ);
	if (err < 0) {
		close(fd);
		return err;
	}
	iface->fd = fd;
	return 0;
}

void
link_close_if(struct link *link, struct link_if *iface)
{
	if (iface->fd < 0)
		return;
	ev_del(link->ev, &iface->source);
	close(iface->fd);
	iface->fd = -1;
}

/* --- the UDP socket */

/* Let the kernel drop everything: we only send here. */
static int
link_deafen(int fd)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET + BPF_K, 0) };
	struct sock_fprog prog = { ARRAY_LEN(code), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
	    sizeof(prog)) < 0 ? -errno : 0;
}

int
link_bind_udp(uint32_t addr, uint16_t port)
{
	struct net_opts opts = { .type = SOCK_DGRAM, .is_reuse_addr = true };
	union net_addr local;
	int fd, err;

	net_addr4(&local, addr, port);
	fd = net_bind(&local, &opts);
	if (fd < 0)
		return fd;
	err = link_deafen(fd);
	if (err < 0) {
		close(fd);
		return err;
	}
	return fd;
}

int
link_open_udp(struct link *link, uint32_t addr)
{
	int fd;

	fd = link_bind_udp(addr, link->port);
	if (fd >= 0)
		link->udp_fd = fd;
	return fd < 0 ? fd : 0;
}

int
link_rebind(struct link *link, int fd, uint16_t port)
{
	int err, first = 0;

	if (link->udp_fd >= 0)
		close(link->udp_fd);
	link->udp_fd = fd;
	link->port = port;
	for (uint32_t i = 0; i < link->n; i++) {
		if (link->ifs[i]->fd < 0)
			continue;
		err = link_filter(link->ifs[i]->fd, port);
		if (err < 0 && first == 0)
			first = err;
	}
	return first;
}

/* Take what came to the inherited socket too, so that nobody starts a second
 * server for it. */
static void
link_discard(void *ctx, unsigned ready)
{
	struct link *link = ctx;
	char byte;

	(void)ready;
	for (int i = 0; i < LINK_BATCH; i++)
		if (recv(link->udp_fd, &byte, sizeof(byte), MSG_DONTWAIT) < 0)
			return;
}

int
link_use_udp(struct link *link, int fd)
{
	int err;

	err = net_inherit(fd);
	if (err == 0)
		err = net_pktinfo(fd);
	if (err < 0)
		return err;
	link->udp_fd = fd;
	link->is_udp_inherited = true;
	ev_source_init(&link->udp_source, link_discard, link);
	return 0;
}

static struct link_if *
link_of_index(struct link *link, unsigned ifindex)
{
	struct link_if *only;
	uint32_t open_n;

	only = NULL;
	open_n = 0;
	for (uint32_t i = 0; i < link->n; i++) {
		if (link->ifs[i]->fd < 0)
			continue;
		if (ifindex != 0 && link->ifs[i]->ifindex == (int)ifindex)
			return link->ifs[i];
		only = link->ifs[i];
		open_n++;
	}
	return open_n == 1 ? only : NULL;
}

void
link_drain_udp(struct link *link)
{
	struct net_msg msg;
	struct link_if *iface;
	struct frame f;
	ssize_t len;

	if (!link->is_udp_inherited)
		return;
	for (int i = 0; i < LINK_BATCH; i++) {
		len = net_recv(link->udp_fd, link->rx->buf[0], LINK_FRAME_MAX,
		    &msg);
		if (len < 0)
			break;
		iface = link_of_index(link, msg.ifindex);
		if (iface == NULL || msg.is_cut ||
		    msg.from.sa.sa_family != AF_INET)
			continue;
		memset(&f, 0, sizeof(f));
		f.src = ntohl(msg.from.in4.sin_addr.s_addr);
		f.src_port = ntohs(msg.from.in4.sin_port);
		f.dst = INADDR_BROADCAST;
		f.dst_port = link->port;
		f.payload = str_make(link->rx->buf[0], (size_t)len);
		link->on_frame(link->ctx, iface, &f);
	}
	/*
	 * From now on the packet sockets have it all.  No filter here: it would
	 * stay on the super-server's socket, which would never start us again.
	 * Unwatched, the queue fills up and the kernel drops: no harm either.
	 */
	(void)!ev_add(link->ev, &link->udp_source, link->udp_fd, EV_READ);
}

/* --- sending */

static int
link_fd_of(const struct link *link, const struct link_reply *r)
{
	return r->iface != NULL ? r->iface->fd : link->udp_fd;
}

static void
link_fill(struct mmsghdr *m, struct iovec *iov, union net_addr *to,
    const struct link_reply *r)
{
	memset(m, 0, sizeof(*m));
	/* The kernel only reads from these, iovec just cannot say so. */
	iov[0].iov_base = (void *)(uintptr_t)r->head;
	iov[0].iov_len = sizeof(r->head);
	iov[1].iov_base = (void *)(uintptr_t)r->payload;
	iov[1].iov_len = r->payload_len;
	m->msg_hdr.msg_iov = r->iface != NULL ? iov : iov + 1;
	m->msg_hdr.msg_iovlen = r->iface != NULL ? 2 : 1;
	if (r->iface == NULL) {
		net_addr4(to, r->dst, r->dst_port);
		m->msg_hdr.msg_name = &to->in4;
		m->msg_hdr.msg_namelen = sizeof(to->in4);
	}
}

/* Replies through one descriptor; how many were dealt with, at least one. */
static size_t
link_send_run(struct link *link, const struct link_reply *const *replies,
    size_t n, void (*on_error)(void *, const struct link_reply *, int))
{
	struct mmsghdr msg[LINK_BATCH];
	struct iovec iov[LINK_BATCH][2];
	union net_addr to[LINK_BATCH];
	size_t run_n;
	int fd, sent_n, err;

	fd = link_fd_of(link, replies[0]);
	for (run_n = 0; run_n < n && run_n < LINK_BATCH; run_n++) {
		if (link_fd_of(link, replies[run_n]) != fd)
			break;
		link_fill(&msg[run_n], iov[run_n], &to[run_n],
		    replies[run_n]);
	}
	if (fd < 0)
		return run_n;		/* the interface has been closed */
	sent_n = sendmmsg(fd, msg, (unsigned)run_n, MSG_DONTWAIT);
	if (sent_n > 0)
		return (size_t)sent_n;
	err = errno;
	if (err == EINTR)
		return 0;
	link->stats.send_failed_n++;
	if (on_error != NULL)
		on_error(link->ctx, replies[0], err);
	return 1;
}

void
link_send(struct link *link, const struct link_reply *const *replies,
    size_t n, void (*on_error)(void *ctx, const struct link_reply *r, int err))
{
	for (size_t at = 0; at < n;)
		at += link_send_run(link, replies + at, n - at, on_error);
}

void
link_close(struct link *link)
{
	for (uint32_t i = 0; i < link->n; i++) {
		link_close_if(link, link->ifs[i]);
		free(link->ifs[i]);
	}
	if (link->udp_fd >= 0) {
		if (link->is_udp_inherited)
			ev_del(link->ev, &link->udp_source);
		close(link->udp_fd);
	}
	free(link->ifs);
	free(link->rx);
	memset(link, 0, sizeof(*link));
	link->udp_fd = -1;
}
