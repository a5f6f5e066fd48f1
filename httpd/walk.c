/* SPDX-License-Identifier: ISC */
/*
 * walk - finds the sections that hold for a request and merges them in
 * Apache's order: <Directory> from the root down, each with its .htaccess,
 * then <Directory ~>, <Files>, <Location>, <If>.
 *
 * Merged levels are remembered by the sequence of sections that made them,
 * as a tree in the worker's route_work, so that a request usually only
 * follows a few hash look-ups.  What came from .htaccess is never remembered.
 *
 * The file system is asked once per request where all directories on the way
 * follow links and allow no overrides; otherwise link by link.
 */

#include "httpd/walk.h"

#include <errno.h>
#include <string.h>

#include "httpd/confmerge.h"
#include "httpd/glob.h"
#include "httpd/htaccess.h"
#include "httpd/walkif.h"

/* ---- merged levels ---- */

static uint32_t
node_hash(uint32_t parent, unsigned section)
{
	uint32_t h = parent * 0x9e3779b1u ^ section * 0x85ebca6bu;

	return (h ^ h >> 15) % (2 * ROUTE_NODES_MAX);
}

/*
 * The remembered child of a node, or the slot where it would be.
 */
static uint32_t
node_find(struct route_work *work, uint32_t parent, unsigned section,
    uint16_t **ret_slot)
{
	uint32_t h = node_hash(parent, section);

	for (;; h = (h + 1) % (2 * ROUTE_NODES_MAX)) {
		uint16_t *slot = &work->slots[h];
		const struct route_node *n;

		*ret_slot = slot;
		if (*slot == 0)
			return WALK_NO_NODE;
		n = &work->nodes[*slot - 1];
		if (n->parent == parent && n->section == section)
			return *slot - 1u;
	}
}

/*
 * Merge in some arena.  NULL when it is full.
 */
static const struct conf_dir *
merged(const struct conf_dir *base, const struct conf_dir *over, uint8_t kin,
    struct arena *a)
{
	struct conf_dir *d = ARENA_NEW(a, struct conf_dir);

	if (d == NULL)
		return NULL;
	*d = *base;
	confmerge_kin(d, kin);
	return confmerge_dir(d, over, a) ? d : NULL;
}

/* sections of the same step */
static uint8_t
kin_of(uint8_t kind)
{
	return kind <= CONFSEC_DIRMATCH ? CONFSEC_DIRMATCH :
	    kind >= CONFSEC_IF ? CONFSEC_IF : kind;
}

/* section 0: do not remember */
static void
lay(struct walk *w, const struct conf_dir *over, uint8_t kind,
    unsigned section)
{
	uint8_t kin = kin_of(kind);
	struct route_work *work = w->work;
	const struct conf_dir *d;
	uint16_t *slot;
	uint32_t at;

	if (section == 0)
		w->node = WALK_NO_NODE;
	if (w->node != WALK_NO_NODE) {
		at = node_find(work, w->node, section, &slot);
		if (at != WALK_NO_NODE) {
			w->node = at;
			w->dir = work->nodes[at].dir;
			return;
		}
		d = work->nodes_n < ROUTE_NODES_MAX && !work->arena.full ?
		    merged(w->dir, over, kin, &work->arena) : NULL;
		if (d != NULL) {
			struct route_node *n = &work->nodes[work->nodes_n];

			n->parent = w->node;
			n->section = (uint16_t)section;
			n->dir = d;
			w->node = work->nodes_n++;
			*slot = (uint16_t)work->nodes_n;
			w->dir = d;
			return;
		}
		w->node = WALK_NO_NODE;
	}
	d = merged(w->dir, over, kin, w->turn);
	if (d == NULL)
		w->is_full = true;
	else
		w->dir = d;
}

void
walk_begin(struct walk *w)
{
	const struct route_in *in = w->in;

	w->dir = &in->vhost->base;
	/* hosts are the roots; their numbers lie above all nodes */
	w->node = 0x80000000u | (uint32_t)(in->vhost - in->conf->vhosts);
	w->files[0] = &in->vhost->files;
	w->ifs[0] = &in->vhost->ifs;
	w->files_n = w->ifs_n = 1;
}

