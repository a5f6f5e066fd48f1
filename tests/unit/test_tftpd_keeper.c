/* SPDX-License-Identifier: ISC */
/*
 * keeper: descriptors and answers that come back from the other process.
 */
#include "tftpd/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/statfile.h"
#include "tests/unit/t.h"

static char dir[] = "/tmp/ks-keeper-XXXXXX";
static char map[64], stats[64], pid[64];
static struct keeper keeper;

static void
file_is(int fd, const char *want)
{
	char buf[64];
	ssize_t n = read(fd, buf, sizeof(buf));

	ck_assert_msg(n >= 0, "cannot read: %s", strerror(errno));
	t_mem_eq(buf, (size_t)n, want, strlen(want));
	ck_assert_int_eq(close(fd), 0);
}

static void
setup(void)
{
	const char *paths[KEEPER_PATHS] = {
		[KEEPER_MAP] = map, [KEEPER_STATS] = stats
	};
	int fd;

	ck_assert_msg(mkdtemp(dir) != NULL, "mkdtemp: %s", strerror(errno));
	(void)snprintf(map, sizeof(map), "%s/map", dir);
	(void)snprintf(stats, sizeof(stats), "%s/stats", dir);
	(void)snprintf(pid, sizeof(pid), "%s/pid", dir);
	fd = open(map, O_WRONLY | O_CREAT, 0644);
	ck_assert_int_eq(write(fd, "rules", 5), 5);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(open(pid, O_WRONLY | O_CREAT, 0644)), 0);
	ck_assert_int_eq(keeper_start(&keeper, paths, pid, true), 0);
}

static void
teardown(void)
{
	keeper_stop(&keeper);
	ck_assert_msg(access(pid, F_OK) != 0, "the pid file stays");
	(void)unlink(map);
	(void)unlink(stats);
	ck_assert_int_eq(rmdir(dir), 0);
}

/* The first descriptor that the keeper opens is its number 0. */
START_TEST(opens_what_is_asked_for)
{
	int fd;

	setup();
	for (int i = 0; i < 300; i++) {
		fd = keeper_open(&keeper, KEEPER_MAP);
		ck_assert_msg(fd >= 0, "map: %d", fd);
		file_is(fd, "rules");
	}
	ck_assert_int_eq(keeper_open(&keeper, KEEPER_LEASES), -EINVAL);
	fd = keeper_open(&keeper, KEEPER_SPOOL);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	file_is(fd, "x");
	(void)unlink(map);
	ck_assert_int_eq(keeper_open(&keeper, KEEPER_MAP), -ENOENT);
	teardown();
}
END_TEST

START_TEST(puts_statistics_in_place)
{
	int fd;

	setup();
	fd = keeper_open(&keeper, KEEPER_STATS);
	ck_assert_int_eq(statfile_write(fd, STR("one\n")), 0);
	ck_assert_int_eq(keeper_stats_done(&keeper, 0), 0);
	file_is(open(stats, O_RDONLY), "one\n");
	fd = keeper_open(&keeper, KEEPER_STATS);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(keeper_stats_done(&keeper, -ENOSPC), -ENOSPC);
	file_is(open(stats, O_RDONLY), "one\n");
	teardown();
}
END_TEST

/* An answer that was given up on is not the answer to the next question. */
START_TEST(a_late_answer_is_passed_over)
{
	int fd;

	setup();
	ck_assert_int_eq(kill(keeper.pid, SIGSTOP), 0);
	ck_assert_int_eq(keeper_open(&keeper, KEEPER_SPOOL), -ETIMEDOUT);
	ck_assert_int_eq(kill(keeper.pid, SIGCONT), 0);
	fd = keeper_open(&keeper, KEEPER_MAP);
	ck_assert_msg(fd >= 0, "map: %d", fd);
	file_is(fd, "rules");
	teardown();
}
END_TEST

START_TEST(a_keeper_that_is_gone_is_told)
{
	setup();
	ck_assert_int_eq(kill(keeper.pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(keeper.pid, NULL, 0), keeper.pid);
	ck_assert_msg(keeper_open(&keeper, KEEPER_MAP) < 0, "a descriptor");
	keeper_leave(&keeper);
	ck_assert_int_eq(keeper_open(&keeper, KEEPER_MAP), -ESRCH);
	(void)unlink(map);
	(void)unlink(pid);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

T_MAIN("tftpd_keeper")
{
	T_ADD(opens_what_is_asked_for);
	T_ADD(puts_statistics_in_place);
	T_ADD(a_late_answer_is_passed_over);
	T_ADD(a_keeper_that_is_gone_is_told);
}
