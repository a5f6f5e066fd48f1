/* SPDX-License-Identifier: ISC */
/*
 * proc - the process: identity, chroot, pid file, daemon, supervisor, limits.
 *
 * Functions return 0 or -errno and log nothing; only proc_daemonize ends
 * a process, the waiting parent.
 */
#ifndef COMMON_PROC_H
#define COMMON_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cc.h"

/* Bit of a Linux capability for proc_drop, e.g. PROC_CAP(CAP_NET_RAW). */
#define PROC_CAP(cap) (1ULL << (cap))

/* Who to become. */
struct proc_user {
	uid_t uid;
	gid_t gid;
	char name[64];		/* for initgroups; empty: no extra groups */
};

/*
 * proc_user_find - user by name or number, with the user's own group.
 *
 * -ENOENT when there is no such user; a bare number needs no entry.
 */
int proc_user_find(const char *name, struct proc_user *ret) MUST_CHECK;

/*
 * proc_group_find - group by name or number.
 */
int proc_group_find(const char *name, gid_t *ret) MUST_CHECK;

/*
 * proc_chroot - into a directory, and to its root.
 */
int proc_chroot(const char *dir) MUST_CHECK;

/*
 * proc_drop - become user for good: groups, gid, uid; sets no-new-privileges.
 *
 * keep_caps  PROC_CAP() bits that stay effective and permitted; 0 for none
 *
 * Checks that root cannot be had again: -EPERM if it can.  When we are not
 * root and already are that user it only drops capabilities.
 */
int proc_drop(const struct proc_user *user, uint64_t keep_caps) MUST_CHECK;

/*
 * proc_pid_read - the pid in a pid file.
 *
 * 0 when the file does not exist, holds no pid, or nobody has that pid now;
 * the pid when such a process lives; -errno when the file cannot be read.
 */
int proc_pid_read(const char *path) MUST_CHECK;

/*
 * proc_pid_write - our pid and a newline, file created 0644 or replaced.
 */
int proc_pid_write(const char *path) MUST_CHECK;

/*
 * proc_daemonize - go to the background; the parent waits for the verdict.
 *
 * Forks, starts a session, changes nothing else.  Returns in the child only:
 * a descriptor for proc_daemon_ready, or -errno from the parent when there is
 * no child.  The parent exits with the status given to proc_daemon_ready,
 * or 1 when the child dies without one.
 */
int proc_daemonize(void) MUST_CHECK;

/*
 * proc_daemon_ready - tell the waiting parent its exit status, and on 0 let go
 * of the terminal: standard descriptors become /dev/null.
 *
 * fd         from proc_daemonize; closed
 */
int proc_daemon_ready(int fd, int status) MUST_CHECK;

/*
 * proc_notify - message to the supervisor: "READY=1", "STATUS=..", ...
 *
 * 0 when sent or when there is no supervisor; never blocks.  NOTIFY_SOCKET is
 * opened at the first call and kept, so make one before a chroot.
 */
int proc_notify(const char *message);

/*
 * proc_watchdog_ns - how often the supervisor wants "WATCHDOG=1": half its
 * limit; 0 when it does not ask.
 */
int64_t proc_watchdog_ns(void);

/*
 * proc_raise_files - raise the soft limit of open files to want, if need be
 * the hard limit too.
 *
 * The limit in force afterwards, at most want or the old one.
 */
uint32_t proc_raise_files(uint32_t want);

/*
 * proc_random - len random bytes from the kernel; for keys.
 */
int proc_random(void *buf, size_t len) MUST_CHECK;

/*
 * proc_reserve - size bytes of zeroed memory that cost nothing until touched.
 *
 * NULL when the address space or a limit does not allow it.
 */
void *proc_reserve(size_t size) MUST_CHECK;

/*
 * proc_release - give back what proc_reserve gave; NULL is fine.
 */
void proc_release(void *p, size_t size);

#endif
