/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFSRV_H
#define HTTPD_CONFSRV_H

/*
 * confsrv - server-level directives.
 */

#include "httpd/confbuild.h"

/*
 * confsrv_set - carry out the directive at hand if it belongs here.
 *
 * False when its kind is another file's.
 */
bool confsrv_set(struct confbuild *b, const struct conf_words *args);

#endif
