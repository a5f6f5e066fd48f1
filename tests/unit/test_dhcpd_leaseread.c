/* SPDX-License-Identifier: ISC */
/* Reading dhcpd.leases: both paths, ISC's complaints, and damage of all kinds. */
#include "dhcpd/leaseread.h"

#include "common/vis.h"
#include "dhcpd/leaselex.h"
#include "dhcpd/leasescan.h"
#include "dhcpd/leasetext.h"
#include "tests/unit/lt.h"

enum { NOW = 1795339200 };

/* What a file gave: blocks reprinted, other statements, complaints. */
struct got {
	char leases[65536];
	char others[8192];
	char log[65536];
	struct wr leases_wr, others_wr, log_wr;
	unsigned leases_n, skips_n;
	struct leaseread r;
};

static const struct opt_def agent_defs[] = {
	{ .name = STR_INIT("circuit-id"), .code = 1, .format = "X" },
	{ .name = STR_INIT("agent-id"), .code = 3, .format = "I" },
};

static const struct opt_def *
agent_by_name(void *ctx, struct str name)
{
	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(agent_defs); i++)
		if (str_eq(name, agent_defs[i].name))
			return &agent_defs[i];
	return NULL;
}

static const struct opt_def *
agent_by_code(void *ctx, uint8_t code)
{
	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(agent_defs); i++)
		if (agent_defs[i].code == code)
			return &agent_defs[i];
	return NULL;
}

/* What the configuration's parser would do. */
static bool
agent_value(void *ctx, struct str text, struct wr *wr)
{
	(void)ctx;
	wr_u32(wr, 0x0a0a0307);
	return str_eq(text, STR("option agent.agent-id 10.10.3.7;"));
}

static bool
on_lease(void *ctx, uint32_t addr, struct lease_data *d,
    enum leaseread_quality quality)
{
	static const struct leasetext_style style = {
		.agent_def = agent_by_code };
	struct got *g = ctx;

	(void)quality;
	leasetext_lease(&g->leases_wr, NULL, addr, d, &style, NOW);
	g->leases_n++;
	return true;
}

static void
on_other(void *ctx, enum leaseread_kind kind, struct str text, uint32_t line)
{
	struct got *g = ctx;

	wr_fmt(&g->others_wr, "%d %u ", (int)kind, line);
	wr_str(&g->others_wr, text);
	wr_str(&g->others_wr, STR("\n"));
}

static void
on_log(void *ctx, int prio, struct str line)
{
	struct got *g = ctx;

	wr_dec(&g->log_wr, (uint64_t)prio);
	wr_str(&g->log_wr, STR(" "));
	wr_str(&g->log_wr, line);
	wr_str(&g->log_wr, STR("\n"));
}

static void
on_skipped(void *ctx, uint32_t line, uint64_t at, size_t len)
{
	struct got *g = ctx;

	(void)line;
	(void)at;
	(void)len;
	g->skips_n++;
}

static bool
is_known(void *ctx, struct str name)
{
	(void)ctx;
	return str_eq(name, STR("c"));
}

static struct got *
read_text(const char *text, size_t len, bool is_careful)
{
	struct got *g = calloc(1, sizeof(*g));
	struct leaseread_sink sink = { .lease = on_lease, .other = on_other,
	    .log = on_log, .skipped = on_skipped,
	    .agent_def = agent_by_name, .agent_value = agent_value,
	    .has_class = is_known, .has_peer = is_known };
	char *copy = t_dup(text, len);

	if (g == NULL)
		abort();
	sink.ctx = g;
	wr_init(&g->leases_wr, g->leases, sizeof(g->leases) - 1);
	wr_init(&g->others_wr, g->others, sizeof(g->others) - 1);
	wr_init(&g->log_wr, g->log, sizeof(g->log) - 1);
	leaseread_init(&g->r, &sink, STR("F"), NOW);
	g->r.is_careful = is_careful;
	ck_assert_msg(leaseread_feed(&g->r, copy, len, true) == len,
	    "all is consumed");
	g->r.sink = NULL;
	free(copy);
	return g;
}

