/* SPDX-License-Identifier: ISC */
/*
 * dhcp_promise.h - what a DHCP server has promised, kept by an onlooker.
 *
 * The onlooker hears every message that reaches the server and every reply
 * that leaves it, and reads them with eyes of its own.  An address that was
 * acknowledged is its client's until the time is over or the client lets go;
 * until then nobody else may be offered it, and the table must know about it.
 * Each function returns NULL, or what is wrong.
 *
 * Who is who: a client identifier when there is one.  A binding without one
 * belongs to its hardware address, and passes to the first identifier that
 * comes from there (a boot ROM hands over to its system).
 *
 * For the simulation and the fuzz targets; needs nothing of either.
 */
#ifndef TESTS_SIM_DHCP_PROMISE_H
#define TESTS_SIM_DHCP_PROMISE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/lease.h"
#include "dhcpd/leaseread.h"
#include "dhcpd/optspace.h"

enum { PROMISE_NETS = 4, PROMISE_FOREVER = 0x7fffffff };

struct promise_who {
	uint8_t hw_type, hw_len, hw[16];
	uint8_t uid_len, uid[255];
};

/* A message as the onlooker reads it. */
struct promise_msg {
	bool is_malformed;	/* nobody may answer it */
	bool is_odd;		/* options twice or in other fields */
	bool is_bootp;
	uint8_t op, type;
	uint32_t xid, ciaddr, yiaddr, giaddr;
	uint16_t flags;
	uint32_t requested, server, lease_s;
	bool has_requested, has_server, has_lease_s;
	uint8_t vendor[3];	/* the first of option 60 */
	struct promise_who who;
};

struct promises {
	uint32_t nets[PROMISE_NETS];	/* address >> 8, 0: unused */
	int64_t until_s[PROMISE_NETS * 256];	/* 0: none */
	bool is_asked[PROMISE_NETS * 256];	/* its client asks for new terms */
	struct promise_who who[PROMISE_NETS * 256];
	/* The client by the identifier it asked with last.  The server knows
	 * it by that from then on, also when the answer was withheld or lost. */
	struct promise_who last[PROMISE_NETS * 256];
	/* And by what its lease was written under, where that can be seen. */
	struct promise_who written[PROMISE_NETS * 256];
};

/* Place of an address; -1: of no network. */
static inline int
promise_at(const struct promises *ps, uint32_t addr)
{
	for (int i = 0; i < PROMISE_NETS; i++)
		if (ps->nets[i] != 0 && ps->nets[i] == addr >> 8)
			return i * 256 + (int)(addr & 255);
	return -1;
}

static inline uint32_t
promise_addr(const struct promises *ps, int at)
{
	return ps->nets[at / 256] << 8 | (uint32_t)(at % 256);
}

static inline bool
promise_is_hw(const struct promise_who *a, const struct promise_who *b)
{
	return a->hw_type == b->hw_type && a->hw_len == b->hw_len &&
	    memcmp(a->hw, b->hw, a->hw_len) == 0;
}

/* Does what was promised to a belong to b? */
static inline bool
promise_is_same(const struct promise_who *a, const struct promise_who *b)
{
	if (a->uid_len > 0)
		return a->uid_len == b->uid_len &&
		    memcmp(a->uid, b->uid, a->uid_len) == 0;
	return promise_is_hw(a, b);
}

/* Is it the client of a promise, by one of its names? */
static inline bool
promise_is_client(const struct promises *ps, int at,
    const struct promise_who *who)
{
	return promise_is_same(&ps->who[at], who) ||
	    promise_is_same(&ps->last[at], who) ||
	    promise_is_same(&ps->written[at], who);
}

/* --- reading a message */

static inline uint32_t
promise_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static inline void
promise_option(struct promise_msg *m, uint8_t code, const uint8_t *p,
    uint8_t len)
{
	if (code == 53 && len > 0) {
		m->type = p[0];
		m->is_bootp = p[0] == 0;
	} else if (code == 50 && len >= 4) {
		m->requested = promise_u32(p);
		m->has_requested = true;
	} else if (code == 54 && len >= 4) {
		m->server = promise_u32(p);
		m->has_server = true;
	} else if (code == 51 && len == 4) {
		m->lease_s = promise_u32(p);
		m->has_lease_s = true;
	} else if (code == 60) {
		memcpy(m->vendor, p, len < 3 ? len : 3);
	} else if (code == 61) {
		m->who.uid_len = len;
		memcpy(m->who.uid, p, len);
		m->is_malformed |= len == 0;
	}
}

