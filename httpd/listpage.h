/* SPDX-License-Identifier: ISC */
/*
 * listpage - the HTML of a directory page.
 *
 * Links, names, columns, icons and sort queries are those of Apache, because
 * installers and mirror tools parse these pages; a few lines of style make
 * them readable in a browser.
 */
#ifndef HTTPD_LISTPAGE_H
#define HTTPD_LISTPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"
#include "common/wr.h"
#include "httpd/conf.h"
#include "httpd/listing.h"

/* everything a page is made of; borrowed for the call */
struct listpage {
	struct str uri;		/* decoded path, ends with '/' */
	const struct conf_index *ix;
	struct listing_query query;
	struct listing_entry *entries;	/* sorted in place */
	size_t entries_n;
	struct str header, readme;	/* content of HEADER, README */
	bool header_is_html, readme_is_html;
	struct str signature;	/* "<address>..</address>\n" or empty */
	int32_t utc_offset_s;	/* of local time */
};

/*
 * listpage_write - sort the entries and write the page.
 *
 * w       check wr_ok afterwards: a page that did not fit must not be sent
 */
void listpage_write(struct listpage *l, struct wr *w);

#endif
