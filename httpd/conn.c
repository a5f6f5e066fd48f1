/* SPDX-License-Identifier: ISC */
/*
 * conn - the state machine of a connection.
 *
 * Reading, answering and sending happen in one callback as far as the sockets
 * allow, so that the usual request costs one recv and one send.  Every state
 * has a deadline in a wheel of lists; being busy only moves a number, the
 * list is changed when the wheel comes by or when the deadline gets shorter.
 * While a request is awaited the loop reports changes, not states: the kernel
 * then looks at the socket once per request, and what a change told of must be
 * read to its end here.
 * A connection that has pipelined more than PIPELINE_MAX requests lets the
 * others go first.
 */
#include "httpd/conn.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/net.h"
#include "common/proc.h"
#include "httpd/cgirun.h"
#include "httpd/dirpage.h"
#include "httpd/push.h"
#include "httpd/reqlog.h"
#include "httpd/serve.h"

#define ACCEPT_MAX 64		/* connections taken per turn and listener */
#define PIPELINE_MAX 16		/* requests answered per turn and connection */
#define READS_MAX 4		/* of requests, per turn and connection */
#define CONNS_MIN 128		/* fewer connections are not worth starting for */
#define LINGER_MS 2000		/* without a byte from the client */
#define LINGER_MAX_MS 30000	/* in all */

static void on_event(void *ctx, unsigned ready);
static void go_on(struct conn *c);

int
conn_tables(struct worker *w, uint32_t max)
{
	unsigned i;

	/* a system that does not overcommit gets fewer connections */
	for (;; max /= 2) {
		if (max < CONNS_MIN)
			return -ENOMEM;
		w->conns = proc_reserve(max * sizeof *w->conns);
		w->xacts = proc_reserve(max * sizeof *w->xacts);
		if (w->conns != NULL && w->xacts != NULL)
			break;
		proc_release(w->conns, max * sizeof *w->conns);
		proc_release(w->xacts, max * sizeof *w->xacts);
	}
	w->conns_max = w->xacts_max = max;
	list_init(&w->conns_free);
	list_init(&w->xacts_free);
	list_init(&w->run_queue);
	for (i = 0; i < WORKER_WHEEL_N; i++)
		list_init(&w->wheel[i]);
	return 0;
}

static int64_t
mono(const struct conn *c)
{
	return ev_now(&c->w->ev)->mono_ns;
}

/* ---- slots ------------------------------------------------------------------- */

static struct conn *
take_conn(struct worker *w)
{
	struct list *l = w->conns_free.next;

	if (!list_is_empty(&w->conns_free)) {
		list_del(l);
		return LIST_ITEM(l, struct conn, link);
	}
	if (w->conns_fresh == w->conns_max)
		return NULL;
	return &w->conns[w->conns_fresh++];
}

static struct xact *
take_xact(struct conn *c)
{
	struct worker *w = c->w;
	struct list *l = w->xacts_free.next;
	struct xact *x;

	if (!list_is_empty(&w->xacts_free)) {
		list_del(l);
		x = LIST_ITEM(l, struct xact, link);
	} else {
		ASSERT(w->xacts_fresh < w->xacts_max);
		x = &w->xacts[w->xacts_fresh++];
	}
	x->conn = c;
	x->in_len = 0;
	c->x = x;
	return x;
}

static void
reset_xact(struct xact *x)
{
	/* everything up to the big arrays is cheap enough to clear field-wise */
	memset(&x->scan, 0, sizeof x->scan);
	memset(&x->chunk, 0, sizeof x->chunk);
	x->vhost = x->conn->vhost;
	x->body_at = 0;
	x->body_left = x->body_seen = 0;
	x->body_start_ns = 0;
	x->is_parsed = x->is_body_done = x->keep = x->is_head = false;
	x->is_aborted = x->is_chunked = x->is_built_in = false;
	x->is_whole = false;
	x->head_end_ns = 0;
	x->out_at = x->out_len = x->head_len = 0;
	x->source = XACT_NOTHING;
	x->left = 0;
	x->quantum = 0;
	x->ranges_n = x->range_i = 0;
	x->file = NULL;
	x->page = NULL;
	x->cgi = NULL;
	x->out_bytes = x->framing_bytes = 0;
	arena_init(&x->turn, x->turn_mem, sizeof x->turn_mem);
}

