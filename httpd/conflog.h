/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFLOG_H
#define HTTPD_CONFLOG_H

/*
 * conflog - log directives.
 */

#include "httpd/confbuild.h"

/*
 * conflog_finish - give every host its logs, formats compiled.
 */
void conflog_finish(struct confbuild *b);

/*
 * conflog_set - carry out the directive at hand if it belongs here.
 *
 * False when its kind is another file's.
 */
bool conflog_set(struct confbuild *b, const struct conf_words *args);

#endif
