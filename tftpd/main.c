/* SPDX-License-Identifier: ISC */
/*
 * in.tftpd - trivial file transfer server, drop-in for tftp-hpa.
 *
 * Top to bottom: arguments, directory, user, rules, sockets, tables, detach,
 * pid file, chroot, become the user for good, loop.  What has to be done
 * outside afterwards is done by the keeper, if there is any of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <syslog.h>
#include <unistd.h>

#include "common/cc.h"
#include "common/ev.h"
#include "common/log.h"
#include "common/proc.h"
#include "common/sandbox.h"
#include "common/statfile.h"
#include "tftpd/args.h"
#include "tftpd/keeper.h"
#include "tftpd/listen.h"
#include "tftpd/rules.h"
#include "tftpd/srv.h"

/* Wait this long for the log to take the last lines. */
#define MAIN_DRAIN_MS 500
/* From this level on we say things that tftp-hpa does not know. */
#define MAIN_VERBOSE 4
/* Descriptors besides those of transfers. */
#define MAIN_FDS_SPARE 64

static struct {
	struct args args;
	struct proc_user user;
	struct listen listen;
	struct rules rules;
	struct ev ev;
	struct srv srv;
	struct ev_timer idle_timer, watchdog, stats_timer;
	int64_t watchdog_ns;
	int stats_said;		/* to the log, about the statistics */
	uint8_t *stats_text;	/* PROM_TEXT_MAX */
	int64_t start_s;
	const char *tag;
	struct keeper keeper;
	struct who who;
} self;

static void
leave(int status)
{
	log_drain(MAIN_DRAIN_MS);
	exit(status);
}

static int
fail(int status, const char *what, int error)
{
	log_line(LOG_ERR, "%s: %s", what, strerror(error));
	return status;
}

/* ---- start ----------------------------------------------------------------- */

/* The keeper may find itself in another directory than we are in now. */
static const char *
absolute(const char *path)
{
	size_t size = strlen(path) + PATH_MAX + 2;
	char *buf = path[0] == '/' ? NULL : malloc(size);

	if (buf == NULL || getcwd(buf, PATH_MAX) == NULL)
		return path;
	(void)snprintf(buf + strlen(buf), size - strlen(buf), "/%s", path);
	return buf;
}

/* Log why the rules were not loaded; the exit status for it. */
static int
rules_failed(enum rules_verdict verdict, int error)
{
	if (verdict == RULES_BAD)
		return EX_CONFIG;
	log_line(LOG_ERR, "Cannot open map file: %s: %s",
	    self.args.map_file, strerror(error));
	return EX_NOINPUT;
}

