/* SPDX-License-Identifier: ISC */
/*
 * dhcpd_client - clients as RFC 2131 4.4 wants them, with all their habits.
 *
 * Some have a client identifier, some share a hardware address and differ in
 * it, some are a boot ROM first, some speak BOOTP, some sit behind a relay.
 * They renew, rebind, reboot, release, decline, ask for parameters, or are
 * just switched off.  Each checks what it is given; and no two may hold one
 * address at the same time.
 */
#include <string.h>

#include "common/ip4.h"
#include "common/wr.h"
#include "dhcpd/proto.h"
#include "tests/sim/dhcpd_shell.h"
#include "tests/sim/dhcpd_world.h"
#include "tests/sim/loop.h"
#include "tests/sim/sim.h"

enum client_state {
	CLIENT_OFF, CLIENT_SELECTING, CLIENT_REQUESTING, CLIENT_REBOOTING,
	CLIENT_BOUND, CLIENT_RENEWING, CLIENT_REBINDING
};

enum client_kind {
	CLIENT_PLAIN, CLIENT_ROM, CLIENT_BOOTP
};

struct client {
	int wire;
	enum client_kind kind;
	enum client_state state;
	bool wants_broadcast, is_pxe, is_rom_now, is_excused, is_misled;
	uint8_t mac[6];
	uint8_t uid_len, uid[6];
	uint32_t wish_s;
	uint32_t xid, addr, server;
	int64_t asked_s, until_s, t1_s, t2_s;
	int64_t told_s;		/* until_s, by the last ACK */
	unsigned tries, silence;
	uint64_t timer;		/* only the timer set last counts */
};

static const struct sim_net good = { 0, 0, 0, 5 * WHEN_NS_PER_MS, 0, false };
static const struct sim_net bad = { 8, 6, 4, 30 * WHEN_NS_PER_MS,
	6 * WHEN_NS_PER_S, false };

static struct client clients[WORLD_CLIENTS];
static unsigned clients_n;

static void on_timer(void *ctx, const uint8_t *bytes, size_t len);

static int
number(const struct client *c)
{
	return (int)(c - clients);
}

static void
set_timer(struct client *c, int64_t ms)
{
	c->timer++;
	sim_at(sim_now_ns + ms * WHEN_NS_PER_MS, on_timer, c, &c->timer,
	    sizeof(c->timer));
}

static bool
is_configured(const struct client *c)
{
	return c->state == CLIENT_BOUND || c->state == CLIENT_RENEWING ||
	    c->state == CLIENT_REBINDING;
}

/* --- messages */

struct ask {
	uint8_t type;
	uint32_t ciaddr, requested, server;
	bool is_unicast;
};

static void
put_ip(struct wr *w, uint8_t code, uint32_t addr)
{
	if (addr == 0)
		return;
	wr_u8(w, code);
	wr_u8(w, 4);
	wr_u32(w, addr);
}

static void
put_options(const struct client *c, struct wr *w, const struct ask *a)
{
	wr_u32(w, PROTO_COOKIE);
	wr_bytes(w, (uint8_t[]){ PROTO_OPT_MESSAGE_TYPE, 1, a->type }, 3);
	put_ip(w, PROTO_OPT_REQUESTED_ADDRESS, a->requested);
	put_ip(w, PROTO_OPT_SERVER_ID, a->server);
	put_ip(w, PROTO_OPT_LEASE_TIME, c->wish_s);
	if (c->uid_len > 0 && !c->is_rom_now) {
		wr_u8(w, PROTO_OPT_CLIENT_ID);
		wr_u8(w, c->uid_len);
		wr_bytes(w, c->uid, c->uid_len);
	}
	if (c->is_pxe)
		wr_bytes(w, "\x3c\x09PXEClient", 11);
	if (number(c) % 3 == 0)
		wr_bytes(w, "\x0c\x04host", 6);
	wr_bytes(w, "\x37\x04\x01\x03\x06\x33", 6);
	if (c->wire == WORLD_RELAY && !a->is_unicast)
		wr_bytes(w, (uint8_t[]){ PROTO_OPT_RELAY_AGENT, 4, 1, 2, 'c',
		    (uint8_t)('0' + number(c) % 5) }, 6);
	wr_u8(w, PROTO_OPT_END);
}

