/* SPDX-License-Identifier: ISC */
/*
 * log: bytes on the syslog socket, dropping and confessing, never blocking,
 * coming back after the log daemon did.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "tests/unit/t.h"

static char dir[32], socket_path[64];

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/test_log.XXXXXX");
	ck_assert_msg(mkdtemp(dir) != NULL && chdir(dir) == 0, "%s", dir);
	snprintf(socket_path, sizeof(socket_path), "%s/log", dir);
	log_syslog_path(socket_path);
	signal(SIGPIPE, SIG_IGN);
}

static void
teardown(void)
{
	log_close();
	unlink(socket_path);
	unlink("f");
	unlink("f.1");
	ck_assert_msg(chdir("/") == 0 && rmdir(dir) == 0, "left in %s", dir);
}

/* A log daemon: a bound socket of a type. */
static int
listen_log(int type)
{
	struct sockaddr_un addr;
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);

	memset(&addr, 0, sizeof(addr));
	addr.sun_family = AF_UNIX;
	memcpy(addr.sun_path, socket_path, strlen(socket_path));
	unlink(socket_path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 5), 0);
	return fd;
}

/* Take one datagram as a string; false when there is none. */
static bool
take(int fd, char *buf, size_t size)
{
	ssize_t n = read(fd, buf, size - 1);

	buf[n < 0 ? 0 : n] = '\0';
	return n >= 0;
}

static void
check_text(const char *line, const char *want)
{
	const char *colon = strstr(line, "]: ");

	ck_assert_msg(colon != NULL, "no header in \"%s\"", line);
	ck_assert_str_eq(colon + 3, want);
}

START_TEST(datagram_as_syslog_writes_it)
{
	char got[256], want[256], date[32];
	time_t before, after;
	struct tm tm;
	int fd;

	setup();
	fd = listen_log(SOCK_DGRAM);
	log_open(LOG_TO_SYSLOG, "dhcpd", LOG_DAEMON);
	do {
		before = time(NULL);
		log_line(LOG_INFO, "lease %d of %s", 7, "x");
		ck_assert_msg(log_flush(), "all of it left");
		after = time(NULL);
		ck_assert_msg(take(fd, got, sizeof(got)), "came");
	} while (before != after);
	strftime(date, sizeof(date), "%h %e %T", localtime_r(&before, &tm));
	snprintf(want, sizeof(want), "<30>%s dhcpd[%d]: lease 7 of x", date,
	    (int)getpid());
	ck_assert_str_eq(got, want);
	/* A facility of its own wins. */
	log_line(LOG_LOCAL7 | LOG_ERR, "e");
	ck_assert_msg(log_flush() && take(fd, got, sizeof(got)), "second");
	ck_assert_msg(strncmp(got, "<187>", 5) == 0, "%s", got);
	close(fd);
	teardown();
}
END_TEST

START_TEST(one_datagram_per_line_in_order)
{
	char got[256], want[16];
	int fd, n = 0;

	setup();
	fd = listen_log(SOCK_DGRAM);
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	for (int i = 0; i < 1000; i++)
		log_line(LOG_INFO, "%d", i);
	/* The socket takes a few at a time; nothing blocks, nothing is lost. */
	while (n < 1000) {
		(void)log_flush();
		while (take(fd, got, sizeof(got))) {
			snprintf(want, sizeof(want), "%d", n++);
			check_text(got, want);
		}
	}
	ck_assert_msg(log_flush() && log_lost() == 0, "empty");
	close(fd);
	teardown();
}
END_TEST

START_TEST(a_full_queue_drops_and_confesses)
{
	char got[LOG_LINE_MAX + 1], want[64], text[1000];
	uint64_t lost, n = 0, total = 0;
	int fd;

	setup();
	fd = listen_log(SOCK_DGRAM);
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	memset(text, 'x', sizeof(text));
	while (log_lost() < 10) {
		log_line(LOG_INFO, "%.*s", (int)sizeof(text), text);
		total++;
		(void)log_flush();
	}
	lost = log_lost();
	while (!log_flush() || n + lost < total) {
		while (take(fd, got, sizeof(got)))
			n += strstr(got, "xxx") != NULL;
	}
	ck_assert_msg(n + lost == total, "each line came or was counted");
	log_line(LOG_INFO, "after");
	while (!log_flush() || !take(fd, got, sizeof(got)))
		continue;
	snprintf(want, sizeof(want), "log: %d lines lost", (int)lost);
	if (strstr(got, "after") == NULL)
		check_text(got, want);
	close(fd);
	teardown();
}
END_TEST