static int
load_rules(void)
{
	int fd, error;
	enum rules_verdict verdict;

	if (self.args.leases != NULL)
		self.args.leases = absolute(self.args.leases);
	if (self.args.stats != NULL)
		self.args.stats = absolute(self.args.stats);
	if (self.args.map_file == NULL)
		return 0;
	self.args.map_file = absolute(self.args.map_file);
	fd = open(self.args.map_file, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return rules_failed(RULES_UNREADABLE, errno);
	verdict = rules_load(fd, self.args.map_steps, &self.rules, &error);
	return verdict == RULES_OK ? 0 : rules_failed(verdict, error);
}

static int
check_user(void)
{
	const char *name = self.args.user;

	if (proc_user_find(name, &self.user) == 0)
		return 0;
	/* Not root, nothing asked for: we stay who we are. */
	if (geteuid() != 0 && !self.args.is_user_given)
		return 0;
	log_line(LOG_ERR, "no user %s: Success", name);
	return EX_NOUSER;
}

static int
get_sockets(void)
{
	if (self.args.mode != ARGS_INETD)
		return listen_bind(&self.listen, &self.args);
	if (self.args.pid_file != NULL)
		log_line(LOG_WARNING,
		    "not in standalone mode, ignoring pid file");
	self.args.pid_file = NULL;
	return listen_inherit(&self.listen);
}

static int
make_tables(void)
{
	uint32_t max = self.args.srv.xfers_max;
	uint32_t want = 2 * max + UPLOAD_MAX + MAIN_FDS_SPARE;
	uint32_t fds_max = proc_raise_files(want);
	int error = ev_init(&self.ev, fds_max > want ? fds_max : want,
	    max + MAIN_FDS_SPARE);

	if (error == 0) {
		log_attach(&self.ev);	/* first: what was said leaves first */
		error = srv_init(&self.srv, &self.ev, &self.args.srv,
		    self.args.is_permissive);
	}
	if (error != 0)
		return fail(EX_OSERR, "cannot reserve memory", -error);
	self.srv.uploads.may_create = self.args.may_create;
	self.srv.uploads.is_permissive = self.args.is_permissive;
	self.srv.uploads.is_in_place = self.args.is_in_place;
	self.srv.uploads.is_read_only = self.args.is_read_only;
	self.srv.uploads.keeper = &self.keeper;
	if (self.args.map_file != NULL)
		self.srv.rules = &self.rules;
	for (unsigned i = 0; i < self.listen.fds_n; i++) {
		error = srv_listen(&self.srv, self.listen.fds[i]);
		if (error != 0)
			return fail(EX_OSERR, "cannot use socket", -error);
	}
	return 0;
}

static void
write_pid_file(void)
{
	const char *path = self.args.pid_file;
	int error;

	if (path == NULL)
		return;
	error = proc_pid_write(path);
	if (error == 0)
		return;
	log_line(LOG_ERR, "cannot open pid file '%s' for writing: %s", path,
	    strerror(-error));
	self.args.pid_file = NULL;
}

/* Leave somebody behind for what needs root or the world outside. */
static int
start_keeper(void)
{
	bool is_daemon = self.args.mode != ARGS_INETD;
	const char *paths[KEEPER_PATHS] = {
		[KEEPER_MAP] = is_daemon ? self.args.map_file : NULL,
		[KEEPER_LEASES] = self.args.leases,
		[KEEPER_STATS] = self.args.stats
	};
	int error;

	if (self.args.pid_file == NULL && paths[KEEPER_MAP] == NULL &&
	    paths[KEEPER_LEASES] == NULL && paths[KEEPER_STATS] == NULL &&
	    self.args.is_read_only)
		return 0;
	error = keeper_start(&self.keeper, paths, self.args.pid_file,
	    !self.args.has_no_sandbox);
	if (error != 0)
		return fail(EX_OSERR, "fork", -error);
	if (self.args.leases == NULL)
		return 0;
	error = who_init(&self.who, &self.keeper);
	self.srv.who = &self.who;
	return error == 0 ? 0 : fail(EX_OSERR, "cannot reserve memory",
	    -error);
}

static int
become_user(void)
{
	int error = 0;
	uint64_t caps = 0;

	if (self.args.srv.is_secure) {
		error = proc_chroot(".");
		if (error != 0)
			return fail(EX_OSERR, "chroot", -error);
	}
	if (geteuid() != 0 && !self.args.is_user_given)
		return 0;
	/* Ports for transfers are bound later on. */
	if (self.args.srv.port_from != 0 && self.args.srv.port_from < 1024)
		caps = PROC_CAP(10);	/* CAP_NET_BIND_SERVICE */
	error = proc_drop(&self.user, caps);
	if (error != 0)
		return fail(EX_OSERR, "cannot drop privileges", -error);
	return 0;
}

/* The last step: what is not needed is not possible any more. */
static void
enter_sandbox(void)
{
	const struct args *args = &self.args;
	/* The root is that of the chroot; without one, links in the listed
	 * directories may lead anywhere, as they always could. */
	struct sandbox_path root = {
		"/", args->is_read_only ? SANDBOX_READ :
		    SANDBOX_READ | SANDBOX_WRITE
	};
	unsigned has = 0;
	int error;

	if (args->has_no_sandbox)
		return;
	/* A process is forked to let transfers end after us, but no program
	 * is run: no file may be executed. */
	error = sandbox_enter(root.may | SANDBOX_INET | SANDBOX_UNIX |
	    SANDBOX_FORK, &root, 1, &has);
	if (error != 0)
		log_line(LOG_WARNING, "sandbox: %s", strerror(-error));
	if (args->srv.verbosity < MAIN_VERBOSE)
		return;
	log_line(LOG_DEBUG, "sandbox:%s%s%s",
	    (has & SANDBOX_HAS_NNP) != 0 ? " no-new-privileges" : "",
	    (has & SANDBOX_HAS_LANDLOCK) != 0 ? " landlock" : "",
	    (has & SANDBOX_HAS_SECCOMP) != 0 ? " seccomp" : "");
}

static void
set_umask(void)
{
	if (self.args.has_umask)
		(void)umask(self.args.umask);
	else if (!self.args.is_permissive)
		(void)umask(0);
}

static int
enter_directory(void)
{
	const char *dir = self.args.dirs[0].p;

	if (!self.args.srv.is_secure || chdir(dir) == 0)
		return 0;
	log_line(LOG_ERR, "%s: %s", dir, strerror(errno));
	return EX_NOINPUT;
}

/* ---- signals, timers ---------------------------------------------------------- */

/* Until the loop looks at them they wait: who sees our port bound may send
 * one already. */
static void
hold_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	(void)sigprocmask(how, &set, NULL);
}

