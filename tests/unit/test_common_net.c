/* SPDX-License-Identifier: ISC */
/*
 * net: addresses as text, binding, who was asked, what was inherited.
 *
 * Loopback only.  IPv6 parts are skipped where there is no ::1.
 */
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "common/ip4.h"
#include "common/net.h"
#include "tests/unit/t.h"

static const struct {
	const char *text, *shown;
	int family;
} good[] = {
	{ "127.0.0.1", "127.0.0.1", AF_INET },
	{ "255.255.255.255", "255.255.255.255", AF_INET },
	{ "::", "::", AF_INET6 }, { "::1", "::1", AF_INET6 },
	{ "2001:DB8::00a1", "2001:db8::a1", AF_INET6 },
	{ "::ffff:10.1.2.3", "10.1.2.3", AF_INET6 },
	{ "fe80::1%lo", "fe80::1%lo", AF_INET6 },
	{ "fe80::1%1", "fe80::1%lo", AF_INET6 },
	{ "fe80::1%4000000000", "fe80::1", AF_INET6 }
};

START_TEST(parses_and_prints)
{
	char *p = t_dup(good[_i].text, strlen(good[_i].text));
	char buf[NET_TEXT_SIZE];
	union net_addr addr;

	ck_assert_msg(net_addr_parse(str_make(p, strlen(good[_i].text)), 69,
	    &addr), "%s", good[_i].text);
	ck_assert_int_eq(addr.sa.sa_family, good[_i].family);
	ck_assert_int_eq(net_addr_port(&addr), 69);
	ck_assert_str_eq(net_addr_fmt(&addr, buf).p, good[_i].shown);
	free(p);
}
END_TEST

static const char *const bad[] = {
	"", "1.2.3", "1.2.3.4.5", "localhost", "::g", "1::2::3", ":::", "[::1]",
	"fe80::1%", "fe80::1%no-such-interface", "fe80::1%0", "1.2.3.4%lo",
	"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"
};

START_TEST(refuses)
{
	char *p = t_dup(bad[_i], strlen(bad[_i]));
	union net_addr addr;

	ck_assert_msg(!net_addr_parse(str_make(p, strlen(bad[_i])), 1, &addr),
	    "\"%s\"", bad[_i]);
	free(p);
}
END_TEST

START_TEST(unmaps_and_compares)
{
	union net_addr a, b, un;
	char buf[NET_TEXT_SIZE];

	net_addr4(&a, 0x0a010203, 67);
	ck_assert_msg(net_addr_parse(STR("::ffff:10.1.2.3"), 67, &b), "mapped");
	ck_assert_msg(!net_addr_eq(&a, &b), "families differ");
	ck_assert_msg(net_addr_eq(&b, &b), "same");
	ck_assert_int_eq((int)net_addr_len(&b), (int)sizeof(b.in6));
	net_addr_unmap(&b);
	net_addr_unmap(&a);
	ck_assert_msg(net_addr_eq(&a, &b) && b.sa.sa_family == AF_INET, "now");
	ck_assert_int_eq((int)net_addr_len(&b), (int)sizeof(b.in4));
	net_addr_set_port(&b, 68);
	ck_assert_msg(!net_addr_eq(&a, &b), "ports differ");
	net_addr4(&b, 0x0a010204, 67);
	ck_assert_msg(!net_addr_eq(&a, &b), "addresses differ");
	memset(&un, 0, sizeof(un));
	un.sa.sa_family = AF_UNIX;
	ck_assert_int_eq((int)net_addr_len(&un), (int)sizeof(un.un));
	net_addr_set_port(&un, 5);
	ck_assert_int_eq(net_addr_port(&un), 0);
	ck_assert_str_eq(net_addr_fmt(&un, buf).p, "");
	ck_assert_msg(!net_addr_eq(&un, &un), "only IP is compared");
}
END_TEST

