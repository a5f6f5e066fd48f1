/* SPDX-License-Identifier: ISC */
/*
 * log - lines to syslog, standard error, a file; nothing here ever blocks.
 *
 * What a daemon says about itself.  Lines are queued, per place they go to, and
 * leave at log_flush(), which log_attach() calls before each sleep.  A full
 * queue drops the newest line and later says how many were lost.  We talk to
 * /dev/log ourselves, because syslog(3) blocks when nobody drains it; the
 * bytes on that socket are the same.  SIGPIPE must be ignored.
 * Priorities and facilities are those of <syslog.h>.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

#include "common/cc.h"
#include "common/ev.h"
#include "common/str.h"

/* Bytes a queue holds. */
#define LOG_QUEUE_SIZE (512 * 1024)
/* Longest line; more is cut off. */
#define LOG_LINE_MAX 2048
/* Longest tag. */
#define LOG_TAG_MAX 32

/* Where lines go; may be combined. */
#define LOG_TO_SYSLOG 1u
#define LOG_TO_STDERR 2u
#define LOG_TO_FILE 4u

/*
 * log_open - start, or start again.
 *
 * sinks      LOG_TO_*, may be 0
 * tag        program name in syslog lines; copied, cut at LOG_TAG_MAX
 * facility   LOG_DAEMON or the like
 *
 * Call it again after a fork, so that the new pid is in the lines.  Lines
 * queued before are kept.  /dev/log is connected here, before a chroot makes
 * it unreachable; a lost connection is made again at log_flush, at most once a
 * second.  In a chroot that needs a socket at /dev/log inside it, because
 * a descriptor that leads outside would void the chroot.
 */
void log_open(unsigned sinks, const char *tag, int facility);

/*
 * log_file - the file of LOG_TO_FILE, opened for appending, mode 0640.
 *
 * 0 or -errno; on failure the old file is kept.
 */
int log_file(const char *path) MUST_CHECK;

/*
 * log_syslog_path - another socket than /dev/log; takes effect at log_open.
 *
 * path       borrowed for the life of the process
 */
void log_syslog_path(const char *path);

/*
 * log_test - hand every line to a function instead (NULL: no longer).
 *
 * line       without priority, date and tag
 */
void log_test(void (*fn)(void *ctx, int prio, struct str line), void *ctx);

/*
 * log_facility - another facility from the next line on.
 */
void log_facility(int facility);

/*
 * log_level - drop lines less important than prio (LOG_DEBUG keeps all).
 */
void log_level(int prio);

/*
 * log_line - queue a line by printf.
 *
 * prio       LOG_ERR .. LOG_DEBUG, perhaps with a facility of its own
 *
 * The text must be free of control characters: pass strangers' bytes through
 * vis.  errno is kept.
 */
void log_line(int prio, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * log_str - queue a ready line.
 */
void log_str(int prio, struct str line);

/*
 * log_flush - write what can be written without waiting.
 *
 * True when everything has left.  If not, call again within a second even if
 * nothing else happens.
 */
bool log_flush(void);

/*
 * log_attach - flush before each sleep of a loop, and when a socket that was
 * full has room again.  Hooks added later still run before this one, so that
 * their lines leave in the same turn.
 *
 * ev         NULL detaches; do that before ev_close
 */
void log_attach(struct ev *ev);

/*
 * log_drain - flush again and again for at most ms milliseconds: at the
 * end of the program, and before a fork.  Gives up at once when there is no
 * descriptor to wait for.
 */
void log_drain(int ms);

/*
 * log_reopen - open the file again under its name (after rotation) and
 * connect to syslog again.
 *
 * 0 or -errno of the file; the old one is kept then.
 */
int log_reopen(void);

/*
 * log_lost - lines dropped since the start.
 */
uint64_t log_lost(void);

/*
 * log_close - one last flush, then close the descriptors.
 */
void log_close(void);

#endif
