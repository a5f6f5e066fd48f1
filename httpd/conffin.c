/* SPDX-License-Identifier: ISC */
/*
 * conffin - the beginning and the end of reading a configuration.
 *
 * Owns the built-in defaults (Apache 2.4's, on CentOS's paths) and the last
 * pass: hosts inherit from the main server, sections are put into the order
 * in which they are merged, logs get their formats, the types file is read.
 */

#include "httpd/conffin.h"

#include <string.h>

#include "httpd/confbuild.h"
#include "httpd/conflog.h"
#include "httpd/confmerge.h"
#include "httpd/confset.h"
#include "httpd/mime.h"

void
conffin_dir(struct conf_dir *d)
{
	static const struct str index[] = { STR_INIT("index.html") };

	memset(d, 0, sizeof(*d));
	d->options = CONF_OPT_FOLLOW;
	d->override_opts = 0xff;
	d->index.v = index;
	d->index.n = 1;
	d->dir_slash = true;
	d->path_info = CONF_PATHINFO_DEFAULT;
	d->ix.name_width = 23;
	d->ix.desc_width = CONF_IX_WIDTH_AUTO;
	d->ix.sort_key = CONF_IX_SORT_NAME;
	d->etag = CONF_ETAG_MTIME | CONF_ETAG_SIZE;
	d->max_ranges = 200;
	d->max_overlaps = d->max_reversals = 20;
	d->body_max = (uint64_t)1 << 30;
	d->sendfile = true;
	d->mmap_files = true;
	d->canonical_name = CONF_OFF;
	d->log_level = CONF_LEVEL_WARN;
}

static void
vhost_defaults(struct conf_vhost *vh)
{
	static const struct str htaccess[] = { STR_INIT(".htaccess") };

	vh->docroot = PATH_HTTPD_DOCROOT;
	vh->keepalive = true;
	vh->keepalive_max = 100;
	vh->keepalive_ms = 5000;
	vh->timeout_ms = 60000;
	vh->read_head = (struct conf_reqtimeout){ 20000, 40000, 500 };
	vh->read_body = (struct conf_reqtimeout){ 20000, 0, 500 };
	vh->line_max = 8190;
	vh->fields_max = 100;
	vh->field_size_max = 8190;
	vh->redirects_max = 10;
	vh->trace = CONF_ON;
	vh->merge_slashes = true;
	vh->http09 = true;
	vh->access_files.v = htaccess;
	vh->access_files.n = 1;
	vh->errlog.kind = CONF_LOG_FILE;
	vh->userdir_disabled = false;
}

void
conffin_defaults(struct confbuild *b)
{
	struct conf_vhost *main = ARENA_NEW(b->a, struct conf_vhost);

	if (main == NULL) {
		conf_full(b);
		return;
	}
	vhost_defaults(main);
	b->conf->tokens = CONF_TOKENS_FULL;
	b->conf->backlog = 511;
	b->conf->extended_status = true;
	b->vhosts[0] = main;
	b->vhosts_n = 1;
	b->vh = main;
	b->dir = &main->base;
}

/* ---- sections ---- */

/*
 * <Directory> sections go by number of components, those with a regular
 * expression by the number of slashes in it, ties in file order.
 */
static void
sort_dirs(struct conf_sections *list)
{
	const struct conf_section **v =
	    (const struct conf_section **)(uintptr_t)list->v;

	for (unsigned i = 1; i < list->n; i++) {
		const struct conf_section *s = v[i];
		unsigned at = i;

		for (; at > 0 && v[at - 1]->depth > s->depth; at--)
			v[at] = v[at - 1];
		v[at] = s;
	}
}

/*
 * A host's sections come after the main server's of the same kind.
 */
static bool
inherit_sections(struct conf_sections *own, const struct conf_sections *main,
    struct arena *a)
{
	const struct conf_section **v;

	if (main->n == 0)
		return true;
	v = ARENA_ARRAY(a, const struct conf_section *, main->n + own->n);
	if (v == NULL)
		return false;
	memcpy(v, main->v, main->n * sizeof(*v));
	if (own->n > 0)
		memcpy(v + main->n, own->v, own->n * sizeof(*v));
	own->v = v;
	own->n += main->n;
	return true;
}

/*
 * A host that says no ServerName has the port of its first address, and if
 * that is any address the name of the main server.
 */
static void
name_host(struct confbuild *b, unsigned host)
{
	struct conf_vhost *vh = b->vhosts[host];
	const struct confbuild_claim *c = b->claims;

	while (c != NULL && c->vhost != host)
		c = c->next;
	if (c == NULL || vh->name.len > 0)
		return;
	vh->port = c->port;
	if (c->addr.family == ADDR_NONE)
		vh->name = b->vhosts[0]->name;
}

