/* SPDX-License-Identifier: ISC */
/*
 * keeper - the process that stays outside of the chroot.
 *
 * One byte asks for a file, an error number and perhaps a descriptor is the
 * answer.  The paths are those of the command line, nothing that comes over
 * the socket can name another one.  When the server is gone, however it went,
 * the socket says so; then the pid file is removed.
 */
#include "tftpd/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptors that may be open when it starts. */
#define KEEPER_FDS 256
/* Where uploads are spooled. */
#define KEEPER_SPOOL_DIR "/var/tmp"
/* How long the server waits for an answer. */
#define KEEPER_WAIT_MS 2000

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void
answer(int socket_fd, int fd, int error)
{
	union control control;
	struct iovec iov = { &error, sizeof(error) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	if (fd >= 0) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	/* The server does not wait for ever, so nothing can be done here. */
	(void)sendmsg(socket_fd, &msg, MSG_NOSIGNAL);
}

/* A file that nobody else can find; it is gone with its last descriptor. */
static int
open_spool(void)
{
	char path[] = KEEPER_SPOOL_DIR "/.tftpd-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

static int
open_file(unsigned char byte, const char *const paths[KEEPER_FILES])
{
	if (byte == KEEPER_SPOOL)
		return open_spool();
	if (byte < KEEPER_FILES && paths[byte] != NULL)
		return open(paths[byte], O_RDONLY | O_NOCTTY | O_CLOEXEC);
	errno = EINVAL;
	return -1;
}

static void __attribute__((noreturn))
run(int socket_fd, const char *const paths[KEEPER_FILES],
    const char *pid_file)
{
	unsigned char byte;
	ssize_t n;
	int fd;

	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	for (fd = 0; fd < KEEPER_FDS; fd++) {
		if (fd != socket_fd)
			(void)close(fd);
	}
	for (;;) {
		n = recv(socket_fd, &byte, 1, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		fd = open_file(byte, paths);
		answer(socket_fd, fd, fd < 0 ? errno : 0);
		if (fd >= 0)
			(void)close(fd);
	}
	if (pid_file != NULL)
		(void)unlink(pid_file);
	_exit(0);
}

int
keeper_start(struct keeper *keeper, const char *const paths[KEEPER_FILES],
    const char *pid_file)
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
	if (keeper->pid == 0)
		run(fds[1], paths, pid_file);
	(void)close(fds[1]);
	keeper->fd = fds[0];
	return 0;
}

static int
receive(int socket_fd)
{
	union control control;
	int error = EPROTO, fd = -1;
	struct iovec iov = { &error, sizeof(error) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)
	};
	struct cmsghdr *c;

	if (recvmsg(socket_fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) !=
	    (ssize_t)sizeof(error))
		return -EPROTO;
	c = CMSG_FIRSTHDR(&msg);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	if (error != 0 || fd < 0)
		return -(error != 0 ? error : EPROTO);
	return fd;
}

int
keeper_open(struct keeper *keeper, enum keeper_file file)
{
	struct pollfd pfd = { .fd = keeper->fd, .events = POLLIN };
	unsigned char byte = (unsigned char)file;

	if (keeper->fd < 0)
		return -ESRCH;
	if (send(keeper->fd, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1)
		return -errno;
	if (poll(&pfd, 1, KEEPER_WAIT_MS) != 1)
		return -ETIMEDOUT;
	return receive(keeper->fd);
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
