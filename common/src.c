/* SPDX-License-Identifier: ISC */
/*
 * src - whole files into an arena; see src.h for the contract.
 *
 * A file is read to its end, not to the size that fstat tells: pipes have no
 * size and files under /proc say 0.  The bytes go straight to the arena's free
 * end, and what is not needed is given back.
 */
#include "common/src.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read until the end or until size bytes are there. */
static ssize_t
read_all(int fd, char *p, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, p + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static int
read_fd(struct arena *arena, int fd, size_t cap, struct str *ret_text)
{
	size_t left = arena_left(arena);
	/* One byte more than allowed tells "exactly cap" from "too long". */
	size_t room = left > cap ? cap + 1 : left;
	char *p = arena_alloc(arena, room, 1);
	ssize_t len;

	ASSERT(p != NULL);
	len = read_all(fd, p, room);
	arena_trim(arena, p, len < 0 ? 0 : (size_t)len);
	if (len < 0)
		return (int)len;
	if ((size_t)len > cap || (size_t)len == room) {
		arena_trim(arena, p, 0);
		return (size_t)len > cap ? -EFBIG : -ENOMEM;
	}
	*ret_text = str_make(p, (size_t)len);
	return 0;
}

int
src_read(struct arena *arena, const char *path, size_t cap,
    struct str *ret_text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int err;

	if (fd < 0)
		return -errno;
	err = read_fd(arena, fd, cap, ret_text);
	close(fd);
	return err;
}

int
src_read_regular(struct arena *arena, const char *path, size_t cap,
    struct str *ret_text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int err;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		err = -errno;
	else if (!S_ISREG(st.st_mode) && strcmp(path, "/dev/null") != 0)
		err = -EACCES;
	else
		err = read_fd(arena, fd, cap, ret_text);
	close(fd);
	return err;
}

/* Remember an open file; -ELOOP when it may not be entered. */
static int
enter(struct src *src, int fd)
{
	struct stat st;

	if (src->depth == SRC_DEPTH_MAX)
		return -ELOOP;
	if (fstat(fd, &st) < 0)
		return -errno;
	for (size_t i = 0; i < src->depth; i++) {
		if (src->open[i].dev == st.st_dev &&
		    src->open[i].ino == st.st_ino)
			return -ELOOP;
	}
	src->open[src->depth].dev = st.st_dev;
	src->open[src->depth].ino = st.st_ino;
	src->depth++;
	return 0;
}

static int
load(void *ctx, struct str path, struct str *ret_text)
{
	struct src *src = ctx;
	char name[PATH_MAX];
	int fd, err;

	if (!str_copy(path, name, sizeof(name)))
		return path.len < sizeof(name) ? -EINVAL : -ENAMETOOLONG;
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	err = enter(src, fd);
	if (err == 0) {
		err = read_fd(src->arena, fd, src->cap, ret_text);
		if (err != 0)
			src->depth--;
	}
	close(fd);
	return err;
}

static void
leave(void *ctx)
{
	struct src *src = ctx;

	ASSERT(src->depth > 0);
	src->depth--;
}

void
src_init(struct src *src, struct arena *arena, size_t cap)
{
	src->arena = arena;
	src->cap = cap;
	src->depth = 0;
}

struct src_loader
src_loader(struct src *src)
{
	struct src_loader loader = { src, load, leave };

	return loader;
}
