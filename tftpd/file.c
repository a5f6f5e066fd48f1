/* SPDX-License-Identifier: ISC */
/*
 * file - the files that are being sent, shared between transfers.
 *
 * Opening is done anew for each request, because it is what checks the path
 * and the permissions; a file that turns out to be open already is shared.
 * Only regular files are served.  Large ones are mapped and handed to the
 * kernel from there: it copies, and where the file has been cut off it says
 * EFAULT instead of killing us.  Small ones are read.
 */
#include "tftpd/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/when.h"

/* Smaller files are not worth a mapping. */
#define FILE_MAP_MIN (64 * 1024)
/* A fault maps what the page cache has around the page: count it so. */
#define FILE_FAULT_LEN (64 * 1024)
/* Mapped pages are given back after this much. */
#define FILE_TOUCHED_MAX (4 * 1024 * 1024)

static bool
is_key(const void *ctx, uint32_t id, const void *key, size_t len)
{
	const struct file_table *table = ctx;
	const struct file *files = (const void *)table->pool.items;

	ASSERT(len == sizeof(struct file_key));
	return memcmp(&files[id].key, key, len) == 0;
}

int
file_table_init(struct file_table *table, uint32_t max, bool is_permissive)
{
	struct map_key key;
	void *slots = proc_reserve(pool_size(max, sizeof(struct file)));
	void *map = proc_reserve(map_size(max));

	if (slots == NULL || map == NULL)
		return -ENOMEM;
	if (proc_random(&key, sizeof(key)) < 0)
		return -EIO;
	pool_init(&table->pool, slots, max, sizeof(struct file));
	map_init(&table->map, map, max, key, is_key, table);
	list_init(&table->touched);
	table->touched_len = 0;
	table->is_permissive = is_permissive;
	return 0;
}

struct file_why
file_why(int error)
{
	struct file_why why = { PROTO_UNDEFINED, NULL };

	switch (error) {
	case ENOENT:
	case ENOTDIR:
		why.code = PROTO_NOT_FOUND;
		why.text = "File not found";
		break;
	case EACCES:
	case EPERM:
	case EROFS:
	case EISDIR:
	case ELOOP:
		why.code = PROTO_ACCESS;
		break;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		why.code = PROTO_NO_SPACE;
		why.text = "Disk full or allocation exceeded";
		break;
	case EEXIST:
		why.code = PROTO_EXISTS;
		why.text = "File already exists";
		break;
	default:
		break;
	}
	if (why.text == NULL)
		why.text = strerror(error);
	return why;
}

/* May everybody read it, and is it a file at all? */
static bool
is_allowed(const struct file_table *table, const struct stat *st,
    struct file_why *ret_why)
{
	ret_why->code = PROTO_ACCESS;
	if (S_ISDIR(st->st_mode))
		ret_why->text = "Is a directory";
	else if (!S_ISREG(st->st_mode))
		ret_why->text = "Not a regular file";
	else if (!table->is_permissive && (st->st_mode & S_IROTH) == 0)
		ret_why->text = "File must have global read permissions";
	else
		return true;
	return false;
}

bool
file_is_there(const struct file_table *table, const char *name)
{
	struct file_why why;
	struct stat st;

	return stat(name, &st) == 0 && is_allowed(table, &st, &why) &&
	    access(name, R_OK) == 0;
}

static struct file_key
key_of(const struct stat *st)
{
	struct file_key key;

	memset(&key, 0, sizeof(key));
	key.dev = (uint64_t)st->st_dev;
	key.ino = (uint64_t)st->st_ino;
	key.size = (uint64_t)st->st_size;
	key.mtime_s = st->st_mtim.tv_sec;
	key.mtime_ns = st->st_mtim.tv_nsec;
	return key;
}

static uint32_t
index_of(const struct file_table *table, const struct file *file)
{
	return (uint32_t)(file - (const struct file *)(const void *)
	    table->pool.items);
}

