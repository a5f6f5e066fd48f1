/* SPDX-License-Identifier: ISC */
/*
 * Evaluation: every function with values and with null, and the traps of the
 * language.  What a row expects is what ISC dhcpd 4.4.3-P1 logs.
 */
#include "dhcpd/opttab.h"
#include "tests/unit/conftext.h"

/* SHOW(x): log x in hexadecimal, or "null". */
#define SHOW(x) "log(info, pick(binary-to-ascii(16, 8, \":\", " x "), \"null\"));"
#define NUM(x) "log(info, pick(binary-to-ascii(10, 32, \"\", encode-int(" x ", 32)), \"null\"));"
#define TRUTH(x) "if (" x ") { log(info, \"T\"); } else { log(info, \"F\"); }"

static const struct row {
	const char *text, *want;
} rows[] = {
	/* literals */
	{ SHOW("\"aB\\x01\\101\\n\""), "61:42:1:41:a" },
	{ SHOW("01:ab:0ff"), "1:ab:ff" },
	{ SHOW("7"), "7" },
	{ SHOW("null"), "null" },
	{ SHOW("\"\""), "" },
	/* the packet and the reply */
	{ SHOW("option host-name"), "61:62:63" },
	{ SHOW("option domain-name"), "null" },
	{ SHOW("option agent.circuit-id"), "65:74:68:30" },
	{ SHOW("option agent.remote-id"), "0:1:2:3" },
	{ SHOW("option fqdn.hostname"), "66:6f:6f" },
	{ SHOW("option fqdn.domainname"), "62:61:72:2e:64:65" },
	{ SHOW("option fqdn.fqdn"), "66:6f:6f:2e:62:61:72:2e:64:65" },
	{ SHOW("option dhcp.unknown-61"), "1:2:3|" },
	{ "option domain-name \"x\";" SHOW("config-option domain-name"), "78" },
	{ "option subnet-mask two.example.net; option routers 10.0.0.9, two.example.net;"
	  SHOW("config-option subnet-mask") SHOW("config-option routers"),
	    "a:0:0:1|a:0:0:9:a:0:0:1:a:0:0:2" },
	{ "max-lease-time 300;" SHOW("config-option server.max-lease-time"), "0:0:1:2c" },
	{ SHOW("hardware"), "1:0:11:22:33:44:55" },
	{ SHOW("packet(0, 3)") SHOW("packet(4, 100)") SHOW("packet(9, 1)"),
	    "1:1:6|7a:78:69:64|null" },
	{ SHOW("leased-address"), "a:0:0:5" },
	{ "log(info, host-decl-name); log(info, filename);" SHOW("server-name"),
	    "decl|boot.img|null" },
	/* the server and names */
	{ "log(info, gethostname());", "server" },
	{ SHOW("gethostbyname(\"two.example.net\")"), "a:0:0:1:a:0:0:2" },
	{ SHOW("gethostbyname(\"nosuch.example.net\")"),
	    "nosuch.example.net: host unknown.|null" },
	{ SHOW("v6relay(0, option host-name)") SHOW("v6relay(1, option host-name)")
	  SHOW("v6relay(33, \"x\")"), "61:62:63|null|null" },
	/* parts */
	{ "log(info, substring(\"abcdef\", 2, 3)); log(info, substring(\"abc\", 1, 9));",
	    "cde|bc" },
	{ SHOW("substring(\"abc\", 5, 1)"), "" },
	{ SHOW("substring(\"abc\", -1, 2)"), "" },
	{ "log(info, substring(\"abc\", 1, -1));", "bc" },
	{ SHOW("substring(null, 0, 1)"), "null" },
	{ "log(info, suffix(\"abc\", 2)); log(info, suffix(\"abc\", 9));", "bc|abc" },
	{ "log(info, lcase(\"AbZ9\")); log(info, ucase(\"aBz9\"));", "abz9|ABZ9" },
	{ "log(info, concat(\"a\", \"b\", \"c\"));" SHOW("concat(\"a\", null)"), "abc|null" },
	{ "log(info, pick(null, \"x\", \"y\"));" SHOW("pick(null)"), "x|null" },
	{ "log(info, pick-first-value(option domain-name, \"d\"));", "d" },
	{ SHOW("reverse(1, 01:02:03)") SHOW("reverse(2, 01:02:03:04)"), "3:2:1|3:4:1:2" },
	{ SHOW("reverse(2, 01:02:03)"),
	    "reverse: length of buffer 3 not a multiple of width 2!|null" },
	/* binary-to-ascii */
	{ "log(info, binary-to-ascii(10, 8, \".\", 10:00:ff));", "16.0.255" },
	{ "log(info, binary-to-ascii(16, 16, \"-\", 00:0a:ff:ff));", "a-ffff" },
	{ "log(info, binary-to-ascii(2, 8, \",\", 05:00));", "101,0" },
	{ "log(info, binary-to-ascii(10, 32, \"\", 7f:ff:ff:ff));", "02147483647" },
	{ "log(info, binary-to-ascii(10, 32, \"\", 54:0b:e3:ff));", "1410065407" },
	{ "log(info, binary-to-ascii(8, 32, \"\", ff:ff:ff:ff));", "37777777777" },
	{ "log(info, binary-to-ascii(17, 8, \",\", 01:02));", "," },
	{ SHOW("binary-to-ascii(10, 24, \"\", 01:02:03)"),
	    "binary_to_ascii: invalid width 24!|null" },
	{ SHOW("binary-to-ascii(10, 16, \"\", 01:02:03)"),
	    "binary-to-ascii: length of buffer 3 not a multiple of width 2!|null" },
	{ SHOW("binary-to-ascii(0, 8, \"\", 01)"), "null" },
	/* integers */
	{ SHOW("encode-int(258, 16)") SHOW("encode-int(258, 8)") SHOW("encode-int(1, 32)"),
	    "1:2|2|0:0:0:1" },
	{ NUM("extract-int(01:02:03:04, 16)") NUM("extract-int(ff, 8)"), "258|255" },
	{ NUM("extract-int(01, 16)"), "null" },
	{ NUM("lease-time"), "600" },
	{ NUM("client-state"), "null" },
	{ NUM("2 + 3 * 4") NUM("3 * 4 + 2") NUM("1 + 6 & 3"), "20|18|3" },
	{ NUM("7 / 2") NUM("7 % 4") NUM("6 | 1") NUM("6 ^ 3") NUM("5 + -3"), "3|3|7|5|2" },
	{ NUM("1 / 0") NUM("1 % 0"), "null|null" },
	{ NUM("noerror") NUM("formerr") NUM("servfail") NUM("nxdomain") NUM("notimp")
	  NUM("refused") NUM("yxdomain") NUM("yxrrset") NUM("nxrrset") NUM("notauth")
	  NUM("notzone"), "0|1|393230|393231|27|393233|393234|393235|393236|393237|393238" },
	{ NUM("booting") NUM("reboot") NUM("select") NUM("request") NUM("bound") NUM("renew")
	  NUM("rebind"), "2|1|3|4|5|6|7" },
	/* booleans */
	{ TRUTH("exists host-name") TRUTH("exists domain-name"), "T|F" },
	{ TRUTH("known") TRUTH("static") TRUTH("not static"), "T|F|T" },
	{ TRUTH("check \"default\""), "T" },
	{ "set val = \"x\";" TRUTH("defined(val)") TRUTH("defined(other)"), "T|F" },
	{ TRUTH("\"a\" = \"a\"") TRUTH("\"a\" = \"A\"") TRUTH("\"a\" != \"ab\""), "T|F|T" },
	{ TRUTH("null = null") TRUTH("null = \"\"") TRUTH("null != \"\""), "T|F|T" },
	{ TRUTH("\"a\" = 61"), "T" },
	{ TRUTH("\"abc\" ~= \"^a.c$\"") TRUTH("\"ABC\" ~= \"b\"") TRUTH("\"ABC\" ~~ \"b\""),
	    "T|F|T" },
	{ TRUTH("\"a\" ~= \"[\"") TRUTH("not (null ~= \"a\")"), "F|F" },
	{ "set pat = \"b\";" TRUTH("\"abc\" ~~ pat"), "T" },
	{ TRUTH("known and null = \"a\"") TRUTH("static or known"), "F|T" },
	{ TRUTH("not (option domain-name ~= \"a\")"), "F" },
	/* one operand is null, in each place */
	{ NUM("extract-int(option domain-name, 8) + 1")
	  NUM("1 + extract-int(option domain-name, 8)"), "null|null" },
	{ SHOW("concat(option domain-name, \"a\")") SHOW("suffix(option domain-name, 1)")
	  SHOW("suffix(\"a\", extract-int(option domain-name, 8))"), "null|null|null" },
	{ SHOW("substring(\"a\", extract-int(option domain-name, 8), 1)")
	  SHOW("substring(\"a\", 1, extract-int(option domain-name, 8))"), "null|null" },
	{ SHOW("binary-to-ascii(extract-int(option domain-name, 8), 8, \"\", \"a\")")
	  SHOW("binary-to-ascii(10, extract-int(option domain-name, 8), \"\", \"a\")")
	  SHOW("binary-to-ascii(10, 8, option domain-name, \"a\")")
	  SHOW("binary-to-ascii(10, 8, \"\", option domain-name)"), "null|null|null|null" },
	{ SHOW("reverse(extract-int(option domain-name, 8), \"a\")")
	  SHOW("reverse(1, option domain-name)"), "null|null" },
	{ SHOW("reverse(0, \"a\")"),
	    "reverse: length of buffer 1 not a multiple of width 0!|null" },
	{ SHOW("packet(extract-int(option domain-name, 8), 1)")
	  SHOW("packet(1, extract-int(option domain-name, 8))"), "null|null" },
	{ SHOW("encode-int(extract-int(option domain-name, 8), 8)")
	  SHOW("v6relay(extract-int(option domain-name, 8), \"a\")"), "null|null" },
	{ SHOW("lcase(option domain-name)") SHOW("ucase(\"a{Z\")"), "null|41:7b:5a" },
	{ "option domain-search = option domain-name; append domain-search \"a.b\";"
	  SHOW("config-option domain-search"), "null" },
	{ "option domain-search \"a.b\"; append domain-search = option domain-name;"
	  SHOW("config-option domain-search"), "null" },
	{ "set pat = \"[\";" TRUTH("\"abc\" ~~ pat") "set pat = option domain-name;"
	  TRUTH("not (\"abc\" ~~ pat)") TRUTH("option domain-name ~= concat(\"a\", \"\")"),
	    "F|F|F" },
	/* values of each kind, against themselves */
	{ "set vone = known; set vtwo = known; set vsix = static;" TRUTH("vone = vtwo")
	  TRUTH("vone = vsix"),
	    "T|F" },
	{ "define vone(xarg) { return xarg; } define vtwo(xarg) { return xarg; }"
	  TRUTH("vone = vone") TRUTH("vone = vtwo"), "T|F" },
	{ "switch (\"z\") { default: log(\"d\"); default: log(\"e\"); }", "d|e" },
	/* grouping: p = q or r = s and t = u is (p = q) or ((r = s) and (t = u)) */
	{ TRUTH("\"a\" = \"a\" or \"a\" = \"b\" and \"a\" = \"b\""), "T" },
	/* p = q or static and static is ((p = q) or static) and static */
	{ TRUTH("\"a\" = \"a\" or static and static"), "F" },
	/* variables */
	{ "set Name = \"x\"; log(info, nAME);", "x" },
	{ "set val = null;" TRUTH("defined(val)"), "F" },
	{ "set val = \"x\"; unset val;" SHOW("val"), "null" },
	{ TRUTH("true") TRUTH("5-3 = null"), "F|T" },
	{ "set num = extract-int(07, 8);" TRUTH("num = 7") TRUTH("extract-int(07, 8) = num"),
	    "F|T" },
	{ "set val = known; log(info, pick(val, \"n\"));",
	    "binding type 0 in evaluate_data_expression.|n" },
	/* functions */
	{ "define joinup(xarg, yarg) { return concat(xarg, yarg); }"
	  "set rv = joinup(\"p\", \"q\"); log(info, rv);", "pq" },
	{ "define pickit(xarg) { if xarg = \"a\" { return \"is-a\"; } return \"no\"; }"
	  "set rv = pickit(\"a\"); log(info, rv); set rv = pickit(\"b\"); log(info, rv);",
	    "is-a|no" },
	{ "define fun(xarg) { set out = xarg; } eval fun(\"v\");" SHOW("out"), "null" },
	{ "set out = \"o\"; define fun(xarg) { set out = xarg; } fun(\"v\"); log(info, out);",
	    "v" },
	{ "set rv = fun(\"x\");", "fun: no such function." },
	{ "set fun = \"x\"; set rv = fun(\"x\");", "fun: not a function." },
	{ "define fun(xarg) { return xarg; } set rv = fun(\"x\", \"y\");",
	    "fun: too many arguments." },
	{ "define fun(xarg, yarg) { return xarg; } set rv = fun(\"x\");",
	    "fun: too few arguments." },
	{ "define fun(xarg) { set rv = fun(xarg); return rv; } set rv = fun(\"x\");" SHOW("rv"),
	    "null" },
	/* statements */
	{ "switch (\"b\") { case \"a\": log(\"1\"); case \"b\": log(\"2\"); "
	  "default: log(\"3\"); }", "2|3" },
	{ "switch (\"z\") { default: log(\"d\"); break; case \"z\": log(\"z\"); break; }", "z" },
	{ "switch (extract-int(00:07, 16)) { case 6: log(\"6\"); case 7: log(\"7\"); break; }",
	    "7" },
	{ "set var = \"q\"; switch (var) { case \"q\": log(\"q\"); break; default: log(\"d\"); }",
	    "binding type 1 in evaluate_numeric_expression.|d" },
	{ "if known { log(\"a\"); break; log(\"b\"); } log(\"c\");", "a|c" },
	{ "log(\"a\"); break; log(\"b\");", "a" },
	{ "log(info, null); log(info, \"a\\000b\");", "a" },
	{ "log(fatal, \"stop\"); log(\"on\");", "stop" },
	/* options set */
	{ "append domain-name \"a\"; append domain-name \"b\"; prepend domain-name \"c\";"
	  "default domain-name \"d\"; log(info, config-option domain-name);", "cab" },
	{ "option domain-search \"a.com\"; append domain-search \"b.a.com\", \"c.org\";"
	  SHOW("config-option domain-search"),
	    "1:61:3:63:6f:6d:0:1:62:c0:0:1:63:3:6f:72:67:0" },
	{ "option host-name = val; set val = \"late\"; log(info, config-option host-name);",
	    "late" },
	{ "option host-name = config-option host-name;" SHOW("config-option host-name"), "null" },
	{ "max-lease-time 4294967297;" SHOW("config-option server.max-lease-time"), "0:0:0:1" },
	{ "allow bootp; deny booting; ignore declines;" SHOW("config-option server.allow-bootp")
	  SHOW("config-option server.allow-booting") SHOW("config-option server.declines"),
	    "1|0|2" },
};

