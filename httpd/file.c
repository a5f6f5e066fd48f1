/* SPDX-License-Identifier: ISC */
/*
 * file - opening below the root, and the cache of open files.
 *
 * Table, map and the blocks for small contents are reserved at start and only
 * touched as far as they are used.  An entry without references stays cached
 * until its path would have to be walked again, its slot is needed (least
 * recently used goes first) or it turns out to be stale.  Entries never change
 * under an answer that uses them: a changed file gets a new entry, the old one
 * lives until its last answer is done.
 */
#include "httpd/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/wr.h"
#include "httpd/date.h"
#include "httpd/mime.h"

#define BODIES_MAX 1024		/* 16 MiB of small contents */


static bool
is_key(const void *ctx, uint32_t id, const void *key, size_t len)
{
	const struct file_cache *cache = ctx;
	const struct file *f = &cache->v[id];

	return str_eq(f->key, str_make(key, len));
}

int
file_cache_init(struct file_cache *cache, uint32_t max)
{
	struct map_key key;
	int err = proc_random(&key, sizeof key);

	if (err != 0)
		return err;
	memset(cache, 0, sizeof *cache);
	cache->max = max;
	cache->v = proc_reserve(max * sizeof *cache->v);
	cache->map_mem = proc_reserve(map_size(max));
	cache->bodies_max = BODIES_MAX;
	cache->bodies = proc_reserve((size_t)BODIES_MAX * FILE_BODY_MAX);
	cache->bodies_free = proc_reserve(BODIES_MAX * sizeof(uint32_t));
	if (cache->v == NULL || cache->map_mem == NULL ||
	    cache->bodies == NULL || cache->bodies_free == NULL)
		return -ENOMEM;
	list_init(&cache->free);
	list_init(&cache->lru);
	map_init(&cache->map, cache->map_mem, max, key, is_key, cache);
	return 0;
}

/* ---- slots ------------------------------------------------------------------ */

static void
drop_body(struct file_cache *cache, struct file *f)
{
	if (f->body == NULL)
		return;
	cache->bodies_free[cache->bodies_free_n++] =
	    (uint32_t)((size_t)(f->body - cache->bodies) / FILE_BODY_MAX);
	f->body = NULL;
}

static uint8_t *
take_body(struct file_cache *cache)
{
	uint32_t i;

	if (cache->bodies_free_n > 0)
		i = cache->bodies_free[--cache->bodies_free_n];
	else if (cache->bodies_fresh < cache->bodies_max)
		i = cache->bodies_fresh++;
	else
		return NULL;
	return cache->bodies + (size_t)i * FILE_BODY_MAX;
}

/* nobody uses it and nobody can find it: the slot is free */
static void
release(struct file_cache *cache, struct file *f)
{
	ASSERT(f->refs == 0 && !f->is_cached);
	drop_body(cache, f);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	list_add_head(&cache->free, &f->lru);
}

/* out of the map; freed now or with its last reference */
static void
forget(struct file_cache *cache, struct file *f)
{
	if (f->is_cached) {
		(void)!map_del(&cache->map, f->key.p, f->key.len);
		list_del(&f->lru);
		f->is_cached = false;
	}
	if (f->refs == 0)
		release(cache, f);
}

static struct file *
take_slot(struct file_cache *cache)
{
	struct list *l;
	struct file *f;

	if (list_is_empty(&cache->free) && cache->fresh < cache->max) {
		f = &cache->v[cache->fresh++];
		list_init(&f->lru);
		return f;
	}
	for (l = cache->lru.next; list_is_empty(&cache->free) &&
	    l != &cache->lru;) {
		f = LIST_ITEM(l, struct file, lru);
		l = l->next;
		if (f->refs == 0)
			forget(cache, f);
	}
	if (list_is_empty(&cache->free))
		return NULL;
	l = cache->free.next;
	list_del(l);
	return LIST_ITEM(l, struct file, lru);
}

