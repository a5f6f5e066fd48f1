/* SPDX-License-Identifier: ISC */
/*
 * log - queues before descriptors; see log.h for the contract.
 *
 * A queue is bytes in a row: each line with its end, LF or NUL.  A sink only
 * ever gives up whole lines, so a broken stream is resumed at a line.
 * How not to block depends on what the descriptor is: our own sockets are
 * non-blocking; other people's (standard error of a service) are written with
 * MSG_DONTWAIT; a pipe or terminal is asked by poll(2) and then given no
 * more than PIPE_BUF bytes; a regular file does not block.
 */
#include "common/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/wr.h"

/* Between two attempts to connect to syslog, seconds. */
#define RETRY_S 1
/* A syslog socket that was full is tried again with the next lines, or so much
 * later.  It is watched only if it has taken nothing by then, or if more bytes
 * than this wait: watching costs two system calls for each line it takes. */
#define AGAIN_NS WHEN_NS_PER_MS
#define AGAIN_MAX (LOG_QUEUE_SIZE / 4)
/* Lines given to a socket in one call. */
#define BATCH 32

/* --- sinks --- */

enum kind {
	DGRAM,			/* syslog: one datagram per line */
	STREAM,			/* syslog over a stream: lines end with NUL */
	LINES			/* file, pipe, terminal: lines end with LF */
};

struct sink {
	enum kind kind;
	int fd;			/* -1: not open, lines wait in the queue */
	mode_t type;		/* S_IFMT bits of fd: how not to block on it */
	char *buf;		/* lines, each with its end */
	size_t cap;
	size_t head, tail;	/* first byte waiting, first byte free */
	size_t sent;		/* bytes of the first line a stream took */
	uint64_t lost_n;	/* dropped since the start */
	uint64_t left_n;	/* bytes that have left since then */
};

/* Another descriptor for the lines that wait. */
static void
sink_set_fd(struct sink *sink, int fd)
{
	struct stat st;

	sink->fd = fd;
	sink->sent = 0;
	sink->type = fd >= 0 && fstat(fd, &st) == 0 ? st.st_mode & S_IFMT : 0;
}

static void
sink_init(struct sink *sink, enum kind kind, int fd, void *buf,
    size_t cap)
{
	ASSERT(cap > LOG_LINE_MAX);
	memset(sink, 0, sizeof(*sink));
	sink->kind = kind;
	sink->buf = buf;
	sink->cap = cap;
	sink_set_fd(sink, fd);
}

/* Queue a line; cut it if too long, drop and count it if too much. */
static void
sink_put(struct sink *sink, struct str head, struct str line)
{
	size_t len;
	char *to;

	ASSERT(head.len < LOG_LINE_MAX);
	if (line.len > LOG_LINE_MAX - head.len)
		line.len = LOG_LINE_MAX - head.len;
	len = head.len + line.len;
	if (sink->head > 0 && sink->cap - sink->tail <= len) {
		memmove(sink->buf, sink->buf + sink->head,
		    sink->tail - sink->head);
		sink->tail -= sink->head;
		sink->head = 0;
	}
	if (sink->cap - sink->tail <= len) {
		sink->lost_n++;
		return;
	}
	to = sink->buf + sink->tail;
	if (head.len > 0)
		memcpy(to, head.p, head.len);
	if (line.len > 0)
		memcpy(to + head.len, line.p, line.len);
	to[len] = sink->kind == LINES ? '\n' : '\0';
	sink->tail += len + 1;
}

/* The first n bytes of the queue have left. */
static void
consume(struct sink *sink, size_t n)
{
	ASSERT(n <= sink->tail - sink->head);
	sink->left_n += n;
	sink->head += n;
	if (sink->head == sink->tail)
		sink->head = sink->tail = 0;
}

/* The first lines of the queue as messages; how many. */
static unsigned
put_lines(const struct sink *sink, struct mmsghdr msgs[BATCH],
    struct iovec iovs[BATCH])
{
	size_t at = sink->head;
	unsigned n;

