/* SPDX-License-Identifier: ISC */
/*
 * serve - what a plan means for the connection.
 *
 * The decisions are made elsewhere (req, uri, route, cond, range); this file
 * carries one request through them in the fixed order and puts the answer into
 * the xact.  A plan that cannot be carried out goes back to route_fail, which
 * knows about ErrorDocument; that ends in a built-in page, so the loop does
 * too.
 */
#include "httpd/serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/cc.h"
#include "common/proc.h"
#include "httpd/cgirun.h"
#include "httpd/cond.h"
#include "httpd/dirpage.h"
#include "httpd/hdrmod.h"
#include "httpd/reqlog.h"
#include "httpd/scorepage.h"
#include "httpd/servefile.h"
#include "httpd/turn.h"
#include "httpd/uri.h"

#define PLANS_MAX 4	/* plan, its error document, the plain page */

/* ---- small pieces ------------------------------------------------------------ */

static const struct conf_dir *
dir_of(const struct xact *x)
{
	return x->route.dir != NULL ? x->route.dir : &x->vhost->base;
}

static bool
has_env(const struct xact *x, struct str name)
{
	return x->route.env.n > 0 && env_has(&x->route.env, name);
}

struct str
serve_signature(struct xact *x)
{
	const struct conf_dir *dir = dir_of(x);
	struct str host = x->vhost->name, admin = x->vhost->admin;
	uint16_t port = x->conn->local_port;
	char buf[1024];
	struct wr url, w;

	if (dir->signature == CONF_OFF)
		return STR("");
	wr_init(&url, buf, sizeof buf);
	if (x->in_route.req != NULL)
		route_self(&x->in_route, dir, &url, &host, &port);
	wr_init(&w, arena_alloc(&x->turn, sizeof buf, 1), sizeof buf);
	if (!wr_ok(&w))
		return STR("");
	wr_text(&w, "<address>");
	wr_text(&w, x->conn->w->server);
	wr_text(&w, " Web at ");
	if (dir->signature == CONF_SIGNATURE_EMAIL) {
		wr_text(&w, "<a href=\"mailto:");
		resp_html(&w, admin);
		wr_text(&w, "\">");
	}
	resp_html(&w, host);
	if (dir->signature == CONF_SIGNATURE_EMAIL)
		wr_text(&w, "</a>");
	wr_fmt(&w, " Port %u</address>\n", (unsigned)port);
	arena_trim(&x->turn, w.p, w.len);
	return wr_ok(&w) ? wr_as_str(&w) : STR("");
}

static void
challenge(struct xact *x)
{
	struct str realm = x->route.realm;
	size_t size = 2 * realm.len + sizeof "Basic realm=\"\"";
	struct wr w;

	wr_init(&w, arena_alloc(&x->turn, size, 1), size);
	wr_text(&w, "Basic realm=\"");
	for (size_t i = 0; i < realm.len; i++) {
		if (realm.p[i] == '"' || realm.p[i] == '\\')
			wr_u8(&w, '\\');
		wr_u8(&w, (uint8_t)realm.p[i]);
	}
	wr_u8(&w, '"');
	if (wr_ok(&w))
		(void)!resp_add(&x->resp, STR("WWW-Authenticate"),
		    wr_as_str(&w));
}

/* content that lives in memory until it is sent */
static void
send_mem(struct xact *x, const void *p, size_t len)
{
	x->source = XACT_MEM;
	x->mem = p;
	x->at = 0;
	x->left = x->is_head ? 0 : len;
}

static void
log_plan(struct xact *x)
{
	struct route *r = &x->route;
	char buf[2048];
	struct wr w;

	if (r->log_text == NULL || r->log_level > dir_of(x)->log_level)
		return;
	wr_init(&w, buf, sizeof buf);
	route_log(r, &w);
	reqlog_error(x, r->log_module, (enum conf_level)r->log_level,
	    r->log_errno, wr_as_str(&w));
	r->log_text = NULL;	/* once, whatever becomes of the plan */
}

/* ---- the head ------------------------------------------------------------------ */

