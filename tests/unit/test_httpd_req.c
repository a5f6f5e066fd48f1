/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_req - the request parser against httpd_req.attacks, every prefix
 * and every flipped byte of a good request, and its small queries.
 *
 * What matters most: whatever is accepted has one reading only.  So each case
 * is also fed byte by byte, and the verdict must be the same.
 */
#include "tests/unit/t.h"

#include "httpd/req.h"

#define ATTACKS "tests/unit/httpd_req.attacks"
#define BYTES_MAX 300000

static const struct req_limits limits = { 8190, 100, 8190 };
static struct req req;

static const char good[] = "POST /a/b?c=d HTTP/1.1\r\nHost: h.example:81\r\n"
    "Content-Length: 3\r\nConnection: keep-alive, x\r\nX-A: 1\r\n"
    "x-a: 2\r\n\r\nabc";

/* scans in steps of the given size; 0 when the head never completes */
static enum req_verdict
scan_in_steps(const char *p, size_t len, size_t step, size_t *ret_len)
{
	struct req_scan scan = { 0, 0, 0 };
	size_t have = 0;

	while (have < len && have < REQ_HEAD_MAX) {
		enum req_verdict v;

		have = len - have < step ? len : have + step;
		if (have > REQ_HEAD_MAX)
			have = REQ_HEAD_MAX;
		v = req_scan(&scan, p, have, &limits);
		if (v != REQ_MORE) {
			*ret_len = have;
			return v;
		}
	}
	*ret_len = have;
	return REQ_MORE;
}

/* 0 accepted, otherwise the status */
static int
verdict(const char *p, size_t len, size_t step)
{
	size_t seen;
	enum req_verdict v = scan_in_steps(p, len, step, &seen);
	char *copy = t_dup(p, seen);
	int status;

	if (v == REQ_MORE) {
		free(copy);
		return -1;
	}
	status = req_parse(&req, copy, seen, &limits) ? 0 : req.status;
	ck_assert_msg(status == 0 || v == REQ_BAD || req.why != NULL, "why");
	ck_assert_msg(status != 0 || req.head_len <= seen, "head_len");
	free(copy);
	return status;
}

static size_t
unescape(const char *s, char *out)
{
	size_t n = 0;

	while (*s != '\0') {
		if (*s == '{' && strrchr(s, '*') != NULL &&
		    strchr(s, '}') != NULL && strchr(s, '*') < strchr(s, '}')) {
			const char *star = strchr(s, '*');
			char piece[256], raw[256];
			size_t times = strtoul(star + 1, NULL, 10), len, i;

			memcpy(piece, s + 1, (size_t)(star - s - 1));
			piece[star - s - 1] = '\0';
			len = unescape(piece, raw);
			for (i = 0; i < times && n + len < BYTES_MAX; i++) {
				memcpy(out + n, raw, len);
				n += len;
			}
			s = strchr(star, '}') + 1;
		} else if (*s == '\\') {
			unsigned v = 0;

			switch (s[1]) {
			case 'r': v = '\r'; break;
			case 'n': v = '\n'; break;
			case 't': v = '\t'; break;
			case 'x':
				v = (unsigned)strtoul((char[]){ s[2], s[3],
				    '\0' }, NULL, 16);
				s += 2;
				break;
			default: v = (unsigned char)s[1]; break;
			}
			out[n++] = (char)v;
			s += 2;
		} else {
			out[n++] = *s++;
		}
	}
	return n;
}

static void
check_case(const char *want, const char *bytes, size_t len, const char *why)
{
	int whole = verdict(bytes, len, len);

	if (strncmp(want, "ok ", 3) != 0) {
		ck_assert_msg(whole == (int)strtol(want, NULL, 10),
		    "%s: %d, %s wanted", why, whole, want);
	} else {
		ck_assert_msg(whole == 0, "%s: refused with %d", why, whole);
		if (strcmp(want, "ok none") == 0)
			ck_assert_msg(req.body == REQ_BODY_NONE, "%s", why);
		else if (strcmp(want, "ok chunked") == 0)
			ck_assert_msg(req.body == REQ_BODY_CHUNKED, "%s", why);
		else
			ck_assert_msg(req.body == REQ_BODY_LENGTH &&
			    req.body_len == strtoul(want + 7, NULL, 10),
			    "%s", why);
	}
	ck_assert_msg(verdict(bytes, len, 1) == whole,
	    "%s: byte by byte differs", why);
	ck_assert_msg(verdict(bytes, len, 7) == whole,
	    "%s: in sevens differs", why);
}