/* what the answer held; the request's bytes stay */
static void
release_answer(struct xact *x)
{
	struct worker *w = x->conn->w;

	if (x->file != NULL)
		file_put(&w->files, x->file);
	if (x->page != NULL)
		dirpage_put(w, x->page);
	if (x->cgi != NULL)
		cgirun_stop(x);
	x->file = NULL;
	x->page = NULL;
}

static void
put_xact(struct conn *c)
{
	release_answer(c->x);
	list_add_head(&c->w->xacts_free, &c->x->link);
	c->x = NULL;
}

/* ---- deadlines ----------------------------------------------------------------- */

static void
place(struct conn *c)
{
	int64_t tick = c->deadline_ns / WORKER_TICK_NS + 1;
	struct worker *w = c->w;

	/* further than the wheel reaches: looked at once a round */
	if (tick > w->wheel_tick + WORKER_WHEEL_N - 1)
		tick = w->wheel_tick + WORKER_WHEEL_N - 1;
	if (tick <= w->wheel_tick)
		tick = w->wheel_tick + 1;
	list_del(&c->link);
	list_add_tail(&w->wheel[tick % WORKER_WHEEL_N], &c->link);
	c->placed_tick = tick;
}

static void
set_deadline(struct conn *c, int64_t ns)
{
	c->deadline_ns = ns;
	if (list_is_empty(&c->link) ||
	    ns / WORKER_TICK_NS + 1 < c->placed_tick)
		place(c);
}

static void
watch(struct conn *c, unsigned interest)
{
	int err;

	if (c->src.fd < 0)
		err = ev_add(&c->w->ev, &c->src, c->fd, interest);
	else
		err = ev_mod(&c->w->ev, &c->src, interest);
	/* the system's limit of watches: the wheel closes it in this turn's
	 * tick, because it would never be heard of again */
	if (err != 0) {
		worker_lacks(c->w, -err, "a connection is closed");
		set_deadline(c, 0);
	}
}

void
conn_wait(struct conn *c, unsigned interest, uint32_t ms)
{
	set_deadline(c, ms == 0 ? INT64_MAX / 2 :
	    mono(c) + ms * WHEN_NS_PER_MS);
	watch(c, interest);
}

/* ---- the end --------------------------------------------------------------------- */

static void
count_keepalive(struct conn *c, bool is_on)
{
	if (c->is_counted_keepalive == is_on)
		return;
	c->is_counted_keepalive = is_on;
	if (is_on)
		c->w->score->keepalive_n++;
	else
		c->w->score->keepalive_n--;
}

void
conn_close(struct conn *c)
{
	struct worker *w = c->w;

	if (c->x != NULL) {
		if (c->x->is_parsed) {
			c->x->is_aborted = true;
			reqlog_access(c->x);
		}
		put_xact(c);
	}
	count_keepalive(c, false);
	ev_del(&w->ev, &c->src);
	list_del(&c->run_link);
	list_del(&c->link);
	close(c->fd);
	c->fd = -1;
	c->state = CONN_CLOSED;
	list_add_head(&w->conns_free, &c->link);
	w->conns_n--;
	w->score->conns_n = w->conns_n;
	if (!w->is_accepting && !w->is_draining)
		worker_accepting(w, true);
	if (w->conns_n == 0 &&
	    (w->is_single || (w->is_draining && !w->is_accepting)))
		ev_stop(&w->ev);
}

/* half close, so that the client can read the answer before it sees an end */
static void
linger(struct conn *c)
{
	bool was_slow = c->x != NULL && c->x->resp.status == 408;

	if (c->x != NULL)
		put_xact(c);
	shutdown(c->fd, SHUT_WR);
	c->state = CONN_LINGER;
	c->linger_end_ns = mono(c) + (was_slow ? LINGER_MS : LINGER_MAX_MS) *
	    WHEN_NS_PER_MS;
	conn_wait(c, EV_READ, LINGER_MS);
}

