/* SPDX-License-Identifier: ISC */
/*
 * Finding things in a generation: subnets, ranges, hosts, classes, groups, and
 * what the lint says about them.
 */
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
	T_ADD(declarations_of_a_leases_file);
}
