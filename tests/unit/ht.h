/* SPDX-License-Identifier: ISC */
/*
 * ht.h - a small world for tests of httpd's configuration and routing: files
 * in a table, a configuration from a string, a request from its text.
 */
#ifndef TESTS_UNIT_HT_H
#define TESTS_UNIT_HT_H

#include <errno.h>

#include "tests/unit/t.h"

#include "httpd/conf.h"
#include "httpd/conftext.h"
#include "httpd/route.h"
#include "httpd/uri.h"

/* A file; text NULL: a directory.  link: a symbolic link to another row. */
struct ht_file {
	const char *path, *text, *link;
	uint32_t uid;
	int err;	/* what every call about it says, or 0 */
	bool is_pipe;
};

static struct ht_file ht_files[128];
static size_t ht_files_n;
static uint8_t ht_mem[8 << 20], ht_diag_mem[1 << 16], ht_turn_mem[1 << 19];
static uint8_t ht_work_mem[4 << 20];
/* how much of ht_mem and ht_turn_mem there is: tests of little memory say less */
static size_t ht_size = sizeof(ht_mem);
static struct arena ht_arena, ht_diag_arena, ht_turn;
static struct diag ht_diag;
static struct route_work ht_work;
static struct req ht_req;
static char ht_text[8192], ht_path[8192];
static unsigned ht_reads_n, ht_stats_n;
static int ht_stat_errno;	/* why nothing is found, or 0 */

static inline void
ht_add(const char *path, const char *text)
{
	ht_files[ht_files_n++] = (struct ht_file){ path, text, NULL, 0, 0, false };
}

static inline void
ht_link(const char *path, const char *to, uint32_t uid)
{
	ht_files[ht_files_n++] = (struct ht_file){ path, NULL, to, uid, 0, false };
}

static inline void
ht_fail(const char *path, int err)
{
	ht_files[ht_files_n++] = (struct ht_file){ path, "", NULL, 0, err, false };
}

static inline void
ht_pipe(const char *path)
{
	ht_files[ht_files_n++] = (struct ht_file){ path, "", NULL, 0, 0, true };
}

static inline const struct ht_file *
ht_find(const char *path)
{
	for (size_t i = 0; i < ht_files_n; i++)
		if (strcmp(ht_files[i].path, path) == 0)
			return &ht_files[i];
	return NULL;
}

/*
 * ht_get - the row of a path; -ENOTDIR below a file, -ENAMETOOLONG, -ENOENT, 0.
 */
static inline int
ht_get(const char *path, bool nofollow, const struct ht_file **ret)
{
	char up[512];
	const struct ht_file *f;

	if (strlen(path) >= sizeof(up))
		return -ENAMETOOLONG;
	(void)snprintf(up, sizeof(up), "%s", path);
	f = ht_find(up);
	if (f == NULL) {
		for (char *s; (s = strrchr(up, '/')) != NULL && s != up;) {
			*s = '\0';
			f = ht_find(up);
			if (f != NULL && f->text != NULL)
				return f->err != 0 ? f->err : -ENOTDIR;
		}
		return -ENOENT;
	}
	for (int hops = 0; !nofollow && f != NULL && f->link != NULL; hops++) {
		if (hops == 8)
			return -ELOOP;
		f = ht_find(f->link);
	}
	*ret = f;
	return f == NULL ? -ENOENT : f->err;
}

static inline int
ht_read(void *arg, struct arena *a, const char *path, struct str *ret)
{
	const struct ht_file *f = NULL;
	int err = ht_get(path, false, &f);

	(void)arg;
	(void)a;
	ht_reads_n++;
	if (err != 0)
		return err;
	if (f->text == NULL)
		return -EISDIR;
	*ret = str_of(f->text);
	return 0;
}

static inline int
ht_fs_read(void *ctx, const char *path, struct arena *a, struct str *ret)
{
	return ht_read(ctx, a, path, ret);
}

static inline int
ht_kind(void *arg, const char *path)
{
	const struct ht_file *f = NULL;
	int err = ht_get(path, false, &f);

	(void)arg;
	return err != 0 ? err : f->text == NULL;
}

static inline int
ht_list(void *arg, struct arena *a, const char *dir, struct conf_words *ret)
{
	size_t len = strlen(dir);
	struct str *v = ARENA_ARRAY(a, struct str, 128);

	(void)arg;
	if (v == NULL)
		return -ENOMEM;
	if (ht_kind(NULL, dir) != 1)
		return -ENOENT;
	if (str_ends(str_of(dir), STR("/locked")))
		return -EACCES;
	ret->v = v;
	ret->n = 0;
	for (size_t i = ht_files_n; i-- > 0;) {
		const char *p = ht_files[i].path;

		if (strncmp(p, dir, len) == 0 && p[len] == '/' &&
		    strchr(p + len + 1, '/') == NULL)
			v[ret->n++] = str_of(p + len + 1);
	}
	return 0;
}

static inline int
ht_resolve(void *arg, const char *name, struct addr *ret)
{
	(void)arg;
	if (strcmp(name, "some.example") != 0)
		return -ENOENT;
	*ret = addr_v4(0x0a000001);
	return 0;
}

static inline const char *
ht_env(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "FROM_ENV") == 0 ? "outside" : NULL;
}

