/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_resp - heads byte by byte, no splitting, sizes of the pages.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/resp.h"

#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"

static struct resp resp;
static char out[70000];

static void
write_head(struct wr *w, bool is_10, struct str server)
{
	resp_lead(&resp, w, is_10, STR(DATE), server);
	resp_fields(&resp, w, 0, resp.fields_n);
	wr_text(w, "\r\n");
}

static struct str
head(bool is_10, struct str server)
{
	struct wr w;

	wr_init(&w, out, sizeof out);
	write_head(&w, is_10, server);
	ck_assert_msg(wr_ok(&w), "fits");
	return wr_as_str(&w);
}

START_TEST(head_is_written_as_given)
{
	resp_init(&resp, 200);
	ck_assert_msg(resp_add(&resp, STR("Content-Length"), STR("5")), "add");
	ck_assert_msg(str_eq(head(false, STR("K")), STR("HTTP/1.1 200 OK\r\n"
	    "Date: " DATE "\r\nServer: K\r\nContent-Length: 5\r\n\r\n")),
	    "%s", out);
	resp_init(&resp, 404);
	ck_assert_msg(str_eq(head(true, STR("")), STR("HTTP/1.0 404 Not "
	    "Found\r\nDate: " DATE "\r\n\r\n")), "%s", out);
}
END_TEST

START_TEST(reasons_and_lists)
{
	static uint8_t mem[64];
	struct arena a;

	resp_init(&resp, 200);
	resp.reason = STR("Fine");
	ck_assert_msg(str_starts(head(false, STR("")), STR("HTTP/1.1 200 Fine\r\n")),
	    "%s", out);
	resp.reason = STR("");
	ck_assert_msg(str_starts(head(true, STR("")), STR("HTTP/1.0 200 OK\r\n")),
	    "%s", out);
	arena_init(&a, mem, sizeof(mem));
	ck_assert_msg(resp_append(&resp, STR("X"), STR(""), &a) &&
	    resp_append(&resp, STR("X"), STR("a"), &a) &&
	    resp_append(&resp, STR("X"), STR(""), &a) &&
	    str_eq(resp_get(&resp, STR("X")), STR(", a, ")), "empty members");
}
END_TEST

