/* SPDX-License-Identifier: ISC */
/*
 * rd - bounded reader over bytes that nobody vouches for.
 *
 * Every read checks the bound.  Failure is sticky: after the first read past
 * the end each further one yields zero (or NULL, or an empty slice) and moves
 * nothing, so ten reads need one rd_ok() at the end.  Integers are big-endian
 * on the wire, host order in the result.  The reader borrows the bytes.
 */
#ifndef COMMON_RD_H
#define COMMON_RD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"

struct rd {
	const uint8_t *p;
	size_t len;		/* bytes in all */
	size_t pos;		/* next byte to read, never above len */
	bool failed;
};

/*
 * rd_init - start reading len bytes at p; p may be NULL when len is 0.
 */
void rd_init(struct rd *rd, const void *p, size_t len);

/*
 * rd_ok - true while no read has gone past the end.
 */
bool rd_ok(const struct rd *rd) MUST_CHECK;

/*
 * rd_left - bytes not read yet; 0 after a failure.
 */
static inline size_t
rd_left(const struct rd *rd)
{
	return rd->failed ? 0 : rd->len - rd->pos;
}

/*
 * rd_fail - make the reader fail, for a caller that dislikes what it read.
 */
void rd_fail(struct rd *rd);

/*
 * rd_take - n bytes; NULL, and the reader has failed, when there are not so
 * many.  For n == 0 a pointer that must not be followed.
 *
 * The only place that compares with the end and moves the position.  The
 * comparison cannot overflow because pos never exceeds len.  Inline, as the
 * small readers below, because decoding a packet is little else.
 */
static inline const uint8_t *
rd_take(struct rd *rd, size_t n)
{
	const uint8_t *p;

	ASSERT(rd->pos <= rd->len);
	if (rd->failed || n > rd->len - rd->pos) {
		rd->failed = true;
		return NULL;
	}
	p = n == 0 ? rd->p : rd->p + rd->pos;
	rd->pos += n;
	return p;
}

/*
 * rd_u8 - one byte.
 */
static inline uint8_t
rd_u8(struct rd *rd)
{
	const uint8_t *p = rd_take(rd, 1);

	return p == NULL ? 0 : p[0];
}

/*
 * rd_u16 - two bytes, big-endian.
 */
static inline uint16_t
rd_u16(struct rd *rd)
{
	const uint8_t *p = rd_take(rd, 2);

	return p == NULL ? 0 : (uint16_t)(p[0] << 8 | p[1]);
}

/*
 * rd_u32 - four bytes, big-endian.
 */
static inline uint32_t
rd_u32(struct rd *rd)
{
	const uint8_t *p = rd_take(rd, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/*
 * rd_bytes - n bytes as a pointer into the input; NULL on failure.
 *
 * For n == 0 the pointer may be past the end: do not follow it.
 */
const uint8_t *rd_bytes(struct rd *rd, size_t n);

/*
 * rd_copy - n bytes into dst; dst is zeroed on failure.
 */
void rd_copy(struct rd *rd, void *dst, size_t n);

/*
 * rd_str - n bytes as a slice; empty on failure.
 */
struct str rd_str(struct rd *rd, size_t n);

/*
 * rd_cstr - bytes up to a NUL, which is taken too but not in the slice.
 *
 * Fails when there is no NUL in the rest.
 */
struct str rd_cstr(struct rd *rd);

/*
 * rd_rest - everything that is left, possibly empty.
 */
struct str rd_rest(struct rd *rd);

/*
 * rd_sub - a reader of its own over the next n bytes, which are taken here.
 *
 * On failure the sub-reader is born failed.
 */
struct rd rd_sub(struct rd *rd, size_t n);

/*
 * rd_skip - pass over n bytes.
 */
void rd_skip(struct rd *rd, size_t n);

#endif
