/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ROUTEMAP_H
#define HTTPD_ROUTEMAP_H

/*
 * routemap - from a URL path to a file name or a redirect.
 *
 * Used by route.c alone.
 */

#include <stdbool.h>

#include "common/cc.h"
#include "common/str.h"

#include "httpd/alias.h"
#include "httpd/walk.h"

#define ROUTE_DONE	1	/* a step has completed the plan */

struct routemap_file {
	struct str path;	/* file name, normalised */
	bool is_script;		/* by ScriptAlias */
};

/*
 * routemap_map - redirects of the host, aliases, user directories, document
 * root.
 *
 * 0 with ret, ROUTE_DONE for a redirect, or a status.
 */
MUST_CHECK unsigned routemap_map(struct walk *w, struct routemap_file *ret);

/*
 * routemap_redirects - the first of n Redirect rules that fits.
 *
 * 0 for none, ROUTE_DONE, or a status without URL (410 ..).
 */
MUST_CHECK unsigned routemap_redirects(struct walk *w,
    const struct conf_alias *const *rules, unsigned n);

/*
 * routemap_redirect - plan a redirect to a local path or to a URL.
 *
 * path, more  joined; percent-encoded when they are a path
 * query       appended after "?" when its p is not NULL
 */
MUST_CHECK unsigned routemap_redirect(struct walk *w, unsigned status,
    struct str path, struct str more, struct str query);

#endif
