/* SPDX-License-Identifier: ISC */
/*
 * ping.c - ICMP echo requests and who answered them.
 *
 * Owns the raw socket and the table of probes.  An answer counts when address,
 * identifier and sequence number are those of a probe, so nobody who has not
 * seen the request can make the server abandon an address.  When the table is
 * full the address is offered without a probe, as with ping-check off.
 * RFC 792.
 */
#include "dhcpd/ping.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/net.h"
#include "common/proc.h"
#include "common/rd.h"
#include "common/wr.h"

enum {
	PING_ECHO_REPLY = 0,
	PING_ECHO_REQUEST = 8,
	PING_LEN = 28,			/* header and 20 zero octets */
	PING_PER_TURN = 64,
	PING_FILTER_OPT = 1		/* ICMP_FILTER of <linux/icmp.h> */
};

static uint16_t
ping_sum(const uint8_t *p, size_t len)
{
	uint32_t sum;

	sum = 0;
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static bool
ping_is_key(const void *ctx, uint32_t id, const void *key, size_t len)
{
	const struct ping *ping = ctx;
	const struct ping_probe *p;

	p = (const struct ping_probe *)(const void *)(ping->probes.items +
	    id * ping->probes.item_size);
	return len == sizeof(p->addr) && memcmp(&p->addr, key, len) == 0;
}

static uint32_t
ping_index(const struct ping *ping, const struct ping_probe *p)
{
	return (uint32_t)((size_t)((const uint8_t *)p - ping->probes.items) /
	    ping->probes.item_size);
}

static void
ping_done(struct ping_probe *p, bool is_silent)
{
	struct ping *ping = p->ping;

	ev_timer_stop(ping->ev, &p->timer);
	map_del(&ping->by_addr, &p->addr, sizeof(p->addr));
	ping->on_done(ping->ctx, p, is_silent);
	pool_put(&ping->probes, p);
}

static void
ping_timeout(void *ctx)
{
	ping_done(ctx, true);
}

static void
ping_answer(struct ping *ping, const uint8_t *packet, size_t len)
{
	struct ping_probe *p;
	struct rd r;
	uint32_t addr, i;
	uint16_t id, seq;
	size_t head_len;
	uint8_t type;

	rd_init(&r, packet, len);
	head_len = (size_t)(rd_u8(&r) & 15) * 4;
	rd_skip(&r, 11);
	addr = rd_u32(&r);
	if (!rd_ok(&r) || head_len < 20)
		return;
	rd_skip(&r, head_len - 16);
	type = rd_u8(&r);
	rd_skip(&r, 3);
	id = rd_u16(&r);
	seq = rd_u16(&r);
	if (!rd_ok(&r) || type != PING_ECHO_REPLY)
		return;
	if (!map_find(&ping->by_addr, &addr, sizeof(addr), &i)) {
		/* Other programs on this machine ping, too. */
		if (id == ping->id)
			ping->on_stray(ping->ctx, addr, true);
		return;
	}
	p = (struct ping_probe *)(void *)(ping->probes.items +
	    i * ping->probes.item_size);
	if (id == ping->id && seq == p->seq)
		ping_done(p, false);
}

static void
ping_readable(void *ctx, unsigned ready)
{
	struct ping *ping = ctx;
	uint8_t buf[1500];
	ssize_t len;

	(void)ready;
	for (int i = 0; i < PING_PER_TURN; i++) {
		len = recv(ping->fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (len < 0)
			return;
		ping_answer(ping, buf, (size_t)len);
	}
}

static int
ping_socket(struct ping *ping)
{
	/* Bit n set: drop ICMP type n. */
	uint32_t drop = ~(1u << PING_ECHO_REPLY);
	int fd, err;

	fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    IPPROTO_ICMP);
	if (fd < 0)
		return -errno;
	/* Without the filter other types are read and dropped here. */
	(void)setsockopt(fd, IPPROTO_RAW, PING_FILTER_OPT, &drop,
	    sizeof(drop));
	ev_source_init(&ping->source, ping_readable, ping);
	err = ev_add(ping->ev, &ping->source, fd, EV_READ);
	if (err < 0) {
		close(fd);
		return err;
	}
	ping->fd = fd;
	return 0;
}

int
ping_init(struct ping *ping, struct ev *ev)
{
	struct map_key key;
	size_t pool_bytes;
	int err;

	memset(ping, 0, sizeof(*ping));
	ping->ev = ev;
	ping->fd = -1;
	err = proc_random(&key, sizeof(key));
	if (err == 0)
		err = proc_random(&ping->id, sizeof(ping->id));
	if (err < 0)
		return err;
	pool_bytes = (pool_size(PING_MAX, sizeof(struct ping_probe)) + 15) &
	    ~(size_t)15;
	ping->mem_size = pool_bytes + map_size(PING_MAX);
	ping->mem = proc_reserve(ping->mem_size);
	if (ping->mem == NULL)
		return -ENOMEM;
	pool_init(&ping->probes, ping->mem, PING_MAX,
	    sizeof(struct ping_probe));
	map_init(&ping->by_addr, (uint8_t *)ping->mem + pool_bytes, PING_MAX,
	    key, ping_is_key, ping);
	return ping_socket(ping);
}

static int
ping_send(struct ping *ping, uint32_t addr, uint16_t seq)
{
	uint8_t buf[PING_LEN];
	union net_addr to;
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, PING_ECHO_REQUEST);
	wr_u8(&w, 0);
	wr_u16(&w, 0);
	wr_u16(&w, ping->id);
	wr_u16(&w, seq);
	wr_zero(&w, wr_left(&w));
	wr_patch_u16(&w, 2, ping_sum(buf, sizeof(buf)));
	net_addr4(&to, addr, 0);
	return net_send(ping->fd, buf, sizeof(buf), &to, NULL, 0);
}

struct ping_probe *
ping_start(struct ping *ping, uint32_t addr, int64_t wait_ns)
{
	struct ping_probe *p;

	if (ping->fd < 0)
		return NULL;
	p = pool_get(&ping->probes, NULL);
	if (p == NULL)
		return NULL;
	p->ping = ping;
	p->addr = addr;
	p->seq = ping->seq++;
	if (!map_put(&ping->by_addr, &p->addr, sizeof(p->addr),
	    ping_index(ping, p))) {
		pool_put(&ping->probes, p);
		return NULL;
	}
	ev_timer_init(&p->timer, ping_timeout, p);
	ev_timer_in(ping->ev, &p->timer, wait_ns);
	/* No route, no ARP answer yet: silence, which is an answer, too. */
	(void)!ping_send(ping, addr, p->seq);
	return p;
}

void
ping_close(struct ping *ping)
{
	struct ping_probe *p, *next;

	for (p = pool_next(&ping->probes, NULL); p != NULL; p = next) {
		next = pool_next(&ping->probes, p);
		ev_timer_stop(ping->ev, &p->timer);
		pool_put(&ping->probes, p);
	}
	if (ping->fd >= 0) {
		ev_del(ping->ev, &ping->source);
		close(ping->fd);
	}
	ping->fd = -1;
	proc_release(ping->mem, ping->mem_size);
	ping->mem = NULL;
}
