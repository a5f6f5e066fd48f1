/* SPDX-License-Identifier: ISC */
/*
 * req - strict parser for a request head.
 *
 * req_scan only counts lines; all judgement is in req_parse, which runs once
 * per request over a complete head.  Every refusal goes through refuse(), which
 * keeps the first reason.  The order of the checks is Apache's: request line,
 * header lines one by one, then what the lines say together (Host, framing).
 * No function here looks at a byte outside [buf, buf + len).
 */
#include "httpd/req.h"

#include <string.h>

#include "common/num.h"
#include "common/wr.h"

_Static_assert(REQ_HEAD_MAX <= UINT16_MAX, "offsets are 16 bits wide");
_Static_assert(REQ_FIELDS_MAX < UINT8_MAX, "known[] holds index + 1");

/* HTTP/0.9 and garbage are refused at once, not when more has come */
static bool
has_version(struct str line)
{
	size_t blank = str_chr(line, ' ');

	return blank != STR_NONE && str_rchr(line, ' ') > blank;
}

/*
 * The usual request comes in one piece.  An empty line at the end of the
 * bytes, and none at their beginning, is proof enough that they hold a whole
 * head; where it ends and whether it keeps the limits req_parse finds out.
 */
static bool
is_one_piece(const struct req_scan *scan, const char *buf, size_t len)
{
	return scan->pos == 0 && len > 4 && (uint8_t)buf[0] > ' ' &&
	    memcmp(buf + len - 4, "\r\n\r\n", 4) == 0;
}

enum req_verdict
req_scan(struct req_scan *scan, const char *buf, size_t len,
    const struct req_limits *limits)
{
	ASSERT(len <= REQ_HEAD_MAX);
	ASSERT(scan->pos <= len);
	if (is_one_piece(scan, buf, len))
		return REQ_DONE;
	while (scan->pos < len) {
		const char *lf = memchr(buf + scan->pos, '\n', len - scan->pos);
		const char *line = buf + scan->line_start;
		size_t line_len;

		if (lf == NULL) {
			scan->pos = (uint32_t)len;
			break;
		}
		line_len = (size_t)(lf - line);
		if (line_len > 0 && lf[-1] == '\r')
			line_len--;
		scan->pos = scan->line_start = (uint32_t)(lf - buf) + 1;
		if (line_len == 0 && scan->lines_n > 0)
			return REQ_DONE;
		if (line_len > 0 && scan->lines_n++ == 0 &&
		    !has_version(str_make(line, line_len)))
			return REQ_BAD;
		if (scan->lines_n > limits->fields_max + 1)
			return REQ_BAD;
	}
	if (scan->pos - scan->line_start >
	    (scan->lines_n == 0 ? limits->line_max : limits->field_max) + 1)
		return REQ_BAD;
	return len < REQ_HEAD_MAX ? REQ_MORE : REQ_BAD;
}

static bool
refuse(struct req *req, int status, const char *why)
{
	req->status = status;
	req->why = why;
	return false;
}

/*
 * Cuts one line off the head.  False when the line end is missing (a limit cut
 * it short) or is not CR LF; ret holds what there is in either case.
 */
static bool
cut_line(const char *buf, size_t len, size_t *at, struct str *ret)
{
	const char *lf = memchr(buf + *at, '\n', len - *at);
	size_t end = lf == NULL ? len : (size_t)(lf - buf);

	ret->p = buf + *at;
	ret->len = end - *at;
	*at = lf == NULL ? len : end + 1;
	if (lf == NULL)
		return false;
	if (ret->len == 0 || ret->p[ret->len - 1] != '\r')
		return false;
	ret->len--;
	return true;
}

/* visible ASCII and bytes above 0x7f; a fragment never belongs here */
static bool
is_target(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c <= ' ' || c == 0x7f || c == '#')
			return false;
	}
	return s.len > 0;
}

static bool
parse_version(struct req *req)
{
	struct str v = req->version_s;

	if (v.len != 8 || memcmp(v.p, "HTTP/", 5) != 0 || v.p[6] != '.' ||
	    v.p[5] < '0' || v.p[5] > '9' || v.p[7] < '0' || v.p[7] > '9')
		return refuse(req, 400, "malformed protocol version");
	if (v.p[5] != '1')
		return refuse(req, 505, "HTTP major version is not 1");
	req->minor = (uint8_t)(v.p[7] - '0');
	return true;
}

