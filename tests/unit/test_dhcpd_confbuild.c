/* SPDX-License-Identifier: ISC */
/*
 * Finding things in a generation: subnets, ranges, hosts, classes, groups, and
 * what the lint says about them.
 */
#include <errno.h>

#include "dhcpd/confcheck.h"
#include "tests/unit/conftext.h"

static const char text[] =
    "default-lease-time 60;\n"
    "class \"c\" { match hardware; lease limit 3; option host-name \"c\"; }\n"
    "subclass \"c\" 1:2; subclass \"c\" \"text\" { option host-name \"sub\"; }\n"
    "shared-network net { interface eth0; authoritative;\n"
    "  subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.20 10.0.0.10; }\n"
    "  subnet 10.0.1.0 netmask 255.255.255.128 { }\n"
    "  pool { range 10.0.0.30; range 10.0.1.5 10.0.1.6; allow members of \"c\"; }\n"
    "  pool { range 10.0.0.40; allow members of \"c\"; }\n"
    "  pool { range 10.0.0.50; max-lease-time 5; deny after epoch 7; } }\n"
    "subnet 10.0.0.0 netmask 255.0.0.0 { }\n"
    "group gold { option domain-name \"g\";\n"
    "  host a { hardware ethernet 0:11:22:33:44:55; fixed-address 10.0.0.15, www.x; }\n"
    "  host b { hardware ethernet 0:11:22:33:44:55; uid \"me\"; } }\n"
    "host c { group gold; option dhcp-client-identifier 6d:65; }\n"
    "host d { host-identifier option agent.remote-id 01:02; }\n";

static void
load(void)
{
	ck_assert_msg(conftext_load(text, false) == CONF_OK, "%s", conftext_said());
}

START_TEST(subnets_most_specific_first)
{
	load();
	ck_assert_int_eq((int)conf_subnet_find(&ct.conf, 0x0a000105)->mask, (int)0xffffff80);
	ck_assert_int_eq((int)conf_subnet_find(&ct.conf, 0x0a0001c8)->mask, (int)0xff000000);
	ck_assert_msg(conf_subnet_find(&ct.conf, 0x0b000001) == NULL, "outside");
	ck_assert_msg(conf_subnet_in(ct.conf.networks[0], 0x0a0001c8) == NULL, "network");
	ck_assert_msg(str_eq(ct.conf.networks[0]->interface, STR("eth0")), "interface");
	ck_assert_msg(str_eq(ct.conf.networks[1]->name, STR("10.0.0.0/8")), "implicit");
	ck_assert_msg(ct.conf.networks[0]->scope->is_authoritative, "authoritative");
	ck_assert_msg(!ct.conf.networks[1]->scope->is_authoritative, "not authoritative");
}
END_TEST

START_TEST(ranges_and_pools)
{
	const struct conf_range *r;

	load();
	r = conf_range_find(&ct.conf, 0x0a00000f);
	ck_assert_msg(r && r->low == 0x0a00000a && r->high == 0x0a000014, "swapped");
	ck_assert_msg(r->pool->is_anonymous, "anonymous");
	ck_assert_msg(r->pool->prohibits->kind == CONF_PERMIT_BOOTP, "no BOOTP");
	ck_assert_msg(conf_range_find(&ct.conf, 0x0a000009) == NULL, "below");
	ck_assert_msg(conf_range_find(&ct.conf, 0x0a000015) == NULL, "above");
	/* pools alike are one, statements make a difference */
	ck_assert_int_eq((int)ct.conf.pool_n, 3);
	ck_assert_msg(conf_range_find(&ct.conf, 0x0a000028)->pool ==
	    conf_range_find(&ct.conf, 0x0a00001e)->pool, "merged");
	ck_assert_int_eq((int)conf_range_find(&ct.conf, 0x0a00001e)->pool->addr_n, 4);
	ck_assert_int_eq((int)conf_range_find(&ct.conf, 0x0a000032)->pool->valid_until_s, 7);
	ck_assert_int_eq((int)ct.conf.addr_n, 16);
	ck_assert_int_eq((int)conf_range_find(&ct.conf, 0x0a000032)->range_i, 4);
}
END_TEST

