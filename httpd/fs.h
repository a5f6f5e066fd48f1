/* SPDX-License-Identifier: ISC */
/*
 * fs - the real file system and user database behind struct route_fs.
 */
#ifndef HTTPD_FS_H
#define HTTPD_FS_H

#include "httpd/route.h"

#define FS_READ_MAX (4u << 20)	/* largest .htaccess, password or leases file */

/*
 * fs_get - callbacks for route_plan that look at the real system.
 */
struct route_fs fs_get(void);

#endif
