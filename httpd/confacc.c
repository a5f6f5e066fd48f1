/* SPDX-License-Identifier: ISC */
/*
 * confacc - access directives: Require and its containers, Order, Allow,
 * Deny, Satisfy, and the settings of Basic authentication.
 *
 * Owns the construction of the trees that access.c walks.  Bare Require
 * lines of a level go into one implicit container; <Limit> only narrows the
 * methods of what is added inside it.
 */

#include "httpd/confacc.h"

#include <string.h>

#include "httpd/access.h"
#include "httpd/confbuild.h"
#include "httpd/confset.h"
#include "httpd/proto.h"

static struct access_node *
node_new(struct confbuild *b, enum access_kind kind)
{
	struct access_node *n = ARENA_NEW(b->a, struct access_node);

	if (n == NULL) {
		conf_full(b);
		return NULL;
	}
	n->kind = (uint8_t)kind;
	n->limit = b->limit;
	return n;
}

static void
node_add(struct confbuild *b, struct access_node *to,
    const struct access_node *kid)
{
	confset_add_ptr(b, (const void *const **)(void *)&to->kids,
	    &to->kids_n, kid);
}

/*
 * The container that takes the next Require: the one we are in, or the
 * implicit "any" of the level.
 */
static struct access_node *
container(struct confbuild *b)
{
	struct access_node *n;

	if (b->container != NULL)
		return b->container;
	if (b->dir->require != NULL)
		return (struct access_node *)(uintptr_t)b->dir->require;
	n = node_new(b, ACCESS_ANY);
	if (n != NULL) {
		n->limit = UINT32_MAX;
		n->is_implicit = true;
		b->dir->require = n;
	}
	return n;
}

static void
add_net(struct confbuild *b, struct conf_nets *list,
    const struct addr_net *net)
{
	struct addr_net *n = confset_add(b, (const void **)(void *)&list->v,
	    &list->n, sizeof(*n));

	if (n != NULL)
		*n = *net;
}

/*
 * The words after "Require ip".
 */
static void
require_nets(struct confbuild *b, struct access_node *n,
    const struct conf_words *args, unsigned from)
{
	struct addr_net net;

	for (unsigned i = from; i < args->n; i++) {
		if (addr_parse_net(args->v[i], &net))
			add_net(b, &n->nets, &net);
		else
			conf_error(b, "ip address '%.*s' appears to be "
			    "invalid", STR_ARG(args->v[i]));
	}
}

static const struct {
	const char *name;
	enum access_kind kind;
} providers[] = {
	{ "ip", ACCESS_IP }, { "host", ACCESS_HOST },
	{ "forward-dns", ACCESS_HOST }, { "local", ACCESS_LOCAL },
	{ "env", ACCESS_ENV }, { "method", ACCESS_METHOD },
	{ "user", ACCESS_USER }, { "group", ACCESS_GROUP },
	{ "valid-user", ACCESS_VALID_USER },
	{ "dhcp-lease", ACCESS_DHCP_LEASE }, { "expr", ACCESS_EXPR },
};

/* Apache has them, we do not, and why. */
static const struct {
	const char *name, *why;
} refused[] = {
	{ "file-owner", "use Require user" },
	{ "file-group", "use Require group" },
	{ "ldap-user", "LDAP is not supported" },
	{ "ldap-group", "LDAP is not supported" },
	{ "ldap-dn", "LDAP is not supported" },
	{ "ldap-attribute", "LDAP is not supported" },
	{ "ldap-filter", "LDAP is not supported" },
	{ "dbm-group", "databases are not supported" },
	{ "dbd-group", "databases are not supported" },
	{ "ssl", "TLS is not served here" },
	{ "ssl-verify-client", "TLS is not served here" },
};

/*
 * "all granted" and "all denied".
 */
static struct access_node *
require_all(struct confbuild *b, const struct conf_words *args, unsigned i)
{
	if (i + 2 == args->n && str_ieq(args->v[i + 1], STR("granted")))
		return node_new(b, ACCESS_GRANTED);
	if (i + 2 == args->n && str_ieq(args->v[i + 1], STR("denied")))
		return node_new(b, ACCESS_DENIED);
	conf_error(b, "Argument for 'Require all' must be 'granted' or "
	    "'denied'");
	return NULL;
}

/*
 * What stands behind "Require expr", not split into words; quotes around all
 * of it do not belong to it.
 */
