/* SPDX-License-Identifier: ISC */
/*
 * master - generations of workers, and the signals of Apache's parent.
 *
 * HUP and USR1 read the configuration into new memory.  When that works, logs
 * are opened again, sockets are kept or bound, new workers start and the old
 * ones are told to stop (HUP) or to finish (USR1).  When it does not work the
 * old generation goes on and the error log says why.
 */
#include "httpd/master.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/statfile.h"
#include "httpd/confio.h"
#include "httpd/conftext.h"
#include "httpd/listen.h"
#include "httpd/seat.h"
#include "httpd/worker.h"

#define ARENA_SIZE (256u << 20)	/* reserved for one configuration */
#define DIAG_TEXT_SIZE 65536
#define SCORES_MAX 256		/* workers of all generations at once */
#define STOP_WAIT_S 5		/* from TERM to KILL */
#define RESPAWN_MS 1000		/* a worker that dies sooner waits */

enum verdict { GO_ON, END };

/* memory of all processes */
struct shared {
	struct worker_score scores[SCORES_MAX];
	struct seat seats[SEAT_MAX];	/* by rank */
};

struct master {
	const struct master_opts *opts;
	const struct conf *conf;
	struct arena arena;
	struct listen socks;
	struct logs logs;
	struct proc_user user_buf;
	const struct proc_user *user;
	struct worker_score *scores;
	struct seat *seats;
	char server[128];
	unsigned workers_n;
	uint32_t generation;
	int64_t start_s;
	int32_t pids[SCORES_MAX];	/* by score slot; 0: free */
	uint32_t gens[SCORES_MAX];
	unsigned ranks[SCORES_MAX];	/* see seat.h */
	int64_t born_ms[SCORES_MAX];
	bool is_child;			/* we are a worker that has ended */
	int child_status;
	bool is_stopping;
	struct statfile statfile;
	int stats_err;			/* as the log has it */
	int64_t stats_ms;		/* when to write them next */
};

/* ---- configuration ---------------------------------------------------------------- */

const struct conf *
master_load(const struct master_opts *opts, struct arena *a)
{
	const struct conf *conf = NULL;
	struct diag diag;
	struct wr w;
	void *mem = proc_reserve(ARENA_SIZE);
	bool ok;

	memset(a, 0, sizeof *a);
	if (mem == NULL) {
		(void)!dprintf(STDERR_FILENO, "%s: no memory for the "
		    "configuration: %s\n", opts->prog, strerror(errno));
		return NULL;
	}
	arena_init(a, mem, ARENA_SIZE);
	/* first, so that what says "too large" has room */
	wr_init(&w, arena_alloc(a, DIAG_TEXT_SIZE, 1), DIAG_TEXT_SIZE);
	diag_init(&diag, a);
	ok = conf_load(opts->args, confio_get(), a, &diag, &conf);
	conftext_diag(&w, &diag, opts->prog);
	if (w.len > 0)
		(void)!write(STDERR_FILENO, w.p, w.len);
	return ok ? conf : NULL;
}

bool
master_user(const struct master_opts *opts, const struct conf *conf,
    struct proc_user *buf, const struct proc_user **ret_user)
{
	*ret_user = NULL;
	if (conf->user != NULL && proc_user_find(conf->user[0] == '#' ?
	    conf->user + 1 : conf->user, buf) != 0) {
		(void)!dprintf(STDERR_FILENO, "AH00543: %s: bad user name "
		    "%s\n", opts->prog, conf->user);
		return false;
	}
	if (conf->group != NULL && proc_group_find(conf->group[0] == '#' ?
	    conf->group + 1 : conf->group, &buf->gid) != 0) {
		(void)!dprintf(STDERR_FILENO, "AH00544: %s: bad group name "
		    "%s\n", opts->prog, conf->group);
		return false;
	}
	if (conf->user != NULL && geteuid() == 0)
		*ret_user = buf;
	return true;
}