static inline const char *
ht_why(void *arg, int err)
{
	(void)arg;
	return err == -ENOENT ? "No such file or directory" : "error";
}

static const struct conf_io ht_io = {
	NULL, ht_read, ht_kind, ht_list, ht_resolve, ht_env, ht_why,
};

/*
 * ht_load - a configuration from text; NULL when it was refused.  The
 * messages are in ht_text in Apache's form.
 */
static inline const struct conf *
ht_load(const char *text)
{
	static const char *const defines[] = { "DEFINED" };
	struct conf_args args = { .file = "conf/httpd.conf", .root = "/srv",
	    .pidfile = "/run/httpd.pid", .defines = defines, .defines_n = 1 };
	const struct conf *conf = NULL;
	struct wr w;
	bool ok;

	if (ht_find("/srv") == NULL)
		ht_add("/srv", NULL);
	if (ht_find("/var/www/html") == NULL)
		ht_add("/var/www/html", NULL);
	for (size_t i = 0; i < ht_files_n; i++)
		if (strcmp(ht_files[i].path, "/srv/conf/httpd.conf") == 0)
			ht_files[i] = ht_files[--ht_files_n];
	ht_add("/srv/conf/httpd.conf", text);
	arena_init(&ht_arena, ht_mem, ht_size);
	arena_init(&ht_diag_arena, ht_diag_mem, sizeof(ht_diag_mem));
	diag_init(&ht_diag, &ht_diag_arena);
	ok = conf_load(&args, &ht_io, &ht_arena, &ht_diag, &conf);
	wr_init(&w, ht_text, sizeof(ht_text) - 1);
	conftext_diag(&w, &ht_diag, "httpd");
	ht_text[w.len] = '\0';
	if (ok)
		route_work_init(&ht_work, ht_work_mem, sizeof(ht_work_mem));
	return ok ? conf : NULL;
}

static inline int
ht_stat(void *ctx, const char *path, bool nofollow, struct route_stat *ret)
{
	const struct ht_file *f = NULL;
	int err = ht_get(path, nofollow, &f);

	(void)ctx;
	ht_stats_n++;
	if (err != 0 || ht_stat_errno != 0)
		return ht_stat_errno != 0 ? -ht_stat_errno : err;
	memset(ret, 0, sizeof(*ret));
	ret->type = f->is_pipe ? ROUTE_OTHER : f->link != NULL ? ROUTE_LNK : f->text != NULL ?
	    ROUTE_REG : ROUTE_DIR;
	ret->uid = f->uid;
	ret->size = f->text != NULL ? strlen(f->text) : 0;
	ret->mtime_ns = 1402403696LL * 1000000000;
	return 0;
}

static inline int
ht_crypt(void *ctx, struct str password, struct str setting, struct wr *ret)
{
	(void)ctx;
	(void)setting;
	/* a hash of the tests' own: "X" and the password */
	wr_text(ret, "X");
	wr_str(ret, password);
	return 0;
}

static inline int
ht_home(void *ctx, struct str user, struct arena *a, struct str *ret)
{
	(void)ctx;
	(void)a;
	*ret = str_eq(user, STR("rel")) ? STR("home") : STR("/home/joe");
	return str_eq(user, STR("rel")) || str_eq(user, STR("joe")) ? 0 : -ENOENT;
}

static const struct route_fs ht_fs = {
	NULL, ht_stat, ht_fs_read, ht_crypt, ht_home, NULL,
};

static struct when ht_now = { 1000000000, 1402403700, 0 };
static int32_t ht_utc_offset_s;
/* The Host field of what follows. */
static const char *ht_host = "a.example";
static struct route_in ht_in;
static struct route ht_route;

/* LimitRequestFields of what follows. */
static uint32_t ht_fields_max = 100;

/*
 * ht_plan - plan a request: "GET /path" and more header lines, each with its
 * CRLF.  The plan is in ht_route too.
 */
static inline const struct route *
ht_plan(const struct conf *conf, const char *line, const char *fields)
{
	static char text[16384];
	struct req_limits limits = { 8190, ht_fields_max, 8190 };
	int status;

	(void)snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: %s\r\n"
	    "%s\r\n", line, ht_host, fields);
	ck_assert_msg(req_parse(&ht_req, text, strlen(text), &limits),
	    "%s: %s", line, ht_req.why);
	arena_init(&ht_turn, ht_turn_mem, sizeof(ht_turn_mem));
	memset(&ht_in, 0, sizeof(ht_in));
	ht_in.conf = conf;
	ht_in.local = addr_v4(0x0a000001);
	ht_in.local_port = 80;
	ht_in.client = addr_v4(0x0a000063);
	ht_in.client_port = 4321;
	ht_in.host = ht_req.host_port;
	ht_in.vhost = route_host(conf, &ht_in.local, 80, ht_req.host_port);
	ht_in.req = &ht_req;
	ht_in.now = &ht_now;
	ht_in.utc_offset_s = ht_utc_offset_s;
	if (ht_req.has_query)
		ht_in.query = ht_req.query;
	status = uri_path(ht_req.path,
	    (enum uri_slashes)ht_in.vhost->slashes, true, ht_path,
	    &ht_in.path);
	ck_assert_int_eq(status, 0);
	route_plan(&ht_in, &ht_fs, &ht_work, &ht_turn, &ht_route);
	return &ht_route;
}

#endif
