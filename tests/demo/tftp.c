/* SPDX-License-Identifier: ISC */
/*
 * tftp.c - RFC 1350 with the options of RFC 2347-2349, as boot ROMs speak it:
 * one block at a time, every block held against the tree.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/num.h"
#include "common/rd.h"
#include "common/wr.h"

#include "tests/demo/demo.h"

#define BLOCK_MAX 65464
#define TRIES 10
#define PORT 69

enum { RRQ = 1, DATA = 3, ACK = 4, ERROR = 5, OACK = 6 };

struct transfer {
	int fd;
	uint32_t server;
	uint16_t tid;		/* the server's port, 0 = not known yet */
	uint16_t port;		/* ours */
	const char *name;	/* in the request */
	const char *file;	/* in the tree */
	size_t blksize, tsize, got;
	uint8_t buf[4 + BLOCK_MAX];
	size_t len;
};

static void
send_to(const struct transfer *t, const struct wr *wr)
{
	struct sockaddr_in to;

	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_addr.s_addr = htonl(t->server);
	to.sin_port = htons(t->tid == 0 ? PORT : t->tid);
	/* A refusal (server not up yet) shows as silence: asked again. */
	(void)sendto(t->fd, wr->p, wr->len, 0, (struct sockaddr *)&to,
	    sizeof(to));
}

static void
send_short(const struct transfer *t, uint16_t op, uint16_t value)
{
	uint8_t buf[32];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	wr_u16(&wr, op);
	wr_u16(&wr, value);
	if (op == ERROR)
		wr_bytes(&wr, "TFTP Aborted", sizeof("TFTP Aborted"));
	send_to(t, &wr);
}

static void
send_request(const struct transfer *t)
{
	uint8_t buf[512];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	wr_u16(&wr, RRQ);
	wr_fmt(&wr, "%s%coctet%ctsize%c0%c", t->name, 0, 0, 0, 0);
	if (t->blksize != 0)
		wr_fmt(&wr, "blksize%c%zu%c", 0, t->blksize, 0);
	ASSERT(wr_ok(&wr));
	send_to(t, &wr);
}

/* The next datagram of this transfer; false after wait_ms of silence. */
static bool
receive(struct transfer *t, int wait_ms)
{
	struct pollfd pfd = { .fd = t->fd, .events = POLLIN };

	while (poll(&pfd, 1, wait_ms) > 0) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(t->fd, t->buf, sizeof(t->buf), 0,
		    (struct sockaddr *)&from, &from_len);

		if (n < 4 || ntohl(from.sin_addr.s_addr) != t->server)
			continue;
		if (t->tid == 0)
			t->tid = ntohs(from.sin_port);
		if (ntohs(from.sin_port) != t->tid)
			continue;
		t->len = (size_t)n;
		return true;
	}
	return false;
}

static void
take_oack(struct transfer *t, struct rd *rd)
{
	size_t blksize = 512;

	while (rd_left(rd) > 0 && rd_ok(rd)) {
		struct str name = rd_cstr(rd), value = rd_cstr(rd);
		uint64_t n;

		if (!rd_ok(rd) || !num_u64(value, 0, SIZE_MAX, &n))
			demo_fail("TFTP", "%s: broken OACK", t->name);
		if (str_ieq(name, STR("tsize")))
			t->tsize = n;
		else if (str_ieq(name, STR("blksize")))
			blksize = n;
	}
	if (blksize > BLOCK_MAX || (t->blksize != 0 && blksize > t->blksize))
		demo_fail("TFTP", "%s: blksize %zu", t->name, blksize);
	if (t->tsize != tree_size(DEMO_TFTP, t->file))
		demo_fail("TFTP", "%s: tsize %zu", t->name, t->tsize);
	t->blksize = blksize;
}