static void
linger_read(struct conn *c)
{
	char buf[16384];
	ssize_t n;
	int i;

	for (i = 0; i < 8; i++) {
		n = recv(c->fd, buf, sizeof buf, 0);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
			conn_close(c);
			return;
		}
		if (n < 0)
			break;
	}
	if (mono(c) >= c->linger_end_ns)
		conn_close(c);
	else
		conn_wait(c, EV_READ, LINGER_MS);
}

/* ---- after an answer -------------------------------------------------------- */

/* KeepAliveTimeout 0 waits for nothing but what has been sent already */
static uint32_t
idle_ms(const struct conn *c)
{
	return c->vhost->keepalive_ms > 0 ? c->vhost->keepalive_ms : 1;
}

static void
go_idle(struct conn *c)
{
	c->state = CONN_IDLE;
	count_keepalive(c, true);
	conn_wait(c, EV_READ | EV_EDGE, idle_ms(c));
}

/* one that was not told of the end before may have sent the next request */
static bool
may_say_more(const struct req *req)
{
	return !req->wants_close && (req->minor > 0 || req->wants_keepalive);
}

/* the request is done and nothing of it is left in in[]: next or end */
static void
next_request(struct conn *c)
{
	struct xact *x = c->x;
	uint32_t used = x->body_at, rest = x->in_len - used;

	release_answer(x);
	c->served_n++;
	if (!x->keep || (c->w->is_draining && rest == 0)) {
		/* a client that has more to say must not see a reset,
		 * which would take the answer away again */
		if (!x->is_body_done || rest > 0 || x->is_aborted ||
		    c->state == CONN_DISCARD || may_say_more(&x->req))
			linger(c);
		else
			conn_close(c);
		return;
	}
	if (rest == 0) {
		put_xact(c);
		go_idle(c);
		return;
	}
	memmove(x->in, x->in + used, rest);
	x->in_len = rest;
	reset_xact(x);
	x->start = *ev_now(&c->w->ev);
	c->state = CONN_HEAD;
}

/* bytes at the rate win more time */
static int64_t
arrival_end(const struct conf_reqtimeout *t, int64_t start_ns, uint64_t len)
{
	int64_t end = start_ns + t->first_ms * WHEN_NS_PER_MS;

	if (t->min_rate > 0)
		end += (int64_t)(len / t->min_rate) * WHEN_NS_PER_S +
		    (int64_t)(len % t->min_rate) * WHEN_NS_PER_S / t->min_rate;
	if (t->max_ms > 0 && end > start_ns + t->max_ms * WHEN_NS_PER_MS)
		end = start_ns + t->max_ms * WHEN_NS_PER_MS;
	return end;
}

void
conn_wait_body(struct conn *c, uint32_t other_ms)
{
	struct xact *x = c->x;

	if (x->vhost->read_body.first_ms == 0) {
		conn_wait(c, EV_READ, other_ms);
		return;
	}
	if (x->body_start_ns == 0)
		x->body_start_ns = mono(c);
	set_deadline(c, arrival_end(&x->vhost->read_body, x->body_start_ns,
	    x->body_seen));
	watch(c, EV_READ);
}

/* drop what has come of the body; then go on */
static void
discard(struct conn *c)
{
	struct xact *x = c->x;
	struct str data;

	for (;;) {
		do {
			if (conn_body(x, &data) != 0 ||
			    x->body_seen > CONN_DISCARD_MAX) {
				x->keep = false;
				next_request(c);
				return;
			}
		} while (data.len > 0);
		if (x->is_body_done) {
			next_request(c);
			return;
		}
		switch (conn_recv(c)) {
		case 0:
			conn_wait_body(c, x->vhost->timeout_ms);
			return;
		case -1:
			conn_close(c);
			return;
		default:
			break;
		}
	}
}

static void
finished(struct conn *c)
{
	struct xact *x = c->x;

	reqlog_access(x);
	x->is_parsed = false;	/* logged: closing must not do it again */
	if (x->is_body_done || !x->keep) {
		next_request(c);
		return;
	}
	c->state = CONN_DISCARD;
	discard(c);
}

