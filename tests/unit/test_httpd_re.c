/* SPDX-License-Identifier: ISC */
/*
 * Regular expressions: what matches where, which groups, what is refused at
 * which column, and that hostile patterns end quickly.
 */

#include "tests/unit/t.h"

#include "httpd/re.h"

static uint8_t mem[4 << 20];
static struct re_scratch scratch;

static const struct re *
compile(const char *pattern, bool nocase, struct re_error *err)
{
	static struct arena a;
	const struct re *re = NULL;

	arena_init(&a, mem, sizeof(mem));
	memset(err, 0, sizeof(*err));
	return re_compile(str_of(pattern), nocase, &a, &re, err) ? re : NULL;
}

/* want: "no", or the groups as from-to, separated by blanks */
static const struct {
	const char *pattern, *text, *want;
	bool nocase;
} matches[] = {
	{ "abc", "xabcx", "1-4", false }, { "abc", "ab", "no", false },
	{ "Mozilla/2", "Mozilla/2.0", "0-9", false },
	{ "^Mozilla/2", "xMozilla/2", "no", false },
	{ "MSIE 4\\.0b2;", "MSIE 4.0b2;", "0-11", false },
	{ "MSIE 4\\.0b2;", "MSIE 4x0b2;", "no", false },
	{ "^gnome-vfs/1.0", "gnome-vfs/1.0", "0-13", false },
	{ "^WebDAVFS/1.[0123]", "WebDAVFS/1.3", "0-12", false },
	{ "\\.(jpe?g|json)$", "/a.json", "2-7 3-7", false },
	{ "\\.(jpe?g|json)$", "/a.jsonx", "no", false },
	{ "^/+$", "//", "0-2", false }, { "^/+$", "//a", "no", false },
	{ "^a(b+)c", "abbbc", "0-5 1-4", false },
	{ "^TeSt$", "tEST", "0-4", true }, { "[a-c]+", "xABCx", "1-4", true },
	{ "^/rm/(.*)\\.old$", "/rm/a/b.old", "0-11 4-7", false },
	/* the first alternative wins, not the longest */
	{ "a|ab", "ab", "0-1", false }, { "(a|ab)(c|bcd)", "abcd", "0-4 0-1 1-4",
	    false },
	{ "a*?b", "aab", "0-3", false }, { "<.+?>", "<a><b>", "0-3", false },
	{ "<.+>", "<a><b>", "0-6", false }, { "a{2,3}", "aaaa", "0-3", false },
	{ "a{2}", "a", "no", false }, { "a{2,}", "xaaa", "1-4", false },
	{ "a{0,1}b", "ab", "0-2", false }, { "a{,2}", "a{,2}", "0-5", false },
	{ "(ab){2}", "abab", "0-4 2-4", false }, { "a{0}b", "ab", "1-2", false },
	{ "(a)|(b)", "b", "0-1 -1--1 0-1", false },
	{ "(a*)*", "aab", "0-2 0-2", false }, { "(?:ab)+c", "ababc", "0-5", false },
	{ "x*", "aaa", "0-0", false }, { "", "abc", "0-0", false },
	{ "\\d+", "ab12", "2-4", false }, { "\\w+\\s\\S", "a b", "0-3", false },
	{ "[^\\d]", "1a", "1-2", false }, { "[\\d.]+", "1.2x", "0-3", false },
	{ "[[:alpha:]]+", "12ab", "2-4", false },
	{ "[[:^alpha:]]+", "ab12", "2-4", false },
	{ "[]a]+", "x]a", "1-3", false }, { "[^]]", "]x", "1-2", false },
	{ "[a-]+", "x-a", "1-3", false }, { "\\bfoo\\b", "a foo b", "2-5", false },
	{ "\\bfoo\\b", "afoo", "no", false }, { "o\\B", "of", "0-1", false },
	{ "(?i)abc", "ABC", "0-3", false }, { "a(?i)b", "aB", "0-2", false },
	{ "a(?i)b", "AB", "no", false }, { "(?i:a)b", "Ab", "0-2", false },
	{ "(?i:a)b", "AB", "no", false }, { "a.c", "a\nc", "no", false },
	{ "(?s)a.c", "a\nc", "0-3", false }, { "a$", "a\n", "no", false },
	{ "a\\z", "a\n", "no", false }, { "(?m)^b", "a\nb", "2-3", false },
	{ "^b", "a\nb", "no", false }, { "\\x41\\t", "A\t", "0-2", false },
	{ "\\Qa.b\\E+", "a.bb", "0-4", false }, { "a\\/b", "a/b", "0-3", false },
	{ "\\.(?#a comment)x", ".x", "0-2", false },
	{ "\\n\\r\\f\\a\\e", "\n\r\f\a\033", "0-5", false },
	{ "\\x{41}b\\x{7a}", "Abz", "0-3", false },
	{ "[\\x41\\n\\t\\e]+", "xA\n\t\033", "1-5", false },
	{ "[[:alnum:]]+", "-aZ9-", "1-4", false },
	{ "[[:upper:]]+", "aBCd", "1-3", false },
	{ "[[:lower:]]+", "AbcD", "1-3", false },
	{ "[[:xdigit:]]+", "xfF9g", "1-4", false },
	{ "[[:punct:]]+", "a.;~ ", "1-4", false },
	{ "[[:print:]]+", "\ta b\t", "1-4", false },
	{ "[[:graph:]]+", " a!b ", "1-4", false },
	{ "[[:cntrl:]]+", "a\001\177b", "1-3", false },
	{ "[[:blank:]]+", "a\t b", "1-3", false },
	{ "[[:space:]]+", "a\v\n b", "1-4", false },
	{ "[[:digit:][:word:]]+", "-a_1-", "1-4", false },
	{ "[[.x]+", "a[.xb", "1-4", false }, { "[[=x]+", "a[=xb", "1-4", false },
	{ "[[:x]+", "a[:xb", "1-4", false },
	{ "\\Aab", "xab", "no", false }, { "\\Aab", "ab", "0-2", false },
	{ "ab\\Z", "ab\n", "0-2", false }, { "ab\\Z", "abx", "no", false },
	{ "a\\Eb", "ab", "0-2", false }, { "\\Q\\Eab", "ab", "0-2", false },
	{ "(?-i)a", "A", "no", true }, { "(?i-s:a).", "A\n", "no", false },
	{ "(?m)a$", "a\nb", "0-1", false }, { "[\\b]", "x\b", "1-2", false },
	{ "[a\\-z]+", "bz-a", "1-4", false }, { "[+--]+", "*+,-.", "1-4", false },
	{ "[\\d-z]+", "a1-z", "1-4", false },
	{ "\\h+\\H", "a\t b", "1-4", false }, { "[\\H]", "\ta", "1-2", false },
	{ "a*?", "aa", "0-0", false }, { "a??b", "ab", "0-2", false },
	{ "a{1,2}?", "aa", "0-1", false }, { "(?:ab){1,}?", "abab", "0-2", false },
	{ "a{2,4}b", "aaaaab", "1-6", false }, { "(?:a|b|cd)*x", "abcdx", "0-5",
	    false },
	{ "(?:^a|b)c", "bc", "0-2", false }, { "\\_\\-", "_-", "0-2", false },
	{ "(|a)b", "ab", "0-2 0-1", false }, { "()", "", "0-0 0-0", false },
	{ "a{b", "a{b", "0-3", false }, { "a{1", "a{1", "0-3", false },
	{ "\\0?a", "a", "0-1", false },
	{ "ab\\Z", "ab", "0-2", false }, { "ab\\Z", "abxy", "no", false },
	{ "(?m)a$", "ab", "no", false }, { "(?m)a$", "ba", "1-2", false },
	{ "(?:(a)|b)*c", "abc", "0-3 0-1", false },
	{ "[[:^]+", "a[:^b", "1-4", false }, { "[[:xdigit:]]+", "\303a", "1-2", false },
};

