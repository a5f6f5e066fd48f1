/* SPDX-License-Identifier: ISC */
/*
 * conf - one generation: reading it, and finding things in it.
 *
 * Lookups are a hash and a comparison; a subnet takes one hash for each distinct
 * netmask, a range a binary search.
 */
#include "dhcpd/conf.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "common/src.h"
#include "dhcpd/confbuild.h"
#include "dhcpd/conffail.h"
#include "dhcpd/confparse.h"
#include "dhcpd/confstart.h"
#include "dhcpd/exprparse.h"
#include "dhcpd/opttab.h"
#include "dhcpd/stmtparse.h"

/* A node of the default statements: an option of a space by its code. */
static struct expr *
option_node(struct parse *p, enum tree_op op, enum optspace_id space, uint32_t code)
{
	struct expr *e = exprparse_node(p, op, NULL, NULL);

	if (e)
		e->def = optspace_builtin(space, code);
	return e;
}

static void
preset(struct parse *p, struct confbuild_block *root, uint32_t code, const struct expr *e)
{
	struct stmt *s = PARSE_NEW(p, struct stmt);

	if (!s || !e)
		return;
	s->op = TREE_S_SUPERSEDE;
	s->def = optspace_builtin(OPTSPACE_SERVER, code);
	s->expr = e;
	confbuild_add(p, root, s);
}

/* What stands in the outermost scope before the first line of the file. */
static void
presets(struct parse *p, struct confbuild_block *root)
{
	struct expr *names[3], *cell = NULL;

	names[0] = option_node(p, TREE_OPTION, OPTSPACE_FQDN, OPTTAB_FQDN_HOSTNAME);
	names[1] = option_node(p, TREE_OPTION, OPTSPACE_DHCP, OPTTAB_HOST_NAME);
	names[2] = option_node(p, TREE_CONFIG_OPTION, OPTSPACE_DHCP, OPTTAB_HOST_NAME);
	for (int i = 3; i-- > 0;)
		cell = exprparse_node(p, TREE_PICK, names[i], cell);
	preset(p, root, OPTTAB_S_DDNS_HOSTNAME, cell);
	preset(p, root, OPTTAB_S_DDNS_DOMAINNAME,
	    option_node(p, TREE_CONFIG_OPTION, OPTSPACE_DHCP, OPTTAB_DOMAIN_NAME));
	preset(p, root, OPTTAB_S_DDNS_REV_DOMAINNAME,
	    exprparse_const(p, STR("in-addr.arpa.")));
}

static void
cannot_open(struct msgs *msgs, struct str path, int error)
{
	msgs_add(msgs, LOG_ERR, error == -EISDIR ? "Can't read in %.*s: %s" :
	    "Can't open %.*s: %s", STR_ARG(path), strerror(-error));
}

enum conf_result
conf_load(struct conf *conf, struct arena *arena, const struct conf_load_opts *opts,
    struct msgs *msgs)
{
	struct confbuild_block root;
	struct build build;
	struct parse p;
	struct lex lex;
	struct str text = { NULL, 0 };
	bool is_good;
	int error;

	memset(conf, 0, sizeof(*conf));
	memset(&build, 0, sizeof(build));
	memset(&p, 0, sizeof(p));
	conf->arena = arena;
	conf->is_v6 = opts->is_v6;
	conf->seed = opts->seed;
	conf->index = ARENA_NEW(arena, struct conf_index);
	if (!conf->index || !optspace_init(&conf->u, arena)) {
		msgs_add(msgs, LOG_ERR, "Memory overflow.");
		return CONF_BAD;
	}
	error = opts->loader->load(opts->loader->ctx, opts->path, &text);
	if (error) {
		cannot_open(msgs, opts->path, error);
		return CONF_BAD;
	}
	lex_init(&lex, opts->path, text, arena, msgs);
	build.loader = opts->loader;
	p.lex = &lex;
	p.arena = arena;
	p.conf = conf;
	p.build = &build;
	confbuild_open(&root, CONFBUILD_ROOT, NULL);
	conf->root = confbuild_scope(&p, &root);
	presets(&p, &root);
	is_good = conf->root && confparse_file(&p, &root);
	if (arena->full)
		lex_fatal(&lex, "Memory overflow.");
	opts->loader->leave(opts->loader->ctx);
	if (!is_good || lex.is_dead) {
		if (!lex.is_dead)
			msgs_add(msgs, LOG_ERR,
			    "Configuration file errors encountered -- exiting");
		return CONF_BAD;
	}
	conf->root->is_authoritative = root.is_authoritative;
	return CONF_OK;
}

enum conf_result
conf_start(struct conf *conf, struct expr_env *env, struct msgs *msgs)
{
	return confstart_run(conf, env, msgs);
}

