/* SPDX-License-Identifier: ISC */
/*
 * stmt.h - statements: execution and their printed normal form.
 *
 * A statement list is a chain in the generation arena.  Running it changes the
 * optset env->out, the variables env->vars and calls env->ops; nothing else.
 */
#ifndef DHCPD_STMT_H
#define DHCPD_STMT_H

#include <stdbool.h>

#include "common/wr.h"
#include "dhcpd/expr.h"

struct stmt;

/*
 * stmt_run - execute a list in order.
 *
 * False when a break or return ended it early, or log(fatal) was executed (then
 * the last line of env->log says so).
 */
bool stmt_run(const struct stmt *list, struct expr_env *env);

/*
 * stmt_print - a list in the peer's normal form, as it stands in a leases file.
 *
 * indent  columns before each statement
 *
 * Starts each statement with a newline and the indentation, as the peer does:
 * "on expiry {" + stmt_print(.., 4) + "\n  }".
 */
void stmt_print(struct wr *w, const struct stmt *list, int indent);

#endif
