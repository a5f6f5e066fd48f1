/* SPDX-License-Identifier: ISC */
/*
 * range - parser for byte ranges.
 *
 * One pass over the list.  A malformed element makes the whole header void; an
 * element beyond the end of the file is only dropped.
 */
#include "httpd/range.h"

#include <stdbool.h>
#include <stddef.h>

#include "common/num.h"

enum spec { SPEC_BAD, SPEC_UNSATISFIABLE, SPEC_GOOD };

/* digits only; more than 64 bits give the largest number */
static bool
number(struct str s, uint64_t *ret)
{
	size_t i;

	if (s.len == 0)
		return false;
	for (i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	if (!num_u64(s, 0, UINT64_MAX, ret))
		*ret = UINT64_MAX;
	return true;
}

/* "a-b", "a-" or "-n" */
static enum spec
parse_spec(struct str s, uint64_t size, struct range *ret)
{
	size_t dash = str_chr(s, '-');
	struct str a, b;
	uint64_t n;

	if (dash == STR_NONE)
		return SPEC_BAD;
	a = str_sub(s, 0, dash);
	b = str_sub(s, dash + 1, s.len - dash - 1);
	if (a.len == 0) {
		if (!number(b, &n))
			return SPEC_BAD;
		if (n == 0)
			return SPEC_UNSATISFIABLE;
		ret->first = n < size ? size - n : 0;
		ret->last = size - 1;
		return SPEC_GOOD;
	}
	if (!number(a, &ret->first))
		return SPEC_BAD;
	ret->last = UINT64_MAX;
	if (b.len > 0 && !number(b, &ret->last))
		return SPEC_BAD;
	if (ret->last < ret->first)
		return SPEC_BAD;
	if (ret->last >= size)
		ret->last = size - 1;
	return ret->first < size ? SPEC_GOOD : SPEC_UNSATISFIABLE;
}

/* joins r to the last range when they touch; true when it did */
static bool
join(struct range *last, const struct range *r)
{
	if (r->first > last->last + 1 || r->last + 1 < last->first)
		return false;
	if (r->first < last->first)
		last->first = r->first;
	if (r->last > last->last)
		last->last = r->last;
	return true;
}

struct count {
	uint32_t ranges, overlaps, reversals;
};

/* false when the limits are broken */
static bool
add(struct range *v, unsigned *n, const struct range *r, struct count *count,
    const struct range_limits *limits)
{
	struct range *last = *n == 0 ? NULL : &v[*n - 1];

	if (++count->ranges > limits->ranges_max)
		return false;
	if (last != NULL && r->first < last->first &&
	    ++count->reversals > limits->reversals_max)
		return false;
	if (last != NULL && r->first <= last->last && r->last >= last->first &&
	    ++count->overlaps > limits->overlaps_max)
		return false;
	if (last != NULL && join(last, r))
		return true;
	if (*n == RANGE_MAX)
		return false;
	v[(*n)++] = *r;
	return true;
}

/* ranges that together are longer than the file cost more than they save */
static bool
is_worth_it(const struct range *v, unsigned n, uint64_t size)
{
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < n; i++) {
		sum += v[i].last - v[i].first + 1;
		if (sum > size)
			return false;
	}
	return true;
}

enum range_verdict
range_parse(struct str value, uint64_t size, const struct range_limits *limits,
    struct range *ret, unsigned *ret_n)
{
	struct count count = { 0, 0, 0 };
	bool had_bad = false;

	*ret_n = 0;
	if (size == 0 || !str_istarts(value, STR("bytes=")))
		return RANGE_WHOLE;
	value = str_sub(value, 6, value.len - 6);
	while (value.len > 0) {
		struct str item = str_trim(str_cut(value, ',', &value));
		struct range r;

		if (item.len == 0)
			continue;
		switch (parse_spec(item, size, &r)) {
		case SPEC_BAD:
			return RANGE_WHOLE;
		case SPEC_UNSATISFIABLE:
			had_bad = true;
			break;
		case SPEC_GOOD:
			if (!add(ret, ret_n, &r, &count, limits))
				return RANGE_WHOLE;
			break;
		}
	}
	if (*ret_n == 0)
		return had_bad ? RANGE_NONE : RANGE_WHOLE;
	return is_worth_it(ret, *ret_n, size) ? RANGE_SOME : RANGE_WHOLE;
}
