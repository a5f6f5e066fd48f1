/* SPDX-License-Identifier: ISC */
/*
 * scope.h - which statements count for a reply, and in which order they run.
 *
 * Outermost scope, shared network, subnet, pool, classes (the last matching
 * one first, so that the one declared first wins), groups of the host from
 * outside in, the host.  Later ones override.
 */
#ifndef DHCPD_SCOPE_H
#define DHCPD_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/cc.h"
#include "dhcpd/classify.h"
#include "dhcpd/conf.h"
#include "dhcpd/expr.h"

/* Where a reply stands.  Any pointer but classes may be NULL.  Turn. */
struct scope_path {
	const struct conf_scope *subnet;	/* or network, when no subnet */
	const struct conf_scope *pool;
	const struct classify *classes;		/* read last: statements add some */
	const struct conf_scope *host;
};

/*
 * scope_run - execute all statements of a path, each list once.
 *
 * A list that stands above two items of the path runs with the outer one.
 * False when log(fatal) was executed: the server must end.
 */
bool scope_run(const struct scope_path *path, struct expr_env *env) MUST_CHECK;

#endif
