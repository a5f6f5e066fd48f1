/* SPDX-License-Identifier: ISC */
/*
 * Names without a chroot: the texts are tftp-hpa's.
 */
#include "tests/unit/t.h"

#include "tftpd/path.h"

static const char *
check(const char *name)
{
	static const struct str dirs[] = {
		STR_INIT("/srv/pub"), STR_INIT("/tftpboot/")
	};
	const char *text = path_check(str_of(name), dirs, ARRAY_LEN(dirs));

	return text == NULL ? "" : text;
}

START_TEST(names)
{
	ck_assert_str_eq(check("/srv/pub/f"), "");
	ck_assert_str_eq(check("/srv/pub"), "");
	ck_assert_str_eq(check("/tftpboot/a/./b"), "");
	ck_assert_str_eq(check("/tftpboot"), "");
	ck_assert_str_eq(check(""), "Only absolute filenames allowed");
	ck_assert_str_eq(check("f"), "Only absolute filenames allowed");
	ck_assert_str_eq(check("../f"), "Only absolute filenames allowed");
	ck_assert_str_eq(check("/srv/pub/../x"), "Reverse path not allowed");
	ck_assert_str_eq(check("/srv/pub/.."), "Reverse path not allowed");
	ck_assert_str_eq(check("/srv/pub/..f"), "");
	ck_assert_str_eq(check("/srv/public/f"), "Forbidden directory");
	ck_assert_str_eq(check("/srv"), "Forbidden directory");
	ck_assert_str_eq(check("/etc/passwd"), "Forbidden directory");
}
END_TEST

START_TEST(no_directory_is_no_permission)
{
	ck_assert_str_eq(path_check(STR("/f"), NULL, 0),
	    "Forbidden directory");
}
END_TEST

START_TEST(the_root_allows_everything)
{
	struct str root = STR("/");

	ck_assert_msg(path_check(STR("/a/b"), &root, 1) == NULL, "below /");
}
END_TEST

T_MAIN("tftpd_path") {
	T_ADD(names);
	T_ADD(no_directory_is_no_permission);
	T_ADD(the_root_allows_everything);
}
