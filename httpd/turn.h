/* SPDX-License-Identifier: ISC */
/*
 * turn - small texts in the arena of one request.
 */
#ifndef HTTPD_TURN_H
#define HTTPD_TURN_H

#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#define TURN_TEXT_MAX 4608	/* a file name and what is said of it */

/*
 * turn_fmt - printf; the empty slice when it does not fit.
 *
 * At most TURN_TEXT_MAX bytes.
 */
struct str turn_fmt(struct arena *turn, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/*
 * turn_dec - a short text and a number, without the price of printf.
 *
 * text       at most 20 bytes
 */
struct str turn_dec(struct arena *turn, const char *text, uint64_t v);

#endif