START_TEST(finds_a_restarted_log_daemon)
{
	char got[256];
	int fd, second;

	setup();
	fd = listen_log(SOCK_DGRAM);
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	close(fd);
	log_line(LOG_INFO, "kept");
	(void)log_flush();
	second = listen_log(SOCK_DGRAM);
	/* At most one attempt a second. */
	while (!log_flush())
		usleep(10000);
	ck_assert_msg(take(second, got, sizeof(got)), "came");
	check_text(got, "kept");
	close(second);
	teardown();
}
END_TEST

START_TEST(none_at_the_start)
{
	char got[256];
	int fd;

	setup();
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	log_line(LOG_INFO, "early");
	/* Returns at once: there is nobody to wait for. */
	log_drain(100000000);
	ck_assert_msg(!log_flush(), "nobody there");
	fd = listen_log(SOCK_DGRAM);
	while (!log_flush())
		usleep(10000);
	ck_assert_msg(take(fd, got, sizeof(got)), "came");
	check_text(got, "early");
	close(fd);
	teardown();
}
END_TEST

START_TEST(stream_lines_end_with_nul)
{
	char got[512];
	int fd, conn;
	ssize_t n;

	setup();
	fd = listen_log(SOCK_STREAM);
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	conn = accept(fd, NULL, NULL);
	ck_assert_msg(conn >= 0, "connected");
	log_line(LOG_INFO, "one");
	log_line(LOG_INFO, "two");
	ck_assert_msg(log_flush(), "left");
	n = read(conn, got, sizeof(got));
	ck_assert_msg(n > 0 && got[n - 1] == '\0', "ends with NUL");
	check_text(got, "one");
	check_text(got + strlen(got) + 1, "two");
	close(conn);
	close(fd);
	teardown();
}
END_TEST

static void
check_file(const char *name, const char *want)
{
	char got[256];
	int fd = open(name, O_RDONLY);
	ssize_t n = read(fd, got, sizeof(got) - 1);

	ck_assert_msg(n >= 0, "%s", name);
	got[n] = '\0';
	ck_assert_str_eq(got, want);
	close(fd);
}

START_TEST(file_is_bare_lines_and_can_be_rotated)
{
	struct stat st;

	setup();
	log_open(LOG_TO_FILE, "t", LOG_DAEMON);
	ck_assert_int_eq(log_file("none/f"), -ENOENT);
	ck_assert_int_eq(log_file("f"), 0);
	log_line(LOG_INFO, "one");
	log_line(LOG_INFO, "two");
	check_file("f", "");
	ck_assert_msg(log_flush(), "left");
	check_file("f", "one\ntwo\n");
	log_line(LOG_INFO, "late");
	ck_assert_int_eq(rename("f", "f.1"), 0);
	ck_assert_int_eq(log_reopen(), 0);
	log_line(LOG_INFO, "new");
	ck_assert_msg(log_flush(), "left");
	check_file("f.1", "one\ntwo\nlate\n");
	check_file("f", "new\n");
	ck_assert_msg(stat("f", &st) == 0 && (st.st_mode & 037) == 0, "mode");
	teardown();
}
END_TEST

START_TEST(stderr_that_nobody_reads_does_not_block)
{
	char got[4096];
	int fds[2], old = dup(2);
	ssize_t n;

	setup();
	ck_assert_int_eq(pipe(fds), 0);
	dup2(fds[1], 2);
	log_open(LOG_TO_STDERR, "t", LOG_DAEMON);
	log_line(LOG_INFO, "first");
	ck_assert_msg(log_flush(), "left");
	n = read(fds[0], got, sizeof(got));
	ck_assert_msg(n == 6 && memcmp(got, "first\n", 6) == 0, "bare");
	/* Far more than a pipe holds. */
	for (int i = 0; i < 30000; i++)
		log_line(LOG_INFO, "0123456789");
	ck_assert_msg(!log_flush() && log_lost() == 0, "waits");
	for (int left = 30000 * 11; left > 0; left -= (int)n) {
		n = read(fds[0], got, sizeof(got));
		ck_assert_msg(n > 0, "read");
		(void)log_flush();
	}
	ck_assert_msg(log_flush(), "all of it");
	/* Nobody reads any more: lines stay, no signal, no block. */
	close(fds[0]);
	log_line(LOG_INFO, "x");
	ck_assert_msg(!log_flush(), "broken pipe");
	dup2(old, 2);
	close(fds[1]);
	teardown();
}
END_TEST

