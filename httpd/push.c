/* SPDX-License-Identifier: ISC */
/*
 * push - moves an answer into its socket.
 *
 * Head and contents from memory leave in one call, by send when they are so
 * few that copying them behind the head is cheaper than naming two places;
 * files by sendfile, so their bytes never pass through us.  One turn sends at
 * most CONN_QUANTUM bytes: a machine that fetches an image shares the line with
 * one that fetches a kickstart file.
 *
 * Where the congestion control paces (BBR), the kernel sends bursts of as many
 * whole segments as fit into 64 KiB and, handed more than two at once, sets a
 * timer for each further one, which costs more than sending it.  So an image goes
 * there CONN_QUANTUM_PACED bytes a turn: hardly less than two bursts at any usual
 * segment size.  What fits into one turn is not split: the second would cost more.
 */
#include "httpd/push.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "httpd/reqlog.h"
#include "httpd/turn.h"

#define SMALL_MAX 4096
#define COPY_MAX 65536

static bool
is_paced(int fd)
{
	char name[16];	/* TCP_CA_NAME_MAX */
	socklen_t len = sizeof name;

	return getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &len) == 0 &&
	    len >= 3 && memcmp(name, "bbr", 3) == 0;
}

/* how many bytes a turn that begins here may send */
static size_t
turn_max(struct xact *x)
{
	if (x->left <= CONN_QUANTUM)
		return CONN_QUANTUM;
	if (x->quantum == 0)
		x->quantum = is_paced(x->conn->fd) ? CONN_QUANTUM_PACED :
		    CONN_QUANTUM;
	return x->quantum;
}

/* the next range of a multipart answer: its head into out[] */
static bool
next_part(struct xact *x)
{
	const struct range *r;
	struct wr w;

	if (x->range_i > x->ranges_n)
		return false;
	wr_init(&w, x->out, sizeof x->out);
	if (x->range_i == x->ranges_n) {
		wr_fmt(&w, "\r\n--%.*s--\r\n", STR_ARG(x->boundary));
		x->left = 0;
	} else {
		r = &x->ranges[x->range_i];
		wr_fmt(&w, "\r\n--%.*s\r\n", STR_ARG(x->boundary));
		if (x->file->type.len > 0)
			wr_fmt(&w, "Content-type: %.*s\r\n",
			    STR_ARG(x->file->type));
		wr_fmt(&w, "Content-range: bytes %llu-%llu/%llu\r\n\r\n",
		    (unsigned long long)r->first, (unsigned long long)r->last,
		    (unsigned long long)x->file->st.st_size);
		x->at = r->first;
		x->left = r->last - r->first + 1;
	}
	x->range_i++;
	x->out_at = 0;
	x->out_len = (uint32_t)w.len;
	return true;
}

/* contents of a few bytes become part of out[] */
static void
join_small(struct xact *x)
{
	if (x->source != XACT_MEM || x->left == 0 || x->left > SMALL_MAX ||
	    x->out_at == x->out_len ||
	    x->left > sizeof x->out - x->out_len)
		return;
	memcpy(x->out + x->out_len, x->mem + x->at, x->left);
	x->out_len += (uint32_t)x->left;
	x->at += x->left;
	x->left = 0;
}

/* whether what is in out[] should wait for what follows it */
static bool
has_more(const struct xact *x)
{
	return (x->source != XACT_MEM && x->left > 0) ||
	    (x->ranges_n > 1 && x->left == 0 && x->range_i <= x->ranges_n);
}

/*
 * The answer ends too early: -1, with a line unless it was the client who went.
 * err is errno, 0 when the file is shorter than the length we promised.
 */
static ssize_t
broken(struct xact *x, int err)
{
	if (err == EPIPE || err == ECONNRESET || err == ETIMEDOUT ||
	    err == EHOSTUNREACH || err == ENETUNREACH)
		return -1;
	reqlog_error(x, "core", CONF_LEVEL_ERROR, err,
	    turn_fmt(&x->turn, err == 0 ? "%s became shorter while it was sent" :
	    "the answer could not be sent whole: %s", x->route.file));
	return -1;
}

/* after a failed send or sendfile */
static ssize_t
blocked(struct xact *x)
{
	return errno == EAGAIN || errno == EINTR ? 0 : broken(x, errno);
}

/* bytes sent, 0 when the socket is full, -1 when the answer has ended */
static ssize_t
send_memory(struct xact *x, size_t max)
{
	struct iovec iov[2];
	struct msghdr msg = { .msg_iov = iov };
	ssize_t n;

	join_small(x);
	if (x->out_at < x->out_len) {
		iov[0].iov_base = x->out + x->out_at;
		iov[0].iov_len = x->out_len - x->out_at;
		msg.msg_iovlen = 1;
	}
	if (x->source == XACT_MEM && x->left > 0) {
		iov[msg.msg_iovlen].iov_base = (void *)(uintptr_t)
		    (x->mem + x->at);
		iov[msg.msg_iovlen].iov_len = x->left > max ? max : x->left;
		msg.msg_iovlen++;
	}
	if (msg.msg_iovlen == 1)
		n = send(x->conn->fd, iov[0].iov_base, iov[0].iov_len,
		    MSG_NOSIGNAL | (has_more(x) ? MSG_MORE : 0));
	else
		n = sendmsg(x->conn->fd, &msg, MSG_NOSIGNAL);
	return n < 0 ? blocked(x) : n;
}

static ssize_t
send_file(struct xact *x, size_t max)
{
	off_t at = (off_t)x->at;
	ssize_t n = sendfile(x->conn->fd, x->file->fd, &at,
	    x->left > max ? max : (size_t)x->left);

	return n < 0 ? blocked(x) : n == 0 ? broken(x, 0) : n;
}

/* EnableSendfile Off: for file systems that cannot, or whose pages are stale */
static ssize_t
copy_file(struct xact *x)
{
	uint8_t buf[COPY_MAX];
	ssize_t n = pread(x->file->fd, buf, x->left > COPY_MAX ? COPY_MAX :
	    (size_t)x->left, (off_t)x->at);

	if (n <= 0)
		return broken(x, n < 0 ? errno : 0);
	n = send(x->conn->fd, buf, (size_t)n, MSG_NOSIGNAL |
	    ((uint64_t)n < x->left ? MSG_MORE : 0));
	return n < 0 ? blocked(x) : n;
}

static void
advance(struct xact *x, size_t n)
{
	size_t head = x->out_len - x->out_at;

	x->out_bytes += n;
	if (n < head) {
		x->out_at += (uint32_t)n;
		return;
	}
	x->out_at = x->out_len;
	n -= head;
	ASSERT(n <= x->left);
	x->at += n;
	x->left -= n;
}

enum push_verdict
push_answer(struct xact *x)
{
	size_t max = turn_max(x), turn = 0;

	for (;;) {
		ssize_t n;

		if (x->out_at == x->out_len && x->left == 0 &&
		    (x->ranges_n < 2 || !next_part(x)))
			return PUSH_ALL;
		if (turn >= max)
			return PUSH_TURN;
		if (x->out_at < x->out_len || x->source == XACT_MEM)
			n = send_memory(x, max);
		else if (x->file->dir->sendfile)
			n = send_file(x, max);
		else
			n = copy_file(x);
		if (n < 0)
			return PUSH_NEVER;
		if (n == 0)
			return PUSH_PART;
		advance(x, (size_t)n);
		turn += (size_t)n;
	}
}
