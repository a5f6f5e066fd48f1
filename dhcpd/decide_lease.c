/* SPDX-License-Identifier: ISC */
/*
 * decide_lease.c - the terms on which an address is given.
 *
 * Owns the refusals by parameter, the lease time, the cache threshold, the
 * pool thresholds, what is written into the lease, and where the reply goes.
 * An ACK changes the lease before it is built, so that it can never promise
 * what the table does not say; an OFFER changes memory alone.
 */
#include "dhcpd/decide_lease.h"

#include <string.h>

#include "common/ip4.h"
#include "common/rd.h"
#include "dhcpd/opttab.h"
#include "dhcpd/stmt.h"

enum {
	GIVE_OFFER_S = 120,		/* how long an OFFER holds an address */
	GIVE_DEFAULT_S = 43200,
	GIVE_MAX_S = 86400,
	GIVE_MIN_S = 300,
	GIVE_CACHE_PERCENT = 25,
	GIVE_PING_S = 1,
	GIVE_PING_CLTT_S = 60
};

/* One address being given.  Turn. */
struct decide_give {
	struct decide_query *q;
	const struct decide_pick *pick;
	enum decide_lease_kind kind;
	struct lease_data data;		/* as it will be */
	uint32_t old_starts, old_ends, old_cltt;
	enum lease_state old_state;
	bool is_same_client, is_unchanged;
	bool is_reused;			/* answered from the cache */
	bool was_reserved;
	uint32_t time_s;		/* asked, then decided */
	uint32_t ends;
	struct conf_class *billing;
};

static void
give_ip(const struct decide_give *g, char buf[IP4_TEXT_SIZE])
{
	(void)ip4_fmt(g->pick->addr, buf);
}

/* --- refusals */

/* A flag that denies with a line or ignores without; true: go on. */
static bool
give_is_allowed(struct decide_give *g, uint32_t param, const char *why)
{
	int flag;

	flag = expr_param_flag(&g->q->env, param, 1);
	if (flag == 1)
		return true;
	if (flag == 0)
		(void)decide_query_refuse(g->q, DECIDE_WHY_REFUSED, why);
	else
		(void)decide_query_drop(g->q, DECIDE_WHY_REFUSED);
	return false;
}

static bool
give_has_billing(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct conf_class *full;

	if (g->pick->is_static)
		return true;
	if (classify_bill_pick(&q->d->bill, &q->classes, g->data.billed,
	    &full)) {
		g->billing = full;
		return true;
	}
	logtext_refused(&q->lt, LOGTEXT_INFO, q->head, "no available billing: "
	    "lease limit reached in all matching classes (last: '%.*s')",
	    STR_ARG(full->super != NULL ? full->super->name : full->name));
	(void)decide_query_drop(q, DECIDE_WHY_REFUSED);
	return false;
}

static bool
give_is_late_enough(struct decide_give *g)
{
	struct decide_query *q = g->q;
	uint32_t min;

	if (g->kind != DECIDE_LEASE_OFFER)
		return true;
	min = expr_param_num(&q->env, OPTTAB_S_MIN_SECS, 0);
	if (q->p.head.secs >= min)
		return true;
	logtext_refused(&q->lt, LOGTEXT_INFO, q->head, "configured min-secs "
	    "value (%u) is greater than secs field (%u).  message dropped.",
	    (unsigned)min, (unsigned)q->p.head.secs);
	(void)decide_query_drop(q, DECIDE_WHY_REFUSED);
	return false;
}

static bool
give_is_welcome(struct decide_give *g)
{
	const struct decide_query *q = g->q;

	return give_is_late_enough(g) &&
	    (q->host != NULL || give_is_allowed(g,
	    OPTTAB_S_BOOT_UNKNOWN_CLIENTS, "unknown client")) &&
	    (q->p.type != PROTO_MSG_BOOTP || give_is_allowed(g,
	    OPTTAB_S_ALLOW_BOOTP, "bootp disallowed")) &&
	    give_is_allowed(g, OPTTAB_S_ALLOW_BOOTING, "booting disallowed") &&
	    give_has_billing(g);
}