/* Server, by ServerTokens; what we are and not what we stand in for */
static void
set_server(struct master *m)
{
	static const char *const forms[] = {
		[CONF_TOKENS_FULL] = "Kickstand/" KS_VERSION " (Unix)",
		[CONF_TOKENS_PROD] = "Kickstand",
		[CONF_TOKENS_MAJOR] = "Kickstand/0",
		[CONF_TOKENS_MINOR] = "Kickstand/" KS_VERSION,
		[CONF_TOKENS_MIN] = "Kickstand/" KS_VERSION,
		[CONF_TOKENS_OS] = "Kickstand/" KS_VERSION " (Unix)",
	};

	(void)snprintf(m->server, sizeof m->server, "%s",
	    forms[m->conf->tokens]);
}

/* ---- the error log ------------------------------------------------------------------ */

static void PRINTF_LIKE(4, 5)
say(struct master *m, const char *module, enum conf_level level,
    const char *fmt, ...)
{
	struct timespec ts;
	struct when now = { 0, 0, 0 };
	time_t t = time(NULL);
	struct tm tm;
	char buf[512];
	struct wr w;
	va_list ap;

	clock_gettime(CLOCK_REALTIME, &ts);
	now.wall_s = ts.tv_sec;
	now.wall_ns = (int32_t)ts.tv_nsec;
	memset(&tm, 0, sizeof tm);
	(void)!localtime_r(&t, &tm);
	wr_init(&w, buf, sizeof buf);
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	logs_error(&m->logs, &m->conf->vhosts[0].errlog, &now,
	    (int32_t)tm.tm_gmtoff, module, level, 0, STR(""),
	    wr_as_str(&w));
}

static void
say_ready(struct master *m)
{
	say(m, "core", CONF_LEVEL_NOTICE, "AH00163: %s configured -- resuming "
	    "normal operations", m->server);
	say(m, "core", CONF_LEVEL_NOTICE, "AH00094: Command line: '%.300s'",
	    m->opts->command);
}

/* ---- workers -------------------------------------------------------------------------- */

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static unsigned
processors(void)
{
	cpu_set_t set;
	int n = 1;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = CPU_COUNT(&set);
	return n < 1 ? 1 : n > SEAT_MAX ? SEAT_MAX : (unsigned)n;
}

/* in the child: serve, then let master_run return the status */
static void
be_worker(struct master *m, unsigned slot, unsigned rank)
{
	int fds[LISTEN_MAX];
	struct worker_args args = {
		.conf = m->conf, .server = m->server, .fds = fds,
		.conn_fd = -1, .scores = m->scores, .scores_n = SCORES_MAX,
		.index = slot, .seats = m->seats, .rank = rank,
		.generation = m->generation, .start_s = m->start_s,
		.logs = &m->logs, .user = m->user,
		.is_unguarded = m->opts->is_unguarded,
	};

	for (args.fds_n = 0; args.fds_n < m->socks.n; args.fds_n++)
		fds[args.fds_n] = m->socks.v[args.fds_n].fd;
	args.conns_max = m->conf->clients_max / m->workers_n +
	    (m->conf->clients_max % m->workers_n != 0);
	m->is_child = true;
	statfile_close(&m->statfile);
	m->child_status = worker_run(&args);
}

static void
start_worker(struct master *m, unsigned rank)
{
	unsigned slot = 0;
	pid_t pid;

	while (slot < SCORES_MAX && m->pids[slot] != 0)
		slot++;
	if (slot == SCORES_MAX)
		return;
	pid = fork();
	if (pid < 0) {
		say(m, "core", CONF_LEVEL_ALERT, "AH00159: fork: Unable to "
		    "fork new process: %s", strerror(errno));
		return;
	}
	if (pid == 0) {
		be_worker(m, slot, rank);
		return;
	}
	m->pids[slot] = pid;
	m->gens[slot] = m->generation;
	m->ranks[slot] = rank;
	m->born_ms[slot] = now_ms();
}

static void
start_workers(struct master *m)
{
	unsigned i;

	for (i = 0; i < m->workers_n && !m->is_child; i++)
		start_worker(m, i);
}

/* to the workers of one generation and older ones */
static void
tell_workers(struct master *m, uint32_t generation, int signo)
{
	unsigned i;

	for (i = 0; i < SCORES_MAX; i++)
		if (m->pids[i] != 0 && m->gens[i] <= generation &&
		    kill(m->pids[i], signo) < 0)
			say(m, "core", CONF_LEVEL_ERROR, "(%d)%s: worker %d "
			    "cannot be told to end", errno, strerror(errno),
			    (int)m->pids[i]);
}

