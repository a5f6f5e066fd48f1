/* SPDX-License-Identifier: ISC */
/*
 * confnet - where addresses come from.
 *
 * A range that stands directly in a subnet goes to a pool nobody wrote, one for
 * those that may serve BOOTP clients and one for those that may not.
 */
#include "dhcpd/confnet.h"

#include <string.h>
#include <syslog.h>

#include "common/ip4.h"
#include "common/wr.h"
#include "dhcpd/conffail.h"
#include "dhcpd/confparse.h"

static void
refuse(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
}

static void
plain(struct parse *p, const char *text)
{
	lex_plain(p->lex, LOG_ERR, "%s", text);
}

/* interface NAME; */
static void
interface(struct parse *p, struct str *ret)
{
	struct str name;
	int token;

	(void)lex_next(p->lex, NULL);
	token = lex_next(p->lex, &name);
	if (token != LEX_STRING && !lex_is_word(token)) {
		refuse(p, "expecting interface name.");
		return;
	}
	if (ret->len)
		lex_error(p->lex,
		    "A subnet or shared network can't be connected to two interfaces.");
	else
		*ret = parse_keep(p, name);
	(void)!parse_semi(p);
}

void
confnet_body(struct parse *p, struct confbuild_block *b, struct str *ret_interface)
{
	bool was_declaration = false;

	while (!confparse_at_end(p)) {
		if (lex_peek(p->lex, NULL) == LEX_K_INTERFACE)
			interface(p, ret_interface);
		else
			was_declaration = confparse_entry(p, b, was_declaration);
	}
}

/* Name of a shared network: a string or a host name. */
static bool
network_name(struct parse *p, struct str *ret)
{
	struct str s;

	if (lex_peek(p->lex, &s) != LEX_STRING) {
		if (parse_host_name(p, ret))
			return true;
		refuse(p, "expecting a name for shared-network");
		return false;
	}
	(void)lex_next(p->lex, NULL);
	*ret = parse_keep(p, s);
	if (s.len)
		return true;
	lex_error(p->lex, "zero-length shared network name");
	*ret = STR("<no-name-given>");
	return true;
}

bool
confnet_shared(struct parse *p, struct confbuild_block *b)
{
	struct confbuild_block inner;
	struct conf_network *n;

	(void)lex_next(p->lex, NULL);
	if (b->kind != CONFBUILD_ROOT && b->kind != CONFBUILD_GROUP &&
	    b->kind != CONFBUILD_POOL) {
		refuse(p, "shared-network parameters not allowed here.");
		return false;
	}
	n = PARSE_NEW(p, struct conf_network);
	if (!n || !network_name(p, &n->name))
		return true;
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return true;
	}
	if (!parse_enter(p))
		return true;
	confbuild_open(&inner, CONFBUILD_SHARED, b);
	inner.network = n;
	inner.subnet = NULL;
	inner.subnet6 = NULL;
	n->scope = confbuild_scope(p, &inner);
	if (n->scope && confbuild_network(p, n)) {
		confnet_body(p, &inner, &n->interface);
		inner.scope->is_authoritative = inner.is_authoritative;
		if (!n->subnets && !n->subnets6 && !p->is_cut)
			lex_error(p->lex, "empty shared-network decl");
	}
	parse_leave(p);
	return true;
}

struct conf_network *
confnet_implicit(struct parse *p, struct confbuild_block *b, const char *name)
{
	struct conf_network *n = PARSE_NEW(p, struct conf_network);

	if (!n)
		return NULL;
	n->name = parse_keep(p, str_of(name));
	n->is_implicit = true;
	n->scope = confbuild_scope(p, b);
	return n->scope && confbuild_network(p, n) ? n : NULL;
}

