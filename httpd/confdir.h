/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFDIR_H
#define HTTPD_CONFDIR_H

/*
 * confdir - directory-level directives.
 */

#include "httpd/confbuild.h"

/*
 * confdir_set - carry out the directive at hand if it belongs here.
 *
 * False when its kind is another file's.
 */
bool confdir_set(struct confbuild *b, const struct conf_words *args);

#endif
