/* SPDX-License-Identifier: ISC */
/*
 * Values of options as text: each letter of a format, and what does not fit it.
 */
#include "common/cc.h"
#include "dhcpd/optval.h"
#include "tests/unit/t.h"

static const struct {
	const char *format;		/* NULL: an option nobody defined */
	const char *hex, *plain, *fancy;
} values[] = {
	{ "I", "0a000001", "10.0.0.1", "10.0.0.1" },
	{ "IA", "0a0000010a000002", "10.0.0.1,10.0.0.2", "10.0.0.1, 10.0.0.2" },
	{ "IIA", "0a0000010a000002", "10.0.0.1 10.0.0.2", "10.0.0.1 10.0.0.2" },
	{ "L", "ffffffff", "4294967295", "4294967295" },
	{ "T", "ffffffff", "infinite", "infinite" },
	{ "T", "00000258", "600", "600" },
	{ "l", "ffffffff", "-1", "-1" }, { "S", "ffff", "65535", "65535" },
	{ "s", "ffff", "-1", "-1" }, { "s", "7fff", "32767", "32767" },
	{ "B", "ff", "255", "255" }, { "b", "80", "-128", "-128" },
	{ "f", "00", "false", "false" }, { "f", "01", "true", "true" },
	{ "f", "02", "ignore", "ignore" },
	{ "BA", "010203", "1,2,3", "1, 2, 3" },
	{ "t", "616263", "abc", "\"abc\"" },
	/* octets, when the format does not hold */
	{ "I", "0a0000", "a:0:0", "a:0:0" },
	{ "I", "0a0000010a000002", "a:0:0:1:a:0:0:2", "a:0:0:1:a:0:0:2" },
	{ "IA", "0a00000101", "a:0:0:1:1", "a:0:0:1:1" },
	{ "t", "6122", "61:22", "61:22" }, { "t", "615c", "61:5c", "61:5c" },
	{ "t", "617f", "61:7f", "61:7f" }, { "t", "", "", "" },
	{ "X", "01ff", "1:ff", "1:ff" }, { "X", "6162", "\"ab\"", "\"ab\"" },
	{ "IAA", "0a000001", "a:0:0:1", "a:0:0:1" },
	{ NULL, "6162", "\"ab\"", "\"ab\"" }, { NULL, "00", "0", "0" },
};

START_TEST(printed)
{
	struct opt_def def = { .format = values[_i].format };
	char got[256];
	struct wr w;
	size_t n;
	uint8_t *p = t_unhex(values[_i].hex, &n);

	for (int is_fancy = 0; is_fancy < 2; is_fancy++) {
		wr_init(&w, got, sizeof(got) - 1);
		optval_print(&w, def.format != NULL ? &def : NULL,
		    str_make((const char *)p, n), is_fancy != 0);
		ck_assert_msg(wr_ok(&w), "fits");
		got[w.len] = '\0';
		ck_assert_str_eq(got, is_fancy ? values[_i].fancy :
		    values[_i].plain);
	}
	free(p);
}
END_TEST

START_TEST(sets_of_words)
{
	const struct optval_word *words;
	uint8_t width = 0;

	words = optval_words(STR("status-codes"), &width);
	ck_assert_msg(words != NULL && width == 2, "two octets");
	words = optval_words(STR("ldap-tls-crlcheck"), &width);
	ck_assert_msg(words != NULL && width == 1, "the last one");
	ck_assert_str_eq(words[2].word, "all");
	ck_assert_msg(optval_words(STR("no-such-set"), &width) == NULL, "none");
}
END_TEST

T_MAIN("dhcpd_optval") {
	T_LOOP(printed, 0, (int)ARRAY_LEN(values));
	T_ADD(sets_of_words);
}
