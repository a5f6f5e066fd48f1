/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ENV_H
#define HTTPD_ENV_H

/*
 * env - the variables of one request (SetEnv, SetEnvIf, scripts' own).
 *
 * A bounded list; setting a name again replaces it.  Names and values are
 * borrowed slices.
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/cc.h"
#include "common/str.h"

#define ENV_MAX		64	/* variables of one request */

struct env_var {
	struct str name, value;
};

struct env {
	struct env_var v[ENV_MAX];
	unsigned n;
	bool is_full;		/* one more was set than there is room for */
};

/*
 * env_init - no variables.
 */
void env_init(struct env *e);

/*
 * env_set - give a variable a value; false when the list is full.
 */
bool env_set(struct env *e, struct str name, struct str value);

/*
 * env_unset - forget a variable.
 */
void env_unset(struct env *e, struct str name);

/*
 * env_get - a variable's value; p NULL when it is not set.
 */
struct str env_get(const struct env *e, struct str name);

/*
 * env_has - whether a variable is set (to anything).
 */
bool env_has(const struct env *e, struct str name);

#endif
