/* SPDX-License-Identifier: ISC */
/* Building tables: ranges, ISC's order of untouched addresses, reload. */
#include "dhcpd/leasetab.h"

#include "dhcpd/alloc.h"
#include "tests/unit/lt.h"

/* Take addresses until there are none, compare with a list of last octets
 * or whole addresses. */
static void
offers(struct lt *lt, const char *const *want, size_t n)
{
	static const uint32_t pool = 0;
	char ip[IP4_TEXT_SIZE];

	for (size_t k = 0; k < n; k++) {
		struct lease *l = alloc_pick(&lt->t, &pool, 1, 1000000);
		struct lease_data d = lt_data(LEASE_ACTIVE, (uint8_t)k, 1000000,
		    2000000);

		ck_assert_str_eq(lt_addr(lt, l, ip), want[k]);
		ck_assert_msg(lease_commit(&lt->t, l, &d), "commit");
	}
}

static void
load(struct lt *lt, const char *addr, enum lease_state state, uint32_t ends)
{
	struct lease_data d = lt_data(state, 77, 1, ends);

	ck_assert_msg(lease_load(&lt->t, lt_lease(lt, addr), &d), "load");
}

START_TEST(untouched_addresses_ascend)
{
	static const char *const want[] = { "10.10.3.100", "10.10.3.101",
	    "10.10.3.102" };
	struct lt lt;

	lt_new(&lt, "10.10.3.100-10.10.3.200");
	offers(&lt, want, ARRAY_LEN(want));
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

/* Recorded in the scenario alloc-order-reload. */
START_TEST(a_lease_from_the_file_interrupts_the_order)
{
	static const char *const want[] = { "10.10.3.153", "10.10.3.154",
	    "10.10.3.155", "10.10.3.100", "10.10.3.101" };
	struct lt lt;

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.10.3.100-10.10.3.155", 0, 0);
	(void)lt_build(&lt);
	load(&lt, "10.10.3.150", LEASE_FREE, 6000);
	load(&lt, "10.10.3.151", LEASE_FREE, 5000);
	load(&lt, "10.10.3.152", LEASE_ACTIVE, 9000);
	lt_ready(&lt);
	offers(&lt, want, ARRAY_LEN(want));
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

/* Measured: three ranges 100003 apart, declared in this order. */
START_TEST(same_bucket_last_declared_first)
{
	static const char *const want[] = { "10.11.138.7", "10.10.3.100",
	    "10.13.16.170", "10.11.138.8", "10.10.3.101" };
	struct lt lt;

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.13.16.170-10.13.16.172", 0, 0);
	lt_range(&lt, "10.10.3.100-10.10.3.102", 0, 0);
	lt_range(&lt, "10.11.138.7-10.11.138.9", 0, 0);
	(void)lt_build(&lt);
	lt_ready(&lt);
	offers(&lt, want, ARRAY_LEN(want));
	lt_free(&lt);
}
END_TEST

/* Measured: range 10.11.0.1 10.15.0.0. */
START_TEST(same_bucket_highest_first_within_a_range)
{
	static const char *const want[] = { "10.14.60.37", "10.12.181.130",
	    "10.11.46.223", "10.14.60.38", "10.12.181.131", "10.11.46.224" };
	struct lt lt;

	lt_new(&lt, "10.11.0.1-10.15.0.0");
	offers(&lt, want, ARRAY_LEN(want));
	lt_free(&lt);
}
END_TEST

START_TEST(another_pool_in_between_interrupts_too)
{
	/* Residues: pool 0 has r and r+1, pool 1 has r of another range
	 * declared before, so it stands behind it in the bucket. */
	static const char *const want[] = { "10.10.3.101", "10.10.3.100" };
	struct lt lt;

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.11.138.7-10.11.138.7", 1, 1);
	lt_range(&lt, "10.10.3.100-10.10.3.101", 0, 0);
	(void)lt_build(&lt);
	lt_ready(&lt);
	offers(&lt, want, ARRAY_LEN(want));
	lt_free(&lt);
}
END_TEST

START_TEST(overlapping_ranges_belong_to_the_first)
{
	struct lt lt;

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.0.0.10-10.0.0.19", 0, 0);
	lt_range(&lt, "10.0.0.5-10.0.0.30", 1, 0);
	lt_range(&lt, "10.0.0.1-10.0.0.40", 2, 0);
	ck_assert_int_eq((int)lt_build(&lt), 10 + 26);
	lt_ready(&lt);
	ck_assert_int_eq((int)lt.t.leases_n, 40);
	ck_assert_int_eq((int)lease_pool(&lt.t, lt_lease(&lt, "10.0.0.19")),
	    0);
	ck_assert_int_eq((int)lease_pool(&lt.t, lt_lease(&lt, "10.0.0.20")),
	    1);
	ck_assert_int_eq((int)lease_pool(&lt.t, lt_lease(&lt, "10.0.0.31")),
	    2);
	ck_assert_int_eq((int)lease_pool(&lt.t, lt_lease(&lt, "10.0.0.4")), 2);
	ck_assert_msg(lease_by_addr(&lt.t, lt_ip("10.0.0.41")) == NULL, "41");
	ck_assert_msg(lease_by_addr(&lt.t, lt_ip("10.0.0.0")) == NULL, "0");
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(the_ends_of_the_address_space_work)
{
	struct lt lt;

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "0.0.0.0-0.0.0.3", 0, 0);
	lt_range(&lt, "255.255.255.252-255.255.255.255", 0, 0);
	lt_range(&lt, "255.255.255.250-255.255.255.255", 0, 0);
	ck_assert_int_eq((int)lt_build(&lt), 4);
	lt_ready(&lt);
	ck_assert_int_eq((int)lt.t.leases_n, 10);
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(no_range_at_all_is_a_table)
{
	struct lt lt;
	int64_t due;

	memset(&lt, 0, sizeof(lt));
	(void)lt_build(&lt);
	lt_ready(&lt);
	ck_assert_msg(lease_by_addr(&lt.t, 1) == NULL, "lease");
	ck_assert_msg(lease_due(&lt.t, 1000) == NULL, "due");
	ck_assert_msg(!lease_due_at(&lt.t, &due), "due at");
	lt_free(&lt);
}
END_TEST

START_TEST(too_many_addresses_are_refused)
{
	struct leasetab_range r = { 0, UINT32_MAX, 0 };
	uint32_t network = 0;
	struct leasetab_plan plan = { &r, 1, &network, 1 };

	ck_assert_msg(leasetab_size(&plan) == 0, "all of IPv4");
}
END_TEST

START_TEST(too_little_memory_is_said)
{
	struct lt lt;
	struct map_key key = { 1, 2 };
	uint8_t few[256];
	struct arena a;
	uint64_t twice;

	lt_new(&lt, "10.0.0.1-10.0.0.9");
	arena_init(&a, few, sizeof(few));
	ck_assert_msg(!leasetab_build(&lt.t, &a, &lt.plan, key, &twice),
	    "build");
	lt_free(&lt);
	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.0.0.1-10.0.0.9", 0, 0);
	(void)lt_build(&lt);
	arena_init(&a, few, sizeof(few));
	ck_assert_msg(!leasetab_ready(&lt.t, &a), "ready");
	lt_free(&lt);
}
END_TEST

static void
count_lost(void *ctx, uint32_t addr, const struct lease_data *d)
{
	ck_assert_msg(addr == lt_ip("10.0.0.1"), "the wrong one");
	ck_assert_msg(d->state == LEASE_ACTIVE, "its state");
	++*(int *)ctx;
}

START_TEST(reload_keeps_bindings_and_reports_the_lost)
{
	struct lt old, new;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 200);
	int lost = 0;

	lt_new(&old, "10.0.0.1-10.0.0.9");
	d.uid = STR("client");
	d.on_expiry = lease_text_id(&old.t, STR("\n    log (info, \"x\");"));
	d.on_release = lease_text_id(&old.t, STR("\n    log (info, \"y\");"));
	lt_commit(&old, "10.0.0.1", &d);
	lt_commit(&old, "10.0.0.5", &d);
	memset(&new, 0, sizeof(new));
	lt_range(&new, "10.0.0.4-10.0.0.20", 0, 0);
	(void)lt_build(&new);
	(void)lease_text_id(&new.t, STR("other"));
	ck_assert_msg(leasetab_copy(&new.t, &old.t, count_lost, &lost), "copy");
	lt_ready(&new);
	lt_free(&old);
	ck_assert_int_eq(lost, 1);
	lease_get(&new.t, lt_lease(&new, "10.0.0.5"), &d);
	ck_assert_msg(str_eq(d.uid, STR("client")), "uid");
	ck_assert_msg(str_eq(lease_text(&new.t, d.on_expiry),
	    STR("\n    log (info, \"x\");")), "text");
	ck_assert_msg(str_eq(lease_text(&new.t, d.on_release),
	    STR("\n    log (info, \"y\");")), "text of the release");
	lt_check(&new);
	lt_free(&new);
}
END_TEST

/* What is not in the file may not be confirmed as if it were. */
START_TEST(reload_keeps_in_mind_what_was_only_offered)
{
	struct lt old, new;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 200);

	lt_new(&old, "10.0.0.1-10.0.0.9");
	lt_commit(&old, "10.0.0.1", &d);
	lt_commit(&old, "10.0.0.2", &d);
	d.hostname = STR("new");
	ck_assert_msg(lease_offer(&old.t, lt_lease(&old, "10.0.0.2"), &d),
	    "offer");
	memset(&new, 0, sizeof(new));
	lt_range(&new, "10.0.0.1-10.0.0.20", 0, 0);
	(void)lt_build(&new);
	ck_assert_msg(leasetab_copy(&new.t, &old.t, NULL, NULL), "copy");
	lt_ready(&new);
	lt_free(&old);
	ck_assert_int_eq(lt_lease(&new, "10.0.0.1")->flags, 0);
	ck_assert_int_eq(lt_lease(&new, "10.0.0.2")->flags, LEASE_F_OFFERED);
	lt_free(&new);
}
END_TEST

T_MAIN("dhcpd_leasetab")
{
	T_ADD(untouched_addresses_ascend);
	T_ADD(a_lease_from_the_file_interrupts_the_order);
	T_ADD(same_bucket_last_declared_first);
	T_ADD(same_bucket_highest_first_within_a_range);
	T_ADD(another_pool_in_between_interrupts_too);
	T_ADD(overlapping_ranges_belong_to_the_first);
	T_ADD(the_ends_of_the_address_space_work);
	T_ADD(no_range_at_all_is_a_table);
	T_ADD(too_many_addresses_are_refused);
	T_ADD(too_little_memory_is_said);
	T_ADD(reload_keeps_bindings_and_reports_the_lost);
	T_ADD(reload_keeps_in_mind_what_was_only_offered);
}