START_TEST(hosts_by_every_key)
{
	const struct conf_host *a, *b, *c;

	load();
	a = conf_host_by_hw(&ct.conf, STR("\1\0\21\42\63\104\125"));
	b = conf_host_next_hw(&ct.conf, a);
	c = conf_host_by_name(&ct.conf, STR("C"));
	ck_assert_msg(a && str_eq(a->name, STR("a")), "first");
	ck_assert_msg(b && str_eq(b->name, STR("b")), "second");
	ck_assert_msg(conf_host_next_hw(&ct.conf, b) == NULL, "end");
	ck_assert_msg(conf_host_by_uid(&ct.conf, STR("me")) == b, "uid");
	ck_assert_msg(conf_host_next_uid(&ct.conf, b) == c, "option as uid");
	ck_assert_msg(conf_host_by_fixed(&ct.conf, 0x0a00000f) == a, "fixed");
	ck_assert_msg(conf_host_by_fixed(&ct.conf, 0x0a000010) == NULL, "not fixed");
	ck_assert_msg(a->fixed_n == 2 && str_eq(a->fixed[1].name, STR("www.x")), "name");
	ck_assert_msg(c->group && c->scope->parent == c->group->scope, "group");
	ck_assert_msg(a->scope == conf_group_by_name(&ct.conf, STR("gold"))->scope, "shared");
	ck_assert_msg(conf_host_by_id(&ct.conf, ct.conf.host_id_kinds, STR("\1\2")) != NULL, "id");
	ck_assert_msg(conf_host_by_id(&ct.conf, ct.conf.host_id_kinds, STR("\1")) == NULL, "id");
}
END_TEST

START_TEST(classes_and_subclasses)
{
	struct conf_class *c, *one, *spawned;

	load();
	c = conf_class_by_name(&ct.conf, STR("c"));
	ck_assert_msg(c && conf_class_by_name(&ct.conf, STR("C")) == NULL, "case matters");
	one = conf_subclass_find(&ct.conf, c, STR("\1\2"));
	ck_assert_msg(one && one->scope == c->scope && one->lease_limit == 3, "plain");
	ck_assert_msg(conf_subclass_find(&ct.conf, c, STR("text"))->scope->parent == c->scope,
	    "with a block");
	spawned = conf_subclass_put(&ct.conf, c, STR("new"));
	ck_assert_msg(spawned && conf_subclass_put(&ct.conf, c, STR("new")) == spawned, "once");
	ck_assert_int_eq((int)ct.conf.subclass_n, 3);
}
END_TEST

/* A thousand of each, so that tables grow. */
START_TEST(tables_grow)
{
	static char big[200000];
	size_t n = 0;

	for (int i = 0; i < 1000; i++)
		n += (size_t)snprintf(big + n, sizeof(big) - n, "host h%d { hardware ethernet "
		    "0:0:0:0:%x:%x; fixed-address 10.%d.%d.1; } subnet 10.%d.%d.0 netmask "
		    "255.255.255.0 { range 10.%d.%d.5; }\n", i, i >> 8, i & 255, i >> 8, i & 255,
		    i >> 8, i & 255, i >> 8, i & 255);
	ck_assert_msg(conftext_load(big, false) == CONF_OK, "%s", conftext_said());
	for (int i = 0; i < 1000; i++) {
		uint8_t hw[7] = { 1, 0, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i };
		uint32_t net = 0x0a000000 + ((uint32_t)i << 8);

		ck_assert_int_eq((int)conf_host_by_hw(&ct.conf, str_make(hw, 7))->host_i, i);
		ck_assert_int_eq((int)conf_host_by_fixed(&ct.conf, net + 1)->host_i, i);
		ck_assert_int_eq((int)conf_subnet_find(&ct.conf, net + 9)->subnet_i, i);
		ck_assert_int_eq((int)conf_range_find(&ct.conf, net + 5)->range_i, i);
	}
}
END_TEST