static void
say(struct client *c, const struct ask *a)
{
	static const char *const names[] = { "BOOTP", "DISCOVER", "", "REQUEST",
		"DECLINE", "", "", "RELEASE", "INFORM" };
	bool is_relayed = c->wire == WORLD_RELAY && !a->is_unicast;
	uint8_t buf[600];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u32(&w, 0x01010600 + (is_relayed ? 1 : 0));
	wr_u32(&w, c->xid);
	wr_u32(&w, c->wants_broadcast ? PROTO_FLAG_BROADCAST : 0);
	wr_u32(&w, a->ciaddr);
	wr_zero(&w, 8);
	wr_u32(&w, is_relayed ? WORLD_RELAY_ADDR : 0);
	wr_bytes(&w, c->mac, 6);
	wr_zero(&w, PROTO_OFF_OPTIONS - w.len);
	if (c->kind == CLIENT_BOOTP)
		wr_zero(&w, 64);
	else
		put_options(c, &w, a);
	sim_say("client %d: %s ciaddr ...%u requested ...%u xid %x",
	    number(c), names[a->type], a->ciaddr & 255, a->requested & 255,
	    c->xid);
	world_tell(c->wire, a->ciaddr, buf, w.len);
}

/* --- states */

static void
discover(struct client *c)
{
	struct ask a = { .type = c->kind == CLIENT_BOOTP ? 0 :
	    PROTO_MSG_DISCOVER };

	c->state = CLIENT_SELECTING;
	c->xid = (uint32_t)sim_random();
	c->asked_s = loop_wall_s();
	say(c, &a);
	set_timer(c, ((int64_t)3000 << c->silence) + sim_below(3000));
	if (c->silence < 5)
		c->silence++;
}

static void
request(struct client *c)
{
	struct ask a = { .type = PROTO_MSG_REQUEST };

	if (c->tries == 0)
		c->asked_s = loop_wall_s();
	if (is_configured(c)) {
		a.ciaddr = c->addr;
		a.is_unicast = c->state == CLIENT_RENEWING;
	} else {
		a.requested = c->addr;
		a.server = c->state == CLIENT_REQUESTING ? c->server : 0;
	}
	c->tries++;
	say(c, &a);
	set_timer(c, 2000 + sim_below(4000));
}

static void
ask_again(struct client *c, enum client_state state)
{
	c->state = state;
	c->tries = 0;
	c->xid = (uint32_t)sim_random();
	request(c);
}

/* Where a client goes that has no address. */
static void
begin(struct client *c)
{
	if (c->kind == CLIENT_ROM)
		c->is_rom_now = !c->is_rom_now;
	if (c->addr != 0 && c->kind != CLIENT_BOOTP && sim_chance(60))
		ask_again(c, CLIENT_REBOOTING);
	else
		discover(c);
}

static void
switch_off(struct client *c, int64_t seconds)
{
	c->state = CLIENT_OFF;
	set_timer(c, 1 + seconds * 1000);
}

static void
release(struct client *c)
{
	struct ask a = { .type = PROTO_MSG_RELEASE, .ciaddr = c->addr,
		.server = c->server, .is_unicast = true };

	c->xid = (uint32_t)sim_random();
	say(c, &a);
	c->until_s = 0;
	switch_off(c, sim_below(600));
}

/* What may come to the mind of a client that has all it needs. */
static void
idle(struct client *c)
{
	struct ask inform = { .type = PROTO_MSG_INFORM, .ciaddr = c->addr,
		.is_unicast = true };
	uint32_t what = world.is_quiet ? 100 : sim_below(100);

	if (what < 15) {
		release(c);
	} else if (what < 30) {
		/* The plug; later it asks for what it had, or begins anew. */
		switch_off(c, sim_below(900));
	} else if (what < 35) {
		c->xid = (uint32_t)sim_random();
		say(c, &inform);
		set_timer(c, 10000);
	} else {
		ask_again(c, CLIENT_RENEWING);
	}
}

static void
bound_timer(struct client *c)
{
	int64_t now_s = loop_wall_s();

	if (c->kind == CLIENT_BOOTP) {
		if (!world.is_quiet)
			switch_off(c, sim_below(3600));
	} else if (now_s < c->t1_s) {
		if (world.is_quiet)
			set_timer(c, (c->t1_s - now_s) * 1000);
		else
			idle(c);
	} else {
		ask_again(c, CLIENT_RENEWING);
	}
}

