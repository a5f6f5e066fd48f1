/* SPDX-License-Identifier: ISC */
/*
 * ev: what the loop promises about removal, order, timers and signals.
 *
 * No assertion depends on how long something took, only on what came first.
 */
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "common/ev.h"
#include "tests/unit/t.h"

static struct ev ev;
static char trace[64];		/* who was called, a letter each */

static void
note(char c)
{
	size_t len = strlen(trace);

	ck_assert_msg(len + 1 < sizeof(trace), "trace is full: %s", trace);
	trace[len] = c;
}

/* A socket pair whose first end is watched; 'other' is for mischief. */
struct end {
	struct ev_source src;
	int fds[2];
	char name;
	struct end *other;
	void (*then)(struct end *end);
	unsigned ready;
};

static void
end_ready(void *ctx, unsigned ready)
{
	struct end *end = ctx;

	note(end->name);
	end->ready = ready;
	if (end->then != NULL)
		end->then(end);
}

static void
end_open(struct end *end, char name, unsigned interest)
{
	memset(end, 0, sizeof(*end));
	end->name = name;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    end->fds), 0);
	ev_source_init(&end->src, end_ready, end);
	ck_assert_int_eq(ev_add(&ev, &end->src, end->fds[0], interest), 0);
}

static void
end_poke(struct end *end)
{
	ck_assert_int_eq((int)write(end->fds[1], "x", 1), 1);
}

static void
end_take(struct end *end)
{
	char c;

	(void)!read(end->fds[0], &c, 1);
}

static void
setup(void)
{
	memset(trace, 0, sizeof(trace));
	ck_assert_int_eq(ev_init(&ev, 64, 8), 0);
}

static void
turn(int max_ms)
{
	ck_assert_int_eq(ev_turn(&ev, max_ms), 0);
}

START_TEST(delivers_read_and_write)
{
	struct end a;

	setup();
	end_open(&a, 'a', EV_READ);
	turn(0);
	ck_assert_str_eq(trace, "");
	end_poke(&a);
	turn(0);
	ck_assert_msg(a.ready == EV_READ, "ready %u", a.ready);
	ck_assert_int_eq(ev_mod(&ev, &a.src, EV_READ), 0);
	ck_assert_int_eq(ev_mod(&ev, &a.src, EV_WRITE), 0);
	turn(0);
	ck_assert_msg(a.ready == EV_WRITE, "ready %u", a.ready);
	ck_assert_int_eq(ev_mod(&ev, &a.src, 0), 0);
	turn(0);
	ck_assert_str_eq(trace, "aa");
	/* Hang-up comes unasked, and with the interest. */
	close(a.fds[1]);
	turn(0);
	ck_assert_msg(a.ready == EV_HUP, "ready %u", a.ready);
	ck_assert_int_eq(ev_mod(&ev, &a.src, EV_READ | EV_WRITE), 0);
	turn(0);
	ck_assert_msg(a.ready == (EV_HUP | EV_READ | EV_WRITE), "%u", a.ready);
	ev_del(&ev, &a.src);
	ev_del(&ev, &a.src);
	turn(0);
	ck_assert_str_eq(trace, "aaaa");
	ev_close(&ev);
	ev_close(&ev);
}
END_TEST

START_TEST(changes_are_told_once_and_the_end_with_them)
{
	struct end a;

	setup();
	end_open(&a, 'a', EV_READ | EV_EDGE);
	end_poke(&a);
	turn(0);
	ck_assert_msg(a.ready == EV_READ, "ready %u", a.ready);
	turn(0);
	ck_assert_str_eq(trace, "a");
	end_poke(&a);
	ck_assert_int_eq(shutdown(a.fds[1], SHUT_WR), 0);
	turn(0);
	ck_assert_msg(a.ready == (EV_READ | EV_HUP), "ready %u", a.ready);
	turn(0);
	ck_assert_str_eq(trace, "aa");
	/* a new interest looks at the state again */
	ck_assert_int_eq(ev_mod(&ev, &a.src, EV_READ), 0);
	turn(0);
	turn(0);
	ck_assert_str_eq(trace, "aaaa");
	ev_del(&ev, &a.src);
	ev_close(&ev);
}
END_TEST

