/* SPDX-License-Identifier: ISC */
/*
 * logs - files, programs and syslog behind the access and error logs.
 *
 * Targets with the same name are opened once.  Error lines are written at once,
 * because somebody may be waiting for them on the terminal; access lines are
 * gathered.  Descriptors of programs are non-blocking.
 */
#include "httpd/logs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/wr.h"
#include "httpd/logtext.h"

#define ERROR_LINE_MAX 4096

static const struct {
	const char *name;
	int facility;
} facility_tab[] = {
	{ "local7", LOG_LOCAL7 }, { "auth", LOG_AUTH },
	{ "authpriv", LOG_AUTHPRIV }, { "cron", LOG_CRON },
	{ "daemon", LOG_DAEMON }, { "ftp", LOG_FTP }, { "kern", LOG_KERN },
	{ "local0", LOG_LOCAL0 }, { "local1", LOG_LOCAL1 },
	{ "local2", LOG_LOCAL2 }, { "local3", LOG_LOCAL3 },
	{ "local4", LOG_LOCAL4 }, { "local5", LOG_LOCAL5 },
	{ "local6", LOG_LOCAL6 }, { "lpr", LOG_LPR }, { "mail", LOG_MAIL },
	{ "news", LOG_NEWS }, { "syslog", LOG_SYSLOG }, { "user", LOG_USER },
	{ "uucp", LOG_UUCP },
};

static bool
is_same(const struct conf_logto *a, const struct conf_logto *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == CONF_LOG_SYSLOG)
		return str_eq(str_of(a->facility), str_of(b->facility)) &&
		    str_eq(str_of(a->tag), str_of(b->tag));
	return str_eq(str_of(a->target), str_of(b->target));
}

struct logs_target *
logs_find(struct logs *logs, const struct conf_logto *to)
{
	unsigned i;

	for (i = 0; i < logs->n; i++)
		if (logs->v[i].to == to)
			return &logs->v[i];
	for (i = 0; i < logs->n; i++)
		if (is_same(logs->v[i].to, to))
			return &logs->v[i];
	return NULL;
}

/* ---- opening ---------------------------------------------------------------- */

static int
open_program(const struct conf_logto *to, struct logs_target *t,
    bool is_detached)
{
	int fds[2], err;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		err = -errno;
		close(fds[0]);
		close(fds[1]);
		return err;
	}
	if (pid == 0) {
		sigset_t none;
		int null_fd;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGPIPE, SIG_DFL);
		/* the terminal's ^C is for the server, not for its logger */
		setsid();
		dup2(fds[0], 0);
		/* who reads our output must see its end when we detach */
		null_fd = is_detached ? open("/dev/null", O_WRONLY) : -1;
		if (null_fd >= 0) {
			dup2(null_fd, 1);
			dup2(null_fd, 2);
		}
		execl("/bin/sh", "sh", "-c", to->target, (char *)NULL);
		_exit(127);
	}
	close(fds[0]);
	(void)!fcntl(fds[1], F_SETFL, O_NONBLOCK);
	t->child = pid;
	t->is_pipe = true;
	return fds[1];
}

static int
connect_syslog(int fd)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX,
	    .sun_path = "/dev/log" };

	return connect(fd, (struct sockaddr *)&un, sizeof un);
}

static int
open_syslog(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0)
		(void)!connect_syslog(fd);
	return fd < 0 ? -errno : fd;
}

/* A log daemon that was restarted listens on a new socket of the same name. */
static bool
send_syslog(int fd, const char *line, size_t len)
{
	const int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

	return send(fd, line, len, flags) >= 0 ||
	    (errno != EAGAIN && errno != ENOBUFS && connect_syslog(fd) == 0 &&
	    send(fd, line, len, flags) >= 0);
}

static int
facility(const struct conf_logto *to)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(facility_tab); i++)
		if (to->facility != NULL &&
		    strcmp(to->facility, facility_tab[i].name) == 0)
			return facility_tab[i].facility;
	return LOG_LOCAL7;
}