static inline void
promise_read(const uint8_t *p, size_t len, struct promise_msg *m)
{
	uint8_t seen[256] = { 0 };
	size_t at;

	memset(m, 0, sizeof(*m));
	m->is_bootp = true;
	if (len < 236 || p[2] > 16) {
		m->is_malformed = true;
		return;
	}
	m->op = p[0];
	m->xid = promise_u32(p + 4);
	m->flags = (uint16_t)(p[10] << 8 | p[11]);
	m->ciaddr = promise_u32(p + 12);
	m->yiaddr = promise_u32(p + 16);
	m->giaddr = promise_u32(p + 24);
	m->who.hw_type = p[1];
	m->who.hw_len = p[2];
	memcpy(m->who.hw, p + 28, p[2]);
	if (len < 240 || promise_u32(p + 236) != 0x63825363u)
		return;
	for (at = 240; at < len && p[at] != 255;) {
		uint8_t code = p[at++];

		if (code == 0)
			continue;
		if (at == len || p[at] > len - at - 1) {
			m->is_malformed = true;
			return;
		}
		m->is_odd |= seen[code]++ > 0 || code == 52;
		promise_option(m, code, p + at + 1, p[at]);
		at += 1u + p[at];
	}
}

/* --- what changes a promise */

/*
 * promise_heard - a message has reached the server: its sender may let go.
 *
 * RELEASE goes by the hardware address and DECLINE by the address alone, as
 * the peer has it.  Who asks for an address without having one does not use
 * another.  Whoever asks for new terms may find that they are shorter, and an
 * answer that nobody hears does not change that.
 */
static inline void
promise_heard(struct promises *ps, const struct promise_msg *m)
{
	int at;

	if (m->is_malformed)
		return;
	if (m->type == 7) {
		at = promise_at(ps, m->ciaddr);
		if (at >= 0 && promise_is_hw(&ps->who[at], &m->who))
			ps->until_s[at] = 0;
	} else if (m->type == 4 && m->has_requested) {
		at = promise_at(ps, m->requested);
		if (at >= 0)
			ps->until_s[at] = 0;
	} else if (m->type == 3 || m->is_bootp) {
		for (at = 0; at < PROMISE_NETS * 256; at++) {
			if (ps->until_s[at] == 0 ||
			    !promise_is_client(ps, at, &m->who))
				continue;
			if (m->who.uid_len > 0)
				ps->last[at] = m->who;
			if (m->type == 3 && m->ciaddr == 0 &&
			    promise_addr(ps, at) != m->requested)
				ps->until_s[at] = 0;
			else
				ps->is_asked[at] = true;
		}
	}
}

/*
 * promise_sent - a reply has left.
 *
 * who        who asked, as heard
 */
static inline const char *
promise_sent(struct promises *ps, int64_t now_s, const struct promise_msg *m,
    const struct promise_who *who)
{
	int at = promise_at(ps, m->yiaddr);

	if (m->yiaddr == 0 || (m->type != 2 && m->type != 5 && !m->is_bootp))
		return NULL;
	if (at < 0)
		return "an address of no network was given";
	if (ps->until_s[at] > now_s && !promise_is_client(ps, at, who))
		return m->type == 2 ? "an address that is another client's "
		    "was offered" : "an address was given to two clients";
	if (m->type == 2)
		return NULL;
	if (m->type == 5 && !m->has_lease_s)
		return "an ACK without a lease time";
	ps->until_s[at] = m->is_bootp || m->lease_s >= PROMISE_FOREVER ||
	    now_s + m->lease_s > PROMISE_FOREVER ?
	    PROMISE_FOREVER : now_s + m->lease_s;
	ps->who[at] = ps->last[at] = ps->written[at] = *who;
	ps->is_asked[at] = false;
	return NULL;
}

