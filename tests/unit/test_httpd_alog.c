/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_alog - LogFormat against lines recorded from Apache.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/alog.h"

static struct req req;
static struct resp resp;
static struct route route;
static struct alog_event ev;
static uint8_t mem[1 << 20];
static char out[ALOG_LINE_MAX];

static void
set_event(const char *text)
{
	static const struct req_limits limits = { 8190, 100, 8190 };

	(void)!req_parse(&req, text, strlen(text), &limits);
	resp_init(&resp, 200);
	(void)resp_add(&resp, STR("Content-Type"), STR("text/plain; charset=x"));
	memset(&route, 0, sizeof route);
	route.file = "/srv/hello.txt";
	(void)env_set(&route.env, STR("MYVAR"), STR("got \"it\""));
	ev = (struct alog_event){ .req = &req, .route = &route, .resp = &resp,
	    .client = STR_INIT("10.0.0.1"), .peer = STR_INIT("10.0.0.2"),
	    .local = STR_INIT("10.0.0.3"), .server_name = STR_INIT("one"),
	    .self_name = STR_INIT("two"), .uri = STR_INIT("/hello.txt"),
	    .time = STR_INIT("[10/Oct/2014:13:55:36 -0700]"),
	    .client_port = 4711, .local_port = 8080, .canonical_port = 80,
	    .status = 200, .status_first = 404, .body_bytes = 13,
	    .in_bytes = 100, .out_bytes = 200, .start_wall_s = 1412974536,
	    .start_wall_ns = 123456789, .took_ns = 1234567890,
	    .utc_offset_s = -7 * 3600, .zone = STR_INIT("PDT"),
	    .keepalive_n = 3, .pid = 77, .end = '+' };
}

static const char *
line(const char *fmt)
{
	struct arena a;
	struct str bad;
	const struct alog_fmt *f;
	struct wr w;

	arena_init(&a, mem, sizeof mem);
	f = alog_compile(str_of(fmt), &a, &bad);
	ck_assert_msg(f != NULL, "%s: %.*s", fmt, STR_ARG(bad));
	wr_init(&w, out, sizeof out - 1);
	alog_line(f, &ev, &w);
	out[w.len] = '\0';
	return out;
}

static const struct {
	const char *fmt, *want;
} cases[] = {
	{ "%h %l %u %t \"%r\" %>s %b", "10.0.0.1 - - [10/Oct/2014:13:55:36 "
	    "-0700] \"GET /hello.txt?x=y HTTP/1.1\" 200 13\n" },
	{ "%s %<s %>s", "404 404 200\n" },
	{ "%a %{c}a %A", "10.0.0.1 10.0.0.2 10.0.0.3\n" },
	{ "%B %b %I %O %S", "13 13 100 200 300\n" },
	{ "%{biscuit}C %{b}C %{none}C", "choc 2 -\n" },
	{ "%D %T %{ms}T %{us}T %{s}T", "1234567 1 1234 1234567 1\n" },
	{ "%{MYVAR}e %{NONE}e", "got \\\"it\\\" -\n" },
	{ "%f %H %m %U%q", "/srv/hello.txt HTTP/1.1 GET /hello.txt?x=y\n" },
	{ "%{X-In}i %{x-in}i %{None}i", "a, b a, b -\n" },
	{ "%{Content-Type}o %{None}o", "text/plain -\n" },
	{ "%k %P %X %v %V", "3 77 + one two\n" },
	{ "%p %{canonical}p %{local}p %{remote}p", "80 80 8080 4711\n" },
	{ "%% %%%% 100%%", "% %% 100%\n" },
	{ "%404{X-In}i %200{X-In}i %!200{X-In}i %!404,500{X-In}i",
	    "- a, b - a, b\n" },
	{ "%{%Y-%m-%d %H:%M:%S %z %Z}t", "2014-10-10 13:55:36 -0700 PDT\n" },
	{ "%{sec}t %{msec}t %{usec_frac}t %{msec_frac}t",
	    "1412974536 1412974536123 123456 123\n" },
	{ "%{begin:%s}t %{end:sec}t", "1412974536 1412974537\n" },
	{ "a\\tb\\\\c\\n", "a\tb\\c\n\n" },
	{ "%{X}^ti %{X}^to", "- -\n" },
	{ "plain", "plain\n" }, { "", "\n" },
	{ "%{%y %C %d %e %H %I %j %u %w %p}t", "14 20 10 10 13 01 283 5 5 PM\n" },
	{ "%{%a %A %b %h %B}t", "Fri Friday Oct Oct October\n" },
	{ "%{%T|%R|%D|%F|%c|%n%t|%%}t", "13:55:36|13:55|10/10/14|2014-10-10|"
	    "Fri Oct 10 13:55:36 2014|\n\t|%\n" },
	{ "%{%}t %{begin}t %{end}t %{begin:}t %{usec}t", "% [10/Oct/2014:13:55:36 -0700] "
	    "[10/Oct/2014:13:55:37 -0700] [10/Oct/2014:13:55:36 -0700] "
	    "1412974536123456\n" },
	{ "%L %R", "- -\n" }, { "%{hextid}P %{pid}P", "4d 77\n" },
	{ "%{c}h %<u", "10.0.0.1 -\n" }, { "a%nb", "a-b\n" },
	{ "%>r %<r", "GET /hello.txt?x=y HTTP/1.1 GET /hello.txt?x=y HTTP/1.1\n" },
	{ "%404,,200m %404,200,m %9999m %!9999m", "GET GET GET GET\n" },
	{ "%1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,"
	    "27,28,29,30,31,32,33,200m", "-\n" },
	{ "\\a\\", "\\a\\\n" }, { "\\\"\\\\", "\"\\\n" },
};