START_TEST(matches_as_perl_does)
{
	struct re_error err;
	const struct re *re = compile(matches[_i].pattern, matches[_i].nocase,
	    &err);
	const char *text = matches[_i].text;
	char *copy = t_dup(text, strlen(text)), got[256] = "no";
	struct re_match m;
	size_t n = 0;

	ck_assert_msg(re != NULL, "%s: %s", matches[_i].pattern, err.why);
	if (re_exec(re, str_make(copy, strlen(text)), &scratch, &m))
		for (unsigned i = 0; i < m.n; i++)
			n += (size_t)snprintf(got + n, sizeof(got) - n,
			    "%s%d-%d", i > 0 ? " " : "", m.from[i], m.to[i]);
	ck_assert_msg(strcmp(got, matches[_i].want) == 0, "%s on %s: %s",
	    matches[_i].pattern, text, got);
	ck_assert_int_eq(re_exec(re, str_make(copy, strlen(text)), &scratch,
	    NULL), strcmp(matches[_i].want, "no") != 0);
	free(copy);
}
END_TEST

static const struct {
	const char *pattern;
	unsigned col;
} refused[] = {
	{ "(", 1 }, { "a)", 2 }, { "[a", 1 }, { "*a", 1 }, { "a**", 3 },
	{ "a++", 3 }, { "(?=a)", 1 }, { "(?<n>a)", 1 }, { "(a)\\1", 4 },
	{ "a\\", 2 }, { "\\p{L}", 1 }, { "[z-a]", 1 }, { "a{300}", 6 },
	{ "a{3,2}", 6 }, { "[[:nope:]]", 2 }, { "x(?P<a>b)", 2 },
	{ "(((((((((((((((((((((((((((((((((((((((((((((((((((a", 51 },
	{ "((a{200}){200}){200}", 0 },
	{ "[[:a:]]", 2 }, { "\\q", 1 }, { "[\\q]", 2 }, { "\\x{zz}", 1 },
	{ "\\xzz", 1 }, { "\\x{41", 1 }, { "\\x{100}", 1 }, { "[a\\", 3 },
	{ "(?i", 1 }, { "(?", 1 }, { "(?#abc", 1 }, { "[a-\\d]", 0 },
	{ "[a-\\q]", 4 }, { "[\\d", 1 }, { "[a-", 1 }, { "a|(", 3 },
	{ "a|*", 3 }, { "(a|*)", 4 }, { "a?*", 3 },
	{ "(?i)(", 5 }, { "[b-[:alpha:]", 0 }, { "+", 1 }, { "?", 1 },
	{ "a{300,}", 7 }, { "a{1,300}", 8 }, { "a*??", 4 }, { "a{2}**", 5 },
	{ "a*?+", 4 }, { "[[::]]", 2 },
};