/* Whose a lease is by the table. */
static inline struct promise_who
promise_owner(const struct lease_table *t, const struct lease *l)
{
	struct promise_who who;
	struct lease_data d;

	lease_get(t, l, &d);
	memset(&who, 0, sizeof(who));
	who.hw_type = d.hw_type;
	who.hw_len = d.hw_len <= 16 ? d.hw_len : 16;
	memcpy(who.hw, d.hw, who.hw_len);
	who.uid_len = (uint8_t)d.uid.len;
	if (d.uid.len > 0)
		memcpy(who.uid, d.uid.p, who.uid_len);
	return who;
}

/*
 * promise_changed - a lease was written because of a message: by its client,
 * who may have another name since.
 */
static inline void
promise_changed(struct promises *ps, const struct lease_table *t,
    const struct lease *l, const struct promise_who *asked)
{
	int at = promise_at(ps, lease_addr(t, l));

	if (at >= 0 && promise_is_client(ps, at, asked))
		ps->written[at] = promise_owner(t, l);
}

/* Is a lease what was promised? */
static inline const char *
promise_kept_one(struct promises *ps, int at,
    const struct lease_table *t, const struct lease *l)
{
	struct promise_who who = promise_owner(t, l);

	if (lease_state(l) != LEASE_ACTIVE)
		return "an acknowledged lease is lost";
	if (!promise_is_client(ps, at, &who))
		return "an acknowledged lease is another's";
	if (l->ends < ps->until_s[at] && !ps->is_asked[at])
		return "an acknowledged lease is shorter";
	if (l->ends < ps->until_s[at])
		ps->until_s[at] = l->ends;
	ps->is_asked[at] = false;
	return NULL;
}

/*
 * promise_kept - does a table know what was promised?
 *
 * ret_addr   set when it does not
 */
static inline const char *
promise_kept(struct promises *ps, int64_t now_s,
    const struct lease_table *t, uint32_t *ret_addr)
{
	const struct lease *l;
	const char *why;

	for (int at = 0; at < PROMISE_NETS * 256; at++) {
		if (ps->until_s[at] <= now_s)
			continue;
		*ret_addr = promise_addr(ps, at);
		l = lease_by_addr(t, *ret_addr);
		if (l == NULL)
			continue;	/* no range has it now */
		why = promise_kept_one(ps, at, t, l);
		if (why != NULL)
			return why;
	}
	return NULL;
}

/* --- the file against the table */

struct promise_file {
	const struct lease_table *t;
	int64_t now_s;
	bool is_strict;
	const char **what;	/* per lease: what differs */
};

/* The same variables, in whatever order. */
static inline bool
promise_is_same_set(struct str a, struct str b)
{
	struct lease_var va, vb;
	struct str rest;
	int n = 0;

	for (rest = b; lease_var_next(&rest, &vb); n++)
		;
	for (rest = a; lease_var_next(&rest, &va); n--)
		if (!lease_var_find(b, va.name, &vb) || va.kind != vb.kind ||
		    (va.kind == LEASE_VAR_DATA ? !str_eq(va.data, vb.data) :
		    va.num != vb.num))
			return false;
	return n == 0;
}

/*
 * What differs between two bindings, a read from a file; NULL: nothing that is
 * written down: a host name that cannot be printed, relay's options that end
 * in the middle.
 */
static inline const char *
promise_differs(const struct lease_data *a, const struct lease_data *b,
    bool is_strict)
{
	return a->state != b->state ? "state" :
	    a->starts != b->starts ? "starts" :
	    a->ends != b->ends ? "ends" :
	    a->hw_type != b->hw_type || a->hw_len != b->hw_len ||
	    memcmp(a->hw, b->hw, a->hw_len) != 0 ? "hardware" :
	    !is_strict ? NULL :
	    !str_eq(a->uid, b->uid) ? "uid" :
	    a->hostname.len > 0 && !str_eq(a->hostname, b->hostname) ? "client-hostname" :
	    !promise_is_same_set(a->vars, b->vars) ? "set" :
	    !str_starts(b->agent, a->agent) ? "agent" :
	    !str_eq(a->class_name, b->class_name) ? "billing" :
	    a->flags != b->flags ? "reserved, dynamic-bootp" : NULL;
}

