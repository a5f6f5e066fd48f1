/* SPDX-License-Identifier: ISC */
/*
 * listen - binding and taking over.
 *
 * No port is shared with another server: binding fails when somebody listens
 * there.
 */
#include "httpd/listen.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "httpd/worker.h"

#define DEFER_S 30	/* a connection without a byte stays in the kernel */

static void
to_net(const struct conf_listen *line, bool is_v6, union net_addr *ret)
{
	memset(ret, 0, sizeof *ret);
	if (line->addr.family == ADDR_V4 ||
	    (line->addr.family == ADDR_NONE && !is_v6)) {
		ret->in4.sin_family = AF_INET;
		memcpy(&ret->in4.sin_addr, line->addr.b, 4);
	} else {
		ret->in6.sin6_family = AF_INET6;
		memcpy(&ret->in6.sin6_addr, line->addr.b, 16);
	}
	net_addr_set_port(ret, line->port);
}

/* what accepted connections inherit from the listener */
static void
tune(int fd)
{
	int on = 1, defer = DEFER_S;

	(void)!setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	(void)!setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer,
	    sizeof defer);
}

static int
bind_one(const struct conf_listen *line, int backlog)
{
	struct net_opts opts = { .type = SOCK_STREAM, .is_reuse_addr = true,
	    .backlog = backlog };
	union net_addr sa;
	int fd = -EAFNOSUPPORT;

	/* without an address: IPv6 that takes IPv4 too, or only IPv4 */
	if (line->addr.family != ADDR_V4) {
		to_net(line, true, &sa);
		opts.is_v6_only = line->addr.family == ADDR_V6;
		fd = net_bind(&sa, &opts);
	}
	if (line->addr.family == ADDR_V4 ||
	    (line->addr.family == ADDR_NONE &&
	    (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL))) {
		to_net(line, false, &sa);
		fd = net_bind(&sa, &opts);
	}
	if (fd >= 0)
		tune(fd);
	return fd;
}

static int
bind_line(struct listen_sock *s, const struct conf_listen *line, int backlog)
{
	int fd = bind_one(line, backlog);

	if (fd < 0)
		return fd;
	s->addr = line->addr;
	s->port = line->port;
	s->is_inherited = false;
	s->fd = fd;
	return 0;
}

static const struct listen_sock *
find(const struct listen *l, const struct conf_listen *line)
{
	unsigned i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].port == line->port && (l->v[i].is_inherited ||
		    addr_eq(&l->v[i].addr, &line->addr)))
			return &l->v[i];
	return NULL;
}

static bool
has_fd(const struct listen *l, int fd)
{
	unsigned i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].fd == fd)
			return true;
	return false;
}

void
listen_close_unused(struct listen *old, const struct listen *l)
{
	unsigned i;

	for (i = 0; i < old->n; i++)
		if (!has_fd(l, old->v[i].fd))
			close(old->v[i].fd);
}

int
listen_open(struct listen *l, const struct conf *conf,
    const struct listen *old, const struct conf_listen **ret_bad)
{
	bool has_inherited = old->n > 0 && old->v[0].is_inherited;
	int backlog = conf->backlog == 0 ? 511 : (int)conf->backlog;
	unsigned i;

	l->n = 0;
	for (i = 0; i < conf->listens_n; i++) {
		const struct conf_listen *line = &conf->listens[i];
		const struct listen_sock *s = find(old, line);
		int err = 0;

		*ret_bad = line;
		if (find(l, line) != NULL)
			continue;
		if (l->n == LISTEN_MAX)
			err = -ENFILE;
		else if (s != NULL)
			l->v[l->n] = *s;
		else if (has_inherited)
			err = -ESRCH;
		else
			err = bind_line(&l->v[l->n], line, backlog);
		if (err != 0) {
			listen_close_unused(l, old);
			return err;
		}
		l->n++;
	}
	return 0;
}

void
listen_inherit(struct listen *l)
{
	int n = net_listen_fds(), i;

	l->n = 0;
	for (i = -1; i < n && l->n < LISTEN_MAX; i++) {
		int fd = i < 0 ? STDIN_FILENO : NET_LISTEN_FD0 + i;
		struct listen_sock *s = &l->v[l->n];
		union net_addr sa;

		if (net_kind_of(fd, &sa) != NET_LISTENER)
			continue;
		if (i < 0 && net_inherit(fd) != 0)
			continue;
		worker_addr(&sa, &s->addr, &s->port);
		tune(fd);
		s->fd = fd;
		s->is_inherited = true;
		l->n++;
	}
}
