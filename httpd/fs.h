/* SPDX-License-Identifier: ISC */
/*
 * fs - the real file system and user database behind struct route_fs.
 */
#ifndef HTTPD_FS_H
#define HTTPD_FS_H

#include "httpd/names.h"
#include "httpd/route.h"

#define FS_READ_MAX (16u << 20)	/* largest password, group or leases file */

/*
 * fs_get - callbacks for route_plan that look at the real system.
 *
 * names    all zero at first; must live as long as the callbacks
 *
 * Tells the resolver not to wait long, unless RES_OPTIONS is set already.
 */
struct route_fs fs_get(struct names *names);

#endif
