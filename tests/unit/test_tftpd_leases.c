/* SPDX-License-Identifier: ISC */
/*
 * The leases file as dhcpd writes it, cut at every byte, and who is where.
 */
#include "tests/unit/t.h"

#include "tftpd/leases.h"

static const char text[] =
    "# The format of this file is documented in the dhcpd.leases(5).\n"
    "authoring-byte-order little-endian;\n"
    "server-duid \"\\000\\001}{;\\\"\";\n"
    "failover peer \"x\" state {\n  my state normal at 4 2026/01/01;\n}\n"
    "lease 10.10.3.110 {\n"
    "  starts 4 2026/11/19 10:00:00;\n"
    "  ends 4 2026/11/19 22:00:00;\n"
    "  binding state active;\n"
    "  next binding state free;\n"
    "  hardware ethernet 00:50:56:3b:f6:2b;\n"
    "  uid \"\\001\\000PV;\\366+\";\n"
    "  set vendor-class-identifier = \"PXE}Client\";\n"
    "  client-hostname \"node7\";\n"
    "  on expiry { set x = \"}\"; log(info, \"y\"); }\n"
    "}\n"
    "lease 10.10.3.111 {\n"
    "  binding state active;\n  hardware ethernet 1:2:3:4:5:6;\n"
    "  client-hostname \"../../etc\";\n  uid 01:02:ff;\n}\n"
    "lease 10.10.3.111 {\n  binding state free;\n}\n"
    "lease 10.10.3.112 {\n  hardware ethernet aa:bb:cc:dd:ee:ff;\n}\n"
    "lease { }\nlease fe80::1 { binding state active; }\n";

static struct leases leases;
static void *mem;

static void
init(void)
{
	static const struct map_key key = { 1, 2 };

	mem = calloc(1, leases_size());
	if (mem == NULL)
		abort();
	leases_init(&leases, mem, key);
}

static void
is_the_table(void)
{
	const struct lease_entry *e = leases_find(&leases, 0x0a0a036e);
	char buf[LEASES_TEXT_SIZE];

	ck_assert_msg(e != NULL, "110");
	t_mem_eq(e->mac, e->mac_len, "\0\x50\x56\x3b\xf6\x2b", 6);
	t_mem_eq(e->id, e->id_len, "\1\0PV;\xf6+", 7);
	t_mem_eq(e->name, e->name_len, "node7", 5);
	ck_assert_msg(str_eq(leases_hex(e->mac, e->mac_len, '-', buf),
	    STR("00-50-56-3b-f6-2b")), "dashes");
	ck_assert_msg(str_eq(leases_hex(e->id, e->id_len, '\0', buf),
	    STR("010050563bf62b")), "hex");
	ck_assert_msg(leases_find(&leases, 0x0a0a036f) == NULL, "111");
	e = leases_find(&leases, 0x0a0a0370);
	ck_assert_msg(e != NULL && e->mac[0] == 0xaa, "112");
	ck_assert_msg(leases_find(&leases, 0) == NULL, "0");
}

START_TEST(reads_the_file)
{
	init();
	ck_assert_int_eq((int)leases_feed(&leases, STR("")), 0);
	ck_assert_int_eq((int)leases_feed(&leases, str_of(text)),
	    (int)sizeof(text) - 2);
	is_the_table();
	leases_clear(&leases, mem);
	ck_assert_msg(leases_find(&leases, 0x0a0a036e) == NULL, "cleared");
	free(mem);
}
END_TEST

/* Half-written files: whatever is whole is taken, the rest comes later. */
START_TEST(in_two_parts)
{
	for (size_t cut = 0; cut < sizeof(text); cut++) {
		char *first = t_dup(text, cut), *rest;
		size_t used;

		init();
		used = leases_feed(&leases, str_make(first, cut));
		ck_assert_msg(used <= cut, "used too much");
		free(first);
		rest = t_dup(text + used, sizeof(text) - 1 - used);
		(void)leases_feed(&leases,
		    str_make(rest, sizeof(text) - 1 - used));
		free(rest);
		is_the_table();
		free(mem);
	}
}
END_TEST

START_TEST(odd_names_are_no_names)
{
	static const char odd[] =
	    "lease 10.0.0.1 { client-hostname \"../../etc\"; }\n"
	    "lease 10.0.0.2 { client-hostname \"a b\"; }\n"
	    "lease 10.0.0.3 { client-hostname \"a-1_b.c\"; }\n";

	init();
	(void)leases_feed(&leases, str_of(odd));
	ck_assert_int_eq(leases_find(&leases, 0x0a000001)->name_len, 0);
	ck_assert_int_eq(leases_find(&leases, 0x0a000002)->name_len, 0);
	ck_assert_int_eq(leases_find(&leases, 0x0a000003)->name_len, 7);
	free(mem);
}
END_TEST

