/* SPDX-License-Identifier: ISC */
/*
 * env - variables of one request, a bounded list searched in order.
 *
 * A request rarely has more than five, so a linear search is the fastest.
 * Names are compared with case, as in the environment of a process.
 */

#include "httpd/env.h"

void
env_init(struct env *e)
{
	e->n = 0;
	e->is_full = false;
}

static struct env_var *
env_find(struct env *e, struct str name)
{
	for (unsigned i = 0; i < e->n; i++)
		if (str_eq(e->v[i].name, name))
			return &e->v[i];
	return NULL;
}

bool
env_set(struct env *e, struct str name, struct str value)
{
	struct env_var *v = env_find(e, name);

	if (v == NULL) {
		if (e->n == ENV_MAX) {
			e->is_full = true;
			return false;
		}
		v = &e->v[e->n++];
		v->name = name;
	}
	v->value = value.p != NULL ? value : STR("");
	return true;
}

void
env_unset(struct env *e, struct str name)
{
	struct env_var *v = env_find(e, name);

	if (v == NULL)
		return;
	for (e->n--; v < e->v + e->n; v++)
		v[0] = v[1];
}

struct str
env_get(const struct env *e, struct str name)
{
	for (unsigned i = 0; i < e->n; i++)
		if (str_eq(e->v[i].name, name))
			return e->v[i].value;
	return str_of(NULL);
}

bool
env_has(const struct env *e, struct str name)
{
	return env_get(e, name).p != NULL;
}
