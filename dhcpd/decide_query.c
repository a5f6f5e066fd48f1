/* SPDX-License-Identifier: ISC */
/*
 * decide_query.c - the packet in work, and steps that several messages share.
 *
 * Owns decoding and the first refusals, the environment in which statements
 * run, and the way from evaluated values to a finished, addressed reply.
 * Which lease and whether at all is for the other decide files.
 */
#include "dhcpd/decide_query.h"

#include <stdio.h>
#include <string.h>

#include "common/ip4.h"
#include "common/rd.h"
#include "dhcpd/opttab.h"
#include "dhcpd/stmt.h"

/* --- what statements ask of the world */

static int
decide_query_execute(void *ctx, char *const argv[])
{
	struct decide_query *q = ctx;

	return q->d->ops->execute(q->d->ops->ctx, argv);
}

static int
decide_query_resolve(void *ctx, struct str name, uint32_t *addrs, size_t max,
    const char **reterr)
{
	struct decide_query *q = ctx;

	return q->d->ops->resolve(q->d->ops->ctx, name, addrs, max, reterr);
}

static bool
decide_query_hostname(void *ctx, struct str *ret)
{
	struct decide_query *q = ctx;

	return q->d->ops->hostname(q->d->ops->ctx, ret);
}

static void
decide_query_add_class(void *ctx, uint32_t class_i)
{
	struct decide_query *q = ctx;

	ASSERT(class_i < q->d->conf->class_n);
	classify_add(&q->classes, q->d->conf->classes[class_i]);
}

static void
decide_query_on_event(void *ctx, unsigned events, const struct stmt *body)
{
	struct decide_query *q = ctx;

	q->on_seen |= events;
	for (unsigned i = 0; i < ARRAY_LEN(q->on_body); i++)
		if ((events & 1u << i) != 0)
			q->on_body[i] = body;
}

/* Option 43 of the packet, taken apart by the space in force. */
static void
decide_query_parse_vendor(void *ctx)
{
	struct decide_query *q = ctx;
	const struct opt_space *space;
	struct str name, bytes;

	if (!expr_option(q->env.out, &q->env, OPTSPACE_SERVER,
	    OPTTAB_S_VENDOR_OPTION_SPACE, &name) ||
	    !packet_option(&q->p, PROTO_OPT_VENDOR, &bytes))
		return;
	space = optspace_by_name(&q->d->conf->u, name);
	/* What is cut short in the client's option is left out. */
	if (space != NULL)
		(void)!optset_decode(q->p.in, &q->d->conf->u, space, bytes,
		    q->d->scratch);
}

static const struct expr_ops decide_query_ops = {
	.execute = decide_query_execute,
	.resolve = decide_query_resolve,
	.hostname = decide_query_hostname,
	.add_class = decide_query_add_class,
	.on_event = decide_query_on_event,
	.parse_vendor = decide_query_parse_vendor,
};

/* --- decoding */

uint32_t
decide_query_now(const struct decide_query *q)
{
	if (q->now->wall_s < 1)
		return 1;
	return q->now->wall_s < LEASE_NEVER ? (uint32_t)q->now->wall_s :
	    LEASE_NEVER - 1;
}

enum decide_verdict
decide_query_drop(struct decide_query *q, enum decide_why why)
{
	q->out->why = why;
	q->out->verdict = DECIDE_DROP;
	return DECIDE_DROP;
}

enum decide_verdict
decide_query_refuse(struct decide_query *q, enum decide_why why,
    const char *text)
{
	logtext_refused(&q->lt, LOGTEXT_INFO, q->head, "%s", text);
	return decide_query_drop(q, why);
}

static void
decide_query_malformed(struct decide_query *q, enum packet_why why)
{
	const char *what;

	switch (why) {
	case PACKET_BAD_HLEN:
		logtext_add(&q->lt, LOGTEXT_INFO,
		    STR("Discarding packet with bogus hlen."));
		break;
	case PACKET_OPTION_CUT:
	case PACKET_OPTION_NO_LEN:
		what = why == PACKET_OPTION_CUT ?
		    "option length exceeds option buffer length." :
		    "code tag at end of buffer - missing length field.";
		logtext_fmt(&q->lt, LOGTEXT_ERROR, "parse_option_buffer: "
		    "malformed option dhcp.<unknown> (code %u): %s",
		    q->p.bad_code, what);
		break;
	default:
		break;
	}
	(void)decide_query_drop(q, why == PACKET_FULL ? DECIDE_WHY_FULL :
	    DECIDE_WHY_MALFORMED);
}

