/* SPDX-License-Identifier: ISC */
/*
 * rd - bounded reader; see rd.h for the contract.
 *
 * Everything goes through rd_take() of the header.
 */
#include "common/rd.h"

#include <string.h>

void
rd_init(struct rd *rd, const void *p, size_t len)
{
	ASSERT(p != NULL || len == 0);
	rd->p = len == 0 ? (const uint8_t *)"" : p;
	rd->len = len;
	rd->pos = 0;
	rd->failed = false;
}

bool
rd_ok(const struct rd *rd)
{
	return !rd->failed;
}

void
rd_fail(struct rd *rd)
{
	rd->failed = true;
}

const uint8_t *
rd_bytes(struct rd *rd, size_t n)
{
	return rd_take(rd, n);
}

void
rd_copy(struct rd *rd, void *dst, size_t n)
{
	const uint8_t *p = rd_take(rd, n);

	if (p == NULL)
		memset(dst, 0, n);
	else
		memcpy(dst, p, n);
}

struct str
rd_str(struct rd *rd, size_t n)
{
	const uint8_t *p = rd_take(rd, n);

	return str_make(p, p == NULL ? 0 : n);
}

struct str
rd_cstr(struct rd *rd)
{
	size_t left = rd_left(rd);
	const uint8_t *start = rd->p + rd->pos;
	const uint8_t *nul = left == 0 ? NULL : memchr(start, 0, left);
	struct str s;

	if (nul == NULL) {
		rd->failed = true;
		return str_make(NULL, 0);
	}
	s = rd_str(rd, (size_t)(nul - start));
	rd_skip(rd, 1);
	return s;
}

struct str
rd_rest(struct rd *rd)
{
	return rd_str(rd, rd_left(rd));
}

struct rd
rd_sub(struct rd *rd, size_t n)
{
	const uint8_t *p = rd_take(rd, n);
	struct rd sub;

	rd_init(&sub, p, p == NULL ? 0 : n);
	sub.failed = p == NULL;
	return sub;
}

void
rd_skip(struct rd *rd, size_t n)
{
	(void)rd_take(rd, n);
}
