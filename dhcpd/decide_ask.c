/* SPDX-License-Identifier: ISC */
/*
 * decide_ask.c - LEASEQUERY, RFC 4388.
 *
 * Owns the search by address, identifier or hardware address and the three
 * kinds of answer.  Reads leases, never changes one.
 */
#include "dhcpd/decide_ask.h"

#include "common/ip4.h"
#include "dhcpd/opttab.h"

enum {
	ASK_OTHERS_MAX = 40,		/* addresses in option 92 */
	ASK_WHAT_MAX = 256
};

/* One query.  Turn. */
struct decide_ask {
	struct decide_query *q;
	struct lease *lease;		/* NULL: unknown */
	uint8_t type;			/* of the answer */
	uint32_t others[ASK_OTHERS_MAX];
	uint32_t others_n;
	uint8_t what_buf[ASK_WHAT_MAX];
	struct wr what;			/* as the lines name it */
};

/* The newest active lease of a list is the answer, others are listed. */
static void
ask_consider(struct decide_ask *a, struct lease *l)
{
	const struct lease_table *t = a->q->d->leases;
	struct lease *other;

	if (lease_state(l) != LEASE_ACTIVE ||
	    l->ends < decide_query_now(a->q))
		return;
	other = l;
	if (a->lease == NULL || l->cltt > a->lease->cltt) {
		other = a->lease;
		a->lease = l;
	}
	if (other != NULL && a->others_n < ASK_OTHERS_MAX)
		a->others[a->others_n++] = lease_addr(t, other);
}

static void
ask_by_list(struct decide_ask *a)
{
	struct decide_query *q = a->q;
	const struct lease_table *t = q->d->leases;
	struct lease *l;

	if (q->uid.p != NULL) {
		wr_text(&a->what, "client-id ");
		logtext_id(&a->what, q->uid);
		for (l = lease_first_by_uid(t, q->uid); l != NULL;
		    l = lease_next_by_uid(t, l))
			ask_consider(a, l);
	} else {
		wr_text(&a->what, "MAC address ");
		wr_hex(&a->what, q->p.head.chaddr, q->p.head.hlen);
		for (l = lease_first_by_hw(t, q->p.head.htype, q->hw_addr);
		    l != NULL; l = lease_next_by_hw(t, l))
			ask_consider(a, l);
	}
	a->type = a->lease != NULL ? PROTO_MSG_LEASEACTIVE :
	    PROTO_MSG_LEASEUNKNOWN;
}

static void
ask_search(struct decide_ask *a)
{
	struct decide_query *q = a->q;
	struct lease *l;
	char buf[IP4_TEXT_SIZE];

	wr_init(&a->what, a->what_buf, sizeof(a->what_buf));
	if (q->p.head.ciaddr == 0) {
		ask_by_list(a);
		return;
	}
	wr_text(&a->what, "IP ");
	wr_str(&a->what, ip4_fmt(q->p.head.ciaddr, buf));
	l = lease_by_addr(q->d->leases, q->p.head.ciaddr);
	if (l == NULL) {
		a->type = PROTO_MSG_LEASEUNKNOWN;
	} else if (lease_state(l) == LEASE_ACTIVE &&
	    l->ends >= decide_query_now(q)) {
		a->lease = l;
		a->type = PROTO_MSG_LEASEACTIVE;
	} else {
		a->type = PROTO_MSG_LEASEUNASSIGNED;
	}
}

/* Time left until a share of the lease, counted from its start, is over. */
static void
ask_put_tee(struct decide_ask *a, uint32_t code, const struct lease_data *d,
    uint64_t eighths)
{
	uint64_t at, now;

	now = decide_query_now(a->q);
	at = d->starts + (uint64_t)(d->ends - d->starts) * eighths / 8;
	if (d->ends > d->starts && at > now)
		decide_query_put_u32(a->q, code, (uint32_t)(at - now));
}

