/* SPDX-License-Identifier: ISC */
/*
 * decide.c - the protocol: one function per message.
 *
 * Owns which message leads where, the NAK, and what DECLINE, RELEASE, an
 * answered ping and the end of a lease do.  Terms of a lease are in
 * decide_lease.c, the search for one in decide_find.c.  Core: everything it
 * needs is handed in, everything it wants is in struct decide_out.
 * RFC 2131 4.3, RFC 951.
 */
#include "dhcpd/decide.h"

#include <string.h>

#include "common/ip4.h"
#include "dhcpd/decide_ask.h"
#include "dhcpd/decide_find.h"
#include "dhcpd/decide_inform.h"
#include "dhcpd/decide_lease.h"
#include "dhcpd/decide_query.h"
#include "dhcpd/opttab.h"

void
decide_init(struct decide *d, struct arena *scratch, struct arena *keep,
    const struct decide_ops *ops)
{
	memset(d, 0, offsetof(struct decide, in));
	d->scratch = scratch;
	d->keep = keep;
	d->ops = ops;
	d->server_port = PROTO_PORT_SERVER;
	d->client_port = PROTO_PORT_CLIENT;
	d->broadcast = PROTO_BROADCAST;
}

/* The class that a lease of the file is billed to. */
static struct conf_class *
decide_billed(struct decide *d, const struct lease_data *data)
{
	struct conf_class *c;

	c = conf_class_by_name(d->conf, data->class_name);
	if (c == NULL || data->class_value.p == NULL)
		return c;
	return c->is_spawning ?
	    conf_subclass_put(d->conf, c, data->class_value) :
	    conf_subclass_find(d->conf, c, data->class_value);
}

static void
decide_count_billed(struct decide *d)
{
	struct lease_walk walk;
	struct lease_data data;
	struct lease *l;

	if (d->conf->class_n == 0)
		return;
	memset(&walk, 0, sizeof(walk));
	while ((l = lease_walk_next(d->leases, &walk)) != NULL) {
		l->billed = 0;
		lease_get(d->leases, l, &data);
		if (data.class_name.len == 0 || data.state != LEASE_ACTIVE)
			continue;
		l->billed = classify_bill_id(&d->bill,
		    decide_billed(d, &data));
		classify_bill_move(&d->bill, 0, l->billed);
	}
}

bool
decide_use(struct decide *d, struct conf *conf, struct lease_table *leases,
    struct arena *arena)
{
	uint8_t *is_over, *probing;

	is_over = ARENA_ARRAY(arena, uint8_t, (size_t)conf->pool_n + 1);
	probing = ARENA_ARRAY(arena, uint8_t, leases->leases_n / 8 + 1);
	if (is_over == NULL || probing == NULL ||
	    !classify_bill_init(&d->bill, arena))
		return false;
	d->is_over = is_over;
	d->probing = probing;
	d->conf = conf;
	d->leases = leases;
	decide_count_billed(d);
	return true;
}

/* --- NAK */

static enum decide_verdict
decide_nak(struct decide_query *q)
{
	struct decide_pick pick = { .addr = 0 };
	struct reply r;
	uint32_t src;

	/* Server identifier by the network's first subnet and first pool. */
	if (q->network != NULL) {
		pick.subnet = q->network->subnets;
		pick.pool = q->network->pools;
	}
	q->classes.n = 0;
	decide_query_env(q, &pick, NULL);
	if (!decide_query_scopes(q, &pick))
		return q->out->verdict;
	decide_query_head(q, &r);
	r.head.ciaddr = 0;
	r.head.flags |= PROTO_FLAG_BROADCAST;
	decide_query_list(q, &r);
	r.is_short = true;
	src = decide_query_server_id(q);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_LEASE_TIME);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_RENEWAL_TIME);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_REBINDING_TIME);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_REQUESTED_ADDRESS);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_ASSOCIATED_IP);
	decide_query_type(q, PROTO_MSG_NAK);
	decide_query_put(q, PROTO_OPT_MESSAGE, q->nak_text,
	    strlen(q->nak_text));
	if (q->p.head.giaddr != 0)
		decide_query_by_udp(q, q->p.head.giaddr, q->d->server_port);
	else
		decide_query_by_raw(q, src, 0, true);
	q->who.hostname = STR("");
	logtext_reply(&q->lt, "DHCPNAK", q->requested, &q->who);
	return decide_query_reply(q, &r);
}

/* --- DISCOVER, REQUEST, BOOTP */

