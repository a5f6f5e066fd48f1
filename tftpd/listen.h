/* SPDX-License-Identifier: ISC */
/*
 * listen - the sockets that requests come to.
 *
 * Bound here (-l, -L with -a), or inherited: descriptor 0 from inetd, xinetd
 * and systemd's StandardInput=socket, descriptors 3 and up from systemd.
 */
#ifndef TFTPD_LISTEN_H
#define TFTPD_LISTEN_H

#include "common/cc.h"
#include "tftpd/args.h"
#include "tftpd/srv.h"

struct listen {
	int fds[SRV_LISTENERS_MAX];
	unsigned fds_n;
};

/*
 * listen_bind - sockets for -l and -L.
 *
 * 0, or the exit status; the reason has then been logged.
 */
int listen_bind(struct listen *listen, const struct args *args) MUST_CHECK;

/*
 * listen_inherit - sockets from a super-server.
 *
 * 0, or the exit status; the reason has then been logged.
 */
int listen_inherit(struct listen *listen) MUST_CHECK;

#endif