START_TEST(refuses_what_cannot_be_watched)
{
	struct ev_source src, second;
	struct end a;
	int fd;

	setup();
	ev_source_init(&src, end_ready, NULL);
	ev_source_init(&second, end_ready, NULL);
	ck_assert_int_eq(ev_add(&ev, &src, -1, EV_READ), -EBADF);
	ck_assert_int_eq(ev_add(&ev, &src, 63, EV_READ), -EBADF);
	ck_assert_int_eq(ev_add(&ev, &src, 64, EV_READ), -EMFILE);
	fd = open("/etc/passwd", O_RDONLY);
	ck_assert_int_eq(ev_add(&ev, &src, fd, EV_READ), -EPERM);
	close(fd);
	end_open(&a, 'a', EV_READ);
	ck_assert_int_eq(ev_add(&ev, &second, a.fds[0], EV_READ), -EEXIST);
	ck_assert_int_eq(second.fd, -1);
	ev_del(&ev, &a.src);
	ck_assert_int_eq(ev_add(&ev, &second, a.fds[0],
	    EV_READ | EV_EXCLUSIVE), 0);
	ev_close(&ev);
}
END_TEST

static void
remove_other(struct end *end)
{
	ev_del(&ev, &end->other->src);
	close(end->other->fds[0]);
	memset(&end->other->src, 0xee, sizeof(end->other->src));
}

START_TEST(no_callback_after_removal_in_the_same_turn)
{
	struct end a, b;

	setup();
	end_open(&a, 'a', EV_READ);
	end_open(&b, 'b', EV_READ);
	a.other = &b;
	b.other = &a;
	a.then = b.then = remove_other;
	end_poke(&a);
	end_poke(&b);
	turn(0);
	ck_assert_msg(strcmp(trace, "a") == 0 || strcmp(trace, "b") == 0,
	    "%s", trace);
	ck_assert_msg(!ev.must_rebuild, "an ordinary removal");
	ev_close(&ev);
}
END_TEST

static struct end newcomer;

static void
replace_other(struct end *end)
{
	int fd = end->other->fds[0];

	end->then = NULL;
	end_take(end);
	if (end->other->src.fd < 0)
		return;
	ev_del(&ev, &end->other->src);
	close(fd);
	/* The next socket gets the same number. */
	end_open(&newcomer, 'n', EV_READ);
	ck_assert_int_eq(newcomer.fds[0], fd);
}

START_TEST(a_reused_descriptor_gets_no_old_event)
{
	struct end a, b;

	setup();
	end_open(&a, 'a', EV_READ);
	end_open(&b, 'b', EV_READ);
	a.other = &b;
	b.other = &a;
	a.then = b.then = replace_other;
	end_poke(&a);
	end_poke(&b);
	turn(0);
	ck_assert_int_eq((int)strlen(trace), 1);
	end_poke(&newcomer);
	turn(0);
	ck_assert_msg(strlen(trace) == 2 && trace[1] == 'n', "%s", trace);
	ev_close(&ev);
}
END_TEST

START_TEST(survives_a_descriptor_closed_elsewhere)
{
	struct end a, b;
	int copy;

	setup();
	end_open(&a, 'a', EV_READ);
	end_open(&b, 'b', EV_READ);
	copy = dup(a.fds[0]);
	close(a.fds[0]);
	ev_del(&ev, &a.src);
	end_poke(&a);
	end_poke(&b);
	b.then = end_take;
	/* The kernel still reports a; nobody can take it out but a new set. */
	turn(0);
	ck_assert_str_eq(trace, "b");
	end_poke(&b);
	turn(0);
	ck_assert_str_eq(trace, "bb");
	ck_assert_msg(!ev.must_rebuild, "rebuilt");
	turn(0);
	ck_assert_str_eq(trace, "bb");
	close(copy);
	ev_close(&ev);
}
END_TEST

/* --- timers --- */

static struct ev_timer timers[8];

static void
timer_a(void *ctx)
{
	note('a');
	if (ctx != NULL)
		ev_timer_in(&ev, ctx, 0);
}

static void
timer_b(void *ctx)
{
	note('b');
	if (ctx != NULL)
		ev_timer_stop(&ev, ctx);
}

START_TEST(timers_fire_in_order_and_once)
{
	setup();
	ev_timer_init(&timers[0], timer_a, NULL);
	ev_timer_init(&timers[1], timer_b, NULL);
	ev_timer_in(&ev, &timers[0], 2000000);
	ev_timer_in(&ev, &timers[1], 1000000);
	ck_assert_msg(ev_timer_is_set(&timers[0]), "set");
	while (strlen(trace) < 2)
		turn(-1);
	ck_assert_str_eq(trace, "ba");
	ck_assert_msg(!ev_timer_is_set(&timers[0]), "fired");
	turn(0);
	ck_assert_str_eq(trace, "ba");
	/* Set again to another time: only the last counts. */
	ev_timer_in(&ev, &timers[0], 0);
	ev_timer_in(&ev, &timers[0], INT64_MAX);
	ev_timer_in(&ev, &timers[1], INT64_MIN / 2);
	turn(-1);
	ck_assert_str_eq(trace, "bab");
	ev_timer_stop(&ev, &timers[0]);
	ev_timer_stop(&ev, &timers[0]);
	ck_assert_int_eq((int)ev.timers.n, 0);
	ev_close(&ev);
}
END_TEST

