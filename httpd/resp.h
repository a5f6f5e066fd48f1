/* SPDX-License-Identifier: ISC */
/*
 * resp - the head of a response, built as a list and written once.
 *
 * Names are written exactly as given, so they are given in the classic
 * capitalisation: boot firmware compares "Content-Length" byte for byte.  A
 * field without a value is never written, because firmware has hung on one.
 * A value with a control character is not written either (no response
 * splitting through a redirect or a Header rule).
 */
#ifndef HTTPD_RESP_H
#define HTTPD_RESP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

#define RESP_FIELDS_MAX 64	/* more are refused: resp_add says false */
#define RESP_OWN_MAX 4		/* above these: see resp_own */
#define RESP_DATE_LEN 29	/* "Sun, 06 Nov 1994 08:49:37 GMT" */

struct resp_field {
	struct str name, value;
};

/* names and values are borrowed; they live as long as the request's arena */
struct resp {
	uint16_t status;
	uint16_t fields_n;
	struct str reason;	/* empty: the usual phrase */
	struct resp_field fields[RESP_FIELDS_MAX + RESP_OWN_MAX];
};

/*
 * resp_init - a response without fields.
 *
 * status  100..599
 */
void resp_init(struct resp *resp, unsigned status);

/*
 * resp_add - one more field, whatever there is already.
 *
 * name, value  borrowed
 *
 * False when the list is full; the response then lacks the field.
 */
bool resp_add(struct resp *resp, struct str name, struct str value);

/*
 * resp_set - replace all fields of a name by one.
 *
 * The field keeps the place of the first one it replaces.
 */
bool resp_set(struct resp *resp, struct str name, struct str value);

/*
 * resp_own - add what frames the answer, when all other fields are there.
 *
 * For at most RESP_OWN_MAX fields there is room however many others came:
 * without them a client could not tell where the answer ends.
 */
void resp_own(struct resp *resp, struct str name, struct str value);

/*
 * resp_append - join a value to the first field of a name with ", ".
 *
 * a       gets the joined text
 *
 * Adds the field when there is none.  False when there is no room.
 */
bool resp_append(struct resp *resp, struct str name, struct str value,
    struct arena *a);

/*
 * resp_unset - drop all fields of a name.
 */
void resp_unset(struct resp *resp, struct str name);

/*
 * resp_get - the value of the first field of a name; p == NULL when none.
 */
struct str resp_get(const struct resp *resp, struct str name);

/*
 * resp_lead - write what a head begins with: status line, Date, Server.
 *
 * is_10   say HTTP/1.0 (force-response-1.0)
 * date    RESP_DATE_LEN bytes
 * server  value of Server; empty: no such field
 *
 * Check wr_ok after the last piece: an incomplete head must not be sent.
 */
void resp_lead(const struct resp *resp, struct wr *w, bool is_10,
    struct str date, struct str server);

/*
 * resp_fields - write the fields from one position up to another.
 *
 * from, to   0 .. resp->fields_n
 *
 * What could split the response, and what has no value, is left out.  The
 * empty line behind the last field is the caller's.
 */
void resp_fields(const struct resp *resp, struct wr *w, unsigned from,
    unsigned to);

/*
 * resp_page - the built-in page of a status.
 *
 * location   for 3xx: where to; empty otherwise
 * method     of the request; shown by 405 only
 * signature  "<address>..</address>" line or empty
 */
void resp_page(struct wr *w, unsigned status, struct str location,
    struct str method, struct str signature);

/*
 * resp_is_ours - a field that only the server itself may write: how the answer
 * is framed, what the connection does next, who answers and when.
 */
bool resp_is_ours(struct str name);

/*
 * resp_html - text made safe for HTML: & < > " become entities.
 */
void resp_html(struct wr *w, struct str text);

#endif
