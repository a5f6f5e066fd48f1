/* SPDX-License-Identifier: ISC */
/*
 * msgs.h - what reading a configuration has to say, line by line and in order.
 *
 * A line is a record for syslog and for standard error.  An error with its place
 * is three of them: name and text, the source line, the caret.  Unlike
 * common/diag.h this keeps plain lines and errors in one order, because the
 * peer's output mixes them and scripts compare it.
 *
 * The arena is the only limit; what does not fit is counted.  Core.
 */
#ifndef DHCPD_MSGS_H
#define DHCPD_MSGS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

/* Longest line; a longer one is cut. */
#define MSGS_LINE_MAX 2048

struct msgs_line {
	struct msgs_line *next;
	int prio;			/* LOG_* */
	bool is_stderr_only;		/* the caret line of a far column: not for syslog */
	struct str text;		/* without newline; may hold any byte of the file */
};

struct msgs {
	struct arena *arena;
	struct msgs_line *first, *last;
	uint32_t n;
	uint32_t dropped;		/* lines that found the arena full */
};

/*
 * msgs_init - an empty list over an arena.
 */
void msgs_init(struct msgs *m, struct arena *arena);

/*
 * msgs_add - append a line, formatted.
 */
void msgs_add(struct msgs *m, int prio, const char *fmt, ...) PRINTF_LIKE(3, 4);

/*
 * msgs_vadd - the same with the arguments in a list.
 */
void msgs_vadd(struct msgs *m, int prio, const char *fmt, va_list ap) PRINTF_LIKE(3, 0);

/*
 * msgs_put - append a line as it is; the last line is returned, NULL when full.
 */
struct msgs_line *msgs_put(struct msgs *m, int prio, struct str text);

#endif
