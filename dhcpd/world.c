/* SPDX-License-Identifier: ISC */
/*
 * world.c - execute() and the resolver.
 *
 * Owns the cache of names: an hour for an answer, a minute for a failure, as
 * the peer.  When the cache is full the oldest entry goes.  A child runs with
 * the signals and descriptors of a fresh process; one that does not end is let
 * go, and when too many have been no more are started: what hangs holds up the
 * server for a while, not for good.
 */
#include "dhcpd/world.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/str.h"

/* Not every libc tells "no such name" from "no address". */
#ifdef EAI_NODATA
#define WORLD_EAI_NODATA EAI_NODATA
#else
#define WORLD_EAI_NODATA EAI_NONAME
#endif

struct world_name {
	char name[256];
	int64_t until_s;		/* monotonic; 0: empty */
	uint32_t addr[WORLD_ADDRS_MAX];
	int n;				/* -1: why */
	const char *why;
};

/* Milliseconds until a monotonic time, not below 0. */
static int
world_left_ms(int64_t until_ms)
{
	struct timespec ts;
	int64_t left_ms;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	left_ms = until_ms - (ts.tv_sec * 1000LL + ts.tv_nsec / WHEN_NS_PER_MS);
	return left_ms > 0 ? (int)left_ms : 0;
}

/* Take what has ended from the list; false when the list is full. */
static bool
world_reap(struct world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->left_n; i++)
		if (waitpid(w->left[i], NULL, WNOHANG) == 0)
			w->left[n++] = w->left[i];
	w->left_n = n;
	return n < EXPR_EXECUTE_LEFT_MAX;
}

/* In the child: become the program, or tell why not. */
static void
world_become(const struct world *w, char *const argv[],
    const sigset_t *signals, int tell_fd)
{
	int why;

	(void)sigprocmask(SIG_SETMASK, signals, NULL);
	ev_signal_child(w->ev);
	(void)signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	why = errno;
	_exit(write(tell_fd, &why, sizeof(why)) < 0 ? 126 : 127);
}

/* Wait for a child with SIGCHLD blocked: its status, or -errno. */
static int
world_wait(struct world *w, pid_t pid, int tell_fd, const sigset_t *signals)
{
	struct pollfd told = { .fd = tell_fd, .events = POLLIN };
	struct timespec ts;
	int64_t until_ms;
	int status, why, ms;
	pid_t done;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	until_ms = ts.tv_sec * 1000LL + ts.tv_nsec / WHEN_NS_PER_MS +
	    w->wait_ms;
	/* Nothing to read and the end: the program runs. */
	if (poll(&told, 1, w->wait_ms) == 1 &&
	    read(tell_fd, &why, sizeof(why)) == (ssize_t)sizeof(why)) {
		(void)waitpid(pid, NULL, 0);
		return -why;
	}
	while ((done = waitpid(pid, &status, WNOHANG)) == 0) {
		ms = world_left_ms(until_ms);
		if (ms == 0) {
			w->left[w->left_n++] = pid;
			return -ETIMEDOUT;
		}
		ts.tv_sec = ms / 1000;
		ts.tv_nsec = ms % 1000 * WHEN_NS_PER_MS;
		/* Of this child or another: look again either way. */
		(void)sigtimedwait(signals, NULL, &ts);
	}
	return done < 0 ? -errno : status;
}

static int
world_execute(void *ctx, char *const argv[])
{
	struct world *w = ctx;
	sigset_t child, old;
	int result, tell[2];
	pid_t pid;

	if (!world_reap(w))
		return -EBUSY;
	/* closed by a successful exec, else it carries the reason */
	if (pipe2(tell, O_CLOEXEC) != 0)
		return -errno;
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &child, &old);
	pid = fork();
	if (pid == 0)
		world_become(w, argv, &old, tell[1]);
	result = -errno;
	close(tell[1]);
	if (pid > 0)
		result = world_wait(w, pid, tell[0], &child);
	close(tell[0]);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return result;
}

static const char *
world_why(int err)
{
	if (err == EAI_NONAME)
		return "host unknown.";
	if (err == EAI_AGAIN)
		return "temporary name server failure";
	if (err == WORLD_EAI_NODATA)
		return "no A record associated with address";
	return "name server failed";
}

static void
world_lookup(struct world_name *e)
{
	struct addrinfo hints, *list, *a;
	struct sockaddr_in in;
	int err;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_INET;
	hints.ai_socktype = SOCK_DGRAM;
	err = getaddrinfo(e->name, NULL, &hints, &list);
	e->n = -1;
	e->why = world_why(err);
	if (err != 0)
		return;
	e->n = 0;
	for (a = list; a != NULL && e->n < WORLD_ADDRS_MAX; a = a->ai_next) {
		memcpy(&in, a->ai_addr, sizeof(in));
		e->addr[e->n++] = ntohl(in.sin_addr.s_addr);
	}
	freeaddrinfo(list);
}

/* The entry of a name, or the one to be used for it. */
static struct world_name *
world_entry(struct world *w, const char *name)
{
	struct world_name *oldest, *e;

	oldest = &w->names[0];
	for (e = w->names; e < w->names + WORLD_NAMES_MAX; e++) {
		if (strcmp(e->name, name) == 0)
			return e;
		if (e->until_s < oldest->until_s)
			oldest = e;
	}
	oldest->until_s = 0;
	return oldest;
}

static int
world_resolve(void *ctx, struct str name, uint32_t *addrs, size_t max,
    const char **reterr)
{
	struct world *w = ctx;
	struct world_name *e;
	char text[sizeof(e->name)];
	int64_t now_s;
	int n;

	*reterr = "host unknown.";
	if (!str_copy(name, text, sizeof(text)))
		return -1;
	now_s = ev_now(w->ev)->mono_ns / WHEN_NS_PER_S;
	e = world_entry(w, text);
	if (e->until_s <= now_s) {
		memcpy(e->name, text, sizeof(text));
		world_lookup(e);
		e->until_s = now_s + (e->n > 0 ? WORLD_GOOD_S : WORLD_BAD_S);
	}
	*reterr = e->why;
	for (n = 0; n < e->n && (size_t)n < max; n++)
		addrs[n] = e->addr[n];
	return e->n < 0 ? -1 : n;
}

static bool
world_hostname(void *ctx, struct str *ret)
{
	struct world *w = ctx;

	if (gethostname(w->host, sizeof(w->host) - 1) < 0)
		return false;
	*ret = str_of(w->host);
	return true;
}

static bool
world_reverse(void *ctx, uint32_t addr, char *buf)
{
	struct sockaddr_in in;

	(void)ctx;
	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(addr);
	return getnameinfo((struct sockaddr *)&in, sizeof(in), buf, 256, NULL,
	    0, NI_NAMEREQD) == 0;
}

int
world_init(struct world *w, struct ev *ev, struct decide_ops *ops)
{
	memset(w, 0, sizeof(*w));
	w->ev = ev;
	w->wait_ms = EXPR_EXECUTE_S * 1000;
	/* Ignored by who started us, children would end without a status. */
	(void)signal(SIGCHLD, SIG_DFL);
	w->names = calloc(WORLD_NAMES_MAX, sizeof(*w->names));
	if (w->names == NULL)
		return -ENOMEM;
	ops->ctx = w;
	ops->execute = world_execute;
	ops->resolve = world_resolve;
	ops->hostname = world_hostname;
	ops->reverse = world_reverse;
	return 0;
}