/* A request that nobody could read: no route, no head, no request at all. */
static const struct {
	const char *fmt, *want;
} nothing[] = {
	{ "%u %f %{A}e %{A}i %{A}o %{A}C", "- - - - - -\n" },
	{ "\"%r\" %m %U%q %H", "\"-\" - - -\n" },
	{ "%X %>s %b", "X 400 -\n" },
};

START_TEST(a_request_that_never_was)
{
	ev = (struct alog_event){ .status = 400, .status_first = 400, .end = 'X' };
	ck_assert_str_eq(line(nothing[_i].fmt), nothing[_i].want);
}
END_TEST

START_TEST(users_names_and_directories)
{
	set_event("GET /d/ HTTP/1.1\r\nHost: a\r\n\r\n");
	route.has_user = true;
	ck_assert_str_eq(line("%u"), "\"\"\n");
	route.user = STR("jo e");
	ev.name = STR("pc.example");
	ev.log_id = STR("Zz9");
	ev.handler = STR("httpd/unix-directory");
	ck_assert_str_eq(line("%h %u %L %R"),
	    "pc.example jo e Zz9 httpd/unix-directory\n");
	route.kind = ROUTE_LIST;
	route.st.type = ROUTE_DIR;
	route.file = "/srv/d";
	ck_assert_str_eq(line("%f"), "/srv/d/\n");
	route.kind = ROUTE_ERROR;
	ck_assert_str_eq(line("%f"), "/srv/d\n");
	route.uri = STR("/d/");
	ck_assert_str_eq(line("%f"), "/srv/d/\n");
	route.file = "/srv/d/";
	ck_assert_str_eq(line("%f%q"), "/srv/d/\n");
	(void)!resp_add(&resp, STR("X-O"), STR("1"));
	(void)!resp_add(&resp, STR("X-O"), STR("2"));
	ck_assert_str_eq(line("%{x-o}o"), "1, 2\n");
	ev.took_ns = -5;
	ck_assert_str_eq(line("%D"), "0\n");
}
END_TEST

