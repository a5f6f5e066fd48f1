/* SPDX-License-Identifier: ISC */
/*
 * dhcpd_hostile - strangers: noise, changed copies, greed.
 *
 * They forge nothing that would speak for another client on purpose; what
 * a changed copy happens to say is judged by the onlooker as everything else.
 */
#include <string.h>

#include "common/wr.h"
#include "dhcpd/proto.h"
#include "tests/sim/dhcpd_shell.h"
#include "tests/sim/dhcpd_world.h"
#include "tests/sim/loop.h"
#include "tests/sim/sim.h"

enum { HEARD = 8, HEARD_LEN = 600 };

static struct { size_t len; uint8_t bytes[HEARD_LEN]; } heard[HEARD];
static unsigned heard_i;

void
hostile_overhear(int wire, const uint8_t *bytes, size_t len)
{
	(void)wire;
	if (len > HEARD_LEN)
		return;
	memcpy(heard[heard_i % HEARD].bytes, bytes, len);
	heard[heard_i++ % HEARD].len = len;
}

static void
send_noise(int wire)
{
	uint8_t buf[400];
	size_t len = sim_below(sizeof(buf));

	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)sim_random();
	if (len > 240 && sim_chance(50)) {
		/* Up to the options all is well. */
		memcpy(buf, "\1\1\6\0", 4);
		memcpy(buf + 236, "\x63\x82\x53\x63\x35\x01", 6);
		buf[242] = (uint8_t)(1 + sim_below(13));
		memset(buf + 24, 0, 4);
	}
	world_tell(wire, 0, buf, len);
}

/* A message heard before, with bytes changed, or cut short. */
static void
send_changed(int wire)
{
	unsigned i = sim_below(HEARD);
	uint8_t buf[HEARD_LEN];
	size_t len = heard[i].len;
	uint32_t xid = (uint32_t)sim_random();
	struct promise_msg m;

	if (len <= PROTO_HEADER_LEN)
		return;
	memcpy(buf, heard[i].bytes, len);
	for (uint32_t n = 1 + sim_below(3); n > 0; n--) {
		uint32_t from = sim_chance(50) ? PROTO_HEADER_LEN : 0;

		buf[from + sim_below((uint32_t)len - from)] ^=
		    (uint8_t)(1u << sim_below(8));
	}
	memcpy(buf + PROTO_OFF_XID, &xid, sizeof(xid));
	if (sim_chance(20))
		len = sim_below((uint32_t)len);
	promise_read(buf, len, &m);
	/* What can be read in two ways proves nothing. */
	if (!m.is_odd)
		world_tell(wire, m.ciaddr, buf, len);
}

/* A client of its own, who wants what others have. */
static void
send_greedy(int wire)
{
	static const uint8_t types[] = { 1, 1, 3, 3, 3, 4, 7, 8, 10, 2, 5, 6 };
	uint8_t type = types[sim_below(ARRAY_LEN(types))];
	uint32_t addr = (wire == WORLD_RELAY ? 0x0a140000u :
	    SHELL_ADDR(wire) & ~255u) + 10 + sim_below(30);
	uint8_t buf[300];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u32(&w, 0x01010600);
	wr_u32(&w, (uint32_t)sim_random());
	wr_u32(&w, 0);
	wr_u32(&w, type == 7 || type == 8 || type == 10 || sim_chance(30) ?
	    addr : 0);
	wr_zero(&w, 8);
	wr_u32(&w, wire == WORLD_RELAY ? WORLD_RELAY_ADDR : 0);
	wr_u32(&w, 0x0200bad0);
	wr_u16(&w, (uint16_t)sim_below(6));
	wr_zero(&w, PROTO_OFF_OPTIONS - w.len);
	wr_u32(&w, PROTO_COOKIE);
	wr_bytes(&w, (uint8_t[]){ 53, 1, type }, 3);
	/* DECLINE goes by the address alone: nobody may say that for others. */
	if (type != 7 && type != 4 && sim_chance(70)) {
		wr_u16(&w, 50 << 8 | 4);
		wr_u32(&w, addr);
	}
	if (sim_chance(40))
		wr_bytes(&w, (uint8_t[]){ 61, 2, 'x',
		    (uint8_t)sim_below(4) }, 4);
	wr_u8(&w, 255);
	world_tell(wire, 0, buf, w.len);
}

static void
on_timer(void *ctx, const uint8_t *bytes, size_t len)
{
	int wire = (int)sim_below(WORLD_WIRES);
	uint32_t what = sim_below(100);

	(void)bytes;
	(void)len;
	if (world.is_quiet)
		return;
	if (what < 25)
		send_noise(wire);
	else if (what < 65)
		send_changed(wire);
	else
		send_greedy(wire);
	sim_at(sim_now_ns + (int64_t)(1 + sim_below(60000)) * WHEN_NS_PER_MS,
	    on_timer, ctx, NULL, 0);
}

void
hostile_begin(void)
{
	world.is_hostile = true;
	memset(heard, 0, sizeof(heard));
	heard_i = 0;
	sim_at(0, on_timer, NULL, NULL, 0);
}
