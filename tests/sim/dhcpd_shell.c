/* SPDX-License-Identifier: ISC */
/*
 * dhcpd_shell - loop, wires, pings and log of a simulated dhcpd.
 *
 * Owns what a process owns besides its loop: interfaces and probes.  All of it
 * is forgotten when the process dies, wherever it was just then.
 */
#include "tests/sim/dhcpd_shell.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "dhcpd/ping.h"
#include "tests/sim/loop.h"
#include "tests/sim/sim.h"

enum { PROBES = 64 };

time_t __wrap_time(time_t *ret);

static struct shell_hooks hooks;
static struct link *wires;
static struct link_if ifs[SHELL_WIRES];
static struct link_if *if_list[SHELL_WIRES];
static struct ping_probe probes[PROBES];
static bool is_silent[PROBES], is_probing[PROBES];

/* --- the process */

void
shell_reset(const struct shell_hooks *h)
{
	hooks = *h;
	for (int i = 0; i < SHELL_WIRES; i++)
		free(ifs[i].user);
	memset(ifs, 0, sizeof(ifs));
	memset(is_probing, 0, sizeof(is_probing));
	wires = NULL;
	loop_reset();
}

time_t
__wrap_time(time_t *ret)
{
	if (ret != NULL)
		*ret = (time_t)loop_wall_s();
	return (time_t)loop_wall_s();
}

/* --- log */

void
log_line(int prio, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	sim_say("log %d: %s", prio, text);
}

void
log_str(int prio, struct str line)
{
	sim_say("log %d: %.*s", prio, STR_ARG(line));
}

void
log_open(unsigned sinks, const char *tag, int facility)
{
	(void)sinks;
	(void)tag;
	(void)facility;
}

void
log_facility(int facility)
{
	(void)facility;
}

bool
log_flush(void)
{
	return true;
}

void
log_attach(struct ev *ev)
{
	(void)ev;
}

void
log_drain(int ms)
{
	(void)ms;
}

uint64_t
log_lost(void)
{
	return 0;
}

/* --- wires */

int
link_init(struct link *link, struct ev *ev, uint16_t port, size_t user_size)
{
	memset(link, 0, sizeof(*link));
	link->ev = ev;
	link->port = port;
	link->udp_fd = -1;
	wires = link;
	for (int i = 0; i < SHELL_WIRES; i++) {
		ifs[i].user = calloc(1, user_size);
		if (ifs[i].user == NULL)
			return -ENOMEM;
	}
	return 0;
}

int
link_discover(struct link *link, char *const names[], size_t names_n)
{
	(void)names;
	(void)names_n;
	if (link->n > 0)
		return 0;
	for (int i = 0; i < SHELL_WIRES; i++) {
		(void)snprintf(ifs[i].name, sizeof(ifs[i].name), "eth%d", i);
		ifs[i].fd = -1;
		ifs[i].mac_len = 6;
		memcpy(ifs[i].mac, "\2\0\0\0\377\0", 6);
		ifs[i].mac[5] = (uint8_t)i;
		ifs[i].addr[0] = SHELL_ADDR(i);
		ifs[i].addr_n = 1;
		ifs[i].link = link;
		if_list[i] = &ifs[i];
	}
	link->ifs = if_list;
	link->n = SHELL_WIRES;
	return 0;
}

int
link_open(struct link *link, struct link_if *iface)
{
	(void)link;
	iface->fd = (int)(iface - ifs);
	return 0;
}

void
link_close_if(struct link *link, struct link_if *iface)
{
	(void)link;
	iface->fd = -1;
}

int
link_open_udp(struct link *link, uint32_t addr)
{
	(void)addr;
	link->udp_fd = SHELL_WIRES;
	return 0;
}

int
link_bind_udp(uint32_t addr, uint16_t port)
{
	(void)addr;
	(void)port;
	return SHELL_WIRES;
}

int
link_rebind(struct link *link, int fd, uint16_t port)
{
	link->udp_fd = fd;
	link->port = port;
	return 0;
}

int
link_use_udp(struct link *link, int fd)
{
	link->udp_fd = fd;
	return 0;
}

void
link_drain_udp(struct link *link)
{
	(void)link;
}

void
link_send(struct link *link, const struct link_reply *const *replies,
    size_t n, void (*on_error)(void *ctx, const struct link_reply *r, int err))
{
	(void)link;
	(void)on_error;
	for (size_t i = 0; i < n; i++)
		hooks.reply(replies[i]->iface == NULL ? -1 :
		    (int)(replies[i]->iface - ifs), replies[i]);
}

void
link_close(struct link *link)
{
	link->n = 0;
}

void
shell_frame(int wire, uint32_t src, const void *bytes, size_t len)
{
	struct frame f;

	if (ifs[wire].fd < 0)
		return;
	memset(&f, 0, sizeof(f));
	f.src = src;
	f.dst = PROTO_BROADCAST;
	f.src_port = PROTO_PORT_CLIENT;
	f.dst_port = PROTO_PORT_SERVER;
	f.payload = str_make(bytes, len);
	sim_count();
	wires->on_frame(wires->ctx, &ifs[wire], &f);
}

/* --- pings */

int
ping_init(struct ping *ping, struct ev *ev)
{
	memset(ping, 0, sizeof(*ping));
	ping->ev = ev;
	return 0;
}

static void
probe_done(void *ctx)
{
	struct ping_probe *p = ctx;
	int i = (int)(p - probes);

	is_probing[i] = false;
	p->ping->on_done(p->ping->ctx, p, is_silent[i]);
}

struct ping_probe *
ping_start(struct ping *ping, uint32_t addr, int64_t wait_ns)
{
	struct ping_probe *p;
	int i;

	for (i = 0; i < PROBES && is_probing[i]; i++)
		;
	if (i == PROBES)
		return NULL;
	p = &probes[i];
	is_probing[i] = true;
	is_silent[i] = !hooks.answers(addr);
	p->addr = addr;
	p->ping = ping;
	ev_timer_init(&p->timer, probe_done, p);
	ev_timer_in(ping->ev, &p->timer, is_silent[i] ? wait_ns :
	    WHEN_NS_PER_MS);
	return p;
}

void
ping_close(struct ping *ping)
{
	(void)ping;
}
