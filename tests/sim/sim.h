/* SPDX-License-Identifier: ISC */
/*
 * sim - a world that one number decides: random, time, events, a bad network.
 *
 * Every simulation is a program that plays seeds.  A seed is a whole history:
 * configuration, clients, losses, faults.  Nothing comes from outside - no
 * clock, no kernel, no other thread - so that a seed that fails once fails
 * each time, and its number is all that a report needs.
 */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/when.h"

/* Since the history began, nanoseconds. */
extern int64_t sim_now_ns;
/* The history being played. */
extern uint64_t sim_seed;

/* What an event does; bytes are good for the call. */
typedef void (*sim_fn)(void *ctx, const uint8_t *bytes, size_t len);

/* A network: what it does to a packet.  In per cent and nanoseconds. */
struct sim_net {
	unsigned loss, repeat, late;
	int64_t delay_ns;	/* of most packets, at most */
	int64_t late_ns;	/* of late ones, at most: they get overtaken */
	bool in_order;		/* but for late ones nothing is overtaken */
};

/*
 * sim_random - the next 64 bits of the seed.
 */
uint64_t sim_random(void);

/*
 * sim_below - a number from 0 to n - 1.
 */
uint32_t sim_below(uint32_t n);

/*
 * sim_chance - true so often in a hundred.
 */
bool sim_chance(unsigned per_cent);

/*
 * sim_say - a line of the history; the last ones are shown when it fails.
 *
 * With SIM_LOG set in the environment all are, at once.
 */
void sim_say(const char *fmt, ...) PRINTF_LIKE(1, 2);

/*
 * sim_fail - a promise is broken: say so, how to see it again, and end.
 */
void sim_fail(const char *fmt, ...) PRINTF_LIKE(1, 2)
    __attribute__((noreturn));

/*
 * sim_at - let something happen at a time; bytes are copied.
 *
 * Of two things at one time the one that was said first comes first.
 */
void sim_at(int64_t at_ns, sim_fn fn, void *ctx, const void *bytes,
    size_t len);

/*
 * sim_send - give a packet to a network: it comes, twice, late or never.
 */
void sim_send(const struct sim_net *net, sim_fn fn, void *ctx,
    const void *bytes, size_t len);

/*
 * sim_next_ns - when the next event is; INT64_MAX: there is none.
 */
int64_t sim_next_ns(void);

/*
 * sim_step - move the clock to the next event and let it happen.
 */
void sim_step(void);

/*
 * sim_count - count an event of the daemon for the last line.
 */
void sim_count(void);

/*
 * sim_feed - begin a history whose choices come from these bytes, two each, as
 * far as they go; a broken promise then ends in abort(3).  For fuzz targets.
 *
 * bytes      borrowed while the history is played
 */
void sim_feed(const uint8_t *bytes, size_t len);

/*
 * sim_main - play seeds: "PROGRAM [SEED [N]]"; without any, 1 .. quick_n.
 *
 * one        plays sim_seed from an empty queue at time 0
 */
int sim_main(int argc, char *argv[], void (*one)(void), unsigned quick_n);

#endif
