/* SPDX-License-Identifier: ISC */
/*
 * proc: what remains after a drop, the verdict to a waiting parent, pid files,
 * the supervisor's socket.
 *
 * Whatever changes the process is done in a child that exits with its verdict.
 * Parts that need root are skipped without it.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <unistd.h>

#include "common/proc.h"
#include "tests/unit/t.h"

static char dir[32];

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/test_proc.XXXXXX");
	ck_assert_msg(mkdtemp(dir) != NULL && chdir(dir) == 0, "%s", dir);
}

static void
teardown(void)
{
	ck_assert_msg(chdir("/") == 0 && rmdir(dir) == 0, "left in %s", dir);
}

/* Run fn in a child; its exit status, or 1000 + signal. */
static int
in_child(int (*fn)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(fn());
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    1000 + WTERMSIG(status);
}

static bool
is_root(void)
{
	if (geteuid() == 0)
		return true;
	printf("SKIP not root\n");
	return false;
}

START_TEST(finds_users_and_groups)
{
	struct proc_user user;
	gid_t gid = 77;

	ck_assert_int_eq(proc_user_find("root", &user), 0);
	ck_assert_msg(user.uid == 0 && user.gid == 0, "root");
	ck_assert_str_eq(user.name, "root");
	ck_assert_int_eq(proc_user_find("0", &user), 0);
	ck_assert_str_eq(user.name, "root");
	ck_assert_int_eq(proc_user_find("4000000000", &user), 0);
	ck_assert_msg(user.uid == 4000000000u && user.name[0] == '\0', "bare");
	ck_assert_int_eq(proc_user_find("no-such-user", &user), -ENOENT);
	ck_assert_int_eq(proc_user_find("", &user), -ENOENT);
	ck_assert_int_eq(proc_user_find("4294967295", &user), -ENOENT);
	ck_assert_int_eq(proc_group_find("root", &gid), 0);
	ck_assert_msg(gid == 0, "root");
	ck_assert_int_eq(proc_group_find("123456", &gid), 0);
	ck_assert_msg(gid == 123456, "number");
	ck_assert_int_eq(proc_group_find("no-such-group", &gid), -ENOENT);
	ck_assert_int_eq(proc_group_find("-1", &gid), -ENOENT);
}
END_TEST

/* CapEff and CapPrm of this process, or ~0. */
static uint64_t
caps(const char *which)
{
	unsigned long long v = ~0ULL;
	char line[128];
	FILE *f = fopen("/proc/self/status", "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, which, strlen(which)) == 0)
			v = strtoull(line + strlen(which), NULL, 16);
	}
	if (f != NULL)
		fclose(f);
	return v;
}

static int
drop_all(void)
{
	struct proc_user user = { .uid = 12345, .gid = 23456, .name = "" };
	gid_t groups[4];

	if (proc_drop(&user, 0) != 0)
		return 1;
	if (getuid() != 12345 || geteuid() != 12345 || getegid() != 23456)
		return 2;
	if (getgroups(4, groups) != 1 || groups[0] != 23456)
		return 3;
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return 4;
	if (caps("CapEff:") != 0 || caps("CapPrm:") != 0)
		return 5;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 6;
	/* Once more, as the user we are: fine.  As another: not. */
	if (proc_drop(&user, 0) != 0)
		return 7;
	user.uid = 12346;
	return proc_drop(&user, 0) == -EPERM ? 0 : 8;
}

static int
drop_but_raw(void)
{
	struct proc_user user = { .uid = 12345, .gid = 23456, .name = "" };
	uint64_t keep = PROC_CAP(CAP_NET_RAW) | PROC_CAP(CAP_NET_BIND_SERVICE);
	int fd;

	if (proc_drop(&user, keep) != 0)
		return 1;
	if (caps("CapEff:") != keep || caps("CapPrm:") != keep)
		return 2;
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		return 3;
	return setuid(0) == 0 ? 4 : 0;
}

static int
drop_to_nobody(void)
{
	struct proc_user user;

	if (proc_user_find("nobody", &user) != 0)
		return 1;
	if (proc_drop(&user, 0) != 0)
		return 2;
	return getuid() == user.uid ? 0 : 3;
}

static int
chroot_and_see(void)
{
	if (proc_chroot("no-such-dir") != -ENOENT)
		return 1;
	if (proc_chroot(dir) != 0)
		return 2;
	return access("/etc/passwd", F_OK) == 0 ? 3 : 0;
}

