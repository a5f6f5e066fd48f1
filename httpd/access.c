/* SPDX-License-Identifier: ISC */
/*
 * access - walks the access rules for one request.
 *
 * Owns the three-valued logic of Require: a rule grants, denies, or says
 * nothing (it is for other methods, or a negation that did not hit).  A rule
 * that a verified user could still turn is remembered as such, so that the
 * answer is 401 and not 403.
 */

#include "httpd/access.h"

#include <string.h>

enum result { NEUTRAL, GRANTED, DENIED, DENIED_NO_USER };

bool
access_host_in(struct str host, struct str domain)
{
	if (domain.len == 0 || host.len < domain.len ||
	    !str_ieq(str_sub(host, host.len - domain.len, domain.len),
	    domain))
		return false;
	return host.len == domain.len || domain.p[0] == '.' ||
	    host.p[host.len - domain.len - 1] == '.';
}

static bool
any_word(const struct access_node *n, const struct access_in *in)
{
	for (unsigned i = 0; i < n->words.n; i++) {
		struct str w = n->words.v[i];

		if (n->kind == ACCESS_ENV && env_has(in->env, w))
			return true;
		if (n->kind == ACCESS_HOST && access_host_in(in->host, w))
			return true;
		if (n->kind == ACCESS_USER && str_eq(in->user, w))
			return true;
		if (n->kind == ACCESS_GROUP && in->in_group(in->ctx, w))
			return true;
	}
	return false;
}

static enum result
leaf(const struct access_node *n, const struct access_in *in)
{
	bool ok = false, no_user;

	switch (n->kind) {
	case ACCESS_GRANTED:
		ok = true;
		break;
	case ACCESS_IP:
		for (unsigned i = 0; i < n->nets.n; i++)
			ok = ok || addr_in(in->client, &n->nets.v[i]);
		break;
	case ACCESS_LOCAL:
		ok = addr_is_loopback(in->client) ||
		    addr_eq(in->client, in->local);
		break;
	case ACCESS_METHOD:
		ok = (n->methods >> in->method) & 1;
		break;
	case ACCESS_DHCP_LEASE:
		ok = in->has_lease;
		break;
	case ACCESS_EXPR:
		ok = in->holds(in->ctx, n->expr, &no_user);
		if (!ok && no_user)
			return DENIED_NO_USER;
		break;
	case ACCESS_ENV:
	case ACCESS_HOST:
		ok = any_word(n, in);
		break;
	case ACCESS_USER:
	case ACCESS_GROUP:
	case ACCESS_VALID_USER:
		if (!in->has_user)
			return DENIED_NO_USER;
		ok = n->kind == ACCESS_VALID_USER || any_word(n, in);
		break;
	default:
		break;
	}
	return ok ? GRANTED : DENIED;
}

static enum result node(const struct access_node *n,
    const struct access_in *in, unsigned depth);

static enum result
kids(const struct access_node *n, const struct access_in *in, unsigned depth)
{
	enum result all = NEUTRAL;

	for (unsigned i = 0; i < n->kids_n; i++) {
		enum result one = node(n->kids[i], in, depth + 1);

		if (one == NEUTRAL)
			continue;
		if (n->kind == ACCESS_ALL) {
			if (one == DENIED)
				return DENIED;
			if (one == DENIED_NO_USER || all == NEUTRAL)
				all = one;
		} else {
			if (one == GRANTED)
				return GRANTED;
			if (one == DENIED_NO_USER || all == NEUTRAL)
				all = one;
		}
	}
	return all;
}

static enum result
node(const struct access_node *n, const struct access_in *in, unsigned depth)
{
	enum result r;
	bool is_not = n->is_not;

	if (!((n->limit >> in->method) & 1))
		return NEUTRAL;
	if (n->kind > ACCESS_NONE)
		r = leaf(n, in);
	else if (depth >= ACCESS_DEPTH_MAX)
		return DENIED;
	else
		r = kids(n, in, depth);
	if (n->kind == ACCESS_NONE)
		is_not = !is_not;
	if (!is_not || r == NEUTRAL)
		return r;
	/* that a rule did not hit is no reason to let anybody in */
	return r == GRANTED ? DENIED : NEUTRAL;
}

enum access_verdict
access_require(const struct access_node *rules, const struct access_in *in)
{
	if (rules == NULL)
		return ACCESS_OK;
	switch (node(rules, in, 0)) {
	case DENIED:
		return ACCESS_REFUSED;
	case DENIED_NO_USER:
		return ACCESS_NEED_USER;
	default:
		return ACCESS_OK;	/* granted, or nothing is said */
	}
}

static bool
entry_hits(const struct access_entry *e, const struct access_in *in)
{
	if (!((e->limit >> in->method) & 1))
		return false;
	switch (e->who) {
	case ACCESS_WHO_ALL:
		return true;
	case ACCESS_WHO_NET:
		return addr_in(in->client, &e->net);
	case ACCESS_WHO_ENV:
		return env_has(in->env, e->name) != e->is_not;
	default:
		return access_host_in(in->host, e->name);
	}
}

static bool
hits(const struct access_entries *list, const struct access_in *in)
{
	for (unsigned i = 0; i < list->n; i++)
		if (entry_hits(&list->v[i], in))
			return true;
	return false;
}

bool
access_compat_ok(const struct access_compat *rules,
    const struct access_in *in)
{
	if (rules == NULL)
		return true;
	if ((rules->order_allow_deny >> in->method) & 1)
		return hits(&rules->allow, in) && !hits(&rules->deny, in);
	if ((rules->order_mutual >> in->method) & 1)
		return hits(&rules->allow, in) && !hits(&rules->deny, in);
	return !hits(&rules->deny, in) || hits(&rules->allow, in);
}

bool
access_satisfy_any(const struct access_compat *rules, unsigned method)
{
	return rules != NULL && ((rules->satisfy_any >> method) & 1);
}

static bool
node_looks_at(const struct access_node *n, unsigned depth)
{
	if (n->limit != UINT32_MAX)
		return true;
	if (n->kind > ACCESS_NONE)
		return n->kind != ACCESS_GRANTED && n->kind != ACCESS_DENIED;
	for (unsigned i = 0; i < n->kids_n; i++)
		if (depth >= ACCESS_DEPTH_MAX ||
		    node_looks_at(n->kids[i], depth + 1))
			return true;
	return false;
}

static bool
entries_look_at(const struct access_entries *list)
{
	for (unsigned i = 0; i < list->n; i++)
		if (list->v[i].who != ACCESS_WHO_ALL ||
		    list->v[i].limit != UINT32_MAX)
			return true;
	return false;
}

bool
access_looks_at(const struct access_node *rules,
    const struct access_compat *compat)
{
	if (rules != NULL && node_looks_at(rules, 0))
		return true;
	return compat != NULL && (entries_look_at(&compat->allow) ||
	    entries_look_at(&compat->deny) ||
	    (compat->order_allow_deny != 0 &&
	    compat->order_allow_deny != UINT32_MAX));
}