static const struct expr *
require_expr(struct confbuild *b, unsigned words)
{
	struct lex_vars vars = conf_vars(b);
	struct str text = b->raw, word;
	size_t from;

	for (unsigned i = 0; i < words; i++)
		(void)!lex_word(&text, &vars, b->a, &word);
	text = str_trim(text);
	from = b->raw.len - text.len;
	if (text.len > 1 && text.p[0] == '"' && text.p[text.len - 1] == '"') {
		text = str_sub(text, 1, text.len - 2);
		from++;
	}
	return confset_expr(b, text, (unsigned)(strlen(b->row->name) + 1 +
	    from), "expression in require line");
}

static struct access_node *
require_node(struct confbuild *b, const struct conf_words *args, unsigned i)
{
	struct str name = args->v[i];
	struct access_node *n;
	size_t k = 0;

	if (str_eq(name, STR("all")))
		return require_all(b, args, i);
	while (k < ARRAY_LEN(providers) &&
	    !str_eq(name, str_of(providers[k].name)))
		k++;
	if (k == ARRAY_LEN(providers)) {
		for (k = 0; k < ARRAY_LEN(refused); k++)
			if (str_eq(name, str_of(refused[k].name))) {
				conf_error(b, "Require %s is not supported: "
				    "%s", refused[k].name, refused[k].why);
				return NULL;
			}
		conf_error(b, "Unknown Authz provider: %.*s", STR_ARG(name));
		return NULL;
	}
	/* without words the others let nobody in, as they stand */
	if (providers[k].kind == ACCESS_IP && i + 1 == args->n) {
		conf_error(b, "'require ip' requires an argument");
		return NULL;
	}
	n = node_new(b, providers[k].kind);
	if (n == NULL)
		return NULL;
	if (n->kind == ACCESS_IP)
		require_nets(b, n, args, i + 1);
	else if (n->kind == ACCESS_METHOD)
		n->methods = confset_methods(b, args, i + 1);
	else if (n->kind == ACCESS_EXPR)
		n->expr = require_expr(b, i + 1);
	else
		for (i++; i < args->n; i++)
			confset_add_word(b, &n->words,
			    confset_copy(b, args->v[i]));
	if (n->kind == ACCESS_HOST && b->conf != NULL)
		b->conf->needs_names = true;
	return n;
}

static void
set_require(struct confbuild *b, const struct conf_words *args)
{
	bool is_not = str_ieq(args->v[0], STR("not"));
	struct access_node *to, *n;

	if (is_not && args->n == 1) {
		conf_error(b, "Unknown Authz provider: ");
		return;
	}
	n = require_node(b, args, is_not ? 1 : 0);
	if (n == NULL || (to = container(b)) == NULL)
		return;
	n->is_not = is_not;
	if (is_not && to->kind != ACCESS_ALL) {
		conf_error(b, "negative Require directive has no effect in "
		    "%s directive", to->kind == ACCESS_NONE ?
		    "<RequireNone>" : "<RequireAny>");
		return;
	}
	node_add(b, to, n);
}

void
confacc_container(struct confbuild *b, struct lex *lex, struct str args)
{
	const struct dirtab_row *row = b->row;
	struct access_node *outer = b->container, *n, *to;
	struct str name = str_of(row->name);
	struct diag_pos opened = b->pos;
	bool is_positive = false;
	size_t end = str_rchr(args, '>');

	/* the peer does not miss the '>' here */
	if (str_trim(str_sub(args, 0, end)).len > 0 && end != STR_NONE)
		conf_error(b, "%s> directive doesn't take additional "
		    "arguments", row->name);
	n = node_new(b, str_eq(name, STR("<RequireAll")) ? ACCESS_ALL :
	    str_eq(name, STR("<RequireAny")) ? ACCESS_ANY : ACCESS_NONE);
	to = container(b);
	if (n == NULL || to == NULL)
		return;
	b->container = n;
	conf_body(b, lex, row);
	b->container = outer;
	if (b->is_broken)
		return;
	b->pos = opened;
	for (unsigned i = 0; i < n->kids_n; i++)
		if (!n->kids[i]->is_not && n->kids[i]->kind != ACCESS_NONE)
			is_positive = true;
	if (!is_positive) {
		conf_error(b, "%s> directive contains %s authorization "
		    "directives", row->name, n->kids_n == 0 ? "no" :
		    "only negative");
		return;
	}
	if (n->kind == ACCESS_NONE && to->kind != ACCESS_ALL) {
		conf_error(b, "<RequireNone> directive has no effect in %s "
		    "directive", to->kind == ACCESS_NONE ? "<RequireNone>" :
		    "<RequireAny>");
		return;
	}
	node_add(b, to, n);
	confset_mark(b, DIRTAB_F_ACCESS);
}

/* ---- Order, Allow, Deny, Satisfy ---- */