/* What the client's address has been known by so far. */
static void
decide_names(struct decide_query *q, const struct lease *l)
{
	if (l == NULL)
		return;
	q->who.hostname = lease_hostname(q->d->leases, l);
	q->who.uid = lease_uid(q->d->leases, l);
}

static enum decide_verdict
decide_discover(struct decide_query *q)
{
	struct decide_found f;

	if (q->network == NULL) {
		q->head = logtext_discover(&q->lt, &q->who);
		return decide_query_refuse(q, DECIDE_WHY_NETWORK,
		    "unknown network segment");
	}
	decide_find_lease(q, q->network, false, &f);
	if (f.is_found)
		decide_names(q, f.pick.lease);
	if (!f.is_found && !decide_find_free(q, &f.pick)) {
		q->head = logtext_discover(&q->lt, &q->who);
		logtext_refused(&q->lt, LOGTEXT_ERROR, q->head,
		    "network %.*s: no free leases", STR_ARG(q->network->name));
		return decide_query_drop(q, DECIDE_WHY_NO_LEASE);
	}
	if (!f.is_found)
		decide_names(q, f.pick.lease);
	q->head = logtext_discover(&q->lt, &q->who);
	return decide_lease_give(q, &f.pick, DECIDE_LEASE_OFFER);
}

static enum decide_verdict
decide_wrong_network(struct decide_query *q, bool is_authoritative)
{
	if (!is_authoritative)
		return decide_query_refuse(q, DECIDE_WHY_REFUSED,
		    "ignored (not authoritative).");
	logtext_refused(&q->lt, LOGTEXT_INFO, q->head, "wrong network.");
	return decide_nak(q);
}

/* Is the asked address on the client's network, if that must be so? */
static bool
decide_is_misplaced(const struct decide_query *q)
{
	const struct packet_head *h = &q->p.head;

	if (!(h->ciaddr != 0 && h->giaddr != 0) &&
	    !(q->has_option_50 && h->ciaddr == 0))
		return false;
	return conf_subnet_in(q->network, q->requested) == NULL;
}

static enum decide_verdict
decide_request(struct decide_query *q)
{
	struct decide_found f;
	const struct conf_subnet *subnet;
	uint32_t server;
	bool has_server;
	char buf[IP4_TEXT_SIZE];

	has_server = packet_option_ip(&q->p, PROTO_OPT_SERVER_ID, &server);
	subnet = conf_subnet_find(q->d->conf, q->requested);
	decide_find_lease(q, subnet != NULL ? subnet->network : NULL, true,
	    &f);
	if (f.is_found)
		decide_names(q, f.pick.lease);
	q->head = logtext_request(&q->lt, &q->who, q->requested,
	    has_server ? &server : NULL);
	if (q->network == NULL && subnet == NULL)
		return decide_query_refuse(q, DECIDE_WHY_NETWORK,
		    "ignored (unknown subnet).");
	if (q->network == NULL)
		return decide_wrong_network(q,
		    subnet->scope->is_authoritative);
	if (decide_is_misplaced(q))
		return decide_wrong_network(q,
		    q->network->scope->is_authoritative);
	if (f.is_found)
		return decide_lease_give(q, &f.pick, DECIDE_LEASE_ACK);
	(void)ip4_fmt(q->requested, buf);
	if (f.is_ours) {
		logtext_refused(&q->lt, LOGTEXT_INFO, q->head,
		    "lease %s unavailable.", buf);
		return decide_nak(q);
	}
	logtext_refused(&q->lt, LOGTEXT_INFO, q->head, "unknown lease %s.",
	    buf);
	return decide_query_drop(q, DECIDE_WHY_NO_LEASE);
}

static enum decide_verdict
decide_bootp(struct decide_query *q)
{
	struct decide_found f;

	if (q->p.head.op != PROTO_OP_REQUEST)
		return decide_query_drop(q, DECIDE_WHY_TYPE);
	q->head = logtext_bootrequest(&q->lt, &q->who);
	if (q->network == NULL)
		return decide_query_refuse(q, DECIDE_WHY_NETWORK,
		    "network unknown");
	decide_find_lease(q, q->network, false, &f);
	if (f.is_found && f.pick.is_static)
		return decide_lease_bootp_fixed(q, &f.pick);
	if (!f.is_found && !decide_find_free(q, &f.pick))
		return decide_query_refuse(q, DECIDE_WHY_NO_LEASE,
		    "BOOTP from dynamic client and no dynamic leases");
	return decide_lease_give(q, &f.pick, DECIDE_LEASE_BOOTP);
}

