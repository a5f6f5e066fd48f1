/* SPDX-License-Identifier: ISC */
/*
 * logtext - error log lines as Apache 2.4 writes them.
 *
 * Text may quote a request, so it is escaped: no line ever contains a newline
 * or a terminal escape of somebody else's making.
 */
#include "httpd/logtext.h"

#include "common/cc.h"
#include "httpd/date.h"

static const char *const levels[] = {
	"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug",
	"trace1", "trace2", "trace3", "trace4", "trace5", "trace6", "trace7",
	"trace8"
};

const char *
logtext_level(enum conf_level level)
{
	ASSERT((unsigned)level < ARRAY_LEN(levels));
	return levels[level];
}

static void
put_escaped(struct wr *w, struct str s)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c >= ' ' && c < 0x7f) {
			wr_u8(w, c);
		} else {
			wr_text(w, "\\x");
			wr_u8(w, (uint8_t)hex[c >> 4]);
			wr_u8(w, (uint8_t)hex[c & 15]);
		}
	}
}

void
logtext_error(struct wr *w, const struct when *now, int32_t utc_offset_s,
    const char *module, enum conf_level level, int pid, struct str reason,
    struct str client, struct str text)
{
	struct when_date d;

	when_to_date(now->wall_s + utc_offset_s, &d);
	wr_fmt(w, "[%s %s %02d %02d:%02d:%02d.%06d %04d] [%s:%s] [pid %d] ",
	    date_wday(d.wday), date_month(d.mon), (int)d.day, (int)d.hour,
	    (int)d.min, (int)d.sec, (int)(now->wall_ns / 1000), (int)d.year,
	    module, logtext_level(level), pid);
	if (reason.len > 0)
		wr_fmt(w, "%.*s: ", STR_ARG(reason));
	if (client.len > 0)
		wr_fmt(w, "[client %.*s] ", STR_ARG(client));
	put_escaped(w, text);
	wr_u8(w, '\n');
}