START_TEST(sundays_are_the_seventh_day)
{
	set_event("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	ev.start_wall_s = 3 * 86400;	/* 4 January 1970 */
	ev.utc_offset_s = 0;
	ck_assert_str_eq(line("%{%u %w}t"), "7 0\n");
}
END_TEST

START_TEST(little_memory_is_no_format)
{
	struct arena a;
	struct str bad;

	for (size_t size = 0;; size++) {
		uint8_t *exact = t_dup(mem, size);
		const struct alog_fmt *f;

		arena_init(&a, exact, size);
		f = alog_compile(STR("%h x %>s"), &a, &bad);
		free(exact);
		if (f != NULL)
			break;
		ck_assert_msg(bad.p == NULL && size < 4096, "%zu", size);
	}
}
END_TEST

START_TEST(leap_days_count)
{
	static const struct {
		int64_t wall_s;
		const char *want;
	} days[] = {
		{ 1456704000, "2016 060 AM 12" },	/* 29 February */
		{ 1483142400, "2016 366 AM 12" },
		{ 1488326400, "2017 060 AM 12" },	/* 1 March */
		{ 951868800, "2000 061 AM 12" },
		{ 4107542400, "2100 060 AM 12" },
	};

	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		char want[64];

		set_event("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		ev.start_wall_s = days[i].wall_s;
		ev.utc_offset_s = 0;
		(void)snprintf(want, sizeof(want), "%s\n", days[i].want);
		ck_assert_str_eq(line("%{%Y %j %p %I}t"), want);
	}
}
END_TEST

START_TEST(directives)
{
	set_event("GET /hello.txt?x=y HTTP/1.1\r\nHost: a\r\nX-In: a\r\n"
	    "Cookie: biscuit=choc; b=2\r\nX-In: b\r\n\r\n");
	ck_assert_str_eq(line(cases[_i].fmt), cases[_i].want);
}
END_TEST

START_TEST(bytes_of_strangers_are_escaped)
{
	set_event("GET /a\"b\\c\xc3\xa9 HTTP/1.1\r\nHost: a\r\n"
	    "User-Agent: x\t\"\\\xff\r\n\r\n");
	ck_assert_str_eq(line("%r %{User-Agent}i"),
	    "GET /a\\\"b\\\\c\\xc3\\xa9 HTTP/1.1 x\\t\\\"\\\\\\xff\n");
}
END_TEST

/* fields are looked at eight bytes at once: no place may be special */
START_TEST(bytes_are_escaped_at_every_place)
{
	static const char controls[] = "\b\f\n\r\t\v";
	int c;
	size_t at;

	for (c = '\t'; c < 256; c++) {
		char want[64], as[8] = { (char)c };

		if (c < ' ' && c != '\t')
			continue;	/* cannot stand in a request */
		if (c == '"' || c == '\\')
			snprintf(as, sizeof as, "\\%c", c);
		else if (c < ' ' && strchr(controls, c) != NULL)
			snprintf(as, sizeof as, "\\t");
		else if (c >= 0x7f)
			snprintf(as, sizeof as, "\\x%02x", c);
		for (at = 1; c != 0x7f && at < 18; at++) {
			char head[100] = "GET / HTTP/1.1\r\nHost: a\r\n"
			    "User-Agent: aaaaaaaaaaaaaaaaaaaa\r\n\r\n";

			strchr(head, 'U')[12 + at] = (char)c;
			snprintf(want, sizeof want, "%.*s%s%.*s\n", (int)at,
			    "aaaaaaaaaaaaaaaaaaaa", as, (int)(19 - at),
			    "aaaaaaaaaaaaaaaaaaaa");
			set_event(head);
			ck_assert_str_eq(line("%{User-Agent}i"), want);
		}
	}
}
END_TEST

START_TEST(bad_request_lines_are_shown_by_words)
{
	set_event("GET  /hello.txt HTTP/1.1\r\n\r\n");
	ck_assert_str_eq(line("%r"), "GET /hello.txt HTTP/1.1\n");
	set_event("GET /sp ace.txt HTTP/1.1\r\n\r\n");
	ck_assert_str_eq(line("%r"), "GET /sp ace.txt\n");
	set_event("GET\t/hello.txt\tHTTP/1.1\r\n\r\n");
	ck_assert_str_eq(line("%r"), "GET /hello.txt HTTP/1.1\n");
}
END_TEST

START_TEST(unknown_directives_are_named)
{
	static const char *const bad[][2] = { { "%Q", "%Q" }, { "a %>Z b",
	    "%>Z" }, { "x %", "%" }, { "%{a", "%{a" }, { "%200", "%200" },
	    { "%^x", "%^x" }, { "%{A}^t", "%{A}^t" }, { "%^", "%^" },
	    { "%^tx", "%^tx" }, { "%404,", "%404," } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct arena a;
		struct str s;

		arena_init(&a, mem, sizeof mem);
		ck_assert_msg(alog_compile(str_of(bad[i][0]), &a, &s) == NULL,
		    "%s", bad[i][0]);
		ck_assert_msg(str_starts(s, STR("%")), "%s: %.*s", bad[i][0],
		    STR_ARG(s));
	}
}
END_TEST

START_TEST(long_lines_keep_their_end)
{
	struct arena a;
	struct str bad;
	const struct alog_fmt *f;
	size_t cap;

	set_event("GET /hello.txt?x=y HTTP/1.1\r\nHost: a\r\n\r\n");
	arena_init(&a, mem, sizeof mem);
	f = alog_compile(STR("%h \"%r\" %>s"), &a, &bad);
	for (cap = 0; cap < 60; cap++) {
		uint8_t *p = t_dup(out, cap);
		struct wr w;

		wr_init(&w, p, cap);
		alog_line(f, &ev, &w);
		ck_assert_msg(cap < 2 || p[w.len - 1] == '\n', "cap %zu", cap);
		free(p);
	}
}
END_TEST

START_TEST(needs_are_known)
{
	struct arena a;
	struct str bad;

	arena_init(&a, mem, sizeof mem);
	ck_assert_int_eq((int)alog_needs(alog_compile(STR("%h %r %>s"), &a,
	    &bad)), 0);
	ck_assert_int_eq((int)alog_needs(alog_compile(STR("%V %A"), &a,
	    &bad)), (int)(ALOG_NEEDS_SELF | ALOG_NEEDS_LOCAL));
	ck_assert_int_eq((int)alog_needs(alog_compile(STR("%{ETag}o"), &a,
	    &bad)), (int)ALOG_NEEDS_FIELDS);
}
END_TEST

T_MAIN("httpd_alog") {
	T_LOOP(a_request_that_never_was, 0, (int)ARRAY_LEN(nothing));
	T_ADD(users_names_and_directories);
	T_ADD(sundays_are_the_seventh_day);
	T_ADD(little_memory_is_no_format);
	T_ADD(leap_days_count);
	T_LOOP(directives, 0, (int)ARRAY_LEN(cases));
	T_ADD(bytes_of_strangers_are_escaped);
	T_ADD(bytes_are_escaped_at_every_place);
	T_ADD(bad_request_lines_are_shown_by_words);
	T_ADD(unknown_directives_are_named);
	T_ADD(long_lines_keep_their_end);
	T_ADD(needs_are_known);
}
