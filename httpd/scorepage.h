/* SPDX-License-Identifier: ISC */
/*
 * scorepage - the facts for the server-status page, over all workers.
 */
#ifndef HTTPD_SCOREPAGE_H
#define HTTPD_SCOREPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "httpd/conn.h"

/*
 * scorepage_write - gather and write the page into the request's arena.
 *
 * ret_auto, ret_refresh_s  as from status_page
 *
 * Its length; 0 when there is no room.
 */
size_t scorepage_write(struct xact *x, const uint8_t **ret, bool *ret_auto,
    unsigned *ret_refresh_s);

#endif
