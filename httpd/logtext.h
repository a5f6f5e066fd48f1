/* SPDX-License-Identifier: ISC */
/*
 * logtext - the shape of an error log line.
 *
 * Log watchers parse these lines, so they are Apache 2.4's to the letter:
 * "[Sun Nov 22 09:08:46.135400 2026] [core:error] [pid 7] (13)Permission
 * denied: [client A:P] TEXT".
 */
#ifndef HTTPD_LOGTEXT_H
#define HTTPD_LOGTEXT_H

#include <stdint.h>

#include "common/str.h"
#include "common/when.h"
#include "common/wr.h"
#include "httpd/conf.h"

/*
 * logtext_error - write one line with its newline.
 *
 * utc_offset_s  of local time
 * module        name before the colon of the level
 * reason        "(13)Permission denied" of a system call that failed, or empty
 * client        "address:port" or empty
 * text          bytes from outside are escaped here
 */
void logtext_error(struct wr *w, const struct when *now, int32_t utc_offset_s,
    const char *module, enum conf_level level, int pid, struct str reason,
    struct str client, struct str text);

/*
 * logtext_level - the name of a level.
 */
const char *logtext_level(enum conf_level level);

#endif
