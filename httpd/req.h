/* SPDX-License-Identifier: ISC */
/*
 * req - one HTTP/1 request head: incremental framing, then a strict parse.
 *
 * Bytes arrive in any pieces.  req_scan looks only at what is new and says when
 * a whole head has come; req_parse then reads it once, into slices that point
 * into the caller's buffer.  There is no lenient mode: whatever two parsers
 * could read differently - bare LF, blanks around names, two lengths, a length
 * next to a transfer coding, folded lines - is refused with a status and the
 * connection is to be closed.  RFC 9112.
 */
#ifndef HTTPD_REQ_H
#define HTTPD_REQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "httpd/hdr.h"
#include "httpd/proto.h"

#define REQ_HEAD_MAX 32768	/* bytes of a request head, all lines together */
#define REQ_FIELDS_MAX 250	/* header lines, whatever LimitRequestFields says */
#define REQ_EDITS_MAX 16	/* header lines replaced or added by configuration */

/* LimitRequestLine, LimitRequestFields, LimitRequestFieldSize */
struct req_limits {
	uint32_t line_max;	/* bytes before the line end */
	uint32_t fields_max;	/* at most REQ_FIELDS_MAX */
	uint32_t field_max;	/* bytes of one header line */
};

/* where req_scan stands; all zero for a new request */
struct req_scan {
	uint32_t pos;		/* bytes already looked at */
	uint32_t line_start;	/* of the line that is still incomplete */
	uint32_t lines_n;	/* complete lines seen, leading empty ones not counted */
};

struct req_field {
	uint16_t name_at, name_len;
	uint16_t value_at, value_len;
	uint8_t id;		/* enum hdr_id */
	bool is_gone;		/* removed by configuration */
};

struct req_edit {
	struct str name, value;
	uint8_t id;
};

enum req_body {
	REQ_BODY_NONE,
	REQ_BODY_LENGTH,
	REQ_BODY_CHUNKED
};

/* lifetime: as long as the buffer it was parsed from stays where it is */
struct req {
	const char *base;	/* the buffer */
	uint32_t head_len;	/* bytes of the head, with its empty line */
	int status;		/* 0, or the status to refuse with */
	const char *why;	/* set with status: for the error log */
	enum proto_method method;
	struct str line;	/* request line as received, no line end */
	struct str method_s, target, version_s;
	struct str path, query;	/* raw; query without the question mark */
	struct str host;	/* name part, no port; empty: none was given */
	struct str host_port;	/* as written, with port */
	uint16_t port;		/* 0: none was given */
	uint8_t minor;		/* of HTTP/1.x */
	bool has_query;
	bool is_line_bad;	/* refused for its request line */
	bool is_absolute;	/* absolute-form: scheme and host in the target */
	bool wants_close, wants_keepalive;
	bool expects_continue, expects_other;
	enum req_body body;
	uint64_t body_len;	/* for REQ_BODY_LENGTH */
	uint16_t fields_n, edits_n;
	uint8_t known[HDR_N];	/* 1 + index of the first such field, or 0 */
	struct req_field fields[REQ_FIELDS_MAX];
	struct req_edit edits[REQ_EDITS_MAX];
};

enum req_verdict {
	REQ_MORE,		/* the head is not complete yet */
	REQ_DONE,		/* complete: call req_parse */
	REQ_BAD			/* a limit is broken: call req_parse for the status */
};

/*
 * req_scan - look for the end of a request head.
 *
 * scan    state, zero before the first call for a request
 * buf     everything received since the request began
 * len     at most REQ_HEAD_MAX
 * limits  of the server that accepted the connection
 *
 * Each byte is looked at once, however many calls it takes.
 */
enum req_verdict req_scan(struct req_scan *scan, const char *buf, size_t len,
    const struct req_limits *limits);

/*
 * req_parse - read a whole request head.
 *
 * req     filled in completely
 * buf     first byte of the request; empty lines before it are skipped
 * len     what req_scan saw when it said REQ_DONE or REQ_BAD
 * limits  as for req_scan
 *
 * False when the request must be refused: req->status and req->why say how.
 * The line, the method and the fields read so far are valid even then, so that
 * the refusal can be logged.
 */
MUST_CHECK bool req_parse(struct req *req, const char *buf, size_t len,
    const struct req_limits *limits);

/*
 * req_known - the value of the first field with a number.
 *
 * id      not HDR_OTHER
 *
 * The empty slice with p == NULL when the request has no such field.
 */
struct str req_known(const struct req *req, enum hdr_id id);

/*
 * req_may_have - false when no field has this number; fast.
 *
 * id      HDR_OTHER: always true
 */
bool req_may_have(const struct req *req, enum hdr_id id);

/*
 * req_next - walk over all fields of one name.
 *
 * name    compared without regard to case
 * at      0 at first; moved on by each call
 * ret     the value
 *
 * False when there are no more; ret is then of no value.
 */
bool req_next(const struct req *req, struct str name, unsigned *at,
    struct str *ret);

/*
 * req_get - the value of the first field of a name.
 *
 * name    compared without regard to case
 *
 * The empty slice with p == NULL when there is none.
 */
struct str req_get(const struct req *req, struct str name);

/*
 * req_all - all values of one name as one list, as if they had come in one line.
 *
 * sep     what to put between them
 * ret     p NULL when there is none; may lie in a
 *
 * False when a is full; ret is the first value then.
 */
MUST_CHECK bool req_all(const struct req *req, struct str name, const char *sep,
    struct arena *a, struct str *ret);

/*
 * req_field - any field by position, for scripts and for TRACE.
 *
 * i       0 .. until false is returned
 */
bool req_field(const struct req *req, unsigned i, struct str *ret_name,
    struct str *ret_value);

/*
 * req_unset - forget all fields of a name (RequestHeader unset).
 *
 * name    compared without regard to case
 */
void req_unset(struct req *req, struct str name);

/*
 * req_add - add a field (RequestHeader add, and set after req_unset).
 *
 * name, value  borrowed for as long as the request lives
 *
 * False when REQ_EDITS_MAX fields have been added already.
 */
bool req_add(struct req *req, struct str name, struct str value);

#endif
