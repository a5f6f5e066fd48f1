/* SPDX-License-Identifier: ISC */
/*
 * upload - files that are being received.
 *
 * A new file grows under a temporary name beside its place and gets its own
 * name when it is complete.  An existing file keeps inode, mode and owner, as
 * with tftp-hpa: the upload is spooled and copied into it when it is complete.
 * What is aborted leaves everything as it was.  With --in-place the bytes go
 * straight into the file instead, as tftp-hpa does it.
 */
#ifndef TFTPD_UPLOAD_H
#define TFTPD_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cc.h"
#include "common/list.h"
#include "common/pool.h"
#include "tftpd/file.h"
#include "tftpd/keeper.h"
#include "tftpd/netascii.h"
#include "tftpd/proto.h"

/* Uploads at the same time. */
#define UPLOAD_MAX 256

struct upload {
	struct list link;
	int fd;			/* where the bytes go */
	int target_fd;		/* existing file that they are for, or -1 */
	dev_t dev;		/* of the existing file */
	ino_t ino;
	uint64_t len;		/* written so far */
	uint64_t copied;	/* into the existing file */
	uint64_t kicked;	/* on their way to the disk */
	bool is_ascii;
	bool is_new;
	struct netascii ascii;
	char name[PROTO_NAME_MAX + 1];
	char temp[PROTO_NAME_MAX + 1];	/* empty: no temporary name */
};

/* Process lifetime. */
struct upload_table {
	struct pool pool;
	struct list active;
	struct file_table *files;
	struct keeper *keeper;	/* for files to spool into */
	uint64_t temp_number;	/* for the next temporary name */
	bool may_create;	/* -c */
	bool is_permissive;	/* -p */
	bool is_in_place;	/* --in-place */
	bool is_read_only;	/* --read-only */
};

/*
 * upload_table_init - room for UPLOAD_MAX; the flags are set by the caller.
 *
 * 0 or -errno.
 */
int upload_table_init(struct upload_table *table,
    struct file_table *files) MUST_CHECK;

/*
 * upload_open - begin to receive a file.
 *
 * ret_why    set when NULL is returned; its text is NULL when there is no
 *            room for another upload and the request should be dropped
 */
struct upload *upload_open(struct upload_table *table, const char *name,
    bool is_ascii, struct file_why *ret_why) MUST_CHECK;

/*
 * upload_write - the bytes of the next block.  0 or -errno.
 */
int upload_write(struct upload *upload, const uint8_t *p, size_t len,
    bool is_last) MUST_CHECK;

/*
 * upload_commit - make a complete file visible; a piece of work per call.
 *
 * 1 when there is more to do, 0 when it is done, or -errno; -ETXTBSY when the
 * old file is being read.
 */
int upload_commit(struct upload_table *table, struct upload *upload)
    MUST_CHECK;

/*
 * upload_close - the end, after a commit or instead of one.
 */
void upload_close(struct upload_table *table, struct upload *upload);

#endif
