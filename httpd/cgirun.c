/* SPDX-License-Identifier: ISC */
/*
 * cgirun - scripts.
 *
 * The body goes to the script first (with back pressure), then its output is
 * read one piece at a time and the next piece only when the last has been
 * sent: a script costs one slot however much it writes.  A script whose client
 * has gone, or that takes too long, is told to end with its process group, and
 * killed when it does not.  Its slot is free when the process is gone.
 */
#include "httpd/cgirun.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/proc.h"
#include "httpd/cgi.h"
#include "httpd/reqlog.h"
#include "httpd/serve.h"
#include "httpd/turn.h"

#define SCRIPTS_MAX 512		/* running at once per worker */
#define SCRIPT_FILES 1024	/* descriptors of a script */
#define PIECE_MAX CGI_HEAD_MAX
#define READS_MAX 16		/* of a body, per turn */
#define END_NS (3 * WHEN_NS_PER_S)	/* for each step towards its end */

struct cgirun {
	struct list link;	/* free or ending slots */
	struct xact *x;		/* NULL: free or ending */
	int32_t pid;		/* and process group */
	bool is_gone;		/* has been waited for */
	bool is_told;		/* ending: has been sent SIGTERM */
	int64_t due_ns;		/* ending: when the next step is due */
	int in_fd, out_fd;	/* -1 when closed */
	struct ev_source in_src, out_src;
	struct str unsent;	/* body bytes the pipe did not take */
	bool is_raw;		/* nph- */
	bool has_head;		/* the answer's head has been written */
	bool is_end;		/* the script has said everything */
	bool has_piece;		/* a chunk is being sent */
	bool is_last;		/* .. and the end has been put into out[] */
	size_t len;
	char buf[PIECE_MAX];
};

struct cgiruns {
	struct list free;
	struct list ending;	/* by due_ns */
	struct ev_timer timer;
	struct ev *ev;
	uint32_t fresh;
	struct cgirun v[SCRIPTS_MAX];
};

/* ---- the end of a script ------------------------------------------------------------ */

/* Whom it started and who has closed the output is let be. */
static void
signal_script(const struct cgirun *g, int signo)
{
	kill(g->is_end ? g->pid : -g->pid, signo);
}

static void
arm(struct cgiruns *all)
{
	const struct cgirun *g;

	if (list_is_empty(&all->ending)) {
		ev_timer_stop(all->ev, &all->timer);
		return;
	}
	g = LIST_ITEM(all->ending.next, struct cgirun, link);
	ev_timer_in(all->ev, &all->timer,
	    g->due_ns - ev_now(all->ev)->mono_ns);
}

static void
on_due(void *ctx)
{
	struct cgiruns *all = ctx;
	int64_t now_ns = ev_now(all->ev)->mono_ns;

	while (!list_is_empty(&all->ending)) {
		struct cgirun *g = LIST_ITEM(all->ending.next, struct cgirun,
		    link);

		if (g->due_ns > now_ns)
			break;
		signal_script(g, g->is_told ? SIGKILL : SIGTERM);
		g->is_told = true;
		g->due_ns = now_ns + END_NS;
		list_del(&g->link);
		list_add_tail(&all->ending, &g->link);
	}
	arm(all);
}

void
cgirun_reaped(struct worker *w, int pid)
{
	struct cgiruns *all = w->scripts;
	uint32_t i;

	for (i = 0; all != NULL && i < all->fresh; i++) {
		struct cgirun *g = &all->v[i];

		if (g->is_gone || g->pid != pid)
			continue;
		g->is_gone = true;
		if (g->x == NULL) {
			list_del(&g->link);
			list_add_head(&all->free, &g->link);
		}
		break;
	}
	if (all != NULL)
		arm(all);
}

void
cgirun_end_all(struct worker *w)
{
	struct cgiruns *all = w->scripts;
	uint32_t i;

	for (i = 0; all != NULL && i < all->fresh; i++) {
		struct cgirun *g = &all->v[i];

		if (!g->is_gone && !g->is_end)
			signal_script(g, g->is_told ? SIGKILL : SIGTERM);
	}
}

