/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_STATUS_H
#define HTTPD_STATUS_H

/*
 * status - the page of the server-status handler.
 *
 * Keys and their order as Apache's, so that monitoring that reads ?auto
 * goes on working.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"
#include "common/wr.h"

/* One connection for the table of the human page. */
struct status_conn {
	uint32_t pid;
	char state;		/* scoreboard letter */
	uint32_t age_ms;	/* of the running or last request */
	uint64_t bytes, requests;	/* of this connection */
	struct str client, vhost, request;	/* not escaped */
};

/* What the shell has counted over all workers. */
struct status_facts {
	struct str host;	/* ServerName and port */
	struct str version;	/* Server header */
	struct str built;
	int64_t now_s, start_s;	/* wall clock */
	int32_t utc_off_s;	/* local zone, and its name: */
	struct str zone;
	uint32_t generation;
	uint32_t load100[3];	/* load averages times 100 */
	uint64_t accesses, bytes;
	uint64_t busy_ms;	/* sum of request durations */
	uint32_t cpu_user_cs, cpu_sys_cs;		/* 1/100 s */
	uint32_t cpu_kids_user_cs, cpu_kids_sys_cs;
	uint32_t workers_busy, workers_graceful, workers_idle;
	const char *board;	/* scoreboard letters */
	size_t board_len;
	const struct status_conn *conns;
	size_t conns_n;
};

/*
 * status_page - write the page.
 *
 * query      raw query: "auto", "refresh=N", "notable"
 * ret_auto   true: the text is for machines (text/plain)
 * ret_refresh_s  value for a Refresh field, 0 = none
 */
void status_page(struct wr *w, const struct status_facts *f, struct str query,
    bool *ret_auto, unsigned *ret_refresh_s);

#endif