/* The transfers go on in a child, which logs under its own number. */
static void
stop_serving(void)
{
	srv_leave(&self.srv);
	if (!self.srv.is_draining)
		return;
	hold_signals(SIG_UNBLOCK);
	keeper_leave(&self.keeper);
	log_open(self.args.wants_stderr ? LOG_TO_STDERR : LOG_TO_SYSLOG,
	    self.tag, LOG_DAEMON);
}

static void
on_stop(void *ctx, int signo)
{
	(void)ctx;
	(void)signo;
	stop_serving();
}

static void
on_reload(void *ctx, int signo)
{
	enum rules_verdict verdict = RULES_UNREADABLE;
	struct rules rules;
	int fd, error;

	(void)ctx;
	(void)signo;
	if (self.args.mode == ARGS_INETD) {
		stop_serving();
		return;
	}
	if (self.args.map_file == NULL)
		return;
	fd = keeper_open(&self.keeper, KEEPER_MAP);
	error = fd < 0 ? -fd : 0;
	if (fd >= 0)
		verdict = rules_load(fd, self.args.map_steps, &rules, &error);
	if (verdict == RULES_OK) {
		rules_free(&self.rules);
		self.rules = rules;
		return;
	}
	(void)rules_failed(verdict, error);
	log_line(LOG_ERR, "map file %s not loaded, the old rules stay",
	    self.args.map_file);
}

static void
on_idle(void *ctx)
{
	int64_t end_ns = self.srv.request_ns + self.args.idle_ns;

	(void)ctx;
	if (self.srv.is_draining || self.srv.is_leaving)
		return;
	if (ev_now(&self.ev)->mono_ns < end_ns)
		ev_timer_at(&self.ev, &self.idle_timer, end_ns);
	else
		stop_serving();
}

static void
write_stats(void)
{
	struct wr wr;
	int fd, err;

	wr_init(&wr, self.stats_text, PROM_TEXT_MAX);
	stats_write(&wr, &self.srv.stats, self.start_s, self.srv.xfers.n,
	    log_lost());
	fd = wr_ok(&wr) ? keeper_open(&self.keeper, KEEPER_STATS) : -EFBIG;
	err = fd < 0 ? fd : keeper_stats_done(&self.keeper,
	    statfile_write(fd, wr_as_str(&wr)));
	statfile_report(self.args.stats, &self.stats_said, err);
}

static void
on_stats(void *ctx)
{
	(void)ctx;
	if (self.srv.is_draining)
		return;
	write_stats();
	ev_timer_in(&self.ev, &self.stats_timer,
	    STATFILE_PERIOD_S * WHEN_NS_PER_S);
}

/* Numbers that cannot be written are no reason not to serve. */
static void
start_stats(void)
{
	if (self.args.stats == NULL)
		return;
	self.start_s = ev_now(&self.ev)->wall_s;
	self.stats_text = proc_reserve(PROM_TEXT_MAX);
	if (self.stats_text == NULL) {
		statfile_report(self.args.stats, &self.stats_said, -ENOMEM);
		return;
	}
	ev_timer_init(&self.stats_timer, on_stats, NULL);
	ev_timer_in(&self.ev, &self.stats_timer, 0);
}

static void
on_watchdog(void *ctx)
{
	(void)ctx;
	(void)proc_notify("WATCHDOG=1");
	ev_timer_in(&self.ev, &self.watchdog, self.watchdog_ns);
}

