/* SPDX-License-Identifier: ISC */
/*
 * cond - conditional requests (RFC 9110 13).
 *
 * A pure function of the request's conditions and what the file has now.  The
 * order of evaluation is that of 13.2.2, with one departure that existing
 * clients may know from Apache: a failing If-Unmodified-Since is heard even
 * next to an If-Match that holds.
 */
#ifndef HTTPD_COND_H
#define HTTPD_COND_H

#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"
#include "httpd/req.h"

/* what the file has */
struct cond_have {
	struct str etag;	/* as sent, quotes and W/ included; may be empty */
	int64_t mtime_s;	/* as sent in Last-Modified */
	int64_t now_s;
};

enum cond_verdict {
	COND_SEND,		/* nothing in the way */
	COND_UNCHANGED,		/* 304 */
	COND_FAILED		/* 412 */
};

/*
 * cond_decide - what the conditions of a request say.
 *
 * req     any method
 * have    validators of what would be sent
 */
enum cond_verdict cond_decide(const struct req *req,
    const struct cond_have *have);

/*
 * cond_if_range - whether Range may be obeyed next to If-Range.
 *
 * True when there is no If-Range, or its entity tag matches strongly, or its
 * date is exactly that of the file.  RFC 9110 13.1.5.
 */
bool cond_if_range(const struct req *req, const struct cond_have *have);

#endif