START_TEST(row_logs_what_the_peer_logs)
{
	const char *got = conftext_run(rows[_i].text);
	const char *want = rows[_i].want;

	/* a redefinition message comes while parsing, not here */
	if (want[0] && want[strlen(want) - 1] == '|')
		ck_assert_msg(strncmp(got, want, strlen(want) - 1) == 0, "%s", got);
	else
		ck_assert_str_eq(got, want);
}
END_TEST

/* Traps: what is refused although it looks right, and accepted although not. */
static const struct {
	const char *text;
	enum conf_result want;
} traps[] = {
	{ "if (known) and (static) { }", CONF_BAD },
	{ "if ((known) and (static)) { }", CONF_OK },
	{ "if known { } ;", CONF_BAD },
	{ ";", CONF_BAD },
	{ "host \"x\" { }", CONF_BAD },
	{ "host x { };", CONF_BAD },
	{ "someword;", CONF_OK },
	{ "someword(\"a\");", CONF_OK },
	{ "someword();", CONF_BAD },
	{ "log(;", CONF_OK },
	{ "set x = \"a\"; log(info, x);", CONF_BAD },
	{ "if not \"a\" = \"b\" { }", CONF_BAD },
	{ "if not (\"a\" = \"b\") { }", CONF_OK },
	{ "set pat = \"b\"; if \"abc\" ~= pat { }", CONF_BAD },
	{ "set pat = \"b\"; if pat ~= \"abc\" { }", CONF_OK },
	{ "set vx = 5 - 3;", CONF_BAD },
	{ "ALLOW Booting; Option HOST-NAME \"x\";", CONF_OK },
	{ "ddns-update-style NONE;", CONF_BAD },
	{ "subnet 10.0.0.0 netmask 255.255.255.0 { pool { range 10.0.0.5; allow bootp; } }",
	    CONF_BAD },
	{ "subnet 10.0.0.0 netmask 255.255.255.0 { pool { range 10.0.0.5; allow after never; } }",
	    CONF_OK },
	{ "subnet 10.0.0.0 netmask 255.255.255.0 { pool { range 10.0.0.5; no failover peer range "
	  "10.0.0.6; } }", CONF_OK },
	{ "allow new;", CONF_OK },
	{ "% template leftover;", CONF_OK },
	{ "key k { algorithm hmac-md5; secret aaaa; };", CONF_OK },
	{ "include \"x.conf\";", CONF_BAD },
	{ "option boot-size 010; option time-offset -18000; option ip-forwarding OFF;", CONF_OK },
	{ "option host-name = 10.0.0.1;", CONF_BAD },
	{ "class \"Foo\" { } subnet 10.0.0.0 netmask 255.255.255.0 { pool { range 10.0.0.5; "
	  "allow members of \"Foo\"; } }", CONF_OK },
	{ "class \"Foo\" { } subnet 10.0.0.0 netmask 255.255.255.0 { pool { range 10.0.0.5; "
	  "allow members of \"foo\"; } }", CONF_BAD },
	{ "allow after 1/2026/1/1 0:0:0;", CONF_BAD },
	{ "check \"other\";", CONF_BAD },
	{ "if check \"other\" { }", CONF_BAD },
	{ "host x { authoritative; }", CONF_BAD },
	{ "group { authoritative; }", CONF_OK },
	{ "key k { secret aaaa; }", CONF_BAD },
	{ "if known { key k { algorithm hmac-md5; secret aaaa; } }", CONF_OK },
	{ "class \"one\" { } add \"one\";", CONF_OK },
};

