/* SPDX-License-Identifier: ISC */
/*
 * proto - the words of HTTP: methods and status codes.
 *
 * The method list is the one Apache knows: a method on it that a resource does
 * not offer is answered 405, any other token 501.  Reason phrases are those of
 * Apache 2.4, because log and test tools compare whole status lines.
 */
#ifndef HTTPD_PROTO_H
#define HTTPD_PROTO_H

#include <stdbool.h>

#include "common/str.h"

enum proto_method {
	PROTO_GET,
	PROTO_HEAD,
	PROTO_POST,
	PROTO_OPTIONS,
	PROTO_TRACE,
	PROTO_PUT,
	PROTO_DELETE,
	PROTO_CONNECT,
	PROTO_PATCH,
	PROTO_DAV,	/* WebDAV and versioning: known, never offered */
	PROTO_UNKNOWN
};

/*
 * proto_method - which method a request line names.
 *
 * name    the first word of the request line; methods are case-sensitive
 *
 * PROTO_UNKNOWN for every word that is not in the table.
 */
enum proto_method proto_method(struct str name);

/*
 * proto_reason - the phrase after a status code.
 *
 * status  100..599
 *
 * A code without a phrase of its own gets that of its class (x00).
 */
const char *proto_reason(int status);

/*
 * proto_has_body - whether a response of this status may carry content.
 *
 * status  100..599
 *
 * False for 1xx, 204 and 304.  RFC 9112 6.3.
 */
bool proto_has_body(int status);

#endif