/* Send the request until it is answered; false: there is no such file. */
static bool
start(struct transfer *t, uint32_t server, const char *name, unsigned blksize)
{
	struct sockaddr_in in;
	socklen_t in_len = sizeof(in);
	struct rd rd;
	uint16_t op;

	t->server = server;
	t->tid = 0;
	t->name = name;
	t->file = name[0] == '/' ? name + 1 : name;
	t->blksize = blksize;
	t->got = 0;
	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	t->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (t->fd < 0 || bind(t->fd, (struct sockaddr *)&in, sizeof(in)) < 0 ||
	    getsockname(t->fd, (struct sockaddr *)&in, &in_len) < 0)
		demo_fail("TFTP", "socket: %s", strerror(errno));
	t->port = ntohs(in.sin_port);
	for (int try = 0; ; try++) {
		if (try == TRIES)
			demo_fail("TFTP", "%s: no answer", name);
		send_request(t);
		if (receive(t, 500))
			break;
	}
	rd_init(&rd, t->buf, t->len);
	op = rd_u16(&rd);
	if (op == ERROR && rd_u16(&rd) == 1)
		return false;
	if (op != OACK)
		demo_fail("TFTP", "%s: answered by opcode %u", name, op);
	take_oack(t, &rd);
	return true;
}

static void
say(const struct transfer *t, uint32_t addr, const char *options,
    const char *result)
{
	char to[32];

	snprintf(to, sizeof(to), "%s", demo_endpoint(t->server, PORT));
	demo_line(demo_endpoint(addr, t->port), to, "RRQ \"%s\" octet %s: %s",
	    t->name, options, result);
}

/* Our address, to show it. */
static uint32_t
own_addr(uint32_t server)
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(server);
	in.sin_port = htons(PORT);
	if (fd < 0 || connect(fd, (struct sockaddr *)&in, sizeof(in)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&in, &len) < 0)
		demo_fail("TFTP", "no route to the server: %s", strerror(errno));
	close(fd);
	return ntohl(in.sin_addr.s_addr);
}

void
tftp_probe(uint32_t server, const char *name)
{
	static struct transfer t;
	char result[64];

	if (!start(&t, server, name, 0))
		demo_fail("TFTP", "%s: file not found", name);
	send_short(&t, ERROR, 0);
	close(t.fd);
	snprintf(result, sizeof(result), "%zu bytes, aborted", t.tsize);
	say(&t, own_addr(server), "tsize 0", result);
}

/* Take block after block; a silent server gets the last ACK again. */
static void
take_blocks(struct transfer *t, char *keep, size_t keep_cap)
{
	uint16_t block = 0;

	for (size_t n = t->blksize; n == t->blksize;) {
		struct rd rd;
		int try = 0;

		do {
			if (try++ == TRIES)
				demo_fail("TFTP", "%s: stuck at %zu bytes",
				    t->name, t->got);
			send_short(t, ACK, block);
		} while (!receive(t, 500));
		rd_init(&rd, t->buf, t->len);
		if (rd_u16(&rd) != DATA)
			demo_fail("TFTP", "%s: broken off", t->name);
		if (rd_u16(&rd) != (uint16_t)(block + 1))
			continue;
		block++;
		n = rd_left(&rd);
		if (n > t->blksize || !tree_check(DEMO_TFTP, t->file, t->got,
		    t->buf + 4, n))
			demo_fail("TFTP", "%s: wrong bytes after %zu", t->name,
			    t->got);
		if (keep != NULL && t->got + n < keep_cap)
			memcpy(keep + t->got, t->buf + 4, n);
		t->got += n;
	}
	send_short(t, ACK, block);
	if (keep != NULL)
		keep[t->got < keep_cap ? t->got : keep_cap - 1] = '\0';
}

bool
tftp_get(uint32_t server, const char *name, unsigned blksize, char *keep,
    size_t keep_cap)
{
	static struct transfer t;
	char options[64], result[64];
	uint32_t addr = own_addr(server);
	bool is_there = start(&t, server, name, blksize);

	snprintf(options, sizeof(options), "tsize 0 blksize %u", blksize);
	if (is_there) {
		take_blocks(&t, keep, keep_cap);
		if (t.got != t.tsize)
			demo_fail("TFTP", "%s: %zu of %zu bytes", name, t.got,
			    t.tsize);
		snprintf(result, sizeof(result), "%zu bytes", t.got);
	}
	close(t.fd);
	say(&t, addr, options, is_there ? result : "File not found");
	return is_there;
}
