/* SPDX-License-Identifier: ISC */
/*
 * alog - LogFormat compiler and line writer.
 *
 * A format becomes an array of operations, literal text between directives
 * being one operation too.  Directives are rows of a table: the letter and the
 * function that writes the value.  Values from outside go through escape(),
 * fixed ones are written as they are.  A line that does not fit is cut.
 */
#include "httpd/alog.h"

#include <string.h>

#include "common/num.h"
#include "common/when.h"
#include "httpd/date.h"
#include "httpd/env.h"
#include "httpd/proto.h"

#define CODES_MAX 8	/* status codes one directive may name */

struct alog_op {
	void (*write)(const struct alog_op *op, const struct alog_event *ev,
	    struct wr *w);
	struct str arg;		/* literal text, or what stood in braces */
	uint16_t codes[CODES_MAX];
	uint8_t codes_n;
	bool is_inverted;	/* "!": for other codes than these */
	char which;		/* '<' original, '>' final, 0 default */
	char letter;
	uint8_t id;		/* enum hdr_id of arg */
};

struct alog_fmt {
	struct alog_op *ops;
	unsigned ops_n;
	unsigned needs;
};

/* bytes at the beginning that stand for themselves, eight at once */
static size_t
plain_len(struct str s)
{
	const uint64_t each = UINT64_MAX / 255;
	uint64_t v, del, quote, slash;
	size_t i;

	for (i = 0; s.len - i >= sizeof v; i += sizeof v) {
		memcpy(&v, s.p + i, sizeof v);
		del = v ^ each * 0x7f;
		quote = v ^ each * '"';
		slash = v ^ each * '\\';
		/* a byte of zero, or below a blank, borrows from above */
		if (((v | ((v - each * ' ') & ~v) | ((del - each) & ~del) |
		    ((quote - each) & ~quote) | ((slash - each) & ~slash)) &
		    each * 0x80) != 0)
			break;
	}
	return i;
}

static void
escape(struct wr *w, struct str s)
{
	static const char hex[] = "0123456789abcdef";
	static const char plain[] = "b\bf\fn\nr\rt\tv\v\"\"\\\\";
	size_t i, from = 0;

	for (i = plain_len(s); i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];
		const char *p;

		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\')
			continue;
		wr_str(w, str_sub(s, from, i - from));
		from = i + 1;
		wr_u8(w, '\\');
		for (p = plain; *p != '\0' && (uint8_t)p[1] != c; p += 2)
			continue;
		if (*p != '\0') {
			wr_u8(w, (uint8_t)*p);
		} else {
			wr_u8(w, 'x');
			wr_u8(w, (uint8_t)hex[c >> 4]);
			wr_u8(w, (uint8_t)hex[c & 15]);
		}
	}
	wr_str(w, str_sub(s, from, s.len - from));
}

static void
value_or_dash(struct wr *w, struct str s)
{
	if (s.p == NULL || s.len == 0)
		wr_u8(w, '-');
	else
		escape(w, s);
}

/* whether an original value is wanted, as it is unless %> says otherwise */
static bool
is_first(const struct alog_op *op)
{
	return op->which == '<' || op->which == 0;
}

static void
put_literal(const struct alog_op *op, const struct alog_event *ev,
    struct wr *w)
{
	(void)ev;
	wr_str(w, op->arg);
}

static void
put_addr(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	if (op->letter == 'A')
		wr_str(w, ev->local);
	else
		wr_str(w, str_eq(op->arg, STR("c")) ? ev->peer : ev->client);
}

static void
put_host(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	(void)op;
	if (ev->name.len > 0)
		escape(w, ev->name);
	else
		wr_str(w, ev->client);
}

static void
put_dash(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	(void)op;
	(void)ev;
	wr_u8(w, '-');
}

/* an empty name that was sent is shown as "" so that columns stay */
static void
put_user(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	(void)op;
	if (ev->route == NULL || !ev->route->has_user)
		wr_u8(w, '-');
	else if (ev->route->user.len == 0)
		wr_bytes(w, "\"\"", 2);
	else
		escape(w, ev->route->user);
}

static void
put_bytes(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	uint64_t n = ev->body_bytes;

	switch (op->letter) {
	case 'I':
		n = ev->in_bytes;
		break;
	case 'O':
		n = ev->out_bytes;
		break;
	case 'S':
		n = ev->in_bytes + ev->out_bytes;
		break;
	default:
		break;
	}
	if (op->letter == 'b' && n == 0)
		wr_u8(w, '-');
	else
		wr_dec(w, n);
}

