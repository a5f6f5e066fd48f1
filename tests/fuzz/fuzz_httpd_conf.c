/* SPDX-License-Identifier: ISC */
/*
 * Any text as a configuration: read it, print the messages, and when it is
 * good plan a few requests under it.  The file system has one directory, one
 * file and one include.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "httpd/conf.h"
#include "httpd/conftext.h"
#include "httpd/route.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t mem[24 << 20], diag_mem[1 << 18], turn_mem[1 << 19];
static uint8_t work_mem[1 << 20], out[1 << 16];
static struct route_work work;
static struct req req;
static struct str input;

static int
fake_read(void *arg, struct arena *a, const char *path, struct str *ret)
{
	(void)arg;
	(void)a;
	if (strcmp(path, "/srv/conf") == 0)
		*ret = input;
	else if (strstr(path, "inner") != NULL)
		*ret = STR("ServerAdmin x\n<Directory /i>\nOptions None\n"
		    "</Directory>\n");
	else if (strstr(path, "self") != NULL)
		*ret = STR("Include self\n");
	else
		return -ENOENT;
	return 0;
}

static int
fake_kind(void *arg, const char *path)
{
	(void)arg;
	return strchr(path, '.') == NULL;
}

static int
fake_list(void *arg, struct arena *a, const char *dir, struct conf_words *ret)
{
	static const struct str names[] = { STR_INIT("b.conf"),
	    STR_INIT("a.conf"), STR_INIT("inner.conf") };
	struct str *v = ARENA_ARRAY(a, struct str, 3);

	(void)arg;
	(void)dir;
	if (v == NULL)
		return -ENOMEM;
	memcpy(v, names, sizeof(names));
	ret->v = v;
	ret->n = 3;
	return 0;
}

static int
fake_resolve(void *arg, const char *name, struct addr *ret)
{
	(void)arg;
	(void)name;
	*ret = addr_v4(0x7f000001);
	return 0;
}

static const char *
fake_env(void *arg, const char *name)
{
	(void)arg;
	return name[0] == 'H' ? "value" : NULL;
}

static const char *
fake_why(void *arg, int err)
{
	(void)arg;
	(void)err;
	return "no";
}

static int
fake_stat(void *ctx, const char *path, bool nofollow, struct route_stat *ret)
{
	(void)ctx;
	(void)nofollow;
	memset(ret, 0, sizeof(*ret));
	if (strlen(path) > 200)
		return -ENAMETOOLONG;
	ret->type = strchr(path, '.') == NULL ? ROUTE_DIR : ROUTE_REG;
	return strstr(path, "none") != NULL ? -ENOENT : 0;
}

static int
fake_fs_read(void *ctx, const char *path, struct arena *a, struct str *ret)
{
	(void)ctx;
	(void)a;
	if (strstr(path, "none") != NULL)
		return -ENOENT;
	*ret = strstr(path, ".ht") != NULL ? STR("AddType a/b .c\n") :
	    STR("alice:X\nadmins: alice\n");
	return 0;
}

static int
fake_crypt(void *ctx, struct str password, struct str setting, struct wr *ret)
{
	(void)ctx;
	if (setting.len < 2)
		return -EINVAL;
	wr_str(ret, setting.len % 2 == 0 ? setting : password);
	return 0;
}

static int
fake_home(void *ctx, struct str user, struct arena *a, struct str *ret)
{
	(void)ctx;
	(void)a;
	if (!str_eq(user, STR("joe")))
		return -ENOENT;
	*ret = STR("/home/joe");
	return 0;
}

static int
fake_name(void *ctx, const struct addr *addr, struct arena *a, struct str *ret)
{
	(void)ctx;
	(void)addr;
	(void)a;
	*ret = STR("host.example.org");
	return 0;
}

static const struct conf_io io = { NULL, fake_read, fake_kind, fake_list,
    fake_resolve, fake_env, fake_why };
static const struct route_fs fs = { NULL, fake_stat, fake_fs_read,
    fake_crypt, fake_home, fake_name };

static void
requests(const struct conf *conf)
{
	static const char *const paths[] = { "/", "/a", "/a.txt", "/none",
	    "/a.cgi/x", "/~joe/x", "/cgi-bin/x" };
	static const char head[] = "GET /a?q=1 HTTP/1.1\r\nHost: h\r\n"
	    "User-Agent: Mozilla/2\r\n"
	    "Authorization: Basic YWxpY2U6eA==\r\n\r\n";
	struct req_limits limits = { 8190, 100, 8190 };
	struct when now = { 1, 1, 1 };
	struct route_in in = { 0 };
	struct route r;

	if (!req_parse(&req, head, sizeof(head) - 1, &limits))
		abort();
	in.conf = conf;
	in.req = &req;
	in.now = &now;
	in.local = in.client = addr_v4(0x7f000001);
	in.host = STR("h:80");
	in.vhost = route_host(conf, &in.local, 80, in.host);
	in.query = STR("q=1");
	route_work_init(&work, work_mem, sizeof(work_mem));
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct arena turn;

		arena_init(&turn, turn_mem, sizeof(turn_mem));
		in.path = str_of(paths[i]);
		route_plan(&in, &fs, &work, &turn, &r);
		if (r.status < 200 || r.status > 599 || r.dir == NULL)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct conf_args args = { .file = "conf", .root = "/srv",
	    .pidfile = "run/p", .types_file = "/none" };
	const struct conf *conf = NULL;
	struct arena a, diag_arena;
	struct diag diag;
	struct wr w;
	bool ok;

	input = str_make(p, len);
	arena_init(&a, mem, sizeof(mem));
	arena_init(&diag_arena, diag_mem, sizeof(diag_mem));
	diag_init(&diag, &diag_arena);
	ok = conf_load(&args, &io, &a, &diag, &conf);
	if (ok == (diag.errors_n > 0))
		abort();
	wr_init(&w, out, sizeof(out));
	conftext_diag(&w, &diag, "httpd");
	if (!ok)
		return 0;
	wr_init(&w, out, sizeof(out));
	conftext_vhosts(&w, conf, &args,
	    &(struct conftext_ids){ 1, 1, true, true });
	requests(conf);
	return 0;
}
