/* SPDX-License-Identifier: ISC */
/*
 * keeper - the process that stays outside of the chroot.
 *
 * The server gives up root and cannot see the file system around its root
 * directory.  Some small things still have to be done there: to open the rule
 * file and the leases file again, to make a nameless file that an upload can
 * be spooled into, and to remove the pid file.  A child that does nothing
 * else, and listens to nobody but the server, does that.
 */
#ifndef TFTPD_KEEPER_H
#define TFTPD_KEEPER_H

#include <sys/types.h>

#include "common/cc.h"

enum keeper_file {
	KEEPER_MAP,
	KEEPER_LEASES,
	KEEPER_SPOOL,		/* not a path: a new file each time */
	KEEPER_FILES
};

struct keeper {
	pid_t pid;		/* 0: none */
	int fd;			/* to talk to it; -1: none */
};

/*
 * keeper_start - fork it, with the rights and the directory of now.
 *
 * paths      of the files it may be asked for, NULL for none
 * pid_file   to remove at the end; NULL for none
 *
 * 0 or -errno.
 */
int keeper_start(struct keeper *keeper,
    const char *const paths[KEEPER_FILES], const char *pid_file) MUST_CHECK;

/*
 * keeper_open - the file as it is now, for reading; or a new empty one without
 * a name, for reading and writing.
 *
 * The descriptor or -errno.
 */
int keeper_open(struct keeper *keeper, enum keeper_file file) MUST_CHECK;

/*
 * keeper_stop - let it remove the pid file, and wait until it is gone.
 */
void keeper_stop(struct keeper *keeper);

/*
 * keeper_leave - in a child of the server: it is not ours to stop.
 */
void keeper_leave(struct keeper *keeper);

#endif
