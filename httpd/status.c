/* SPDX-License-Identifier: ISC */
/*
 * status - writes the server-status page, for people and for ?auto.
 *
 * Pure: all numbers come in struct status_facts.  What clients sent is
 * escaped for HTML.
 */

#include "httpd/status.h"

#include "common/num.h"
#include "common/when.h"

#include "httpd/conf.h"
#include "httpd/date.h"
#include "httpd/resp.h"

/*
 * "3 days 2 hours 1 second"; s is not 0.
 */
static void
duration(struct wr *w, int64_t s)
{
	static const struct {
		const char *name;
		int64_t len;
	} units[] = {
		{ "day", 86400 }, { "hour", 3600 }, { "minute", 60 },
		{ "second", 1 },
	};
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		long long n = (long long)(s / units[i].len);

		s %= units[i].len;
		if (n == 0)
			continue;
		wr_fmt(w, "%s%lld %s%s", any ? " " : "", n, units[i].name,
		    n == 1 ? "" : "s");
		any = true;
	}
}

/*
 * "Sunday, 22-Nov-2026 09:08:46 UTC".
 */
static void
date(struct wr *w, const struct status_facts *f, int64_t s)
{
	static const char *const days[] = { "Sunday", "Monday", "Tuesday",
	    "Wednesday", "Thursday", "Friday", "Saturday" };
	struct when_date d;

	when_to_date(s + f->utc_off_s, &d);
	wr_fmt(w, "%s, %02d-%s-%04d %02d:%02d:%02d %.*s", days[d.wday],
	    (int)d.day, date_month(d.mon), (int)d.year, (int)d.hour,
	    (int)d.min, (int)d.sec, STR_ARG(f->zone));
}

/*
 * A quotient as %g would write it, to about six digits.
 */
static void
ratio(struct wr *w, uint64_t a, uint64_t b)
{
	if (b == 0)
		b = 1;
	wr_fmt(w, "%.6g", (double)a / (double)b);
}

static uint64_t
uptime(const struct status_facts *f)
{
	return f->now_s > f->start_s ? (uint64_t)(f->now_s - f->start_s) : 1;
}

static uint64_t
cpu(const struct status_facts *f)
{
	return (uint64_t)f->cpu_user_cs + f->cpu_sys_cs +
	    f->cpu_kids_user_cs + f->cpu_kids_sys_cs;
}

static void
key(struct wr *w, const char *name, uint64_t v)
{
	wr_fmt(w, "%s: %llu\n", name, (unsigned long long)v);
}

static void
key_ratio(struct wr *w, const char *name, uint64_t a, uint64_t b)
{
	wr_fmt(w, "%s: ", name);
	ratio(w, a, b);
	wr_u8(w, '\n');
}

static void
key_cs(struct wr *w, const char *name, uint32_t cs)
{
	key_ratio(w, name, cs, 100);
}

static void
page_auto(struct wr *w, const struct status_facts *f)
{
	uint64_t up = uptime(f);

	wr_fmt(w, "%.*s\n", STR_ARG(f->host));
	wr_fmt(w, "ServerVersion: %.*s\n", STR_ARG(f->version));
	wr_text(w, "ServerMPM: event\n");
	wr_fmt(w, "Server Built: %.*s\n", STR_ARG(f->built));
	wr_text(w, "CurrentTime: ");
	date(w, f, f->now_s);
	wr_text(w, "\nRestartTime: ");
	date(w, f, f->start_s);
	wr_u8(w, '\n');
	key(w, "ParentServerConfigGeneration", f->generation);
	key(w, "ParentServerMPMGeneration", f->generation - 1);
	key(w, "ServerUptimeSeconds", up);
	wr_text(w, "ServerUptime: ");
	duration(w, (int64_t)up);
	wr_u8(w, '\n');
	for (unsigned i = 0; i < 3; i++)
		wr_fmt(w, "Load%s: %u.%02u\n", i == 0 ? "1" : i == 1 ? "5" :
		    "15", f->load100[i] / 100, f->load100[i] % 100);
	key(w, "Total Accesses", f->accesses);
	key(w, "Total kBytes", f->bytes / 1024);
	key(w, "Total Duration", f->busy_ms);
	key_cs(w, "CPUUser", f->cpu_user_cs);
	key_cs(w, "CPUSystem", f->cpu_sys_cs);
	key_cs(w, "CPUChildrenUser", f->cpu_kids_user_cs);
	key_cs(w, "CPUChildrenSystem", f->cpu_kids_sys_cs);
	key_ratio(w, "CPULoad", cpu(f), up);
	key(w, "Uptime", up);
	key_ratio(w, "ReqPerSec", f->accesses, up);
	key_ratio(w, "BytesPerSec", f->bytes, up);
	key_ratio(w, "BytesPerReq", f->bytes, f->accesses);
	key_ratio(w, "DurationPerReq", f->busy_ms, f->accesses);
	key(w, "BusyWorkers", f->workers_busy);
	key(w, "GracefulWorkers", f->workers_graceful);
	key(w, "IdleWorkers", f->workers_idle);
	wr_fmt(w, "Scoreboard: %.*s\n", (int)f->board_len, f->board);
}

