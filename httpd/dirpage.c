/* SPDX-License-Identifier: ISC */
/*
 * dirpage - reading directories and keeping their pages.
 *
 * The watch is set before the directory is read, and pending events are read
 * before a kept page is used, so a change that happened before the request is
 * never missed.  inotify does not tell that the contents of a subdirectory or
 * of a link's target changed, and both show in the page: a page with such
 * entries is kept for DIRPAGE_TTL_NS only.
 */
#include "httpd/dirpage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/map.h"
#include "common/proc.h"
#include "httpd/listpage.h"
#include "httpd/mime.h"

#define PAGES_MAX 64
#define KEY_MAX 2048
#define BYTES_MAX (64u << 20)	/* all kept pages of a worker together */
#define DIRPAGE_TTL_NS (1000 * WHEN_NS_PER_MS)
#define INSERT_MAX (256u << 10)	/* HEADER or README */
#define TITLE_HEAD_MAX 4096
#define WATCHED (IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | \
	IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | \
	IN_ONLYDIR)

struct dirpage {
	bool is_used, is_stale;
	uint32_t refs;
	int wd;			/* watch, or -1 */
	bool is_short_lived;
	int64_t built_ns, used_ns;
	int64_t mtime_ns;	/* of the directory */
	uint64_t hash;
	size_t key_len, len, size;
	uint8_t *html;
	char key[KEY_MAX];
};

struct dirpages {
	struct ev_source src;
	int fd;			/* inotify, or -1 */
	size_t bytes;
	struct map_key hash_key;
	struct dirpage v[PAGES_MAX];
};

static void
drop(struct dirpages *d, struct dirpage *p)
{
	int i, wd = p->wd;

	ASSERT(p->refs == 0);
	proc_release(p->html, p->size);
	d->bytes -= p->size;
	p->html = NULL;
	p->is_used = false;
	p->wd = -1;
	for (i = 0; i < PAGES_MAX; i++)
		if (d->v[i].is_used && d->v[i].wd == wd)
			return;
	if (wd >= 0)
		(void)!inotify_rm_watch(d->fd, wd);
}

static void
spoil(struct dirpages *d, int wd, bool is_all)
{
	int i;

	for (i = 0; i < PAGES_MAX; i++) {
		struct dirpage *p = &d->v[i];

		if (!p->is_used || (!is_all && p->wd != wd))
			continue;
		p->is_stale = true;
		if (p->refs == 0)
			drop(d, p);
	}
}

static void
read_events(struct dirpages *d)
{
	_Alignas(struct inotify_event) char buf[8192];

	while (d->fd >= 0) {
		ssize_t n = read(d->fd, buf, sizeof buf);
		size_t at = 0;

		if (n <= 0)
			return;
		while (at + sizeof(struct inotify_event) <= (size_t)n) {
			struct inotify_event e;

			memcpy(&e, buf + at, sizeof e);
			spoil(d, e.wd, (e.mask & IN_Q_OVERFLOW) != 0);
			at += sizeof e + e.len;
		}
	}
}

static void
on_change(void *ctx, unsigned ready)
{
	(void)ready;
	read_events(ctx);
}

int
dirpage_init(struct worker *w)
{
	struct dirpages *d = proc_reserve(sizeof *d);

	w->pages = d;
	if (d == NULL)
		return -ENOMEM;
	if (proc_random(&d->hash_key, sizeof d->hash_key) != 0)
		d->hash_key.k0 = (uint64_t)w->pid;
	ev_source_init(&d->src, on_change, d);
	d->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (d->fd >= 0 && ev_add(&w->ev, &d->src, d->fd, EV_READ) != 0) {
		close(d->fd);
		d->fd = -1;
	}
	return 0;
}

void
dirpage_put(struct worker *w, struct dirpage *p)
{
	ASSERT(p->refs > 0);
	if (--p->refs == 0 && p->is_stale)
		drop(w->pages, p);
}

/* ---- building -------------------------------------------------------------------- */

