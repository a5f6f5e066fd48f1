/* SPDX-License-Identifier: ISC */
/*
 * sim_dhcpd - dhcpd in a world that goes wrong.
 *
 *	sim_dhcpd [SEED [N]]
 *
 * The real server from main.c down to the journal, on a disk in memory that
 * fails and loses power (tests/faults/simdisk.c), with clients that behave,
 * strangers that do not, and a network that loses, doubles and delays.  It is
 * reloaded with other ranges, killed, restarted.  After each turn: no address
 * is at two clients, everything acknowledged is in the table; after each start
 * too, so that the file was right.  Now and then the file is read and compared
 * with the table.  At the end, when all is well again, every client has an
 * address as long as there is a free one for it.  Seed 1 begins with more
 * messages in one turn than replies can wait.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* main.c ends the process: here that is the end of a thread, which has nothing
 * else to do and is waited for. */
static void sim_exit(int status) __attribute__((noreturn));
#define exit(status) sim_exit(status)
#define main dhcpd_main
int dhcpd_main(int argc, char *argv[]);
#include "dhcpd/main.c"
#undef main
#undef exit

#include "tests/faults/simdisk.h"
#include "tests/sim/dhcpd_shell.h"
#include "tests/sim/dhcpd_world.h"
#include "tests/sim/loop.h"
#include "tests/sim/sim.h"

#define CONF "dhcpd.conf"
#define LEASES "dhcpd.leases"

enum { QUICK_N = 60, INBOX = 8, ASKED = 64, NETS = 3, POOLS = 2,
	TURNS_MAX = 1500, LEASES_MAX = 512, FIXED = 201 };

enum permit { PERMIT_ALL, PERMIT_PXE, PERMIT_OTHERS };

/* A configuration as the world sees it. */
struct setup {
	uint32_t lease_s, max_s;
	bool is_authoritative, pings, one_lease, has_event, is_hex;
	unsigned cache;
	struct { uint32_t first, last; enum permit permit; }
	    pool[NETS][POOLS];
};

struct letter {
	int wire;
	uint32_t src;
	size_t len;
	uint8_t bytes[640];
};

static const struct sim_net good = { 0, 0, 0, 5 * WHEN_NS_PER_MS, 0, false };
static const struct sim_net bad = { 8, 6, 4, 30 * WHEN_NS_PER_MS,
	6 * WHEN_NS_PER_S, false };

struct world_state world;

static struct setup setup;
static bool is_up, is_starting;
static struct letter inbox[INBOX];
static unsigned inbox_n;
static bool is_turn_set, was_reloaded;
static struct promise_msg asked[ASKED];	/* heard by the server */
static unsigned asked_i, turns;

static void boot(void);

/* --- configurations */

static uint32_t
net_of(int n)
{
	return n == WORLD_RELAY ? WORLD_RELAY_ADDR & ~255u :
	    SHELL_ADDR(n) & ~255u;
}

static void
choose_pools(void)
{
	for (int n = 0; n < NETS; n++) {
		uint32_t at = net_of(n) + 10 + sim_below(4);

		for (int p = 0; p < POOLS; p++) {
			setup.pool[n][p].first = at + sim_below(2);
			setup.pool[n][p].last = setup.pool[n][p].first +
			    sim_below(10);
			setup.pool[n][p].permit = sim_chance(70) ? PERMIT_ALL :
			    sim_chance(50) ? PERMIT_PXE : PERMIT_OTHERS;
			at = setup.pool[n][p].last + 1;
		}
	}
}

static void
choose_setup(void)
{
	setup.lease_s = 120 + sim_below(1200);
	setup.max_s = 600 + sim_below(3000);
	setup.is_authoritative = sim_chance(70);
	setup.pings = sim_chance(50);
	setup.one_lease = sim_chance(20);
	setup.has_event = sim_chance(30);
	setup.is_hex = sim_chance(20);
	setup.cache = sim_chance(50) ? 25 : sim_below(60);
	choose_pools();
}

static void
write_pools(struct wr *w, int n)
{
	static const char *const permits[] = { "",
		" allow members of \"pxe\";", " deny members of \"pxe\";" };
	static const char bootp[] = " allow dynamic bootp clients; allow all "
	    "clients;";
	char first[IP4_TEXT_SIZE], last[IP4_TEXT_SIZE];

	for (int p = 0; p < POOLS; p++) {
		(void)ip4_fmt(setup.pool[n][p].first, first);
		(void)ip4_fmt(setup.pool[n][p].last, last);
		wr_fmt(w, " pool { range %s %s;%s }\n", first, last,
		    n == 0 && setup.pool[n][p].permit == PERMIT_ALL ? bootp :
		    permits[setup.pool[n][p].permit]);
	}
}