/* fields that came several times are shown joined, as Apache keeps them */
static void
put_in_header(const struct alog_op *op, const struct alog_event *ev,
    struct wr *w)
{
	unsigned at = 0, n = 0;
	struct str value;

	if (ev->req == NULL || !req_may_have(ev->req, (enum hdr_id)op->id)) {
		wr_u8(w, '-');
		return;
	}
	while (req_next(ev->req, op->arg, &at, &value)) {
		if (n++ > 0)
			wr_bytes(w, ", ", 2);
		escape(w, value);
	}
	if (n == 0)
		wr_u8(w, '-');
}

static void
put_out_header(const struct alog_op *op, const struct alog_event *ev,
    struct wr *w)
{
	bool is_type = str_ieq(op->arg, STR("Content-Type"));
	unsigned i, n = 0;

	for (i = 0; ev->resp != NULL && i < ev->resp->fields_n; i++) {
		struct str value, rest;

		if (!str_ieq(ev->resp->fields[i].name, op->arg))
			continue;
		value = ev->resp->fields[i].value;
		/* as Apache keeps it: the charset is not part of it */
		if (is_type)
			value = str_trim(str_cut(value, ';', &rest));
		if (n++ > 0)
			wr_bytes(w, ", ", 2);
		escape(w, value);
	}
	if (n == 0)
		wr_u8(w, '-');
}

static void
put_cookie(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	struct str list = ev->req == NULL ? STR("") :
	    req_get(ev->req, STR("Cookie"));

	while (list.len > 0) {
		struct str value, item;

		item = str_trim(str_cut(list, ';', &list));
		item = str_trim(str_cut(item, '=', &value));
		if (str_ieq(item, op->arg)) {
			value_or_dash(w, str_trim(value));
			return;
		}
	}
	wr_u8(w, '-');
}

static void
put_env(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	if (ev->route == NULL)
		wr_u8(w, '-');
	else
		value_or_dash(w, env_get(&ev->route->env, op->arg));
}

/* a directory that was asked for with its slash is shown with it */
static void
put_file(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	const struct route *r = ev->route;
	struct str file = r == NULL ? STR("") : str_of(r->file);

	(void)op;
	value_or_dash(w, file);
	if (file.len > 0 && r->st.type == ROUTE_DIR &&
	    (r->kind == ROUTE_LIST || str_ends(r->uri, STR("/"))) &&
	    !str_ends(file, STR("/")))
		wr_u8(w, '/');
}

/* what could be made out of a malformed request line: up to three words */
static void
put_words(struct wr *w, struct str line)
{
	size_t i = 0;
	int n;

	line = str_sub(line, 0, str_chr(line, '\0'));
	for (n = 0; n < 3; n++) {
		size_t from;

		while (i < line.len && (line.p[i] == ' ' || line.p[i] == '\t'))
			i++;
		for (from = i; i < line.len && line.p[i] != ' ' &&
		    line.p[i] != '\t';)
			i++;
		if (n > 0 && i > from)
			wr_u8(w, ' ');
		escape(w, str_sub(line, from, i - from));
	}
}

static void
put_request(const struct alog_op *op, const struct alog_event *ev,
    struct wr *w)
{
	const struct req *req = ev->req;
	struct str s = { NULL, 0 };

	if (req != NULL) {
		switch (op->letter) {
		case 'r':
			if (req->is_line_bad && req->line.len > 0) {
				put_words(w, req->line);
				return;
			}
			s = req->line;
			break;
		case 'm':
			s = req->method_s;
			break;
		case 'H':
			s = req->version_s;
			break;
		default:
			s = ev->uri;
			break;
		}
	}
	value_or_dash(w, s);
}

static void
put_query(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	(void)op;
	if (ev->req == NULL || !ev->req->has_query)
		return;
	wr_u8(w, '?');
	escape(w, ev->req->query);
}

static void
put_count(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	uint16_t port = ev->canonical_port;

	if (op->letter == 'k') {
		wr_dec(w, ev->keepalive_n);
	} else if (op->letter == 'P') {
		if (str_eq(op->arg, STR("hextid")))
			wr_fmt(w, "%x", (unsigned)ev->pid);
		else
			wr_dec(w, (uint64_t)ev->pid);
	} else {
		if (str_eq(op->arg, STR("local")))
			port = ev->local_port;
		else if (str_eq(op->arg, STR("remote")))
			port = ev->client_port;
		wr_dec(w, port);
	}
}

