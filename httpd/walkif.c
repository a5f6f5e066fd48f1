/* SPDX-License-Identifier: ISC */
/*
 * walkif - binds the variables of expressions to a request.
 *
 * Owns the texts that no part of the request holds: addresses, numbers and
 * the local time go into the turn's arena.
 */

#include "httpd/walkif.h"

#include "httpd/expr.h"

struct bound {
	struct walk *w;
	bool no_user;		/* was asked for one, there is none */
	char text[ADDR_TEXT_MAX];
};

static struct str
keep(struct bound *b, const struct wr *w)
{
	struct str ret;

	return arena_str(b->w->turn, wr_as_str(w), &ret) ? ret : STR("");
}

static struct str
addr_text(struct bound *b, const struct addr *a)
{
	struct wr w;

	wr_init(&w, b->text, sizeof(b->text));
	addr_fmt(&w, a);
	return keep(b, &w);
}

/* All values of a field; a turn that is full then is an error. */
static struct str
field_of(struct bound *b, struct str name)
{
	struct str all;

	(void)!req_all(b->w->in->req, name, ", ", b->w->turn, &all);
	return all;
}

static struct str
number(struct bound *b, int64_t n, unsigned width)
{
	struct wr w;

	wr_init(&w, b->text, sizeof(b->text));
	wr_fmt(&w, "%0*lld", (int)width, (long long)n);
	return keep(b, &w);
}

/* The server's own name and port, as redirects have them. */
static struct str
self(struct bound *b, enum expr_var var)
{
	struct str host;
	uint16_t port;

	route_self(b->w->in, b->w->dir, NULL, &host, &port);
	return var == EXPR_SERVER_PORT ? number(b, port, 1) : host;
}

static struct str
local_time(struct bound *b, enum expr_var var)
{
	const struct route_in *in = b->w->in;
	struct when_date d;
	struct wr w;

	when_to_date(in->now->wall_s + in->utc_offset_s, &d);
	switch (var) {
	case EXPR_TIME_YEAR:
		return number(b, d.year, 4);
	case EXPR_TIME_MON:
		return number(b, d.mon, 2);
	case EXPR_TIME_DAY:
		return number(b, d.day, 2);
	case EXPR_TIME_HOUR:
		return number(b, d.hour, 2);
	case EXPR_TIME_MIN:
		return number(b, d.min, 2);
	case EXPR_TIME_SEC:
		return number(b, d.sec, 2);
	case EXPR_TIME_WDAY:
		return number(b, d.wday, 1);
	default:
		wr_init(&w, b->text, sizeof(b->text));
		wr_fmt(&w, "%04d%02d%02d%02d%02d%02d", (int)d.year,
		    (int)d.mon, (int)d.day, (int)d.hour, (int)d.min,
		    (int)d.sec);
		return keep(b, &w);
	}
}

static struct str
get(void *ctx, enum expr_var var, struct str name)
{
	struct bound *b = ctx;
	const struct route_in *in = b->w->in;
	const struct route *r = b->w->r;

	switch (var) {
	case EXPR_FIELD:
		return field_of(b, name);
	case EXPR_ENV:
		return env_get(&r->env, name);
	case EXPR_AUTH_TYPE:
		return r->user_ok ? STR("Basic") : STR("");
	case EXPR_CONN_REMOTE_ADDR:
		return addr_text(b, &in->client);
	case EXPR_CONTEXT_DOCUMENT_ROOT:
		return str_of(r->docroot);
	case EXPR_CONTEXT_PREFIX:
		return r->prefix;
	case EXPR_DOCUMENT_ROOT:
		return str_of(in->vhost->docroot);
	case EXPR_HTTPS:
		return STR("off");
	case EXPR_IPV6:
		return in->local.family == ADDR_V6 ? STR("on") : STR("off");
	case EXPR_PATH_INFO:
		return r->path_info;
	case EXPR_QUERY_STRING:
		return in->query;
	case EXPR_REMOTE_ADDR:
		return addr_text(b, &r->client);
	case EXPR_REMOTE_PORT:
		return number(b, in->client_port, 1);
	case EXPR_REMOTE_USER:
		b->no_user = !r->user_ok;
		return r->user_ok ? r->user : STR("");
	case EXPR_REQUEST_FILENAME:
		return str_of(r->file);
	case EXPR_REQUEST_METHOD:
		return in->req->method_s;
	case EXPR_REQUEST_SCHEME:
		return in->vhost->name_is_https ? STR("https") : STR("http");
	case EXPR_REQUEST_URI:
		return in->path;
	case EXPR_SERVER_ADMIN:
		return in->vhost->admin;
	case EXPR_SERVER_NAME:
	case EXPR_SERVER_PORT:
		return self(b, var);
	case EXPR_SERVER_PROTOCOL:
		return in->req->version_s;
	case EXPR_THE_REQUEST:
		return in->req->line;
	default:
		return local_time(b, var);
	}
}

static bool
in_net(void *ctx, struct str text)
{
	struct bound *b = ctx;
	struct addr_net net;

	return addr_parse_net(text, &net) && addr_in(&b->w->r->client, &net);
}

bool
walkif_holds(struct walk *w, const struct expr *e, bool *ret_no_user)
{
	struct bound b = { w, false, "" };
	struct expr_in in = { get, in_net, &b };
	bool holds;

	ASSERT(e != NULL);
	holds = expr_eval(e, &in, &w->work->re);
	*ret_no_user = b.no_user;
	return holds;
}