	for (n = 0; n < BATCH && at < sink->tail; n++) {
		char *line = sink->buf + at;
		const char *end = memchr(line, '\0', sink->tail - at);

		ASSERT(end != NULL);
		iovs[n].iov_base = line;
		iovs[n].iov_len = (size_t)(end - line);
		memset(&msgs[n], 0, sizeof(msgs[n]));
		msgs[n].msg_hdr.msg_iov = &iovs[n];
		msgs[n].msg_hdr.msg_iovlen = 1;
		at += iovs[n].iov_len + 1;
	}
	return n;
}

static int
flush_dgram(struct sink *sink)
{
	struct mmsghdr msgs[BATCH];
	struct iovec iovs[BATCH];

	while (sink->head < sink->tail) {
		unsigned n = put_lines(sink, msgs, iovs);
		int sent = sendmmsg(sink->fd, msgs, n,
		    MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0) {
			if (errno == EINTR)
				continue;
			if (errno != EMSGSIZE)
				return errno == ENOBUFS ? -EAGAIN : -errno;
			/* No socket will ever take the first one. */
			sink->lost_n++;
			sent = 1;
		}
		for (int i = 0; i < sent; i++)
			consume(sink, iovs[i].iov_len + 1);
	}
	return 0;
}

/* As write(2), but never waits; -EAGAIN instead. */
static ssize_t
write_now(const struct sink *sink, const char *p, size_t len)
{
	struct pollfd pfd = { sink->fd, POLLOUT, 0 };
	ssize_t n;

	if (sink->type == S_IFSOCK) {
		n = send(sink->fd, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);
		return n < 0 ? -errno : n;
	}
	if (sink->type != S_IFREG) {
		if (poll(&pfd, 1, 0) != 1 || !(pfd.revents & ~POLLIN))
			return -EAGAIN;
		if (len > PIPE_BUF)
			len = PIPE_BUF;
	}
	n = write(sink->fd, p, len);
	return n < 0 ? -errno : n;
}

/* Consume the lines that are out completely. */
static void
consume_lines(struct sink *sink)
{
	const char *from = sink->buf + sink->head;
	char end = sink->kind == LINES ? '\n' : '\0';
	const char *last = memrchr(from, end, sink->sent);
	size_t n = last == NULL ? 0 : (size_t)(last - from) + 1;

	sink->sent -= n;
	consume(sink, n);
}

static int
flush_stream(struct sink *sink)
{
	while (sink->head < sink->tail) {
		ssize_t n = write_now(sink, sink->buf + sink->head + sink->sent,
		    sink->tail - sink->head - sink->sent);

		if (n == -EINTR)
			continue;
		if (n < 0)
			return (int)n;
		sink->sent += (size_t)n;
		consume_lines(sink);
	}
	return 0;
}

/* 0 when the queue is empty now, -EAGAIN when it is not, or -errno. */
static int
sink_flush(struct sink *sink)
{
	if (sink->head == sink->tail)
		return 0;
	if (sink->fd < 0)
		return -EAGAIN;
	return sink->kind == DGRAM ? flush_dgram(sink) :
	    flush_stream(sink);
}

/* --- the log --- */

enum place { TO_SYSLOG, TO_STDERR, TO_FILE, PLACES };

_Static_assert(LOG_TO_SYSLOG == 1u << TO_SYSLOG &&
    LOG_TO_STDERR == 1u << TO_STDERR && LOG_TO_FILE == 1u << TO_FILE,
    "a place is the bit's number");

