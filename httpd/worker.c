/* SPDX-License-Identifier: ISC */
/*
 * worker - set-up and loop of one serving process.
 *
 * Everything is reserved here, in one place, before privileges are dropped;
 * afterwards nothing grows.  SIGTERM ends the worker after its logs are out,
 * SIGUSR1 lets it finish what it serves.  When the master dies the kernel sends
 * SIGTERM.
 */
#include "httpd/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/net.h"
#include "common/proc.h"
#include "common/sandbox.h"
#include "httpd/alias.h"
#include "httpd/cgirun.h"
#include "httpd/confsec.h"
#include "httpd/conn.h"
#include "httpd/dirpage.h"
#include "httpd/fs.h"
#include "httpd/resp.h"

#define FILES_WANTED 65536	/* descriptors */
#define CONNS_MAX 16384
#define FILES_MAX 4096		/* open files that are served or cached */
#define TIMERS_MAX 16
#define REST_NS (100 * WHEN_NS_PER_MS)	/* without descriptors */
#define LACKS_SAY_NS (60 * WHEN_NS_PER_S)
#define ROUTE_MEM (16u << 20)

void
worker_addr(const union net_addr *sa, struct addr *ret, uint16_t *ret_port)
{
	memset(ret, 0, sizeof *ret);
	*ret_port = net_addr_port(sa);
	if (sa->sa.sa_family == AF_INET)
		*ret = addr_v4(ntohl(sa->in4.sin_addr.s_addr));
	else if (sa->sa.sa_family == AF_INET6)
		*ret = addr_v6(sa->in6.sin6_addr.s6_addr);
}

void
worker_clock(struct worker *w)
{
	const struct when *now = ev_now(&w->ev);
	time_t t = (time_t)now->wall_s;
	struct resp ok;
	struct tm tm;
	struct wr wr;

	if (now->wall_s == w->clock_s)
		return;
	w->clock_s = now->wall_s;
	wr_init(&wr, w->date, sizeof w->date);
	date_fmt(&wr, now->wall_s);
	resp_init(&ok, 200);
	wr_init(&wr, w->lead, sizeof w->lead);
	resp_lead(&ok, &wr, false, str_make(w->date, DATE_LEN),
	    str_of(w->server));
	w->lead_len = wr_ok(&wr) ? (uint8_t)wr.len : 0;
	if (localtime_r(&t, &tm) != NULL) {
		w->utc_offset_s = (int32_t)tm.tm_gmtoff;
		(void)snprintf(w->zone, sizeof w->zone, "%s", tm.tm_zone);
	}
}

/* ---- events ------------------------------------------------------------------------ */

static void
on_wheel(void *ctx)
{
	struct worker *w = ctx;

	conn_tick(w);
	if (file_expire(&w->files, ev_now(&w->ev)->mono_ns) || w->conns_n > 0)
		ev_timer_in(&w->ev, &w->wheel_timer, WORKER_TICK_NS);
}

void
worker_wheel(struct worker *w)
{
	if (ev_timer_is_set(&w->wheel_timer))
		return;
	conn_tick(w);
	ev_timer_in(&w->ev, &w->wheel_timer, WORKER_TICK_NS);
}

static void
on_run(void *ctx)
{
	conn_run(ctx);
}

static void
on_log(void *ctx)
{
	struct worker *w = ctx;

	if (!logs_flush(&w->logs))
		worker_log_soon(w);
	logs_confess(&w->logs, &w->conf->vhosts[0].errlog, ev_now(&w->ev),
	    w->utc_offset_s);
}

void
worker_log_soon(struct worker *w)
{
	if (!ev_timer_is_set(&w->log_timer))
		ev_timer_in(&w->ev, &w->log_timer,
		    LOGS_DELAY_MS * WHEN_NS_PER_MS);
}

