/* SPDX-License-Identifier: ISC */
/*
 * upload - files that are being received.
 *
 * Nothing is acknowledged before it is written, and the last block not before
 * the whole file is in its place and on the disk.  To keep that last step
 * short, writing back begins while the upload runs, and copying into an
 * existing file goes in pieces, between which other transfers are served.
 */
#include "tftpd/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/wr.h"

/* Bytes copied into an existing file per call. */
#define UPLOAD_COPY_LEN (1024 * 1024)
/* Bytes after which writing back is begun. */
#define UPLOAD_KICK_LEN (4 * 1024 * 1024)

int
upload_table_init(struct upload_table *table, struct file_table *files)
{
	void *mem = proc_reserve(pool_size(UPLOAD_MAX, sizeof(struct upload)));

	if (mem == NULL)
		return -ENOMEM;
	if (proc_random(&table->temp_number, sizeof(table->temp_number)) < 0)
		return -EIO;
	pool_init(&table->pool, mem, UPLOAD_MAX, sizeof(struct upload));
	list_init(&table->active);
	table->files = files;
	return 0;
}

/* A name that is not there yet, in the directory of name. */
static bool
temp_name(struct upload_table *table, const char *name, char *buf,
    size_t size)
{
	const char *slash = strrchr(name, '/');
	int n, dir_len = slash == NULL ? 0 : (int)(slash + 1 - name);

	n = snprintf(buf, size, "%.*s.tftpd-%016llx", dir_len,
	    name, (unsigned long long)table->temp_number++);
	return n > 0 && (size_t)n < size;
}

/* Is the name, or the existing file, being uploaded already? */
static bool
is_busy(const struct upload_table *table, const struct upload *upload)
{
	struct list *l;

	for (l = table->active.next; l != &table->active; l = l->next) {
		const struct upload *other = LIST_ITEM(l, struct upload, link);

		if (strcmp(upload->name, other->name) == 0)
			return true;
		if (upload->target_fd >= 0 && other->target_fd >= 0 &&
		    upload->dev == other->dev && upload->ino == other->ino)
			return true;
	}
	return false;
}

/* A file without a name to spool into: the keeper's, or else one beside the
 * target; -errno if there is no place for one. */
static int
open_spool(struct upload_table *table, const char *name)
{
	char temp[PROTO_NAME_MAX + 1];
	int fd = keeper_open(table->keeper, KEEPER_SPOOL);

	if (fd >= 0)
		return fd;
	if (!temp_name(table, name, temp, sizeof(temp)))
		return -ENAMETOOLONG;
	fd = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	(void)unlink(temp);
	return fd;
}

static int
open_existing(struct upload_table *table, struct upload *upload,
    struct file_why *ret_why)
{
	struct stat st;
	int fd = open(upload->name,
	    O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	upload->target_fd = fd;
	if (fstat(fd, &st) != 0)
		return -errno;
	if (!S_ISREG(st.st_mode)) {
		ret_why->text = "Not a regular file";
		return -EACCES;
	}
	if (!table->is_permissive && (st.st_mode & S_IWOTH) == 0) {
		ret_why->text = "File must have global write permissions";
		return -EACCES;
	}
	upload->dev = st.st_dev;
	upload->ino = st.st_ino;
	if (is_busy(table, upload)) {
		ret_why->text = "File is being written";
		return -EACCES;
	}
	upload->fd = table->is_in_place ? -1 :
	    open_spool(table, upload->name);
	if (upload->fd >= 0)
		return 0;
	/* No place to spool, or none wanted: into the file itself. */
	if (ftruncate(fd, 0) != 0) {
		ret_why->text = "Cannot reset file size";
		return -EACCES;
	}
	upload->fd = fd;
	upload->target_fd = -1;
	return 0;
}

static int
open_new(struct upload_table *table, struct upload *upload,
    struct file_why *ret_why)
{
	const char *path = upload->name;
	struct stat st;

	if (!table->may_create || lstat(upload->name, &st) == 0)
		return -ENOENT;		/* a link to nowhere stays one */
	if (is_busy(table, upload)) {
		ret_why->text = "File is being written";
		return -EACCES;
	}
	upload->is_new = true;
	if (!table->is_in_place) {
		if (!temp_name(table, upload->name, upload->temp,
		    sizeof(upload->temp)))
			return -ENAMETOOLONG;
		path = upload->temp;
	}
	upload->fd = open(path,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, 0666);
	if (upload->fd < 0) {
		upload->temp[0] = '\0';
		return -errno;
	}
	return 0;
}

struct upload *
upload_open(struct upload_table *table, const char *name, bool is_ascii,
    struct file_why *ret_why)
{
	struct upload *upload;
	struct stat st;
	int error;

