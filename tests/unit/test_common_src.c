/* SPDX-License-Identifier: ISC */
/*
 * src: caps at and beyond, pipes, errors, include depth and loops.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/src.h"
#include "tests/unit/t.h"

static char dir[] = "/tmp/test_src.XXXXXX";
static uint8_t mem[4096];

static void
put_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_msg(fd >= 0 && write(fd, text, strlen(text)) ==
	    (ssize_t)strlen(text), "%s", name);
	close(fd);
}

static void
enter_dir(void)
{
	ck_assert_msg(mkdtemp(dir) != NULL && chdir(dir) == 0, "%s", dir);
}

static void
leave_dir(void)
{
	ck_assert_msg(chdir("/") == 0 && rmdir(dir) == 0, "cleanup");
}

START_TEST(reads_up_to_the_cap)
{
	struct arena a;
	struct str text = STR("old");

	enter_dir();
	put_file("f", "0123456789");
	arena_init(&a, mem, sizeof(mem));
	ck_assert_int_eq(src_read(&a, "f", 10, &text), 0);
	ck_assert_msg(str_eq(text, STR("0123456789")), "text");
	ck_assert_int_eq((int)arena_mark(&a), 10);
	ck_assert_int_eq(src_read(&a, "f", 9, &text), -EFBIG);
	ck_assert_int_eq((int)arena_mark(&a), 10);
	ck_assert_int_eq(src_read(&a, "none", 9, &text), -ENOENT);
	ck_assert_int_eq(src_read(&a, ".", 9, &text), -EISDIR);
	ck_assert_int_eq(src_read(&a, "/dev/null", 9, &text), 0);
	ck_assert_int_eq(src_read_regular(&a, "f", 10, &text), 0);
	ck_assert_int_eq(src_read_regular(&a, "f", 9, &text), -EFBIG);
	ck_assert_int_eq(src_read_regular(&a, "none", 9, &text), -ENOENT);
	ck_assert_int_eq(src_read_regular(&a, "/dev/null", 9, &text), 0);
	ck_assert_int_eq(src_read_regular(&a, "/dev/zero", 9, &text), -EACCES);
	ck_assert_int_eq(src_read_regular(&a, ".", 9, &text), -EACCES);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(src_read_regular(&a, "fifo", 9, &text), -EACCES);
	ck_assert_int_eq(unlink("fifo"), 0);
	ck_assert_int_eq((int)text.len, 0);
	unlink("f");
	leave_dir();
}
END_TEST

START_TEST(small_arena_says_so)
{
	struct str text = STR("old");
	struct arena a;

	enter_dir();
	put_file("f", "0123456789");
	arena_init(&a, mem, (size_t)_i);
	ck_assert_int_eq(src_read(&a, "f", 100, &text), _i > 10 ? 0 : -ENOMEM);
	ck_assert_int_eq((int)text.len, _i > 10 ? 10 : 3);
	unlink("f");
	leave_dir();
}
END_TEST

START_TEST(reads_a_pipe)
{
	struct arena a;
	struct str text;
	char path[32];
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq((int)write(fds[1], "piped", 5), 5);
	close(fds[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	arena_init(&a, mem, sizeof(mem));
	ck_assert_int_eq(src_read(&a, path, 100, &text), 0);
	ck_assert_msg(str_eq(text, STR("piped")), "text");
	close(fds[0]);
}
END_TEST

START_TEST(refuses_loops)
{
	struct src_loader l;
	struct arena a;
	struct src src;
	struct str text;

	enter_dir();
	put_file("a", "A");
	put_file("b", "B");
	ck_assert_int_eq(link("a", "a2"), 0);
	arena_init(&a, mem, sizeof(mem));
	src_init(&src, &a, 100);
	l = src_loader(&src);
	ck_assert_int_eq(l.load(l.ctx, STR("a"), &text), 0);
	ck_assert_msg(str_eq(text, STR("A")), "a");
	ck_assert_int_eq(l.load(l.ctx, STR("b"), &text), 0);
	ck_assert_int_eq(l.load(l.ctx, STR("a"), &text), -ELOOP);
	ck_assert_int_eq(l.load(l.ctx, STR("a2"), &text), -ELOOP);
	l.leave(l.ctx);
	ck_assert_int_eq(l.load(l.ctx, STR("b"), &text), 0);
	ck_assert_msg(str_eq(text, STR("B")), "again, one after the other");
	l.leave(l.ctx);
	l.leave(l.ctx);
	ck_assert_int_eq((int)src.depth, 0);
	unlink("a");
	unlink("a2");
	unlink("b");
	leave_dir();
}
END_TEST

START_TEST(refuses_depth)
{
	struct src_loader l;
	struct arena a;
	struct src src;
	struct str text;
	char name[8];

	enter_dir();
	arena_init(&a, mem, sizeof(mem));
	src_init(&src, &a, 100);
	l = src_loader(&src);
	for (int i = 0; i <= SRC_DEPTH_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		put_file(name, "x");
		ck_assert_int_eq(l.load(l.ctx, str_of(name), &text),
		    i < SRC_DEPTH_MAX ? 0 : -ELOOP);
	}
	for (int i = 0; i <= SRC_DEPTH_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		unlink(name);
	}
	leave_dir();
}
END_TEST

START_TEST(failed_loads_leave_no_depth)
{
	char *longest = calloc(1, 5000);
	struct src_loader l;
	struct arena a;
	struct src src;
	struct str text;

	enter_dir();
	put_file("big", "0123456789");
	memset(longest, 'x', 4999);
	arena_init(&a, mem, sizeof(mem));
	src_init(&src, &a, 9);
	l = src_loader(&src);
	ck_assert_int_eq(l.load(l.ctx, STR("none"), &text), -ENOENT);
	ck_assert_int_eq(l.load(l.ctx, STR("big"), &text), -EFBIG);
	ck_assert_int_eq(l.load(l.ctx, STR("b\0ig"), &text), -EINVAL);
	ck_assert_int_eq(l.load(l.ctx, str_of(longest), &text), -ENAMETOOLONG);
	ck_assert_int_eq((int)src.depth, 0);
	unlink("big");
	leave_dir();
	free(longest);
}
END_TEST

T_MAIN("common_src")
{
	T_ADD(reads_up_to_the_cap);
	T_LOOP(small_arena_says_so, 0, 14);
	T_ADD(reads_a_pipe);
	T_ADD(refuses_loops);
	T_ADD(refuses_depth);
	T_ADD(failed_loads_leave_no_depth);
}
