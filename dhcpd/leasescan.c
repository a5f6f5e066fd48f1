/* SPDX-License-Identifier: ISC */
/*
 * leasescan - reading values, complaining and skipping in dhcpd.leases.
 *
 * Between the lexer and the statements.  All skipping is done here, so the
 * rule that nothing may be skipped beyond what begins the next block is in
 * one place.
 */
#include "dhcpd/leasescan.h"

#include <string.h>

#include "common/ip4.h"
#include "common/num.h"
#include "common/when.h"
#include "common/wr.h"

#define MESSAGE_MAX 512
/* Bytes that are no text and may still be one letter gone bad. */
#define ODD_MAX 2

static void
log_line(struct leasescan *sc, int prio, const struct wr *wr)
{
	sc->r->sink->log(sc->r->sink->ctx, prio, wr_as_str(wr));
}

void
leasescan_warn(struct leasescan *sc, const char *fmt, ...)
{
	const struct leaselex *lx = &sc->lx;
	char buf[MESSAGE_MAX];
	size_t caret = lx->caret > LEASELEX_SHOWN_MAX ? 0 : lx->caret;
	struct wr wr;
	va_list ap;

	wr_init(&wr, buf, sizeof(buf));
	wr_str(&wr, str_sub(sc->r->path, 0, 256));
	wr_text(&wr, " line ");
	wr_dec(&wr, lx->tok_line);
	wr_text(&wr, ": ");
	va_start(ap, fmt);
	wr_vfmt(&wr, fmt, ap);
	va_end(ap);
	log_line(sc, 3, &wr);
	wr_init(&wr, buf, sizeof(buf));
	wr_str(&wr, str_sub(str_make(lx->p + lx->tok_line_at,
	    lx->shown - lx->tok_line_at), 0, LEASELEX_SHOWN_MAX));
	log_line(sc, 3, &wr);
	wr_init(&wr, buf, sizeof(buf));
	for (size_t k = 0; k < caret; k++)
		wr_u8(&wr, ' ');
	wr_u8(&wr, '^');
	log_line(sc, 3, &wr);
}

void
leasescan_note(struct leasescan *sc, uint32_t line, size_t from)
{
	const struct leaseread_sink *sink = sc->r->sink;

	sc->is_damaged = true;
	sc->bad_n += sc->lx.pos - from;
	if (sink->skipped != NULL)
		sink->skipped(sink->ctx, line, sc->r->at + from,
		    sc->lx.pos - from);
}

/* ---- where blocks begin ---------------------------------------------------- */

static struct str
next_word(struct str *s)
{
	struct str word;
	size_t n = 0;

	while (s->len != 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
		*s = str_sub(*s, 1, s->len);
	while (n < s->len && s->p[n] != ' ' && s->p[n] != '\t' &&
	    s->p[n] != '\n' && s->p[n] != '{' && s->p[n] != ';')
		n++;
	word = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->len);
	return word;
}

static bool
is_brace_next(struct str s)
{
	s = str_trim(str_sub(s, 0, 64));
	return s.len != 0 && s.p[0] == '{';
}

bool
leasescan_begins(const char *p, size_t len)
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
bool
leasescan_is_next(const struct leaselex *lx)
{
	if (lx->tok.kind != LEASELEX_WORD)
		return false;
	for (size_t k = lx->tok_line_at; k < lx->tok.at; k++)
		if (lx->p[k] != ' ' && lx->p[k] != '\t')
			return false;
	return leasescan_begins(lx->p + lx->tok.at, lx->len - lx->tok.at);
}

/* The tokens that leasescan_skip passes over. */
static void
pass_statement(struct leasescan *sc)
{
	unsigned depth = 0;

	for (;;) {
		struct leaselex before = sc->lx;

		leaselex_next(&sc->lx);
		if (sc->lx.tok.kind == LEASELEX_EOF)
			return;
		if (leasescan_is_next(&sc->lx) ||
		    (leaselex_is(&sc->lx, "}") && depth == 0)) {
			sc->lx = before;
			return;
		}
		if (leaselex_is(&sc->lx, "{"))
			depth++;
		if (leaselex_is(&sc->lx, "}") && --depth == 0)
			return;
		if (leaselex_is(&sc->lx, ";") && depth == 0)
			return;
	}
}

void
leasescan_skip(struct leasescan *sc)
{
	size_t from = sc->lx.tok.at;
	unsigned odd = 0;

	sc->is_damaged = true;
	pass_statement(sc);
	for (size_t k = from; k < sc->lx.pos; k++) {
		char c = sc->lx.p[k];

		odd += (c < ' ' && c != '\t') || c > '~';
		if (c == '\n' || c == '\0' || odd > ODD_MAX)
			sc->is_over = true;
	}
}

/* Read a token that belongs to the present statement; false at its end. */
bool
leasescan_want(struct leasescan *sc)
{
	struct leaselex before = sc->lx;

	leaselex_next(&sc->lx);
	if (sc->lx.tok.kind == LEASELEX_EOF)
		return false;
	if (leaselex_is(&sc->lx, ";") || leaselex_is(&sc->lx, "}") ||
	    leasescan_is_next(&sc->lx)) {
		/* Complaints show the token, which stays to be read. */
		size_t pos = before.pos;
		uint32_t line = before.line;

		sc->lx.pos = pos;
		sc->lx.line = line;
		sc->lx.line_at = before.line_at;
		return false;
	}
	return true;
}

