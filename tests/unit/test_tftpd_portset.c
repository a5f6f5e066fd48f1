/* SPDX-License-Identifier: ISC */
/*
 * Which port a transfer is served from, on real sockets of the loopback
 * interface.
 */
#include "tests/unit/t.h"

#include <unistd.h>

#include "tftpd/portset.h"

static struct ev ev;
static struct portset set;
static struct port_io io;
static const struct port *known[PORTSET_MAX + 1];
static unsigned known_n;
static struct port *busy;	/* has something to send */

static void
ready(void *ctx, unsigned what)
{
	(void)ctx;
	(void)what;
}

static bool
is_known(const void *owner, const struct port *port,
    const union port_addr *peer)
{
	(void)owner;
	(void)peer;
	for (unsigned i = 0; i < known_n; i++) {
		if (known[i] == port)
			return true;
	}
	return false;
}

static union port_addr
loopback(uint32_t last, uint16_t number)
{
	union port_addr addr;

	memset(&addr, 0, sizeof(addr));
	addr.in4.sin_family = AF_INET;
	addr.in4.sin_addr.s_addr = htonl(0x7f000000 + last);
	addr.in4.sin_port = htons(number);
	return addr;
}

static void
set_up(void)
{
	ck_assert_int_eq(ev_init(&ev, 1024, 16), 0);
	ck_assert_int_eq(portset_init(&set, &ev, PORTSET_MAX + 200), 0);
	ck_assert_int_eq(port_io_init(&io), 0);
	set.ready = ready;
	set.is_known = is_known;
	known_n = 0;
	busy = NULL;
}

static struct port *
pick(uint32_t local_last, uint32_t users_n)
{
	union port_addr local = loopback(local_last, 0);
	union port_addr peer = loopback(9, 1234);
	struct port *port = portset_pick(&set, &peer, &local, busy,
	    users_n, 0);

	ck_assert_msg(port != NULL, "no port");
	ck_assert_msg(port_addr_is_same_host(&port->local, &local),
	    "bound to another address");
	return port;
}

/* How many different ones n picks give; the users are not counted up. */
static unsigned
pick_many(unsigned n, uint32_t users_n)
{
	const struct port *seen[256];
	unsigned seen_n = 0, k;

	for (unsigned i = 0; i < n; i++) {
		const struct port *port = pick(1, users_n);

		for (k = 0; k < seen_n && seen[k] != port; k++)
			continue;
		if (k == seen_n)
			seen[seen_n++] = port;
	}
	return seen_n;
}

START_TEST(quiet_server_gives_each_its_own)
{
	set_up();
	ck_assert_int_eq(pick_many(PORTSET_EACH, 0), PORTSET_EACH);
	ck_assert_int_eq(pick_many(100, 0), PORTSET_FEW);
	ck_assert_int_eq(set.shared_n, PORTSET_EACH);
}
END_TEST

START_TEST(busy_server_shares_few)
{
	set_up();
	ck_assert_int_eq(pick_many(200, PORTSET_QUIET), PORTSET_FEW);
	ck_assert_int_eq(pick_many(200, 1000), PORTSET_FEW +
	    1000 / PORTSET_CLIENTS);
}
END_TEST

/* A storm: thousands, one after the other. */
START_TEST(clients_are_spread_evenly)
{
	unsigned most = 0;

	set_up();
	for (uint32_t i = 0; i < 5000; i++)
		pick(1, i)->users_n++;
	for (unsigned i = 0; i < set.shared_n; i++) {
		if (set.shared[i]->users_n > most)
			most = set.shared[i]->users_n;
	}
	ck_assert_msg(most <= 2 * PORTSET_CLIENTS, "%u on one port", most);
}
END_TEST

START_TEST(busy_port_is_given_while_it_has_room)
{
	set_up();
	busy = pick(1, 0);
	ck_assert_msg(pick(1, 0) != busy, "a quiet server has others");
	(void)pick_many(PORTSET_FEW, PORTSET_QUIET);
	for (int i = 0; i < 20; i++)
		ck_assert_msg(pick(1, PORTSET_QUIET) == busy, "the same");
	ck_assert_msg(pick(2, PORTSET_QUIET) != busy, "another address");
	known[known_n++] = busy;
	ck_assert_msg(pick(1, PORTSET_QUIET) != busy, "known");
	known_n = 0;
	busy->users_n = PORTSET_CLIENTS;
	ck_assert_msg(pick(1, PORTSET_QUIET) != busy, "no room");
	busy->users_n = 1;
	portset_dedicate(&set, busy, &(union port_addr){ .in4 = {
	    .sin_family = AF_INET, .sin_port = htons(9),
	    .sin_addr.s_addr = htonl(0x7f000001) } });
	ck_assert_msg(busy->is_dedicated, "dedicated");
	ck_assert_msg(pick(1, PORTSET_QUIET) != busy, "somebody's own");
}
END_TEST

START_TEST(known_port_is_not_given)
{
	set_up();
	for (unsigned i = 0; i < PORTSET_MAX; i++) {
		struct port *port = pick(1, PORTSET_QUIET);

		ck_assert_msg(!is_known(NULL, port, NULL), "known at %u", i);
		known[known_n++] = port;
	}
	/* Better one that is known than none. */
	ck_assert_msg(is_known(NULL, pick(1, PORTSET_QUIET), NULL), "fresh");
	ck_assert_int_eq(set.shared_n, PORTSET_MAX);
}
END_TEST

