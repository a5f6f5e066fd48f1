/* SPDX-License-Identifier: ISC */
/*
 * num - strict numbers; see num.h for the contract.
 *
 * The bound is checked before each digit is taken in, so nothing overflows
 * however long the slice is.
 */
#include "common/num.h"

int
num_hexval(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower(c);
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool
digits(struct str s, unsigned base, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		int digit = num_hexval(s.p[i]);

		if (digit < 0 || (unsigned)digit >= base)
			return false;
		/* v * base + digit <= max, without computing it */
		if (v > max / base ||
		    (uint64_t)digit > max - v * base)
			return false;
		v = v * base + (uint64_t)digit;
	}
	*ret = v;
	return true;
}

bool
num_u64(struct str s, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t v;

	if (!digits(s, 10, max, &v) || v < min)
		return false;
	*ret = v;
	return true;
}

bool
num_u32(struct str s, uint32_t min, uint32_t max, uint32_t *ret)
{
	uint64_t v;

	if (!num_u64(s, min, max, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

bool
num_i64(struct str s, int64_t min, int64_t max, int64_t *ret)
{
	bool is_negative = s.len > 0 && s.p[0] == '-';
	uint64_t v;
	int64_t value;

	if (is_negative)
		s = str_sub(s, 1, s.len);
	if (!digits(s, 10, (uint64_t)INT64_MAX + is_negative, &v))
		return false;
	if (!is_negative)
		value = (int64_t)v;
	else if (v == 0)
		value = 0;
	else
		value = -(int64_t)(v - 1) - 1;
	if (value < min || value > max)
		return false;
	*ret = value;
	return true;
}

bool
num_hex(struct str s, uint64_t max, uint64_t *ret)
{
	return digits(s, 16, max, ret);
}