/* statuses after which the stream cannot be trusted or is not worth keeping */
static bool
closes(unsigned status)
{
	switch (status) {
	case 400:
	case 408:
	case 411:
	case 413:
	case 414:
	case 500:
	case 501:
	case 503:
	case 504:
	case 505:
		return true;
	default:
		return false;
	}
}

static bool
wants_keep(const struct xact *x, unsigned status)
{
	const struct req *req = &x->req;

	/* what was refused before routing cannot be trusted to end here */
	if (x->in_route.req == NULL || x->conn->w->is_draining ||
	    !x->vhost->keepalive || closes(status))
		return false;
	if (req->wants_close || (req->minor == 0 && !req->wants_keepalive))
		return false;
	if (x->vhost->keepalive_max > 0 &&
	    x->conn->served_n >= x->vhost->keepalive_max)
		return false;
	/* the body may or may not come now: nobody can tell */
	if (req->expects_continue && !x->is_body_done && x->cgi == NULL &&
	    x->body_at == x->in_len)
		return false;
	return !has_env(x, STR("nokeepalive")) && !worker_sheds(x->conn->w);
}

static void
add_connection(struct xact *x)
{
	uint32_t timeout_s = x->vhost->keepalive_ms / 1000;

	if (!x->keep) {
		resp_own(&x->resp, STR("Connection"), STR("close"));
		return;
	}
	if (!x->req.wants_keepalive)
		return;
	resp_own(&x->resp, STR("Keep-Alive"),
	    x->vhost->keepalive_max == 0 ?
	    turn_dec(&x->turn, "timeout=", timeout_s) :
	    turn_fmt(&x->turn, "timeout=%u, max=%u", (unsigned)timeout_s,
	    (unsigned)(x->vhost->keepalive_max - x->conn->served_n)));
	resp_own(&x->resp, STR("Connection"), STR("Keep-Alive"));
}

static bool
is_force_10(const struct xact *x)
{
	return x->req.minor == 0 && has_env(x, STR("force-response-1.0"));
}

/* a head that is always short enough, for one that was not; nothing follows it */
static void
say_too_long(struct xact *x, struct wr *out)
{
	wr_init(out, x->out, CONN_OUT_SIZE);
	wr_text(out, "HTTP/1.1 500 Internal Server Error\r\n"
	    "Content-Length: 0\r\nConnection: close\r\n\r\n");
	x->resp.status = 500;
	x->left = 0;
	x->ranges_n = 0;
	x->keep = x->is_chunked = false;
	x->is_head = true;	/* a script's content, too, stays here */
}

/*
 * A head in its three parts: what stands before the fields of the connection
 * and what follows them is the same for each whole answer with this file.
 */
static void
write_head(struct xact *x, unsigned conn_i, unsigned type_i)
{
	struct worker *w = x->conn->w;
	struct resp *resp = &x->resp;
	size_t from, to, tail;
	struct wr out;

	worker_clock(w);
	wr_init(&out, x->out, CONN_OUT_SIZE);
	resp_lead(resp, &out, is_force_10(x), str_make(w->date, DATE_LEN),
	    str_of(w->server));
	from = out.len;
	resp_fields(resp, &out, 0, conn_i);
	to = out.len;
	resp_fields(resp, &out, conn_i, type_i);
	tail = out.len;
	resp_fields(resp, &out, type_i, resp->fields_n);
	wr_text(&out, "\r\n");
	if (!wr_ok(&out))
		say_too_long(x, &out);
	else if (x->is_whole)
		file_remember(x->file, str_make(x->out + from, to - from),
		    str_make(x->out + tail, out.len - tail));
	x->out_at = 0;
	x->out_len = x->head_len = (uint32_t)out.len;
}

