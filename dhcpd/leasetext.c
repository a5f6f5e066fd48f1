/* SPDX-License-Identifier: ISC */
/*
 * leasetext - the text of dhcpd.leases.
 *
 * The lines of a block, their order and their spelling are an interface:
 * dhcp-lease-list, the Foreman, dhcpd-pools and a return to ISC's server
 * depend on them.  This is one of two hot loops of a server with a million
 * leases (the other is its reader), so lines are put together from pieces and
 * nothing goes through printf.
 */
#include "dhcpd/leasetext.h"

#include "common/ip4.h"
#include "common/vis.h"
#include "common/when.h"
#include "dhcpd/optval.h"

void
leasetext_head(struct wr *wr)
{
	wr_str(wr, STR("# The format of this file is documented in the "
	    "dhcpd.leases(5) manual page.\n"
	    "# This lease file was written by isc-dhcp-4.4.3-P1\n"
	    "\n"
	    "# authoring-byte-order entry is generated, DO NOT DELETE\n"
	    "authoring-byte-order little-endian;\n"
	    "\n"));
}

struct str
leasetext_state(enum lease_state state)
{
	static const struct str name[] = {
		[LEASE_FREE] = STR_INIT("free"),
		[LEASE_ACTIVE] = STR_INIT("active"),
		[LEASE_EXPIRED] = STR_INIT("expired"),
		[LEASE_RELEASED] = STR_INIT("released"),
		[LEASE_ABANDONED] = STR_INIT("abandoned"),
		[LEASE_RESET] = STR_INIT("reset"),
		[LEASE_BACKUP] = STR_INIT("backup"),
	};

	ASSERT(state >= LEASE_FREE && state <= LEASE_BACKUP);
	return name[state];
}