START_TEST(long_lines_are_cut)
{
	char *text = malloc(LOG_LINE_MAX + 10), got[LOG_LINE_MAX + 10];
	int fds[2];

	setup();
	memset(text, 'x', LOG_LINE_MAX + 9);
	text[LOG_LINE_MAX + 9] = '\0';
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	dup2(fds[1], 2);
	log_open(LOG_TO_STDERR, "t", LOG_DAEMON);
	log_line(LOG_INFO, "%s", text);
	log_str(LOG_INFO, str_of(text));
	ck_assert_msg(log_flush(), "left");
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq((int)recv(fds[0], got, LOG_LINE_MAX + 1,
		    MSG_WAITALL), LOG_LINE_MAX + 1);
		ck_assert_int_eq(got[LOG_LINE_MAX], '\n');
	}
	free(text);
	teardown();
}
END_TEST

static char seen[64];

static void
test_sink(void *ctx, int prio, struct str line)
{
	snprintf(seen, sizeof(seen), "%d:%.*s%s", prio, STR_ARG(line),
	    (const char *)ctx);
}

START_TEST(test_sink_and_level)
{
	static char mark[] = "!";

	setup();
	log_test(test_sink, mark);
	errno = 42;
	log_line(LOG_NOTICE, "a%d", 1);
	ck_assert_int_eq(errno, 42);
	ck_assert_str_eq(seen, "5:a1!");
	log_level(LOG_ERR);
	log_line(LOG_WARNING, "b");
	log_str(LOG_WARNING, STR("b"));
	ck_assert_str_eq(seen, "5:a1!");
	log_line(LOG_ERR, "c");
	ck_assert_str_eq(seen, "3:c!");
	log_level(LOG_DEBUG);
	log_test(NULL, NULL);
	log_line(LOG_ERR, "d");
	ck_assert_str_eq(seen, "3:c!");
	teardown();
}
END_TEST

START_TEST(a_loop_flushes_and_waits_for_room)
{
	char got[256];
	struct ev ev;
	int fd, n = 0;

	setup();
	fd = listen_log(SOCK_DGRAM);
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	ck_assert_int_eq(ev_init(&ev, 64, 8), 0);
	log_attach(&ev);
	for (int i = 0; i < 200; i++)
		log_line(LOG_INFO, "%d", i);
	ck_assert_int_eq(ev_turn(&ev, 0), 0);
	while (n < 200) {
		ck_assert_int_eq(ev_turn(&ev, -1), 0);
		while (take(fd, got, sizeof(got)))
			n++;
	}
	log_line(LOG_INFO, "last");
	ck_assert_int_eq(ev_turn(&ev, 0), 0);
	ck_assert_msg(take(fd, got, sizeof(got)), "flushed before sleep");
	log_attach(NULL);
	log_line(LOG_INFO, "not now");
	ck_assert_int_eq(ev_turn(&ev, 0), 0);
	ck_assert_msg(!take(fd, got, sizeof(got)), "detached");
	ev_close(&ev);
	close(fd);
	teardown();
}
END_TEST

/* A loop whose log goes to a socket, which is the result. */
static int
loop_open(struct ev *ev)
{
	int fd;

	setup();
	fd = listen_log(SOCK_DGRAM);
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	ck_assert_int_eq(ev_init(ev, 64, 8), 0);
	log_attach(ev);
	return fd;
}

static void
loop_close(struct ev *ev, int fd)
{
	log_attach(NULL);
	ev_close(ev);
	close(fd);
	teardown();
}

/* How long a turn that waits at most ms took. */
static int64_t
turn_ns(struct ev *ev, int ms)
{
	int64_t begin_ns = ev_now(ev)->mono_ns;

	ck_assert_int_eq(ev_turn(ev, ms), 0);
	return ev_now(ev)->mono_ns - begin_ns;
}

/* Does nothing wake the loop?  What is tried four times a second may, once. */
static bool
is_asleep(struct ev *ev)
{
	return turn_ns(ev, 40) >= 39 * WHEN_NS_PER_MS ||
	    turn_ns(ev, 40) >= 39 * WHEN_NS_PER_MS;
}

