/* SPDX-License-Identifier: ISC */
/*
 * listen - the sockets that requests come to.
 *
 * Both families are bound unless the address or a flag says otherwise; when
 * only IPv6 cannot be had that is logged and IPv4 serves.  A numeric address
 * is taken as it is, whatever interfaces are up; names are resolved for each
 * family.  Messages and exit codes are tftp-hpa's.
 */
#include "tftpd/listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <syslog.h>
#include <unistd.h>

#include "common/log.h"
#include "common/net.h"

/* Longest host name. */
#define HOST_MAX 1025

/* -a taken apart. */
struct target {
	bool has_v4, has_v6;	/* to be bound */
	bool is_any;		/* no address given */
	char host[HOST_MAX];
	char service[64];
	uint16_t port;
};

static bool
split(const char *text, struct target *target)
{
	struct str s = str_of(text), host, rest;
	size_t close;

	if (s.len > 0 && s.p[0] == '[') {
		close = str_chr(s, ']');
		if (close == STR_NONE)
			return false;
		host = str_sub(s, 1, close - 1);
		rest = str_sub(s, close + 1, STR_NONE);
		if (rest.len > 0 && rest.p[0] != ':')
			return false;
		rest = str_sub(rest, 1, STR_NONE);
	} else {
		host = str_cut(s, ':', &rest);
		if (str_chr(rest, ':') != STR_NONE)
			return false;
	}
	target->is_any = host.len == 0;
	return str_copy(host, target->host, sizeof(target->host)) &&
	    str_copy(rest, target->service, sizeof(target->service));
}

static bool
find_port(struct target *target)
{
	const char *name = target->service[0] != '\0' ? target->service :
	    "tftp";
	struct servent *service = getservbyname(name, "udp");
	unsigned long n;
	char *end;

	if (service != NULL) {
		target->port = ntohs((uint16_t)service->s_port);
		return true;
	}
	target->port = 69;
	if (target->service[0] == '\0')
		return true;
	n = strtoul(name, &end, 0);
	target->port = (uint16_t)n;
	return *end == '\0' && n <= 65535;
}

/* 0, or the exit status. */
static int
parse_address(const struct args *args, struct target *target)
{
	union net_addr addr;
	bool is_v6;

	memset(target, 0, sizeof(*target));
	target->has_v4 = args->wants_v4;
	target->has_v6 = args->wants_v6;
	target->is_any = true;
	if (args->address == NULL)
		return find_port(target) ? 0 : EX_NOINPUT;
	if (!split(args->address, target)) {
		log_line(LOG_ERR,
		    "Numeric IPv6 addresses need to be enclosed in []");
		return EX_USAGE;
	}
	if (net_addr_parse(str_of(target->host), 0, &addr)) {
		is_v6 = addr.sa.sa_family == AF_INET6;
		if (is_v6 ? !args->wants_v6 : !args->wants_v4) {
			log_line(LOG_ERR, "Address %s is not in address "
			    "family %s", target->host,
			    is_v6 ? "AF_INET" : "AF_INET6");
			return EX_USAGE;
		}
		target->has_v4 = !is_v6;
		target->has_v6 = is_v6;
	}
	if (!find_port(target)) {
		log_line(LOG_ERR, "cannot resolve local bind port: %s",
		    target->service);
		return EX_NOINPUT;
	}
	return 0;
}

/* 0, or what getaddrinfo says. */
static int
resolve(const struct target *target, int family, union net_addr *ret)
{
	struct addrinfo hints, *list;
	int error;

	memset(ret, 0, sizeof(*ret));
	ret->sa.sa_family = (sa_family_t)family;
	if (!target->is_any &&
	    !net_addr_parse(str_of(target->host), 0, ret)) {
		memset(&hints, 0, sizeof(hints));
		hints.ai_family = family;
		hints.ai_socktype = SOCK_DGRAM;
		error = getaddrinfo(target->host, NULL, &hints, &list);
		if (error != 0)
			return error;
		if (list->ai_addrlen <= sizeof(*ret))
			memcpy(ret, list->ai_addr, list->ai_addrlen);
		freeaddrinfo(list);
	}
	net_addr_set_port(ret, target->port);
	return 0;
}

