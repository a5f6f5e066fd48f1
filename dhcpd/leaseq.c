/* SPDX-License-Identifier: ISC */
/*
 * leaseq - the queues of a pool.
 *
 * A treap: a search tree by (ends, seq) that is at the same time a heap by
 * priority, so its shape does not depend on the order of insertions and its
 * depth is logarithmic with a probability that a keyed hash keeps honest.
 * Renewals, the most frequent change, move a lease to the end of its queue:
 * two walks of about twenty records in a table of a million.
 */
#include "dhcpd/leaseq.h"

static uint32_t
prio(const struct lease_table *t, uint32_t node)
{
	uint64_t x = (node ^ t->key.k0) * 0x9e3779b97f4a7c15u;

	x ^= x >> 32;
	x = (x ^ t->key.k1) * 0xbf58476d1ce4e5b9u;
	return (uint32_t)(x >> 32);
}

static struct lease *
at(const struct lease_table *t, uint32_t node)
{
	return &t->leases[node - 1];
}

static bool
is_before(const struct lease *l, uint32_t ends, int64_t seq)
{
	return l->ends < ends || (l->ends == ends && l->seq < seq);
}

/* Hang what is before (ends, seq) below *left and the rest below *right. */
static void
split(const struct lease_table *t, uint32_t node, const struct lease *key,
    uint32_t *left, uint32_t *right)
{
	while (node != 0) {
		struct lease *l = at(t, node);

		if (is_before(l, key->ends, key->seq)) {
			*left = node;
			left = &l->right;
			node = l->right;
		} else {
			*right = node;
			right = &l->left;
			node = l->left;
		}
	}
	*left = 0;
	*right = 0;
}

void
leaseq_insert(struct lease_table *t, uint32_t *root, uint32_t i)
{
	struct lease *new = &t->leases[i];
	uint32_t p = prio(t, i + 1);

	while (*root != 0 && prio(t, *root) >= p) {
		struct lease *l = at(t, *root);

		root = is_before(l, new->ends, new->seq) ? &l->right :
		    &l->left;
	}
	split(t, *root, new, &new->left, &new->right);
	*root = i + 1;
}

void
leaseq_remove(struct lease_table *t, uint32_t *root, uint32_t i)
{
	struct lease *gone = &t->leases[i];
	uint32_t left = gone->left, right = gone->right;

	while (*root != i + 1) {
		struct lease *l;

		ASSERT(*root != 0);
		l = at(t, *root);
		root = is_before(l, gone->ends, gone->seq) ? &l->right :
		    &l->left;
	}
	while (left != 0 && right != 0) {
		if (prio(t, left) >= prio(t, right)) {
			*root = left;
			root = &at(t, left)->right;
			left = *root;
		} else {
			*root = right;
			root = &at(t, right)->left;
			right = *root;
		}
	}
	*root = left != 0 ? left : right;
	gone->left = 0;
	gone->right = 0;
}

uint32_t
leaseq_first(const struct lease_table *t, uint32_t root)
{
	if (root == 0)
		return LEASE_NONE;
	while (at(t, root)->left != 0)
		root = at(t, root)->left;
	return root - 1;
}

uint32_t
leaseq_after(const struct lease_table *t, uint32_t root, uint32_t ends,
    int64_t seq)
{
	uint32_t best = 0;

	while (root != 0) {
		const struct lease *l = at(t, root);

		if (is_before(l, ends, seq) ||
		    (l->ends == ends && l->seq == seq)) {
			root = l->right;
		} else {
			best = root;
			root = l->left;
		}
	}
	return best == 0 ? LEASE_NONE : best - 1;
}

uint32_t
leaseq_build(struct lease_table *t, const uint32_t *ids, size_t n)
{
	uint32_t root = 0, last = 0;

	/* The right spine is a stack from `last' up through uid_next. */
	for (size_t k = 0; k < n; k++) {
		uint32_t node = ids[k] + 1, p = prio(t, node), below = 0;
		struct lease *l = at(t, node);

		while (last != 0 && prio(t, last) < p) {
			below = last;
			last = at(t, last)->uid_next;
			at(t, below)->uid_next = 0;
		}
		l->left = below;
		l->right = 0;
		l->uid_next = last;
		if (last == 0)
			root = node;
		else
			at(t, last)->right = node;
		last = node;
	}
	while (last != 0) {
		uint32_t up = at(t, last)->uid_next;

		at(t, last)->uid_next = 0;
		last = up;
	}
	return root;
}
