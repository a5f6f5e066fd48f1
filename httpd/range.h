/* SPDX-License-Identifier: ISC */
/*
 * range - the Range header (RFC 9110 14).
 *
 * What cannot be read, asks for too much work, or has another unit than bytes
 * is ignored: the client then gets the whole file, which is always right.
 */
#ifndef HTTPD_RANGE_H
#define HTTPD_RANGE_H

#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"

#define RANGE_MAX 512	/* ranges of one answer, whatever MaxRanges says */

/* bytes first..last, both included */
struct range {
	uint64_t first, last;
};

/* MaxRanges, MaxRangeOverlaps, MaxRangeReversals */
struct range_limits {
	uint32_t ranges_max;	/* 0: ranges are not served */
	uint32_t overlaps_max, reversals_max;
};

enum range_verdict {
	RANGE_WHOLE,		/* 200: no range, or one to ignore */
	RANGE_SOME,		/* 206: ret and ret_n say which */
	RANGE_NONE		/* 416: nothing satisfiable */
};

/*
 * range_parse - which bytes a Range header asks for.
 *
 * value   the field value
 * size    of the file; nothing is satisfiable in an empty one, and Apache's
 *         answer there, the whole (empty) file, is kept
 * ret     room for RANGE_MAX ranges, in the order of the request; a range that
 *         touches its predecessor is joined to it
 *
 * Numbers beyond 64 bits are taken as "to the end".
 */
enum range_verdict range_parse(struct str value, uint64_t size,
    const struct range_limits *limits, struct range *ret, unsigned *ret_n);

#endif
