/* SPDX-License-Identifier: ISC */
/*
 * decide_inform.c - INFORM (RFC 2131 4.3.5, RFC 3011, RFC 3527).
 *
 * Owns the choice of the subnet whose options an INFORM gets, and where the
 * ACK goes.  Reads leases, never changes one.
 */
#include "dhcpd/decide_inform.h"

#include "common/ip4.h"
#include "common/rd.h"

enum {
	INFORM_HINT_EVERY = 101		/* refusals between two hints */
};

/* Which address decides about the subnet. */
struct decide_inform {
	const char *kind;
	uint32_t addr;
};

/* False when option 118 or the relay's sub-option is malformed. */
static bool
inform_select(const struct decide_query *q, uint32_t from,
    struct decide_inform *ret)
{
	struct str s;
	struct rd r;

	ret->kind = "relay link select";
	if (!packet_agent_option(&q->p, PROTO_AGENT_LINK_SELECTION, &s)) {
		ret->kind = "selected";
		if (!packet_option(&q->p, PROTO_OPT_SUBNET_SELECTION, &s)) {
			ret->kind = "client";
			ret->addr = from;
			if (q->p.head.ciaddr != 0)
				return true;
			ret->kind = q->p.head.giaddr != 0 ? "relay" : "source";
			if (q->p.head.giaddr != 0)
				ret->addr = q->p.head.giaddr;
			return true;
		}
	}
	rd_init(&r, s.p, s.len);
	ret->addr = rd_u32(&r);
	return s.len == sizeof(ret->addr);
}

/* The client's declaration: with this very address, or without any. */
static struct conf_host *
inform_host(const struct decide_query *q, uint32_t addr)
{
	struct conf_host *h, *plain;

	plain = NULL;
	for (h = q->host; h != NULL; h = q->host_by_uid ?
	    conf_host_next_uid(q->d->conf, h) :
	    conf_host_next_hw(q->d->conf, h)) {
		for (size_t i = 0; i < h->fixed_n; i++)
			if (h->fixed[i].name.len == 0 &&
			    h->fixed[i].addr == addr)
				return h;
		if (h->fixed_n == 0 && plain == NULL)
			plain = h;
	}
	return plain;
}

static enum decide_verdict
inform_reply(struct decide_query *q, const struct decide_pick *pick,
    uint32_t from)
{
	const struct packet_head *h = &q->p.head;
	struct reply r;

	decide_query_head(q, &r);
	decide_query_fields(q, &r);
	decide_query_list(q, &r);
	(void)decide_query_server_id(q);	/* set in the reply */
	decide_query_type(q, PROTO_MSG_ACK);
	decide_query_mask(q, pick->subnet);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_LEASE_TIME);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_RENEWAL_TIME);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_REBINDING_TIME);
	if (h->ciaddr == 0 && h->giaddr != 0) {
		r.head.flags |= PROTO_FLAG_BROADCAST;
		decide_query_by_udp(q, h->giaddr, q->d->server_port);
	} else {
		q->who.where = q->iface->name;
		decide_query_by_udp(q, from, q->d->client_port);
	}
	logtext_add(&q->lt, LOGTEXT_INFO, q->head);
	logtext_inform_ack(&q->lt, h->ciaddr == 0 && h->giaddr != 0 ?
	    h->giaddr : from, &q->who);
	return decide_query_reply(q, &r);
}

enum decide_verdict
decide_inform_answer(struct decide_query *q)
{
	struct decide_inform sel;
	struct decide_pick pick = { .addr = 0 };
	struct lease_data data;
	struct lease *l;
	char buf[IP4_TEXT_SIZE];
	uint32_t from;

	from = q->p.head.ciaddr != 0 ? q->p.head.ciaddr : q->src;
	q->head = logtext_inform(&q->lt, from, q->who.where);
	if (from == 0)
		return decide_query_refuse(q, DECIDE_WHY_MALFORMED,
		    "ignored (null source address).");
	if (!inform_select(q, from, &sel))
		return decide_query_refuse(q, DECIDE_WHY_MALFORMED,
		    "ignored (invalid subnet selection option).");
	pick.subnet = conf_subnet_find(q->d->conf, sel.addr);
	if (pick.subnet == NULL) {
		(void)ip4_fmt(sel.addr, buf);
		logtext_refused(&q->lt, LOGTEXT_INFO, q->head,
		    "unknown subnet for %s address %s", sel.kind, buf);
		return decide_query_drop(q, DECIDE_WHY_NETWORK);
	}
	if (!pick.subnet->scope->is_authoritative) {
		logtext_not_authoritative(&q->lt, q->head, pick.subnet->net,
		    q->d->inform_refused_n++ % INFORM_HINT_EVERY == 0);
		return decide_query_drop(q, DECIDE_WHY_REFUSED);
	}
	q->network = pick.subnet->network;
	pick.addr = from;
	pick.host = inform_host(q, q->p.head.ciaddr);
	l = lease_by_addr(q->d->leases, q->p.head.ciaddr);
	if (l != NULL) {
		pick.pool = q->d->conf->pools[lease_pool(q->d->leases, l)];
		lease_get(q->d->leases, l, &data);
	}
	decide_query_env(q, &pick, l != NULL ? &data : NULL);
	if (!decide_query_scopes(q, &pick))
		return q->out->verdict;
	return inform_reply(q, &pick, from);
}
