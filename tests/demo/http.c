/* SPDX-License-Identifier: ISC */
/*
 * http.c - GET over one kept-alive connection, as an installer does it; every
 * byte of the body is held against the tree.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/ip4.h"
#include "common/num.h"

#include "tests/demo/demo.h"

#define PORT 80
#define WAIT_MS 10000

static struct {
	int fd;			/* 0 = not connected */
	char buf[65536];
	size_t len;		/* bytes waiting in buf */
	char from[32];
} conn;

static void
connect_to(uint32_t server)
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);

	for (int try = 0; ; try++) {
		memset(&in, 0, sizeof(in));
		in.sin_family = AF_INET;
		in.sin_addr.s_addr = htonl(server);
		in.sin_port = htons(PORT);
		conn.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (conn.fd < 0)
			demo_fail("HTTP", "socket: %s", strerror(errno));
		if (connect(conn.fd, (struct sockaddr *)&in, sizeof(in)) == 0)
			break;
		/* Not up yet? */
		if (errno != ECONNREFUSED || try == 100)
			demo_fail("HTTP", "connect: %s", strerror(errno));
		close(conn.fd);
		usleep(50000);
	}
	if (getsockname(conn.fd, (struct sockaddr *)&in, &len) < 0)
		demo_fail("HTTP", "getsockname: %s", strerror(errno));
	snprintf(conn.from, sizeof(conn.from), "%s",
	    demo_endpoint(ntohl(in.sin_addr.s_addr), ntohs(in.sin_port)));
}

static void
receive(const char *name)
{
	struct pollfd pfd = { .fd = conn.fd, .events = POLLIN };
	ssize_t n;

	if (conn.len == sizeof(conn.buf))
		demo_fail("HTTP", "%s: endless header", name);
	if (poll(&pfd, 1, WAIT_MS) <= 0)
		demo_fail("HTTP", "%s: the server is silent", name);
	n = recv(conn.fd, conn.buf + conn.len, sizeof(conn.buf) - conn.len, 0);
	if (n <= 0)
		demo_fail("HTTP", "%s: the connection ended", name);
	conn.len += (size_t)n;
}

static void
drop(size_t n)
{
	memmove(conn.buf, conn.buf + n, conn.len - n);
	conn.len -= n;
}

/* Read the header block; status and Content-Length. */
static unsigned
take_head(const char *name, size_t *ret_body_len)
{
	struct str head, line, rest;
	uint64_t status, length;
	bool has_length = false;
	size_t end;

	while ((end = str_find(str_make(conn.buf, conn.len),
	    STR("\r\n\r\n"))) == STR_NONE)
		receive(name);
	head = str_make(conn.buf, end);
	line = str_cut(head, '\n', &rest);
	if (!str_starts(line, STR("HTTP/1.1 ")) ||
	    !num_u64(str_sub(line, 9, 3), 100, 599, &status))
		demo_fail("HTTP", "%s: answered \"%.*s\"", name, STR_ARG(line));
	while (rest.len > 0) {
		line = str_trim(str_cut(rest, '\n', &rest));
		if (!str_istarts(line, STR("Content-Length:")))
			continue;
		has_length = num_u64(str_trim(str_sub(line, 15, line.len)), 0,
		    SIZE_MAX, &length);
	}
	if (!has_length)
		demo_fail("HTTP", "%s: no Content-Length", name);
	drop(end + 4);
	*ret_body_len = length;
	return (unsigned)status;
}

static void
take_body(const char *name, size_t at, size_t left, char *keep, size_t keep_cap)
{
	size_t kept = 0;

	while (left > 0) {
		size_t n;

		if (conn.len == 0)
			receive(name);
		n = conn.len < left ? conn.len : left;
		if (!tree_check(DEMO_HTTP, name, at, conn.buf, n))
			demo_fail("HTTP", "%s: wrong bytes after %zu", name, at);
		if (keep != NULL && kept + n < keep_cap) {
			memcpy(keep + kept, conn.buf, n);
			kept += n;
		}
		drop(n);
		at += n;
		left -= n;
	}
	if (keep != NULL)
		keep[kept] = '\0';
}

void
http_get(uint32_t server, const char *name, size_t from, size_t to, char *keep,
    size_t keep_cap)
{
	char request[512], range[64] = "", host[IP4_TEXT_SIZE];
	size_t want = to == 0 ? tree_size(DEMO_HTTP, name) : to - from + 1;
	size_t body_len;
	unsigned status;
	int n;

	if (conn.fd == 0)
		connect_to(server);
	if (to != 0)
		snprintf(range, sizeof(range), "Range: bytes=%zu-%zu\r\n", from,
		    to);
	n = snprintf(request, sizeof(request), "GET /%s HTTP/1.1\r\n"
	    "Host: %s\r\nUser-Agent: anaconda/13.21.263\r\n%s\r\n", name,
	    ip4_fmt(server, host).p, range);
	if (send(conn.fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		demo_fail("HTTP", "%s: send: %s", name, strerror(errno));
	status = take_head(name, &body_len);
	if (status != (to == 0 ? 200u : 206u) || body_len != want)
		demo_fail("HTTP", "%s: status %u, %zu bytes", name, status,
		    body_len);
	take_body(name, from, body_len, keep, keep_cap);
	demo_line(conn.from, demo_endpoint(server, PORT),
	    "GET /%s HTTP/1.1%s%.*s: %u, %zu bytes", name,
	    to == 0 ? "" : ", ", to == 0 ? 0 : (int)strlen(range) - 2, range,
	    status, body_len);
}
