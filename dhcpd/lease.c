/* SPDX-License-Identifier: ISC */
/*
 * lease - the table of all addresses.
 *
 * Owns the records, their indexes and queues.  A record is 64 bytes; index
 * order is address order, so the address is not stored but computed from the
 * span that the index lies in.  A record that is all zeroes is an address that
 * nobody ever had: it is free, stands in the list of end 0 of its pool, and
 * its page is not touched until somebody asks for it by name.
 *
 * Everything that moves a lease goes through set_binding: out of its queue,
 * out of the indexes whose key changes, new contents, back in.
 */
#include "dhcpd/lease.h"

#include <string.h>

#include "dhcpd/leaseq.h"

#define HW_INLINE (sizeof(((struct lease *)0)->hw))

static uint32_t
index_of(const struct lease_table *t, const struct lease *l)
{
	ASSERT(l >= t->leases && l < t->leases + t->leases_n);
	return (uint32_t)(l - t->leases);
}

static const struct lease_span *
span_of(const struct lease_table *t, uint32_t i)
{
	uint32_t lo = 0, hi = t->spans_n;

	/* The last span whose base is not above i. */
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->spans[mid].base <= i)
			lo = mid;
		else
			hi = mid;
	}
	return &t->spans[lo];
}

struct lease *
lease_by_addr(const struct lease_table *t, uint32_t addr)
{
	uint32_t lo = 0, hi = t->spans_n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct lease_span *s = &t->spans[mid];

		if (addr < s->first)
			hi = mid;
		else if (addr > s->last)
			lo = mid + 1;
		else
			return &t->leases[s->base + (addr - s->first)];
	}
	return NULL;
}

uint32_t
lease_addr(const struct lease_table *t, const struct lease *l)
{
	uint32_t i = index_of(t, l);
	const struct lease_span *s = span_of(t, i);

	return s->first + (i - s->base);
}

uint32_t
lease_pool(const struct lease_table *t, const struct lease *l)
{
	return span_of(t, index_of(t, l))->pool;
}

uint32_t
lease_network(const struct lease_table *t, const struct lease *l)
{
	return t->pools[lease_pool(t, l)].network;
}

enum lease_state
lease_state(const struct lease *l)
{
	return l->state == 0 ? LEASE_FREE : (enum lease_state)l->state;
}

uint32_t
lease_end_told(uint32_t ends, uint32_t now_s)
{
	return ends == LEASE_NEVER && now_s < LEASE_NEVER_ISC ?
	    LEASE_NEVER_ISC : ends;
}

struct str
lease_hw(const struct lease_table *t, const struct lease *l)
{
	if (l->hw_len <= HW_INLINE)
		return str_make(l->hw, l->hw_len);
	return leaseblob_find(&t->slab, l->blob, LEASEBLOB_HW);
}

struct str
lease_uid(const struct lease_table *t, const struct lease *l)
{
	return leaseblob_find(&t->slab, l->blob, LEASEBLOB_UID);
}

struct str
lease_hostname(const struct lease_table *t, const struct lease *l)
{
	return leaseblob_find(&t->slab, l->blob, LEASEBLOB_HOSTNAME);
}

void
lease_get(const struct lease_table *t, const struct lease *l,
    struct lease_data *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->starts = l->starts;
	ret->ends = l->ends;
	ret->tstp = l->tstp;
	ret->cltt = l->cltt;
	ret->state = (uint8_t)lease_state(l);
	ret->next = l->state == 0 ? LEASE_FREE : l->next;
	ret->rewind = l->state == 0 ? LEASE_FREE : l->rewind;
	ret->flags = l->flags & LEASE_F_FILE;
	ret->hw_type = l->hw_type;
	ret->hw_len = l->hw_len;
	if (l->hw_len <= HW_INLINE)
		memcpy(ret->hw, l->hw, l->hw_len);
	ret->billed = l->billed;
	leaseblob_unpack(&t->slab, l->blob, ret);
}