START_TEST(lint_names_what_is_odd)
{
	load();
	ck_assert_int_eq((int)confcheck_lint(&ct.conf, &ct.msgs), 3);
	(void)conftext_said();
	ck_assert_msg(strstr(ct.said, "x.conf line 13 column 8: warning: host b has the hardware "
	    "address of host a\n") != NULL, "%s", ct.said);
	ck_assert_msg(strstr(ct.said, "x.conf line 14 column 6: warning: host c has the client "
	    "identifier of host b\n") != NULL, "%s", ct.said);
	ck_assert_msg(strstr(ct.said,
	    "x.conf line 12 column 8: warning: fixed-address 10.0.0.15 of "
	    "host a lies in a range\n") != NULL, "%s", ct.said);
}
END_TEST

START_TEST(what_does_not_run_is_named)
{
	ck_assert_int_eq(conftext_load("omapi-port 7911;\nddns-update-style none;\n"
	    "zone a.b. { primary 10.0.0.1; }\n ldap-server \"x\"; ldap-port 389;", false), CONF_OK);
	confcheck_unsupported(&ct.conf, &ct.msgs);
	ck_assert_str_eq(conftext_said(),
	    "x.conf line 1 column 1: warning: omapi-port: the OMAPI control protocol is not run\n"
	    "x.conf line 4 column 2: warning: ldap-server: LDAP is not read\n"
	    "x.conf line 4 column 19: warning: ldap-port: LDAP is not read\n"
	    "x.conf line 3 column 6: warning: zone a.b.: dynamic DNS updates are not run\n");
}
END_TEST

/* What else the lint sees. */
static const struct {
	const char *text, *want;
} odd[] = {
	{ "host a { fixed-address 10.0.0.1, known.example; }",
	    "x.conf line 1 column 6: warning: fixed-address 10.0.0.1 of host a lies in no subnet\n"
	    "x.conf line 1 column 6: warning: host a has no hardware, uid or host-identifier: no "
	    "client matches it\n" },
	{ "subnet 10.0.0.0 netmask 255.0.0.0 { } host a { uid 1:2; fixed-address 10.0.0.1; }\n"
	    "host b { uid 1:3; fixed-address 10.0.0.2, 10.0.0.1; }",
	    "x.conf line 2 column 6: warning: fixed-address 10.0.0.1 of host b belongs to "
	    "host a\n" },
	{ "class \"c\" { match hardware; } subclass \"c\" 1:2;",
	    "x.conf line 1 column 8: warning: class \"c\" is never used: it sets nothing "
	    "and no pool names it\n" },
	{ "class \"c\" { } class \"d\" { } subnet 10.0.0.0 netmask 255.0.0.0 {\n"
	    " pool { range 10.0.0.1; allow members of \"c\"; } pool { range 10.0.0.2;\n"
	    " deny members of \"d\"; allow authenticated clients; allow known clients; } }", "" },
	{ "subnet 10.0.0.0 netmask 255.0.0.0 {\n pool { range 10.0.0.1; deny all clients; }\n"
	    " pool { range 10.0.0.2; deny unauthenticated clients; }\n"
	    " pool { range 10.0.0.3; deny known clients; deny unknown clients; }\n"
	    " pool { range 10.0.0.4; allow authenticated clients; }\n"
	    " pool { range 10.0.0.5; deny known clients; } }",
	    "x.conf line 2 column 2: warning: nobody can use this pool: it denies all clients\n"
	    "x.conf line 3 column 2: warning: nobody can use this pool: it denies unauthenticated "
	    "clients, which all are\n"
	    "x.conf line 4 column 2: warning: nobody can use this pool: it denies known and "
	    "unknown clients\n"
	    "x.conf line 5 column 2: warning: nobody can use this pool: it allows only "
	    "authenticated clients, of which there are none\n" },
};

START_TEST(lint_sees)
{
	uint32_t n = 0;

	ck_assert_int_eq(conftext_load(odd[_i].text, false), CONF_OK);
	for (const char *p = odd[_i].want; (p = strchr(p, '\n')) != NULL; p++)
		n++;
	ck_assert_int_eq((int)confcheck_lint(&ct.conf, &ct.msgs), (int)n);
	ck_assert_str_eq(conftext_said(), odd[_i].want);
}
END_TEST