/* one lease, its statement and what is known of its client then, in hex */
START_TEST(odd_values)
{
	static const struct {
		const char *statement, *mac, *id, *name;
	} odd[] = {
		{ ";;", "", "", "" },
		{ "abandoned;", NULL, "", "" },
		{ "hardware ethernet 0102;", "", "", "" },
		{ "hardware ethernet 1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:10:11;", "", "",
		    "" },
		{ "hardware ethernet x:y;", "", "", "" },
		{ "hardware token-ring a:b;", "0a0b", "", "" },
		{ "uid \"\\1\";", "", "31", "" },
		{ "uid \"\\08\\900\\0/0\";", "", "3038393030302f30", "" },
		{ "uid \"\\377\\000\\\"\";", "", "ff0022", "" },
		{ "\001 uid\"a\";", "", "", "" },
		{ "hardware\vethernet\"\" a:b;", "0a0b", "", "" },
		{ "client-hostname \"\";", "", "", "" },
		{ "client-hostname \".x\";", "", "", "" },
		{ "client-hostname \"a{b\";", "", "", "" },
		{ "client-hostname \"a`b\";", "", "", "" },
		{ "client-hostname \"a/b\";", "", "", "" },
		{ "client-hostname \"a:b\";", "", "", "" },
		{ "client-hostname \"09azAZ\";", "", "", "3039617a415a" },
	};

	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		char record[128], buf[LEASES_TEXT_SIZE];
		const struct lease_entry *e;

		init();
		(void)snprintf(record, sizeof(record), "}\nlease 10.0.0.1 { %s }\n",
		    odd[i].statement);
		(void)leases_feed(&leases, str_of(record));
		e = leases_find(&leases, 0x0a000001);
		ck_assert_msg((e == NULL) == (odd[i].mac == NULL), "%s", record);
		if (e != NULL) {
			ck_assert_msg(str_eq(leases_hex(e->mac, e->mac_len, '\0',
			    buf), str_of(odd[i].mac)), "MAC of %s", record);
			ck_assert_msg(str_eq(leases_hex(e->id, e->id_len, '\0',
			    buf), str_of(odd[i].id)), "identifier of %s", record);
			ck_assert_msg(str_eq(leases_hex((const uint8_t *)e->name,
			    e->name_len, '\0', buf), str_of(odd[i].name)),
			    "name of %s", record);
		}
		free(mem);
	}
}
END_TEST

/* What is longer than its place: no MAC, no name, an identifier cut. */
START_TEST(values_that_do_not_fit)
{
	char record[2048], z[512];
	const struct lease_entry *e;

	init();
	memset(z, 'z', sizeof(z));
	(void)snprintf(record, sizeof(record), "lease 10.0.0.1 { uid \"%.*s\"; "
	    "client-hostname \"%.*s\"; }\n", (int)sizeof(z), z, (int)sizeof(z),
	    z);
	(void)leases_feed(&leases, str_of(record));
	e = leases_find(&leases, 0x0a000001);
	ck_assert_msg(e != NULL && e->id_len == sizeof(e->id) && e->name_len == 0,
	    "cut");
	free(mem);
}
END_TEST

START_TEST(more_leases_than_fit)
{
	char line[100];
	int n;

	init();
	for (uint32_t i = 0; i <= LEASES_MAX; i++) {
		n = snprintf(line, sizeof(line), "lease 10.%u.%u.%u {\n"
		    "binding state active;\nhardware ethernet 2:0:0:%x:%x:%x;\n}\n",
		    (unsigned)(i >> 16), (unsigned)(i >> 8 & 255),
		    (unsigned)(i & 255), (unsigned)(i >> 16),
		    (unsigned)(i >> 8 & 255), (unsigned)(i & 255));
		ck_assert_int_eq((int)leases_feed(&leases,
		    str_make(line, (size_t)n)), n - 1);
	}
	ck_assert_msg(leases_find(&leases, 0x0a000000) != NULL, "the first");
	ck_assert_msg(leases_find(&leases, 0x0a00ffff) != NULL, "the last");
	ck_assert_msg(leases_find(&leases, 0x0a010000) == NULL, "beyond");
	free(mem);
}
END_TEST

T_MAIN("tftpd_leases") {
	T_ADD(reads_the_file);
	T_ADD(in_two_parts);
	T_ADD(odd_names_are_no_names);
	T_ADD(odd_values);
	T_ADD(values_that_do_not_fit);
	T_ADD(more_leases_than_fit);
}
