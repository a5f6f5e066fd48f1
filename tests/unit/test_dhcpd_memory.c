/* SPDX-License-Identifier: ISC */
/*
 * Memory that ends anywhere, at every place where it can: a configuration is
 * refused with a message, a packet dropped or answered as ever, nothing is half.
 */
#include "dhcpd/reply.h"
#include "tests/unit/dhcpd_ask.h"

static const char conf[] =
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
    "  option domain-name-servers known.example;\n"
    "  set seen = concat(\"n\", fun(\"q\", \"q\")); set number = 4; set truth = known;\n"
    "  on commit { log(info, concat(\"c \", seen)); set done = pick-first-value(option\n"
    "   host-name, binary-to-ascii(16, 8, \":\", hardware)); }\n"
    "  on release { log(info, \"bye\"); } on expiry { log(info, \"late\"); }\n"
    "  switch (extract-int(option dhcp-message-type, 8)) { case 1: option time-offset 7; break;\n"
    "   default: option time-offset 8; }\n"
    "  if option host-name ~= \"^p.*\" { filename \"p\"; } elsif exists user-class {\n"
    "   filename \"u\"; } else { filename = concat(\"/x/\", lcase(\"ABC\")); } } }\n"
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

static enum conf_result
load(uint8_t *mem, size_t size, struct conf *ret, struct msgs *msgs)
{
	static struct arena arena, said;
	static uint8_t said_mem[1 << 16];
	struct src_loader loader = { NULL, two, dworld_leave };
	struct conf_load_opts opts;

	memset(&opts, 0, sizeof(opts));
	opts.path = STR("dhcpd.conf");
	opts.loader = &loader;
	arena_init(&said, said_mem, sizeof(said_mem));
	msgs_init(msgs, &said);
	arena_init(&arena, mem, size);
	return conf_load(ret, &arena, &opts, msgs);
}

START_TEST(a_configuration_is_refused)
{
	static struct conf c;
	struct msgs msgs;
	size_t need = (size_t)4 << 20, refused = 0;
	uint8_t *mem = malloc(need);

	ck_assert_msg(mem != NULL, "malloc");
	(void)snprintf(with_include, sizeof(with_include),
	    "%s include \"dhcpd.two\";\n", conf);
	if (load(mem, need, &c, &msgs) != CONF_OK)
		ck_abort_msg("%.*s", STR_ARG(msgs.first->text));
	conf_free(&c);
	for (size_t size = 1; size < need; size += 53) {
		enum conf_result r = load(mem, size, &c, &msgs);

		conf_free(&c);
		if (r == CONF_OK)
			break;
		refused++;
		ck_assert_msg(msgs.first != NULL, "%zu: nothing said", size);
	}
	ck_assert_msg(refused > 100, "%zu refused", refused);
	free(mem);
}
END_TEST

static const struct ask asks[] = {
	{ .type = PROTO_MSG_DISCOVER, .mac = 1, .more = "370c0103060c0f112a2b4377cac8" },
	{ .type = PROTO_MSG_DISCOVER, .mac = 2, .uid = "abc", .host = "pc" },
	{ .type = PROTO_MSG_REQUEST, .mac = 3, .want = 0x0a0a0378, .host = "pd",
	    .more = "3c03505845 3705 2b01030677" },
	{ .type = PROTO_MSG_REQUEST, .mac = 3, .want = 0x0a0a0378, .host = "pd",
	    .more = "3c03505845 3705 2b01030677 5205 0103616263" },
	{ .type = PROTO_MSG_INFORM, .mac = 4, .ciaddr = 0x0a0a0305 },
	{ .type = PROTO_MSG_DECLINE, .mac = 3, .want = 0x0a0a0378 },
	{ .type = PROTO_MSG_RELEASE, .mac = 3, .ciaddr = 0x0a0a0378 },
	{ .type = PROTO_MSG_BOOTP, .mac = 1 },
};

START_TEST(a_packet_is_dropped_or_answered_as_ever)
{
	static uint8_t want[REPLY_LEN_MAX];
	struct dworld *w;
	size_t cap, want_len = 0, dropped = 0, need;
	enum decide_verdict full;

	/* what the answer is: each time from an empty table */
	w = dworld_new(conf);
	cap = w->scratch.cap;
	full = tell(w, &asks[_i]);
	if (full == DECIDE_REPLY) {
		want_len = w->out.reply.payload.len;
		memcpy(want, w->out.reply.payload.p, want_len);
	}
	need = w->scratch.len + w->keep.len;
	dworld_free(w);
	for (size_t size = 1; size < need + 256; size += need / 150 + 1) {
		enum decide_verdict v;

		w = dworld_new(conf);
		w->scratch.cap = size;
		v = tell(w, &asks[_i]);
		w->scratch.cap = cap;
		if (v == DECIDE_DROP && full != DECIDE_DROP)
			dropped++;
		else if (v == DECIDE_REPLY)
			t_mem_eq(w->out.reply.payload.p,
			    w->out.reply.payload.len, want, want_len);
		dworld_free(w);
	}
	ck_assert_msg(full == DECIDE_DROP || dropped > 0, "never full");
}
END_TEST

T_MAIN("dhcpd_memory") {
	T_ADD(a_configuration_is_refused);
	T_LOOP(a_packet_is_dropped_or_answered_as_ever, 0, (int)ARRAY_LEN(asks));
}