static void
write_conf(bool is_broken)
{
	static uint8_t text[8192];
	char addr[IP4_TEXT_SIZE];
	struct wr w;

	wr_init(&w, text, sizeof(text));
	wr_fmt(&w, "%sauthoritative; default-lease-time %u; max-lease-time %u;"
	    " min-lease-time 30; ping-check %s; one-lease-per-client %s; "
	    "dhcp-cache-threshold %u; abandon-lease-time 900; db-time-format "
	    "default; %s\n", setup.is_authoritative ? "" : "not ",
	    setup.lease_s, setup.max_s, setup.pings ? "on" : "off",
	    setup.one_lease ? "on" : "off", setup.cache,
	    setup.is_hex ? "lease-id-format hex;" : "");
	wr_text(&w, "class \"pxe\" { match if substring(option "
	    "vendor-class-identifier, 0, 3) = \"PXE\"; filename \"p\"; }\n"
	    "class \"circuits\" { spawn with option agent.circuit-id; }\n");
	if (setup.has_event)
		wr_text(&w, "on commit { set seen = binary-to-ascii(16, 8, "
		    "\":\", hardware); }\non expiry { set gone = seen; }\n");
	for (int n = 0; n < NETS; n++) {
		(void)ip4_fmt(net_of(n), addr);
		wr_fmt(&w, "subnet %s netmask 255.255.255.0 {\n option routers "
		    "%s;\n", addr, addr);
		write_pools(&w, n);
		wr_text(&w, "}\n");
	}
	wr_text(&w, "host fixed { hardware ethernet 02:00:00:00:aa:01; "
	    "fixed-address 10.10.3.201, 10.10.4.201, 10.20.0.201; }\n"
	    "host known { hardware ethernet 02:00:00:00:aa:03; }\n");
	if (is_broken)
		wr_text(&w, "subnet 10.10.3.0 netmask { }\n");
	ASSERT(wr_ok(&w));
	simdisk_write(CONF, text, w.len);
}

/* May a client of this class have an address of the pools? */
static bool
is_permitted(uint32_t addr, bool is_pxe, bool is_bootp)
{
	enum permit permit;

	for (int n = 0; n < NETS; n++)
		for (int p = 0; p < POOLS; p++) {
			if (addr < setup.pool[n][p].first ||
			    addr > setup.pool[n][p].last)
				continue;
			permit = setup.pool[n][p].permit;
			if (is_bootp)
				return permit != PERMIT_PXE;
			return permit == PERMIT_ALL ||
			    (permit == PERMIT_PXE) == is_pxe;
		}
	return true;			/* no range: nobody asks */
}

/* --- what the onlooker hears */

bool
world_is_squatted(uint32_t addr)
{
	for (size_t i = 0; i < ARRAY_LEN(world.squatters); i++)
		if (world.squatters[i] == addr)
			return true;
	return false;
}

static bool
answers(uint32_t addr)
{
	return world_is_squatted(addr) || client_has(addr);
}

/* Who begins anew cannot keep what its class may not have any more. */
static void
let_go_unpermitted(const struct promise_msg *m)
{
	struct promises *ps = &world.promises;
	bool is_pxe = memcmp(m->vendor, "PXE", 3) == 0;

	if (m->is_malformed || m->ciaddr != 0 || m->type > 3)
		return;
	for (int at = 0; at < PROMISE_NETS * 256; at++)
		if (ps->until_s[at] != 0 &&
		    promise_is_same(&ps->who[at], &m->who) &&
		    !is_permitted(promise_addr(ps, at), is_pxe, m->is_bootp))
			ps->until_s[at] = 0;
}

/*
 * One lease per client: a renewal, too, gives the others back.  It goes by the
 * hardware address where there is no identifier: then whatever comes from there
 * is one machine.
 */
static void
let_go_others(const struct promise_msg *m)
{
	struct promises *ps = &world.promises;
	uint32_t addr = m->ciaddr != 0 ? m->ciaddr : m->requested;

	if (m->is_malformed || m->type != 3 || !setup.one_lease)
		return;
	for (int at = 0; at < PROMISE_NETS * 256; at++)
		if (promise_addr(ps, at) != addr && (m->who.uid_len == 0 ?
		    promise_is_hw(&ps->who[at], &m->who) :
		    promise_is_same(&ps->who[at], &m->who)))
			ps->until_s[at] = 0;
}