/* Identifier and host name; false: dropped. */
static bool
decide_query_names(struct decide_query *q)
{
	struct str s;

	if (packet_option(&q->p, PROTO_OPT_HOST_NAME, &s)) {
		if (s.len == 0) {
			logtext_add(&q->lt, LOGTEXT_DEBUG,
			    STR("Ignoring empty DHO_HOST_NAME option"));
			optset_remove(q->p.in, OPTSPACE_DHCP,
			    PROTO_OPT_HOST_NAME);
		} else {
			q->is_nul_ended = s.p[s.len - 1] == '\0';
		}
	}
	if (packet_option(&q->p, PROTO_OPT_CLIENT_ID, &s)) {
		if (s.len == 0) {
			logtext_add(&q->lt, LOGTEXT_DEBUG, STR("Dropped DHCPv4 "
			    "packet with zero-length client-id"));
			(void)decide_query_drop(q, DECIDE_WHY_MALFORMED);
			return false;
		}
		if (s.len == 1)
			logtext_add(&q->lt, LOGTEXT_DEBUG, STR("Accepted "
			    "DHCPv4 packet with one-character client-id - a "
			    "future version of ISC DHCP will reject this"));
		q->uid = s;
	} else if (q->p.head.hlen == 0) {
		logtext_add(&q->lt, LOGTEXT_DEBUG, STR("Received DHCPv4 packet "
		    "without client-id option and empty hlen field."));
	}
	return true;
}

static void
decide_query_who(struct decide_query *q)
{
	const struct packet_head *h = &q->p.head;

	q->hardware[0] = h->htype;
	memcpy(q->hardware + 1, h->chaddr, h->hlen);
	q->hw = str_make(q->hardware, 1 + (size_t)h->hlen);
	q->hw_addr = str_make(q->hardware + 1, h->hlen);
	q->who.htype = h->htype;
	q->who.hlen = h->hlen;
	q->who.chaddr = q->p.head.chaddr;
	q->who.where = h->giaddr != 0 ? ip4_fmt(h->giaddr, q->where) :
	    q->iface->name;
	if (h->ciaddr != 0)
		q->requested = h->ciaddr;
	q->has_option_50 = packet_option_ip(&q->p,
	    PROTO_OPT_REQUESTED_ADDRESS, h->ciaddr != 0 ? &(uint32_t){ 0 } :
	    &q->requested);
}

/* The network a packet belongs to; fact: link selection, 118, giaddr, wire. */
static void
decide_query_locate(struct decide_query *q)
{
	struct conf_subnet *subnet;
	struct str s;
	struct rd r;
	uint32_t addr;

	if (packet_agent_option(&q->p, PROTO_AGENT_LINK_SELECTION, &s) ||
	    packet_option(&q->p, PROTO_OPT_SUBNET_SELECTION, &s)) {
		rd_init(&r, s.p, s.len);
		addr = rd_u32(&r);
		if (s.len != sizeof(addr))
			return;
	} else if (q->p.head.giaddr != 0) {
		addr = q->p.head.giaddr;
	} else {
		q->network = q->iface->network;
		return;
	}
	subnet = conf_subnet_find(q->d->conf, addr);
	if (subnet != NULL)
		q->network = subnet->network;
}

/*
 * A renewal goes past the relay, so option 82 is missing: take what the lease
 * remembers, for classes and for the file.
 */
static void
decide_query_stashed(struct decide_query *q)
{
	const struct packet_head *h = &q->p.head;
	const struct lease *l;
	struct lease_data data;
	struct str copy;

	if (q->p.type != PROTO_MSG_REQUEST || h->ciaddr == 0 ||
	    h->giaddr != 0 ||
	    optset_has(q->p.in, OPTSPACE_DHCP, PROTO_OPT_RELAY_AGENT))
		return;
	l = lease_by_addr(q->d->leases, h->ciaddr);
	if (l == NULL || l->ends < decide_query_now(q))
		return;
	lease_get(q->d->leases, l, &data);
	if (data.agent.len == 0)
		return;
	if (data.uid.len > 0 ? !str_eq(data.uid, q->uid) :
	    data.hw_type != h->htype ||
	    !str_eq(str_make(data.hw, data.hw_len), q->hw_addr))
		return;
	if (!arena_str(q->d->scratch, data.agent, &copy) ||
	    !optset_put(q->p.in, q->d->conf->u.dhcp[PROTO_OPT_RELAY_AGENT],
	    OPTSPACE_DHCP, PROTO_OPT_RELAY_AGENT, copy))
		return;
	/* It was whole when it was stored. */
	(void)!optset_decode(q->p.in, &q->d->conf->u,
	    &opttab_space[OPTSPACE_AGENT], copy, q->d->scratch);
	q->is_stashed = true;
}

