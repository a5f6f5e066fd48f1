/* SPDX-License-Identifier: ISC */
/*
 * wrap.c - the n-th system or library call of a whole program fails.
 *
 * Linked into the daemons by make faults with the linker's --wrap for each call
 * below.  KS_FAULT=N makes the N-th of these calls fail, as it fails on a bad
 * day: no memory, a full disk, no descriptors.  To standard error goes "fault: NAME
 * WHERE WHY", places for addr2line, so that faults.sh knows what failed, and when
 * N is beyond the last.  Without KS_FAULT nothing changes.  A process made by fork counts on
 * by itself.
 *
 * KS_CLOCK=FILE moves the wall clock by the seconds that the file holds at the
 * moment, as a decimal number of 20 letters; for clock.sh.  KS_CPUS=N is how
 * many processors there are; for workers.sh.
 */
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DEPTH = 16 };

static long wrap_left = -1;	/* calls until the one that fails; 0: it has */
static bool wrap_is_known;

ssize_t	__real_write(int, const void *, size_t);

/* The program in memory; the linker says so. */
extern const char __executable_start[], etext[];

/*
 * "NAME PLACE,PLACE.. WHY": who called, and who called that.  All that is linked
 * with this keeps frame pointers: the frame before, then where it goes on.
 */
static void
wrap_say(const char *name, int err)
{
	char line[320];
	const char *const *frame = __builtin_frame_address(0);
	const char *const *next;
	int n;

	n = snprintf(line, sizeof(line), "fault: %s ", name);
	for (int i = 0; i < DEPTH && frame[1] >= __executable_start &&
	    frame[1] < etext; i++) {
		n += snprintf(line + n, sizeof(line) - (size_t)n, "0x%lx,",
		    (unsigned long)(frame[1] - __executable_start - 1));
		next = (const char *const *)(const void *)frame[0];
		if (next <= frame)
			break;
		frame = next;
	}
	n += snprintf(line + n, sizeof(line) - (size_t)n, " %s\n", strerror(err));
	if (__real_write(STDERR_FILENO, line, (size_t)n) < 0)
		abort();
}

static bool
wrap_hit(const char *name, int err)
{
	const char *env;

	if (!wrap_is_known) {
		wrap_is_known = true;
		env = getenv("KS_FAULT");
		wrap_left = env == NULL ? 0 : strtol(env, NULL, 10);
	}
	if (wrap_left <= 0 || --wrap_left > 0)
		return false;
	wrap_say(name, err);
	errno = err;
	return true;
}