/*
 * Replies leave at the end of a turn.  What one client says twice in a turn
 * would be heard before the first answer left, so it waits for the next.
 */
static bool
is_for_next_turn(const struct promise_msg *m, unsigned nth)
{
	const struct promise_msg *earlier;

	if (nth > 0 && (m->type == 4 || m->type == 7))
		return true;
	for (unsigned k = 1; k <= nth; k++) {
		earlier = &asked[(asked_i - k) % ASKED];
		if (earlier->type == 4 || earlier->type == 7 ||
		    promise_is_hw(&earlier->who, &m->who) ||
		    promise_is_same(&earlier->who, &m->who))
			return true;
	}
	return false;
}

static void
overhear(const struct promise_msg *m)
{
	asked[asked_i++ % ASKED] = *m;
	promise_heard(&world.promises, m);
	let_go_unpermitted(m);
	let_go_others(m);
}

/* The message that a reply answers. */
static const struct promise_msg *
find_asked(const struct promise_msg *reply)
{
	for (unsigned k = 1; k <= ASKED && k <= asked_i; k++) {
		const struct promise_msg *m = &asked[(asked_i - k) % ASKED];

		if (m->xid == reply->xid &&
		    promise_is_hw(&m->who, &reply->who))
			return m;
	}
	return NULL;
}

static void
on_reply(int wire, const struct link_reply *r)
{
	const uint8_t *mac = wire >= 0 ? r->head : NULL;
	const struct promise_msg *m;
	struct promise_msg reply;
	const char *why;

	if (simdisk_is_dead())
		return;			/* the power is off */
	promise_read(r->payload, r->payload_len, &reply);
	sim_say("server: type %u ...%u to %d lease %u xid %x", reply.type,
	    reply.yiaddr & 255, wire, reply.lease_s, reply.xid);
	if (reply.is_malformed || reply.is_odd || reply.op != 2)
		sim_fail("a malformed reply");
	m = find_asked(&reply);
	if (m == NULL)
		sim_fail("a reply to nobody");
	if (m->is_malformed)
		sim_fail("a malformed message was answered");
	client_hear(wire, mac, r->dst, r->payload, r->payload_len);
	if ((reply.yiaddr & 255) == FIXED) {
		if (memcmp(m->who.hw, "\2\0\0\0\252\1", 6) != 0)
			sim_fail("a declared address for somebody else");
		/* A machine may call itself what it likes there. */
		world.promises.until_s[promise_at(&world.promises,
		    reply.yiaddr)] = 0;
	}
	why = promise_sent(&world.promises, loop_wall_s(), &reply, &m->who);
	if (why != NULL)
		sim_fail("%s: ...%u", why, reply.yiaddr & 255);
}

static const struct shell_hooks hooks = { on_reply, answers };
static const struct shell_hooks *used_hooks = &hooks;

/* --- checks */

static void
check_table(void)
{
	const char *why;
	uint32_t addr;

	why = promise_kept(&world.promises, loop_wall_s(),
	    &prog.serve.gen->table, &addr);
	if (why != NULL)
		sim_fail("%s: %u.%u", why, addr >> 8 & 255, addr & 255);
	client_excuse();
}

/* Nothing waits for the disk: then the file knows it all. */
static void
check_file(void)
{
	static const char *what[LEASES_MAX];
	struct serve *s = &prog.serve;
	const char *why, *text;
	uint32_t addr = 0;
	size_t len;

	if (simdisk_is_dead() || leasedb_sync(s->db, loop_wall_s()) != 0)
		return;
	text = simdisk_read(LEASES, &len);
	if (text == NULL)
		sim_fail("the leases file is gone");
	ASSERT(s->gen->table.leases_n <= LEASES_MAX);
	why = promise_file(&s->gen->table, str_make(text, len),
	    loop_wall_s(), !was_reloaded, what, &addr);
	if (why != NULL) {
		(void)fprintf(stderr, "%.*s", (int)len, text);
		sim_fail("file and table differ: %s: %u.%u", why, addr >> 8 & 255, addr & 255);
	}
}

/* --- the process */

static void
sim_exit(int status)
{
	if (!is_starting)
		sim_fail("the server ended by itself, status %d", status);
	prog.serve.gen = NULL;		/* main.c has taken it down */
	pthread_exit(NULL);
}

