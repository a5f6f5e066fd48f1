/* SPDX-License-Identifier: ISC */
/*
 * simdisk - a disk that can fail at any call and lose power at any moment.
 *
 * See simdisk.h.  Files are inodes with two contents, seen and durable; the
 * difference is a bitmap of dirty sectors and the length.  Names are two
 * tables, seen and durable, and a list of pending changes.
 */
#include "tests/faults/simdisk.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	INODES = 64, NAMES = 32, FDS = 32, FD_BASE = 5000, DIR_FD = 4999,
	SECTOR = 512, FILE_MAX = 512 * 1024, CHANGES = 128,
};

struct inode {
	bool is_used;
	char *seen, *durable;
	size_t seen_len, durable_len;
	bool dirty[FILE_MAX / SECTOR];
	bool is_len_dirty;
};

struct name {
	char name[256];
	int inode;		/* -1: free */
};

/* A pending change: this name becomes that inode (-1: goes), and another name
 * goes in the same moment (a rename). */
struct change {
	char name[256], gone[256];
	int inode;
};

static struct inode inodes[INODES];
static struct name seen[NAMES], durable[NAMES];
static struct change changes[CHANGES];
static unsigned changes_n;
static struct { bool is_used; int inode; size_t pos; bool is_append; }
    fds[FDS];
static uint64_t calls, fail_from, fail_n, die_at;
static enum simdisk_fault fault;
static unsigned rnd;
static bool is_dead, has_links = true;

static unsigned
dice(unsigned n)
{
	return (unsigned)rand_r(&rnd) % n;
}

static void
check(bool ok, const char *what)
{
	if (!ok) {
		(void)fprintf(stderr, "simdisk: %s\n", what);
		abort();
	}
}

static struct name *
find(struct name *table, const char *name)
{
	for (int k = 0; k < NAMES; k++)
		if (table[k].inode >= 0 && strcmp(table[k].name, name) == 0)
			return &table[k];
	return NULL;
}

static void
set_name(struct name *table, const char *name, int inode)
{
	struct name *n = find(table, name);

	for (int k = 0; n == NULL && k < NAMES; k++)
		if (table[k].inode < 0)
			n = &table[k];
	check(n != NULL, "too many names");
	(void)snprintf(n->name, sizeof(n->name), "%s", name);
	n->inode = inode;
}

static void
apply(struct name *table, const struct change *c)
{
	set_name(table, c->name, c->inode);
	if (c->gone[0] != '\0')
		set_name(table, c->gone, -1);
}

static void
change(const char *name, int inode, const char *gone)
{
	struct change *c = &changes[changes_n++];

	check(changes_n <= CHANGES, "too many pending names");
	(void)snprintf(c->name, sizeof(c->name), "%s", name);
	(void)snprintf(c->gone, sizeof(c->gone), "%s", gone);
	c->inode = inode;
	apply(seen, c);
}

static void
free_inode(struct inode *in)
{
	free(in->seen);
	free(in->durable);
	memset(in, 0, sizeof(*in));
}

/* Inodes that no name and no descriptor leads to. */
static void
sweep(void)
{
	for (int i = 0; i < INODES; i++) {
		bool is_used = false;

		for (int k = 0; k < NAMES; k++)
			is_used |= seen[k].inode == i || durable[k].inode == i;
		for (int k = 0; k < FDS; k++)
			is_used |= fds[k].is_used && fds[k].inode == i;
		for (unsigned k = 0; k < changes_n; k++)
			is_used |= changes[k].inode == i;
		if (inodes[i].is_used && !is_used)
			free_inode(&inodes[i]);
	}
}

static int
new_inode(void)
{
	for (int round = 0; round < 2; round++, sweep())
		for (int i = 0; i < INODES; i++)
			if (!inodes[i].is_used) {
				inodes[i].is_used = true;
				inodes[i].seen = calloc(1, FILE_MAX);
				inodes[i].durable = calloc(1, FILE_MAX);
				check(inodes[i].seen != NULL &&
				    inodes[i].durable != NULL, "memory");
				return i;
			}
	check(false, "too many inodes");
	return -1;
}

void
simdisk_reset(unsigned seed)
{
	for (int i = 0; i < INODES; i++)
		free_inode(&inodes[i]);
	for (int k = 0; k < NAMES; k++)
		seen[k].inode = durable[k].inode = -1;
	memset(fds, 0, sizeof(fds));
	changes_n = 0;
	calls = fail_n = die_at = 0;
	is_dead = false;
	rnd = seed;
}