static void
asking_timer(struct client *c)
{
	int64_t now_s = loop_wall_s();

	if (c->state == CLIENT_SELECTING) {
		discover(c);
	} else if (!is_configured(c)) {
		if (c->tries < 4)
			request(c);
		else
			discover(c);
	} else if (now_s >= c->until_s) {
		discover(c);
	} else if (c->state == CLIENT_RENEWING && now_s >= c->t2_s) {
		ask_again(c, CLIENT_REBINDING);
	} else if (c->tries < 3) {
		request(c);
	} else {
		c->tries = 1;
		set_timer(c, 1000 + (c->until_s - now_s) * 300);
	}
}

static void
on_timer(void *ctx, const uint8_t *bytes, size_t len)
{
	struct client *c = ctx;

	if (memcmp(bytes, &c->timer, len) != 0)
		return;
	if (c->state == CLIENT_OFF)
		begin(c);
	else if (c->state == CLIENT_BOUND)
		bound_timer(c);
	else
		asking_timer(c);
}

/* --- replies */

static bool
holds(const struct client *c, uint32_t addr, int64_t now_s)
{
	return is_configured(c) && c->addr == addr && c->until_s > now_s &&
	    !c->is_excused;
}

static void
check_alone(const struct client *c)
{
	for (unsigned i = 0; i < clients_n; i++)
		if (&clients[i] != c &&
		    holds(&clients[i], c->addr, loop_wall_s()))
			sim_fail("clients %u and %d both hold ...%u", i,
			    number(c), c->addr & 255);
}

static void
decline(struct client *c)
{
	struct ask a = { .type = PROTO_MSG_DECLINE, .requested = c->addr,
		.server = c->server };

	c->xid = (uint32_t)sim_random();
	say(c, &a);
	c->addr = 0;
	switch_off(c, 10);
}

static void
take(struct client *c, const struct promise_msg *m)
{
	uint32_t lease_s = m->is_bootp ? PROMISE_FOREVER : m->lease_s;

	c->silence = 0;
	c->addr = m->yiaddr;
	if (m->has_server)
		c->server = m->server;
	if (world_is_squatted(c->addr) && c->kind != CLIENT_BOOTP) {
		decline(c);
		return;
	}
	c->state = CLIENT_BOUND;
	c->is_excused = c->is_misled = false;
	c->until_s = c->told_s = c->asked_s + lease_s;
	c->t1_s = c->asked_s + lease_s / 2;
	c->t2_s = c->asked_s + lease_s / 8 * 7;
	sim_say("client %d: bound to ...%u for %u s", number(c),
	    c->addr & 255, lease_s);
	check_alone(c);
	set_timer(c, 1000 + (world.is_quiet ? (int64_t)lease_s * 500 :
	    sim_below(lease_s < 2000 ? lease_s : 2000) * 1000));
}

static void
on_reply(struct client *c, const struct promise_msg *m)
{
	if (c->kind == CLIENT_BOOTP) {
		if (m->is_bootp && c->state == CLIENT_SELECTING)
			take(c, m);
	} else if (m->type == PROTO_MSG_OFFER &&
	    c->state == CLIENT_SELECTING) {
		c->addr = m->yiaddr;
		c->server = m->server;
		c->state = CLIENT_REQUESTING;
		c->tries = 0;
		request(c);
	} else if (c->state == CLIENT_SELECTING || c->state == CLIENT_OFF ||
	    c->state == CLIENT_BOUND) {
		return;		/* late, or the answer to an INFORM */
	} else if (m->type == PROTO_MSG_ACK && m->yiaddr != 0) {
		if (m->yiaddr != c->addr)
			sim_fail("client %d asked for ...%u and got ...%u",
			    number(c), c->addr & 255, m->yiaddr & 255);
		take(c, m);
	} else if (m->type == PROTO_MSG_NAK) {
		c->addr = 0;
		c->until_s = 0;
		c->state = CLIENT_OFF;
		set_timer(c, 200);
	}
}

static void
on_arrival(void *ctx, const uint8_t *bytes, size_t len)
{
	struct client *c = ctx;
	struct promise_msg m;

	promise_read(bytes, len, &m);
	if (m.op == PROTO_OP_REPLY && m.xid == c->xid && m.who.hw_len == 6 &&
	    memcmp(m.who.hw, c->mac, 6) == 0)
		on_reply(c, &m);
}

