/* SPDX-License-Identifier: ISC */
/*
 * leaseparse - the careful reading of one lease block.
 *
 * A statement is a row of the table at the end: keyword and function.  The
 * function reads up to and including the semicolon and says whether the
 * statement could be used; what it could not use is skipped to the next
 * semicolon, brace or beginning of another block, whichever comes first.
 */
#include "dhcpd/leaseparse.h"

#include <string.h>

#include "common/ip4.h"
#include "common/num.h"
#include "common/when.h"
#include "common/wr.h"

#define MESSAGE_MAX 512

static void
log_line(struct leaseparse *ps, int prio, const struct wr *wr)
{
	ps->r->sink->log(ps->r->sink->ctx, prio, wr_as_str(wr));
}

void
leaseparse_warn(struct leaseparse *ps, const char *fmt, ...)
{
	const struct leaselex *lx = &ps->lx;
	char buf[MESSAGE_MAX];
	size_t caret = lx->caret > LEASELEX_SHOWN_MAX ? 0 : lx->caret;
	struct wr wr;
	va_list ap;

	wr_init(&wr, buf, sizeof(buf));
	wr_str(&wr, str_sub(ps->r->path, 0, 256));
	wr_text(&wr, " line ");
	wr_dec(&wr, lx->tok_line);
	wr_text(&wr, ": ");
	va_start(ap, fmt);
	wr_vfmt(&wr, fmt, ap);
	va_end(ap);
	log_line(ps, 3, &wr);
	wr_init(&wr, buf, sizeof(buf));
	wr_str(&wr, str_sub(str_make(lx->p + lx->tok_line_at,
	    lx->shown - lx->tok_line_at), 0, LEASELEX_SHOWN_MAX));
	log_line(ps, 3, &wr);
	wr_init(&wr, buf, sizeof(buf));
	for (size_t k = 0; k < caret; k++)
		wr_u8(&wr, ' ');
	wr_u8(&wr, '^');
	log_line(ps, 3, &wr);
}

/* ---- where blocks begin ---------------------------------------------------- */