/* Each line that a full socket takes must not cost a watch. */
START_TEST(a_full_socket_is_tried_again_and_then_watched)
{
	char got[256];
	struct ev ev;
	int fd = loop_open(&ev);

	for (int i = 0; i < 1000; i++)
		log_line(LOG_INFO, "%d", i);
	ck_assert_int_eq(ev_turn(&ev, 0), 0);
	ck_assert_msg(turn_ns(&ev, 5000) < 100 * WHEN_NS_PER_MS, "no watch");
	for (int i = 0; i < 3; i++) {
		while (take(fd, got, sizeof(got)))
			continue;
		ck_assert_msg(turn_ns(&ev, 5000) < 100 * WHEN_NS_PER_MS,
		    "soon");
		ck_assert_msg(turn_ns(&ev, 0) < 100 * WHEN_NS_PER_MS, "sent");
		ck_assert_msg(take(fd, got, sizeof(got)), "came");
	}
	/* Nobody reads: once more after a millisecond, then no more. */
	ck_assert_int_eq(ev_turn(&ev, 5), 0);
	ck_assert_int_eq(ev_turn(&ev, 5), 0);
	ck_assert_msg(is_asleep(&ev), "asleep");
	ck_assert_msg(take(fd, got, sizeof(got)), "one place");
	ck_assert_msg(turn_ns(&ev, 5000) < 100 * WHEN_NS_PER_MS, "awake");
	loop_close(&ev, fd);
}
END_TEST

START_TEST(with_much_to_say_a_full_socket_is_watched_at_once)
{
	char got[256];
	struct ev ev;
	int fd = loop_open(&ev);

	for (int i = 0; i < LOG_QUEUE_SIZE / 64; i++)
		log_line(LOG_INFO, "%032d", i);
	ck_assert_int_eq(ev_turn(&ev, 0), 0);
	ck_assert_msg(turn_ns(&ev, 40) >= 39 * WHEN_NS_PER_MS, "asleep");
	ck_assert_msg(take(fd, got, sizeof(got)), "one place");
	ck_assert_msg(turn_ns(&ev, 5000) < 100 * WHEN_NS_PER_MS, "awake");
	loop_close(&ev, fd);
}
END_TEST

static void
hook_logs(void *ctx)
{
	(void)ctx;
	log_line(LOG_INFO, "from a hook");
}

START_TEST(lines_of_later_hooks_leave_in_the_same_turn)
{
	struct ev_hook hook;
	char got[256];
	struct ev ev;
	int fd;

	setup();
	fd = listen_log(SOCK_DGRAM);
	log_open(LOG_TO_SYSLOG, "t", LOG_DAEMON);
	ck_assert_int_eq(ev_init(&ev, 64, 8), 0);
	log_attach(&ev);
	ev_before_sleep(&ev, &hook, hook_logs, NULL);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(ev_turn(&ev, 0), 0);
		ck_assert_msg(take(fd, got, sizeof(got)), "turn %d", i);
		check_text(got, "from a hook");
		ck_assert_msg(!take(fd, got, sizeof(got)), "once");
	}
	log_attach(NULL);
	ev_close(&ev);
	close(fd);
	teardown();
}
END_TEST

START_TEST(exactly_full_and_one_more)
{
	struct stat st;

	setup();
	log_open(LOG_TO_FILE, "t", LOG_DAEMON);
	for (int i = 0; i < LOG_QUEUE_SIZE / 2; i++)
		log_str(LOG_INFO, STR("x"));
	ck_assert_msg(log_lost() == 0, "full");
	log_str(LOG_INFO, STR(""));
	ck_assert_msg(log_lost() == 1, "one more");
	/* A full disk keeps them, another file gets them. */
	ck_assert_int_eq(log_file("/dev/full"), 0);
	ck_assert_msg(!log_flush(), "no space");
	ck_assert_int_eq(log_file("f"), 0);
	ck_assert_msg(!log_flush() && log_flush(), "then the confession");
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_eq((int)st.st_size, LOG_QUEUE_SIZE +
	    (int)strlen("log: 1 lines lost\n"));
	teardown();
}
END_TEST

T_MAIN("common_log")
{
	T_ADD(datagram_as_syslog_writes_it);
	T_ADD(one_datagram_per_line_in_order);
	T_ADD(a_full_queue_drops_and_confesses);
	T_ADD(finds_a_restarted_log_daemon);
	T_ADD(none_at_the_start);
	T_ADD(stream_lines_end_with_nul);
	T_ADD(file_is_bare_lines_and_can_be_rotated);
	T_ADD(stderr_that_nobody_reads_does_not_block);
	T_ADD(long_lines_are_cut);
	T_ADD(test_sink_and_level);
	T_ADD(a_loop_flushes_and_waits_for_room);
	T_ADD(a_full_socket_is_tried_again_and_then_watched);
	T_ADD(with_much_to_say_a_full_socket_is_watched_at_once);
	T_ADD(lines_of_later_hooks_leave_in_the_same_turn);
	T_ADD(exactly_full_and_one_more);
}
