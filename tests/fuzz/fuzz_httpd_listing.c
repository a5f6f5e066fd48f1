/* SPDX-License-Identifier: ISC */
/*
 * A listing query on the first line, names behind it: the page is well formed
 * as far as no name can add markup to it, and patterns end in bounded time.
 */
#include <stdlib.h>
#include <string.h>

#include "httpd/listpage.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define NAMES_MAX 64

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct listing_entry entries[NAMES_MAX];
	static char buf[4096], out[1 << 20];
	struct conf_index ix = { .sort_key = 'N', .name_width = 23 };
	struct str rest, query = str_cut(str_make(p, len), '\n', &rest);
	struct listpage l = { .uri = STR_INIT("/x/"), .ix = &ix,
	    .entries = entries };
	struct wr w;

	if (len > sizeof buf || len == 0)
		return 0;
	ix.opts = p[0] & 1 ? CONF_IX_FANCY | CONF_IX_HTMLTABLE : CONF_IX_FANCY;
	ix.opts |= p[0] & 2 ? CONF_IX_VERSIONSORT : CONF_IX_FOLDERSFIRST;
	listing_query(&ix, query, buf, &l.query);
	while (rest.len > 0 && l.entries_n < NAMES_MAX) {
		struct listing_entry *e = &entries[l.entries_n];

		memset(e, 0, sizeof *e);
		e->name = str_cut(rest, '\n', &rest);
		e->size = e->name.len * 1000003;
		e->is_dir = e->name.len % 3 == 0;
		(void)listing_title(e->name);
		if (e->name.len > 0 &&
		    !listing_is_hidden(&ix, &l.query, e->name))
			l.entries_n++;
	}
	wr_init(&w, out, sizeof out);
	listpage_write(&l, &w);
	if (!wr_ok(&w) || str_find(wr_as_str(&w), STR("<script")) != STR_NONE)
		abort();
	return 0;
}