START_TEST(drops_for_good)
{
	if (!is_root())
		return;
	setup();
	ck_assert_int_eq(in_child(drop_all), 0);
	ck_assert_int_eq(in_child(drop_but_raw), 0);
	ck_assert_int_eq(in_child(drop_to_nobody), 0);
	ck_assert_int_eq(in_child(chroot_and_see), 0);
	teardown();
}
END_TEST

static void
put_file(const char *text)
{
	int fd = open("pid", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_eq((int)write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
}

START_TEST(pid_files)
{
	char text[32];
	struct stat st;

	setup();
	ck_assert_int_eq(proc_pid_read("pid"), 0);
	ck_assert_int_eq(proc_pid_write("pid"), 0);
	ck_assert_int_eq(proc_pid_read("pid"), (int)getpid());
	ck_assert_msg(stat("pid", &st) == 0, "there");
	snprintf(text, sizeof(text), "%d\n", (int)getpid());
	ck_assert_int_eq((int)st.st_size, (int)strlen(text));
	/* A dead process, nonsense, nothing: all are stale. */
	put_file("2147483647\n");
	ck_assert_int_eq(proc_pid_read("pid"), 0);
	put_file("nonsense that is longer than any pid could be");
	ck_assert_int_eq(proc_pid_read("pid"), 0);
	put_file("");
	ck_assert_int_eq(proc_pid_read("pid"), 0);
	put_file("-1\n");
	ck_assert_int_eq(proc_pid_read("pid"), 0);
	put_file("  1 \n");
	ck_assert_int_eq(proc_pid_read("pid"), 1);
	ck_assert_int_eq(proc_pid_read("."), -EISDIR);
	ck_assert_int_eq(proc_pid_read("pid/x"), -ENOTDIR);
	ck_assert_int_eq(proc_pid_write("none/pid"), -ENOENT);
	ck_assert_int_eq(proc_pid_write("/dev/full"), -ENOSPC);
	unlink("pid");
	teardown();
}
END_TEST

static int
daemon_ready(void)
{
	int fd = proc_daemonize();
	struct stat null_st, st;
	char result = 'y';
	int report;

	/* The child from here; what it finds goes into a file. */
	if (fd < 0)
		return 9;
	if (getsid(0) != getpid())
		result = 's';
	if (proc_daemon_ready(fd, 0) != 0)
		result = 'r';
	if (stat("/dev/null", &null_st) != 0 || fstat(2, &st) != 0 ||
	    st.st_rdev != null_st.st_rdev)
		result = 'n';
	report = open("part", O_WRONLY | O_CREAT, 0600);
	if (write(report, &result, 1) != 1)
		return 8;
	close(report);
	return rename("part", "report");
}

static int
daemon_refuses(void)
{
	int fd = proc_daemonize();

	return fd < 0 ? 9 : proc_daemon_ready(fd, 71);
}

static int
daemon_dies(void)
{
	if (proc_daemonize() >= 0)
		raise(SIGKILL);
	return 9;
}

START_TEST(the_parent_waits_for_the_verdict)
{
	char result = 0;
	int fd;

	setup();
	ck_assert_int_eq(in_child(daemon_refuses), 71);
	ck_assert_int_eq(in_child(daemon_dies), 1);
	ck_assert_int_eq(in_child(daemon_ready), 0);
	while ((fd = open("report", O_RDONLY)) < 0)
		usleep(1000);
	ck_assert_int_eq((int)read(fd, &result, 1), 1);
	ck_assert_int_eq(result, 'y');
	close(fd);
	unlink("report");
	teardown();
}
END_TEST

static const char *notify_name;

/* Tell a supervisor that listens under notify_name. */
static int
notify(void)
{
	struct sockaddr_un addr;
	socklen_t len = sizeof(addr);
	char got[64];
	ssize_t n;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memset(&addr, 0, sizeof(addr));
	addr.sun_family = AF_UNIX;
	memcpy(addr.sun_path, notify_name, strlen(notify_name));
	if (notify_name[0] == '@') {
		addr.sun_path[0] = '\0';
		len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
		    strlen(notify_name));
	}
	if (bind(fd, (struct sockaddr *)&addr, len) < 0)
		return 1;
	setenv("NOTIFY_SOCKET", notify_name, 1);
	if (proc_notify("READY=1\nSTATUS=up") != 0)
		return 2;
	n = read(fd, got, sizeof(got));
	if (n != 17 || memcmp(got, "READY=1\nSTATUS=up", 17) != 0)
		return 3;
	if (proc_notify("STOPPING=1") != 0 || read(fd, got, 64) != 10)
		return 4;
	/* A supervisor that does not listen cannot stop us. */
	for (int i = 0; i < 1000; i++) {
		if (proc_notify("WATCHDOG=1") == -EAGAIN)
			return 0;
	}
	return 5;
}

static int
notify_nobody(void)
{
	unsetenv("NOTIFY_SOCKET");
	if (proc_notify("READY=1") != 0)
		return 1;
	setenv("NOTIFY_SOCKET", "", 1);
	if (proc_notify("READY=1") != 0)
		return 2;
	setenv("NOTIFY_SOCKET", "relative", 1);
	if (proc_notify("READY=1") != -EINVAL)
		return 3;
	setenv("NOTIFY_SOCKET", "/no/such/socket", 1);
	if (proc_notify("READY=1") != -ENOENT)
		return 4;
	return 0;
}

START_TEST(tells_the_supervisor)
{
	char path[64];

	setup();
	snprintf(path, sizeof(path), "%s/notify", dir);
	notify_name = path;
	ck_assert_int_eq(in_child(notify), 0);
	unlink(path);
	snprintf(path, sizeof(path), "@test_proc/%d", (int)getpid());
	ck_assert_int_eq(in_child(notify), 0);
	ck_assert_int_eq(in_child(notify_nobody), 0);
	teardown();
}
END_TEST

START_TEST(watchdog_interval)
{
	char self[16];

	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	ck_assert_msg(proc_watchdog_ns() == 0, "not asked");
	setenv("WATCHDOG_USEC", "30000000", 1);
	ck_assert_msg(proc_watchdog_ns() == 15000000000LL, "half");
	setenv("WATCHDOG_PID", "1", 1);
	ck_assert_msg(proc_watchdog_ns() == 0, "not for us");
	snprintf(self, sizeof(self), "%d", (int)getpid());
	setenv("WATCHDOG_PID", self, 1);
	ck_assert_msg(proc_watchdog_ns() == 15000000000LL, "for us");
	setenv("WATCHDOG_USEC", "99999999999999999999", 1);
	ck_assert_msg(proc_watchdog_ns() == 0, "absurd");
	setenv("WATCHDOG_USEC", "0", 1);
	ck_assert_msg(proc_watchdog_ns() == 0, "zero");
}
END_TEST

static int
raise_files(void)
{
	struct rlimit limit = { 32, 64 };

	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1;
	if (proc_raise_files(16) != 32 || proc_raise_files(48) != 48)
		return 2;
	/* Root in a container may not pass the hard limit either. */
	if (proc_raise_files(128) != 128 && proc_raise_files(128) != 64)
		return 3;
	return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur == proc_raise_files(0) ? 0 : 4;
}

static int
raise_files_as_user(void)
{
	struct proc_user user = { .uid = 12345, .gid = 23456, .name = "" };
	struct rlimit limit = { 32, 64 };

	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || proc_drop(&user, 0) != 0)
		return 1;
	return proc_raise_files(128) == 64 ? 0 : 2;
}