static void
add_inner(struct walk *w, const struct conf_section *s)
{
	/* one too many may be what refuses access: 500, not without it */
	if ((s->files.n > 0 && w->files_n == WALK_FILES_MAX) ||
	    (s->ifs.n > 0 && w->ifs_n == WALK_FILES_MAX)) {
		w->r->log_text = "too many levels with <Files> or <If>";
		w->is_full = true;
		return;
	}
	if (s->files.n > 0)
		w->files[w->files_n++] = &s->files;
	if (s->ifs.n > 0)
		w->ifs[w->ifs_n++] = &s->ifs;
}

static void
apply(struct walk *w, const struct conf_section *s)
{
	lay(w, &s->dir, s->kind, s->id);
	add_inner(w, s);
}

/* ---- directories ---- */

static unsigned
components(struct str dir)
{
	unsigned n = 1;

	for (size_t i = 1; i < dir.len; i++)
		if (dir.p[i] == '/')
			n++;
	return dir.len <= 1 ? 1 : n + 1;
}

/*
 * Sections for one directory, whose path has no trailing slash ("/" has).
 */
static void
dir_sections(struct walk *w, struct str dir)
{
	const struct conf_sections *list = &w->in->vhost->dirs;
	unsigned depth = components(dir);

	for (unsigned i = 0; i < list->n; i++) {
		const struct conf_section *s = list->v[i];

		if (s->depth > depth)
			break;
		if (s->depth < depth)
			continue;
		if (s->is_glob ? glob_match(s->pattern, dir, GLOB_PATH) :
		    str_eq(s->pattern, dir))
			apply(w, s);
	}
}

/*
 * <Directory ~> and <DirectoryMatch>: Apache compares the file's whole name.
 */
static void
dir_regexes(struct walk *w, struct str file)
{
	const struct conf_sections *list = &w->in->vhost->dirmatch;

	for (unsigned i = 0; i < list->n; i++)
		if (re_exec(list->v[i]->re, file, &w->work->re, NULL))
			apply(w, list->v[i]);
}

static unsigned
htaccess_closed(struct walk *w, const char *path, struct str dir)
{
	size_t size = 2 * ROUTE_PATH_MAX + 128;
	struct wr text;

	wr_init(&text, arena_alloc(w->turn, size, 1), size);
	wr_fmt(&text, "AH00529: %s pcfg_openfile: unable to check htaccess "
	    "file, ensure it is readable and that '%.*s/' is executable", path,
	    STR_ARG(dir));
	wr_u8(&text, 0);
	if (!wr_ok(&text))
		return 500;
	w->r->log_text = (const char *)text.p;
	w->r->log_level = CONF_LEVEL_CRIT;
	w->r->log_errno = EACCES;
	w->varies = true;	/* log_text lies in turn */
	return 403;
}

/*
 * .htaccess of a directory, if the level allows one.  0 or a status.
 */
static unsigned
dir_htaccess(struct walk *w, struct str dir)
{
	const struct conf_words *names = &w->in->vhost->access_files;
	const struct conf_dir *d = w->dir;
	char path[ROUTE_PATH_MAX];

	if (d->override == 0 && d->override_list.n == 0)
		return 0;
	for (unsigned i = 0; i < names->n; i++) {
		const struct conf_section *s;
		struct str text, file;
		struct wr p;
		int err;

		wr_init(&p, path, sizeof(path));
		wr_str(&p, dir);
		if (dir.len > 1)
			wr_u8(&p, '/');
		wr_str(&p, names->v[i]);
		wr_u8(&p, 0);
		if (!wr_ok(&p))
			return 403;
		err = w->fs->read(w->fs->ctx, path, w->turn, &text);
		if (err == -ENOENT || err == -ENOTDIR)
			continue;
		if (err == -EACCES)
			return htaccess_closed(w, path, dir);
		if (err != 0)
			return 500;
		s = htaccess_read(w->in->conf, d, text, path, w->turn,
		    &w->r->log_text);
		if (s == NULL) {
			if (arena_str(w->turn, str_of(path), &file)) {
				/* %f shows the directory */
				((char *)(uintptr_t)file.p)[file.len -
				    names->v[i].len] = '\0';
				w->r->file = file.p;
			}
			w->varies = true;	/* log_text lies in turn */
			w->r->log_level = CONF_LEVEL_ALERT;
			return 500;
		}
		lay(w, &s->dir, CONFSEC_DIR, 0);
		add_inner(w, s);
		return 0;
	}
	return 0;
}

