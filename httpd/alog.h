/* SPDX-License-Identifier: ISC */
/*
 * alog - the access log: a LogFormat compiled once, a line written per request.
 *
 * Compiled formats live in the configuration's arena.  Writing a line is pure:
 * everything it may show is in struct alog_event.  Bytes from the network are
 * escaped as Apache escapes them, so that one request is one line whatever it
 * contains.
 */
#ifndef HTTPD_ALOG_H
#define HTTPD_ALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"
#include "httpd/req.h"
#include "httpd/resp.h"
#include "httpd/route.h"

#define ALOG_LINE_MAX 32768	/* longest line; more is cut off */

struct alog_fmt;

/* one finished request; borrowed for the call */
struct alog_event {
	const struct req *req;
	const struct route *route;	/* NULL: refused before it was routed */
	const struct resp *resp;	/* NULL: nothing was sent */
	struct str client, peer, local;	/* addresses as text */
	struct str name;		/* client's host name, or empty */
	struct str server_name;		/* %v */
	struct str self_name;		/* %V */
	struct str uri, handler;	/* %U, %R: before internal redirects */
	struct str log_id;		/* %L or empty */
	uint16_t client_port, local_port, canonical_port;
	uint16_t status;		/* sent */
	uint16_t status_first;		/* before internal redirects */
	uint64_t body_bytes;		/* of content, without framing */
	uint64_t in_bytes, out_bytes;	/* everything, heads included */
	struct str time;		/* start_wall_s as by alog_time */
	int64_t start_wall_s;		/* when the request came */
	int32_t start_wall_ns;
	int64_t took_ns;
	int32_t utc_offset_s;		/* of local time, then */
	struct str zone;		/* its name, for %{%Z}t */
	uint32_t keepalive_n;		/* requests before on this connection */
	int32_t pid;
	char end;			/* %X: 'X', '+' or '-' */
};

/*
 * alog_compile - understand a LogFormat.
 *
 * fmt      the format, quotes of the configuration already removed
 * a        gets the compiled format and a copy of fmt
 * ret_bad  on failure: the directive that is not known, such as "%Q";
 *          empty when the arena is full
 *
 * NULL on failure.
 */
const struct alog_fmt *alog_compile(struct str fmt, struct arena *a,
    struct str *ret_bad);

#define ALOG_NEEDS_SELF 1u	/* self_name, canonical_port */
#define ALOG_NEEDS_LOCAL 2u	/* local */
#define ALOG_NEEDS_FIELDS 4u	/* fields of the response */

/*
 * alog_needs - which costly members of an event a format looks at.
 */
unsigned alog_needs(const struct alog_fmt *fmt);

/*
 * alog_line - one line with its newline.
 *
 * w       room for ALOG_LINE_MAX bytes; a longer line is cut, the newline
 *         always comes
 */
void alog_line(const struct alog_fmt *fmt, const struct alog_event *ev,
    struct wr *w);

/*
 * alog_time - "[10/Oct/2014:13:55:36 -0700]", brackets included.
 */
void alog_time(struct wr *w, int64_t wall_s, int32_t utc_offset_s);

#endif