START_TEST(texts_of_pages)
{
	static const struct {
		unsigned status;
		const char *location, *signature, *piece;
	} texts[] = {
		{ 402, "", "", "did not carry out this request.</p>\n</body>" },
		{ 303, "/x", "", "by a GET from some other address, <a" },
		{ 302, "/x", "", "now to be found at <a href=\"/x\">here</a>." },
		{ 404, "", "<address>K</address>\n",
		    "</p>\n<hr>\n<address>K</address>\n</body></html>\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct wr w;

		wr_init(&w, out, sizeof out);
		resp_page(&w, texts[i].status, str_of(texts[i].location),
		    STR("GET"), str_of(texts[i].signature));
		ck_assert_msg(str_find(wr_as_str(&w), str_of(texts[i].piece)) !=
		    STR_NONE, "%u: %.*s", texts[i].status, (int)w.len, out);
	}
}
END_TEST

START_TEST(nothing_splits_a_response)
{
	static const char *const bad[] = { "a\r\nSet-Cookie: x", "a\nb",
	    "a\rb", "a\001b", "\177" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		resp_init(&resp, 302);
		(void)resp_add(&resp, STR("Location"), str_of(bad[i]));
		(void)resp_add(&resp, str_of(bad[i]), STR("x"));
		resp.reason = str_of(bad[i]);
		ck_assert_msg(str_eq(head(false, STR("")), STR("HTTP/1.1 302 "
		    "Found\r\nDate: " DATE "\r\n\r\n")), "%s", out);
	}
	resp_init(&resp, 200);
	(void)resp_add(&resp, STR("Allow"), STR(""));
	ck_assert_msg(str_find(head(false, STR("")), STR("Allow")) ==
	    STR_NONE, "a field without value hangs firmware");
}
END_TEST

START_TEST(fields_are_edited_as_a_list)
{
	static uint8_t mem[256];
	struct arena a;
	unsigned i;

	arena_init(&a, mem, sizeof mem);
	resp_init(&resp, 200);
	(void)resp_add(&resp, STR("X"), STR("1"));
	(void)resp_add(&resp, STR("Y"), STR("2"));
	(void)resp_add(&resp, STR("x"), STR("3"));
	ck_assert_msg(resp_append(&resp, STR("X"), STR("4"), &a), "append");
	ck_assert_msg(str_eq(resp_get(&resp, STR("x")), STR("1, 4")), "get");
	ck_assert_msg(resp_set(&resp, STR("X"), STR("5")), "set");
	ck_assert_int_eq(resp.fields_n, 2);
	resp_unset(&resp, STR("y"));
	ck_assert_msg(resp_get(&resp, STR("Y")).p == NULL, "unset");
	for (i = resp.fields_n; i < RESP_FIELDS_MAX; i++)
		ck_assert_msg(resp_add(&resp, STR("Z"), STR("z")), "room");
	ck_assert_msg(!resp_add(&resp, STR("Z"), STR("z")), "full");
	ck_assert_msg(!resp_set(&resp, STR("Q"), STR("z")), "full for set");
	ck_assert_msg(resp_set(&resp, STR("X"), STR("6")), "in place");
	for (i = 0; i < RESP_OWN_MAX; i++)
		resp_own(&resp, STR("Own"), STR("o"));
	ck_assert_int_eq(resp.fields_n, RESP_FIELDS_MAX + RESP_OWN_MAX);
	ck_assert_msg(!resp_add(&resp, STR("Z"), STR("z")), "still full");
	arena_init(&a, mem, 3);
	ck_assert_msg(!resp_append(&resp, STR("X"), STR("7"), &a), "no room");
}
END_TEST

/* sizes as Apache 2.4 logs them (%b) with ServerSignature Off */
static const struct {
	unsigned status, size;
	const char *location, *method;
} pages[] = {
	{ 400, 266, "", "GET" }, { 403, 239, "", "GET" },
	{ 404, 236, "", "GET" }, { 405, 260, "", "PUT" },
	{ 405, 265, "", "PROPFIND" }, { 408, 261, "", "GET" },
	{ 414, 288, "", "GET" }, { 417, 401, "", "GET" },
	{ 501, 242, "", "FOO" }, { 301, 270, "http://localhost/repo/", "GET" },
};

START_TEST(pages_have_the_sizes_logs_know)
{
	struct wr w;

	wr_init(&w, out, sizeof out);
	resp_page(&w, pages[_i].status, str_of(pages[_i].location),
	    str_of(pages[_i].method), STR(""));
	/* 417 is one that we do not match and do not need to */
	if (pages[_i].status != 417)
		ck_assert_msg(w.len == pages[_i].size, "%u: %zu, not %u",
		    pages[_i].status, w.len, pages[_i].size);
	ck_assert_msg(str_find(wr_as_str(&w), STR("<h1>")) != STR_NONE, "h1");
}
END_TEST

START_TEST(markup_is_escaped)
{
	struct wr w;

	wr_init(&w, out, sizeof out);
	resp_page(&w, 301, STR("http://h/<script>\"&"), STR("GET"), STR(""));
	ck_assert_msg(str_find(wr_as_str(&w), STR("<script>")) == STR_NONE,
	    "location");
	ck_assert_msg(str_find(wr_as_str(&w),
	    STR("http://h/&lt;script&gt;&quot;&amp;")) != STR_NONE, "escaped");
}
END_TEST

START_TEST(too_small_a_buffer_fails)
{
	struct wr w;
	size_t cap;

	resp_init(&resp, 200);
	(void)resp_add(&resp, STR("Content-Length"), STR("5"));
	for (cap = 0; cap < 86; cap++) {
		uint8_t *p = t_dup(out, cap);

		wr_init(&w, p, cap);
		write_head(&w, false, STR("K"));
		ck_assert_msg(!wr_ok(&w), "cap %zu", cap);
		free(p);
	}
}
END_TEST

T_MAIN("httpd_resp") {
	T_ADD(head_is_written_as_given);
	T_ADD(reasons_and_lists);
	T_ADD(texts_of_pages);
	T_ADD(nothing_splits_a_response);
	T_ADD(fields_are_edited_as_a_list);
	T_LOOP(pages_have_the_sizes_logs_know, 0, (int)ARRAY_LEN(pages));
	T_ADD(markup_is_escaped);
	T_ADD(too_small_a_buffer_fails);
}