/* ---- indexes by client identifier and hardware address ------------------ */

static uint32_t *
uid_head(const struct lease_table *t, struct str uid)
{
	return &t->uid_heads[map_hash(t->key, uid.p, uid.len) &
	    t->heads_mask];
}

static uint32_t *
hw_head(const struct lease_table *t, uint8_t hw_type, struct str hw)
{
	uint8_t key[1 + LEASE_HW_MAX];

	ASSERT(hw.len <= LEASE_HW_MAX);
	key[0] = hw_type;
	memcpy(key + 1, hw.p, hw.len);
	return &t->hw_heads[map_hash(t->key, key, hw.len + 1) &
	    t->heads_mask];
}

static bool
is_uid(const struct lease_table *t, const struct lease *l, struct str uid)
{
	return str_eq(lease_uid(t, l), uid);
}

static bool
is_hw(const struct lease_table *t, const struct lease *l, uint8_t hw_type,
    struct str hw)
{
	return l->hw_type == hw_type && l->hw_len == hw.len &&
	    str_eq(lease_hw(t, l), hw);
}

/* Would ISC rather have this client on a than on b? */
static bool
is_preferred(const struct lease *a, const struct lease *b)
{
	static const uint8_t rank[] = {
		[0] = 2, [LEASE_FREE] = 2, [LEASE_ACTIVE] = 0,
		[LEASE_EXPIRED] = 1, [LEASE_RELEASED] = 1,
		[LEASE_ABANDONED] = 3, [LEASE_RESET] = 2, [LEASE_BACKUP] = 2,
	};

	if (rank[a->state] != rank[b->state])
		return rank[a->state] < rank[b->state];
	if (a->state == LEASE_ACTIVE)
		return a->ends > b->ends;
	return a->cltt > b->cltt;
}

/* Enter lease i, which has a uid, into the chain of its hash. */
static void
uid_enter_at(struct lease_table *t, uint32_t i, uint32_t *head)
{
	struct lease *new = &t->leases[i];
	struct str uid = lease_uid(t, new);
	uint32_t *pos = head;

	for (uint32_t *at = head; *at != 0; ) {
		struct lease *l = &t->leases[*at - 1];

		if (is_uid(t, l, uid)) {
			if (is_preferred(new, l)) {
				pos = at;
				break;
			}
			pos = &l->uid_next;
		}
		at = &l->uid_next;
	}
	new->uid_next = *pos;
	*pos = i + 1;
}

static void
uid_enter(struct lease_table *t, uint32_t i)
{
	struct str uid = lease_uid(t, &t->leases[i]);

	if (uid.len != 0)
		uid_enter_at(t, i, uid_head(t, uid));
}

static void
uid_leave(struct lease_table *t, uint32_t i)
{
	struct lease *gone = &t->leases[i];
	struct str uid = lease_uid(t, gone);
	uint32_t *at;

	if (uid.len == 0)
		return;
	for (at = uid_head(t, uid); *at != i + 1; )
		at = &t->leases[*at - 1].uid_next;
	*at = gone->uid_next;
	gone->uid_next = 0;
}

static void
hw_enter_at(struct lease_table *t, uint32_t i, uint32_t *head)
{
	struct lease *new = &t->leases[i];
	struct str hw = lease_hw(t, new);
	uint32_t *pos = head;

	for (uint32_t *at = head; *at != 0; ) {
		struct lease *l = &t->leases[*at - 1];

		if (is_hw(t, l, new->hw_type, hw)) {
			if (is_preferred(new, l)) {
				pos = at;
				break;
			}
			pos = &l->hw_next;
		}
		at = &l->hw_next;
	}
	new->hw_next = *pos;
	*pos = i + 1;
}

/* head is the chain of its hash; NULL when that is still to be found. */
static void
hw_enter(struct lease_table *t, uint32_t i, uint32_t *head)
{
	struct str hw = lease_hw(t, &t->leases[i]);

	if (hw.len == 0)
		return;
	if (head == NULL)
		head = hw_head(t, t->leases[i].hw_type, hw);
	hw_enter_at(t, i, head);
}