/* --- the binding */

/* Who gets it: identity, host name, relay's options. */
static void
give_identity(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct lease_data *d = &g->data;
	const struct lease_data old = *d;
	struct str s, uid;

	uid = q->uid.p != NULL && expr_param_flag(&q->env,
	    OPTTAB_S_IGNORE_CLIENT_UIDS, 0) != 1 ? q->uid : STR("");
	g->is_same_client = str_eq(old.uid, uid) &&
	    old.hw_type == q->p.head.htype &&
	    str_eq(str_make(old.hw, old.hw_len), q->hw_addr);
	d->uid = uid;
	d->hw_type = q->p.head.htype;
	d->hw_len = q->p.head.hlen;
	memcpy(d->hw, q->p.head.chaddr, q->p.head.hlen);
	if (packet_option(&q->p, PROTO_OPT_HOST_NAME, &s)) {
		/* The peer takes it for a string of C. */
		d->hostname = str_cut(s, '\0', &s);
		g->is_unchanged = str_eq(old.hostname, d->hostname);
	} else {
		d->hostname = STR("");
		g->is_unchanged = true;
	}
	g->is_unchanged = g->is_unchanged && g->is_same_client;
	if (packet_option(&q->p, PROTO_OPT_RELAY_AGENT, &s) && expr_param_flag(
	    &q->env, OPTTAB_S_STASH_AGENT_OPTIONS, 1) == 1)
		d->agent = s;
	else
		d->agent = STR("");
}

/* A free lease carries nothing over but its former identity. */
static void
give_start(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct lease_data *d = &g->data;

	memset(d, 0, sizeof(*d));
	g->old_state = LEASE_ACTIVE;
	if (g->pick->is_static)
		return;
	lease_get(q->d->leases, g->pick->lease, d);
	g->old_state = lease_state(g->pick->lease);
	g->old_starts = d->starts;
	g->old_ends = d->ends;
	g->old_cltt = d->cltt;
	g->was_reserved = (d->flags & LEASE_F_RESERVED) != 0;
	if (g->old_state == LEASE_ACTIVE)
		return;
	d->vars = STR("");
	d->on_expiry = 0;
	d->on_release = 0;
}

static void
give_bill(struct decide_give *g)
{
	struct lease_data *d = &g->data;
	const struct conf_class *c = g->billing;

	d->billed = classify_bill_id(&g->q->d->bill, g->billing);
	d->class_name = STR("");
	d->class_value = (struct str){ NULL, 0 };
	if (c == NULL)
		return;
	d->class_name = c->super != NULL ? c->super->name : c->name;
	if (c->super != NULL)
		d->class_value = c->data;
}

/* "on" blocks that the statements set, as text. */
static uint32_t
give_event_text(struct decide_give *g, unsigned event, uint32_t present)
{
	enum { TEXT_MAX = 8192 };
	struct decide_query *q = g->q;
	const struct stmt *body;
	struct wr w;
	void *p;
	unsigned i;

	if ((q->on_seen & event) == 0)
		return present;
	for (i = 0; event >> i != 1; i++)
		;
	body = q->on_body[i];
	p = arena_alloc(q->d->scratch, TEXT_MAX, 1);
	if (body == NULL || p == NULL)
		return 0;
	wr_init(&w, p, TEXT_MAX);
	stmt_print(&w, body, 4);
	return wr_ok(&w) ? lease_text_id(q->d->leases, wr_as_str(&w)) : 0;
}

static void
give_events(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct lease_data *d = &g->data;

	if (q->on_seen == 0)
		return;
	d->on_expiry = give_event_text(g, EXPR_ON_EXPIRY, d->on_expiry);
	d->on_release = give_event_text(g, EXPR_ON_RELEASE, d->on_release);
	d->flags &= (uint8_t)~LEASE_F_ON_BOTH;
	if (q->on_body[1] != NULL && q->on_body[1] == q->on_body[2])
		d->flags |= LEASE_F_ON_BOTH;
}