/* Nothing of the process is left. */
static void
gone(const char *how)
{
	sim_say("server: %s", how);
	is_up = false;
	inbox_n = 0;
	gen_free(prog.serve.gen);
	free(prog.world.names);
	shell_reset(used_hooks);
	memset(&prog, 0, sizeof(prog));
}

static void
on_boot(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	if (!is_up)
		boot();
}

static void
boot_in(uint32_t seconds)
{
	sim_at(sim_now_ns + seconds * WHEN_NS_PER_S, on_boot, NULL, NULL, 0);
}

static void
start(struct prog *p)
{
	struct serve *s = &p->serve;

	memset(p, 0, sizeof(*p));
	p->args.is_quiet = true;
	p->args.no_pid = true;
	p->ready_fd = p->inherited_fd = -1;
	p->port = PROTO_PORT_SERVER;
	set_path(p->conf, "/sim/" CONF);
	set_path(p->conf_abs, "/sim/" CONF);
	set_path(p->leases, "/sim/" LEASES);
	if (ev_init(&p->ev, FDS_MAX, TIMERS_MAX) < 0 ||
	    serve_init(s, &p->ev) < 0 ||
	    world_init(&p->world, &p->ev, &s->ops) < 0)
		fatal("No memory to start.");
	s->on_fatal = on_fatal;
	s->ctx = p;
	read_conf(p);
	if (serve_sockets(s, server_port(p, s->gen)) < 0)
		fatal("No memory for sockets.");
	set_ports(p);
	open_leases(p);
	open_sockets(p);
	write_duid(p);
	if (serve_begin(s) < 0)
		fatal("Can't watch the clock.");
}

/*
 * A restart forgets, as the peer does, what lies outside all ranges ("no
 * subnet"); a reload alone does not.
 */
static void
forget_outside(void)
{
	struct promises *ps = &world.promises;

	for (int at = 0; at < PROMISE_NETS * 256; at++)
		if (ps->until_s[at] != 0 && lease_by_addr(
		    &prog.serve.gen->table, promise_addr(ps, at)) == NULL)
			ps->until_s[at] = 0;
}

static void
power_off(void)
{
	gone("power is off");
	simdisk_crash();
	boot_in(1 + sim_below(60));
}

static void *
start_thread(void *ctx)
{
	start(ctx);
	return ctx;
}

/* Does it come up? */
static bool
starts(void)
{
	pthread_t thread;
	void *result;

	sim_say("server: starts");
	is_starting = true;
	if (pthread_create(&thread, NULL, start_thread, &prog) != 0 ||
	    pthread_join(thread, &result) != 0)
		sim_fail("no thread to start in");
	is_starting = false;
	return result != NULL;
}

static void
boot(void)
{
	bool is_started;

	simdisk_clean(LEASES, LEASES "~");
	write_conf(false);
	is_started = starts();
	if (!is_started && simdisk_is_dead()) {
		power_off();
		return;
	}
	if (!is_started) {
		gone("could not start");
		simdisk_kill();
		boot_in(5);
		return;
	}
	is_up = true;
	was_reloaded = false;
	forget_outside();
	check_table();
	loop_sleep();			/* the hooks run before the first turn */
}

/* --- turns */

static void on_turn(void *ctx, const uint8_t *bytes, size_t len);

static void
set_turn(void)
{
	if (!is_turn_set)
		sim_at(sim_now_ns + sim_below(2) * WHEN_NS_PER_MS, on_turn,
		    NULL, NULL, 0);
	is_turn_set = true;
}

static void
turn(void)
{
	struct promise_msg m;
	unsigned i;

	turns++;
	loop_wake();
	for (i = 0; i < inbox_n; i++) {
		promise_read(inbox[i].bytes, inbox[i].len, &m);
		if (is_for_next_turn(&m, i))
			break;
		overhear(&m);
		shell_frame(inbox[i].wire == WORLD_RELAY ? 0 : inbox[i].wire,
		    inbox[i].src, inbox[i].bytes, inbox[i].len);
	}
	inbox_n -= i;
	memmove(inbox, inbox + i, inbox_n * sizeof(*inbox));
	if (inbox_n > 0)
		set_turn();
	loop_sleep();
	if (simdisk_is_dead()) {
		power_off();
		return;
	}
	check_table();
	if (sim_chance(1))
		check_file();
}

static void
on_turn(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	is_turn_set = false;
	if (is_up)
		turn();
}

static void
on_letter(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)ctx;
	if (!is_up || inbox_n == INBOX)
		return;
	ASSERT(len <= sizeof(inbox[0]));
	memcpy(&inbox[inbox_n++], bytes, len);
	set_turn();
}

