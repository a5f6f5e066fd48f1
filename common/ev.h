/* SPDX-License-Identifier: ISC */
/*
 * ev - the one event loop: descriptors, timers, signals, before-sleep hooks.
 *
 * A turn: wait, sample the clocks once, descriptors, timers that are due,
 * before-sleep hooks.  No callback runs for a source or timer that was removed
 * earlier in the same turn, whoever removed it, and its memory may be reused
 * at once.  Nothing nests.  Besides epoll_wait a turn costs no system call.
 * Tables are sized at ev_init and only touched as far as they are used.
 */
#ifndef COMMON_EV_H
#define COMMON_EV_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/heap.h"
#include "common/list.h"
#include "common/when.h"

/* Interest and readiness. */
#define EV_READ 1u
#define EV_WRITE 2u
/* Readiness only: error or hang-up.  Comes even if not asked for, and with all
 * of the interest, so that reading or writing finds the error. */
#define EV_HUP 4u
/* Interest only, no ev_mod: wake one of the processes that share the socket. */
#define EV_EXCLUSIVE 8u
/* Interest only: report changes, not states (EPOLLET); that the peer has sent
 * its last byte is then an EV_HUP, because no further change would tell. */
#define EV_EDGE 16u

/* Descriptor events taken per turn. */
#define EV_BATCH 256
#define EV_SIGNO_MAX 64

struct ev;

/* A watched descriptor; lives in the user's struct. */
struct ev_source {
	int fd;			/* -1 while not watched */
	unsigned interest;
	void (*fn)(void *ctx, unsigned ready);
	void *ctx;
};

/* A timer on the monotonic clock; lives in the user's struct. */
struct ev_timer {
	uint32_t id_1;		/* place in the loop's table + 1; 0 = not set */
	void (*fn)(void *ctx);
	void *ctx;
};

/* A hook; lives in the user's struct. */
struct ev_hook {
	struct list link;
	void (*fn)(void *ctx);
	void *ctx;
};

struct ev_slot;			/* one descriptor, see ev.c */

struct ev_signal {
	void (*fn)(void *ctx, int signo);
	void *ctx;
};

struct ev {
	int epoll_fd;
	bool is_stopping;
	bool must_rebuild;	/* a descriptor was closed behind our back */
	uint32_t turn;
	struct when now;
	int64_t rested_ns;	/* when the last wait for an event ended */

	struct ev_slot *slots;	/* by descriptor */
	uint32_t fds_max;
	uint32_t fds_n;		/* highest watched so far + 1 */

	struct heap timers;
	struct ev_timer **timer_of;	/* by id */
	uint32_t *free_ids;
	uint32_t free_n;
	uint32_t fresh_id;

	struct list before_sleep;
	struct list clock_step;
	struct ev_source clock_source;
	struct ev_source signal_source;
	struct ev_signal signals[EV_SIGNO_MAX + 1];
	sigset_t signal_set;
	sigset_t signal_old;	/* mask before the first ev_signal */

	void *mem;
	size_t mem_size;
};

/*
 * ev_init - a loop for descriptors 0..fds_max-1 and timers_max timers.
 *
 * 0 or -errno.
 */
int ev_init(struct ev *ev, uint32_t fds_max, uint32_t timers_max) MUST_CHECK;

/*
 * ev_close - give everything back; sources' descriptors stay open.
 */
void ev_close(struct ev *ev);

/*
 * ev_now - the clocks as sampled at the start of this turn.
 *
 * Also valid before the first turn (time of ev_init).
 */
const struct when *ev_now(const struct ev *ev);

/*
 * ev_busy_ns - how long turns have followed each other without a rest, up to
 * the start of this one.
 *
 * A rest is a wait that took 50 microseconds or more.
 */
int64_t ev_busy_ns(const struct ev *ev);

/*
 * ev_refresh - sample the clocks again, in a callback that has waited.
 */
void ev_refresh(struct ev *ev);

/*
 * ev_source_init - a source that is not watched yet.
 */
void ev_source_init(struct ev_source *src,
    void (*fn)(void *ctx, unsigned ready), void *ctx);

/*
 * ev_add - watch fd (non-blocking) for EV_READ and/or EV_WRITE.
 *
 * 0 or -errno: -EPERM for a regular file, -EMFILE at fds_max and above,
 * -EEXIST when another source watches this descriptor.
 */
int ev_add(struct ev *ev, struct ev_source *src, int fd, unsigned interest)
    MUST_CHECK;

/*
 * ev_mod - change the interest of a watched source; free when it is the same.
 *
 * 0 or -errno.
 */
int ev_mod(struct ev *ev, struct ev_source *src, unsigned interest)
    MUST_CHECK;

/*
 * ev_del - stop watching; call it before close(2), though after does no harm.
 *
 * Nothing happens for a source that is not watched.
 */
void ev_del(struct ev *ev, struct ev_source *src);

/*
 * ev_timer_init - a timer that is not set.
 */
void ev_timer_init(struct ev_timer *timer, void (*fn)(void *ctx), void *ctx);

/*
 * ev_timer_at - fire once at a monotonic time; replaces an earlier setting.
 *
 * A time that has come already fires in the next turn.  More than timers_max
 * timers set at once is a programming error.
 */
void ev_timer_at(struct ev *ev, struct ev_timer *timer, int64_t mono_ns);

/*
 * ev_timer_in - fire once after some time from ev_now().
 */
void ev_timer_in(struct ev *ev, struct ev_timer *timer, int64_t ns);

/*
 * ev_timer_stop - unset; nothing happens for a timer that is not set.
 */
void ev_timer_stop(struct ev *ev, struct ev_timer *timer);

/*
 * ev_timer_is_set - will it fire?
 */
bool ev_timer_is_set(const struct ev_timer *timer);

/*
 * ev_signal - take a signal as an ordinary callback.  It is blocked from now
 * on: a child must call ev_signal_child() before exec.
 *
 * 0 or -errno.
 */
int ev_signal(struct ev *ev, int signo, void (*fn)(void *ctx, int signo),
    void *ctx) MUST_CHECK;

/*
 * ev_signal_child - in a forked child: the signal mask as it was before.
 */
void ev_signal_child(const struct ev *ev);

/*
 * ev_before_sleep - call fn at the end of each turn, in the order of adding.
 *
 * The place to sync the journal, send what waited for it and flush the log.
 */
void ev_before_sleep(struct ev *ev, struct ev_hook *hook,
    void (*fn)(void *ctx), void *ctx);

/*
 * ev_clock_step - call fn when the wall clock has been set.
 *
 * Timers do not care; deadlines that were computed from wall time do.
 * 0 or -errno.
 */
int ev_clock_step(struct ev *ev, struct ev_hook *hook,
    void (*fn)(void *ctx), void *ctx) MUST_CHECK;

/*
 * ev_run - turn after turn until ev_stop; the last turn is finished, hooks
 * included.  The hooks also run once before the first turn.
 *
 * 0 or -errno when waiting itself fails.
 */
int ev_run(struct ev *ev) MUST_CHECK;

/*
 * ev_turn - one turn that waits at most max_ms (-1: until something happens).
 *
 * 0 or -errno.
 */
int ev_turn(struct ev *ev, int max_ms) MUST_CHECK;

/*
 * ev_stop - make ev_run return after this turn.
 */
void ev_stop(struct ev *ev);

#endif