static struct {
	struct sink sinks[PLACES];
	unsigned wanted;		/* LOG_TO_* */
	int facility;
	int level;
	pid_t pid;
	char tag[LOG_TAG_MAX + 1];
	char file_path[PATH_MAX];
	const char *syslog_path;
	int64_t next_try_s;		/* to connect to syslog */
	uint64_t confessed_n[PLACES];	/* of the sink's lost_n */
	void (*test_fn)(void *ctx, int prio, struct str line);
	void *test_ctx;
	time_t head_s;			/* second that head is of */
	size_t head_len;		/* 0: not made yet */
	char head[LOG_TAG_MAX + 48];	/* "Mmm dd hh:mm:ss tag[pid]: " */
	struct ev *ev;			/* after log_attach */
	struct ev_hook hook;
	struct ev_source writable;
	struct ev_timer retry;
	struct ev_timer again;		/* for a full syslog socket */
	uint64_t left_n;		/* by syslog when that was set */
} self = {
	.level = LOG_DEBUG, .facility = LOG_DAEMON, .syslog_path = "/dev/log",
	.tag = "kickstand"
};

/* Touched only as far as they fill. */
static char queues[PLACES][LOG_QUEUE_SIZE];

static int64_t
mono_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void
unwatch(void)
{
	if (self.ev != NULL)
		ev_del(self.ev, &self.writable);
}

static void
syslog_close(void)
{
	struct sink *sink = &self.sinks[TO_SYSLOG];

	unwatch();
	if (sink->fd >= 0)
		close(sink->fd);
	sink_set_fd(sink, -1);
}

/* Connect a socket of a type to the syslog path; the descriptor or -errno. */
static int
dial(int type)
{
	struct str path = str_of(self.syslog_path);
	struct sockaddr_un addr;
	int fd, err;

	memset(&addr, 0, sizeof(addr));
	addr.sun_family = AF_UNIX;
	if (!str_copy(path, addr.sun_path, sizeof(addr.sun_path)))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static void
syslog_connect(void)
{
	struct sink *sink = &self.sinks[TO_SYSLOG];
	int fd = dial(SOCK_DGRAM);

	ASSERT(sink->fd < 0);
	self.next_try_s = mono_s() + RETRY_S;
	sink->kind = DGRAM;
	if (fd == -EPROTOTYPE) {
		fd = dial(SOCK_STREAM);
		sink->kind = STREAM;
	}
	sink_set_fd(sink, fd < 0 ? -1 : fd);
}

void
log_open(unsigned sinks, const char *tag, int facility)
{
	struct str name = str_sub(str_of(tag), 0, LOG_TAG_MAX);

	for (int i = 0; i < PLACES; i++) {
		if (self.sinks[i].buf == NULL)
			sink_init(&self.sinks[i],
			    i == TO_SYSLOG ? DGRAM : LINES,
			    i == TO_STDERR ? STDERR_FILENO : -1, queues[i],
			    sizeof(queues[i]));
	}
	self.wanted = sinks;
	self.facility = facility;
	self.pid = getpid();
	self.head_len = 0;
	(void)!str_copy(name, self.tag, sizeof(self.tag)); /* it fits */
	/* The zone file cannot be read any more after a chroot. */
	tzset();
	sink_set_fd(&self.sinks[TO_STDERR], STDERR_FILENO);
	syslog_close();
	if (sinks & LOG_TO_SYSLOG)
		syslog_connect();
}

void
log_facility(int facility)
{
	self.facility = facility;
}

static int
file_open(const char *path)
{
	struct sink *sink = &self.sinks[TO_FILE];
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY,
	    0640);

	if (fd < 0)
		return -errno;
	if (sink->fd >= 0)
		close(sink->fd);
	sink_set_fd(sink, fd);
	return 0;
}

int
log_file(const char *path)
{
	int err;

	ASSERT(self.sinks[TO_FILE].buf != NULL);
	if (strlen(path) >= sizeof(self.file_path))
		return -ENAMETOOLONG;
	err = file_open(path);
	if (err == 0)
		memcpy(self.file_path, path, strlen(path) + 1);
	return err;
}

void
log_syslog_path(const char *path)
{
	self.syslog_path = path;
}

void
log_test(void (*fn)(void *ctx, int prio, struct str line), void *ctx)
{
	self.test_fn = fn;
	self.test_ctx = ctx;
}

