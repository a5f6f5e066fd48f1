/* SPDX-License-Identifier: ISC */
/*
 * log - lines to syslog, standard error, a file; nothing here ever blocks.
 *
 * There are two levels.  A struct log_sink is a bounded queue before one
 * descriptor; httpd has one per access log.  The process log, log_line() and
 * friends, is one static set of sinks: what a daemon says about itself.
 * Lines are queued and leave at log_flush(), which the daemon calls before
 * it sleeps.  A full queue drops the newest line and later says how many were
 * lost.  We talk to /dev/log ourselves, because syslog(3) blocks when nobody
 * drains it; the bytes on that socket are the same.
 * Priorities and facilities are those of <syslog.h>.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <syslog.h>

#include "common/cc.h"
#include "common/ev.h"
#include "common/str.h"

/* Bytes a queue of the process log holds. */
#define LOG_QUEUE_SIZE (512 * 1024)
/* Longest line; more is cut off. */
#define LOG_LINE_MAX 2048
/* Longest tag. */
#define LOG_TAG_MAX 32

/* Where the process log goes; may be combined. */
#define LOG_TO_SYSLOG 1u
#define LOG_TO_STDERR 2u
#define LOG_TO_FILE 4u

enum log_kind {
	LOG_DGRAM,		/* syslog: one datagram per line */
	LOG_STREAM,		/* syslog over a stream: lines end with NUL */
	LOG_LINES		/* file, pipe, terminal: lines end with LF */
};

/* A queue before a descriptor.  Lives as long as the process or a config. */
struct log_sink {
	enum log_kind kind;
	int fd;			/* -1: not open, lines wait in the queue */
	mode_t type;		/* S_IFMT bits of fd: how not to block on it */
	char *buf;		/* lines, each with its end */
	size_t cap;
	size_t head, tail;	/* first byte waiting, first byte free */
	size_t sent;		/* bytes of the first line a stream took */
	uint64_t lost_n;	/* dropped since the start */
};

/*
 * log_sink_init - a sink over cap bytes of queue at buf.
 *
 * fd         borrowed, may be -1; need not be non-blocking
 */
void log_sink_init(struct log_sink *sink, enum log_kind kind, int fd,
    void *buf, size_t cap);

/*
 * log_sink_set_fd - another descriptor for the lines that wait.
 */
void log_sink_set_fd(struct log_sink *sink, int fd);

/*
 * log_sink_put - queue a line (without its end); too long is cut at
 * LOG_LINE_MAX, too much is dropped and counted.
 */
void log_sink_put(struct log_sink *sink, struct str line);

/*
 * log_sink_flush - write what can be written without waiting.
 *
 * Several lines of a LOG_LINES sink leave in one write.  SIGPIPE must be
 * ignored.  0 when the queue is empty now, -EAGAIN when it is not, or -errno;
 * lines stay queued on every error.
 */
int log_sink_flush(struct log_sink *sink);

/*
 * log_open - start (again) the process log.
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
 * full has room again.
 *
 * ev         NULL detaches; do that before ev_close
 */
void log_attach(struct ev *ev);

/*
 * log_drain - flush again and again for at most ms milliseconds: at the
 * end of the program, and before a fork.
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
 * log_lost - lines dropped by the process log since the start.
 */
uint64_t log_lost(void);

/*
 * log_close - one last flush, then close the descriptors.
 */
void log_close(void);

#endif