void
simdisk_fail(enum simdisk_fault f, uint64_t from, uint64_t n)
{
	fault = f;
	fail_from = from;
	fail_n = n;
}

void
simdisk_die_at(uint64_t call)
{
	die_at = call;
}

bool
simdisk_is_dead(void)
{
	return is_dead;
}

void
simdisk_links(bool has)
{
	has_links = has;
}

uint64_t
simdisk_calls(void)
{
	return calls;
}

/* Part of what was not durable survives. */
static void
settle(struct inode *in)
{
	size_t len = in->durable_len;

	if (in->is_len_dirty && in->seen_len < len)
		len = dice(2) ? in->seen_len : len;
	else if (in->seen_len > len)
		len += dice(3) == 0 ? 0 : dice(3) == 0 ? in->seen_len - len :
		    dice((unsigned)(in->seen_len - len + 1));
	for (size_t s = 0; s * SECTOR < FILE_MAX; s++)
		if (in->dirty[s] && dice(3) != 0)
			memcpy(in->durable + s * SECTOR,
			    in->seen + s * SECTOR, SECTOR);
	memset(in->durable + len, 0, FILE_MAX - len);
	in->durable_len = in->seen_len = len;
	memcpy(in->seen, in->durable, FILE_MAX);
	memset(in->dirty, 0, sizeof(in->dirty));
	in->is_len_dirty = false;
}

void
simdisk_crash(void)
{
	/* Mostly a prefix of the pending changes; sometimes any of them. */
	unsigned keep = dice(changes_n + 1), is_any = dice(4) == 0;

	for (unsigned k = 0; k < changes_n; k++)
		if (is_any ? dice(2) : k < keep)
			apply(durable, &changes[k]);
	changes_n = 0;
	memcpy(seen, durable, sizeof(seen));
	memset(fds, 0, sizeof(fds));
	for (int i = 0; i < INODES; i++)
		if (inodes[i].is_used)
			settle(&inodes[i]);
	sweep();
	calls = fail_n = die_at = 0;
	is_dead = false;
}

/* Count a call; true when it is to fail, with errno set. */
static bool
fails(void)
{
	calls++;
	if (die_at != 0 && calls >= die_at)
		is_dead = true;
	if (is_dead) {
		errno = EIO;
		return true;
	}
	if (fail_n == 0 || calls < fail_from || calls >= fail_from + fail_n)
		return false;
	errno = fault == SIMDISK_ENOSPC ? ENOSPC : EIO;
	return true;
}

static bool
is_interrupted(void)
{
	return !is_dead && fault == SIMDISK_EINTR;
}

static void
put(struct inode *in, size_t at, const void *p, size_t len)
{
	check(at + len <= FILE_MAX, "file too large");
	memcpy(in->seen + at, p, len);
	for (size_t s = at / SECTOR; s * SECTOR < at + len; s++)
		in->dirty[s] = true;
	if (at + len > in->seen_len)
		in->seen_len = at + len;
}

static void
make_durable(struct inode *in)
{
	for (size_t s = 0; s * SECTOR < FILE_MAX; s++)
		if (in->dirty[s])
			memcpy(in->durable + s * SECTOR,
			    in->seen + s * SECTOR, SECTOR);
	memset(in->dirty, 0, sizeof(in->dirty));
	in->is_len_dirty = false;
	in->durable_len = in->seen_len;
}

/* The kernel could not write the pages and calls them clean. */
static void
forget_dirty(struct inode *in)
{
	for (size_t s = 0; s * SECTOR < FILE_MAX; s++)
		if (in->dirty[s] && dice(2) == 0)
			memcpy(in->durable + s * SECTOR,
			    in->seen + s * SECTOR, SECTOR);
	memset(in->dirty, 0, sizeof(in->dirty));
}

void
simdisk_kill(void)
{
	memset(fds, 0, sizeof(fds));
	sweep();
}

void
simdisk_clean(const char *a, const char *b)
{
	for (int k = 0; k < NAMES; k++) {
		if (strcmp(seen[k].name, a) != 0 &&
		    strcmp(seen[k].name, b) != 0)
			seen[k].inode = -1;
		if (strcmp(durable[k].name, a) != 0 &&
		    strcmp(durable[k].name, b) != 0)
			durable[k].inode = -1;
	}
	sweep();
}