void
log_level(int prio)
{
	self.level = prio;
}

/* What stands before a line, as syslog(3) has it; new once a second. */
static struct str
head_now(void)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm tm;
	struct wr wr;

	if (now == self.head_s && self.head_len > 0)
		return str_make(self.head, self.head_len);
	if (NEVER(localtime_r(&now, &tm) == NULL))
		memset(&tm, 0, sizeof(tm));
	wr_init(&wr, self.head, sizeof(self.head));
	wr_fmt(&wr, "%.3s %2d %02d:%02d:%02d %s[%lu]: ",
	    months + 3 * tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, self.tag, (unsigned long)self.pid);
	ASSERT(wr_ok(&wr));
	self.head_len = wr.len;
	self.head_s = now;
	return wr_as_str(&wr);
}

static void
queue(enum place place, int prio, struct str line)
{
	char head[sizeof(self.head) + 16];
	struct wr wr;

	if (place != TO_SYSLOG) {
		sink_put(&self.sinks[place], STR(""), line);
		return;
	}
	if ((prio & LOG_FACMASK) == 0)
		prio |= self.facility;
	wr_init(&wr, head, sizeof(head));
	/* By hand: this is done for every line. */
	wr_u8(&wr, '<');
	wr_dec(&wr, (uint64_t)prio);
	wr_u8(&wr, '>');
	wr_str(&wr, head_now());
	sink_put(&self.sinks[TO_SYSLOG], wr_as_str(&wr), line);
}

/* Say how many lines were dropped once half of the queue is free again. */
static void
confess(enum place place)
{
	struct sink *sink = &self.sinks[place];
	uint64_t n = sink->lost_n - self.confessed_n[place];
	char text[64];
	struct wr wr;

	if (n == 0 || sink->tail - sink->head > sink->cap / 2)
		return;
	self.confessed_n[place] = sink->lost_n;
	wr_init(&wr, text, sizeof(text));
	wr_fmt(&wr, "log: %llu lines lost", (unsigned long long)n);
	queue(place, LOG_WARNING, wr_as_str(&wr));
}

void
log_str(int prio, struct str line)
{
	int old_errno = errno;

	if (LOG_PRI(prio) > self.level)
		return;
	if (self.test_fn != NULL) {
		self.test_fn(self.test_ctx, prio, line);
		return;
	}
	for (int i = 0; i < PLACES; i++) {
		if (!(self.wanted & 1u << i))
			continue;
		if (self.sinks[i].lost_n != self.confessed_n[i])
			confess((enum place)i);
		queue((enum place)i, prio, line);
	}
	errno = old_errno;
}

void
log_line(int prio, const char *fmt, ...)
{
	char text[LOG_LINE_MAX + 1];
	struct wr wr;
	va_list ap;

	if (LOG_PRI(prio) > self.level)
		return;
	wr_init(&wr, text, sizeof(text));
	va_start(ap, fmt);
	wr_vfmt(&wr, fmt, ap);
	va_end(ap);
	/* Too long: vsnprintf has left as much as fits. */
	if (!wr_ok(&wr))
		wr.len = strnlen(text, LOG_LINE_MAX);
	log_str(prio, wr_as_str(&wr));
}

static void
flush_syslog(void)
{
	struct sink *sink = &self.sinks[TO_SYSLOG];
	int err = sink_flush(sink);

	if (err == 0 || (err == -EAGAIN && sink->fd >= 0))
		return;
	/* The daemon behind the socket is gone; maybe there is a new one. */
	syslog_close();
	if (mono_s() < self.next_try_s)
		return;
	syslog_connect();
	(void)sink_flush(sink);
}

