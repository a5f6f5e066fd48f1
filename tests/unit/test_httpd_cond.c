/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_cond - conditional requests against one file's validators.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/cond.h"

#define LM "Tue, 10 Jun 2014 12:34:56 GMT"
#define EARLIER "Mon, 09 Jun 2014 00:00:00 GMT"
#define LATER "Wed, 11 Jun 2014 00:00:00 GMT"
#define TAG "\"d-4fb7a8e21bc00\""

static const struct {
	const char *method, *fields;
	enum cond_verdict verdict;
} cases[] = {
	{ "GET", "", COND_SEND },
	{ "GET", "If-Modified-Since: " LM "\r\n", COND_UNCHANGED },
	{ "HEAD", "If-Modified-Since: " LM "\r\n", COND_UNCHANGED },
	{ "POST", "If-Modified-Since: " LM "\r\n", COND_SEND },
	{ "GET", "If-Modified-Since: " LATER "\r\n", COND_UNCHANGED },
	{ "GET", "If-Modified-Since: " EARLIER "\r\n", COND_SEND },
	{ "GET", "If-Modified-Since: yesterday\r\n", COND_SEND },
	{ "GET", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
	    COND_SEND },
	{ "GET", "If-Modified-Since: Tuesday, 10-Jun-14 12:34:56 GMT\r\n",
	    COND_UNCHANGED },
	{ "GET", "If-Modified-Since: Tue Jun 10 12:34:56 2014\r\n",
	    COND_UNCHANGED },
	{ "GET", "If-Modified-Since: " LM "; length=13\r\n", COND_UNCHANGED },
	{ "GET", "If-None-Match: " TAG "\r\n", COND_UNCHANGED },
	{ "GET", "If-None-Match: W/" TAG "\r\n", COND_UNCHANGED },
	{ "GET", "If-None-Match: \"x\", " TAG " , \"y\"\r\n", COND_UNCHANGED },
	{ "GET", "If-None-Match: \"a,b\"," TAG "\r\n", COND_UNCHANGED },
	{ "GET", "If-None-Match: \"x\"\r\nIf-None-Match: " TAG "\r\n",
	    COND_UNCHANGED },
	{ "GET", "If-None-Match: *\r\n", COND_UNCHANGED },
	{ "GET", "If-None-Match: \"zzz\"\r\n", COND_SEND },
	{ "GET", "If-None-Match: d-4fb7a8e21bc00\r\n", COND_SEND },
	{ "GET", "If-None-Match: \"zzz\"\r\nIf-Modified-Since: " LM "\r\n",
	    COND_SEND },
	{ "GET", "If-None-Match: " TAG "\r\nIf-Modified-Since: " EARLIER
	    "\r\n", COND_UNCHANGED },
	{ "POST", "If-None-Match: " TAG "\r\n", COND_FAILED },
	{ "GET", "If-Unmodified-Since: " LM "\r\n", COND_SEND },
	{ "GET", "If-Unmodified-Since: " EARLIER "\r\n", COND_FAILED },
	{ "GET", "If-Match: " TAG "\r\n", COND_SEND },
	{ "GET", "If-Match: \"zzz\"\r\n", COND_FAILED },
	{ "GET", "If-Match: *\r\n", COND_SEND },
	{ "GET", "If-Match: W/" TAG "\r\n", COND_FAILED },
	{ "GET", "If-Match: " TAG "\r\nIf-Unmodified-Since: " EARLIER "\r\n",
	    COND_SEND },
	{ "GET", "If-Match: \"zzz\"\r\nIf-None-Match: " TAG "\r\n",
	    COND_FAILED },
};

static struct req req;

static struct cond_have
parse(const char *method, const char *fields)
{
	static const struct req_limits limits = { 8190, 100, 8190 };
	static char text[2048];
	struct cond_have have = { STR_INIT(TAG), 1402403696, 1700000000 };

	snprintf(text, sizeof text, "%s / HTTP/1.1\r\nHost: a\r\n%s\r\n",
	    method, fields);
	ck_assert_msg(req_parse(&req, text, strlen(text), &limits), "%s",
	    fields);
	return have;
}

START_TEST(conditions)
{
	struct cond_have have = parse(cases[_i].method, cases[_i].fields);
	enum cond_verdict v = cond_decide(&req, &have);

	ck_assert_msg(v == cases[_i].verdict, "%s %s: %d", cases[_i].method,
	    cases[_i].fields, (int)v);
}
END_TEST

START_TEST(without_a_tag_only_a_star_matches)
{
	struct cond_have have = parse("GET", "If-None-Match: \"\"\r\n");

	have.etag = STR("");
	ck_assert_int_eq(cond_decide(&req, &have), COND_SEND);
	(void)parse("GET", "If-Match: *\r\n");
	ck_assert_int_eq(cond_decide(&req, &have), COND_SEND);
}
END_TEST

static const struct {
	const char *value;
	bool holds;
} if_range[] = {
	{ TAG, true }, { "W/" TAG, false }, { "\"zzz\"", false },
	{ LM, true }, { LATER, false }, { EARLIER, false }, { "x", false },
	{ "\"", false },
};

START_TEST(if_range_is_exact)
{
	char field[200];
	struct cond_have have;

	snprintf(field, sizeof field, "If-Range: %s\r\n", if_range[_i].value);
	have = parse("GET", field);
	ck_assert_msg(cond_if_range(&req, &have) == if_range[_i].holds, "%s",
	    field);
	have.etag = STR("W/" TAG);
	ck_assert_msg(!cond_if_range(&req, &have) || _i == 3,
	    "a weak tag of ours never matches strongly");
}
END_TEST

T_MAIN("httpd_cond") {
	T_LOOP(conditions, 0, (int)ARRAY_LEN(cases));
	T_ADD(without_a_tag_only_a_star_matches);
	T_LOOP(if_range_is_exact, 0, (int)ARRAY_LEN(if_range));
}