static bool
is_taken(const struct master *m, unsigned rank)
{
	unsigned i;

	for (i = 0; i < SCORES_MAX; i++)
		if (m->pids[i] != 0 && m->gens[i] == m->generation &&
		    m->ranks[i] == rank)
			return true;
	return false;
}

static unsigned
count_all(const struct master *m)
{
	unsigned i, n = 0;

	for (i = 0; i < SCORES_MAX; i++)
		n += m->pids[i] != 0;
	return n;
}

/* the dead are buried; a missing worker of this generation is replaced */
static void
reap(struct master *m)
{
	bool was_young = false;
	unsigned i;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < SCORES_MAX; i++) {
			if (m->pids[i] != pid)
				continue;
			m->pids[i] = 0;
			m->scores[i].pid = 0;
			if (m->gens[i] == m->generation)
				m->seats[m->ranks[i]].is_open = false;
			was_young |= now_ms() - m->born_ms[i] < RESPAWN_MS;
			if (WIFSIGNALED(status) &&
			    WTERMSIG(status) != SIGTERM)
				say(m, "core", CONF_LEVEL_NOTICE, "AH00052: "
				    "child pid %d exit signal %s (%d)",
				    (int)pid, strsignal(WTERMSIG(status)),
				    WTERMSIG(status));
		}
	}
	if (m->is_stopping)
		return;
	for (i = 0; i < m->workers_n && !m->is_child; i++) {
		if (is_taken(m, i))
			continue;
		if (was_young)
			usleep(RESPAWN_MS * 1000);
		start_worker(m, i);
	}
}

/* ---- generations --------------------------------------------------------------------- */

static bool
open_all(struct master *m, const struct conf *conf, struct listen *socks,
    struct logs *logs, const struct listen *old)
{
	const struct conf_listen *bad = NULL;
	const char *bad_log = NULL;
	int err = listen_open(socks, conf, old, &bad);
	char text[ADDR_TEXT_MAX] = "[::]";
	struct wr w;

	if (err != 0) {
		wr_init(&w, text, sizeof text - 1);
		if (bad->addr.family != ADDR_NONE)
			addr_fmt(&w, &bad->addr);
		else
			wr_text(&w, "[::]");
		text[w.len] = '\0';
		(void)!dprintf(STDERR_FILENO, "(%d)%s: AH00072: make_sock: "
		    "could not bind to address %s:%u\nno listening sockets "
		    "available, shutting down\nAH00015: Unable to open logs\n",
		    -err, err == -ESRCH ? "not among the inherited sockets" :
		    strerror(-err), text, (unsigned)bad->port);
		return false;
	}
	if (socks->n == 0) {
		(void)!dprintf(STDERR_FILENO, "no listening sockets available,"
		    " shutting down\nAH00015: Unable to open logs\n");
		return false;
	}
	err = logs_open(logs, conf, &bad_log);
	if (err != 0) {
		(void)!dprintf(STDERR_FILENO, "(%d)%s: AH00091: %s: could not "
		    "open error log file %s.\nAH00015: Unable to open logs\n",
		    -err, strerror(-err), m->opts->prog,
		    bad_log == NULL ? "" : bad_log);
		listen_close_unused(socks, old);
		return false;
	}
	return true;
}

static void
reload(struct master *m, bool is_graceful)
{
	static struct master next;
	uint32_t old = m->generation;

	next = *m;
	(void)proc_notify("RELOADING=1");
	say(m, "core", CONF_LEVEL_NOTICE, is_graceful ?
	    "AH00493: Graceful restart requested, doing restart" :
	    "AH00173: SIGHUP received.  Attempting to restart");
	next.conf = master_load(m->opts, &next.arena);
	if (next.conf == NULL || !master_user(m->opts, next.conf,
	    &next.user_buf, &next.user) ||
	    !open_all(&next, next.conf, &next.socks, &next.logs, &m->socks)) {
		say(m, "core", CONF_LEVEL_ERROR, "the new configuration has "
		    "errors (httpd -t shows them); the old one stays in use");
		proc_release(next.arena.p, next.arena.cap);
		(void)proc_notify("READY=1");
		return;
	}
	next.user = next.user == NULL ? NULL : &m->user_buf;
	listen_close_unused(&m->socks, &next.socks);
	logs_close(&m->logs);
	proc_release(m->arena.p, m->arena.cap);
	*m = next;
	m->generation++;
	set_server(m);
	start_workers(m);
	if (m->is_child)
		return;
	tell_workers(m, old, is_graceful ? SIGUSR1 : SIGTERM);
	say_ready(m);
	(void)proc_notify("READY=1");
}

