/* SPDX-License-Identifier: ISC */
/*
 * listpage - markup of a directory page.
 *
 * Three frames: a table (HTMLTable), a preformatted block (FancyIndexing) and
 * a bare list.  The markup is Apache's 2.4 so that what parses its pages
 * parses ours.  A page whose character set is not UTF-8 shows names that are
 * valid UTF-8 by character references, so that nobody sees mojibake.
 */
#include "httpd/listpage.h"

#include "common/cc.h"
#include "common/when.h"
#include "httpd/date.h"
#include "httpd/resp.h"
#include "httpd/uri.h"

#define NAME_WIDTH_MIN 5	/* one character and "..>" must fit */
#define NAME_WIDTH_FREE 16	/* "Parent Directory" */

/* AddIcon and its kin: without wildcards the end of the name must agree */
static bool
match_end(struct str pattern, struct str name)
{
	return listing_is_pattern(pattern) ? listing_match(pattern, name) :
	    str_ends(name, pattern);
}

/* ---- what stands in a row -------------------------------------------------- */

struct page {
	struct wr *w;
	const struct listpage *l;
	const struct conf_index *ix;
	uint32_t opts;
	size_t name_width;
	bool is_utf8;
	bool is_styled;		/* IndexStyleSheet: classes instead of align */
	unsigned row_n;
	struct str close;	/* end of an empty tag: ">" or " />" */
};

