/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFACC_H
#define HTTPD_CONFACC_H

/*
 * confacc - access directives.
 */

#include "httpd/confbuild.h"

/*
 * confacc_container - <RequireAll>, <RequireAny> or <RequireNone>.
 */
void confacc_container(struct confbuild *b, struct lex *lex, struct str args);

/*
 * confacc_set - carry out the directive at hand if it belongs here.
 *
 * False when its kind is another file's.
 */
bool confacc_set(struct confbuild *b, const struct conf_words *args);

#endif
