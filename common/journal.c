/* SPDX-License-Identifier: ISC */
/*
 * journal - append, sync, rewrite; see journal.h for the contract.
 *
 * The promise is that after journal_sync() said 0 no crash loses a record.
 * good_len is the length up to which that holds.  Whatever lies behind it is
 * ours to cut: a torn write, or records whose fsync failed.  After a failed
 * fsync a second fsync proves nothing, because the kernel marks the pages
 * clean that it could not write; so the records are kept in memory until they
 * are durable, the file is cut back, and they are written again into fresh
 * pages.  The name counts too: a file whose directory entry is not durable is
 * not durable.
 */
#include "common/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/wr.h"

static int
fail(struct journal *j, const char *op, int err)
{
	ASSERT(err > 0);
	j->err = err;
	j->err_op = op;
	return -err;
}

static int
write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -ENOSPC;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Open the directory of path and remember the name in it. */
static int
open_dir(struct journal *j, const char *path)
{
	struct str whole = str_of(path), dir, name = whole;
	size_t slash = str_rchr(whole, '/');
	char dir_path[PATH_MAX];

	dir = STR(".");
	if (slash != STR_NONE) {
		name = str_sub(whole, slash + 1, whole.len);
		dir = slash == 0 ? STR("/") : str_sub(whole, 0, slash);
	}
	if (name.len == 0)
		return -EISDIR;
	if (!str_copy(dir, dir_path, sizeof(dir_path)) ||
	    !str_copy(name, j->name, sizeof(j->name)))
		return -ENAMETOOLONG;
	j->dir_fd = open(dir_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return j->dir_fd < 0 ? -errno : 0;
}

int
journal_open(struct journal *j, const char *path, size_t cap)
{
	struct stat st;
	int err;

	ASSERT(cap > 0);
	memset(j, 0, sizeof(*j));
	j->fd = j->new_fd = -1;
	err = open_dir(j, path);
	if (err != 0)
		return err;
	j->cap = cap;
	j->buf = proc_reserve(cap + JOURNAL_OUT_SIZE);
	if (j->buf == NULL) {
		close(j->dir_fd);
		return -ENOMEM;
	}
	j->out = j->buf + cap;
	j->fd = openat(j->dir_fd, j->name,
	    O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
	if (j->fd < 0 || fstat(j->fd, &st) < 0) {
		err = -errno;
		journal_close(j);
		return err;
	}
	j->good_len = st.st_size;
	j->must_sync_dir = true;
	return 0;
}

void
journal_close(struct journal *j)
{
	journal_rewrite_abort(j);
	if (j->fd >= 0)
		close(j->fd);
	close(j->dir_fd);
	proc_release(j->buf, j->cap + JOURNAL_OUT_SIZE);
	j->fd = j->dir_fd = -1;
	j->buf = j->out = NULL;
}

int
journal_append(struct journal *j, struct str records)
{
	if (records.len == 0)
		return 0;
	if (records.len > j->cap - j->len)
		return -ENOBUFS;
	memcpy(j->buf + j->len, records.p, records.len);
	j->len += records.len;
	if (j->new_fd >= 0)
		journal_rewrite_put(j, records);
	return 0;
}

void
journal_drop(struct journal *j)
{
	j->len = 0;
}

bool
journal_is_pending(const struct journal *j)
{
	return j->len > 0;
}

int64_t
journal_len(const struct journal *j)
{
	return j->good_len;
}

/* Cut off what is not durable. */
static int
cut_back(struct journal *j)
{
	if (ftruncate(j->fd, j->good_len) < 0)
		return fail(j, "ftruncate", errno);
	j->is_torn = false;
	return 0;
}

static int
sync_dir(struct journal *j)
{
	if (!j->is_lazy && fsync(j->dir_fd) < 0)
		return fail(j, "fsync directory", errno);
	j->must_sync_dir = false;
	return 0;
}

int
journal_sync(struct journal *j)
{
	int err;

	if (j->len == 0)
		return 0;
	if (j->is_torn && cut_back(j) != 0)
		return -j->err;
	if (j->must_sync_dir && sync_dir(j) != 0)
		return -j->err;
	j->is_torn = true;
	err = write_all(j->fd, j->buf, j->len);
	if (err != 0)
		err = fail(j, "write", -err);
	else if (!j->is_lazy && fdatasync(j->fd) < 0)
		err = fail(j, "fsync", errno);
	if (err != 0) {
		/* Now if possible, so that nobody reads half a record; else
		 * before the next try.  The first error is the one to tell. */
		if (ftruncate(j->fd, j->good_len) == 0)
			j->is_torn = false;
		return err;
	}
	j->is_torn = false;
	j->good_len += (off_t)j->len;
	j->len = 0;
	j->err = 0;
	j->err_op = NULL;
	return 0;
}

/* --- rewrite --- */

int
journal_rewrite_begin(struct journal *j, int64_t wall_s)
{
	struct stat st;
	struct wr wr;

	if (j->new_fd >= 0)
		return -EBUSY;
	wr_init(&wr, j->new_name, sizeof(j->new_name));
	wr_fmt(&wr, "%s.%lld", j->name, (long long)wall_s);
	wr_u8(&wr, '\0');
	if (!wr_ok(&wr))
		return fail(j, "create", ENAMETOOLONG);
	j->new_fd = openat(j->dir_fd, j->new_name, O_RDWR | O_APPEND | O_CREAT |
	    O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0644);
	if (j->new_fd < 0)
		return fail(j, "create", errno);
	/* Owner and mode as before; who may not give files away goes on. */
	if (fstat(j->fd, &st) == 0) {
		(void)!fchown(j->new_fd, st.st_uid, st.st_gid);
		(void)!fchmod(j->new_fd, st.st_mode & 0777);
	}
	j->new_err = 0;
	j->new_len = 0;
	j->new_begun = 0;
	j->out_len = 0;
	return 0;
}

/*
 * Have the disk work on the new file while it grows.  This promises nothing,
 * so errors are left to the fsync at the end.
 */
static void
write_behind(struct journal *j)
{
	off_t at = j->new_begun;

	if (j->new_len - at < JOURNAL_PIECE)
		return;
	(void)!sync_file_range(j->new_fd, at, j->new_len - at,
	    SYNC_FILE_RANGE_WRITE);
	if (at > 0)
		(void)!sync_file_range(j->new_fd, 0, at,
		    SYNC_FILE_RANGE_WAIT_BEFORE);
	j->new_begun = j->new_len;
}

static void
flush_out(struct journal *j)
{
	int err;

	if (j->new_err == 0) {
		err = write_all(j->new_fd, j->out, j->out_len);
		if (err != 0)
			j->new_err = -err;
		else
			j->new_len += (off_t)j->out_len;
		write_behind(j);
	}
	j->out_len = 0;
}

void
journal_rewrite_put(struct journal *j, struct str text)
{
	ASSERT(j->new_fd >= 0);
	while (text.len > 0) {
		struct str part = str_sub(text, 0,
		    JOURNAL_OUT_SIZE - j->out_len);

		memcpy(j->out + j->out_len, part.p, part.len);
		j->out_len += part.len;
		if (j->out_len == JOURNAL_OUT_SIZE)
			flush_out(j);
		text = str_sub(text, part.len, text.len);
	}
}

void
journal_rewrite_abort(struct journal *j)
{
	if (j->new_fd < 0)
		return;
	close(j->new_fd);
	j->new_fd = -1;
	(void)unlinkat(j->dir_fd, j->new_name, 0);
}

/* Not a failure of this call, but a file system that cannot do it (vfat,
 * some network and FUSE file systems). */
static bool
has_no_links(int err)
{
	return err == EPERM || err == EOPNOTSUPP || err == ENOSYS ||
	    err == EMLINK;
}

static int
rename_in(const struct journal *j, const char *from, const char *to)
{
	return renameat(j->dir_fd, from, j->dir_fd, to);
}

/* NAME~ becomes the old file, which may also keep its own name. */
static int
back_up(struct journal *j, const char *backup)
{
	/* What NAME~ is now is all there is under any name. */
	if (j->is_unnamed)
		return 0;
	if (unlinkat(j->dir_fd, backup, 0) < 0 && errno != ENOENT)
		return fail(j, "unlink", errno);
	/* ENOENT: somebody may have moved the old one away. */
	if (linkat(j->dir_fd, j->name, j->dir_fd, backup, 0) == 0 ||
	    errno == ENOENT)
		return 0;
	if (!has_no_links(errno))
		return fail(j, "link", errno);
	if (rename_in(j, j->name, backup) < 0)
		return errno == ENOENT ? 0 : fail(j, "rename", errno);
	j->is_unnamed = true;
	return 0;
}

/* NAME~ becomes the old file and NAME the new one. */
static int
swap_names(struct journal *j)
{
	char backup[NAME_MAX + 2];
	size_t len = strlen(j->name);
	int err;

	memcpy(backup, j->name, len);
	memcpy(backup + len, "~", 2);
	err = back_up(j, backup);
	if (err != 0)
		return err;
	if (rename_in(j, j->new_name, j->name) < 0) {
		err = fail(j, "rename", errno);
		if (j->is_unnamed && rename_in(j, backup, j->name) == 0)
			j->is_unnamed = false;
		return err;
	}
	j->is_unnamed = false;
	return 0;
}

/* Copy all of one file into another. */
static int
copy_all(int from, int to)
{
	char buf[16 * 1024];
	ssize_t n;
	int err;

	for (;;) {
		n = read(from, buf, sizeof(buf));
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0)
			continue;
		err = write_all(to, buf, (size_t)n);
		if (err != 0)
			return err;
	}
}

/* The copy is durable when this says 0. */
static int
copy_file(const char *path, const char *name)
{
	int from = open(path, O_RDONLY | O_CLOEXEC), to, err;

	if (from < 0)
		return -errno;
	to = open(name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0644);
	err = to < 0 ? -errno : copy_all(from, to);
	if (err == 0 && fsync(to) < 0)
		err = -errno;
	if (to >= 0) {
		close(to);
		/* Half of it under that name would pass for all of it. */
		if (err != 0)
			(void)unlink(name);
	}
	close(from);
	return err;
}

int
journal_keep(const char *path, const char *name)
{
	struct journal j;	/* for its directory alone */
	int err = open_dir(&j, name);

	if (err != 0)
		return err;
	if (link(path, name) < 0)
		err = has_no_links(errno) ? copy_file(path, name) : -errno;
	if (err == 0 && fsync(j.dir_fd) < 0)
		err = -errno;
	close(j.dir_fd);
	return err;
}

int
journal_rewrite_commit(struct journal *j)
{
	int err = 0;

	ASSERT(j->new_fd >= 0);
	flush_out(j);
	if (j->new_err != 0)
		err = fail(j, "write", j->new_err);
	else if (!j->is_lazy && fsync(j->new_fd) < 0)
		err = fail(j, "fsync", errno);
	if (err == 0)
		err = swap_names(j);
	if (err != 0) {
		journal_rewrite_abort(j);
		return err;
	}
	close(j->fd);
	j->fd = j->new_fd;
	j->new_fd = -1;
	j->good_len = j->new_len;
	j->is_torn = false;
	j->must_sync_dir = true;
	return sync_dir(j);
}