static unsigned
ones(uint32_t mask)
{
	unsigned n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

/* "ADDR netmask ADDR": false when it is not that, or the two do not fit. */
static bool
subnet_numbers(struct parse *p, struct conf_subnet *s)
{
	char net[IP4_TEXT_SIZE], mask[IP4_TEXT_SIZE];

	if (!parse_ip4(p, &s->net))
		return false;
	if (lex_next(p->lex, NULL) != LEX_K_NETMASK) {
		refuse(p, "Expecting netmask");
		return false;
	}
	if (!parse_ip4(p, &s->mask))
		return false;
	if ((s->net & s->mask) != s->net) {
		(void)ip4_fmt(s->net, net);
		(void)ip4_fmt(s->mask, mask);
		lex_error(p->lex, "subnet %s netmask %s: bad subnet number/mask combination.",
		    net, mask);
		parse_skip(p, 0);
		return false;
	}
	return true;
}

/* Only the block that declares both families in one file is fatal. */
static bool
one_family(struct parse *p)
{
	p->build->has_v4_subnet = true;
	if (!p->build->has_v6_subnet)
		return true;
	lex_fatal(p->lex, "subnet_number():inet.c:45: Addr/mask length mismatch.");
	return false;
}

static bool
subnet_block(struct parse *p, struct confbuild_block *b, struct conf_subnet *s)
{
	struct confbuild_block inner;
	char name[IP4_TEXT_SIZE + 4], net[IP4_TEXT_SIZE];
	struct conf_subnet **end;
	struct wr w;

	confbuild_open(&inner, CONFBUILD_SUBNET, b);
	if (b->kind != CONFBUILD_SHARED) {
		(void)ip4_fmt(s->net, net);
		wr_init(&w, name, sizeof(name) - 1);
		wr_fmt(&w, "%s/%u", net, ones(s->mask));
		name[w.len] = '\0';
		inner.network = confnet_implicit(p, &inner, name);
	}
	s->network = inner.network;
	s->scope = confbuild_scope(p, &inner);
	inner.subnet = s;
	if (!s->network || !s->scope || !confbuild_subnet(p, s))
		return false;
	end = &s->network->subnets;
	while (*end)
		end = &(*end)->next;
	*end = s;
	confnet_body(p, &inner, &s->interface);
	inner.scope->is_authoritative = inner.is_authoritative;
	if (s->network->is_implicit)
		s->network->interface = s->interface;
	return true;
}

bool
confnet_subnet(struct parse *p, struct confbuild_block *b)
{
	struct conf_subnet *s;

	(void)lex_next(p->lex, NULL);
	if (b->kind == CONFBUILD_HOST || b->kind == CONFBUILD_SUBNET ||
	    b->kind == CONFBUILD_CLASS) {
		refuse(p, "subnet declarations not allowed here.");
		return true;
	}
	s = PARSE_NEW(p, struct conf_subnet);
	if (!s || !subnet_numbers(p, s) || !one_family(p))
		return b->kind != CONFBUILD_SHARED;
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return b->kind != CONFBUILD_SHARED;
	}
	if (parse_enter(p)) {
		(void)subnet_block(p, b, s);
		parse_leave(p);
	}
	return b->kind != CONFBUILD_SHARED;
}

/* Pool of a subnet's own ranges; made when the first of them comes. */
static struct conf_pool *
anonymous_pool(struct parse *p, struct conf_network *n, bool is_bootp)
{
	struct conf_pool *pool, **end = &n->pools;

	for (pool = n->pools; pool; pool = pool->next)
		if (pool->is_anonymous && pool->is_bootp == is_bootp)
			return pool;
	pool = PARSE_NEW(p, struct conf_pool);
	if (!pool)
		return NULL;
	pool->network = n;
	pool->scope = n->scope;
	pool->is_anonymous = true;
	pool->is_bootp = is_bootp;
	pool->failover = n->failover;
	pool->valid_until_s = INT64_MAX;
	if (!is_bootp) {
		pool->prohibits = PARSE_NEW(p, struct conf_permit);
		if (!pool->prohibits)
			return NULL;
		pool->prohibits->kind = CONF_PERMIT_BOOTP;
	} else {
		pool->permits = PARSE_NEW(p, struct conf_permit);
		if (!pool->permits)
			return NULL;
		pool->permits->kind = CONF_PERMIT_ALL;
	}
	while (*end)
		end = &(*end)->next;
	*end = pool;
	return confbuild_pool(p, pool) ? pool : NULL;
}