/* The client's vendor class is kept as a variable. */
static void
give_vendor_class(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct expr_value v;

	memset(&v, 0, sizeof(v));
	v.kind = EXPR_KIND_DATA;
	if (packet_option(&q->p, PROTO_OPT_VENDOR_CLASS, &v.data))
		/* Without room for it the lease is good all the same. */
		(void)expr_var_set(&q->vars, q->d->scratch,
		    STR("vendor-class-identifier"), &v);
}

/* --- time */

/* The peer's line for every packet of a pool with an adaptive threshold. */
static void
give_adapt(struct decide_give *g, uint32_t min)
{
	struct decide_query *q = g->q;
	const struct lease_pool *pool;
	char buf[IP4_TEXT_SIZE];
	uint32_t percent, fill, free_n, rest, now;
	int64_t left;

	percent = expr_param_num(&q->env,
	    OPTTAB_S_ADAPTIVE_LEASE_TIME_THRESHOLD, 0);
	if (percent < 1 || percent > 99 || g->pick->is_static)
		return;
	now = decide_query_now(q);
	pool = &q->d->leases->pools[lease_pool(q->d->leases, g->pick->lease)];
	free_n = pool->count[LEASE_Q_FREE] + pool->count[LEASE_Q_BACKUP];
	ASSERT(pool->total > 0);	/* it has this lease */
	fill = (uint32_t)((uint64_t)100 * (pool->total - free_n) / pool->total);
	left = (int64_t)lease_end_told(g->old_ends, now) - (int64_t)now;
	rest = left > (int64_t)min ? (uint32_t)left : min;
	logtext_fmt(&q->lt, LOGTEXT_DEBUG, "Adap-lease: Total: %u, Free: %u, "
	    "Ends: %lld, Adaptive: %u, Fill: %u, Threshold: %u",
	    (unsigned)pool->total, (unsigned)free_n, (long long)left,
	    (unsigned)rest, (unsigned)fill, (unsigned)percent);
	if (fill < percent || g->time_s <= rest)
		return;
	give_ip(g, buf);
	logtext_fmt(&q->lt, LOGTEXT_INFO, "Pool over threshold, time for %s "
	    "reduced from %u to %u.", buf, (unsigned)g->time_s,
	    (unsigned)rest);
	g->time_s = rest;
}

/* How long: the client's wish within default, max, threshold and min. */
static void
give_time(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct str s;
	struct rd r;
	uint32_t max, min;

	max = expr_param_num(&q->env, OPTTAB_S_MAX_LEASE_TIME, GIVE_MAX_S);
	min = expr_param_num(&q->env, OPTTAB_S_MIN_LEASE_TIME,
	    max < GIVE_MIN_S ? max : GIVE_MIN_S);
	if (packet_option(&q->p, PROTO_OPT_LEASE_TIME, &s) &&
	    s.len == sizeof(uint32_t)) {
		rd_init(&r, s.p, s.len);
		g->time_s = rd_u32(&r);
	} else {
		g->time_s = expr_param_num(&q->env,
		    OPTTAB_S_DEFAULT_LEASE_TIME, GIVE_DEFAULT_S);
	}
	if (g->time_s > max)
		g->time_s = max;
	give_adapt(g, min);
	if (g->time_s < min)
		g->time_s = min;
}

static void
give_end(struct decide_give *g)
{
	uint64_t ends;

	ends = (uint64_t)decide_query_now(g->q) + g->time_s;
	g->ends = ends < LEASE_NEVER ? (uint32_t)ends : LEASE_NEVER;
}

/* BOOTP clients never come back to renew. */
static void
give_time_bootp(struct decide_give *g)
{
	struct decide_query *q = g->q;
	uint32_t cutoff;

	g->time_s = expr_param_num(&q->env,
	    OPTTAB_S_DYNAMIC_BOOTP_LEASE_LENGTH, PROTO_TIME_INFINITE);
	give_end(g);
	cutoff = expr_param_num(&q->env, OPTTAB_S_DYNAMIC_BOOTP_LEASE_CUTOFF,
	    LEASE_NEVER);
	if (cutoff < g->ends)
		g->ends = cutoff;
	g->data.flags |= LEASE_F_BOOTP;
}