/* The chain it has left, or NULL. */
static uint32_t *
hw_leave(struct lease_table *t, uint32_t i)
{
	struct lease *gone = &t->leases[i];
	struct str hw = lease_hw(t, gone);
	uint32_t *head, *at;

	if (hw.len == 0)
		return NULL;
	head = hw_head(t, gone->hw_type, hw);
	for (at = head; *at != i + 1; )
		at = &t->leases[*at - 1].hw_next;
	*at = gone->hw_next;
	gone->hw_next = 0;
	return head;
}

/*
 * Enter all leases by one of the two keys.  A million chains are a million
 * cache misses when taken one at a time; so the hashes come first, and the
 * heads and records that will be wanted are asked for ahead.
 */
static void
index_all(struct lease_table *t, uint32_t *hashes, uint32_t *heads,
    void (*enter_at)(struct lease_table *t, uint32_t i, uint32_t *head))
{
	enum { AHEAD = 32 };

	for (uint32_t i = 0; i < t->leases_n; i++) {
		uint32_t far = i + AHEAD, near = i + AHEAD / 2;

		if (far < t->leases_n && hashes[far] != LEASE_NONE)
			__builtin_prefetch(&heads[hashes[far]]);
		if (near < t->leases_n && hashes[near] != LEASE_NONE &&
		    heads[hashes[near]] != 0)
			__builtin_prefetch(
			    &t->leases[heads[hashes[near]] - 1]);
		if (hashes[i] != LEASE_NONE)
			enter_at(t, i, &heads[hashes[i]]);
	}
}

void
lease_index(struct lease_table *t, uint32_t *scratch)
{
	bool has_uid = false;

	for (uint32_t i = 0; i < t->leases_n; i++) {
		const struct lease *l = &t->leases[i];

		scratch[i] = l->hw_len == 0 ? LEASE_NONE : (uint32_t)
		    (hw_head(t, l->hw_type, lease_hw(t, l)) - t->hw_heads);
		has_uid |= l->blob != 0;
	}
	index_all(t, scratch, t->hw_heads, hw_enter_at);
	for (uint32_t i = 0; has_uid && i < t->leases_n; i++) {
		struct str uid = lease_uid(t, &t->leases[i]);

		scratch[i] = uid.len == 0 ? LEASE_NONE : (uint32_t)
		    (uid_head(t, uid) - t->uid_heads);
	}
	if (has_uid)
		index_all(t, scratch, t->uid_heads, uid_enter_at);
}

static struct lease *
uid_from(const struct lease_table *t, uint32_t at, struct str uid)
{
	for (; at != 0; at = t->leases[at - 1].uid_next)
		if (is_uid(t, &t->leases[at - 1], uid))
			return &t->leases[at - 1];
	return NULL;
}

static struct lease *
hw_from(const struct lease_table *t, uint32_t at, uint8_t hw_type,
    struct str hw)
{
	for (; at != 0; at = t->leases[at - 1].hw_next)
		if (is_hw(t, &t->leases[at - 1], hw_type, hw))
			return &t->leases[at - 1];
	return NULL;
}

struct lease *
lease_first_by_uid(const struct lease_table *t, struct str uid)
{
	return uid.len == 0 ? NULL : uid_from(t, *uid_head(t, uid), uid);
}

struct lease *
lease_next_by_uid(const struct lease_table *t, const struct lease *l)
{
	return uid_from(t, l->uid_next, lease_uid(t, l));
}

struct lease *
lease_first_by_hw(const struct lease_table *t, uint8_t hw_type, struct str hw)
{
	if (hw.len == 0 || hw.len > LEASE_HW_MAX)
		return NULL;
	return hw_from(t, *hw_head(t, hw_type, hw), hw_type, hw);
}

