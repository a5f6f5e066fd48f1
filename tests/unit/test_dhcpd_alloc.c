/* SPDX-License-Identifier: ISC */
/* Which address a new client is offered. */
#include "dhcpd/alloc.h"

#include "tests/unit/lt.h"

static const uint32_t both[] = { 0, 1 };

static void
picks(struct lt *lt, int64_t now, const char *want)
{
	char ip[IP4_TEXT_SIZE];

	ck_assert_str_eq(lt_addr(lt, alloc_pick(&lt->t, both,
	    lt->t.pools_n, now), ip), want);
}

static void
two_pools(struct lt *lt)
{
	memset(lt, 0, sizeof(*lt));
	lt_range(lt, "10.0.0.1-10.0.0.2", 0, 0);
	lt_range(lt, "10.0.0.3-10.0.0.3", 1, 0);
	(void)lt_build(lt);
	lt_ready(lt);
}

START_TEST(never_used_comes_before_used)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_FREE, 1, 50, 60);

	two_pools(&lt);
	picks(&lt, 100, "10.0.0.1");
	lt_commit(&lt, "10.0.0.1", &d);
	picks(&lt, 100, "10.0.0.2");
	lt_commit(&lt, "10.0.0.2", &d);
	picks(&lt, 100, "10.0.0.3");
	lt_free(&lt);
}
END_TEST

START_TEST(the_earlier_end_comes_first)
{
	struct lt lt;
	struct lease_data a = lt_data(LEASE_FREE, 1, 50, 70);
	struct lease_data b = lt_data(LEASE_FREE, 2, 50, 60);
	struct lease_data c = lt_data(LEASE_FREE, 3, 50, 55);

	two_pools(&lt);
	lt_commit(&lt, "10.0.0.1", &a);
	lt_commit(&lt, "10.0.0.2", &b);
	lt_commit(&lt, "10.0.0.3", &c);
	picks(&lt, 100, "10.0.0.3");
	c.ends = 60;
	lt_commit(&lt, "10.0.0.3", &c);
	picks(&lt, 100, "10.0.0.2");
	lt_free(&lt);
}
END_TEST

START_TEST(offered_is_not_offered_to_others)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_FREE, 1, 100, 220);

	lt_new(&lt, "10.0.0.1-10.0.0.1");
	ck_assert_msg(lease_offer(&lt.t, lt_lease(&lt, "10.0.0.1"), &d),
	    "offer");
	picks(&lt, 115, "none");
	lt_free(&lt);
}
END_TEST

/* Who asks and never takes must not hold a pool; free ones come first. */
START_TEST(an_old_offer_gives_way_when_nothing_else_is_left)
{
	struct lt lt;
	struct lease_data offer = lt_data(LEASE_FREE, 1, 100, 220);
	struct lease_data used = lt_data(LEASE_FREE, 2, 50, 60);
	struct lease_data taken = lt_data(LEASE_ACTIVE, 2, 120, 900);

	two_pools(&lt);
	lt_commit(&lt, "10.0.0.1", &taken);
	lt_commit(&lt, "10.0.0.3", &used);
	ck_assert_msg(lease_offer(&lt.t, lt_lease(&lt, "10.0.0.2"), &offer),
	    "offer");
	picks(&lt, 119, "10.0.0.3");
	lt_commit(&lt, "10.0.0.3", &taken);
	picks(&lt, 115, "none");
	picks(&lt, 116, "10.0.0.2");
	picks(&lt, 220, "10.0.0.2");
	lt_free(&lt);
}
END_TEST

START_TEST(abandoned_is_the_last_resort)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 50, 900);
	struct lease_data bad = d;

	two_pools(&lt);
	lease_data_abandon(&bad, 86400);
	lt_commit(&lt, "10.0.0.3", &bad);
	picks(&lt, 100, "10.0.0.1");
	lt_commit(&lt, "10.0.0.1", &d);
	bad.ends = 86300;
	lt_commit(&lt, "10.0.0.2", &bad);
	picks(&lt, 100, "10.0.0.2");
	lt_free(&lt);
}
END_TEST

START_TEST(reserved_is_never_picked)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_FREE, 1, 50, 60);

	lt_new(&lt, "10.0.0.1-10.0.0.1");
	d.flags = LEASE_F_RESERVED;
	lt_commit(&lt, "10.0.0.1", &d);
	picks(&lt, 100, "none");
	lt_free(&lt);
}
END_TEST

T_MAIN("dhcpd_alloc")
{
	T_ADD(never_used_comes_before_used);
	T_ADD(the_earlier_end_comes_first);
	T_ADD(offered_is_not_offered_to_others);
	T_ADD(an_old_offer_gives_way_when_nothing_else_is_left);
	T_ADD(abandoned_is_the_last_resort);
	T_ADD(reserved_is_never_picked);
}
