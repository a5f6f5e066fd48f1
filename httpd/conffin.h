/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFFIN_H
#define HTTPD_CONFFIN_H

/*
 * conffin - the beginning and the end of reading a configuration.
 */

#include "httpd/confbuild.h"

/*
 * conffin_defaults - what holds when nothing is said.
 */
void conffin_defaults(struct confbuild *b);

/*
 * conffin_finish - inherit, sort, resolve; false when that gave errors.
 */
void conffin_finish(struct confbuild *b);

/*
 * conffin_dir - the defaults of a directory level.
 */
void conffin_dir(struct conf_dir *d);

#endif
