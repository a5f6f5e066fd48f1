/* SPDX-License-Identifier: ISC */
/*
 * route - decides what one request gets.
 *
 * Owns the order of things: host, redirects of the server, mapping to a file,
 * the merged configuration level, access, redirects of the directory, index
 * and handler, and at the end the error document.  Asks the file system
 * through struct route_fs and never opens anything itself.
 *
 * A step returns 0 to go on, DONE when the plan is complete, or the status
 * of an error.
 */

#include "httpd/route.h"

#include <errno.h>
#include <string.h>

#include "common/vis.h"

#include "httpd/alias.h"
#include "httpd/envrule.h"
#include "httpd/glob.h"
#include "httpd/mime.h"
#include "httpd/proto.h"
#include "httpd/routeacc.h"
#include "httpd/routemap.h"
#include "httpd/uri.h"
#include "httpd/walk.h"

#define DONE		ROUTE_DONE
#define M(method)	(1u << PROTO_##method)

void
route_work_init(struct route_work *work, void *mem, size_t size)
{
	memset(work, 0, sizeof(*work));
	arena_init(&work->arena, mem, size);
}

/* ---- hosts ---- */

/*
 * A host name without port and trailing dot.
 */
static struct str
bare_host(struct str host)
{
	size_t colon = str_rchr(host, ':');

	if (colon != STR_NONE && (host.p[0] != '[' ||
	    colon > str_rchr(host, ']')))
		host = str_sub(host, 0, colon);
	if (host.len > 1 && host.p[host.len - 1] == '.')
		host.len--;
	return host;
}

static bool
vhost_is(const struct conf_vhost *vh, struct str host, bool wild)
{
	if (!wild) {
		if (str_ieq(vh->name, host))
			return true;
		for (unsigned i = 0; i < vh->aliases.n; i++)
			if (str_ieq(vh->aliases.v[i], host))
				return true;
	}
	for (unsigned i = 0; wild && i < vh->wilds.n; i++)
		if (glob_match(vh->wilds.v[i], host, GLOB_NOCASE))
			return true;
	return false;
}

/*
 * How well a claim fits a local address: 0 not at all; an exact address
 * beats any; a port beats any port.
 */
static unsigned
bind_rank(const struct conf_bind *b, const struct addr *local, uint16_t port)
{
	unsigned rank;

	if (b->port != 0 && b->port != port)
		return 0;
	if (b->addr.family == ADDR_NONE)
		rank = 1;
	else if (addr_eq(&b->addr, local))
		rank = 3;
	else
		return 0;
	return rank + (b->port != 0);
}

const struct conf_vhost *
route_host(const struct conf *conf, const struct addr *local, uint16_t port,
    struct str host)
{
	const struct conf_bind *best = NULL;
	unsigned best_rank = 0;

	for (unsigned i = 0; i < conf->binds_n; i++) {
		unsigned rank = bind_rank(&conf->binds[i], local, port);

		if (rank > best_rank) {
			best_rank = rank;
			best = &conf->binds[i];
		}
	}
	if (best == NULL)
		return &conf->vhosts[0];
	host = bare_host(host);
	/* one pass in file order, names and wildcards of a host together */
	for (unsigned i = 0; host.len > 0 && i < best->vhosts_n; i++) {
		const struct conf_vhost *vh = &conf->vhosts[best->vhosts[i]];

		if (vhost_is(vh, host, false) || vhost_is(vh, host, true))
			return vh;
	}
	return &conf->vhosts[best->vhosts[0]];
}

/*
 * The host name a client used, if it is fit to be put into a URL.
 */
static bool
host_is_clean(struct str host)
{
	if (host.len == 0 || host.len > 255)
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = str_lower(host.p[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '.' || c == '_' || c == ':' ||
		    c == '[' || c == ']'))
			return false;
	}
	return true;
}

void
route_self(const struct route_in *in, const struct conf_dir *dir,
    struct wr *url, struct str *ret_host, uint16_t *ret_port)
{
	const struct conf_vhost *vh = in->vhost;
	struct str host = vh->name;
	uint16_t usual = vh->name_is_https ? 443 : 80, port = vh->port;
	struct str req_host = bare_host(in->host);

