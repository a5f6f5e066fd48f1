/* SPDX-License-Identifier: ISC */
/*
 * sandbox - give up what a running daemon does not need, for good.
 *
 * Three walls, by plain system calls: no-new-privileges, a Landlock rule set
 * (which files) and a seccomp filter (which system calls, which socket
 * families).  A kernel that lacks one of them gives less, silently; one that
 * has it and refuses is an error.  Children inherit all of it.
 *
 * Call it last: sockets open, privilege dropped, before the first packet.
 */
#ifndef COMMON_SANDBOX_H
#define COMMON_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"

/* What stays possible beyond memory, time, signals to oneself and I/O on
 * descriptors that are open. */
#define SANDBOX_READ	0x01u	/* open, stat and list files */
#define SANDBOX_WRITE	0x02u	/* create, rename, link, remove files */
#define SANDBOX_EXEC	0x04u	/* run programs */
#define SANDBOX_INET	0x08u	/* IPv4 and IPv6 sockets */
#define SANDBOX_UNIX	0x10u	/* local sockets: syslog, sd_notify */
#define SANDBOX_PACKET	0x20u	/* packet sockets */
#define SANDBOX_NETLINK	0x40u	/* interface lists: getifaddrs */
#define SANDBOX_SETUID	0x80u	/* change user and group: a master's children */
#define SANDBOX_FORK	0x100u	/* fork, wait, signal children */
/* Alone: programs nobody knows, which may do all but what rules the machine or
 * looks into other processes. */
#define SANDBOX_ANY	0x200u

/* A file or directory and what may be done with it and below. */
struct sandbox_path {
	const char *path;
	unsigned may;		/* SANDBOX_READ, _WRITE, _EXEC */
};

/* Which walls stand; for a line in the log. */
#define SANDBOX_HAS_NNP		1u
#define SANDBOX_HAS_LANDLOCK	2u
#define SANDBOX_HAS_SECCOMP	4u

/*
 * sandbox_enter - raise the walls around this process.
 *
 * may        SANDBOX_* for the whole process
 * paths      files for Landlock; paths_n 0 leaves Landlock out; one that does
 *            not exist is passed over
 * ret_has    SANDBOX_HAS_*; may be NULL
 *
 * A forbidden system call fails with EPERM (clone3: ENOSYS, so that libc uses
 * clone); one of a foreign architecture kills.  0 or -errno; after an error
 * some walls may stand.
 */
int sandbox_enter(unsigned may, const struct sandbox_path *paths,
    size_t paths_n, unsigned *ret_has) MUST_CHECK;

#endif
