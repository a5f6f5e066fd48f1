/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ENVRULE_H
#define HTTPD_ENVRULE_H

/*
 * envrule - SetEnv, UnsetEnv, SetEnvIf and BrowserMatch carried out.
 */

#include "common/arena.h"

#include "httpd/conf.h"
#include "httpd/route.h"

/*
 * envrule_if - the SetEnvIf rules from number `from` on.
 */
void envrule_if(const struct conf_rules *rules, unsigned from,
    const struct route_in *in, struct route_work *work, struct arena *turn,
    struct route *r);

/*
 * envrule_set - the SetEnv, PassEnv and UnsetEnv rules.
 */
void envrule_set(const struct conf_rules *rules, struct route *r);

#endif