static int
bind_to(const union net_addr *addr)
{
	struct net_opts opts = {
		.type = SOCK_DGRAM, .is_v6_only = true
	};

	return net_bind(addr, &opts);
}

/* 0 or the exit status. */
static int
bind_v4(struct listen *listen, const struct target *target)
{
	union net_addr addr;
	int fd, error = resolve(target, AF_INET, &addr);

	if (error != 0) {
		log_line(LOG_ERR, "cannot resolve local IPv4 bind address: "
		    "%s, %s", target->host, gai_strerror(error));
		return EX_NOINPUT;
	}
	fd = bind_to(&addr);
	if (fd < 0) {
		log_line(LOG_ERR, "cannot bind to local IPv4 socket: %s",
		    strerror(-fd));
		return EX_OSERR;
	}
	listen->fds[listen->fds_n++] = fd;
	return 0;
}

static int
bind_v6(struct listen *listen, const struct target *target)
{
	bool is_only = !target->has_v4;
	union net_addr addr;
	int fd, error = resolve(target, AF_INET6, &addr);

	if (error != 0) {
		log_line(LOG_ERR, "cannot resolve local IPv6 bind address: "
		    "%s(%s)%s", target->host, gai_strerror(error),
		    is_only ? "" : "; using IPv4 only");
		return is_only ? EX_NOINPUT : 0;
	}
	fd = bind_to(&addr);
	if (fd >= 0) {
		listen->fds[listen->fds_n++] = fd;
		return 0;
	}
	if (is_only)
		log_line(LOG_ERR, "cannot bind to local IPv6 socket: %s",
		    strerror(-fd));
	else if (fd == -EAFNOSUPPORT)
		log_line(LOG_ERR, "cannot open IPv6 socket, disable IPv6: %s",
		    strerror(-fd));
	else
		log_line(LOG_ERR, "cannot bind to local IPv6 socket,IPv6 "
		    "disabled: %s", strerror(-fd));
	return is_only ? EX_OSERR : 0;
}

int
listen_bind(struct listen *listen, const struct args *args)
{
	struct target target;
	int status = parse_address(args, &target);

	listen->fds_n = 0;
	if (status == 0 && target.has_v4)
		status = bind_v4(listen, &target);
	if (status == 0 && target.has_v6)
		status = bind_v6(listen, &target);
	return status;
}

int
listen_inherit(struct listen *listen)
{
	int n = net_listen_fds(), error;
	union net_addr local;

	listen->fds_n = 0;
	for (int i = 0; i < n && i < SRV_LISTENERS_MAX; i++) {
		if (net_kind_of(NET_LISTEN_FD0 + i, &local) == NET_DGRAM)
			listen->fds[listen->fds_n++] = NET_LISTEN_FD0 + i;
	}
	if (n > 0 && listen->fds_n == 0) {
		log_line(LOG_ERR, "none of the passed descriptors is a bound "
		    "datagram socket");
		return EX_IOERR;
	}
	if (n > 0)
		return 0;
	if (net_kind_of(0, &local) != NET_DGRAM) {
		log_line(LOG_ERR, "recvfrom: %s",
		    strerror(net_kind_of(0, &local) == NET_NOT_SOCKET ?
		    ENOTSOCK : EDESTADDRREQ));
		return EX_IOERR;
	}
	if (local.sa.sa_family != AF_INET && local.sa.sa_family != AF_INET6) {
		log_line(LOG_ERR, "received address was not AF_INET/AF_INET6, "
		    "please check your inetd config");
		return EX_PROTOCOL;
	}
	error = net_inherit(0);
	if (error != 0) {
		log_line(LOG_ERR, "Cannot set nonblock flag on socket: %s",
		    strerror(-error));
		return EX_OSERR;
	}
	listen->fds[listen->fds_n++] = 0;
	return 0;
}