static void
no_bootp_with_failover(struct parse *p)
{
	static const char *const lines[] = {
		"range declarations where there is a failover",
		"peer in scope.   If you wish to declare an",
		"address range from which dynamic bootp leases",
		"can be allocated, please declare it within a",
		"pool declaration that also contains the \"no",
		"failover\" statement.   The failover protocol",
		"itself does not permit dynamic bootp - this",
		"is not a limitation specific to the ISC DHCP",
		"server.   Please don't ask me to defend this",
		"until you have read and really tried to understand",
		"the failover protocol specification.",
	};

	lex_error(p->lex, "dynamic-bootp flag is not permitted for address");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		plain(p, lines[i]);
}

static void
bad_range(struct parse *p, uint32_t addr, const struct conf_subnet *s)
{
	char text[3][IP4_TEXT_SIZE];

	(void)ip4_fmt(addr, text[0]);
	(void)ip4_fmt(s->net, text[1]);
	(void)ip4_fmt(s->mask, text[2]);
	lex_fatal(p->lex, "bad range, address %s not in subnet %s netmask %s", text[0], text[1],
	    text[2]);
}

/* The addresses of a range statement, and its semicolon. */
static bool
range_numbers(struct parse *p, bool *ret_is_bootp, struct conf_range *r)
{
	*ret_is_bootp = lex_peek(p->lex, NULL) == LEX_K_DYNAMIC_BOOTP;
	if (*ret_is_bootp)
		(void)lex_next(p->lex, NULL);
	if (!parse_ip4(p, &r->low))
		return false;
	r->high = r->low;
	if (lex_peek(p->lex, NULL) != ';' && !parse_ip4(p, &r->high))
		return false;
	if (lex_next(p->lex, NULL) != ';') {
		refuse(p, "semicolon expected.");
		return false;
	}
	return true;
}

/* The subnet a range belongs to, or NULL with a message. */
static struct conf_subnet *
range_subnet(struct parse *p, struct confbuild_block *b, const struct conf_range *r)
{
	struct conf_subnet *s = b->subnet;

	if (s)
		return s;
	s = conf_subnet_in(b->network, r->low);
	if (!s) {
		lex_error(p->lex, "address range not on network %.*s", STR_ARG(b->network->name));
		plain(p, "Be sure to place pool statement after related subnet declarations.");
	}
	return s;
}

static void
range(struct parse *p, struct confbuild_block *b, struct conf_pool *pool)
{
	struct conf_range *r = PARSE_NEW(p, struct conf_range), **end;
	bool is_bootp;
	uint32_t swap;

	(void)lex_next(p->lex, NULL);
	if (!r || !range_numbers(p, &is_bootp, r))
		return;
	r->subnet = range_subnet(p, b, r);
	if (!r->subnet)
		return;
	if (is_bootp && (pool ? pool->failover : b->network->failover))
		no_bootp_with_failover(p);
	if ((r->low & r->subnet->mask) != r->subnet->net) {
		bad_range(p, r->low, r->subnet);
		return;
	}
	if ((r->high & r->subnet->mask) != r->subnet->net) {
		bad_range(p, r->high, r->subnet);
		return;
	}
	if (r->high < r->low) {
		swap = r->low;
		r->low = r->high;
		r->high = swap;
	}
	r->pool = pool ? pool : anonymous_pool(p, b->network, is_bootp);
	if (!r->pool || !confbuild_range(p, r))
		return;
	end = &r->pool->ranges;
	while (*end)
		end = &(*end)->next;
	*end = r;
	r->pool->addr_n += r->high - r->low + 1;
}

