/* SPDX-License-Identifier: ISC */
/*
 * Negotiation: each row of the table by itself, and what clients really ask.
 */
#include "tests/unit/t.h"

#include "common/wr.h"
#include "tftpd/opttab.h"

static const struct opttab_limits limits = {
	.blksize_max = PROTO_BLKSIZE_MAX, .window_max = PROTO_WINDOW_MAX
};

/* Negotiate "name=value name=value ..."; the OACK in the same form. */
static const char *
ask(const char *text, const struct opttab_limits *l, struct opttab_set *set)
{
	static char answer[512];
	uint8_t packet[512];
	struct packet_req req;
	struct wr wr;

	wr_init(&wr, packet, sizeof(packet));
	wr_bytes(&wr, "\0\1f\0octet\0", 10);
	for (; *text != '\0'; text++)
		wr_u8(&wr, *text == '=' || *text == ' ' ? 0 :
		    *text == '_' ? ' ' : (uint8_t)*text);
	wr_u8(&wr, 0);
	ck_assert_int_eq(packet_parse_req(packet, wr.len, &req), PACKET_OK);
	opttab_negotiate(&req, l, set);
	answer[0] = '\0';
	if (set->oack_len == 0)
		return answer;
	t_mem_eq(set->oack, 2, "\0\6", 2);
	for (size_t i = 2, n = 0; i < set->oack_len; i++) {
		answer[i - 2] = (char)set->oack[i];
		if (set->oack[i] == 0)
			answer[i - 2] = n++ % 2 == 0 ? '=' : ' ';
	}
	answer[set->oack_len - 3] = '\0';
	return answer;
}

static struct opttab_set
read_of(uint64_t size)
{
	struct opttab_set set;

	memset(&set, 0, sizeof(set));
	set.size = size;
	return set;
}

START_TEST(clients_get_what_they_ask)
{
	static const struct {
		const char *asked, *answered;
	} cases[] = {
		{ "tsize=0 blksize=1408", "tsize=3000 blksize=1408" },
		{ "tsize=0 blksize=1468 windowsize=4",
		    "tsize=3000 blksize=1468 windowsize=4" },
		{ "BlkSize=1024 TIMEOUT=6", "BlkSize=1024 TIMEOUT=6" },
		{ "x=1 blksize=512 multicast=1", "blksize=512" },
		{ "x=1", "" },
		{ "blksize=7", "" },
		{ "blksize=8", "blksize=8" },
		{ "blksize=99999", "blksize=65464" },
		{ "blksize=+1024", "blksize=1024" },
		{ "blksize=_01024", "blksize=1024" },
		{ "blksize=\t\v1024", "blksize=1024" },
		{ "blksize=\a1024", "" },
		{ "blksize=_", "" },
		{ "blksize=+", "" },
		{ "blksize=-1", "" },
		{ "blksize=1024x", "" },
		{ "blksize=99999999999999999999", "" },
		{ "blksize=1400 blksize=600", "blksize=1400" },
		{ "blksize=1400 blksize2=2048", "blksize=1400" },
		{ "blksize2=2048 blksize=1400", "blksize=1400" },
		{ "blksize2=1500", "blksize2=1024" },
		{ "blksize2=65464", "blksize2=32768" },
		{ "tsize=5", "tsize=3000" },
		{ "timeout=0", "" },
		{ "timeout=256", "" },
		{ "utimeout=9999", "" },
		{ "utimeout=10000", "utimeout=10000" },
		{ "rollover=65536", "" },
		{ "rollover=1", "rollover=1" },
		{ "windowsize=0", "" },
		{ "windowsize=65536", "" },
		{ "windowsize=65535", "windowsize=64" },
	};
	struct opttab_set set = read_of(3000);

	ck_assert_msg((size_t)_i < ARRAY_LEN(cases), "loop");
	ck_assert_str_eq(ask(cases[_i].asked, &limits, &set),
	    cases[_i].answered);
}
END_TEST

START_TEST(every_row_can_be_refused)
{
	struct opttab_limits l = limits;
	struct opttab_set set = read_of(1);
	char text[64];

	for (unsigned i = 0; opttab_name(i) != NULL; i++) {
		snprintf(text, sizeof(text), "%s=10000", opttab_name(i));
		l.refused = 0;
		if (strcmp(opttab_name(i), "timeout") != 0)
			ck_assert_msg(ask(text, &l, &set)[0] != '\0', "%s",
			    text);
		l.refused = 1u << (unsigned)opttab_find(
		    str_of(opttab_name(i)));
		ck_assert_str_eq(ask(text, &l, &set), "");
	}
	ck_assert_int_eq(opttab_find(STR("nosuch")), -1);
}
END_TEST

START_TEST(all_at_once_fits)
{
	struct opttab_set set = read_of(UINT64_MAX);

	ck_assert_str_eq(ask("blksize=65464 tsize=0 timeout=255 "
	    "utimeout=255000000 rollover=65535 windowsize=64", &limits,
	    &set), "blksize=65464 tsize=18446744073709551615 timeout=255 "
	    "utimeout=255000000 rollover=65535 windowsize=64");
	ck_assert_msg(set.blksize == 65464 && set.window == 64 &&
	    set.timeout_us == 255000000 && set.rollover == 65535, "values");
}
END_TEST

START_TEST(netascii_has_no_size_and_no_window)
{
	struct opttab_set set = read_of(10);

	set.is_ascii = true;
	ck_assert_str_eq(ask("tsize=0 windowsize=8", &limits, &set),
	    "windowsize=1");
	set.is_write = true;
	ck_assert_str_eq(ask("tsize=77 windowsize=8", &limits, &set),
	    "tsize=77 windowsize=8");
	ck_assert_msg(set.has_tsize && set.tsize == 77, "tsize");
}
END_TEST

START_TEST(limits_hold)
{
	struct opttab_limits l = { .blksize_max = 1468, .window_max = 16 };
	struct opttab_set set = read_of(10);

	ck_assert_str_eq(ask("blksize=9000 windowsize=64", &l, &set),
	    "blksize=1468 windowsize=16");
	ck_assert_str_eq(ask("blksize2=2048", &l, &set), "blksize2=1024");
}
END_TEST

T_MAIN("tftpd_opttab") {
	T_LOOP(clients_get_what_they_ask, 0, 28);
	T_ADD(every_row_can_be_refused);
	T_ADD(all_at_once_fits);
	T_ADD(netascii_has_no_size_and_no_window);
	T_ADD(limits_hold);
}