void
world_tell(int wire, uint32_t src, const uint8_t *bytes, size_t len)
{
	struct letter l;

	l.wire = wire;
	l.src = wire == WORLD_RELAY && src == 0 ? WORLD_RELAY_ADDR : src;
	l.len = len;
	memcpy(l.bytes, bytes, len);
	hostile_overhear(wire, bytes, len);
	sim_send(world.is_quiet ? &good : &bad, on_letter, NULL, &l,
	    offsetof(struct letter, bytes) + len);
}

/* --- trouble */

/* A reload: all of the new configuration is in force, or none of it. */
static void
do_reload(bool is_broken)
{
	const struct gen *old = prog.serve.gen;
	struct setup before = setup;

	if (!is_broken)
		choose_setup();
	sim_say("world: reload%s", is_broken ? " of a broken file" : "");
	write_conf(is_broken);
	loop_wake();
	reload(&prog);
	was_reloaded = true;
	if (prog.serve.gen == old)
		setup = before;	/* the disk may have kept it from reading */
	else if (is_broken)
		sim_fail("a broken configuration is in force");
	loop_sleep();
	if (simdisk_is_dead())
		power_off();
}

static void
do_trouble(void)
{
	uint32_t what = sim_below(100);

	if (what < 25 && is_up) {
		do_reload(what < 5);
	} else if (what < 45) {
		sim_say("world: the power will go");
		simdisk_die_at(simdisk_calls() + 1 + sim_below(30));
	} else if (what < 55 && is_up) {
		gone("killed");
		simdisk_kill();
		boot_in(1 + sim_below(20));
	} else if (what < 65 && is_up) {
		loop_wake();
		serve_end(&prog.serve);
		gone("stopped");
		simdisk_kill();
		boot_in(1 + sim_below(20));
	} else if (what < 85) {
		sim_say("world: the disk fails");
		simdisk_fail((enum simdisk_fault)sim_below(2),
		    simdisk_calls() + 1 + sim_below(20), 1 + sim_below(40));
	} else {
		world.squatters[sim_below(ARRAY_LEN(world.squatters))] =
		    sim_chance(50) ? 0 : net_of((int)sim_below(NETS)) + 10 +
		    sim_below(20);
	}
}

static void
on_trouble(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	if (world.is_quiet)
		return;
	do_trouble();
	sim_at(sim_now_ns + (1 + sim_below(900)) * WHEN_NS_PER_S, on_trouble,
	    ctx, NULL, 0);
}

/* --- a history */

static void
run_until(int64_t end_ns)
{
	int64_t wake_ns, next_ns;

	for (;;) {
		next_ns = sim_next_ns();
		wake_ns = is_up ? loop_next_ns() : INT64_MAX;
		if (wake_ns < next_ns)
			next_ns = wake_ns;
		if (next_ns > end_ns ||
		    (!world.is_quiet && turns > TURNS_MAX))
			return;
		if (next_ns == wake_ns && next_ns < sim_next_ns()) {
			sim_now_ns = wake_ns;
			turn();
		} else {
			sim_step();
		}
	}
}

/* Every client has an address, or there is none for it. */
static void
check_all_served(void)
{
	const struct lease_table *t = &prog.serve.gen->table;
	const struct lease *l;
	bool is_pxe, is_bootp;
	int i, wire;

	for (i = client_unserved(0, &wire, &is_pxe, &is_bootp); i >= 0;
	    i = client_unserved(i + 1, &wire, &is_pxe, &is_bootp))
		for (uint32_t k = 0; k < t->leases_n; k++) {
			l = &t->leases[k];
			if (lease_state(l) == LEASE_FREE &&
			    (lease_addr(t, l) & ~255u) == net_of(wire) &&
			    is_permitted(lease_addr(t, l), is_pxe, is_bootp))
				sim_fail("client %d has no address and ...%u "
				    "is free", i, lease_addr(t, l) & 255);
		}
}

static void
calm_down(void)
{
	world.is_quiet = true;
	simdisk_fail(SIMDISK_EIO, 0, 0);
	simdisk_die_at(0);
	memset(world.squatters, 0, sizeof(world.squatters));
	run_until(sim_now_ns + 200 * WHEN_NS_PER_S);	/* it may be down */
	client_calm();
	run_until(sim_now_ns + 7500 * WHEN_NS_PER_S);
	if (!is_up)
		sim_fail("the server does not come up again");
	check_all_served();
	check_file();
	loop_wake();
	serve_end(&prog.serve);
	gone("stopped for the last time");
	simdisk_kill();
	boot();
	if (!is_up)
		sim_fail("the server does not start any more");
	check_file();
}