START_TEST(raises_the_file_limit)
{
	ck_assert_int_eq(in_child(raise_files), 0);
	if (is_root())
		ck_assert_int_eq(in_child(raise_files_as_user), 0);
}
END_TEST

START_TEST(random_and_reserved_memory)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 }, *p;
	size_t size = (size_t)1 << 34;

	ck_assert_int_eq(proc_random(a, sizeof(a)), 0);
	ck_assert_int_eq(proc_random(b, sizeof(b)), 0);
	ck_assert_msg(memcmp(a, b, sizeof(a)) != 0, "differ");
	/* Far more than there is; only what is touched counts. */
	p = proc_reserve(size);
	if (p == NULL) {
		printf("SKIP no 16 GiB of address space\n");
	} else {
		ck_assert_msg(p[0] == 0 && p[size - 1] == 0, "zeroed");
		p[size - 1] = 1;
	}
	proc_release(p, size);
	ck_assert_msg(proc_reserve(0) == NULL, "nothing");
	ck_assert_msg(proc_reserve(SIZE_MAX / 2) == NULL, "too much");
	proc_release(NULL, 1);
}
END_TEST

T_MAIN("common_proc")
{
	T_ADD(finds_users_and_groups);
	T_ADD(drops_for_good);
	T_ADD(pid_files);
	T_ADD(the_parent_waits_for_the_verdict);
	T_ADD(tells_the_supervisor);
	T_ADD(watchdog_interval);
	T_ADD(raises_the_file_limit);
	T_ADD(random_and_reserved_memory);
}