void
client_hear(int wire, const uint8_t *mac, uint32_t dst, const uint8_t *bytes,
    size_t len)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	struct client *c;
	bool is_for;

	for (unsigned i = 0; i < clients_n; i++) {
		c = &clients[i];
		if (wire >= 0)
			is_for = c->wire == wire && (memcmp(mac, all, 6) == 0 ||
			    memcmp(mac, c->mac, 6) == 0);
		else if (dst == WORLD_RELAY_ADDR)
			is_for = c->wire == WORLD_RELAY &&
			    memcmp(bytes + PROTO_OFF_CHADDR, c->mac, 6) == 0;
		else
			is_for = is_configured(c) && c->addr == dst;
		if (is_for)
			sim_send(world.is_quiet ? &good : &bad, on_arrival, c,
			    bytes, len);
	}
}

/* --- what the world asks */

bool
client_has(uint32_t addr)
{
	for (unsigned i = 0; i < clients_n; i++)
		if (is_configured(&clients[i]) && clients[i].addr == addr &&
		    clients[i].until_s > loop_wall_s())
			return true;
	return false;
}

void
client_excuse(void)
{
	int64_t until_s;
	int at;

	for (unsigned i = 0; i < clients_n; i++) {
		at = promise_at(&world.promises, clients[i].addr);
		until_s = at >= 0 ? world.promises.until_s[at] : 0;
		if (until_s < clients[i].until_s) {
			clients[i].until_s = until_s;
			clients[i].is_misled = world.is_hostile &&
			    !world.is_quiet;
		}
		if (until_s == 0)
			clients[i].is_excused = true;
	}
}

void
client_calm(void)
{
	struct client *c;

	for (unsigned i = 0; i < clients_n; i++) {
		c = &clients[i];
		/* Who lost its lease without hearing of it is rebooted. */
		if (is_configured(c) && c->until_s <= loop_wall_s())
			c->state = CLIENT_OFF;
		if (c->state == CLIENT_OFF)
			set_timer(c, 1 + sim_below(5000));
	}
}

int
client_unserved(int i, int *ret_wire, bool *ret_is_pxe, bool *ret_is_bootp)
{
	for (; i < (int)clients_n; i++) {
		if (is_configured(&clients[i]) &&
		    (clients[i].until_s > loop_wall_s() ||
		    (clients[i].is_misled &&
		    clients[i].told_s > loop_wall_s())))
			continue;
		*ret_wire = clients[i].wire;
		*ret_is_pxe = clients[i].is_pxe &&
		    clients[i].kind != CLIENT_BOOTP;
		*ret_is_bootp = clients[i].kind == CLIENT_BOOTP;
		return i;
	}
	return -1;
}

/* Twins share a hardware address and differ in the identifier. */
static void
make(struct client *c, unsigned i, bool is_twin)
{
	uint8_t n = (uint8_t)(is_twin ? i - 1 : i);

	memset(c, 0, sizeof(*c));
	c->wire = (int)(is_twin ? (unsigned)clients[n].wire : sim_below(WORLD_WIRES));
	memcpy(c->mac, "\2\0\0\0\252", 5);
	c->mac[5] = n;
	c->is_pxe = sim_chance(30);
	c->wants_broadcast = sim_chance(30);
	c->wish_s = sim_chance(30) ? 60 + sim_below(2000) : 0;
	if (is_twin || sim_chance(50)) {
		c->uid_len = 6;
		memcpy(c->uid, "uid..", 5);
		c->uid[5] = (uint8_t)i;
		c->kind = !is_twin && sim_chance(20) ? CLIENT_ROM :
		    CLIENT_PLAIN;
	} else if (sim_chance(10)) {
		c->kind = CLIENT_BOOTP;
	}
}

void
client_begin(unsigned n)
{
	clients_n = 0;
	for (unsigned i = 0; i < n; i++) {
		struct client *last = i > 0 ? &clients[i - 1] : NULL;
		bool is_twin = last != NULL && last->uid_len > 0 &&
		    last->kind == CLIENT_PLAIN && last->mac[5] == i - 1 &&
		    i - 1 != WORLD_FIXED && sim_chance(30);

		make(&clients[i], i, is_twin);
		clients_n = i + 1;
		switch_off(&clients[i], sim_below(300));
	}
}
