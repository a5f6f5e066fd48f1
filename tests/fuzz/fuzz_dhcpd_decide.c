/* SPDX-License-Identifier: ISC */
/*
 * decide, with memory: a sequence of messages, silences, pings, failures of
 * the disk and reloads.
 *
 * The input is a program of small steps; well-formed messages from a few
 * clients are mixed with raw bytes, so that states are reached and parsers
 * are hit.  After each step the onlooker of the simulation is asked
 * (dhcp_promise.h): no address at two clients, what was acknowledged is in the
 * table, nothing malformed is answered; at the end, whether the text that was
 * journaled says what the table says.
 */
#include "dhcpd/leasetext.h"
#include "tests/sim/dhcp_promise.h"
#include "tests/unit/dhcpd_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIRST 0x0a0a030au
#define LAST 0x0a0a0311u
#define FIXED 0x0a0a0332u

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

/* The other configuration: four addresses less, and a class is gone. */
static const char other_text[] =
    "authoritative; default-lease-time 300; min-lease-time 60;\n"
    "class \"limited\" { match if exists host-name; lease limit 2; }\n"
    "subnet 10.10.3.0 netmask 255.255.255.0 {\n"
    "  pool { range 10.10.3.12 10.10.3.15; ping-check off; }\n"
    "}\n";

static struct dworld *worlds[2], *w;	/* made once: reading takes long */
static struct dworld_image images[2];
static struct promises promises;
static bool was_reloaded, is_disk_bad;
static uint8_t text[TEXT_MAX];
static struct wr journal;

static uint32_t
next(struct rd *r)
{
	return rd_left(r) > 0 ? rd_u8(r) : 0;
}

/* A well-formed message of one of a few clients. */
static size_t
message(struct rd *r, uint8_t *buf, size_t cap)
{
	struct wr m;
	uint32_t flags, addr, opts;
	uint8_t mac = (uint8_t)(next(r) % 8);

	flags = next(r);
	opts = next(r);
	addr = FIRST + next(r) % (ADDRS + 2);
	wr_init(&m, buf, cap);
	wr_u32(&m, 0x01010600);
	wr_u32(&m, 1);
	wr_u32(&m, (flags & 1) != 0 ? 0x8000 : 0);
	wr_u32(&m, (flags & 2) != 0 ? addr : 0);
	wr_zero(&m, 8);
	wr_u32(&m, (flags & 4) != 0 ? 0x0a0a0301 : 0);
	wr_u32(&m, 0x02000000);
	wr_u16(&m, (uint16_t)(0xaa00 | mac));
	wr_zero(&m, PROTO_OFF_OPTIONS - m.len);
	if ((flags & 8) != 0)
		return m.len;		/* BOOTP */
	wr_u32(&m, PROTO_COOKIE);
	wr_bytes(&m, (uint8_t[]){ 53, 1, (uint8_t)(next(r) % 12) }, 3);
	if ((opts & 1) != 0) {
		wr_u16(&m, 50 << 8 | 4);
		wr_u32(&m, addr);
	}
	if ((opts & 2) != 0)
		wr_bytes(&m, (uint8_t[]){ 61, 2, 'u', (uint8_t)(next(r) % 4) },
		    4);
	if ((opts & 4) != 0)
		wr_bytes(&m, "\x0c\x02hn", 4);
	if ((opts & 8) != 0)
		wr_bytes(&m, (uint8_t[]){ 82, 4, 1, 2, 'c',
		    (uint8_t)(next(r) % 3) }, 6);
	if ((opts & 16) != 0)
		wr_bytes(&m, "\x33\x04\x00\x00\x00\x05", 6);
	if ((opts & 32) != 0)
		wr_bytes(&m, "\x3c\x03" "pxe", 5);
	wr_u8(&m, 255);
	return wr_ok(&m) ? m.len : 0;
}

static void
write_lease(struct lease *l)
{
	static const struct leasetext_style style = { .is_uid_hex = false };
	struct lease_data d;

	lease_get(&w->table, l, &d);
	leasetext_lease(&journal, &w->table, lease_addr(&w->table, l), &d,
	    &style, w->now.wall_s);
}

/*
 * What changed goes to the journal; a lease that is not its client's any more
 * by the server's own rules (a limit, one lease per client) is not promised
 * any more either.
 */
static void
write_changes(const struct promise_who *asked)
{
	struct lease *l;
	int at;

	for (size_t i = 0; i < w->out.changed_n; i++) {
		l = w->out.changed[i];
		write_lease(l);
		at = promise_at(&promises, lease_addr(&w->table, l));
		if (lease_state(l) != LEASE_ACTIVE)
			promises.until_s[at] = 0;
		else if (asked != NULL)
			promise_changed(&promises, &w->table, l, asked);
	}
}

