/* SPDX-License-Identifier: ISC */
/*
 * statfile - write beside and rename; see statfile.h.
 *
 * Owns the directory's descriptor and the two names in it.  Never waits and
 * never retries: the next period brings newer numbers.
 */
#include "common/statfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"

int
statfile_open(struct statfile *f, const char *path)
{
	struct str whole = str_of(path), dir = STR("."), name = whole;
	size_t slash = str_rchr(whole, '/');
	char dir_path[PATH_MAX];
	int n;

	memset(f, 0, sizeof(*f));
	f->dir_fd = -1;
	if (slash != STR_NONE) {
		name = str_sub(whole, slash + 1, whole.len);
		dir = slash == 0 ? STR("/") : str_sub(whole, 0, slash);
	}
	if (name.len == 0)
		return -EISDIR;
	n = snprintf(f->temp, sizeof(f->temp), ".%.*s.tmp", STR_ARG(name));
	if (n < 0 || (size_t)n >= sizeof(f->temp) ||
	    !str_copy(name, f->name, sizeof(f->name)) ||
	    !str_copy(dir, dir_path, sizeof(dir_path)))
		return -ENAMETOOLONG;
	f->dir_fd = open(dir_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return f->dir_fd < 0 ? -errno : 0;
}

void
statfile_close(struct statfile *f)
{
	if (f->dir_fd >= 0)
		(void)close(f->dir_fd);
	f->dir_fd = -1;
}

int
statfile_begin(const struct statfile *f)
{
	int fd, err;

	if (f->dir_fd < 0)
		return -EBADF;
	/* Left from a crash, or somebody's trap: not ours to write into. */
	if (unlinkat(f->dir_fd, f->temp, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(f->dir_fd, f->temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (fchmod(fd, 0644) < 0) {
		err = -errno;
		(void)close(fd);
		return statfile_end(f, err);
	}
	return fd;
}

int
statfile_write(int fd, struct str text)
{
	int err = 0;
	ssize_t n;

	while (text.len > 0 && err == 0) {
		n = write(fd, text.p, text.len);
		if (n > 0)
			text = str_sub(text, (size_t)n, text.len);
		else if (n == 0)
			err = -ENOSPC;
		else if (errno != EINTR)
			err = -errno;
	}
	/* Some file systems tell only now that there was no room. */
	if (close(fd) < 0 && err == 0)
		err = -errno;
	return err;
}

int
statfile_end(const struct statfile *f, int err)
{
	if (err == 0 && renameat(f->dir_fd, f->temp, f->dir_fd, f->name) < 0)
		err = -errno;
	if (err != 0)
		(void)unlinkat(f->dir_fd, f->temp, 0);
	return err;
}

int
statfile_put(const struct statfile *f, struct str text)
{
	int fd = statfile_begin(f);

	return fd < 0 ? fd : statfile_end(f, statfile_write(fd, text));
}

void
statfile_report(const char *path, int *said, int err)
{
	if (err == *said)
		return;
	*said = err;
	if (err != 0)
		log_line(LOG_ERR, "stats file %s: %s", path, strerror(-err));
	else
		log_line(LOG_NOTICE, "stats file %s: written again", path);
}