void
conf_free(struct conf *conf)
{
	for (struct tree_regex *r = conf->regexes; r; r = r->next)
		regfree(&r->re);
	conf->regexes = NULL;
}

bool
conf_check_failover(const struct conf *conf, struct msgs *msgs)
{
	if (conf->globals.dont_use_fsync)
		msgs_add(msgs, LOG_ERR, "Not using fsync() to flush lease writes");
	if (conf->globals.server_id_check)
		msgs_add(msgs, LOG_INFO, "Setting server-id-check true");
	return conffail_check(conf, msgs);
}

struct conf_subnet *
conf_subnet_find(const struct conf *conf, uint32_t addr)
{
	const struct conf_index *x = conf->index;

	for (uint32_t i = 0; i < x->mask_n; i++) {
		uint32_t key[2] = { addr & x->masks[i], x->masks[i] };
		struct confindex_at at = confindex_start(&x->subnet,
		    confindex_hash(conf->seed, key, sizeof(key)));
		uint32_t id;

		while ((id = confindex_next(&x->subnet, &at)) != CONFINDEX_NONE)
			if (conf->subnets[id]->net == key[0] && conf->subnets[id]->mask == key[1])
				return conf->subnets[id];
	}
	return NULL;
}

struct conf_subnet *
conf_subnet_in(const struct conf_network *network, uint32_t addr)
{
	struct conf_subnet *best = NULL;

	for (struct conf_subnet *s = network->subnets; s; s = s->next)
		if ((addr & s->mask) == s->net && (!best || s->mask > best->mask))
			best = s;
	return best;
}

