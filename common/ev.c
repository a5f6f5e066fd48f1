/* SPDX-License-Identifier: ISC */
/*
 * ev - the event loop; see ev.h for what it promises.
 *
 * The kernel is given (descriptor, generation), never a pointer.  Each
 * descriptor has a slot; adding a source raises the slot's generation, and an
 * event whose generation is not the slot's is not delivered.  So removing any
 * source from any callback needs no search and leaves no dangling pointer.
 *
 * A descriptor that was closed before ev_del while a copy lives on (in a child,
 * say) stays in the epoll set and nothing can take it out; its events come
 * for ever.  That is seen as a wrong generation in a later turn than the
 * removal, and answered by building the epoll set anew.
 */
#include "common/ev.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "common/proc.h"

/* Not in every libc header yet; the kernel has it since 4.5. */
#ifndef EPOLLEXCLUSIVE
#define EPOLLEXCLUSIVE (1u << 28)
#endif
/* Ten years: how far away the timer is that only a clock step ends. */
#define FAR_AWAY_S (10 * 365 * 86400)
/* More than it takes to fetch EV_BATCH events that are there already. */
#define REST_NS 50000

struct ev_slot {
	struct ev_source *src;	/* NULL while the descriptor is not watched */
	uint32_t gen;
	uint32_t del_turn;	/* turn of the last ev_del */
};

static int64_t
mono_now(void)
{
	struct timespec mono;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	return mono.tv_sec * WHEN_NS_PER_S + mono.tv_nsec;
}

static void
sample_clocks(struct ev *ev)
{
	struct timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	ev->now.mono_ns = mono_now();
	ev->now.wall_s = wall.tv_sec;
	ev->now.wall_ns = (int32_t)wall.tv_nsec;
}

