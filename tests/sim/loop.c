/* SPDX-License-Identifier: ISC */
/*
 * loop - the event loop and the memory of a simulated process.
 *
 * See loop.h.  One process at a time.
 */
#include "tests/sim/loop.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "common/proc.h"
#include "tests/sim/sim.h"

enum { TIMERS = 256, BLOCKS = 64 };

struct loop_timer {
	struct ev_timer *timer;
	int64_t at_ns;
};

struct block {
	void *p;
	size_t size;
};

void *__wrap_proc_reserve(size_t size);
void __wrap_proc_release(void *p, size_t size);
int __wrap_proc_random(void *buf, size_t len);

static struct ev *loop;
static struct ev_hook *sleep_hook;
static struct loop_timer timers[TIMERS];
static struct ev_source *sources[LOOP_FDS];
static bool news[LOOP_FDS];
static struct block blocks[BLOCKS];

/* --- memory and chance */

void
loop_reset(void)
{
	for (int i = 0; i < BLOCKS; i++)
		if (blocks[i].p != NULL)
			(void)munmap(blocks[i].p, blocks[i].size);
	memset(blocks, 0, sizeof(blocks));
	memset(timers, 0, sizeof(timers));
	memset(sources, 0, sizeof(sources));
	loop = NULL;
	sleep_hook = NULL;
}

void *
__wrap_proc_reserve(size_t size)
{
	int i;

	for (i = 0; i < BLOCKS && blocks[i].p != NULL; i++)
		;
	if (i == BLOCKS)
		sim_fail("too many blocks of memory");
	blocks[i].size = size;
	blocks[i].p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (blocks[i].p == MAP_FAILED)
		sim_fail("no memory for the simulation");
	return blocks[i].p;
}

void
__wrap_proc_release(void *p, size_t size)
{
	for (int i = 0; i < BLOCKS; i++)
		if (p != NULL && blocks[i].p == p) {
			(void)munmap(p, size);
			blocks[i].p = NULL;
		}
}

int
__wrap_proc_random(void *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)buf)[i] = (uint8_t)sim_below(256);
	return 0;
}

int64_t
loop_wall_s(void)
{
	return LOOP_START_S + sim_now_ns / WHEN_NS_PER_S;
}

/* --- ev */
int
ev_init(struct ev *ev, uint32_t fds_max, uint32_t timers_max)
{
	(void)fds_max;
	(void)timers_max;
	memset(ev, 0, sizeof(*ev));
	loop = ev;
	loop_wake();
	return 0;
}

const struct when *
ev_now(const struct ev *ev)
{
	return &ev->now;
}

int64_t
ev_busy_ns(const struct ev *ev)
{
	(void)ev;
	return 0;
}

void
ev_timer_init(struct ev_timer *timer, void (*fn)(void *ctx), void *ctx)
{
	timer->id_1 = 0;
	timer->fn = fn;
	timer->ctx = ctx;
}

void
ev_timer_stop(struct ev *ev, struct ev_timer *timer)
{
	(void)ev;
	if (timer->id_1 != 0)
		timers[timer->id_1 - 1].timer = NULL;
	timer->id_1 = 0;
}

void
ev_timer_in(struct ev *ev, struct ev_timer *timer, int64_t ns)
{
	uint32_t i;

	ev_timer_stop(ev, timer);
	for (i = 0; i < TIMERS && timers[i].timer != NULL; i++)
		;
	if (i == TIMERS)
		sim_fail("too many timers");
	timers[i].timer = timer;
	timers[i].at_ns = ev->now.mono_ns + (ns > 0 ? ns : 1);
	timer->id_1 = i + 1;
}

int
ev_signal(struct ev *ev, int signo, void (*fn)(void *ctx, int signo),
    void *ctx)
{
	(void)ev;
	(void)signo;
	(void)fn;
	(void)ctx;
	return 0;
}

void
ev_signal_child(const struct ev *ev)
{
	(void)ev;
}

void
ev_before_sleep(struct ev *ev, struct ev_hook *hook, void (*fn)(void *ctx),
    void *ctx)
{
	(void)ev;
	hook->fn = fn;
	hook->ctx = ctx;
	sleep_hook = hook;
}

int
ev_clock_step(struct ev *ev, struct ev_hook *hook, void (*fn)(void *ctx),
    void *ctx)
{
	(void)ev;
	(void)hook;
	(void)fn;
	(void)ctx;
	return 0;
}

int
ev_run(struct ev *ev)
{
	(void)ev;
	return 0;
}

void
ev_stop(struct ev *ev)
{
	(void)ev;
}

/* --- turns */

int64_t
loop_next_ns(void)
{
	int64_t next = INT64_MAX;

	for (int i = 0; i < TIMERS; i++)
		if (timers[i].timer != NULL && timers[i].at_ns < next)
			next = timers[i].at_ns;
	return next;
}

void
loop_wake(void)
{
	loop->now.mono_ns = sim_now_ns;
	loop->now.wall_s = loop_wall_s();
	loop->now.wall_ns = (int32_t)(sim_now_ns % WHEN_NS_PER_S);
}

void
loop_sleep(void)
{
	struct ev_timer *t;

	for (int i = 0; i < TIMERS; i++) {
		t = timers[i].timer;
		if (t == NULL || timers[i].at_ns > sim_now_ns)
			continue;
		timers[i].timer = NULL;
		t->id_1 = 0;
		sim_count();
		t->fn(t->ctx);
	}
	if (sleep_hook != NULL)
		sleep_hook->fn(sleep_hook->ctx);
}

bool
ev_timer_is_set(const struct ev_timer *timer)
{
	return timer->id_1 != 0;
}

/* --- descriptors */

static struct ev_source **
place_of(int fd)
{
	static struct ev_source *real;	/* of the system's: never ready */

	if (fd < LOOP_FD || fd >= LOOP_FD + LOOP_FDS) {
		real = NULL;
		return &real;
	}
	return &sources[fd - LOOP_FD];
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
	(void)ev;
	if (*place_of(fd) != NULL)
		return -EEXIST;
	*place_of(fd) = src;
	loop_tell(fd);
	src->fd = fd;
	src->interest = interest;
	return 0;
}

int
ev_mod(struct ev *ev, struct ev_source *src, unsigned interest)
{
	(void)ev;
	if (src->interest != interest)
		loop_tell(src->fd);
	src->interest = interest;
	return 0;
}

void
ev_del(struct ev *ev, struct ev_source *src)
{
	(void)ev;
	if (src->fd >= 0)
		*place_of(src->fd) = NULL;
	src->fd = -1;
}

void
loop_tell(int fd)
{
	if (fd >= LOOP_FD && fd < LOOP_FD + LOOP_FDS)
		news[fd - LOOP_FD] = true;
}

bool
loop_has_news(int fd)
{
	return (loop_interest(fd) & EV_EDGE) == 0 || news[fd - LOOP_FD];
}

unsigned
loop_interest(int fd)
{
	return *place_of(fd) != NULL ? (*place_of(fd))->interest : 0;
}

void
loop_ready(int fd, unsigned ready)
{
	struct ev_source *src = *place_of(fd);

	sim_count();
	if (src == NULL)
		return;
	news[fd - LOOP_FD] = false;
	src->fn(src->ctx, ready);
}
