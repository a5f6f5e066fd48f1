/* SPDX-License-Identifier: ISC */
/*
 * alloc - which free address a new client is offered.
 *
 * Looks at one lease of each pool: the head of its free queue, or of the
 * abandoned one when no free lease is left.  No state of its own.
 */
#include "dhcpd/alloc.h"

/*
 * An offer that its client has not taken up for so long may go to another when
 * nothing else is left: clients that only ever ask would otherwise hold the
 * whole pool for the two minutes that an offer stands.  The slowest boot ROMs
 * take an offer up within 16 seconds.
 */
#define ALLOC_HOLD_S 16

/* Is it promised to somebody by an offer? */
static bool
is_held(const struct lease *l, int64_t now_s)
{
	return lease_state(l) == LEASE_FREE && l->ends > now_s &&
	    l->cltt + ALLOC_HOLD_S > now_s;
}

/* Is b, of a later pool, a better choice than a? */
static bool
is_better(const struct lease *b, const struct lease *a)
{
	bool is_a_bad = lease_state(a) == LEASE_ABANDONED;
	bool is_b_bad = lease_state(b) == LEASE_ABANDONED;
	bool is_a_new = a->hw_len == 0 && a->blob == 0;
	bool is_b_new = b->hw_len == 0 && b->blob == 0;

	if (is_a_bad || is_b_bad)
		return is_a_bad && (!is_b_bad || b->ends < a->ends);
	if (is_a_new || is_b_new)
		return is_b_new && !is_a_new;
	return b->ends < a->ends;
}

struct lease *
alloc_pick(struct lease_table *t, const uint32_t *pools, size_t pools_n,
    int64_t now_s)
{
	struct lease *best = NULL;

	for (size_t k = 0; k < pools_n; k++) {
		struct lease *l = lease_queue_head(t, pools[k], LEASE_Q_FREE);

		if (l == NULL)
			l = lease_queue_head(t, pools[k], LEASE_Q_ABANDONED);
		if (l == NULL)
			continue;
		if (is_held(l, now_s))
			continue;
		if (best == NULL || is_better(l, best))
			best = l;
	}
	return best;
}