static void
complain(struct worker *w, enum conf_level level, int err, const char *what)
{
	logs_error(&w->logs, &w->conf->vhosts[0].errlog, ev_now(&w->ev),
	    w->utc_offset_s, "core", level, err, STR(""), str_of(what));
}

void
worker_lacks(struct worker *w, int err, const char *what)
{
	int64_t now_ns = ev_now(&w->ev)->mono_ns;

	if (w->lacked_ns != 0 && now_ns - w->lacked_ns < LACKS_SAY_NS)
		return;
	w->lacked_ns = now_ns;
	complain(w, CONF_LEVEL_ERROR, err, what);
}

static void
rest(struct worker *w, int err)
{
	ev_timer_in(&w->ev, &w->rest_timer, REST_NS);
	worker_lacks(w, err, "connections wait to be accepted");
}

static void
listen_on(struct worker *w, bool is_on)
{
	unsigned i;
	int err = 0;

	for (i = 0; i < w->listeners_n; i++) {
		struct worker_listener *l = &w->listeners[i];

		if (is_on && l->src.fd < 0)
			err = ev_add(&w->ev, &l->src, l->fd,
			    EV_READ | EV_EXCLUSIVE);
		else if (!is_on)
			ev_del(&w->ev, &l->src);
		if (err != 0)
			rest(w, -err);
	}
}

void
worker_accepting(struct worker *w, bool is_on)
{
	listen_on(w, is_on);
	w->is_accepting = is_on;
}

void
worker_is_full(struct worker *w)
{
	if (w->is_draining)
		return;
	/* both sides say so before they look: one of two stays */
	w->seats[w->rank].is_open = false;
	__sync_synchronize();
	if (seat_has_others(w->seats, w->rank))
		worker_accepting(w, false);
}

bool
worker_sheds(struct worker *w)
{
	int64_t now_ns = ev_now(&w->ev)->mono_ns;

	if (now_ns < w->shed_ns ||
	    !seat_sheds(w->seats, w->rank, ev_busy_ns(&w->ev)))
		return false;
	w->shed_ns = now_ns + SEAT_SHED_EACH_MS * WHEN_NS_PER_MS;
	return true;
}

static void
accept_all(struct worker *w)
{
	unsigned i;

	for (i = 0; i < w->listeners_n; i++)
		conn_accept(&w->listeners[i]);
}

/*
 * A connection that is left to others wakes nobody again, so the sockets are
 * looked at when their time is over; meanwhile this worker sleeps on.
 */
static void
on_listener(void *ctx, unsigned ready)
{
	struct worker_listener *l = ctx;
	struct worker *w = l->worker;

	(void)ready;
	if (!seat_leaves(w->seats, w->rank)) {
		conn_accept(l);
		return;
	}
	listen_on(w, false);
	ev_timer_in(&w->ev, &w->leave_timer, SEAT_LEAVE_MS * WHEN_NS_PER_MS);
}

static void
on_leave(void *ctx)
{
	struct worker *w = ctx;

	if (!w->is_accepting)
		return;
	listen_on(w, true);
	/* full: nobody makes room before it is known that one waits */
	if (w->conns_n < w->conns_max)
		accept_all(w);
}

static void
show_seat(void *ctx)
{
	struct worker *w = ctx;

	/* the next generation has it now */
	if (w->is_draining)
		return;
	seat_show(&w->seats[w->rank], w->is_accepting, ev_busy_ns(&w->ev));
}

void
worker_rest(struct worker *w, int err)
{
	worker_accepting(w, false);
	rest(w, err);
}

static void
on_rest(void *ctx)
{
	struct worker *w = ctx;

	if (!w->is_draining)
		worker_accepting(w, true);
}

static void
drain(struct worker *w)
{
	if (w->is_draining)
		return;
	w->is_draining = true;
	w->score->is_draining = true;
	conn_drain(w);
	/* what this worker alone was woken for */
	listen_on(w, false);
	if (w->is_accepting)
		accept_all(w);
	worker_accepting(w, false);
	if (w->conns_n == 0)
		ev_stop(&w->ev);
}

