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
	ck_assert_msg(!domain_parse(STR("a..b"), &name), "empty label");
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

T_MAIN("dhcpd_parse")
{
	T_ADD(ip6_text_forms);
	T_ADD(domain_lists_pack_and_unpack);
	T_ADD(values_print_by_format);
}
