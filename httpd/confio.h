/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFIO_H
#define HTTPD_CONFIO_H

/*
 * confio - the real file system and environment behind conf_io.
 */

#include "httpd/conf.h"

/*
 * confio_get - callbacks that read real files (cap 16 MiB each).
 */
const struct conf_io *confio_get(void);

#endif
