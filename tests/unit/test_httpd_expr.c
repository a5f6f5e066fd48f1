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
	/* every comparison on both sides of its limit */
	{ "'a' < 'b'", 1 }, { "'b' < 'b'", 0 }, { "'b' <= 'b'", 1 },
	{ "'c' <= 'b'", 0 }, { "'c' > 'b'", 1 }, { "'b' > 'b'", 0 },
	{ "'b' >= 'b'", 1 }, { "'a' >= 'b'", 0 }, { "9 -lt 10", 1 },
	{ "10 lt 10", 0 }, { "10 ge 10", 1 }, { "9 -ge 10", 0 }, { "9 ne 10", 1 },
	{ "9 -ne 9", 0 }, { "11 gt 10", 1 }, { "10 -le 10", 1 },
	{ "'x' eq 0", 1 }, { "' 12 ' eq 12", 1 }, { "'-3' lt 0", 1 },
	{ "%{none} -in {'a', %{none}}", 1 },
	/* what is true */
	{ "-T ''", 0 }, { "-T 0", 0 }, { "-T 'Off'", 0 }, { "-T 'NO'", 0 },
	{ "-T false", 0 }, { "-T 'false'", 0 }, { "-T 00", 1 }, { "-T 'yes'", 1 },
	/* every way to a header or variable */
	{ "http('Host') == 'a.example'", 1 },
	{ "req_novary('Host') == 'a.example'", 1 },
	{ "%{req:Host} == 'a.example'", 1 }, { "reqenv(\"V\") == 'set'", 1 },
	{ "osenv('V') == 'set'", 1 }, { "%{reqenv:V} == 'set'", 1 },
	{ "%{osenv:V} == 'set'", 1 }, { "%{env:V}%{Q}", -9 },
	{ "'%{Q}%{N}' == \"magic12\"", 1 }, { "'%' == '%'", 1 },
	{ "a_1Z == 'a_1Z'", 1 }, { "%{Q} =~ m%ma%i\t", 1 },
	/* what is missing, and where */
	{ "false || false", 0 }, { "true && true && false", 0 },
	{ "true || false", 1 }, { "%{Q} =~ /ma/ && false", 0 },
	{ "1 eqx 1", -3 }, { "-nx", -1 }, { "true1", -6 }, { "req('H", -7 },
	{ "req(x)", -5 }, { "req", -4 }, { "req('x%{Q}')", -12 },
	{ "req('x'", -8 }, { "'%{Q", -4 }, { "1 ~ 2", -3 },
	{ "1 =~ m", -7 }, { "1 =~ x", -6 }, { "1 =~ /x", -7 }, { "1 =~", -5 },
	{ "1 in {", -7 }, { "1 in {1", -8 }, { "1 in {1,}", -9 },
	{ "!= 1", -2 }, { "!~ /x/", -2 }, { "!", -2 }, { "()", -2 },
	{ "true &&", -8 }, { "true || (", -10 }, { "a[ == 1", -2 },
	{ "a` == 1", -2 }, { "a{ == 1", -2 }, { "a@ == 1", -2 }, { "a: == 1", -2 },
	{ "a/ == 1", -2 },
};

/* memory that ends anywhere is said, at whatever place */
START_TEST(little_memory_is_said)
{
	struct expr_error err;
	const struct expr *e;
	struct arena a;

	arena_init(&a, mem, sizeof(mem));
	if (!expr_compile(str_of(cases[_i].text), &a, &e, &err))
		return;
	for (size_t size = 0, need = a.len; size < need; size += 8) {
		arena_init(&a, mem, size);
		ck_assert_msg(!expr_compile(str_of(cases[_i].text), &a, &e, &err),
		    "%zu of %zu", size, need);
		ck_assert_msg(strstr(err.why, "memory") != NULL ||
		    strstr(err.why, "too large") != NULL, "%s", err.why);
	}
}
END_TEST


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

START_TEST(length_is_limited)
{
	static char text[20000];
	struct expr_error err;
	const struct expr *e;
	struct arena a;
	size_t n = 0;

	n = (size_t)snprintf(text, sizeof(text), "-n '%15000s'", "");
	arena_init(&a, mem, sizeof(mem));
	ck_assert_msg(!expr_compile(str_make(text, n), &a, &e, &err) &&
	    strcmp(err.why, "expression is too long") == 0, "%s", err.why);
	for (n = 0; n < 2000; n += 8)
		memcpy(text + n, "false ||", 8);
	memcpy(text + n, " true", 5);
	arena_init(&a, mem, sizeof(mem));
	ck_assert_msg(!expr_compile(str_make(text, n + 5), &a, &e, &err) &&
	    strcmp(err.why, "too many terms") == 0, "%s", err.why);
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
	T_LOOP(little_memory_is_said, 0, (int)(sizeof(cases) / sizeof(*cases)));
	T_ADD(length_is_limited);
	T_ADD(depth_is_limited);
}
