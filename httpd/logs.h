/* SPDX-License-Identifier: ISC */
/*
 * logs - where access and error log lines go: files, programs, syslog.
 *
 * The master opens every target once, before privileges are dropped; workers
 * inherit the descriptors and each has its own buffer.  Access log lines are
 * gathered and leave at the latest LOGS_DELAY_MS later and before the process
 * ends; files are in append mode and a write holds whole lines, so lines of
 * several workers never mix.  A program that does not read loses lines, which
 * is counted, but never stops a request.
 */
#ifndef HTTPD_LOGS_H
#define HTTPD_LOGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/when.h"
#include "common/wr.h"
#include "httpd/conf.h"

#define LOGS_MAX 128		/* different targets */
#define LOGS_BUF_SIZE 65536	/* per target and worker */
#define LOGS_DELAY_MS 40

struct logs_target {
	const struct conf_logto *to;	/* first of those that name it */
	int fd;			/* -1: discarded */
	int32_t child;		/* pid of a logging program, or 0 */
	bool is_pipe;
	int prio;		/* syslog: facility */
	char *buf;		/* worker: LOGS_BUF_SIZE, or NULL */
	size_t len;
};

struct logs {
	struct logs_target v[LOGS_MAX];
	unsigned n;
	uint64_t lost_n;	/* lines, of all targets, until it was said */
	bool is_detached;	/* programs do not get our stdout and stderr */
};

/*
 * logs_check - whether the directories of all log files are there.
 *
 * w   on failure: a line that says which is not, as Apache does
 */
bool logs_check(const struct conf *conf, struct wr *w) MUST_CHECK;

/*
 * logs_open - open every target a configuration names.
 *
 * ret_bad   on failure: the target that could not be opened
 *
 * 0 or -errno; on failure everything opened here is closed again.
 */
int logs_open(struct logs *logs, const struct conf *conf,
    const char **ret_bad) MUST_CHECK;

/*
 * logs_close - close all descriptors; logging programs see the end of input.
 */
void logs_close(struct logs *logs);

/*
 * logs_buffers - give every target a buffer, in the worker.
 *
 * -ENOMEM or 0.
 */
int logs_buffers(struct logs *logs) MUST_CHECK;

/*
 * logs_find - the target of a configured log; NULL when there is none.
 */
struct logs_target *logs_find(struct logs *logs, const struct conf_logto *to);

/*
 * logs_room - room for one line in a target's buffer, flushed if need be.
 *
 * Write at most *ret_cap bytes, then call logs_commit.  NULL: discard.
 */
char *logs_room(struct logs *logs, struct logs_target *t, size_t want,
    size_t *ret_cap);

/*
 * logs_commit - len bytes have been written into the room.
 */
void logs_commit(struct logs_target *t, size_t len);

/*
 * logs_flush - write out everything that is buffered.
 *
 * True when nothing is left.
 */
bool logs_flush(struct logs *logs);

/*
 * logs_confess - say how many lines were lost, as soon as a line gets through.
 *
 * to        the error log that tells
 */
void logs_confess(struct logs *logs, const struct conf_logto *to,
    const struct when *now, int32_t utc_offset_s);

/*
 * logs_error - write one error log line at once.
 *
 * module   "core", "authz_core" ..
 * err      errno of what failed, or 0
 * client   "10.0.0.1:4711" or empty
 * text     already safe to print, no newline
 */
void logs_error(struct logs *logs, const struct conf_logto *to,
    const struct when *now, int32_t utc_offset_s, const char *module,
    enum conf_level level, int err, struct str client, struct str text);

#endif
