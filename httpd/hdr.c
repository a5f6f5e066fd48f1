/* SPDX-License-Identifier: ISC */
/*
 * hdr - character classes, the table of known field names, list walking.
 *
 * The class table is written out so that a reader can compare it with the
 * grammar: bit 1 marks token characters (RFC 9110 5.6.2), bit 2 the bytes that
 * may stand in a field value (5.5).  Nothing here keeps state.
 */
#include "httpd/hdr.h"

#include <stddef.h>
#include <stdint.h>

#define T 3	/* token character, fine in a value */
#define V 2	/* fine in a value only */

static const uint8_t class_tab[256] = {
	['\t'] = V, [' '] = V, ['!'] = T, ['"'] = V, ['#'] = T, ['$'] = T,
	['%'] = T, ['&'] = T, ['\''] = T, ['('] = V, [')'] = V, ['*'] = T,
	['+'] = T, [','] = V, ['-'] = T, ['.'] = T, ['/'] = V,
	['0'] = T, T, T, T, T, T, T, T, T, T,
	[':'] = V, [';'] = V, ['<'] = V, ['='] = V, ['>'] = V, ['?'] = V,
	['@'] = V,
	['A'] = T, T, T, T, T, T, T, T, T, T, T, T, T,
	T, T, T, T, T, T, T, T, T, T, T, T, T,
	['['] = V, ['\\'] = V, [']'] = V, ['^'] = T, ['_'] = T, ['`'] = T,
	['a'] = T, T, T, T, T, T, T, T, T, T, T, T, T,
	T, T, T, T, T, T, T, T, T, T, T, T, T,
	['{'] = V, ['|'] = T, ['}'] = V, ['~'] = T,
	[0x80 ... 0xff] = V,
};

#undef T
#undef V

#define NAME(text, id) { text, sizeof(text) - 1, id }

/* in the order of their lengths: a name is compared with its peers only */
static const struct {
	const char *name;
	uint8_t len;
	enum hdr_id id;
} name_tab[] = {
	NAME("Host", HDR_HOST),
	NAME("Range", HDR_RANGE),
	NAME("Cookie", HDR_COOKIE),
	NAME("Expect", HDR_EXPECT),
	NAME("Referer", HDR_REFERER),
	NAME("If-Match", HDR_IF_MATCH),
	NAME("If-Range", HDR_IF_RANGE),
	NAME("User-Agent", HDR_USER_AGENT),
	NAME("Connection", HDR_CONNECTION),
	NAME("Content-Type", HDR_CONTENT_TYPE),
	NAME("Authorization", HDR_AUTHORIZATION),
	NAME("If-None-Match", HDR_IF_NONE_MATCH),
	NAME("Content-Length", HDR_CONTENT_LENGTH),
	NAME("Accept-Encoding", HDR_ACCEPT_ENCODING),
	NAME("If-Modified-Since", HDR_IF_MODIFIED_SINCE),
	NAME("Transfer-Encoding", HDR_TRANSFER_ENCODING),
	NAME("If-Unmodified-Since", HDR_IF_UNMODIFIED_SINCE),
};

#undef NAME

enum hdr_id
hdr_id(struct str name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(name_tab) && name_tab[i].len <= name.len;
	    i++)
		if (name.len == name_tab[i].len &&
		    str_lower(name.p[0]) == str_lower(name_tab[i].name[0]) &&
		    str_ieq(name, (struct str){ name_tab[i].name, name.len }))
			return name_tab[i].id;
	return HDR_OTHER;
}

size_t
hdr_token_len(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((class_tab[(uint8_t)s.p[i]] & 1) == 0)
			break;
	return i;
}

bool
hdr_is_token(struct str s)
{
	return s.len > 0 && hdr_token_len(s) == s.len;
}

bool
hdr_is_value(struct str s)
{
	size_t i = str_plain(s);

	for (; i < s.len; i++)
		if (class_tab[(uint8_t)s.p[i]] == 0)
			return false;
	return true;
}

/* the offset of the first comma outside quotes, or the length */
static size_t
element_end(struct str s)
{
	bool is_quoted = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (is_quoted && s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			is_quoted = !is_quoted;
		else if (s.p[i] == ',' && !is_quoted)
			return i;
	}
	return s.len;
}

bool
hdr_next(struct str *rest, struct str *ret)
{
	while (rest->len > 0) {
		size_t end = element_end(*rest);
		struct str item = str_trim(str_sub(*rest, 0, end));

		if (end < rest->len)
			end++;
		*rest = str_sub(*rest, end, rest->len - end);
		if (item.len > 0) {
			*ret = item;
			return true;
		}
	}
	return false;
}

bool
hdr_has(struct str list, struct str token)
{
	struct str item;

	while (hdr_next(&list, &item))
		if (str_ieq(item, token))
			return true;
	return false;
}