static bool
finish_vhost(struct confbuild *b, unsigned host)
{
	struct conf_vhost *vh = b->vhosts[host], *main = b->vhosts[0];
	struct conf_dir own = vh->base;

	name_host(b, host);
	if (!confmerge_vhost(vh, main, b->a))
		return false;
	vh->base = main->base;
	if (!confmerge_dir(&vh->base, &own, b->a))
		return false;
	return inherit_sections(&vh->dirs, &main->dirs, b->a) &&
	    inherit_sections(&vh->dirmatch, &main->dirmatch, b->a) &&
	    inherit_sections(&vh->files, &main->files, b->a) &&
	    inherit_sections(&vh->locations, &main->locations, b->a) &&
	    inherit_sections(&vh->ifs, &main->ifs, b->a);
}

/* ---- addresses ---- */

static struct conf_bind *
bind_find(struct conf_bind *v, unsigned n, const struct confbuild_claim *c)
{
	for (unsigned i = 0; i < n; i++)
		if (v[i].port == c->port && addr_eq(&v[i].addr, &c->addr))
			return &v[i];
	return NULL;
}

static void
finish_binds(struct confbuild *b)
{
	struct conf_bind *v = NULL;
	unsigned n = 0;

	for (struct confbuild_claim *c = b->claims; c != NULL; c = c->next) {
		struct conf_bind *at = bind_find(v, n, c);
		uint16_t *host;

		if (at == NULL) {
			at = confset_add(b, (const void **)(void *)&v, &n,
			    sizeof(*at));
			if (at == NULL)
				return;
			at->addr = c->addr;
			at->port = c->port;
		}
		host = confset_add(b, (const void **)(void *)&at->vhosts,
		    &at->vhosts_n, sizeof(*host));
		if (host == NULL)
			return;
		*host = c->vhost;
	}
	b->conf->binds = v;
	b->conf->binds_n = n;
}

/* ---- the rest ---- */

static void
read_types(struct confbuild *b)
{
	struct conf *c = b->conf;
	const char *file = c->types_file;
	struct str text;
	int err;

	if (file == NULL)
		file = c->types_file = b->args->types_file;
	if (file == NULL)
		return;
	err = b->io->read(b->io->arg, b->a, file, &text);
	if (err != 0) {
		memset(&b->pos, 0, sizeof(b->pos));
		conf_warn(b, "AH01597: could not open mime types config file "
		    "%s: %s", file, b->io->why(b->io->arg, err));
		return;
	}
	c->types = mime_load(text, b->a);
	if (c->types == NULL)
		conf_full(b);
}

/*
 * File names that depend on ServerRoot and were not said.
 */
static void
default_paths(struct confbuild *b)
{
	struct conf_vhost *main = b->vhosts[0];
	struct conf *c = b->conf;

	c->root = b->root;
	if (c->pidfile == NULL)
		c->pidfile = conf_path(b, str_of(b->args->pidfile));
	if (c->runtime_dir == NULL)
		c->runtime_dir = conf_path(b, STR("run"));
	if (main->errlog.kind == CONF_LOG_FILE && main->errlog.target == NULL)
		main->errlog.target = conf_path(b, STR("logs/error_log"));
}

static void
main_dir(struct confbuild *b)
{
	struct conf_vhost *main = b->vhosts[0];
	struct conf_dir own = main->base;

	conffin_dir(&main->base);
	if (!confmerge_dir(&main->base, &own, b->a))
		conf_full(b);
}

void
conffin_finish(struct confbuild *b)
{
	struct conf *c = b->conf;
	struct conf_vhost *v;

	default_paths(b);
	main_dir(b);
	conflog_finish(b);
	for (unsigned i = 1; i < b->vhosts_n && !b->is_broken; i++)
		if (!finish_vhost(b, i))
			conf_full(b);
	finish_binds(b);
	v = ARENA_ARRAY(b->a, struct conf_vhost, b->vhosts_n);
	if (v == NULL) {
		conf_full(b);
		return;
	}
	for (unsigned i = 0; i < b->vhosts_n; i++) {
		sort_dirs(&b->vhosts[i]->dirs);
		sort_dirs(&b->vhosts[i]->dirmatch);
		v[i] = *b->vhosts[i];
	}
	c->vhosts = v;
	c->vhosts_n = b->vhosts_n;
	c->listens = b->listens;
	c->listens_n = b->listens_n;
	c->modules = b->modules;
	c->includes = b->files;
	for (unsigned i = 0; i < b->vars_n; i++)
		if (!b->vars[i].is_gone)
			confset_add_word(b, &c->defines, b->vars[i].name);
	read_types(b);
}
