/* SPDX-License-Identifier: ISC */
/*
 * Memory that ends anywhere, at every place where it can: a configuration is
 * refused with a message, a packet dropped or answered as ever, nothing is half.
 * The linker sends every allocation from an arena through here.
 */
#include "dhcpd/leaseread.h"
#include "dhcpd/reply.h"
#include "tests/unit/dhcpd_ask.h"

static const char conf[] =
    "lease-file-name \"l\"; pid-file-name \"p\"; omapi-key k;\n"
    "authoritative; ping-check off; default-lease-time 600; ddns-update-style none;\n"
    "option space V; option V.a code 1 = text; option V.b code 2 = array of ip-address;\n"
    "option S code 200 = { integer 8, text }; option local code 201 = encapsulate V;\n"
    "key k { algorithm hmac-md5; secret \"aaaa\"; }\n"
    "zone a.de. { primary 10.0.0.1; key k; }\n"
    "define fun(a1, b1) { if a1 = b1 { return concat(a1, \"x\"); } else { return b1; } }\n"
    "class \"lim\" { spawn with option host-name; lease limit 3; }\n"
    "class \"sub\" { match option dhcp-client-identifier; option domain-name \"s\"; }\n"
    "subclass \"sub\" \"abc\" { option root-path \"/r\"; }\n"
    "class \"m\" { match if substring(option vendor-class-identifier, 0, 3) = \"PXE\";\n"
    "  vendor-option-space V; option V.a \"v\"; option V.b 10.0.0.1, 10.0.0.2; }\n"
    "shared-network w {\n"
    " subnet 10.10.3.0 netmask 255.255.255.0 {\n"
    "  pool { range 10.10.3.100 10.10.3.110; allow members of \"m\"; deny unknown-clients; }\n"
    "  pool { range 10.10.3.120 10.10.3.130; max-lease-time 900; }\n"
    "  option routers 10.10.3.1, 10.10.3.2; option domain-search \"a.de\", \"b.a.de\";\n"
    "  option domain-name-servers known.example; append domain-search \"c.d\";\n"
    "  option domain-name \"y\"; prepend domain-name \"x\"; execute(\"x\", \"y\");\n"
    "  option log-servers = encode-int(7, 32); option swap-server = reverse(1, 1:2:3:4);\n"
    "  set seen = concat(\"n\", fun(\"q\", \"q\")); set number = 4; set truth = known;\n"
    "  on commit { log(info, concat(\"c \", seen)); set done = pick-first-value(option\n"
    "   host-name, binary-to-ascii(16, 8, \":\", hardware)); }\n"
    "  on release { log(info, \"bye\"); } on expiry { log(info, \"late\"); }\n"
    "  switch (extract-int(option dhcp-message-type, 8)) { case 1: option time-offset 7; break;\n"
    "   default: option time-offset 8; }\n"
    "  if option host-name ~= \"^p.*\" { filename \"p\"; } elsif exists user-class {\n"
    "   filename \"u\"; } else { filename = concat(\"/x/\", lcase(\"ABC\")); } } }\n"
    "subnet 10.11.0.0 netmask 255.255.0.0 { range 10.11.0.1; range dynamic-bootp 10.11.0.3;\n"
    " log(info, \"a\\\"b\"); } group g { } option unknown-250 1:2;\n"
    "on commit { option time-servers 10.0.0.1, 10.0.0.2; execute(\"y\"); }\n"
    "class \"add\" { add \"m\"; fun(\"a\", \"b\"); }\n"
    "group { next-server 10.10.3.9; use-host-decl-names on;\n"
    " host a { hardware ethernet 02:00:00:00:aa:01; fixed-address 10.10.3.50, known.example; }\n"
    " host b { option dhcp-client-identifier \"abc\"; server-name \"s\"; }\n"
    " host c { host-identifier option host-name \"pc\"; } }\n"
    "failover peer \"f\" { primary; address 10.10.3.1; port 647; peer address 10.10.3.2;\n"
    " peer port 647; mclt 3600; split 128; max-response-delay 60; max-unacked-updates 10;\n"
    " load balance max seconds 3; }\n";
static char with_include[sizeof(conf) + 64];

static int
two(void *ctx, struct str path, struct str *ret)
{
	(void)ctx;
	*ret = str_eq(path, STR("dhcpd.two")) ? STR("min-lease-time 60;\n") :
	    str_of(with_include);
	return 0;
}