static void
say_ready(void)
{
	(void)proc_notify("READY=1\nSTATUS=serving");
	self.watchdog_ns = proc_watchdog_ns();
	ev_timer_init(&self.watchdog, on_watchdog, NULL);
	if (self.watchdog_ns > 0)
		ev_timer_in(&self.ev, &self.watchdog, self.watchdog_ns);
}

static int
take_signals(void)
{
	int error = 0;

	ev_timer_init(&self.idle_timer, on_idle, NULL);
	if (self.args.mode == ARGS_INETD) {
		ev_timer_at(&self.ev, &self.idle_timer,
		    self.srv.request_ns + self.args.idle_ns);
	} else {
		error = ev_signal(&self.ev, SIGTERM, on_stop, NULL);
		if (error == 0)
			error = ev_signal(&self.ev, SIGINT, on_stop, NULL);
	}
	if (error == 0)
		error = ev_signal(&self.ev, SIGHUP, on_reload, NULL);
	return error == 0 ? 0 : fail(EX_OSERR, "signals", -error);
}

/* ---- main ---------------------------------------------------------------------- */

/*
 * No socket or file of ours may become descriptor 1 or 2, where lines of log
 * go.  A super-server's copies of the socket are given back, as tftp-hpa does.
 */
static void
hold_stdio(void)
{
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null_fd < 0)
		return;
	for (int fd = 1; fd <= 2; fd++) {
		bool is_log = fd == 2 && self.args.wants_stderr;

		if (fcntl(fd, F_GETFD) < 0 ||
		    (self.args.mode == ARGS_INETD && !is_log))
			(void)dup2(null_fd, fd);
	}
	if (null_fd > 2)
		(void)close(null_fd);
}

/* With -l: only the child returns.  0 or the exit status. */
static int
detach(int *ret_ready_fd)
{
	*ret_ready_fd = -1;
	if (self.args.mode != ARGS_LISTEN)
		return 0;
	*ret_ready_fd = proc_daemonize();
	if (*ret_ready_fd < 0)
		return fail(EX_OSERR, "cannot daemonize", -*ret_ready_fd);
	log_open(self.args.wants_stderr ? LOG_TO_STDERR : LOG_TO_SYSLOG,
	    self.tag, LOG_DAEMON);
	if (!self.args.srv.is_secure && chdir("/") != 0)
		return fail(EX_OSERR, "chdir", errno);
	return 0;
}

static int
serve(int ready_fd)
{
	int status;

	/* The supervisor's socket is out of reach after a chroot. */
	(void)proc_notify("STATUS=starting");
	write_pid_file();
	status = start_keeper();
	if (status == 0)
		status = become_user();
	if (status == 0)
		status = take_signals();
	if (status != 0)
		return status;
	if (ready_fd >= 0 && proc_daemon_ready(ready_fd, 0) != 0)
		return EX_OSERR;
	say_ready();
	start_stats();
	enter_sandbox();
	if (ev_run(&self.ev) != 0)
		status = EX_IOERR;
	if (self.stats_text != NULL && !self.srv.is_draining)
		write_stats();
	keeper_stop(&self.keeper);
	return status;
}

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	int status, ready_fd = -1;

	self.keeper.fd = -1;
	self.tag = slash == NULL ? argv[0] : slash + 1;
	log_open(LOG_TO_SYSLOG, self.tag, LOG_DAEMON);
	status = args_parse(&self.args, argc, argv);
	if (status != 0)
		leave(status);
	if (self.args.wants_version) {
		(void)printf("in.tftpd, Kickstand %s, with remap\n",
		    KS_VERSION);
		return 0;
	}
	hold_stdio();
	if (self.args.wants_stderr)
		log_open(LOG_TO_STDERR, self.tag, LOG_DAEMON);
	if (self.args.mode != ARGS_INETD)
		hold_signals(SIG_BLOCK);
	status = enter_directory();
	if (status == 0)
		status = check_user();
	if (status == 0)
		status = load_rules();
	if (status == 0)
		status = get_sockets();
	if (status == 0)
		status = detach(&ready_fd);
	set_umask();
	if (status == 0)
		status = make_tables();
	if (status == 0)
		status = serve(ready_fd);
	leave(status);
}
