/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_listpage - the HTML of a directory: its three forms, every
 * suppressed column, icons, descriptions, widths, sizes and hostile names.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/listpage.h"

#define FANCY CONF_IX_FANCY
#define TABLE (CONF_IX_FANCY | CONF_IX_HTMLTABLE)

static struct listing_entry entries[8];
static struct conf_index ix;
static struct listpage l;
static char out[65536], buf[256];

/* Two files and a directory, and nothing configured. */
static void
fresh(void)
{
	memset(entries, 0, sizeof(entries));
	entries[0].name = STR("b.txt");
	entries[0].type = STR("text/plain");
	entries[0].size = 1536;
	entries[0].mtime_s = 1412974536;
	entries[1].name = STR("a.rpm.gz");
	entries[1].encoding = STR("x-gzip");
	entries[1].title = STR("T & <b>");
	entries[1].size = 5;
	entries[2].name = STR("dir");
	entries[2].is_dir = true;
	entries[2].mtime_s = 86400;
	ix = (struct conf_index){ .sort_key = 'N', .name_width = 23 };
	l = (struct listpage){ .uri = STR_INIT("/x/y/"), .ix = &ix,
	    .entries = entries, .entries_n = 3,
	    .signature = STR_INIT("<address>s</address>\n") };
}

static const char *
page(uint32_t opts, const char *query)
{
	struct wr w;

	ix.opts = opts;
	listing_query(&ix, str_of(query), buf, &l.query);
	wr_init(&w, out, sizeof(out) - 1);
	listpage_write(&l, &w);
	ck_assert_msg(wr_ok(&w), "fits");
	out[w.len] = '\0';
	return out;
}

static void
has(const char *text)
{
	ck_assert_msg(strstr(out, text) != NULL, "no \"%s\" in\n%s", text, out);
}

static void
lacks(const char *text)
{
	ck_assert_msg(strstr(out, text) == NULL, "\"%s\" in\n%s", text, out);
}

START_TEST(three_forms)
{
	fresh();
	(void)page(0, "");
	has("<h1>Index of /x/y</h1>\n<ul><li><a href=\"/x/\"> Parent Directory"
	    "</a></li>\n<li><a href=\"a.rpm.gz\"> a.rpm.gz</a></li>\n");
	has("<li><a href=\"dir/\"> dir/</a></li>\n</ul>\n<address>s</address>\n"
	    "</body></html>\n");
	(void)page(FANCY, "");
	has("<pre>Icon  <a href=\"?C=N;O=D\">Name</a>                    "
	    "<a href=\"?C=M;O=A\">Last modified</a>      "
	    "<a href=\"?C=S;O=A\">Size</a>  "
	    "<a href=\"?C=D;O=A\">Description</a><hr>");
	has("[   ] <a href=\"b.txt\">b.txt</a>                   "
	    "2014-10-10 20:55  1.5K  \n");
	has("[DIR] <a href=\"dir/\">dir/</a>                    "
	    "1970-01-02 00:00    -   \n");
	has("1970-01-01 00:00    5   T &amp; &lt;b&gt;\n");
	(void)page(TABLE, "");
	has("<table>\n   <tr><th valign=\"top\">[ICO]</th><th>");
	has("<tr><td valign=\"top\">[PARENTDIR]</td><td><a href=\"/x/\">"
	    "Parent Directory</a>       </td><td>&nbsp;</td>"
	    "<td align=\"right\">  - </td><td>&nbsp;</td></tr>\n");
	has("<td align=\"right\">2014-10-10 20:55  </td>"
	    "<td align=\"right\">1.5K</td><td>&nbsp;</td></tr>\n");
}
END_TEST

START_TEST(nothing_above_the_root)
{
	fresh();
	l.uri = STR("/");
	(void)page(TABLE, "");
	has("Index of /</h1>");
	lacks("Parent Directory");
}
END_TEST

