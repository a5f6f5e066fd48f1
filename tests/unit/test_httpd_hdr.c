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
	ck_assert_int_eq(hdr_id(STR("hOST")), HDR_HOST);
	ck_assert_int_eq(hdr_id(STR("If-None-Match")), HDR_IF_NONE_MATCH);
	ck_assert_int_eq(hdr_id(STR("Transfer-Encoding")),
	    HDR_TRANSFER_ENCODING);
	ck_assert_int_eq(hdr_id(STR("Hosts")), HDR_OTHER);
	ck_assert_int_eq(hdr_id(STR("")), HDR_OTHER);
}
END_TEST

T_MAIN("httpd_hdr") {
	T_ADD(classes_are_those_of_the_grammar);
	T_ADD(lists_are_walked);
	T_ADD(known_names_have_numbers);
}