	ret_why->code = PROTO_ACCESS;
	ret_why->text = "Server is read-only";
	if (table->is_read_only)
		return NULL;
	ret_why->text = NULL;
	upload = pool_get(&table->pool, NULL);
	if (upload == NULL)
		return NULL;
	list_init(&upload->link);
	upload->fd = upload->target_fd = -1;
	upload->is_ascii = is_ascii;
	error = str_copy(str_of(name), upload->name, sizeof(upload->name)) ?
	    0 : -ENAMETOOLONG;
	if (error == 0 && stat(name, &st) == 0)
		error = open_existing(table, upload, ret_why);
	else if (error == 0)
		error = errno == ENOENT ? open_new(table, upload, ret_why) :
		    -errno;
	if (error != 0) {
		if (ret_why->text == NULL)
			*ret_why = file_why(-error);
		upload_close(table, upload);
		return NULL;
	}
	list_add_tail(&table->active, &upload->link);
	return upload;
}

static int
write_all(struct upload *upload, const uint8_t *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = pwrite(upload->fd, p, len, (off_t)upload->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		p += n;
		len -= (size_t)n;
		upload->len += (uint64_t)n;
	}
	return 0;
}

int
upload_write(struct upload *upload, const uint8_t *p, size_t len,
    bool is_last)
{
	uint8_t buf[PROTO_BLKSIZE_MAX + 2];
	struct wr wr;
	int error;

	if (upload->is_ascii) {
		wr_init(&wr, buf, sizeof(buf));
		netascii_decode(&upload->ascii, p, len, &wr);
		if (is_last)
			netascii_finish(&upload->ascii, &wr);
		ASSERT(wr_ok(&wr));
		p = buf;
		len = wr.len;
	}
	error = write_all(upload, p, len);
	if (error == 0 && upload->len - upload->kicked >= UPLOAD_KICK_LEN) {
		(void)sync_file_range(upload->fd, (off_t)upload->kicked,
		    (off_t)(upload->len - upload->kicked),
		    SYNC_FILE_RANGE_WRITE);
		upload->kicked = upload->len;
	}
	return error;
}

/* Put a new file under its name, unless somebody else did meanwhile. */
static int
publish(struct upload *upload)
{
	if (fdatasync(upload->fd) != 0)
		return -errno;
	if (upload->temp[0] == '\0')
		return 0;
	if (link(upload->temp, upload->name) == 0) {
		(void)unlink(upload->temp);
	} else if (errno == EEXIST ||
	    rename(upload->temp, upload->name) != 0) {
		return -errno;		/* no hard links here: renamed */
	}
	upload->temp[0] = '\0';
	return 0;
}

/* Copy the spooled bytes into the existing file, a piece at a time. */
static int
copy_piece(struct upload_table *table, struct upload *upload)
{
	off_t at = (off_t)upload->copied;
	size_t len = UPLOAD_COPY_LEN;
	ssize_t n;

	if (file_is_read(table->files, upload->dev, upload->ino))
		return -ETXTBSY;
	if (upload->copied == 0 && upload->len > 0 &&
	    fallocate(upload->target_fd, FALLOC_FL_KEEP_SIZE, 0,
	    (off_t)upload->len) != 0 &&
	    (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
		return -errno;		/* before anything is overwritten */
	if (len > upload->len - upload->copied)
		len = (size_t)(upload->len - upload->copied);
	if (len > 0) {
		n = sendfile(upload->target_fd, upload->fd, &at, len);
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		upload->copied += (uint64_t)n;
	}
	if (upload->copied < upload->len)
		return 1;
	if (ftruncate(upload->target_fd, (off_t)upload->len) != 0 ||
	    fdatasync(upload->target_fd) != 0)
		return -errno;
	return 0;
}

int
upload_commit(struct upload_table *table, struct upload *upload)
{
	if (upload->target_fd >= 0)
		return copy_piece(table, upload);
	return publish(upload);
}

void
upload_close(struct upload_table *table, struct upload *upload)
{
	if (upload->temp[0] != '\0')
		(void)unlink(upload->temp);
	if (upload->fd >= 0)
		(void)close(upload->fd);
	if (upload->target_fd >= 0)
		(void)close(upload->target_fd);
	list_del(&upload->link);
	pool_put(&table->pool, upload);
}
