/* SPDX-License-Identifier: ISC */
/*
 * proc - identity, pid file, background, supervisor, limits; see proc.h.
 *
 * Privilege is given up in the only order that works: groups while we may
 * still set them, then gid, then uid; capabilities that are kept survive the
 * change of uid by PR_SET_KEEPCAPS and are cut to the wanted set afterwards.
 * Then it is tried to get root back, which must fail.
 * sd_notify and capset are a few lines of protocol each, so no library.
 */
#include "common/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/num.h"
#include "common/str.h"
#include "common/when.h"
#include "common/wr.h"

/* Younger than the oldest kernels and headers; those answer ENOSYS. */
#ifndef SYS_getrandom
#define SYS_getrandom (-1)
#endif

/* Since Linux 3.5; not in every libc's header. */
#ifndef PR_SET_NO_NEW_PRIVS
#define PR_SET_NO_NEW_PRIVS 38
#endif

int
proc_user_find(const char *name, struct proc_user *ret)
{
	const struct passwd *pw;
	uint32_t number;

	pw = getpwnam(name);
	if (pw == NULL && num_u32(str_of(name), 0, UINT32_MAX - 1, &number)) {
		pw = getpwuid(number);
		if (pw == NULL) {
			memset(ret, 0, sizeof(*ret));
			ret->uid = number;
			ret->gid = number;
			return 0;
		}
	}
	if (pw == NULL)
		return -ENOENT;
	if (!str_copy(str_of(pw->pw_name), ret->name, sizeof(ret->name)))
		return -ENAMETOOLONG;
	ret->uid = pw->pw_uid;
	ret->gid = pw->pw_gid;
	return 0;
}

int
proc_group_find(const char *name, gid_t *ret)
{
	const struct group *gr = getgrnam(name);
	uint32_t number;

	if (gr != NULL) {
		*ret = gr->gr_gid;
		return 0;
	}
	if (!num_u32(str_of(name), 0, UINT32_MAX - 1, &number))
		return -ENOENT;
	*ret = number;
	return 0;
}

int
proc_chroot(const char *dir)
{
	if (chdir(dir) < 0 || chroot(dir) < 0 || chdir("/") < 0)
		return -errno;
	return 0;
}