START_TEST(trap_has_the_peer_s_verdict)
{
	enum conf_result got = conftext_load(traps[_i].text, false);

	ck_assert_msg(got == traps[_i].want, "%s: %s", traps[_i].text, conftext_said());
	conf_free(&ct.conf);
}
END_TEST

/* A function that calls itself for ever, or a deep one, ends. */
START_TEST(evaluation_without_end_ends)
{
	(void)conftext_run("define fun(xarg) { eval fun(xarg); eval fun(xarg); } eval fun(\"x\");");
	ck_assert_msg(ct.env.depth == 0, "depth %u", ct.env.depth);
	ck_assert_msg(ct.env.steps <= EXPR_STEPS_MAX + 2, "steps %u", ct.env.steps);
}
END_TEST

START_TEST(nesting_has_a_limit)
{
	static char text[20000];
	size_t n = 0;

	n += (size_t)snprintf(text, sizeof(text), "set vx = ");
	for (int i = 0; i < 5000; i++)
		text[n++] = '(';
	text[n] = '\0';
	ck_assert_int_eq(conftext_load(text, false), CONF_BAD);
	ck_assert_msg(strstr(conftext_said(), "deep") != NULL, "%s", ct.said);
}
END_TEST

/* What may be written in each other is also run: each elsif is inside the one before. */
START_TEST(the_last_of_many_elsif_runs)
{
	static char text[20000];
	size_t n = (size_t)snprintf(text, sizeof(text), "if static { }");

	for (int i = 0; i < 390; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " elsif static { }");
	(void)snprintf(text + n, sizeof(text) - n, " else { log(info, \"last\"); }");
	ck_assert_str_eq(conftext_run(text), "last");
}
END_TEST