static void
give_reserve(struct decide_give *g)
{
	struct decide_query *q = g->q;
	char buf[IP4_TEXT_SIZE];

	if (g->pick->is_static || g->time_s != PROTO_TIME_INFINITE ||
	    g->kind == DECIDE_LEASE_BOOTP || expr_param_flag(&q->env,
	    OPTTAB_S_INFINITE_IS_RESERVED, 0) != 1)
		return;
	give_ip(g, buf);
	logtext_fmt(&q->lt, LOGTEXT_INFO,
	    "Infinite-leasetime reservation made on %s.", buf);
	g->data.flags |= LEASE_F_RESERVED;
	if (!g->was_reserved) {
		logtext_add(&q->lt, LOGTEXT_DEBUG, STR("Cannot reuse: lease "
		    "is changing to RESERVED"));
		g->is_unchanged = false;
	}
}

/*
 * A lease young enough is confirmed as it is, without touching the disk.  A DHCP
 * lease is not for who speaks BOOTP: such a client never comes back to renew.
 */
static void
give_reuse(struct decide_give *g)
{
	struct decide_query *q = g->q;
	char buf[IP4_TEXT_SIZE];
	uint32_t percent, now, age;

	if (g->pick->is_static || g->old_state != LEASE_ACTIVE ||
	    !g->is_unchanged ||
	    (g->kind == DECIDE_LEASE_BOOTP &&
	    (g->pick->lease->flags & LEASE_F_BOOTP) == 0) ||
	    (g->pick->lease->flags & LEASE_F_OFFERED) != 0 ||
	    classify_bill_class(&q->d->bill, g->data.billed) != g->billing)
		return;
	percent = expr_param_num(&q->env, OPTTAB_S_DHCP_CACHE_THRESHOLD,
	    GIVE_CACHE_PERCENT);
	if (percent > 99)
		percent = GIVE_CACHE_PERCENT;
	now = decide_query_now(q);
	if (percent == 0 || now < g->old_starts || g->old_ends <= now)
		return;
	age = now - g->old_starts;
	if ((uint64_t)age * 100 >
	    (uint64_t)(g->old_ends - g->old_starts) * percent)
		return;
	give_ip(g, buf);
	logtext_fmt(&q->lt, LOGTEXT_DEBUG, "reuse_lease: lease age %u (secs) "
	    "under %u%% threshold, reply with unaltered, existing lease for "
	    "%s", (unsigned)age, (unsigned)percent, buf);
	g->is_reused = true;
	g->ends = g->old_ends;
	g->data.hostname = lease_hostname(q->d->leases, g->pick->lease);
}

/* log-threshold-high and -low: one line when a pool fills, one when it does
 * not any more.  Counts are those before this lease. */
static void
give_threshold(struct decide_give *g)
{
	struct decide_query *q = g->q;
	const struct lease_pool *pool;
	uint8_t *is_over;
	char buf[IP4_TEXT_SIZE];
	uint32_t high, low, used;

	if (g->kind != DECIDE_LEASE_ACK || g->pick->is_static)
		return;
	high = expr_param_num(&q->env, OPTTAB_S_LOG_THRESHOLD_HIGH, 0);
	if (high < 1 || high > 100)
		return;
	low = expr_param_num(&q->env, OPTTAB_S_LOG_THRESHOLD_LOW, 0);
	pool = &q->d->leases->pools[g->pick->pool->pool_i];
	is_over = &q->d->is_over[g->pick->pool->pool_i];
	used = pool->total - pool->count[LEASE_Q_FREE] -
	    pool->count[LEASE_Q_BACKUP];
	give_ip(g, buf);
	if (*is_over && (uint64_t)used * 100 <= (uint64_t)pool->total * low) {
		logtext_fmt(&q->lt, LOGTEXT_ERROR, "Pool threshold reset - "
		    "shared subnet: %.*s; address: %s; low threshold %u/%u.",
		    STR_ARG(g->pick->pool->network->name), buf,
		    (unsigned)used, (unsigned)pool->total);
		*is_over = false;
	} else if (!*is_over &&
	    (uint64_t)used * 100 >= (uint64_t)pool->total * high) {
		logtext_fmt(&q->lt, LOGTEXT_ERROR, "Pool threshold exceeded - "
		    "shared subnet: %.*s; address: %s; high threshold %u%% "
		    "%u/%u.", STR_ARG(g->pick->pool->network->name), buf,
		    (unsigned)high, (unsigned)used, (unsigned)pool->total);
		*is_over = true;
	}
}

