/* SPDX-License-Identifier: ISC */
/*
 * sim_httpd - httpd's worker and clients that take their time.
 *
 *	sim_httpd [SEED [N]]
 *
 * The real worker from connection to file cache (worker.c, conn.c, push.c,
 * serve.c and the core below) on sockets that the simulation plays: requests
 * arrive in pieces of any size, answers leave as far as the client reads.  The
 * files are real ones, in a directory of their own.  Pipelines of GET, HEAD,
 * ranges, conditions, bodies to be skipped, and requests whose framing is
 * ambiguous.  A strict client reads the answers: in order, framed so that the
 * end is certain, every byte right, nothing behind an answer that closes.  At
 * the end no connection and no request is left in the worker.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "httpd/worker.c"

#include "common/diag.h"
#include "httpd/conftext.h"
#include "httpd/confio.h"
#include "tests/sim/http_promise.h"
#include "tests/sim/loop.h"
#include "tests/sim/sim.h"

enum { QUICK_N = 150, CONNS = 12, REQUESTS_LEN = 256 * 1024, FILES = 7,
	REAL_FDS = 128 };

/* One connection, both ends. */
struct wire {
	int fd;
	bool is_open;			/* the server has it */
	bool is_aborted, is_shut;	/* the client went; the server said end */
	bool is_half;			/* the client has said all */
	char *text;			/* what the client says */
	size_t text_len, sent, taken;	/* said, arrived, read */
	size_t window;			/* what the client can take now */
	unsigned greed;			/* how fast it reads */
	struct http_promise promise;
};