/* Bind to a free port of an address; -1 when there is no such family. */
static int
bind_to(const char *text, int type, union net_addr *ret, bool v6_only)
{
	struct net_opts opts = { .type = type, .is_reuse_addr = true,
	    .is_v6_only = v6_only, .want_pktinfo = type == SOCK_DGRAM,
	    .rcvbuf = 65536, .sndbuf = 65536, .backlog = 4,
	    .is_broadcast = type == SOCK_DGRAM };
	socklen_t len = sizeof(*ret);
	int fd;

	ck_assert_msg(net_addr_parse(str_of(text), 0, ret), "%s", text);
	fd = net_bind(ret, &opts);
	if (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL) {
		printf("SKIP %s is not available here\n", text);
		return -1;
	}
	ck_assert_msg(fd >= 0, "bind %s: %d", text, fd);
	ck_assert_int_eq(getsockname(fd, &ret->sa, &len), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_msg(fcntl(fd, F_GETFL) & O_NONBLOCK, "non-blocking");
	return fd;
}

static ssize_t
recv_wait(int fd, void *buf, size_t cap, struct net_msg *ret)
{
	struct pollfd pfd = { fd, POLLIN, 0 };

	ck_assert_int_eq(poll(&pfd, 1, 10000), 1);
	return net_recv(fd, buf, cap, ret);
}

/* A wildcard server answers from the very address that was asked. */
static void
ask(const char *server_text, const char *asked_text, const char *client_text)
{
	union net_addr server, asked, client, sender;
	struct net_msg msg;
	char buf[8], name[NET_TEXT_SIZE];
	int server_fd, client_fd;

	server_fd = bind_to(server_text, SOCK_DGRAM, &server, false);
	client_fd = bind_to(client_text, SOCK_DGRAM, &client, false);
	if (server_fd < 0 || client_fd < 0)
		return;
	ck_assert_int_eq((int)net_recv(server_fd, buf, sizeof(buf), &msg),
	    -EAGAIN);
	ck_assert_msg(net_addr_parse(str_of(asked_text), net_addr_port(&server),
	    &asked), "asked");
	ck_assert_int_eq(net_send(client_fd, "hello", 5, &asked, NULL, 0), 0);
	ck_assert_int_eq((int)recv_wait(server_fd, buf, sizeof(buf), &msg), 5);
	ck_assert_msg(!msg.is_cut && memcmp(buf, "hello", 5) == 0, "whole");
	ck_assert_str_eq(net_addr_fmt(&msg.to, name).p, asked_text);
	ck_assert_str_eq(net_addr_fmt(&msg.from, name).p, client_text);
	ck_assert_int_eq((int)msg.ifindex, 1);
	ck_assert_int_eq(net_send(server_fd, "and back", 8, &msg.from, &msg.to,
	    0), 0);
	ck_assert_int_eq((int)recv_wait(client_fd, buf, 3, &msg), 3);
	ck_assert_msg(msg.is_cut, "longer than the buffer");
	sender = msg.from;
	ck_assert_str_eq(net_addr_fmt(&sender, name).p, asked_text);
	ck_assert_int_eq(net_addr_port(&sender), net_addr_port(&server));
	/* Through an interface by number, source left to the kernel. */
	ck_assert_int_eq(net_send(client_fd, "", 0, &asked, NULL, 1), 0);
	ck_assert_int_eq((int)recv_wait(server_fd, buf, sizeof(buf), &msg), 0);
	close(server_fd);
	close(client_fd);
}

START_TEST(answers_from_the_address_asked)
{
	ask("0.0.0.0", "127.0.0.9", "127.0.0.1");
	ask("::", "127.0.0.9", "127.0.0.1");
	ask("::", "::1", "::1");
}
END_TEST

START_TEST(bind_errors_are_returned)
{
	struct net_opts opts = { .type = SOCK_STREAM, .backlog = 1 };
	union net_addr addr;
	int fd = bind_to("127.0.0.1", SOCK_STREAM, &addr, false);

	ck_assert_int_eq(net_bind(&addr, &opts), -EADDRINUSE);
	close(fd);
	net_addr4(&addr, 0x08080808, 0);
	ck_assert_int_eq(net_bind(&addr, &opts), -EADDRNOTAVAIL);
	opts.is_freebind = true;
	fd = net_bind(&addr, &opts);
	ck_assert_msg(fd >= 0, "freebind");
	close(fd);
	opts.device = "no-such-dev";
	ck_assert_msg(net_bind(&addr, &opts) < 0, "device");
	addr.sa.sa_family = 250;
	ck_assert_msg(net_bind(&addr, &opts) < 0, "family");
	ck_assert_int_eq(net_pktinfo(-1), -EBADF);
	ck_assert_int_eq(net_send(-1, "", 0, &addr, NULL, 0), -EBADF);
}
END_TEST

START_TEST(knows_what_it_inherited)
{
	union net_addr addr, local;
	int fds[2], fd, client;

	fd = open("/dev/null", O_RDWR);
	ck_assert_int_eq(net_kind_of(fd, &local), NET_NOT_SOCKET);
	ck_assert_int_eq(local.sa.sa_family, AF_UNSPEC);
	close(fd);
	ck_assert_int_eq(net_kind_of(fd, NULL), NET_NOT_SOCKET);
	fd = bind_to("127.0.0.1", SOCK_DGRAM, &addr, false);
	ck_assert_int_eq(net_kind_of(fd, &local), NET_DGRAM);
	ck_assert_msg(net_addr_eq(&addr, &local), "local address");
	close(fd);
	fd = bind_to("127.0.0.1", SOCK_STREAM, &addr, false);
	ck_assert_int_eq(net_kind_of(fd, &local), NET_LISTENER);
	client = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(net_kind_of(client, &local), NET_OTHER);
	ck_assert_int_eq(connect(client, &addr.sa, sizeof(addr.in4)), 0);
	ck_assert_int_eq(net_kind_of(client, NULL), NET_CONN);
	close(client);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_eq(net_kind_of(fd, NULL), NET_OTHER);
	close(fd);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	ck_assert_int_eq(net_kind_of(fds[0], NULL), NET_OTHER);
	ck_assert_int_eq(net_pktinfo(fds[0]), -EAFNOSUPPORT);
	ck_assert_int_eq(net_inherit(fds[0]), 0);
	ck_assert_int_eq(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
	ck_assert_msg(fcntl(fds[0], F_GETFL) & O_NONBLOCK, "non-blocking");
	close(fds[0]);
	ck_assert_int_eq(net_inherit(fds[0]), -EBADF);
}
END_TEST

/* In a child, because descriptor 3 and the environment are ours there. */
static int
listen_fds(const char *pid, const char *n, int open_n)
{
	pid_t child = fork();
	char self[16];
	int status, got;

	if (child == 0) {
		snprintf(self, sizeof(self), "%d", (int)getpid());
		setenv("LISTEN_PID", pid == NULL ? self : pid, 1);
		setenv("LISTEN_FDS", n, 1);
		setenv("LISTEN_FDNAMES", "x", 1);
		for (int i = 0; i < open_n; i++)
			dup2(0, NET_LISTEN_FD0 + i);
		close(NET_LISTEN_FD0 + open_n);
		got = net_listen_fds();
		if (getenv("LISTEN_PID") != NULL ||
		    getenv("LISTEN_FDS") != NULL ||
		    getenv("LISTEN_FDNAMES") != NULL)
			got = 99;
		_exit(got);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

START_TEST(takes_systemd_descriptors)
{
	ck_assert_int_eq(listen_fds(NULL, "2", 2), 2);
	ck_assert_int_eq(listen_fds(NULL, "2", 1), 1);
	ck_assert_int_eq(listen_fds("1", "2", 2), 0);
	ck_assert_int_eq(listen_fds("", "2", 2), 0);
	ck_assert_int_eq(listen_fds(NULL, "0", 2), 0);
	ck_assert_int_eq(listen_fds(NULL, "-1", 2), 0);
	ck_assert_int_eq(listen_fds(NULL, "2x", 2), 0);
	ck_assert_int_eq(listen_fds(NULL, "99999999999", 2), 0);
}
END_TEST

T_MAIN("common_net")
{
	T_LOOP(parses_and_prints, 0, (int)ARRAY_LEN(good));
	T_LOOP(refuses, 0, (int)ARRAY_LEN(bad));
	T_ADD(unmaps_and_compares);
	T_ADD(answers_from_the_address_asked);
	T_ADD(bind_errors_are_returned);
	T_ADD(knows_what_it_inherited);
	T_ADD(takes_systemd_descriptors);
}