/* Statements and values of one run: the one that is too many is said. */
START_TEST(steps_have_a_limit)
{
	ck_assert_int_eq(conftext_load("log(info, \"a\"); eval concat(\"a\", \"b\");"
	    "if known { log(info, \"b\"); } set val = \"v\";", false), CONF_OK);
	for (uint32_t left = 0; left < 8; left++) {
		conftext_packet();
		ct.env.steps = EXPR_STEPS_MAX - left;
		(void)stmt_run(ct.conf.root->first, &ct.env);
		ck_assert_msg(ct.log.n > 0 && ct.env.depth == 0, "%u", left);
		ck_assert_msg(str_eq(ct.log.line[ct.log.n - 1].text,
		    STR("more than 1000000 steps for one packet")), "%u", left);
	}
	conf_free(&ct.conf);
}
END_TEST

/* log(fatal, ..): nothing runs behind it, whatever it is in. */
static const char *const fatal[] = {
	"log(fatal, \"stop\"); log(\"on\");",
	"if known { log(fatal, \"stop\"); log(\"on\"); } log(\"on\");",
	"switch (\"a\") { case \"a\": log(fatal, \"stop\"); log(\"on\"); } log(\"on\");",
	"define fun(xarg) { log(fatal, xarg); log(\"on\"); } eval fun(\"stop\"); log(\"on\");",
	"define fun(xarg) { log(fatal, xarg); } if fun(\"stop\") = \"a\" { } log(\"on\");",
};