ssize_t __wrap_recv(int fd, void *p, size_t len, int flags);
ssize_t __wrap_send(int fd, const void *p, size_t len, int flags);
ssize_t __real_send(int fd, const void *p, size_t len, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t __wrap_sendfile(int fd, int from, off_t *at, size_t len);
ssize_t __wrap_sendfile64(int fd, int from, off_t *at, size_t len);
int __wrap_getsockopt(int fd, int level, int name, void *p, socklen_t *len);
int __real_getsockopt(int fd, int level, int name, void *p, socklen_t *len);
int __wrap_shutdown(int fd, int how);
int __wrap_close(int fd);
int __real_close(int fd);

static const uint64_t sizes[FILES] = { 0, 1, 100, 4096, 65536, 300001, 777 };

static struct wire wires[CONNS];
static unsigned wires_n;
static struct worker *worker;
static struct worker_score score;
static const struct conf *conf;
static bool was_open[REAL_FDS];		/* before the worker's files */
static char root[] = "/tmp/sim_httpd.XXXXXX";

/* --- files */

static uint8_t
byte_of(int file, uint64_t at)
{
	return (uint8_t)((at * 2654435761u >> 13) + (uint64_t)file * 37 + at);
}

static uint64_t
size_of(int file)
{
	return sizes[file];
}

static void
make_file(int file)
{
	const struct timespec old[2] = { { LOOP_START_S - 86400, 0 },
		{ LOOP_START_S - 86400, 0 } };
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/f%d", root, file);
	f = fopen(path, "w");
	if (f == NULL)
		sim_fail("no file %s", path);
	for (uint64_t i = 0; i < sizes[file]; i++)
		(void)fputc(byte_of(file, i), f);
	if (fclose(f) != 0 || utimensat(AT_FDCWD, path, old, 0) != 0)
		sim_fail("cannot write %s", path);
}

static void
clean(void)
{
	char path[128];

	for (int i = 0; i < FILES; i++) {
		(void)snprintf(path, sizeof(path), "%s/f%d", root, i);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/conf", root);
	(void)unlink(path);
	(void)rmdir(root);
}

static void
load(void)
{
	static uint8_t mem[32 << 20], text[8192];
	struct conf_args args = { .file = "conf", .root = root,
		.pidfile = "/nowhere" };
	char path[128];
	struct arena a;
	struct diag diag;
	struct wr w;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/conf", root);
	f = fopen(path, "w");
	if (f == NULL)
		sim_fail("no file %s", path);
	(void)fprintf(f, "Listen 80\nDocumentRoot %s\nErrorLog /dev/null\n"
	    "KeepAliveTimeout 15\nTimeout 60\nMaxKeepAliveRequests 100\n"
	    "FileETag MTime Size\n<Directory />\nRequire all granted\n"
	    "</Directory>\n", root);
	(void)fclose(f);
	arena_init(&a, mem, sizeof(mem));
	diag_init(&diag, &a);
	if (!conf_load(&args, confio_get(), &a, &diag, &conf)) {
		wr_init(&w, text, sizeof(text));
		conftext_diag(&w, &diag, "sim_httpd");
		sim_fail("%.*s", STR_ARG(wr_as_str(&w)));
	}
}

/* --- what the client says */

struct say {
	struct wire *w;
	struct http_promise_ask *a;
};

static void say(struct wire *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
say(struct wire *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->text + w->text_len, REQUESTS_LEN - w->text_len, fmt,
	    ap);
	va_end(ap);
	ASSERT(n >= 0 && w->text_len + (size_t)n < REQUESTS_LEN);
	w->text_len += (size_t)n;
}

static void
allow(struct http_promise_ask *a, uint16_t one, uint16_t other)
{
	a->status[0] = one;
	a->status[1] = other;
}

/* One range, or several, or one that the file does not have. */
static void
say_range(struct wire *w, struct http_promise_ask *a)
{
	uint64_t size = sizes[a->file], first, last;
	uint32_t kind = sim_below(10);

	if (size == 0 || kind == 0) {
		say(w, "Range: bytes=%llu-\r\n", (unsigned long long)size + 5);
		allow(a, 416, size == 0 ? 200 : 0);
	} else if (kind < 3) {
		first = sim_below((uint32_t)size);
		say(w, "Range: bytes=0-%u,%llu-,-%u\r\n", sim_below(50),
		    (unsigned long long)first, 1 + sim_below(60));
		a->first = 0;	/* joined into one, it begins there */
		allow(a, 206, 200);
		a->last = size - 1;
	} else if (kind < 5) {
		last = 1 + sim_below((uint32_t)size);
		say(w, "Range: bytes=-%llu\r\n", (unsigned long long)last);
		a->first = size - last;
		a->last = size - 1;
		allow(a, 206, 0);
	} else {
		first = sim_below((uint32_t)size);
		last = first + sim_below((uint32_t)size);
		say(w, "Range: bytes=%llu-%llu\r\n", (unsigned long long)first,
		    (unsigned long long)last);
		a->first = first;
		a->last = last < size ? last : size - 1;
		allow(a, 206, 0);
	}
}

static void
say_condition(struct wire *w, struct http_promise_ask *a)
{
	switch (sim_below(5)) {
	case 0:
		say(w, "If-None-Match: *\r\n");
		allow(a, 304, 0);
		break;
	case 1:
		say(w, "If-Match: \"nobody\"\r\n");
		allow(a, 412, 0);
		break;
	case 2:
		say(w, "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
		break;
	case 3:
		say(w, "If-Range: \"nobody\"\r\nRange: bytes=0-0\r\n");
		break;
	default:
		say(w, "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 "
		    "GMT\r\n");
		allow(a, 412, 0);
		break;
	}
}

/* Eight octets again and again. */
static void
pad(struct wire *w, const char *eight, uint32_t len)
{
	ASSERT(w->text_len + len < REQUESTS_LEN);
	for (uint32_t i = 0; i < len; i++)
		w->text[w->text_len++] = eight[i % 8];
}

/* A body that nobody wants: it is read over. */
static void
say_body(struct wire *w, struct http_promise_ask *a)
{
	uint32_t len = sim_below(w->text_len < REQUESTS_LEN / 2 &&
	    sim_chance(10) ? 60000 : 3000);

	a->file = -1;
	a->status[0] = 0;
	if (sim_chance(50)) {
		say(w, "Content-Length: %u\r\n\r\n", len);
		pad(w, "GET / \r\n", len);
		return;
	}
	say(w, "Transfer-Encoding: chunked\r\n\r\n");
	for (uint32_t n = sim_below(4); n > 0; n--) {
		len = 1 + sim_below(500);
		say(w, "%x%s\r\n", len, sim_chance(20) ? ";ext=1" : "");
		pad(w, "0\r\n\r\nGET", len);
		say(w, "\r\n");
	}
	say(w, "0\r\n%s\r\n", sim_chance(20) ? "Trailer: x\r\n" : "");
}

/* Where one reader sees one request and another sees two. */
static void
say_ambiguous(struct wire *w, struct http_promise_ask *a)
{
	static const char *const texts[] = {
		"POST /f2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST /f2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
		"Content-Length: 5\r\n\r\nabcd",
		"POST /f2 HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
		"POST /f2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1_0\r\n\r\n",
		"POST /f2 HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999"
		"999999999999\r\n\r\n",
		"POST /f2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, "
		"nothing\r\n\r\n",
		"POST /f2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked"
		"\r\n\r\n0\r\n\r\n",
		"GET /f2 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"GET /f2 HTTP/1.1\r\n\r\n",
		"GET /f2 HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
		"GET /f2 HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n",
		"GET /f2\tHTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /f2 HTTP/1.1 x\r\nHost: a\r\n\r\n",
		"\1\2\3\4 nonsense\r\n\r\n",
	};

	a->file = -1;
	a->closes = true;
	allow(a, 400, 501);
	say(w, "%s", texts[sim_below(ARRAY_LEN(texts))]);
}

static void
say_request(struct wire *w)
{
	struct http_promise_ask *a = &w->promise.ask[w->promise.asked_n++];
	uint32_t kind = sim_below(100);

	memset(a, 0, sizeof(*a));
	a->file = (int)sim_below(FILES);
	a->status[0] = 200;
	if (kind < 6) {
		say_ambiguous(w, a);
		return;
	}
	a->is_head = kind < 16;
	a->closes = sim_chance(5);
	if (kind >= 90) {
		say(w, "POST /f%d HTTP/1.1\r\nHost: a\r\n", a->file);
		a->closes = false;
		say_body(w, a);
		return;
	}
	if (kind >= 85) {
		say(w, "GET /none/f%d HTTP/1.1\r\n", a->file);
		allow(a, 404, 0);
		a->file = -1;
	} else {
		say(w, "%s /f%d HTTP/1.%d\r\n", a->is_head ? "HEAD" : "GET",
		    a->file, !a->closes || sim_chance(50));
	}
	say(w, "Host: a\r\n");
	if (a->closes)
		say(w, "Connection: close\r\n");
	if (kind >= 16 && kind < 45)
		say_range(w, a);
	else if (kind >= 45 && kind < 60)
		say_condition(w, a);
	say(w, "\r\n");
}

/* --- sockets */

static struct wire *
wire_of(int fd)
{
	struct wire *w = &wires[fd - LOOP_FD];

	if (fd < LOOP_FD || fd >= LOOP_FD + (int)wires_n || !w->is_open)
		sim_fail("descriptor %d is not open", fd);
	return w;
}

ssize_t
__wrap_recv(int fd, void *p, size_t len, int flags)
{
	struct wire *w = wire_of(fd);
	size_t n = w->sent - w->taken;

	(void)flags;
	if (w->is_aborted) {
		errno = ECONNRESET;
		return -1;
	}
	if (n == 0 && w->is_half)
		return 0;
	if (n == 0) {
		errno = EAGAIN;
		return -1;
	}
	n = n < len ? n : len;
	memcpy(p, w->text + w->taken, n);
	w->taken += n;
	return (ssize_t)n;
}

/* The client takes what it has room for. */
static ssize_t
deliver(struct wire *w, const void *p, size_t len)
{
	const char *why;

	if (w->is_shut)
		sim_fail("bytes after the end");
	if (w->is_aborted) {
		errno = EPIPE;
		return -1;
	}
	if (w->window == 0) {
		errno = EAGAIN;
		return -1;
	}
	len = len < w->window ? len : w->window;
	w->window -= len;
	why = http_promise_bytes(&w->promise, p, len);
	if (why != NULL)
		sim_fail("connection %d, answer %u: %s (status %u)",
		    w->fd - LOOP_FD, w->promise.answered_n, why,
		    w->promise.status);
	return (ssize_t)len;
}

ssize_t
__wrap_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	struct wire *w = wire_of(fd);
	ssize_t sent = 0, n;

	(void)flags;
	for (size_t i = 0; i < msg->msg_iovlen; i++) {
		if (msg->msg_iov[i].iov_len == 0)
			continue;
		n = deliver(w, msg->msg_iov[i].iov_base,
		    msg->msg_iov[i].iov_len);
		if (n < 0)
			return sent > 0 ? sent : -1;
		sent += n;
		if ((size_t)n < msg->msg_iov[i].iov_len)
			break;
	}
	return sent;
}

ssize_t
__wrap_send(int fd, const void *p, size_t len, int flags)
{
	return fd < LOOP_FD ? __real_send(fd, p, len, flags) :
	    deliver(wire_of(fd), p, len);
}

ssize_t
__wrap_sendfile(int fd, int from, off_t *at, size_t len)
{
	static uint8_t buf[65536];
	ssize_t n = pread(from, buf, len < sizeof(buf) ? len : sizeof(buf),
	    *at);

	if (n <= 0)
		return n;
	n = deliver(wire_of(fd), buf, (size_t)n);
	if (n > 0)
		*at += n;
	return n;
}

ssize_t
__wrap_sendfile64(int fd, int from, off_t *at, size_t len)
{
	return __wrap_sendfile(fd, from, at, len);
}

/* Every other connection is paced. */
int
__wrap_getsockopt(int fd, int level, int name, void *p, socklen_t *len)
{
	if (fd < LOOP_FD)
		return __real_getsockopt(fd, level, name, p, len);
	*len = (socklen_t)snprintf(p, *len, "%s", (fd & 1) != 0 ? "bbr" :
	    "cubic") + 1;
	return 0;
}

/* Nothing comes any more: then all that was promised has come. */
static void
server_ended(struct wire *w)
{
	const char *why;

	if (w->is_aborted || w->is_shut)
		return;
	why = http_promise_closed(&w->promise);
	if (why != NULL)
		sim_fail("connection %d, answer %u: %s", w->fd - LOOP_FD,
		    w->promise.answered_n, why);
	w->is_shut = true;
}

int
__wrap_shutdown(int fd, int how)
{
	(void)how;
	server_ended(wire_of(fd));
	return 0;
}

int
__wrap_close(int fd)
{
	struct wire *w;

	if (fd < LOOP_FD)
		return __real_close(fd);
	w = wire_of(fd);
	server_ended(w);
	w->is_open = false;
	sim_say("connection %d: closed after %u of %u", fd - LOOP_FD,
	    w->promise.answered_n, w->promise.asked_n);
	return 0;
}

/* --- turns */

static unsigned
ready(const struct wire *w)
{
	unsigned wants = loop_interest(w->fd), is = 0;

	if (wants == 0 || !loop_has_news(w->fd))
		return 0;
	if (w->is_aborted)
		return (wants & (EV_READ | EV_WRITE)) | EV_HUP;
	if ((wants & EV_READ) != 0 && (w->sent > w->taken || w->is_half))
		is |= EV_READ;
	if ((wants & EV_EDGE) != 0 && w->is_half)
		is |= EV_HUP;
	if ((wants & EV_WRITE) != 0 && w->window > 0)
		is |= EV_WRITE;
	return is;
}

static void on_ready(void *ctx, const uint8_t *bytes, size_t len);

static void
poke(struct wire *w)
{
	if (w->is_open && (ready(w) != 0))
		sim_at(sim_now_ns + 1000, on_ready, w, NULL, 0);
}

static void
on_ready(void *ctx, const uint8_t *bytes, size_t len)
{
	struct wire *w = ctx;
	unsigned is;

	(void)bytes;
	(void)len;
	if (!w->is_open || (is = ready(w)) == 0)
		return;
	loop_wake();
	loop_ready(w->fd, is);
	poke(w);
}

static void
on_window(void *ctx, const uint8_t *bytes, size_t len)
{
	struct wire *w = ctx;
	bool was_full = w->window == 0;

	(void)bytes;
	(void)len;
	if (!w->is_open || w->is_aborted || w->is_shut)
		return;
	if (w->window < 65536)
		w->window += 1 + sim_below(w->greed);
	if (was_full && (loop_interest(w->fd) & EV_WRITE) != 0) {
		loop_tell(w->fd);
		poke(w);
	}
	sim_at(sim_now_ns + sim_below(30) * WHEN_NS_PER_MS, on_window, w,
	    NULL, 0);
}

static void
on_say(void *ctx, const uint8_t *bytes, size_t len)
{
	struct wire *w = ctx;
	size_t left = w->text_len - w->sent;

	(void)bytes;
	(void)len;
	if (!w->is_open || w->is_aborted)
		return;
	if (left == 0) {
		/* Some have said all and say so; the others just wait. */
		w->is_half = sim_chance(20);
		if (w->is_half)
			loop_tell(w->fd);
		poke(w);
		return;
	}
	loop_tell(w->fd);
	if (sim_chance(1) && sim_chance(30)) {
		sim_say("connection %d: aborts", w->fd - LOOP_FD);
		w->is_aborted = true;
		poke(w);
		return;
	}
	left = sim_chance(20) ? left : 1 + sim_below(left < 2000 ?
	    (uint32_t)left : 2000);
	w->sent += left;
	poke(w);
	sim_at(sim_now_ns + sim_below(40) * WHEN_NS_PER_MS, on_say, w, NULL,
	    0);
}

static void
on_connect(void *ctx, const uint8_t *bytes, size_t len)
{
	struct addr client = addr_v4(0x0a000063), local = addr_v4(0x0a000001);
	struct wire *w = ctx;

	(void)bytes;
	(void)len;
	w->is_open = true;
	loop_wake();
	conn_start(worker, w->fd, &client, (uint16_t)w->fd, &local, 80);
	on_say(w, NULL, 0);
	on_window(w, NULL, 0);
}

/* --- a history */

static void
open_wire(unsigned i)
{
	struct wire *w = &wires[i];
	char *text = w->text;
	uint8_t *body = w->promise.body;

	if (text == NULL)
		text = malloc(REQUESTS_LEN);
	if (body == NULL)
		body = malloc(HTTP_PROMISE_BODY);
	if (text == NULL || body == NULL)
		sim_fail("no memory");
	memset(w, 0, sizeof(*w));
	w->text = text;
	w->promise.body = body;
	w->promise.byte_of = byte_of;
	w->promise.size_of = size_of;
	w->fd = LOOP_FD + (int)i;
	w->greed = sim_chance(40) ? 60000 : 200 + sim_below(3000);
	for (uint32_t n = 1 + sim_below(sim_chance(20) ? 30 : 8); n > 0; n--)
		say_request(w);
	sim_at(sim_below(500) * WHEN_NS_PER_MS, on_connect, w, NULL, 0);
}

static void
start(void)
{
	for (int fd = 0; fd < REAL_FDS; fd++)
		was_open[fd] = fcntl(fd, F_GETFD) >= 0;
	loop_reset();
	worker = proc_reserve(sizeof(*worker));
	worker->conf = conf;
	worker->server = "Kickstand";
	worker->score = &score;
	worker->scores = &score;
	worker->scores_n = 1;
	memset(&score, 0, sizeof(score));
	if (reserve(worker) != 0)
		sim_fail("the worker cannot start");
	worker_clock(worker);
}

/* Every answer came, unless one closed before. */
static void
check_end(void)
{
	unsigned free_n = 0;

	for (unsigned i = 0; i < wires_n; i++) {
		const struct wire *w = &wires[i];

		if (w->is_open)
			sim_fail("connection %u is never closed", i);
		if (!w->is_aborted && !w->promise.is_over &&
		    w->promise.answered_n != w->promise.asked_n)
			sim_fail("connection %u: %u answers to %u requests", i,
			    w->promise.answered_n, w->promise.asked_n);
	}
	for (struct list *l = worker->xacts_free.next;
	    l != &worker->xacts_free; l = l->next)
		free_n++;
	if (worker->conns_n != 0 || free_n != worker->xacts_fresh)
		sim_fail("%u connections and %u requests are left over",
		    worker->conns_n, worker->xacts_fresh - free_n);
}

static void
play(void)
{
	int64_t wake_ns;

	start();
	wires_n = 1 + sim_below(CONNS);
	for (unsigned i = 0; i < wires_n; i++)
		open_wire(i);
	for (;;) {
		wake_ns = loop_next_ns();
		if (sim_next_ns() == INT64_MAX && worker->conns_n == 0)
			break;
		if (sim_now_ns > 3600 * WHEN_NS_PER_S)
			sim_fail("no end");
		if (wake_ns < sim_next_ns()) {
			sim_now_ns = wake_ns;
			loop_wake();
			loop_sleep();
			for (unsigned i = 0; i < wires_n; i++)
				poke(&wires[i]);
		} else {
			sim_step();
		}
	}
	check_end();
	for (int fd = 0; fd < REAL_FDS; fd++)
		if (!was_open[fd])
			(void)__real_close(fd);
}

static void
make_site(void)
{
	if (mkdtemp(root) == NULL)
		sim_fail("no directory %s", root);
	(void)atexit(clean);
	for (int i = 0; i < FILES; i++)
		make_file(i);
	load();
}

int
main(int argc, char *argv[])
{
	make_site();
	return sim_main(argc, argv, play, QUICK_N);
}