static size_t
round_up(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

int
ev_init(struct ev *ev, uint32_t fds_max, uint32_t timers_max)
{
	size_t slots = round_up(fds_max * sizeof(struct ev_slot));
	size_t heap = round_up(heap_size(timers_max));
	size_t timer_of = round_up(timers_max * sizeof(struct ev_timer *));
	size_t free_ids = timers_max * sizeof(uint32_t);
	uint8_t *mem;

	ASSERT(fds_max > 0);
	ASSERT(timers_max > 0);
	memset(ev, 0, sizeof(*ev));
	ev->mem_size = slots + heap + timer_of + free_ids;
	mem = proc_reserve(ev->mem_size);
	if (mem == NULL)
		return -ENOMEM;
	ev->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (ev->epoll_fd < 0) {
		int err = errno;

		proc_release(mem, ev->mem_size);
		return -err;
	}
	ev->mem = mem;
	ev->slots = (void *)mem;
	ev->fds_max = fds_max;
	heap_init(&ev->timers, mem + slots, timers_max);
	ev->timer_of = (void *)(mem + slots + heap);
	ev->free_ids = (void *)(mem + slots + heap + timer_of);
	list_init(&ev->before_sleep);
	list_init(&ev->clock_step);
	ev_source_init(&ev->clock_source, NULL, ev);
	ev_source_init(&ev->signal_source, NULL, ev);
	sigemptyset(&ev->signal_set);
	ev->turn = 1;
	sample_clocks(ev);
	ev->rested_ns = ev->now.mono_ns;
	return 0;
}

void
ev_close(struct ev *ev)
{
	if (ev->mem == NULL)
		return;
	if (ev->signal_source.fd >= 0) {
		close(ev->signal_source.fd);
		ev_signal_child(ev);
	}
	if (ev->clock_source.fd >= 0)
		close(ev->clock_source.fd);
	close(ev->epoll_fd);
	proc_release(ev->mem, ev->mem_size);
	ev->mem = NULL;
}

const struct when *
ev_now(const struct ev *ev)
{
	return &ev->now;
}

int64_t
ev_busy_ns(const struct ev *ev)
{
	return ev->now.mono_ns - ev->rested_ns;
}

void
ev_refresh(struct ev *ev)
{
	sample_clocks(ev);
}

/* --- descriptors --- */

static int
control(struct ev *ev, int op, const struct ev_source *src)
{
	struct epoll_event event;
	unsigned want = src->interest;

	memset(&event, 0, sizeof(event));
	event.events = (want & EV_READ ? EPOLLIN : 0u) |
	    (want & EV_WRITE ? EPOLLOUT : 0u) |
	    (want & EV_EDGE ? EPOLLET | EPOLLRDHUP : 0u) |
	    (want & EV_EXCLUSIVE ? EPOLLEXCLUSIVE : 0u);
	event.data.u64 = (uint64_t)ev->slots[src->fd].gen << 32 |
	    (uint32_t)src->fd;
	if (epoll_ctl(ev->epoll_fd, op, src->fd, &event) == 0)
		return 0;
	if (errno != EINVAL || !(want & EV_EXCLUSIVE))
		return -errno;
	/* Before Linux 4.5: waking all of them is only slower. */
	event.events &= ~(uint32_t)EPOLLEXCLUSIVE;
	return epoll_ctl(ev->epoll_fd, op, src->fd, &event) < 0 ? -errno : 0;
}

void
ev_source_init(struct ev_source *src, void (*fn)(void *ctx, unsigned ready),
    void *ctx)
{
	src->fd = -1;
	src->interest = 0;
	src->fn = fn;
	src->ctx = ctx;
}

int
ev_add(struct ev *ev, struct ev_source *src, int fd, unsigned interest)
{
	struct ev_slot *slot;
	int err;

	ASSERT(src->fd == -1);
	ASSERT(src->fn != NULL);
	if (fd < 0)
		return -EBADF;
	if ((uint32_t)fd >= ev->fds_max)
		return -EMFILE;
	slot = &ev->slots[fd];
	if (slot->src != NULL)
		return -EEXIST;
	src->fd = fd;
	src->interest = interest;
	slot->gen++;
	err = control(ev, EPOLL_CTL_ADD, src);
	if (err != 0) {
		src->fd = -1;
		return err;
	}
	slot->src = src;
	if ((uint32_t)fd >= ev->fds_n)
		ev->fds_n = (uint32_t)fd + 1;
	return 0;
}

int
ev_mod(struct ev *ev, struct ev_source *src, unsigned interest)
{
	unsigned old = src->interest;
	int err;

	ASSERT(src->fd >= 0);
	ASSERT(!((old | interest) & EV_EXCLUSIVE));
	if (interest == old)
		return 0;
	src->interest = interest;
	err = control(ev, EPOLL_CTL_MOD, src);
	if (err != 0)
		src->interest = old;
	return err;
}

void
ev_del(struct ev *ev, struct ev_source *src)
{
	struct epoll_event unused;

	if (src->fd < 0)
		return;
	ASSERT(ev->slots[src->fd].src == src);
	/* Fails if the descriptor was closed before: then it is gone from
	 * the set already, or the stale events will tell. */
	memset(&unused, 0, sizeof(unused));
	(void)epoll_ctl(ev->epoll_fd, EPOLL_CTL_DEL, src->fd, &unused);
	ev->slots[src->fd].src = NULL;
	ev->slots[src->fd].del_turn = ev->turn;
	src->fd = -1;
}

static void
deliver(struct ev *ev, const struct epoll_event *event)
{
	uint32_t fd = (uint32_t)event->data.u64;
	uint32_t gen = (uint32_t)(event->data.u64 >> 32);
	struct ev_slot *slot = &ev->slots[fd];
	unsigned ready = 0;

	ASSERT(fd < ev->fds_n);
	if (slot->src == NULL || slot->gen != gen) {
		if (slot->del_turn != ev->turn)
			ev->must_rebuild = true;
		return;
	}
	if (event->events & EPOLLIN)
		ready |= EV_READ;
	if (event->events & EPOLLOUT)
		ready |= EV_WRITE;
	/* The error itself is learned by reading or writing. */
	if (event->events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))
		ready |= EV_HUP | (slot->src->interest & (EV_READ | EV_WRITE));
	slot->src->fn(slot->src->ctx, ready);
}

static void
rebuild(struct ev *ev)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0)
		return;		/* tried again next turn */
	close(ev->epoll_fd);
	ev->epoll_fd = fd;
	ev->must_rebuild = false;
	for (uint32_t i = 0; i < ev->fds_n; i++) {
		/* One whose descriptor is closed has no events to miss. */
		if (ev->slots[i].src != NULL)
			(void)control(ev, EPOLL_CTL_ADD, ev->slots[i].src);
	}
}