START_TEST(nothing_runs_after_a_fatal_line)
{
	ck_assert_str_eq(conftext_run(fatal[_i]), "stop");
	ck_assert_msg(ct.log.is_fatal, "flag");
}
END_TEST

/* The text of a log line is evaluated first, and may end it all. */
START_TEST(a_fatal_line_ends_the_line_it_is_in)
{
	ck_assert_msg(!strstr(conftext_run("define fun(xarg) { log(fatal, xarg); } "
	    "log(pick-first-value(fun(\"stop\"), \"on\"));"), "on\n"), "%s", ct.said);
	ck_assert_msg(ct.log.is_fatal, "flag");
	ck_assert_int_eq((int)ct.log.n, 2);	/* and that such a call is no value */
}
END_TEST

START_TEST(a_full_log_still_ends)
{
	static char text[8000];
	size_t n = 0;

	for (int i = 0; i < EXPR_LOG_STMTS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "log(\"a\");");
	(void)snprintf(text + n, sizeof(text) - n, "log(fatal, \"b\"); set val = \"c\";");
	(void)conftext_run(text);
	ck_assert_msg(ct.log.is_fatal && ct.log.n == EXPR_LOG_STMTS && ct.log.dropped == 1, "kept");
	ck_assert_msg(ct.vars.first == NULL, "ran on");
}
END_TEST