/* A reload can change all but the files in use. */
static const struct {
	const char *fresh, *want;
} reloads[] = {
	{ "lease-file-name \"l\"; pid-file-name \"p\"; max-lease-time 5;", "" },
	{ "lease-file-name \"/in/use\"; pid-file-name \"/pid\";", "" },
	{ "lease-file-name \"l\"; pid-file-name \"p\"; omapi-port 7;",
	    "x.conf line 1 column 41: warning: omapi-port: the OMAPI control protocol is "
	    "not run\n" },
	{ "pid-file-name \"p\";\n  lease-file-name \"other\";", "x.conf line 2 column 3: "
	    "lease-file-name cannot change while the server runs; restart it.\n" },
	{ "lease-file-name \"l\"; pid-file-name \"other\"; omapi-port 7;", "x.conf line 1 column "
	    "22: pid-file-name cannot change while the server runs; restart it.\n" },
	{ "pid-file-name \"p\";",
	    "lease-file-name cannot change while the server runs; restart it.\n" },
};

START_TEST(reload_keeps_its_files)
{
	static struct conf old;
	const char *want = reloads[_i].want;
	bool ok;

	ck_assert_int_eq(conftext_load("lease-file-name \"l\"; pid-file-name \"p\";",
	    false), CONF_OK);
	conftext_packet();
	ck_assert_int_eq(conf_start(&ct.conf, &ct.env, &ct.msgs), CONF_OK);
	old.globals = ct.conf.globals;
	old.globals.lease_file = STR("l");	/* its memory is used again */
	old.globals.pid_file = STR("p");
	ck_assert_int_eq(conftext_load(reloads[_i].fresh, false), CONF_OK);
	conftext_packet();
	ck_assert_int_eq(conf_start(&ct.conf, &ct.env, &ct.msgs), CONF_OK);
	ok = confcheck_reload(&old, &ct.conf, STR("/in/use"), STR("/pid"), &ct.msgs);
	ck_assert_str_eq(conftext_said(), want);
	ck_assert_msg(ok == (strstr(want, "restart") == NULL), "verdict");
	ck_assert_msg(confcheck_reload(&old, &ct.conf, STR(""), STR(""), &ct.msgs), "no files");
}
END_TEST

/* Files that cannot be read, as the first or as an included one. */
static int file_error;

static int
no_file(void *ctx, struct str path, struct str *ret)
{
	(void)ctx;
	*ret = STR("include \"two\";");
	return str_eq(path, STR("two")) || file_error < -1000 ? file_error % 1000 : 0;
}

START_TEST(files_that_cannot_be_read)
{
	static const struct {
		int error;
		const char *want;
	} files[] = {
		{ -ENOENT, "Can't open two: No such file or directory\n" },
		{ -EISDIR, "Can't read in two: Is a directory\n" },
		{ -ELOOP, "two: includes itself, or includes are nested too deeply\n" },
		{ -1000 - ENOENT, "Can't open one: No such file or directory\n" },
		{ -1000 - EISDIR, "Can't read in one: Is a directory\n" },
	};
	struct src_loader loader = { NULL, no_file, conftext_leave };
	struct conf_load_opts opts = { STR("one"), &loader, false, 0 };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		ck_assert_int_eq(conftext_load("", false), CONF_OK);
		file_error = files[i].error;
		ck_assert_int_eq(conf_load(&ct.conf, &ct.arena, &opts, &ct.msgs), CONF_BAD);
		ck_assert_str_eq(conftext_said(), files[i].want);
	}
	/* a leases file cannot include */
	ck_assert_int_eq(conftext_load("", false), CONF_OK);
	ck_assert_msg(!conf_decl_parse(&ct.conf, STR("leases"), STR("include \"x\";"), &ct.msgs),
	    "include");
	ck_assert_msg(strstr(conftext_said(), "Permission denied") != NULL, "%s", ct.said);
}
END_TEST