void
file_put(struct file_cache *cache, struct file *f)
{
	ASSERT(f->refs > 0);
	if (--f->refs == 0 && !f->is_cached)
		release(cache, f);
}

bool
file_expire(struct file_cache *cache, int64_t now_ns)
{
	struct list *l = cache->lru.next;

	while (l != &cache->lru) {
		struct file *f = LIST_ITEM(l, struct file, lru);

		l = l->next;
		if (f->refs == 0 && now_ns - f->checked_ns >= FILE_FRESH_NS)
			forget(cache, f);
	}
	return !list_is_empty(&cache->lru);
}

/* ---- finding ---------------------------------------------------------------- */

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_ino == b->st_ino &&
	    a->st_dev == b->st_dev &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* key in the map: host and path; false when it is too long to be cached */
static bool
make_key(const struct conf_vhost *vhost, struct str path, char *buf,
    size_t size, struct str *ret)
{
	if (path.len == 0 || path.len > size - sizeof vhost)
		return false;
	memcpy(buf, &vhost, sizeof vhost);
	memcpy(buf + sizeof vhost, path.p, path.len);
	*ret = str_make(buf, sizeof vhost + path.len);
	return true;
}

struct file *
file_find(struct file_cache *cache, const struct conf_vhost *vhost,
    struct str key, int64_t now_ns, uint32_t turn)
{
	char buf[FILE_TEXT_MAX / 3];
	struct str k;
	struct file *f;
	uint32_t id;

	if (!make_key(vhost, key, buf, sizeof buf, &k) ||
	    !map_find(&cache->map, k.p, k.len, &id))
		return NULL;
	f = &cache->v[id];
	if (now_ns - f->checked_ns >= FILE_FRESH_NS)
		return NULL;
	if (f->turn != turn) {
		struct stat st;

		if (fstat(f->fd, &st) != 0 || st.st_nlink == 0 ||
		    !is_same(&st, &f->st)) {
			forget(cache, f);
			return NULL;
		}
		f->turn = turn;
		list_del(&f->lru);
		list_add_tail(&cache->lru, &f->lru);
	}
	f->refs++;
	return f;
}

/* ---- opening ---------------------------------------------------------------- */

