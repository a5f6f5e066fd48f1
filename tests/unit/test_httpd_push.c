/* SPDX-License-Identifier: ISC */
/*
 * push: how much of a file one turn hands to the kernel.
 *
 * The kernel is played: sendfile takes as much as there is room for.
 */
#include <errno.h>
#include <sys/socket.h>

#include "httpd/push.h"
#include "tests/unit/t.h"

#define IMAGE_SIZE (1 << 20)

int __wrap_getsockopt(int fd, int level, int name, void *p, socklen_t *len);
ssize_t __wrap_sendfile(int fd, int from, off_t *at, size_t len);
ssize_t __wrap_sendfile64(int fd, int from, off_t *at, size_t len);

static struct conf_dir dir;
static struct file file;
static struct conn conn;
static struct xact x;
static const char *control;	/* congestion control; NULL: not TCP */
static unsigned asked_n, calls_n;
static size_t room;

int
__wrap_getsockopt(int fd, int level, int name, void *p, socklen_t *len)
{
	(void)fd;
	(void)level;
	(void)name;
	asked_n++;
	if (control == NULL) {
		errno = EOPNOTSUPP;
		return -1;
	}
	*len = (socklen_t)snprintf(p, *len, "%s", control) + 1;
	return 0;
}

ssize_t
__wrap_sendfile(int fd, int from, off_t *at, size_t len)
{
	(void)fd;
	(void)from;
	calls_n++;
	if (room == 0) {
		errno = EAGAIN;
		return -1;
	}
	len = len < room ? len : room;
	room -= len;
	*at += (off_t)len;
	return (ssize_t)len;
}

ssize_t
__wrap_sendfile64(int fd, int from, off_t *at, size_t len)
{
	return __wrap_sendfile(fd, from, at, len);
}

static void
setup(const char *congestion_control, uint64_t size)
{
	memset(&conn, 0, sizeof(conn));
	memset(&x, 0, sizeof(x));
	dir.sendfile = true;
	file.dir = &dir;
	x.conn = &conn;
	x.file = &file;
	x.source = XACT_FD;
	x.left = size;
	control = congestion_control;
	asked_n = calls_n = 0;
	room = SIZE_MAX;
}

/* what one turn sends */
static size_t
turn(enum push_verdict expected)
{
	uint64_t before = x.left;

	ck_assert_int_eq(push_answer(&x), expected);
	return before - x.left;
}

static void
expect_turns(size_t each)
{
	while (x.left > CONN_QUANTUM)
		ck_assert_int_eq(turn(PUSH_TURN), each);
	ck_assert_int_eq(asked_n, 1);
	turn(PUSH_ALL);
	ck_assert_int_eq(asked_n, 1);
	ck_assert_int_eq(x.left, 0);
}

START_TEST(an_image_goes_a_quantum_a_turn)
{
	static const char *const controls[] = { "cubic", "reno", "bb", "b",
	    "", NULL };

	setup(controls[_i], IMAGE_SIZE);
	expect_turns(CONN_QUANTUM);
}
END_TEST

START_TEST(where_the_kernel_paces_a_turn_is_two_bursts)
{
	static const char *const controls[] = { "bbr", "bbr2" };

	setup(controls[_i], IMAGE_SIZE);
	expect_turns(CONN_QUANTUM_PACED);
}
END_TEST

START_TEST(what_fits_into_a_turn_is_not_split)
{
	setup("bbr", CONN_QUANTUM);
	ck_assert_int_eq(turn(PUSH_ALL), CONN_QUANTUM);
	ck_assert_int_eq(calls_n, 1);
	ck_assert_int_eq(asked_n, 0);
}
END_TEST

START_TEST(a_full_socket_ends_the_turn)
{
	setup("bbr", IMAGE_SIZE);
	room = 1000;
	ck_assert_int_eq(turn(PUSH_PART), 1000);
	room = SIZE_MAX;
	expect_turns(CONN_QUANTUM_PACED);
}
END_TEST

T_MAIN("httpd_push")
{
	T_LOOP(an_image_goes_a_quantum_a_turn, 0, 6);
	T_LOOP(where_the_kernel_paces_a_turn_is_two_bursts, 0, 2);
	T_ADD(what_fits_into_a_turn_is_not_split);
	T_ADD(a_full_socket_ends_the_turn);
}
