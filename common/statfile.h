/* SPDX-License-Identifier: ISC */
/*
 * statfile - a file of statistics that readers only ever see whole.
 *
 * The text goes to a file beside it, named .NAME.tmp, which then takes its
 * name.  Nothing is synced: after a crash the numbers start anew anyway.
 */
#ifndef COMMON_STATFILE_H
#define COMMON_STATFILE_H

#include <limits.h>

#include "common/cc.h"
#include "common/str.h"

/* How old the numbers get. */
#define STATFILE_PERIOD_S 10

struct statfile {
	int dir_fd;		/* -1: none */
	char name[NAME_MAX + 1];
	char temp[NAME_MAX + 1];
};

/*
 * statfile_open - find the directory that path is in; it stays open.
 *
 * 0 or -errno; f is closed then.
 */
int statfile_open(struct statfile *f, const char *path) MUST_CHECK;

/*
 * statfile_close - forget it; the file stays.
 */
void statfile_close(struct statfile *f);

/*
 * statfile_put - the text is the file's content from now on.
 *
 * Readable by everybody.  0 or -errno; the old content stays then.
 */
int statfile_put(const struct statfile *f, struct str text) MUST_CHECK;

/*
 * statfile_begin, statfile_write, statfile_end - the three steps of it, for a
 * process that may not do all of them itself.
 *
 * begin makes the file beside it: a descriptor for writing or -errno.  write
 * fills and closes it, 0 or -errno.  end gives it its name if err, the result
 * of write, is 0, and removes it otherwise: 0 or -errno, err when that is it.
 */
int statfile_begin(const struct statfile *f) MUST_CHECK;
int statfile_write(int fd, struct str text) MUST_CHECK;
int statfile_end(const struct statfile *f, int err) MUST_CHECK;

/*
 * statfile_report - say in the log that the numbers are not written any more,
 * or that they are again; nothing while that stays the same.
 *
 * said       what was said last, 0 at first
 * err        0 or -errno, of the last attempt
 */
void statfile_report(const char *path, int *said, int err);

#endif
