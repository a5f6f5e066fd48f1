/* SPDX-License-Identifier: ISC */
/*
 * journal: what was synced is there after any failure and any crash.
 *
 * This program defines the system calls that the journal makes, so that it
 * can make the n-th of them fail (the archive is linked against ours, not
 * libc's).  A failed sync behaves like the worst kernel: the pages that were
 * not durable are gone though the call can be repeated with success.
 */
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/journal.h"
#include "tests/unit/t.h"

static int countdown;		/* calls until one fails; 0 = none does */
static int fail_errno;
static bool fails_forever;
static bool was_reached;
static bool has_no_links;	/* as vfat */
static off_t durable_len;	/* of the journal, as of the last good sync */

static bool
is_due(void)
{
	if (countdown == 0 || --countdown > 0)
		return false;
	if (fails_forever)
		countdown = 1;
	was_reached = true;
	errno = fail_errno;
	return true;
}

static void
lose_pages(int fd)
{
	static const char zeros[4096];
	struct stat st;

	fstat(fd, &st);
	while (st.st_size > durable_len) {
		off_t n = st.st_size - durable_len;
		int flags = fcntl(fd, F_GETFL);

		if (n > (off_t)sizeof(zeros))
			n = sizeof(zeros);
		fcntl(fd, F_SETFL, flags & ~O_APPEND);
		if (pwrite(fd, zeros, (size_t)n, st.st_size - n) != n)
			abort();
		fcntl(fd, F_SETFL, flags);
		st.st_size -= n;
	}
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (fd > 2 && is_due()) {
		/* Half of it gets through before the error. */
		if (fail_errno == ENOSPC && n > 1)
			return syscall(SYS_write, fd, p, n / 2);
		return -1;
	}
	return syscall(SYS_write, fd, p, n);
}