/*
 * Whether the entry at path may be looked through, under the options of the
 * directory it is in.  0 or a status.
 */
static unsigned
check_link(struct walk *w, const char *path)
{
	uint8_t opts = w->dir->options;
	struct route_stat link, target;

	if (opts & CONF_OPT_FOLLOW)
		return 0;
	if (w->fs->stat(w->fs->ctx, path, true, &link) != 0 ||
	    link.type != ROUTE_LNK)
		return 0;	/* missing ones are found out elsewhere */
	w->r->log_id = "AH00037";
	w->r->log_text = "Symbolic link not allowed or link target not "
	    "accessible: %f";
	if (!(opts & CONF_OPT_OWNER))
		return 403;
	if (w->fs->stat(w->fs->ctx, path, false, &target) != 0 ||
	    target.uid != link.uid)
		return 403;
	w->r->log_id = NULL;
	w->r->log_text = NULL;
	return 0;
}

/*
 * Merge from the root down to the directory dir.  0 or a status.
 */
static unsigned
dir_chain(struct walk *w, struct str dir)
{
	char path[ROUTE_PATH_MAX];
	size_t end = 0;
	unsigned status;

	for (;;) {
		struct str here = str_sub(dir, 0, end == 0 ? 1 : end);

		dir_sections(w, here);
		status = dir_htaccess(w, here);
		if (status != 0 || end >= dir.len || dir.len == 1)
			return status;
		end++;
		while (end < dir.len && dir.p[end] != '/')
			end++;
		if (!str_copy(str_sub(dir, 0, end), path, sizeof(path)))
			return 403;	/* a NUL out of the configuration */
		status = check_link(w, path);
		if (status != 0)
			return status;
	}
}

static bool
is_missing(int err)
{
	return err == -ENOENT || err == -ENOTDIR || err == -ENAMETOOLONG;
}

/*
 * Shorten a path to the part that exists.  path is a buffer with a NUL;
 * returns the length of the existing part and fills st.
 */
static size_t
existing(struct walk *w, char *path, size_t len, struct route_stat *st,
    int *ret_err)
{
	*ret_err = w->fs->stat(w->fs->ctx, path, false, st);
	while (is_missing(*ret_err)) {
		while (len > 1 && path[len - 1] != '/')
			len--;
		while (len > 1 && path[len - 1] == '/')
			len--;
		path[len] = '\0';
		*ret_err = w->fs->stat(w->fs->ctx, path, false, st);
		if (len == 1)
			break;
	}
	return len;
}

/*
 * What the file system says about the whole path: file, missing rest.
 */
static unsigned
locate(struct walk *w, struct str path, size_t *ret_have, bool *ret_exists)
{
	struct route *r = w->r;
	char buf[ROUTE_PATH_MAX];
	size_t len = path.len;
	int err;

	if (!str_copy(path, buf, sizeof(buf)))
		return 403;	/* a NUL out of the configuration */
	while (len > 1 && buf[len - 1] == '/')
		buf[--len] = '\0';
	*ret_have = existing(w, buf, len, &r->st, &err);
	/* below a file the rest is path info; below a directory it is missing */
	*ret_exists = err == 0 && (*ret_have == len ||
	    r->st.type != ROUTE_DIR);
	if (err == -EACCES) {
		r->log_id = "AH00035";
		r->log_text = "access to %U denied (filesystem path '%f') "
		    "because search permissions are missing on a component "
		    "of the path";
	} else if (err != 0 && err != -ELOOP && !is_missing(err)) {
		r->log_id = "AH00036";
		r->log_text = "access to %U failed (filesystem path '%f')";
		r->log_errno = -err;
	}
	/* the directory sections still decide between 401 and 403 */
	if (err != 0 && !is_missing(err)) {
		r->st.type = ROUTE_OTHER;
		*ret_have = len;
	}
	return 0;
}

/*
 * The file name and path info from the path and its existing part.  A
 * missing name below a directory counts as the file.
 */