/* A lease that is over is free, said or not. */
static inline enum lease_state
promise_state(const struct lease_data *d, int64_t now_s)
{
	return d->state != LEASE_FREE && d->ends <= now_s ? LEASE_FREE :
	    (enum lease_state)d->state;
}

/* Later blocks count: the last word about each address is what is judged. */
static inline bool
promise_file_lease(void *ctx, uint32_t addr, struct lease_data *d,
    enum leaseread_quality quality)
{
	struct promise_file *f = ctx;
	const struct lease *l = lease_by_addr(f->t, addr);
	struct lease_data now;
	enum lease_state state;
	size_t i;

	if (l == NULL)
		return true;
	i = (size_t)(l - f->t->leases);
	/* A crash tore it; the table is what the reader made of it. */
	f->what[i] = NULL;
	if (quality != LEASEREAD_WHOLE)
		return true;
	lease_get(f->t, l, &now);
	now.flags &= LEASE_F_FILE;
	state = promise_state(d, f->now_s);
	/* An OFFER changes memory alone, and who had a free address last is
	 * a hint, no promise. */
	if ((l->flags & LEASE_F_OFFERED) == 0 && state != LEASE_FREE)
		f->what[i] = promise_differs(d, &now, f->is_strict);
	else
		f->what[i] = state != promise_state(&now, f->now_s) ?
		    "state" : NULL;
	return true;
}

static inline void
promise_file_other(void *ctx, enum leaseread_kind kind, struct str text,
    uint32_t line)
{
	(void)ctx;
	(void)kind;
	(void)text;
	(void)line;
}

static inline void
promise_file_log(void *ctx, int prio, struct str line)
{
	(void)ctx;
	(void)prio;
	(void)line;
}

static inline void
promise_file_skipped(void *ctx, uint32_t line, uint64_t at, size_t len)
{
	(void)ctx;
	(void)line;
	(void)at;
	(void)len;
}

static inline uint32_t
promise_file_statements(void *ctx, struct str text)
{
	(void)ctx;
	return text.len > 0;	/* any id: they are not compared */
}

static inline const struct opt_def *
promise_file_agent(void *ctx, struct str name)
{
	static const struct opt_def known[] = {
		{ .name = STR_INIT("circuit-id"), .code = 1, .format = "X" },
		{ .name = STR_INIT("remote-id"), .code = 2, .format = "X" },
	};

	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eq(name, known[i].name))
			return &known[i];
	return NULL;
}

/* Others are not compared: the block counts as one that is torn. */
static inline bool
promise_file_agent_value(void *ctx, struct str line, struct wr *wr)
{
	(void)ctx;
	(void)line;
	(void)wr;
	return false;
}

static inline bool
promise_file_has(void *ctx, struct str name)
{
	(void)ctx;
	(void)name;
	return true;
}

/*
 * promise_file - does the text of a leases file say what the table says?
 *
 * is_strict  strings too; a lease that a reload put aside and brought back may
 *            have the names that an OFFER gave it
 * what       room for a pointer per lease
 */
static inline const char *
promise_file(const struct lease_table *t, struct str text, int64_t now_s,
    bool is_strict, const char **what, uint32_t *ret_addr)
{
	static struct leaseread reader;
	struct promise_file f = { t, now_s, is_strict, what };
	struct leaseread_sink sink = { &f, promise_file_lease,
		promise_file_other, promise_file_log, promise_file_skipped,
		promise_file_statements, promise_file_agent,
		promise_file_agent_value, promise_file_has, promise_file_has };

	/* What the file does not mention is nobody's. */
	for (uint32_t i = 0; i < t->leases_n; i++)
		what[i] = lease_state(&t->leases[i]) == LEASE_FREE ? NULL :
		    "not in the file";
	leaseread_init(&reader, &sink, STR("leases"), now_s);
	if (leaseread_feed(&reader, text.p, text.len, true) != text.len)
		return "the file was not read to its end";
	for (uint32_t i = 0; i < t->leases_n; i++) {
		*ret_addr = lease_addr(t, &t->leases[i]);
		if (what[i] != NULL)
			return what[i];
	}
	return NULL;
}

#endif
