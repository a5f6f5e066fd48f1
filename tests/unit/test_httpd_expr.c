/* SPDX-License-Identifier: ISC */
/*
 * <If> expressions: values, and what is refused where.
 */

#include "tests/unit/t.h"

#include "httpd/expr.h"

static uint8_t mem[1 << 16];
static struct re_scratch scratch;

static struct str
get(void *ctx, char space, struct str name)
{
	(void)ctx;
	if (space == 'h' && str_ieq(name, STR("host")))
		return STR("a.example");
	if (space == 'e' && str_eq(name, STR("V")))
		return STR("set");
	if (space == 0 && str_eq(name, STR("Q")))
		return STR("magic");
	if (space == 0 && str_eq(name, STR("N")))
		return STR("12");
	return STR("");
}

static bool
in_net(void *ctx, struct str net)
{
	(void)ctx;
	return str_eq(net, STR("10.0.0.0/8"));
}

static const struct {
	const char *text;
	int want;		/* 1, 0, or minus the column of the error */
} cases[] = {
	{ "%{Q} == 'magic'", 1 }, { "%{Q} = \"magic\"", 1 },
	{ "%{Q} != 'magic'", 0 }, { "'x%{Q}y' == 'xmagicy'", 1 },
	{ "%{Q} =~ m#^ma(g)#", 1 }, { "%{Q} =~ /MAGIC/", 0 },
	{ "%{Q} =~ /MAGIC/i", 1 }, { "%{Q} !~ /x/", 1 },
	{ "%{N} -gt 9", 1 }, { "%{N} > '9'", 0 }, { "%{N} -eq 12", 1 },
	{ "%{N} le 11", 0 }, { "-n %{Q}", 1 }, { "-z %{Q}", 0 },
	{ "-z %{none}", 1 }, { "-T 'off'", 0 }, { "-T %{N}", 1 },
	{ "-R '10.0.0.0/8'", 1 }, { "!-R '11.0.0.0/8'", 1 },
	{ "%{REMOTE_ADDR} -ipmatch '10.0.0.0/8'", 1 },
	{ "req('Host') == 'a.example'", 1 },
	{ "%{http:Host} == 'a.example'", 1 }, { "env('V') == 'set'", 1 },
	{ "%{Q} in {'a', 'magic'}", 1 }, { "%{Q} in { 'a' }", 0 },
	{ "true && !false", 1 }, { "false || true && false", 0 },
	{ "(false || true) && true", 1 }, { "! ( true )", 0 },
	{ "%{Q} ==", -8 }, { "%{Q}", -5 }, { "%{Q", -3 }, { "'x", -3 },
	{ "(true", -6 }, { "true x", -6 }, { "md5('x') == 'y'", -5 },
	{ "%{Q} =~ /a(?=b)/", -11 }, { "", -1 }, { "-n", -3 },
	{ "%{Q} in 'a'", -9 }, { "%{la:x} == 'y'", -8 },
};

START_TEST(evaluates)
{
	struct expr_in in = { get, in_net, NULL };
	struct expr_error err;
	const struct expr *e;
	struct arena a;
	size_t len = strlen(cases[_i].text);
	char *copy = t_dup(cases[_i].text, len);

	arena_init(&a, mem, sizeof(mem));
	if (!expr_compile(str_make(copy, len), &a, &e, &err))
		ck_assert_msg(-(int)err.col == cases[_i].want, "%s: %s at %u",
		    cases[_i].text, err.why, err.col);
	else
		ck_assert_msg((int)expr_eval(e, &in, &scratch) ==
		    cases[_i].want, "%s", cases[_i].text);
	free(copy);
}
END_TEST

START_TEST(depth_is_limited)
{
	static char deep[4000];
	struct expr_error err;
	const struct expr *e;
	struct arena a;

	memset(deep, '(', sizeof(deep));
	arena_init(&a, mem, sizeof(mem));
	ck_assert_msg(!expr_compile(str_make(deep, sizeof(deep)), &a, &e,
	    &err), "parentheses");
	memset(deep, '!', sizeof(deep));
	arena_init(&a, mem, sizeof(mem));
	ck_assert_msg(!expr_compile(str_make(deep, sizeof(deep)), &a, &e,
	    &err), "negations");
}
END_TEST

T_MAIN("httpd_expr")
{
	T_LOOP(evaluates, 0, (int)(sizeof(cases) / sizeof(*cases)));
	T_ADD(depth_is_limited);
}