/* parts of the worker's scratch memory */
struct build {
	struct xact *x;
	struct listpage page;
	size_t entries_max;
	struct arena names;
	struct wr out;
	struct str types_name;
	int fd;
	bool has_dirs, has_links;
	bool is_partial;	/* an entry could not be looked at */
};

static struct str
scan_title(struct build *b, struct str name)
{
	char *buf = arena_alloc(&b->names, TITLE_HEAD_MAX, 1);
	ssize_t n = 0;
	int fd;

	if (buf == NULL)
		return STR("");
	fd = openat(b->fd, name.p, O_RDONLY | O_NONBLOCK | O_CLOEXEC |
	    (b->x->route.links == ROUTE_LINKS_FOLLOW ? 0 : O_NOFOLLOW));
	if (fd >= 0) {
		n = read(fd, buf, TITLE_HEAD_MAX);
		close(fd);
	}
	arena_trim(&b->names, buf, n > 0 ? (size_t)n : 0);
	return listing_title(str_make(buf, n > 0 ? (size_t)n : 0));
}

/* false when the scratch memory is full */
static bool
add_entry(struct build *b, const char *d_name)
{
	struct xact *x = b->x;
	const struct conf_dir *dir = x->route.dir;
	struct listing_entry *e = &b->page.entries[b->page.entries_n];
	struct worker *w = x->conn->w;
	struct mime_info info;
	struct stat st;
	size_t mark;
	bool may_read, is_sure;

	if (listing_is_hidden(&dir->ix, &b->page.query, str_of(d_name)))
		return true;
	if (fstatat(b->fd, d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		b->is_partial = true;
		return true;
	}
	if (S_ISLNK(st.st_mode)) {
		b->has_links = true;
		if (fstatat(b->fd, d_name, &st, 0) != 0)
			return true;
	}
	if (b->page.entries_n == b->entries_max)
		return false;
	memset(e, 0, sizeof *e);
	if (!arena_str(&b->names, str_of(d_name), &e->name))
		return false;
	e->is_dir = S_ISDIR(st.st_mode);
	e->size = (uint64_t)st.st_size;
	e->mtime_s = st.st_mtim.tv_sec;
	b->has_dirs |= e->is_dir;
	mark = arena_mark(&x->turn);
	may_read = route_visible(&x->in_route, &w->route_fs, &w->route_work,
	    &x->turn, &x->route, e->name, e->is_dir, &is_sure);
	arena_reset(&x->turn, mark);
	b->is_partial |= !is_sure;
	if (!may_read && (dir->ix.opts & CONF_IX_SHOWFORBIDDEN) == 0)
		return true;
	if (!e->is_dir) {
		mime_find(&dir->exts, w->conf->types, e->name, &info);
		e->type = info.type;
		if (info.encodings_n > 0)
			e->encoding = info.encodings[0];
		if (may_read && (dir->ix.opts & CONF_IX_SCANTITLES) != 0 &&
		    str_istarts(e->type, STR("text/html")))
			e->title = scan_title(b, e->name);
	}
	b->page.entries_n++;
	return true;
}

static int
read_entries(struct build *b)
{
	DIR *dir = fdopendir(b->fd);
	int err = 0;

	if (dir == NULL) {
		close(b->fd);
		return -ENOMEM;
	}
	while (err == 0) {
		struct dirent *de;

		errno = 0;
		de = readdir(dir);
		if (de == NULL) {
			err = -errno;
			break;
		}
		if (!add_entry(b, de->d_name))
			err = -ENOMEM;
	}
	closedir(dir);
	return err;
}

/* HEADER or README: a local path of its own, with its own access rules */
static struct str
read_insert(struct build *b, struct str name, bool *ret_is_html)
{
	struct xact *x = b->x;
	struct worker *w = x->conn->w;
	size_t mark = arena_mark(&x->turn);
	struct str text = STR("");
	struct mime_info info;
	struct route r;
	char target[1024];
	struct wr t;
	int fd;

	if (name.len == 0)
		return text;
	wr_init(&t, target, sizeof target);
	if (name.p[0] != '/')
		wr_str(&t, x->route.uri);
	wr_str(&t, name);
	if (!wr_ok(&t))
		return text;
	route_internal(&x->in_route, &w->route_fs, &w->route_work, &x->turn,
	    wr_as_str(&t), &r);
	if (r.kind == ROUTE_FILE && r.status == 200) {
		fd = file_walk(r.file, r.docroot, r.links,
		    O_RDONLY | O_NONBLOCK);
		if (fd >= 0) {
			char *p = arena_alloc(&b->names, INSERT_MAX, 1);
			ssize_t n = p == NULL ? 0 : read(fd, p, INSERT_MAX);

			close(fd);
			if (p != NULL && n > 0)
				text = str_make(p, (size_t)n);
		}
		mime_find(&r.dir->exts, w->conf->types, name, &info);
		*ret_is_html = str_istarts(info.type, STR("text/html"));
	}
	arena_reset(&x->turn, mark);
	return text;
}

static int
build(struct xact *x, const struct listing_query *query, struct str signature,
    struct build *b)
{
	struct worker *w = x->conn->w;
	const struct route *r = &x->route;
	size_t half = WORKER_SCRATCH_SIZE / 2, quarter = half / 2;
	int err;

	memset(b, 0, sizeof *b);
	b->x = x;
	b->page.query = *query;
	b->page.uri = r->uri;
	b->page.ix = &r->dir->ix;
	b->page.signature = signature;
	b->page.utc_offset_s = w->utc_offset_s;
	b->page.entries = (struct listing_entry *)(void *)w->scratch;
	b->entries_max = quarter / sizeof(struct listing_entry);
	arena_init(&b->names, w->scratch + quarter, quarter);
	wr_init(&b->out, w->scratch + half, half);
	b->fd = file_walk(r->file, r->docroot, r->links,
	    O_RDONLY | O_DIRECTORY);
	if (b->fd < 0)
		return b->fd;
	err = read_entries(b);
	if (err != 0)
		return err;
	b->page.header = read_insert(b, r->dir->ix.header_name,
	    &b->page.header_is_html);
	b->page.readme = read_insert(b, r->dir->ix.readme_name,
	    &b->page.readme_is_html);
	listpage_write(&b->page, &b->out);
	return wr_ok(&b->out) ? 0 : -ENOMEM;
}

/* ---- keeping --------------------------------------------------------------------- */

/* a level with a .htaccess in it is made anew for each request, at any place */
static bool
is_of_turn(const struct xact *x)
{
	const uint8_t *dir = (const uint8_t *)x->route.dir;

	return dir >= x->turn_mem && dir < x->turn_mem + sizeof x->turn_mem;
}

/*
 * What the query means, not how it is written: any word of it could be new.
 * Variables may be what shows an entry.  Empty: the page is for this request only.
 */
static struct str
make_key(const struct xact *x, const struct listing_query *q,
    struct str signature, char *buf)
{
	const struct route *r = &x->route;
	struct wr w;
	unsigned i;

	if (is_of_turn(x))
		return STR("");
	wr_init(&w, buf, KEY_MAX);
	wr_bytes(&w, &r->dir, sizeof r->dir);
	wr_bytes(&w, &x->vhost, sizeof x->vhost);
	wr_bytes(&w, &r->client, sizeof r->client);
	wr_text(&w, r->file);
	wr_u8(&w, 0);
	wr_str(&w, r->uri);
	wr_u8(&w, 0);
	wr_fmt(&w, "%c%d%x.%d.%d.%zu.", q->key, q->is_desc, (unsigned)q->opts,
	    q->frame, q->version, q->pattern.len);
	wr_str(&w, q->pattern);
	wr_str(&w, r->user);
	for (i = 0; i < r->env.n; i++) {
		wr_u8(&w, 0);
		wr_str(&w, r->env.v[i].name);
		wr_u8(&w, 0);
		wr_str(&w, r->env.v[i].value);
	}
	wr_u8(&w, 0);
	wr_str(&w, signature);
	return wr_ok(&w) ? wr_as_str(&w) : STR("");
}

static struct dirpage *
find_page(struct dirpages *d, struct str key, uint64_t hash)
{
	int i;

	for (i = 0; i < PAGES_MAX; i++) {
		struct dirpage *p = &d->v[i];

		if (p->is_used && !p->is_stale && p->hash == hash &&
		    str_eq(str_make(p->key, p->key_len), key))
			return p;
	}
	return NULL;
}

static bool
is_fresh(const struct dirpage *p, const struct xact *x)
{
	if (p->mtime_ns != x->route.st.mtime_ns)
		return false;
	return (p->wd >= 0 && !p->is_short_lived) ||
	    x->start.mono_ns - p->built_ns < DIRPAGE_TTL_NS;
}

/*
 * A slot, made free by dropping what was not used for longest.  NULL while what
 * is being sent takes all the room.
 */
static struct dirpage *
take_page(struct dirpages *d, size_t size)
{
	for (;;) {
		struct dirpage *oldest = NULL, *unused = NULL;
		int i;

		for (i = 0; i < PAGES_MAX; i++) {
			struct dirpage *p = &d->v[i];

			if (!p->is_used)
				unused = p;
			else if (p->refs == 0 && (oldest == NULL ||
			    p->used_ns < oldest->used_ns))
				oldest = p;
		}
		if (unused != NULL &&
		    (d->bytes == 0 || d->bytes + size <= BYTES_MAX))
			return unused;
		if (oldest == NULL)
			return NULL;
		drop(d, oldest);
	}
}

static int
keep(struct xact *x, struct str key, uint64_t hash, const struct build *b,
    int wd)
{
	struct dirpages *d = x->conn->w->pages;
	size_t size = b->out.len == 0 ? 1 : b->out.len;
	struct dirpage *p = take_page(d, size);

	if (p == NULL)
		return -EBUSY;
	p->html = proc_reserve(size);
	if (p->html == NULL)
		return -ENOMEM;
	memcpy(p->html, b->out.p, b->out.len);
	if (key.len > 0)
		memcpy(p->key, key.p, key.len);
	p->key_len = key.len;
	p->hash = hash;
	p->is_used = true;
	p->is_stale = key.len == 0 || b->is_partial;
	p->len = b->out.len;
	p->size = size;
	p->wd = wd;
	p->is_short_lived = b->has_dirs || b->has_links ||
	    b->page.header.len + b->page.readme.len > 0;
	p->built_ns = x->start.mono_ns;
	p->mtime_ns = x->route.st.mtime_ns;
	p->refs = 0;
	d->bytes += size;
	x->page = p;
	return 0;
}

int
dirpage_get(struct xact *x, struct str signature, const uint8_t **ret,
    size_t *ret_len)
{
	struct worker *w = x->conn->w;
	struct dirpages *d = w->pages;
	char key_buf[KEY_MAX];
	char *pattern = arena_alloc(&x->turn, x->route.query.len + 1, 1);
	struct listing_query query;
	struct build b;
	struct str key;
	uint64_t hash;
	int err, wd = -1;

	if (pattern == NULL)
		return -ENOMEM;
	listing_query(&x->route.dir->ix, x->route.query, pattern, &query);
	key = make_key(x, &query, signature, key_buf);
	hash = map_hash(d->hash_key, key.p, key.len);
	read_events(d);
	x->page = find_page(d, key, hash);
	if (x->page != NULL && !is_fresh(x->page, x)) {
		x->page->is_stale = true;
		if (x->page->refs == 0)
			drop(d, x->page);
		x->page = NULL;
	}
	if (x->page == NULL) {
		worker_clock(w);
		if (d->fd >= 0 && key.len > 0)
			wd = inotify_add_watch(d->fd, x->route.file, WATCHED);
		err = build(x, &query, signature, &b);
		if (err == 0)
			err = keep(x, key, hash, &b, wd);
		(void)!madvise(w->scratch, WORKER_SCRATCH_SIZE, MADV_DONTNEED);
		if (err != 0)
			return err;
	}
	x->page->refs++;
	x->page->used_ns = x->start.mono_ns;
	*ret = x->page->html;
	*ret_len = x->page->len;
	return 0;
}