static void
complains(const char *text, const char *want_log, const char *want_leases)
{
	struct got *g = read_text(text, strlen(text), false);

	ck_assert_str_eq(g->log, want_log);
	ck_assert_str_eq(g->leases, want_leases);
	free(g);
}

#define HEAD "lease 10.10.3.110 {\n"
#define TIMES "  starts 0 2026/11/22 09:18:20;\n  ends 0 2026/11/22 09:28:20;\n"
#define TSTP "  tstp 0 2026/11/22 09:28:20;\n"
#define CLTT "  cltt 0 2026/11/22 09:18:20;\n"
#define ACTIVE "  binding state active;\n  next binding state free;\n"
#define MAC "  hardware ethernet 02:00:00:00:bb:01;\n"
#define WHOLE HEAD TIMES TSTP CLTT ACTIVE MAC "}\n"

/* Lists of octets around and far beyond every size a buffer could have. */
START_TEST(long_lists_of_octets)
{
	static const int sizes[] = { 1, 19, 20, 21, 255, 256, 1023, 1024, 1025,
		8191, 8193, 20000 };
	static const char *const heads[] = { "  uid ", "  hardware ethernet ",
		"  option agent.circuit-id ", "  client-hostname " };
	size_t cap = 200 + 3 * 20000;
	char *text = malloc(2 * cap);
	struct got *g;
	size_t n;

	ck_assert_msg(text != NULL, "memory");
	for (size_t k = 0; k < ARRAY_LEN(heads); k++) {
		n = (size_t)snprintf(text, cap, "%s", HEAD TIMES ACTIVE);
		n += (size_t)snprintf(text + n, cap, "%s", heads[k]);
		for (int i = 0; i < sizes[_i]; i++)
			n += (size_t)snprintf(text + n, 5, i > 0 ? ":%x" : "%x",
			    i & 255);
		n += (size_t)snprintf(text + n, cap, ";\n}\n%s",
		    "lease 10.10.3.99 {\n" TIMES ACTIVE MAC "}\n");
		g = read_text(text, n, _i % 2 == 0);
		ck_assert_msg(strstr(g->leases, "lease 10.10.3.99 {") != NULL,
		    "%s of %d: the next lease is lost", heads[k], sizes[_i]);
		free(g);
	}
	free(text);
}
END_TEST

/* Recorded: leases-torn, leases-torn-close, leases-torn-string. */
START_TEST(torn_in_a_keyword)
{
	complains(WHOLE "lease 10.10.3.111 {\n" TIMES "  binding sta",
	    "3 F line 13: expecting 'state'\n"
	    "3   binding sta\n"
	    "3            ^\n"
	    "3 F line 13: unexpected end of file\n"
	    "3   binding sta\n"
	    "3            ^\n"
	    "3 Lease with bogus binding state: 0\n", WHOLE);
}
END_TEST

START_TEST(torn_before_the_brace)
{
	complains("lease 10.10.3.110 {\n" TIMES "  binding state active;\n"
	    MAC,
	    "3 F line 5: unexpected end of file\n"
	    "3 \n"
	    "3 ^\n",
	    HEAD TIMES TSTP "  binding state active;\n" MAC "}\n");
}
END_TEST

START_TEST(torn_in_a_string)
{
	complains(HEAD "  starts 0 2026/11/22 09:18:20;\n"
	    "  ends 0 2026/11/22 09:28:20;\n  uid \"\\001ab",
	    "3 F line 4: eof in string constant\n"
	    "3   uid \"\\001ab\n"
	    "3        ^\n"
	    "3 F line 4: semicolon expected.\n"
	    "3   uid \"\\001ab\n"
	    "3        ^\n"
	    "3 F line 4: unexpected end of file\n"
	    "3   uid \"\\001ab\n"
	    "3        ^\n",
	    HEAD TIMES TSTP "  binding state active;\n"
	    "  next binding state free;\n"
	    "  uid \"\\001ab\";\n}\n");
}
END_TEST