/* Which allocation fails, and whether those behind it do; 0: none. */
static struct {
	unsigned n, at;
	bool is_once;
	const struct arena *spared;
} memory;

static void
memory_fails(unsigned at, bool is_once)
{
	memory.n = 0;
	memory.at = at;
	memory.is_once = is_once;
}

static bool
ends(struct arena *a)
{
	bool is_end;

	if (a == memory.spared)
		return false;
	memory.n++;
	is_end = memory.n == memory.at || (memory.at && !memory.is_once && memory.n > memory.at);
	a->full = a->full || is_end;
	return is_end;
}

void *__real_arena_alloc(struct arena *a, size_t size, size_t align);
void *__wrap_arena_alloc(struct arena *a, size_t size, size_t align);
void *__real_arena_zalloc(struct arena *a, size_t n, size_t size, size_t align);
void *__wrap_arena_zalloc(struct arena *a, size_t n, size_t size, size_t align);
void *__real_arena_dup(struct arena *a, const void *p, size_t len);
void *__wrap_arena_dup(struct arena *a, const void *p, size_t len);
bool __real_arena_str(struct arena *a, struct str s, struct str *ret);
bool __wrap_arena_str(struct arena *a, struct str s, struct str *ret);

void *
__wrap_arena_alloc(struct arena *a, size_t size, size_t align)
{
	return ends(a) ? NULL : __real_arena_alloc(a, size, align);
}

void *
__wrap_arena_zalloc(struct arena *a, size_t n, size_t size, size_t align)
{
	return ends(a) ? NULL : __real_arena_zalloc(a, n, size, align);
}

void *
__wrap_arena_dup(struct arena *a, const void *p, size_t len)
{
	return ends(a) ? NULL : __real_arena_dup(a, p, len);
}

bool
__wrap_arena_str(struct arena *a, struct str s, struct str *ret)
{
	return !ends(a) && __real_arena_str(a, s, ret);
}

static enum conf_result
load(struct conf *ret, struct msgs *msgs)
{
	static uint8_t mem[4 << 20], said_mem[1 << 16];
	static struct arena arena, said;
	struct src_loader loader = { NULL, two, dworld_leave };
	static const struct expr_ops none;
	static struct expr_log log;
	static struct optset set;
	struct conf_load_opts opts;
	struct expr_env env;

	memset(&opts, 0, sizeof(opts));
	opts.path = STR("dhcpd.conf");
	opts.loader = &loader;
	arena_init(&said, said_mem, sizeof(said_mem));
	memory.spared = &said;
	msgs_init(msgs, &said);
	arena_init(&arena, mem, sizeof(mem));
	if (conf_load(ret, &arena, &opts, msgs) != CONF_OK)
		return CONF_BAD;
	memset(&env, 0, sizeof(env));
	memset(&log, 0, sizeof(log));
	optset_init(&set);
	env.scratch = &arena;
	env.u = &ret->u;
	env.out = &set;
	env.vars = &(struct expr_vars){ NULL, NULL };
	env.log = &log;
	env.ops = &none;
	return conf_start(ret, &env, msgs);
}

START_TEST(a_configuration_is_refused)
{
	static struct conf c;
	struct msgs msgs;
	enum conf_result r = CONF_BAD;

	(void)snprintf(with_include, sizeof(with_include),
	    "%s include \"dhcpd.two\";\n", conf);
	memory_fails(0, false);
	if (load(&c, &msgs) != CONF_OK)
		ck_abort_msg("%.*s", STR_ARG(msgs.first->text));
	conf_free(&c);
	ck_assert_msg(memory.n > 200, "%u allocations", memory.n);
	for (unsigned at = 1; r != CONF_OK; at++) {
		memory_fails(at, _i);
		r = load(&c, &msgs);
		conf_free(&c);
		ck_assert_msg(r == CONF_OK ? memory.n < at : msgs.first != NULL,
		    "allocation %u: %s", at, r == CONF_OK ? "accepted" : "nothing said");
	}
}
END_TEST

