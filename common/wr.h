/* SPDX-License-Identifier: ISC */
/*
 * wr - bounded writer into memory somebody else owns.
 *
 * Every write checks the bound.  Failure is sticky and a failing write writes
 * nothing at all, so the bytes up to len are always whole pieces.  wr_cut()
 * takes back what was written since a remembered length, and the failure with
 * it: that is how an option that does not fit is left out.
 * No terminating NUL is ever written; use wr_as_str() for the slice.
 */
#ifndef COMMON_WR_H
#define COMMON_WR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/cc.h"
#include "common/str.h"

struct wr {
	uint8_t *p;
	size_t cap;
	size_t len;		/* bytes written, never above cap */
	bool failed;
};

/*
 * wr_init - start writing at p, at most cap bytes.
 *
 * p NULL, as an arena gives it that is full: nothing fits, and that is no crash.
 */
static inline void
wr_init(struct wr *wr, void *p, size_t cap)
{
	wr->p = p;
	wr->cap = p == NULL ? 0 : cap;
	wr->len = 0;
	wr->failed = p == NULL;
}

/*
 * wr_ok - true while everything has fitted.
 */
static inline MUST_CHECK bool
wr_ok(const struct wr *wr)
{
	return !wr->failed;
}

/*
 * wr_left - room left; 0 after a failure.
 */
size_t wr_left(const struct wr *wr);

/*
 * wr_as_str - what has been written, as a slice of the buffer.
 */
static inline struct str
wr_as_str(const struct wr *wr)
{
	return str_make(wr->p, wr->len);
}

/*
 * wr_room - take n bytes to be filled in by the caller; NULL, and the writer
 * has failed, when they do not fit.
 *
 * The only place that compares with the cap and moves the length.  It and the
 * small writers below are inline because packets and log lines consist of
 * little else.
 */
static inline uint8_t *
wr_room(struct wr *wr, size_t n)
{
	uint8_t *p;

	ASSERT(wr->len <= wr->cap);
	if (wr->failed || n > wr->cap - wr->len) {
		wr->failed = true;
		return NULL;
	}
	p = wr->p + wr->len;
	wr->len += n;
	return p;
}

/*
 * wr_u8 - one byte.
 */
static inline void
wr_u8(struct wr *wr, uint8_t v)
{
	uint8_t *p = wr_room(wr, 1);

	if (p != NULL)
		p[0] = v;
}

/*
 * wr_u16 - two bytes, big-endian.
 */
static inline void
wr_u16(struct wr *wr, uint16_t v)
{
	uint8_t *p = wr_room(wr, 2);

	if (p == NULL)
		return;
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/*
 * wr_u32 - four bytes, big-endian.
 */
static inline void
wr_u32(struct wr *wr, uint32_t v)
{
	uint8_t *p = wr_room(wr, 4);

	if (p == NULL)
		return;
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/*
 * wr_bytes - n bytes; p may be NULL when n is 0.
 */
static inline void
wr_bytes(struct wr *wr, const void *p, size_t n)
{
	uint8_t *to;

	if (n == 0)
		return;
	to = wr_room(wr, n);
	if (to != NULL)
		memcpy(to, p, n);
}

/*
 * wr_str - the bytes of a slice.
 */
static inline void
wr_str(struct wr *wr, struct str s)
{
	wr_bytes(wr, s.p, s.len);
}

/*
 * wr_text - the characters of a C string, without its NUL.
 */
static inline void
wr_text(struct wr *wr, const char *s)
{
	wr_bytes(wr, s, strlen(s));
}

/*
 * wr_zero - n zero bytes.
 */
void wr_zero(struct wr *wr, size_t n);

/*
 * wr_dec - a number in decimal; cheaper than wr_fmt.
 */
void wr_dec(struct wr *wr, uint64_t v);

/*
 * wr_hex - n octets as two hexadecimal digits each, with colons between them.
 */
void wr_hex(struct wr *wr, const void *p, size_t n);

/*
 * wr_fmt - printf into the buffer; all of it or nothing.
 *
 * One byte more than the text must be free (vsnprintf needs it for its NUL).
 */
void wr_fmt(struct wr *wr, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * wr_vfmt - the same with the arguments in a list.
 */
void wr_vfmt(struct wr *wr, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/*
 * wr_patch_u16 - overwrite two bytes at position at, which must be below
 * len - 1, big-endian.  Does nothing once the writer has failed.
 */
void wr_patch_u16(struct wr *wr, size_t at, uint16_t v);

/*
 * wr_cut - go back to an earlier length; clears a failure.
 *
 * len        at most the present length
 */
void wr_cut(struct wr *wr, size_t len);

#endif
