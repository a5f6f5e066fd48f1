/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_RULE_H
#define HTTPD_RULE_H

/*
 * rule - the compiled form of directives that act on each request in turn:
 * SetEnv and its kin, SetEnvIf, Header, RequestHeader, Expires.
 *
 * One structure for all, because levels are merged by joining lists of them;
 * op says which members count.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"

#include "httpd/conf.h"
#include "httpd/re.h"

enum rule_op {
	/* setenv: name, value */
	RULE_ENV_SET, RULE_ENV_UNSET,
	/* setenvif: attr (name, name_re), re, vars */
	RULE_SETENVIF,
	/* headers: name, value, repl, re, always, env */
	RULE_SET, RULE_SETIFEMPTY, RULE_APPEND, RULE_MERGE, RULE_ADD,
	RULE_UNSET, RULE_ECHO, RULE_EDIT, RULE_EDIT_ALL, RULE_NOTE,
	/* expires: name = media type or empty, secs, from_mtime */
	RULE_EXPIRES,
};

/* What SetEnvIf looks at. */
enum rule_attr {
	RULE_HEADER,		/* name, or all that match name_re */
	RULE_URI, RULE_METHOD, RULE_PROTOCOL, RULE_ADDR, RULE_HOST,
	RULE_SERVER_ADDR, RULE_MAC,
	RULE_VAR,		/* not a header in the request: variable */
};

struct conf_rule {
	uint8_t op;		/* rule_op */
	uint8_t attr;		/* rule_attr */
	bool always;		/* Header always */
	bool early;
	bool env_not;
	bool from_mtime;	/* M.. instead of A.. */
	struct str env;		/* env=: only when set */
	struct str name, value, repl;
	const struct re *re, *name_re;
	struct conf_words vars;	/* "name", "name=value", "!name" */
	int64_t secs;
};

#endif
