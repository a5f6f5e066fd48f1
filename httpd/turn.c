/* SPDX-License-Identifier: ISC */
/*
 * turn - see turn.h.
 *
 * printf costs more than all else in a small answer, so numbers on the hot
 * path go through turn_dec.  A full arena gives empty texts: a field without a
 * value is then left out of the answer's head.
 */
#include "httpd/turn.h"

#include <stdarg.h>

#include "common/wr.h"

#define DEC_MAX 48	/* a text of 20 bytes and 20 digits */

struct str
turn_fmt(struct arena *turn, const char *fmt, ...)
{
	size_t room = arena_left(turn);
	struct wr w;
	va_list ap;
	char *p;

	if (room > TURN_TEXT_MAX)
		room = TURN_TEXT_MAX;
	p = arena_alloc(turn, room, 1);
	ASSERT(p != NULL);
	wr_init(&w, p, room);
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	arena_trim(turn, p, w.len);
	return wr_as_str(&w);
}

struct str
turn_dec(struct arena *turn, const char *text, uint64_t v)
{
	char *p = arena_alloc(turn, DEC_MAX, 1);
	struct wr w;

	if (p == NULL)
		return STR("");
	wr_init(&w, p, DEC_MAX);
	wr_text(&w, text);
	wr_dec(&w, v);
	return wr_as_str(&w);
}
