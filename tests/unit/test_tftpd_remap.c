/* SPDX-License-Identifier: ISC */
/*
 * The rule language: one row per rule file and name, with the result and what
 * the rules say they do, in the words of the log.
 */
#include "tests/unit/t.h"

#include <regex.h>

#include "tftpd/logtext.h"
#include "tftpd/remap.h"

static regex_t regs[64];
static bool is_compiled[ARRAY_LEN(regs)];
static char said[65536];
static const char *the_file;	/* the one that is there, for E */

static void
give_back(void)
{
	for (size_t i = 0; i < ARRAY_LEN(regs); i++) {
		if (is_compiled[i])
			regfree(&regs[i]);
		is_compiled[i] = false;
	}
}

static bool
compile(void *ctx, uint32_t id, const char *pattern, bool is_icase,
    char *reason, size_t size)
{
	int error;

	(void)ctx;
	ck_assert_msg(id < ARRAY_LEN(regs), "too many");
	error = regcomp(&regs[id], pattern,
	    REG_EXTENDED | (is_icase ? REG_ICASE : 0));
	is_compiled[id] = error == 0;
	if (error != 0)
		snprintf(reason, size, "reason");
	return error == 0;
}

static bool
search(void *ctx, uint32_t id, const char *text, bool is_inside,
    struct remap_span spans[REMAP_GROUPS])
{
	regmatch_t groups[REMAP_GROUPS];

	(void)ctx;
	if (regexec(&regs[id], text, REMAP_GROUPS, groups,
	    is_inside ? REG_NOTBOL : 0) != 0)
		return false;
	for (size_t i = 0; i < REMAP_GROUPS; i++) {
		spans[i].from = (size_t)groups[i].rm_so;
		spans[i].to = (size_t)groups[i].rm_eo;
		if (groups[i].rm_so < 0)
			spans[i].from = spans[i].to = STR_NONE;
	}
	return true;
}

static const struct remap_engine engine = {
	.compile = compile, .search = search
};

static void
say(const char *text, size_t len)
{
	size_t at = strlen(said);

	snprintf(said + at, sizeof(said) - at, "%.*s|", (int)len, text);
}

static void
report(void *ctx, bool is_error, struct str message)
{
	(void)ctx;
	say(is_error ? "E" : "W", 1);
	say(message.p, message.len);
}

static void
trace(void *ctx, enum remap_event event, uint32_t rule, struct str text,
    struct str last)
{
	char line[9000];
	struct wr wr;

	(void)ctx;
	wr_init(&wr, line, sizeof(line));
	(void)logtext_remap(&wr, event, rule, text, last);
	ck_assert_msg(wr_ok(&wr), "line too long");
	say(line, wr.len);
}

static bool
is_file(void *ctx, struct str name)
{
	(void)ctx;
	return str_eq(name, str_of(the_file));
}

static uint8_t mem[1 << 20];
static size_t mem_size = sizeof(mem);

static bool
parse_bytes(struct remap *remap, const char *rules, size_t len)
{
	struct arena arena;
	char *exact = t_dup(rules, len);
	bool is_good;

	give_back();
	said[0] = '\0';
	arena_init(&arena, mem, mem_size);
	is_good = remap_parse(remap, str_make(exact, len), &arena, &engine,
	    report, NULL);
	free(exact);
	return is_good;
}

static bool
parse(struct remap *remap, const char *rules)
{
	return parse_bytes(remap, rules, strlen(rules));
}

static enum remap_verdict
apply(const char *rules, const char *name, struct remap_name *ret,
    bool is_write, bool is_v6)
{
	static const struct remap_env env = {
		.engine = &engine, .trace = trace, .is_file = is_file
	};
	struct remap_client client = {
		.is_write = is_write, .is_v6 = is_v6,
		.addr = STR("10.0.0.7"), .addr_hex = STR("0A000007"),
		.has_leases = true, .mac = STR("52-54-00-12-34-56"),
		.client_id = STR("01525400123456"), .hostname = STR("node7")
	};
	struct remap remap;

	ck_assert_msg(parse(&remap, rules), "rules: %s", said);
	said[0] = '\0';
	ret->len = strlen(name);
	memcpy(ret->text, name, ret->len + 1);
	return remap_apply(&remap, &client, &env, ret);
}

