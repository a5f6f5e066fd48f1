/* SPDX-License-Identifier: ISC */
/*
 * decide, with memory: a sequence of messages, silences, pings and failures.
 *
 * The input is a program of small steps; well-formed messages from a few
 * clients are mixed with raw bytes, so that states are reached and parsers
 * are hit.  After each step: an ACK never gives away what another client
 * holds; what was acknowledged is in the table; and the table read back from
 * the text that was journaled is the table in memory.
 */
#include "dhcpd/leaseread.h"
#include "dhcpd/leasetext.h"
#include "tests/unit/dhcpd_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIRST 0x0a0a030au
#define LAST 0x0a0a0311u

enum { STEPS_MAX = 256, ADDRS = LAST - FIRST + 1, TEXT_MAX = 1 << 20 };

static const char conf_text[] =
    "authoritative; default-lease-time 600; min-lease-time 60;\n"
    "class \"limited\" { match if exists host-name; lease limit 2; }\n"
    "class \"circuits\" { spawn with option agent.circuit-id;"
    " lease limit 1; }\n"
    "on commit { set seen = binary-to-ascii(16, 8, \":\", hardware); }\n"
    "on expiry { log(info, concat(\"gone \", seen)); }\n"
    "option space v; option v.one code 1 = text; vendor-option-space v;\n"
    "option v.one \"x\"; allow leasequery; echo-client-id on;\n"
    "subnet 10.10.3.0 netmask 255.255.255.0 {\n"
    "  option routers 10.10.3.1; filename \"pxelinux.0\";\n"
    "  pool { range 10.10.3.10 10.10.3.13; allow unknown-clients; }\n"
    "  pool { range 10.10.3.14 10.10.3.17; one-lease-per-client on;"
    " ping-check off; allow dynamic bootp clients; allow unknown-clients; }\n"
    "}\n"
    "host h { hardware ethernet 02:00:00:00:aa:07; fixed-address"
    " 10.10.3.50; }\n"
    "host k { hardware ethernet 02:00:00:00:aa:06; }\n";

/* Who was promised an address, as a client sees it. */
struct holder {
	int64_t until_s;
	uint8_t mac;
	uint8_t uid_len;
	uint8_t uid[16];
};

static struct holder holders[ADDRS];
static uint8_t text[TEXT_MAX];
static struct wr journal;

static uint32_t
next(struct rd *r)
{
	return rd_left(r) > 0 ? rd_u8(r) : 0;
}

/* A well-formed message; the ask's client ends up in holder h. */
static size_t
message(struct rd *r, uint8_t *buf, size_t cap, struct holder *h)
{
	struct wr w;
	uint32_t flags, addr, opts;

	h->mac = (uint8_t)(next(r) % 8);
	flags = next(r);
	opts = next(r);
	addr = FIRST + next(r) % (ADDRS + 2);
	wr_init(&w, buf, cap);
	wr_u32(&w, 0x01010600);
	wr_u32(&w, 1);
	wr_u32(&w, (flags & 1) != 0 ? 0x8000 : 0);
	wr_u32(&w, (flags & 2) != 0 ? addr : 0);
	wr_zero(&w, 8);
	wr_u32(&w, (flags & 4) != 0 ? 0x0a0a0301 : 0);
	wr_u32(&w, 0x02000000);
	wr_u16(&w, (uint16_t)(0xaa00 | h->mac));
	wr_zero(&w, PROTO_OFF_OPTIONS - w.len);
	if ((flags & 8) != 0)
		return w.len;		/* BOOTP */
	wr_u32(&w, PROTO_COOKIE);
	wr_bytes(&w, (uint8_t[]){ 53, 1, (uint8_t)(next(r) % 12) }, 3);
	if ((opts & 1) != 0) {
		wr_u16(&w, 50 << 8 | 4);
		wr_u32(&w, addr);
	}
	h->uid_len = 0;
	if ((opts & 2) != 0) {
		h->uid_len = 2;
		h->uid[0] = 'u';
		h->uid[1] = (uint8_t)(next(r) % 4);
		wr_bytes(&w, (uint8_t[]){ 61, 2, 'u', h->uid[1] }, 4);
	}
	if ((opts & 4) != 0)
		wr_bytes(&w, "\x0c\x02hn", 4);
	if ((opts & 8) != 0)
		wr_bytes(&w, (uint8_t[]){ 82, 4, 1, 2, 'c',
		    (uint8_t)(next(r) % 3) }, 6);
	if ((opts & 16) != 0)
		wr_bytes(&w, "\x33\x04\x00\x00\x00\x05", 6);
	if ((opts & 32) != 0)
		wr_bytes(&w, "\x3c\x03" "pxe", 5);
	wr_u8(&w, 255);
	return wr_ok(&w) ? w.len : 0;
}