	if (dir->canonical_name == CONF_OFF && host_is_clean(in->host)) {
		uint32_t n = 0;

		host = req_host;
		for (size_t i = host.len; i < in->host.len; i++)
			if (in->host.p[i] >= '0' && in->host.p[i] <= '9')
				n = n * 10 + (uint32_t)(in->host.p[i] - '0');
		if (n > 0 && n < 65536)
			port = (uint16_t)n;
	}
	if (port == 0)
		port = usual;
	if (ret_host != NULL)
		*ret_host = host;
	if (ret_port != NULL)
		*ret_port = port;
	if (url == NULL)
		return;
	wr_text(url, vh->name_is_https ? "https://" : "http://");
	for (size_t i = 0; i < host.len; i++)
		wr_u8(url, (uint8_t)str_lower(host.p[i]));
	if (host.len == 0) {
		bool is_v6 = in->local.family == ADDR_V6;

		wr_text(url, is_v6 ? "[" : "");
		addr_fmt(url, &in->local);
		wr_text(url, is_v6 ? "]" : "");
	}
	if (port != usual)
		wr_fmt(url, ":%u", port);
}

/* ---- steps ---- */

static unsigned
method_of(const struct walk *w)
{
	enum proto_method m = w->in->req->method;

	return w->in->is_get || m == PROTO_HEAD ? PROTO_GET : m;
}

/*
 * OPTIONS and TRACE, which look at no file.
 */
static unsigned
step_method(struct walk *w)
{
	struct route *r = w->r;
	enum proto_method m = w->in->req->method;

	r->allow = M(GET) | M(HEAD) | M(POST) | M(OPTIONS);
	if (w->in->vhost->trace != CONF_OFF)
		r->allow |= M(TRACE);
	if (w->in->depth > 0)
		return 0;
	if (m == PROTO_TRACE) {
		if (w->in->vhost->trace == CONF_OFF)
			return 405;
		r->kind = ROUTE_TRACE;
		return DONE;
	}
	if (str_eq(w->in->path, STR("*"))) {
		if (m != PROTO_OPTIONS)
			return 400;
		r->kind = ROUTE_OPTIONS;
		return DONE;
	}
	return 0;
}

/*
 * Variables that rules of the host set, before anything is looked up.
 */
static void
step_env(struct walk *w)
{
	env_init(&w->r->env);
	routeacc_lease(w);
	envrule_if(&w->in->vhost->base.setenvif, 0, w->in, w->work, w->turn,
	    w->r);
}

/*
 * Merge everything that speaks about the file and the URL.
 */
static unsigned
step_merge(struct walk *w, struct str path, bool *ret_exists)
{
	struct route *r = w->r;
	unsigned status = walk_path(w, path, ret_exists);
	struct str file = str_of(r->file);

	/* the name of a directory is empty behind its slash */
	if (*ret_exists && r->st.type == ROUTE_DIR)
		file = path;
	if (file.len > 0)
		walk_files(w, str_sub(file, str_rchr(file, '/') + 1, file.len));
	walk_locations(w, r->uri);
	r->dir = w->dir;
	walk_ifs(w);
	r->dir = w->dir;
	if (w->is_full)
		return 500;
	envrule_if(&w->dir->setenvif, w->in->vhost->base.setenvif.n, w->in,
	    w->work, w->turn, r);
	return status;
}

/*
 * A plan of another path that keeps this request's method: for index files
 * and the like.  The found file is taken over when it is one, or a redirect
 * when that is what the path leads to.
 */
static unsigned
try_index(struct walk *w, struct str uri)
{
	struct route_in in = *w->in;
	size_t mark = arena_mark(w->turn);
	struct route *sub = ARENA_NEW(w->turn, struct route);

	if (sub == NULL)
		return 500;
	in.path = uri;
	in.depth++;
	in.must_exist = true;
	/* names that are directories lead to their names, and so on */
	if (in.depth > in.vhost->redirects_max ||
	    ++w->work->subs_n > ROUTE_SUBS_MAX)
		return 500;
	route_sub(&in, w->fs, w->work, w->turn, sub);
	w->varies = w->varies || !sub->is_static;
	if (sub->kind == ROUTE_ERROR || sub->kind == ROUTE_LIST) {
		unsigned status = sub->kind == ROUTE_LIST ? 404 : sub->status;

		arena_reset(w->turn, mark);
		return status;
	}
	*w->r = *sub;
	return DONE;
}

/*
 * 301 to the same path with a slash.
 */
static unsigned
slash_redirect(struct walk *w)
{
	struct route *r = w->r;

	if (env_has(&r->env, STR("redirect-carefully")) &&
	    w->in->req->method != PROTO_GET &&
	    w->in->req->method != PROTO_HEAD)
		return 0;
	return routemap_redirect(w, 301, r->uri, STR("/"), w->in->query);
}