static void
put_text(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	switch (op->letter) {
	case 'v':
		value_or_dash(w, ev->server_name);
		break;
	case 'V':
		value_or_dash(w, ev->self_name);
		break;
	case 'L':
		value_or_dash(w, ev->log_id);
		break;
	case 'R':
		value_or_dash(w, ev->handler);
		break;
	default:
		wr_u8(w, (uint8_t)ev->end);
		break;
	}
}

static void
put_status(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	uint16_t status = is_first(op) ? ev->status_first : ev->status;

	if (status == 0)
		wr_u8(w, '-');
	else
		wr_dec(w, status);
}

static void
put_took(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	int64_t unit = WHEN_NS_PER_S;

	if (op->letter == 'D' || str_eq(op->arg, STR("us")))
		unit = 1000;
	else if (str_eq(op->arg, STR("ms")))
		unit = WHEN_NS_PER_MS;
	wr_dec(w, ev->took_ns < 0 ? 0 : (uint64_t)(ev->took_ns / unit));
}

void
alog_time(struct wr *w, int64_t wall_s, int32_t utc_offset_s)
{
	unsigned minutes = (unsigned)(utc_offset_s < 0 ? -utc_offset_s :
	    utc_offset_s) / 60;
	struct when_date d;

	when_to_date(wall_s + utc_offset_s, &d);
	wr_fmt(w, "[%02d/%s/%04d:%02d:%02d:%02d %c%02u%02u]", (int)d.day,
	    date_month(d.mon), (int)d.year, (int)d.hour, (int)d.min,
	    (int)d.sec, utc_offset_s < 0 ? '-' : '+', minutes / 60,
	    minutes % 60);
}

/* days since 1 January, 0 based */
static int
year_day(const struct when_date *d)
{
	static const int16_t before[12] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	bool is_leap = (d->year % 4 == 0 && d->year % 100 != 0) ||
	    d->year % 400 == 0;

	return before[d->mon - 1] + d->day - 1 + (is_leap && d->mon > 2);
}

static const char *const days[] = { "Sunday", "Monday", "Tuesday",
	"Wednesday", "Thursday", "Friday", "Saturday" };
static const char *const months[] = { "January", "February", "March", "April",
	"May", "June", "July", "August", "September", "October", "November",
	"December" };

/* one conversion of strftime(3) in the C locale; unknown ones stay as text */
static void
put_strftime(struct wr *w, char c, const struct alog_event *ev, int64_t wall_s,
    const struct when_date *d)
{
	unsigned minutes = (unsigned)(ev->utc_offset_s < 0 ?
	    -ev->utc_offset_s : ev->utc_offset_s) / 60;
	int hour12 = d->hour % 12 == 0 ? 12 : d->hour % 12;

	switch (c) {
	case 'Y': wr_fmt(w, "%04d", (int)d->year); break;
	case 'y': wr_fmt(w, "%02d", (int)d->year % 100); break;
	case 'C': wr_fmt(w, "%02d", (int)d->year / 100); break;
	case 'm': wr_fmt(w, "%02d", (int)d->mon); break;
	case 'd': wr_fmt(w, "%02d", (int)d->day); break;
	case 'e': wr_fmt(w, "%2d", (int)d->day); break;
	case 'H': wr_fmt(w, "%02d", (int)d->hour); break;
	case 'I': wr_fmt(w, "%02d", hour12); break;
	case 'M': wr_fmt(w, "%02d", (int)d->min); break;
	case 'S': wr_fmt(w, "%02d", (int)d->sec); break;
	case 'j': wr_fmt(w, "%03d", year_day(d) + 1); break;
	case 'u': wr_fmt(w, "%d", d->wday == 0 ? 7 : (int)d->wday); break;
	case 'w': wr_fmt(w, "%d", (int)d->wday); break;
	case 'p': wr_text(w, d->hour < 12 ? "AM" : "PM"); break;
	case 'a': wr_text(w, date_wday(d->wday)); break;
	case 'A': wr_text(w, days[d->wday]); break;
	case 'b': case 'h': wr_text(w, date_month(d->mon)); break;
	case 'B': wr_text(w, months[d->mon - 1]); break;
	case 's': wr_fmt(w, "%lld", (long long)wall_s); break;
	case 'n': case 't': wr_u8(w, c == 'n' ? '\n' : '\t'); break;
	case 'Z': wr_str(w, ev->zone); break;
	case 'z':
		wr_fmt(w, "%c%02u%02u", ev->utc_offset_s < 0 ? '-' : '+',
		    minutes / 60, minutes % 60);
		break;
	case 'T':
		wr_fmt(w, "%02d:%02d:%02d", (int)d->hour, (int)d->min,
		    (int)d->sec);
		break;
	case 'R':
		wr_fmt(w, "%02d:%02d", (int)d->hour, (int)d->min);
		break;
	case 'D':
		wr_fmt(w, "%02d/%02d/%02d", (int)d->mon, (int)d->day,
		    (int)d->year % 100);
		break;
	case 'F':
		wr_fmt(w, "%04d-%02d-%02d", (int)d->year, (int)d->mon,
		    (int)d->day);
		break;
	case 'c':
		wr_fmt(w, "%s %s %2d %02d:%02d:%02d %04d", date_wday(d->wday),
		    date_month(d->mon), (int)d->day, (int)d->hour, (int)d->min,
		    (int)d->sec, (int)d->year);
		break;
	case '%': wr_u8(w, '%'); break;
	default:
		wr_u8(w, '%');
		wr_u8(w, (uint8_t)c);
		break;
	}
}

