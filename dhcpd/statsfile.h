/* SPDX-License-Identifier: ISC */
/*
 * statsfile.h - the file of --stats-file, written from time to time.  Shell.
 */
#ifndef DHCPD_STATSFILE_H
#define DHCPD_STATSFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/statfile.h"
#include "dhcpd/serve.h"

/* Process lifetime. */
struct statsfile {
	struct serve *serve;
	const char *path;
	struct statfile file;
	struct ev_timer timer;
	uint8_t *text;			/* PROM_TEXT_MAX */
	int64_t start_s;
	int said;			/* to the log, about it */
};

/*
 * statsfile_start - write now and every STATFILE_PERIOD_S seconds.
 *
 * path       borrowed; empty: never.  Its directory is opened here, in the
 *            chroot if there is one.
 *
 * Numbers that cannot be written are no reason not to serve: the log says so.
 */
void statsfile_start(struct statsfile *f, struct serve *serve,
    const char *path);

/*
 * statsfile_is_open - is there something to write to?
 */
bool statsfile_is_open(const struct statsfile *f);

/*
 * statsfile_write - write now, and then again after the period.
 */
void statsfile_write(struct statsfile *f);

#endif
