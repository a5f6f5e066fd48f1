/* SPDX-License-Identifier: ISC */
/*
 * decide_find.c - the search for a client's address.
 *
 * Owns the order in which the peer looks: host declarations, leases by client
 * identifier, by hardware address, by the address asked for; and what happens
 * to those that lose.  Two clients can never come out with one address: a
 * lease that is neither free nor the client's own is never picked.
 */
#include "dhcpd/decide_find.h"

#include "common/ip4.h"
#include "dhcpd/alloc.h"

enum {
	FIND_FIXED_MAX = 16,		/* addresses of a name in fixed-address */
	FIND_RELEASE_MAX = 16		/* leases given back on the way */
};

/* The search for one packet. */
struct decide_search {
	struct decide_query *q;
	struct conf_network *network;
	bool is_request;
	struct decide_pick fixed;	/* is_static when there is one */
	struct lease *by_uid, *by_hw, *by_addr;
	struct lease *release[FIND_RELEASE_MAX];
	size_t release_n;
	struct conf_host *host;		/* without address: statements only */
	bool is_ours;
};

static struct conf_host *
find_next_host(const struct decide_query *q, const struct conf_host *h)
{
	return q->host_by_uid ? conf_host_next_uid(q->d->conf, h) :
	    conf_host_next_hw(q->d->conf, h);
}

/* The first address of a fixed-address list inside the network. */
static bool
find_fixed_in(struct decide_search *s, const struct conf_addr *fixed,
    struct decide_pick *ret)
{
	const struct decide_ops *ops = s->q->d->ops;
	uint32_t addr[FIND_FIXED_MAX];
	const char *why;
	int n;

	n = 1;
	addr[0] = fixed->addr;
	if (fixed->name.len > 0)
		n = ops->resolve(ops->ctx, fixed->name, addr, FIND_FIXED_MAX,
		    &why);
	for (int i = 0; i < n; i++) {
		ret->subnet = conf_subnet_in(s->network, addr[i]);
		if (ret->subnet == NULL)
			continue;
		ret->addr = addr[i];
		return true;
	}
	return false;
}

static void
find_hosts(struct decide_search *s)
{
	struct conf_host *h;

	for (h = s->q->host; h != NULL; h = find_next_host(s->q, h)) {
		if (h->fixed_n == 0 && s->host == NULL)
			s->host = h;
		for (size_t i = 0; i < h->fixed_n; i++) {
			if (!find_fixed_in(s, &h->fixed[i], &s->fixed))
				continue;
			s->fixed.is_static = true;
			s->fixed.host = h;
			return;
		}
	}
}

static bool
find_is_permitted(const struct decide_query *q, const struct lease *l)
{
	struct classify_client client;

	client.classes = &q->classes;
	client.is_known = q->host != NULL;
	client.is_bootp = q->p.type == PROTO_MSG_BOOTP;
	client.now_s = q->now->wall_s;
	return classify_is_permitted(
	    q->d->conf->pools[lease_pool(q->d->leases, l)], &client);
}

static bool
find_is_free(const struct lease *l)
{
	return lease_state(l) == LEASE_FREE || lease_state(l) == LEASE_BACKUP;
}

/* Remember to release an active lease that its client must not have. */
static void
find_unpermitted(struct decide_search *s, struct lease *l)
{
	if (lease_state(l) == LEASE_ACTIVE && s->q->p.head.ciaddr == 0 &&
	    s->release_n < FIND_RELEASE_MAX)
		s->release[s->release_n++] = l;
}

static void
find_by_uid(struct decide_search *s)
{
	struct decide_query *q = s->q;
	const struct lease_table *t = q->d->leases;
	struct lease *l;

	if (q->uid.p == NULL)
		return;
	for (l = lease_first_by_uid(t, q->uid); l != NULL;
	    l = lease_next_by_uid(t, l)) {
		if (lease_network(t, l) != s->network->network_i)
			continue;
		if (find_is_permitted(q, l)) {
			s->by_uid = l;
			return;
		}
		find_unpermitted(s, l);
	}
}