static void
term(struct wr *w, const char *name, const char *text)
{
	wr_fmt(w, "<dt>%s: %s</dt>\n", name, text);
}

static void
page_facts(struct wr *w, const struct status_facts *f)
{
	uint64_t up = uptime(f);

	wr_text(w, "<dl><dt>Server Version: ");
	resp_html(w, f->version);
	wr_text(w, "</dt>\n");
	term(w, "Server MPM", "event");
	wr_text(w, "<dt>Server Built: ");
	resp_html(w, f->built);
	wr_text(w, "</dt></dl><hr><dl>\n<dt>Current Time: ");
	date(w, f, f->now_s);
	wr_text(w, "</dt>\n<dt>Restart Time: ");
	date(w, f, f->start_s);
	wr_fmt(w, "</dt>\n<dt>Parent Server Config. Generation: %u</dt>\n",
	    f->generation);
	wr_text(w, "<dt>Server uptime: ");
	duration(w, (int64_t)up);
	wr_fmt(w, "</dt>\n<dt>Server load: %u.%02u %u.%02u %u.%02u</dt>\n",
	    f->load100[0] / 100, f->load100[0] % 100, f->load100[1] / 100,
	    f->load100[1] % 100, f->load100[2] / 100, f->load100[2] % 100);
	wr_fmt(w, "<dt>Total accesses: %llu - Total Traffic: %llu kB</dt>\n",
	    (unsigned long long)f->accesses,
	    (unsigned long long)f->bytes / 1024);
	wr_text(w, "<dt>CPU seconds: ");
	ratio(w, cpu(f), 100);
	wr_text(w, " - ");
	ratio(w, cpu(f), up);
	wr_text(w, "% CPU load</dt>\n<dt>");
	ratio(w, f->accesses, up);
	wr_text(w, " requests/sec - ");
	ratio(w, f->bytes, up);
	wr_text(w, " B/second - ");
	ratio(w, f->bytes, f->accesses);
	wr_fmt(w, " B/request</dt>\n<dt>%u requests currently being "
	    "processed, %u idle workers</dt>\n</dl>\n", f->workers_busy,
	    f->workers_idle);
}

static void
page_table(struct wr *w, const struct status_facts *f)
{
	wr_text(w, "<table>\n<tr><th>PID</th><th>M</th><th>SS</th>"
	    "<th>Acc</th><th>KB</th><th>Client</th><th>VHost</th>"
	    "<th>Request</th></tr>\n");
	for (size_t i = 0; i < f->conns_n; i++) {
		const struct status_conn *c = &f->conns[i];

		wr_fmt(w, "<tr><td>%u</td><td>%c</td><td>%u</td>"
		    "<td>%llu</td><td>%llu</td><td>", c->pid, c->state,
		    c->age_ms / 1000, (unsigned long long)c->requests,
		    (unsigned long long)c->bytes / 1024);
		resp_html(w, c->client);
		wr_text(w, "</td><td>");
		resp_html(w, c->vhost);
		wr_text(w, "</td><td>");
		resp_html(w, c->request);
		wr_text(w, "</td></tr>\n");
	}
	wr_text(w, "</table>\n");
}

static void
page_html(struct wr *w, const struct status_facts *f, bool has_table)
{
	wr_text(w, "<!DOCTYPE html>\n<html><head>\n"
	    "<title>Apache Status</title>\n<style>body{font-family:"
	    "sans-serif}pre{white-space:pre-wrap;word-break:break-all}"
	    "table{border-collapse:collapse}td,th{padding:.1em .6em;"
	    "text-align:left}</style>\n</head><body>\n"
	    "<h1>Apache Server Status for ");
	resp_html(w, f->host);
	wr_text(w, "</h1>\n");
	page_facts(w, f);
	wr_text(w, "<pre>");
	resp_html(w, str_make(f->board, f->board_len));
	wr_text(w, "</pre>\n<p>\"<b>_</b>\" Waiting for Connection, "
	    "\"<b>R</b>\" Reading Request, \"<b>W</b>\" Sending Reply, "
	    "\"<b>K</b>\" Keepalive, \"<b>G</b>\" Gracefully finishing, "
	    "\"<b>.</b>\" Open slot</p>\n");
	if (has_table && f->conns_n > 0)
		page_table(w, f);
	wr_text(w, "</body></html>\n");
}

void
status_page(struct wr *w, const struct status_facts *f, struct str query,
    bool *ret_auto, unsigned *ret_refresh_s)
{
	bool has_table = true;

	*ret_auto = false;
	*ret_refresh_s = 0;
	while (query.len > 0) {
		struct str one = str_cut(query, '&', &query), value;
		uint32_t n = 10;

		one = str_cut(one, '=', &value);
		if (str_eq(one, STR("auto")))
			*ret_auto = true;
		else if (str_eq(one, STR("notable")))
			has_table = false;
		else if (str_eq(one, STR("refresh")))
			*ret_refresh_s = value.p == NULL ||
			    !num_u32(value, 1, 86400, &n) ? 10 : n;
	}
	if (*ret_auto)
		page_auto(w, f);
	else
		page_html(w, f, has_table);
}