/* true when the text after the last colon may be a port; 0 stays for "none" */
static bool
parse_port(struct str s, uint16_t *ret)
{
	uint32_t port;

	*ret = 0;
	if (s.len == 0)
		return true;
	if (!num_u32(s, 1, UINT16_MAX, &port))
		return false;
	*ret = (uint16_t)port;
	return true;
}

static bool
is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

struct host {
	struct str name, whole;
	uint16_t port;
};

/* host [":" port]; the host a name, an IPv4 or a bracketed IPv6 address */
static bool
parse_host(struct str s, struct host *ret)
{
	size_t end = 0;

	if (str_starts(s, STR("["))) {
		for (end = 1; end < s.len && s.p[end] != ']'; end++)
			if (!is_host_char(s.p[end]) && s.p[end] != ':')
				return false;
		if (end == s.len || end < 3)
			return false;
		end++;
	} else {
		while (end < s.len && is_host_char(s.p[end]))
			end++;
		if (end == 0)
			return false;
	}
	if (end < s.len && s.p[end] != ':')
		return false;
	ret->name = str_sub(s, 0, end);
	ret->whole = s;
	ret->port = 0;
	return end == s.len ||
	    parse_port(str_sub(s, end + 1, s.len - end - 1), &ret->port);
}

static void
take_host(struct req *req, const struct host *host)
{
	req->host = host->name;
	req->host_port = host->whole;
	req->port = host->port;
}

/* "http://host/path": fills host and path */
static bool
parse_absolute(struct req *req)
{
	struct str rest = str_sub(req->target, 7, req->target.len - 7);
	struct host host;
	size_t end = 0;

	while (end < rest.len && rest.p[end] != '/' && rest.p[end] != '?')
		end++;
	if (!parse_host(str_sub(rest, 0, end), &host))
		return refuse(req, 400, "malformed host in target");
	take_host(req, &host);
	req->is_absolute = true;
	req->path = str_sub(rest, end, rest.len - end);
	return true;
}

/* splits path and query and judges the form against the method */
static bool
parse_target(struct req *req)
{
	struct str t = req->target;
	const char *mark;

	req->path = t;
	if (req->method == PROTO_CONNECT) {
		req->path = STR("/");
		return true;
	}
	if (str_istarts(t, STR("https://")))
		return refuse(req, 421, "https target on a clear connection");
	if (str_istarts(t, STR("http://"))) {
		if (!parse_absolute(req))
			return false;
	} else if (str_eq(t, STR("*"))) {
		if (req->method != PROTO_OPTIONS)
			return refuse(req, 400, "'*' is for OPTIONS only");
	} else if (t.p[0] != '/') {
		return refuse(req, 400, "target does not begin with '/'");
	}
	mark = req->path.len == 0 ? NULL :
	    memchr(req->path.p, '?', req->path.len);
	if (mark != NULL) {
		size_t at = (size_t)(mark - req->path.p);

		req->has_query = true;
		req->query = str_make(req->path.p + at + 1,
		    req->path.len - at - 1);	/* may be empty */
		req->path = str_sub(req->path, 0, at);
	}
	if (req->path.len == 0)
		req->path = STR("/");
	return true;
}

static bool
parse_line(struct req *req, const struct req_limits *limits)
{
	struct str line = req->line;
	size_t a, b;

	for (a = 0; a < line.len && line.p[a] != ' '; a++)
		continue;
	req->method_s = str_sub(line, 0, a);
	req->method = proto_method(req->method_s);
	for (b = line.len; b > a && line.p[b - 1] != ' '; b--)
		continue;
	if (line.len > limits->line_max) {
		req->line = str_sub(line, 0, limits->line_max + 1);
		return refuse(req, 414, "request line too long");
	}
	if (!hdr_is_token(req->method_s))
		return refuse(req, 400, "malformed method");
	if (a == line.len || b <= a + 1)
		return refuse(req, 400, "no protocol version");
	req->version_s = str_sub(line, b, line.len - b);
	if (!is_target(str_sub(line, a + 1, b - a - 2)))
		return refuse(req, 400, "malformed request line");
	req->target = str_sub(line, a + 1, b - a - 2);
	return parse_version(req) && parse_target(req);
}

