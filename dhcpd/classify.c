/* SPDX-License-Identifier: ISC */
/*
 * classify.c - class membership, pool permits and lease limits.
 *
 * Owns the counts of leases per limited class.  The counts are rebuilt from
 * the leases whenever a configuration is loaded, so they can never drift from
 * the file.  Spawned subclasses live in the generation that spawned them.
 */
#include "dhcpd/classify.h"

#include <syslog.h>

#include "dhcpd/exprfn.h"

void
classify_add(struct classify *c, struct conf_class *class)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->class[i] == class)
			return;
	if (c->n == CLASSIFY_MAX) {
		c->lost_n++;
		return;
	}
	c->class[c->n++] = class;
}

static struct conf_class *
classify_spawn(struct conf *conf, struct conf_class *class, struct str data,
    struct expr_env *env)
{
	struct conf_class *sub;

	if (conf->spawned_n == CLASSIFY_SPAWN_MAX) {
		exprfn_log(env, LOG_ERR, "more than %d spawned classes",
		    CLASSIFY_SPAWN_MAX);
		return NULL;
	}
	sub = conf_subclass_put(conf, class, data);
	if (sub != NULL)
		conf->spawned_n++;
	return sub;
}

/* The class or subclass that a packet falls into, or NULL. */
static struct conf_class *
classify_match(struct conf *conf, struct conf_class *class,
    struct expr_env *env)
{
	struct conf_class *sub;
	struct str data;

	if (class->match_if != NULL &&
	    expr_bool(class->match_if, env) != EXPR_TRUE)
		return NULL;
	if (class->submatch == NULL)
		return class->match_if != NULL ? class : NULL;
	if (!expr_data(class->submatch, env, &data) || data.len == 0)
		return NULL;
	sub = conf_subclass_find(conf, class, data);
	if (sub == NULL && class->is_spawning)
		sub = classify_spawn(conf, class, data, env);
	return sub != NULL && !sub->is_deleted ? sub : NULL;
}

void
classify_run(struct classify *c, struct conf *conf, struct expr_env *env)
{
	struct conf_class *hit;

	for (uint32_t i = 0; i < conf->class_n; i++) {
		if (conf->classes[i]->is_deleted)
			continue;
		hit = classify_match(conf, conf->classes[i], env);
		if (hit != NULL)
			classify_add(c, hit);
	}
}

static bool
classify_is_member(const struct classify *c, const struct conf_class *class)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->class[i] == class || c->class[i]->super == class)
			return true;
	return false;
}

static bool
classify_permit_holds(const struct conf_permit *p,
    const struct classify_client *client)
{
	switch (p->kind) {
	case CONF_PERMIT_KNOWN:
		return client->is_known;
	case CONF_PERMIT_UNKNOWN:
		return !client->is_known;
	case CONF_PERMIT_AUTHENTICATED:
		return false;
	case CONF_PERMIT_UNAUTHENTICATED:
	case CONF_PERMIT_ALL:
		return true;
	case CONF_PERMIT_BOOTP:
		return client->is_bootp;
	case CONF_PERMIT_CLASS:
		return classify_is_member(client->classes, p->class);
	case CONF_PERMIT_AFTER:
		return client->now_s > p->after_s;
	}
	return false;
}

bool
classify_is_permitted(const struct conf_pool *pool,
    const struct classify_client *client)
{
	const struct conf_permit *p;

	for (p = pool->prohibits; p != NULL; p = p->next)
		if (classify_permit_holds(p, client))
			return false;
	if (pool->permits == NULL)
		return true;
	for (p = pool->permits; p != NULL; p = p->next)
		if (classify_permit_holds(p, client))
			return true;
	return false;
}

bool
classify_bill_init(struct classify_bill *bill, struct arena *arena)
{
	bill->n = 0;
	bill->max = CLASSIFY_BILL_MAX;
	bill->class = ARENA_ARRAY(arena, struct conf_class *, bill->max);
	bill->leases_n = ARENA_ARRAY(arena, uint32_t, bill->max);
	return bill->class != NULL && bill->leases_n != NULL;
}

uint32_t
classify_bill_id(struct classify_bill *bill, struct conf_class *class)
{
	if (class == NULL)
		return 0;
	if (class->billing_id_1 != 0)
		return class->billing_id_1;
	if (bill->n == bill->max)
		return 0;
	bill->class[bill->n++] = class;
	class->billing_id_1 = bill->n;
	return bill->n;
}

const struct conf_class *
classify_bill_class(const struct classify_bill *bill, uint32_t id)
{
	return id == 0 || id > bill->n ? NULL : bill->class[id - 1];
}

void
classify_bill_move(struct classify_bill *bill, uint32_t from, uint32_t to)
{
	if (from == to)
		return;
	if (from != 0 && from <= bill->n && bill->leases_n[from - 1] > 0)
		bill->leases_n[from - 1]--;
	if (to != 0 && to <= bill->n)
		bill->leases_n[to - 1]++;
}

bool
classify_bill_pick(struct classify_bill *bill, const struct classify *c,
    uint32_t present, struct conf_class **ret)
{
	struct conf_class *class, *full;
	uint32_t id;

	full = NULL;
	*ret = NULL;
	for (size_t i = 0; i < c->n; i++) {
		class = c->class[i];
		if (class->lease_limit == CONF_NO_LIMIT)
			continue;
		id = class->billing_id_1;
		if (id == 0 || id == present ||
		    bill->leases_n[id - 1] < class->lease_limit) {
			*ret = class;
			return true;
		}
		full = class;
	}
	*ret = full;
	return full == NULL;
}