/* Content-Type is written last, after the fields of the connection */
void
serve_head(struct xact *x, int64_t content_len)
{
	struct worker *w = x->conn->w;
	struct resp *resp = &x->resp;
	struct str type = resp_get(resp, STR("Content-Type")), rest;
	unsigned conn_i, type_i;
	struct wr length;

	if (type.len == 0 && resp->status == 304 && x->file != NULL)
		type = x->file->type;	/* RFC 9110 15.4.5: as in the 200 */
	if (x->in_route.req != NULL)
		hdrmod_apply(&x->in_route, &x->route, &w->route_work, resp,
		    x->is_built_in, str_trim(str_cut(type, ';', &rest)),
		    &x->turn);
	type = resp_get(resp, STR("Content-Type"));
	resp_unset(resp, STR("Content-Type"));
	x->keep = wants_keep(x, resp->status) && !is_force_10(x);
	if (content_len >= 0 && proto_has_body(resp->status)) {
		/* not in the turn's arena, which may be full */
		wr_init(&length, x->length, sizeof x->length);
		wr_dec(&length, (uint64_t)content_len);
		resp_own(resp, STR("Content-Length"), wr_as_str(&length));
	} else if (proto_has_body(resp->status) && !x->is_head) {
		x->is_chunked = x->req.minor > 0;
		if (!x->is_chunked)
			x->keep = false;
	}
	conn_i = resp->fields_n;
	add_connection(x);
	if (x->is_chunked)
		resp_own(resp, STR("Transfer-Encoding"), STR("chunked"));
	type_i = resp->fields_n;
	if (type.len > 0)
		resp_own(resp, STR("Content-Type"), type);
	write_head(x, conn_i, type_i);
}

bool
serve_known(struct xact *x)
{
	struct worker *w = x->conn->w;
	const struct file *f = x->file;
	struct resp *resp = &x->resp;
	struct wr out;

	worker_clock(w);
	if (f->head.len == 0 || w->lead_len == 0 || x->route.env.n > 0 ||
	    (x->vhost->logs_need & ALOG_NEEDS_FIELDS) != 0)
		return false;
	resp_init(resp, 200);
	x->keep = wants_keep(x, 200);
	add_connection(x);
	wr_init(&out, x->out, sizeof x->out);
	wr_bytes(&out, w->lead, w->lead_len);
	wr_str(&out, f->head);
	resp_fields(resp, &out, 0, resp->fields_n);
	wr_str(&out, f->tail);
	ASSERT(wr_ok(&out));
	x->out_at = 0;
	x->out_len = x->head_len = (uint32_t)out.len;
	return true;
}

/* ---- answers ------------------------------------------------------------------- */

static void
add_allow(struct xact *x, uint32_t mask)
{
	static const char *const names[] = {
		"GET", "HEAD", "POST", "OPTIONS", "TRACE", "PUT", "DELETE",
		"CONNECT", "PATCH"
	};
	char *p = arena_alloc(&x->turn, 128, 1);
	struct wr w;
	unsigned i;

	if (p == NULL)
		return;
	if (mask == 0)
		mask = 1u << PROTO_GET | 1u << PROTO_HEAD |
		    1u << PROTO_POST | 1u << PROTO_OPTIONS;
	wr_init(&w, p, 128);
	for (i = 0; i < ARRAY_LEN(names); i++) {
		if ((mask & 1u << i) == 0)
			continue;
		if (w.len > 0)
			wr_u8(&w, ',');
		wr_text(&w, names[i]);
	}
	(void)!resp_add(&x->resp, STR("Allow"), wr_as_str(&w));
}

void
serve_must(struct xact *x)
{
	unsigned status = x->resp.status;

	if (status == 401 &&
	    resp_get(&x->resp, STR("WWW-Authenticate")).len == 0)
		challenge(x);
	if ((status == 405 || status == 501) &&
	    resp_get(&x->resp, STR("Allow")).len == 0)
		add_allow(x, x->route.allow);
}

/* the page itself, behind the fields that are there */
static void
page_body(struct xact *x, unsigned status)
{
	struct route *r = &x->route;
	size_t cap = 4096 + 4 * r->location.len;
	struct str sign = serve_signature(x);
	uint8_t *p = arena_alloc(&x->turn, cap, 1);
	struct wr w;

	(void)!resp_add(&x->resp, STR("Content-Type"),
	    STR("text/html; charset=iso-8859-1"));
	wr_init(&w, p, cap);
	resp_page(&w, status, status < 400 ? r->location : STR(""),
	    x->req.method_s, sign);
	if (!wr_ok(&w))
		w.len = 0;
	if (p != NULL)
		arena_trim(&x->turn, p, w.len);
	send_mem(x, p, w.len);
	serve_head(x, x->is_head ? -1 : (int64_t)w.len);
}