/* ---- signals --------------------------------------------------------------------------- */

static enum verdict
handle(struct master *m, int signo)
{
	switch (signo) {
	case SIGCHLD:
		reap(m);
		break;
	case SIGHUP:
	case SIGUSR1:
		reload(m, signo == SIGUSR1);
		break;
	case SIGWINCH:
		say(m, "core", CONF_LEVEL_NOTICE, "AH00492: caught SIGWINCH, "
		    "shutting down gracefully");
		m->is_stopping = true;
		(void)proc_notify("STOPPING=1");
		tell_workers(m, m->generation, SIGUSR1);
		break;
	case SIGTERM:
	case SIGINT:
		say(m, "core", CONF_LEVEL_NOTICE, "AH00169: caught SIGTERM, "
		    "shutting down");
		m->is_stopping = true;
		(void)proc_notify("STOPPING=1");
		tell_workers(m, m->generation, SIGTERM);
		return END;
	default:
		break;
	}
	return GO_ON;
}

static void
wait_for_workers(struct master *m)
{
	int64_t end = now_ms() + STOP_WAIT_S * 1000;

	for (;;) {
		reap(m);
		if (count_all(m) == 0)
			return;
		if (now_ms() >= end) {
			tell_workers(m, m->generation, SIGKILL);
			end = now_ms() + STOP_WAIT_S * 1000;
		}
		usleep(5000);
	}
}

/* ---- statistics ------------------------------------------------------------------------ */

static void
gather(const struct master *m, struct stats_facts *f)
{
	unsigned i;

	memset(f, 0, sizeof *f);
	f->start_s = m->start_s;
	f->generation = m->generation;
	f->workers_n = count_all(m);
	for (i = 0; i < SCORES_MAX; i++) {
		stats_add(&f->requests, &m->scores[i].requests);
		if (m->scores[i].pid == 0)
			continue;
		f->conns_n += m->scores[i].conns_n;
		f->keepalive_n += m->scores[i].keepalive_n;
	}
}

/* said when it begins to fail, and when it works again */
static void
say_stats(struct master *m, int err)
{
	if (err == m->stats_err)
		return;
	m->stats_err = err;
	say(m, "core", err == 0 ? CONF_LEVEL_NOTICE : CONF_LEVEL_ERROR,
	    "stats file %s: %s", m->opts->stats, err == 0 ?
	    "written again" : strerror(-err));
}

static void
write_stats(struct master *m)
{
	static uint8_t text[16384];
	struct stats_facts facts;
	struct wr w;

	if (m->statfile.dir_fd < 0)
		return;
	gather(m, &facts);
	wr_init(&w, text, sizeof text);
	stats_write(&w, &facts);
	say_stats(m, wr_ok(&w) ? statfile_put(&m->statfile, wr_as_str(&w)) :
	    -EFBIG);
	m->stats_ms = now_ms() + STATFILE_PERIOD_S * 1000;
}

static void
open_stats(struct master *m)
{
	int err;

	m->statfile.dir_fd = -1;
	if (m->opts->stats == NULL)
		return;
	err = statfile_open(&m->statfile, m->opts->stats);
	if (err != 0)
		say_stats(m, err);
}