int
fdatasync(int fd)
{
	struct stat st;

	if (is_due()) {
		lose_pages(fd);
		errno = fail_errno;
		return -1;
	}
	fstat(fd, &st);
	durable_len = st.st_size;
	return (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	return is_due() ? -1 : (int)syscall(SYS_fsync, fd);
}

int
ftruncate(int fd, off_t len)
{
	return is_due() ? -1 : (int)syscall(SYS_ftruncate, fd, len);
}

int
unlinkat(int dir, const char *name, int flags)
{
	return is_due() ? -1 : (int)syscall(SYS_unlinkat, dir, name, flags);
}

int
linkat(int d1, const char *n1, int d2, const char *n2, int flags)
{
	if (has_no_links) {
		errno = EPERM;
		return -1;
	}
	return is_due() ? -1 : (int)syscall(SYS_linkat, d1, n1, d2, n2, flags);
}

int
link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
renameat(int d1, const char *n1, int d2, const char *n2)
{
	return is_due() ? -1 :
	    (int)syscall(SYS_renameat2, d1, n1, d2, n2, 0);
}

static char dir[32];

static void
setup(void)
{
	countdown = 0;
	fails_forever = was_reached = has_no_links = false;
	durable_len = 0;
	snprintf(dir, sizeof(dir), "/tmp/test_journal.XXXXXX");
	ck_assert_msg(mkdtemp(dir) != NULL && chdir(dir) == 0, "%s", dir);
}

static void
teardown(void)
{
	countdown = 0;
	unlink("leases");
	unlink("leases~");
	ck_assert_msg(chdir("/") == 0 && rmdir(dir) == 0,
	    "something was left in %s", dir);
}

static void
check_file(const char *name, const char *want)
{
	char got[4096];
	int fd = open(name, O_RDONLY);
	ssize_t n = read(fd, got, sizeof(got));

	ck_assert_msg(fd >= 0 && n >= 0, "%s", name);
	t_mem_eq(got, (size_t)n, want, strlen(want));
	close(fd);
}

START_TEST(appends_and_syncs)
{
	struct journal j;

	setup();
	ck_assert_int_eq(journal_open(&j, "leases", 8), 0);
	ck_assert_msg(!journal_is_pending(&j), "nothing yet");
	ck_assert_int_eq(journal_sync(&j), 0);
	ck_assert_int_eq(journal_append(&j, STR("one\n")), 0);
	ck_assert_int_eq(journal_append(&j, STR("")), 0);
	check_file("leases", "");
	ck_assert_int_eq(journal_append(&j, STR("two\n")), 0);
	ck_assert_int_eq(journal_append(&j, STR("x")), -ENOBUFS);
	ck_assert_msg(journal_is_pending(&j), "pending");
	ck_assert_int_eq(journal_sync(&j), 0);
	check_file("leases", "one\ntwo\n");
	ck_assert_int_eq((int)journal_len(&j), 8);
	journal_close(&j);
	/* Again, behind what is there. */
	ck_assert_int_eq(journal_open(&j, "leases", 8), 0);
	ck_assert_int_eq(journal_append(&j, STR("three\n")), 0);
	ck_assert_int_eq(journal_sync(&j), 0);
	check_file("leases", "one\ntwo\nthree\n");
	journal_close(&j);
	teardown();
}
END_TEST

START_TEST(paths)
{
	struct journal j;
	char path[64];

	setup();
	snprintf(path, sizeof(path), "%s/leases", dir);
	ck_assert_int_eq(journal_open(&j, path, 8), 0);
	journal_close(&j);
	ck_assert_int_eq(journal_open(&j, "none/leases", 8), -ENOENT);
	ck_assert_int_eq(journal_open(&j, "leases/x", 8), -ENOTDIR);
	ck_assert_int_eq(journal_open(&j, "/", 8), -EISDIR);
	ck_assert_int_eq(journal_open(&j, "..", 8), -EISDIR);
	ck_assert_int_eq(journal_open(&j, "/dev/full", 8), 0);
	journal_close(&j);
	teardown();
}
END_TEST

/* The _i-th system call fails once; then all must come right by retrying. */
static void
sync_with_failure(int n, int err)
{
	struct journal j;
	int tries = 0, got;

	setup();
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	ck_assert_int_eq(journal_append(&j, STR("one\n")), 0);
	ck_assert_int_eq(journal_sync(&j), 0);
	fail_errno = err;
	countdown = n;
	ck_assert_int_eq(journal_append(&j, STR("two\n")), 0);
	while ((got = journal_sync(&j)) != 0) {
		ck_assert_int_eq(got, -err);
		ck_assert_int_eq(j.err, err);
		ck_assert_msg(j.err_op != NULL && journal_is_pending(&j),
		    "kept");
		ck_assert_int_eq(journal_append(&j, STR("more\n")), 0);
		ck_assert_msg(++tries < 3, "fails again and again");
	}
	ck_assert_msg(j.err == 0 && j.err_op == NULL, "error cleared");
	check_file("leases", tries > 0 ? "one\ntwo\nmore\n" : "one\ntwo\n");
	journal_close(&j);
	teardown();
}

START_TEST(each_call_fails_once)
{
	sync_with_failure(_i, EIO);
	sync_with_failure(_i, ENOSPC);
}
END_TEST

START_TEST(comes_back_after_a_long_outage)
{
	struct journal j;
	int n = 0;

	setup();
	ck_assert_int_eq(journal_open(&j, "leases", 12), 0);
	fail_errno = _i % 2 ? EIO : ENOSPC;
	fails_forever = true;
	countdown = _i;
	while (journal_append(&j, STR("abcd")) == 0) {
		if (journal_sync(&j) != 0)
			n++;
		ck_assert_msg(n < 4, "bounded");
	}
	ck_assert_msg(was_reached && journal_is_pending(&j), "down");
	countdown = 0;
	ck_assert_int_eq(journal_sync(&j), 0);
	ck_assert_int_eq((int)(journal_len(&j) % 4), 0);
	ck_assert_msg(journal_len(&j) >= 12, "all of it");
	ck_assert_int_eq((int)journal_len(&j), (int)durable_len);
	ck_assert_int_eq(journal_append(&j, STR("abcd")), 0);
	journal_close(&j);
	teardown();
}
END_TEST

START_TEST(rewrite_takes_the_place)
{
	struct stat st;
	struct journal j;

	setup();
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	ck_assert_int_eq(chmod("leases", 0640), 0);
	ck_assert_int_eq(journal_append(&j, STR("old\n")), 0);
	ck_assert_int_eq(journal_sync(&j), 0);
	ck_assert_int_eq(journal_rewrite_begin(&j, 1234567890), 0);
	ck_assert_int_eq(journal_rewrite_begin(&j, 1234567890), -EBUSY);
	ck_assert_int_eq(access("leases.1234567890", F_OK), 0);
	journal_rewrite_put(&j, STR("new\n"));
	ck_assert_int_eq(journal_append(&j, STR("meanwhile\n")), 0);
	ck_assert_int_eq(journal_sync(&j), 0);
	journal_rewrite_put(&j, STR("end\n"));
	ck_assert_int_eq(journal_append(&j, STR("late\n")), 0);
	ck_assert_int_eq(journal_rewrite_commit(&j), 0);
	check_file("leases", "new\nmeanwhile\nend\nlate\n");
	check_file("leases~", "old\nmeanwhile\n");
	ck_assert_int_eq(journal_sync(&j), 0);
	check_file("leases", "new\nmeanwhile\nend\nlate\nlate\n");
	ck_assert_msg(stat("leases", &st) == 0 && (st.st_mode & 0777) == 0640,
	    "mode kept");
	/* A second one replaces the backup. */
	ck_assert_int_eq(journal_rewrite_begin(&j, 1), 0);
	ck_assert_int_eq(journal_rewrite_commit(&j), 0);
	check_file("leases", "");
	check_file("leases~", "new\nmeanwhile\nend\nlate\nlate\n");
	journal_close(&j);
	teardown();
}
END_TEST

START_TEST(rewrite_of_more_than_the_buffer)
{
	size_t len = JOURNAL_OUT_SIZE + 17;
	char *big = malloc(len);
	struct journal j;
	struct stat st;

	setup();
	memset(big, 'x', len);
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	ck_assert_int_eq(journal_rewrite_begin(&j, -5), 0);
	for (int i = 0; i < 5; i++)
		journal_rewrite_put(&j, str_make(big, len));
	ck_assert_int_eq(journal_rewrite_commit(&j), 0);
	ck_assert_int_eq(stat("leases", &st), 0);
	ck_assert_int_eq((int)st.st_size, (int)(5 * len));
	ck_assert_int_eq((int)journal_len(&j), (int)(5 * len));
	/* The old one moved away by somebody: no backup, no failure. */
	unlink("leases");
	unlink("leases~");
	ck_assert_int_eq(journal_rewrite_begin(&j, 6), 0);
	ck_assert_int_eq(journal_rewrite_commit(&j), 0);
	ck_assert_int_eq(access("leases~", F_OK), -1);
	journal_close(&j);
	teardown();
	free(big);
}
END_TEST

/* Each call of a rewrite fails: old or new, never neither, never half. */
START_TEST(rewrite_fails_anywhere)
{
	struct journal j;
	bool is_new;
	int err;

	setup();
	has_no_links = _i > 8;
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	ck_assert_int_eq(journal_append(&j, STR("old\n")), 0);
	ck_assert_int_eq(journal_sync(&j), 0);
	fail_errno = EIO;
	countdown = _i > 8 ? _i - 8 : _i;
	ck_assert_int_eq(journal_rewrite_begin(&j, 7), 0);
	journal_rewrite_put(&j, STR("new\n"));
	err = journal_rewrite_commit(&j);
	countdown = 0;
	ck_assert_int_eq(err, was_reached ? -EIO : 0);
	is_new = err == 0 || strcmp(j.err_op, "fsync directory") == 0;
	check_file("leases", is_new ? "new\n" : "old\n");
	/* Whatever happened, the journal goes on. */
	ck_assert_int_eq(journal_append(&j, STR("next\n")), 0);
	ck_assert_int_eq(journal_sync(&j), 0);
	check_file("leases", is_new ? "new\nnext\n" : "old\nnext\n");
	journal_close(&j);
	teardown();
}
END_TEST

/* The old file goes to NAME~ first; when nothing more can be renamed then, the
 * journal goes on under that name, and the next rewrite puts it right. */
START_TEST(rewrite_without_hard_links)
{
	struct journal j;

	setup();
	has_no_links = true;
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	ck_assert_int_eq(journal_append(&j, STR("one\n")), 0);
	ck_assert_int_eq(journal_sync(&j), 0);
	ck_assert_int_eq(journal_rewrite_begin(&j, 7), 0);
	journal_rewrite_put(&j, STR("two\n"));
	ck_assert_int_eq(journal_rewrite_commit(&j), 0);
	check_file("leases~", "one\n");
	check_file("leases", "two\n");
	for (int k = 0; k < 2; k++) {
		ck_assert_int_eq(journal_rewrite_begin(&j, 8), 0);
		fail_errno = EIO;
		fails_forever = true;
		/* fsync, unlink, rename; or fsync alone when it has no name */
		countdown = k == 0 ? 4 : 2;
		ck_assert_int_eq(journal_rewrite_commit(&j), -EIO);
		countdown = 0;
		fails_forever = false;
		unlink("leases.8");
		ck_assert_int_eq(access("leases", F_OK), -1);
		ck_assert_int_eq(journal_append(&j, STR("more\n")), 0);
		ck_assert_int_eq(journal_sync(&j), 0);
		check_file("leases~", k == 0 ? "two\nmore\n" :
		    "two\nmore\nmore\n");
	}
	ck_assert_int_eq(journal_rewrite_begin(&j, 9), 0);
	journal_rewrite_put(&j, STR("all\n"));
	ck_assert_int_eq(journal_rewrite_commit(&j), 0);
	check_file("leases", "all\n");
	check_file("leases~", "two\nmore\nmore\n");
	journal_close(&j);
	teardown();
}
END_TEST

START_TEST(a_kept_file_is_whole_without_hard_links)
{
	char text[4000];
	FILE *f;

	setup();
	f = fopen("leases", "w");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_msg(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0,
	    "write");
	ck_assert_int_eq(journal_keep("leases", "kept"), 0);
	ck_assert_int_eq(journal_keep("leases", "kept"), -EEXIST);
	check_file("kept", text);
	unlink("kept");
	has_no_links = true;
	ck_assert_int_eq(journal_keep("leases", "kept"), 0);
	ck_assert_int_eq(journal_keep("leases", "kept"), -EEXIST);
	ck_assert_int_eq(journal_keep("none", "kept"), -ENOENT);
	check_file("kept", text);
	unlink("kept");
	teardown();
}
END_TEST

/* A name that is there leads to the whole file, and a success is durable. */
START_TEST(a_file_is_kept_whole_or_not_at_all)
{
	char text[4000];
	int err;
	FILE *f;

	setup();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	f = fopen("leases", "w");
	ck_assert_msg(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0,
	    "write");
	for (int n = 1;; n++) {
		has_no_links = _i == 1;
		fail_errno = EIO;
		was_reached = false;
		countdown = n;
		err = journal_keep("leases", "kept");
		countdown = 0;
		if (!was_reached) {
			/* write and fsync of the copy, or link; directory */
			ck_assert_int_eq(n, _i == 1 ? 4 : 3);
			ck_assert_int_eq(err, 0);
			break;
		}
		ck_assert_int_eq(err, -EIO);
		if (access("kept", F_OK) == 0)
			check_file("kept", text);
		(void)unlink("kept");
	}
	check_file("kept", text);
	unlink("kept");
	teardown();
}
END_TEST

/* Who does not want to wait is not told of syncs that fail either. */
START_TEST(lazy_never_syncs)
{
	struct journal j;

	setup();
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	j.is_lazy = true;
	ck_assert_int_eq(journal_append(&j, STR("one\n")), 0);
	fail_errno = EIO;
	fails_forever = true;
	countdown = 2;		/* the write succeeds, nothing else is called */
	ck_assert_int_eq(journal_sync(&j), 0);
	ck_assert_int_eq(countdown, 1);
	countdown = 0;
	check_file("leases", "one\n");
	ck_assert_int_eq(journal_rewrite_begin(&j, 7), 0);
	journal_rewrite_put(&j, STR("new\n"));
	countdown = 5;		/* write, unlink, link, rename */
	ck_assert_int_eq(journal_rewrite_commit(&j), 0);
	ck_assert_int_eq(countdown, 1);
	countdown = 0;
	check_file("leases", "new\n");
	journal_close(&j);
	teardown();
}
END_TEST

START_TEST(name_must_be_durable_too)
{
	struct journal j;

	setup();
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	ck_assert_int_eq(journal_append(&j, STR("one\n")), 0);
	fail_errno = EIO;
	countdown = 1;
	ck_assert_int_eq(journal_sync(&j), -EIO);
	ck_assert_str_eq(j.err_op, "fsync directory");
	ck_assert_int_eq(journal_sync(&j), 0);
	check_file("leases", "one\n");
	journal_close(&j);
	teardown();
}
END_TEST

START_TEST(abort_leaves_nothing)
{
	struct journal j;

	setup();
	ck_assert_int_eq(journal_open(&j, "leases", 100), 0);
	journal_rewrite_abort(&j);
	ck_assert_int_eq(journal_rewrite_begin(&j, 8), 0);
	journal_rewrite_put(&j, STR("half"));
	journal_rewrite_abort(&j);
	ck_assert_int_eq(access("leases.8", F_OK), -1);
	ck_assert_int_eq(journal_rewrite_begin(&j, 9), 0);
	journal_close(&j);
	ck_assert_int_eq(access("leases.9", F_OK), -1);
	teardown();
}
END_TEST

T_MAIN("common_journal")
{
	T_ADD(appends_and_syncs);
	T_ADD(paths);
	T_LOOP(each_call_fails_once, 1, 6);
	T_LOOP(comes_back_after_a_long_outage, 1, 5);
	T_ADD(rewrite_takes_the_place);
	T_ADD(rewrite_of_more_than_the_buffer);
	T_LOOP(rewrite_fails_anywhere, 1, 17);
	T_ADD(rewrite_without_hard_links);
	T_ADD(a_kept_file_is_whole_without_hard_links);
	T_LOOP(a_file_is_kept_whole_or_not_at_all, 0, 2);
	T_ADD(lazy_never_syncs);
	T_ADD(name_must_be_durable_too);
	T_ADD(abort_leaves_nothing);
}