static struct cgirun *
take(struct worker *w)
{
	struct cgiruns *all = w->scripts;
	struct list *l;

	if (all == NULL) {
		all = w->scripts = proc_reserve(sizeof *all);
		if (all == NULL)
			return NULL;
		list_init(&all->free);
		list_init(&all->ending);
		all->ev = &w->ev;
		ev_timer_init(&all->timer, on_due, all);
	}
	if (list_is_empty(&all->free))
		return all->fresh == SCRIPTS_MAX ? NULL :
		    &all->v[all->fresh++];
	l = all->free.next;
	list_del(l);
	return LIST_ITEM(l, struct cgirun, link);
}

static void
close_in(struct cgirun *g)
{
	if (g->in_fd < 0)
		return;
	ev_del(&g->x->conn->w->ev, &g->in_src);
	close(g->in_fd);
	g->in_fd = -1;
}

static void
close_out(struct cgirun *g)
{
	if (g->out_fd < 0)
		return;
	ev_del(&g->x->conn->w->ev, &g->out_src);
	close(g->out_fd);
	g->out_fd = -1;
}

void
cgirun_stop(struct xact *x)
{
	struct cgirun *g = x->cgi;
	struct worker *w = x->conn->w;
	struct cgiruns *all = w->scripts;

	close_in(g);
	close_out(g);
	x->cgi = NULL;
	g->x = NULL;
	g->is_told = !g->is_end;
	if (g->is_told)
		signal_script(g, SIGTERM);
	if (g->is_gone) {
		list_add_head(&all->free, &g->link);
		return;
	}
	g->due_ns = ev_now(&w->ev)->mono_ns + END_NS;
	list_add_tail(&all->ending, &g->link);
	arm(all);
}

static uint32_t
limit_ms(const struct xact *x)
{
	return x->route.dir->cgi_timeout_ms > 0 ?
	    x->route.dir->cgi_timeout_ms : x->vhost->timeout_ms;
}

/* ---- output of the script --------------------------------------------------------- */

/* the new plan may be a script too */
static void
go(struct xact *x)
{
	if (x->cgi != NULL)
		cgirun_go(x);
	else
		conn_send(x->conn);
}

static void
fail(struct xact *x, unsigned status)
{
	cgirun_stop(x);
	serve_failed(x, status);
	go(x);
}

/* a piece of content in buf becomes what is sent next */
static void
put_piece(struct xact *x, size_t from)
{
	struct cgirun *g = x->cgi;
	size_t n = g->len - from;
	struct wr w;

	wr_init(&w, x->out, sizeof x->out);
	w.len = x->out_len;	/* the head, when it is not out yet */
	if (x->is_chunked && !x->is_head) {
		g->has_piece = n > 0;
		if (n > 0)
			wr_fmt(&w, "%zx\r\n", n);
	}
	ASSERT(wr_ok(&w));
	x->framing_bytes += w.len - x->out_len;
	x->out_len = (uint32_t)w.len;
	x->source = XACT_MEM;
	x->mem = (const uint8_t *)g->buf;
	x->at = from;
	x->left = x->is_head ? 0 : n;
}

/* between two pieces, or after the last one */
static void
end_piece(struct xact *x, bool is_last)
{
	struct wr w;

	wr_init(&w, x->out, sizeof x->out);
	if (x->is_chunked && !x->is_head)
		wr_text(&w, is_last ? "0\r\n\r\n" : "\r\n");
	x->framing_bytes += w.len;
	x->out_at = 0;
	x->out_len = (uint32_t)w.len;
}

static void
log_bad_head(struct xact *x, struct str line)
{
	struct str file = str_of(x->route.file);
	struct str name = str_sub(file, str_rchr(file, '/') + 1, file.len);

	reqlog_error(x, "cgi", CONF_LEVEL_ERROR, 0, line.len == 0 ?
	    turn_fmt(&x->turn, "End of script output before headers: %.*s",
	    STR_ARG(name)) : turn_fmt(&x->turn,
	    "malformed header from script '%.*s': Bad header: %.*s",
	    STR_ARG(name), STR_ARG(str_sub(line, 0, 100))));
}