static struct str
join2(struct walk *w, struct str a, struct str b)
{
	char *p = arena_alloc(w->turn, a.len + b.len + 1, 1);

	if (p == NULL) {
		w->is_full = true;
		return str_of(NULL);
	}
	memcpy(p, a.p, a.len);
	memcpy(p + a.len, b.p, b.len);
	p[a.len + b.len] = '\0';
	return str_make(p, a.len + b.len);
}

static unsigned
step_fallback(struct walk *w)
{
	struct str target = w->dir->fallback;

	if (target.len == 0 || str_eq(w->r->uri, target))
		return 0;
	if (target.p[0] != '/')
		target = join2(w, str_sub(w->r->uri, 0,
		    str_rchr(w->r->uri, '/') + 1), target);
	return target.p == NULL ? 500 : try_index(w, target);
}

/*
 * The index files of a directory, in order.
 */
static unsigned
step_index(struct walk *w)
{
	struct route *r = w->r;
	const struct conf_dir *dir = w->dir;
	unsigned refused = 0;

	for (unsigned i = 0; i < dir->index.n; i++) {
		struct str name = dir->index.v[i];
		struct str uri = str_starts(name, STR("/")) ? name :
		    join2(w, r->uri, name);
		unsigned status;

		if (name.len == 0)
			continue;	/* the directory itself */
		if (uri.p == NULL)
			return 500;
		status = try_index(w, uri);
		if (status == DONE && r->kind != ROUTE_REDIRECT &&
		    dir->index_redirect != 0)
			return routemap_redirect(w, dir->index_redirect, uri,
			    str_of(NULL), w->in->query);
		if (status == DONE)
			return DONE;
		if (status != 404 && refused == 0)
			refused = status;
	}
	return refused;
}

static unsigned
step_dir(struct walk *w)
{
	struct route *r = w->r;
	const struct conf_dir *dir = w->dir;
	bool has_slash = str_ends(r->uri, STR("/"));
	unsigned m = method_of(w), status;

	r->handler_name = STR("httpd/unix-directory");
	if (!has_slash && dir->dir_slash) {
		status = slash_redirect(w);
		if (status != 0)
			return status;
	}
	if (has_slash) {
		status = step_index(w);
		if (status == 0)
			status = step_fallback(w);
		if (status == DONE || (status != 0 && status != 404))
			return status;
	}
	if (m == PROTO_OPTIONS) {
		r->kind = ROUTE_OPTIONS;
		return DONE;
	}
	if (m == PROTO_UNKNOWN)
		return 501;
	if (m != PROTO_GET && m != PROTO_POST)
		return 405;
	if (!(dir->options & CONF_OPT_INDEXES)) {
		r->log_module = "autoindex";
		r->log_id = "AH01276";
		r->log_text = "Cannot serve directory %f: No matching "
		    "DirectoryIndex (%i) found, and server-generated directory "
		    "index forbidden by Options directive";
		return 403;
	}
	if (m == PROTO_POST) {
		r->allow &= ~M(POST);
		return 405;
	}
	r->kind = ROUTE_LIST;
	if (!has_slash) {
		struct str file = join2(w, str_of(r->file), STR("/"));

		r->file = file.p;
	}
	return DONE;
}

static unsigned
handler_by_name(struct str name)
{
	if (str_ieq(name, STR("cgi-script")))
		return CONF_HANDLER_CGI;
	if (str_ieq(name, STR("server-status")))
		return CONF_HANDLER_STATUS;
	if (str_ieq(name, STR("send-as-is")))
		return CONF_HANDLER_ASIS;
	return CONF_HANDLER_NONE;
}

static const char *const handler_names[] = {
	[CONF_HANDLER_NONE] = "", [CONF_HANDLER_CGI] = "cgi-script",
	[CONF_HANDLER_STATUS] = "server-status",
	[CONF_HANDLER_ASIS] = "send-as-is",
	[CONF_HANDLER_DEFAULT] = "default-handler",
};

/*
 * SetHandler, or what the file's extensions say, or ScriptAlias.
 */
