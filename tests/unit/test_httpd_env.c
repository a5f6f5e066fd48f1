/* SPDX-License-Identifier: ISC */
/* Variables of a request, up to the last that fits. */
#include "tests/unit/t.h"

#include "httpd/env.h"

START_TEST(full_list_says_so)
{
	static char names[ENV_MAX + 1][8];
	struct env e;

	env_init(&e);
	for (unsigned i = 0; i <= ENV_MAX; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "V%u", i);
		ck_assert_msg(env_set(&e, str_of(names[i]), STR("x")) ==
		    (i < ENV_MAX), "variable %u", i);
	}
	ck_assert_msg(!env_has(&e, str_of(names[ENV_MAX])), "beyond");
	ck_assert_msg(env_set(&e, STR("V1"), STR("y")), "in place");
	ck_assert_msg(str_eq(env_get(&e, STR("V1")), STR("y")), "replaced");
	env_unset(&e, STR("V1"));
	ck_assert_msg(env_set(&e, str_of(names[ENV_MAX]), STR("z")), "room");
}
END_TEST

T_MAIN("httpd_env")
{
	T_ADD(full_list_says_so);
}