/* --- one lease per client */

/* Another client on the same hardware, going by its identifier? */
static bool
give_is_twin(const struct decide_give *g, const struct lease *l)
{
	const struct decide_query *q = g->q;
	struct str uid;

	uid = lease_uid(q->d->leases, l);
	return uid.len > 0 && q->uid.p != NULL && !str_eq(uid, q->uid);
}

/* Give back what else this client has. */
static void
give_release_others(struct decide_give *g, struct lease *l, bool by_uid)
{
	struct decide_query *q = g->q;
	const struct lease_table *t = q->d->leases;
	struct lease *others[DECIDE_CHANGE_MAX];
	size_t n;

	n = 0;
	for (; l != NULL && n < ARRAY_LEN(others); l = by_uid ?
	    lease_next_by_uid(t, l) : lease_next_by_hw(t, l))
		if (l != g->pick->lease && lease_state(l) == LEASE_ACTIVE &&
		    !give_is_twin(g, l))
			others[n++] = l;
	for (size_t i = 0; i < n; i++)
		decide_query_release(q, others[i]);
}

/*
 * It goes by the identity stored in the lease that is being given, when that
 * is the client's: a free address still carries the name of who had it last,
 * and that one's other leases are not ours to end.  "deny duplicates" makes
 * no difference: measured on the peer.
 */
static void
give_one_lease(struct decide_give *g)
{
	struct decide_query *q = g->q;
	const struct lease_table *t = q->d->leases;
	const struct lease *l = g->pick->lease;
	struct str uid, hw;

	if (g->kind != DECIDE_LEASE_ACK || g->pick->is_static ||
	    expr_param_flag(&q->env, OPTTAB_S_ONE_LEASE_PER_CLIENT, 0) != 1)
		return;
	uid = lease_uid(t, l);
	hw = lease_hw(t, l);
	if (uid.len > 0) {
		if (q->uid.p != NULL && str_eq(uid, q->uid))
			give_release_others(g, lease_first_by_uid(t, uid),
			    true);
	} else if (hw.len > 0 && l->hw_type == q->p.head.htype &&
	    str_eq(hw, q->hw_addr)) {
		give_release_others(g, lease_first_by_hw(t, l->hw_type, hw),
		    false);
	}
}

/* --- making it so */

/* What an ACK writes.  False when the table has no room. */
static bool
give_commit(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct lease_data *d = &g->data;
	uint32_t was_billed;

	if (q->on_body[0] != NULL)
		/* A break ends the list, nothing more. */
		(void)stmt_run(q->on_body[0], &q->env);
	if (g->pick->is_static || g->is_reused)
		return true;
	give_vendor_class(g);
	give_events(g);
	if ((q->vars.first != NULL || d->vars.len > 0) &&
	    !decide_query_pack_vars(q->d->scratch, &q->vars, &d->vars))
		return false;
	d->starts = decide_query_now(q);
	d->ends = g->ends;
	d->cltt = d->starts;
	d->tstp = 0;
	d->tsfp = 0;
	d->atsfp = 0;
	d->state = LEASE_ACTIVE;
	d->next = LEASE_FREE;
	was_billed = d->billed;
	give_bill(g);
	if (!lease_commit(q->d->leases, g->pick->lease, d))
		return false;
	classify_bill_move(&q->d->bill, was_billed, d->billed);
	decide_query_changed(q, g->pick->lease);
	return true;
}

/*
 * What an OFFER changes, in memory alone: the identity, and for a free address
 * how long it is kept for this client.  A binding that still runs keeps its
 * times and its owner: what was acknowledged stays so until the client asks
 * for more, or until who may take it over does.
 */
