/* SPDX-License-Identifier: ISC */
/*
 * dirpage - directory pages, built once and kept until the directory changes.
 *
 * A page belongs to a directory, a configuration, a query and a client (what an
 * entry's access rules say depends on who asks).  inotify tells of every change
 * in a directory whose page is kept; where there is no watch to be had the page
 * is kept for a second only.
 */
#ifndef HTTPD_DIRPAGE_H
#define HTTPD_DIRPAGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "httpd/conn.h"

/*
 * dirpage_init - start watching; without inotify pages are short-lived.
 *
 * 0 or -ENOMEM.
 */
int dirpage_init(struct worker *w) MUST_CHECK;

/*
 * dirpage_get - the page for x->route, which is a ROUTE_LIST plan.
 *
 * signature   "<address>..</address>" or empty
 * ret_len     bytes of HTML at *ret
 *
 * 0 and a reference in x->page, or -errno: the directory cannot be read.
 */
int dirpage_get(struct xact *x, struct str signature, const uint8_t **ret,
    size_t *ret_len) MUST_CHECK;

/*
 * dirpage_put - give a reference back.
 */
void dirpage_put(struct worker *w, struct dirpage *page);

#endif
