/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_hdr - character classes over all bytes, and lists.
 */
#include "tests/unit/t.h"

#include "httpd/hdr.h"

START_TEST(classes_are_those_of_the_grammar)
{
	static const char tokens[] = "!#$%&'*+-.^_`|~0123456789"
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	int i;

	for (i = 0; i < 256; i++) {
		char c = (char)i;
		bool is_token = c != '\0' && strchr(tokens, c) != NULL;
		bool is_value = c == '\t' || (i >= ' ' && i != 0x7f);

		ck_assert_msg(hdr_is_token(str_make(&c, 1)) == is_token,
		    "token %d", i);
		ck_assert_msg(hdr_is_value(str_make(&c, 1)) == is_value,
		    "value %d", i);
	}
	ck_assert_msg(!hdr_is_token(STR("")), "empty token");
	ck_assert_msg(hdr_is_value(STR("")), "empty value");
}
END_TEST

/* values are looked at eight bytes at once: no place may be special */
START_TEST(values_are_judged_at_every_place)
{
	int i;
	size_t at, len;

	for (i = 0; i < 256; i++)
		for (len = 1; len < 20; len++)
			for (at = 0; at < len; at++) {
				bool is_good = i == '\t' ||
				    (i >= ' ' && i != 0x7f);
				char *p = t_dup("aaaaaaaaaaaaaaaaaaaa", len);

				p[at] = (char)i;
				ck_assert_msg(hdr_is_value(str_make(p, len)) ==
				    is_good, "%d at %zu of %zu", i, at, len);
				free(p);
			}
}
END_TEST

START_TEST(lists_are_walked)
{
	struct str list = STR(" a ,, \"b,c\\\",\" ;d ,\t,e"), item;

	ck_assert_msg(hdr_next(&list, &item) && str_eq(item, STR("a")), "a");
	ck_assert_msg(hdr_next(&list, &item) &&
	    str_eq(item, STR("\"b,c\\\",\" ;d")), "quoted %.*s",
	    STR_ARG(item));
	ck_assert_msg(hdr_next(&list, &item) && str_eq(item, STR("e")), "e");
	ck_assert_msg(!hdr_next(&list, &item), "end");
	ck_assert_msg(hdr_has(STR("x, Close"), STR("close")), "has");
	ck_assert_msg(!hdr_has(STR("x, closed"), STR("close")), "has not");
	list = STR("\"open, a");
	ck_assert_msg(hdr_next(&list, &item) && !hdr_next(&list, &item),
	    "an open quote takes the rest");
	list = STR("\"\\");
	ck_assert_msg(hdr_next(&list, &item), "ends in a backslash");
}
END_TEST

START_TEST(known_names_have_numbers)
{
	static const struct {
		struct str name;
		enum hdr_id id;
	} names[] = {
		{ STR_INIT("hOST"), HDR_HOST },
		{ STR_INIT("Range"), HDR_RANGE },
		{ STR_INIT("cookie"), HDR_COOKIE },
		{ STR_INIT("Expect"), HDR_EXPECT },
		{ STR_INIT("Referer"), HDR_REFERER },
		{ STR_INIT("If-Match"), HDR_IF_MATCH },
		{ STR_INIT("IF-RANGE"), HDR_IF_RANGE },
		{ STR_INIT("User-Agent"), HDR_USER_AGENT },
		{ STR_INIT("Connection"), HDR_CONNECTION },
		{ STR_INIT("Content-Type"), HDR_CONTENT_TYPE },
		{ STR_INIT("Authorization"), HDR_AUTHORIZATION },
		{ STR_INIT("If-None-Match"), HDR_IF_NONE_MATCH },
		{ STR_INIT("Content-Length"), HDR_CONTENT_LENGTH },
		{ STR_INIT("Accept-Encoding"), HDR_ACCEPT_ENCODING },
		{ STR_INIT("If-Modified-Since"), HDR_IF_MODIFIED_SINCE },
		{ STR_INIT("Transfer-Encoding"), HDR_TRANSFER_ENCODING },
		{ STR_INIT("If-Unmodified-Since"), HDR_IF_UNMODIFIED_SINCE },
	};
	size_t i;

	ck_assert_int_eq((int)ARRAY_LEN(names), HDR_N - 1);
	for (i = 0; i < ARRAY_LEN(names); i++)
		ck_assert_msg(hdr_id(names[i].name) == names[i].id, "%.*s",
		    STR_ARG(names[i].name));
	ck_assert_int_eq(hdr_id(STR("Hosts")), HDR_OTHER);
	ck_assert_int_eq(hdr_id(STR("")), HDR_OTHER);
}
END_TEST

T_MAIN("httpd_hdr") {
	T_ADD(classes_are_those_of_the_grammar);
	T_ADD(values_are_judged_at_every_place);
	T_ADD(lists_are_walked);
	T_ADD(known_names_have_numbers);
}
