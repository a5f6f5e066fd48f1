/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFSECT_H
#define HTTPD_CONFSECT_H

/*
 * confsect - sections: <Directory>, <VirtualHost>, <Limit>, <If> and the conditions.
 */

#include "httpd/confbuild.h"

/*
 * confsect_open - a section opener; reads up to its end.
 */
void confsect_open(struct confbuild *b, struct lex *lex,
    const struct dirtab_row *row, struct str args);

#endif
