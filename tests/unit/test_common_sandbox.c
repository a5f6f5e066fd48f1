/* SPDX-License-Identifier: ISC */
/*
 * A process inside tries what it must not do.  Each try is made in a child,
 * which tells the errno it got as its exit status.
 */
#include "tests/unit/t.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/sandbox.h"

#define NO_SANDBOX 250		/* exit status: this kernel has no such wall */
#define BROKEN 251

static char dir[] = "/tmp/sandbox.XXXXXX";
static char inside[64];

/* errno of a call, 0 when it was allowed */
static int
got(long rc)
{
	return rc < 0 ? errno : 0;
}

static int
try_exec(void)
{
	char *argv[] = { NULL };

	return got(execve("/no/such/program", argv, argv));
}

static int try_open(void) { return got(open("/etc/passwd", O_RDONLY)); }
static int try_create(void) { return got(open(inside, O_CREAT | O_RDWR, 0600)); }
static int try_unlink(void) { return got(unlink("/tmp/sandbox.none")); }
static int try_ptrace(void) { return got(ptrace(PTRACE_TRACEME, 0, 0, 0)); }
static int try_kill(void) { return got(kill(getppid(), 0)); }
static int try_fork(void) { return got(fork()); }
static int try_inet(void) { return got(socket(AF_INET, SOCK_DGRAM, 0)); }
static int try_inet6(void) { return got(socket(AF_INET6, SOCK_STREAM, 0)); }
static int try_unix(void) { return got(socket(AF_UNIX, SOCK_DGRAM, 0)); }
static int try_packet(void) { return got(socket(AF_PACKET, SOCK_RAW, 0)); }
static int try_netlink(void) { return got(socket(AF_NETLINK, SOCK_RAW, 0)); }
static int try_setuid(void) { return got(setuid(getuid())); }
static int try_write(void) { return got(write(2, "", 0)); }
static int try_stat(void) { struct stat st; return got(stat("/etc/passwd", &st)); }

/* What a child gets that may do `may` and has Landlock for dir when wanted. */
static int
outcome(unsigned may, bool with_paths, unsigned wall, int (*try)(void))
{
	const struct sandbox_path paths[] = {
		{ dir, SANDBOX_READ | SANDBOX_WRITE },
		{ "/nowhere/at/all", SANDBOX_READ },
	};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		unsigned has;

		if (sandbox_enter(may, paths, with_paths ? 2 : 0, &has) != 0)
			_exit(BROKEN);
		if ((has & wall) == 0)
			_exit(NO_SANDBOX);
		_exit(try());
	}
	ck_assert_msg(pid > 0 && waitpid(pid, &status, 0) == pid, "fork");
	ck_assert_msg(WIFEXITED(status), "killed by %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static const struct {
	const char *name;
	int (*try)(void);
	unsigned opens;		/* the promise that allows it; 0: none does */
	int err;		/* without it */
} cases[] = {
	{ "open", try_open, SANDBOX_READ, EPERM },
	{ "stat", try_stat, SANDBOX_READ, EPERM },
	{ "unlink", try_unlink, SANDBOX_WRITE, EPERM },
	{ "exec", try_exec, SANDBOX_EXEC, EPERM },
	{ "fork", try_fork, SANDBOX_FORK, EPERM },
	{ "kill", try_kill, SANDBOX_FORK, EPERM },
	{ "ptrace", try_ptrace, 0, EPERM },
	{ "setuid", try_setuid, SANDBOX_SETUID, EPERM },
	{ "inet", try_inet, SANDBOX_INET, EAFNOSUPPORT },
	{ "inet6", try_inet6, SANDBOX_INET, EAFNOSUPPORT },
	{ "unix", try_unix, SANDBOX_UNIX, EAFNOSUPPORT },
	{ "packet", try_packet, SANDBOX_PACKET, EAFNOSUPPORT },
	{ "netlink", try_netlink, SANDBOX_NETLINK, EAFNOSUPPORT },
};

