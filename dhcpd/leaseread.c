/* SPDX-License-Identifier: ISC */
/*
 * leaseread - the text of dhcpd.leases, read.
 *
 * fast_block() knows the lines that ISC's server and ours write, in any
 * order, and nothing else: it either understands a block entirely or says no
 * without having done anything, and then leaseparse reads it with care.  What
 * is no statement at all is skipped to where the next one begins at the start
 * of a line, so that text inside a string, which a client may have chosen,
 * never becomes a lease.
 */
#include "dhcpd/leaseread.h"

#include <string.h>

#include "common/ip4.h"
#include "common/num.h"
#include "common/wr.h"
#include "dhcpd/leaseparse.h"

void
leaseread_init(struct leaseread *r, const struct leaseread_sink *sink,
    struct str path, int64_t now_s)
{
	memset(r, 0, sizeof(*r));
	r->sink = sink;
	r->path = path;
	r->line = 1;
	r->now_s = now_s;
}

/* ---- the fast path ------------------------------------------------------------ */

/* A regular block on its way; p moves, end is the end of the buffer. */
struct fast {
	const char *p, *end;
	struct wr scratch;
	struct leaseread *r;
	uint32_t lines;
};

/* Bytes that a fast line may look at without asking; strings ask. */
#define FAST_AHEAD 64

static bool
eat(struct fast *f, const char *lit, size_t n)
{
	if (memcmp(f->p, lit, n) != 0)
		return false;
	f->p += n;
	return true;
}
#define EAT(f, lit) eat((f), "" lit, sizeof(lit) - 1)

static inline unsigned
dig(char c)
{
	return (unsigned)(unsigned char)c - '0';
}

/* "0 2026/11/22", the day at f->p; most are the day of the one before. */
static bool
fast_day(struct fast *f, uint32_t *ret)
{
	static const char form[] = "0 0000/00/00";
	const char *p = f->p;
	unsigned bad = 0, slot = p[11] & 1;

	if (memcmp(p, f->r->day[slot].text, sizeof(form) - 1) == 0) {
		*ret = f->r->day[slot].start_s;
		return true;
	}
	for (size_t k = 0; k < sizeof(form) - 1; k++)
		bad |= form[k] == '0' ? dig(p[k]) > 9 : p[k] != form[k];
	if (bad != 0 || !leasescan_date(
	    (int)(dig(p[2]) * 1000 + dig(p[3]) * 100 + dig(p[4]) * 10 +
	    dig(p[5])), (int)(dig(p[7]) * 10 + dig(p[8])),
	    (int)(dig(p[10]) * 10 + dig(p[11])), 0, 0, 0, ret))
		return false;
	memcpy(f->r->day[slot].text, p, sizeof(form) - 1);
	f->r->day[slot].start_s = *ret;
	return true;
}

/* "0 2026/11/22 09:19:25;\n" */
static bool
fast_date(struct fast *f, uint32_t *ret)
{
	const char *p = f->p + 12;
	unsigned h, m, s;
	uint32_t day;

	if (EAT(f, "never;\n")) {
		*ret = LEASE_NEVER;
		return true;
	}
	if (!fast_day(f, &day) || p[0] != ' ' || p[3] != ':' || p[6] != ':' ||
	    p[9] != ';' || p[10] != '\n')
		return false;
	h = dig(p[1]) * 10 + dig(p[2]);
	m = dig(p[4]) * 10 + dig(p[5]);
	s = dig(p[7]) * 10 + dig(p[8]);
	if (dig(p[1]) > 9 || dig(p[2]) > 9 || dig(p[4]) > 9 || dig(p[5]) > 9 ||
	    dig(p[7]) > 9 || dig(p[8]) > 9 || h > 23 || m > 59 || s > 59 ||
	    day > UINT32_MAX - 86400)
		return false;
	*ret = day + h * 3600 + m * 60 + s;
	f->p += 23;
	return true;
}

static bool
fast_state(struct fast *f, uint8_t *ret)
{
	if (EAT(f, "active;\n"))
		*ret = LEASE_ACTIVE;
	else if (EAT(f, "free;\n"))
		*ret = LEASE_FREE;
	else if (EAT(f, "abandoned;\n"))
		*ret = LEASE_ABANDONED;
	else
		return false;
	return true;
}