/* a page of our own; what must accompany its status comes along */
static void
answer_page(struct xact *x, unsigned status)
{
	struct route *r = &x->route;

	resp_init(&x->resp, status);
	x->is_built_in = true;
	if (status >= 300 && status < 400 && r->location.len > 0)
		(void)!resp_add(&x->resp, STR("Location"), r->location);
	serve_must(x);
	if (status == 412 && x->file != NULL)
		servefile_validators(x);
	if (status == 416 && x->file != NULL)
		(void)!resp_add(&x->resp, STR("Content-Range"),
		    turn_fmt(&x->turn, "bytes */%llu",
		    (unsigned long long)x->file->st.st_size));
	if (!proto_has_body((int)status))
		serve_head(x, -1);
	else
		page_body(x, status);
}

static void
answer_text(struct xact *x)
{
	struct route *r = &x->route;

	resp_init(&x->resp, r->status);
	x->is_built_in = true;
	serve_must(x);
	(void)!resp_add(&x->resp, STR("Content-Type"),
	    STR("text/html; charset=iso-8859-1"));
	send_mem(x, r->text.p, r->text.len);
	serve_head(x, (int64_t)r->text.len);
}

static void
answer_options(struct xact *x)
{
	resp_init(&x->resp, 200);
	add_allow(x, x->route.allow);
	serve_head(x, 0);
}

/* TRACE: the request as it was understood; credentials are not echoed */
static void
answer_trace(struct xact *x)
{
	size_t cap = x->req.head_len + 64;
	uint8_t *p = arena_alloc(&x->turn, cap, 1);
	struct str name, value;
	struct wr w;
	unsigned i;

	wr_init(&w, p, cap);
	wr_str(&w, x->req.line);
	wr_text(&w, "\r\n");
	for (i = 0; req_field(&x->req, i, &name, &value); i++) {
		if (str_ieq(name, STR("Authorization")) ||
		    str_ieq(name, STR("Cookie")))
			continue;
		wr_str(&w, name);
		wr_text(&w, ": ");
		wr_str(&w, value);
		wr_text(&w, "\r\n");
	}
	wr_text(&w, "\r\n");
	if (!wr_ok(&w))
		w.len = 0;
	resp_init(&x->resp, 200);
	(void)!resp_add(&x->resp, STR("Content-Type"), STR("message/http"));
	send_mem(x, p, w.len);
	serve_head(x, (int64_t)w.len);
}

static void
answer_status(struct xact *x)
{
	bool is_auto;
	unsigned refresh_s;
	const uint8_t *p;
	size_t len = scorepage_write(x, &p, &is_auto, &refresh_s);

	resp_init(&x->resp, 200);
	(void)!resp_add(&x->resp, STR("Content-Type"), is_auto ?
	    STR("text/plain; charset=ISO-8859-1") :
	    STR("text/html; charset=ISO-8859-1"));
	if (refresh_s > 0)
		(void)!resp_add(&x->resp, STR("Refresh"),
		    turn_fmt(&x->turn, "%u", refresh_s));
	send_mem(x, p, len);
	serve_head(x, (int64_t)len);
}