void
conn_send(struct conn *c)
{
	switch (push_answer(c->x)) {
	case PUSH_ALL:
		if (c->x->cgi != NULL && cgirun_more(c->x))
			return;
		finished(c);
		break;
	case PUSH_PART:
	case PUSH_TURN:
		c->state = c->x->cgi != NULL ? CONN_CGI : CONN_SEND;
		conn_wait(c, EV_WRITE, c->x->vhost->timeout_ms);
		break;
	case PUSH_NEVER:
		conn_close(c);
		break;
	}
}

/* ---- reading --------------------------------------------------------------------- */

int
conn_body(struct xact *x, struct str *ret)
{
	struct str in = str_make(x->in + x->body_at, x->in_len - x->body_at);

	*ret = STR("");
	if (x->is_body_done)
		return 0;
	if (x->req.body == REQ_BODY_CHUNKED) {
		enum chunk_verdict v = chunk_next(&x->chunk, &in, ret);

		if (v == CHUNK_BAD)
			return 400;
		x->is_body_done = v == CHUNK_END;
		x->body_at = x->in_len - (uint32_t)in.len;
	} else {
		*ret = str_sub(in, 0, x->body_left < in.len ?
		    (size_t)x->body_left : in.len);
		x->body_left -= ret->len;
		x->body_at += (uint32_t)ret->len;
		x->is_body_done = x->body_left == 0;
	}
	x->body_seen += ret->len;
	return 0;
}

int
conn_recv(struct conn *c)
{
	struct xact *x = c->x;
	size_t room, end = REQ_HEAD_MAX;
	ssize_t n;

	/* body bytes go behind the head, which the log still needs; what may
	 * be the next head among them is not longer than a head */
	if (x->is_parsed || c->state == CONN_DISCARD) {
		ASSERT(x->body_at == x->in_len);
		x->in_len = x->body_at = x->req.head_len;
		if (end < x->in_len + CONN_BODY_MIN)
			end = x->in_len + CONN_BODY_MIN;
	}
	ASSERT(end <= sizeof x->in);
	room = end - x->in_len;
	n = recv(c->fd, x->in + x->in_len, room, 0);
	c->is_drained = n < (ssize_t)room;
	if (n == 0)
		return -1;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	x->in_len += (uint32_t)n;
	return 1;
}

static void
get_limits(const struct conf_vhost *v, struct req_limits *ret)
{
	ret->line_max = v->line_max < REQ_HEAD_MAX ? v->line_max :
	    REQ_HEAD_MAX;
	ret->field_max = v->field_size_max < REQ_HEAD_MAX ?
	    v->field_size_max : REQ_HEAD_MAX;
	ret->fields_max = v->fields_max == 0 ||
	    v->fields_max > REQ_FIELDS_MAX ? REQ_FIELDS_MAX : v->fields_max;
}

static void
head_deadline(struct conn *c)
{
	if (c->vhost->read_head.first_ms == 0) {
		conn_wait(c, EV_READ | EV_EDGE, c->vhost->timeout_ms);
		return;
	}
	watch(c, EV_READ | EV_EDGE);
	set_deadline(c, arrival_end(&c->vhost->read_head,
	    c->x->start.mono_ns, c->x->in_len));
}

static void
answer(struct conn *c, const struct req_limits *limits)
{
	struct xact *x = c->x;
	bool is_good;

	is_good = req_parse(&x->req, x->in, x->in_len, limits);
	x->is_parsed = true;
	if (is_good) {
		x->body_at = x->req.head_len;
		x->body_left = x->req.body_len;
		x->is_body_done = x->req.body == REQ_BODY_NONE;
	} else {
		x->body_at = x->in_len;
		x->keep = false;
	}
	count_keepalive(c, false);
	serve_request(x, is_good);
	if (x->cgi != NULL)
		cgirun_go(x);
	else
		conn_send(c);
}