static void
put_time(const struct alog_op *op, const struct alog_event *ev, struct wr *w)
{
	struct str fmt = op->arg;
	int64_t wall_s = ev->start_wall_s, ns = ev->start_wall_ns;
	struct when_date d;
	size_t i;

	if (str_eq(fmt, STR("begin")) || str_starts(fmt, STR("begin:")))
		fmt = str_sub(fmt, 6, fmt.len);
	else if (str_eq(fmt, STR("end")) || str_starts(fmt, STR("end:"))) {
		fmt = str_sub(fmt, 4, fmt.len);
		ns += ev->took_ns;
		wall_s += ns / WHEN_NS_PER_S;
		ns %= WHEN_NS_PER_S;
	}
	if (op->arg.len == 0) {
		wr_str(w, ev->time);
	} else if (fmt.len == 0) {
		alog_time(w, wall_s, ev->utc_offset_s);
	} else if (str_eq(fmt, STR("sec"))) {
		wr_dec(w, (uint64_t)wall_s);
	} else if (str_eq(fmt, STR("msec"))) {
		wr_dec(w, (uint64_t)(wall_s * 1000 + ns / WHEN_NS_PER_MS));
	} else if (str_eq(fmt, STR("usec"))) {
		wr_dec(w, (uint64_t)(wall_s * 1000000 + ns / 1000));
	} else if (str_eq(fmt, STR("msec_frac"))) {
		wr_fmt(w, "%03d", (int)(ns / WHEN_NS_PER_MS));
	} else if (str_eq(fmt, STR("usec_frac"))) {
		wr_fmt(w, "%06d", (int)(ns / 1000));
	} else {
		when_to_date(wall_s + ev->utc_offset_s, &d);
		for (i = 0; i < fmt.len; i++) {
			if (fmt.p[i] == '%' && i + 1 < fmt.len)
				put_strftime(w, fmt.p[++i], ev, wall_s, &d);
			else
				wr_u8(w, (uint8_t)fmt.p[i]);
		}
	}
}

static const struct {
	char letter;
	void (*write)(const struct alog_op *op, const struct alog_event *ev,
	    struct wr *w);
} directive_tab[] = {
	{ 'a', put_addr }, { 'A', put_addr }, { 'B', put_bytes },
	{ 'b', put_bytes }, { 'C', put_cookie }, { 'D', put_took },
	{ 'e', put_env }, { 'f', put_file }, { 'h', put_host },
	{ 'H', put_request }, { 'i', put_in_header }, { 'I', put_bytes },
	{ 'k', put_count }, { 'l', put_dash }, { 'L', put_text },
	{ 'm', put_request }, { 'n', put_env }, { 'o', put_out_header },
	{ 'O', put_bytes }, { 'p', put_count }, { 'P', put_count },
	{ 'q', put_query }, { 'r', put_request }, { 'R', put_text },
	{ 's', put_status }, { 'S', put_bytes }, { 't', put_time },
	{ 'T', put_took }, { 'u', put_user }, { 'U', put_request },
	{ 'v', put_text }, { 'V', put_text }, { 'X', put_text },
};

/* "404,500" after "%" or "%!" */
static void
parse_codes(struct str fmt, size_t *at, struct alog_op *op)
{
	while (*at < fmt.len) {
		size_t from = *at;
		uint32_t code;

		while (*at < fmt.len && fmt.p[*at] >= '0' &&
		    fmt.p[*at] <= '9')
			++*at;
		if (*at > from && op->codes_n < CODES_MAX &&
		    num_u32(str_sub(fmt, from, *at - from), 0, 999, &code))
			op->codes[op->codes_n++] = (uint16_t)code;
		if (*at == fmt.len || fmt.p[*at] != ',')
			return;
		++*at;
	}
}