START_TEST(refuses_with_the_column)
{
	struct re_error err;

	ck_assert_msg(compile(refused[_i].pattern, false, &err) == NULL,
	    "%s was taken", refused[_i].pattern);
	ck_assert_msg(err.why != NULL, "no reason");
	if (refused[_i].col != 0)
		ck_assert_int_eq((int)err.col, (int)refused[_i].col);
}
END_TEST

/* what takes a backtracking matcher longer than the universe has existed */
START_TEST(exponential_patterns_end)
{
	static const char *const patterns[] = { "(a*)*b", "(a|a)*b",
	    "(a|aa)+$", "(.*.*.*.*.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$" };
	struct re_error err;
	char text[4000];

	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		const struct re *re = compile(patterns[i], false, &err);

		ck_assert_msg(re != NULL, "%s: %s", patterns[i], err.why);
		(void)re_exec(re, str_make(text, sizeof(text)), &scratch,
		    NULL);
	}
}
END_TEST

START_TEST(groups_beyond_nine_only_match)
{
	struct re_error err;
	const struct re *re = compile("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)",
	    false, &err);
	struct re_match m;

	ck_assert_msg(re != NULL, "%s", err.why);
	ck_assert_int_eq((int)re_groups(re), 9);
	ck_assert_msg(re_exec(re, STR("abcdefghijk"), &scratch, &m), "match");
	ck_assert_int_eq((int)m.n, 10);
	ck_assert_int_eq(m.to[9], 9);
}
END_TEST

START_TEST(too_much_text_is_refused)
{
	static char text[RE_TEXT_MAX + 2];
	struct re_error err;

	memset(text, 'a', sizeof(text) - 1);
	ck_assert_msg(compile(text, false, &err) == NULL && err.why != NULL,
	    "too long");
}
END_TEST

/* Whatever comes last may be what does not fit any more. */
START_TEST(programs_are_limited_at_every_place)
{
	static const char *const pieces[] = { "(b)", "b*", "b+", "b?", "b{2,4}",
	    "b{0,3}", "b{3}", "b|c", "[bc]", "(?:b|[cd])+", "\\bb", ".", "b|c|d" };
	static char text[RE_INST_MAX + 64];
	struct re_error err;
	struct re_match m;

	memset(text, 'a', sizeof(text));
	for (size_t k = 0; k < sizeof(pieces) / sizeof(*pieces); k++) {
		bool was_taken = true;

		for (size_t n = RE_INST_MAX - 24; n <= RE_INST_MAX; n++) {
			const struct re *re;

			memcpy(text + n, pieces[k], strlen(pieces[k]) + 1);
			re = compile(text, false, &err);
			ck_assert_msg(re == NULL || was_taken, "%s at %zu",
			    pieces[k], n);
			was_taken = re != NULL;
			if (re == NULL)
				ck_assert_str_eq(err.why, "expression is too large");
			memset(text + n, 'a', strlen(pieces[k]) + 1);
		}
		ck_assert_msg(!was_taken, "%s fits for ever", pieces[k]);
	}
	/* long enough to be searched without a set of first characters */
	text[400] = '.';
	text[401] = '\0';
	ck_assert_msg(re_exec(compile(text, false, &err), str_make(text, 401),
	    &scratch, &m) && m.from[0] == 0 && m.to[0] == 401, "long");
}
END_TEST