static char *
two(char *p, int v)
{
	*p++ = (char)('0' + v / 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

/* "Sun Nov 22 09:19:25 2026" of a time that is local already. */
static void
local_comment(struct wr *wr, int64_t local_s)
{
	static const char wdays[] = "SunMonTueWedThuFriSat";
	static const char mons[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct when_date d;

	when_to_date(local_s, &d);
	wr_fmt(wr, " # %.3s %.3s %02d %02d:%02d:%02d %d", wdays + 3 * d.wday,
	    mons + 3 * (d.mon - 1), d.day, d.hour, d.min, d.sec, d.year);
}

void
leasetext_date(struct wr *wr, uint32_t t, const struct leasetext_style *style)
{
	struct when_date d;
	char text[32], *p = text;

	if (t == LEASE_NEVER) {
		wr_str(wr, STR("never;"));
		return;
	}
	if (style->is_local_time) {
		int64_t offset = style->utc_offset_s == NULL ? 0 :
		    style->utc_offset_s(style->ctx, t);

		wr_str(wr, STR("epoch "));
		wr_dec(wr, t);
		wr_str(wr, STR(";"));
		local_comment(wr, (int64_t)t + offset);
		return;
	}
	when_to_date(t, &d);
	*p++ = (char)('0' + d.wday);
	*p++ = ' ';
	p = two(p, d.year / 100);
	p = two(p, d.year % 100);
	*p++ = '/';
	p = two(p, d.mon);
	*p++ = '/';
	p = two(p, d.day);
	*p++ = ' ';
	p = two(p, d.hour);
	*p++ = ':';
	p = two(p, d.min);
	*p++ = ':';
	p = two(p, d.sec);
	*p++ = ';';
	wr_bytes(wr, text, (size_t)(p - text));
}

/* A line; returns the date in it with the end of the line, or nothing. */
static struct str
time_line(struct wr *wr, struct str name, uint32_t t,
    const struct leasetext_style *style)
{
	size_t at;

	if (t == 0)
		return STR("");
	wr_str(wr, name);
	at = wr->len;
	leasetext_date(wr, t, style);
	wr_str(wr, STR("\n"));
	return str_sub(wr_as_str(wr), at, wr->len - at);
}

/* Six times at most, of which the first and the last are mostly the same. */
static void
time_lines(struct wr *wr, const struct lease_data *d,
    const struct leasetext_style *style)
{
	struct str starts = time_line(wr, STR("  starts "), d->starts, style);

	(void)time_line(wr, STR("  ends "), d->ends, style);
	(void)time_line(wr, STR("  tstp "), d->tstp, style);
	(void)time_line(wr, STR("  tsfp "), d->tsfp, style);
	(void)time_line(wr, STR("  atsfp "), d->atsfp, style);
	if (d->cltt != d->starts || d->cltt == 0) {
		(void)time_line(wr, STR("  cltt "), d->cltt, style);
	} else {
		wr_str(wr, STR("  cltt "));
		wr_str(wr, starts);
	}
}

static const char hex_digits[] = "0123456789abcdef";

/* As wr_hex without leading zeroes: agent options. */
static void
short_hex(struct wr *wr, struct str s)
{
	for (size_t k = 0; k < s.len; k++) {
		uint8_t b = (uint8_t)s.p[k];

		if (k != 0)
			wr_u8(wr, ':');
		if (b >= 16)
			wr_u8(wr, (uint8_t)hex_digits[b >> 4]);
		wr_u8(wr, (uint8_t)hex_digits[b & 15]);
	}
}

static bool
is_printable(struct str s)
{
	for (size_t k = 0; k < s.len; k++)
		if (s.p[k] < ' ' || s.p[k] > '~')
			return false;
	return true;
}

/* Printable, and without what a quoted string would have to escape. */
static bool
is_plain(struct str s)
{
	return is_printable(s) && str_chr(s, '"') == STR_NONE &&
	    str_chr(s, '\\') == STR_NONE;
}

static void
quoted(struct wr *wr, struct str s)
{
	wr_u8(wr, '"');
	vis_octal(wr, s.p, s.len);
	wr_u8(wr, '"');
}

/*
 * An agent option as ISC prints it: what a shell might act on is escaped.
 * ISC also drops a NUL at the end; that is written in hexadecimal here, so
 * that nothing is lost.
 */
static void
agent_value(struct wr *wr, const struct opt_def *def, struct str s)
{
	if (def != NULL && def->format[0] != 'X' && def->format[0] != 't') {
		optval_print(wr, def, s, false);
		return;
	}
	if (!is_printable(s)) {
		short_hex(wr, s);
		return;
	}
	wr_u8(wr, '"');
	for (size_t k = 0; k < s.len; k++) {
		if (str_chr(STR("\"'$`\\|&"), s.p[k]) != STR_NONE)
			wr_u8(wr, '\\');
		wr_u8(wr, (uint8_t)s.p[k]);
	}
	wr_u8(wr, '"');
}

static void
hardware_line(struct wr *wr, const struct lease_data *d)
{
	/* ISC prints it when hlen with the type octet is above zero, so an
	 * infiniband client without an address has a line too. */
	if (d->hw_len == 0 && d->hw_type == 0)
		return;
	wr_str(wr, STR("  hardware "));
	switch (d->hw_type) {
	case 1:
		wr_str(wr, STR("ethernet"));
		break;
	case 6:
		wr_str(wr, STR("token-ring"));
		break;
	case 8:
		wr_str(wr, STR("fddi"));
		break;
	case 32:
		wr_str(wr, STR("infiniband"));
		break;
	default:
		wr_str(wr, STR("unknown-"));
		wr_dec(wr, d->hw_type);
	}
	wr_u8(wr, ' ');
	wr_hex(wr, d->hw, d->hw_len);
	wr_str(wr, STR(";\n"));
}

static void
billing_line(struct wr *wr, const struct lease_data *d)
{
	if (d->class_name.len == 0)
		return;
	if (d->class_value.p == NULL) {
		wr_str(wr, STR("  billing class "));
		quoted(wr, d->class_name);
	} else {
		wr_str(wr, STR("  billing subclass "));
		quoted(wr, d->class_name);
		wr_u8(wr, ' ');
		/* ISC escapes nothing here and cannot read that back. */
		if (is_plain(d->class_value) && d->class_value.len != 0)
			quoted(wr, d->class_value);
		else
			wr_hex(wr, d->class_value.p, d->class_value.len);
	}
	wr_str(wr, STR(";\n"));
}

static void
var_lines(struct wr *wr, struct str vars)
{
	struct lease_var v;

	while (lease_var_next(&vars, &v)) {
		wr_str(wr, STR("  set "));
		wr_str(wr, v.name);
		wr_str(wr, STR(" = "));
		switch (v.kind) {
		case LEASE_VAR_DATA:
			quoted(wr, v.data);
			break;
		case LEASE_VAR_NUM:
			wr_fmt(wr, "%%%lld", (long long)v.num);
			break;
		case LEASE_VAR_BOOL:
			wr_text(wr, v.num != 0 ? "true" : "false");
			break;
		}
		wr_str(wr, STR(";\n"));
	}
}

static void
agent_lines(struct wr *wr, struct str agent,
    const struct leasetext_style *style)
{
	while (agent.len >= 2) {
		uint8_t code = (uint8_t)agent.p[0];
		size_t len = (uint8_t)agent.p[1];
		struct str value = str_sub(agent, 2, len);
		const struct opt_def *def = style->agent_def == NULL ? NULL :
		    style->agent_def(style->ctx, code);

		if (value.len != len)
			break;
		agent = str_sub(agent, 2 + len, agent.len);
		/* ISC does not write an empty one either. */
		if (len == 0)
			continue;
		wr_str(wr, STR("  option agent."));
		if (def != NULL) {
			wr_str(wr, def->name);
		} else {
			wr_str(wr, STR("unknown-"));
			wr_dec(wr, code);
		}
		wr_u8(wr, ' ');
		agent_value(wr, def, value);
		wr_str(wr, STR(";\n"));
	}
}

static void
event_block(struct wr *wr, const struct lease_table *texts, const char *event,
    uint32_t id)
{
	if (id == 0)
		return;
	wr_str(wr, STR("  on "));
	wr_text(wr, event);
	wr_str(wr, STR(" {"));
	wr_str(wr, lease_text(texts, id));
	wr_str(wr, STR("\n  }\n"));
}

static void
state_lines(struct wr *wr, const struct lease_data *d)
{
	wr_str(wr, STR("  binding state "));
	wr_str(wr, leasetext_state((enum lease_state)d->state));
	wr_str(wr, STR(";\n"));
	if (d->next != d->state) {
		wr_str(wr, STR("  next binding state "));
		wr_str(wr, leasetext_state((enum lease_state)d->next));
		wr_str(wr, STR(";\n"));
	}
	if (d->rewind != d->state) {
		wr_str(wr, STR("  rewind binding state "));
		wr_str(wr, leasetext_state((enum lease_state)d->rewind));
		wr_str(wr, STR(";\n"));
	}
	if ((d->flags & LEASE_F_RESERVED) != 0)
		wr_str(wr, STR("  reserved;\n"));
	if ((d->flags & LEASE_F_BOOTP) != 0)
		wr_str(wr, STR("  dynamic-bootp;\n"));
}

void
leasetext_lease(struct wr *wr, const struct lease_table *texts, uint32_t addr,
    const struct lease_data *d, const struct leasetext_style *style,
    int64_t now_s)
{
	char ip[IP4_TEXT_SIZE];

	wr_str(wr, STR("lease "));
	wr_str(wr, ip4_fmt(addr, ip));
	wr_str(wr, STR(" {\n"));
	time_lines(wr, d, style);
	state_lines(wr, d);
	if (d->ends > now_s)
		billing_line(wr, d);
	hardware_line(wr, d);
	if (d->uid.len != 0) {
		wr_str(wr, STR("  uid "));
		if (style->is_uid_hex)
			wr_hex(wr, d->uid.p, d->uid.len);
		else
			quoted(wr, d->uid);
		wr_str(wr, STR(";\n"));
	}
	var_lines(wr, d->vars);
	agent_lines(wr, d->agent, style);
	if (d->hostname.len != 0 && is_plain(d->hostname)) {
		wr_str(wr, STR("  client-hostname "));
		quoted(wr, d->hostname);
		wr_str(wr, STR(";\n"));
	}
	if ((d->flags & LEASE_F_ON_BOTH) != 0) {
		event_block(wr, texts, "expiry or release", d->on_expiry);
	} else {
		event_block(wr, texts, "expiry", d->on_expiry);
		event_block(wr, texts, "release", d->on_release);
	}
	wr_str(wr, STR("}\n"));
}

void
leasetext_host(struct wr *wr, struct str text)
{
	while (text.len != 0) {
		struct str line = str_cut(text, '\n', &text);
		bool is_list = str_starts(str_trim(line),
		    STR("fixed-address"));

		while (is_list && line.len != 0) {
			size_t n = str_find(line, STR(", "));

			if (n == STR_NONE)
				break;
			wr_str(wr, str_sub(line, 0, n + 1));
			line = str_sub(line, n + 2, line.len);
		}
		wr_str(wr, line);
		wr_u8(wr, '\n');
	}
}
