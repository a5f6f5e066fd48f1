/* SPDX-License-Identifier: ISC */
/* The queues of a pool against a sorted array. */
#include "dhcpd/leaseq.h"

#include "tests/unit/lt.h"

enum { N = 300 };

static int
before(const struct lease *a, const struct lease *b)
{
	return a->ends != b->ends ? a->ends < b->ends : a->seq < b->seq;
}

static void
sort_ids(struct lease_table *t, uint32_t *ids, size_t n)
{
	for (size_t k = 1; k < n; k++)
		for (size_t m = k; m > 0 && before(&t->leases[ids[m]],
		    &t->leases[ids[m - 1]]); m--) {
			uint32_t swap = ids[m];

			ids[m] = ids[m - 1];
			ids[m - 1] = swap;
		}
}

static void
check_order(struct lease_table *t, uint32_t root, uint32_t *ids, size_t n)
{
	uint32_t i = leaseq_first(t, root);

	sort_ids(t, ids, n);
	for (size_t k = 0; k < n; k++) {
		ck_assert_msg(i == ids[k], "place %zu: %u, not %u", k, i,
		    ids[k]);
		i = leaseq_after(t, root, t->leases[i].ends, t->leases[i].seq);
	}
	ck_assert_msg(i == LEASE_NONE, "too many");
}

START_TEST(keeps_order_through_random_changes)
{
	struct lt lt;
	struct lease_table *t = &lt.t;
	uint32_t ids[N], root = 0;
	size_t n = 0;
	unsigned seed = (unsigned)_i + 1;

	lt_new(&lt, "10.0.0.0-10.0.1.43");
	for (int round = 0; round < 1200; round++) {
		uint32_t i = (uint32_t)rand_r(&seed) % N;
		size_t k;

		for (k = 0; k < n && ids[k] != i; k++)
			;
		if (k < n) {
			leaseq_remove(t, &root, i);
			ids[k] = ids[--n];
		} else {
			t->leases[i].ends = (uint32_t)rand_r(&seed) % 8;
			t->leases[i].seq = round;
			leaseq_insert(t, &root, i);
			ids[n++] = i;
		}
		if (round % 40 == 0)
			check_order(t, root, ids, n);
	}
	check_order(t, root, ids, n);
	lt_free(&lt);
}
END_TEST

START_TEST(built_at_once_is_the_same_tree)
{
	struct lt lt;
	struct lease_table *t = &lt.t;
	uint32_t ids[N], root = 0, built;
	struct lease one[N];

	lt_new(&lt, "10.0.0.0-10.0.1.43");
	for (uint32_t i = 0; i < N; i++) {
		t->leases[i].ends = i * 7919 % 50;
		t->leases[i].seq = i;
		ids[i] = i;
		leaseq_insert(t, &root, i);
	}
	memcpy(one, t->leases, sizeof(one));
	sort_ids(t, ids, N);
	built = leaseq_build(t, ids, N);
	ck_assert_msg(built == root, "root");
	ck_assert_msg(memcmp(one, t->leases, sizeof(one)) == 0,
	    "the shape of a treap does not depend on its history");
	ck_assert_msg(leaseq_build(t, ids, 0) == 0, "empty");
	lt_free(&lt);
}
END_TEST

T_MAIN("dhcpd_leaseq")
{
	T_LOOP(keeps_order_through_random_changes, 0, 8);
	T_ADD(built_at_once_is_the_same_tree);
}