START_TEST(options_have_a_limit)
{
	static char text[60000];
	size_t n = (size_t)snprintf(text, sizeof(text), "option space v code width 2;");

	for (int i = 0; i <= OPTSET_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "option v.o%d code %d = text; option v.o%d %s\"x\";\n", i, i, i,
		    i == OPTSET_MAX ? "= option host-name; option v.o0 " : "");
	ck_assert_msg(strncmp(conftext_run(text), "more than 640 options set for one reply|",
	    40) == 0, "%s", ct.said);
}
END_TEST

/* At start-up there is no packet, no lease, no world. */
static const struct row bare[] = {
	{ SHOW("option host-name") SHOW("hardware") SHOW("packet(0, 1)") SHOW("leased-address"),
	    "null|data: hardware: no raw packet or lease is available|null|"
	    "data: packet: raw packet not available|null|data: \"leased-address\" configuration "
	    "directive: there is no lease associated with this client.|null" },
	{ SHOW("host-decl-name") SHOW("filename") SHOW("server-name"),
	    "data: host_decl_name: not available|null|null|null" },
	{ TRUTH("known") TRUTH("exists host-name") TRUTH("check \"default\""), "F|F|F" },
	{ NUM("lease-time"), "data: leased_lease: not available|null" },
	{ "log(info, pick(gethostname(), \"n\"));" SHOW("gethostbyname(\"two.example.net\")"),
	    "n|two.example.net: host unknown.|null" },
	{ "execute(\"x\"); on commit { log(info, \"c\"); } parse-vendor-option;",
	    "execute_statement argv[0] = x" },
	{ "class \"one\" { } add \"one\";", "" },
};