/* blanks and tabs only: a CR at the end is not white space but an attack */
static struct str
trim(struct str s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_make(s.p + 1, s.len - 1);
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static bool
parse_field(struct req *req, struct str line)
{
	struct req_field *f = &req->fields[req->fields_n];
	struct str name, value;

	if (line.p[0] == ' ' || line.p[0] == '\t')
		return refuse(req, 400, "folded header line");
	name = str_sub(line, 0, hdr_token_len(line));
	if (name.len == line.len || line.p[name.len] != ':')
		return refuse(req, 400, str_chr(line, ':') == STR_NONE ?
		    "header line without colon" : "malformed header name");
	if (name.len == 0)
		return refuse(req, 400, "malformed header name");
	value = trim(str_sub(line, name.len + 1, line.len - name.len - 1));
	if (!hdr_is_value(value))
		return refuse(req, 400, "control character in header value");
	f->name_at = (uint16_t)(name.p - req->base);
	f->name_len = (uint16_t)name.len;
	f->value_at = value.len == 0 ? f->name_at :
	    (uint16_t)(value.p - req->base);
	f->value_len = (uint16_t)value.len;
	f->id = (uint8_t)hdr_id(name);
	f->is_gone = false;
	req->fields_n++;
	if (f->id == HDR_OTHER)
		return true;
	if (req->known[f->id] == 0) {
		req->known[f->id] = (uint8_t)req->fields_n;
		return true;
	}
	if (f->id == HDR_HOST || f->id == HDR_CONTENT_LENGTH ||
	    f->id == HDR_TRANSFER_ENCODING)
		return refuse(req, 400, "repeated header that must be single");
	return true;
}

static struct str
field_value(const struct req *req, const struct req_field *f)
{
	return str_make(req->base + f->value_at, f->value_len);
}

/* what the message body is; everything ambiguous is refused */
static bool
judge_body(struct req *req)
{
	struct str te = req_known(req, HDR_TRANSFER_ENCODING);
	struct str cl = req_known(req, HDR_CONTENT_LENGTH);

	if (te.p != NULL && cl.p != NULL)
		return refuse(req, 400, "Content-Length and Transfer-Encoding");
	if (te.p != NULL && req->minor == 0)
		return refuse(req, 400, "Transfer-Encoding in HTTP/1.0");
	if (te.p != NULL && !str_ieq(te, STR("chunked")))
		return refuse(req, str_ieq(te, STR("identity")) ? 400 : 501,
		    "unknown Transfer-Encoding");
	if (te.p != NULL) {
		req->body = REQ_BODY_CHUNKED;
	} else if (cl.p != NULL) {
		if (!num_u64(cl, 0, INT64_MAX, &req->body_len))
			return refuse(req, 400, "malformed Content-Length");
		if (req->body_len > 0)
			req->body = REQ_BODY_LENGTH;
	}
	return true;
}

static void
judge_connection(struct req *req)
{
	unsigned at = 0;
	struct str value;

	if (req->known[HDR_CONNECTION] != 0)
		while (req_next(req, STR("Connection"), &at, &value)) {
			req->wants_close |= hdr_has(value, STR("close"));
			req->wants_keepalive |=
			    hdr_has(value, STR("keep-alive"));
		}
	value = req_known(req, HDR_EXPECT);
	if (value.p != NULL && req->minor > 0) {
		if (str_ieq(value, STR("100-continue")))
			req->expects_continue = true;
		else
			req->expects_other = true;
	}
}

static bool
judge_host(struct req *req)
{
	struct str value = req_known(req, HDR_HOST);
	struct host host;

	if (value.p == NULL && req->minor == 0)
		return true;
	if (value.p == NULL)
		return refuse(req, 400, "HTTP/1.1 request without Host");
	/* the target's host wins, yet a broken Host is still an attack */
	if (!parse_host(value, &host))
		return refuse(req, 400, "malformed Host");
	if (!req->is_absolute)
		take_host(req, &host);
	return true;
}

static void
reset(struct req *req, const char *buf)
{
	memset(req, 0, offsetof(struct req, fields));
	req->base = buf;
	req->method = PROTO_UNKNOWN;
}

bool
req_parse(struct req *req, const char *buf, size_t len,
    const struct req_limits *limits)
{
	size_t at = 0;
	struct str line;
	bool is_whole;

	ASSERT(len <= REQ_HEAD_MAX);
	ASSERT(limits->fields_max <= REQ_FIELDS_MAX);
	reset(req, buf);
	while (at + 1 < len && buf[at] == '\r' && buf[at + 1] == '\n')
		at += 2;
	is_whole = cut_line(buf, len, &at, &req->line);
	if (!parse_line(req, limits)) {
		req->is_line_bad = req->status == 400 && req->target.len == 0;
		return false;
	}
	if (!is_whole)
		return refuse(req, 400, "request line does not end in CR LF");
	for (;;) {
		is_whole = cut_line(buf, len, &at, &line);
		if (is_whole && line.len == 0)
			break;
		if (line.len > limits->field_max)
			return refuse(req, 400, "header line too long");
		if (!is_whole)
			return refuse(req, 400, at >= len ?
			    "request head too long or cut short" :
			    "header line does not end in CR LF");
		if (req->fields_n >= limits->fields_max)
			return refuse(req, 400, "too many header lines");
		if (!parse_field(req, line))
			return false;
	}
	req->head_len = (uint32_t)at;
	judge_connection(req);
	return judge_host(req) && judge_body(req);
}

struct str
req_known(const struct req *req, enum hdr_id id)
{
	unsigned i;

	ASSERT(id > HDR_OTHER && id < HDR_N);
	for (i = 0; i < req->edits_n; i++)
		if (req->edits[i].id == id)
			return req->edits[i].value;
	if (req->known[id] == 0)
		return (struct str){ NULL, 0 };
	return field_value(req, &req->fields[req->known[id] - 1]);
}

bool
req_may_have(const struct req *req, enum hdr_id id)
{
	return id == HDR_OTHER || req->known[id] != 0 || req->edits_n > 0;
}

bool
req_field(const struct req *req, unsigned i, struct str *ret_name,
    struct str *ret_value)
{
	unsigned k;

	for (k = 0; k < req->fields_n; k++) {
		const struct req_field *f = &req->fields[k];

		if (f->is_gone)
			continue;
		if (i-- > 0)
			continue;
		*ret_name = str_make(req->base + f->name_at, f->name_len);
		*ret_value = field_value(req, f);
		return true;
	}
	if (i >= req->edits_n)
		return false;
	*ret_name = req->edits[i].name;
	*ret_value = req->edits[i].value;
	return true;
}

bool
req_next(const struct req *req, struct str name, unsigned *at, struct str *ret)
{
	unsigned total = (unsigned)req->fields_n + req->edits_n;

	while (*at < total) {
		unsigned i = (*at)++;
		struct str field_name;

		if (i < req->fields_n) {
			const struct req_field *f = &req->fields[i];

			if (f->is_gone)
				continue;
			field_name = str_make(req->base + f->name_at,
			    f->name_len);
			*ret = field_value(req, f);
		} else {
			const struct req_edit *e =
			    &req->edits[i - req->fields_n];

			field_name = e->name;
			*ret = e->value;
		}
		if (field_name.len == name.len && str_ieq(field_name, name))
			return true;
	}
	return false;
}

struct str
req_get(const struct req *req, struct str name)
{
	unsigned at = 0;
	struct str value;

	if (req_next(req, name, &at, &value))
		return value;
	return (struct str){ NULL, 0 };
}

bool
req_all(const struct req *req, struct str name, const char *sep,
    struct arena *a, struct str *ret)
{
	struct str value;
	size_t len = 0;
	unsigned at = 0;
	struct wr w;
	char *p;

	*ret = req_get(req, name);
	while (req_next(req, name, &at, &value))
		len += strlen(sep) + value.len;
	if (ret->p == NULL || len == strlen(sep) + ret->len)
		return true;
	p = arena_alloc(a, len, 1);
	if (p == NULL)
		return false;
	wr_init(&w, p, len);
	for (at = 0; req_next(req, name, &at, &value);) {
		wr_str(&w, value);
		wr_text(&w, sep);
	}
	*ret = str_sub(wr_as_str(&w), 0, w.len - strlen(sep));
	return true;
}

void
req_unset(struct req *req, struct str name)
{
	enum hdr_id id = hdr_id(name);
	unsigned i, k;

	for (i = 0; i < req->fields_n; i++) {
		struct req_field *f = &req->fields[i];

		if (str_ieq(name, str_make(req->base + f->name_at,
		    f->name_len)))
			f->is_gone = true;
	}
	if (id != HDR_OTHER)
		req->known[id] = 0;
	for (i = k = 0; i < req->edits_n; i++)
		if (!str_ieq(req->edits[i].name, name))
			req->edits[k++] = req->edits[i];
	req->edits_n = (uint16_t)k;
}

bool
req_add(struct req *req, struct str name, struct str value)
{
	struct req_edit *e;

	if (req->edits_n == REQ_EDITS_MAX)
		return false;
	e = &req->edits[req->edits_n++];
	e->name = name;
	e->value = value;
	e->id = (uint8_t)hdr_id(name);
	return true;
}