static void
on_signal(void *ctx, int signo)
{
	struct worker *w = ctx;
	pid_t pid;

	switch (signo) {
	case SIGCHLD:
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			cgirun_reaped(w, pid);
		break;
	case SIGUSR1:
		drain(w);
		break;
	default:
		ev_stop(&w->ev);
		break;
	}
}

/* ---- set-up -------------------------------------------------------------------------- */

static int
add_signals(struct worker *w)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGUSR1, SIGCHLD };
	size_t i;
	int err = 0;

	for (i = 0; i < ARRAY_LEN(signals) && err == 0; i++)
		err = ev_signal(&w->ev, signals[i], on_signal, w);
	signal(SIGPIPE, SIG_IGN);
	/* for the master; a stray one must not end a worker */
	signal(SIGHUP, SIG_IGN);
	signal(SIGWINCH, SIG_IGN);
	return err;
}

static bool
is_any(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->b, zero, sizeof zero) == 0;
}

static int
add_listeners(struct worker *w, const struct worker_args *args)
{
	unsigned i;

	for (i = 0; i < args->fds_n && i < WORKER_LISTENERS_MAX; i++) {
		struct worker_listener *l = &w->listeners[i];
		union net_addr sa;

		ev_source_init(&l->src, on_listener, l);
		l->worker = w;
		l->fd = args->fds[i];
		if (net_kind_of(l->fd, &sa) != NET_LISTENER)
			return -ENOTSOCK;
		worker_addr(&sa, &l->addr, &l->port);
		/* bound to any address: each connection has its own */
		if (is_any(&l->addr))
			l->addr.family = ADDR_NONE;
		w->listeners_n++;
	}
	worker_accepting(w, true);
	ev_before_sleep(&w->ev, &w->seat_hook, show_seat, w);
	ev_timer_init(&w->leave_timer, on_leave, w);
	/* what a worker was woken for that has died since */
	ev_timer_in(&w->ev, &w->leave_timer, WHEN_NS_PER_S);
	return 0;
}

static uint32_t
clamp(uint32_t v, uint32_t min, uint32_t max)
{
	return v < min ? min : v > max ? max : v;
}

static int
reserve(struct worker *w)
{
	uint32_t files = proc_raise_files(FILES_WANTED);
	void *route_mem = proc_reserve(ROUTE_MEM);
	int err = ev_init(&w->ev, files, TIMERS_MAX);

	w->scratch = proc_reserve(WORKER_SCRATCH_SIZE);
	if (err == 0 && (route_mem == NULL || w->scratch == NULL))
		err = -ENOMEM;
	if (err != 0)
		return err;
	route_work_init(&w->route_work, route_mem, ROUTE_MEM);
	w->route_fs = fs_get(&w->names);
	err = file_cache_init(&w->files, clamp(files / 4, 16, FILES_MAX));
	if (err == 0)
		err = conn_tables(w, clamp(files / 2, 128, CONNS_MAX));
	if (err == 0)
		err = logs_buffers(&w->logs);
	if (err == 0)
		err = dirpage_init(w);
	ev_timer_init(&w->wheel_timer, on_wheel, w);
	ev_timer_init(&w->rest_timer, on_rest, w);
	ev_timer_init(&w->log_timer, on_log, w);
	ev_timer_init(&w->run_timer, on_run, w);
	w->wheel_tick = ev_now(&w->ev)->mono_ns / WORKER_TICK_NS;
	return err;
}

static void
start_single(struct worker *w, int fd)
{
	static const struct addr none;
	union net_addr sa;
	socklen_t len = sizeof sa;
	struct addr client = none;
	uint16_t port = 0;

	w->is_single = true;
	memset(&sa, 0, sizeof sa);
	if (getpeername(fd, &sa.sa, &len) == 0)
		worker_addr(&sa, &client, &port);
	conn_start(w, fd, &client, port, &none, 0);
}