START_TEST(nothing_beyond_the_promise)
{
	unsigned all = 0x1ff;
	int rc = outcome(all & ~cases[_i].opens, false, SANDBOX_HAS_SECCOMP,
	    cases[_i].try);

	/* This family of calls is opened by another promise too. */
	if (cases[_i].opens == SANDBOX_READ)
		rc = outcome(all & ~(SANDBOX_READ | SANDBOX_WRITE), false,
		    SANDBOX_HAS_SECCOMP, cases[_i].try);
	if (rc == NO_SANDBOX)
		printf("SKIP this machine has no seccomp filter of ours\n");
	else
		ck_assert_msg(rc == cases[_i].err, "%s: errno %d", cases[_i].name,
		    rc);
}
END_TEST

START_TEST(what_was_promised)
{
	int rc = outcome(cases[_i].opens, false, SANDBOX_HAS_NNP, cases[_i].try);

	if (cases[_i].opens == 0)
		return;
	/* The filter lets it pass; the kernel may still have its own say. */
	ck_assert_msg(rc == 0 || rc == ENOENT ||
	    (cases[_i].opens == SANDBOX_PACKET && rc == EPERM) ||
	    rc == NO_SANDBOX, "%s: errno %d", cases[_i].name, rc);
}
END_TEST

START_TEST(open_descriptors_go_on)
{
	ck_assert_int_eq(outcome(0, false, SANDBOX_HAS_NNP, try_write), 0);
}
END_TEST

START_TEST(files_elsewhere_are_out_of_reach)
{
	unsigned may = SANDBOX_READ | SANDBOX_WRITE;
	int rc = outcome(may, true, SANDBOX_HAS_LANDLOCK, try_open);

	if (rc == NO_SANDBOX) {
		printf("SKIP this kernel has no Landlock\n");
		return;
	}
	ck_assert_int_eq(rc, EACCES);
	ck_assert_int_eq(outcome(may, true, SANDBOX_HAS_LANDLOCK, try_create), 0);
	ck_assert_int_eq(unlink(inside), 0);
}
END_TEST

static int try_mount(void) { return got(mount("x", "/mnt", "tmpfs", 0, NULL)); }
static int try_unshare(void) { return got(unshare(CLONE_NEWUSER)); }
static int try_clone(void)
{
	return got(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}
static int try_keyctl(void) { return got(syscall(SYS_keyctl, 0, 0, 0, 0, 0)); }
static int try_uring(void) { return got(syscall(425, 1, NULL)); }
static int try_alg(void) { return got(socket(AF_ALG, SOCK_SEQPACKET, 0)); }

/* what a program that somebody else wrote may do, and what not */
static const struct {
	const char *name;
	int (*try)(void);
	int err;
} any_cases[] = {
	{ "exec", try_exec, ENOENT }, { "fork", try_fork, 0 },
	{ "kill", try_kill, 0 }, { "open", try_open, 0 },
	{ "inet", try_inet, 0 }, { "unix", try_unix, 0 },
	{ "netlink", try_netlink, 0 }, { "ptrace", try_ptrace, EPERM },
	{ "mount", try_mount, EPERM }, { "unshare", try_unshare, EPERM },
	{ "clone", try_clone, EPERM }, { "keyctl", try_keyctl, EPERM },
	{ "io_uring", try_uring, EPERM }, { "packet", try_packet, EAFNOSUPPORT },
	{ "alg", try_alg, EAFNOSUPPORT },
};

START_TEST(programs_of_others)
{
	int rc = outcome(SANDBOX_ANY, false, SANDBOX_HAS_SECCOMP,
	    any_cases[_i].try);

	if (rc == NO_SANDBOX)
		printf("SKIP this machine has no seccomp filter of ours\n");
	else
		ck_assert_msg(rc == any_cases[_i].err, "%s: errno %d",
		    any_cases[_i].name, rc);
}
END_TEST

T_MAIN("common_sandbox")
{
	if (mkdtemp(dir) != NULL)
		snprintf(inside, sizeof(inside), "%s/file", dir);
	T_LOOP(nothing_beyond_the_promise, 0, (int)ARRAY_LEN(cases));
	T_LOOP(what_was_promised, 0, (int)ARRAY_LEN(cases));
	T_LOOP(programs_of_others, 0, (int)ARRAY_LEN(any_cases));
	T_ADD(open_descriptors_go_on);
	T_ADD(files_elsewhere_are_out_of_reach);
}