START_TEST(without_packet_or_world)
{
	static const struct expr_ops none;
	size_t n = 0;

	ck_assert_msg(conftext_load(bare[_i].text, false) == CONF_OK, "%s", conftext_said());
	conftext_packet();
	ct.env.in = NULL;
	ct.env.raw = ct.env.hardware = ct.env.file = ct.env.host_decl_name = ct.env.lease_data =
	    (struct str){ NULL, 0 };
	ct.env.has_lease = false;
	ct.env.known = EXPR_NULL;
	ct.env.ops = &none;
	(void)stmt_run(ct.conf.root->first, &ct.env);
	for (size_t i = 0; i < ct.log.n; i++)
		n += (size_t)snprintf(ct.said + n, sizeof(ct.said) - n, "%s%.*s", i ? "|" : "",
		    STR_ARG(ct.log.line[i].text));
	ct.said[n] = '\0';
	ck_assert_str_eq(ct.said, bare[_i].want);
	conf_free(&ct.conf);
}
END_TEST

/* A call is nested, too; a line of the log and a list of arguments have their ends. */
START_TEST(runs_have_their_bounds)
{
	static char text[8000];
	size_t n = (size_t)snprintf(text, sizeof(text), "execute(\"x\"");

	for (int i = 0; i < 64; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, ", \"%d\"", i);
	(void)snprintf(text + n, sizeof(text) - n, ");");
	(void)conftext_run(text);
	ck_assert_msg(str_eq(ct.log.line[ct.log.n - 1].text,
	    ct.log.n == EXPR_LOG_STMTS ? STR("execute_statement argv[63] = 62") :
	    STR("execute: bad arg 64")), "%zu", ct.log.n);
	/* a complaint longer than a line is dropped, as a whole */
	n = (size_t)snprintf(text, sizeof(text), "set rv = ");
	memset(text + n, 'g', 1100);
	(void)snprintf(text + n + 1100, sizeof(text) - n - 1100, "(\"x\"); log(\"on\");");
	ck_assert_str_eq(conftext_run(text), "on");
	ck_assert_int_eq((int)ct.log.dropped, 1);
	/* as deep as it goes: the innermost call, block and value are nothing */
	ck_assert_int_eq(conftext_load("define fun(xarg) { if xarg = \"a\" { eval fun(lcase(xarg));"
	    " eval fun(xarg); } eval fun(pick(xarg)); } set out = lcase(\"A\");"
	    "if known { set out = \"b\"; } set out = encode-int(lease-time, 8);"
	    " eval fun(\"a\");", false), CONF_OK);
	for (uint32_t depth = EXPR_DEPTH_MAX - 8; depth <= EXPR_DEPTH_MAX; depth++) {
		conftext_packet();
		ct.env.depth = depth;
		(void)stmt_run(ct.conf.root->first, &ct.env);
		ck_assert_msg(ct.env.depth == depth, "%u", (unsigned)depth);
	}
	conf_free(&ct.conf);
}
END_TEST