/* "ethernet 02:00:00:00:bb:01;\n" */
static bool
fast_hardware(struct fast *f, struct lease_data *d)
{
	int bad = 0;

	if (!EAT(f, "ethernet "))
		return false;
	for (int k = 0; k < 6; k++) {
		int hi = num_hexval(f->p[3 * k]);
		int lo = num_hexval(f->p[3 * k + 1]);

		bad |= hi | lo;
		if (f->p[3 * k + 2] != (k < 5 ? ':' : ';'))
			return false;
		d->hw[k] = (uint8_t)((unsigned)hi << 4 | (unsigned)lo);
	}
	if (bad < 0 || f->p[18] != '\n')
		return false;
	f->p += 19;
	d->hw_type = 1;
	d->hw_len = 6;
	return true;
}

/* From behind a quote to behind the `";\n` that ends it. */
static bool
fast_string(struct fast *f, struct str *ret)
{
	const char *from = f->p, *p = from;
	bool is_escaped = false;

	while (p < f->end && *p != '"' && *p != '\n') {
		if (*p == '\\') {
			is_escaped = true;
			p++;
		}
		p++;
	}
	if (f->end - p < 3 || memcmp(p, "\";\n", 3) != 0)
		return false;
	f->p = p + 3;
	*ret = str_make(from, (size_t)(p - from));
	if (is_escaped) {
		size_t at = f->scratch.len;

		leaselex_string(&f->scratch, *ret);
		if (!wr_ok(&f->scratch))
			return false;
		*ret = str_make(f->scratch.p + at, f->scratch.len - at);
	}
	return true;
}

/* One line of the body, behind its two blanks. */
static bool
fast_line(struct fast *f, struct lease_data *d)
{
	switch (f->p[0]) {
	case 's':
		return EAT(f, "starts ") && d->starts == 0 &&
		    fast_date(f, &d->starts);
	case 'e':
		return EAT(f, "ends ") && d->ends == 0 &&
		    fast_date(f, &d->ends);
	case 't':
		return EAT(f, "tstp ") && d->tstp == 0 &&
		    fast_date(f, &d->tstp);
	case 'c':
		if (EAT(f, "cltt "))
			return d->cltt == 0 && fast_date(f, &d->cltt);
		return EAT(f, "client-hostname \"") && d->hostname.len == 0 &&
		    fast_string(f, &d->hostname);
	case 'b':
		return EAT(f, "binding state ") && fast_state(f, &d->state);
	case 'n':
		return EAT(f, "next binding state ") &&
		    fast_state(f, &d->next);
	case 'r':
		return EAT(f, "rewind binding state ") &&
		    fast_state(f, &d->rewind);
	case 'h':
		return EAT(f, "hardware ") && d->hw_len == 0 &&
		    fast_hardware(f, d);
	case 'u':
		return EAT(f, "uid \"") && d->uid.len == 0 &&
		    fast_string(f, &d->uid);
	default:
		return false;
	}
}

/* "10.10.3.110 {\n" */
static bool
fast_address(struct fast *f, uint32_t *ret)
{
	uint32_t addr = 0;

	for (int k = 0; k < 4; k++) {
		unsigned v = 0, n = 0;

		while (n < 3 && dig(*f->p) <= 9) {
			v = v * 10 + dig(*f->p++);
			n++;
		}
		if (n == 0 || v > 255 || *f->p++ != (k < 3 ? '.' : ' '))
			return false;
		addr = addr << 8 | v;
	}
	*ret = addr;
	return EAT(f, "{\n");
}

/*
 * A whole regular block at p, or nothing.  Returns its length, 0: no.
 */
static size_t
fast_block(struct leaseread *r, const char *p, size_t len, uint32_t *ret_addr,
    struct lease_data *d, uint32_t *ret_lines)
{
	struct fast f = { .p = p, .end = p + len, .r = r, .lines = 1 };

