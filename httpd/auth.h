/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_AUTH_H
#define HTTPD_AUTH_H

/*
 * auth - Basic authentication (RFC 7617) against htpasswd files.
 *
 * $apr1$ and {SHA} are computed here; every other hash is given to crypt(3)
 * through a callback.  Plain text never matches.
 */

#include <stdbool.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

#define AUTH_HASH_MAX	512	/* longest hash in a file, or from crypt */
#define AUTH_PASSWORD_MAX 512	/* longer ones never match */

/*
 * auth_basic - user and password of an Authorization value.
 *
 * False when it is not Basic.  What is not base64 is cut off, and without a
 * colon there is an empty password: the name is logged, nothing is let in.
 */
MUST_CHECK bool auth_basic(struct str value, struct arena *a,
    struct str *ret_user, struct str *ret_password);

/*
 * auth_hash - the hash of a user in a password file; p NULL when unknown.
 */
struct str auth_hash(struct str file, struct str user);

/*
 * auth_verify - whether a password gives the hash.
 *
 * crypt  as in route_fs; may be NULL
 */
bool auth_verify(struct str hash, struct str password,
    int (*crypt)(void *ctx, struct str password, struct str setting,
    struct wr *ret), void *ctx);

/*
 * auth_in_group - whether a group file ("name: user user") lists a user.
 */
bool auth_in_group(struct str file, struct str group, struct str user);

#endif