static bool
is_same(const struct holder *a, const struct holder *b)
{
	if (a->uid_len > 0)
		return a->uid_len == b->uid_len &&
		    memcmp(a->uid, b->uid, a->uid_len) == 0;
	return a->mac == b->mac;
}

/* Journal what changed, as the shell would. */
static void
write_changes(struct dworld *w)
{
	static const struct leasetext_style style = { .is_uid_hex = false };
	struct lease_data d;
	struct lease *l;

	for (size_t i = 0; i < w->out.changed_n; i++) {
		l = w->out.changed[i];
		lease_get(&w->table, l, &d);
		leasetext_lease(&journal, &w->table,
		    lease_addr(&w->table, l), &d, &style, w->now.wall_s);
		/* Whoever lost it may be followed by somebody else. */
		if (d.state != LEASE_ACTIVE)
			holders[lease_addr(&w->table, l) - FIRST].until_s = 0;
	}
}

static void
check_ack(struct dworld *w, struct holder *h)
{
	static struct optset in;
	struct packet p;
	struct holder *was;
	struct str s;
	struct rd r;

	if (w->out.verdict != DECIDE_REPLY)
		return;
	ASSERT(w->out.reply.payload.len <= 1472);
	ASSERT(packet_decode(w->out.reply.payload, &w->conf.u, &in, &w->tmp,
	    &p) == PACKET_OK);
	if (p.type != PROTO_MSG_ACK || p.head.yiaddr < FIRST ||
	    p.head.yiaddr > LAST)
		return;
	ASSERT(w->out.reply.must_wait);
	was = &holders[p.head.yiaddr - FIRST];
	ASSERT(was->until_s <= w->now.wall_s || is_same(was, h));
	ASSERT(lease_state(lease_by_addr(&w->table, p.head.yiaddr)) ==
	    LEASE_ACTIVE);
	ASSERT(packet_option(&p, PROTO_OPT_LEASE_TIME, &s));
	rd_init(&r, s.p, s.len);
	h->until_s = w->now.wall_s + rd_u32(&r);
	*was = *h;
}

static void
step(struct dworld *w, struct rd *r)
{
	uint8_t buf[600];
	struct holder h;
	struct str raw;
	size_t len;

	memset(&h, 0, sizeof(h));
	w->out.changed_n = 0;
	switch (next(r) % 8) {
	case 0:
		len = next(r);
		raw = rd_str(r, len < rd_left(r) ? len : rd_left(r));
		(void)dworld_send(w, raw.p, raw.len, 0);
		break;
	case 1:
		w->now.wall_s += next(r) * 4;
		for (struct lease *l; (l = lease_due(&w->table,
		    w->now.wall_s)) != NULL;) {
			arena_reset(&w->scratch, 0);
			decide_expire(&w->d, &w->now, l, &w->out);
			write_changes(w);
		}
		return;
	case 2:
		arena_reset(&w->scratch, 0);
		(void)decide_probed(&w->d, &w->now, FIRST + next(r) % ADDRS,
		    next(r) % 2 == 0, &w->out);
		w->out.verdict = DECIDE_DROP;
		break;
	default:
		len = message(r, buf, sizeof(buf), &h);
		(void)dworld_send(w, buf, len, 0x0a0a0332);
		break;
	}
	write_changes(w);
	check_ack(w, &h);
	arena_reset(&w->tmp, 0);
}

