/* SPDX-License-Identifier: ISC */
/*
 * leasetab - building a lease table and getting it ready to serve.
 *
 * Memory comes as one reserved piece; what is never used is never touched,
 * so a big range costs address space alone, plus four bytes per address for
 * the order of untouched addresses.  Loading only stores bindings; queues and
 * indexes are built at the end in a few linear passes, which is what makes a
 * million leases load in a fraction of a second.
 */
#include "dhcpd/leasetab.h"

#include <string.h>

#include "dhcpd/leaseq.h"

static uint64_t
addresses(const struct leasetab_plan *plan)
{
	uint64_t n = 0;

	for (size_t k = 0; k < plan->ranges_n; k++) {
		const struct leasetab_range *r = &plan->ranges[k];

		ASSERT(r->first <= r->last && r->pool < plan->pools_n);
		n += (uint64_t)r->last - r->first + 1;
	}
	return n;
}

static uint32_t
heads_n(uint64_t leases_n)
{
	uint32_t n = 16;

	while (n < leases_n)
		n *= 2;
	return n;
}

static uint32_t
slab_max(uint64_t leases_n)
{
	return (uint32_t)(LEASETAB_SLAB_MIN + leases_n * LEASETAB_SLAB_PER);
}

size_t
leasetab_size(const struct leasetab_plan *plan)
{
	uint64_t n = addresses(plan), size;

	if (n > LEASETAB_MAX)
		return 0;
	size = n * (sizeof(struct lease) + sizeof(uint32_t));
	size += (2 * (uint64_t)plan->ranges_n + 1) * sizeof(struct lease_span);
	size += (uint64_t)plan->pools_n *
	    (sizeof(struct lease_pool) + sizeof(uint32_t));
	size += 2 * (uint64_t)heads_n(n) * sizeof(uint32_t);
	size += 2 * (uint64_t)slab_max(n) * LEASEBLOB_GRANULE;
	size += LEASE_TEXTS_MAX * sizeof(struct str) + LEASETAB_TEXT_BYTES;
	size += heap_size(plan->pools_n);
	return (size_t)(size + 16 * 64);	/* alignment of each piece */
}

