/* SPDX-License-Identifier: ISC */
/* Bytes of dhcpd.leases as ISC 4.4.3 writes them (recorded). */
#include "dhcpd/leasetext.h"

#include "tests/unit/lt.h"

static const struct opt_def *
agent_def(void *ctx, uint8_t code)
{
	static const struct opt_def defs[] = {
		{ .name = STR_INIT("circuit-id"), .code = 1, .format = "X" },
		{ .name = STR_INIT("remote-id"), .code = 2, .format = "X" },
		{ .name = STR_INIT("agent-id"), .code = 3, .format = "I" },
		{ .name = STR_INIT("ips"), .code = 4, .format = "IA" },
		{ .name = STR_INIT("note"), .code = 5, .format = "t" },
	};

	(void)ctx;
	return code - 1u < ARRAY_LEN(defs) ? &defs[code - 1] : NULL;
}

static int64_t
an_hour(void *ctx, int64_t wall_s)
{
	(void)ctx;
	(void)wall_s;
	return 3600;
}

static const struct leasetext_style plain = { .agent_def = agent_def };

static void
prints(struct lt *lt, const struct lease_data *d,
    const struct leasetext_style *style, const char *want)
{
	char buf[4096];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf) - 1);
	leasetext_lease(&wr, lt == NULL ? NULL : &lt->t,
	    lt_ip("10.10.3.100"), d, style, 1000);
	ck_assert_msg(wr_ok(&wr), "room");
	buf[wr.len] = '\0';
	ck_assert_str_eq(buf, want);
}

START_TEST(an_active_lease)
{
	struct lease_data d = lt_data(LEASE_ACTIVE, 0x10, 1795339165,
	    1795339765);

	d.uid = STR("\001\002\000\000\000\252\020");
	d.hostname = STR("hosta");
	d.hw[4] = 0xaa;
	prints(NULL, &d, &plain,
	    "lease 10.10.3.100 {\n"
	    "  starts 0 2026/11/22 09:19:25;\n"
	    "  ends 0 2026/11/22 09:29:25;\n"
	    "  cltt 0 2026/11/22 09:19:25;\n"
	    "  binding state active;\n"
	    "  next binding state free;\n"
	    "  rewind binding state free;\n"
	    "  hardware ethernet 02:00:00:00:aa:10;\n"
	    "  uid \"\\001\\002\\000\\000\\000\\252\\020\";\n"
	    "  client-hostname \"hosta\";\n"
	    "}\n");
}
END_TEST

START_TEST(every_line_in_its_place)
{
	static const char vars[] =
	    "\003\001t\000\010\0\0\0\0\0\0\0\1"
	    "\002\001n\000\010\0\0\0\0\0\0\0\14"
	    "\001\003vci\000\003x\"\\";
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 86400, LEASE_NEVER);

	lt_new(&lt, "10.10.3.100-10.10.3.100");
	d.tstp = LEASE_NEVER;
	d.tsfp = 86401;
	d.atsfp = 86402;
	d.next = LEASE_EXPIRED;
	d.rewind = LEASE_BACKUP;
	d.flags = LEASE_F_RESERVED | LEASE_F_BOOTP;
	d.class_name = STR("port");
	d.class_value = STR("\000\377");
	d.uid = STR("a\"b\\c\351 d\177");
	d.vars = str_make(vars, sizeof(vars) - 1);
	d.agent = STR("\001\003abc\002\003\001\002\377\227\003xyz");
	d.on_expiry = lease_text_id(&lt.t, STR("\n    log (info, \"x\");"));
	d.on_release = lease_text_id(&lt.t, STR("\n    log (info, \"y\");"));
	prints(&lt, &d, &plain,
	    "lease 10.10.3.100 {\n"
	    "  starts 5 1970/01/02 00:00:00;\n"
	    "  ends never;\n"
	    "  tstp never;\n"
	    "  tsfp 5 1970/01/02 00:00:01;\n"
	    "  atsfp 5 1970/01/02 00:00:02;\n"
	    "  cltt 5 1970/01/02 00:00:00;\n"
	    "  binding state active;\n"
	    "  next binding state expired;\n"
	    "  rewind binding state backup;\n"
	    "  reserved;\n"
	    "  dynamic-bootp;\n"
	    "  billing subclass \"port\" 00:ff;\n"
	    "  hardware ethernet 02:00:00:00:00:01;\n"
	    "  uid \"a\\\"b\\\\c\\351 d\\177\";\n"
	    "  set t = true;\n"
	    "  set n = %12;\n"
	    "  set vci = \"x\\\"\\\\\";\n"
	    "  option agent.circuit-id \"abc\";\n"
	    "  option agent.remote-id 1:2:ff;\n"
	    "  option agent.unknown-151 \"xyz\";\n"
	    "  on expiry {\n"
	    "    log (info, \"x\");\n"
	    "  }\n"
	    "  on release {\n"
	    "    log (info, \"y\");\n"
	    "  }\n"
	    "}\n");
	lt_free(&lt);
}
END_TEST

START_TEST(one_block_for_both_events)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 0, 2000);

	lt_new(&lt, "10.10.3.100-10.10.3.100");
	d.on_expiry = lease_text_id(&lt.t,
	    STR("\n    log (info, \"gone\");"));
	d.on_release = d.on_expiry;
	d.flags = LEASE_F_ON_BOTH;
	d.class_name = STR("few");
	prints(&lt, &d, &plain,
	    "lease 10.10.3.100 {\n"
	    "  ends 4 1970/01/01 00:33:20;\n"
	    "  binding state active;\n"
	    "  next binding state free;\n"
	    "  rewind binding state free;\n"
	    "  billing class \"few\";\n"
	    "  hardware ethernet 02:00:00:00:00:01;\n"
	    "  on expiry or release {\n"
	    "    log (info, \"gone\");\n"
	    "  }\n"
	    "}\n");
	lt_free(&lt);
}
END_TEST