/* length of the valid UTF-8 sequence at p and its character; 0 if invalid */
static size_t
utf8(const char *p, size_t len, uint32_t *ret)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t c = (uint8_t)p[0];
	size_t n = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	uint32_t v;
	size_t i;

	if (n == 0 || n > len)
		return 0;
	v = c & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if (((uint8_t)p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | ((uint8_t)p[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 0;
	*ret = v;
	return n;
}

/* characters, where a valid UTF-8 sequence is one */
static size_t
columns(struct str s)
{
	size_t i = 0, n = 0;
	uint32_t v;

	while (i < s.len) {
		size_t step = (s.p[i] & 0x80) == 0 ? 1 :
		    utf8(s.p + i, s.len - i, &v);

		i += step == 0 ? 1 : step;
		n++;
	}
	return n;
}

/* the first n characters */
static struct str
cut_columns(struct str s, size_t n)
{
	size_t i = 0;
	uint32_t v;

	while (i < s.len && n-- > 0) {
		size_t step = (s.p[i] & 0x80) == 0 ? 1 :
		    utf8(s.p + i, s.len - i, &v);

		i += step == 0 ? 1 : step;
	}
	return str_sub(s, 0, i);
}

static void
put_text(const struct page *g, struct str s)
{
	size_t i = 0;

	if (g->is_utf8) {
		resp_html(g->w, s);
		return;
	}
	while (i < s.len) {
		uint32_t v;
		size_t from = i, n;

		while (i < s.len && (s.p[i] & 0x80) == 0)
			i++;
		resp_html(g->w, str_sub(s, from, i - from));
		if (i == s.len)
			break;
		n = utf8(s.p + i, s.len - i, &v);
		if (n == 0)
			wr_u8(g->w, (uint8_t)s.p[i]);
		else
			wr_fmt(g->w, "&#%u;", (unsigned)v);
		i += n == 0 ? 1 : n;
	}
}

static void
pad(struct wr *w, size_t have, size_t want)
{
	while (have++ < want)
		wr_u8(w, ' ');
}

/* with a slash; cut to width-3 characters and "..>" when too long; returns the
 * columns */
static size_t
put_name(const struct page *g, struct str name, bool is_dir)
{
	size_t n = columns(name) + is_dir;

	if (n <= g->name_width) {
		put_text(g, name);
		wr_text(g->w, is_dir ? "/" : "");
		return n;
	}
	put_text(g, cut_columns(name, g->name_width - 3));
	wr_text(g->w, "..&gt;");
	return g->name_width;
}

/* a file name as it stands in an href */
static void
put_href(struct wr *w, struct str name)
{
	size_t i;
	/* "a:b" would be read as a scheme */
	bool is_scheme = str_chr(name, ':') != STR_NONE;

	if (is_scheme)
		wr_bytes(w, "./", 2);
	for (i = 0; i < name.len; i++) {
		if (name.p[i] == '&')
			wr_text(w, "&amp;");
		else
			uri_encode(w, str_sub(name, i, 1));
	}
}

/* four characters: "999 ", "1.0K", " 10K" */
static void
put_size(struct wr *w, uint64_t size)
{
	static const char units[] = "KMGTPE";
	const char *unit = units;
	uint64_t rest = 0;

	if (size < 973) {
		wr_fmt(w, "%3u ", (unsigned)size);
		return;
	}
	for (;;) {
		rest = size & 1023;
		size >>= 10;
		if (size < 973)
			break;
		unit++;
	}
	if (size < 9 || (size == 9 && rest < 973)) {
		unsigned tenths = (unsigned)((rest * 5 + 256) / 512);

		if (tenths >= 10) {
			size++;
			tenths = 0;
		}
		wr_fmt(w, "%u.%u%c", (unsigned)size, tenths, *unit);
		return;
	}
	if (rest >= 512)
		size++;
	wr_fmt(w, "%3u%c", (unsigned)size, *unit);
}

static void
put_date(const struct page *g, int64_t mtime_s)
{
	struct when_date d;

	when_to_date(mtime_s + g->l->utc_offset_s, &d);
	if ((g->opts & CONF_IX_USEOLDDATE) != 0)
		wr_fmt(g->w, "%02d-%s-%04d %02d:%02d", (int)d.day,
		    date_month(d.mon), (int)d.year, (int)d.hour, (int)d.min);
	else
		wr_fmt(g->w, "%04d-%02d-%02d %02d:%02d", (int)d.year,
		    (int)d.mon, (int)d.day, (int)d.hour, (int)d.min);
}

static const struct conf_ixitem *
find_item(const struct conf_ixlist *list, struct str name, struct str type,
    struct str encoding)
{
	unsigned i;

	for (i = 0; i < list->n; i++) {
		const struct conf_ixitem *item = list->v[i];

		if (item->kind == CONF_IXK_NAME ?
		    match_end(item->match, name) :
		    item->kind == CONF_IXK_TYPE ?
		    type.len > 0 && listing_match(item->match, type) :
		    encoding.len > 0 && listing_match(item->match, encoding))
			return item;
	}
	return NULL;
}

struct icon {
	struct str src, alt;
};

/* what: "^^DIRECTORY^^", "..", "^^BLANKICON^^" or the entry itself */
static struct icon
find_icon(const struct page *g, struct str what,
    const struct listing_entry *e, struct str default_alt)
{
	struct str type = e == NULL ? STR("") : e->type;
	struct str enc = e == NULL ? STR("") : e->encoding;
	const struct conf_ixitem *item, *alt;
	struct icon icon = { g->ix->default_icon, default_alt };

	item = find_item(&g->ix->icons, what, type, enc);
	alt = find_item(&g->ix->alts, what, type, enc);
	if (item != NULL) {
		icon.src = item->value;
		if (item->alt.len > 0)
			icon.alt = item->alt;
	}
	if (alt != NULL)
		icon.alt = alt->value;
	return icon;
}

static void
put_img(const struct page *g, const struct icon *icon, bool is_bracketed)
{
	struct wr *w = g->w;

	if (icon->src.len == 0) {
		wr_text(w, is_bracketed ? "[" : "");
		put_text(g, icon->alt);
		wr_text(w, is_bracketed ? "]" : "");
		return;
	}
	wr_text(w, "<img src=\"");
	resp_html(w, icon->src);
	wr_text(w, is_bracketed ? "\" alt=\"[" : "\" alt=\"");
	resp_html(w, icon->alt);
	wr_text(w, is_bracketed ? "]\"" : "\"");
	if (g->ix->icon_width > 0 && g->ix->icon_height > 0)
		wr_fmt(w, " width=\"%u\" height=\"%u\"",
		    (unsigned)g->ix->icon_width, (unsigned)g->ix->icon_height);
	wr_str(w, g->close);
}

static struct str
find_desc(const struct conf_ixlist *list, struct str name)
{
	unsigned i;

	for (i = 0; i < list->n; i++) {
		struct str m = list->v[i]->match;

		if (listing_is_pattern(m) ? listing_match(m, name) :
		    str_find(name, m) != STR_NONE)
			return list->v[i]->value;
	}
	return STR("");
}

/* AddDescription may hold markup, the title of a file may not */
static void
put_desc(const struct page *g, const struct listing_entry *e)
{
	if (e->desc.len > 0)
		wr_str(g->w, e->desc);
	else
		put_text(g, e->title);
}

/* ---- columns --------------------------------------------------------------- */

static bool
is_shown(const struct page *g, uint32_t suppress_bit)
{
	return (g->opts & suppress_bit) == 0;
}

/* the query of a column's link: the other columns start ascending */
static void
put_sort_query(const struct page *g, char key)
{
	const struct listing_query *q = &g->l->query;
	bool to_desc = q->key == key && !q->is_desc;

	wr_fmt(g->w, "?C=%c;O=%c", key, to_desc ? 'D' : 'A');
	if (q->frame != 0)
		wr_fmt(g->w, ";F=%c", q->frame);
	if (q->version != 0)
		wr_fmt(g->w, ";V=%c", q->version);
	if (q->pattern.len > 0) {
		wr_text(g->w, ";P=");
		put_href(g->w, q->pattern);
	}
}

static void
put_heading(const struct page *g, char key, const char *text)
{
	if ((g->opts & (CONF_IX_SUP_SORTING | CONF_IX_IGNORECLIENT)) != 0) {
		wr_text(g->w, text);
		return;
	}
	wr_text(g->w, "<a href=\"");
	put_sort_query(g, key);
	wr_text(g->w, "\">");
	wr_text(g->w, text);
	wr_text(g->w, "</a>");
}

static unsigned
columns_n(const struct page *g)
{
	return 1u + is_shown(g, CONF_IX_SUP_ICON) +
	    is_shown(g, CONF_IX_SUP_LASTMOD) + is_shown(g, CONF_IX_SUP_SIZE) +
	    is_shown(g, CONF_IX_SUP_DESC);
}

/* "<td class=..>" or "<td align=..>" */
static void
open_cell(const struct page *g, const char *tag, const char *class,
    const char *plain)
{
	if (g->is_styled)
		wr_fmt(g->w, "<%s class=\"indexcol%s\">", tag, class);
	else
		wr_fmt(g->w, "<%s%s>", tag, plain);
}

static void
table_rule(const struct page *g)
{
	if ((g->opts & CONF_IX_SUP_RULES) == 0)
		wr_fmt(g->w, "   <tr%s><th colspan=\"%u\"><hr%.*s</th></tr>\n",
		    g->is_styled ? " class=\"indexbreakrow\"" : "",
		    columns_n(g), STR_ARG(g->close));
}

static void
table_head(const struct page *g)
{
	struct wr *w = g->w;
	struct icon icon;

	wr_text(w, g->is_styled ? "  <table id=\"indexlist\">\n"
	    "   <tr class=\"indexhead\">" : "  <table>\n   <tr>");
	if (is_shown(g, CONF_IX_SUP_ICON)) {
		open_cell(g, "th", "icon", " valign=\"top\"");
		icon = find_icon(g, STR("^^BLANKICON^^"), NULL, STR("ICO"));
		put_img(g, &icon, true);
		wr_text(w, "</th>");
	}
	open_cell(g, "th", "name", "");
	put_heading(g, CONF_IX_SORT_NAME, "Name");
	wr_text(w, "</th>");
	if (is_shown(g, CONF_IX_SUP_LASTMOD)) {
		open_cell(g, "th", "lastmod", "");
		put_heading(g, CONF_IX_SORT_DATE, "Last modified");
		wr_text(w, "</th>");
	}
	if (is_shown(g, CONF_IX_SUP_SIZE)) {
		open_cell(g, "th", "size", "");
		put_heading(g, CONF_IX_SORT_SIZE, "Size");
		wr_text(w, "</th>");
	}
	if (is_shown(g, CONF_IX_SUP_DESC)) {
		open_cell(g, "th", "desc", "");
		put_heading(g, CONF_IX_SORT_DESC, "Description");
		wr_text(w, "</th>");
	}
	wr_text(w, "</tr>\n");
	table_rule(g);
}

/* what differs between an entry and the way up */
struct row {
	struct str href;	/* of the parent; empty: from the name */
	struct str name;
	bool is_dir;
	struct icon icon;
	const struct listing_entry *entry;	/* NULL: the parent */
};

static void
put_link(const struct page *g, const struct row *row)
{
	wr_text(g->w, "<a href=\"");
	if (row->href.len > 0)
		uri_encode(g->w, row->href);
	else
		put_href(g->w, row->name);
	if (row->is_dir && row->entry != NULL)
		wr_u8(g->w, '/');
	wr_text(g->w, "\">");
}

/* link, name with its slash, padding up to the name width */
static void
put_linked_name(const struct page *g, const struct row *row)
{
	struct wr *w = g->w;
	size_t n;

	put_link(g, row);
	n = put_name(g, row->name, row->is_dir && row->entry != NULL);
	wr_text(w, "</a>");
	/* a table needs no padding; Apache has it for fixed widths only */
	if (g->ix->name_width > 0 || (g->opts & CONF_IX_HTMLTABLE) == 0)
		pad(w, n, g->name_width);
}

static void
table_row(struct page *g, const struct row *row)
{
	const struct listing_entry *e = row->entry;
	struct wr *w = g->w;

	ASSERT(row->is_dir || e != NULL);
	if (g->is_styled)
		wr_fmt(w, "   <tr class=\"%s\">", g->row_n % 2 ? "odd" :
		    "even");
	else
		wr_text(w, "<tr>");
	g->row_n++;
	if (is_shown(g, CONF_IX_SUP_ICON)) {
		open_cell(g, "td", "icon", " valign=\"top\"");
		if ((g->opts & CONF_IX_ICONLINKS) != 0)
			put_link(g, row);
		put_img(g, &row->icon, true);
		if ((g->opts & CONF_IX_ICONLINKS) != 0)
			wr_text(w, "</a>");
		wr_text(w, "</td>");
	}
	open_cell(g, "td", "name", "");
	put_linked_name(g, row);
	wr_text(w, "</td>");
	if (is_shown(g, CONF_IX_SUP_LASTMOD)) {
		open_cell(g, "td", "lastmod",
		    e == NULL ? "" : " align=\"right\"");
		if (e == NULL) {
			wr_text(w, "&nbsp;");
		} else {
			put_date(g, e->mtime_s);
			wr_text(w, "  ");
		}
		wr_text(w, "</td>");
	}
	if (is_shown(g, CONF_IX_SUP_SIZE)) {
		open_cell(g, "td", "size", " align=\"right\"");
		if (row->is_dir)
			wr_text(w, "  - ");
		else
			put_size(w, e->size);
		wr_text(w, "</td>");
	}
	if (is_shown(g, CONF_IX_SUP_DESC)) {
		open_cell(g, "td", "desc", "");
		if (e == NULL || (e->desc.len == 0 && e->title.len == 0))
			wr_text(w, "&nbsp;");
		else
			put_desc(g, e);
		wr_text(w, "</td>");
	}
	wr_text(w, "</tr>\n");
}

static void
pre_head(const struct page *g)
{
	struct wr *w = g->w;
	struct icon icon;

	wr_text(w, "<pre>");
	if (is_shown(g, CONF_IX_SUP_ICON)) {
		icon = find_icon(g, STR("^^BLANKICON^^"), NULL, STR("Icon "));
		put_img(g, &icon, false);
		wr_u8(w, ' ');
	}
	put_heading(g, CONF_IX_SORT_NAME, "Name");
	pad(w, 4, g->name_width + 1);
	if (is_shown(g, CONF_IX_SUP_LASTMOD)) {
		put_heading(g, CONF_IX_SORT_DATE, "Last modified");
		wr_text(w, "      ");
	}
	if (is_shown(g, CONF_IX_SUP_SIZE)) {
		put_heading(g, CONF_IX_SORT_SIZE, "Size");
		wr_text(w, "  ");
	}
	if (is_shown(g, CONF_IX_SUP_DESC))
		put_heading(g, CONF_IX_SORT_DESC, "Description");
	if ((g->opts & CONF_IX_SUP_RULES) == 0)
		wr_fmt(w, "<hr%.*s", STR_ARG(g->close));
	else
		wr_u8(w, '\n');
}

static void
pre_row(const struct page *g, const struct row *row)
{
	const struct listing_entry *e = row->entry;
	struct wr *w = g->w;

	ASSERT(row->is_dir || e != NULL);
	if (is_shown(g, CONF_IX_SUP_ICON)) {
		if ((g->opts & CONF_IX_ICONLINKS) != 0)
			put_link(g, row);
		put_img(g, &row->icon, true);
		wr_text(w, (g->opts & CONF_IX_ICONLINKS) != 0 ? "</a> " : " ");
	}
	put_linked_name(g, row);
	wr_u8(w, ' ');
	if (is_shown(g, CONF_IX_SUP_LASTMOD)) {
		if (e == NULL)
			wr_fmt(w, "%16s", "");
		else
			put_date(g, e->mtime_s);
		wr_text(w, "  ");
	}
	if (is_shown(g, CONF_IX_SUP_SIZE)) {
		if (row->is_dir)
			wr_text(w, "  - ");
		else
			put_size(w, e->size);
		wr_text(w, "  ");
	}
	if (is_shown(g, CONF_IX_SUP_DESC) && e != NULL)
		put_desc(g, e);
	wr_u8(w, '\n');
}

static void
list_row(const struct page *g, const struct row *row)
{
	wr_text(g->w, "<li>");
	put_link(g, row);
	wr_u8(g->w, ' ');
	put_text(g, row->name);
	if (row->is_dir && row->entry != NULL)
		wr_u8(g->w, '/');
	wr_text(g->w, "</a></li>\n");
}

static void
put_row(struct page *g, const struct row *row)
{
	if ((g->opts & CONF_IX_HTMLTABLE) != 0)
		table_row(g, row);
	else if ((g->opts & CONF_IX_FANCY) != 0)
		pre_row(g, row);
	else
		list_row(g, row);
}

static void
put_parent(struct page *g)
{
	struct str uri = g->l->uri;
	struct row row = { .name = STR_INIT("Parent Directory"),
	    .is_dir = true };

	if (uri.len < 2 || listing_is_ignored(g->ix, STR("..")))
		return;
	for (uri.len--; uri.len > 1 && uri.p[uri.len - 1] != '/'; uri.len--)
		continue;
	row.href = uri;
	if ((g->opts & CONF_IX_FANCY) != 0) {
		row.icon = find_icon(g, STR(".."), NULL, STR("PARENTDIR"));
	} else {
		row.icon.src = g->ix->default_icon;
		row.icon.alt = STR("   ");
	}
	put_row(g, &row);
}

static void
put_rows(struct page *g)
{
	size_t i;

	put_parent(g);
	for (i = 0; i < g->l->entries_n; i++) {
		const struct listing_entry *e = &g->l->entries[i];
		struct row row = { .name = e->name, .is_dir = e->is_dir,
		    .entry = e };

		row.icon = e->is_dir ?
		    find_icon(g, STR("^^DIRECTORY^^"), NULL, STR("DIR")) :
		    find_icon(g, e->name, e, STR("   "));
		put_row(g, &row);
	}
}

/* ---- the page -------------------------------------------------------------- */

/*
 * For light and dark screens and narrow windows, without a class or a script,
 * so that the markup stays Apache's.  The head of a long table stays in view;
 * icons were drawn for white paper and get some in the dark.
 */
static const char style[] =
    "  <meta name=\"viewport\" content=\"width=device-width\">\n"
    "  <style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.45 system-ui,sans-serif;margin:1.5em}\n"
    "h1{font-size:1.3em}\n"
    "h1,li{overflow-wrap:anywhere}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
    "td,th{padding:.1em .7em;text-align:left;white-space:nowrap;"
    "vertical-align:middle}\n"
    "td[align]{text-align:right}\n"
    "td:last-child:not([align]){white-space:normal}\n"
    "th{padding:.4em .7em}\n"
    "th[colspan]{padding:0}\n"
    "tr:first-child th{position:sticky;top:0;background:Canvas}\n"
    "td a{white-space:pre}\n"
    "tr:hover td{background:rgba(128,128,160,.15)}\n"
    "a{text-decoration:none}\n"
    "a:hover,a:focus{text-decoration:underline}\n"
    "img{vertical-align:middle}\n"
    "pre{overflow-x:auto}\n"
    "hr{border:0;border-top:1px solid rgba(128,128,128,.5);margin:.3em 0}\n"
    "address{opacity:.7;font-size:.85em;margin-top:1em}\n"
    "@media(prefers-color-scheme:dark){td img,pre img{background:#ddd;"
    "border-radius:3px}}\n"
    "@media(max-width:45em){body{font-size:13px;margin:.7em}td,th{"
    "padding:.3em .25em;white-space:normal}td[align]{white-space:nowrap}"
    "td:not([valign]) a{display:inline-block;min-width:6em;"
    "white-space:pre-wrap;overflow-wrap:anywhere}}\n"
    "  </style>\n";

static void
put_preamble(const struct page *g, struct str title)
{
	struct wr *w = g->w;

	if ((g->opts & CONF_IX_XHTML) != 0)
		wr_text(w, "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 "
		    "Transitional//EN\"\n\"http://www.w3.org/TR/xhtml1/DTD/"
		    "xhtml1-transitional.dtd\">\n"
		    "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n");
	else
		wr_text(w, "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\""
		    " \"http://www.w3.org/TR/html4/strict.dtd\">\n<html>\n");
	wr_text(w, " <head>\n  <title>Index of ");
	put_text(g, title);
	wr_text(w, "</title>\n");
	if (g->is_styled) {
		wr_text(w, "  <link rel=\"stylesheet\" href=\"");
		resp_html(w, g->ix->style_sheet);
		wr_fmt(w, "\" type=\"text/css\"%.*s\n", STR_ARG(g->close));
	} else if ((g->opts & CONF_IX_XHTML) == 0) {
		wr_text(w, style);
	}
	if (g->ix->head_insert.len > 0)
		wr_str(w, g->ix->head_insert);
	wr_text(w, " </head>\n <body>\n");
}

/* HEADER and README: HTML as it is, anything else as text */
static void
put_insert(const struct page *g, struct str content, bool is_html)
{
	if (is_html) {
		wr_str(g->w, content);
		return;
	}
	wr_text(g->w, "<pre>\n");
	put_text(g, content);
	wr_text(g->w, "</pre>\n");
}

static size_t
width_of(const struct listpage *l, size_t said)
{
	size_t i, max = NAME_WIDTH_FREE;

	if (said > 0)
		return said < NAME_WIDTH_MIN ? NAME_WIDTH_MIN : said;
	for (i = 0; i < l->entries_n; i++) {
		size_t n = columns(l->entries[i].name) + l->entries[i].is_dir;

		if (n > max)
			max = n;
	}
	return max;
}

static void
put_body(struct page *g, struct str title)
{
	const struct listpage *l = g->l;
	struct wr *w = g->w;

	if (l->header.len > 0)
		put_insert(g, l->header, l->header_is_html);
	if (l->header.len == 0 || !l->header_is_html) {
		wr_text(w, g->is_styled ? "  <h1 id=\"indextitle\">Index of " :
		    "<h1>Index of ");
		put_text(g, title);
		wr_text(w, "</h1>\n");
	}
	if ((g->opts & CONF_IX_HTMLTABLE) != 0) {
		table_head(g);
		put_rows(g);
		table_rule(g);
		wr_text(w, "</table>\n");
	} else if ((g->opts & CONF_IX_FANCY) != 0) {
		pre_head(g);
		put_rows(g);
		if ((g->opts & CONF_IX_SUP_RULES) == 0)
			wr_fmt(w, "<hr%.*s", STR_ARG(g->close));
		wr_text(w, "</pre>\n");
	} else {
		wr_text(w, "<ul>");
		put_rows(g);
		wr_text(w, "</ul>\n");
	}
	if (l->readme.len > 0)
		put_insert(g, l->readme, l->readme_is_html);
}

void
listpage_write(struct listpage *l, struct wr *w)
{
	struct page g = { .w = w, .l = l, .ix = l->ix,
	    .opts = l->query.opts };
	struct str title = l->uri;
	size_t i;

	ASSERT(l->uri.len > 0);
	if (title.len > 1 && title.p[title.len - 1] == '/')
		title.len--;
	g.close = (g.opts & CONF_IX_XHTML) != 0 ? STR(" />") : STR(">");
	g.is_utf8 = str_ieq(l->ix->charset, STR("UTF-8"));
	g.is_styled = l->ix->style_sheet.len > 0;
	g.name_width = width_of(l, l->ix->name_width);
	for (i = 0; i < l->entries_n; i++)
		l->entries[i].desc = find_desc(&l->ix->descs,
		    l->entries[i].name);
	listing_sort(&l->query, l->entries, l->entries_n);
	if ((g.opts & CONF_IX_SUP_PREAMBLE) == 0 || l->header.len == 0)
		put_preamble(&g, title);
	put_body(&g, title);
	/* a README in HTML is expected to end the page itself */
	if (l->readme.len == 0 || !l->readme_is_html)
		wr_str(w, l->signature);
	wr_text(w, "</body></html>\n");
}
