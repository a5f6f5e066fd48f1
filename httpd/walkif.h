/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_WALKIF_H
#define HTTPD_WALKIF_H

/*
 * walkif - the values that <If> expressions ask for.
 */

#include "httpd/walk.h"

/*
 * walkif_holds - whether the section's expression is true for the request.
 */
bool walkif_holds(struct walk *w, const struct conf_section *s);

#endif