struct lease *
lease_next_by_hw(const struct lease_table *t, const struct lease *l)
{
	return hw_from(t, l->hw_next, l->hw_type, lease_hw(t, l));
}

/* ---- queues -------------------------------------------------------------- */

enum lease_queue
lease_queue_of(const struct lease *l)
{
	switch (lease_state(l)) {
	case LEASE_ACTIVE:
		return LEASE_Q_ACTIVE;
	case LEASE_EXPIRED:
	case LEASE_RELEASED:
	case LEASE_RESET:
		return LEASE_Q_EXPIRED;
	case LEASE_ABANDONED:
		return LEASE_Q_ABANDONED;
	case LEASE_BACKUP:
		return (l->flags & LEASE_F_RESERVED) != 0 ? LEASE_Q_RESERVED :
		    LEASE_Q_BACKUP;
	case LEASE_FREE:
		break;
	}
	return (l->flags & LEASE_F_RESERVED) != 0 ? LEASE_Q_RESERVED :
	    LEASE_Q_FREE;
}

/* Tell the heap of pools when this one wants to be looked at. */
void
lease_pool_due(struct lease_table *t, struct lease_pool *p)
{
	static const enum lease_queue q[] = {
		LEASE_Q_ACTIVE, LEASE_Q_EXPIRED, LEASE_Q_ABANDONED
	};
	uint32_t id = (uint32_t)(p - t->pools);
	int64_t due = INT64_MAX, was;

	for (size_t k = 0; k < ARRAY_LEN(q); k++) {
		uint32_t first = p->first[q[k]];

		if (first != 0 && t->leases[first - 1].ends != LEASE_NEVER &&
		    t->leases[first - 1].ends < due)
			due = t->leases[first - 1].ends;
	}
	if (due == INT64_MAX)
		heap_del(&t->due, id);
	else if (!heap_has(&t->due, id, &was) || was != due)
		heap_set(&t->due, id, due);
}

static void
enqueue(struct lease_table *t, struct lease_pool *p, uint32_t i)
{
	struct lease *l = &t->leases[i];
	enum lease_queue q = lease_queue_of(l);
	uint32_t first = p->first[q];

	l->seq = --t->seq_top;
	leaseq_insert(t, &p->root[q], i);
	p->count[q]++;
	if (first == 0 || l->ends <= t->leases[first - 1].ends)
		p->first[q] = i + 1;
	lease_pool_due(t, p);
}

static void
dequeue(struct lease_table *t, struct lease_pool *p, uint32_t i)
{
	struct lease *l = &t->leases[i];
	enum lease_queue q = lease_queue_of(l);

	p->count[q]--;
	if (l->state == 0 || (l->flags & LEASE_F_ZERO) != 0) {
		p->zero_n--;
		p->zero_used -= l->state != 0;
		l->flags &= (uint8_t)~LEASE_F_ZERO;
		return;
	}
	leaseq_remove(t, &p->root[q], i);
	if (p->first[q] == i + 1)
		p->first[q] = leaseq_first(t, p->root[q]) + 1;
}

/* First of the list of end 0, past those that have left it. */
static uint32_t
zero_first(struct lease_table *t, struct lease_pool *p)
{
	if (p->zero_n == 0)
		return LEASE_NONE;
	for (;;) {
		const struct lease *l;

		ASSERT(p->zero_head != 0);
		l = &t->leases[p->zero_head - 1];
		if (l->state == 0 || (l->flags & LEASE_F_ZERO) != 0)
			return p->zero_head - 1;
		p->zero_head = t->zero_next[p->zero_head - 1];
	}
}

struct lease *
lease_queue_head(struct lease_table *t, uint32_t pool, enum lease_queue q)
{
	struct lease_pool *p = &t->pools[pool];
	uint32_t i = LEASE_NONE;

	ASSERT(pool < t->pools_n);
	if (q == LEASE_Q_FREE)
		i = zero_first(t, p);
	if (i == LEASE_NONE)
		i = p->first[q] - 1;
	return i == LEASE_NONE ? NULL : &t->leases[i];
}

