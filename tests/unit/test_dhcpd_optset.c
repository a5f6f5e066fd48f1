/* SPDX-License-Identifier: ISC */
/*
 * Sets of option values: setting, replacing, removing, the order of a reply,
 * taking encapsulated options apart.
 */
#include "dhcpd/opttab.h"
#include "tests/unit/conftext.h"

static struct optset set;

/* The value of an option that is there. */
static struct str
value_of(uint32_t space, uint32_t code)
{
	const struct optset_entry *entry = optset_find(&set, space, code);

	ck_assert_msg(entry != NULL, "option %u of space %u", code, space);
	return entry == NULL ? STR("") : entry->bytes;
}

START_TEST(replaces_in_place_and_removes)
{
	optset_init(&set);
	ck_assert_msg(optset_put(&set, NULL, OPTSPACE_DHCP, 12, STR("a")), "put");
	ck_assert_msg(optset_put(&set, NULL, OPTSPACE_AGENT, 1, STR("b")), "put");
	ck_assert_msg(optset_put(&set, NULL, OPTSPACE_AGENT, 2, STR("c")), "put");
	ck_assert_msg(optset_put(&set, NULL, OPTSPACE_DHCP, 12, STR("d")), "put");
	ck_assert_int_eq((int)set.n, 3);
	ck_assert_msg(str_eq(value_of(OPTSPACE_DHCP, 12), STR("d")), "value");
	optset_remove(&set, OPTSPACE_AGENT, 1);
	optset_remove(&set, OPTSPACE_DHCP, 12);
	optset_remove(&set, OPTSPACE_DHCP, 99);
	ck_assert_msg(!optset_has(&set, OPTSPACE_AGENT, 1), "removed");
	ck_assert_msg(!optset_has(&set, OPTSPACE_DHCP, 12), "removed");
	ck_assert_msg(optset_has(&set, OPTSPACE_AGENT, 2), "kept");
}
END_TEST

START_TEST(full_set_says_so)
{
	optset_init(&set);
	for (uint32_t i = 0; i < OPTSET_MAX; i++)
		ck_assert_msg(optset_put(&set, NULL, OPTSPACE_BUILTIN_N, i, STR("x")), "%u", i);
	ck_assert_msg(!optset_put(&set, NULL, OPTSPACE_DHCP, 1, STR("x")), "full");
	ck_assert_msg(set.is_full && !optset_has(&set, OPTSPACE_DHCP, 1), "dropped");
	ck_assert_msg(optset_put(&set, NULL, OPTSPACE_BUILTIN_N, 5, STR("y")), "replace");
}
END_TEST

/* Buckets ((c & 31) + (c >> 5 & 31)) mod 17: 3, 20 and 34 share one. */
START_TEST(order_is_the_peer_s_buckets)
{
	static const uint32_t codes[] = { 3, 12, 20, 17, 1, 34 };
	static const uint32_t want[] = { 17, 1, 34, 20, 3, 12 };
	struct optset_entry *order[8];
	size_t n;

	optset_init(&set);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		ck_assert_msg(optset_put(&set, NULL, OPTSPACE_DHCP, codes[i], STR("")), "put");
	n = optset_order(&set, OPTSPACE_DHCP, order, ARRAY_LEN(order));
	ck_assert_int_eq((int)n, (int)ARRAY_LEN(codes));
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq((int)order[i]->code, (int)want[i]);
	ck_assert_int_eq((int)optset_order(&set, OPTSPACE_DHCP, order, 2), 2);
	ck_assert_int_eq((int)order[1]->code, 1);
}
END_TEST

static bool
decode(enum optspace_id space, const char *hex)
{
	size_t len;
	uint8_t *bytes = t_unhex(hex, &len), *copy;
	bool is_whole;

	ck_assert_int_eq(conftext_load("option space v; option v.one code 1 = text;"
	    "option enc code 200 = encapsulate v;", false), CONF_OK);
	optset_init(&set);
	copy = arena_dup(&ct.scratch, bytes, len);
	is_whole = optset_decode(&set, &ct.conf.u, ct.conf.u.spaces[space],
	    str_make(copy, len), &ct.scratch);
	free(bytes);
	return is_whole;
}

