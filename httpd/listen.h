/* SPDX-License-Identifier: ISC */
/*
 * listen - the sockets that connections come in on.
 *
 * Each Listen line has one, which all workers share (see seat.h): whichever of
 * them ends, no connection waits at a socket that nobody serves.
 */
#ifndef HTTPD_LISTEN_H
#define HTTPD_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/net.h"
#include "httpd/conf.h"

#define LISTEN_MAX 64		/* Listen lines */

struct listen_sock {
	struct addr addr;
	uint16_t port;
	bool is_inherited;
	int fd;
};

struct listen {
	struct listen_sock v[LISTEN_MAX];
	unsigned n;
};

/*
 * listen_open - sockets for every Listen line.
 *
 * old      those of the generation before: the same addresses are taken over;
 *          may be empty
 * ret_bad  on failure: the line that could not be bound
 *
 * 0 or -errno: -EADDRINUSE, -ESRCH (socket activation without this port), ..
 * On failure nothing of old was touched.
 */
int listen_open(struct listen *l, const struct conf *conf,
    const struct listen *old, const struct conf_listen **ret_bad) MUST_CHECK;

/*
 * listen_inherit - take over what systemd or a super-server has bound.
 *
 * Entries get is_inherited.  Call it once, before listen_open.
 */
void listen_inherit(struct listen *l);

/*
 * listen_close_unused - close the sockets of old that l did not take over.
 */
void listen_close_unused(struct listen *old, const struct listen *l);

#endif
