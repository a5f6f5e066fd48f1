/* SPDX-License-Identifier: ISC */
/*
 * wr - bounded writer; see wr.h for the contract.
 *
 * Everything goes through room(), the only place that compares with the cap
 * and moves the length.  The one core file that may call vsnprintf.
 */
#include "common/wr.h"

#include <stdio.h>
#include <string.h>

static uint8_t *
room(struct wr *wr, size_t n)
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

void
wr_init(struct wr *wr, void *p, size_t cap)
{
	ASSERT(p != NULL);
	wr->p = p;
	wr->cap = cap;
	wr->len = 0;
	wr->failed = false;
}

bool
wr_ok(const struct wr *wr)
{
	return !wr->failed;
}

size_t
wr_left(const struct wr *wr)
{
	return wr->failed ? 0 : wr->cap - wr->len;
}

struct str
wr_as_str(const struct wr *wr)
{
	return str_make(wr->p, wr->len);
}

void
wr_u8(struct wr *wr, uint8_t v)
{
	uint8_t *p = room(wr, 1);

	if (p != NULL)
		p[0] = v;
}

void
wr_u16(struct wr *wr, uint16_t v)
{
	uint8_t *p = room(wr, 2);

	if (p == NULL)
		return;
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

void
wr_u32(struct wr *wr, uint32_t v)
{
	uint8_t *p = room(wr, 4);

	if (p == NULL)
		return;
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

void
wr_bytes(struct wr *wr, const void *p, size_t n)
{
	uint8_t *to;

	if (n == 0)
		return;
	to = room(wr, n);
	if (to != NULL)
		memcpy(to, p, n);
}

void
wr_str(struct wr *wr, struct str s)
{
	wr_bytes(wr, s.p, s.len);
}

void
wr_text(struct wr *wr, const char *s)
{
	wr_bytes(wr, s, strlen(s));
}

void
wr_zero(struct wr *wr, size_t n)
{
	uint8_t *p = room(wr, n);

	if (p != NULL)
		memset(p, 0, n);
}

void
wr_dec(struct wr *wr, uint64_t v)
{
	char digits[20];	/* UINT64_MAX has that many */
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	wr_bytes(wr, digits + at, sizeof(digits) - at);
}

void
wr_fmt(struct wr *wr, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	wr_vfmt(wr, fmt, ap);
	va_end(ap);
}

void
wr_vfmt(struct wr *wr, const char *fmt, va_list ap)
{
	size_t left = wr_left(wr);
	int n;

	if (left == 0) {
		wr->failed = true;
		return;
	}
	n = vsnprintf((char *)wr->p + wr->len, left, fmt, ap);
	if (n < 0 || (size_t)n >= left)
		wr->failed = true;
	else
		wr->len += (size_t)n;
}

void
wr_patch_u16(struct wr *wr, size_t at, uint16_t v)
{
	if (wr->failed)
		return;
	ASSERT(wr->len >= 2);
	ASSERT(at <= wr->len - 2);
	wr->p[at] = (uint8_t)(v >> 8);
	wr->p[at + 1] = (uint8_t)v;
}

void
wr_cut(struct wr *wr, size_t len)
{
	ASSERT(len <= wr->len);
	wr->len = len;
	wr->failed = false;
}