START_TEST(full_set_serves_another_address)
{
	struct port *port;

	set_up();
	for (unsigned i = 0; i < PORTSET_MAX; i++) {
		known[known_n] = port = pick(1, PORTSET_QUIET);
		known_n++;
		port->users_n = 1;
	}
	port = pick(2, 0);
	ck_assert_msg(port->is_exclusive, "to be closed by the caller");
	portset_close(&set, port);
	ck_assert_int_eq(set.shared_n, PORTSET_MAX);
	/* An address that was lost: its ports make room, but not that one. */
	busy = set.shared[0];
	busy->users_n = set.shared[1]->users_n = 0;
	port = pick(2, PORTSET_QUIET);
	ck_assert_msg(!port->is_exclusive, "shared");
	ck_assert_int_eq(set.shared_n, PORTSET_MAX);
	ck_assert_msg(set.shared[0] == busy, "has something to send");
}
END_TEST

START_TEST(range_is_kept_and_runs_out)
{
	union port_addr local = loopback(1, 0), peer = loopback(9, 1234);
	struct port *ports[3], *port;

	set_up();
	/* The kernel's choice is free, most likely its neighbours are too. */
	port = pick(1, 0);
	set.from = ntohs(port->local.in4.sin_port);
	set.to = set.from;
	portset_close(&set, port);
	ports[0] = portset_pick(&set, &peer, &local, NULL, 0, 77);
	ck_assert_msg(ports[0] != NULL && ports[0]->is_exclusive, "in range");
	ck_assert_int_eq(ntohs(ports[0]->local.in4.sin_port), set.from);
	ports[1] = portset_pick(&set, &peer, &local, NULL, 0, 78);
	ck_assert_msg(ports[1] == NULL, "none is left");
	portset_close(&set, ports[0]);
	ports[2] = portset_pick(&set, &peer, &local, NULL, 0, 79);
	ck_assert_msg(ports[2] != NULL, "free again");
}
END_TEST

/* A client of the test: a bound socket. */
static int
client(union port_addr *ret_addr)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t len = sizeof(*ret_addr);

	*ret_addr = loopback(1, 0);
	ck_assert_msg(fd >= 0 && bind(fd, &ret_addr->sa,
	    sizeof(ret_addr->in4)) == 0 &&
	    getsockname(fd, &ret_addr->sa, &len) == 0, "client");
	return fd;
}

static void
say(int fd, const struct port *port, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);

	ck_assert_msg(sendto(fd, text, (size_t)len, 0, &port->local.sa,
	    sizeof(port->local.in4)) == len || port->is_dedicated, "sendto");
}

START_TEST(dedicated_port_hears_its_client_only)
{
	union port_addr mine, other;
	int mine_fd, other_fd;
	struct port *port;
	char buf[16];

	set_up();
	mine_fd = client(&mine);
	other_fd = client(&other);
	port = pick(1, 0);
	port->users_n = 2;
	portset_dedicate(&set, port, &mine);
	ck_assert_msg(!port->is_dedicated, "has two clients");
	port->users_n = 1;
	say(other_fd, port, "early");
	portset_dedicate(&set, port, &mine);
	ck_assert_msg(port->is_dedicated && port->is_exclusive, "dedicated");
	ck_assert_int_eq(set.shared_n, 0);
	say(other_fd, port, "late");
	say(mine_fd, port, "hello");
	ck_assert_int_eq(port_read(&io, port, true), 1);
	ck_assert_msg(port_msg(&io, port, 0)->len == 5 &&
	    memcmp(port_msg(&io, port, 0)->p, "hello", 5) == 0, "hello");
	ck_assert_msg(port_addr_is_same(&port_msg(&io, port, 0)->from, &mine),
	    "from");
	ck_assert_int_eq(port_read(&io, port, true), 0);
	ck_assert_int_eq(port_read(&io, port, false), 0);
	port_send(&io, port, &mine, NULL, "answer", 6);
	port_flush(&io);
	ck_assert_int_eq(recv(mine_fd, buf, sizeof(buf), MSG_DONTWAIT), 6);
	portset_close(&set, port);
	ck_assert_msg(pick(1, 0)->is_dedicated == false, "a new one");
}
END_TEST

/* Connected, it would answer from an address that the kernel chooses. */
START_TEST(wildcard_port_is_not_dedicated)
{
	union port_addr any = { 0 }, peer;
	struct port *port;

	set_up();
	(void)client(&peer);
	any.in4.sin_family = AF_INET;
	port = portset_pick(&set, &peer, &any, NULL, 0, 0);
	ck_assert_msg(port != NULL, "no port");
	port->users_n = 1;
	portset_dedicate(&set, port, &peer);
	ck_assert_msg(!port->is_dedicated && !port->is_exclusive, "shared");
	ck_assert_int_eq(set.shared_n, 1);
}
END_TEST

T_MAIN("tftpd_portset") {
	T_ADD(quiet_server_gives_each_its_own);
	T_ADD(busy_server_shares_few);
	T_ADD(clients_are_spread_evenly);
	T_ADD(busy_port_is_given_while_it_has_room);
	T_ADD(known_port_is_not_given);
	T_ADD(full_set_serves_another_address);
	T_ADD(range_is_kept_and_runs_out);
	T_ADD(dedicated_port_hears_its_client_only);
	T_ADD(wildcard_port_is_not_dedicated);
}