static struct str
split(struct walk *w, struct str path, size_t have, bool exists)
{
	struct route *r = w->r;
	size_t end = have;
	struct str file;

	ASSERT(have <= path.len);
	if (!exists && r->st.type == ROUTE_DIR) {
		if (path.p[end] == '/')		/* not behind the root's own */
			end++;
		while (end < path.len && path.p[end] != '/')
			end++;
	}
	r->path_info = str_sub(path, end, path.len);
	if (exists && r->st.type == ROUTE_DIR) {
		r->path_info = str_of(NULL);
		end = path.len;		/* with its slash, if it has one */
	}
	if (!arena_str(w->turn, str_sub(path, 0, end), &file)) {
		w->is_full = true;
		return str_of(NULL);
	}
	r->file = file.p;
	return file;
}

unsigned
walk_path(struct walk *w, struct str path, bool *ret_exists)
{
	struct route *r = w->r;
	struct str file, dir;
	size_t have = 0, slash;
	bool is_dir;
	unsigned status = locate(w, path, &have, ret_exists);

	if (status != 0)
		return status;
	is_dir = *ret_exists && r->st.type == ROUTE_DIR;
	file = split(w, path, have, *ret_exists);
	if (file.p == NULL)
		return 500;
	dir = file;
	while (is_dir && dir.len > 1 && dir.p[dir.len - 1] == '/')
		dir.len--;
	if (!is_dir) {
		slash = str_rchr(file, '/');
		dir = str_sub(file, 0, slash == 0 ? 1 : slash);
	}
	status = dir_chain(w, dir);
	/* Apache's <Directory> holds for a file of that name, too */
	if (status == 0 && !is_dir && *ret_exists && r->path_info.len == 0)
		dir_sections(w, file);
	if (status == 0 && !is_dir)
		status = check_link(w, r->file);
	dir_regexes(w, file);
	r->links = w->dir->options & CONF_OPT_FOLLOW ? ROUTE_LINKS_FOLLOW :
	    w->dir->options & CONF_OPT_OWNER ? ROUTE_LINKS_OWNER :
	    ROUTE_LINKS_NONE;
	if (status == 0 && !*ret_exists && r->log_id != NULL)
		status = 403;
	return status;
}

/* ---- files, locations, conditions ---- */

void
walk_files(struct walk *w, struct str name)
{
	/* lists may be added while we go: .htaccess has no more, but <Files>
	 * holds <If> */
	for (unsigned k = 0; k < w->files_n; k++) {
		const struct conf_sections *list = w->files[k];

		for (unsigned i = 0; i < list->n; i++) {
			const struct conf_section *s = list->v[i];
			bool hit;

			if (s->re != NULL)
				hit = re_exec(s->re, name, &w->work->re,
				    NULL);
			else if (s->is_glob)
				hit = glob_match(s->pattern, name, GLOB_PATH);
			else
				hit = str_eq(s->pattern, name);
			if (hit)
				apply(w, s);
		}
	}
}

/*
 * "/a" covers /a and /a/b, "/a/" only what is below it.
 */
static bool
location_covers(struct str pattern, struct str uri)
{
	if (!str_starts(uri, pattern))
		return false;
	return pattern.len == 0 || pattern.p[pattern.len - 1] == '/' ||
	    uri.len == pattern.len || uri.p[pattern.len] == '/';
}

bool
walk_covers(struct walk *w, const struct conf_section *s, struct str uri)
{
	if (s->re != NULL)
		return re_exec(s->re, uri, &w->work->re, NULL);
	return s->is_glob ? glob_match(s->pattern, uri, GLOB_PATH) :
	    location_covers(s->pattern, uri);
}

void
walk_locations(struct walk *w, struct str uri)
{
	const struct conf_sections *list = &w->in->vhost->locations;

	for (unsigned i = 0; i < list->n; i++)
		if (walk_covers(w, list->v[i], uri))
			apply(w, list->v[i]);
}

void
walk_ifs(struct walk *w)
{
	for (unsigned k = 0; k < w->ifs_n; k++) {
		const struct conf_sections *list = w->ifs[k];
		bool done = false, no_user;

		for (unsigned i = 0; i < list->n; i++) {
			const struct conf_section *s = list->v[i];

			if (s->kind == CONFSEC_IF)
				done = false;
			if (done)
				continue;
			w->varies = true;
			if (s->kind == CONFSEC_ELSE ||
			    walkif_holds(w, s->expr, &no_user)) {
				done = true;
				apply(w, s);
			}
		}
	}
}
