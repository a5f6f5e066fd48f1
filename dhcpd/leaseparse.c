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
#include "common/wr.h"
#include "dhcpd/leasetext.h"

/* ---- statements ---------------------------------------------------------------- */

static bool
time_statement(struct leaseparse *ps, uint32_t *field)
{
	uint32_t t = 0;
	bool ok = leasescan_time(&ps->s, &t);
	bool is_ended = leasescan_semicolon(&ps->s, "semicolon expected.");

	/* A hole may have taken digits away. */
	if (ok && !ps->s.is_over)
		*field = t;
	return ok && is_ended;
}

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

		if (str_ieq(ps->s.lx.tok.text, name)) {
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
	if (!leasescan_want(&ps->s) || !leaselex_is(&ps->s.lx, "state")) {
		leasescan_warn(&ps->s, "expecting 'state'");
		leasescan_skip(&ps->s);
		return false;
	}
	if (!leasescan_want(&ps->s) || ps->s.lx.tok.kind != LEASELEX_WORD) {
		leasescan_warn(&ps->s, "%.*s: expecting a binding state.",
		    STR_ARG(str_sub(ps->s.lx.tok.text, 0, 64)));
		return false;
	}
	if (leaselex_is(&ps->s.lx, "reserved"))
		ps->d.flags |= LEASE_F_RESERVED;
	else if (leaselex_is(&ps->s.lx, "bootp"))
		ps->d.flags |= LEASE_F_BOOTP;
	else if (!state_word(ps, ret)) {
		leasescan_warn(&ps->s, "%.*s: expecting a binding state.",
		    STR_ARG(str_sub(ps->s.lx.tok.text, 0, 64)));
		leasescan_skip(&ps->s);
		leasescan_warn(&ps->s, "possibly corrupt lease file");
		return false;
	}
	/* The state counts even without its semicolon. */
	(void)!leasescan_semicolon(&ps->s, "semicolon expected.");
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
	if (leasescan_want(&ps->s) && leaselex_is(&ps->s.lx, "binding"))
		return state_value(ps, ret);
	leasescan_warn(&ps->s, "expecting 'binding'");
	leasescan_skip(&ps->s);
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
	return leasescan_semicolon(&ps->s, "semicolon expected.");
}

static bool
st_bootp(struct leaseparse *ps)
{
	ps->d.flags |= LEASE_F_BOOTP;
	return leasescan_semicolon(&ps->s, "semicolon expected.");
}

static bool
st_abandoned(struct leaseparse *ps)
{
	ps->d.state = LEASE_ABANDONED;
	ps->has_state = true;
	return leasescan_semicolon(&ps->s, "semicolon expected.");
}

