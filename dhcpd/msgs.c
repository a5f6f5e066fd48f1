/* SPDX-License-Identifier: ISC */
/*
 * msgs - the list of lines a configuration load wants to be logged.
 *
 * Owns nothing but its place in an arena.  Never logs: the caller prints the
 * list when the load is over.
 */
#include "dhcpd/msgs.h"

#include <string.h>

#include "common/wr.h"

void
msgs_init(struct msgs *m, struct arena *arena)
{
	memset(m, 0, sizeof(*m));
	m->arena = arena;
}

struct msgs_line *
msgs_put(struct msgs *m, int prio, struct str text)
{
	struct msgs_line *line = ARENA_NEW(m->arena, struct msgs_line);

	if (text.len > MSGS_LINE_MAX)
		text.len = MSGS_LINE_MAX;
	if (!line || !arena_str(m->arena, text, &line->text)) {
		m->dropped++;
		return NULL;
	}
	line->prio = prio;
	if (m->last)
		m->last->next = line;
	else
		m->first = line;
	m->last = line;
	m->n++;
	return line;
}

void
msgs_vadd(struct msgs *m, int prio, const char *fmt, va_list ap)
{
	uint8_t buf[MSGS_LINE_MAX + 1];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_vfmt(&w, fmt, ap);
	if (!wr_ok(&w))
		m->dropped++;
	else
		msgs_put(m, prio, wr_as_str(&w));
}

void
msgs_add(struct msgs *m, int prio, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msgs_vadd(m, prio, fmt, ap);
	va_end(ap);
}