START_TEST(the_way_up_can_be_ignored)
{
	static const struct str up[] = { STR_INIT(".*") }, not_up[] = {
	    STR_INIT(".??*"), STR_INIT("Parent*") };

	fresh();
	ix.ignore = (struct conf_words){ up, 1 };
	(void)page(TABLE, "");
	lacks("Parent Directory");
	has("b.txt");
	ix.ignore = (struct conf_words){ not_up, 2 };
	(void)page(0, "P=b*");
	has("Parent Directory");
}
END_TEST

START_TEST(columns_can_go)
{
	fresh();
	(void)page(TABLE | CONF_IX_SUP_ICON | CONF_IX_SUP_LASTMOD |
	    CONF_IX_SUP_SIZE | CONF_IX_SUP_DESC, "");
	has("<table>\n   <tr><th><a href=\"?C=N;O=D\">Name</a></th></tr>\n"
	    "   <tr><th colspan=\"1\"><hr></th></tr>\n");
	has("<tr><td><a href=\"b.txt\">b.txt</a>                  </td></tr>\n");
	(void)page(FANCY | CONF_IX_SUP_ICON | CONF_IX_SUP_LASTMOD |
	    CONF_IX_SUP_SIZE | CONF_IX_SUP_DESC | CONF_IX_SUP_RULES, "");
	has("<pre><a href=\"?C=N;O=D\">Name</a>                    \n"
	    "<a href=\"/x/\">Parent Directory</a>        \n");
	lacks("<hr>");
	(void)page(TABLE | CONF_IX_SUP_RULES | CONF_IX_SUP_SORTING, "");
	has("<th>Name</th><th>Last modified</th><th>Size</th>"
	    "<th>Description</th></tr>\n<tr>");
	lacks("<hr>");
	lacks("?C=");
	(void)page(TABLE | CONF_IX_IGNORECLIENT, "");
	lacks("?C=");
}
END_TEST

START_TEST(the_query_stays_in_the_links)
{
	fresh();
	(void)page(TABLE, "C=M;O=A;F=2;V=1;P=*.t%26t");
	has("?C=N;O=A;F=2;V=1;P=*.t&amp;t\"");
	has("?C=M;O=D;F=2;V=1;");
	(void)page(TABLE, "C=M;O=D");
	has("?C=M;O=A\">Last");
}
END_TEST

START_TEST(icons_and_their_links)
{
	static const struct conf_ixitem icon[] = {
		{ CONF_IXK_TYPE, STR_INIT("text/*"), STR_INIT("/i/t\"x.gif"),
		    STR_INIT("TXT") },
		{ CONF_IXK_ENCODING, STR_INIT("x-gzip"), STR_INIT("/i/z.gif"),
		    STR_INIT("") },
		{ CONF_IXK_NAME, STR_INIT("^^DIRECTORY^^"), STR_INIT("/i/d.gif"),
		    STR_INIT("") },
		{ CONF_IXK_NAME, STR_INIT(".x?"), STR_INIT("/i/no.gif"),
		    STR_INIT("") },
	};
	static const struct conf_ixitem alt = { CONF_IXK_NAME,
		STR_INIT("rpm.gz"), STR_INIT("PKG"), STR_INIT("") };
	static const struct conf_ixitem *const icons[] = { &icon[3], &icon[0],
		&icon[1], &icon[2] }, *const alts[] = { &alt };

	fresh();
	ix.icons = (struct conf_ixlist){ icons, 4 };
	ix.alts = (struct conf_ixlist){ alts, 1 };
	ix.default_icon = STR("/i/u.gif");
	(void)page(TABLE, "");
	has("<img src=\"/i/t&quot;x.gif\" alt=\"[TXT]\">");
	has("<img src=\"/i/z.gif\" alt=\"[PKG]\">");
	has("<img src=\"/i/d.gif\" alt=\"[DIR]\">");
	has("<img src=\"/i/u.gif\" alt=\"[PARENTDIR]\">");
	lacks("no.gif");
	ix.icon_width = 20;
	(void)page(FANCY, "");
	lacks(" width=\"20\"");	/* both or none */
	ix.icon_height = 22;
	(void)page(FANCY | CONF_IX_ICONLINKS | CONF_IX_XHTML, "");
	has("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 ");
	has("<img src=\"/i/u.gif\" alt=\"Icon \" width=\"20\" height=\"22\" /> ");
	has("<a href=\"dir/\"><img src=\"/i/d.gif\" alt=\"[DIR]\" width=\"20\" "
	    "height=\"22\" /></a> <a href=\"dir/\">dir/</a>");
	has("<hr />");
	(void)page(TABLE | CONF_IX_ICONLINKS, "");
	has("<td valign=\"top\"><a href=\"/x/\"><img src=\"/i/u.gif\" "
	    "alt=\"[PARENTDIR]\" width=\"20\" height=\"22\"></a></td>");
}
END_TEST

