/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFIDX_H
#define HTTPD_CONFIDX_H

/*
 * confidx - directives of directory listings.
 */

#include "httpd/confbuild.h"

/*
 * confidx_set - carry out the directive at hand if it belongs here.
 *
 * False when its kind is another file's.
 */
bool confidx_set(struct confbuild *b, const struct conf_words *args);

#endif
