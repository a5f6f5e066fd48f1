/* SPDX-License-Identifier: ISC */
/*
 * keeper - the process that stays outside of the chroot.
 *
 * A number asks for a file, an error number and perhaps a descriptor is the
 * answer.  The paths are those of the command line, nothing that comes over
 * the socket can name another one.  When the server is gone, however it went,
 * the socket says so; then the pid file is removed.
 */
#include "tftpd/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/sandbox.h"
#include "common/statfile.h"
#include "common/str.h"

/* Descriptors that may be open when it starts. */
#define KEEPER_FDS 256
/* Where uploads are spooled. */
#define KEEPER_SPOOL_DIR "/var/tmp"
/* How long the server waits for an answer. */
#define KEEPER_WAIT_MS 2000

/* To put the statistics in their place; a question like keeper_file's. */
#define KEEPER_STATS_DONE (KEEPER_SPOOL + 1)

/* An answer bears the number of its question: one that came too late for the
 * server is not taken for that of another. */
struct question {
	uint32_t seq;
	int32_t what;
	int32_t err;		/* KEEPER_STATS_DONE */
};

struct answer {
	uint32_t seq;
	int32_t err;		/* 0 or -errno */
};

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* ---- the child --------------------------------------------------------------- */

struct child {
	int fd;			/* to the server */
	const char *const *paths;
	struct statfile stats;
	int stats_err;		/* why it could not be opened, or 0 */
};

static void
answer(const struct child *c, uint32_t seq, int fd, int err)
{
	union control control;
	struct answer a = { seq, err };
	struct iovec iov = { &a, sizeof(a) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *h;

	memset(&control, 0, sizeof(control));
	if (fd >= 0) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		h = CMSG_FIRSTHDR(&msg);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(h), &fd, sizeof(fd));
	}
	/* The server does not wait for ever, so nothing can be done here. */
	(void)sendmsg(c->fd, &msg, MSG_NOSIGNAL);
}

/* A file that nobody else can find; it is gone with its last descriptor. */
static int
open_spool(void)
{
	char path[] = KEEPER_SPOOL_DIR "/.tftpd-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		return -errno;
	(void)unlink(path);
	return fd;
}

static int
open_path(const char *path)
{
	int fd = path == NULL ? -1 :
	    open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	return path == NULL ? -EINVAL : fd < 0 ? -errno : fd;
}

/* A descriptor or -errno. */
static int
act_open(const struct child *c, const struct question *q)
{
	switch (q->what) {
	case KEEPER_MAP:
	case KEEPER_LEASES:
		return open_path(c->paths[q->what]);
	case KEEPER_STATS:
		return c->stats_err != 0 ? c->stats_err :
		    statfile_begin(&c->stats);
	case KEEPER_SPOOL:
		return open_spool();
	default:
		return -EINVAL;
	}
}

static void
act(const struct child *c, const struct question *q)
{
	int fd;

	if (q->what == KEEPER_STATS_DONE) {
		answer(c, q->seq, -1, statfile_end(&c->stats, q->err));
		return;
	}
	fd = act_open(c, q);
	answer(c, q->seq, fd, fd < 0 ? fd : 0);
	if (fd >= 0)
		(void)close(fd);
}

/* The directory of a file, in buf; the root when there is no file. */
static struct sandbox_path
place_of(const char *file, char buf[PATH_MAX])
{
	struct sandbox_path place = { "/", SANDBOX_READ };

	if (file != NULL && str_copy(str_of(file), buf, PATH_MAX)) {
		place.path = dirname(buf);
		place.may = SANDBOX_READ | SANDBOX_WRITE;
	}
	return place;
}

/* It reads what root may read, and makes and removes files in three places. */
static void
enter_sandbox(const struct child *c, const char *pid_file)
{
	struct proc_user root = { .uid = 0, .gid = getegid() };
	char pid_dir[PATH_MAX], stats_dir[PATH_MAX];
	struct sandbox_path paths[] = {
		{ "/", SANDBOX_READ },
		{ KEEPER_SPOOL_DIR, SANDBOX_READ | SANDBOX_WRITE },
		place_of(pid_file, pid_dir),
		place_of(c->paths[KEEPER_STATS], stats_dir),
	};

	/* There is nobody to tell; without walls it does what it did. */
	if (geteuid() == 0)
		(void)!proc_drop(&root, PROC_CAP(CAP_DAC_OVERRIDE) |
		    PROC_CAP(CAP_DAC_READ_SEARCH));
	(void)!sandbox_enter(SANDBOX_READ | SANDBOX_WRITE, paths,
	    ARRAY_LEN(paths), NULL);
}