bool
lease_due_at(const struct lease_table *t, int64_t *ret_s)
{
	uint32_t id;

	return heap_top(&t->due, &id, ret_s);
}

struct lease *
lease_due(struct lease_table *t, int64_t now_s)
{
	static const enum lease_queue q[] = {
		LEASE_Q_ACTIVE, LEASE_Q_EXPIRED, LEASE_Q_ABANDONED
	};
	const struct lease_pool *p;
	uint32_t id;
	int64_t due;

	if (!heap_top(&t->due, &id, &due) || due > now_s)
		return NULL;
	p = &t->pools[id];
	for (size_t k = 0; k < ARRAY_LEN(q); k++) {
		uint32_t first = p->first[q[k]];

		if (first != 0 && t->leases[first - 1].ends == due)
			return &t->leases[first - 1];
	}
	ASSERT(!"a pool is due without a lease");
	return NULL;
}

/* ---- changing ------------------------------------------------------------ */

/* Everything that lives moves to the other half of the slab. */
static void
compact(struct lease_table *t)
{
	leaseblob_flip(&t->slab);
	for (uint32_t i = 0; i < t->leases_n; i++)
		if (t->leases[i].blob != 0)
			t->leases[i].blob = leaseblob_move(&t->slab,
			    t->leases[i].blob);
}

static bool
new_blob(struct lease_table *t, const struct lease_data *d, uint32_t *ret)
{
	size_t size = leaseblob_size(d);

	*ret = 0;
	if (size == 0)
		return true;
	if (size > LEASE_BLOB_MAX)
		return false;
	if (leaseblob_new(&t->slab, d, size, ret))
		return true;
	/* A second time it would write over what slices still point to. */
	if (t->was_compacted && !t->is_loading)
		return false;
	compact(t);
	t->was_compacted = true;
	return leaseblob_new(&t->slab, d, size, ret);
}

static void
set_fields(struct lease *l, const struct lease_data *d)
{
	ASSERT(d->state >= LEASE_FREE && d->state <= LEASE_BACKUP);
	ASSERT(d->next >= LEASE_FREE && d->next <= LEASE_BACKUP);
	ASSERT(d->rewind >= LEASE_FREE && d->rewind <= LEASE_BACKUP);
	l->starts = d->starts;
	l->ends = d->ends;
	l->tstp = d->tstp;
	l->cltt = d->cltt;
	l->state = d->state;
	l->next = d->next;
	l->rewind = d->rewind;
	l->flags = (uint8_t)((l->flags & LEASE_F_ZERO) |
	    (d->flags & LEASE_F_FILE));
	l->billed = d->billed;
}

static void
set_hw(struct lease *l, const struct lease_data *d)
{
	l->hw_type = d->hw_type;
	l->hw_len = d->hw_len;
	memset(l->hw, 0, sizeof(l->hw));
	if (d->hw_len <= HW_INLINE)
		memcpy(l->hw, d->hw, d->hw_len);
}

static bool
set_binding(struct lease_table *t, struct lease *l,
    const struct lease_data *d, uint8_t flags)
{
	uint32_t i = index_of(t, l), blob, *head;
	struct lease_pool *p = &t->pools[lease_pool(t, l)];
	bool is_same_hw = is_hw(t, l, d->hw_type, str_make(d->hw, d->hw_len));
	bool has_place;

	ASSERT(!t->is_loading);
	ASSERT(d->hw_len <= LEASE_HW_MAX);
	has_place = new_blob(t, d, &blob);
	/* What only loses something does with the place it has. */
	if (!has_place &&
	    leaseblob_size(d) > leaseblob_len(&t->slab, l->blob))
		return false;
	dequeue(t, p, i);
	/* The indexes take the lease in with the state it had before: so the
	 * place among several leases of one client is ISC's. */
	uid_leave(t, i);
	head = hw_leave(t, i);
	if (has_place) {
		leaseblob_del(&t->slab, l->blob);
		l->blob = blob;
	} else {
		leaseblob_over(&t->slab, l->blob, d, leaseblob_size(d));
	}
	set_hw(l, d);
	uid_enter(t, i);
	hw_enter(t, i, is_same_hw ? head : NULL);
	set_fields(l, d);
	l->flags |= flags;
	enqueue(t, p, i);
	return true;
}