static const struct {
	const char *rules, *name, *result;
	enum remap_verdict verdict;
} cases[] = {
	{ "r foo bar", "foofoo", "barfoo", REMAP_OK },
	{ "r ^pre/", "pre/f", "f", REMAP_OK },
	{ "rg \\\\ /", "a\\b\\c", "a/b/c", REMAP_OK },
	{ "ri ^c: d", "C:/f", "d/f", REMAP_OK },
	{ "r ^([a-z]+)-([0-9]+)(.*)$ \\2/\\1\\3[\\0]", "abc-12.bin",
	    "12/abc.bin[abc-12.bin]", REMAP_OK },
	{ "r ^(a)|(b)$ <\\1\\2\\3>", "b", "<b>", REMAP_OK },
	{ "r ^([a-z]+)/(.*)$ \\U\\1\\E/\\L\\2x\\Uy\\Ez", "abc/FiLe",
	    "ABC/filexYz", REMAP_OK },
	{ "r ^cfg$ \\i.\\x", "cfg", "10.0.0.7.0A000007", REMAP_OK },
	{ "r ^cfg$ \\m_\\c_\\h", "cfg",
	    "52-54-00-12-34-56_01525400123456_node7", REMAP_OK },
	{ "r ^q$ a\\\\b\\#c\\ d\\qe", "q", "a\\b#c dqe", REMAP_OK },
	{ "r a\\ b\\#c ok", "a b#c", "ok", REMAP_OK },
	{ "e ^keep/\nr ^ moved/", "keep/f", "keep/f", REMAP_OK },
	{ "e ^keep/\nr ^ moved/", "f", "moved/f", REMAP_OK },
	{ "re ^a b\nr b c", "a1", "b1", REMAP_OK },
	{ "r ^1 one\nrs ^two 1\nr ^one final", "two", "final", REMAP_OK },
	{ "rs a a", "a", "a", REMAP_FAILED },
	{ "rg a a", "a", "a", REMAP_FAILED },
	{ "rgg a aa", "banana", "baanaanaa", REMAP_OK },
	{ "rgg x* -", "ab", "-a-b-", REMAP_OK },
	{ "rgg ^a b", "aaa", "baa", REMAP_OK },
	{ "a \\.pvt$", "x.pvt", "Access denied", REMAP_REFUSED },
	{ "a ^no/(.*)$ You\\ may\\ not\\ have\\ \\1", "no/secret",
	    "You may not have secret", REMAP_REFUSED },
	{ "~a ^pub/ denied", "X", "denied", REMAP_REFUSED },
	{ "~a ^pub/ denied", "pub/X", "pub/X", REMAP_OK },
	{ "rG ^ get/\nrP ^ put/", "f", "get/f", REMAP_OK },
	{ "r4 ^ v4/\nr6 ^ v6/", "f", "v4/f", REMAP_OK },
	{ "~e ^map/\nr ^map/ real/", "map/f", "real/f", REMAP_OK },
	{ "# c\n\n \t r \t a \t b # t\nr b c#t\nr c d x y\nr d e\r\n", "a",
	    "e", REMAP_OK },
	{ "rE a there\nr $ !", "a", "there", REMAP_OK },
	{ "rE a here\nr $ !", "a", "here!", REMAP_OK },
	{ "j a lab\nr $ !\n:lab\nr $ ?", "a", "a?", REMAP_OK },
	{ "j a lab\nr $ !\n:lab\nr $ ?", "b", "b!?", REMAP_OK },
	{ "rj a c lab\nr $ !\n:lab\nr $ ?", "a", "c?", REMAP_OK },
	{ ":top\nrj a b top", "aaa", "bbb", REMAP_OK },
	{ "j . nowhere\nr $ !", "a", "a", REMAP_OK },
	{ "rg (.*)\xff$ \\1", "a\xff\xff", "a", REMAP_OK },
};

START_TEST(rules_do_what_they_say)
{
	struct remap_name name;
	enum remap_verdict verdict;

	ck_assert_msg((size_t)_i < ARRAY_LEN(cases), "loop");
	the_file = "there";
	verdict = apply(cases[_i].rules, cases[_i].name, &name, false, false);
	ck_assert_int_eq(verdict, cases[_i].verdict);
	ck_assert_str_eq(name.text, cases[_i].result);
	ck_assert_int_eq((int)name.len, (int)strlen(name.text));
}
END_TEST

START_TEST(other_clients)
{
	struct remap_name name;

	(void)apply("rG ^ get/\nrP ^ put/\nrGP ^ last/", "f", &name, true,
	    false);
	ck_assert_str_eq(name.text, "last/put/f");
	(void)apply("r4 ^ v4/\nr6 ^ v6/\nr46 ^ both/", "f", &name, false,
	    true);
	ck_assert_str_eq(name.text, "v6/f");
}
END_TEST