/* as many requests as are complete; the connection may be gone afterwards */
static void
go_on(struct conn *c)
{
	int i;

	/* next_request leaves CONN_HEAD when further input waits */
	c->state = CONN_HEAD;
	for (i = 0; i < PIPELINE_MAX && c->state == CONN_HEAD; i++) {
		struct xact *x = c->x;
		struct req_limits limits;

		get_limits(c->vhost, &limits);
		if (req_scan(&x->scan, x->in, x->in_len, &limits) ==
		    REQ_MORE) {
			head_deadline(c);
			return;
		}
		answer(c, &limits);
	}
	if (c->state != CONN_HEAD)
		return;
	list_del(&c->run_link);
	list_add_tail(&c->w->run_queue, &c->run_link);
	conn_wait(c, 0, c->vhost->timeout_ms);
	ev_timer_in(&c->w->ev, &c->w->run_timer, 0);
}

static void
read_head(struct conn *c)
{
	struct xact *x = c->x;
	int got;

	if (x == NULL) {
		x = take_xact(c);
		reset_xact(x);
		x->start = *ev_now(&c->w->ev);
	}
	got = conn_recv(c);
	if (got > 0) {
		go_on(c);
		return;
	}
	if (got < 0) {
		if (x->in_len > 0 && x->scan.lines_n > 0 &&
		    c->state == CONN_HEAD) {
			/* half closed in the middle of a head */
			struct req_limits limits;

			get_limits(c->vhost, &limits);
			answer(c, &limits);
			return;
		}
		conn_close(c);
		return;
	}
	if (x->in_len == 0) {
		put_xact(c);
		c->state = CONN_IDLE;
		conn_wait(c, EV_READ | EV_EDGE, c->served_n > 0 ?
		    idle_ms(c) : c->vhost->timeout_ms);
	}
}

/*
 * A change is told once: until the socket is empty, to its end if it ended.  A
 * client that sends as fast as we answer lets the others go first: it is told
 * again.
 */
static void
read_heads(struct conn *c, bool has_ended)
{
	int i;

	for (i = 0; (c->state == CONN_IDLE || c->state == CONN_HEAD) &&
	    list_is_empty(&c->run_link); i++) {
		if (i == READS_MAX) {
			watch(c, 0);
			watch(c, EV_READ | EV_EDGE);
			break;
		}
		read_head(c);
		if (c->is_drained && !has_ended)
			break;
		if (c->is_drained)
			has_ended = false;
	}
}

static void
on_event(void *ctx, unsigned ready)
{
	struct conn *c = ctx;

	switch (c->state) {
	case CONN_IDLE:
	case CONN_HEAD:
		read_heads(c, (ready & EV_HUP) != 0);
		break;
	case CONN_SEND:
		conn_send(c);
		conn_resume(c);
		break;
	case CONN_CGI:
		cgirun_client(c, ready);
		conn_resume(c);
		break;
	case CONN_DISCARD:
		discard(c);
		conn_resume(c);
		break;
	case CONN_LINGER:
		linger_read(c);
		break;
	default:
		ASSERT(c->state != CONN_CLOSED);
		break;
	}
}

void
conn_resume(struct conn *c)
{
	if (c->state == CONN_HEAD)
		go_on(c);
}

void
conn_run(struct worker *w)
{
	struct list todo;

	/* those that come back onto the queue wait for the next turn */
	if (list_is_empty(&w->run_queue))
		return;
	todo = w->run_queue;
	todo.next->prev = todo.prev->next = &todo;
	list_init(&w->run_queue);
	while (!list_is_empty(&todo)) {
		struct conn *c = LIST_ITEM(todo.next, struct conn, run_link);

		list_del(&c->run_link);
		conn_resume(c);
	}
}

/* ---- time ---------------------------------------------------------------------- */

static void
expire(struct conn *c)
{
	struct xact *x = c->x;

	switch (c->state) {
	case CONN_HEAD:
		/* a head that has begun deserves an answer */
		if (x->in_len > 0) {
			struct req_limits limits;

			get_limits(c->vhost, &limits);
			(void)!req_parse(&x->req, x->in, x->in_len, &limits);
			x->is_parsed = true;
			x->body_at = x->in_len;
			serve_status(x, 408);
			conn_send(c);
			return;
		}
		conn_close(c);
		break;
	case CONN_CGI:
		cgirun_expire(c);
		conn_resume(c);
		break;
	default:
		conn_close(c);
		break;
	}
}