static int
open_target(struct logs *logs, const struct conf_logto *to)
{
	struct logs_target *t;
	int fd;

	if ((to->target == NULL && to->kind != CONF_LOG_SYSLOG) ||
	    logs_find(logs, to) != NULL)
		return 0;
	if (logs->n == LOGS_MAX)
		return -ENFILE;
	t = &logs->v[logs->n];
	memset(t, 0, sizeof *t);
	t->to = to;
	if (to->kind == CONF_LOG_FILE) {
		fd = open(to->target, O_WRONLY | O_APPEND | O_CREAT |
		    O_CLOEXEC | O_NOCTTY, 0644);
		if (fd < 0)
			fd = -errno;
	} else if (to->kind == CONF_LOG_SYSLOG) {
		fd = open_syslog();
		t->prio = facility(to);
	} else {
		fd = open_program(to, t, logs->is_detached);
	}
	if (fd < 0)
		return fd;
	t->fd = fd;
	logs->n++;
	return 0;
}

/* The directory of a log's file; its length with the slash, 0: no file. */
static int
dir_of(const struct conf_logto *to, char buf[PATH_MAX])
{
	const char *slash = to->target == NULL || to->kind != CONF_LOG_FILE ?
	    NULL : strrchr(to->target, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash + 1 - to->target);

	if (n == 0 || n >= PATH_MAX)
		return 0;
	memcpy(buf, to->target, n);
	buf[n] = '\0';
	return (int)n;
}

static bool
check_dir(const struct conf_logto *to, const char *code, struct wr *w)
{
	char dir[PATH_MAX];
	struct stat st;

	if (dir_of(to, dir) == 0 || stat(dir, &st) == 0)
		return true;
	wr_fmt(w, "(%d)%s: %s: Cannot access directory '%s' for ", errno,
	    strerror(errno), code, dir);
	return false;
}

bool
logs_check(const struct conf *conf, struct wr *w)
{
	unsigned i, k;

	for (i = 0; i < conf->vhosts_n; i++) {
		const struct conf_vhost *v = &conf->vhosts[i];

		if (!check_dir(&v->errlog, "AH02291", w)) {
			if (i == 0)
				wr_text(w, "main error log\n");
			else
				wr_fmt(w, "error log of vhost defined at "
				    "%s:%u\n", v->where.file, v->where.line);
			return false;
		}
		for (k = 0; k < v->logs_n; k++) {
			const struct conf_log *log = &v->logs[k];

			if (check_dir(&log->to, "AH02297", w))
				continue;
			wr_fmt(w, "log file '%s' defined at %s:%u\n",
			    log->to.target, log->where.file, log->where.line);
			return false;
		}
	}
	return true;
}

int
logs_open(struct logs *logs, const struct conf *conf, const char **ret_bad)
{
	unsigned i, k;

	logs->n = 0;
	logs->lost_n = 0;
	for (i = 0; i < conf->vhosts_n; i++) {
		const struct conf_vhost *v = &conf->vhosts[i];
		int err = open_target(logs, &v->errlog);

		*ret_bad = v->errlog.target;
		for (k = 0; err == 0 && k < v->logs_n; k++) {
			*ret_bad = v->logs[k].to.target;
			err = open_target(logs, &v->logs[k].to);
		}
		if (err != 0) {
			logs_close(logs);
			return err;
		}
	}
	return 0;
}

void
logs_close(struct logs *logs)
{
	unsigned i;

	for (i = 0; i < logs->n; i++)
		if (logs->v[i].fd >= 0)
			close(logs->v[i].fd);
	logs->n = 0;
}

int
logs_buffers(struct logs *logs)
{
	char *mem = proc_reserve((size_t)LOGS_MAX * LOGS_BUF_SIZE);
	unsigned i;

	if (mem == NULL)
		return -ENOMEM;
	for (i = 0; i < LOGS_MAX; i++)
		logs->v[i].buf = mem + (size_t)i * LOGS_BUF_SIZE;
	return 0;
}

/* ---- access lines ------------------------------------------------------------ */

/* one datagram per line, with the priority in front */
static void
flush_syslog(struct logs *logs, struct logs_target *t)
{
	struct str rest = { t->buf, t->len };

	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);
		char buf[ERROR_LINE_MAX];
		struct wr w;

		wr_init(&w, buf, sizeof buf);
		wr_fmt(&w, "<%d>%s[%d]: ", t->prio | LOG_INFO,
		    t->to->tag == NULL ? "httpd" : t->to->tag, (int)getpid());
		wr_str(&w, str_sub(line, 0, wr_left(&w)));
		if (!send_syslog(t->fd, buf, w.len))
			logs->lost_n++;
	}
	t->len = 0;
}