START_TEST(attacks_have_one_reading)
{
	static char line[4096], bytes[BYTES_MAX];
	FILE *f = fopen(ATTACKS, "r");
	unsigned n = 0;

	ck_assert_msg(f != NULL, "cannot open " ATTACKS);
	while (fgets(line, sizeof line, f) != NULL) {
		char *raw = strchr(line, '\t');
		char *why = raw == NULL ? NULL : strchr(raw + 1, '\t');

		if (line[0] == '#')
			continue;
		ck_assert_msg(why != NULL, "malformed line: %s", line);
		*raw++ = *why++ = '\0';
		why[strcspn(why, "\n")] = '\0';
		check_case(line, bytes, unescape(raw, bytes), why);
		n++;
	}
	fclose(f);
	ck_assert_msg(n >= 200, "only %u cases", n);
}
END_TEST

START_TEST(every_prefix_is_incomplete_or_refused)
{
	size_t head = strstr(good, "\r\n\r\n") + 4 - good, n;

	for (n = 0; n < head; n++) {
		int v = verdict(good, n, n == 0 ? 1 : n);

		ck_assert_msg(v == -1, "prefix of %zu: %d", n, v);
	}
	ck_assert_int_eq(verdict(good, sizeof good - 1, sizeof good), 0);
	ck_assert_int_eq((int)req.head_len, (int)head);
}
END_TEST

START_TEST(every_flipped_byte_is_safe)
{
	char bytes[sizeof good];
	size_t i;
	int b;

	for (i = 0; i < sizeof good - 1; i++)
		for (b = 0; b < 256; b++) {
			memcpy(bytes, good, sizeof good);
			bytes[i] = (char)b;
			(void)verdict(bytes, sizeof good - 1, sizeof good);
		}
}
END_TEST

START_TEST(good_request_is_taken_apart)
{
	struct str name, value;
	unsigned at = 0;

	ck_assert_msg(req_parse(&req, good, sizeof good - 1, &limits), "good");
	ck_assert_msg(req.method == PROTO_POST, "method");
	ck_assert_msg(str_eq(req.path, STR("/a/b")), "path");
	ck_assert_msg(req.has_query && str_eq(req.query, STR("c=d")), "query");
	ck_assert_msg(str_eq(req.host, STR("h.example")) && req.port == 81,
	    "host");
	ck_assert_msg(req.wants_keepalive && !req.wants_close, "connection");
	ck_assert_msg(req_next(&req, STR("X-A"), &at, &value) &&
	    str_eq(value, STR("1")), "first");
	ck_assert_msg(req_next(&req, STR("X-A"), &at, &value) &&
	    str_eq(value, STR("2")), "second");
	ck_assert_msg(!req_next(&req, STR("X-A"), &at, &value), "no third");
	ck_assert_msg(req_field(&req, 4, &name, &value) &&
	    str_eq(name, STR("x-a")), "by position");
	ck_assert_msg(!req_field(&req, 5, &name, &value), "five fields");
}
END_TEST