START_TEST(a_timer_for_now_waits_for_the_next_turn)
{
	setup();
	ev_timer_init(&timers[0], timer_a, &timers[0]);
	ev_timer_at(&ev, &timers[0], 0);
	turn(-1);
	ck_assert_str_eq(trace, "a");
	turn(-1);
	ck_assert_str_eq(trace, "aa");
	ev_close(&ev);
}
END_TEST

START_TEST(a_timer_may_stop_another_that_is_due)
{
	setup();
	ev_timer_init(&timers[0], timer_b, &timers[1]);
	ev_timer_init(&timers[1], timer_a, NULL);
	ev_timer_at(&ev, &timers[0], ev_now(&ev)->mono_ns + 1);
	ev_timer_at(&ev, &timers[1], ev_now(&ev)->mono_ns + 2);
	turn(-1);
	turn(0);
	ck_assert_str_eq(trace, "b");
	/* All places can be had again and again. */
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 8; i++) {
			ev_timer_init(&timers[i], timer_a, NULL);
			ev_timer_in(&ev, &timers[i], WHEN_NS_PER_S);
		}
		for (int i = 0; i < 8; i++)
			ev_timer_stop(&ev, &timers[(i * 3 + round) % 8]);
	}
	ev_close(&ev);
}
END_TEST

START_TEST(too_many_timers_abort)
{
	static struct ev_timer many[9];

	setup();
	for (int i = 0; i < 9; i++) {
		ev_timer_init(&many[i], timer_a, NULL);
		ev_timer_in(&ev, &many[i], WHEN_NS_PER_S);
	}
}
END_TEST

START_TEST(a_hundred_thousand_timers)
{
	enum { N = 100000 };
	struct ev_timer *many = calloc(N, sizeof(*many));
	int64_t base;

	memset(trace, 0, sizeof(trace));
	ck_assert_int_eq(ev_init(&ev, 64, N), 0);
	base = ev_now(&ev)->mono_ns + 3600 * WHEN_NS_PER_S;
	for (int i = 0; i < N; i++) {
		ev_timer_init(&many[i], timer_a, NULL);
		ev_timer_at(&ev, &many[i], base + i * 7919 % N);
	}
	turn(0);
	for (int i = 0; i < N; i += 2)
		ev_timer_stop(&ev, &many[i]);
	ck_assert_int_eq((int)ev.timers.n, N / 2);
	ck_assert_str_eq(trace, "");
	ev_close(&ev);
	free(many);
}
END_TEST

/* --- signals, hooks, stopping --- */

static void
on_signal(void *ctx, int signo)
{
	note(signo == SIGUSR1 ? '1' : '2');
	if (ctx != NULL)
		ev_stop(ctx);
}

START_TEST(signals_are_callbacks)
{
	setup();
	ck_assert_int_eq(ev_signal(&ev, SIGUSR1, on_signal, NULL), 0);
	ck_assert_int_eq(ev_signal(&ev, SIGUSR2, on_signal, &ev), 0);
	raise(SIGUSR1);
	ck_assert_str_eq(trace, "");
	turn(0);
	ck_assert_str_eq(trace, "1");
	raise(SIGUSR2);
	ck_assert_int_eq(ev_run(&ev), 0);
	ck_assert_str_eq(trace, "12");
	ev_close(&ev);
}
END_TEST

START_TEST(a_child_gets_the_old_mask)
{
	sigset_t mask;

	setup();
	ev_signal_child(&ev);
	ck_assert_int_eq(ev_signal(&ev, SIGUSR1, on_signal, NULL), 0);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	ck_assert_int_eq(sigismember(&mask, SIGUSR1), 1);
	ev_signal_child(&ev);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	ck_assert_int_eq(sigismember(&mask, SIGUSR1), 0);
	ev_close(&ev);
}
END_TEST

static struct ev_hook hooks[4];

static void
hook_a(void *ctx)
{
	(void)ctx;
	note('a');
}

static void
hook_removes_itself(void *ctx)
{
	struct ev_hook *hook = ctx;

	note('r');
	list_del(&hook->link);
}

static void
hook_removes_next(void *ctx)
{
	struct ev_hook *next = ctx;

	note('n');
	list_del(&next->link);
}

