/* SPDX-License-Identifier: ISC */
/*
 * hdr - names and values of header fields.
 *
 * The fields this server itself looks at have a number, so that a request's
 * table can be asked in constant time; everything else is found by name.  List
 * values ("a, b") are walked by hdr_next, which knows about quoted strings and
 * about the empty elements RFC 9110 5.6.1.2 asks a recipient to skip.
 */
#ifndef HTTPD_HDR_H
#define HTTPD_HDR_H

#include <stdbool.h>
#include <stddef.h>

#include "common/cc.h"
#include "common/str.h"

enum hdr_id {
	HDR_OTHER,
	HDR_ACCEPT_ENCODING,
	HDR_AUTHORIZATION,
	HDR_CONNECTION,
	HDR_CONTENT_LENGTH,
	HDR_CONTENT_TYPE,
	HDR_COOKIE,
	HDR_EXPECT,
	HDR_HOST,
	HDR_IF_MATCH,
	HDR_IF_MODIFIED_SINCE,
	HDR_IF_NONE_MATCH,
	HDR_IF_RANGE,
	HDR_IF_UNMODIFIED_SINCE,
	HDR_RANGE,
	HDR_REFERER,
	HDR_TRANSFER_ENCODING,
	HDR_USER_AGENT,
	HDR_N
};

/*
 * hdr_id - the number of a field name.
 *
 * name    any bytes; compared without regard to case
 *
 * HDR_OTHER when the server has no own use for the field.
 */
enum hdr_id hdr_id(struct str name);

/*
 * hdr_is_token - whether a slice is a token (RFC 9110 5.6.2).
 *
 * s       any bytes; the empty slice is not a token
 */
bool hdr_is_token(struct str s);

/*
 * hdr_token_len - bytes at the beginning that are token characters.
 *
 * s       any bytes
 */
size_t hdr_token_len(struct str s);

/*
 * hdr_is_value - whether a slice may be a field value.
 *
 * s       any bytes
 *
 * Horizontal tab, visible characters, blanks and bytes above 0x7f are allowed;
 * other controls, NUL and DEL are not.  RFC 9110 5.5.
 */
bool hdr_is_value(struct str s);

/*
 * hdr_next - cut the next element off a comma separated list.
 *
 * rest    in: what is left of the list; out: what follows the element
 * ret     the element without surrounding blanks; never empty
 *
 * False at the end.  A comma inside a quoted string does not separate.
 */
MUST_CHECK bool hdr_next(struct str *rest, struct str *ret);

/*
 * hdr_has - whether a comma separated list names a token.
 *
 * list    the field value
 * token   compared without regard to case
 */
bool hdr_has(struct str list, struct str token);

#endif