/* the fields must outlive buf, which the body will overwrite */
static bool
keep_fields(struct xact *x)
{
	unsigned i;

	for (i = 0; i < x->resp.fields_n; i++) {
		struct resp_field *f = &x->resp.fields[i];

		if (!arena_str(&x->turn, f->name, &f->name) ||
		    !arena_str(&x->turn, f->value, &f->value))
			return false;
	}
	return x->resp.reason.len == 0 ||
	    arena_str(&x->turn, x->resp.reason, &x->resp.reason);
}

/* "Location: URL" without a document is answered by a page of ours */
static bool
is_bare_redirect(const struct xact *x)
{
	return x->resp.status == 302 &&
	    resp_get(&x->resp, STR("Location")).len > 0 &&
	    resp_get(&x->resp, STR("Content-Type")).len == 0;
}

/* true when the head is known and written */
static bool
take_head(struct xact *x)
{
	struct cgirun *g = x->cgi;
	struct str target = STR("");
	enum cgi_verdict verdict;
	size_t body_at = 0;

	if (g->is_raw) {
		resp_init(&x->resp, 200);
		x->keep = x->is_head = false;
		g->has_head = true;
		put_piece(x, 0);
		return true;
	}
	verdict = cgi_head(str_make(g->buf, g->len), g->is_end, &x->resp,
	    &body_at, &target);
	if (!g->is_end && (verdict == CGI_LOCAL ||
	    (verdict == CGI_OK && is_bare_redirect(x)))) {
		/* we answer, but what it does besides is not cut off */
		g->len = body_at;
		return false;
	}
	switch (verdict) {
	case CGI_MORE:
		if (g->len < sizeof g->buf)
			return false;
		log_bad_head(x, STR("header block too long"));
		fail(x, 500);
		return false;
	case CGI_BAD:
		log_bad_head(x, target);
		fail(x, 500);
		return false;
	case CGI_LOCAL:
		if (!arena_str(&x->turn, target, &target)) {
			fail(x, 500);
			return false;
		}
		cgirun_stop(x);
		serve_internal(x, target);
		go(x);
		return false;
	case CGI_OK:
		break;
	}
	/* the error stays one, unless the script says otherwise */
	if (x->route.is_error_doc && x->resp.status == 200 &&
	    x->resp.reason.p == NULL)
		x->resp.status = x->route.status;
	if (!keep_fields(x)) {
		fail(x, 500);
		return false;
	}
	if (is_bare_redirect(x)) {
		cgirun_stop(x);
		serve_redirect(x);
		conn_send(x->conn);
		return false;
	}
	if (x->route.is_error_doc && x->resp.status == x->route.status)
		serve_must(x);
	serve_charset(x);
	x->is_head |= serve_unchanged(x) || !proto_has_body(x->resp.status);
	g->has_head = true;
	serve_head(x, -1);
	put_piece(x, body_at);
	return true;
}

static void
on_output(void *ctx, unsigned ready)
{
	struct cgirun *g = ctx;
	struct xact *x = g->x;
	struct conn *c = x->conn;
	ssize_t n;

	(void)ready;
	n = read(g->out_fd, g->buf + g->len, sizeof g->buf - g->len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		g->is_end = true;
		close_out(g);
	} else {
		g->len += (size_t)n;
	}
	if (!g->has_head) {
		if (!take_head(x)) {
			/* the plan may have changed, or the client be gone */
			if (x->cgi == g && !g->is_end)
				conn_wait(c, 0, limit_ms(x));
			conn_resume(c);
			return;
		}
	} else if (g->len > 0) {
		put_piece(x, 0);
	}
	if (g->out_fd >= 0)
		(void)!ev_mod(&c->w->ev, &g->out_src, 0);
	conn_send(c);
	conn_resume(c);
}