static void
step_handler(struct walk *w, bool is_script)
{
	struct route *r = w->r;
	struct str file = str_of(r->file);
	struct mime_info info;

	r->handler = w->dir->handler;
	if (is_script)
		r->handler = CONF_HANDLER_CGI;
	else if (r->handler == CONF_HANDLER_NONE && w->dir->exts.n > 0) {
		mime_find(&w->dir->exts, NULL, str_sub(file,
		    str_rchr(file, '/') + 1, file.len), &info);
		if (info.handler.len > 0)
			r->handler = (uint8_t)handler_by_name(info.handler);
		else if (str_ieq(info.type, STR("application/x-httpd-cgi")))
			r->handler = CONF_HANDLER_CGI;	/* as of old */
	}
	r->handler_name = str_of(handler_names[r->handler]);
}

static unsigned
step_cgi(struct walk *w, bool exists, bool is_script)
{
	struct route *r = w->r;
	size_t end = r->uri.len;

	w->varies = true;
	if (!(w->dir->options & CONF_OPT_EXECCGI) && !is_script) {
		r->log_module = "cgi";
		r->log_id = "AH02809";
		r->log_text = "Options ExecCGI is off in this directory: %f";
		return 403;
	}
	if (!exists) {
		r->log_module = "cgi";
		r->log_id = "AH02811";
		r->log_text = "script not found or unable to stat: %f";
		return 404;
	}
	if (r->st.type == ROUTE_DIR) {
		r->log_module = "cgi";
		r->log_id = "AH02812";
		r->log_text = "attempt to invoke directory as script: %f";
		return 403;
	}
	if (r->st.type != ROUTE_REG)
		return 403;
	if (w->dir->path_info == CONF_OFF && r->path_info.len > 0)
		return 404;
	if (r->path_info.len <= end)
		end -= r->path_info.len;
	r->script = str_sub(r->uri, 0, end);
	r->kind = ROUTE_CGI;
	return DONE;
}

static unsigned
step_file(struct walk *w, bool exists)
{
	struct route *r = w->r;
	unsigned m = method_of(w), status;

	if (exists && r->st.type == ROUTE_DIR)
		return step_dir(w);
	if (!exists && w->in->must_exist)
		return 404;
	if (!exists && r->st.type == ROUTE_DIR) {
		status = step_fallback(w);
		if (status != 0 && status != 404)
			return status;
	}
	if (m == PROTO_OPTIONS) {
		r->kind = ROUTE_OPTIONS;
		return DONE;
	}
	if (m == PROTO_UNKNOWN)
		return 501;
	if (m != PROTO_GET && m != PROTO_POST)
		return 405;
	if (!exists) {
		r->log_id = "AH00128";
		r->log_text = "File does not exist: %f";
		r->log_level = CONF_LEVEL_INFO;
		return 404;
	}
	if (r->st.type != ROUTE_REG)
		return 403;
	if (r->path_info.len > 0 && w->dir->path_info != CONF_ON)
		return 404;
	r->kind = ROUTE_FILE;
	return DONE;
}

static unsigned
step_content(struct walk *w, bool exists, bool is_script)
{
	unsigned m = method_of(w);

	step_handler(w, is_script);
	if (w->r->handler == CONF_HANDLER_STATUS) {
		w->varies = true;
		if (m == PROTO_OPTIONS)
			w->r->kind = ROUTE_OPTIONS;
		else if (m == PROTO_GET)
			w->r->kind = ROUTE_STATUS;
		w->r->allow &= ~M(POST);
		if (m != PROTO_OPTIONS && m != PROTO_GET)
			return 405;
		return DONE;
	}
	if (w->r->handler == CONF_HANDLER_CGI &&
	    !(exists && w->r->st.type == ROUTE_DIR && !is_script))
		return step_cgi(w, exists, is_script);
	return step_file(w, exists);
}

/*
 * From the path to the file and whether the client may have it.
 */
static unsigned
admit(struct walk *w, struct routemap_file *map, bool *ret_exists)
{
	struct route *r = w->r;
	unsigned status;

	step_env(w);
	status = step_method(w);
	if (status != 0)
		return status;
	status = routemap_map(w, map);
	if (status != 0)
		return status;
	status = step_merge(w, map->path, ret_exists);
	if (status != 0)
		return status;
	if (w->dir->methods != 0 &&
	    !((w->dir->methods >> method_of(w)) & 1)) {
		r->allow = w->dir->methods;
		r->log_module = "allowmethods";
		r->log_id = "AH01623";
		r->log_text = "client method denied by server configuration: "
		    "'%m' to %f";
		return 405;
	}
	return routeacc_check(w, method_of(w));
}

