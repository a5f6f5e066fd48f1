/* SPDX-License-Identifier: ISC */
/*
 * listen - the sockets that connections come in on.
 *
 * Each Listen line has one socket per worker where the kernel can share a port
 * between sockets (so that the kernel spreads the connections), or one socket
 * for all of them: inherited ones always, and on old kernels.
 */
#ifndef HTTPD_LISTEN_H
#define HTTPD_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/net.h"
#include "httpd/conf.h"

#define LISTEN_MAX 64		/* Listen lines */
#define LISTEN_WORKERS_MAX 64

struct listen_sock {
	struct addr addr;
	uint16_t port;
	unsigned fds_n;		/* 1, or one per worker */
	bool is_inherited;
	int fds[LISTEN_WORKERS_MAX];
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
 * workers  how many processes will serve
 * ret_bad  on failure: the line that could not be bound
 *
 * 0 or -errno: -EADDRINUSE, -ESRCH (socket activation without this port), ..
 * On failure nothing of old was touched.
 */
int listen_open(struct listen *l, const struct conf *conf,
    const struct listen *old, unsigned workers,
    const struct conf_listen **ret_bad) MUST_CHECK;

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

/*
 * listen_for_worker - the descriptors of one worker.
 *
 * fds      room for LISTEN_MAX
 *
 * Their number.
 */
unsigned listen_for_worker(const struct listen *l, unsigned worker, int *fds);

#endif