void
conn_tick(struct worker *w)
{
	int64_t now = ev_now(&w->ev)->mono_ns;

	while (w->wheel_tick < now / WORKER_TICK_NS) {
		struct list *head = &w->wheel[++w->wheel_tick %
		    WORKER_WHEEL_N];
		struct list todo;

		if (list_is_empty(head))
			continue;
		todo = *head;
		todo.next->prev = todo.prev->next = &todo;
		list_init(head);
		while (!list_is_empty(&todo)) {
			struct conn *c = LIST_ITEM(todo.next, struct conn,
			    link);

			list_del(&c->link);
			if (c->deadline_ns > now)
				place(c);
			else
				expire(c);
		}
	}
}

/* ---- accepting and letting go -------------------------------------------------- */

/* the oldest idle connection makes room when all slots are taken */
static bool
make_room(struct worker *w)
{
	unsigned i;

	for (i = 0; i < WORKER_WHEEL_N; i++) {
		struct list *head = &w->wheel[(w->wheel_tick + 1 + i) %
		    WORKER_WHEEL_N], *l;

		for (l = head->next; l != head; l = l->next) {
			struct conn *c = LIST_ITEM(l, struct conn, link);

			if (c->state == CONN_IDLE || c->state == CONN_LINGER) {
				conn_close(c);
				return true;
			}
		}
	}
	return false;
}

void
conn_learn_local(struct conn *c)
{
	union net_addr sa;
	socklen_t len = sizeof sa;

	if (c->has_local)
		return;
	c->has_local = true;
	if (getsockname(c->fd, &sa.sa, &len) == 0)
		worker_addr(&sa, &c->local, &c->local_port);
}

void
conn_start(struct worker *w, int fd, const struct addr *client,
    uint16_t client_port, const struct addr *local, uint16_t local_port)
{
	struct conn *c = take_conn(w);
	struct wr text;

	if (c == NULL) {
		close(fd);
		return;
	}
	memset(c, 0, sizeof *c);
	list_init(&c->link);
	list_init(&c->run_link);
	ev_source_init(&c->src, on_event, c);
	c->w = w;
	c->fd = fd;
	c->client = *client;
	c->client_port = client_port;
	wr_init(&text, c->client_text, sizeof c->client_text);
	addr_fmt(&text, client);
	c->client_text_len = (uint8_t)text.len;
	c->local = *local;
	c->local_port = local_port;
	c->has_local = local->family != ADDR_NONE;
	if (!c->has_local && w->conf->binds_n > 0)
		conn_learn_local(c);
	c->vhost = route_host(w->conf, &c->local, c->local_port, STR(""));
	w->conns_n++;
	w->score->conns_n = w->conns_n;
	worker_wheel(w);
	read_head(c);
}

void
conn_accept(struct worker_listener *l)
{
	struct worker *w = l->worker;
	int i;

	for (i = 0; i < ACCEPT_MAX; i++) {
		union net_addr sa;
		socklen_t len = sizeof sa;
		struct addr client;
		uint16_t port;
		int fd;

		if (w->conns_n == w->conns_max && !make_room(w)) {
			worker_accepting(w, false);
			return;
		}
		fd = accept4(l->fd, &sa.sa, &len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			if (errno == ECONNABORTED || errno == EINTR)
				continue;
			if (errno == EAGAIN)
				return;
			if ((errno == EMFILE || errno == ENFILE) &&
			    make_room(w))
				continue;
			worker_rest(w, errno);
			return;
		}
		worker_addr(&sa, &client, &port);
		conn_start(w, fd, &client, port, &l->addr, l->port);
		/* room is made when it is known that another waits */
		if (w->conns_n == w->conns_max) {
			worker_is_full(w);
			return;
		}
	}
}

void
conn_drain(struct worker *w)
{
	uint32_t i;

	for (i = 0; i < w->conns_fresh; i++) {
		struct conn *c = &w->conns[i];

		/* a request that has come is answered, not reset */
		if (c->state == CONN_IDLE)
			read_heads(c, false);
		if (c->state == CONN_IDLE)
			conn_close(c);
	}
}
