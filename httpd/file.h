/* SPDX-License-Identifier: ISC */
/*
 * file - open files, their validators, and the cache of both.
 *
 * A struct file is an open descriptor with everything an answer needs from it:
 * size, Last-Modified and ETag as text, the media type, and for small files the
 * content itself.  Entries are found again by host and raw request path, so the
 * usual request needs neither routing nor open.  Freshness: a cached entry is
 * looked at with fstat(2) in every turn of the loop that uses it, and the whole
 * path is walked again once a second.  A length that is sent always comes from
 * the descriptor the content is read from.
 */
#ifndef HTTPD_FILE_H
#define HTTPD_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "common/cc.h"
#include "common/list.h"
#include "common/map.h"
#include "common/str.h"
#include "httpd/conf.h"
#include "httpd/route.h"

#define FILE_TEXT_MAX 1536	/* path, type and key of one entry */
#define FILE_ETAG_MAX 72
#define FILE_BODY_MAX 16384	/* content kept in memory */
#define FILE_FRESH_NS (1000 * WHEN_NS_PER_MS)

struct file {
	struct list lru;	/* in the cache's order of use, or the free list */
	uint32_t refs;		/* answers that use it now */
	bool is_cached;		/* found by key */
	int fd;
	const struct conf_vhost *vhost;
	const struct conf_dir *dir;
	struct str key;		/* raw request path */
	struct str path, uri;	/* file name, decoded path */
	struct str type;	/* with its charset; empty: send none */
	struct str language, encoding;
	struct str head, tail;	/* of a whole answer: see file_remember */
	const char *docroot;
	enum route_links links;
	bool env_varies;	/* route_env must be asked for each request */
	struct stat st;
	int64_t checked_ns;	/* last walk of the path */
	uint32_t turn;		/* last fstat */
	uint16_t etag_len;
	char etag[FILE_ETAG_MAX];
	char last_modified[32];
	uint8_t *body;		/* FILE_BODY_MAX bytes, or NULL */
	uint32_t text_len;
	char text[FILE_TEXT_MAX];
};

struct file_cache {
	struct file *v;
	uint32_t max, fresh;
	struct list free;
	struct list lru;	/* cached entries, least recently used first */
	struct map map;
	void *map_mem;
	uint8_t *bodies;	/* bodies_max blocks of FILE_BODY_MAX */
	uint32_t bodies_max, bodies_fresh, bodies_free_n;
	uint32_t *bodies_free;
};

/*
 * file_cache_init - room for max open files, part of them with content.
 *
 * 0 or -errno.
 */
int file_cache_init(struct file_cache *cache, uint32_t max) MUST_CHECK;

/*
 * file_find - a cached entry that is fresh.
 *
 * key      raw path of the request
 * now_ns   monotonic
 * turn     number of the loop's turn
 *
 * NULL when there is none, or it changed, or its path must be walked again.
 * The entry is referenced: give it back with file_put.
 */
struct file *file_find(struct file_cache *cache,
    const struct conf_vhost *vhost, struct str key, int64_t now_ns,
    uint32_t turn);

/*
 * file_open - open what a plan names.
 *
 * r        kind ROUTE_FILE
 * types    for the media type
 * key      raw path to find it by again; empty: do not cache
 *
 * 0 and a referenced entry, or -errno: -EACCES also for what is no plain file
 * and for a symbolic link that may not be followed, -ENFILE when the table is
 * full.
 */
int file_open(struct file_cache *cache, const struct route *r,
    const struct conf_vhost *vhost, const struct mime_table *types,
    struct str key, const struct when *now, uint32_t turn,
    struct file **ret) MUST_CHECK;

/*
 * file_remember - keep the fields of a whole answer as they were written.
 *
 * head    those before the fields of the connection
 * tail    those after them, with the empty line
 *
 * What does not fit is not kept; f->head is then empty.
 */
void file_remember(struct file *f, struct str head, struct str tail);

/*
 * file_put - give a reference back.
 */
void file_put(struct file_cache *cache, struct file *f);

/*
 * file_expire - close what nobody uses and would have to be opened again anyway.
 *
 * now_ns   monotonic
 *
 * A file that was removed gives its space back then, and a file system can be
 * unmounted.  False when nothing is cached any more.
 */
bool file_expire(struct file_cache *cache, int64_t now_ns);

/*
 * file_walk - open a path under the rules for symbolic links.
 *
 * path     absolute
 * base     part of path that may contain links (the document root), or NULL
 * flags    of open(2)
 *
 * Descriptor or -errno.
 */
int file_walk(const char *path, const char *base, enum route_links links,
    int flags) MUST_CHECK;

#endif