void
confnet_range(struct parse *p, struct confbuild_block *b)
{
	if (b->kind != CONFBUILD_SUBNET || !b->subnet) {
		(void)lex_next(p->lex, NULL);
		refuse(p, "range declaration not allowed here.");
		return;
	}
	range(p, b, NULL);
}

/* "clients" behind known, unknown and so on. */
static bool
clients(struct parse *p)
{
	if (lex_next(p->lex, NULL) == LEX_K_CLIENTS)
		return true;
	refuse(p, "expecting \"clients\"");
	return false;
}

/* members of "CLASS" */
static bool
members(struct parse *p, struct conf_permit *permit)
{
	struct str name;

	if (lex_next(p->lex, NULL) != LEX_K_OF) {
		refuse(p, "expecting \"of\".");
		return false;
	}
	if (lex_next(p->lex, &name) != LEX_STRING) {
		refuse(p, "expecting class name.");
		return false;
	}
	permit->kind = CONF_PERMIT_CLASS;
	permit->class = conf_class_by_name(p->conf, name);
	if (!permit->class)
		lex_error(p->lex, "no such class: %.*s", STR_ARG(name));
	return true;
}

/* after DATE, with its semicolon */
static bool
after(struct parse *p, struct conf_permit *permit, bool *ret_has_after)
{
	permit->kind = CONF_PERMIT_AFTER;
	if (*ret_has_after) {
		refuse(p, "duplicate \"after\" clause.");
		return false;
	}
	*ret_has_after = true;
	return parse_date(p, &permit->after_s);
}

static bool
permit_item(struct parse *p, struct conf_permit *permit, bool *ret_has_after)
{
	static const struct {
		uint16_t token, kind;
	} kinds[] = {
		{ LEX_K_UNKNOWN, CONF_PERMIT_UNKNOWN },
		{ LEX_K_KNOWN, CONF_PERMIT_KNOWN },
		{ LEX_K_AUTHENTICATED, CONF_PERMIT_AUTHENTICATED },
		{ LEX_K_UNAUTHENTICATED, CONF_PERMIT_UNAUTHENTICATED },
		{ LEX_K_ALL, CONF_PERMIT_ALL },
	};
	int token = lex_next(p->lex, NULL);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].token == token) {
			permit->kind = kinds[i].kind;
			return clients(p);
		}
	}
	switch (token) {
	case LEX_K_KNOWN_CLIENTS:
		permit->kind = CONF_PERMIT_KNOWN;
		return true;
	case LEX_K_UNKNOWN_CLIENTS:
		permit->kind = CONF_PERMIT_UNKNOWN;
		return true;
	case LEX_K_DYNAMIC:
		permit->kind = CONF_PERMIT_BOOTP;
		if (lex_next(p->lex, NULL) == LEX_K_BOOTP)
			return clients(p);
		refuse(p, "expecting \"bootp\"");
		return false;
	case LEX_K_MEMBERS:
		return members(p, permit);
	case LEX_K_AFTER:
		return after(p, permit, ret_has_after);
	default:
		refuse(p, "expecting permit type.");
		return false;
	}
}

struct conf_permit *
confnet_permit(struct parse *p, bool *ret_has_after)
{
	struct conf_permit *permit = PARSE_NEW(p, struct conf_permit);

	if (!permit || !permit_item(p, permit, ret_has_after))
		return NULL;
	if (permit->kind != CONF_PERMIT_AFTER && !parse_semi(p))
		return NULL;
	return permit->kind == CONF_PERMIT_CLASS && !permit->class ? NULL : permit;
}

static void
add_permit(struct conf_permit **list, struct conf_permit *permit)
{
	while (*list)
		list = &(*list)->next;
	*list = permit;
}

static void
pool_permit(struct parse *p, struct conf_pool *pool, bool is_allow, bool *has_after)
{
	struct conf_permit *permit;

	(void)lex_next(p->lex, NULL);
	permit = confnet_permit(p, has_after);
	if (!permit)
		return;
	if (permit->kind == CONF_PERMIT_AFTER)
		*(is_allow ? &pool->valid_from_s : &pool->valid_until_s) = permit->after_s;
	add_permit(is_allow ? &pool->permits : &pool->prohibits, permit);
}

