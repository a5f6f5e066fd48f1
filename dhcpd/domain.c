/* SPDX-License-Identifier: ISC */
/*
 * domain - names of options 119, 120, 88 and their like.
 *
 * Reading follows a pointer only backwards, so it ends.
 */
#include "dhcpd/domain.h"

#include <string.h>

#define LABEL_MAX 63
#define POINTER 0xc0
#define POINTER_REACH 0x3fff

bool
domain_parse(struct str text, struct domain *ret)
{
	size_t n = 0;

	if (text.len && text.p[text.len - 1] == '.')
		text.len--;
	while (text.len) {
		size_t dot = str_chr(text, '.');
		size_t len = dot == STR_NONE ? text.len : dot;

		if (!len || len > LABEL_MAX || n + len + 2 > DOMAIN_WIRE_MAX)
			return false;
		ret->wire[n++] = (uint8_t)len;
		memcpy(ret->wire + n, text.p, len);
		n += len;
		if (dot != STR_NONE && dot + 1 == text.len)
			return false;
		text = str_sub(text, dot == STR_NONE ? len : len + 1, STR_NONE);
	}
	ret->wire[n++] = 0;
	ret->len = n;
	return true;
}

bool
domain_read(struct str list, size_t *at, struct domain *ret)
{
	const uint8_t *p = (const uint8_t *)list.p;
	size_t i = *at, end = 0, n = 0, limit = list.len;

	while (i < limit) {
		size_t len = p[i];

		if ((len & POINTER) == POINTER) {
			size_t target;

			if (i + 1 >= list.len)
				return false;
			target = (len & ~(size_t)POINTER) << 8 | p[i + 1];
			if (!end)
				end = i + 2;
			if (target >= i)
				return false;
			limit = list.len;
			i = target;
			continue;
		}
		if (len > LABEL_MAX || n + len + 1 > DOMAIN_WIRE_MAX || len + 1 > list.len - i)
			return false;
		memcpy(ret->wire + n, p + i, len + 1);
		n += len + 1;
		i += len + 1;
		if (!len) {
			ret->len = n;
			*at = end ? end : i;
			return true;
		}
	}
	return false;
}

static bool
same_octets_icase(const uint8_t *a, const uint8_t *b, size_t n)
{
	return str_ieq(str_make(a, n), str_make(b, n));
}

/* Where the rest of a name already stands in a list, or STR_NONE. */
static size_t
find_suffix(struct str list, const uint8_t *rest, size_t len)
{
	size_t at = 0;
	struct domain name;

	while (at < list.len) {
		size_t start = at, i = start;

		if (NEVER(!domain_read(list, &at, &name)))
			return STR_NONE;
		for (size_t k = 0; k < name.len && name.wire[k]; k += name.wire[k] + 1U) {
			const uint8_t *p = (const uint8_t *)list.p;

			if ((p[i] & POINTER) == POINTER || i > POINTER_REACH)
				break;
			if (name.len - k == len && same_octets_icase(name.wire + k, rest, len))
				return i;
			i += p[i] + 1U;
		}
	}
	return STR_NONE;
}

void
domain_append(struct wr *w, const struct domain *name, bool is_compressed)
{
	struct str list = wr_as_str(w);
	size_t i = 0;

	while (is_compressed && name->wire[i]) {
		size_t target = find_suffix(list, name->wire + i, name->len - i);

		if (target != STR_NONE) {
			wr_u16(w, (uint16_t)(POINTER << 8 | target));
			return;
		}
		wr_bytes(w, name->wire + i, name->wire[i] + 1U);
		i += name->wire[i] + 1U;
	}
	wr_bytes(w, name->wire + i, name->len - i);
}