static void __attribute__((noreturn))
run(struct child *c, const char *pid_file, bool is_boxed)
{
	struct question q;
	ssize_t n;
	int fd;

	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	for (fd = 0; fd < KEEPER_FDS; fd++) {
		if (fd != c->fd)
			(void)close(fd);
	}
	c->stats.dir_fd = -1;
	if (c->paths[KEEPER_STATS] != NULL)
		c->stats_err = statfile_open(&c->stats,
		    c->paths[KEEPER_STATS]);
	if (is_boxed)
		enter_sandbox(c, pid_file);
	for (;;) {
		n = recv(c->fd, &q, sizeof(q), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != (ssize_t)sizeof(q))
			break;
		act(c, &q);
	}
	if (pid_file != NULL)
		(void)unlink(pid_file);
	_exit(0);
}

/* ---- the server ---------------------------------------------------------------- */

int
keeper_start(struct keeper *keeper, const char *const paths[KEEPER_PATHS],
    const char *pid_file, bool is_boxed)
{
	int fds[2];

	keeper->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0)
		return -errno;
	keeper->pid = fork();
	if (keeper->pid < 0) {
		int error = errno;

		(void)close(fds[0]);
		(void)close(fds[1]);
		keeper->pid = 0;
		return -error;
	}
	if (keeper->pid == 0) {
		struct child c = { .fd = fds[1], .paths = paths };

		run(&c, pid_file, is_boxed);
	}
	(void)close(fds[1]);
	keeper->fd = fds[0];
	return 0;
}

/* One answer: 0 or -errno; *ret_fd is -1 when none came with it. */
static int
receive(int socket_fd, struct answer *a, int *ret_fd)
{
	union control control;
	struct iovec iov = { a, sizeof(*a) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)
	};
	struct cmsghdr *h;

	*ret_fd = -1;
	if (recvmsg(socket_fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) !=
	    (ssize_t)sizeof(*a))
		return -EPROTO;
	h = CMSG_FIRSTHDR(&msg);
	if (h != NULL && h->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(h), sizeof(*ret_fd));
	return 0;
}

/* 0 or -errno; *ret_fd as receive. */
static int
ask(struct keeper *keeper, int what, int err, int *ret_fd)
{
	struct pollfd pfd = { .fd = keeper->fd, .events = POLLIN };
	struct question q = { ++keeper->seq, what, err };
	struct answer a;

	*ret_fd = -1;
	if (keeper->fd < 0)
		return -ESRCH;
	if (send(keeper->fd, &q, sizeof(q), MSG_NOSIGNAL | MSG_DONTWAIT) !=
	    (ssize_t)sizeof(q))
		return -errno;
	for (;;) {
		if (poll(&pfd, 1, KEEPER_WAIT_MS) != 1)
			return -ETIMEDOUT;
		if (receive(keeper->fd, &a, ret_fd) != 0)
			return -EPROTO;
		if (a.seq == q.seq)
			return a.err;
		if (*ret_fd >= 0)	/* of a question given up on */
			(void)close(*ret_fd);
	}
}

int
keeper_open(struct keeper *keeper, enum keeper_file file)
{
	int fd, err = ask(keeper, (int)file, 0, &fd);

	return err != 0 ? err : fd < 0 ? -EPROTO : fd;
}

int
keeper_stats_done(struct keeper *keeper, int err)
{
	int fd;

	return ask(keeper, KEEPER_STATS_DONE, err, &fd);
}

void
keeper_stop(struct keeper *keeper)
{
	if (keeper->fd < 0)
		return;
	(void)close(keeper->fd);
	keeper->fd = -1;
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void
keeper_leave(struct keeper *keeper)
{
	if (keeper->fd >= 0)
		(void)close(keeper->fd);
	keeper->fd = -1;
}