	if (len < 2 * FAST_AHEAD || !EAT(&f, "lease ") ||
	    !fast_address(&f, ret_addr))
		return 0;
	wr_init(&f.scratch, r->scratch, sizeof(r->scratch));
	memset(d, 0, sizeof(*d));
	for (;;) {
		if (f.end - f.p < FAST_AHEAD)
			return 0;
		f.lines++;
		if (f.p[0] == '}')
			break;
		if (f.p[0] != ' ' || f.p[1] != ' ')
			return 0;
		f.p += 2;
		if (!fast_line(&f, d))
			return 0;
	}
	if (f.p[1] != '\n')
		return 0;
	*ret_lines = f.lines;
	leaseparse_finish(d, r->now_s);
	return (size_t)(f.p + 2 - p);
}

/* ---- everything else ----------------------------------------------------------- */

static uint32_t
count_lines(const char *p, size_t len)
{
	uint32_t n = 0;

	for (const char *end = p + len; (p = memchr(p, '\n',
	    (size_t)(end - p))) != NULL; p++)
		n++;
	return n;
}

/*
 * Where the next statement begins at or behind `at': at the start of a line,
 * or inside a line that from its start to there is text outside of strings.
 */
static size_t
resync(const char *p, size_t len, size_t at)
{
	bool is_text = at == 0 || p[at - 1] == '\n', is_string = false;

	for (; at < len; at++) {
		char c = p[at];

		if (c == '\n') {
			is_text = true;
			is_string = false;
		} else if (c == '"') {
			is_string = !is_string;
		} else if ((c < ' ' || c > '~') && c != '\t') {
			is_text = false;
		} else if (is_text && !is_string && c >= 'a' && c <= 's' &&
		    (at == 0 || str_chr(STR(" \t\n};{"), p[at - 1]) !=
		    STR_NONE) && leasescan_begins(p + at, len - at)) {
			return at;
		}
		if (c == '\\' && is_string && at + 1 < len && p[at + 1] != '\n')
			at++;
	}
	return len;
}

static enum leaseread_kind
kind_of(const struct leaselex *lx)
{
	static const struct { const char *name; enum leaseread_kind kind; }
	    kinds[] = {
		{ "class", LEASEREAD_CLASS }, { "subclass", LEASEREAD_CLASS },
		{ "group", LEASEREAD_GROUP }, { "host", LEASEREAD_HOST },
		{ "server-duid", LEASEREAD_DUID },
		{ "failover", LEASEREAD_FAILOVER },
		{ "ia-na", LEASEREAD_IA }, { "ia-ta", LEASEREAD_IA },
		{ "ia-pd", LEASEREAD_IA },
	};

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		if (leaselex_is(lx, kinds[k].name))
			return kinds[k].kind;
	return LEASEREAD_KIND_N;
}

/*
 * Read on to the brace or semicolon that ends a statement; false: torn.
 * No statement holds a lease: where one begins, the end is missing.
 */
static bool
to_end(struct leaselex *lx)
{
	unsigned depth = 0;

	for (;;) {
		leaselex_next(lx);
		if (lx->tok.kind == LEASELEX_EOF || lx->tok.is_torn ||
		    (leaselex_is(lx, "lease") && leasescan_is_next(lx)))
			return false;
		if (leaselex_is(lx, "{"))
			depth++;
		else if (leaselex_is(lx, "}")) {
			if (depth <= 1)
				return depth == 1;
			depth--;
		} else if (leaselex_is(lx, ";") && depth == 0)
			return true;
	}
}

/* "authoring-byte-order little-endian;" */
static void
byte_order(struct leaseread *r, struct leaselex *lx)
{
	leaselex_next(lx);
	if (leaselex_is(lx, "big-endian"))
		r->sink->log(r->sink->ctx, 3, STR("WARNING: Lease file "
		    "authored using different byte order, will attempt to "
		    "convert"));
	if (!leaselex_is(lx, ";") && lx->tok.kind != LEASELEX_EOF &&
	    str_eq(leaselex_peek(lx).text, STR(";")))
		leaselex_next(lx);
}

