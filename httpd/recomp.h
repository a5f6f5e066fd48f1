/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_RECOMP_H
#define HTTPD_RECOMP_H

/*
 * recomp - regular expressions to programs; re_compile's other half.
 */

#include <stdbool.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#include "httpd/re.h"

/*
 * recomp_run - as re_compile.
 */
MUST_CHECK bool recomp_run(struct str pattern, bool nocase, struct arena *a,
    const struct re **ret, struct re_error *reterr);

#endif