START_TEST(the_log_follows)
{
	struct remap_name name;

	(void)apply("r ^never x\nr ^b c\nrs ^a b", "a", &name, false, false);
	ck_assert_str_eq(said, "remap: input: a|remap: rule 2: rewrite: b|"
	    "remap: rule 0: restart|remap: rule 1: rewrite: c|remap: done|");
	(void)apply("re a b", "a", &name, false, false);
	ck_assert_str_eq(said, "remap: input: a|remap: rule 0: rewrite: b|"
	    "remap: rule 0: exit|");
	(void)apply("a x", "ax", &name, false, false);
	ck_assert_str_eq(said,
	    "remap: input: ax|remap: rule 0: abort: ax|");
}
END_TEST

START_TEST(a_loop_ends)
{
	struct remap_name name;
	char *last;

	ck_assert_int_eq(apply("rs a a", "a", &name, false, false),
	    REMAP_FAILED);
	last = strstr(said, "Breaking");
	ck_assert_msg(last != NULL, "%s", said);
	ck_assert_str_eq(last, "Breaking loop, input = a, last = a|");
}
END_TEST

START_TEST(a_name_can_get_too_long)
{
	struct remap_name name;

	ck_assert_int_eq(apply("rs ^(.*)$ \\1\\1", "abcdefgh", &name, false,
	    false), REMAP_FAILED);
	ck_assert_msg(name.len <= PROTO_NAME_MAX, "length");
}
END_TEST

/* Without leases \m, \c and \h stand for themselves; without a way to look
 * E never ends. */
START_TEST(what_is_not_known)
{
	static const struct remap_env env = { .engine = &engine };
	struct remap_client client = { .addr = STR("10.0.0.7"),
	    .addr_hex = STR("0A000007") };
	struct remap_name name = { .text = "a", .len = 1 };
	struct remap remap;

	ck_assert_msg(parse(&remap, "rE a \\m\\c\\h\nr $ !"), "rules: %s", said);
	ck_assert_int_eq(remap_apply(&remap, &client, &env, &name), REMAP_OK);
	ck_assert_str_eq(name.text, "mch!");
}
END_TEST

/* A message that does not fit is the usual one. */
START_TEST(a_long_refusal)
{
	char text[PROTO_NAME_MAX + 1];
	struct remap_name name;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(apply("a ^(.*)$ \\1\\1", text, &name, false, false),
	    REMAP_REFUSED);
	ck_assert_str_eq(name.text, "Access denied");
}
END_TEST

START_TEST(little_memory_is_said)
{
	static const char no[] = "E|No memory for remap line ";
	struct remap remap;
	unsigned refused = 0;

	for (mem_size = 0; !parse(&remap, ":here\nj a here"); mem_size += 4) {
		ck_assert_msg(strncmp(said, no, strlen(no)) == 0, "%zu: %s",
		    mem_size, said);
		refused++;
	}
	ck_assert_msg(refused > 10, "%u", refused);
}
END_TEST

START_TEST(errors_in_the_peers_words)
{
	static const struct {
		const char *rules, *errors;
	} bad[] = {
		{ "rq a b", "E|Remap command \"rq\" on line 1 contains "
		    "invalid char \"q\"|" },
		{ "~r a b", "E|r rules cannot be inverted, line 1:  a b|" },
		{ "r\nr   # c", "E|No regex on remap line 1: |"
		    "E|No regex on remap line 2: # c|" },
		{ "r (a b", "E|Bad regex in remap line 1: reason|" },
		{ "z a\nr a b\nr [ x", "E|Remap command \"z\" on line 1 "
		    "contains invalid char \"z\"|"
		    "E|Bad regex in remap line 3: reason|" },
	};
	struct remap remap;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		ck_assert_msg(!parse(&remap, bad[i].rules), "accepted");
		ck_assert_str_eq(said, bad[i].errors);
	}
	ck_assert_msg(!parse_bytes(&remap, "r a\0b c", 7), "a NUL");
	ck_assert_str_eq(said, "E|Bad regex in remap line 1: NUL byte|");
	ck_assert_msg(parse(&remap, "j a nowhere"), "refused");
	ck_assert_str_eq(said, "W|No such label on remap line 1, jump ends "
	    "the rules: nowhere|");
	ck_assert_msg(parse(&remap, ""), "empty");
	ck_assert_int_eq((int)remap.rules_n, 0);
}
END_TEST

T_MAIN("tftpd_remap") {
	tcase_add_checked_fixture(t_case, NULL, give_back);
	T_LOOP(rules_do_what_they_say, 0, 36);
	T_ADD(other_clients);
	T_ADD(the_log_follows);
	T_ADD(a_loop_ends);
	T_ADD(a_name_can_get_too_long);
	T_ADD(what_is_not_known);
	T_ADD(a_long_refusal);
	T_ADD(little_memory_is_said);
	T_ADD(errors_in_the_peers_words);
}
