/* SPDX-License-Identifier: ISC */
/*
 * reqlog - gathers what a log line may show and writes it to its target.
 *
 * Called once per request on the hot path: what costs more than a copy (our
 * own name, the local address) is looked up only for formats that show it, and
 * the time is written once a second.
 */
#include "httpd/reqlog.h"

#include "httpd/alog.h"

static struct str
client_text(const struct conn *c)
{
	return str_make(c->client_text, c->client_text_len);
}

void
reqlog_error(struct xact *x, const char *module, enum conf_level level,
    int err, struct str text)
{
	struct worker *w = x->conn->w;
	struct str referer = req_known(&x->req, HDR_REFERER);
	char buf[ADDR_TEXT_MAX + 8], both[2048];
	struct wr client, line;

	if (level > (x->route.dir != NULL ? x->route.dir :
	    &x->vhost->base)->log_level)
		return;
	wr_init(&client, buf, sizeof buf);
	wr_str(&client, client_text(x->conn));
	wr_fmt(&client, ":%u", (unsigned)x->conn->client_port);
	if (referer.len > 0) {
		wr_init(&line, both, sizeof both);
		wr_fmt(&line, "%.*s, referer: %.*s",
		    STR_ARG(str_sub(text, 0, 1500)),
		    STR_ARG(str_sub(referer, 0, 500)));
		text = wr_as_str(&line);
	}
	worker_clock(w);
	logs_error(&w->logs, &x->vhost->errlog, ev_now(&w->ev),
	    w->utc_offset_s, module, level, err, wr_as_str(&client), text);
}

/* buf: room for one address */
static struct str
addr_text(const struct addr *a, char *buf)
{
	struct wr w;

	wr_init(&w, buf, ADDR_TEXT_MAX);
	addr_fmt(&w, a);
	return wr_as_str(&w);
}

static struct str
start_time(struct xact *x)
{
	struct worker *w = x->conn->w;
	struct wr wr;

	if (x->start.wall_s != w->log_time_s) {
		wr_init(&wr, w->log_time, sizeof w->log_time);
		alog_time(&wr, x->start.wall_s, w->utc_offset_s);
		w->log_time_len = (uint8_t)wr.len;
		w->log_time_s = x->start.wall_s;
	}
	return str_make(w->log_time, w->log_time_len);
}

static void
fill_event(struct xact *x, struct alog_event *ev, char *client)
{
	struct conn *c = x->conn;
	struct worker *w = c->w;
	const struct addr *shown = &x->route.client;

	*ev = (struct alog_event){
		.req = &x->req, .route = &x->route, .resp = &x->resp,
		.client = client_text(c), .peer = client_text(c), .uri = x->first_uri,
		.handler = x->first_handler, .server_name = x->vhost->name,
		.self_name = x->vhost->name, .client_port = c->client_port,
		.local_port = c->local_port, .canonical_port = 80,
		.status = x->resp.status,
		.status_first = x->route.status_first,
		.in_bytes = (x->req.head_len > 0 ? x->req.head_len :
		    x->in_len) + x->body_seen,
		.out_bytes = x->out_bytes,
		.time = start_time(x),
		.start_wall_s = x->start.wall_s,
		.start_wall_ns = x->start.wall_ns,
		.took_ns = ev_now(&w->ev)->mono_ns - x->start.mono_ns,
		.utc_offset_s = w->utc_offset_s, .zone = str_of(w->zone),
		.keepalive_n = c->served_n, .pid = w->pid,
		.end = x->is_aborted ? 'X' : x->keep ? '+' : '-',
	};
	/* behind a trusted proxy it is not the peer that counts */
	if (shown->family != ADDR_NONE && !addr_eq(shown, &c->client))
		ev->client = addr_text(shown, client);
	if (x->route.status_first == 0 || x->route.kind == ROUTE_CGI ||
	    x->route.kind == ROUTE_REDIRECT || x->resp.status == 304 ||
	    x->resp.status == 206)
		ev->status_first = x->resp.status;
	if (x->out_bytes > x->head_len + x->framing_bytes)
		ev->body_bytes = x->out_bytes - x->head_len -
		    x->framing_bytes;
}

static void
score(struct xact *x, const struct alog_event *ev)
{
	stats_count(&x->conn->w->score->requests, ev->status, ev->out_bytes,
	    ev->took_ns);
}

static void
put_line(struct xact *x, const struct conf_log *log,
    const struct alog_event *ev)
{
	struct logs *logs = &x->conn->w->logs;
	struct logs_target *t = logs_find(logs, &log->to);
	size_t cap;
	char *room = logs_room(logs, t, ALOG_LINE_MAX, &cap);
	struct wr line;

	if (room == NULL)
		return;
	wr_init(&line, room, cap < ALOG_LINE_MAX ? cap : ALOG_LINE_MAX);
	alog_line(log->fmt, ev, &line);
	logs_commit(t, line.len);
}

void
reqlog_access(struct xact *x)
{
	struct worker *w = x->conn->w;
	char client[ADDR_TEXT_MAX], local[ADDR_TEXT_MAX], url[600];
	struct alog_event ev;
	unsigned i, needs = x->vhost->logs_need;

	worker_clock(w);
	fill_event(x, &ev, client);
	score(x, &ev);
	if ((needs & ALOG_NEEDS_LOCAL) != 0) {
		conn_learn_local(x->conn);
		ev.local = addr_text(&x->conn->local, local);
	}
	if ((needs & ALOG_NEEDS_SELF) != 0 && x->in_route.req != NULL) {
		struct wr u;

		wr_init(&u, url, sizeof url);
		route_self(&x->in_route, x->route.dir != NULL ? x->route.dir :
		    &x->vhost->base, &u, &ev.self_name, &ev.canonical_port);
	}
	for (i = 0; i < x->vhost->logs_n; i++) {
		const struct conf_log *log = &x->vhost->logs[i];

		if (log->env.len == 0 ||
		    env_has(&x->route.env, log->env) != log->env_not)
			put_line(x, log, &ev);
	}
	worker_log_soon(w);
}