/*
 * All steps.  DONE or a status.
 */
static unsigned
run(struct walk *w)
{
	struct route *r = w->r;
	struct routemap_file map;
	bool exists = false;
	unsigned status = admit(w, &map, &exists);

	if (status != 0)
		return status;
	envrule_set(&w->dir->setenv, r);
	status = routemap_redirects(w, w->dir->redirects.v,
	    w->dir->redirects.n - w->in->vhost->base.redirects.n);
	if (status != 0)
		return status;
	return step_content(w, exists, map.is_script);
}

static void
walk_init(struct walk *w, const struct route_in *in,
    const struct route_fs *fs, struct route_work *work, struct arena *turn,
    struct route *r)
{
	memset(w, 0, sizeof(*w));
	memset(r, 0, sizeof(*r));
	w->in = in;
	w->fs = fs;
	w->work = work;
	w->turn = turn;
	w->r = r;
	r->status = r->status_first = 200;
	r->uri = in->path;
	r->query = in->query;
	r->docroot = in->vhost->docroot;
	r->dir = &in->vhost->base;
	r->log_level = CONF_LEVEL_ERROR;
	r->log_module = "core";
	r->method = in->req->method_s;
	r->client = in->client;
	walk_begin(w);
	routeacc_client(w);
}

void
route_sub(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *r)
{
	struct walk w;
	unsigned status;

	walk_init(&w, in, fs, work, turn, r);
	status = run(&w);
	/* a variable or an address that did not fit may be what refuses */
	if (w.is_full || turn->full || r->env.is_full)
		status = 500;
	if (status != DONE) {
		r->kind = ROUTE_ERROR;
		r->status = r->status_first = (uint16_t)status;
	}
	r->uri_first = r->uri;
	r->is_static = !w.varies && w.dir->req_headers.n == 0 &&
	    w.node != WALK_NO_NODE && r->kind != ROUTE_REDIRECT;
}

/* ---- errors ---- */

static const struct conf_errdoc *
find_errdoc(const struct conf_dir *dir, unsigned status)
{
	for (unsigned i = 0; i < dir->errdocs.n; i++)
		if (dir->errdocs.v[i].status == status)
			return &dir->errdocs.v[i];
	return NULL;
}

/*
 * A URL path as a script or the configuration wrote it, ready for look-up.
 */
static bool
inner_path(struct route_in *in, struct str target, struct arena *turn)
{
	struct str raw = str_cut(target, '?', &in->query);
	char *buf = arena_alloc(turn, raw.len + 1, 1);

	return buf != NULL && str_starts(raw, STR("/")) &&
	    uri_path(raw, (enum uri_slashes)in->vhost->slashes,
	    in->vhost->merge_slashes, buf, &in->path) == 0;
}

/*
 * Send a local document for an error: the status stays.
 */
static void
local_doc(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *r,
    struct str target)
{
	struct route_in sub = *in;
	struct route *doc = ARENA_NEW(turn, struct route);
	unsigned status = r->status;

	sub.depth = in->depth + 1;
	if (doc == NULL || sub.depth > in->vhost->redirects_max ||
	    !inner_path(&sub, target, turn))
		return;
	sub.is_get = true;
	route_sub(&sub, fs, work, turn, doc);
	if (doc->kind != ROUTE_FILE && doc->kind != ROUTE_CGI)
		return;
	doc->status = (uint16_t)status;
	doc->status_first = (uint16_t)status;
	doc->is_error_doc = true;
	doc->is_static = doc->is_static && r->is_static;
	doc->env_varies = doc->env_varies || r->env_varies;
	doc->uri_first = r->uri_first;
	doc->handler_name = r->handler_name;
	doc->realm = r->realm;
	doc->user = r->user;
	doc->has_user = r->has_user;
	doc->user_ok = r->user_ok;
	doc->allow = r->allow;
	doc->log_module = r->log_module;
	doc->log_id = r->log_id;
	doc->log_text = r->log_text;
	doc->log_file = r->file;
	doc->log_uri = r->uri;
	doc->log_errno = r->log_errno;
	doc->log_level = r->log_level;
	*r = *doc;
}

/*
 * Make an error plan what the configuration wants it to be.
 */
