/* SPDX-License-Identifier: ISC */
/*
 * vis - bytes from strangers made safe; see vis.h for the contract.
 *
 * Runs of harmless bytes are copied in one go.  Bytes are judged by ASCII
 * codes, not by isprint(3), which would ask the locale.
 */
#include "common/vis.h"

static bool
is_plain(uint8_t c, bool quote_is_plain)
{
	return c >= ' ' && c <= '~' && c != '\\' &&
	    (c != '"' || quote_is_plain);
}

static void
escape(struct wr *wr, uint8_t c)
{
	char code[4] = { '\\', (char)c, 0, 0 };

	if (c == '\\' || c == '"') {
		wr_bytes(wr, code, 2);
		return;
	}
	code[1] = (char)('0' + (c >> 6));
	code[2] = (char)('0' + (c >> 3 & 7));
	code[3] = (char)('0' + (c & 7));
	wr_bytes(wr, code, 4);
}

static void
write_safe(struct wr *wr, const uint8_t *p, size_t len, bool quote_is_plain)
{
	size_t from = 0, i;

	for (i = 0; i < len; i++) {
		if (is_plain(p[i], quote_is_plain))
			continue;
		wr_bytes(wr, p + from, i - from);
		escape(wr, p[i]);
		from = i + 1;
	}
	wr_bytes(wr, p + from, len - from);
}

void
vis_log(struct wr *wr, const void *p, size_t len)
{
	if (len > 0)
		write_safe(wr, p, len, true);
}

void
vis_octal(struct wr *wr, const void *p, size_t len)
{
	if (len > 0)
		write_safe(wr, p, len, false);
}