START_TEST(parameters_have_their_width)
{
	const char *text = "max-lease-time 300; default-lease-time = 60; min-secs 7; allow booting;"
	    "option domain-name-servers 10.0.0.1; deny bootp; one-lease-per-client = 07;"
	    "get-lease-hostnames = 01:02; server-name \"ab\"; filename \"abcde\"; local-port 67;";

	ck_assert_str_eq(conftext_run(text), "");
	ck_assert_int_eq(expr_param_num(&ct.env, 2, 5), 300);
	ck_assert_int_eq(expr_param_num(&ct.env, 1, 5), 5);	/* one octet: ignored */
	ck_assert_int_eq(expr_param_num(&ct.env, 14, 5), 7);
	ck_assert_int_eq(expr_param_num(&ct.env, 3, 9), 9);
	ck_assert_int_eq(expr_param_flag(&ct.env, 9, 0), 1);
	ck_assert_int_eq(expr_param_flag(&ct.env, 8, 2), 0);
	ck_assert_int_eq(expr_param_flag(&ct.env, OPTTAB_S_ONE_LEASE_PER_CLIENT, 0), 1);
	ck_assert_int_eq(expr_param_flag(&ct.env, OPTTAB_S_GET_LEASE_HOSTNAMES, 2), 2);
	ck_assert_int_eq(expr_param_flag(&ct.env, OPTTAB_S_DUPLICATES, 2), 2);
	ck_assert_int_eq(expr_param_num(&ct.env, OPTTAB_S_LOCAL_PORT, 1), 67);
}
END_TEST

START_TEST(events_and_classes_reach_the_caller)
{
	ck_assert_str_eq(conftext_run("class \"one\" { } class \"two\" { } add \"two\";"
	    "on commit or expiry { log(\"x\"); }"), "");
	ck_assert_int_eq(ct.added_class, 2);
	ck_assert_int_eq((int)ct.events, EXPR_ON_COMMIT | EXPR_ON_EXPIRY);
	ck_assert_msg(ct.event_body != NULL, "body");
}
END_TEST

T_MAIN("dhcpd_expr")
{
	T_LOOP(row_logs_what_the_peer_logs, 0, (int)ARRAY_LEN(rows));
	T_LOOP(trap_has_the_peer_s_verdict, 0, (int)ARRAY_LEN(traps));
	T_ADD(evaluation_without_end_ends);
	T_ADD(nesting_has_a_limit);
	T_ADD(the_last_of_many_elsif_runs);
	T_ADD(steps_have_a_limit);
	T_LOOP(nothing_runs_after_a_fatal_line, 0, (int)ARRAY_LEN(fatal));
	T_ADD(a_fatal_line_ends_the_line_it_is_in);
	T_ADD(a_full_log_still_ends);
	T_ADD(options_have_a_limit);
	T_LOOP(without_packet_or_world, 0, (int)ARRAY_LEN(bare));
	T_ADD(runs_have_their_bounds);
	T_ADD(parameters_have_their_width);
	T_ADD(events_and_classes_reach_the_caller);
}
