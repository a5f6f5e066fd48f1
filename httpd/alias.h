/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ALIAS_H
#define HTTPD_ALIAS_H

/*
 * alias - Alias, AliasMatch, ScriptAlias, DhcpAlias and Redirect rules, and
 * how they are compared with a path.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#include "httpd/conf.h"
#include "httpd/re.h"

struct conf_alias {
	struct str from;	/* URL path */
	struct str to;		/* file, or URL */
	const struct re *re;	/* AliasMatch, RedirectMatch */
	const struct conf_section *sec;	/* the <Location> it stands in, or NULL */
	bool is_script;		/* ScriptAlias */
	bool is_mac;		/* DhcpAlias: %m, %d, %i in to */
	uint16_t status;	/* Redirect */
	struct conf_where where;
};

/*
 * alias_prefix - how much of a path an Alias or Redirect prefix covers.
 *
 * Whole segments only, and any number of slashes for one.  0: not at all.
 */
size_t alias_prefix(struct str path, struct str from);

/*
 * alias_mac - a DhcpAlias target for one machine.
 *
 * mac   lower case, with colons
 * ip    dotted
 *
 * %m is the MAC, %d the same with dashes, %i the address, %% a percent sign.
 * p NULL when the arena is full.
 */
struct str alias_mac(struct str to, struct str mac, struct str ip,
    struct arena *a);

#endif
