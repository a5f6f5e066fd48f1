/* SPDX-License-Identifier: ISC */
/*
 * scope.c - run the statements that apply to one reply.
 *
 * Owns the order of scopes and nothing else: what a statement does is for
 * stmt.c.  Depth is bounded by CONF_DEPTH_MAX, which the parser enforces.
 */
#include "dhcpd/scope.h"

#include "dhcpd/stmt.h"

/* Is inner the same as outer, or somewhere inside it? */
static bool
scope_is_within(const struct conf_scope *inner, const struct conf_scope *outer)
{
	for (; inner != NULL; inner = inner->parent)
		if (inner == outer)
			return true;
	return false;
}

/*
 * Run a scope and what it inherits from, outermost first, but nothing that
 * done, or a scope around done, has run already.
 */
static void
scope_run_chain(const struct conf_scope *scope, const struct conf_scope *done,
    struct expr_env *env)
{
	const struct conf_scope *chain[CONF_DEPTH_MAX];
	size_t n;

	for (n = 0; scope != NULL && n < ARRAY_LEN(chain);
	    scope = scope->parent) {
		if (done != NULL && scope_is_within(done, scope))
			break;
		chain[n++] = scope;
	}
	while (n > 0 && !env->log->is_fatal) {
		n--;
		/* A break ends its own list only. */
		if (chain[n]->first != NULL)
			(void)stmt_run(chain[n]->first, env);
	}
}

bool
scope_run(const struct scope_path *path, struct expr_env *env)
{
	const struct conf_scope *done;

	scope_run_chain(path->subnet, NULL, env);
	done = path->subnet;
	if (path->pool != NULL) {
		scope_run_chain(path->pool, done, env);
		done = path->pool;
	}
	for (size_t i = path->classes->n; i > 0; i--)
		scope_run_chain(path->classes->class[i - 1]->scope, done, env);
	if (path->host != NULL)
		scope_run_chain(path->host, done, env);
	return !env->log->is_fatal;
}