/* A reply leaves, unless it waits for a disk that does not answer. */
static void
check_reply(const struct promise_msg *asked)
{
	struct promise_msg reply;

	if (w->out.verdict != DECIDE_REPLY)
		return;
	ASSERT(w->out.reply.payload.len <= 1472);
	promise_read((const uint8_t *)w->out.reply.payload.p,
	    w->out.reply.payload.len, &reply);
	ASSERT(!reply.is_malformed && reply.op == PROTO_OP_REPLY);
	ASSERT(!asked->is_malformed);
	if (reply.yiaddr == FIXED || reply.yiaddr == 0)
		return;
	ASSERT(reply.type == PROTO_MSG_OFFER || w->out.reply.must_wait);
	if (w->out.reply.must_wait && is_disk_bad)
		return;
	ASSERT(asked->is_odd || promise_sent(&promises, w->now.wall_s, &reply,
	    &asked->who) == NULL);
}

static void
send(const uint8_t *p, size_t len)
{
	struct promise_msg m;

	promise_read(p, len, &m);
	/* What can be read in two ways proves nothing. */
	if (m.is_odd)
		return;
	promise_heard(&promises, &m);
	(void)dworld_send(w, p, len, FIXED);
	write_changes(&m.who);
	check_reply(&m);
}

static void
expire(uint32_t seconds)
{
	w->now.wall_s += seconds;
	for (struct lease *l; (l = lease_due(&w->table, w->now.wall_s)) !=
	    NULL;) {
		arena_reset(&w->scratch, 0);
		decide_expire(&w->d, &w->now, l, &w->out);
		write_changes(NULL);
	}
}

/* --- a reload */

static void
on_lost(void *ctx, uint32_t addr, const struct lease_data *d)
{
	(void)ctx;
	(void)d;
	promises.until_s[promise_at(&promises, addr)] = 0;
}

static void
rewrite(void)
{
	struct lease_walk walk;
	struct lease *l;

	wr_init(&journal, text, sizeof(text));
	memset(&walk, 0, sizeof(walk));
	while ((l = lease_walk_next(&w->table, &walk)) != NULL)
		write_lease(l);
}

static void
reload(void)
{
	static struct arena spare[2];	/* the first tables stay as they are */
	struct dworld *old = w, *fresh = worlds[w == worlds[0]];
	struct arena *a = &spare[w == worlds[0]];

	if (a->p == NULL)
		dworld_arena(a, WORLD_TABLE_SIZE);
	/* The arena of a table has to be zero. */
	ASSERT(madvise(a->p, a->cap, MADV_DONTNEED) == 0);
	fresh->table_arena = *a;
	fresh->now = old->now;
	dworld_build(fresh);
	ASSERT(leasetab_copy(&fresh->table, &old->table, on_lost, NULL));
	ASSERT(leasetab_ready(&fresh->table, &fresh->tmp));
	arena_reset(&fresh->tmp, 0);
	ASSERT(decide_use(&fresh->d, &fresh->conf, &fresh->table,
	    &fresh->conf_arena));
	w = fresh;
	was_reloaded = true;
	rewrite();
}

/* --- steps */

static void
step(struct rd *r)
{
	uint8_t buf[600];
	struct str raw;
	uint32_t addr;
	size_t len;

	w->out.changed_n = 0;
	switch (next(r) % 10) {
	case 0:
		len = next(r);
		raw = rd_str(r, len < rd_left(r) ? len : rd_left(r));
		send((const uint8_t *)raw.p, raw.len);
		break;
	case 1:
		expire(next(r) * 4);
		break;
	case 2:
		arena_reset(&w->scratch, 0);
		(void)decide_probed(&w->d, &w->now, FIRST + next(r) % ADDRS,
		    next(r) % 2 == 0, &w->out);
		write_changes(NULL);
		break;
	case 3:
		is_disk_bad = next(r) % 2 == 0;
		break;
	case 4:
		if (next(r) % 4 == 0)
			reload();
		break;
	default:
		len = message(r, buf, sizeof(buf));
		send(buf, len);
		break;
	}
	ASSERT(promise_kept(&promises, w->now.wall_s, &w->table, &addr) ==
	    NULL);
	arena_reset(&w->tmp, 0);
}

static void
check_journal(void)
{
	static const char *what[ADDRS];
	uint32_t addr;

	if (!wr_ok(&journal))
		return;			/* a very long program */
	ASSERT(promise_file(&w->table, wr_as_str(&journal), w->now.wall_s,
	    !was_reloaded, what, &addr) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r;

	if (w == NULL)
		for (int i = 0; i < 2; i++) {
			worlds[i] = dworld_new(i == 0 ? conf_text :
			    other_text);
			dworld_save(worlds[i], &images[i]);
		}
	w = worlds[0];
	dworld_restore(w, &images[0]);
	if (was_reloaded)
		dworld_restore(worlds[1], &images[1]);
	memset(&promises, 0, sizeof(promises));
	promises.nets[0] = FIRST >> 8;
	was_reloaded = is_disk_bad = false;
	wr_init(&journal, text, sizeof(text));
	rd_init(&r, data, size);
	for (int i = 0; i < STEPS_MAX && rd_left(&r) > 0; i++)
		step(&r);
	check_journal();
	arena_reset(&w->tmp, 0);
	return 0;
}
