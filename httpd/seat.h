/* SPDX-License-Identifier: ISC */
/*
 * seat - which worker takes a new connection.
 *
 * All workers of a generation wait on the same sockets.  Two that are half busy
 * cost more per request than one that is busy, because each wakes up for fewer
 * requests at a time.  So they have a rank, and a later one leaves a connection
 * to those before it, unless they are busy - none of them has rested for
 * SEAT_BUSY_MS - or full.  What is not taken within SEAT_LEAVE_MS is taken by
 * whoever left it, so that an earlier one that hangs holds up nobody for longer.
 *
 * Connections that came while the first had time may keep it busy later.  A worker
 * that has not rested for SEAT_SHED_MS while another has time ends one of them with
 * an answer every SEAT_SHED_EACH_MS: its client comes back, to another worker.
 *
 * A seat is written by its worker and read by the others, as advice: what is
 * wrong for a moment costs a connection SEAT_LEAVE_MS.  Nought is a closed seat.
 */
#ifndef HTTPD_SEAT_H
#define HTTPD_SEAT_H

#include <stdbool.h>
#include <stdint.h>

#define SEAT_MAX 64	/* workers of a generation */
#define SEAT_LEAVE_MS 4
#define SEAT_BUSY_MS 100
#define SEAT_SHED_MS 250
#define SEAT_SHED_EACH_MS 10

struct seat {
	bool is_open;		/* takes connections */
	bool is_busy;
};

/*
 * seat_show - tell the others, who are not disturbed when all is as before.
 *
 * busy_ns    since the worker has rested
 */
void seat_show(struct seat *s, bool is_open, int64_t busy_ns);

/*
 * seat_leaves - does the worker of this rank leave a connection to an earlier
 * one?
 *
 * seats      SEAT_MAX of them
 */
bool seat_leaves(const struct seat *seats, unsigned rank);

/*
 * seat_sheds - has the worker of this rank too many connections?
 *
 * busy_ns    since it has rested
 */
bool seat_sheds(const struct seat *seats, unsigned rank, int64_t busy_ns);

/*
 * seat_has_others - is there another worker that takes connections?
 */
bool seat_has_others(const struct seat *seats, unsigned rank);

#endif