/* 0 or the status to fail with */
static unsigned
answer_list(struct xact *x)
{
	const struct conf_index *ix = &x->route.dir->ix;
	const uint8_t *p;
	size_t len;
	int err = dirpage_get(x, serve_signature(x), &p, &len);

	if (err == -EBUSY) {
		worker_lacks(x->conn->w, EBUSY, "a directory page waits for "
		    "others to be read");
		return 503;
	}
	if (err != 0) {
		reqlog_error(x, "autoindex", CONF_LEVEL_ERROR, -err,
		    turn_fmt(&x->turn, "AH01275: Can't open directory for "
		    "index: %s", x->route.file));
		return err == -EACCES ? 403 : err == -ENOENT ? 404 : 500;
	}
	resp_init(&x->resp, x->route.status);
	(void)!resp_add(&x->resp, STR("Content-Type"),
	    turn_fmt(&x->turn, "%.*s;charset=%.*s",
	    STR_ARG(ix->type.len > 0 ? ix->type : STR("text/html")),
	    STR_ARG(ix->charset.len > 0 ? ix->charset : STR("ISO-8859-1"))));
	send_mem(x, p, len);
	serve_head(x, (int64_t)len);
	return 0;
}

bool
serve_unchanged(struct xact *x)
{
	struct cond_have have = { resp_get(&x->resp, STR("ETag")), INT64_MAX,
	    x->start.wall_s };
	struct str date = resp_get(&x->resp, STR("Last-Modified"));

	if (x->resp.status != 200 || (have.etag.len == 0 && date.len == 0) ||
	    (date.len > 0 && !date_parse(date, have.now_s, &have.mtime_s)) ||
	    cond_decide(&x->req, &have) != COND_UNCHANGED)
		return false;
	x->resp.status = 304;
	resp_unset(&x->resp, STR("Content-Type"));
	return true;
}

void
serve_charset(struct xact *x)
{
	struct str type = resp_get(&x->resp, STR("Content-Type"));
	struct str charset = dir_of(x)->default_charset;

	if (charset.len > 0 && (str_ieq(type, STR("text/plain")) ||
	    str_ieq(type, STR("text/html"))))
		(void)!resp_set(&x->resp, STR("Content-Type"),
		    turn_fmt(&x->turn, "%.*s; charset=%.*s", STR_ARG(type),
		    STR_ARG(charset)));
}

/* ---- files ----------------------------------------------------------------------- */

/* opens what the plan names, unless it is open; 0 or the status to fail with */
static unsigned
open_file(struct xact *x)
{
	struct worker *w = x->conn->w;
	bool is_cachable = x->route.is_static &&
	    (x->route.env.n == 0 || x->route.env_varies) &&
	    (!x->route.env_varies ||
	    str_eq(x->route.uri, x->in_route.path)) &&
	    x->route.status == 200 && x->route.handler == CONF_HANDLER_NONE;
	int err;
	bool is_short;

	if (x->file != NULL)
		file_put(&w->files, x->file);
	x->file = NULL;
	err = file_open(&w->files, &x->route, x->vhost, w->conf->types,
	    is_cachable ? x->req.path : STR(""), ev_now(&w->ev), w->ev.turn,
	    &x->file);
	switch (err) {
	case 0:
		ASSERT(x->file != NULL);
		return 0;
	case -ENOENT:
	case -ENOTDIR:
		return 404;
	default:
		is_short = err == -ENFILE || err == -EMFILE || err == -ENOMEM;
		reqlog_error(x, "core", CONF_LEVEL_ERROR, -err,
		    turn_fmt(&x->turn, "AH00132: file permissions deny server "
		    "access: %s", x->route.file));
		return is_short ? 503 : 403;
	}
}

/* ---- one request ------------------------------------------------------------------- */

/* carries out x->route; 0 or the status to fail with */
static unsigned
carry_out(struct xact *x)
{
	struct route *r = &x->route;
	unsigned status;

	log_plan(x);
	if (r->kind != ROUTE_ERROR && r->dir->body_max > 0 &&
	    x->req.body == REQ_BODY_LENGTH &&
	    x->req.body_len > r->dir->body_max && r->status < 400)
		return 413;
	if ((r->kind == ROUTE_FILE || r->kind == ROUTE_LIST) &&
	    r->status < 400 && x->req.method > PROTO_POST)
		return 405;
	switch (r->kind) {
	case ROUTE_FILE:
		status = open_file(x);
		return status != 0 ? status : servefile_answer(x);
	case ROUTE_LIST:
		return answer_list(x);
	case ROUTE_REDIRECT:
	case ROUTE_ERROR:
		answer_page(x, r->status);
		return 0;
	case ROUTE_TEXT:
		answer_text(x);
		return 0;
	case ROUTE_CGI:
		return (unsigned)cgirun_start(x);
	case ROUTE_STATUS:
		answer_status(x);
		return 0;
	case ROUTE_OPTIONS:
		answer_options(x);
		return 0;
	case ROUTE_TRACE:
		answer_trace(x);
		return 0;
	}
	return 500;
}