/* What is known about an active lease, instead of configured options. */
static void
ask_active(struct decide_ask *a, struct reply *r)
{
	struct decide_query *q = a->q;
	struct lease_data d;
	struct lease_var v;
	uint32_t now, server;
	uint8_t be[ASK_OTHERS_MAX * 4];
	struct wr w;

	now = decide_query_now(q);
	lease_get(q->d->leases, a->lease, &d);
	d.ends = lease_end_told(d.ends, now);
	server = decide_query_server_id(q);
	optset_init(q->env.out);
	r->head.ciaddr = lease_addr(q->d->leases, a->lease);
	r->head.htype = d.hw_type;
	r->head.hlen = d.hw_len <= PROTO_CHADDR_LEN ? d.hw_len : 0;
	wr_init(&w, r->head.chaddr, sizeof(r->head.chaddr));
	wr_bytes(&w, d.hw, r->head.hlen);
	wr_zero(&w, wr_left(&w));
	decide_query_put_u32(q, PROTO_OPT_SERVER_ID, server);
	decide_query_put_u32(q, PROTO_OPT_LEASE_TIME, d.ends - now);
	ask_put_tee(a, PROTO_OPT_RENEWAL_TIME, &d, 4);
	ask_put_tee(a, PROTO_OPT_REBINDING_TIME, &d, 7);
	if (lease_var_find(d.vars, STR("vendor-class-identifier"), &v) &&
	    v.kind == LEASE_VAR_DATA)
		decide_query_put(q, PROTO_OPT_VENDOR_CLASS, v.data.p,
		    v.data.len);
	decide_query_put_u32(q, PROTO_OPT_CLIENT_LAST, now > d.cltt ?
	    now - d.cltt : 0);
	if (d.uid.len > 0)
		decide_query_put(q, PROTO_OPT_CLIENT_ID, d.uid.p, d.uid.len);
	if (d.agent.len > 0)
		r->agent = d.agent;
	wr_init(&w, be, sizeof(be));
	for (uint32_t i = 0; i < a->others_n; i++)
		wr_u32(&w, a->others[i]);
	if (w.len > 0)
		decide_query_put(q, PROTO_OPT_ASSOCIATED_IP, be, w.len);
}

static enum decide_verdict
ask_reply(struct decide_ask *a)
{
	static const char *const name[] = {
		"DHCPLEASEUNASSIGNED", "DHCPLEASEUNKNOWN", "DHCPLEASEACTIVE"
	};
	struct decide_query *q = a->q;
	struct reply r;
	enum decide_verdict verdict;

	decide_query_head(q, &r);
	decide_query_list(q, &r);
	r.len_min = 0;
	r.prl = (struct str){ NULL, 0 };
	r.agent = (struct str){ NULL, 0 };
	if (a->type == PROTO_MSG_LEASEACTIVE)
		ask_active(a, &r);
	else
		(void)decide_query_server_id(q);	/* set in the reply */
	decide_query_type(q, a->type);
	decide_query_by_udp(q, q->p.head.giaddr, q->d->server_port);
	verdict = decide_query_reply(q, &r);
	logtext_fmt(&q->lt, LOGTEXT_INFO, "%s to %.*s for %.*s (%u associated "
	    "IPs)", name[a->type - PROTO_MSG_LEASEUNASSIGNED],
	    STR_ARG(q->who.where), STR_ARG(wr_as_str(&a->what)),
	    (unsigned)a->others_n);
	return verdict;
}

enum decide_verdict
decide_ask_answer(struct decide_query *q)
{
	struct decide_ask a = { .q = q };
	struct decide_pick pick = { .addr = 0 };
	char buf[IP4_TEXT_SIZE];

	if (q->p.head.giaddr == 0) {
		(void)ip4_fmt(q->p.head.ciaddr, buf);
		logtext_fmt(&q->lt, LOGTEXT_INFO, "DHCPLEASEQUERY from "
		    "0.0.0.0: missing giaddr, ciaddr is %s, no reply sent",
		    buf);
		return decide_query_drop(q, DECIDE_WHY_MALFORMED);
	}
	pick.subnet = conf_subnet_find(q->d->conf, q->p.head.giaddr);
	if (pick.subnet != NULL)
		q->network = pick.subnet->network;
	decide_query_env(q, &pick, NULL);
	if (!decide_query_scopes(q, &pick))
		return q->out->verdict;
	if (expr_param_flag(&q->env, OPTTAB_S_LEASEQUERY, 0) != 1) {
		logtext_fmt(&q->lt, LOGTEXT_INFO, "DHCPLEASEQUERY from %.*s: "
		    "LEASEQUERY not allowed, query ignored",
		    STR_ARG(q->who.where));
		return decide_query_drop(q, DECIDE_WHY_REFUSED);
	}
	ask_search(&a);
	logtext_fmt(&q->lt, LOGTEXT_INFO, "DHCPLEASEQUERY from %.*s for %.*s",
	    STR_ARG(q->who.where), STR_ARG(wr_as_str(&a.what)));
	return ask_reply(&a);
}
