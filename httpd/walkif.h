/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_WALKIF_H
#define HTTPD_WALKIF_H

/*
 * walkif - the values that the expressions of <If> and Require ask for.
 */

#include "httpd/expr.h"
#include "httpd/walk.h"

/*
 * walkif_holds - whether an expression is true for the request.
 *
 * *ret_no_user says whether it looked at the user, and there is none yet.
 */
bool walkif_holds(struct walk *w, const struct expr *e, bool *ret_no_user);

#endif
