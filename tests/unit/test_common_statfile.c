/* SPDX-License-Identifier: ISC */
/*
 * statfile: the file is the old text or the new one, never a part.
 */
#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "common/statfile.h"
#include "tests/unit/t.h"

static char dir[] = "/tmp/ks-statfile-XXXXXX";
static char path[sizeof(dir) + 16], temp[sizeof(dir) + 16];

static void
setup(void)
{
	memset(dir + strlen(dir) - 6, 'X', 6);
	ck_assert_msg(mkdtemp(dir) != NULL, "mkdtemp: %s", strerror(errno));
	(void)snprintf(path, sizeof(path), "%s/a.prom", dir);
	(void)snprintf(temp, sizeof(temp), "%s/.a.prom.tmp", dir);
}

static void
teardown(void)
{
	(void)unlink(temp);
	(void)unlink(path);
	ck_assert_msg(rmdir(dir) == 0, "something is left: %s",
	    strerror(errno));
}

static void
content_is(const char *want)
{
	char buf[256];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	ck_assert_msg(n >= 0, "cannot read: %s", strerror(errno));
	(void)close(fd);
	t_mem_eq(buf, (size_t)n, want, strlen(want));
}

START_TEST(content_is_replaced)
{
	struct statfile f;
	struct stat st;

	setup();
	(void)umask(077);
	ck_assert_int_eq(statfile_open(&f, path), 0);
	ck_assert_int_eq(statfile_put(&f, STR("one\n")), 0);
	content_is("one\n");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0644);
	ck_assert_int_eq(statfile_put(&f, STR("2\n")), 0);
	content_is("2\n");
	ck_assert_msg(access(temp, F_OK) != 0, "the file beside it is left");
	statfile_close(&f);
	ck_assert_int_eq(statfile_put(&f, STR("3\n")), -EBADF);
	content_is("2\n");
	teardown();
}
END_TEST

START_TEST(a_full_disk_leaves_the_old_text)
{
	static char big[65536];
	struct rlimit limit = { 4096, 4096 };
	struct statfile f;

	setup();
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(statfile_open(&f, path), 0);
	ck_assert_int_eq(statfile_put(&f, STR("old\n")), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	memset(big, 'x', sizeof(big));
	ck_assert_int_eq(statfile_put(&f, str_make(big, sizeof(big))),
	    -EFBIG);
	content_is("old\n");
	ck_assert_msg(access(temp, F_OK) != 0, "the file beside it is left");
	statfile_close(&f);
	teardown();
}
END_TEST

START_TEST(a_trap_beside_it_is_not_written_through)
{
	struct statfile f;
	char victim[sizeof(path)];

	setup();
	(void)snprintf(victim, sizeof(victim), "%s/victim", dir);
	ck_assert_int_eq(symlink(victim, temp), 0);
	ck_assert_int_eq(statfile_open(&f, path), 0);
	ck_assert_int_eq(statfile_put(&f, STR("mine\n")), 0);
	content_is("mine\n");
	ck_assert_msg(access(victim, F_OK) != 0, "a link was followed");
	statfile_close(&f);
	teardown();
}
END_TEST

START_TEST(bad_paths_are_told)
{
	struct statfile f;
	char name[NAME_MAX + 1];

	ck_assert_int_eq(statfile_open(&f, "/tmp/"), -EISDIR);
	ck_assert_int_eq(statfile_open(&f, ""), -EISDIR);
	ck_assert_int_eq(statfile_open(&f, "/no/such/dir/x"), -ENOENT);
	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	ck_assert_int_eq(statfile_open(&f, name), -ENAMETOOLONG);
	ck_assert_int_eq(statfile_begin(&f), -EBADF);
}
END_TEST

T_MAIN("common_statfile")
{
	T_ADD(content_is_replaced);
	T_ADD(a_full_disk_leaves_the_old_text);
	T_ADD(a_trap_beside_it_is_not_written_through);
	T_ADD(bad_paths_are_told);
}