/* --- timers --- */

void
ev_timer_init(struct ev_timer *timer, void (*fn)(void *ctx), void *ctx)
{
	timer->id_1 = 0;
	timer->fn = fn;
	timer->ctx = ctx;
}

void
ev_timer_at(struct ev *ev, struct ev_timer *timer, int64_t mono_ns)
{
	ASSERT(timer->fn != NULL);
	if (timer->id_1 == 0) {
		uint32_t id;

		if (ev->free_n > 0)
			id = ev->free_ids[--ev->free_n];
		else
			id = ev->fresh_id++;
		ASSERT(id < ev->timers.max);
		ev->timer_of[id] = timer;
		timer->id_1 = id + 1;
	}
	ASSERT(ev->timer_of[timer->id_1 - 1] == timer);
	/* Later than this turn's time: a callback that sets its timer to
	 * "now" must not keep the turn from ending. */
	if (mono_ns <= ev->now.mono_ns)
		mono_ns = ev->now.mono_ns + 1;
	heap_set(&ev->timers, timer->id_1 - 1, mono_ns);
}

void
ev_timer_in(struct ev *ev, struct ev_timer *timer, int64_t ns)
{
	if (ns > INT64_MAX - ev->now.mono_ns)
		ns = INT64_MAX - ev->now.mono_ns;
	ev_timer_at(ev, timer, ev->now.mono_ns + ns);
}

void
ev_timer_stop(struct ev *ev, struct ev_timer *timer)
{
	if (timer->id_1 == 0)
		return;
	ASSERT(ev->timer_of[timer->id_1 - 1] == timer);
	heap_del(&ev->timers, timer->id_1 - 1);
	ev->free_ids[ev->free_n++] = timer->id_1 - 1;
	timer->id_1 = 0;
}

bool
ev_timer_is_set(const struct ev_timer *timer)
{
	return timer->id_1 != 0;
}

static void
run_timers(struct ev *ev)
{
	struct ev_timer *timer;
	uint32_t id;
	int64_t at;

	while (heap_top(&ev->timers, &id, &at) && at <= ev->now.mono_ns) {
		timer = ev->timer_of[id];
		ev_timer_stop(ev, timer);
		timer->fn(timer->ctx);
	}
}

/* How long may we sleep, in milliseconds rounded up so as not to spin. */
static int
sleep_ms(const struct ev *ev, int64_t now_ns, int max_ms)
{
	uint32_t id;
	int64_t at, ms;

	if (!heap_top(&ev->timers, &id, &at))
		return max_ms;
	at -= now_ns;
	if (at <= 0)
		return 0;
	ms = (at - 1) / WHEN_NS_PER_MS + 1;
	if (ms > INT32_MAX)
		ms = INT32_MAX;
	return max_ms >= 0 && max_ms < ms ? max_ms : (int)ms;
}

/* --- signals, clock steps, hooks --- */

static void
signal_readable(void *ctx, unsigned ready)
{
	struct ev *ev = ctx;
	struct signalfd_siginfo info;

	(void)ready;
	while (ev->signal_source.fd >= 0 && read(ev->signal_source.fd, &info,
	    sizeof(info)) == (ssize_t)sizeof(info)) {
		const struct ev_signal *s;

		ASSERT(info.ssi_signo <= EV_SIGNO_MAX);
		s = &ev->signals[info.ssi_signo];
		if (s->fn != NULL)
			s->fn(s->ctx, (int)info.ssi_signo);
	}
}

int
ev_signal(struct ev *ev, int signo, void (*fn)(void *ctx, int signo),
    void *ctx)
{
	bool is_first = ev->signal_source.fd < 0;
	sigset_t old;
	int fd;

	ASSERT(signo > 0);
	ASSERT(signo <= EV_SIGNO_MAX);
	sigaddset(&ev->signal_set, signo);
	if (sigprocmask(SIG_BLOCK, &ev->signal_set, &old) < 0)
		return -errno;
	if (is_first)
		ev->signal_old = old;
	ev->signals[signo].fn = fn;
	ev->signals[signo].ctx = ctx;
	fd = signalfd(ev->signal_source.fd, &ev->signal_set,
	    SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!is_first)
		return 0;
	ev->signal_source.fn = signal_readable;
	return ev_add(ev, &ev->signal_source, fd, EV_READ);
}