/* First declaration for a client: by identifier, hardware, host-identifier. */
static void
decide_query_hosts(struct decide_query *q)
{
	const struct conf *conf = q->d->conf;
	const struct conf_host_id_kind *kind;
	struct str s;

	if (conf->host_n == 0)
		return;
	if (q->uid.p != NULL) {
		q->host = conf_host_by_uid(conf, q->uid);
		q->host_by_uid = q->host != NULL;
	}
	if (q->host == NULL)
		q->host = conf_host_by_hw(conf, q->hw);
	for (kind = conf->host_id_kinds; q->host == NULL && kind != NULL;
	    kind = kind->next) {
		if (kind->relay >= 0)
			continue;
		if (expr_option(q->p.in, &q->env, kind->def->space->id,
		    kind->def->code, &s))
			q->host = conf_host_by_id(conf, kind, s);
	}
}

static void
decide_query_start_env(struct decide_query *q)
{
	struct expr_env *env = &q->env;

	env->scratch = q->d->scratch;
	env->u = &q->d->conf->u;
	env->in = q->p.in;
	env->out = &q->d->out;
	env->raw = q->p.raw;
	env->hardware = q->hw;
	env->file = q->p.file;
	env->sname = q->p.sname;
	env->now_s = q->now->wall_s;
	env->known = q->host != NULL ? EXPR_TRUE : EXPR_FALSE;
	env->vars = &q->vars;
	env->log = &q->out->log;
	env->ops = &decide_query_ops;
	env->ctx = q;
}

bool
decide_query_init(struct decide_query *q, struct decide *d,
    const struct when *now, const struct decide_iface *iface, uint32_t src,
    struct str raw, struct decide_out *out)
{
	enum packet_why why;
	struct wr w;
	uint8_t mac[PROTO_CHADDR_LEN * 3];

	memset(q, 0, sizeof(*q));
	lease_settle(d->leases);
	q->d = d;
	q->now = now;
	q->iface = iface;
	q->src = src;
	q->out = out;
	q->lt.scratch = d->scratch;
	q->lt.log = &out->log;
	q->vars.outer = &d->globals;
	why = packet_decode(raw, &d->conf->u, &d->in, d->scratch, &q->p);
	if (why != PACKET_OK) {
		decide_query_malformed(q, why);
		return false;
	}
	if (!decide_query_names(q))
		return false;
	decide_query_who(q);
	decide_query_locate(q);
	decide_query_stashed(q);
	optset_init(&d->out);
	decide_query_start_env(q);
	decide_query_hosts(q);
	decide_query_start_env(q);
	/* The peer does not classify BOOTP clients: pools with permits for
	 * classes never serve them. */
	if (q->p.type != PROTO_MSG_BOOTP)
		classify_run(&q->classes, d->conf, &q->env);
	if (q->classes.lost_n > 0) {
		wr_init(&w, mac, sizeof(mac));
		wr_hex(&w, q->p.head.chaddr, q->p.head.hlen);
		for (size_t i = 0; i < q->classes.lost_n; i++)
			logtext_fmt(&q->lt, LOGTEXT_ERROR, "too many classes "
			    "match %.*s", STR_ARG(wr_as_str(&w)));
	}
	return true;
}

/* --- leases */

void
decide_query_changed(struct decide_query *q, struct lease *l)
{
	struct decide_out *out = q->out;

	for (size_t i = 0; i < out->changed_n; i++)
		if (out->changed[i] == l)
			return;
	ASSERT(out->changed_n < DECIDE_CHANGE_MAX);
	out->changed[out->changed_n++] = l;
}