bool
leasescan_semicolon(struct leasescan *sc, const char *complaint)
{
	struct leaselex before = sc->lx;

	leaselex_next(&sc->lx);
	if (leaselex_is(&sc->lx, ";"))
		return true;
	leasescan_warn(sc, "%s", complaint);
	if (leaselex_is(&sc->lx, "}") || leasescan_is_next(&sc->lx))
		sc->lx = before;
	else if (sc->lx.tok.kind != LEASELEX_EOF)
		leasescan_skip(sc);
	sc->is_damaged = true;
	return false;
}

/* ---- values ------------------------------------------------------------------ */

/* Bytes of the string token last read, in scratch. */
bool
leasescan_string(struct leasescan *sc, struct str *ret)
{
	struct str text = sc->lx.tok.text;
	void *p;
	struct wr wr;

	if (sc->lx.tok.is_torn) {
		leasescan_warn(sc, "eof in string constant");
		sc->is_damaged = true;
		sc->is_over = true;
	}
	p = arena_alloc(&sc->scratch, text.len + 1, 1);
	if (p == NULL)
		return false;
	wr_init(&wr, p, text.len + 1);
	leaselex_string(&wr, text);
	*ret = wr_as_str(&wr);
	return true;
}

/* Octets in hexadecimal with colons; the first is the token last read. */
bool
leasescan_hex(struct leasescan *sc, struct str *ret)
{
	size_t at = arena_mark(&sc->scratch);

	for (;;) {
		uint8_t *p = arena_alloc(&sc->scratch, 1, 1);
		uint64_t v;

		if (p == NULL || sc->lx.tok.kind != LEASELEX_WORD ||
		    !num_hex(sc->lx.tok.text, 255, &v)) {
			leasescan_warn(sc, "expecting numeric value.");
			return false;
		}
		*p = (uint8_t)v;
		if (!str_eq(leaselex_peek(&sc->lx).text, STR(":")))
			break;
		leaselex_next(&sc->lx);
		if (!leasescan_want(sc)) {
			leasescan_warn(sc, sc->lx.tok.kind == LEASELEX_EOF ?
			    "unexpected end of file" :
			    "expecting numeric value.");
			return false;
		}
	}
	*ret = str_make(sc->scratch.p + at, arena_mark(&sc->scratch) - at);
	return true;
}

/* A string or octets. */
bool
leasescan_data(struct leasescan *sc, struct str *ret)
{
	if (sc->lx.tok.kind == LEASELEX_STRING)
		return leasescan_string(sc, ret);
	return leasescan_hex(sc, ret);
}

bool
leasescan_date(int year, int mon, int day, int hour, int min, int sec,
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
number(struct leasescan *sc, const char *complaint, uint32_t *ret)
{
	if (leasescan_want(sc) && sc->lx.tok.kind == LEASELEX_WORD &&
	    num_u32(sc->lx.tok.text, 0, 99999, ret))
		return true;
	leasescan_warn(sc, "%s", complaint);
	return false;
}

static bool
separator(struct leasescan *sc, const char *c, const char *complaint)
{
	if (leasescan_want(sc) && leaselex_is(&sc->lx, c))
		return true;
	leasescan_warn(sc, "%s", complaint);
	return false;
}

static bool
calendar_date(struct leasescan *sc, uint32_t *ret)
{
	uint32_t y, mon, d, h, min, s;

	if (!number(sc, "numeric year expected.", &y) ||
	    !separator(sc, "/", "expected slash separating year from month.") ||
	    !number(sc, "numeric month expected.", &mon) ||
	    !separator(sc, "/", "expected slash separating month from day.") ||
	    !number(sc, "numeric day of month expected.", &d) ||
	    !number(sc, "numeric hour expected.", &h) ||
	    !separator(sc, ":",
	    "expected colon separating hour from minute.") ||
	    !number(sc, "numeric minute expected.", &min) ||
	    !separator(sc, ":",
	    "expected colon separating minute from second.") ||
	    !number(sc, "numeric second expected.", &s))
		return false;
	return leasescan_date((int)y, (int)mon, (int)d, (int)h, (int)min,
	    (int)s, ret);
}

bool
leasescan_time(struct leasescan *sc, uint32_t *ret)
{
	uint32_t wday;

	if (str_ieq(leaselex_peek(&sc->lx).text, STR("never"))) {
		leaselex_next(&sc->lx);
		*ret = LEASE_NEVER;
		return true;
	}
	if (str_ieq(leaselex_peek(&sc->lx).text, STR("epoch"))) {
		leaselex_next(&sc->lx);
		if (leasescan_want(sc) && num_u32(sc->lx.tok.text, 0, UINT32_MAX, ret))
			return true;
		leasescan_warn(sc, "Seconds since epoch expected.");
		return false;
	}
	return number(sc, "numeric day of week expected.", &wday) &&
	    calendar_date(sc, ret);
}