static void
find_by_hw(struct decide_search *s)
{
	struct decide_query *q = s->q;
	const struct lease_table *t = q->d->leases;
	struct lease *l;
	struct str uid;

	for (l = lease_first_by_hw(t, q->p.head.htype, q->hw_addr); l != NULL;
	    l = lease_next_by_hw(t, l)) {
		if (lease_network(t, l) != s->network->network_i)
			continue;
		uid = lease_uid(t, l);
		if (uid.len > 0 && !str_eq(uid, q->uid) && !find_is_free(l))
			continue;
		if (find_is_permitted(q, l)) {
			s->by_hw = l;
			return;
		}
		find_unpermitted(s, l);
	}
}

/* Does a lease belong to this client? */
static bool
find_is_own(const struct decide_query *q, const struct lease *l)
{
	const struct lease_table *t = q->d->leases;
	struct str uid;

	uid = lease_uid(t, l);
	if (uid.len > 0)
		return q->uid.p != NULL && str_eq(uid, q->uid);
	return l->hw_type == q->p.head.htype &&
	    str_eq(lease_hw(t, l), q->hw_addr);
}

static void
find_by_addr(struct decide_search *s)
{
	struct decide_query *q = s->q;
	const struct lease_table *t = q->d->leases;
	struct lease *l;

	if (q->requested == 0)
		return;
	l = lease_by_addr(t, q->requested);
	if (l == NULL)
		return;
	if (lease_network(t, l) != s->network->network_i) {
		q->nak_text = "requested address on bad subnet";
		return;
	}
	s->is_ours = true;
	if (!find_is_free(l) && !find_is_own(q, l)) {
		q->nak_text = "requested address not available";
		s->is_ours = lease_state(l) == LEASE_ACTIVE;
		return;
	}
	if (!find_is_permitted(q, l)) {
		find_unpermitted(s, l);
		return;
	}
	s->by_addr = l;
}

/* A uid lease that loses against another address of the same client. */
static void
find_duplicate(struct decide_search *s)
{
	struct decide_query *q = s->q;
	char buf[IP4_TEXT_SIZE];
	uint8_t mac[PROTO_CHADDR_LEN * 3];
	struct wr w;

	wr_init(&w, mac, sizeof(mac));
	wr_hex(&w, q->p.head.chaddr, q->p.head.hlen);
	(void)ip4_fmt(lease_addr(q->d->leases, s->by_uid), buf);
	logtext_fmt(&q->lt, LOGTEXT_ERROR,
	    "uid lease %s for client %.*s is duplicate on %.*s", buf,
	    STR_ARG(wr_as_str(&w)), STR_ARG(s->network->name));
	if (s->is_request && q->p.head.ciaddr == 0 &&
	    lease_state(s->by_uid) == LEASE_ACTIVE)
		decide_query_release(q, s->by_uid);
}

/* A declared address wins over every lease. */
static void
find_choose_fixed(struct decide_search *s, struct decide_found *ret)
{
	struct decide_query *q = s->q;

	if (s->by_addr != NULL) {
		if (lease_addr(q->d->leases, s->by_addr) == s->fixed.addr)
			logtext_both_leases(&q->lt, s->fixed.addr,
			    s->fixed.host->name, s->network->name);
		else if (q->p.head.ciaddr == 0 && find_is_own(q, s->by_addr) &&
		    lease_state(s->by_addr) == LEASE_ACTIVE)
			decide_query_release(q, s->by_addr);
	}
	if (s->by_uid != NULL && s->by_uid != s->by_addr)
		find_duplicate(s);
	ret->pick = s->fixed;
	ret->is_found = true;
}

