/* SPDX-License-Identifier: ISC */
/* execute(): status, reason, a program that does not end; and names. */
#include "dhcpd/world.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/t.h"

struct fixture {
	struct ev ev;
	struct world w;
	struct decide_ops ops;
};

static void
setup(struct fixture *f)
{
	ck_assert_int_eq(ev_init(&f->ev, 64, 8), 0);
	ck_assert_int_eq(world_init(&f->w, &f->ev, &f->ops), 0);
}

static int
execute(struct fixture *f, const char *program, const char *a, const char *b)
{
	char *argv[4] = { (char *)(uintptr_t)program, (char *)(uintptr_t)a,
	    (char *)(uintptr_t)b, NULL };

	return f->ops.execute(f->ops.ctx, argv);
}

START_TEST(status_or_reason)
{
	static struct fixture f;

	/* As under a parent that ignores its children. */
	(void)signal(SIGCHLD, SIG_IGN);
	setup(&f);
	ck_assert_int_eq(execute(&f, "sh", "-c", "exit 3"), 3 << 8);
	ck_assert_int_eq(execute(&f, "sh", "-c", "kill -9 $$"), SIGKILL);
	ck_assert_int_eq(execute(&f, "true", NULL, NULL), 0);
	ck_assert_int_eq(execute(&f, "/nowhere/x", NULL, NULL), -ENOENT);
	ck_assert_int_eq(execute(&f, "/", NULL, NULL), -EACCES);
	ck_assert_int_eq((int)f.w.left_n, 0);
}
END_TEST

/* The daemon's own signals are not the program's business. */
START_TEST(a_program_has_fresh_signals)
{
	static struct fixture f;
	sigset_t all;

	setup(&f);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	ck_assert_int_eq(execute(&f, "true", NULL, NULL), 0);
	(void)sigprocmask(SIG_UNBLOCK, &all, NULL);
	ck_assert_int_eq(execute(&f, "sh", "-c", "grep -q '^SigBlk:\t0*$' "
	    "/proc/self/status"), 0);
}
END_TEST

/* Somebody else's child ends meanwhile: that is no reason to go on. */
START_TEST(another_child_ends_the_wait_of_none)
{
	static struct fixture f;
	pid_t other;

	setup(&f);
	other = fork();
	if (other == 0) {
		(void)usleep(20000);
		_exit(0);
	}
	ck_assert_int_eq(execute(&f, "sh", "-c", "sleep 0.1; exit 1"), 1 << 8);
	ck_assert_msg(waitpid(other, NULL, 0) == other, "other");
}
END_TEST

START_TEST(a_program_that_hangs_is_let_go)
{
	static struct fixture f;
	pid_t first;

	setup(&f);
	ck_assert_int_eq(f.w.wait_ms, 5000);
	f.w.wait_ms = 50;
	for (int i = 0; i < EXPR_EXECUTE_LEFT_MAX; i++)
		ck_assert_int_eq(execute(&f, "sleep", "60", NULL), -ETIMEDOUT);
	ck_assert_int_eq(execute(&f, "true", NULL, NULL), -EBUSY);
	/* They go on by themselves; the end of one makes room for another. */
	first = f.w.left[0];
	ck_assert_int_eq(kill(first, SIGKILL), 0);
	f.w.wait_ms = 5000;
	while (execute(&f, "true", NULL, NULL) == -EBUSY)
		(void)usleep(1000);
	ck_assert_int_eq((int)f.w.left_n, EXPR_EXECUTE_LEFT_MAX - 1);
	for (size_t i = 0; i < f.w.left_n; i++)
		ck_assert_int_eq(kill(f.w.left[i], SIGKILL), 0);
}
END_TEST

/* Names that a configuration asks for: more of them than are remembered. */
START_TEST(more_names_than_are_remembered)
{
	static struct fixture f;
	uint32_t addr[4];
	const char *why;
	char name[32];

	setup(&f);
	for (int turn = 0; turn < 2; turn++) {
		for (uint32_t i = 0; i < WORLD_NAMES_MAX + 50; i++) {
			(void)snprintf(name, sizeof(name), "10.1.%u.%u",
			    (unsigned)(i >> 8), (unsigned)(i & 255));
			ck_assert_int_eq((int)f.ops.resolve(f.ops.ctx,
			    str_of(name), addr, 4, &why), 1);
			ck_assert_msg(addr[0] == (0x0a010000u | i), "%s: %x",
			    name, (unsigned)addr[0]);
		}
	}
}
END_TEST

T_MAIN("dhcpd_world")
{
	T_ADD(status_or_reason);
	T_ADD(a_program_has_fresh_signals);
	T_ADD(another_child_ends_the_wait_of_none);
	T_ADD(a_program_that_hangs_is_let_go);
	T_ADD(more_names_than_are_remembered);
}
