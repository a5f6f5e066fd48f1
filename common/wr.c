/* SPDX-License-Identifier: ISC */
/*
 * wr - bounded writer; see wr.h for the contract.
 *
 * Everything goes through wr_room() of the header.  The one core file that may
 * call vsnprintf.
 */
#include "common/wr.h"

#include <stdio.h>
#include <string.h>

size_t
wr_left(const struct wr *wr)
{
	return wr->failed ? 0 : wr->cap - wr->len;
}

void
wr_zero(struct wr *wr, size_t n)
{
	uint8_t *p = wr_room(wr, n);

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
wr_hex(struct wr *wr, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *octets = p;
	uint8_t *to;

	if (n == 0)
		return;
	/* n octets are in memory, so three times as many can be counted. */
	to = wr_room(wr, 3 * n - 1);
	if (to == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*to++ = ':';
		*to++ = (uint8_t)digits[octets[i] >> 4];
		*to++ = (uint8_t)digits[octets[i] & 15];
	}
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