/* behind a '%'; false when the directive is not known */
static bool
parse_directive(struct str fmt, size_t *at, struct alog_op *op)
{
	size_t i, end;

	for (; *at < fmt.len; ++*at) {
		char c = fmt.p[*at];

		if (c == '!') {
			op->is_inverted = true;
		} else if (c == '<' || c == '>') {
			op->which = c;
		} else if (c >= '0' && c <= '9') {
			parse_codes(fmt, at, op);
			--*at;
		} else if (c == '{') {
			for (end = *at; end < fmt.len && fmt.p[end] != '}';)
				end++;
			op->arg = str_sub(fmt, *at + 1, end - *at - 1);
			*at = end;
		} else {
			break;
		}
	}
	if (*at >= fmt.len)
		return false;
	op->letter = fmt.p[*at];
	if (op->letter == '^') {	/* trailers: we never have any */
		*at += 2;
		op->write = put_dash;
		return *at < fmt.len &&
		    (fmt.p[*at] == 'i' || fmt.p[*at] == 'o');
	}
	op->id = (uint8_t)hdr_id(op->arg);
	for (i = 0; i < ARRAY_LEN(directive_tab); i++)
		if (directive_tab[i].letter == op->letter)
			op->write = directive_tab[i].write;
	return op->write != NULL;
}

/* backslash escapes that LogFormat knows, done in place */
static struct str
unescape(char *p, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		if (p[i] == '\\' && i + 1 < len &&
		    str_chr(STR("\\nt\""), p[i + 1]) != STR_NONE) {
			i++;
			p[n++] = p[i] == 'n' ? '\n' : p[i] == 't' ? '\t' : p[i];
		} else {
			p[n++] = p[i];
		}
	}
	return str_make(p, n);
}

const struct alog_fmt *
alog_compile(struct str fmt, struct arena *a, struct str *ret_bad)
{
	struct alog_fmt *f = ARENA_NEW(a, struct alog_fmt);
	char *copy = arena_dup(a, fmt.p, fmt.len);
	size_t i, from, max = 2;

	*ret_bad = (struct str){ NULL, 0 };
	if (f == NULL || copy == NULL)
		return NULL;
	fmt = unescape(copy, fmt.len);
	for (i = 0; i < fmt.len; i++)
		max += fmt.p[i] == '%' ? 2 : 0;
	f->ops = ARENA_ARRAY(a, struct alog_op, max);
	if (f->ops == NULL)
		return NULL;
	for (i = from = 0; i <= fmt.len; i++) {
		struct alog_op *op = &f->ops[f->ops_n];

		if (i < fmt.len && fmt.p[i] != '%')
			continue;
		if (i > from) {
			op->write = put_literal;
			op->arg = str_sub(fmt, from, i - from);
			op = &f->ops[++f->ops_n];
		}
		from = i++;
		if (i < fmt.len && fmt.p[i] == '%') {
			from = i;	/* "%%": the second one is literal */
			continue;
		}
		if (i > fmt.len)
			break;
		if (!parse_directive(fmt, &i, op)) {
			*ret_bad = str_sub(fmt, from, i + 1 - from);
			return NULL;
		}
		if (op->letter == 'V' || op->letter == 'p')
			f->needs |= ALOG_NEEDS_SELF;
		if (op->letter == 'A')
			f->needs |= ALOG_NEEDS_LOCAL;
		if (op->letter == 'o')
			f->needs |= ALOG_NEEDS_FIELDS;
		f->ops_n++;
		from = i + 1;
	}
	ASSERT(f->ops_n < max);
	return f;
}

unsigned
alog_needs(const struct alog_fmt *fmt)
{
	return fmt->needs;
}

static bool
is_wanted(const struct alog_op *op, uint16_t status)
{
	unsigned i;

	if (op->codes_n == 0)
		return true;
	for (i = 0; i < op->codes_n; i++)
		if (op->codes[i] == status)
			return !op->is_inverted;
	return op->is_inverted;
}

void
alog_line(const struct alog_fmt *fmt, const struct alog_event *ev,
    struct wr *w)
{
	struct wr line;
	unsigned i;

	if (wr_left(w) < 2)
		return;
	/* one byte is kept back so that the newline always fits */
	wr_init(&line, w->p + w->len, wr_left(w) - 1);
	for (i = 0; i < fmt->ops_n; i++) {
		const struct alog_op *op = &fmt->ops[i];

		if (is_wanted(op, ev->status))
			op->write(op, ev, &line);
		else
			wr_u8(&line, '-');
	}
	w->len += line.len;
	wr_u8(w, '\n');
}