START_TEST(hooks_run_in_order_and_may_be_removed)
{
	setup();
	ev_before_sleep(&ev, &hooks[0], hook_removes_next, &hooks[1]);
	ev_before_sleep(&ev, &hooks[1], hook_a, NULL);
	ev_before_sleep(&ev, &hooks[2], hook_removes_itself, &hooks[2]);
	ev_before_sleep(&ev, &hooks[3], hook_a, NULL);
	turn(0);
	ck_assert_str_eq(trace, "nra");
	turn(0);
	ck_assert_str_eq(trace, "nrana");
	list_del(&hooks[0].link);
	list_del(&hooks[3].link);
	turn(0);
	ck_assert_str_eq(trace, "nrana");
	ev_close(&ev);
}
END_TEST

static void
stop(struct end *end)
{
	(void)end;
	ev_stop(&ev);
}

START_TEST(the_last_turn_is_finished)
{
	struct end a;

	setup();
	end_open(&a, 'f', EV_READ);
	a.then = stop;
	end_poke(&a);
	ev_timer_init(&timers[0], timer_b, NULL);
	ev_timer_in(&ev, &timers[0], 0);
	ev_before_sleep(&ev, &hooks[0], hook_a, NULL);
	ck_assert_int_eq(ev_run(&ev), 0);
	/* Hooks before the first sleep; descriptor, timer, hooks. */
	ck_assert_str_eq(trace, "afba");
	ev_close(&ev);
}
END_TEST

START_TEST(clock_hooks_can_be_had)
{
	setup();
	ck_assert_int_eq(ev_clock_step(&ev, &hooks[0], hook_a, NULL), 0);
	ck_assert_int_eq(ev_clock_step(&ev, &hooks[1], hook_a, NULL), 0);
	turn(0);
	ck_assert_str_eq(trace, "");
	/* What the kernel does when the clock is set cannot be done here
	 * without setting it; the callback is called by hand. */
	ev.clock_source.fn(ev.clock_source.ctx, EV_READ);
	ck_assert_str_eq(trace, "");
	ev_close(&ev);
}
END_TEST

START_TEST(time_goes_on)
{
	int64_t before;

	setup();
	before = ev_now(&ev)->mono_ns;
	ck_assert_msg(before > 0 && ev_now(&ev)->wall_s > 1700000000, "set");
	turn(2);
	ck_assert_msg(ev_now(&ev)->mono_ns > before, "later");
	before = ev_now(&ev)->mono_ns;
	ck_assert_int_eq(usleep(1000), 0);
	ck_assert_msg(ev_now(&ev)->mono_ns == before, "same turn");
	ev_refresh(&ev);
	ck_assert_msg(ev_now(&ev)->mono_ns >= before + 1000000, "refreshed");
	ev_close(&ev);
}
END_TEST

START_TEST(a_wait_is_a_rest_and_ready_events_are_none)
{
	struct end a;
	int i;

	setup();
	end_open(&a, 'a', EV_READ);
	turn(2);
	ck_assert_msg(ev_busy_ns(&ev) == 0, "has just waited");
	end_poke(&a);
	/* a machine that lets us wait for the processor takes it for a rest */
	for (i = 0; i < 40 && ev_busy_ns(&ev) < 1000000; i++) {
		ck_assert_int_eq(usleep(1000), 0);
		turn(0);
	}
	ck_assert_msg(ev_busy_ns(&ev) >= 1000000, "busy since a turn");
	end_take(&a);
	turn(2);
	ck_assert_msg(ev_busy_ns(&ev) == 0, "has waited again");
	ev_close(&ev);
}
END_TEST

T_MAIN("common_ev")
{
	T_ADD(delivers_read_and_write);
	T_ADD(changes_are_told_once_and_the_end_with_them);
	T_ADD(refuses_what_cannot_be_watched);
	T_ADD(no_callback_after_removal_in_the_same_turn);
	T_ADD(a_reused_descriptor_gets_no_old_event);
	T_ADD(survives_a_descriptor_closed_elsewhere);
	T_ADD(timers_fire_in_order_and_once);
	T_ADD(a_timer_for_now_waits_for_the_next_turn);
	T_ADD(a_timer_may_stop_another_that_is_due);
	tcase_add_test_raise_signal(t_case, too_many_timers_abort, SIGABRT);
	T_ADD(a_hundred_thousand_timers);
	T_ADD(signals_are_callbacks);
	T_ADD(a_child_gets_the_old_mask);
	T_ADD(hooks_run_in_order_and_may_be_removed);
	T_ADD(the_last_turn_is_finished);
	T_ADD(clock_hooks_can_be_had);
	T_ADD(time_goes_on);
	T_ADD(a_wait_is_a_rest_and_ready_events_are_none);
}
