/* SPDX-License-Identifier: ISC */
/*
 * Lines and words of the configuration language, and the status page.
 */

#include "tests/unit/t.h"

#include "httpd/lex.h"
#include "httpd/status.h"

static uint8_t mem[8192];

static struct str
get(void *ctx, struct str name)
{
	(void)ctx;
	return str_eq(name, STR("A")) ? STR("aa") :
	    str_eq(name, STR("E")) ? STR("") : str_of(NULL);
}

static void
missing(void *ctx, struct str name)
{
	(void)name;
	++*(unsigned *)ctx;
}

/* want: words in brackets, lines ended by the number of the line */
static const struct {
	const char *text, *want;
} cases[] = {
	{ "a b\n", "[a][b]1" }, { "  a\t b  \r\n", "[a][b]1" },
	{ "\n\n# c\na\n", "[a]4" }, { "a \\\n  b\nc\n", "[a][b]2[c]3" },
	{ "a\\\r\nb\n", "[ab]2" }, { "# c \\\nb\nd\n", "[d]3" },
	{ "a \"b c\" 'd e'\n", "[a][b c][d e]1" },
	{ "a \"b\"'c'\n", "[a][b][c]1" }, { "\"a\\\"b\"\n", "[a\"b]1" },
	{ "'a\\'b' \"c\\'d\"\n", "[a'b][c\\'d]1" },
	{ "a\\ b\n", "[a\\][b]1" }, { "a\\\\b\n", "[a\\b]1" },
	{ "a \"b c\n", "[a][b c]1" }, { "a#b #c\n", "[a#b][#c]1" },
	{ "a ${A}x \"${A} ${A}\"\n", "[a][aax][aa aa]1" },
	{ "${E}a ${no} ${} ${x\n", "[a][${no}][${}][${x]1" },
	{ "a \"\" b\n", "[a][][b]1" }, { "a\vb\fc \v d\n", "[a][b][c][d]1" },
	{ "a", "[a]1" }, { "a\\", "[a\\]1" }, { "a \\\n", "[a]1" },
	{ "", "" }, { "\\\n\\\n", "" }, { "#", "" }, { "a\rb\n", "[a][b]1" },
	{ "\"a\\b\" 'c\\\\d'\n", "[a\\b][c\\d]1" }, { "\"a\\", "[a\\]1" },
};

START_TEST(lines_and_words)
{
	size_t len = strlen(cases[_i].text), n = 0;
	char *copy = t_dup(cases[_i].text, len), got[512] = "";
	unsigned missing_n = 0;
	struct lex_vars vars = { get, missing, &missing_n };
	struct str line, word;
	struct arena a;
	struct lex lex;

	arena_init(&a, mem, sizeof(mem));
	lex_init(&lex, str_make(copy, len));
	while (lex_line(&lex, &a, &line)) {
		while (lex_word(&line, &vars, &a, &word))
			n += (size_t)snprintf(got + n, sizeof(got) - n,
			    "[%.*s]", STR_ARG(word));
		ck_assert_int_eq((int)line.len, 0);
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%u",
		    lex.line);
	}
	ck_assert_msg(strcmp(got, cases[_i].want) == 0, "%s: %s",
	    cases[_i].text, got);
	ck_assert_int_eq(missing_n != 0, strstr(got, "${no}") != NULL);
	free(copy);
}
END_TEST

START_TEST(expansion_is_bounded)
{
	static char big[70000];
	struct lex_vars vars = { get, missing, NULL };
	static uint8_t room[200000];
	struct str ret;
	struct arena a;

	memset(big, 'x', sizeof(big));
	memcpy(big, "${A}", 4);
	arena_init(&a, room, sizeof(room));
	ck_assert_msg(!lex_expand(str_make(big, sizeof(big)), &vars, &a,
	    &ret), "too long");
	arena_init(&a, room, 3);
	ck_assert_msg(!lex_expand(STR("${A}${A}"), &vars, &a, &ret), "full");
}
END_TEST

/* A line or word that memory cuts off is none. */
START_TEST(little_memory_ends_lines)
{
	static const char text[] = "a\\\nb \"c\\\"d\"\n";
	struct lex_vars vars = { get, missing, NULL };

	for (size_t size = 0; size < 32; size++) {
		struct str line, word = STR("");
		struct arena a;
		struct lex lex;

		arena_init(&a, mem, size);
		lex_init(&lex, str_of(text));
		if (!lex_line(&lex, &a, &line)) {
			ck_assert_msg(a.full, "%zu", size);
			continue;
		}
		ck_assert_msg(str_eq(line, STR("ab \"c\\\"d\"")), "%zu: %.*s",
		    size, STR_ARG(line));
		ck_assert_msg(lex_word(&line, &vars, &a, &word), "ab");
		if (lex_word(&line, &vars, &a, &word))
			ck_assert_msg(str_eq(word, STR("c\"d")), "%zu: %.*s",
			    size, STR_ARG(word));
		else
			ck_assert_msg(a.full && line.len > 0, "%zu", size);
	}
}
END_TEST