bool
log_flush(void)
{
	bool is_empty = true;
	int old_errno = errno;

	for (int i = 0; i < PLACES; i++) {
		struct sink *sink = &self.sinks[i];

		if (!(self.wanted & 1u << i) || sink->head == sink->tail)
			continue;
		if (i == TO_SYSLOG)
			flush_syslog();
		else
			(void)sink_flush(sink);
		confess((enum place)i);
		is_empty = is_empty && sink->head == sink->tail;
	}
	errno = old_errno;
	return is_empty;
}

/* --- in an event loop --- */

static void
writable(void *ctx, unsigned ready)
{
	(void)ctx;
	(void)ready;
	/* That we are awake is enough: the hook flushes. */
	unwatch();
}

static void
retry(void *ctx)
{
	(void)ctx;
}

/* The socket was full: when to try again, if not sooner. */
static void
await_syslog(const struct sink *sink)
{
	if (self.writable.fd >= 0)
		return;
	if (sink->tail - sink->head <= AGAIN_MAX) {
		if (ev_timer_is_set(&self.again))
			return;
		if (sink->left_n != self.left_n) {
			self.left_n = sink->left_n;
			ev_timer_in(self.ev, &self.again, AGAIN_NS);
			return;
		}
	}
	(void)!ev_add(self.ev, &self.writable, sink->fd, EV_WRITE);
}

static void
before_sleep(void *ctx)
{
	struct sink *sink = &self.sinks[TO_SYSLOG];
	struct list *later = &self.ev->before_sleep;

	(void)ctx;
	/* Hooks that are still to run may log: let them go first. */
	if (!list_is_empty(later)) {
		list_del(&self.hook.link);
		list_add_tail(later, &self.hook.link);
		return;
	}
	if (log_flush())
		return;
	if (sink->fd >= 0 && sink->head < sink->tail)
		await_syslog(sink);
	/* For the other sinks, for reconnecting, and if that failed. */
	if (!ev_timer_is_set(&self.retry))
		ev_timer_in(self.ev, &self.retry, RETRY_S * WHEN_NS_PER_S / 4);
}

void
log_attach(struct ev *ev)
{
	if (self.ev != NULL) {
		unwatch();
		ev_timer_stop(self.ev, &self.retry);
		ev_timer_stop(self.ev, &self.again);
		list_del(&self.hook.link);
	}
	self.ev = ev;
	if (ev == NULL)
		return;
	ev_source_init(&self.writable, writable, NULL);
	ev_timer_init(&self.retry, retry, NULL);
	ev_timer_init(&self.again, retry, NULL);
	ev_before_sleep(ev, &self.hook, before_sleep, NULL);
}

/* What is left has nowhere to go: there is no syslog on this machine. */
static bool
is_hopeless(void)
{
	for (int i = 0; i < PLACES; i++)
		if ((self.wanted & 1u << i) != 0 && self.sinks[i].fd >= 0 &&
		    self.sinks[i].head != self.sinks[i].tail)
			return false;
	return true;
}

void
log_drain(int ms)
{
	while (!log_flush() && !is_hopeless() && ms > 0) {
		int step = ms < 5 ? ms : 5;

		(void)poll(NULL, 0, step);
		ms -= step;
	}
}

int
log_reopen(void)
{
	if (self.wanted & LOG_TO_SYSLOG) {
		syslog_close();
		syslog_connect();
	}
	if (!(self.wanted & LOG_TO_FILE) || self.file_path[0] == '\0')
		return 0;
	/* What was logged before belongs to the old file. */
	(void)sink_flush(&self.sinks[TO_FILE]);
	return file_open(self.file_path);
}

uint64_t
log_lost(void)
{
	uint64_t n = 0;

	for (int i = 0; i < PLACES; i++)
		n += self.sinks[i].lost_n;
	return n;
}

void
log_close(void)
{
	struct sink *file = &self.sinks[TO_FILE];

	(void)log_flush();
	log_attach(NULL);
	if (self.sinks[TO_SYSLOG].buf == NULL)
		return;
	syslog_close();
	if (file->fd >= 0)
		close(file->fd);
	sink_set_fd(file, -1);
	self.wanted = 0;
}
