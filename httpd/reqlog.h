/* SPDX-License-Identifier: ISC */
/*
 * reqlog - the log lines of one request, access and error.
 */
#ifndef HTTPD_REQLOG_H
#define HTTPD_REQLOG_H

#include "httpd/conn.h"

/*
 * reqlog_access - the access log lines of a finished request.
 *
 * Also counts it for the status page.
 */
void reqlog_access(struct xact *x);

/*
 * reqlog_error - one line into the error log of the request's host.
 *
 * Dropped when the level is above LogLevel.  err is errno of what failed, or 0.
 */
void reqlog_error(struct xact *x, const char *module, enum conf_level level,
    int err, struct str text);

#endif