static bool
hardware_type(struct leaseparse *ps, uint8_t *ret)
{
	static const struct { const char *name; uint8_t type; } types[] = {
		{ "ethernet", 1 }, { "token-ring", 6 }, { "tokenring", 6 },
		{ "fddi", 8 }, { "infiniband", 32 },
	};
	struct str text = ps->s.lx.tok.text;
	uint32_t n;

	for (size_t k = 0; k < ARRAY_LEN(types); k++) {
		if (leaselex_is(&ps->s.lx, types[k].name)) {
			*ret = types[k].type;
			return true;
		}
	}
	if (ps->s.lx.tok.kind != LEASELEX_WORD ||
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

	if (!leasescan_want(&ps->s) || !hardware_type(ps, &type)) {
		leasescan_warn(&ps->s, "expecting a network hardware type");
		leasescan_skip(&ps->s);
		return false;
	}
	if (!str_eq(leaselex_peek(&ps->s.lx).text, STR(";"))) {
		if (!leasescan_want(&ps->s)) {
			leasescan_warn(&ps->s, "unexpected end of file");
			return false;
		}
		if (!leasescan_hex(&ps->s, &hw) || hw.len > LEASE_HW_MAX) {
			leasescan_skip(&ps->s);
			return false;
		}
	}
	/* Half an address is nobody's. */
	if (!leasescan_semicolon(&ps->s, "expecting semicolon."))
		return false;
	ps->d.hw_type = type;
	ps->d.hw_len = (uint8_t)hw.len;
	if (hw.len != 0)
		memcpy(ps->d.hw, hw.p, hw.len);
	return true;
}

static bool
st_uid(struct leaseparse *ps)
{
	struct str uid;
	bool ok;

	if (!leasescan_want(&ps->s)) {
		leasescan_warn(&ps->s, "unexpected end of file");
		return false;
	}
	if (!leasescan_data(&ps->s, &uid)) {
		leasescan_skip(&ps->s);
		return false;
	}
	ok = leasescan_semicolon(&ps->s, "semicolon expected.");
	if (ok || ps->s.lx.tok.kind == LEASELEX_EOF)
		ps->d.uid = uid;
	return ok;
}

static bool
st_hostname(struct leaseparse *ps)
{
	if (!leasescan_want(&ps->s) || ps->s.lx.tok.kind == LEASELEX_CHAR) {
		leasescan_warn(&ps->s, "expecting string");
		leasescan_skip(&ps->s);
		return false;
	}
	if (ps->s.lx.tok.kind == LEASELEX_WORD)
		ps->d.hostname = ps->s.lx.tok.text;
	else if (!leasescan_string(&ps->s, &ps->d.hostname))
		return false;
	return leasescan_semicolon(&ps->s, "semicolon expected.");
}

/* Names of updates in the DNS of old versions, and their classes. */
static bool
st_old_string(struct leaseparse *ps)
{
	struct str ignored;

	if (!leasescan_want(&ps->s))
		return false;
	if (ps->s.lx.tok.kind == LEASELEX_STRING &&
	    !leasescan_string(&ps->s, &ignored))
		return false;
	return leasescan_semicolon(&ps->s, "semicolon expected.");
}

static bool
st_billing(struct leaseparse *ps)
{
	const struct leaseread_sink *sink = ps->s.r->sink;
	struct str name, value = { NULL, 0 };
	bool is_sub = false;

	if (!leasescan_want(&ps->s))
		return false;
	if (leaselex_is(&ps->s.lx, "class") || leaselex_is(&ps->s.lx, "subclass")) {
		is_sub = leaselex_is(&ps->s.lx, "subclass");
		if (!leasescan_want(&ps->s))
			return false;
	}
	if (ps->s.lx.tok.kind != LEASELEX_STRING || !leasescan_string(&ps->s, &name)) {
		leasescan_warn(&ps->s, "expecting string");
		leasescan_skip(&ps->s);
		return false;
	}
	if (sink->has_class != NULL && !sink->has_class(sink->ctx, name)) {
		leasescan_warn(&ps->s, "unknown class %.*s",
		    STR_ARG(str_sub(name, 0, 128)));
		name.len = 0;
	}
	if (is_sub && (!leasescan_want(&ps->s) || !leasescan_data(&ps->s, &value))) {
		leasescan_skip(&ps->s);
		return false;
	}
	ps->d.class_name = name;
	if (name.len != 0)
		ps->d.class_value = value;
	return leasescan_semicolon(&ps->s, "semicolon expected.");
}

/* The value behind "set NAME =". */
static bool
var_value(struct leaseparse *ps, struct lease_var *v)
{
	v->kind = LEASE_VAR_BOOL;
	if (leaselex_is(&ps->s.lx, "true") || leaselex_is(&ps->s.lx, "false")) {
		v->num = leaselex_is(&ps->s.lx, "true");
		return true;
	}
	if (leaselex_is(&ps->s.lx, "%")) {
		v->kind = LEASE_VAR_NUM;
		return leasescan_want(&ps->s) && num_i64(ps->s.lx.tok.text, INT64_MIN,
		    INT64_MAX, &v->num);
	}
	v->kind = LEASE_VAR_DATA;
	if (ps->s.lx.tok.kind == LEASELEX_CHAR)
		return false;
	return leasescan_data(&ps->s, &v->data);
}

static bool
st_set(struct leaseparse *ps)
{
	struct lease_var v = { .kind = LEASE_VAR_DATA };
	struct wr wr;
	void *p;

	if (!leasescan_want(&ps->s) || ps->s.lx.tok.kind != LEASELEX_WORD) {
		leasescan_warn(&ps->s, "expecting identifier");
		leasescan_skip(&ps->s);
		return false;
	}
	v.name = ps->s.lx.tok.text;
	if (!leasescan_want(&ps->s) || !leaselex_is(&ps->s.lx, "=")) {
		leasescan_warn(&ps->s, "expecting '=' in set statement.");
		leasescan_skip(&ps->s);
		return false;
	}
	if (!leasescan_want(&ps->s) || !var_value(ps, &v)) {
		leasescan_warn(&ps->s, "expecting a constant value.");
		leasescan_skip(&ps->s);
		return false;
	}
	p = arena_alloc(&ps->s.scratch, LEASE_BLOB_MAX, 1);
	if (p == NULL)
		return false;
	wr_init(&wr, p, LEASE_BLOB_MAX);
	lease_var_set(&wr, ps->d.vars, &v);
	if (wr_ok(&wr))
		ps->d.vars = wr_as_str(&wr);
	arena_trim(&ps->s.scratch, p, wr.len);
	return leasescan_semicolon(&ps->s, "semicolon expected.") && wr_ok(&wr);
}

/* The octets of "NAME VALUE;": as they are, or by a format of their own. */
static bool
agent_value(struct leaseparse *ps, const struct opt_def *def, struct str name,
    struct str *ret)
{
	enum { TEXT_MAX = 2048 };
	const struct leaseread_sink *sink = ps->s.r->sink;
	size_t from = ps->s.lx.pos;
	struct wr text, wr;
	uint8_t *p;

	if (def == NULL || def->format[0] == 'X' || def->format[0] == 't')
		return leasescan_want(&ps->s) && leasescan_data(&ps->s, ret);
	while (leasescan_want(&ps->s))
		;
	p = arena_alloc(&ps->s.scratch, TEXT_MAX + UINT8_MAX, 1);
	if (p == NULL)
		return false;
	wr_init(&text, p + UINT8_MAX, TEXT_MAX);
	wr_text(&text, "option agent.");
	wr_str(&text, name);
	wr_bytes(&text, ps->s.lx.p + from, ps->s.lx.tok.at - from);
	wr_text(&text, ";");
	wr_init(&wr, p, UINT8_MAX);
	if (!wr_ok(&text) ||
	    !sink->agent_value(sink->ctx, wr_as_str(&text), &wr) || !wr_ok(&wr))
		return false;
	*ret = wr_as_str(&wr);
	return true;
}

/* "agent.NAME VALUE;": code, length and bytes behind the others. */
static bool
agent_option(struct leaseparse *ps, struct str name)
{
	const struct leaseread_sink *sink = ps->s.r->sink;
	const struct opt_def *def = sink->agent_def == NULL ? NULL :
	    sink->agent_def(sink->ctx, name);
	struct str value;
	uint32_t code;
	uint8_t *p;

	if (def != NULL)
		code = def->code;
	else if (!str_istarts(name, STR("unknown-")) ||
	    !num_u32(str_sub(name, 8, name.len), 0, 255, &code)) {
		leasescan_warn(&ps->s, "no option named %.*s in space agent",
		    STR_ARG(str_sub(name, 0, 64)));
		return false;
	}
	if (!agent_value(ps, def, name, &value) || value.len > UINT8_MAX)
		return false;
	p = arena_alloc(&ps->s.scratch, ps->d.agent.len + 2 + value.len, 1);
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

	if (!leasescan_want(&ps->s))
		return false;
	if (!leaselex_is(&ps->s.lx, "agent")) {
		leasescan_warn(&ps->s, "unknown option %.*s",
		    STR_ARG(str_sub(ps->s.lx.tok.text, 0, 64)));
		leasescan_skip(&ps->s);
		return false;
	}
	if (!leasescan_want(&ps->s) || !leaselex_is(&ps->s.lx, ".") || !leasescan_want(&ps->s)) {
		leasescan_warn(&ps->s, "expecting option name");
		leasescan_skip(&ps->s);
		return false;
	}
	name = ps->s.lx.tok.text;
	if (!agent_option(ps, name)) {
		leasescan_skip(&ps->s);
		return false;
	}
	return leasescan_semicolon(&ps->s, "semicolon expected.");
}

/* The statements of an "on" block: from behind "{" to before its "}". */
static bool
block_text(struct leaseparse *ps, struct str *ret)
{
	size_t from = ps->s.lx.pos;
	unsigned depth = 1;

	for (;;) {
		struct leaselex before = ps->s.lx;

		leaselex_next(&ps->s.lx);
		if (ps->s.lx.tok.kind == LEASELEX_EOF ||
		    leasescan_is_next(&ps->s.lx)) {
			ps->s.lx = before;
			leasescan_warn(&ps->s, "possibly corrupt lease file");
			return false;
		}
		if (leaselex_is(&ps->s.lx, "{"))
			depth++;
		else if (leaselex_is(&ps->s.lx, "}") && --depth == 0)
			break;
	}
	*ret = str_make(ps->s.lx.p + from, ps->s.lx.tok.at - from);
	return true;
}

static bool
st_on(struct leaseparse *ps)
{
	const struct leaseread_sink *sink = ps->s.r->sink;
	bool on_expiry = false, on_release = false;
	struct str text;
	uint32_t id;

	do {
		if (!leasescan_want(&ps->s))
			return false;
		if (leaselex_is(&ps->s.lx, "expiry"))
			on_expiry = true;
		else if (leaselex_is(&ps->s.lx, "release"))
			on_release = true;
		else if (!leaselex_is(&ps->s.lx, "commit")) {
			leasescan_warn(&ps->s, "expecting expiry or release");
			leasescan_skip(&ps->s);
			return false;
		}
	} while (leasescan_want(&ps->s) && leaselex_is(&ps->s.lx, "or"));
	if (!leaselex_is(&ps->s.lx, "{")) {
		leasescan_warn(&ps->s, "left brace expected.");
		leasescan_skip(&ps->s);
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
	uint32_t line = ps->s.lx.tok_line;
	size_t from = ps->s.lx.tok.at;

	for (size_t k = 0; k < ARRAY_LEN(statements); k++) {
		bool is_again = (ps->seen >> k & 1) != 0;

		if (!leaselex_is(&ps->s.lx, statements[k].name))
			continue;
		if (!statements[k].read(ps)) {
			leasescan_note(&ps->s, line, from);
			return;
		}
		ps->seen |= 1u << k;
		if (is_again && statements[k].is_once)
			leasescan_warn(&ps->s,
			    "Too many %s parameters in lease %s\n",
			    statements[k].name, (ip4_fmt(ps->addr, ip), ip));
		return;
	}
	leasescan_warn(&ps->s, "Unexpected configuration directive.");
	leasescan_skip(&ps->s);
	leasescan_warn(&ps->s, "possibly corrupt lease file");
	leasescan_note(&ps->s, line, from);
}

/* "10.10.3.110 {" */
static bool
heading(struct leaseparse *ps)
{
	uint32_t addr = 0, n;

	for (int k = 0; k < 4; k++) {
		if (k != 0 && (!str_eq(leaselex_peek(&ps->s.lx).text, STR(".")) ||
		    (leaselex_next(&ps->s.lx), false))) {
			leaselex_next(&ps->s.lx);
			leasescan_warn(&ps->s, "too few numbers.");
			return false;
		}
		if (!leasescan_want(&ps->s) || !num_u32(ps->s.lx.tok.text, 0, 255, &n)) {
			leasescan_warn(&ps->s,
			    ps->s.lx.tok.kind == LEASELEX_EOF ?
			    "unexpected end of file" :
			    "expecting numeric value.");
			return false;
		}
		addr = addr << 8 | n;
	}
	ps->addr = addr;
	if (leasescan_want(&ps->s) && leaselex_is(&ps->s.lx, "{"))
		return true;
	leasescan_warn(&ps->s, "expecting left brace.");
	return false;
}

static void
body(struct leaseparse *ps)
{
	for (;;) {
		struct leaselex before = ps->s.lx;

		leaselex_next(&ps->s.lx);
		if (leaselex_is(&ps->s.lx, "}"))
			return;
		if (ps->s.is_over && ps->s.lx.tok.kind != LEASELEX_EOF) {
			ps->s.lx = before;
			return;
		}
		if (leaselex_is(&ps->s.lx, ";"))
			continue;
		if (ps->s.lx.tok.kind == LEASELEX_EOF || leasescan_is_next(&ps->s.lx)) {
			bool is_end = ps->s.lx.tok.kind == LEASELEX_EOF;

			leasescan_warn(&ps->s, is_end ? "unexpected end of file" :
			    "possibly corrupt lease file");
			ps->is_tail = is_end;
			if (!is_end)
				ps->s.lx = before;
			leasescan_note(&ps->s, before.tok_line,
			    ps->s.lx.pos);
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
	uint32_t line = ps->s.lx.tok_line;
	size_t from = ps->s.lx.tok.at;
	bool has_client;

	if (!heading(ps)) {
		leasescan_skip(&ps->s);
		leasescan_warn(&ps->s, "possibly corrupt lease file");
		leasescan_note(&ps->s, line, from);
		return;
	}
	body(ps);
	has_client = ps->d.hw_len != 0 || ps->d.uid.len != 0;
	if (ps->is_state_bad && !ps->has_state) {
		ps->s.is_damaged = true;
		if (!has_client) {
			ps->s.r->sink->log(ps->s.r->sink->ctx, 3, STR(
			    "Lease with bogus binding state: 0"));
			return;
		}
		/* Somebody may hold it: then it must not go to another. */
		ps->d.state = LEASE_ACTIVE;
		ps->d.next = LEASE_FREE;
	}
	/* Neither who nor what: an earlier block of the address says more. */
	if (ps->s.is_damaged && !ps->has_state && !has_client)
		return;
	if (ps->is_ends_bad && has_client)
		ps->d.ends = (uint32_t)(ps->s.r->now_s + LEASEREAD_HOLD_S);
	leaseparse_finish(&ps->d, ps->s.r->now_s);
	ps->is_lease = true;
}
