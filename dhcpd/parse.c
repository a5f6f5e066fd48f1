/* SPDX-License-Identifier: ISC */
/*
 * parse - composite words: what stands between the scanner and the grammar.
 *
 * Which token is taken before a message is given, and what is skipped after
 * it, follows the peer case by case, because both show in its output.
 */
#include "dhcpd/parse.h"

#include <limits.h>
#include <string.h>

#include "common/num.h"
#include "common/when.h"
#include "common/wr.h"

void
parse_skip(struct parse *p, unsigned braces)
{
	for (;;) {
		int token = lex_peek(p->lex, NULL);

		(void)lex_next(p->lex, NULL);
		if (token == LEX_EOF)
			return;
		if (token == '{') {
			braces++;
		} else if (token == '}') {
			if (braces <= 1)
				return;
			braces--;
		} else if (token == ';' && !braces) {
			return;
		}
	}
}

bool
parse_semi(struct parse *p)
{
	if (lex_next(p->lex, NULL) == ';')
		return true;
	lex_error(p->lex, "semicolon expected.");
	parse_skip(p, 0);
	return false;
}

bool
parse_enter(struct parse *p)
{
	if (p->depth < CONF_DEPTH_MAX) {
		p->depth++;
		return true;
	}
	lex_error(p->lex, "nested more than %d deep", CONF_DEPTH_MAX);
	lex_fatal(p->lex, "Configuration file errors encountered -- exiting");
	return false;
}

void
parse_leave(struct parse *p)
{
	ASSERT(p->depth > 0);
	p->depth--;
}

void *
parse_alloc(struct parse *p, size_t n, size_t size)
{
	void *mem = arena_zalloc(p->arena, n, size, _Alignof(uint64_t));

	if (!mem)
		lex_fatal(p->lex, "Memory overflow.");
	return mem;
}

struct str
parse_keep(struct parse *p, struct str s)
{
	struct str ret = { "", 0 };

	if (s.len && !arena_str(p->arena, s, &ret))
		lex_fatal(p->lex, "Memory overflow.");
	return ret;
}

struct conf_place
parse_place(const struct parse *p, struct str text)
{
	return (struct conf_place){ p->lex->file, p->lex->at.line, lex_column(p->lex, text) };
}

bool
parse_string(struct parse *p, struct str *ret)
{
	if (lex_next(p->lex, ret) == LEX_STRING)
		return true;
	lex_error(p->lex, "expecting string.");
	parse_skip(p, 0);
	return false;
}

