/* SPDX-License-Identifier: ISC */
/*
 * journal - a text file that only grows, made durable once a turn, and
 * rewritten beside itself now and then.
 *
 * journal_append() collects whole records in memory.  journal_sync() writes
 * them with one write and makes them durable; only then may anybody be told.
 * When that fails the error is kept (err, err_op), the records stay pending,
 * and calling journal_sync again is the retry: it cuts the file back to what
 * was durable and writes all pending records again, because after a failed
 * fsync the kernel may have dropped the pages it could not write.
 *
 * A rewrite is ISC's: NAME.<seconds> is written and synced, NAME~ becomes a
 * link to the old file, the new one is renamed onto NAME, the directory is
 * synced.  Where there are no hard links the old file is renamed to NAME~: for
 * a moment, and after a crash in it, NAME~ is all there is.  A rewrite may be
 * spread over many turns; records appended meanwhile go into both files.
 */
#ifndef COMMON_JOURNAL_H
#define COMMON_JOURNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cc.h"
#include "common/str.h"

/* Buffer before the new file of a rewrite. */
#define JOURNAL_OUT_SIZE (64 * 1024)
/* Bytes of it that may wait in the page cache: writing is started for each
 * piece and waited for one piece later, so that no call has to wait for the
 * whole file, the last fsync least of all. */
#define JOURNAL_PIECE (1024 * 1024)

struct journal {
	int dir_fd;
	int fd;
	off_t good_len;		/* durable length of the file */
	bool is_torn;		/* the file may be longer than good_len */
	bool must_sync_dir;	/* its name may not be durable */
	bool is_lazy;		/* the user's wish: never wait for the disk */
	bool is_unnamed;	/* a rewrite left it with the name NAME~ alone */

	char *buf;		/* records not yet durable */
	size_t cap;
	size_t len;

	int err;		/* errno of the last failed sync or rewrite, or 0 */
	const char *err_op;	/* "write", "fsync", .. belongs to err */

	int new_fd;		/* -1 while no rewrite is going on */
	int new_err;		/* first error of this rewrite */
	char *out;		/* JOURNAL_OUT_SIZE bytes before new_fd */
	size_t out_len;
	off_t new_len;
	off_t new_begun;	/* up to where writing was started */

	char name[NAME_MAX + 1];
	char new_name[NAME_MAX + 24];
};

/*
 * journal_open - open or create (0644) a file for appending.
 *
 * cap        most bytes that may be pending
 *
 * The directory must exist; it is kept open, so that a later chroot does not
 * matter.  0 or -errno.
 */
int journal_open(struct journal *j, const char *path, size_t cap) MUST_CHECK;

/*
 * journal_append - add whole records to what the next sync writes.
 *
 * 0, or -ENOBUFS when more would be pending than cap: nothing was taken, and
 * nobody may be told.
 */
int journal_append(struct journal *j, struct str records) MUST_CHECK;

/*
 * journal_drop - forget what is pending, because a rewrite that has begun will
 * carry all of it and more.  Nobody may be told before that is committed.
 */
void journal_drop(struct journal *j);

/*
 * journal_is_pending - is there anything that a sync would write?
 */
bool journal_is_pending(const struct journal *j);

/*
 * journal_sync - make everything appended durable.  Free when nothing is
 * pending.
 *
 * 0 or -errno; then everything is still pending and the next call retries.
 */
int journal_sync(struct journal *j) MUST_CHECK;

/*
 * journal_rewrite_begin - start a new file beside the old one.
 *
 * wall_s     part of its name
 *
 * 0 or -errno (-EBUSY: one is going on).
 */
int journal_rewrite_begin(struct journal *j, int64_t wall_s) MUST_CHECK;

/*
 * journal_rewrite_put - write some of it.  An error is kept and reported by
 * the commit.
 */
void journal_rewrite_put(struct journal *j, struct str text);

/*
 * journal_rewrite_commit - make the new file durable and put it in place.
 *
 * What is pending stays pending and goes to the new file.
 * 0 or -errno.  On failure the old file is in use as before and the new one
 * has been removed; only if err_op is "fsync directory" the new one is in
 * use, and no journal_sync succeeds until its name is durable.
 */
int journal_rewrite_commit(struct journal *j) MUST_CHECK;

/*
 * journal_rewrite_abort - drop the new file; nothing happens without one.
 */
void journal_rewrite_abort(struct journal *j);

/*
 * journal_keep - a second name for a file as it is; a copy of it where there
 * are no hard links.
 *
 * 0: it is durable; or -errno (-EEXIST: the name is taken).
 */
int journal_keep(const char *path, const char *name) MUST_CHECK;

/*
 * journal_len - durable bytes in the file, to decide when to rewrite.
 */
int64_t journal_len(const struct journal *j);

/*
 * journal_close - close without syncing; aborts a rewrite.
 */
void journal_close(struct journal *j);

#endif