/* What ISC says about statements that it then forgets; they are kept. */
static void
complain(struct leaseread *r, struct leasescan *sc, enum leaseread_kind kind)
{
	struct leaselex before = sc->lx;

	if (kind == LEASEREAD_IA) {
		bool is_ta = leaselex_is(&sc->lx, "ia-ta");

		leasescan_warn(sc, "IA_%s is only supported in DHCPv6 mode.",
		    is_ta ? "TA" : leaselex_is(&sc->lx, "ia-pd") ? "PD" :
		    "NA");
	}
	if (kind == LEASEREAD_FAILOVER) {
		struct str name;

		leaselex_next(&sc->lx);
		name = leaselex_next(&sc->lx)->text;
		if (r->sink->has_peer == NULL ||
		    !r->sink->has_peer(r->sink->ctx, name))
			leasescan_warn(sc, "unknown failover peer: %.*s",
			    STR_ARG(str_sub(name, 0, 128)));
	}
	sc->lx = before;
}

/* A statement that is not a lease, whose keyword was just read. */
static void
other_statement(struct leaseread *r, struct leasescan *sc,
    enum leaseread_kind kind)
{
	size_t from = sc->lx.tok.at;
	uint32_t line = sc->lx.tok_line;
	struct leaselex start = sc->lx;

	complain(r, sc, kind);
	if (to_end(&sc->lx)) {
		r->sink->other(r->sink->ctx, kind, str_make(sc->lx.p + from,
		    sc->lx.pos - from), line);
		return;
	}
	leasescan_warn(sc, "unexpected end of file");
	sc->lx = start;
	sc->lx.pos = resync(start.p, start.len, start.pos);
	leasescan_note(sc, line, from);
}

static void
lease_statement(struct leaseread *r, struct leaseparse *ps)
{
	leaseparse_lease(ps);
	if (!ps->is_lease)
		return;
	if (r->sink->lease(r->sink->ctx, ps->addr, &ps->d,
	    ps->is_tail ? LEASEREAD_TAIL : ps->s.is_damaged ?
	    LEASEREAD_DAMAGED : LEASEREAD_WHOLE))
		r->leases_n++;
	else
		r->is_stopped = true;
}

/* One top-level statement with care; returns how far it went, 0: the end. */
static size_t
careful(struct leaseread *r, const char *p, size_t len)
{
	struct leaseparse ps;
	enum leaseread_kind kind;

	memset(&ps, 0, sizeof(ps));
	ps.s.r = r;
	arena_init(&ps.s.scratch, r->scratch, sizeof(r->scratch));
	leaselex_init(&ps.s.lx, p, len, r->line);
	leaselex_next(&ps.s.lx);
	kind = kind_of(&ps.s.lx);
	if (ps.s.lx.tok.kind == LEASELEX_EOF) {
		return len;
	} else if (leaselex_is(&ps.s.lx, "lease")) {
		lease_statement(r, &ps);
	} else if (leaselex_is(&ps.s.lx, "authoring-byte-order")) {
		byte_order(r, &ps.s.lx);
	} else if (kind != LEASEREAD_KIND_N) {
		other_statement(r, &ps.s, kind);
	} else if (!leaselex_is(&ps.s.lx, ";")) {
		size_t from = ps.s.lx.tok.at;

		r->sink->log(r->sink->ctx, 3,
		    STR("Corrupt lease file - possible data loss!"));
		ps.s.lx.pos = resync(p, len, from + 1);
		leasescan_note(&ps.s, ps.s.lx.tok_line, from);
	}
	r->skipped_n += ps.s.bad_n;
	return ps.s.lx.pos;
}

size_t
leaseread_feed(struct leaseread *r, const char *p, size_t len, bool is_last)
{
	size_t at = 0;

	while (at < len && !r->is_stopped) {
		struct lease_data d;
		uint32_t addr, lines;
		size_t n;

		if (p[at] == '\n') {
			r->line++;
			r->at++;
			at++;
			continue;
		}
		n = r->is_careful ? 0 :
		    fast_block(r, p + at, len - at, &addr, &d, &lines);

		if (n != 0) {
			if (r->sink->lease(r->sink->ctx, addr, &d,
			    LEASEREAD_WHOLE))
				r->leases_n++;
			else
				r->is_stopped = true;
			r->line += lines;
		} else {
			if (len - at < LEASEREAD_AHEAD && !is_last)
				break;
			n = careful(r, p + at, len - at);
			r->line += count_lines(p + at, n);
		}
		r->at += n;
		at += n;
	}
	return at;
}
