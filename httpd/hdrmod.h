/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_HDRMOD_H
#define HTTPD_HDRMOD_H

/*
 * hdrmod - Header, RequestHeader and Expires carried out.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"

#include "httpd/resp.h"
#include "httpd/route.h"

/*
 * hdrmod_apply - edit an answer's fields as the configuration says.
 *
 * resp         complete but for Date and Server; edited in place
 * is_built_in  the body is a built-in page: only `always` rules apply
 * r            its env gets the values of `Header note`
 * type         media type for ExpiresByType, without parameters
 * turn         memory for new values
 *
 * Nothing happens (and nothing is looked at) when the directory has no rule.
 */
void hdrmod_apply(const struct route_in *in, struct route *r,
    struct route_work *work, struct resp *resp, bool is_built_in,
    struct str type, struct arena *turn);

/*
 * hdrmod_request - edit the request's fields (RequestHeader).
 *
 * Called by route_plan's user before a script is started; fields are replaced
 * inside req, new text lies in turn.
 */
void hdrmod_request(const struct route_in *in, const struct route *r,
    struct route_work *work, struct req *req, struct arena *turn);

#endif