void
lease_settle(struct lease_table *t)
{
	t->was_compacted = false;
}

bool
lease_commit(struct lease_table *t, struct lease *l,
    const struct lease_data *d)
{
	return set_binding(t, l, d, 0);
}

bool
lease_offer(struct lease_table *t, struct lease *l,
    const struct lease_data *d)
{
	return set_binding(t, l, d, LEASE_F_OFFERED);
}

bool
lease_load(struct lease_table *t, struct lease *l, const struct lease_data *d)
{
	uint32_t blob;

	ASSERT(t->is_loading);
	ASSERT(d->hw_len <= LEASE_HW_MAX);
	if (!new_blob(t, d, &blob))
		return false;
	leaseblob_del(&t->slab, l->blob);
	l->blob = blob;
	set_hw(l, d);
	set_fields(l, d);
	return true;
}

struct str
lease_text(const struct lease_table *t, uint32_t id)
{
	ASSERT(id != 0 && id <= t->texts_n);
	return t->texts[id - 1];
}

uint32_t
lease_text_id(struct lease_table *t, struct str text)
{
	if (text.len == 0)
		return 0;
	for (uint32_t k = 0; k < t->texts_n; k++)
		if (str_eq(t->texts[k], text))
			return k + 1;
	if (t->texts_n == LEASE_TEXTS_MAX ||
	    !arena_str(&t->text_arena, text, &t->texts[t->texts_n]))
		return 0;
	return ++t->texts_n;
}

static void
end_binding(struct lease_data *d)
{
	d->state = LEASE_FREE;
	d->next = LEASE_FREE;
	d->flags &= (uint8_t)~LEASE_F_ON_BOTH;
	d->billed = 0;
	d->hostname = str_make(NULL, 0);
	d->agent = str_make(NULL, 0);
	d->class_name = str_make(NULL, 0);
	d->class_value = str_make(NULL, 0);
	d->on_expiry = 0;
	d->on_release = 0;
}

void
lease_data_expire(struct lease_data *d)
{
	end_binding(d);
	d->tstp = d->ends;
}

void
lease_data_release(struct lease_data *d, uint32_t now)
{
	end_binding(d);
	d->ends = now;
	d->tstp = now;
	d->vars = str_make(NULL, 0);
}

void
lease_data_abandon(struct lease_data *d, uint32_t until)
{
	bool was_active = d->state == LEASE_ACTIVE;

	end_binding(d);
	d->state = LEASE_ABANDONED;
	d->ends = until;
	if (was_active)
		d->tstp = until;
	d->hw_type = 0;
	d->hw_len = 0;
	d->uid = str_make(NULL, 0);
	d->vars = str_make(NULL, 0);
}

/* ---- walking -------------------------------------------------------------- */

static bool
is_worth_writing(const struct lease *l)
{
	return l->state > LEASE_FREE || l->hw_len != 0 || l->blob != 0;
}

/* The rest of the list of end 0: addresses somebody had, without an end. */
static struct lease *
walk_zero(struct lease_table *t, struct lease_walk *w,
    const struct lease_pool *p)
{
	if (w->zero == 0 && p->zero_used != 0)
		w->zero = p->zero_head;
	while (w->zero != 0) {
		struct lease *l = &t->leases[w->zero - 1];

		w->zero = t->zero_next[w->zero - 1];
		if (w->zero == 0)
			w->is_zero_done = true;
		if ((l->flags & LEASE_F_ZERO) != 0 && is_worth_writing(l))
			return l;
	}
	w->is_zero_done = true;
	return NULL;
}

