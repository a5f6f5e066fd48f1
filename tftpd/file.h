/* SPDX-License-Identifier: ISC */
/*
 * file - the files that are being sent, shared between transfers.
 *
 * However many clients read a file, it is open once and mapped once; a file
 * that was replaced or changed since is another one, so those who began with
 * the old one end with it.  Mapped pages that were touched are given back to
 * the kernel from time to time: they stay in its cache, not in our size.
 */
#ifndef TFTPD_FILE_H
#define TFTPD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "common/cc.h"
#include "common/list.h"
#include "common/map.h"
#include "common/pool.h"
#include "tftpd/proto.h"

/* Why a file is not to be had: what the ERROR packet says. */
struct file_why {
	enum proto_code code;
	const char *text;	/* static, or strerror's until the next one */
};

/* What makes a file the same one. */
struct file_key {
	uint64_t dev, ino;
	uint64_t size;
	int64_t mtime_s, mtime_ns;
};

struct file {
	struct list link;	/* of those with touched pages */
	struct file_key key;
	const uint8_t *map;	/* NULL: read with file_read */
	int fd;
	uint32_t refs_n;
	int64_t asked_ns;	/* when size_now was asked for */
	uint64_t size_now;
};

/* Process lifetime. */
struct file_table {
	struct pool pool;
	struct map map;
	struct list touched;
	size_t touched_len;	/* at most this much is mapped in */
	bool is_permissive;	/* -p */
};

/*
 * file_table_init - room for max open files.  0 or -errno.
 */
int file_table_init(struct file_table *table, uint32_t max,
    bool is_permissive) MUST_CHECK;

/*
 * file_why - the ERROR packet for a failed system call.
 *
 * error      errno value
 */
struct file_why file_why(int error);

/*
 * file_open - a file for reading, or a share of it.
 *
 * ret_why    set when NULL is returned
 */
struct file *file_open(struct file_table *table, const char *name,
    struct file_why *ret_why) MUST_CHECK;

/*
 * file_is_there - would file_open let this name in?
 */
bool file_is_there(const struct file_table *table, const char *name);

/*
 * file_close - one share less.
 */
void file_close(struct file_table *table, struct file *file);

/*
 * file_size - how long the file is, as of the last millisecond.
 */
uint64_t file_size(struct file *file, int64_t now_ns);

/*
 * file_at - len bytes at an offset in memory, or NULL when file_read must be
 * used.  The pointer is for the kernel only: our own access could fault.
 */
const uint8_t *file_at(struct file_table *table, struct file *file,
    uint64_t offset, size_t len);

/*
 * file_trim - give mapped pages back when too many have been touched.
 *
 * Not while pointers from file_at wait to be sent.
 */
void file_trim(struct file_table *table);

/*
 * file_read - bytes at an offset; fewer only at the end of the file.
 *
 * Their number or -errno.
 */
ssize_t file_read(const struct file *file, uint64_t offset, void *buf,
    size_t len) MUST_CHECK;

/*
 * file_is_read - is anybody reading this inode, in whatever version?
 */
bool file_is_read(const struct file_table *table, dev_t dev, ino_t ino);

#endif
