/* SPDX-License-Identifier: ISC */
/*
 * scorepage - sums over the shared counters of the workers.
 *
 * Apache's scoreboard has a letter per thread; we have a letter per
 * connection, so that the counts of busy and idle workers keep their meaning.
 */
#include "httpd/scorepage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "httpd/status.h"

#define BOARD_MAX 4096
#define PAGE_MAX 32768

struct sums {
	uint32_t idle, keepalive, busy;
};

static void
sum_up(const struct worker *w, struct status_facts *f, struct sums *sums)
{
	struct stats_requests all;
	unsigned i;

	memset(&all, 0, sizeof all);
	for (i = 0; i < w->scores_n; i++) {
		const struct worker_score *s = &w->scores[i];

		stats_add(&all, &s->requests);
		if (s->pid == 0)
			continue;
		sums->idle++;
		sums->keepalive += s->keepalive_n;
		sums->busy += s->conns_n - s->keepalive_n;
		if (s->is_draining)
			f->workers_graceful += s->conns_n;
	}
	for (i = 0; i < STATS_CLASSES; i++)
		f->accesses += all.class_n[i];
	f->bytes = all.bytes;
	f->busy_ms = all.took.sum_us / 1000;
}

static size_t
draw_board(const struct sums *sums, char *board)
{
	struct wr w;
	uint32_t i;

	wr_init(&w, board, BOARD_MAX);
	for (i = 0; i < sums->busy && wr_left(&w) > 0; i++)
		wr_u8(&w, 'W');
	for (i = 0; i < sums->keepalive && wr_left(&w) > 0; i++)
		wr_u8(&w, 'K');
	for (i = 0; i < sums->idle && wr_left(&w) > 0; i++)
		wr_u8(&w, '_');
	return w.len;
}

static void
cpu_times(struct status_facts *f)
{
	struct rusage self;

	if (getrusage(RUSAGE_SELF, &self) != 0)
		return;
	f->cpu_user_cs = (uint32_t)(self.ru_utime.tv_sec * 100 +
	    self.ru_utime.tv_usec / 10000);
	f->cpu_sys_cs = (uint32_t)(self.ru_stime.tv_sec * 100 +
	    self.ru_stime.tv_usec / 10000);
}

size_t
scorepage_write(struct xact *x, const uint8_t **ret, bool *ret_auto,
    unsigned *ret_refresh_s)
{
	struct worker *w = x->conn->w;
	struct status_facts f;
	struct sums sums = { 0, 0, 0 };
	char *board = arena_alloc(&x->turn, BOARD_MAX, 1);
	uint8_t *page = arena_alloc(&x->turn, PAGE_MAX, 1);
	double load[3] = { 0, 0, 0 };
	struct wr out;
	int i;

	memset(&f, 0, sizeof f);
	if (board == NULL || page == NULL)
		return 0;
	sum_up(w, &f, &sums);
	cpu_times(&f);
	if (getloadavg(load, 3) == 3)
		for (i = 0; i < 3; i++)
			f.load100[i] = (uint32_t)(load[i] * 100);
	f.host = x->vhost->name;
	f.version = str_of(w->server);
	f.built = STR("kickstand " KS_VERSION);
	f.now_s = ev_now(&w->ev)->wall_s;
	f.start_s = w->start_s;
	f.utc_off_s = w->utc_offset_s;
	f.zone = str_of(w->zone);
	f.generation = w->generation;
	f.workers_busy = sums.busy;
	f.workers_idle = sums.idle + sums.keepalive;
	f.board_len = draw_board(&sums, board);
	f.board = board;
	wr_init(&out, page, PAGE_MAX);
	status_page(&out, &f, x->route.query, ret_auto, ret_refresh_s);
	*ret = page;
	return wr_ok(&out) ? out.len : 0;
}