/* Index of the first span that ends at or behind addr. */
static uint32_t
span_place(const struct lease_table *t, uint32_t addr)
{
	uint32_t lo = 0, hi = t->spans_n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->spans[mid].last < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
span_insert(struct lease_table *t, uint32_t at, uint64_t first, uint64_t last,
    uint32_t pool, uint32_t decl)
{
	struct lease_span *s = &t->spans[at];

	if (first > last)
		return;
	memmove(s + 1, s, (t->spans_n - at) * sizeof(*s));
	t->spans_n++;
	s->first = (uint32_t)first;
	s->last = (uint32_t)last;
	s->base = 0;
	s->pool = pool;
	s->decl = decl;
	t->pools[pool].total += s->last - s->first + 1;
}

/* Enter the parts of a range that no earlier range has. */
static uint64_t
add_range(struct lease_table *t, const struct leasetab_range *r, uint32_t decl)
{
	uint64_t first = r->first, twice = 0;
	uint32_t at = span_place(t, r->first);

	while (first <= r->last) {
		uint32_t n = t->spans_n;
		uint64_t next, last;

		if (at == n || t->spans[at].first > r->last) {
			span_insert(t, at, first, r->last, r->pool, decl);
			break;
		}
		next = t->spans[at].first;
		last = t->spans[at].last < r->last ? t->spans[at].last :
		    r->last;
		if (next > first)
			span_insert(t, at, first, next - 1, r->pool,
			    decl);
		twice += last - (next > first ? next : first) + 1;
		first = last + 1;
		at += t->spans_n - n + 1;
	}
	return twice;
}

/* Pools in the order in which the file is written: networks declared last
 * come first. */
static void
order_pools(struct lease_table *t)
{
	uint32_t *order = t->pool_order;

	/* Configurations number pools by network: going backwards, each finds
	 * its place within the few pools of its own network. */
	for (uint32_t n = 0; n < t->pools_n; n++) {
		uint32_t pool = t->pools_n - 1 - n, at = n;

		while (at > 0 && t->pools[order[at - 1]].network <=
		    t->pools[pool].network) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = pool;
	}
}

static bool
take_memory(struct lease_table *t, struct arena *a, uint64_t n,
    const struct leasetab_plan *plan)
{
	uint32_t heads = heads_n(n);
	void *slab, *texts, *due;

	/* arena_alloc, not zalloc: the memory is zero and stays untouched. */
	t->leases = arena_alloc(a, n * sizeof(*t->leases), 64);
	t->zero_next = arena_alloc(a, n * sizeof(uint32_t), 64);
	t->uid_heads = arena_alloc(a, heads * sizeof(uint32_t), 64);
	t->hw_heads = arena_alloc(a, heads * sizeof(uint32_t), 64);
	slab = arena_alloc(a, 2 * (size_t)slab_max(n) * LEASEBLOB_GRANULE, 64);
	t->spans = arena_alloc(a, (2 * plan->ranges_n + 1) *
	    sizeof(*t->spans), 64);
	t->pools = arena_alloc(a, plan->pools_n * sizeof(*t->pools), 64);
	t->pool_order = arena_alloc(a, plan->pools_n * sizeof(uint32_t), 64);
	t->texts = arena_alloc(a, LEASE_TEXTS_MAX * sizeof(*t->texts), 64);
	texts = arena_alloc(a, LEASETAB_TEXT_BYTES, 64);
	due = arena_alloc(a, heap_size(plan->pools_n), 64);
	if (a->full)
		return false;
	t->heads_mask = heads - 1;
	leaseblob_init(&t->slab, slab, slab_max(n));
	arena_init(&t->text_arena, texts, LEASETAB_TEXT_BYTES);
	heap_init(&t->due, due, plan->pools_n);
	return true;
}

bool
leasetab_build(struct lease_table *t, struct arena *a,
    const struct leasetab_plan *plan, struct map_key key, uint64_t *ret_twice)
{
	uint64_t n = addresses(plan), twice = 0;
	uint32_t base = 0;

	memset(t, 0, sizeof(*t));
	if (n > LEASETAB_MAX || !take_memory(t, a, n, plan))
		return false;
	t->key = key;
	t->is_loading = true;
	t->pools_n = plan->pools_n;
	for (uint32_t k = 0; k < t->pools_n; k++)
		t->pools[k].network = plan->pool_network[k];
	order_pools(t);
	for (size_t k = 0; k < plan->ranges_n; k++)
		twice += add_range(t, &plan->ranges[k], (uint32_t)k);
	for (uint32_t k = 0; k < t->spans_n; k++) {
		t->spans[k].base = base;
		base += t->spans[k].last - t->spans[k].first + 1;
	}
	t->leases_n = base;
	*ret_twice = twice;
	return true;
}

/* ---- getting ready --------------------------------------------------------- */

/* A lease on its way into a queue. */
struct entry {
	uint32_t ends;
	uint32_t i;
	uint32_t queue;		/* pool * LEASE_Q_N + queue */
};

/* Pool of each lease in turn, without a search for each. */
struct pool_cursor {
	const struct lease_span *span;
	uint32_t end;
};

static uint32_t
pool_at(const struct lease_table *t, struct pool_cursor *c, uint32_t i)
{
	if (c->span == NULL || i < c->span->base || i >= c->end) {
		uint32_t lo = 0, hi = t->spans_n;

		while (hi - lo > 1) {
			uint32_t mid = lo + (hi - lo) / 2;

			if (t->spans[mid].base <= i)
				lo = mid;
			else
				hi = mid;
		}
		c->span = &t->spans[lo];
		c->end = c->span->base + (c->span->last - c->span->first) + 1;
	}
	return c->span->pool;
}

/* Spans, the one declared last first. */
static void
order_spans(const struct lease_table *t, uint32_t *spans)
{
	for (uint32_t n = 0; n < t->spans_n; n++) {
		uint32_t k = t->spans_n - 1 - n, at = n;

		while (at > 0 &&
		    t->spans[spans[at - 1]].decl < t->spans[k].decl) {
			spans[at] = spans[at - 1];
			at--;
		}
		spans[at] = k;
	}
}

/* Indexes of all leases in the order of ISC's hash table. */
static void
order_by_bucket(const struct lease_table *t, uint32_t *spans,
    uint32_t *starts, uint32_t *order)
{
	uint32_t sum = 0;

	order_spans(t, spans);
	memset(starts, 0, LEASETAB_ISC_BUCKETS * sizeof(*starts));
	for (uint32_t k = 0; k < t->spans_n; k++) {
		const struct lease_span *s = &t->spans[k];
		uint32_t b = s->first % LEASETAB_ISC_BUCKETS;

		for (uint32_t n = s->last - s->first + 1; n != 0; n--) {
			starts[b]++;
			b = b + 1 == LEASETAB_ISC_BUCKETS ? 0 : b + 1;
		}
	}
	for (uint32_t b = 0; b < LEASETAB_ISC_BUCKETS; b++) {
		uint32_t n = starts[b];

		starts[b] = sum;
		sum += n;
	}
	for (uint32_t k = 0; k < t->spans_n; k++) {
		const struct lease_span *s = &t->spans[spans[k]];
		uint32_t b = s->last % LEASETAB_ISC_BUCKETS;

		for (uint32_t n = s->last - s->first + 1; n-- != 0; ) {
			order[starts[b]++] = s->base + n;
			b = b == 0 ? LEASETAB_ISC_BUCKETS - 1 : b - 1;
		}
	}
}

/* What the previous lease in hash order did. */
struct chain {
	uint32_t queue;
	uint32_t ends;
	uint32_t i;		/* LEASE_NONE: none yet */
};

static void
zero_add(struct lease_table *t, struct lease_pool *p, uint32_t i,
    bool is_behind, uint32_t last)
{
	struct lease *l = &t->leases[i];

	if (is_behind) {
		t->zero_next[i] = t->zero_next[last];
		t->zero_next[last] = i + 1;
	} else {
		t->zero_next[i] = p->zero_head;
		p->zero_head = i + 1;
	}
	p->zero_n++;
	p->count[LEASE_Q_FREE]++;
	if (l->state != 0) {
		l->flags |= LEASE_F_ZERO;
		p->zero_used++;
	}
}

/*
 * Go through all leases in hash order as ISC does: fill the lists of end 0,
 * give seq to the others and collect them.  Returns how many were collected.
 */
static size_t
collect(struct lease_table *t, const uint32_t *order, struct entry *out)
{
	struct chain last = { 0, 0, LEASE_NONE };
	struct pool_cursor cursor = { NULL, 0 };
	size_t n = 0;

	for (uint32_t k = 0; k < t->leases_n; k++) {
		uint32_t i = order[k], pool = pool_at(t, &cursor, i);
		struct lease *l = &t->leases[i];
		enum lease_queue q = lease_queue_of(l);
		uint32_t queue = pool * LEASE_Q_N + (uint32_t)q;
		bool is_behind = last.i != LEASE_NONE && last.queue == queue &&
		    last.ends == l->ends;

		if (q == LEASE_Q_FREE && l->ends == 0) {
			zero_add(t, &t->pools[pool], i, is_behind, last.i);
		} else {
			if (is_behind) {
				l->seq = t->leases[last.i].seq + 1;
			} else {
				t->seq_top -= t->leases_n;
				l->seq = t->seq_top;
			}
			out[n].ends = l->ends;
			out[n].i = i;
			out[n++].queue = queue;
		}
		last.queue = queue;
		last.ends = l->ends;
		last.i = i;
	}
	return n;
}

/* Later runs before earlier ones, each run in its own order: ascending seq. */
static void
order_by_seq(const struct lease_table *t, const struct entry *from,
    struct entry *to, size_t n)
{
	size_t end = n, at = 0;

	while (end > 0) {
		size_t start = end - 1;

		while (start > 0 && t->leases[from[start].i].seq ==
		    t->leases[from[start - 1].i].seq + 1)
			start--;
		memcpy(&to[at], &from[start], (end - start) * sizeof(*to));
		at += end - start;
		end = start;
	}
}

static uint32_t
digit(const struct entry *e, unsigned pass)
{
	uint32_t v = pass < 3 ? e->ends >> (11 * pass) :
	    e->queue >> (11 * (pass - 3));

	return v & 2047;
}

/* Stable radix sort by (queue, ends); passes with one digit are skipped. */
static struct entry *
sort(struct entry *a, struct entry *b, size_t n)
{
	for (unsigned pass = 0; pass < 6; pass++) {
		uint32_t count[2048] = { 0 }, sum = 0;
		struct entry *swap = a;

		for (size_t k = 0; k < n; k++)
			count[digit(&a[k], pass)]++;
		if (n == 0 || count[digit(&a[0], pass)] == n)
			continue;
		for (unsigned d = 0; d < 2048; d++) {
			uint32_t c = count[d];

			count[d] = sum;
			sum += c;
		}
		for (size_t k = 0; k < n; k++)
			b[count[digit(&a[k], pass)]++] = a[k];
		a = b;
		b = swap;
	}
	return a;
}

/* Make the treaps from sorted entries; ids is as long as they are. */
static void
build_queues(struct lease_table *t, const struct entry *e, size_t n,
    uint32_t *ids)
{
	for (size_t k = 0; k < n; ) {
		uint32_t queue = e[k].queue, q = queue % LEASE_Q_N;
		struct lease_pool *p = &t->pools[queue / LEASE_Q_N];
		size_t m = 0;

		while (k + m < n && e[k + m].queue == queue) {
			ids[m] = e[k + m].i;
			m++;
		}
		p->root[q] = leaseq_build(t, ids, m);
		p->first[q] = ids[0] + 1;
		p->count[q] += (uint32_t)m;
		k += m;
	}
}

size_t
leasetab_scratch(const struct lease_table *t)
{
	return (size_t)t->leases_n * (sizeof(uint32_t) +
	    2 * sizeof(struct entry)) +
	    (LEASETAB_ISC_BUCKETS + (size_t)t->spans_n) * sizeof(uint32_t) +
	    5 * 64;
}

bool
leasetab_ready(struct lease_table *t, struct arena *scratch)
{
	uint32_t *starts = arena_alloc(scratch, LEASETAB_ISC_BUCKETS *
	    sizeof(uint32_t), 64);
	uint32_t *spans = arena_alloc(scratch, t->spans_n * sizeof(*spans),
	    64);
	uint32_t *order = arena_alloc(scratch, t->leases_n * sizeof(*order),
	    64);
	struct entry *a = arena_alloc(scratch, t->leases_n * sizeof(*a), 64);
	struct entry *b = arena_alloc(scratch, t->leases_n * sizeof(*b), 64);
	struct entry *sorted;
	size_t n;

	ASSERT(t->is_loading);
	if (scratch->full)
		return false;
	order_by_bucket(t, spans, starts, order);
	n = collect(t, order, a);
	order_by_seq(t, a, b, n);
	sorted = sort(b, a, n);
	build_queues(t, sorted, n, order);
	for (uint32_t k = 0; k < t->pools_n; k++)
		lease_pool_due(t, &t->pools[k]);
	lease_index(t, order);
	t->is_loading = false;
	return true;
}

bool
leasetab_copy(struct lease_table *to, const struct lease_table *from,
    void (*lost)(void *ctx, uint32_t addr, const struct lease_data *d),
    void *ctx)
{
	for (uint32_t i = 0; i < from->leases_n; i++) {
		const struct lease *l = &from->leases[i];
		struct lease_data d;
		struct lease *new;
		uint32_t addr;

		if (l->state == 0)
			continue;
		addr = lease_addr(from, l);
		new = lease_by_addr(to, addr);
		lease_get(from, l, &d);
		if (new == NULL) {
			lost(ctx, addr, &d);
			continue;
		}
		if (d.on_expiry != 0)
			d.on_expiry = lease_text_id(to,
			    lease_text(from, d.on_expiry));
		if (d.on_release != 0)
			d.on_release = lease_text_id(to,
			    lease_text(from, d.on_release));
		if (!lease_load(to, new, &d))
			return false;
		/* What an OFFER changed is not in the file yet. */
		new->flags |= l->flags & LEASE_F_OFFERED;
	}
	return true;
}