struct conf_range *
conf_range_find(const struct conf *conf, uint32_t addr)
{
	const struct conf_index *x = conf->index;
	uint32_t low = 0, high = x->range_n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (x->ranges[middle]->high < addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < x->range_n && x->ranges[low]->low <= addr ? x->ranges[low] : NULL;
}

struct conf_host *
conf_host_by_hw(const struct conf *conf, struct str hw)
{
	const struct confindex_table *t = &conf->index->host_hw;
	struct confindex_at at = confindex_start(t, confindex_hash(conf->seed, hw.p, hw.len));
	uint32_t id;

	while ((id = confindex_next(t, &at)) != CONFINDEX_NONE)
		if (str_eq(str_make(conf->hosts[id]->hw, conf->hosts[id]->hw_len), hw))
			return conf->hosts[id];
	return NULL;
}

struct conf_host *
conf_host_next_hw(const struct conf *conf, const struct conf_host *host)
{
	return host->next_by_hw ? conf->hosts[host->next_by_hw - 1] : NULL;
}

struct conf_host *
conf_host_by_uid(const struct conf *conf, struct str uid)
{
	const struct confindex_table *t = &conf->index->host_uid;
	struct confindex_at at = confindex_start(t, confindex_hash(conf->seed, uid.p, uid.len));
	uint32_t id;

	while ((id = confindex_next(t, &at)) != CONFINDEX_NONE)
		if (str_eq(conf->hosts[id]->uid, uid))
			return conf->hosts[id];
	return NULL;
}

struct conf_host *
conf_host_next_uid(const struct conf *conf, const struct conf_host *host)
{
	return host->next_by_uid ? conf->hosts[host->next_by_uid - 1] : NULL;
}

struct conf_host *
conf_host_by_name(const struct conf *conf, struct str name)
{
	const struct confindex_table *t = &conf->index->host_name;
	struct confindex_at at = confindex_start(t, confindex_hash_name(conf->seed, name));
	uint32_t id;

	while ((id = confindex_next(t, &at)) != CONFINDEX_NONE)
		if (str_ieq(conf->hosts[id]->name, name))
			return conf->hosts[id];
	return NULL;
}

struct conf_host *
conf_host_by_id(const struct conf *conf, const struct conf_host_id_kind *kind,
    struct str value)
{
	const struct conf_index *x = conf->index;
	struct confindex_at at = confindex_start(&x->host_id,
	    confindex_hash(conf->seed, value.p, value.len));
	uint32_t i;

	while ((i = confindex_next(&x->host_id, &at)) != CONFINDEX_NONE) {
		const struct conf_host_id *id = x->host_ids[i];

		if (id->def == kind->def && id->relay == kind->relay && str_eq(id->value, value))
			return id->host;
	}
	return NULL;
}

static bool
has_fixed(const struct conf_host *host, uint32_t addr)
{
	for (uint16_t i = 0; i < host->fixed_n; i++)
		if (!host->fixed[i].name.len && host->fixed[i].addr == addr)
			return true;
	return false;
}

struct conf_host *
conf_host_by_fixed(const struct conf *conf, uint32_t addr)
{
	const struct confindex_table *t = &conf->index->host_fixed;
	struct confindex_at at = confindex_start(t,
	    confindex_hash(conf->seed, &addr, sizeof(addr)));
	uint32_t id;

	while ((id = confindex_next(t, &at)) != CONFINDEX_NONE)
		if (has_fixed(conf->hosts[id], addr))
			return conf->hosts[id];
	return NULL;
}

struct conf_class *
conf_class_by_name(const struct conf *conf, struct str name)
{
	const struct confindex_table *t = &conf->index->class_name;
	struct confindex_at at = confindex_start(t,
	    confindex_hash(conf->seed, name.p, name.len));
	uint32_t id;

	while ((id = confindex_next(t, &at)) != CONFINDEX_NONE)
		if (str_eq(conf->classes[id]->name, name))
			return conf->classes[id];
	return NULL;
}

struct conf_class *
conf_subclass_find(const struct conf *conf, const struct conf_class *super, struct str data)
{
	const struct conf_index *x = conf->index;
	struct confindex_at at = confindex_start(&x->subclass,
	    confindex_hash(conf->seed + super->class_i, data.p, data.len));
	uint32_t id;

	while ((id = confindex_next(&x->subclass, &at)) != CONFINDEX_NONE)
		if (x->subclasses[id]->super == super && str_eq(x->subclasses[id]->data, data))
			return x->subclasses[id];
	return NULL;
}

struct conf_class *
conf_subclass_put(struct conf *conf, struct conf_class *super, struct str data)
{
	struct conf_class *c = conf_subclass_find(conf, super, data);

	if (c)
		return c;
	c = ARENA_NEW(conf->arena, struct conf_class);
	if (!c || !arena_str(conf->arena, data, &c->data))
		return NULL;
	c->name = super->name;
	c->super = super;
	c->scope = super->scope;
	c->lease_limit = super->lease_limit;
	return confbuild_subclass(conf, c) ? c : NULL;
}

const struct conf_class *
conf_subclass_at(const struct conf *conf, uint32_t i)
{
	ASSERT(i < conf->subclass_n);
	return conf->index->subclasses[i];
}

struct conf_group *
conf_group_by_name(const struct conf *conf, struct str name)
{
	const struct conf_index *x = conf->index;
	struct confindex_at at = confindex_start(&x->group_name,
	    confindex_hash_name(conf->seed, name));
	struct conf_group *found = NULL;
	uint32_t id;

	while ((id = confindex_next(&x->group_name, &at)) != CONFINDEX_NONE)
		if (str_ieq(x->groups[id]->name, name))
			found = x->groups[id];	/* the latest one counts */
	return found;
}

/* A parser over text kept in a leases file. */
static void
text_parser(struct parse *p, struct lex *lex, struct conf *conf, struct str name,
    struct str text, struct arena *arena, struct msgs *msgs)
{
	memset(p, 0, sizeof(*p));
	lex_init(lex, name, text, arena, msgs);
	p->lex = lex;
	p->arena = arena;
	p->conf = conf;
}

/* Includes do not occur in a leases file. */
static int
no_include(void *ctx, struct str path, struct str *ret_text)
{
	(void)ctx;
	(void)path;
	(void)ret_text;
	return -EACCES;
}

bool
conf_decl_parse(struct conf *conf, struct str name, struct str text, struct msgs *msgs)
{
	struct src_loader loader = { NULL, no_include, NULL };
	struct confbuild_block root;
	struct build build;
	struct parse p;
	struct lex lex;

	memset(&build, 0, sizeof(build));
	build.loader = &loader;
	text_parser(&p, &lex, conf, name, text, conf->arena, msgs);
	p.build = &build;
	confbuild_open(&root, CONFBUILD_GROUP, NULL);
	root.scope = conf->root;
	root.end = (struct stmt **)(uintptr_t)&conf->root->first;
	while (*root.end)
		root.end = &(*root.end)->next;
	return confparse_file(&p, &root);
}

bool
conf_stmts_parse(struct conf *conf, struct str text, struct arena *arena,
    const struct stmt **ret)
{
	struct msgs msgs;
	struct stmt *list;
	struct parse p;
	struct lex lex;

	msgs_init(&msgs, arena);
	text_parser(&p, &lex, conf, STR("leases"), text, arena, &msgs);
	p.is_kept = p.is_turn = true;
	if (!stmtparse_list(&p, STMTPARSE_NO_LABELS, &list) || lex.has_errors ||
	    lex_peek(&lex, NULL) != LEX_EOF)
		return false;
	*ret = list;
	return true;
}

bool
conf_value_parse(struct conf *conf, struct str text, struct arena *arena, struct str *ret)
{
	const struct stmt *list;

	if (!conf_stmts_parse(conf, text, arena, &list) || !list || !list->expr ||
	    list->expr->op != TREE_CONST)
		return false;
	*ret = list->expr->data;
	return true;
}
