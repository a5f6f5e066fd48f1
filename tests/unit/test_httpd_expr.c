/* SPDX-License-Identifier: ISC */
/*
 * Expressions: values, and what is refused where.
 */

#include "tests/unit/t.h"

#include "httpd/expr.h"

static uint8_t mem[1 << 16];
static struct re_scratch scratch;

static struct str
get(void *ctx, enum expr_var var, struct str name)
{
	(void)ctx;
	if (var == EXPR_FIELD && str_ieq(name, STR("host")))
		return STR("a.example");
	if (var == EXPR_ENV && str_eq(name, STR("V")))
		return STR("set");
	if (var == EXPR_HTTPS)
		return STR("magic");
	if (var == EXPR_TIME)
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
	{ "%{HTTPS} == 'magic'", 1 }, { "%{HTTPS} = \"magic\"", 1 },
	{ "%{HTTPS} != 'magic'", 0 }, { "'x%{HTTPS}y' == 'xmagicy'", 1 },
	{ "%{HTTPS} =~ m#^ma(g)#", 1 }, { "%{HTTPS} =~ /MAGIC/", 0 },
	{ "%{HTTPS} =~ /MAGIC/i", 1 }, { "%{HTTPS} !~ /x/", 1 },
	{ "%{TIME} -gt 9", 1 }, { "%{TIME} > '9'", 0 }, { "%{TIME} -eq 12", 1 },
	{ "%{TIME} le 11", 0 }, { "-n %{HTTPS}", 1 }, { "-z %{HTTPS}", 0 },
	{ "-z %{PATH_INFO}", 1 }, { "-T 'off'", 0 }, { "-T %{TIME}", 1 },
	{ "-R '10.0.0.0/8'", 1 }, { "!-R '11.0.0.0/8'", 1 },
	{ "%{REMOTE_ADDR} -ipmatch '10.0.0.0/8'", 1 },
	{ "req('Host') == 'a.example'", 1 },
	{ "%{http:Host} == 'a.example'", 1 }, { "env('V') == 'set'", 1 },
	{ "%{HTTPS} in {'a', 'magic'}", 1 }, { "%{HTTPS} in { 'a' }", 0 },
	{ "true && !false", 1 }, { "false || true && false", 0 },
	{ "(false || true) && true", 1 }, { "! ( true )", 0 },
	{ "%{HTTPS} ==", -12 }, { "%{HTTPS}", -9 }, { "%{HTTPS", -3 }, { "'x", -3 },
	{ "(true", -6 }, { "true x", -6 }, { "md5('x') == 'y'", -5 },
	{ "%{HTTPS} =~ /a(?=b)/", -15 }, { "", -1 }, { "-n", -3 },
	{ "%{HTTPS} in 'a'", -13 }, { "%{la:x} == 'y'", -8 },
	/* every comparison on both sides of its limit */
	{ "'a' < 'b'", 1 }, { "'b' < 'b'", 0 }, { "'b' <= 'b'", 1 },
	{ "'c' <= 'b'", 0 }, { "'c' > 'b'", 1 }, { "'b' > 'b'", 0 },
	{ "'b' >= 'b'", 1 }, { "'a' >= 'b'", 0 }, { "9 -lt 10", 1 },
	{ "10 lt 10", 0 }, { "10 ge 10", 1 }, { "9 -ge 10", 0 }, { "9 ne 10", 1 },
	{ "9 -ne 9", 0 }, { "11 gt 10", 1 }, { "10 -le 10", 1 },
	{ "'x' eq 0", 1 }, { "' 12 ' eq 12", 1 }, { "'-3' lt 0", 1 },
	{ "%{PATH_INFO} -in {'a', %{PATH_INFO}}", 1 },
	/* what is true */
	{ "-T ''", 0 }, { "-T 0", 0 }, { "-T 'Off'", 0 }, { "-T 'NO'", 0 },
	{ "-T false", -4 }, { "-T 'false'", 0 }, { "-T 00", 1 }, { "-T 'yes'", 1 },
	/* every way to a header or variable */
	{ "http('Host') == 'a.example'", 1 },
	{ "req_novary('Host') == 'a.example'", 1 },
	{ "%{req:Host} == 'a.example'", 1 }, { "reqenv(\"V\") == 'set'", 1 },
	{ "osenv('V') == 'set'", -7 }, { "%{reqenv:V} == 'set'", 1 },
	{ "%{osenv:V} == 'set'", -11 }, { "%{env:V}%{HTTPS}", -9 },
	{ "'%{HTTPS}%{TIME}' == \"magic12\"", 1 }, { "'%' == '%'", 1 },
	{ "01 == '01'", 1 }, { "%{HTTPS} =~ m%ma%i\t", 1 },
	/* what is missing, and where */
	{ "false || false", 0 }, { "true && true && false", 0 },
	{ "true || false", 1 }, { "%{HTTPS} =~ /ma/ && false", 0 },
	{ "1 eqx 1", -3 }, { "-nx", -1 }, { "true1", -1 }, { "req('H", -7 },
	{ "req(x)", -5 }, { "req", -1 }, { "req('x%{HTTPS}')", -16 },
	{ "req('x'", -8 }, { "'%{HTTPS", -4 }, { "1 ~ 2", -3 },
	{ "1 =~ m", -7 }, { "1 =~ x", -6 }, { "1 =~ /x", -7 }, { "1 =~", -5 },
	{ "1 in {", -7 }, { "1 in {1", -8 }, { "1 in {1,}", -9 },
	{ "!= 1", -2 }, { "!~ /x/", -2 }, { "!", -2 }, { "()", -2 },
	{ "true &&", -8 }, { "true || (", -10 }, { "true[", -5 },
	{ "true`", -5 }, { "true{", -5 }, { "true@", -5 }, { "true:", -5 },
	{ "true/", -5 },
	/* variables, and those that the peer alone knows, or nobody */
	{ "%{http_HOST} == 'a.example'", 1 }, { "%{HTTP_HOST}x == 'a'", -13 },
	{ "%{HTTP_X_ANY} == ''", -14 }, { "%{FOO} == ''", -7 },
	{ "%{IS_SUBREQ} == 'true'", -13 }, { "'%{HANDLER}' == ''", -12 },
	{ "trueA", -1 }, { "true_", -1 }, { "truez", -1 },
	/* bare words are numbers */
	{ "-1 lt 0", 1 }, { "--1 lt 0", -1 }, { "-T -12", 1 }, { "0x == 1", -1 },
	{ "x == 'x'", -1 }, { "-", -1 },
	/* patterns */
	{ "'a/b' -strmatch 'a*'", 1 }, { "'A/b' -strmatch 'a*'", 0 },
	{ "'A/b' -strcmatch 'a*'", 1 }, { "'a/b' -fnmatch 'a*'", 0 },
	{ "'a/b' -fnmatch 'a/?'", 1 }, { "%{HTTPS} -strmatch '*%{HTTPS}'", 1 },
	/* words for && || ! */
	{ "true and not false", 1 }, { "false or true and false", 0 },
	{ "not true or true", 1 }, { "nottrue", -1 }, { "true andtrue", -6 },
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
