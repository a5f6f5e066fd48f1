/* SPDX-License-Identifier: ISC */
/*
 * dhcpd_ask.h - messages of a client to the core of dhcpd_world.h, and what came
 * back: the helpers of all tests of decisions.
 */
#ifndef TESTS_UNIT_DHCPD_ASK_H
#define TESTS_UNIT_DHCPD_ASK_H

#include "dhcpd/logtext.h"
#include "tests/unit/dhcpd_world.h"
#include "tests/unit/t.h"

#define NET(more) "authoritative; ping-check off; default-lease-time 600;\n" \
	"subnet 10.10.3.0 netmask 255.255.255.0 {\n" \
	"  range 10.10.3.100 10.10.3.103; option routers 10.10.3.1; }\n" more

enum { SERVER = 0x0a0a0301, FIRST = 0x0a0a0364 };

/* A client's message; zero fields are left out. */
struct ask {
	uint8_t type, mac;		/* mac: last octet */
	uint16_t flags, secs;
	uint32_t ciaddr, giaddr, want, server, src;
	const char *uid, *host;
	const char *more;		/* options in hex */
	bool no_hw;			/* no type, no address */
};

static inline enum decide_verdict
tell(struct dworld *w, const struct ask *a)
{
	uint8_t buf[600], *more;
	struct wr p;
	size_t n;

	wr_init(&p, buf, sizeof(buf));
	wr_u32(&p, a->no_hw ? 0x01000000 : 0x01010600);
	wr_u32(&p, 0x12345678);
	wr_u16(&p, a->secs);
	wr_u16(&p, a->flags);
	wr_u32(&p, a->ciaddr);
	wr_zero(&p, 8);
	wr_u32(&p, a->giaddr);
	wr_u32(&p, 0x02000000);
	wr_u16(&p, (uint16_t)(0xaa00 | a->mac));
	wr_zero(&p, PROTO_OFF_OPTIONS - p.len);
	if (a->type != PROTO_MSG_BOOTP) {
		wr_u32(&p, PROTO_COOKIE);
		wr_bytes(&p, (uint8_t[]){ 53, 1, a->type }, 3);
	}
	if (a->want != 0) {
		wr_u16(&p, 50 << 8 | 4);
		wr_u32(&p, a->want);
	}
	if (a->server != 0) {
		wr_u16(&p, 54 << 8 | 4);
		wr_u32(&p, a->server);
	}
	if (a->uid != NULL) {
		wr_u16(&p, (uint16_t)(61 << 8 | strlen(a->uid)));
		wr_text(&p, a->uid);
	}
	if (a->host != NULL) {
		wr_u16(&p, (uint16_t)(12 << 8 | strlen(a->host)));
		wr_text(&p, a->host);
	}
	if (a->more != NULL) {
		more = t_unhex(a->more, &n);
		wr_bytes(&p, more, n);
		free(more);
	}
	wr_u8(&p, 255);
	ck_assert_msg(wr_ok(&p), "fits");
	return dworld_send(w, buf, p.len, a->src);
}

#define TELL(w, t, m, ...) \
	tell(w, &(struct ask){ .type = t, .mac = m, __VA_ARGS__ })

/* The reply, decoded. */
static inline struct packet
answer(struct dworld *w)
{
	static struct optset in;
	struct packet p;

	ck_assert_msg(packet_decode(w->out.reply.payload, &w->conf.u, &in,
	    &w->scratch, &p) == PACKET_OK, "reply decodes");
	return p;
}

static inline uint32_t
given(struct dworld *w, uint8_t type)
{
	struct packet p = answer(w);

	ck_assert_int_eq(p.type, type);
	return p.head.yiaddr;
}

static inline void
said(struct dworld *w, size_t i, const char *line)
{
	char got[1024];

	ck_assert_msg(i < w->out.log.n, "line %zu of %zu", i, w->out.log.n);
	ck_assert_msg(str_copy(w->out.log.line[i].text, got, sizeof(got)),
	    "copy");
	ck_assert_str_eq(got, line);
}

/* DISCOVER and REQUEST; the address. */
static inline uint32_t
lease(struct dworld *w, uint8_t mac, const char *uid)
{
	uint32_t addr;

	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, mac, .uid = uid),
	    DECIDE_REPLY);
	addr = given(w, PROTO_MSG_OFFER);
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, mac, .want = addr,
	    .server = SERVER, .uid = uid), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_ACK) == addr, "same address");
	return addr;
}

static inline enum lease_state
state(const struct dworld *w, uint32_t addr)
{
	return lease_state(lease_by_addr(&w->table, addr));
}

#endif
