/* SPDX-License-Identifier: ISC */
/*
 * lt.h - a lease table for the tests of dhcpd's lease files.
 *
 * lt_new builds one over exact heap memory from ranges written as text,
 * "10.10.3.100-10.10.3.200", one pool each, all in the network given.
 */
#ifndef TESTS_UNIT_LT_H
#define TESTS_UNIT_LT_H

#include "common/ip4.h"
#include "dhcpd/leasetab.h"
#include "tests/unit/t.h"

struct lt {
	struct lease_table t;
	void *mem;
	struct leasetab_range ranges[16];
	uint32_t networks[16];
	struct leasetab_plan plan;
};

static inline uint32_t
lt_ip(const char *s)
{
	uint32_t addr;

	ck_assert_msg(ip4_parse(str_of(s), &addr), "address %s", s);
	return addr;
}

/* Add "A-B" as a range of pool; pools are numbered from 0 without gaps. */
static inline void
lt_range(struct lt *lt, const char *range, uint32_t pool, uint32_t network)
{
	struct leasetab_range *r = &lt->ranges[lt->plan.ranges_n++];
	struct str last, first = str_cut(str_of(range), '-', &last);

	ck_assert_msg(ip4_parse(first, &r->first) && ip4_parse(last, &r->last),
	    "range %s", range);
	r->pool = pool;
	lt->networks[pool] = network;
	if (pool >= lt->plan.pools_n)
		lt->plan.pools_n = pool + 1;
}

/* A loading table over the ranges added so far. */
static inline uint64_t
lt_build(struct lt *lt)
{
	struct map_key key = { 0x0123456789abcdefu, 0xfedcba9876543210u };
	size_t size;
	struct arena a;
	uint64_t twice;

	lt->plan.ranges = lt->ranges;
	lt->plan.pool_network = lt->networks;
	size = leasetab_size(&lt->plan);
	ck_assert_msg(size != 0, "plan too large");
	lt->mem = calloc(1, size + 64);
	if (lt->mem == NULL)
		abort();
	arena_init(&a, lt->mem, size + 64);
	ck_assert_msg(leasetab_build(&lt->t, &a, &lt->plan, key, &twice),
	    "leasetab_build");
	return twice;
}

static inline void
lt_ready(struct lt *lt)
{
	size_t size = leasetab_scratch(&lt->t);
	void *p = malloc(size);
	struct arena a;

	if (p == NULL)
		abort();
	arena_init(&a, p, size);
	ck_assert_msg(leasetab_ready(&lt->t, &a), "leasetab_ready");
	free(p);
}

/* One pool, one range, nothing loaded. */
static inline void
lt_new(struct lt *lt, const char *range)
{
	memset(lt, 0, sizeof(*lt));
	lt_range(lt, range, 0, 0);
	(void)lt_build(lt);
	lt_ready(lt);
}

static inline void
lt_free(struct lt *lt)
{
	free(lt->mem);
}

static inline struct lease *
lt_lease(struct lt *lt, const char *addr)
{
	struct lease *l = lease_by_addr(&lt->t, lt_ip(addr));

	ck_assert_msg(l != NULL, "no lease %s", addr);
	return l;
}

/* A binding of the client 02:00:00:00:00:NN. */
static inline struct lease_data
lt_data(enum lease_state state, uint8_t mac, uint32_t starts, uint32_t ends)
{
	struct lease_data d;

	memset(&d, 0, sizeof(d));
	d.state = (uint8_t)state;
	d.next = LEASE_FREE;
	d.rewind = LEASE_FREE;
	d.starts = starts;
	d.cltt = starts;
	d.ends = ends;
	d.hw_type = 1;
	d.hw_len = 6;
	d.hw[0] = 2;
	d.hw[5] = mac;
	return d;
}

static inline void
lt_commit(struct lt *lt, const char *addr, const struct lease_data *d)
{
	lease_settle(&lt->t);
	ck_assert_msg(lease_commit(&lt->t, lt_lease(lt, addr), d), "commit %s",
	    addr);
}

static inline const char *
lt_addr(struct lt *lt, const struct lease *l, char buf[IP4_TEXT_SIZE])
{
	if (l == NULL)
		return "none";
	ip4_fmt(lease_addr(&lt->t, l), buf);
	return buf;
}

/* Every index, queue and counter agrees with the records. */
static inline void
lt_check(struct lt *lt)
{
	struct lease_table *t = &lt->t;

	for (uint32_t i = 0; i < t->leases_n; i++) {
		struct lease *l = &t->leases[i], *f;
		struct str uid = lease_uid(t, l), hw = lease_hw(t, l);
		bool found = uid.len == 0;

		ck_assert_msg(lease_by_addr(t, lease_addr(t, l)) == l,
		    "address of %u", i);
		for (f = lease_first_by_uid(t, uid); f != NULL;
		    f = lease_next_by_uid(t, f))
			found |= f == l;
		ck_assert_msg(found, "lease %u not found by uid", i);
		found = hw.len == 0;
		for (f = lease_first_by_hw(t, l->hw_type, hw); f != NULL;
		    f = lease_next_by_hw(t, f))
			found |= f == l;
		ck_assert_msg(found, "lease %u not found by hardware", i);
	}
	for (uint32_t p = 0; p < t->pools_n; p++) {
		uint32_t sum = 0;

		for (int q = 0; q < LEASE_Q_N; q++)
			sum += t->pools[p].count[q];
		ck_assert_msg(sum == t->pools[p].total, "pool %u counts", p);
	}
}

#endif
