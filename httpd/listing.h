/* SPDX-License-Identifier: ISC */
/*
 * listing - the entries of a directory page (mod_autoindex).
 *
 * Pure: the shell reads the directory and asks here what a query wants, what
 * IndexIgnore hides and how to sort.  listpage.h writes the page.
 */
#ifndef HTTPD_LISTING_H
#define HTTPD_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"
#include "httpd/conf.h"

/* one name in the directory */
struct listing_entry {
	struct str name;	/* no slash */
	struct str type;	/* media type or empty: for AddIconByType */
	struct str encoding;	/* or empty */
	struct str title;	/* of an HTML file, or empty */
	struct str desc;	/* AddDescription: the page fills it in */
	uint64_t size;
	int64_t mtime_s;
	bool is_dir;
};

/* what a "?C=N;O=D;F=2;V=1;P=pattern" asks for */
struct listing_query {
	char key;		/* CONF_IX_SORT_* */
	bool is_desc;
	uint32_t opts;		/* CONF_IX_*, with F= and V= applied */
	char frame, version;	/* '0'..'2', '0'..'1' as given, or 0 */
	struct str pattern;	/* decoded; empty: everything */
};

/*
 * listing_query - read the query string.
 *
 * query   raw, without '?'
 * buf     room for query.len bytes: the decoded pattern
 *
 * Reading stops at the first item that is not known; what came before stays.
 */
void listing_query(const struct conf_index *ix, struct str query, char *buf,
    struct listing_query *ret);

/*
 * listing_is_ignored - whether IndexIgnore hides a name; ".." is the line of
 * the directory above.
 */
bool listing_is_ignored(const struct conf_index *ix, struct str name);

/*
 * listing_is_hidden - whether IndexIgnore or the query's pattern hides a name.
 *
 * "." and ".." are always hidden.
 */
bool listing_is_hidden(const struct conf_index *ix,
    const struct listing_query *query, struct str name);

/*
 * listing_title - the <title> of an HTML file (ScanHTMLTitles).
 *
 * head    the first bytes of the file
 *
 * A slice of head without surrounding blanks, or the empty slice.
 */
struct str listing_title(struct str head);

/*
 * listing_sort - put entries into the order a query asks for, in place.
 */
void listing_sort(const struct listing_query *query, struct listing_entry *v,
    size_t n);

/*
 * listing_is_pattern - whether a word has wildcards: * ? [
 */
bool listing_is_pattern(struct str s);

/*
 * listing_match - shell pattern against a name: * ? [a-z] and backslash.
 *
 * A pattern of more than 255 octets matches nothing.
 */
bool listing_match(struct str pattern, struct str name);

#endif