static struct str
next_word(struct str *s)
{
	size_t n = 0;

	while (s->len != 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
		*s = str_sub(*s, 1, s->len);
	while (n < s->len && s->p[n] != ' ' && s->p[n] != '\t' &&
	    s->p[n] != '\n' && s->p[n] != '{' && s->p[n] != ';')
		n++;
	*s = str_sub(*s, n, s->len);
	return str_make(s->p - n, n);
}

static bool
is_brace_next(struct str s)
{
	s = str_trim(str_sub(s, 0, 64));
	return s.len != 0 && s.p[0] == '{';
}

bool
leaseparse_begins(const char *p, size_t len)
{
	struct str s = str_make(p, len < 512 ? len : 512);
	struct str word = next_word(&s), arg = next_word(&s);
	uint32_t addr;

	if (str_eq(word, STR("lease")))
		return ip4_parse(arg, &addr) && is_brace_next(s);
	if (str_eq(word, STR("host")) || str_eq(word, STR("group")))
		return arg.len != 0 && is_brace_next(s);
	if (str_eq(word, STR("class")) || str_eq(word, STR("subclass")) ||
	    str_eq(word, STR("ia-na")) || str_eq(word, STR("ia-ta")) ||
	    str_eq(word, STR("ia-pd")) || str_eq(word, STR("server-duid")))
		return arg.len > 1 && arg.p[0] == '"';
	if (str_eq(word, STR("failover")))
		return str_eq(arg, STR("peer"));
	return str_eq(word, STR("authoring-byte-order"));
}

/* Is the token last read the beginning of another block, at a line's start? */
static bool
is_next_block(const struct leaselex *lx)
{
	if (lx->tok.kind != LEASELEX_WORD)
		return false;
	for (size_t k = lx->tok_line_at; k < lx->tok.at; k++)
		if (lx->p[k] != ' ' && lx->p[k] != '\t')
			return false;
	return leaseparse_begins(lx->p + lx->tok.at, lx->len - lx->tok.at);
}

/*
 * Skip the rest of a statement: past its semicolon or block, but not past the
 * brace that ends the lease nor into the next lease.
 */
static void
skip_statement(struct leaseparse *ps)
{
	unsigned depth = 0;

	ps->is_damaged = true;
	for (;;) {
		struct leaselex before = ps->lx;

		leaselex_next(&ps->lx);
		if (ps->lx.tok.kind == LEASELEX_EOF)
			return;
		if (is_next_block(&ps->lx) ||
		    (leaselex_is(&ps->lx, "}") && depth == 0)) {
			ps->lx = before;
			return;
		}
		if (leaselex_is(&ps->lx, "{"))
			depth++;
		if (leaselex_is(&ps->lx, "}") && --depth == 0)
			return;
		if (leaselex_is(&ps->lx, ";") && depth == 0)
			return;
	}
}

/* Read a token that belongs to the present statement; false at its end. */
static bool
want(struct leaseparse *ps)
{
	struct leaselex before = ps->lx;

	leaselex_next(&ps->lx);
	if (ps->lx.tok.kind == LEASELEX_EOF)
		return false;
	if (leaselex_is(&ps->lx, ";") || leaselex_is(&ps->lx, "}") ||
	    is_next_block(&ps->lx)) {
		/* Complaints show the token, which stays to be read. */
		size_t pos = before.pos;
		uint32_t line = before.line;

		ps->lx.pos = pos;
		ps->lx.line = line;
		ps->lx.line_at = before.line_at;
		return false;
	}
	return true;
}

static bool
semicolon(struct leaseparse *ps, const char *complaint)
{
	struct leaselex before = ps->lx;

	leaselex_next(&ps->lx);
	if (leaselex_is(&ps->lx, ";"))
		return true;
	leaseparse_warn(ps, "%s", complaint);
	if (leaselex_is(&ps->lx, "}") || is_next_block(&ps->lx))
		ps->lx = before;
	else if (ps->lx.tok.kind != LEASELEX_EOF)
		skip_statement(ps);
	ps->is_damaged = true;
	return false;
}

/* ---- values ------------------------------------------------------------------ */

/* Bytes of the string token last read, in scratch. */
static bool
string_value(struct leaseparse *ps, struct str *ret)
{
	struct str text = ps->lx.tok.text;
	void *p;
	struct wr wr;

	if (ps->lx.tok.is_torn) {
		leaseparse_warn(ps, "eof in string constant");
		ps->is_damaged = true;
	}
	p = arena_alloc(&ps->scratch, text.len + 1, 1);
	if (p == NULL)
		return false;
	wr_init(&wr, p, text.len + 1);
	leaselex_string(&wr, text);
	*ret = wr_as_str(&wr);
	return true;
}

/* Octets in hexadecimal with colons; the first is the token last read. */
static bool
hex_value(struct leaseparse *ps, struct str *ret)
{
	size_t at = arena_mark(&ps->scratch);

	for (;;) {
		uint8_t *p = arena_alloc(&ps->scratch, 1, 1);
		uint64_t v;

		if (p == NULL || ps->lx.tok.kind != LEASELEX_WORD ||
		    !num_hex(ps->lx.tok.text, 255, &v)) {
			leaseparse_warn(ps, "expecting numeric value.");
			return false;
		}
		*p = (uint8_t)v;
		if (!str_eq(leaselex_peek(&ps->lx).text, STR(":")))
			break;
		leaselex_next(&ps->lx);
		if (!want(ps)) {
			leaseparse_warn(ps, ps->lx.tok.kind == LEASELEX_EOF ?
			    "unexpected end of file" :
			    "expecting numeric value.");
			return false;
		}
	}
	*ret = str_make(ps->scratch.p + at, arena_mark(&ps->scratch) - at);
	return true;
}

/* A string or octets. */
static bool
data_value(struct leaseparse *ps, struct str *ret)
{
	if (ps->lx.tok.kind == LEASELEX_STRING)
		return string_value(ps, ret);
	return hex_value(ps, ret);
}

bool
leaseparse_date(int year, int mon, int day, int hour, int min, int sec,
    uint32_t *ret)
{
	struct when_date date = {
		.year = year, .mon = mon, .day = day,
		.hour = hour, .min = min, .sec = sec,
	};
	int64_t s;

	if (!when_from_date(&date, &s) || s < 0 || s > UINT32_MAX)
		return false;
	*ret = (uint32_t)s;
	return true;
}

static bool
number(struct leaseparse *ps, const char *complaint, uint32_t *ret)
{
	if (want(ps) && ps->lx.tok.kind == LEASELEX_WORD &&
	    num_u32(ps->lx.tok.text, 0, 99999, ret))
		return true;
	leaseparse_warn(ps, "%s", complaint);
	return false;
}

static bool
separator(struct leaseparse *ps, const char *c, const char *complaint)
{
	if (want(ps) && leaselex_is(&ps->lx, c))
		return true;
	leaseparse_warn(ps, "%s", complaint);
	return false;
}

static bool
calendar_date(struct leaseparse *ps, uint32_t *ret)
{
	uint32_t y, mon, d, h, min, s;

	if (!number(ps, "numeric year expected.", &y) ||
	    !separator(ps, "/", "expected slash separating year from month.") ||
	    !number(ps, "numeric month expected.", &mon) ||
	    !separator(ps, "/", "expected slash separating month from day.") ||
	    !number(ps, "numeric day of month expected.", &d) ||
	    !number(ps, "numeric hour expected.", &h) ||
	    !separator(ps, ":",
	    "expected colon separating hour from minute.") ||
	    !number(ps, "numeric minute expected.", &min) ||
	    !separator(ps, ":",
	    "expected colon separating minute from second.") ||
	    !number(ps, "numeric second expected.", &s))
		return false;
	return leaseparse_date((int)y, (int)mon, (int)d, (int)h, (int)min,
	    (int)s, ret);
}

static bool
time_value(struct leaseparse *ps, uint32_t *ret)
{
	uint32_t wday;

	if (str_ieq(leaselex_peek(&ps->lx).text, STR("never"))) {
		leaselex_next(&ps->lx);
		*ret = LEASE_NEVER;
		return true;
	}
	if (str_ieq(leaselex_peek(&ps->lx).text, STR("epoch"))) {
		leaselex_next(&ps->lx);
		if (want(ps) && num_u32(ps->lx.tok.text, 0, UINT32_MAX, ret))
			return true;
		leaseparse_warn(ps, "Seconds since epoch expected.");
		return false;
	}
	return number(ps, "numeric day of week expected.", &wday) &&
	    calendar_date(ps, ret);
}

static bool
time_statement(struct leaseparse *ps, uint32_t *field)
{
	uint32_t t = 0;
	bool ok = time_value(ps, &t);

	if (ok)
		*field = t;
	return semicolon(ps, "semicolon expected.") && ok;
}

/* ---- statements ---------------------------------------------------------------- */

static bool
st_starts(struct leaseparse *ps)
{
	return time_statement(ps, &ps->d.starts);
}

static bool
st_ends(struct leaseparse *ps)
{
	bool ok = time_statement(ps, &ps->d.ends);

	if (!ok && ps->d.ends == 0)
		ps->is_ends_bad = true;
	return ok;
}

static bool
st_tstp(struct leaseparse *ps)
{
	return time_statement(ps, &ps->d.tstp);
}

static bool
st_tsfp(struct leaseparse *ps)
{
	return time_statement(ps, &ps->d.tsfp);
}

static bool
st_atsfp(struct leaseparse *ps)
{
	return time_statement(ps, &ps->d.atsfp);
}

static bool
st_cltt(struct leaseparse *ps)
{
	return time_statement(ps, &ps->d.cltt);
}

/* An old "timestamp": when it was written; nobody uses it. */
static bool
st_timestamp(struct leaseparse *ps)
{
	uint32_t ignored;

	return time_statement(ps, &ignored);
}

static bool
state_word(struct leaseparse *ps, uint8_t *ret)
{
	for (int s = LEASE_FREE; s <= LEASE_BACKUP; s++) {
		struct str name = leasetext_state((enum lease_state)s);

		if (str_ieq(ps->lx.tok.text, name)) {
			*ret = (uint8_t)s;
			return true;
		}
	}
	return false;
}

/* "state NAME;" behind "binding". */
static bool
state_value(struct leaseparse *ps, uint8_t *ret)
{
	if (!want(ps) || !leaselex_is(&ps->lx, "state")) {
		leaseparse_warn(ps, "expecting 'state'");
		skip_statement(ps);
		return false;
	}
	if (!want(ps) || ps->lx.tok.kind != LEASELEX_WORD) {
		leaseparse_warn(ps, "%.*s: expecting a binding state.",
		    STR_ARG(str_sub(ps->lx.tok.text, 0, 64)));
		return false;
	}
	if (leaselex_is(&ps->lx, "reserved"))
		ps->d.flags |= LEASE_F_RESERVED;
	else if (leaselex_is(&ps->lx, "bootp"))
		ps->d.flags |= LEASE_F_BOOTP;
	else if (!state_word(ps, ret)) {
		leaseparse_warn(ps, "%.*s: expecting a binding state.",
		    STR_ARG(str_sub(ps->lx.tok.text, 0, 64)));
		skip_statement(ps);
		leaseparse_warn(ps, "possibly corrupt lease file");
		return false;
	}
	(void)semicolon(ps, "semicolon expected.");	/* the state counts */
	return true;
}

static bool
st_binding(struct leaseparse *ps)
{
	if (!state_value(ps, &ps->d.state)) {
		ps->is_state_bad = true;
		return false;
	}
	ps->has_state = ps->has_state || ps->d.state != 0;
	return true;
}

/* "next binding state" and "rewind binding state". */
static bool
other_state(struct leaseparse *ps, uint8_t *ret)
{
	if (want(ps) && leaselex_is(&ps->lx, "binding"))
		return state_value(ps, ret);
	leaseparse_warn(ps, "expecting 'binding'");
	skip_statement(ps);
	return false;
}

static bool
st_next(struct leaseparse *ps)
{
	return other_state(ps, &ps->d.next);
}

static bool
st_rewind(struct leaseparse *ps)
{
	return other_state(ps, &ps->d.rewind);
}

static bool
st_reserved(struct leaseparse *ps)
{
	ps->d.flags |= LEASE_F_RESERVED;
	return semicolon(ps, "semicolon expected.");
}

static bool
st_bootp(struct leaseparse *ps)
{
	ps->d.flags |= LEASE_F_BOOTP;
	return semicolon(ps, "semicolon expected.");
}

static bool
st_abandoned(struct leaseparse *ps)
{
	ps->d.state = LEASE_ABANDONED;
	ps->has_state = true;
	return semicolon(ps, "semicolon expected.");
}

static bool
hardware_type(struct leaseparse *ps, uint8_t *ret)
{
	static const struct { const char *name; uint8_t type; } types[] = {
		{ "ethernet", 1 }, { "token-ring", 6 }, { "tokenring", 6 },
		{ "fddi", 8 }, { "infiniband", 32 },
	};
	struct str text = ps->lx.tok.text;
	uint32_t n;

	for (size_t k = 0; k < ARRAY_LEN(types); k++) {
		if (leaselex_is(&ps->lx, types[k].name)) {
			*ret = types[k].type;
			return true;
		}
	}
	if (ps->lx.tok.kind != LEASELEX_WORD ||
	    !str_istarts(text, STR("unknown-")) ||
	    !num_u32(str_sub(text, 8, text.len), 0, 255, &n))
		return false;
	*ret = (uint8_t)n;
	return true;
}

static bool
st_hardware(struct leaseparse *ps)
{
	struct str hw = { NULL, 0 };
	uint8_t type;

	if (!want(ps) || !hardware_type(ps, &type)) {
		leaseparse_warn(ps, "expecting a network hardware type");
		skip_statement(ps);
		return false;
	}
	if (!str_eq(leaselex_peek(&ps->lx).text, STR(";"))) {
		if (!want(ps)) {
			leaseparse_warn(ps, "unexpected end of file");
			return false;
		}
		if (!hex_value(ps, &hw) || hw.len > LEASE_HW_MAX) {
			skip_statement(ps);
			return false;
		}
	}
	ps->d.hw_type = type;
	ps->d.hw_len = (uint8_t)hw.len;
	if (hw.len != 0)
		memcpy(ps->d.hw, hw.p, hw.len);
	return semicolon(ps, "expecting semicolon.");
}

static bool
st_uid(struct leaseparse *ps)
{
	if (!want(ps)) {
		leaseparse_warn(ps, "unexpected end of file");
		return false;
	}
	if (!data_value(ps, &ps->d.uid)) {
		skip_statement(ps);
		return false;
	}
	return semicolon(ps, "semicolon expected.");
}

static bool
st_hostname(struct leaseparse *ps)
{
	if (!want(ps) || ps->lx.tok.kind == LEASELEX_CHAR) {
		leaseparse_warn(ps, "expecting string");
		skip_statement(ps);
		return false;
	}
	if (ps->lx.tok.kind == LEASELEX_WORD)
		ps->d.hostname = ps->lx.tok.text;
	else if (!string_value(ps, &ps->d.hostname))
		return false;
	return semicolon(ps, "semicolon expected.");
}

/* Names of updates in the DNS of old versions, and their classes. */
static bool
st_old_string(struct leaseparse *ps)
{
	struct str ignored;

	if (!want(ps))
		return false;
	if (ps->lx.tok.kind == LEASELEX_STRING &&
	    !string_value(ps, &ignored))
		return false;
	return semicolon(ps, "semicolon expected.");
}

static bool
st_billing(struct leaseparse *ps)
{
	const struct leaseread_sink *sink = ps->r->sink;
	struct str name, value = { NULL, 0 };
	bool is_sub = false;

	if (!want(ps))
		return false;
	if (leaselex_is(&ps->lx, "class") || leaselex_is(&ps->lx, "subclass")) {
		is_sub = leaselex_is(&ps->lx, "subclass");
		if (!want(ps))
			return false;
	}
	if (ps->lx.tok.kind != LEASELEX_STRING || !string_value(ps, &name)) {
		leaseparse_warn(ps, "expecting string");
		skip_statement(ps);
		return false;
	}
	if (sink->has_class != NULL && !sink->has_class(sink->ctx, name)) {
		leaseparse_warn(ps, "unknown class %.*s",
		    STR_ARG(str_sub(name, 0, 128)));
		name.len = 0;
	}
	if (is_sub && (!want(ps) || !data_value(ps, &value))) {
		skip_statement(ps);
		return false;
	}
	ps->d.class_name = name;
	if (name.len != 0)
		ps->d.class_value = value;
	return semicolon(ps, "semicolon expected.");
}

/* The value behind "set NAME =". */
static bool
var_value(struct leaseparse *ps, struct lease_var *v)
{
	v->kind = LEASE_VAR_BOOL;
	if (leaselex_is(&ps->lx, "true") || leaselex_is(&ps->lx, "false")) {
		v->num = leaselex_is(&ps->lx, "true");
		return true;
	}
	if (leaselex_is(&ps->lx, "%")) {
		v->kind = LEASE_VAR_NUM;
		return want(ps) && num_i64(ps->lx.tok.text, INT64_MIN,
		    INT64_MAX, &v->num);
	}
	v->kind = LEASE_VAR_DATA;
	if (ps->lx.tok.kind == LEASELEX_CHAR)
		return false;
	return data_value(ps, &v->data);
}

static bool
st_set(struct leaseparse *ps)
{
	struct lease_var v = { .kind = LEASE_VAR_DATA };
	struct wr wr;
	void *p;

	if (!want(ps) || ps->lx.tok.kind != LEASELEX_WORD) {
		leaseparse_warn(ps, "expecting identifier");
		skip_statement(ps);
		return false;
	}
	v.name = ps->lx.tok.text;
	if (!want(ps) || !leaselex_is(&ps->lx, "=")) {
		leaseparse_warn(ps, "expecting '=' in set statement.");
		skip_statement(ps);
		return false;
	}
	if (!want(ps) || !var_value(ps, &v)) {
		leaseparse_warn(ps, "expecting a constant value.");
		skip_statement(ps);
		return false;
	}
	p = arena_alloc(&ps->scratch, LEASE_BLOB_MAX, 1);
	if (p == NULL)
		return false;
	wr_init(&wr, p, LEASE_BLOB_MAX);
	lease_var_set(&wr, ps->d.vars, &v);
	if (wr_ok(&wr))
		ps->d.vars = wr_as_str(&wr);
	arena_trim(&ps->scratch, p, wr.len);
	return semicolon(ps, "semicolon expected.") && wr_ok(&wr);
}

/* "agent.NAME VALUE;": code, length and bytes behind the others. */
static bool
agent_option(struct leaseparse *ps, struct str name)
{
	const struct leaseread_sink *sink = ps->r->sink;
	struct str value;
	uint32_t code;
	int known = sink->agent_code == NULL ? -1 :
	    sink->agent_code(sink->ctx, name);
	uint8_t *p;

	if (known >= 0)
		code = (uint32_t)known;
	else if (!str_istarts(name, STR("unknown-")) ||
	    !num_u32(str_sub(name, 8, name.len), 0, 255, &code)) {
		leaseparse_warn(ps, "no option named %.*s in space agent",
		    STR_ARG(str_sub(name, 0, 64)));
		return false;
	}
	if (!want(ps) || !data_value(ps, &value) || value.len > 255)
		return false;
	p = arena_alloc(&ps->scratch, ps->d.agent.len + 2 + value.len, 1);
	if (p == NULL)
		return false;
	if (ps->d.agent.len != 0)
		memcpy(p, ps->d.agent.p, ps->d.agent.len);
	p[ps->d.agent.len] = (uint8_t)code;
	p[ps->d.agent.len + 1] = (uint8_t)value.len;
	memcpy(p + ps->d.agent.len + 2, value.p, value.len);
	ps->d.agent = str_make(p, ps->d.agent.len + 2 + value.len);
	return true;
}

static bool
st_option(struct leaseparse *ps)
{
	struct str name;

	if (!want(ps))
		return false;
	if (!leaselex_is(&ps->lx, "agent")) {
		leaseparse_warn(ps, "unknown option %.*s",
		    STR_ARG(str_sub(ps->lx.tok.text, 0, 64)));
		skip_statement(ps);
		return false;
	}
	if (!want(ps) || !leaselex_is(&ps->lx, ".") || !want(ps)) {
		leaseparse_warn(ps, "expecting option name");
		skip_statement(ps);
		return false;
	}
	name = ps->lx.tok.text;
	if (!agent_option(ps, name)) {
		skip_statement(ps);
		return false;
	}
	return semicolon(ps, "semicolon expected.");
}

/* The statements of an "on" block: from behind "{" to before its "}". */
static bool
block_text(struct leaseparse *ps, struct str *ret)
{
	size_t from = ps->lx.pos;
	unsigned depth = 1;

	for (;;) {
		struct leaselex before = ps->lx;

		leaselex_next(&ps->lx);
		if (ps->lx.tok.kind == LEASELEX_EOF ||
		    is_next_block(&ps->lx)) {
			ps->lx = before;
			leaseparse_warn(ps, "possibly corrupt lease file");
			return false;
		}
		if (leaselex_is(&ps->lx, "{"))
			depth++;
		else if (leaselex_is(&ps->lx, "}") && --depth == 0)
			break;
	}
	*ret = str_make(ps->lx.p + from, ps->lx.tok.at - from);
	return true;
}

static bool
st_on(struct leaseparse *ps)
{
	const struct leaseread_sink *sink = ps->r->sink;
	bool on_expiry = false, on_release = false;
	struct str text;
	uint32_t id;

	do {
		if (!want(ps))
			return false;
		if (leaselex_is(&ps->lx, "expiry"))
			on_expiry = true;
		else if (leaselex_is(&ps->lx, "release"))
			on_release = true;
		else if (!leaselex_is(&ps->lx, "commit")) {
			leaseparse_warn(ps, "expecting expiry or release");
			skip_statement(ps);
			return false;
		}
	} while (want(ps) && leaselex_is(&ps->lx, "or"));
	if (!leaselex_is(&ps->lx, "{")) {
		leaseparse_warn(ps, "left brace expected.");
		skip_statement(ps);
		return false;
	}
	if (!block_text(ps, &text))
		return false;
	id = sink->statements == NULL ? 0 : sink->statements(sink->ctx, text);
	if (on_expiry)
		ps->d.on_expiry = id;
	if (on_release)
		ps->d.on_release = id;
	if (on_expiry && on_release && id != 0)
		ps->d.flags |= LEASE_F_ON_BOTH;
	return id != 0;
}

static const struct {
	const char *name;
	bool (*read)(struct leaseparse *ps);
	bool is_once;
} statements[] = {
	{ "starts", st_starts, true },
	{ "ends", st_ends, true },
	{ "tstp", st_tstp, true },
	{ "tsfp", st_tsfp, true },
	{ "atsfp", st_atsfp, true },
	{ "cltt", st_cltt, true },
	{ "timestamp", st_timestamp, true },
	{ "binding", st_binding, false },
	{ "next", st_next, false },
	{ "rewind", st_rewind, false },
	{ "reserved", st_reserved, false },
	{ "dynamic-bootp", st_bootp, false },
	{ "abandoned", st_abandoned, false },
	{ "hardware", st_hardware, true },
	{ "uid", st_uid, true },
	{ "client-hostname", st_hostname, true },
	{ "ddns-fwd-name", st_old_string, false },
	{ "ddns-rev-name", st_old_string, false },
	{ "class", st_old_string, false },
	{ "billing", st_billing, false },
	{ "set", st_set, false },
	{ "option", st_option, false },
	{ "on", st_on, false },
};

/* One statement, whose keyword was just read. */
static void
statement(struct leaseparse *ps)
{
	char ip[IP4_TEXT_SIZE];

	for (size_t k = 0; k < ARRAY_LEN(statements); k++) {
		bool is_again = (ps->seen >> k & 1) != 0;

		if (!leaselex_is(&ps->lx, statements[k].name))
			continue;
		if (!statements[k].read(ps)) {
			ps->is_damaged = true;
			return;
		}
		ps->seen |= 1u << k;
		if (is_again && statements[k].is_once)
			leaseparse_warn(ps,
			    "Too many %s parameters in lease %s\n",
			    statements[k].name, (ip4_fmt(ps->addr, ip), ip));
		return;
	}
	leaseparse_warn(ps, "Unexpected configuration directive.");
	skip_statement(ps);
	leaseparse_warn(ps, "possibly corrupt lease file");
}

/* "10.10.3.110 {" */
static bool
heading(struct leaseparse *ps)
{
	uint32_t addr = 0, n;

	for (int k = 0; k < 4; k++) {
		if (k != 0 && (!str_eq(leaselex_peek(&ps->lx).text, STR(".")) ||
		    (leaselex_next(&ps->lx), false))) {
			leaselex_next(&ps->lx);
			leaseparse_warn(ps, "too few numbers.");
			return false;
		}
		if (!want(ps) || !num_u32(ps->lx.tok.text, 0, 255, &n)) {
			leaseparse_warn(ps,
			    ps->lx.tok.kind == LEASELEX_EOF ?
			    "unexpected end of file" :
			    "expecting numeric value.");
			return false;
		}
		addr = addr << 8 | n;
	}
	ps->addr = addr;
	if (want(ps) && leaselex_is(&ps->lx, "{"))
		return true;
	leaseparse_warn(ps, "expecting left brace.");
	return false;
}

static void
body(struct leaseparse *ps)
{
	for (;;) {
		struct leaselex before = ps->lx;

		leaselex_next(&ps->lx);
		if (leaselex_is(&ps->lx, "}"))
			return;
		if (leaselex_is(&ps->lx, ";"))
			continue;
		if (ps->lx.tok.kind == LEASELEX_EOF || is_next_block(&ps->lx)) {
			bool is_end = ps->lx.tok.kind == LEASELEX_EOF;

			leaseparse_warn(ps, is_end ? "unexpected end of file" :
			    "possibly corrupt lease file");
			if (!is_end)
				ps->lx = before;
			ps->is_damaged = true;
			return;
		}
		statement(ps);
	}
}

void
leaseparse_finish(struct lease_data *d, int64_t now_s)
{
	if (d->state == 0) {
		bool is_on = d->ends > now_s;

		d->state = is_on ? LEASE_ACTIVE : LEASE_FREE;
		if (d->next == 0)
			d->next = LEASE_FREE;
	}
	if (d->next == 0)
		d->next = d->state;
	if (d->rewind == 0)
		d->rewind = d->state;
	if (d->state == LEASE_BACKUP) {
		/* Nobody to share it with. */
		d->state = LEASE_FREE;
		d->next = LEASE_FREE;
		d->rewind = LEASE_FREE;
	}
	if (d->tstp == 0)
		d->tstp = d->ends;
}

void
leaseparse_lease(struct leaseparse *ps)
{
	bool has_client;

	if (!heading(ps)) {
		skip_statement(ps);
		leaseparse_warn(ps, "possibly corrupt lease file");
		return;
	}
	body(ps);
	has_client = ps->d.hw_len != 0 || ps->d.uid.len != 0;
	if (ps->is_state_bad && !ps->has_state) {
		ps->is_damaged = true;
		if (!has_client) {
			ps->r->sink->log(ps->r->sink->ctx, 3, STR(
			    "Lease with bogus binding state: 0"));
			return;
		}
		/* Somebody may hold it: then it must not go to another. */
		ps->d.state = LEASE_ACTIVE;
		ps->d.next = LEASE_FREE;
	}
	if (ps->is_ends_bad && has_client)
		ps->d.ends = (uint32_t)(ps->r->now_s + LEASEREAD_HOLD_S);
	leaseparse_finish(&ps->d, ps->r->now_s);
	ps->is_lease = true;
}