START_TEST(a_bad_statement_costs_no_lease)
{
	complains(HEAD TIMES TSTP CLTT ACTIVE MAC "  frobnicate 12;\n}\n",
	    "3 F line 9: Unexpected configuration directive.\n"
	    "3   frobnicate \n"
	    "3    ^\n"
	    "3 F line 9: possibly corrupt lease file\n"
	    "3   frobnicate 12;\n"
	    "3                 ^\n", WHOLE);
}
END_TEST

START_TEST(garbage_between_blocks_costs_no_lease)
{
	complains(WHOLE "this is garbage;\n" WHOLE "}}}\n" WHOLE,
	    "3 Corrupt lease file - possible data loss!\n"
	    "3 Corrupt lease file - possible data loss!\n",
	    WHOLE WHOLE WHOLE);
}
END_TEST

START_TEST(a_missing_brace_costs_no_lease)
{
	complains(HEAD TIMES TSTP CLTT ACTIVE MAC WHOLE,
	    "3 F line 9: possibly corrupt lease file\n"
	    "3 lease \n"
	    "3  ^\n", WHOLE WHOLE);
}
END_TEST

START_TEST(a_torn_string_does_not_swallow_the_next_lease)
{
	struct got *g;
	static const char text[] = HEAD TIMES "  uid \"abc\n" WHOLE
	    "host a {\n  dynamic;\n  uid \"x\n" WHOLE;

	g = read_text(text, sizeof(text) - 1, false);
	/* The torn one says neither who nor in which state. */
	ck_assert_int_eq((int)g->leases_n, 2);
	ck_assert_msg(strstr(g->leases, WHOLE WHOLE) != NULL, "%s",
	    g->leases);
	free(g);
}
END_TEST

START_TEST(old_forms_are_read)
{
	complains("lease 10.10.3.110 {starts 0 2026/11/22 09:18:20;"
	    "ends epoch 1795339700; # comment\n# another\n"
	    "hardware ethernet 2:0:0:0:BB:1;uid 1:2:a;"
	    "client-hostname old;dynamic-bootp;timestamp 0 2026/11/22 "
	    "09:18:20;}\n",
	    "", HEAD TIMES TSTP ACTIVE "  dynamic-bootp;\n" MAC
	    "  uid \"\\001\\002\\012\";\n"
	    "  client-hostname \"old\";\n}\n");
}
END_TEST

START_TEST(an_agent_option_is_read_by_its_format)
{
	complains(HEAD TIMES TSTP CLTT ACTIVE MAC
	    "  option agent.circuit-id \"p1\";\n"
	    "  option agent.agent-id 10.10.3.7;\n}\n", "",
	    HEAD TIMES TSTP CLTT ACTIVE MAC
	    "  option agent.circuit-id \"p1\";\n"
	    "  option agent.agent-id 10.10.3.7;\n}\n");
}
END_TEST