bool
cgirun_more(struct xact *x)
{
	struct cgirun *g = x->cgi;
	struct conn *c = x->conn;

	if (g->is_last)
		return false;
	if (g->has_piece) {
		/* the piece is out, its line end is not */
		g->has_piece = false;
		g->len = 0;
		end_piece(x, false);
		conn_send(c);
		return true;
	}
	g->len = 0;
	if (g->is_end) {
		g->is_last = true;
		end_piece(x, true);
		conn_send(c);
		return true;
	}
	x->out_at = x->out_len = 0;
	c->state = CONN_CGI;
	conn_wait(c, 0, limit_ms(x));
	(void)!ev_mod(&c->w->ev, &g->out_src, EV_READ);
	return true;
}

/* ---- input of the script ---------------------------------------------------------- */

static void
body_done(struct xact *x)
{
	struct cgirun *g = x->cgi;
	struct conn *c = x->conn;

	close_in(g);
	conn_wait(c, 0, limit_ms(x));
	if (ev_add(&c->w->ev, &g->out_src, g->out_fd, EV_READ) != 0)
		fail(x, 500);
}

/* hands data to the script; false when the pipe is full */
static bool
feed(struct cgirun *g)
{
	while (g->unsent.len > 0 && g->in_fd >= 0) {
		ssize_t n = write(g->in_fd, g->unsent.p, g->unsent.len);

		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0) {
			/* it does not want to know: read over the rest */
			close_in(g);
			break;
		}
		g->unsent = str_sub(g->unsent, (size_t)n, g->unsent.len);
	}
	g->unsent.len = 0;
	return true;
}

static void
move_body(struct xact *x)
{
	struct cgirun *g = x->cgi;
	struct conn *c = x->conn;
	uint64_t max = x->route.dir->body_max;
	int reads_n = 0;

	for (;;) {
		if (!feed(g)) {
			conn_wait(c, 0, limit_ms(x));
			if (g->in_src.fd < 0)
				(void)!ev_add(&c->w->ev, &g->in_src, g->in_fd,
				    EV_WRITE);
			else
				(void)!ev_mod(&c->w->ev, &g->in_src,
				    EV_WRITE);
			return;
		}
		if (conn_body(x, &g->unsent) != 0) {
			fail(x, 400);
			return;
		}
		if (max > 0 && x->body_seen > max) {
			fail(x, 413);
			return;
		}
		if (g->unsent.len > 0)
			continue;
		if (x->is_body_done) {
			body_done(x);
			return;
		}
		switch (reads_n++ < READS_MAX ? conn_recv(c) : 0) {
		case -1:
			fail(x, 400);
			return;
		case 0:
			if (g->in_src.fd >= 0)
				(void)!ev_mod(&c->w->ev, &g->in_src, 0);
			conn_wait_body(c, limit_ms(x));
			return;
		default:
			break;
		}
	}
}

static void
on_input(void *ctx, unsigned ready)
{
	struct cgirun *g = ctx;
	struct conn *c = g->x->conn;

	(void)ready;
	if (g->unsent.len == 0) {
		/* the script closed its input while nothing was to be said */
		close_in(g);
		return;
	}
	move_body(g->x);
	conn_resume(c);
}

void
cgirun_client(struct conn *c, unsigned ready)
{
	struct xact *x = c->x;
	struct cgirun *g = x->cgi;

	if ((ready & EV_WRITE) != 0)
		conn_send(c);
	else if ((ready & EV_READ) != 0 && !x->is_body_done)
		move_body(x);
	else if ((ready & EV_HUP) != 0 && g != NULL)
		conn_close(c);
}

void
cgirun_expire(struct conn *c)
{
	struct xact *x = c->x;

	if (x->is_body_done)
		reqlog_error(x, "cgi", CONF_LEVEL_WARN, 0, turn_fmt(&x->turn,
		    "AH01220: Timeout waiting for output from CGI script %s",
		    x->route.file));
	if (x->cgi->has_head) {
		conn_close(c);
		return;
	}
	fail(x, x->is_body_done ? 504 : 408);
}

/* ---- starting ------------------------------------------------------------------------ */

/* what the master and the worker block and ignore must end a script */
static void
default_signals(void)
{
	static const int ignored[] = { SIGPIPE, SIGHUP, SIGWINCH };
	sigset_t none;
	size_t i;

	for (i = 0; i < ARRAY_LEN(ignored); i++)
		signal(ignored[i], SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* the usual limit of descriptors: some programs close all below it */
static void
limit_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur <= SCRIPT_FILES)
		return;
	limit.rlim_cur = SCRIPT_FILES;
	(void)!setrlimit(RLIMIT_NOFILE, &limit);
}