/* links below base are refused: one openat per component */
static int
walk_no_links(const char *path, size_t base_len, int flags)
{
	char part[NAME_MAX + 1];
	int dir = AT_FDCWD;
	const char *p = path + base_len;

	if (base_len > 0) {
		char base[ROUTE_PATH_MAX];

		if (!str_copy(str_make(path, base_len), base, sizeof base))
			return -ENAMETOOLONG;
		dir = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
	} else {
		dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	while (dir >= 0) {
		const char *end;
		int fd, err;

		while (*p == '/')
			p++;
		end = strchrnul(p, '/');
		if (*p == '\0')
			end = p;
		if ((size_t)(end - p) >= sizeof part) {
			close(dir);
			return -ENAMETOOLONG;
		}
		memcpy(part, p, (size_t)(end - p));
		part[end - p] = '\0';
		fd = openat(dir, *p == '\0' ? "." : part,
		    (*end == '\0' ? flags : O_PATH | O_DIRECTORY) |
		    O_NOFOLLOW | O_CLOEXEC);
		err = errno;
		close(dir);
		if (fd < 0)
			return err == ELOOP || err == ENOTDIR ? -EACCES : -err;
		if (*end == '\0')
			return fd;
		dir = fd;
		p = end;
	}
	return -errno;
}

/* every link on the way must belong to the owner of what it points to */
static int
check_owners(const char *path, size_t base_len)
{
	char part[ROUTE_PATH_MAX];
	const char *p = path + base_len;

	while (*p != '\0') {
		struct stat link, target;
		const char *end;

		while (*p == '/')
			p++;
		end = strchrnul(p, '/');
		if (!str_copy(str_make(path, (size_t)(end - path)), part,
		    sizeof part))
			return -ENAMETOOLONG;
		if (lstat(part, &link) != 0)
			return -errno;
		if (S_ISLNK(link.st_mode)) {
			if (stat(part, &target) != 0)
				return -errno;
			if (target.st_uid != link.st_uid)
				return -EACCES;
		}
		p = end;
	}
	return 0;
}

int
file_walk(const char *path, const char *base, enum route_links links,
    int flags)
{
	size_t base_len = 0;
	int fd;

	if (links != ROUTE_LINKS_FOLLOW && base != NULL) {
		base_len = strlen(base);
		if (strncmp(path, base, base_len) != 0 ||
		    (path[base_len] != '/' && path[base_len] != '\0'))
			base_len = 0;
	}
	if (links == ROUTE_LINKS_NONE)
		return walk_no_links(path, base_len, flags);
	if (links == ROUTE_LINKS_OWNER) {
		int err = check_owners(path, base_len);

		if (err != 0)
			return err;
	}
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* ---- an entry's text --------------------------------------------------------- */

/* a copy in the entry; what does not fit makes *ok false */
static struct str
keep(struct file *f, struct str s, bool *ok)
{
	char *p = f->text + f->text_len;

	if (s.len + 1 > sizeof f->text - f->text_len) {
		*ok = false;
		return STR("");
	}
	if (s.len > 0)
		memcpy(p, s.p, s.len);
	p[s.len] = '\0';
	f->text_len += (uint32_t)s.len + 1;
	return str_make(p, s.len);
}

static void
set_validators(struct file *f, const struct when *now)
{
	int64_t mtime_s = f->st.st_mtim.tv_sec;
	uint8_t what = f->dir->etag;
	const char *sep = "";
	struct wr w;

	/* a file changed within this second may change again unnoticed */
	bool is_weak = mtime_s >= now->wall_s - 1;

	wr_init(&w, f->last_modified, sizeof f->last_modified);
	date_fmt(&w, mtime_s > now->wall_s ? now->wall_s : mtime_s);
	f->etag_len = 0;
	if ((what & (CONF_ETAG_INODE | CONF_ETAG_SIZE | CONF_ETAG_MTIME)) == 0)
		return;
	wr_init(&w, f->etag, sizeof f->etag);
	wr_text(&w, is_weak ? "W/\"" : "\"");
	if ((what & CONF_ETAG_INODE) != 0) {
		wr_fmt(&w, "%llx", (unsigned long long)f->st.st_ino);
		sep = "-";
	}
	if ((what & CONF_ETAG_SIZE) != 0) {
		wr_fmt(&w, "%s%llx", sep, (unsigned long long)f->st.st_size);
		sep = "-";
	}
	if ((what & CONF_ETAG_MTIME) != 0)
		wr_fmt(&w, "%s%llx", sep, (unsigned long long)(mtime_s *
		    1000000LL + f->st.st_mtim.tv_nsec / 1000));
	wr_u8(&w, '"');
	f->etag_len = wr_ok(&w) ? (uint16_t)w.len : 0;
}

static bool
takes_default_charset(struct str type)
{
	return str_ieq(type, STR("text/plain")) ||
	    str_ieq(type, STR("text/html"));
}

/* AddCharset is shown in lower case, AddDefaultCharset as it was written */
static void
put_lower(struct wr *w, struct str s, bool is_lower)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		wr_u8(w, (uint8_t)(is_lower ? str_lower(s.p[i]) : s.p[i]));
}

static bool
set_type(struct file *f, const struct mime_table *types)
{
	struct str name = f->path, type, charset;
	size_t slash = str_rchr(name, '/');
	char buf[256];
	struct mime_info info;
	struct wr w;
	bool ok = true;

	if (slash != STR_NONE)
		name = str_sub(name, slash + 1, name.len);
	mime_find(&f->dir->exts, types, name, &info);
	type = f->dir->force_type.len > 0 ? f->dir->force_type : info.type;
	if (type.len == 0)
		type = f->dir->default_type;
	if (str_ieq(type, STR("none")))
		type = STR("");
	if (f->dir->force_type.len > 0)		/* it has its own, or none */
		info.charset = STR("");
	charset = info.charset;
	if (charset.len == 0 && takes_default_charset(type))
		charset = f->dir->default_charset;
	wr_init(&w, buf, sizeof buf);
	wr_str(&w, type);
	if (type.len > 0 && charset.len > 0 &&
	    str_find(type, STR("charset=")) == STR_NONE) {
		wr_text(&w, "; charset=");
		put_lower(&w, charset, info.charset.len > 0);
	}
	f->type = keep(f, wr_ok(&w) ? wr_as_str(&w) : type, &ok);
	f->language = keep(f, info.language.len > 0 ? info.language :
	    f->dir->default_lang, &ok);
	f->encoding = keep(f, info.encodings_n > 0 ? info.encodings[0] :
	    STR(""), &ok);
	return ok;
}

static void
read_body(struct file_cache *cache, struct file *f)
{
	size_t size = (size_t)f->st.st_size;

	if (f->st.st_size > FILE_BODY_MAX || size == 0)
		return;
	f->body = take_body(cache);
	if (f->body == NULL)
		return;
	if (pread(f->fd, f->body, size, 0) != (ssize_t)size)
		drop_body(cache, f);
}

static void
enter(struct file_cache *cache, struct file *f)
{
	uint32_t id;

	if (map_find(&cache->map, f->key.p, f->key.len, &id)) {
		struct file *old = &cache->v[id];

		ASSERT(old != f);
		forget(cache, old);
	}
	if (!map_put(&cache->map, f->key.p, f->key.len,
	    (uint32_t)(f - cache->v)))
		return;
	f->is_cached = true;
	list_add_tail(&cache->lru, &f->lru);
	read_body(cache, f);
}

/* the descriptor and everything the plan says; false: text does not fit */
static bool
fill(struct file *f, const struct route *r, const struct conf_vhost *vhost,
    const struct mime_table *types, const struct when *now)
{
	bool ok = true;

	f->vhost = vhost;
	f->dir = r->dir;
	f->links = r->links;
	f->env_varies = r->env_varies;
	f->docroot = r->docroot;
	f->text_len = 0;
	f->head = f->tail = STR("");
	f->path = keep(f, str_of(r->file), &ok);
	f->uri = keep(f, r->uri, &ok);
	if (!ok || !set_type(f, types))
		return false;
	set_validators(f, now);
	return true;
}

void
file_remember(struct file *f, struct str head, struct str tail)
{
	bool ok = true;

	f->tail = keep(f, tail, &ok);
	f->head = keep(f, head, &ok);
	if (!ok)
		f->head = STR("");
}

int
file_open(struct file_cache *cache, const struct route *r,
    const struct conf_vhost *vhost, const struct mime_table *types,
    struct str key, const struct when *now, uint32_t turn, struct file **ret)
{
	struct file *f;
	char buf[FILE_TEXT_MAX / 3];
	bool ok = true;
	struct str k;
	int fd, err;

	fd = file_walk(r->file, r->docroot, r->links,
	    O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	f = take_slot(cache);
	if (f == NULL) {
		close(fd);
		return -ENFILE;
	}
	f->fd = fd;
	f->refs = 0;
	f->is_cached = false;
	f->body = NULL;
	f->turn = turn;
	f->checked_ns = now->mono_ns;
	err = fstat(fd, &f->st) != 0 ? -errno :
	    !S_ISREG(f->st.st_mode) ? -EACCES : 0;
	if (err != 0) {
		release(cache, f);
		return err;
	}
	if (!fill(f, r, vhost, types, now)) {
		release(cache, f);
		return -ENAMETOOLONG;
	}
	if (make_key(vhost, key, buf, sizeof buf, &k)) {
		f->key = keep(f, k, &ok);
		if (ok)
			enter(cache, f);
	}
	f->refs++;
	*ret = f;
	return 0;
}