/* ---- walls --------------------------------------------------------------------------- */

static bool
may_run_here(const struct conf_dir *dir)
{
	return (dir->options & CONF_OPT_EXECCGI) != 0 ||
	    (dir->options_add & CONF_OPT_EXECCGI) != 0 || dir->override != 0;
}

static bool
may_run_in(const struct conf_sections *list)
{
	unsigned i;

	for (i = 0; i < list->n; i++)
		if (may_run_here(&list->v[i]->dir) ||
		    may_run_in(&list->v[i]->files) ||
		    may_run_in(&list->v[i]->ifs))
			return true;
	return false;
}

/* whether any script can be started, now or by a .htaccess */
static bool
has_scripts(const struct conf *conf)
{
	unsigned i, k;

	for (i = 0; i < conf->vhosts_n; i++) {
		const struct conf_vhost *v = &conf->vhosts[i];

		if (may_run_here(&v->base) || may_run_in(&v->dirs) ||
		    may_run_in(&v->dirmatch) || may_run_in(&v->files) ||
		    may_run_in(&v->locations) || may_run_in(&v->ifs))
			return true;
		for (k = 0; k < v->aliases_v.n; k++)
			if (v->aliases_v.v[k]->is_script)
				return true;
	}
	return false;
}

/*
 * A server without scripts reads files and answers on sockets, nothing else.
 * Scripts inherit the walls and must not stumble over them: then only what
 * none of them needs is shut.
 */
static void
raise_walls(struct worker *w)
{
	/* Logs are open; nothing is created, changed or removed by name. */
	const struct sandbox_path all = { "/", SANDBOX_READ };
	int err;

	if (w->is_unguarded)
		return;
	if (has_scripts(w->conf))
		err = sandbox_enter(SANDBOX_ANY, NULL, 0, NULL);
	else
		err = sandbox_enter(SANDBOX_READ | SANDBOX_INET |
		    SANDBOX_UNIX, &all, 1, NULL);
	if (err != 0)
		complain(w, CONF_LEVEL_WARN, -err,
		    "the sandbox could not be entered");
}

static int
set_up(struct worker *w, const struct worker_args *args)
{
	int err;

	w->conf = args->conf;
	w->server = args->server;
	w->scores = args->scores;
	w->scores_n = args->scores_n;
	w->score = &args->scores[args->index];
	w->seats = args->seats;
	w->rank = args->rank;
	w->generation = args->generation;
	w->start_s = args->start_s;
	w->pid = getpid();
	w->is_unguarded = args->is_unguarded;
	w->logs = *args->logs;
	memset(w->score, 0, sizeof *w->score);
	w->score->pid = w->pid;
	w->score->generation = args->generation;
	err = reserve(w);
	if (args->conns_max != 0 && args->conns_max < w->conns_max)
		w->conns_max = args->conns_max;
	if (err == 0) {
		worker_clock(w);
		err = add_signals(w);
	}
	if (err == 0)
		err = add_listeners(w, args);
	if (err == 0 && args->user != NULL)
		err = proc_drop(args->user, 0);
	if (err == 0)
		raise_walls(w);
	return err;
}

int
worker_run(const struct worker_args *args)
{
	struct worker *w = proc_reserve(sizeof *w);
	int err;

	if (args->conn_fd < 0)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	err = w == NULL ? -ENOMEM : set_up(w, args);
	if (err != 0) {
		(void)!dprintf(STDERR_FILENO, "httpd: worker cannot start: "
		    "%s\n", strerror(-err));
		return 1;
	}
	if (args->conn_fd >= 0)
		start_single(w, args->conn_fd);
	if (args->conn_fd < 0 || w->conns_n > 0)
		err = ev_run(&w->ev);
	cgirun_end_all(w);
	(void)!logs_flush(&w->logs);
	w->score->pid = 0;
	w->score->conns_n = 0;
	return err == 0 ? 0 : 1;
}
