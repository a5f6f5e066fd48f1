/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ROUTEACC_H
#define HTTPD_ROUTEACC_H

/*
 * routeacc - access control of a request.  Used by route.c alone.
 */

#include "common/cc.h"

#include "httpd/walk.h"

/*
 * routeacc_client - the client's address when a proxy tells it (RemoteIP).
 */
void routeacc_client(struct walk *w);

/*
 * routeacc_lease - whether dhcpd has leased that address, and to which MAC.
 *
 * Also sets the variable DHCP_MAC.  Nothing without DhcpLeases.
 */
void routeacc_lease(struct walk *w);

/*
 * routeacc_check - 0, 401 (realm set), 403 or 500.
 *
 * method  HEAD as GET
 */
MUST_CHECK unsigned routeacc_check(struct walk *w, unsigned method);

#endif
