/* SPDX-License-Identifier: ISC */
/*
 * statsfile.c - the file of --stats-file, written from time to time.
 *
 * Owns the buffer, the timer and what the log was told last.  The numbers are
 * serve's; the text is made by stats.c.
 */
#include "dhcpd/statsfile.h"

#include <errno.h>

#include "common/proc.h"

bool
statsfile_is_open(const struct statsfile *f)
{
	return f->file.dir_fd >= 0;
}

void
statsfile_write(struct statsfile *f)
{
	struct wr w;

	if (!statsfile_is_open(f))
		return;
	wr_init(&w, f->text, PROM_TEXT_MAX);
	serve_stats(f->serve, &w, f->start_s);
	statfile_report(f->path, &f->said, !wr_ok(&w) ? -EFBIG :
	    statfile_put(&f->file, wr_as_str(&w)));
	ev_timer_in(f->serve->ev, &f->timer,
	    STATFILE_PERIOD_S * WHEN_NS_PER_S);
}

static void
on_timer(void *ctx)
{
	statsfile_write(ctx);
}

void
statsfile_start(struct statsfile *f, struct serve *serve, const char *path)
{
	int err;

	f->serve = serve;
	f->path = path;
	f->said = 0;
	f->file.dir_fd = -1;
	if (path[0] == '\0')
		return;
	f->start_s = ev_now(serve->ev)->wall_s;
	f->text = proc_reserve(PROM_TEXT_MAX);
	err = f->text == NULL ? -ENOMEM : statfile_open(&f->file, path);
	statfile_report(path, &f->said, err);
	ev_timer_init(&f->timer, on_timer, f);
	if (err == 0)
		ev_timer_in(serve->ev, &f->timer, 0);
}