START_TEST(descriptions_and_a_style_sheet)
{
	static const struct conf_ixitem item[] = {
		{ CONF_IXK_NAME, STR_INIT("*.txt"), STR_INIT("<i>text</i>"),
		    STR_INIT("") },
		{ CONF_IXK_NAME, STR_INIT("rpm"), STR_INIT("a package"),
		    STR_INIT("") },
	};
	static const struct conf_ixitem *const descs[] = { &item[0], &item[1] };

	fresh();
	ix.descs = (struct conf_ixlist){ descs, 2 };
	ix.style_sheet = STR("/s&s.css");
	ix.head_insert = STR("  <meta name=\"k\">\n");
	(void)page(TABLE, "");
	has("<link rel=\"stylesheet\" href=\"/s&amp;s.css\" type=\"text/css\">\n"
	    "  <meta name=\"k\">\n </head>");
	has("<h1 id=\"indextitle\">Index of /x/y</h1>\n"
	    "  <table id=\"indexlist\">\n   <tr class=\"indexhead\">"
	    "<th class=\"indexcolicon\">");
	has("<tr class=\"indexbreakrow\"><th colspan=\"5\"><hr>");
	has("   <tr class=\"even\"><td class=\"indexcolicon\">[PARENTDIR]</td>");
	has("   <tr class=\"odd\">");
	has("<td class=\"indexcoldesc\"><i>text</i></td>");
	has("<td class=\"indexcoldesc\">a package</td>");
	lacks("<style>");
	(void)page(FANCY | CONF_IX_USEOLDDATE, "C=D");
	has("10-Oct-2014 20:55  1.5K  <i>text</i>\n");
}
END_TEST

/* a kind that is not this one, names as wide as their column, no slash */
START_TEST(what_does_not_fit_or_just_so)
{
	static const struct conf_ixitem icon[] = {
		{ CONF_IXK_TYPE, STR_INIT("image/*"), STR_INIT("/i/p.gif"),
		    STR_INIT("") },
		{ CONF_IXK_ENCODING, STR_INIT("x-bz2"), STR_INIT("/i/b.gif"),
		    STR_INIT("") },
	};
	static const struct conf_ixitem *const icons[] = { &icon[0], &icon[1] };

	fresh();
	ix.icons = (struct conf_ixlist){ icons, 2 };
	entries[1].type = STR("application/x");
	entries[2].name = STR("just-as-wide-as-that-is");
	l.uri = STR("/x");
	(void)page(FANCY, "");
	lacks("/i/");
	has("<h1>Index of /x</h1>");
	has("<a href=\"just-as-wide-as-that-is/\">just-as-wide-as-that..&gt;</a> 1970");
	(void)page(FANCY | CONF_IX_SUP_PREAMBLE, "");
	has("<title>Index of /x</title>");	/* there is no header in its place */
	ix.name_width = 0;
	(void)page(TABLE, "");
	has("b.txt</a></td>");
	ix.name_width = 30;
	(void)page(TABLE, "");
	has("just-as-wide-as-that-is/</a>      </td>");
}
END_TEST

