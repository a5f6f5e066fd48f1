/* SPDX-License-Identifier: ISC */
/*
 * Small forms of the language: IPv6 addresses, domain names in lists, printed
 * option values.
 */
#include "dhcpd/domain.h"
#include "dhcpd/optval.h"
#include "dhcpd/parse.h"
#include "tests/unit/conftext.h"

START_TEST(ip6_text_forms)
{
	static const char *const good[] = { "::", "::1", "2001:db8::", "1:2:3:4:5:6:7:8",
	    "::ffff:10.0.0.1", "1::8", "1:2:3:4:5:6:7::" };
	static const char *const bad[] = { "", ":", "1", "1:2", ":::", "1::2::3", "12345::",
	    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::g", "::1.2.3", "::1.2.3.256", "1:" };
	struct conf_ip6 a;

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		ck_assert_msg(parse_ip6_text(str_of(good[i]), &a), "%s", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ck_assert_msg(!parse_ip6_text(str_of(bad[i]), &a), "%s", bad[i]);
	ck_assert_msg(parse_ip6_text(STR("1::ffff:10.0.0.1"), &a), "mixed");
	ck_assert_int_eq(a.b[1], 1);
	ck_assert_int_eq(a.b[11], 0xff);
	ck_assert_int_eq(a.b[12], 10);
	ck_assert_int_eq(a.b[15], 1);
}
END_TEST

START_TEST(domain_lists_pack_and_unpack)
{
	uint8_t buf[256];
	struct domain name;
	struct wr w;
	size_t at = 0;

	wr_init(&w, buf, sizeof(buf));
	ck_assert_msg(domain_parse(STR("a.com."), &name), "final dot");
	domain_append(&w, &name, true);
	ck_assert_msg(domain_parse(STR("b.A.com"), &name), "second");
	domain_append(&w, &name, true);
	ck_assert_int_eq((int)w.len, 7 + 4);
	ck_assert_msg(domain_read(wr_as_str(&w), &at, &name) && name.len == 7, "first back");
	ck_assert_msg(domain_read(wr_as_str(&w), &at, &name) && name.len == 9, "second back");
	ck_assert_msg(!domain_read(wr_as_str(&w), &at, &name), "end");
	at = 0;
	ck_assert_msg(!domain_read(STR("\300\0"), &at, &name), "pointer to itself");
	ck_assert_msg(!domain_read(STR("\5ab"), &at, &name), "cut");
	at = 0;
	ck_assert_msg(!domain_read(STR("\300"), &at, &name), "half a pointer");
	at = 4;
	ck_assert_msg(domain_read(STR("\1a\0\0\300\0\300\4"), &at, &name) && at == 6 &&
	    domain_read(STR("\1a\0\0\300\0\300\4"), &at, &name) && at == 8 && name.len == 3,
	    "a pointer to a pointer");
	at = 0;
	ck_assert_msg(!domain_read(STR("\100abc"), &at, &name), "reserved bits");
	ck_assert_msg(!domain_parse(STR("a..b"), &name), "empty label");
	/* 127 labels of one octet fill a name; a label has 63 octets */
	memset(buf, 'a', sizeof(buf));
	for (size_t i = 1; i < 253; i += 2)
		buf[i] = '.';
	ck_assert_msg(domain_parse(str_make(buf, 253), &name) && name.len == 255, "full");
	buf[253] = '.';
	ck_assert_msg(!domain_parse(str_make(buf, 255), &name), "one label more");
	memset(buf, 1, sizeof(buf));
	at = 0;
	ck_assert_msg(!domain_read(str_make(buf, sizeof(buf)), &at, &name), "too long");
	memset(buf, 'a', sizeof(buf));
	ck_assert_msg(domain_parse(str_make(buf, 63), &name), "63");
	ck_assert_msg(!domain_parse(str_make(buf, 64), &name), "64");
}
END_TEST

static const char *
printed(uint32_t code, struct str bytes)
{
	static char text[256];
	struct wr w;

	wr_init(&w, text, sizeof(text) - 1);
	optval_print(&w, code ? optspace_builtin(OPTSPACE_DHCP, code) : NULL, bytes, true);
	text[w.len] = '\0';
	return text;
}

START_TEST(values_print_by_format)
{
	ck_assert_str_eq(printed(3, STR("\12\0\0\1\12\0\0\2")), "10.0.0.1, 10.0.0.2");
	ck_assert_str_eq(printed(51, STR("\0\0\16\20")), "3600");
	ck_assert_str_eq(printed(2, STR("\377\377\271\260")), "-18000");
	ck_assert_str_eq(printed(19, STR("\1")), "true");
	ck_assert_str_eq(printed(12, STR("abc")), "\"abc\"");
	ck_assert_str_eq(printed(12, STR("a\"c")), "61:22:63");
	ck_assert_str_eq(printed(3, STR("\12\0\0")), "a:0:0");
	ck_assert_str_eq(printed(0, STR("\0\377")), "0:ff");
}
END_TEST

/* Texts of one piece many times: one too many, and what is said of it. */
static const struct row {
	const char *before, *piece;
	int n;
	const char *after, *want;
} limits[] = {
	{ "zone ", "bbbbbbbb.", 456, " { }", "name longer than 4096 characters" },
	{ "option routers 10.0.0.1", ", 10.0.0.1", 4096, ";",
	    "value longer than 16384 octets" },
	{ "host h { fixed-address 10.0.0.1", ", 10.0.0.1", 4096, "; }",
	    "more than 4096 addresses" },
	{ "zone a. { primary6 ::1", ", ::1", 4096, "; }", "more than 4096 addresses" },
	{ "host h { uid 1", ":1", 8192, "; }", "more than 8192 octets" },
	{ "option dhcp-client-identifier 1", ":1", 8192, ";", "more than 8192 octets" },
	{ "key k { algorithm a; secret aaaa", " aaaa", 340, "; }", NULL },
	{ "key k { algorithm a; secret aaaa", " aaaa", 341, "; }",
	    "secret longer than 1024 octets" },
	{ "option space a; option a.b code 1 = { integer 8", ", integer 8", 253, " };", NULL },
	{ "option space a; option a.b code 1 = { integer 8", ", integer 8", 254, " };",
	    "too many types in record." },
	{ "define f(a", ", a", 62, ") { }", NULL },
	{ "define f(a", ", a", 63, ") { }", "expecting argument name" },
	{ "option classless-static-routes 24.10.0.0", ".10.0.0", 6000, " 10.0.0.1;",
	    "value longer than 16384 octets" },
	{ "option classless-static-routes 33.10", "", 0, " 10.0.0.1;",
	    "subnet mask width (33) greater than 32." },
	{ "option space a; option a.b code 1 = domain-name; option a.b a", ".a", 127, ";",
	    "Error assembling domain name: Message too long" },
	{ "", "group {", 400, "", "unexpected end of file" },
	{ "", "group {", 401, "", "nested more than 400 deep" },
	{ "", "group {", 400, "host h {", "nested more than 400 deep" },
	{ "", "group {", 400, "class \"c\" {", "nested more than 400 deep" },
	{ "", "group {", 400, "shared-network n {", "nested more than 400 deep" },
	{ "", "group {", 400, "subnet 10.0.0.0 netmask 255.0.0.0 {",
	    "nested more than 400 deep" },
	{ "", "group {", 400, "on commit {", "nested more than 400 deep" },
	{ "", "group {", 400, "define f(a) {", "nested more than 400 deep" },
	{ "", "group {", 400, "if known {", "nested more than 400 deep" },
	{ "", "group {", 400, "switch (1) {", "nested more than 400 deep" },
	{ "", "group {", 400, "include \"x\";", "nested more than 400 deep" },
	{ "", "group {", 399, "shared-network n { pool {", "nested more than 400 deep" },
	{ "if ", "(", 401, "known", "nested more than 400 deep" },
	{ "if known { } ", "elsif known { } ", 400, "", "nested more than 400 deep" },
};

static const char *
repeated(const struct row *r)
{
	static char text[1 << 18];
	size_t n = (size_t)snprintf(text, sizeof(text), "%s", r->before);

	for (int i = 0; i < r->n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", r->piece);
	(void)snprintf(text + n, sizeof(text) - n, "%s", r->after);
	return text;
}

START_TEST(one_too_many_is_said)
{
	const struct row *r = &limits[_i];
	enum conf_result got = conftext_load(repeated(r), false);

	ck_assert_msg((got == CONF_OK) == (r->want == NULL), "%s", conftext_said());
	ck_assert_msg(r->want == NULL || strstr(conftext_said(), r->want) != NULL, "%s",
	    conftext_said());
}
END_TEST

/* Definitions beyond what the tables have room for at first; redefined by name and code. */
START_TEST(thousands_of_options_and_hundreds_of_spaces)
{
	static char text[1 << 18];
	size_t n = (size_t)snprintf(text, sizeof(text), "option space v code width 2;\n");

	for (int i = 0; i < 1200; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "option v.o%d code %d = text;\n"
		    "option space s%d; option s%d.x code 1 = text;\n", i, i, i, i);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "option v.o7 code 5000 = text;\n"
	    "option v.other code 8 = integer 8;\n");
	ck_assert_msg(conftext_load(text, false) == CONF_OK, "%s", conftext_said());
	for (int i = 0; i < 1200; i++) {
		const struct opt_space *v = optspace_by_name(&ct.conf.u, STR("v")), *s;
		uint32_t code = i == 7 ? 5000 : (uint32_t)i;
		const struct opt_def *def;

		(void)snprintf(text, sizeof(text), "o%d", i);
		def = optspace_def_by_name(&ct.conf.u, v->id, str_of(text));
		ck_assert_msg(def != NULL && def->code == code, "%s", text);
		ck_assert_msg(i == 8 || optspace_def_by_code(&ct.conf.u, v->id, code) == def,
		    "code of %s", text);
		(void)snprintf(text, sizeof(text), "s%d", i);
		s = optspace_by_name(&ct.conf.u, str_of(text));
		ck_assert_msg(s != NULL && optspace_def_by_code(&ct.conf.u, s->id, 1) != NULL,
		    "space %s", text);
	}
	ck_assert_msg(optspace_def_by_code(&ct.conf.u, optspace_by_name(&ct.conf.u,
	    STR("v"))->id, 7) == NULL, "a name has one code");
}
END_TEST

T_MAIN("dhcpd_parse")
{
	T_ADD(ip6_text_forms);
	T_ADD(domain_lists_pack_and_unpack);
	T_ADD(values_print_by_format);
	T_LOOP(one_too_many_is_said, 0, (int)ARRAY_LEN(limits));
	T_ADD(thousands_of_options_and_hundreds_of_spaces);
}
