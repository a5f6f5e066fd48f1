/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_DIRTAB_H
#define HTTPD_DIRTAB_H

/*
 * dirtab - every directive of Apache 2.2 and 2.4, one row each.
 *
 * A row says where the directive may stand, how many words it takes, what
 * kind of value they are, where the value goes and how levels are merged;
 * or that it is accepted without effect, or refused and why.  Parser,
 * .htaccess, merging, `httpd -L`, the fuzzer's dictionary and the check of
 * the manual page read these rows.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"

/* Where a directive may stand. */
#define DIRTAB_S	0x01u	/* server */
#define DIRTAB_V	0x02u	/* <VirtualHost> */
#define DIRTAB_D	0x04u	/* <Directory>, <Files>, <Location> .. */
#define DIRTAB_H	0x08u	/* .htaccess */

/* AllowOverride classes. */
#define DIRTAB_OV_AUTH		0x01u
#define DIRTAB_OV_FILEINFO	0x02u
#define DIRTAB_OV_INDEXES	0x04u
#define DIRTAB_OV_LIMIT		0x08u
#define DIRTAB_OV_OPTIONS	0x10u
#define DIRTAB_OV_ALL		0x1fu

#endif