/* One entry of a pool that only pools know; false when it is not one. */
static bool
pool_entry(struct parse *p, struct confbuild_block *b, bool *has_after)
{
	switch (lex_peek(p->lex, NULL)) {
	case LEX_K_NO:
		(void)lex_next(p->lex, NULL);
		if (lex_next(p->lex, NULL) != LEX_K_FAILOVER ||
		    lex_next(p->lex, NULL) != LEX_K_PEER)
			refuse(p, "expecting \"failover peer\".");
		else
			b->pool->failover = NULL;
		return true;
	case LEX_K_FAILOVER:
		conffail_reference(p, b);
		return true;
	case LEX_K_RANGE:
		range(p, b, b->pool);
		return true;
	case LEX_K_ALLOW:
	case LEX_K_DENY:
		pool_permit(p, b->pool, lex_peek(p->lex, NULL) == LEX_K_ALLOW, has_after);
		return true;
	default:
		return false;
	}
}

static bool
same_permits(const struct conf_permit *a, const struct conf_permit *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (a->kind != b->kind || a->class != b->class || a->after_s != b->after_s)
			return false;
	return !a && !b;
}

/* A pool like one we have, without statements of its own, becomes part of it. */
static bool
merge_pool(struct conf_pool *pool)
{
	for (struct conf_pool *old = pool->network->pools; old; old = old->next) {
		struct conf_range **end = &old->ranges;

		if (old->scope != old->network->scope || old->failover != pool->failover ||
		    !same_permits(old->permits, pool->permits) ||
		    !same_permits(old->prohibits, pool->prohibits))
			continue;
		while (*end)
			end = &(*end)->next;
		*end = pool->ranges;
		for (struct conf_range *r = pool->ranges; r; r = r->next)
			r->pool = old;
		old->addr_n += pool->addr_n;
		return true;
	}
	return false;
}

static void
finish_pool(struct parse *p, struct confbuild_block *b)
{
	struct conf_pool *pool = b->pool, **end = &pool->network->pools;

	if (p->is_cut)
		return;
	if (!pool->ranges) {
		lex_error(p->lex, "Pool declaration with no address range.");
		plain(p, "Pool declarations must always contain at least");
		plain(p, "one range statement.");
		return;
	}
	pool->scope = b->scope ? b->scope : pool->network->scope;
	if (b->scope)
		b->scope->is_authoritative = b->is_authoritative;
	else if (merge_pool(pool))
		return;
	while (*end)
		end = &(*end)->next;
	*end = pool;
	(void)!confbuild_pool(p, pool);
}

void
confnet_pool(struct parse *p, struct confbuild_block *b)
{
	struct confbuild_block inner;
	bool was_declaration = false, has_after = false;
	struct conf_place place;
	struct str word;

	(void)lex_next(p->lex, &word);
	place = parse_place(p, word);
	if (b->kind == CONFBUILD_POOL) {
		refuse(p, "pool declared within pool.");
		return;
	}
	if (b->kind != CONFBUILD_SUBNET && b->kind != CONFBUILD_SHARED) {
		refuse(p, "pool declared outside of network");
		return;
	}
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return;
	}
	confbuild_open(&inner, CONFBUILD_POOL, b);
	inner.pool = PARSE_NEW(p, struct conf_pool);
	if (!inner.pool || !parse_enter(p))
		return;
	inner.pool->place = place;
	inner.pool->network = b->network;
	inner.pool->failover = b->network->failover;
	inner.pool->valid_until_s = INT64_MAX;
	while (!confparse_at_end(p))
		if (!pool_entry(p, &inner, &has_after))
			was_declaration = confparse_entry(p, &inner, was_declaration);
	parse_leave(p);
	finish_pool(p, &inner);
}
