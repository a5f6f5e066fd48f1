/* SPDX-License-Identifier: ISC */
/*
 * date - HTTP dates (RFC 9110 5.6.7).
 *
 * Written always as IMF-fixdate; read in all three forms that have ever been
 * legal, because installers older than the RFC are among the clients.
 */
#ifndef HTTPD_DATE_H
#define HTTPD_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

#define DATE_LEN 29	/* "Sun, 06 Nov 1994 08:49:37 GMT" */

/*
 * date_fmt - write wall seconds as an IMF-fixdate.
 *
 * wall_s  years 0..9999; others are cut to these
 */
void date_fmt(struct wr *w, int64_t wall_s);

/*
 * date_parse - read an IMF-fixdate, an RFC 850 or an asctime date.
 *
 * s       surrounding blanks are allowed
 * now_s   for two-digit years: not more than 50 years after this
 * ret     wall seconds, UTC
 *
 * False for anything else; ret is then untouched.  The weekday is not
 * compared with the date, only its shape is checked.
 */
MUST_CHECK bool date_parse(struct str s, int64_t now_s, int64_t *ret);

/*
 * date_month - "Jan" .. "Dec" for 1 .. 12.
 */
const char *date_month(int mon);

/*
 * date_wday - "Sun" .. "Sat" for 0 .. 6.
 */
const char *date_wday(int wday);

#endif