START_TEST(billing_ends_with_the_lease)
{
	struct lease_data d = lt_data(LEASE_FREE, 1, 0, 1000);

	d.class_name = STR("few");
	prints(NULL, &d, &plain,
	    "lease 10.10.3.100 {\n"
	    "  ends 4 1970/01/01 00:16:40;\n"
	    "  binding state free;\n"
	    "  hardware ethernet 02:00:00:00:00:01;\n"
	    "}\n");
}
END_TEST

START_TEST(hardware_types)
{
	static const struct { uint8_t type, len; const char *want; } row[] = {
		{ 6, 6, "token-ring 02:00:00:00:00:01" },
		{ 8, 6, "fddi 02:00:00:00:00:01" },
		{ 7, 6, "unknown-7 02:00:00:00:00:01" },
		{ 99, 2, "unknown-99 02:00" },
		{ 32, 0, "infiniband " },
	};

	for (size_t k = 0; k < ARRAY_LEN(row); k++) {
		struct lease_data d = lt_data(LEASE_FREE, 1, 0, 0);
		char want[256];

		d.hw_type = row[k].type;
		d.hw_len = row[k].len;
		(void)snprintf(want, sizeof(want), "lease 10.10.3.100 {\n"
		    "  binding state free;\n  hardware %s;\n}\n", row[k].want);
		prints(NULL, &d, &plain, want);
	}
}
END_TEST

START_TEST(hexadecimal_uid_and_local_time)
{
	static const struct leasetext_style style = { .is_uid_hex = true,
	    .is_local_time = true, .utc_offset_s = an_hour };
	struct lease_data d = lt_data(LEASE_FREE, 1, 1795339165, 0);

	d.uid = STR("\001\002\000abc");
	d.cltt = 0;
	prints(NULL, &d, &style,
	    "lease 10.10.3.100 {\n"
	    "  starts epoch 1795339165; # Sun Nov 22 10:19:25 2026\n"
	    "  binding state free;\n"
	    "  hardware ethernet 02:00:00:00:00:01;\n"
	    "  uid 01:02:00:61:62:63;\n"
	    "}\n");
}
END_TEST

START_TEST(host_names_that_cannot_be_quoted_are_left_out)
{
	static const char *const bad[] = { "a\"b", "a\\b", "a\nb", "\303\244" };

	for (size_t k = 0; k < ARRAY_LEN(bad); k++) {
		struct lease_data d = lt_data(LEASE_FREE, 1, 0, 0);

		d.hostname = str_of(bad[k]);
		prints(NULL, &d, &plain, "lease 10.10.3.100 {\n"
		    "  binding state free;\n"
		    "  hardware ethernet 02:00:00:00:00:01;\n}\n");
	}
}
END_TEST

/* Recorded: all printable characters as circuit-id; a quote in billing. */
/* By their own format, as the peer writes them; an empty one not at all. */
START_TEST(agent_options_have_their_format)
{
	struct lease_data d = lt_data(LEASE_FREE, 1, 0, 2000);

	d.agent = STR("\001\000\003\004\012\012\003\007"
	    "\004\010\001\002\003\004\005\006\007\010"
	    "\005\003a\"b\003\002xy\227\000");
	prints(NULL, &d, &plain, "lease 10.10.3.100 {\n"
	    "  ends 4 1970/01/01 00:33:20;\n"
	    "  binding state free;\n"
	    "  hardware ethernet 02:00:00:00:00:01;\n"
	    "  option agent.agent-id 10.10.3.7;\n"
	    "  option agent.ips 1.2.3.4,5.6.7.8;\n"
	    "  option agent.note \"a\\\"b\";\n"
	    "  option agent.agent-id \"xy\";\n}\n");
}
END_TEST

START_TEST(agent_options_are_safe_for_shells)
{
	struct lease_data d = lt_data(LEASE_FREE, 1, 0, 2000);

	d.agent = STR("\001\012\"$&'`\\|#a;\002\003ab\000\003\000");
	d.class_name = STR("port");
	d.class_value = STR("a\"");
	prints(NULL, &d, &plain, "lease 10.10.3.100 {\n"
	    "  ends 4 1970/01/01 00:33:20;\n"
	    "  binding state free;\n"
	    "  billing subclass \"port\" 61:22;\n"
	    "  hardware ethernet 02:00:00:00:00:01;\n"
	    "  option agent.circuit-id \"\\\"\\$\\&\\'\\`\\\\\\|#a;\";\n"
	    "  option agent.remote-id 61:62:0;\n}\n");
}
END_TEST

START_TEST(what_does_not_fit_fails)
{
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 5000, 6000);
	char *buf = malloc((size_t)_i);
	struct wr wr;

	wr_init(&wr, buf, (size_t)_i);
	leasetext_lease(&wr, NULL, 1, &d, &plain, 0);
	ck_assert_msg(!wr_ok(&wr), "%d bytes are not enough", _i);
	free(buf);
}
END_TEST

T_MAIN("dhcpd_leasetext")
{
	T_ADD(an_active_lease);
	T_ADD(every_line_in_its_place);
	T_ADD(one_block_for_both_events);
	T_ADD(billing_ends_with_the_lease);
	T_ADD(hardware_types);
	T_ADD(hexadecimal_uid_and_local_time);
	T_ADD(host_names_that_cannot_be_quoted_are_left_out);
	T_ADD(agent_options_have_their_format);
	T_ADD(agent_options_are_safe_for_shells);
	T_LOOP(what_does_not_fit_fails, 1, 200);
}