static uint64_t
lines_in(struct str text)
{
	uint64_t n = 0;

	while (text.len > 0) {
		(void)str_cut(text, '\n', &text);
		n++;
	}
	return n;
}

static bool
flush_target(struct logs *logs, struct logs_target *t)
{
	size_t at = 0;

	if (t->to->kind == CONF_LOG_SYSLOG) {
		flush_syslog(logs, t);
		return true;
	}
	while (at < t->len) {
		ssize_t n = write(t->fd, t->buf + at, t->len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	if (at < t->len && !(t->is_pipe && errno == EAGAIN)) {
		/* disk full: the lines are lost, the server goes on */
		logs->lost_n += lines_in(str_make(t->buf + at, t->len - at));
		at = t->len;
	}
	memmove(t->buf, t->buf + at, t->len - at);
	t->len -= at;
	return t->len == 0;
}

char *
logs_room(struct logs *logs, struct logs_target *t, size_t want,
    size_t *ret_cap)
{
	ASSERT(want <= LOGS_BUF_SIZE);
	if (t == NULL || t->buf == NULL || t->fd < 0)
		return NULL;
	if (LOGS_BUF_SIZE - t->len < want)
		(void)!flush_target(logs, t);
	if (LOGS_BUF_SIZE - t->len < want) {
		logs->lost_n++;
		return NULL;
	}
	*ret_cap = LOGS_BUF_SIZE - t->len;
	return t->buf + t->len;
}

void
logs_commit(struct logs_target *t, size_t len)
{
	ASSERT(len <= LOGS_BUF_SIZE - t->len);
	t->len += len;
}

bool
logs_flush(struct logs *logs)
{
	bool is_empty = true;
	unsigned i;

	for (i = 0; i < logs->n; i++)
		if (logs->v[i].len > 0 && !flush_target(logs, &logs->v[i]))
			is_empty = false;
	return is_empty;
}

/* ---- error lines ------------------------------------------------------------- */

/* what an error line has to say */
struct error_line {
	const char *module;
	enum conf_level level;
	int err;
	struct str client, text;
};

static bool
put_error(const struct logs_target *t, const struct when *now,
    int32_t utc_offset_s, const struct error_line *line)
{
	char buf[ERROR_LINE_MAX], why[128];
	struct wr w, reason;

	wr_init(&reason, why, sizeof why);
	if (line->err != 0)
		wr_fmt(&reason, "(%d)%s", line->err, strerror(line->err));
	wr_init(&w, buf, sizeof buf);
	if (t != NULL && t->to->kind == CONF_LOG_SYSLOG)
		wr_fmt(&w, "<%d>%s[%d]: ", t->prio |
		    (line->level > CONF_LEVEL_DEBUG ? LOG_DEBUG :
		    (int)line->level),
		    t->to->tag == NULL ? "httpd" : t->to->tag, (int)getpid());
	logtext_error(&w, now, utc_offset_s, line->module, line->level,
	    getpid(), wr_as_str(&reason), line->client,
	    str_sub(line->text, 0, ERROR_LINE_MAX / 4 - 200));
	if (t == NULL)
		return write(STDERR_FILENO, buf, w.len) == (ssize_t)w.len;
	if (t->to->kind == CONF_LOG_SYSLOG)
		return send_syslog(t->fd, buf, w.len);
	return write(t->fd, buf, w.len) == (ssize_t)w.len;
}

void
logs_confess(struct logs *logs, const struct conf_logto *to,
    const struct when *now, int32_t utc_offset_s)
{
	struct error_line line = { "core", CONF_LEVEL_WARN, 0, STR(""),
	    STR("") };
	char text[64];
	struct wr w;

	if (logs->lost_n == 0)
		return;
	wr_init(&w, text, sizeof text);
	wr_fmt(&w, "log: %" PRIu64 " lines lost", logs->lost_n);
	line.text = wr_as_str(&w);
	if (put_error(logs_find(logs, to), now, utc_offset_s, &line))
		logs->lost_n = 0;
}

void
logs_error(struct logs *logs, const struct conf_logto *to,
    const struct when *now, int32_t utc_offset_s, const char *module,
    enum conf_level level, int err, struct str client, struct str text)
{
	const struct error_line line = { module, level, err, client, text };

	if (!put_error(logs_find(logs, to), now, utc_offset_s, &line))
		logs->lost_n++;
	else
		logs_confess(logs, to, now, utc_offset_s);
}
