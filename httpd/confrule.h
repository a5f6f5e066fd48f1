/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFRULE_H
#define HTTPD_CONFRULE_H

/*
 * confrule - SetEnvIf, Header, Expires and their kin.
 */

#include "httpd/confbuild.h"

/*
 * confrule_set - carry out the directive at hand if it belongs here.
 *
 * False when its kind is another file's.
 */
bool confrule_set(struct confbuild *b, const struct conf_words *args);

#endif
