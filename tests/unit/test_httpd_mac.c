/* SPDX-License-Identifier: ISC */
/*
 * Who holds an address, by the leases file: the last whole entry counts.
 */

#include "tests/unit/t.h"

#include "httpd/mac.h"

#define NOW	1402403700	/* 2014-06-10 12:35:00 */
#define ENTRY(ip, ends, state, hw) "lease " ip " {\n  starts 2 2014/06/10 " \
    "12:00:00;\n  ends " ends ";\n  " state "hardware ethernet " hw ";\n}\n"
#define ACTIVE	"binding state active;\n  "
#define FREE	"binding state free;\n  "
#define LATER	"2 2014/06/10 13:00:00"
#define BEFORE	"2 2014/06/10 12:30:00"

static const struct {
	const char *text, *want;	/* NULL: not leased */
} cases[] = {
	{ ENTRY("10.0.0.9", LATER, ACTIVE, "52:54:00:AB:cd:ef"),
	    "52:54:00:ab:cd:ef" },
	{ ENTRY("10.0.0.9", BEFORE, ACTIVE, "52:54:00:00:00:01"), NULL },
	{ ENTRY("10.0.0.9", LATER, FREE, "52:54:00:00:00:01"), NULL },
	{ ENTRY("10.0.0.9", "never", ACTIVE, "52:54:00:00:00:01"),
	    "52:54:00:00:00:01" },
	{ ENTRY("10.0.0.9", "epoch 1402403800; # Tue", ACTIVE,
	    "52:54:00:00:00:01"), "52:54:00:00:00:01" },
	{ ENTRY("10.0.0.9", LATER, "", "52:54:00:00:00:01"),
	    "52:54:00:00:00:01" },
	{ ENTRY("10.0.0.99", LATER, ACTIVE, "52:54:00:00:00:01"), NULL },
	{ ENTRY("110.0.0.9", LATER, ACTIVE, "52:54:00:00:00:01"), NULL },
	{ ENTRY("10.0.0.9", LATER, ACTIVE, "52:54:00:00:00:01")
	    ENTRY("10.0.0.9", LATER, ACTIVE, "52:54:00:00:00:02"),
	    "52:54:00:00:00:02" },
	{ ENTRY("10.0.0.9", LATER, ACTIVE, "52:54:00:00:00:01")
	    ENTRY("10.0.0.9", LATER, FREE, "52:54:00:00:00:01"), NULL },
	/* dhcpd is writing the second one */
	{ ENTRY("10.0.0.9", LATER, ACTIVE, "52:54:00:00:00:01")
	    "lease 10.0.0.9 {\n  binding state fr",
	    "52:54:00:00:00:01" },
	/* one that was cut off has not the next one's end */
	{ "lease 10.0.0.9 {\n"
	    ENTRY("10.0.0.8", LATER, ACTIVE, "52:54:00:00:00:08"), NULL },
	{ "lease 10.0.0.9 {\n  binding sta"
	    ENTRY("10.0.0.8", LATER, ACTIVE, "52:54:00:00:00:08"), NULL },
	{ ENTRY("10.0.0.9", LATER, ACTIVE, "52:54:00:00:00:01")
	    "lease 10.0.0.9 {\n  ends ne"
	    ENTRY("10.0.0.8", LATER, ACTIVE, "52:54:00:00:00:08"),
	    "52:54:00:00:00:01" },
	{ "lease 10.0.0.9 {\n  client-hostname \"lease 1\";\n"
	    "  on release or expiry {\n  }\n  ends never;\n}\n", "" },
	/* a name in a comment or a string is no lease */
	{ "# lease 10.0.0.9 {\n  binding state active;\n}\n", NULL },
	{ "lease 10.0.0.9 {\n  ends " LATER ";\n  binding state active;\n}\n",
	    "" },
	/* nothing that could lead out of a directory */
	{ ENTRY("10.0.0.9", LATER, ACTIVE, "../../x"), "" },
	{ ENTRY("10.0.0.9", LATER, "abandoned;\n  ", "52:54:00:00:00:01"), NULL },
	{ "lease 10.0.0.9 {\n\n  ends never;\n}\n", "" },
	{ "", NULL }, { "lease 10.0.0.9 {", NULL },
};

START_TEST(last_entry_counts)
{
	size_t len = strlen(cases[_i].text);
	char *copy = t_dup(cases[_i].text, len);
	uint8_t mem[64];
	struct str mac;
	struct arena a;
	bool found;

	arena_init(&a, mem, sizeof(mem));
	found = mac_find(str_make(copy, len), 0x0a000009, NOW, &a, &mac);
	ck_assert_msg(found == (cases[_i].want != NULL), "%s",
	    cases[_i].text);
	if (found)
		ck_assert_msg(str_eq(mac, str_of(cases[_i].want)), "%.*s",
		    STR_ARG(mac));
	free(copy);
}
END_TEST

START_TEST(no_memory_is_no_lease)
{
	uint8_t mem[18];
	struct str mac;
	struct arena a;

	for (size_t size = 0; size <= sizeof(mem); size++) {
		arena_init(&a, mem, size);
		ck_assert_msg(mac_find(str_of(cases[0].text), 0x0a000009, NOW, &a,
		    &mac) == (size >= 18), "%zu", size);
		ck_assert_msg(a.full == (size < 18), "the turn knows");
	}
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	const char *text = cases[8].text;
	size_t len = strlen(text);
	uint8_t mem[64];
	struct str mac;
	struct arena a;

	for (size_t n = 0; n <= len; n++) {
		char *copy = t_dup(text, n);

		arena_init(&a, mem, sizeof(mem));
		(void)!mac_find(str_make(copy, n), 0x0a000009, NOW, &a, &mac);
		free(copy);
	}
}
END_TEST

T_MAIN("httpd_mac")
{
	T_LOOP(last_entry_counts, 0, (int)(sizeof(cases) / sizeof(*cases)));
	T_ADD(no_memory_is_no_lease);
	T_ADD(every_prefix_is_safe);
}