/* A message longer than a line is cut, or dropped when it is made of parts. */
START_TEST(messages_have_a_length)
{
	static char line[MSGS_LINE_MAX + 50];

	memset(line, 'a', sizeof(line));
	ck_assert_int_eq(conftext_load("", false), CONF_OK);
	ck_assert_int_eq((int)msgs_put(&ct.msgs, 3, str_make(line, sizeof(line)))->text.len,
	    MSGS_LINE_MAX);
	msgs_add(&ct.msgs, 3, "%.*s", (int)sizeof(line), line);
	ck_assert_int_eq((int)ct.msgs.dropped, 1);
	ck_assert_int_eq((int)ct.msgs.n, 1);
}
END_TEST

START_TEST(declarations_of_a_leases_file)
{
	load();
	ck_assert_msg(conf_decl_parse(&ct.conf, STR("leases"), STR("host dyn { dynamic; hardware "
	    "ethernet 1:2:3:4:5:6; fixed-address 10.0.0.99; }"), &ct.msgs), "host");
	ck_assert_msg(conf_host_by_hw(&ct.conf, STR("\1\1\2\3\4\5\6"))->is_dynamic, "found");
	ck_assert_msg(conf_decl_parse(&ct.conf, STR("leases"),
	    STR("subclass \"c\" \"late\" { dynamic; }"), &ct.msgs), "subclass");
	ck_assert_msg(!conf_decl_parse(&ct.conf, STR("leases"), STR("host broken {"), &ct.msgs),
	    "cut");
}
END_TEST

/* Parameters whose value is an expression of the wrong width: what the peer says. */
static const struct {
	const char *name, *said;	/* NULL: the value is as if it were not there */
} widths[] = {
	{ "omapi-port", "invalid omapi port data length\n" },
	{ "local-port", "invalid local port data length\n" },
	{ "remote-port", "invalid remote port data length\n" },
	{ "limited-broadcast-address", "invalid broadcast address data length\n" },
	{ "local-address", "invalid local address data length\n" },
	{ "ddns-update-style", "invalid dns update type\n" },
	{ "log-facility", "invalid log facility\n" },
	{ "delayed-ack", "invalid max delayed ACK count \n" },
	{ "max-ack-delay", "invalid max ack delay configuration\n" },
	{ "abandon-lease-time", "invalid abandon-lease-time\n" },
	{ "prefix-length-mode", "invalid prefix-len-mode\n" },
	{ "ddns-local-address4", NULL },
	{ "local-address6", NULL },
	{ "release-on-roam", NULL },
};

START_TEST(parameter_of_another_width)
{
	char line[80];

	(void)snprintf(line, sizeof(line), "%s = \"abcde\";", widths[_i].name);
	ck_assert_int_eq(conftext_load(line, false), CONF_OK);
	conftext_packet();
	ck_assert_int_eq(conf_start(&ct.conf, &ct.env, &ct.msgs),
	    widths[_i].said ? CONF_BAD : CONF_OK);
	ck_assert_str_eq(conftext_said(), widths[_i].said ? widths[_i].said : "");
	ck_assert_msg(!ct.conf.globals.release_on_roam && !ct.conf.globals.has_local_address6,
	    "as if it were not there");
}
END_TEST

T_MAIN("dhcpd_confbuild")
{
	T_ADD(subnets_most_specific_first);
	T_ADD(ranges_and_pools);
	T_ADD(hosts_by_every_key);
	T_ADD(classes_and_subclasses);
	T_ADD(tables_grow);
	T_ADD(lint_names_what_is_odd);
	T_ADD(what_does_not_run_is_named);
	T_LOOP(parameter_of_another_width, 0, (int)ARRAY_LEN(widths));
	T_LOOP(lint_sees, 0, (int)ARRAY_LEN(odd));
	T_LOOP(reload_keeps_its_files, 0, (int)ARRAY_LEN(reloads));
	T_ADD(messages_have_a_length);
	T_ADD(files_that_cannot_be_read);
	T_ADD(declarations_of_a_leases_file);
}