/* At most these; what a container has not given cannot be kept. */
static int
set_caps(uint64_t caps)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct data[2];

	memset(&head, 0, sizeof(head));
	memset(data, 0, sizeof(data));
	head.version = _LINUX_CAPABILITY_VERSION_3;
	if (syscall(SYS_capget, &head, data) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(caps >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

static int
set_ids(const struct proc_user *user)
{
	int err;

	if (user->name[0] != '\0')
		err = initgroups(user->name, user->gid);
	else
		err = setgroups(1, &user->gid);
	/* A user namespace may forbid it; then nothing may be meant to change. */
	if (err < 0 && errno == EPERM && user->uid == getuid() &&
	    user->gid == getgid())
		err = 0;
	if (err < 0 || setresgid(user->gid, user->gid, user->gid) < 0 ||
	    setresuid(user->uid, user->uid, user->uid) < 0)
		return -errno;
	return 0;
}

int
proc_drop(const struct proc_user *user, uint64_t keep_caps)
{
	bool is_root = geteuid() == 0;
	int err;

	if (!is_root && (user->uid != geteuid() || user->uid != getuid()))
		return -EPERM;
	if (is_root) {
		if (keep_caps != 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
			return -errno;
		err = set_ids(user);
		if (err != 0)
			return err;
	}
	/* Also for a user whose uid is 0: nothing but keep_caps remains. */
	err = set_caps(is_root ? keep_caps : 0);
	if (err != 0)
		return err;
	if (user->uid != 0 && (setuid(0) == 0 || seteuid(0) == 0))
		return -EPERM;
	/* Kernels before 3.5 do without. */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return 0;
}

/* --- pid file --- */

int
proc_pid_read(const char *path)
{
	char buf[32];
	uint32_t pid;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	n = read(fd, buf, sizeof(buf));
	if (n < 0) {
		int err = errno;

		close(fd);
		return -err;
	}
	close(fd);
	if (!num_u32(str_trim(str_make(buf, (size_t)n)), 1, INT32_MAX, &pid))
		return 0;
	/* EPERM: it lives but is not ours. */
	if (kill((pid_t)pid, 0) < 0 && errno == ESRCH)
		return 0;
	return (int)pid;
}

int
proc_pid_write(const char *path)
{
	char buf[24];
	struct wr wr;
	int err = 0, fd;

	wr_init(&wr, buf, sizeof(buf));
	wr_dec(&wr, (uint64_t)getpid());
	wr_u8(&wr, '\n');
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	/* A short write of so few bytes means that the disk is full. */
	errno = ENOSPC;
	if (write(fd, buf, wr.len) != (ssize_t)wr.len)
		err = -errno;
	close(fd);
	return err;
}

/* --- background --- */

/* For the standard descriptors later on: there may be none in a chroot. */
static int null_fd = -1;

int
proc_daemonize(void)
{
	int pipe_fds[2], wait_status;
	unsigned char status = 1;
	pid_t child;

	/* Above the three that proc_daemon_ready replaces, so that nothing of
	 * ours gets their numbers where we were started without them. */
	do
		null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (null_fd >= 0 && null_fd <= 2);
	if (null_fd < 0 || pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child < 0) {
		int err = errno;

		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return -err;
	}
	if (child == 0) {
		close(pipe_fds[0]);
		setsid();
		return pipe_fds[1];
	}
	close(pipe_fds[1]);
	/* End of file without a byte: the child has died. */
	while (read(pipe_fds[0], &status, 1) < 0 && errno == EINTR)
		continue;
	if (status != 0)
		(void)waitpid(child, &wait_status, WNOHANG);
	_exit(status);
}

int
proc_daemon_ready(int fd, int status)
{
	unsigned char byte = (unsigned char)status;
	int err = 0;

	if (status == 0) {
		for (int i = 0; i <= 2; i++) {
			if (dup2(null_fd, i) < 0)
				err = -errno;
		}
		if (null_fd > 2)
			close(null_fd);
		null_fd = -1;
	}
	if (write(fd, &byte, 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

/* --- supervisor --- */

static int notify_fd = -1;
static struct sockaddr_un notify_addr;
static socklen_t notify_len;

/* The socket of NOTIFY_SOCKET; 0 when there is none to talk to. */
static int
notify_open(void)
{
	struct str path = str_of(getenv("NOTIFY_SOCKET"));
	size_t start = offsetof(struct sockaddr_un, sun_path);

	if (path.len == 0)
		return 0;
	/* "@name" is in the abstract namespace: NUL instead of '@'. */
	if ((path.p[0] != '/' && path.p[0] != '@') ||
	    path.len >= sizeof(notify_addr.sun_path))
		return -EINVAL;
	memset(&notify_addr, 0, sizeof(notify_addr));
	notify_addr.sun_family = AF_UNIX;
	memcpy(notify_addr.sun_path, path.p, path.len);
	notify_len = (socklen_t)(start + path.len);
	if (path.p[0] == '@')
		notify_addr.sun_path[0] = '\0';
	else
		notify_len++;
	notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (notify_fd < 0)
		return -errno;
	/* Connected now, it also works from inside a chroot. */
	if (connect(notify_fd, (struct sockaddr *)&notify_addr,
	    notify_len) < 0) {
		int err = errno;

		close(notify_fd);
		notify_fd = -1;
		return -err;
	}
	return 0;
}

int
proc_notify(const char *message)
{
	if (notify_fd < 0) {
		int err = notify_open();

		if (err != 0 || notify_fd < 0)
			return err;
	}
	return send(notify_fd, message, strlen(message), MSG_NOSIGNAL) < 0 ?
	    -errno : 0;
}

int64_t
proc_watchdog_ns(void)
{
	const char *pid_text = getenv("WATCHDOG_PID");
	uint64_t us;
	uint32_t pid;

	if (!num_u64(str_of(getenv("WATCHDOG_USEC")), 1,
	    INT64_MAX / 1000, &us))
		return 0;
	if (pid_text != NULL && (!num_u32(str_of(pid_text), 1, INT32_MAX,
	    &pid) || pid != (uint32_t)getpid()))
		return 0;
	return (int64_t)us * 1000 / 2;
}

/* --- limits and memory --- */

uint32_t
proc_raise_files(uint32_t want)
{
	struct rlimit limit, wish;

	if (NEVER(getrlimit(RLIMIT_NOFILE, &limit) < 0))
		return 0;
	if (limit.rlim_cur >= want)
		return limit.rlim_cur > UINT32_MAX ? UINT32_MAX :
		    (uint32_t)limit.rlim_cur;
	wish.rlim_cur = want;
	wish.rlim_max = limit.rlim_max > want ? limit.rlim_max : want;
	if (setrlimit(RLIMIT_NOFILE, &wish) == 0)
		return want;
	/* Not allowed to pass the hard limit: go up to it. */
	wish.rlim_cur = wish.rlim_max = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &wish) == 0)
		limit = wish;
	return (uint32_t)limit.rlim_cur;
}

int
proc_random(void *buf, size_t len)
{
	ssize_t n;
	int fd;

	/* Up to 256 bytes come whole. */
	ASSERT(len <= 256);
	/* In a chroot there may be no device. */
	if (syscall(SYS_getrandom, buf, len, 0) == (long)len)
		return 0;
	fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, buf, len);
	close(fd);
	return n == (ssize_t)len ? 0 : -EIO;
}

void *
proc_reserve(size_t size)
{
	void *p;

	if (size == 0)
		return NULL;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

void
proc_release(void *p, size_t size)
{
	if (p != NULL)
		(void)munmap(p, size);
}