/* The numbers of steps are used up some day. */
START_TEST(steps_begin_again)
{
	struct re_error err;
	const struct re *re = compile("(a|b)+c$", false, &err);

	ck_assert_msg(re_exec(re, STR("xabc"), &scratch, NULL), "before");
	scratch.step = UINT32_MAX - RE_TEXT_MAX;
	for (int i = 0; i < 3; i++) {
		ck_assert_msg(re_exec(re, STR("xabc"), &scratch, NULL), "%d", i);
		ck_assert_msg(!re_exec(re, STR("xabd"), &scratch, NULL), "%d", i);
	}
	ck_assert_msg(scratch.step < 100, "they did not");
}
END_TEST

START_TEST(substitutes_groups)
{
	static uint8_t room[256];
	struct re_error err;
	const struct re *re = compile("(b+)(x)?", false, &err);
	struct re_match m;
	struct arena a;
	struct str got;

	arena_init(&a, room, sizeof(room));
	ck_assert_msg(re_exec(re, STR("abbc"), &scratch, &m), "match");
	got = re_subst(STR("<$0|$1|$2|$7|\\$1|&|$>"), false, STR("abbc"), &m,
	    &a);
	ck_assert_str_eq(got.p, "<bb|bb|||$1|&|$>");
	got = re_subst(STR("&&"), true, STR("abbc"), &m, &a);
	ck_assert_str_eq(got.p, "bbbb");
	got = re_subst(STR("$/$:\\&\\x\\\\$"), false, STR("abbc"), &m, &a);
	ck_assert_str_eq(got.p, "$/$:&\\x\\$");
	got = re_subst(STR("x$"), false, STR("abbc"), &m, &a);
	ck_assert_str_eq(got.p, "x$");
	got = re_subst(STR("x\\"), false, STR("abbc"), &m, &a);
	ck_assert_str_eq(got.p, "x\\");
	arena_init(&a, room, 3);
	ck_assert_msg(re_subst(STR("$1$1"), false, STR("abbc"), &m, &a).p ==
	    NULL, "a full arena must be noticed");
}
END_TEST

/* every allocation may fail */
START_TEST(small_arenas_are_refused)
{
	struct re_error err;
	const struct re *re;
	struct arena a;

	for (size_t cap = 0; cap < 2000; cap += 7) {
		arena_init(&a, mem, cap);
		memset(&err, 0, sizeof(err));
		if (!re_compile(STR("^(a|[b-d])+\\.x$"), true, &a, &re, &err))
			ck_assert_msg(err.why != NULL, "no reason at %zu",
			    cap);
		arena_init(&a, mem, cap);
		memset(&err, 0, sizeof(err));
		if (!re_compile(STR("(?i)\\Qa+\\E(\\d{2,3}|[^x]*?){1,}b??\\Zc{0}"
		    "(?:d|e|f)+\\bg{2,}|h?"), false, &a, &re, &err))
			ck_assert_msg(err.why != NULL, "no reason at %zu",
			    cap);
	}
}
END_TEST

START_TEST(longer_texts_do_not_match)
{
	struct re_error err;
	const struct re *re = compile("a$", false, &err);
	char *text = malloc(RE_TEXT_MAX + 1);
	struct re_match m;

	ck_assert_msg(re != NULL && text != NULL, "compile");
	memset(text, 'a', RE_TEXT_MAX + 1);
	ck_assert_msg(re_exec(re, str_make(text, RE_TEXT_MAX), &scratch, &m),
	    "as long as may be");
	ck_assert_msg(!re_exec(re, str_make(text, RE_TEXT_MAX + 1), &scratch,
	    &m), "one more");
	free(text);
}
END_TEST

T_MAIN("httpd_re")
{
	T_LOOP(matches_as_perl_does, 0,
	    (int)(sizeof(matches) / sizeof(*matches)));
	T_LOOP(refuses_with_the_column, 0,
	    (int)(sizeof(refused) / sizeof(*refused)));
	T_ADD(exponential_patterns_end);
	T_ADD(groups_beyond_nine_only_match);
	T_ADD(too_much_text_is_refused);
	T_ADD(programs_are_limited_at_every_place);
	T_ADD(steps_begin_again);
	T_ADD(substitutes_groups);
	T_ADD(longer_texts_do_not_match);
	T_ADD(small_arenas_are_refused);
}