static struct lease *
walk_queue(struct lease_table *t, struct lease_walk *w,
    const struct lease_pool *p)
{
	for (;;) {
		uint32_t i = w->is_inside ?
		    leaseq_after(t, p->root[w->q], w->ends, w->seq) :
		    leaseq_first(t, p->root[w->q]);

		if (i == LEASE_NONE)
			return NULL;
		w->is_inside = true;
		w->ends = t->leases[i].ends;
		w->seq = t->leases[i].seq;
		if (is_worth_writing(&t->leases[i]))
			return &t->leases[i];
	}
}

struct lease *
lease_walk_next(struct lease_table *t, struct lease_walk *w)
{
	while (w->order_i < t->pools_n) {
		const struct lease_pool *p =
		    &t->pools[t->pool_order[w->order_i]];
		struct lease *l = NULL;

		if (w->q == LEASE_Q_FREE && !w->is_zero_done)
			l = walk_zero(t, w, p);
		if (l == NULL)
			l = walk_queue(t, w, p);
		if (l != NULL)
			return l;
		w->is_inside = false;
		if (++w->q == LEASE_Q_N) {
			w->q = 0;
			w->order_i++;
			w->is_zero_done = false;
			w->zero = 0;
		}
	}
	return NULL;
}

/* ---- variables ------------------------------------------------------------ */

/* kind, name length, name, 16-bit length, bytes (numbers: 8, big-endian) */
bool
lease_var_next(struct str *vars, struct lease_var *ret)
{
	const uint8_t *p = (const uint8_t *)vars->p;
	size_t name_len, len, all;

	if (vars->len == 0)
		return false;
	ASSERT(vars->len >= 4);
	name_len = p[1];
	ASSERT(vars->len >= 4 + name_len);
	len = (size_t)p[2 + name_len] << 8 | p[3 + name_len];
	all = 4 + name_len + len;
	ASSERT(vars->len >= all);
	memset(ret, 0, sizeof(*ret));
	ret->kind = (enum lease_var_kind)p[0];
	ret->name = str_make(p + 2, name_len);
	p += 4 + name_len;
	if (ret->kind == LEASE_VAR_DATA) {
		ret->data = str_make(p, len);
	} else {
		uint64_t v = 0;

		for (size_t k = 0; k < len; k++)
			v = v << 8 | p[k];
		ret->num = (int64_t)v;
	}
	*vars = str_sub(*vars, all, vars->len - all);
	return true;
}

bool
lease_var_find(struct str vars, struct str name, struct lease_var *ret)
{
	struct lease_var v;

	while (lease_var_next(&vars, &v)) {
		if (str_ieq(v.name, name)) {
			*ret = v;
			return true;
		}
	}
	return false;
}

static void
put_var(struct wr *wr, const struct lease_var *v)
{
	if (v->name.len > UINT8_MAX || v->data.len > UINT16_MAX) {
		wr->failed = true;
		return;
	}
	wr_u8(wr, (uint8_t)v->kind);
	wr_u8(wr, (uint8_t)v->name.len);
	wr_str(wr, v->name);
	if (v->kind == LEASE_VAR_DATA) {
		wr_u16(wr, (uint16_t)v->data.len);
		wr_str(wr, v->data);
	} else {
		wr_u16(wr, 8);
		wr_u32(wr, (uint32_t)((uint64_t)v->num >> 32));
		wr_u32(wr, (uint32_t)v->num);
	}
}

void
lease_var_set(struct wr *wr, struct str vars, const struct lease_var *v)
{
	struct lease_var old;
	bool is_there = lease_var_find(vars, v->name, &old);

	if (!is_there)
		put_var(wr, v);
	while (lease_var_next(&vars, &old))
		put_var(wr, is_there && str_ieq(old.name, v->name) ? v : &old);
}