int64_t
parse_atoi(struct str s)
{
	int64_t v = 0;
	bool is_negative = s.len > 0 && s.p[0] == '-';

	for (size_t i = is_negative; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		if (v < INT_MAX)
			v = v * 10 + (s.p[i] - '0');
	return is_negative ? -v : v;
}

/* The digits of a number modulo 2^32; a bad digit is reported and ends them. */
static uint32_t
digits_value(struct parse *p, struct str word, struct str digits, unsigned base)
{
	uint32_t value = 0;

	if (!digits.len)
		lex_error(p->lex, "Bogus number: %.*s.", STR_ARG(word));
	for (size_t i = 0; i < digits.len; i++) {
		char c = str_lower(digits.p[i]);
		unsigned digit;

		if (c >= 'a' && c <= 'z') {
			digit = (unsigned)(c - 'a') + 10;
		} else if (c >= '0' && c <= '9') {
			digit = (unsigned)(c - '0');
		} else {
			lex_error(p->lex, "Bogus number: %.*s.", STR_ARG(word));
			break;
		}
		if (digit >= base) {
			lex_error(p->lex, "Bogus number %.*s: digit %u not in base %u",
			    STR_ARG(word), digit, base);
			break;
		}
		value = value * base + digit;
	}
	return value;
}

/* The value in the base it was written in; the limit as the peer shows it. */
static void
too_big(struct parse *p, uint32_t value, unsigned base, bool is_negative, uint32_t max)
{
	char text[16];
	struct wr w;

	wr_init(&w, text, sizeof(text));
	if (base == 8)
		wr_fmt(&w, "%o", value);
	else if (base == 16)
		wr_fmt(&w, "%x", value);
	else
		wr_fmt(&w, "%u", value);
	lex_error(p->lex, "%s%.*s exceeds max (%d) for precision.", is_negative ? "-" : "",
	    STR_ARG(wr_as_str(&w)), (int)max);
}

uint32_t
parse_number(struct parse *p, struct str s, unsigned base, unsigned bits)
{
	struct str digits = s;
	bool is_negative = s.len > 0 && s.p[0] == '-';
	uint32_t value, max;

	if (is_negative)
		digits = str_sub(digits, 1, STR_NONE);
	if (!base) {
		base = 10;
		if (str_starts(digits, STR("0x"))) {
			base = 16;
			digits = str_sub(digits, 2, STR_NONE);
		} else if (digits.len > 1 && digits.p[0] == '0' &&
		    digits.p[1] >= '0' && digits.p[1] <= '9') {
			base = 8;
			digits = str_sub(digits, 1, STR_NONE);
		}
	}
	value = digits_value(p, s, digits, base);
	max = is_negative ? 1U << (bits - 1) : bits == 32 ? UINT32_MAX : (1U << bits) - 1;
	if (value > max)
		too_big(p, value, base, is_negative, max);
	return is_negative ? 0U - value : value;
}

bool
parse_host_name(struct parse *p, struct str *ret)
{
	uint8_t buf[PARSE_NAME_MAX];
	struct wr w;
	struct str s;
	int token;

	wr_init(&w, buf, sizeof(buf));
	do {
		token = lex_peek(p->lex, &s);
		if (!lex_is_word(token) && token != LEX_NUMBER)
			break;
		(void)lex_next(p->lex, &s);
		wr_str(&w, s);
		token = lex_peek(p->lex, NULL);
		if (token == '.') {
			(void)lex_next(p->lex, NULL);
			wr_u8(&w, '.');
		}
	} while (token == '.');
	if (!wr_ok(&w)) {
		lex_error(p->lex, "name longer than %d characters", PARSE_NAME_MAX);
		return false;
	}
	if (!w.len)
		return false;
	*ret = parse_keep(p, wr_as_str(&w));
	return true;
}

/* A separator of a list of exactly n numbers, before number i. */
static bool
take_separator(struct parse *p, int separator)
{
	int token = lex_peek(p->lex, NULL);

	if (token == separator) {
		(void)lex_next(p->lex, NULL);
		return true;
	}
	if (token != '{' && token != '}')
		token = lex_next(p->lex, NULL);
	lex_error(p->lex, "too few numbers.");
	if (token != ';')
		parse_skip(p, 0);
	return false;
}

/* One number of a dotted or colon list. */
static bool
take_octet(struct parse *p, unsigned base, uint8_t *ret)
{
	struct str s;
	int token = lex_next(p->lex, &s);

	p->is_cut = token == LEX_EOF;
	if (p->is_cut) {
		lex_error(p->lex, "unexpected end of file");
		return false;
	}
	if (token != LEX_NUMBER && !(base == 16 && token == LEX_NUMBER_OR_NAME)) {
		lex_error(p->lex, "expecting numeric value.");
		parse_skip(p, 0);
		return false;
	}
	*ret = (uint8_t)parse_number(p, s, base, 8);
	return true;
}

bool
parse_ip4(struct parse *p, uint32_t *ret)
{
	uint32_t addr = 0;

	for (int i = 0; i < 4; i++) {
		uint8_t octet;

		if (i && !take_separator(p, '.'))
			return false;
		if (!take_octet(p, 10, &octet)) {
			/* at the end of the file the peer goes on with what it has */
			if (lex_peek(p->lex, NULL) != LEX_EOF || !p->is_cut)
				return false;
			addr = i ? addr << 8 * (4 - i) : 0;
			break;
		}
		addr = addr << 8 | octet;
	}
	*ret = addr;
	return true;
}

/* Do a number, a dot and a number come next? */
static bool
is_dotted(struct parse *p)
{
	struct lex saved = *p->lex;
	bool dotted = lex_next(p->lex, NULL) == LEX_NUMBER &&
	    lex_next(p->lex, NULL) == '.' && lex_next(p->lex, NULL) == LEX_NUMBER;

	*p->lex = saved;
	return dotted;
}

bool
parse_addr(struct parse *p, struct conf_addr *ret)
{
	struct str s;
	int token = lex_peek(p->lex, &s);

	memset(ret, 0, sizeof(*ret));
	if (token == LEX_NUMBER && is_dotted(p))
		return parse_ip4(p, &ret->addr);
	if (lex_is_word(token) || token == LEX_NUMBER)
		return parse_host_name(p, &ret->name);
	if (token != '{' && token != '}')
		token = lex_next(p->lex, &s);
	lex_error(p->lex, "%.*s (%d): expecting IP address or hostname", STR_ARG(s), token);
	if (token != ';')
		parse_skip(p, 0);
	return false;
}

/* The list of n elements with room for one more; it doubles.  NULL ends the
 * load. */
static void *
grown(struct parse *p, void *list, size_t n, size_t size)
{
	void *more;

	if ((n & (n - 1)) != 0)
		return list;
	more = parse_alloc(p, n ? 2 * n : 1, size);
	if (more && n)
		memcpy(more, list, n * size);
	return more;
}

bool
parse_addr_list(struct parse *p, const struct conf_addr **ret, uint16_t *ret_n)
{
	struct conf_addr *list = NULL, addr;
	size_t n = 0;

	for (;;) {
		if (n == PARSE_LIST_MAX) {
			lex_error(p->lex, "more than %d addresses", PARSE_LIST_MAX);
			parse_skip(p, 0);
			return false;
		}
		if (!parse_addr(p, &addr))
			return false;
		list = grown(p, list, n, sizeof(*list));
		if (!list)
			return false;
		list[n++] = addr;
		if (lex_peek(p->lex, NULL) != ',')
			break;
		(void)lex_next(p->lex, NULL);
	}
	*ret = list;
	*ret_n = (uint16_t)n;
	return true;
}

/* One group of hexadecimal digits at *i. */
static bool
ip6_group(struct str s, size_t *i, uint16_t *ret)
{
	uint32_t v = 0;
	size_t start = *i;

	while (*i < s.len && num_hexval(s.p[*i]) >= 0 && *i - start < 5)
		v = v * 16 + (uint32_t)num_hexval(s.p[(*i)++]);
	*ret = (uint16_t)v;
	return *i - start >= 1 && *i - start <= 4;
}

static bool
ip6_tail_ip4(struct str s, uint16_t *ret)
{
	uint32_t part[4];

	for (int i = 0; i < 4; i++) {
		struct str one = i < 3 ? str_cut(s, '.', &s) : s;

		if (one.len > 3 || !num_u32(one, 0, 255, &part[i]))
			return false;
		if (one.len > 1 && one.p[0] == '0')
			return false;
	}
	ret[0] = (uint16_t)(part[0] << 8 | part[1]);
	ret[1] = (uint16_t)(part[2] << 8 | part[3]);
	return true;
}

/* Groups up to the end or "::"; how many, or -1.  *i ends behind the "::". */
static int
ip6_groups(struct str s, size_t *i, uint16_t *group, int max, bool *ret_gap)
{
	int n = 0;

	*ret_gap = false;
	while (*i < s.len) {
		size_t start = *i;

		if (n == max || !ip6_group(s, i, &group[n]))
			return -1;
		if (*i < s.len && s.p[*i] == '.') {
			if (n + 2 > max || !ip6_tail_ip4(str_sub(s, start, STR_NONE), &group[n]))
				return -1;
			*i = s.len;
			return n + 2;
		}
		n++;
		if (*i == s.len)
			return n;
		if (s.p[(*i)++] != ':' || *i == s.len)
			return -1;
		if (s.p[*i] == ':') {
			(*i)++;
			*ret_gap = true;
			return n;
		}
	}
	return n;
}

bool
parse_ip6_text(struct str s, struct conf_ip6 *ret)
{
	uint16_t head[8], tail[8];
	int head_n = 0, tail_n = 0;
	bool has_gap = false, second_gap = false;
	size_t i = 0;

	if (str_starts(s, STR("::"))) {
		has_gap = true;
		i = 2;
	} else if (s.len == 0) {
		return false;
	} else {
		head_n = ip6_groups(s, &i, head, 8, &has_gap);
	}
	if (has_gap && i < s.len)
		tail_n = ip6_groups(s, &i, tail, 8, &second_gap);
	if (head_n < 0 || tail_n < 0 || second_gap)
		return false;
	if (has_gap ? head_n + tail_n > 7 : head_n != 8)
		return false;
	memset(ret, 0, sizeof(*ret));
	for (int g = 0; g < head_n; g++) {
		ret->b[2 * g] = (uint8_t)(head[g] >> 8);
		ret->b[2 * g + 1] = (uint8_t)head[g];
	}
	for (int g = 0; g < tail_n; g++) {
		ret->b[16 - 2 * tail_n + 2 * g] = (uint8_t)(tail[g] >> 8);
		ret->b[16 - 2 * tail_n + 2 * g + 1] = (uint8_t)tail[g];
	}
	return true;
}

bool
parse_ip6(struct parse *p, struct conf_ip6 *ret)
{
	uint8_t buf[64];
	struct str s;
	struct wr w;
	int token = lex_peek(p->lex, NULL);

	wr_init(&w, buf, sizeof(buf));
	while (token == LEX_NUMBER || token == LEX_NUMBER_OR_NAME || token == LEX_K_ADD ||
	    token == '.' || token == ':') {
		(void)lex_next_raw(p->lex, &s);
		wr_str(&w, s);
		token = lex_peek_raw(p->lex, NULL);
	}
	if (wr_ok(&w) && parse_ip6_text(wr_as_str(&w), ret))
		return true;
	lex_error(p->lex, "Invalid IPv6 address.");
	parse_skip(p, 0);
	return false;
}

bool
parse_ip6_list(struct parse *p, const struct conf_ip6 **ret, uint16_t *ret_n)
{
	struct conf_ip6 *list = NULL, addr;
	size_t n = 0;

	for (;;) {
		if (n == PARSE_LIST_MAX) {
			lex_error(p->lex, "more than %d addresses", PARSE_LIST_MAX);
			parse_skip(p, 0);
			return false;
		}
		if (!parse_ip6(p, &addr))
			return false;
		list = grown(p, list, n, sizeof(*list));
		if (!list)
			return false;
		list[n++] = addr;
		if (lex_peek(p->lex, NULL) != ',')
			break;
		(void)lex_next(p->lex, NULL);
	}
	*ret = list;
	*ret_n = (uint16_t)n;
	return true;
}

bool
parse_hex_list(struct parse *p, struct str *ret)
{
	uint8_t buf[PARSE_HEX_MAX];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	for (;;) {
		uint8_t octet;

		if (!take_octet(p, 16, &octet))
			return false;
		wr_u8(&w, octet);
		if (lex_peek(p->lex, NULL) != ':')
			break;
		(void)lex_next(p->lex, NULL);
	}
	if (!wr_ok(&w)) {
		lex_error(p->lex, "more than %d octets", PARSE_HEX_MAX);
		parse_skip(p, 0);
		return false;
	}
	*ret = parse_keep(p, wr_as_str(&w));
	return true;
}

bool
parse_data_list(struct parse *p, struct str *ret)
{
	uint8_t buf[PARSE_HEX_MAX];
	struct str s;
	struct wr w;
	int token = lex_peek(p->lex, NULL);

	*ret = (struct str){ NULL, 0 };
	if (token == LEX_STRING) {
		(void)lex_next(p->lex, &s);
		*ret = parse_keep(p, s);
		return true;
	}
	if (token != LEX_NUMBER && token != LEX_NUMBER_OR_NAME)
		return true;
	(void)lex_next(p->lex, &s);
	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, (uint8_t)parse_number(p, s, 16, 8));
	while (lex_peek(p->lex, NULL) == ':') {
		(void)lex_next(p->lex, NULL);
		token = lex_next(p->lex, &s);
		if (token != LEX_NUMBER && token != LEX_NUMBER_OR_NAME) {
			lex_error(p->lex, "expecting hexadecimal number.");
			parse_skip(p, 0);
			return false;
		}
		wr_u8(&w, (uint8_t)parse_number(p, s, 16, 8));
	}
	if (!wr_ok(&w)) {
		lex_error(p->lex, "more than %d octets", PARSE_HEX_MAX);
		parse_skip(p, 0);
		return false;
	}
	*ret = parse_keep(p, wr_as_str(&w));
	return true;
}