/* --- DECLINE, RELEASE */

static enum decide_verdict
decide_decline(struct decide_query *q)
{
	struct decide_pick pick = { .addr = 0 };
	struct lease_data data;
	struct lease *l;
	uint32_t addr;
	char buf[IP4_TEXT_SIZE];
	int flag;

	if (!packet_option_ip(&q->p, PROTO_OPT_REQUESTED_ADDRESS, &addr))
		return decide_query_drop(q, DECIDE_WHY_MALFORMED);
	l = lease_by_addr(q->d->leases, addr);
	if (l != NULL) {
		q->who.hostname = lease_hostname(q->d->leases, l);
		decide_find_pick(q, l, &pick);
		lease_get(q->d->leases, l, &data);
	}
	q->head = logtext_of(&q->lt, "DHCPDECLINE", addr, &q->who);
	decide_query_env(q, &pick, l != NULL ? &data : NULL);
	if (!decide_query_scopes(q, &pick))
		return q->out->verdict;
	flag = expr_param_flag(&q->env, OPTTAB_S_DECLINES, 1);
	if (flag == 0)
		return decide_query_refuse(q, DECIDE_WHY_REFUSED, "ignored");
	if (flag != 1)
		return decide_query_drop(q, DECIDE_WHY_REFUSED);
	if (l == NULL)
		return decide_query_refuse(q, DECIDE_WHY_NO_LEASE,
		    "not found");
	(void)ip4_fmt(addr, buf);
	logtext_fmt(&q->lt, LOGTEXT_ERROR,
	    "Abandoning IP address %s: declined.", buf);
	decide_query_abandon(q, l);
	return decide_query_refuse(q, DECIDE_WHY_NONE, "abandoned");
}

/* The lease a RELEASE speaks of: its own, going by the hardware address. */
static struct lease *
decide_released(const struct decide_query *q)
{
	const struct lease_table *t = q->d->leases;
	struct lease *l;

	l = lease_by_addr(t, q->p.head.ciaddr);
	if (l == NULL || l->hw_type != q->p.head.htype ||
	    !str_eq(lease_hw(t, l), q->hw_addr))
		return NULL;
	return l;
}

static enum decide_verdict
decide_release(struct decide_query *q)
{
	struct lease *l;
	struct str line;
	struct wr w;
	uint8_t buf[LOGTEXT_LINE_MAX];

	if (packet_option(&q->p, PROTO_OPT_REQUESTED_ADDRESS, &line)) {
		wr_init(&w, buf, sizeof(buf));
		wr_hex(&w, q->p.head.chaddr, q->p.head.hlen);
		logtext_fmt(&q->lt, LOGTEXT_INFO, "DHCPRELEASE from %.*s "
		    "specified requested-address.", STR_ARG(wr_as_str(&w)));
	}
	l = decide_released(q);
	if (l != NULL)
		q->who.hostname = lease_hostname(q->d->leases, l);
	line = logtext_of(&q->lt, "DHCPRELEASE", q->p.head.ciaddr, &q->who);
	if (l != NULL && lease_state(l) == LEASE_ACTIVE &&
	    l->ends > decide_query_now(q))
		decide_query_release(q, l);
	logtext_fmt(&q->lt, LOGTEXT_INFO, "%.*s (%s)", STR_ARG(line),
	    l != NULL ? "found" : "not found");
	return decide_query_drop(q, DECIDE_WHY_NONE);
}

/* --- dispatch */

static enum decide_verdict
decide_unknown_type(struct decide_query *q)
{
	struct str who;

	who = logtext_from(&q->lt, "", &q->who);
	logtext_fmt(&q->lt, LOGTEXT_INFO, "type %u%.*s: unknown packet type",
	    q->p.type, STR_ARG(who));
	return decide_query_drop(q, DECIDE_WHY_TYPE);
}

static enum decide_verdict
decide_on_network(struct decide_query *q, const char *name)
{
	if (q->network == NULL) {
		q->head = logtext_from(&q->lt, name, &q->who);
		return decide_query_refuse(q, DECIDE_WHY_NETWORK,
		    "unknown network segment");
	}
	return q->p.type == PROTO_MSG_DECLINE ? decide_decline(q) :
	    decide_release(q);
}

enum decide_verdict
decide_packet(struct decide *d, const struct when *now,
    const struct decide_iface *iface, uint32_t src, struct str raw,
    struct decide_out *out)
{
	struct decide_query q;
	enum decide_verdict verdict;