/* --- more in one turn than replies can wait */

static uint32_t burst_n;		/* replies that have left */
static uint64_t burst_calls;		/* of the disk, when the last one left */

static void
on_burst_reply(int wire, const struct link_reply *r)
{
	(void)wire;
	(void)r;
	burst_n++;
	burst_calls = simdisk_calls();
}

static void
burst_message(uint8_t type, uint16_t client)
{
	uint8_t buf[300];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u32(&w, 0x01010600);
	wr_zero(&w, PROTO_OFF_CHADDR - w.len);
	wr_u32(&w, 0x02000000);
	wr_u16(&w, client);
	wr_zero(&w, PROTO_OFF_OPTIONS - w.len);
	wr_u32(&w, PROTO_COOKIE);
	wr_bytes(&w, (uint8_t[]){ 53, 1, type, 50, 4 }, 5);
	wr_u32(&w, 0x0a0a1000u + client);
	wr_u8(&w, 255);
	shell_frame(0, 0, buf, w.len);
}

/*
 * As many messages in one turn as replies can wait: all are answered at its
 * end.  One more: the others leave at once, what they promise having been
 * written, and it at the end; nothing is lost when the power goes.
 */
static void
burst(uint8_t type)
{
	static const char conf[] = "authoritative; ping-check off;\n"
	    "subnet 10.10.0.0 netmask 255.255.0.0 { range 10.10.16.0 "
	    "10.10.31.255; }\n";
	static const struct shell_hooks burst_hooks = { on_burst_reply,
		answers };
	uint64_t calls;

	used_hooks = &burst_hooks;
	for (uint32_t more = 0; more < 2; more++) {
		gone("not there yet");
		simdisk_reset(1);
		simdisk_write(CONF, conf, sizeof(conf) - 1);
		simdisk_write(LEASES, "", 0);
		burst_n = 0;
		if (!starts())
			sim_fail("no start for a burst");
		loop_wake();
		for (uint16_t i = 0; i < SERVE_REPLIES_MAX; i++)
			burst_message(type, i);
		calls = simdisk_calls();
		if (burst_n != 0)
			sim_fail("%u replies left too early", burst_n);
		if (more > 0)
			burst_message(type, SERVE_REPLIES_MAX);
		if (burst_n != SERVE_REPLIES_MAX * more ||
		    (more > 0 && type == PROTO_MSG_REQUEST &&
		    burst_calls == calls))
			sim_fail("%u replies left before the end", burst_n);
		loop_sleep();
		if (burst_n != SERVE_REPLIES_MAX + more)
			sim_fail("%u replies left", burst_n);
		gone("power is off");
		simdisk_crash();
		if (!starts())
			sim_fail("no start after a burst");
		for (uint32_t i = 0; type == PROTO_MSG_REQUEST &&
		    i < burst_n; i++)
			if (lease_state(lease_by_addr(
			    &prog.serve.gen->table, 0x0a0a1000u + i)) !=
			    LEASE_ACTIVE)
				sim_fail("acknowledgement %u is lost", i);
	}
	gone("end of the burst");
	used_hooks = &hooks;
}

static void
play(void)
{
	if (sim_seed == 1) {
		burst(PROTO_MSG_DISCOVER);
		burst(PROTO_MSG_REQUEST);
	}
	memset(&world, 0, sizeof(world));
	world.promises.nets[0] = net_of(0) >> 8;
	world.promises.nets[1] = net_of(1) >> 8;
	world.promises.nets[2] = net_of(WORLD_RELAY) >> 8;
	asked_i = turns = 0;
	is_turn_set = false;
	gone("not there yet");
	simdisk_reset((unsigned)sim_seed);
	if (sim_chance(50))
		simdisk_write(LEASES, "", 0);
	choose_setup();
	client_begin(4 + sim_below(WORLD_CLIENTS - 3));
	if (sim_chance(70))
		hostile_begin();
	if (sim_chance(80))
		sim_at(0, on_trouble, NULL, NULL, 0);
	boot();
	run_until((1 + sim_below(6)) * 3600 * WHEN_NS_PER_S);
	calm_down();
	gone("end");
}

int
main(int argc, char *argv[])
{
	return sim_main(argc, argv, play, QUICK_N);
}