void
decide_query_release(struct decide_query *q, struct lease *l)
{
	struct decide *d = q->d;
	struct lease_data data;

	/* One place stays free for the lease that this packet is about. */
	if (q->out->changed_n + 1 >= DECIDE_CHANGE_MAX)
		return;
	lease_get(d->leases, l, &data);
	decide_query_run_text(d, q->now->wall_s, lease_addr(d->leases, l),
	    &data, data.on_release, &q->out->log);
	classify_bill_move(&d->bill, data.billed, 0);
	lease_data_release(&data, decide_query_now(q));
	data.billed = 0;
	/* A binding that only loses something always has room. */
	if (NEVER(!lease_commit(d->leases, l, &data)))
		return;
	decide_query_changed(q, l);
}

void
decide_query_abandon(struct decide_query *q, struct lease *l)
{
	struct decide *d = q->d;
	struct lease_data data;
	uint64_t until;

	until = (uint64_t)decide_query_now(q) +
	    d->conf->globals.abandon_lease_s;
	lease_get(d->leases, l, &data);
	classify_bill_move(&d->bill, data.billed, 0);
	lease_data_abandon(&data, until > LEASE_NEVER ? LEASE_NEVER :
	    (uint32_t)until);
	data.billed = 0;
	if (NEVER(!lease_commit(d->leases, l, &data)))
		return;
	decide_query_changed(q, l);
}

void
decide_query_unpack_vars(struct arena *scratch, struct str packed,
    struct expr_vars *ret)
{
	struct lease_var v;
	struct expr_var *node, **tail;

	ret->first = NULL;
	tail = &ret->first;
	while (lease_var_next(&packed, &v)) {
		node = ARENA_NEW(scratch, struct expr_var);
		if (node == NULL)
			return;
		node->name = v.name;
		switch (v.kind) {
		case LEASE_VAR_DATA:
			node->value.kind = EXPR_KIND_DATA;
			node->value.data = v.data;
			break;
		case LEASE_VAR_NUM:
			node->value.kind = EXPR_KIND_NUM;
			node->value.num = (uint64_t)v.num;
			break;
		case LEASE_VAR_BOOL:
			node->value.kind = EXPR_KIND_BOOL;
			node->value.truth = v.num != 0;
			break;
		}
		*tail = node;
		tail = &node->next;
	}
}

/* One variable for the table; false when it has nothing to keep. */
static bool
decide_query_pack_var(const struct expr_var *node, struct lease_var *ret)
{
	ret->name = node->name;
	ret->data = node->value.data;
	ret->num = 0;
	switch (node->value.kind) {
	case EXPR_KIND_DATA:
		ret->kind = LEASE_VAR_DATA;
		return true;
	case EXPR_KIND_NUM:
		ret->kind = LEASE_VAR_NUM;
		ret->num = (int64_t)node->value.num;
		return true;
	case EXPR_KIND_BOOL:
		ret->kind = LEASE_VAR_BOOL;
		ret->num = node->value.truth;
		return true;
	default:
		return false;
	}
}

bool
decide_query_pack_vars(struct arena *scratch, const struct expr_vars *vars,
    struct str *ret)
{
	enum { VARS_MAX = 256 };
	const struct expr_var *list[VARS_MAX], *node;
	struct lease_var v;
	struct str packed;
	struct wr w;
	size_t n;
	void *p;

	n = 0;
	for (node = vars->first; node != NULL; node = node->next) {
		if (n == VARS_MAX)
			return false;
		list[n++] = node;
	}
	packed = STR("");
	/* The newest stands in front, so the oldest is entered first. */
	while (n > 0) {
		if (!decide_query_pack_var(list[--n], &v))
			continue;
		p = arena_alloc(scratch, LEASE_BLOB_MAX, 1);
		if (p == NULL)
			return false;
		wr_init(&w, p, LEASE_BLOB_MAX);
		lease_var_set(&w, packed, &v);
		if (!wr_ok(&w))
			return false;
		packed = wr_as_str(&w);
		arena_trim(scratch, p, packed.len);
	}
	*ret = packed;
	return true;
}

void
decide_query_run_text(struct decide *d, int64_t now_s, uint32_t addr,
    struct lease_data *data, uint32_t text_id, struct expr_log *log)
{
	struct decide_query q;
	const struct stmt *list;
	uint8_t hardware[1 + LEASE_HW_MAX], addr_be[4];
	struct wr w;

