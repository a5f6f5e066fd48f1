/* SPDX-License-Identifier: ISC */
/*
 * diag - collected complaints about a configuration; see diag.h.
 *
 * An entry that does not fit is counted, not lost silently: errors_n decides
 * whether a configuration is used, so it counts every error whether or not
 * there was room for its text.
 */
#include "common/diag.h"

#include <string.h>

#include "common/wr.h"

void
diag_init(struct diag *diag, struct arena *arena)
{
	memset(diag, 0, sizeof(*diag));
	diag->arena = arena;
}

void
diag_add(struct diag *diag, enum diag_severity severity,
    const struct diag_pos *pos, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(diag, severity, pos, fmt, ap);
	va_end(ap);
}

void
diag_vadd(struct diag *diag, enum diag_severity severity,
    const struct diag_pos *pos, const char *fmt, va_list ap)
{
	char text[DIAG_TEXT_MAX + 1];
	struct diag_entry *entry;
	struct wr wr;

	diag->errors_n += severity == DIAG_ERROR;
	diag->warnings_n += severity == DIAG_WARNING;
	wr_init(&wr, text, sizeof(text));
	wr_vfmt(&wr, fmt, ap);
	if (!wr_ok(&wr)) {
		/* vsnprintf has left the beginning there, with a NUL. */
		wr.len = DIAG_TEXT_MAX;
	}
	entry = ARENA_NEW(diag->arena, struct diag_entry);
	if (entry == NULL ||
	    !arena_str(diag->arena, wr_as_str(&wr), &entry->text)) {
		diag->lost_n++;
		return;
	}
	entry->severity = severity;
	if (pos != NULL)
		entry->pos = *pos;
	if (diag->last == NULL)
		diag->first = entry;
	else
		diag->last->next = entry;
	diag->last = entry;
}