START_TEST(decodes_pieces_and_inner_spaces)
{
	uint32_t v;

	ck_assert_msg(decode(OPTSPACE_DHCP, "0c0161 00 0c0162 c803010178 ff 0101"), "whole");
	ck_assert_msg(str_eq(value_of(OPTSPACE_DHCP, 12), STR("ab")), "joined");
	ck_assert_msg(!optset_has(&set, OPTSPACE_DHCP, 1), "behind the end");
	v = optspace_by_name(&ct.conf.u, STR("V"))->id;
	ck_assert_msg(str_eq(value_of(v, 1), STR("x")), "inner");
	ck_assert_msg(decode(OPTSPACE_VENDOR, "000009bf 07 0001 0003 616263"), "enterprise");
	ck_assert_msg(str_eq(value_of(OPTSPACE_ISC, 1), STR("abc")), "isc");
}
END_TEST

START_TEST(decodes_fqdn_in_both_encodings)
{
	ck_assert_msg(decode(OPTSPACE_FQDN, "05 00 00 03666f6f 03626172 00"), "wire");
	ck_assert_msg(str_eq(value_of(OPTSPACE_FQDN, OPTTAB_FQDN_FQDN),
	    STR("foo.bar")), "name");
	ck_assert_msg(str_eq(value_of(OPTSPACE_FQDN, OPTTAB_FQDN_SERVER_UPDATE),
	    STR("\1")), "flag");
	ck_assert_msg(decode(OPTSPACE_FQDN, "00 00 00 666f6f"), "text");
	ck_assert_msg(str_eq(value_of(OPTSPACE_FQDN, OPTTAB_FQDN_HOSTNAME),
	    STR("foo")), "host");
	ck_assert_msg(!optset_has(&set, OPTSPACE_FQDN, OPTTAB_FQDN_DOMAINNAME), "no domain");
	ck_assert_msg(decode(OPTSPACE_FQDN, "00 00 00 612e622e") &&
	    str_eq(value_of(OPTSPACE_FQDN, OPTTAB_FQDN_FQDN), STR("a.b")) &&
	    str_eq(value_of(OPTSPACE_FQDN, OPTTAB_FQDN_DOMAINNAME), STR("b")), "final dot");
	ck_assert_msg(decode(OPTSPACE_FQDN, "00 00 00 2e") &&
	    !optset_has(&set, OPTSPACE_FQDN, OPTTAB_FQDN_FQDN), "root");
	ck_assert_msg(!decode(OPTSPACE_FQDN, "05 00 00 4061"), "label of 64");
	ck_assert_msg(!decode(OPTSPACE_FQDN, "05 00 00 3f666f"), "label too long");
	ck_assert_msg(!decode(OPTSPACE_FQDN, "0500"), "too short");
}
END_TEST

/* Spaces inside each other, without end; pieces without octets. */
START_TEST(nests_so_deep_and_joins_nothing)
{
	uint8_t wire[64];
	size_t n = 0;

	ck_assert_int_eq(conftext_load("option space v; option v.in code 1 = encapsulate v;",
	    false), CONF_OK);
	optset_init(&set);
	for (size_t i = sizeof(wire); i > 1; i -= 2) {
		wire[n++] = 1;
		wire[n++] = (uint8_t)(i - 2);
	}
	(void)optset_decode(&set, &ct.conf.u, optspace_by_name(&ct.conf.u, STR("v")),
	    str_make(wire, n), &ct.scratch);
	ck_assert_int_eq((int)set.n, 1);
	optset_init(&set);
	ck_assert_msg(optset_decode(&set, &ct.conf.u, ct.conf.u.spaces[OPTSPACE_DHCP],
	    STR("\14\0\14\1a\14\0"), &ct.scratch), "whole");
	ck_assert_msg(str_eq(value_of(OPTSPACE_DHCP, 12), STR("a")), "joined");
}
END_TEST

START_TEST(cut_short_keeps_what_was_whole)
{
	ck_assert_msg(!decode(OPTSPACE_AGENT, "010161 0205 6162"), "cut");
	ck_assert_msg(optset_has(&set, OPTSPACE_AGENT, 1), "first");
	ck_assert_msg(!optset_has(&set, OPTSPACE_AGENT, 2), "second");
	ck_assert_msg(!decode(OPTSPACE_AGENT, "01"), "no length");
}
END_TEST

T_MAIN("dhcpd_optset")
{
	T_ADD(replaces_in_place_and_removes);
	T_ADD(full_set_says_so);
	T_ADD(order_is_the_peer_s_buckets);
	T_ADD(decodes_pieces_and_inner_spaces);
	T_ADD(decodes_fqdn_in_both_encodings);
	T_ADD(nests_so_deep_and_joins_nothing);
	T_ADD(cut_short_keeps_what_was_whole);
}