/* Statements of a lease between its end and its hardware address. */
static const struct {
	const char *text, *log, *as;	/* as: how it is written again */
} statements[] = {
	{ "  binding state active reserved;\n", "3 F line 4: semicolon expected.\n"
	    "3   binding state active reserved;\n"
	    "3                         ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active bootp;\n", "3 F line 4: semicolon expected.\n"
	    "3   binding state active bootp;\n"
	    "3                         ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active bogus;\n", "3 F line 4: semicolon expected.\n"
	    "3   binding state active bogus;\n"
	    "3                         ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  hardware unknown-77 01:02;\n",
	    "3 F line 6: Too many hardware parameters in lease 10.10.3.110\n"
	    "\n"
	    "3   hardware ethernet 02:00:00:00:bb:01;\n"
	    "3                                       ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  hardware unknown-x 01:02;\n",
	    "3 F line 5: expecting a network hardware type\n"
	    "3   hardware unknown-x \n"
	    "3             ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  hardware token-ring 01:02;\n",
	    "3 F line 6: Too many hardware parameters in lease 10.10.3.110\n"
	    "\n"
	    "3   hardware ethernet 02:00:00:00:bb:01;\n"
	    "3                                       ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  hardware ethernet 01:0g;\n",
	    "3 F line 5: expecting numeric value.\n"
	    "3   hardware ethernet 01:0g;\n"
	    "3                         ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  client-hostname \"a\\x41\\t\\101\\q\\\"\";\n",
	    "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  client-hostname a.b;\n", "3 F line 5: semicolon expected.\n"
	    "3   client-hostname a.\n"
	    "3                     ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n"
	    "  client-hostname \"a\";\n" },
	{ "  binding state active;\n  hostname \"h\";\n  domain-name x;\n",
	    "3 F line 5: Unexpected configuration directive.\n"
	    "3   hostname \n"
	    "3    ^\n"
	    "3 F line 5: possibly corrupt lease file\n"
	    "3   hostname \"h\";\n"
	    "3                ^\n"
	    "3 F line 6: Unexpected configuration directive.\n"
	    "3   domain-name \n"
	    "3    ^\n"
	    "3 F line 6: possibly corrupt lease file\n"
	    "3   domain-name x;\n"
	    "3                 ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  set a = \"x\";\n  set n = 5;\n"
	    "  set t = true;\n  set f = false;\n  set h = 1:2:a;\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n"
	    "  set h = \"\\001\\002\\012\";\n"
	    "  set f = false;\n"
	    "  set t = true;\n"
	    "  set n = \"\\005\";\n"
	    "  set a = \"x\";\n" },
	{ "  binding state active;\n  set a \"x\";\n",
	    "3 F line 5: expecting '=' in set statement.\n"
	    "3   set a \"x\"\n"
	    "3          ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  set n = -5;\n  set m = %7;\n",
	    "3 F line 5: expecting numeric value.\n"
	    "3   set n = -5;\n"
	    "3            ^\n"
	    "3 F line 5: expecting a constant value.\n"
	    "3   set n = -5;\n"
	    "3            ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n"
	    "  set m = %7;\n" },
	{ "  binding state active;\n  option agent.circuit-id 1:2;\n"
	    "  option agent.unknown-9 \"x\";\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n"
	    "  option agent.circuit-id 1:2;\n"
	    "  option agent.unknown-9 \"x\";\n" },
	{ "  binding state active;\n  option agent.nosuch 1:2;\n",
	    "3 F line 5: no option named nosuch in space agent\n"
	    "3   option agent.nosuch \n"
	    "3                 ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  option agent 1:2;\n", "3 F line 5: expecting option name\n"
	    "3   option agent 1:\n"
	    "3                ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  option host-name \"x\";\n",
	    "3 F line 5: unknown option host-name\n"
	    "3   option host-name \n"
	    "3           ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  billing class \"c\";\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  billing class \"c\";\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  billing subclass \"c\" 1:2;\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  billing subclass \"c\" 01:02;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  billing nothing;\n", "3 F line 5: expecting string\n"
	    "3   billing nothing;\n"
	    "3            ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  billing class 5;\n", "3 F line 5: expecting string\n"
	    "3   billing class 5;\n"
	    "3                 ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  on expiry { set a = 1; if b { c; } }\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  on expiry or release { set a = 1; }\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  on commit { a; }\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  on nothing { a; }\n",
	    "3 F line 5: expecting expiry or release\n"
	    "3   on nothing \n"
	    "3       ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  on expiry;\n", "3 F line 5: left brace expected.\n"
	    "3   on expiry;\n"
	    "3             ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  next binding state nowhere;\n",
	    "3 F line 5: nowhere: expecting a binding state.\n"
	    "3   next binding state nowhere;\n"
	    "3                       ^\n"
	    "3 F line 5: possibly corrupt lease file\n"
	    "3   next binding state nowhere;\n"
	    "3                              ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  rewind binding state free;\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  rewind binding state free;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  atsfp never;\n  tsfp epoch 7;\n", "",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  tsfp 4 1970/01/01 00:00:07;\n"
	    "  atsfp never;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
	{ "  binding state active;\n  vendor-class-identifier \"PXE\";\n",
	    "3 F line 5: Unexpected configuration directive.\n"
	    "3   vendor-class-identifier \n"
	    "3    ^\n"
	    "3 F line 5: possibly corrupt lease file\n"
	    "3   vendor-class-identifier \"PXE\";\n"
	    "3                                 ^\n",
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:bb:01;\n" },
};

START_TEST(statements_of_a_lease)
{
	char text[2048];
	struct got *g;

	(void)snprintf(text, sizeof(text), HEAD TIMES "%s" MAC "}\n",
	    statements[_i].text);
	g = read_text(text, strlen(text), false);
	ck_assert_str_eq(g->log, statements[_i].log);
	(void)snprintf(text, sizeof(text), HEAD TIMES "%s}\n",
	    statements[_i].as);
	ck_assert_str_eq(g->leases, text);
	free(g);
}
END_TEST

START_TEST(state_words_and_missing_ones)
{
	complains(HEAD TIMES "  abandoned;\n}\n", "", HEAD TIMES TSTP
	    "  binding state abandoned;\n}\n");
	complains(HEAD TIMES "  binding state backup;\n}\n", "",
	    HEAD TIMES TSTP "  binding state free;\n}\n");
	complains(HEAD "  ends 0 2020/11/22 09:28:20;\n}\n", "",
	    HEAD "  ends 0 2020/11/22 09:28:20;\n"
	    "  tstp 0 2020/11/22 09:28:20;\n  binding state free;\n}\n");
}
END_TEST

START_TEST(a_lease_with_a_client_survives_an_unreadable_state_or_end)
{
	struct got *g;
	static const char text[] = HEAD TIMES "  binding state b\001gus;\n"
	    MAC "}\n" "lease 10.10.3.112 {\n  ends 0 2026/xx/22 09:00:00;\n"
	    ACTIVE MAC "}\n";

	g = read_text(text, sizeof(text) - 1, false);
	ck_assert_int_eq((int)g->leases_n, 2);
	ck_assert_msg(strstr(g->leases, HEAD TIMES TSTP
	    "  binding state active;\n") != NULL, "%s", g->leases);
	ck_assert_msg(strstr(g->leases, "lease 10.10.3.112 {\n"
	    "  ends 1 2026/11/23 09:20:00;\n") != NULL, "%s", g->leases);
	free(g);
}
END_TEST

START_TEST(other_statements_come_whole)
{
	static const char text[] = "authoring-byte-order big-endian;\n"
	    "server-duid \"\\000\\001\";\n\n"
	    "host a {\n  dynamic;\n        supersede x = \"}\";\n}\n"
	    "group g1 {\n  dynamic;\n}\n"
	    "subclass \"k\" \"v\" {\n  dynamic;\n}\n"
	    "failover peer \"p\" state {\n  mclt 1800;\n}\n"
	    "ia-na \"x\" {\n  iaaddr ::1 {\n  }\n}\n" WHOLE;
	struct got *g = read_text(text, sizeof(text) - 1, false);

	ck_assert_str_eq(g->others,
	    "3 2 server-duid \"\\000\\001\";\n"
	    "2 4 host a {\n  dynamic;\n        supersede x = \"}\";\n}\n"
	    "1 8 group g1 {\n  dynamic;\n}\n"
	    "0 11 subclass \"k\" \"v\" {\n  dynamic;\n}\n"
	    "4 14 failover peer \"p\" state {\n  mclt 1800;\n}\n"
	    "5 17 ia-na \"x\" {\n  iaaddr ::1 {\n  }\n}\n");
	ck_assert_str_eq(g->log,
	    "3 WARNING: Lease file authored using different byte order, will "
	    "attempt to convert\n"
	    "3 F line 14: unknown failover peer: p\n"
	    "3 failover peer \"p\"\n"
	    "3                ^\n"
	    "3 F line 17: IA_NA is only supported in DHCPv6 mode.\n"
	    "3 ia-na \n"
	    "3  ^\n");
	free(g);
}
END_TEST

/* ---- damage at random ------------------------------------------------------ */

enum { BLOCKS = 12, BLOCK_MAX = 1024 };

struct file {
	char text[BLOCKS * BLOCK_MAX];
	size_t len;
	size_t start[BLOCKS + 1];
};

/* Strings as wicked as clients can make them. */
static const char *const strings[] = {
	"plain", "a\"b\\c", "{ lease }",
	"lease 10.9.9.9 { binding state active; hardware ethernet 0a:0a:0a:0a:0a:0a; }",
	"\n}\nlease 10.9.9.9 {\n  binding state active;\n}\n", "\\", "#;}",
	"\377\000", "x\ny", "host a {", ";}};", "\"",
};

static void
make_file(struct file *f, unsigned *seed)
{
	static const struct leasetext_style style = { .agent_def = agent_by_code };
	struct wr wr;

	wr_init(&wr, f->text, sizeof(f->text));
	for (unsigned k = 0; k < BLOCKS; k++) {
		char vars[256];
		struct wr vars_wr;
		struct lease_var v = { .kind = LEASE_VAR_DATA };
		struct lease_data d = lt_data(LEASE_ACTIVE,
		    (uint8_t)rand_r(seed), (uint32_t)rand_r(seed),
		    (uint32_t)rand_r(seed));

		d.tstp = d.ends;
		if (rand_r(seed) % 2 == 0)
			d.uid = str_of(strings[(unsigned)rand_r(seed) %
			    ARRAY_LEN(strings)]);
		if (rand_r(seed) % 2 == 0)
			d.hostname = str_of(strings[(unsigned)rand_r(seed) %
			    ARRAY_LEN(strings)]);
		v.name = STR("vendor-class-identifier");
		v.data = str_of(strings[(unsigned)rand_r(seed) %
		    ARRAY_LEN(strings)]);
		wr_init(&vars_wr, vars, sizeof(vars));
		lease_var_set(&vars_wr, STR(""), &v);
		if (rand_r(seed) % 2 == 0)
			d.vars = wr_as_str(&vars_wr);
		f->start[k] = wr.len;
		leasetext_lease(&wr, NULL, lt_ip("10.10.3.100") + k, &d,
		    &style, NOW);
	}
	ck_assert_msg(wr_ok(&wr), "room");
	f->len = wr.len;
	f->start[BLOCKS] = f->len;
}

/* Is block k among the leases that came back, byte for byte? */
static void
has_block(const struct got *g, const struct file *f, unsigned k)
{
	char block[BLOCK_MAX];
	size_t len = f->start[k + 1] - f->start[k];

	memcpy(block, f->text + f->start[k], len);
	block[len] = '\0';
	ck_assert_msg(strstr(g->leases, block) != NULL, "lost:\n%s", block);
}

static void
has_no_spoof(const struct got *g)
{
	ck_assert_msg(strncmp(g->leases, "lease 10.9.9.9", 14) != 0 &&
	    strstr(g->leases, "\nlease 10.9.9.9") == NULL,
	    "text of a client became a lease:\n%s", g->leases);
}

START_TEST(both_paths_read_the_same)
{
	unsigned seed = (unsigned)_i + 1;
	struct file f;
	struct got *fast, *slow;

	make_file(&f, &seed);
	fast = read_text(f.text, f.len, false);
	slow = read_text(f.text, f.len, true);
	ck_assert_str_eq(fast->leases, slow->leases);
	ck_assert_msg(fast->leases_wr.len == f.len &&
	    memcmp(fast->leases, f.text, f.len) == 0, "as printed");
	ck_assert_str_eq(slow->log, "");
	ck_assert_int_eq((int)fast->r.line, (int)slow->r.line);
	free(fast);
	free(slow);
}
END_TEST

START_TEST(a_cut_anywhere_loses_no_whole_block)
{
	unsigned seed = 7;
	struct file f;

	make_file(&f, &seed);
	for (size_t cut = (size_t)_i; cut < f.len; cut += 8) {
		struct got *g = read_text(f.text, cut, false);

		for (unsigned k = 0; k < BLOCKS; k++)
			if (f.start[k + 1] <= cut)
				has_block(g, &f, k);
		has_no_spoof(g);
		free(g);
	}
}
END_TEST

START_TEST(garbage_anywhere_loses_no_whole_block)
{
	static const char filler[] = "\0\0{}\"\";;\n#a\\ lease host";
	unsigned seed = (unsigned)_i + 1000;

	for (int round = 0; round < 60; round++) {
		struct file f;
		struct got *g;
		size_t at, len;

		make_file(&f, &seed);
		at = (size_t)rand_r(&seed) % f.len;
		len = (size_t)rand_r(&seed) % 400;
		if (len > f.len - at)
			len = f.len - at;
		for (size_t k = 0; k < len; k++)
			f.text[at + k] = round % 3 == 0 ? '\0' : filler[
			    (unsigned)rand_r(&seed) % (sizeof(filler) - 1)];
		g = read_text(f.text, f.len, round % 2 == 0);
		for (unsigned k = 0; k < BLOCKS; k++)
			if (f.start[k + 1] <= at || (f.start[k] >= at + len &&
			    f.text[f.start[k] - 1] == '\n'))
				has_block(g, &f, k);
		free(g);
	}
}
END_TEST

START_TEST(a_piece_taken_out_loses_no_whole_block)
{
	unsigned seed = (unsigned)_i + 2000;

	for (int round = 0; round < 60; round++) {
		struct file f;
		struct got *g;
		size_t at, len, from;
		unsigned k;

		make_file(&f, &seed);
		at = (size_t)rand_r(&seed) % f.len;
		/* What follows begins a line again, as after a torn write. */
		k = (unsigned)rand_r(&seed) % BLOCKS;
		from = f.start[k];
		if (from < at)
			continue;
		len = f.len - from;
		memmove(f.text + at + 1, f.text + from, len);
		f.text[at] = '\n';
		g = read_text(f.text, at + 1 + len, false);
		has_no_spoof(g);
		for (unsigned b = 0; b < BLOCKS; b++)
			ck_assert_msg(b >= k || f.start[b + 1] > at ||
			    g->leases_n > 0, "something is there");
		ck_assert_msg(g->leases_n >= BLOCKS - k, "%u of %u",
		    g->leases_n, BLOCKS - k);
		free(g);
	}
}
END_TEST

START_TEST(every_byte_flipped_is_survived)
{
	unsigned seed = 11;
	struct file f;

	make_file(&f, &seed);
	for (size_t k = (size_t)_i; k < f.len; k += 16) {
		struct got *g;

		f.text[k] ^= (char)(1 << (k % 8));
		g = read_text(f.text, f.len, false);
		ck_assert_msg(g->leases_n >= BLOCKS - 2, "%u left",
		    g->leases_n);
		free(g);
		f.text[k] ^= (char)(1 << (k % 8));
	}
}
END_TEST

START_TEST(pieces_of_a_stream_give_the_same)
{
	unsigned seed = 5;
	struct file f;
	size_t at = 0, end = 0;
	struct got *g = calloc(1, sizeof(*g)), *whole;
	struct leaseread_sink sink = { .lease = on_lease, .other = on_other,
	    .log = on_log, .agent_def = agent_by_name, .agent_value = agent_value };

	sink.ctx = g;
	make_file(&f, &seed);
	wr_init(&g->leases_wr, g->leases, sizeof(g->leases) - 1);
	wr_init(&g->others_wr, g->others, sizeof(g->others) - 1);
	wr_init(&g->log_wr, g->log, sizeof(g->log) - 1);
	leaseread_init(&g->r, &sink, STR("F"), NOW);
	while (at < f.len) {
		end += 1 + (size_t)rand_r(&seed) % 700;
		if (end > f.len)
			end = f.len;
		at += leaseread_feed(&g->r, f.text + at, end - at,
		    end == f.len);
	}
	whole = read_text(f.text, f.len, false);
	ck_assert_str_eq(g->leases, whole->leases);
	free(whole);
	free(g);
}
END_TEST

/* What old versions and odd files have: the complaint, the line that is kept. */
static const struct {
	const char *body, *log, *kept;
} bodies[] = {
	{ "binding state reserved;", "", "  reserved;" },
	{ "binding state bootp;", "", "  dynamic-bootp;" },
	{ "client-hostname \"a", "6: eof in string constant", "  client-hostname \"a\";" },
	{ "ddns-fwd-name \"a.b\"; ddns-rev-name w; client-hostname w;", "",
	    "  client-hostname \"w\";" },
	{ "ddns-fwd-name \"a", "6: eof in string constant", "" },
	{ "ddns-fwd-name", "", "" },
	{ "billing class c;", "6: expecting string", "" },
	{ "billing class \"gone\";", "6: unknown class gone", "" },
	{ "billing subclass \"gone\" \"v\";", "6: unknown class gone", "" },
	{ "billing subclass \"c\" zz;", "6: expecting numeric value.", "" },
	{ "billing subclass \"c\"", "", "" },
	{ "set name = %x;", "6: expecting a constant value.", "" },
	{ "set name = %", "7: expecting a constant value.", "" },
	{ "set name = %-7;", "", "  set name = %-7;" },
	{ "option agent.unknown-x 1;", "6: no option named unknown-x in space agent", "" },
	{ "option agent.unknown-300 1;", "6: no option named unknown-300 in space agent", "" },
	{ "option agent.unknown-9 1:2;", "", "  option agent.unknown-9 1:2;" },
	{ "option agent.", "7: expecting option name", "" },
	{ "option", "", "" },
	{ "option agent.agent-id 10.10.3.8;", "", "" },
	{ "on expiry", "7: left brace expected.", "" },
	{ "on expiry or", "", "" },
	{ "starts epoch x;", "6: Seconds since epoch expected.", "" },
	{ "uid \"\\xg\\x4\\x4A\\q\";", "", "  uid \"xg\\004Jq\";" },
};

START_TEST(odd_bodies)
{
	static const char plain[] = HEAD TIMES TSTP "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:00:01;\n}\n";
	char text[512];
	struct got *g;

	for (int is_careful = 0; is_careful < 2; is_careful++) {
		(void)snprintf(text, sizeof(text), HEAD TIMES "  binding state active;\n"
		    "  hardware ethernet 02:00:00:00:00:01;\n  %s\n}\n", bodies[_i].body);
		g = read_text(text, strlen(text), is_careful);
		(void)snprintf(text, sizeof(text), "3 F line %s\n", bodies[_i].log);
		ck_assert_msg(bodies[_i].log[0] ? strstr(g->log, text) == g->log :
		    g->log[0] == '\0', "%s", g->log);
		ck_assert_msg(bodies[_i].kept[0] ? strstr(g->leases, bodies[_i].kept) != NULL :
		    strlen(g->leases) == strlen(plain), "%s", g->leases);
		ck_assert_int_eq((int)g->leases_n, 1);
		free(g);
	}
}
END_TEST

T_MAIN("dhcpd_leaseread")
{
	T_LOOP(statements_of_a_lease, 0,
	    (int)(sizeof(statements) / sizeof(statements[0])));
	T_LOOP(long_lists_of_octets, 0, 12);
	T_ADD(torn_in_a_keyword);
	T_ADD(torn_before_the_brace);
	T_ADD(torn_in_a_string);
	T_ADD(a_bad_statement_costs_no_lease);
	T_ADD(garbage_between_blocks_costs_no_lease);
	T_ADD(a_missing_brace_costs_no_lease);
	T_ADD(a_torn_string_does_not_swallow_the_next_lease);
	T_ADD(old_forms_are_read);
	T_ADD(an_agent_option_is_read_by_its_format);
	T_ADD(state_words_and_missing_ones);
	T_ADD(a_lease_with_a_client_survives_an_unreadable_state_or_end);
	T_ADD(other_statements_come_whole);
	T_LOOP(both_paths_read_the_same, 0, 50);
	T_LOOP(a_cut_anywhere_loses_no_whole_block, 0, 8);
	T_LOOP(garbage_anywhere_loses_no_whole_block, 0, 20);
	T_LOOP(a_piece_taken_out_loses_no_whole_block, 0, 20);
	T_LOOP(every_byte_flipped_is_survived, 0, 16);
	T_ADD(pieces_of_a_stream_give_the_same);
	T_LOOP(odd_bodies, 0, (int)ARRAY_LEN(bodies));
}