void
simdisk_write(const char *name, const void *p, size_t len)
{
	int i = new_inode();

	put(&inodes[i], 0, p, len);
	make_durable(&inodes[i]);
	set_name(seen, name, i);
	set_name(durable, name, i);
}

const char *
simdisk_read(const char *name, size_t *ret_len)
{
	struct name *n = find(seen, name);

	if (n == NULL)
		return NULL;
	*ret_len = inodes[n->inode].seen_len;
	return inodes[n->inode].seen;
}

/* ---- the system calls ------------------------------------------------------ */

int __wrap_open(const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...);
ssize_t __wrap_read(int fd, void *p, size_t len);
ssize_t __wrap_write(int fd, const void *p, size_t len);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_ftruncate(int fd, off_t len);
int __wrap_fstat(int fd, struct stat *st);
int __wrap_fchown(int fd, uid_t uid, gid_t gid);
int __wrap_fchmod(int fd, mode_t mode);
int __wrap_close(int fd);
int __wrap_link(const char *from, const char *to);
int __wrap_linkat(int a, const char *from, int b, const char *to, int flags);
int __wrap_unlinkat(int dir, const char *path, int flags);
int __wrap_rename(const char *from, const char *to);
int __wrap_renameat(int a, const char *from, int b, const char *to);
int __wrap_sync_file_range(int fd, off_t from, off_t len, unsigned flags);
/* The names that glibc gives them when files may be large. */
int __wrap_open64(const char *path, int flags, ...);
int __wrap_openat64(int dir, const char *path, int flags, ...);
int __wrap_ftruncate64(int fd, off_t len);
int __wrap_fstat64(int fd, struct stat *st);

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static int
do_open(const char *path, int flags)
{
	const char *name = last_part(path);
	struct name *n;
	int inode, k;

	if (fails())
		return -1;
	if ((flags & O_DIRECTORY) != 0)
		return DIR_FD;
	n = find(seen, name);
	if (n == NULL && (flags & O_CREAT) == 0) {
		errno = ENOENT;
		return -1;
	}
	if (n != NULL && (flags & O_EXCL) != 0) {
		errno = EEXIST;
		return -1;
	}
	inode = n != NULL ? n->inode : new_inode();
	if (n == NULL)
		change(name, inode, "");
	for (k = 0; fds[k].is_used; k++)
		check(k + 1 < FDS, "too many descriptors");
	fds[k].is_used = true;
	fds[k].inode = inode;
	fds[k].pos = 0;
	fds[k].is_append = (flags & O_APPEND) != 0;
	if ((flags & O_TRUNC) != 0) {
		inodes[inode].seen_len = 0;
		inodes[inode].is_len_dirty = true;
	}
	return FD_BASE + k;
}

int
__wrap_open(const char *path, int flags, ...)
{
	return do_open(path, flags);
}

int
__wrap_openat(int dir, const char *path, int flags, ...)
{
	check(dir == DIR_FD, "openat of another directory");
	return do_open(path, flags);
}

int
__wrap_open64(const char *path, int flags, ...)
{
	return do_open(path, flags);
}

int
__wrap_openat64(int dir, const char *path, int flags, ...)
{
	check(dir == DIR_FD, "openat of another directory");
	return do_open(path, flags);
}

static struct inode *
of(int fd)
{
	check(fd >= FD_BASE && fd < FD_BASE + FDS &&
	    fds[fd - FD_BASE].is_used, "bad descriptor");
	return &inodes[fds[fd - FD_BASE].inode];
}

ssize_t
__wrap_read(int fd, void *p, size_t len)
{
	struct inode *in = of(fd);
	size_t *pos = &fds[fd - FD_BASE].pos;

	if (fails()) {
		if (is_interrupted())
			errno = EINTR;
		return -1;
	}
	if (len > in->seen_len - *pos)
		len = in->seen_len - *pos;
	memcpy(p, in->seen + *pos, len);
	*pos += len;
	return (ssize_t)len;
}