/* A number of a date; on anything else the message, taking it unless ";". */
static bool
date_number(struct parse *p, const char *what, int64_t *ret)
{
	struct str s;
	int token = lex_peek(p->lex, &s);

	if (token != LEX_NUMBER) {
		if (token != ';')
			(void)lex_next(p->lex, NULL);
		lex_error(p->lex, "%s", what);
		return false;
	}
	(void)lex_next(p->lex, &s);
	*ret = parse_atoi(s);
	return true;
}

static bool
date_char(struct parse *p, int c, const char *what)
{
	int token = lex_peek(p->lex, NULL);

	if (token != c && token == ';') {
		lex_error(p->lex, "%s", what);
		return false;
	}
	(void)lex_next(p->lex, NULL);
	if (token != c)
		lex_error(p->lex, "%s", what);
	return token == c;
}

static bool
parse_calendar(struct parse *p, int64_t *ret_s)
{
	int64_t wday, year, month, day, hour, minute, second, offset = 0;
	struct when_date date = { 0 };

	if (!date_number(p, "numeric day of week expected.", &wday) ||
	    !date_number(p, "numeric year expected.", &year) ||
	    !date_char(p, '/', "expected slash separating year from month.") ||
	    !date_number(p, "numeric month expected.", &month) ||
	    !date_char(p, '/', "expected slash separating month from day.") ||
	    !date_number(p, "numeric day of month expected.", &day) ||
	    !date_number(p, "numeric hour expected.", &hour) ||
	    !date_char(p, ':', "expected colon separating hour from minute.") ||
	    !date_number(p, "numeric minute expected.", &minute) ||
	    !date_char(p, ':', "expected colon separating minute from second.") ||
	    !date_number(p, "numeric second expected.", &second))
		return false;
	if (lex_peek(p->lex, NULL) == LEX_NUMBER &&
	    !date_number(p, "", &offset))
		return false;
	if (lex_peek(p->lex, NULL) != ';') {
		(void)lex_next(p->lex, NULL);
		lex_error(p->lex, "Time zone offset or semicolon expected.");
		return false;
	}
	if (year < 1900)
		year += 1900;
	*ret_s = INT64_MAX;
	if (year >= 2038)
		return true;
	date.year = (int32_t)year;
	date.mon = (int32_t)month;
	date.day = (int32_t)day;
	date.hour = (int32_t)hour;
	date.min = (int32_t)minute;
	date.sec = (int32_t)second;
	if (!when_from_date(&date, ret_s))
		*ret_s = 0;
	*ret_s += offset;
	return true;
}

bool
parse_date(struct parse *p, int64_t *ret_s)
{
	int token = lex_peek(p->lex, NULL);

	if (token == LEX_K_NEVER) {
		(void)lex_next(p->lex, NULL);
		*ret_s = INT64_MAX;
	} else if (token == LEX_K_EPOCH) {
		(void)lex_next(p->lex, NULL);
		if (!date_number(p, "Seconds since epoch expected.", ret_s)) {
			parse_skip(p, 0);
			return false;
		}
	} else if (!parse_calendar(p, ret_s)) {
		parse_skip(p, 0);
		return false;
	}
	return parse_semi(p);
}