/* An abandoned address comes back only to who asks for exactly it. */
static bool
find_is_usable(struct decide_search *s, struct lease *l)
{
	char buf[IP4_TEXT_SIZE];

	switch (lease_state(l)) {
	case LEASE_FREE:
	case LEASE_BACKUP:
	case LEASE_ACTIVE:
		return true;
	case LEASE_ABANDONED:
		if (!s->is_request)
			return false;
		(void)ip4_fmt(lease_addr(s->q->d->leases, l), buf);
		logtext_fmt(&s->q->lt, LOGTEXT_ERROR,
		    "Reclaiming REQUESTed abandoned IP address %s.", buf);
		return true;
	default:
		return false;		/* until its end frees it */
	}
}

static void
find_choose(struct decide_search *s, struct decide_found *ret)
{
	struct lease *l;

	if (s->fixed.is_static) {
		find_choose_fixed(s, ret);
		return;
	}
	if (s->is_request && s->by_addr == NULL)
		return;
	l = s->by_addr;
	if (l == NULL)
		l = s->by_uid;
	else if (s->by_uid != NULL && s->by_uid != l)
		find_duplicate(s);
	if (l == NULL)
		l = s->by_hw;
	if (l == NULL || !find_is_usable(s, l))
		return;
	decide_find_pick(s->q, l, &ret->pick);
	ret->pick.host = s->host;
	ret->is_found = true;
}

void
decide_find_pick(const struct decide_query *q, struct lease *l,
    struct decide_pick *ret)
{
	const struct conf_range *range;

	ret->addr = lease_addr(q->d->leases, l);
	ret->lease = l;
	ret->is_static = false;
	range = conf_range_find(q->d->conf, ret->addr);
	ret->subnet = range != NULL ? range->subnet : NULL;
	ret->pool = q->d->conf->pools[lease_pool(q->d->leases, l)];
	ret->host = NULL;
}

void
decide_find_lease(struct decide_query *q, struct conf_network *network,
    bool is_request, struct decide_found *ret)
{
	struct decide_search s = {
		.q = q, .network = network, .is_request = is_request
	};

	*ret = (struct decide_found){ .is_found = false };
	if (network == NULL)
		return;
	find_hosts(&s);
	ret->pick.host = s.host;
	if (is_request && s.fixed.is_static &&
	    s.fixed.addr != q->requested) {
		q->nak_text = "requested address is incorrect";
		ret->is_ours = true;
		return;
	}
	find_by_uid(&s);
	find_by_hw(&s);
	find_by_addr(&s);
	find_choose(&s, ret);
	ret->is_ours = s.is_ours;
	for (size_t i = 0; i < s.release_n; i++)
		decide_query_release(q, s.release[i]);
}

bool
decide_find_free(struct decide_query *q, struct decide_pick *ret)
{
	struct decide_search s = { .q = q, .network = q->network };
	struct classify_client client;
	struct conf_pool *pool;
	struct lease *l;
	char buf[IP4_TEXT_SIZE];
	uint32_t *pools;
	size_t n;

	pools = ARENA_ARRAY(q->d->scratch, uint32_t, q->d->conf->pool_n);
	if (q->network == NULL || pools == NULL)
		return false;
	client.classes = &q->classes;
	client.is_known = q->host != NULL;
	client.is_bootp = q->p.type == PROTO_MSG_BOOTP;
	client.now_s = q->now->wall_s;
	n = 0;
	for (pool = q->network->pools; pool != NULL; pool = pool->next)
		if (classify_is_permitted(pool, &client))
			pools[n++] = pool->pool_i;
	l = alloc_pick(q->d->leases, pools, n, q->now->wall_s);
	if (l == NULL)
		return false;
	find_hosts(&s);
	decide_find_pick(q, l, ret);
	ret->host = s.host;
	if (lease_state(l) == LEASE_ABANDONED) {
		(void)ip4_fmt(ret->addr, buf);
		logtext_fmt(&q->lt, LOGTEXT_ERROR,
		    "Reclaiming abandoned lease %s.", buf);
	}
	return true;
}