START_TEST(status_of_odd_times_and_queries)
{
	static const struct {
		int64_t now_s;
		const char *query, *piece, *lacks;
		unsigned refresh;
	} pages[] = {
		{ 1000, "auto", "ServerUptimeSeconds: 1\nServerUptime: 1 second\n",
		    "<", 0 },
		{ 999, "auto&x=1", "ServerUptime: 1 second\n", "<", 0 },
		{ 1000 + 2 * 86400 + 3600 + 1, "auto",
		    "ServerUptime: 2 days 1 hour 1 second\n", "minute", 0 },
		{ 1000 + 7260, "auto", "ServerUptime: 2 hours 1 minute\n",
		    "second\n", 0 },
		{ 1001, "notable", "<dl>", "<table>", 0 },
		{ 1001, "", "<tr><td>0</td><td>W</td>", NULL, 0 },
		{ 1001, "refresh", "</body>", NULL, 10 },
		{ 1001, "refresh=x", "</body>", NULL, 10 },
		{ 1001, "refresh=0", "</body>", NULL, 10 },
		{ 1001, "refresh=86400&notable", "</body>", "<table>", 86400 },
	};
	struct status_conn conn = { .state = 'W' };
	struct status_facts quiet = { .start_s = 1, .now_s = 2, .board = "" };
	struct wr all;
	unsigned never;
	bool no;
	static char buf[16384];

	wr_init(&all, buf, sizeof(buf));
	status_page(&all, &quiet, STR(""), &no, &never);
	ck_assert_msg(wr_ok(&all) && str_find(wr_as_str(&all), STR("<table>")) ==
	    STR_NONE, "no connection, no table");
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		struct status_facts f = { .start_s = 1000,
		    .now_s = pages[i].now_s, .generation = 1, .board = "",
		    .conns = &conn, .conns_n = 1 };
		unsigned refresh;
		bool is_auto;
		struct wr w;

		wr_init(&w, buf, sizeof(buf) - 1);
		status_page(&w, &f, str_of(pages[i].query), &is_auto, &refresh);
		buf[w.len] = '\0';
		ck_assert_msg(strstr(buf, pages[i].piece) != NULL, "%s: %s",
		    pages[i].query, buf);
		ck_assert_msg(pages[i].lacks == NULL ||
		    strstr(buf, pages[i].lacks) == NULL, "%s: %s",
		    pages[i].query, buf);
		ck_assert_int_eq((int)refresh, (int)pages[i].refresh);
		ck_assert_msg(is_auto == (strncmp(pages[i].query, "auto", 4) == 0),
		    "%s", pages[i].query);
	}
}
END_TEST

START_TEST(status_has_the_peers_keys)
{
	static const char *const keys[] = { "ServerVersion", "ServerMPM",
	    "Server Built", "CurrentTime", "RestartTime",
	    "ParentServerConfigGeneration", "ParentServerMPMGeneration",
	    "ServerUptimeSeconds", "ServerUptime", "Load1", "Load5", "Load15",
	    "Total Accesses", "Total kBytes", "Total Duration", "CPUUser",
	    "CPUSystem", "CPUChildrenUser", "CPUChildrenSystem", "CPULoad",
	    "Uptime", "ReqPerSec", "BytesPerSec", "BytesPerReq",
	    "DurationPerReq", "BusyWorkers", "GracefulWorkers", "IdleWorkers",
	    "Scoreboard" };
	struct status_conn conn = { .state = 'W', .client = STR("10.0.0.1"),
	    .request = STR("GET /<script> HTTP/1.1") };
	struct status_facts f = { .host = STR("h"), .version = STR("V"),
	    .now_s = 1402403700, .start_s = 1402403600, .generation = 1,
	    .accesses = 200, .bytes = 4096, .busy_ms = 50, .zone = STR("UTC"),
	    .load100 = { 12, 305, 7 }, .board = "W_", .board_len = 2,
	    .conns = &conn, .conns_n = 1 };
	static char buf[16384];
	const char *at = buf;
	unsigned refresh;
	bool is_auto;
	struct wr w;

	wr_init(&w, buf, sizeof(buf) - 1);
	status_page(&w, &f, STR("auto"), &is_auto, &refresh);
	buf[w.len] = '\0';
	ck_assert_msg(is_auto && wr_ok(&w), "auto");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		char line[64];

		(void)snprintf(line, sizeof(line), "\n%s: ", keys[i]);
		at = strstr(at, line);
		ck_assert_msg(at != NULL, "%s in order", keys[i]);
	}
	ck_assert_msg(strstr(buf, "Load5: 3.05\n") != NULL, "load");
	ck_assert_msg(strstr(buf, "ReqPerSec: 2\n") != NULL, "rate");
	ck_assert_msg(strstr(buf, "1 minute 40 seconds\n") != NULL, "uptime");
	wr_init(&w, buf, sizeof(buf) - 1);
	status_page(&w, &f, STR("refresh=5"), &is_auto, &refresh);
	buf[w.len] = '\0';
	ck_assert_msg(!is_auto && refresh == 5, "refresh");
	ck_assert_msg(strstr(buf, "/&lt;script&gt;") != NULL, "escaped");
	ck_assert_msg(strstr(buf, "<script>") == NULL, "escaped");
}
END_TEST

T_MAIN("httpd_lex")
{
	T_LOOP(lines_and_words, 0, (int)(sizeof(cases) / sizeof(*cases)));
	T_ADD(expansion_is_bounded);
	T_ADD(little_memory_ends_lines);
	T_ADD(status_of_odd_times_and_queries);
	T_ADD(status_has_the_peers_keys);
}
