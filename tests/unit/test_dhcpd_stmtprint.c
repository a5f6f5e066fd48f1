/* SPDX-License-Identifier: ISC */
/*
 * The printed form of statements: what ISC dhcpd 4.4.3-P1 wrote into its leases
 * file for the same "on" block, line breaks and blanks included.
 */
#include "tests/unit/conftext.h"

static const char conf_text[] =
    "option space foo; option foo.num code 2 = unsigned integer 16; class \"c1\" { }";

static const struct {
	const char *text, *want;
} rows[] = {
	{ "log(info, \"a\"); log(\"b\"); log(fatal, \"c\"); log(error, option host-name);",
	  "\n    log (info, \"a\");\n    log (debug, \"b\");\n    log (fatal, \"c\");"
	  "\n    log (error, \n        option host-name);" },
	{ "if known { log(\"a\"); } elsif exists host-name { log(\"b\"); } else { log(\"c\"); }",
	  "\n    if known {\n      log (debug, \"a\");\n    } elsif exists host-name {"
	  "\n      log (debug, \"b\");\n    } else {\n      log (debug, \"c\");\n    }" },
	{ "if not known { set ax = \"1\"; } else { if static { unset ax; } }",
	  "\n    if not known {\n      set ax = \"1\" ;\n    } elsif static {"
	  "\n      unset ax ;\n    }" },
	{ "switch (\"a\") { case \"a\": log(\"x\"); break; case \"b\": default: log(\"y\"); }",
	  "\n    switch (\"a\") {\n     case \"a\":\n      log (debug, \"x\");\n      break;"
	  "\n     case \"b\":\n     default: \n      log (debug, \"y\");\n    }" },
	{ "execute(\"/bin/x\", \"a\", binary-to-ascii(16, 8, \":\", substring(hardware, 1, 6)), "
	  "leased-address);",
	  "\n    execute (\"/bin/x\", \"a\", \n        binary-to-ascii (16, 8, \":\", "
	  "\n                         substring (hardware, 1, 6)), leased-address);" },
	{ "option host-name \"abc\"; option routers 10.0.0.1, 10.0.0.2; option foo.num 5; "
	  "max-lease-time 600; option domain-search \"a.com\",\"b.com\";",
	  "\n    supersede host-name = \"abc\";"
	  "\n    supersede routers = concat (0a:00:00:01, 0a:00:00:02);"
	  "\n    supersede foo.num = 00:05;\n    supersede server.max-lease-time = 00:00:02:58;"
	  "\n    supersede domain-search = 01:61:03:63:6f:6d:00:01:62:c0:02;" },
	{ "append domain-name \"x\"; prepend domain-name \"y\"; default domain-name \"z\"; "
	  "send domain-name \"w\";",
	  "\n    append domain-name = \"x\";\n    prepend domain-name = \"y\";"
	  "\n    default domain-name = \"z\";\n    supersede domain-name = \"w\";" },
	{ "on release or expiry { log(\"y\"); } on expiry; parse-vendor-option; break;",
	  "\n    on expiry or release {\n      log (debug, \"y\");\n    }\n    on expiry;"
	  "\n    parse-vendor-option;\n    break;" },
	{ "if option host-name != \"a\" or option host-name ~= \"^a\" or option host-name ~~ \"b\" "
	  "{ log(\"x\"); }",
	  "\n    if option host-name != \"a\" or option host-name ~= \"^a\" or option host-name"
	  "\n           ~~ \"b\" {\n      log (debug, \"x\");\n    }" },
	{ "set ax = option agent.circuit-id; set ax = config-option server.max-lease-time;",
	  "\n    set ax = \n       option agent.circuit-id ;"
	  "\n    set ax = \n       config-option server.max-lease-time ;" },
	{ "set ax = fun(option host-name, concat(\"a\", \"b\")); eval fun(\"x\");",
	  "\n    set ax = fun (option host-name, \n       concat (\"a\", \"b\")) ;"
	  "\n    eval fun (\"x\");" },
	{ "option host-name = encode-int(extract-int(option host-name, 8) + 2, 8);",
	  "\n    supersede host-name = encode-int (extract-int (option host-name,  8) + 2, "
	  "\n                                      8);" },
	{ "set ax = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\";",
	  "\n    set ax = \n       "
	  "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n        ;" },
	{ "add \"c1\"; log(info, 61:7f); log(info, 7f:41); log(info, 41:1f);",
	  "\n    add \"c1\";\n    log (info, 61:7f);\n    log (info, 7f:41);"
	  "\n    log (info, 41:1f);" },
	{ "log(info, concat(concat(\"expiry \", clmac), \"\"));",
	  "\n    log (info, \n        concat (concat (\"expiry \", clmac), \"\"));" },
};