static bool
give_offer(struct decide_give *g)
{
	struct decide_query *q = g->q;
	struct lease_data d, old;

	if (g->pick->is_static || g->is_reused)
		return true;
	d = g->data;
	if (g->old_state != LEASE_ACTIVE) {
		d.starts = decide_query_now(q);
		d.cltt = d.starts;
	} else {
		lease_get(q->d->leases, g->pick->lease, &old);
		d.uid = old.uid;
		d.hw_type = old.hw_type;
		d.hw_len = old.hw_len;
		memcpy(d.hw, old.hw, sizeof(d.hw));
	}
	if (g->old_state == LEASE_FREE || g->old_state == LEASE_BACKUP)
		d.ends = d.starts + GIVE_OFFER_S;
	return lease_offer(q->d->leases, g->pick->lease, &d);
}

/* Does an address have to be pinged before it is offered? */
static void
give_probe(struct decide_give *g)
{
	struct decide_query *q = g->q;
	uint32_t ms, cltt_s, i;

	if (g->kind != DECIDE_LEASE_OFFER || g->pick->is_static ||
	    g->old_state == LEASE_ACTIVE ||
	    expr_param_flag(&q->env, OPTTAB_S_PING_CHECK, 1) != 1)
		return;
	cltt_s = expr_param_num(&q->env, OPTTAB_S_PING_CLTT_SECS,
	    GIVE_PING_CLTT_S);
	if (g->is_same_client && g->old_cltt != 0 &&
	    decide_query_now(q) - g->old_cltt < cltt_s)
		return;
	ms = expr_param_num(&q->env, OPTTAB_S_PING_TIMEOUT_MS, 0);
	q->out->probe_ns = ms > 0 ? ms * WHEN_NS_PER_MS :
	    expr_param_num(&q->env, OPTTAB_S_PING_TIMEOUT, GIVE_PING_S) *
	    WHEN_NS_PER_S;
	q->out->probe_addr = g->pick->addr;
	q->out->verdict = DECIDE_PROBE;
	i = (uint32_t)(g->pick->lease - q->d->leases->leases);
	q->d->probing[i / 8] |= (uint8_t)(1u << i % 8);
}

/* --- the reply */

/* T1 and T2 only where they make sense (RFC 2131 4.4.5). */
static void
give_tees(struct decide_give *g, uint32_t time_s)
{
	struct decide_query *q = g->q;
	struct str s;
	struct rd r;
	uint32_t limit, t;

	limit = time_s;
	if (expr_option(q->env.out, &q->env, OPTSPACE_DHCP,
	    PROTO_OPT_REBINDING_TIME, &s)) {
		rd_init(&r, s.p, s.len);
		t = rd_u32(&r);
		if (t < limit)
			limit = t;
		else
			optset_remove(q->env.out, OPTSPACE_DHCP,
			    PROTO_OPT_REBINDING_TIME);
	}
	if (expr_option(q->env.out, &q->env, OPTSPACE_DHCP,
	    PROTO_OPT_RENEWAL_TIME, &s)) {
		rd_init(&r, s.p, s.len);
		if (rd_u32(&r) >= limit)
			optset_remove(q->env.out, OPTSPACE_DHCP,
			    PROTO_OPT_RENEWAL_TIME);
	}
}

/* Options that follow from the lease when nobody configured them. */
static void
give_options(struct decide_give *g)
{
	struct decide_query *q = g->q;
	char name[256];
	char buf[IP4_TEXT_SIZE];

	decide_query_mask(q, g->pick->subnet);
	if (!optset_has(q->env.out, OPTSPACE_DHCP, PROTO_OPT_HOST_NAME)) {
		if (g->pick->host != NULL && expr_param_flag(&q->env,
		    OPTTAB_S_USE_HOST_DECL_NAMES, 0) == 1) {
			decide_query_put(q, PROTO_OPT_HOST_NAME,
			    g->pick->host->name.p, g->pick->host->name.len);
		} else if (expr_param_flag(&q->env,
		    OPTTAB_S_GET_LEASE_HOSTNAMES, 0) == 1) {
			give_ip(g, buf);
			if (q->d->ops->reverse(q->d->ops->ctx, g->pick->addr,
			    name))
				decide_query_put(q, PROTO_OPT_HOST_NAME, name,
				    strlen(name));
			else
				logtext_fmt(&q->lt, LOGTEXT_ERROR,
				    "No hostname for %s", buf);
		}
	}
	if (expr_param_flag(&q->env,
	    OPTTAB_S_USE_LEASE_ADDR_FOR_DEFAULT_ROUTE, 0) == 1 &&
	    !optset_has(q->env.out, OPTSPACE_DHCP, PROTO_OPT_ROUTERS))
		decide_query_put_u32(q, PROTO_OPT_ROUTERS, g->pick->addr);
}