/* --- the journal read back */

struct reader {
	struct lease_data seen[ADDRS];
	struct arena *arena;
};

static bool
read_lease(void *ctx, uint32_t addr, struct lease_data *d,
    enum leaseread_quality quality)
{
	struct reader *r = ctx;
	struct str uid;

	ASSERT(quality == LEASEREAD_WHOLE);
	ASSERT(addr >= FIRST && addr <= LAST);
	ASSERT(arena_str(r->arena, d->uid, &uid));
	r->seen[addr - FIRST] = *d;
	r->seen[addr - FIRST].uid = uid;
	return true;
}

static void
read_other(void *ctx, enum leaseread_kind kind, struct str s, uint32_t line)
{
	(void)ctx;
	(void)kind;
	(void)s;
	(void)line;
}

static void
read_log(void *ctx, int prio, struct str line)
{
	(void)ctx;
	(void)prio;
	(void)line;
	ASSERT(!"a complaint about our own text");
}

static void
read_skipped(void *ctx, uint32_t line, uint64_t at, size_t len)
{
	(void)ctx;
	(void)line;
	(void)at;
	(void)len;
	ASSERT(!"our own text was not understood");
}

static uint32_t
read_statements(void *ctx, struct str s)
{
	(void)ctx;
	return s.len > 0;		/* any id: it is not used */
}

static bool
read_has(void *ctx, struct str name)
{
	(void)ctx;
	(void)name;
	return true;
}

static const struct opt_def *
read_agent_def(void *ctx, struct str name)
{
	static const struct opt_def def = { .name = STR_INIT("circuit-id"),
		.code = 1, .format = "X" };

	(void)ctx;
	return str_eq(name, def.name) ? &def : NULL;
}

static bool
read_agent_value(void *ctx, struct str what, struct wr *wr)
{
	(void)ctx;
	(void)what;
	(void)wr;
	return false;
}

static void
check_journal(struct dworld *w)
{
	static struct reader reader;
	struct leaseread_sink sink = { &reader, read_lease, read_other,
		read_log, read_skipped, read_statements, read_agent_def,
		read_agent_value,
		read_has, read_has };
	struct leaseread rd;
	struct lease_data d;
	const struct lease_data *f;

	if (!wr_ok(&journal))
		return;			/* a very long program */
	memset(&reader, 0, sizeof(reader));
	reader.arena = &w->tmp;
	leaseread_init(&rd, &sink, STR("leases"), w->now.wall_s);
	ASSERT(leaseread_feed(&rd, (const char *)journal.p, journal.len,
	    true) == journal.len);
	for (uint32_t i = 0; i < ADDRS; i++) {
		lease_get(&w->table, lease_by_addr(&w->table, FIRST + i), &d);
		f = &reader.seen[i];
		if (d.state != LEASE_ACTIVE) {
			ASSERT(f->state != LEASE_ACTIVE);
			continue;
		}
		ASSERT(f->state == LEASE_ACTIVE && f->starts == d.starts &&
		    f->ends == d.ends);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dworld *w;	/* made once: reading takes long */
	static struct dworld_image image;
	struct rd r;

	if (w == NULL) {
		w = dworld_new(conf_text);
		dworld_save(w, &image);
	}
	dworld_restore(w, &image);
	memset(holders, 0, sizeof(holders));
	wr_init(&journal, text, sizeof(text));
	rd_init(&r, data, size);
	for (int i = 0; i < STEPS_MAX && rd_left(&r) > 0; i++)
		step(w, &r);
	check_journal(w);
	arena_reset(&w->tmp, 0);
	return 0;
}