static struct file *
add(struct file_table *table, int fd, const struct file_key *key)
{
	struct file *file = pool_get(&table->pool, NULL);
	void *p;

	if (file == NULL)
		return NULL;
	list_init(&file->link);
	file->key = *key;
	file->fd = fd;
	file->refs_n = 1;
	file->size_now = key->size;
	if (key->size >= FILE_MAP_MIN && key->size <= SIZE_MAX / 4) {
		p = mmap(NULL, (size_t)key->size, PROT_READ, MAP_SHARED, fd,
		    0);
		file->map = p == MAP_FAILED ? NULL : p;
	}
	if (!map_put(&table->map, key, sizeof(*key), index_of(table, file))) {
		file_close(table, file);
		return NULL;
	}
	return file;
}

struct file *
file_open(struct file_table *table, const char *name,
    struct file_why *ret_why)
{
	struct file *file;
	struct file_key key;
	struct stat st;
	uint32_t id;
	int fd;

	fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		*ret_why = file_why(errno);
		if (fd >= 0)
			(void)close(fd);
		return NULL;
	}
	if (!is_allowed(table, &st, ret_why)) {
		(void)close(fd);
		return NULL;
	}
	key = key_of(&st);
	if (map_find(&table->map, &key, sizeof(key), &id)) {
		(void)close(fd);
		file = (struct file *)(void *)table->pool.items + id;
		file->refs_n++;
		return file;
	}
	file = add(table, fd, &key);
	if (file == NULL) {
		(void)close(fd);
		*ret_why = file_why(ENFILE);
	}
	return file;
}

void
file_close(struct file_table *table, struct file *file)
{
	uint32_t id;

	ASSERT(file->refs_n > 0);
	if (--file->refs_n > 0)
		return;
	if (map_find(&table->map, &file->key, sizeof(file->key), &id) &&
	    id == index_of(table, file))
		(void)map_del(&table->map, &file->key, sizeof(file->key));
	if (file->map != NULL)
		(void)munmap((void *)(uintptr_t)file->map,
		    (size_t)file->key.size);
	list_del(&file->link);
	(void)close(file->fd);
	pool_put(&table->pool, file);
}

uint64_t
file_size(struct file *file, int64_t now_ns)
{
	struct stat st;

	if (now_ns - file->asked_ns >= WHEN_NS_PER_MS &&
	    fstat(file->fd, &st) == 0) {
		file->asked_ns = now_ns;
		file->size_now = (uint64_t)st.st_size;
	}
	return file->size_now;
}

const uint8_t *
file_at(struct file_table *table, struct file *file, uint64_t offset,
    size_t len)
{
	if (file->map == NULL || offset > file->key.size ||
	    len > file->key.size - offset)
		return NULL;
	/* A new stretch begins somewhere in here: it will be mapped in. */
	if (offset / FILE_FAULT_LEN != (offset + len) / FILE_FAULT_LEN ||
	    list_is_empty(&file->link))
		table->touched_len += FILE_FAULT_LEN;
	if (list_is_empty(&file->link))
		list_add_tail(&table->touched, &file->link);
	return file->map + offset;
}

void
file_trim(struct file_table *table)
{
	struct file *file;

	if (table->touched_len < FILE_TOUCHED_MAX)
		return;
	while (!list_is_empty(&table->touched)) {
		file = LIST_ITEM(table->touched.next, struct file, link);
		list_del(&file->link);
		(void)madvise((void *)(uintptr_t)file->map,
		    (size_t)file->key.size, MADV_DONTNEED);
	}
	table->touched_len = 0;
}

ssize_t
file_read(const struct file *file, uint64_t offset, void *buf, size_t len)
{
	size_t n = 0;
	ssize_t got;

	while (n < len) {
		got = pread(file->fd, (uint8_t *)buf + n, len - n,
		    (off_t)(offset + n));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

bool
file_is_read(const struct file_table *table, dev_t dev, ino_t ino)
{
	const struct file *file = NULL;

	while ((file = pool_next(&table->pool, file)) != NULL) {
		if (file->key.dev == (uint64_t)dev &&
		    file->key.ino == (uint64_t)ino)
			return true;
	}
	return false;
}