ssize_t
__wrap_write(int fd, const void *p, size_t len)
{
	struct inode *in = of(fd);
	bool is_first = calls + 1 == fail_from;

	check(fds[fd - FD_BASE].is_append, "writes append");
	if (len > FILE_MAX - in->seen_len) {
		errno = ENOSPC;
		return -1;
	}
	if (fails()) {
		if (is_interrupted()) {
			errno = EINTR;
			return -1;
		}
		if (is_dead || errno != ENOSPC || !is_first || len < 2) {
			/* The power may go in the middle of a write. */
			if (is_dead && calls == die_at)
				put(in, in->seen_len, p, dice((unsigned)len));
			return -1;
		}
		len = 1 + dice((unsigned)len - 1);
	}
	put(in, in->seen_len, p, len);
	return (ssize_t)len;
}

static int
do_sync(int fd)
{
	if (fails() && !is_interrupted()) {
		if (!is_dead && fd != DIR_FD)
			forget_dirty(of(fd));
		return -1;
	}
	if (is_dead)
		return -1;
	if (fd != DIR_FD) {
		make_durable(of(fd));
		return 0;
	}
	for (unsigned k = 0; k < changes_n; k++)
		apply(durable, &changes[k]);
	changes_n = 0;
	return 0;
}

int
__wrap_fsync(int fd)
{
	return do_sync(fd);
}

int
__wrap_fdatasync(int fd)
{
	return do_sync(fd);
}

int
__wrap_sync_file_range(int fd, off_t from, off_t len, unsigned flags)
{
	(void)from;
	(void)len;
	(void)flags;
	(void)of(fd);
	return 0;		/* promises nothing */
}

int
__wrap_ftruncate(int fd, off_t len)
{
	struct inode *in = of(fd);

	if (fails())
		return -1;
	check((size_t)len <= in->seen_len, "ftruncate only shortens");
	memset(in->seen + len, 0, in->seen_len - (size_t)len);
	in->seen_len = (size_t)len;
	in->is_len_dirty = true;
	for (size_t s = (size_t)len / SECTOR; s * SECTOR < FILE_MAX; s++)
		in->dirty[s] = true;
	return 0;
}

int
__wrap_fstat(int fd, struct stat *st)
{
	if (fails())
		return -1;
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFREG | 0644;
	st->st_size = (off_t)of(fd)->seen_len;
	return 0;
}

int
__wrap_ftruncate64(int fd, off_t len)
{
	return __wrap_ftruncate(fd, len);
}

int
__wrap_fstat64(int fd, struct stat *st)
{
	return __wrap_fstat(fd, st);
}

int
__wrap_fchown(int fd, uid_t uid, gid_t gid)
{
	(void)uid;
	(void)gid;
	(void)of(fd);
	return fails() ? -1 : 0;
}

int
__wrap_fchmod(int fd, mode_t mode)
{
	(void)mode;
	(void)of(fd);
	return fails() ? -1 : 0;
}

int
__wrap_close(int fd)
{
	if (fd == DIR_FD)
		return 0;
	(void)of(fd);
	fds[fd - FD_BASE].is_used = false;
	return 0;
}

static int
do_link(const char *from, const char *to)
{
	struct name *n = find(seen, last_part(from));

	if (fails())
		return -1;
	if (n == NULL || find(seen, last_part(to)) != NULL || !has_links) {
		errno = n == NULL ? ENOENT : has_links ? EEXIST : EPERM;
		return -1;
	}
	change(last_part(to), n->inode, "");
	return 0;
}

int
__wrap_link(const char *from, const char *to)
{
	return do_link(from, to);
}

int
__wrap_linkat(int a, const char *from, int b, const char *to, int flags)
{
	check(a == DIR_FD && b == DIR_FD && flags == 0, "linkat");
	return do_link(from, to);
}

int
__wrap_unlinkat(int dir, const char *path, int flags)
{
	check(dir == DIR_FD && flags == 0, "unlinkat");
	if (fails())
		return -1;
	if (find(seen, path) == NULL) {
		errno = ENOENT;
		return -1;
	}
	change(path, -1, "");
	return 0;
}

static int
do_rename(const char *from, const char *to)
{
	struct name *n = find(seen, last_part(from));

	if (fails())
		return -1;
	if (n == NULL) {
		errno = ENOENT;
		return -1;
	}
	change(last_part(to), n->inode, last_part(from));
	return 0;
}

int
__wrap_rename(const char *from, const char *to)
{
	return do_rename(from, to);
}

int
__wrap_renameat(int a, const char *from, int b, const char *to)
{
	check(a == DIR_FD && b == DIR_FD, "renameat");
	return do_rename(from, to);
}