	if (text_id == 0 || !conf_stmts_parse(d->conf,
	    lease_text(d->leases, text_id), d->scratch, &list))
		return;
	memset(&q, 0, sizeof(q));
	q.d = d;
	q.vars.outer = &d->globals;
	decide_query_unpack_vars(d->scratch, data->vars, &q.vars);
	optset_init(&d->out);
	wr_init(&w, addr_be, sizeof(addr_be));
	wr_u32(&w, addr);
	hardware[0] = data->hw_type;
	memcpy(hardware + 1, data->hw, data->hw_len);
	q.env.scratch = d->scratch;
	q.env.u = &d->conf->u;
	q.env.out = &d->out;
	q.env.hardware = str_make(hardware, 1 + (size_t)data->hw_len);
	q.env.lease_data = wr_as_str(&w);
	q.env.has_lease = true;
	q.env.lease_ends_s = lease_end_told(data->ends, (uint32_t)now_s);
	q.env.now_s = now_s;
	q.env.known = EXPR_NULL;
	q.env.vars = &q.vars;
	q.env.log = log;
	q.env.ops = &decide_query_ops;
	q.env.ctx = &q;
	/* A break ends the list, nothing more. */
	(void)stmt_run(list, &q.env);
	/* Too many variables: the lease keeps those that it had. */
	(void)!decide_query_pack_vars(d->scratch, &q.vars, &data->vars);
}

/* --- scopes */

void
decide_query_env(struct decide_query *q, const struct decide_pick *pick,
    const struct lease_data *data)
{
	struct expr_env *env = &q->env;
	struct wr w;
	void *p;

	env->is_static = pick->is_static;
	if (pick->host != NULL)
		env->host_decl_name = pick->host->name;
	p = arena_alloc(q->d->scratch, sizeof(pick->addr), 1);
	if (data == NULL || p == NULL)
		return;
	wr_init(&w, p, sizeof(pick->addr));
	wr_u32(&w, pick->addr);
	env->has_lease = true;
	env->lease_data = wr_as_str(&w);
	env->lease_ends_s = lease_end_told(data->ends, decide_query_now(q));
	if (data->vars.len > 0)
		decide_query_unpack_vars(q->d->scratch, data->vars, &q->vars);
}

bool
decide_query_scopes(struct decide_query *q, const struct decide_pick *pick)
{
	struct scope_path path;

	path.subnet = pick->subnet != NULL ? pick->subnet->scope :
	    q->network != NULL ? q->network->scope : q->d->conf->root;
	path.pool = pick->pool != NULL ? pick->pool->scope : NULL;
	path.classes = &q->classes;
	path.host = pick->host != NULL ? pick->host->scope : NULL;
	if (scope_run(&path, &q->env))
		return true;
	(void)decide_query_drop(q, DECIDE_WHY_REFUSED);
	return false;
}

/* --- replies */

void
decide_query_head(const struct decide_query *q, struct reply *r)
{
	memset(r, 0, sizeof(*r));
	r->head = q->p.head;
	r->head.op = PROTO_OP_REPLY;
	r->head.yiaddr = 0;
	r->head.siaddr = 0;
	r->len_min = PROTO_BOOTP_LEN_MIN;
}

void
decide_query_put(struct decide_query *q, uint32_t code, const void *p,
    size_t len)
{
	char *copy;

	copy = arena_dup(q->d->scratch, p, len);
	if (copy == NULL)
		return;
	/* A full set says so itself; the reply then lacks what came last. */
	(void)optset_put(q->env.out, q->d->conf->u.dhcp[code], OPTSPACE_DHCP,
	    code, str_make(copy, len));
}

void
decide_query_put_u32(struct decide_query *q, uint32_t code, uint32_t v)
{
	uint8_t buf[4];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u32(&w, v);
	decide_query_put(q, code, buf, sizeof(buf));
}

void
decide_query_type(struct decide_query *q, uint8_t type)
{
	decide_query_put(q, PROTO_OPT_MESSAGE_TYPE, &type, sizeof(type));
	q->d->out_n[type % DECIDE_TYPES_N]++;
}

void
decide_query_fields(struct decide_query *q, struct reply *r)
{
	struct str s;
	struct rd rd;

	if (expr_option(q->env.out, &q->env, OPTSPACE_SERVER,
	    OPTTAB_S_FILENAME, &s))
		r->file = s;
	if (expr_option(q->env.out, &q->env, OPTSPACE_SERVER,
	    OPTTAB_S_SERVER_NAME, &s))
		r->sname = s;
	if (expr_option(q->env.out, &q->env, OPTSPACE_SERVER,
	    OPTTAB_S_NEXT_SERVER, &s) && s.len >= sizeof(uint32_t)) {
		rd_init(&rd, s.p, s.len);
		r->head.siaddr = rd_u32(&rd);
	}
}