/* Fact sheet 1.3, first rule that applies. */
static void
give_address(struct decide_give *g, uint32_t src, uint16_t flags)
{
	struct decide_query *q = g->q;
	const struct packet_head *h = &q->p.head;
	uint32_t server;
	bool is_here;

	if (h->giaddr != 0) {
		decide_query_by_udp(q, h->giaddr,
		    h->giaddr == 0x7f000001u ? q->d->client_port :
		    q->d->server_port);
		return;
	}
	is_here = g->pick->subnet != NULL &&
	    q->iface->network == g->pick->subnet->network &&
	    (packet_option_ip(&q->p, PROTO_OPT_SERVER_ID, &server) ||
	    (h->flags & PROTO_FLAG_BROADCAST) != 0);
	if (g->kind == DECIDE_LEASE_ACK && h->ciaddr != 0 && !is_here)
		decide_query_by_udp(q, h->ciaddr, q->d->client_port);
	else
		decide_query_by_raw(q, src, g->pick->addr,
		    (flags & PROTO_FLAG_BROADCAST) != 0);
}

static void
give_terms(struct decide_give *g)
{
	struct decide_query *q = g->q;
	uint32_t now, time_s;

	now = decide_query_now(q);
	time_s = g->ends > now ? lease_end_told(g->ends, now) - now : 0;
	if (g->pick->is_static)
		time_s = g->time_s;
	decide_query_type(q, g->kind == DECIDE_LEASE_OFFER ? PROTO_MSG_OFFER :
	    PROTO_MSG_ACK);
	decide_query_put_u32(q, PROTO_OPT_LEASE_TIME, time_s);
	give_tees(g, time_s);
}

static enum decide_verdict
give_reply(struct decide_give *g)
{
	static const char *const name[] = {
		"DHCPOFFER", "DHCPACK", "BOOTREPLY"
	};
	struct decide_query *q = g->q;
	struct reply r;
	uint32_t src;

	decide_query_head(q, &r);
	r.head.yiaddr = g->pick->addr;
	if (expr_param_flag(&q->env, OPTTAB_S_ALWAYS_BROADCAST, 0) == 1)
		r.head.flags |= PROTO_FLAG_BROADCAST;
	decide_query_fields(q, &r);
	decide_query_list(q, &r);
	src = q->iface->addr_n > 0 ? q->iface->addr[0] : 0;
	if (g->kind != DECIDE_LEASE_BOOTP) {
		src = decide_query_server_id(q);
		give_terms(g);
		r.can_overload = true;
		r.wants_mask = true;
	} else {
		optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_SERVER_ID);
		r.room = q->p.raw.len > PROTO_HEADER_LEN + REPLY_ROOM_BOOTP ?
		    q->p.raw.len - PROTO_HEADER_LEN : REPLY_ROOM_BOOTP;
		q->d->out_n[PROTO_MSG_BOOTP]++;
	}
	give_options(g);
	give_address(g, src, r.head.flags);
	q->out->reply.must_wait = g->kind != DECIDE_LEASE_OFFER &&
	    !g->pick->is_static;
	logtext_add(&q->lt, LOGTEXT_INFO, q->head);
	if (decide_query_reply(q, &r) != DECIDE_REPLY)
		return q->out->verdict;
	q->out->held_i = q->out->log.n;
	q->who.hostname = g->pick->is_static ? STR("") : g->data.hostname;
	logtext_reply(&q->lt, name[g->kind], g->pick->addr, &q->who);
	give_probe(g);
	return q->out->verdict;
}