static void
become_script(struct xact *x, const struct cgi_exec *e, int in, int out)
{
	struct worker *w = x->conn->w;
	struct logs_target *err = logs_find(&w->logs, &x->vhost->errlog);

	default_signals();
	setpgid(0, 0);
	limit_files();
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0)
		_exit(127);
	if (err != NULL && err->fd >= 0)
		dup2(err->fd, 2);
	if (chdir(e->dir) == 0)
		execve(e->file, (char **)(uintptr_t)e->argv,
		    (char **)(uintptr_t)e->envp);
	(void)!dprintf(STDERR_FILENO, "(%d)%s: exec of '%s' failed\n", errno,
	    strerror(errno), e->file);
	_exit(127);
}

static int
spawn(struct xact *x, const struct cgi_exec *e, struct cgirun *g)
{
	int in[2], out[2];
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) != 0)
		return -errno;
	if (pipe2(out, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return -errno;
	}
	pid = fork();
	if (pid == 0)
		become_script(x, e, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	if (pid < 0) {
		close(in[1]);
		close(out[0]);
		return -EAGAIN;
	}
	(void)!fcntl(in[1], F_SETFL, O_NONBLOCK);
	(void)!fcntl(out[0], F_SETFL, O_NONBLOCK);
	setpgid(pid, pid);
	g->pid = pid;
	g->in_fd = in[1];
	g->out_fd = out[0];
	return 0;
}

/* 0 or a status; what is made for the script is its own after the fork */
static unsigned
prepare_and_spawn(struct xact *x, struct cgirun *g)
{
	const struct route *r = &x->route;
	size_t mark = arena_mark(&x->turn);
	struct cgi_facts facts = { .software = str_of(x->conn->w->server),
	    .signature = serve_signature(x), .path = str_of(getenv("PATH")),
	    .body_len = x->req.body == REQ_BODY_LENGTH ?
	    (int64_t)x->req.body_len : -1 };
	struct cgi_exec *e = ARENA_NEW(&x->turn, struct cgi_exec);
	unsigned status = 500;

	if (r->is_error_doc || x->in_route.depth > 0) {
		facts.status = r->status;
		facts.redirect_url = x->first_uri;
	}
	if (e != NULL && cgi_prepare(&x->in_route, r, &facts, &x->turn, e)) {
		g->is_raw = e->is_raw;
		status = spawn(x, e, g) == 0 ? 0 : 503;
	}
	arena_reset(&x->turn, mark);
	return status;
}

static void
say_continue(struct xact *x)
{
	if (x->req.expects_continue && !x->is_body_done &&
	    x->body_at == x->in_len)
		(void)!send(x->conn->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25,
		    MSG_NOSIGNAL);
}

int
cgirun_start(struct xact *x)
{
	struct worker *w = x->conn->w;
	struct cgirun *g;
	unsigned status;

	if (access(x->route.file, X_OK) != 0) {
		int err = errno;

		reqlog_error(x, "cgi", CONF_LEVEL_ERROR, err, turn_fmt(&x->turn,
		    "exec of '%s' failed", x->route.file));
		return 500;
	}
	g = take(w);
	if (g == NULL)
		return 503;
	memset(g, 0, offsetof(struct cgirun, buf));
	list_init(&g->link);
	g->x = x;
	g->in_fd = g->out_fd = -1;
	ev_source_init(&g->in_src, on_input, g);
	ev_source_init(&g->out_src, on_output, g);
	status = prepare_and_spawn(x, g);
	if (status != 0) {
		g->x = NULL;
		g->is_gone = true;
		list_add_head(&w->scripts->free, &g->link);
		return (int)status;
	}
	x->cgi = g;
	return 0;
}

void
cgirun_go(struct xact *x)
{
	x->conn->state = CONN_CGI;
	say_continue(x);
	move_body(x);
}