	memset(out, 0, offsetof(struct decide_out, log));
	expr_log_clear(&out->log);
	out->held_i = SIZE_MAX;
	if (!decide_query_init(&q, d, now, iface, src, raw, out)) {
		d->why_n[out->why]++;
		return DECIDE_DROP;
	}
	d->in_n[q.p.type % DECIDE_TYPES_N]++;
	q.nak_text = "requested address not available";
	switch (q.p.type) {
	case PROTO_MSG_BOOTP:
		verdict = decide_bootp(&q);
		break;
	case PROTO_MSG_DISCOVER:
		verdict = decide_discover(&q);
		break;
	case PROTO_MSG_REQUEST:
		verdict = decide_request(&q);
		break;
	case PROTO_MSG_DECLINE:
		verdict = decide_on_network(&q, "DHCPDECLINE");
		break;
	case PROTO_MSG_RELEASE:
		verdict = decide_on_network(&q, "DHCPRELEASE");
		break;
	case PROTO_MSG_INFORM:
		verdict = decide_inform_answer(&q);
		break;
	case PROTO_MSG_LEASEQUERY:
		verdict = decide_ask_answer(&q);
		break;
	case PROTO_MSG_OFFER:
	case PROTO_MSG_ACK:
	case PROTO_MSG_NAK:
	case PROTO_MSG_LEASEUNASSIGNED:
	case PROTO_MSG_LEASEUNKNOWN:
	case PROTO_MSG_LEASEACTIVE:
		verdict = decide_query_drop(&q, DECIDE_WHY_TYPE);
		break;
	default:
		verdict = decide_unknown_type(&q);
		break;
	}
	if (verdict == DECIDE_DROP)
		d->why_n[out->why]++;
	out->unsaved = q.head;
	return verdict;
}

/* --- events without a packet */

/* A query of which only what decide_query_abandon needs is filled in. */
static void
decide_event_init(struct decide_query *q, struct decide *d,
    const struct when *now, struct decide_out *out)
{
	memset(out, 0, offsetof(struct decide_out, log));
	expr_log_clear(&out->log);
	out->held_i = SIZE_MAX;
	memset(q, 0, sizeof(*q));
	lease_settle(d->leases);
	q->d = d;
	q->now = now;
	q->out = out;
	q->lt.scratch = d->scratch;
	q->lt.log = &out->log;
}

enum decide_verdict
decide_probed(struct decide *d, const struct when *now, uint32_t addr,
    bool is_silent, struct decide_out *out)
{
	struct decide_query q;
	struct lease *l;
	char buf[IP4_TEXT_SIZE];
	uint32_t i;

	decide_event_init(&q, d, now, out);
	l = lease_by_addr(d->leases, addr);
	if (l == NULL)
		return DECIDE_DROP;	/* gone with a reload */
	i = (uint32_t)(l - d->leases->leases);
	d->probing[i / 8] &= (uint8_t)~(1u << i % 8);
	if (is_silent) {
		out->verdict = DECIDE_REPLY;
		return DECIDE_REPLY;
	}
	(void)ip4_fmt(addr, buf);
	logtext_fmt(&q.lt, LOGTEXT_DEBUG,
	    "ICMP Echo reply while lease %s valid.", buf);
	if (lease_state(l) == LEASE_ACTIVE)
		return DECIDE_DROP;	/* somebody requested it meanwhile */
	logtext_fmt(&q.lt, LOGTEXT_ERROR,
	    "Abandoning IP address %s: pinged before offer", buf);
	decide_query_abandon(&q, l);
	return DECIDE_DROP;
}

void
decide_expire(struct decide *d, const struct when *now, struct lease *l,
    struct decide_out *out)
{
	struct decide_query q;
	struct lease_data data;

	decide_event_init(&q, d, now, out);
	lease_get(d->leases, l, &data);
	if (data.state == LEASE_ACTIVE)
		decide_query_run_text(d, now->wall_s,
		    lease_addr(d->leases, l), &data, data.on_expiry,
		    &out->log);
	classify_bill_move(&d->bill, data.billed, 0);
	lease_data_expire(&data);
	data.billed = 0;
	/* Only variables that an "on expiry" block set could need room: then
	 * the lease ends without them. */
	if (!lease_commit(d->leases, l, &data)) {
		data.vars = STR("");
		if (NEVER(!lease_commit(d->leases, l, &data)))
			return;
	}
	decide_query_changed(&q, l);
}
