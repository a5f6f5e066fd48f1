/* SPDX-License-Identifier: ISC */
/*
 * loop - the event loop and the memory of a simulated process.
 *
 * Stands in for ev.c, with the clock of the simulation; descriptors are ready
 * when the simulation says so.  Memory from proc_reserve is forgotten with the
 * process.
 */
#ifndef TESTS_SIM_LOOP_H
#define TESTS_SIM_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/ev.h"

/* Wall clock at the beginning of a history. */
#define LOOP_START_S 1800000000
/* Descriptors of the simulation: LOOP_FD .. LOOP_FD + LOOP_FDS - 1. */
enum { LOOP_FD = 10000, LOOP_FDS = 64 };

/*
 * loop_reset - the process is gone, with its timers and its memory.
 */
void loop_reset(void);

/*
 * loop_wall_s - what the wall clock shows.
 */
int64_t loop_wall_s(void);

/*
 * loop_next_ns - when the process wants to run next; INT64_MAX: never.
 */
int64_t loop_next_ns(void);

/*
 * loop_wake - a turn begins: the clock is read.
 */
void loop_wake(void);

/*
 * loop_interest - what the process waits for at a descriptor; 0: nothing.
 */
unsigned loop_interest(int fd);

/*
 * loop_tell - something has changed at a descriptor: what waits with EV_EDGE
 * is called once for it.
 */
void loop_tell(int fd);

/*
 * loop_has_news - may what waits be called?  With EV_EDGE only after a change,
 * or when it has begun to wait for something else.
 */
bool loop_has_news(int fd);

/*
 * loop_ready - a descriptor is ready: the process is told.
 */
void loop_ready(int fd, unsigned ready);

/*
 * loop_sleep - the rest of the turn: timers that are due, then the hooks.
 */
void loop_sleep(void);

#endif