static void
error_doc(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *r)
{
	const struct conf_errdoc *e = find_errdoc(r->dir, r->status);

	r->kind = ROUTE_ERROR;
	if (e == NULL || e->kind == CONF_ERR_DEFAULT)
		return;
	if (e->kind == CONF_ERR_TEXT) {
		r->kind = ROUTE_TEXT;
		r->text = e->doc;
	} else if (e->kind == CONF_ERR_URL) {
		r->kind = ROUTE_REDIRECT;
		r->location = e->doc;
		r->status = r->status_first = 302;
		r->is_static = false;
	} else
		local_doc(in, fs, work, turn, r, e->doc);
}

void
route_plan(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *ret)
{
	work->subs_n = 0;
	route_sub(in, fs, work, turn, ret);
	if (ret->kind == ROUTE_ERROR)
		error_doc(in, fs, work, turn, ret);
}

void
route_fail(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *r,
    unsigned status)
{
	bool again = r->is_error_doc;

	work->subs_n = 0;
	if (r->dir == NULL)
		r->dir = &in->vhost->base;
	if (!again)	/* the page of an error whose document failed */
		r->status = (uint16_t)status;
	if (r->status_first == 0 || r->status_first == 200)
		r->status_first = (uint16_t)status;
	r->kind = ROUTE_ERROR;
	r->is_static = false;
	if (!again)
		error_doc(in, fs, work, turn, r);
}

void
route_internal(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct str target,
    struct route *ret)
{
	struct str uri_first = ret->uri_first, name = ret->handler_name;
	struct route_in sub = *in;

	sub.depth = in->depth + 1;
	sub.is_get = true;
	if (sub.depth > in->vhost->redirects_max ||
	    !inner_path(&sub, target, turn)) {
		memset(ret, 0, sizeof(*ret));
		ret->dir = &in->vhost->base;
		ret->uri = in->path;
		route_fail(in, fs, work, turn, ret, 500);
		return;
	}
	route_plan(&sub, fs, work, turn, ret);
	ret->uri_first = uri_first;
	ret->handler_name = name;
	ret->is_static = false;
}

void
route_env(const struct route_in *in, struct route_work *work,
    struct arena *turn, struct route *r)
{
	env_init(&r->env);
	r->client = in->client;
	envrule_if(&r->dir->setenvif, 0, in, work, turn, r);
	envrule_set(&r->dir->setenv, r);
}

bool
route_visible(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, const struct route *r,
    struct str name, bool is_dir, bool *ret_is_sure)
{
	size_t len = r->uri.len + name.len + 2, mark = arena_mark(turn);
	struct route *sub = ARENA_NEW(turn, struct route);
	char *p = arena_alloc(turn, len, 1);
	struct route_in one = *in;
	struct routemap_file map;
	bool exists, may = false;
	struct walk walk;
	struct wr w;

	*ret_is_sure = false;
	if (sub != NULL && p != NULL) {
		wr_init(&w, p, len);
		wr_str(&w, r->uri);
		wr_str(&w, name);
		if (is_dir)
			wr_u8(&w, '/');
		one.path = wr_as_str(&w);
		one.depth = in->depth + 1;
		one.is_get = true;
		walk_init(&walk, &one, fs, work, turn, sub);
		switch (admit(&walk, &map, &exists)) {
		case 401:
		case 403:
		case 500:
			break;
		default:
			may = !walk.is_full;
		}
		*ret_is_sure = !walk.is_full && sub->log_errno == 0;
	}
	arena_reset(turn, mark);
	return may;
}

void
route_log(const struct route *r, struct wr *w)
{
	const char *p = r->log_text;

	/* only texts with a number are templates */
	if (p == NULL)
		return;
	if (r->log_id == NULL) {
		wr_text(w, p);
		return;
	}
	wr_text(w, r->log_id);
	wr_text(w, ": ");
	for (; *p != '\0'; p++) {
		struct str s;

		if (*p != '%') {
			wr_u8(w, (uint8_t)*p);
			continue;
		}
		switch (*++p) {
		case 'f':
			s = str_of(r->is_error_doc ? r->log_file : r->file);
			break;
		case 'm':
			s = r->method;
			break;
		case 'p':
			s = str_of(r->dir->user_file);
			break;
		case 'u':
			s = r->user;
			break;
		case 'U':
			s = r->is_error_doc ? r->log_uri : r->uri;
			break;
		default:
			for (unsigned i = 0; i < r->dir->index.n; i++) {
				wr_text(w, i > 0 ? "," : "");
				wr_str(w, r->dir->index.v[i]);
			}
			continue;
		}
		vis_log(w, s.p, s.len);
	}
}
