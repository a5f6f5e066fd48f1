/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_EXPR_H
#define HTTPD_EXPR_H

/*
 * expr - the expressions of <If>, as far as an installation server needs
 * them.
 *
 * %{VARIABLE}, req('Name') and its kin, string and integer comparison, =~ and
 * !~, -n -z -T -R -ipmatch, in { .. }, &&, ||, !, parentheses, true, false.
 * Anything else is refused when the configuration is read.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#include "httpd/re.h"

struct expr;

struct expr_error {
	const char *why;
	unsigned col;		/* 1 = first character */
};

/*
 * expr_compile - understand an expression.
 */
MUST_CHECK bool expr_compile(struct str text, struct arena *a,
    const struct expr **ret, struct expr_error *reterr);

/* Where an expression gets its values. */
struct expr_in {
	/* %{NAME}; space is 0 for a variable, 'h' for a request field, 'e'
	 * for an environment variable.  Empty when unknown. */
	struct str (*get)(void *ctx, char space, struct str name);
	/* Whether the client's address is in a network. */
	bool (*in_net)(void *ctx, struct str net);
	void *ctx;
};

/*
 * expr_eval - true or false for one request.
 */
bool expr_eval(const struct expr *e, const struct expr_in *in,
    struct re_scratch *re);

#endif