static void
signal_loop(struct master *m, const sigset_t *set)
{
	const int64_t watchdog_ms = proc_watchdog_ns() / 1000000;
	int64_t graceful_end = INT64_MAX, alive_at = now_ms() + watchdog_ms;

	while (!m->is_child) {
		struct timespec wait = { 1, 0 };
		int signo = sigtimedwait(set, NULL, &wait);

		if (watchdog_ms > 0 && now_ms() >= alive_at) {
			(void)proc_notify("WATCHDOG=1");
			alive_at = now_ms() + watchdog_ms;
		}
		if (signo > 0 && handle(m, signo) == END)
			break;
		if (!m->is_child && now_ms() >= m->stats_ms)
			write_stats(m);
		if (m->is_stopping) {
			if (graceful_end == INT64_MAX &&
			    m->conf->graceful_ms > 0)
				graceful_end = now_ms() + m->conf->graceful_ms;
			if (count_all(m) == 0 || now_ms() >= graceful_end)
				break;
		}
	}
	if (m->is_child)
		return;
	tell_workers(m, m->generation, SIGTERM);
	wait_for_workers(m);
	write_stats(m);
}

static void
block_signals(sigset_t *set)
{
	static const int signals[] = { SIGHUP, SIGUSR1, SIGTERM, SIGINT,
	    SIGWINCH, SIGCHLD };
	size_t i;

	sigemptyset(set);
	for (i = 0; i < ARRAY_LEN(signals); i++)
		sigaddset(set, signals[i]);
	sigprocmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static bool
init(struct master *m, const struct master_opts *opts,
    const struct conf *conf, const struct arena *a)
{
	struct shared *shared = mmap(NULL, sizeof *shared,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	m->opts = opts;
	m->conf = conf;
	if (a != NULL)
		m->arena = *a;
	m->start_s = time(NULL);
	m->workers_n = opts->is_single ? 1 : processors();
	set_server(m);
	if (shared == MAP_FAILED) {
		(void)!dprintf(STDERR_FILENO, "%s: no memory for the table of "
		    "workers: %s\n", opts->prog, strerror(errno));
		return false;
	}
	m->scores = shared->scores;
	m->seats = shared->seats;
	return true;
}

int
master_run(const struct master_opts *opts, const struct conf *conf,
    struct arena *a)
{
	static struct master m;
	static struct listen inherited;
	sigset_t set;
	int ready_fd = -1;

	if (!init(&m, opts, conf, a))
		return 1;
	listen_inherit(&inherited);
	m.logs.is_detached = !opts->is_foreground && inherited.n == 0;
	if (!master_user(opts, conf, &m.user_buf, &m.user) ||
	    !open_all(&m, conf, &m.socks, &m.logs, &inherited))
		return 1;
	if (m.logs.is_detached) {
		ready_fd = proc_daemonize();
		if (ready_fd < 0)
			return 1;
	}
	block_signals(&set);
	if (proc_pid_write(conf->pidfile) != 0)
		say(&m, "core", CONF_LEVEL_ERROR, "AH00099: could not create "
		    "%s: %s", conf->pidfile, strerror(errno));
	m.generation = 1;
	open_stats(&m);
	/* before there are workers, who would keep the terminal open */
	if (ready_fd >= 0)
		(void)!proc_daemon_ready(ready_fd, 0);
	start_workers(&m);
	if (!m.is_child) {
		say_ready(&m);
		(void)proc_notify("READY=1\nSTATUS=serving");
		signal_loop(&m, &set);
	}
	if (m.is_child)
		return m.child_status;
	if (unlink(m.conf->pidfile) < 0 && errno != ENOENT)
		say(&m, "core", CONF_LEVEL_ERROR, "(%d)%s: cannot remove %s",
		    errno, strerror(errno), m.conf->pidfile);
	return 0;
}

int
master_inetd(const struct master_opts *opts, const struct conf *conf)
{
	static struct master m;
	const char *bad;
	struct worker_args args;

	if (!init(&m, opts, conf, NULL) ||
	    !master_user(opts, conf, &m.user_buf, &m.user) ||
	    net_inherit(STDIN_FILENO) != 0 ||
	    logs_open(&m.logs, conf, &bad) != 0)
		return 1;
	args = (struct worker_args){
		.conf = conf, .server = m.server, .conn_fd = STDIN_FILENO,
		.scores = m.scores, .scores_n = 1, .seats = m.seats,
		.start_s = m.start_s,
		.logs = &m.logs, .user = m.user,
		.is_unguarded = opts->is_unguarded,
	};
	return worker_run(&args);
}