static void
carry_out_all(struct xact *x)
{
	struct worker *w = x->conn->w;
	unsigned status;
	int i;

	for (i = 0; i < PLANS_MAX; i++) {
		status = carry_out(x);
		if (status == 0)
			return;
		x->ranges_n = 0;
		if (i == PLANS_MAX - 2)
			break;
		route_fail(&x->in_route, &w->route_fs, &w->route_work,
		    &x->turn, &x->route, status);
	}
	answer_page(x, status);
}

void
serve_failed(struct xact *x, unsigned status)
{
	struct conn *c = x->conn;
	struct worker *w = c->w;

	/* what failed before it was routed did not need to know that */
	conn_learn_local(c);
	x->in_route.local = c->local;
	x->in_route.local_port = c->local_port;
	route_fail(&x->in_route, &w->route_fs, &w->route_work, &x->turn,
	    &x->route, status);
	carry_out_all(x);
}

void
serve_redirect(struct xact *x)
{
	x->route.location = resp_get(&x->resp, STR("Location"));
	x->is_built_in = true;
	page_body(x, x->resp.status);
}

void
serve_internal(struct xact *x, struct str target)
{
	struct worker *w = x->conn->w;

	route_internal(&x->in_route, &w->route_fs, &w->route_work, &x->turn,
	    target, &x->route);
	x->in_route.depth++;
	x->in_route.is_get = true;
	if (!x->is_head)
		x->req.method = PROTO_GET;
	carry_out_all(x);
}

/* a plan for what is answered without routing; also for the log */
static void
plain_plan(struct xact *x, unsigned status)
{
	struct route *r = &x->route;

	memset(r, 0, offsetof(struct route, env));
	env_init(&r->env);
	memset((char *)r + offsetof(struct route, env) + sizeof r->env, 0,
	    sizeof *r - offsetof(struct route, env) - sizeof r->env);
	r->kind = ROUTE_ERROR;
	r->status = r->status_first = (uint16_t)status;
	r->dir = &x->vhost->base;
	r->uri = x->req.path;
	r->client = x->conn->client;
	x->first_uri = r->uri;
	x->first_handler = r->handler_name;
}

void
serve_status(struct xact *x, unsigned status)
{
	x->in_route.req = NULL;
	x->is_head = x->req.method == PROTO_HEAD;
	plain_plan(x, status);
	answer_page(x, status);
	x->keep = false;
}

/* from a cached file back to the plan it came from */
static void
plan_from_file(struct xact *x)
{
	const struct file *f = x->file;
	struct route *r = &x->route;

	plain_plan(x, 200);
	r->kind = ROUTE_FILE;
	r->dir = f->dir;
	r->file = f->path.p;
	r->uri = x->first_uri = f->uri;
	r->links = f->links;
	r->docroot = f->docroot;
	r->is_static = true;
	r->st.size = (uint64_t)f->st.st_size;
	r->st.mtime_ns = f->st.st_mtim.tv_sec * WHEN_NS_PER_S +
	    f->st.st_mtim.tv_nsec;
}

static void
fill_in(struct xact *x)
{
	struct route_in *in = &x->in_route;
	struct conn *c = x->conn;

	in->conf = c->w->conf;
	in->vhost = x->vhost;
	in->req = &x->req;
	in->path = x->req.path;
	in->query = x->req.has_query ? x->req.query :
	    (struct str){ NULL, 0 };
	in->host = x->req.host_port;
	in->client = c->client;
	in->client_port = c->client_port;
	in->local = c->local;
	in->local_port = c->local_port;
	in->now = &x->start;
	in->utc_offset_s = c->w->utc_offset_s;
	in->depth = 0;
	in->is_get = false;
}