static const struct ask asks[] = {
	{ .type = PROTO_MSG_DISCOVER, .mac = 1, .more = "370c0103060c0f112a2b4377cac8" },
	{ .type = PROTO_MSG_DISCOVER, .mac = 2, .uid = "abc", .host = "pc" },
	{ .type = PROTO_MSG_DISCOVER, .mac = 5, .host = "a",
	    .more = "0c0162 510a 050000 03666f6f 016200" },
	{ .type = PROTO_MSG_REQUEST, .mac = 3, .want = 0x0a0a0378, .host = "pd",
	    .more = "3c03505845 3705 2b01030677" },
	{ .type = PROTO_MSG_REQUEST, .mac = 3, .want = 0x0a0a0378, .host = "pd",
	    .more = "3c03505845 3705 2b01030677 5205 0103616263" },
	{ .type = PROTO_MSG_DISCOVER, .mac = 6, .giaddr = 0x0a0b0001, .host = "z" },
	{ .type = PROTO_MSG_REQUEST, .mac = 6, .giaddr = 0x0a0b0001, .want = 0x0a0b0001 },
	{ .type = PROTO_MSG_INFORM, .mac = 4, .ciaddr = 0x0a0a0305 },
	{ .type = PROTO_MSG_DECLINE, .mac = 3, .want = 0x0a0a0378 },
	{ .type = PROTO_MSG_RELEASE, .mac = 3, .ciaddr = 0x0a0a0378 },
	{ .type = PROTO_MSG_BOOTP, .mac = 1 },
};

START_TEST(a_packet_is_dropped_or_answered_as_ever)
{
	static uint8_t want[REPLY_LEN_MAX];
	size_t want_len = 0, dropped = 0;
	enum decide_verdict full, v;
	bool is_once = (size_t)_i >= ARRAY_LEN(asks);
	const struct ask *ask = &asks[(size_t)_i % ARRAY_LEN(asks)];
	struct dworld_image fresh;
	struct dworld *w;

	/* what the answer is: each time from an empty table */
	memory_fails(0, false);
	w = dworld_new(conf);
	dworld_save(w, &fresh);
	full = tell(w, ask);
	if (full == DECIDE_REPLY) {
		want_len = w->out.reply.payload.len;
		memcpy(want, w->out.reply.payload.p, want_len);
	}
	for (unsigned at = 1; memory.n >= at - 1; at++) {
		dworld_restore(w, &fresh);
		memory_fails(at, is_once);
		v = tell(w, ask);
		memory.at = 0;
		if (v == DECIDE_DROP && full != DECIDE_DROP)
			dropped++;
		else if (v == DECIDE_REPLY)
			t_mem_eq(w->out.reply.payload.p,
			    w->out.reply.payload.len, want, want_len);
	}
	ck_assert_msg(full == DECIDE_DROP || dropped > 0, "never full");
	dworld_image_free(&fresh);
	dworld_free(w);
}
END_TEST

START_TEST(a_generation_is_refused)
{
	struct dworld *w;
	bool ok = false;

	memory_fails(0, false);
	w = dworld_new(conf);
	for (unsigned at = 1; !ok; at++) {
		memory_fails(at, false);
		ok = decide_use(&w->d, &w->conf, &w->table, &w->tmp);
		ck_assert_msg(ok == (memory.n < at), "allocation %u", at);
	}
	ck_assert_msg(memory.n >= 4, "%u allocations", memory.n);
	dworld_free(w);
}
END_TEST

static bool
no_room(void *ctx, uint32_t addr, struct lease_data *d, enum leaseread_quality quality)
{
	(void)ctx;
	(void)addr;
	(void)d;
	(void)quality;
	return false;
}

static void
no_log(void *ctx, int prio, struct str line)
{
	(void)ctx;
	(void)prio;
	(void)line;
}

/* A leases file, read with and without care, into a table without room. */
START_TEST(reading_stops_without_room)
{
	static const char text[] = "lease 10.10.3.110 {\n  starts 0 2026/11/22 09:18:20;\n"
	    "  ends 0 2026/11/22 09:28:20;\n  binding state active;\n}\n"
	    "lease 10.10.3.111 {\n  binding state free;\n}\n";
	struct leaseread_sink sink = { .lease = no_room, .log = no_log };
	static struct leaseread r;

	leaseread_init(&r, &sink, STR("F"), 1795339200);
	r.is_careful = _i;
	(void)!leaseread_feed(&r, text, sizeof(text) - 1, true);
	ck_assert_msg(r.is_stopped && r.leases_n == 0, "stopped");
}
END_TEST

T_MAIN("dhcpd_memory") {
	T_LOOP(reading_stops_without_room, 0, 2);
	T_ADD(a_generation_is_refused);
	T_LOOP(a_configuration_is_refused, 0, 2);
	T_LOOP(a_packet_is_dropped_or_answered_as_ever, 0, 2 * (int)ARRAY_LEN(asks));
}