void
decide_query_list(struct decide_query *q, struct reply *r)
{
	struct str s;
	struct rd rd;
	uint32_t mms;

	if (expr_option(q->env.out, &q->env, OPTSPACE_DHCP, PROTO_OPT_PRL, &s) ||
	    packet_option(&q->p, PROTO_OPT_PRL, &s))
		r->prl = s;
	mms = 0;
	if (packet_option(&q->p, PROTO_OPT_MMS, &s) ||
	    expr_option(q->env.out, &q->env, OPTSPACE_DHCP, PROTO_OPT_MMS, &s)) {
		rd_init(&rd, s.p, s.len);
		mms = rd_u16(&rd);
	}
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_PRL);
	optset_remove(q->env.out, OPTSPACE_DHCP, PROTO_OPT_MMS);
	r->room = reply_room(mms);
	r->is_nul_ended = q->is_nul_ended;
	if (!q->is_stashed &&
	    packet_option(&q->p, PROTO_OPT_RELAY_AGENT, &s))
		r->agent = s;
	if (packet_option(&q->p, PROTO_OPT_SUBNET_SELECTION, &s))
		decide_query_put(q, PROTO_OPT_SUBNET_SELECTION, s.p, s.len);
	if (q->uid.p != NULL && expr_param_flag(&q->env,
	    OPTTAB_S_ECHO_CLIENT_ID, 0) == 1) {
		decide_query_put(q, PROTO_OPT_CLIENT_ID, q->uid.p, q->uid.len);
		r->wants_client_id = true;
	}
}

uint32_t
decide_query_server_id(struct decide_query *q)
{
	struct str s;
	struct rd r;
	uint32_t addr;

	addr = q->iface->addr_n > 0 ? q->iface->addr[0] : 0;
	if (expr_option(q->env.out, &q->env, OPTSPACE_DHCP,
	    PROTO_OPT_SERVER_ID, &s) && s.len >= sizeof(addr)) {
		rd_init(&r, s.p, s.len);
		addr = rd_u32(&r);
	}
	decide_query_put_u32(q, PROTO_OPT_SERVER_ID, addr);
	return addr;
}

void
decide_query_mask(struct decide_query *q, const struct conf_subnet *subnet)
{
	if (subnet != NULL && !optset_has(q->env.out, OPTSPACE_DHCP,
	    PROTO_OPT_SUBNET_MASK))
		decide_query_put_u32(q, PROTO_OPT_SUBNET_MASK, subnet->mask);
}

void
decide_query_by_udp(struct decide_query *q, uint32_t dst, uint16_t port)
{
	q->out->reply.is_raw = false;
	q->out->reply.dst = dst;
	q->out->reply.dst_port = port;
}

void
decide_query_by_raw(struct decide_query *q, uint32_t src, uint32_t addr,
    bool to_all)
{
	struct decide_reply *r = &q->out->reply;

	r->is_raw = true;
	r->src = src;
	r->dst = to_all ? q->d->broadcast : addr;
	r->dst_port = q->d->client_port;
	if (to_all || q->p.head.hlen != sizeof(r->dst_mac))
		memset(r->dst_mac, 0xff, sizeof(r->dst_mac));
	else
		memcpy(r->dst_mac, q->p.head.chaddr, sizeof(r->dst_mac));
}

enum decide_verdict
decide_query_reply(struct decide_query *q, const struct reply *r)
{
	struct wr w;
	void *p;

	p = arena_alloc(q->d->keep, REPLY_LEN_MAX, 1);
	if (p == NULL)
		return decide_query_drop(q, DECIDE_WHY_FULL);
	wr_init(&w, p, REPLY_LEN_MAX);
	if (!reply_build(r, &q->env, &q->lt, &w))
		return decide_query_drop(q, DECIDE_WHY_REFUSED);
	/* What an expression could not make is missing somewhere in it. */
	if (q->d->scratch->full)
		return decide_query_drop(q, DECIDE_WHY_FULL);
	arena_trim(q->d->keep, p, w.len);
	q->out->reply.payload = wr_as_str(&w);
	q->out->verdict = DECIDE_REPLY;
	return DECIDE_REPLY;
}
