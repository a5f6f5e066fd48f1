/* SPDX-License-Identifier: ISC */
/*
 * uri - decoding and normalising in one buffer.
 *
 * decode() only ever shrinks, normalise() works in place: its write position
 * never passes its read position, and the path always keeps its first slash.
 */
#include "httpd/uri.h"

#include <string.h>

#include "common/num.h"

/* one escape at raw[i]: 0 and the byte, or a status */
static int
decode_escape(struct str raw, size_t i, enum uri_slashes slashes, char *ret)
{
	int hi, lo;

	if (raw.len - i < 3)
		return 400;
	hi = num_hexval(raw.p[i + 1]);
	lo = num_hexval(raw.p[i + 2]);
	if (hi < 0 || lo < 0)
		return 400;
	*ret = (char)(hi * 16 + lo);
	if (*ret == '\0' || (*ret == '/' && slashes == URI_SLASHES_OFF))
		return 404;
	return 0;
}

/* a 404 is kept until the whole path is known to be well formed */
static int
decode(struct str raw, enum uri_slashes slashes, char *buf, size_t *ret_len)
{
	size_t i, n = 0;
	int missing = 0;

	for (i = 0; i < raw.len; i++) {
		char c = raw.p[i];
		int status;

		if (c != '%') {
			if (c == '\0')
				missing = 404;
			buf[n++] = c;
			continue;
		}
		status = decode_escape(raw, i, slashes, &c);
		if (status == 400)
			return status;
		if (status == 404)
			missing = status;
		if (c == '/' && slashes == URI_SLASHES_KEEP) {
			memcpy(buf + n, raw.p + i, 3);
			n += 3;
		} else {
			buf[n++] = c;
		}
		i += 2;
	}
	*ret_len = n;
	return missing;
}

/* the position after the segment's parent, or 0 when there is none */
static size_t
parent(const char *buf, size_t n)
{
	ASSERT(n > 0 && buf[n - 1] == '/');
	if (n == 1)
		return 0;
	for (n--; buf[n - 1] != '/'; n--)
		continue;
	return n;
}

static int
normalise(char *buf, size_t len, bool merge, size_t *ret_len)
{
	size_t i = 1, n = 1;	/* both stand behind a slash */

	while (i < len) {
		size_t end = i;

		while (end < len && buf[end] != '/')
			end++;
		if (end - i == 2 && buf[i] == '.' && buf[i + 1] == '.') {
			n = parent(buf, n);
			if (n == 0)
				return 400;
		} else if (end - i == 1 && buf[i] == '.') {
			/* stays where it is */
		} else if (end > i || !merge) {
			memmove(buf + n, buf + i, end - i);
			n += end - i;
			if (end < len)
				buf[n++] = '/';
		}
		i = end + 1;
	}
	ASSERT(n <= len);
	*ret_len = n;
	return 0;
}

int
uri_path(struct str raw, enum uri_slashes slashes, bool merge, char *buf,
    struct str *ret)
{
	size_t len;
	int missing, status;

	if (str_eq(raw, STR("*"))) {
		buf[0] = '*';
		*ret = str_make(buf, 1);
		return 0;
	}
	if (!str_starts(raw, STR("/")))
		return 400;
	missing = decode(raw, slashes, buf, &len);
	if (missing == 400)
		return missing;
	status = normalise(buf, len, merge, &len);
	if (status != 0)
		return status;
	if (missing != 0)
		return missing;
	*ret = str_make(buf, len);
	return 0;
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("/-._~!$&'()*+,:;=@", c) != NULL);
}

void
uri_encode(struct wr *w, struct str path)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < path.len; i++) {
		uint8_t c = (uint8_t)path.p[i];

		if (is_plain(path.p[i])) {
			wr_u8(w, c);
		} else {
			wr_u8(w, '%');
			wr_u8(w, (uint8_t)hex[c >> 4]);
			wr_u8(w, (uint8_t)hex[c & 15]);
		}
	}
}
