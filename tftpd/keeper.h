/* SPDX-License-Identifier: ISC */
/*
 * keeper - the process that stays outside of the chroot.
 *
 * The server gives up root and cannot see the file system around its root
 * directory.  Some small things still have to be done there: to open the rule
 * file and the leases file again, to make a nameless file that an upload can
 * be spooled into, to put the statistics in their place, and to remove the pid
 * file.  A child that does nothing else, and listens to nobody but the server,
 * does that.
 */
#ifndef TFTPD_KEEPER_H
#define TFTPD_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cc.h"

enum keeper_file {
	KEEPER_MAP,
	KEEPER_LEASES,
	KEEPER_STATS,		/* to be written; then keeper_stats_done */
	KEEPER_PATHS,
	KEEPER_SPOOL = KEEPER_PATHS	/* no path: a new file each time */
};

struct keeper {
	pid_t pid;		/* 0: none */
	int fd;			/* to talk to it; -1: none */
	uint32_t seq;		/* of the last question */
};

/*
 * keeper_start - fork it, with the rights and the directory of now.
 *
 * paths      of the files it may be asked for, NULL for none
 * pid_file   to remove at the end; NULL for none
 * is_boxed   it gives up what that does not need
 *
 * 0 or -errno.
 */
int keeper_start(struct keeper *keeper,
    const char *const paths[KEEPER_PATHS], const char *pid_file,
    bool is_boxed) MUST_CHECK;

/*
 * keeper_open - the file as it is now, for reading; a new empty one beside it
 * (KEEPER_STATS), or without a name (KEEPER_SPOOL), for writing.
 *
 * The descriptor or -errno.
 */
int keeper_open(struct keeper *keeper, enum keeper_file file) MUST_CHECK;

/*
 * keeper_stats_done - the new file takes the name of the old one if err, 0 or
 * -errno from writing it, is 0; else it is removed.
 *
 * 0 or -errno, err when that is it.
 */
int keeper_stats_done(struct keeper *keeper, int err) MUST_CHECK;

/*
 * keeper_stop - let it remove the pid file, and wait until it is gone.
 */
void keeper_stop(struct keeper *keeper);

/*
 * keeper_leave - in a child of the server: it is not ours to stop.
 */
void keeper_leave(struct keeper *keeper);

#endif