/* target, what else the head says: path, query, host; E continue, O other */
START_TEST(forms_of_targets)
{
	static const struct {
		const char *line, *fields, *path, *query, *host;
		unsigned port;
		char expects;
	} forms[] = {
		{ "GET / HTTP/1.1", "Host: h:\r\n", "/", NULL, "h", 0, 0 },
		{ "GET /?a?b HTTP/1.1", "Host: [::1]:8\r\n", "/", "a?b", "[::1]", 8,
		    0 },
		{ "GET http://x HTTP/1.1", "Host: h\r\n", "/", NULL, "x", 0, 0 },
		{ "GET http://x:81/p?q HTTP/1.1", "Host: h\r\n", "/p", "q", "x", 81,
		    0 },
		{ "GET http://x?q HTTP/1.1", "Host: h\r\n", "/", "q", "x", 0, 0 },
		{ "CONNECT x:443 HTTP/1.1", "Host: h\r\n", "/", NULL, "h", 0, 0 },
		{ "OPTIONS * HTTP/1.1", "Host: h\r\n", "*", NULL, "h", 0, 0 },
		{ "PUT / HTTP/1.1", "Host: h\r\nExpect: 100-Continue\r\n", "/", NULL,
		    "h", 0, 'E' },
		{ "PUT / HTTP/1.1", "Host: h\r\nExpect: tea\r\n", "/", NULL, "h", 0,
		    'O' },
		{ "PUT / HTTP/1.0", "Expect: 100-continue\r\n", "/", NULL, "", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		char text[256];
		int n = snprintf(text, sizeof(text), "%s\r\n%s\r\n", forms[i].line,
		    forms[i].fields);

		ck_assert_msg(verdict(text, (size_t)n, (size_t)n) == 0, "%s",
		    text);
		ck_assert_msg(req_parse(&req, text, (size_t)n, &limits) &&
		    str_eq(req.path, str_of(forms[i].path)) &&
		    req.has_query == (forms[i].query != NULL) &&
		    str_eq(req.query, str_of(forms[i].query)) &&
		    str_eq(req.host, str_of(forms[i].host)) &&
		    req.port == forms[i].port, "%s", text);
		ck_assert_msg(req.expects_continue == (forms[i].expects == 'E') &&
		    req.expects_other == (forms[i].expects == 'O'), "%s", text);
	}
}
END_TEST

START_TEST(values_of_one_name_are_one_list)
{
	uint8_t mem[16];
	struct arena a;
	struct str all;

	ck_assert_msg(req_parse(&req, good, sizeof good - 1, &limits), "good");
	for (size_t size = 0; size <= sizeof(mem); size++) {
		bool fits;

		arena_init(&a, mem, size);
		fits = req_all(&req, STR("X-A"), "; ", &a, &all);
		ck_assert_msg(fits == (size >= 6), "%zu", size);
		ck_assert_msg(str_eq(all, fits ? STR("1; 2") : STR("1")), "%zu",
		    size);
	}
	arena_init(&a, mem, 0);
	ck_assert_msg(req_all(&req, STR("Host"), "; ", &a, &all) &&
	    str_eq(all, STR("h.example:81")), "one");
	ck_assert_msg(req_all(&req, STR("X-None"), "; ", &a, &all) &&
	    all.p == NULL, "none");
}
END_TEST

START_TEST(configuration_edits_fields)
{
	struct str name, value;
	unsigned i;

	ck_assert_msg(req_parse(&req, good, sizeof good - 1, &limits), "good");
	ck_assert_msg(!req_may_have(&req, HDR_RANGE), "surely none");
	ck_assert_msg(req_may_have(&req, HDR_HOST), "one");
	ck_assert_msg(req_may_have(&req, HDR_OTHER), "perhaps");
	req_unset(&req, STR("CONTENT-length"));
	ck_assert_msg(req_known(&req, HDR_CONTENT_LENGTH).p == NULL, "unset");
	ck_assert_msg(req_add(&req, STR("If-Range"), STR("x")), "add");
	ck_assert_msg(req_may_have(&req, HDR_RANGE), "perhaps now");
	ck_assert_msg(req_known(&req, HDR_RANGE).p == NULL, "another was added");
	ck_assert_msg(req_field(&req, 4, &name, &value) &&
	    str_eq(name, STR("If-Range")) && str_eq(value, STR("x")),
	    "behind what came and is not gone");
	ck_assert_msg(!req_field(&req, 5, &name, &value), "no more");
	req_unset(&req, STR("If-Range"));
	ck_assert_msg(req_add(&req, STR("Range"), STR("bytes=0-1")), "add");
	ck_assert_msg(str_eq(req_known(&req, HDR_RANGE), STR("bytes=0-1")),
	    "known after add");
	ck_assert_msg(str_eq(req_get(&req, STR("range")), STR("bytes=0-1")),
	    "get after add");
	for (i = 1; i < REQ_EDITS_MAX; i++)
		ck_assert_msg(req_add(&req, STR("Y"), STR("z")), "room");
	ck_assert_msg(!req_add(&req, STR("Y"), STR("z")), "full");
	req_unset(&req, STR("Y"));
	ck_assert_msg(req_get(&req, STR("Y")).p == NULL, "all unset");
}
END_TEST

START_TEST(old_version_is_refused_at_its_line)
{
	struct req_scan scan = { 0, 0, 0 };
	static const char old[] = "GET /hello.txt\r\n";

	ck_assert_msg(req_scan(&scan, old, sizeof old - 1, &limits) ==
	    REQ_BAD, "HTTP/0.9 must not wait for more");
	ck_assert_msg(!req_parse(&req, old, sizeof old - 1, &limits) &&
	    req.status == 400, "400");
}
END_TEST

T_MAIN("httpd_req") {
	T_ADD(attacks_have_one_reading);
	T_ADD(every_prefix_is_incomplete_or_refused);
	T_ADD(every_flipped_byte_is_safe);
	T_ADD(good_request_is_taken_apart);
	T_ADD(forms_of_targets);
	T_ADD(values_of_one_name_are_one_list);
	T_ADD(configuration_edits_fields);
	T_ADD(old_version_is_refused_at_its_line);
}