void
ev_signal_child(const struct ev *ev)
{
	if (ev->signal_source.fn != NULL)
		(void)sigprocmask(SIG_SETMASK, &ev->signal_old, NULL);
}

/*
 * Each hook moves to the list of those done before it runs, so it may remove
 * itself or any other.
 */
static void
run_hooks(struct list *hooks)
{
	struct list done;

	list_init(&done);
	while (!list_is_empty(hooks)) {
		struct ev_hook *hook =
		    LIST_ITEM(hooks->next, struct ev_hook, link);

		list_del(&hook->link);
		list_add_tail(&done, &hook->link);
		hook->fn(hook->ctx);
	}
	if (list_is_empty(&done))
		return;
	*hooks = done;
	hooks->next->prev = hooks;
	hooks->prev->next = hooks;
}

static void
add_hook(struct list *hooks, struct ev_hook *hook, void (*fn)(void *ctx),
    void *ctx)
{
	ASSERT(fn != NULL);
	hook->fn = fn;
	hook->ctx = ctx;
	list_add_tail(hooks, &hook->link);
}

void
ev_before_sleep(struct ev *ev, struct ev_hook *hook, void (*fn)(void *ctx),
    void *ctx)
{
	add_hook(&ev->before_sleep, hook, fn, ctx);
}

/* A timer far away that the kernel cancels when the wall clock is set. */
static int
arm_clock(const struct ev *ev, int fd)
{
	struct itimerspec far;

	memset(&far, 0, sizeof(far));
	far.it_value.tv_sec = (time_t)ev->now.wall_s + FAR_AWAY_S;
	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
	    &far, NULL) < 0 ? -errno : 0;
}

static void
clock_readable(void *ctx, unsigned ready)
{
	struct ev *ev = ctx;
	uint64_t unused;

	(void)ready;
	if (read(ev->clock_source.fd, &unused, sizeof(unused)) < 0 &&
	    errno == EAGAIN)
		return;
	(void)arm_clock(ev, ev->clock_source.fd);
	run_hooks(&ev->clock_step);
}

int
ev_clock_step(struct ev *ev, struct ev_hook *hook, void (*fn)(void *ctx),
    void *ctx)
{
	int fd, err;

	if (ev->clock_source.fd < 0) {
		fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
		if (fd < 0)
			return -errno;
		ev->clock_source.fn = clock_readable;
		err = arm_clock(ev, fd);
		if (err == 0)
			err = ev_add(ev, &ev->clock_source, fd, EV_READ);
		if (err != 0) {
			close(fd);
			return err;
		}
	}
	add_hook(&ev->clock_step, hook, fn, ctx);
	return 0;
}

/* --- turns --- */

int
ev_turn(struct ev *ev, int max_ms)
{
	struct epoll_event events[EV_BATCH];
	/* The turn may have taken long: look at the clock again. */
	int64_t from_ns = mono_now();
	int n;

	n = epoll_wait(ev->epoll_fd, events, EV_BATCH,
	    sleep_ms(ev, from_ns, max_ms));
	if (n < 0 && errno != EINTR)
		return -errno;
	ev->turn++;
	sample_clocks(ev);
	if (ev->now.mono_ns - from_ns >= REST_NS)
		ev->rested_ns = ev->now.mono_ns;
	for (int i = 0; i < n; i++)
		deliver(ev, &events[i]);
	run_timers(ev);
	run_hooks(&ev->before_sleep);
	if (ev->must_rebuild)
		rebuild(ev);
	return 0;
}

int
ev_run(struct ev *ev)
{
	int err = 0;

	ev->is_stopping = false;
	/* What was queued while starting up must not wait for an event. */
	run_hooks(&ev->before_sleep);
	while (err == 0 && !ev->is_stopping)
		err = ev_turn(ev, -1);
	return err;
}

void
ev_stop(struct ev *ev)
{
	ev->is_stopping = true;
}