/* true when the answer comes from the cache of open files */
static bool
serve_cached(struct xact *x)
{
	struct worker *w = x->conn->w;
	const struct req *req = &x->req;
	unsigned status;

	if ((req->method != PROTO_GET && req->method != PROTO_HEAD) ||
	    req->body != REQ_BODY_NONE)
		return false;
	x->file = file_find(&w->files, x->vhost, req->path,
	    x->start.mono_ns, w->ev.turn);
	if (x->file == NULL)
		return false;
	plan_from_file(x);
	if (x->file->env_varies) {
		x->in_route.path = x->file->uri;
		route_env(&x->in_route, &w->route_work, &x->turn, &x->route);
	}
	status = servefile_answer(x);
	if (status != 0)
		serve_failed(x, status);
	return true;
}

static void
log_request(struct xact *x, enum conf_level level, const char *what,
    struct str text, const char *more)
{
	reqlog_error(x, "core", level, 0, turn_fmt(&x->turn, "%s%.*s%s", what,
	    STR_ARG(str_sub(text, 0, 300)), more));
}

void
serve_request(struct xact *x, bool is_good)
{
	struct worker *w = x->conn->w;
	struct conn *c = x->conn;
	struct str path;
	char *buf;
	int status;

	/* a line may be logged before there is an answer: not the last one's */
	resp_init(&x->resp, 200);
	x->route.dir = NULL;
	x->is_head = x->req.method == PROTO_HEAD;
	if (!is_good) {
		reqlog_error(x, "core", CONF_LEVEL_INFO, 0,
		    str_of(x->req.why));
		serve_status(x, (unsigned)x->req.status);
		return;
	}
	x->vhost = w->conf->vhosts_n == 1 ? c->vhost :
	    route_host(w->conf, &c->local, c->local_port, x->req.host_port);
	fill_in(x);
	if (x->req.expects_other) {
		plain_plan(x, 417);
		log_request(x, CONF_LEVEL_INFO, "AH00570: client sent an "
		    "unrecognized expectation value of Expect: ",
		    req_get(&x->req, STR("Expect")), "");
		serve_failed(x, 417);
		return;
	}
	if (serve_cached(x))
		return;
	conn_learn_local(c);
	fill_in(x);
	buf = arena_alloc(&x->turn, x->req.path.len + 1, 1);
	status = buf == NULL ? 500 : uri_path(x->req.path,
	    (enum uri_slashes)x->vhost->slashes, x->vhost->merge_slashes, buf,
	    &path);
	if (status != 0) {
		plain_plan(x, (unsigned)status);
		/* the log shows the path as it would have been */
		if (status == 404 && uri_path(x->req.path, URI_SLASHES_ON,
		    x->vhost->merge_slashes, buf, &path) == 0) {
			x->first_uri = path;
			log_request(x, CONF_LEVEL_INFO, "AH00026: found %2f "
			    "(encoded '/') in URI path (", x->req.path,
			    "), returning 404");
		}
		if (status == 400)
			log_request(x, CONF_LEVEL_ERROR, "AH10244: invalid URI "
			    "path (", x->req.path, ")");
		serve_failed(x, (unsigned)status);
		return;
	}
	x->in_route.path = path;
	route_plan(&x->in_route, &w->route_fs, &w->route_work, &x->turn,
	    &x->route);
	if (x->route.dir == NULL)
		x->route.dir = &x->vhost->base;
	x->first_uri = x->route.is_error_doc ? path : x->route.uri;
	x->first_handler = x->route.handler_name;
	if (x->route.status_first == 501)
		log_request(x, CONF_LEVEL_ERROR, "AH00135: Invalid method in "
		    "request ", x->req.line, "");
	if (x->route.dir->req_headers.n > 0 && x->route.kind != ROUTE_REDIRECT)
		hdrmod_request(&x->in_route, &x->route, &w->route_work,
		    &x->req, &x->turn);
	carry_out_all(x);
}