static struct access_compat *
compat(struct confbuild *b)
{
	struct access_compat *c;

	if (b->dir->compat != NULL)
		return (struct access_compat *)(uintptr_t)b->dir->compat;
	c = ARENA_NEW(b->a, struct access_compat);
	if (c == NULL)
		conf_full(b);
	b->dir->compat = c;
	return c;
}

static void
set_order(struct confbuild *b, struct str word)
{
	struct access_compat *c = compat(b);

	if (c == NULL)
		return;
	c->order_allow_deny &= ~b->limit;
	c->order_mutual &= ~b->limit;
	if (str_ieq(word, STR("allow,deny")))
		c->order_allow_deny |= b->limit;
	else if (str_ieq(word, STR("mutual-failure")))
		c->order_mutual |= b->limit;
	else if (!str_ieq(word, STR("deny,allow")))
		conf_error(b, "unknown order");
}

/* digits and dots: no host is called like that */
static bool
is_numeric(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '.' && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
	return true;
}

static void
set_allow(struct confbuild *b, const struct conf_words *args)
{
	bool is_allow = str_eq(str_of(b->row->name), STR("Allow"));
	struct access_compat *c = compat(b);
	struct access_entries *list;

	if (c == NULL)
		return;
	list = is_allow ? &c->allow : &c->deny;
	if (!str_ieq(args->v[0], STR("from"))) {
		conf_error(b, "%s must be followed by 'from'",
		    is_allow ? "allow" : "deny");
		return;
	}
	for (unsigned i = 1; i < args->n; i++) {
		struct str w = args->v[i];
		struct access_entry *e = confset_add(b,
		    (const void **)(void *)&list->v, &list->n, sizeof(*e));

		if (e == NULL)
			return;
		e->limit = b->limit;
		if (str_ieq(w, STR("all")))
			e->who = ACCESS_WHO_ALL;
		else if (str_istarts(w, STR("env="))) {
			e->who = ACCESS_WHO_ENV;
			w = str_sub(w, 4, w.len);
			e->is_not = w.len > 0 && w.p[0] == '!';
			e->name = confset_copy(b, e->is_not ?
			    str_sub(w, 1, w.len) : w);
		} else if (addr_parse_net(w, &e->net))
			e->who = ACCESS_WHO_NET;
		else if (str_chr(w, '/') != STR_NONE)
			conf_error(b, "'%.*s' is no address or network",
			    STR_ARG(w));
		else if (is_numeric(w))
			conf_error(b, "The specified IP address is invalid.");
		else {
			e->who = ACCESS_WHO_HOST;
			e->name = confset_copy(b, w);
			if (b->conf != NULL)
				b->conf->needs_names = true;
		}
	}
}

static void
set_satisfy(struct confbuild *b, struct str word)
{
	struct access_compat *c = compat(b);

	if (c == NULL)
		return;
	if (str_ieq(word, STR("any")))
		c->satisfy_any |= b->limit;
	else if (str_ieq(word, STR("all")))
		c->satisfy_any &= ~b->limit;
	else
		conf_error(b, "Satisfy either 'any' or 'all'.");
}

static void
set_auth_type(struct confbuild *b, struct str word)
{
	if (str_ieq(word, STR("None")))
		b->dir->auth_type = CONF_AUTH_NONE;
	else if (str_ieq(word, STR("Basic")))
		b->dir->auth_type = CONF_AUTH_BASIC;
	else
		conf_error(b, "AuthType %.*s is not supported; use Basic",
		    STR_ARG(word));
}

static void
set_providers(struct confbuild *b, const struct conf_words *args)
{
	for (unsigned i = 0; i < args->n; i++)
		if (!str_eq(args->v[i], STR("file")))
			conf_error(b, "Unknown Authn provider: %.*s; only "
			    "\"file\" is supported", STR_ARG(args->v[i]));
}

bool
confacc_set(struct confbuild *b, const struct conf_words *args)
{
	bool on;

	switch (b->row->kind) {
	case DIRTAB_K_REQUIRE:
		set_require(b, args);
		break;
	case DIRTAB_K_ORDER:
		set_order(b, args->v[0]);
		break;
	case DIRTAB_K_ALLOW:
		set_allow(b, args);
		break;
	case DIRTAB_K_SATISFY:
		set_satisfy(b, args->v[0]);
		break;
	case DIRTAB_K_AUTHTYPE:
		set_auth_type(b, args->v[0]);
		break;
	case DIRTAB_K_PROVIDER:
		set_providers(b, args);
		break;
	case DIRTAB_K_AUTHORITATIVE:
		if (confset_bool(b, args->v[0], &on) && !on)
			conf_error(b, "%s Off is not supported: there is no "
			    "other provider to ask", b->row->name);
		break;
	default:
		return false;
	}
	return true;
}