/* WRAP(result, failed value, errno, name, (parameters), (arguments)) */
#define WRAP(type, bad, err, name, params, args)			\
	type	__real_##name params;					\
	type	__wrap_##name params;					\
	type								\
	__wrap_##name params						\
	{								\
		return wrap_hit(#name, err) ? (bad) : __real_##name args;	\
	}

WRAP(void *, NULL, ENOMEM, malloc, (size_t n), (n))
WRAP(void *, NULL, ENOMEM, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, NULL, ENOMEM, realloc, (void *p, size_t n), (p, n))
WRAP(char *, NULL, ENOMEM, strdup, (const char *s), (s))
WRAP(void *, MAP_FAILED, ENOMEM, mmap, (void *p, size_t n, int prot, int flags, int fd, off_t at),
    (p, n, prot, flags, fd, at))
WRAP(void *, MAP_FAILED, ENOMEM, mmap64, (void *p, size_t n, int prot, int flags, int fd, off_t at),
    (p, n, prot, flags, fd, at))
WRAP(ssize_t, -1, EIO, read, (int fd, void *p, size_t n), (fd, p, n))
WRAP(ssize_t, -1, EIO, pread64, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
WRAP(ssize_t, -1, ENOSPC, pwrite64, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
WRAP(ssize_t, -1, ENOSPC, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
WRAP(int, -1, EIO, fsync, (int fd), (fd))
WRAP(int, -1, EIO, fdatasync, (int fd), (fd))
WRAP(int, -1, EIO, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(int, -1, EIO, rename, (const char *from, const char *to), (from, to))
WRAP(int, -1, EIO, linkat, (int a, const char *from, int b, const char *to, int f),
    (a, from, b, to, f))
WRAP(int, -1, EIO, unlinkat, (int a, const char *name, int f), (a, name, f))
WRAP(int, -1, EIO, ftruncate64, (int fd, off_t n), (fd, n))
WRAP(int, -1, EIO, fstat64, (int fd, struct stat *st), (fd, st))
WRAP(int, -1, EIO, stat64, (const char *path, struct stat *st), (path, st))
WRAP(int, -1, EMFILE, socket, (int domain, int type, int proto), (domain, type, proto))
WRAP(int, -1, EMFILE, socketpair, (int domain, int type, int proto, int *fds),
    (domain, type, proto, fds))
WRAP(int, -1, EMFILE, pipe2, (int *fds, int flags), (fds, flags))
WRAP(int, -1, EMFILE, dup2, (int from, int to), (from, to))
WRAP(int, -1, EADDRINUSE, bind, (int fd, const struct sockaddr *sa, socklen_t n), (fd, sa, n))
WRAP(int, -1, EADDRINUSE, listen, (int fd, int n), (fd, n))
WRAP(int, -1, ECONNREFUSED, connect, (int fd, const struct sockaddr *sa, socklen_t n), (fd, sa, n))
WRAP(int, -1, ENOBUFS, setsockopt, (int fd, int level, int opt, const void *p, socklen_t n),
    (fd, level, opt, p, n))
WRAP(int, -1, EMFILE, accept4, (int fd, struct sockaddr *sa, socklen_t *n, int flags),
    (fd, sa, n, flags))
WRAP(ssize_t, -1, ENOBUFS, send, (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(ssize_t, -1, ENOBUFS, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags))
WRAP(int, -1, ENOBUFS, sendmmsg, (int fd, struct mmsghdr *m, unsigned n, int flags),
    (fd, m, n, flags))
WRAP(ssize_t, -1, EIO, recv, (int fd, void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(ssize_t, -1, ENOMEM, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags))
WRAP(int, -1, ENOMEM, recvmmsg,
    (int fd, struct mmsghdr *m, unsigned n, int flags, struct timespec *t),
    (fd, m, n, flags, t))
WRAP(ssize_t, -1, EIO, sendfile64, (int out, int in, off_t *at, size_t n), (out, in, at, n))
WRAP(int, -1, ENOMEM, epoll_create1, (int flags), (flags))
WRAP(int, -1, ENOMEM, epoll_ctl, (int ep, int op, int fd, struct epoll_event *e), (ep, op, fd, e))
WRAP(int, -1, EINTR, epoll_wait, (int ep, struct epoll_event *e, int n, int ms), (ep, e, n, ms))
WRAP(pid_t, -1, EAGAIN, fork, (void), ())
WRAP(int, -1, EACCES, access, (const char *path, int mode), (path, mode))
WRAP(int, -1, EACCES, chdir, (const char *path), (path))
WRAP(int, -1, EPERM, chroot, (const char *path), (path))
WRAP(int, -1, ENOSPC, fallocate64, (int fd, int mode, off_t at, off_t n), (fd, mode, at, n))
WRAP(int, -1, EIO, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, -1, EPERM, fchown, (int fd, uid_t u, gid_t g), (fd, u, g))
WRAP(int, -1, EPERM, lchown, (const char *path, uid_t u, gid_t g), (path, u, g))
WRAP(DIR *, NULL, ENOMEM, fdopendir, (int fd), (fd))
WRAP(DIR *, NULL, EMFILE, opendir, (const char *path), (path))
WRAP(struct dirent *, NULL, EIO, readdir64, (DIR *d), (d))
WRAP(int, -1, EIO, fstatat64, (int fd, const char *path, struct stat *st, int f), (fd, path, st, f))
WRAP(int, -1, EIO, lstat64, (const char *path, struct stat *st), (path, st))
WRAP(int, EAI_MEMORY, ENOMEM, getaddrinfo, (const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret), (host, service, hints, ret))
WRAP(int, EAI_AGAIN, EAGAIN, getnameinfo, (const struct sockaddr *sa, socklen_t n, char *host,
    socklen_t host_n, char *service, socklen_t service_n, int f),
    (sa, n, host, host_n, service, service_n, f))
WRAP(char *, NULL, ENOENT, getcwd, (char *p, size_t n), (p, n))
WRAP(int, -1, ENAMETOOLONG, gethostname, (char *p, size_t n), (p, n))
WRAP(int, -1, ENOBUFS, getifaddrs, (struct ifaddrs **ret), (ret))
WRAP(int, -1, ENOTCONN, getpeername, (int fd, struct sockaddr *sa, socklen_t *n), (fd, sa, n))
WRAP(int, -1, ENOBUFS, getsockname, (int fd, struct sockaddr *sa, socklen_t *n), (fd, sa, n))
WRAP(int, -1, ENOBUFS, getsockopt, (int fd, int level, int opt, void *p, socklen_t *n),
    (fd, level, opt, p, n))
WRAP(struct passwd *, NULL, EIO, getpwnam, (const char *name), (name))
WRAP(struct group *, NULL, EIO, getgrnam, (const char *name), (name))
WRAP(struct servent *, NULL, EIO, getservbyname, (const char *name, const char *proto),
    (name, proto))
WRAP(int, -1, EPERM, initgroups, (const char *name, gid_t gid), (name, gid))
WRAP(int, -1, EPERM, setgroups, (size_t n, const gid_t *v), (n, v))
WRAP(int, -1, EPERM, setresgid, (gid_t r, gid_t e, gid_t s), (r, e, s))
WRAP(int, -1, EAGAIN, setresuid, (uid_t r, uid_t e, uid_t s), (r, e, s))
WRAP(int, -1, EMFILE, inotify_init1, (int f), (f))
WRAP(int, -1, ENOSPC, inotify_add_watch, (int fd, const char *path, uint32_t mask),
    (fd, path, mask))
WRAP(int, -1, EPERM, kill, (pid_t pid, int signo), (pid, signo))
WRAP(int, -1, EMLINK, link, (const char *from, const char *to), (from, to))
WRAP(int, -1, EIO, unlink, (const char *path), (path))
WRAP(int, -1, ENOSPC, mkostemp64, (char *path, int f), (path, f))
WRAP(int, -1, ENOMEM, madvise, (void *p, size_t n, int how), (p, n, how))
WRAP(int, -1, EINTR, poll, (struct pollfd *v, nfds_t n, int ms), (v, n, ms))
WRAP(int, -1, ENOMEM, setenv, (const char *name, const char *value, int f), (name, value, f))
WRAP(int, -1, EPERM, setpgid, (pid_t pid, pid_t group), (pid, group))
WRAP(int, -1, EPERM, setrlimit64, (int what, const struct rlimit *v), (what, v))
WRAP(int, -1, EPERM, getrlimit64, (int what, struct rlimit *v), (what, v))
WRAP(pid_t, -1, EPERM, setsid, (void), ())
WRAP(int, -1, ENOTCONN, shutdown, (int fd, int how), (fd, how))
WRAP(int, -1, EMFILE, signalfd, (int fd, const sigset_t *set, int f), (fd, set, f))
WRAP(int, -1, EINVAL, sigprocmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old))
WRAP(int, -1, EAGAIN, sigtimedwait,
    (const sigset_t *set, siginfo_t *info, const struct timespec *t), (set, info, t))
WRAP(int, -1, EIO, sync_file_range, (int fd, off_t at, off_t n, unsigned f), (fd, at, n, f))
WRAP(int, -1, EMFILE, timerfd_create, (int clock, int f), (clock, f))
WRAP(int, -1, EINVAL, timerfd_settime, (int fd, int f, const struct itimerspec *v,
    struct itimerspec *old), (fd, f, v, old))
WRAP(pid_t, -1, EINTR, waitpid, (pid_t pid, int *status, int f), (pid, status, f))

/* The same for a descriptor that might be standard error itself. */
ssize_t	__wrap_write(int, const void *, size_t);

ssize_t
__wrap_write(int fd, const void *p, size_t n)
{
	return fd != STDERR_FILENO && wrap_hit("write", ENOSPC) ? -1 : __real_write(fd, p, n);
}

int	__real_open64(const char *, int, ...);
int	__wrap_open64(const char *, int, ...);

int
__wrap_open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return wrap_hit("open", EMFILE) ? -1 : __real_open64(path, flags, mode);
}

int	__real_openat64(int, const char *, int, ...);
int	__wrap_openat64(int, const char *, int, ...);

int
__wrap_openat64(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return wrap_hit("openat", EMFILE) ? -1 : __real_openat64(dir, path, flags, mode);
}

/* Calls with a varying end, which all callers here give as one word. */
int	__real_prctl(int, ...);
int	__wrap_prctl(int, unsigned long, unsigned long, unsigned long, unsigned long);

int
__wrap_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return wrap_hit("prctl", EPERM) ? -1 : __real_prctl(op, a, b, c, d);
}

int	__real_fcntl64(int, int, ...);
int	__wrap_fcntl64(int, int, long);

int
__wrap_fcntl64(int fd, int op, long arg)
{
	return wrap_hit("fcntl", EINVAL) ? -1 : __real_fcntl64(fd, op, arg);
}

long	__real_syscall(long, ...);
long	__wrap_syscall(long, long, long, long, long, long);

long
__wrap_syscall(long nr, long a, long b, long c, long d, long e)
{
	return wrap_hit("syscall", ENOMEM) ? -1 : __real_syscall(nr, a, b, c, d, e);
}

int	__real_sched_getaffinity(pid_t, size_t, cpu_set_t *);
int	__wrap_sched_getaffinity(pid_t, size_t, cpu_set_t *);

int
__wrap_sched_getaffinity(pid_t pid, size_t len, cpu_set_t *set)
{
	const char *env = getenv("KS_CPUS");

	if (wrap_hit("sched_getaffinity", EINVAL))
		return -1;
	if (env == NULL)
		return __real_sched_getaffinity(pid, len, set);
	CPU_ZERO(set);
	for (long n = strtol(env, NULL, 10); n > 0; n--)
		CPU_SET((size_t)n, set);
	return 0;
}

/* It is closed all the same. */
int	__real_close(int);
int	__wrap_close(int);

int
__wrap_close(int fd)
{
	bool is_hit = wrap_hit("close", EIO);
	int rc = __real_close(fd);

	errno = is_hit ? EIO : errno;
	return is_hit ? -1 : rc;
}

/* --- the wall clock */

static const char *wrap_clock;		/* the file, shared with who changes it */

int	__real_clock_gettime(clockid_t, struct timespec *);
int	__wrap_clock_gettime(clockid_t, struct timespec *);
time_t	__wrap_time(time_t *);

/* Looked up once, before any sandbox. */
__attribute__((constructor)) static void
wrap_find_clock(void)
{
	const char *path = getenv("KS_CLOCK");
	void *p;
	int fd;

	if (path == NULL)
		return;
	fd = __real_open64(path, O_RDONLY | O_CLOEXEC);
	p = fd < 0 ? MAP_FAILED : __real_mmap64(NULL, 20, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		abort();
	wrap_clock = p;
}

static long
wrap_shift(void)
{
	char text[21];

	if (wrap_clock == NULL)
		return 0;
	memcpy(text, wrap_clock, 20);
	text[20] = '\0';
	return strtol(text, NULL, 10);
}

int
__wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	int rc = __real_clock_gettime(id, ts);

	if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		ts->tv_sec += wrap_shift();
	return rc;
}

time_t
__wrap_time(time_t *ret)
{
	struct timespec ts = { 0, 0 };

	if (__wrap_clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return (time_t)-1;
	if (ret != NULL)
		*ret = ts.tv_sec;
	return ts.tv_sec;
}