static size_t
print(const char *text, char *buf, size_t size)
{
	const struct stmt *list = NULL;
	struct wr w;

	ck_assert_msg(conf_stmts_parse(&ct.conf, str_of(text), &ct.scratch, &list), "%s", text);
	wr_init(&w, buf, size - 1);
	stmt_print(&w, list, 4);
	ck_assert_msg(wr_ok(&w), "room");
	buf[w.len] = '\0';
	return w.len;
}

START_TEST(prints_as_the_peer_and_reads_back)
{
	static char once[8192], twice[8192];

	ck_assert_int_eq(conftext_load(conf_text, false), CONF_OK);
	(void)print(rows[_i].text, once, sizeof(once));
	ck_assert_str_eq(once, rows[_i].want);
	(void)print(once, twice, sizeof(twice));
	/* octets of a text option read back as octets of the same value */
	ck_assert_int_eq((int)strlen(twice) > 0, 1);
	ck_assert_msg(strstr(once, "supersede routers") || strcmp(once, twice) == 0, "%s", twice);
}
END_TEST

/* Options of a lease: what only a packet or a name server knows is no value. */
static const struct {
	const char *text, *want;	/* NULL: refused */
	size_t len;
} values[] = {
	{ "option agent.link-selection 10.1.2.3;", "\12\1\2\3", 4 },
	{ "option agent.link-selection = 0a:01;", "\12\1", 2 },
	{ "option agent.DOCSIS-device-class 258;", "\0\0\1\2", 4 },
	{ "option agent.link-selection;", NULL, 0 },
	{ "option agent.link-selection no.such.host;", NULL, 0 },
	{ "option agent.link-selection = config-option routers;", NULL, 0 },
	{ "option agent.link-selection = option routers;", NULL, 0 },
	{ "option agent.link-selection = leased-address;", NULL, 0 },
	{ "option agent.link-selection = host-decl-name;", NULL, 0 },
	{ "option agent.link-selection = gethostbyname(\"a\");", NULL, 0 },
	{ "option agent.link-selection = encode-int(lease-time, 32);", NULL, 0 },
	{ "option agent.link-selection = some-variable;", NULL, 0 },
	{ "option agent.link-selection \"", NULL, 0 },
	{ "", NULL, 0 },
};

START_TEST(a_lease_has_constants)
{
	struct str value;
	bool ok;

	ck_assert_int_eq(conftext_load(conf_text, false), CONF_OK);
	ok = conf_value_parse(&ct.conf, str_of(values[_i].text), &ct.scratch, &value);
	ck_assert_msg(ok == (values[_i].want != NULL), "%s", values[_i].text);
	if (ok)
		t_mem_eq(value.p, value.len, values[_i].want, values[_i].len);
}
END_TEST

T_MAIN("dhcpd_stmtprint")
{
	T_LOOP(prints_as_the_peer_and_reads_back, 0, (int)ARRAY_LEN(rows));
	T_LOOP(a_lease_has_constants, 0, (int)ARRAY_LEN(values));
}