static bool
give_is_probing(const struct decide_query *q, const struct decide_pick *pick)
{
	uint32_t i;

	if (pick->is_static)
		return false;
	i = (uint32_t)(pick->lease - q->d->leases->leases);
	return (q->d->probing[i / 8] & 1u << i % 8) != 0;
}

enum decide_verdict
decide_lease_give(struct decide_query *q, const struct decide_pick *pick,
    enum decide_lease_kind kind)
{
	struct decide_give g;
	bool fits;

	if (give_is_probing(q, pick)) {
		q->out->log.n = 0;
		return decide_query_drop(q, DECIDE_WHY_PENDING);
	}
	memset(&g, 0, sizeof(g));
	g.q = q;
	g.pick = pick;
	g.kind = kind;
	give_start(&g);
	decide_query_env(q, pick, &g.data);
	if (!decide_query_scopes(q, pick) || !give_is_welcome(&g))
		return q->out->verdict;
	give_identity(&g);
	if (kind == DECIDE_LEASE_BOOTP) {
		give_time_bootp(&g);
	} else {
		g.data.flags &= (uint8_t)~LEASE_F_BOOTP;
		give_time(&g);
		give_end(&g);
	}
	give_reserve(&g);
	give_reuse(&g);
	give_threshold(&g);
	give_one_lease(&g);
	fits = kind == DECIDE_LEASE_OFFER ? give_offer(&g) : give_commit(&g);
	if (!fits) {
		logtext_refused(&q->lt, LOGTEXT_ERROR, q->head,
		    "no room left in the lease table");
		return decide_query_drop(q, DECIDE_WHY_FULL);
	}
	return give_reply(&g);
}

/* --- BOOTP from a declaration */

enum decide_verdict
decide_lease_bootp_fixed(struct decide_query *q, const struct decide_pick *pick)
{
	const struct packet_head *h = &q->p.head;
	struct decide_give g;
	struct reply r;
	uint32_t own;

	memset(&g, 0, sizeof(g));
	g.q = q;
	g.pick = pick;
	g.kind = DECIDE_LEASE_BOOTP;
	decide_query_env(q, pick, &g.data);
	if (!decide_query_scopes(q, pick) || !give_is_welcome(&g))
		return q->out->verdict;
	own = q->iface->addr_n > 0 ? q->iface->addr[0] : 0;
	decide_query_head(q, &r);
	r.head.yiaddr = pick->addr;
	r.head.siaddr = own;
	r.file = q->p.file;
	if (expr_param_flag(&q->env, OPTTAB_S_ALWAYS_BROADCAST, 0) == 1)
		r.head.flags |= PROTO_FLAG_BROADCAST;
	decide_query_fields(q, &r);
	decide_query_list(q, &r);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_SERVER_ID);
	r.room = q->p.raw.len > PROTO_HEADER_LEN + REPLY_ROOM_BOOTP ?
	    q->p.raw.len - PROTO_HEADER_LEN : REPLY_ROOM_BOOTP;
	if (!q->p.has_cookie && expr_param_flag(&q->env,
	    OPTTAB_S_ALWAYS_REPLY_RFC1048, 0) != 1)
		r.vend = str_sub(q->p.raw, PROTO_HEADER_LEN, REPLY_ROOM_MAX);
	give_options(&g);
	if (h->giaddr != 0) {
		decide_query_by_udp(q, h->giaddr, q->d->server_port);
	} else {
		/* With the flag only the IP address is broadcast. */
		decide_query_by_raw(q, own, pick->addr, false);
		if ((r.head.flags & PROTO_FLAG_BROADCAST) != 0)
			q->out->reply.dst = q->d->broadcast;
	}
	logtext_add(&q->lt, LOGTEXT_INFO, q->head);
	logtext_bootreply_fixed(&q->lt, pick->addr, pick->host->name, &q->who);
	q->d->out_n[PROTO_MSG_BOOTP]++;
	return decide_query_reply(q, &r);
}