START_TEST(names_are_cut_by_characters)
{
	fresh();
	entries[0].name = STR("\303\244\303\266\303\274\342\202\254\360\237\230\200"
	    "-a-name-that-is-much-too-long");
	(void)page(FANCY, "");
	has("\">&#228;&#246;&#252;&#8364;&#128512;-a-name-that-is..&gt;</a> ");
	ix.charset = STR("UTF-8");
	(void)page(FANCY, "");
	has("\">\303\244\303\266\303\274\342\202\254\360\237\230\200"
	    "-a-name-that-is..&gt;</a> ");
	ix.charset = STR("");
	ix.name_width = 0;
	(void)page(FANCY, "");
	has("too-long</a> 2014");
	/* no overlong form, no surrogate, nothing beyond the last plane */
	fresh();
	entries[0].name = STR("\355\240\200\340\200\200\360\200\200\200"
	    "\364\220\200\200\303");
	(void)page(FANCY, "");
	has(">\355\240\200\340\200\200\360\200\200\200\364\220\200\200\303"
	    "</a>");
	lacks("&#");
	ix.name_width = 3;		/* five at least */
	(void)page(FANCY, "");
	has(">\355\240..&gt;</a> 2014");
}
END_TEST

START_TEST(hostile_names)
{
	fresh();
	entries[0].name = STR("a:b\"<script>&");
	(void)page(0, "");
	has("<a href=\"./a:b%22%3cscript%3e&amp;\"> a:b&quot;&lt;script&gt;&amp;"
	    "</a>");
}
END_TEST

START_TEST(header_and_readme)
{
	fresh();
	l.header = STR("<h2>mine</h2>\n");
	l.header_is_html = true;
	l.readme = STR("see <here>\n");
	(void)page(TABLE, "");
	has("<body>\n<h2>mine</h2>\n  <table>");
	lacks("<h1>");
	has("</table>\n<pre>\nsee &lt;here&gt;\n</pre>\n<address>");
	(void)page(TABLE | CONF_IX_SUP_PREAMBLE, "");
	ck_assert_msg(strncmp(out, "<h2>mine</h2>\n", 14) == 0, "%s", out);
	l.header_is_html = false;
	l.readme_is_html = true;
	(void)page(TABLE, "");
	has("<pre>\n&lt;h2&gt;mine&lt;/h2&gt;\n</pre>\n<h1>Index of");
	has("</table>\nsee <here>\n</body></html>\n");
	lacks("<address>");
}
END_TEST

static const struct {
	uint64_t size;
	const char *text;
} sizes[] = {
	{ 0, "  0 " }, { 972, "972 " }, { 973, "1.0K" }, { 1024, "1.0K" },
	{ 9 * 1024 + 972, "9.9K" }, { 9 * 1024 + 973, " 10K" },
	{ 10 * 1024 + 511, " 10K" }, { 10 * 1024 + 512, " 11K" },
	{ 8 * 1024 + 1023, "9.0K" }, { 972 * 1024, "972K" },
	{ 973 * 1024, "1.0M" }, { UINT64_MAX, " 16E" },
};

START_TEST(four_characters_of_size)
{
	char cell[64];

	fresh();
	entries[0].size = sizes[_i].size;
	(void)page(TABLE, "");
	(void)snprintf(cell, sizeof(cell), "<td align=\"right\">%s</td>",
	    sizes[_i].text);
	has(cell);
}
END_TEST

START_TEST(no_room_is_known)
{
	struct wr w;
	size_t len;

	fresh();
	(void)page(TABLE, "");
	len = strlen(out);
	for (size_t cap = 0; cap <= len; cap++) {
		char *exact = t_dup(out, cap);

		wr_init(&w, exact, cap);
		listpage_write(&l, &w);
		ck_assert_msg(wr_ok(&w) == (cap == len), "%zu of %zu", cap, len);
		free(exact);
	}
}
END_TEST

T_MAIN("httpd_listpage") {
	T_ADD(three_forms);
	T_ADD(nothing_above_the_root);
	T_ADD(the_way_up_can_be_ignored);
	T_ADD(columns_can_go);
	T_ADD(the_query_stays_in_the_links);
	T_ADD(icons_and_their_links);
	T_ADD(descriptions_and_a_style_sheet);
	T_ADD(what_does_not_fit_or_just_so);
	T_ADD(names_are_cut_by_characters);
	T_ADD(hostile_names);
	T_ADD(header_and_readme);
	T_LOOP(four_characters_of_size, 0, (int)ARRAY_LEN(sizes));
	T_ADD(no_room_is_known);
}
