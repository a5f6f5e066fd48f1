/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_EXPR_H
#define HTTPD_EXPR_H

/*
 * expr - the expressions of <If> and Require expr, as far as an installation
 * server needs them.
 *
 * %{VARIABLE}, req('Name') and its kin, string and integer comparison, =~ and
 * !~, -strmatch -strcmatch -fnmatch -ipmatch, -n -z -T -R, in { .. }, && || !
 * (and, or, not), parentheses, true, false.
 * Anything else, and a variable that is not below, is refused when the
 * configuration is read.
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

/* What a word may stand for. */
enum expr_var {
	EXPR_FIELD,		/* of the request, by name */
	EXPR_ENV,		/* environment variable, by name */
	EXPR_AUTH_TYPE, EXPR_CONN_REMOTE_ADDR, EXPR_CONTEXT_DOCUMENT_ROOT,
	EXPR_CONTEXT_PREFIX, EXPR_DOCUMENT_ROOT, EXPR_HTTPS, EXPR_IPV6,
	EXPR_PATH_INFO, EXPR_QUERY_STRING, EXPR_REMOTE_ADDR, EXPR_REMOTE_PORT,
	EXPR_REMOTE_USER, EXPR_REQUEST_FILENAME, EXPR_REQUEST_METHOD,
	EXPR_REQUEST_SCHEME, EXPR_REQUEST_URI, EXPR_SERVER_ADMIN,
	EXPR_SERVER_NAME, EXPR_SERVER_PORT, EXPR_SERVER_PROTOCOL,
	EXPR_THE_REQUEST,
	/* local time, with as many digits as its longest value */
	EXPR_TIME, EXPR_TIME_YEAR, EXPR_TIME_MON, EXPR_TIME_DAY,
	EXPR_TIME_HOUR, EXPR_TIME_MIN, EXPR_TIME_SEC, EXPR_TIME_WDAY,
};

/* Where an expression gets its values. */
struct expr_in {
	/* Empty when there is none; name is for EXPR_FIELD and EXPR_ENV. */
	struct str (*get)(void *ctx, enum expr_var var, struct str name);
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
