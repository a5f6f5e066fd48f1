/* SPDX-License-Identifier: ISC */
/*
 * leases - who has which address, out of dhcpd's leases file.
 *
 * The file is a log: the last record of an address counts.  Statements that
 * mean nothing to us are skipped by their punctuation alone, so the files of
 * all releases, and failover or DHCPv6 blocks in them, are passed over.
 */
#include "tftpd/leases.h"

#include <string.h>

#include "common/ip4.h"
#include "common/num.h"
#include "common/wr.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_MARK };

struct scan {
	struct str text;
	size_t at;
};

struct token {
	enum token_kind kind;
	struct str s;		/* of a string: with its escapes */
};

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_mark(char c)
{
	return c == ';' || c == '{' || c == '}';
}

static void
skip_blanks(struct scan *scan)
{
	bool is_comment = false;

	for (; scan->at < scan->text.len; scan->at++) {
		char c = scan->text.p[scan->at];

		if (c == '#')
			is_comment = true;
		else if (c == '\n')
			is_comment = false;
		else if (!is_comment && !is_blank(c))
			return;
	}
}

/* Up to the closing quote; at the end of the text there is no token. */
static struct token
take_string(struct scan *scan)
{
	struct token token = { TOKEN_END, STR("") };
	size_t from = ++scan->at;

	for (; scan->at < scan->text.len; scan->at++) {
		char c = scan->text.p[scan->at];

		if (c == '\\') {
			scan->at++;
		} else if (c == '"') {
			token.kind = TOKEN_STRING;
			token.s = str_sub(scan->text, from,
			    scan->at++ - from);
			return token;
		}
	}
	return token;
}

static struct token
take_token(struct scan *scan)
{
	struct token token = { TOKEN_END, STR("") };
	size_t from;

	skip_blanks(scan);
	from = scan->at;
	if (from >= scan->text.len)
		return token;
	if (scan->text.p[from] == '"')
		return take_string(scan);
	if (is_mark(scan->text.p[from])) {
		token.kind = TOKEN_MARK;
		scan->at++;
	} else {
		while (scan->at < scan->text.len &&
		    !is_blank(scan->text.p[scan->at]) &&
		    !is_mark(scan->text.p[scan->at]) &&
		    scan->text.p[scan->at] != '"')
			scan->at++;
		/* A word that meets the end may not be whole. */
		if (scan->at == scan->text.len)
			return token;
		token.kind = TOKEN_WORD;
	}
	token.s = str_sub(scan->text, from, scan->at - from);
	return token;
}

static bool
is_the_mark(const struct token *token, char c)
{
	return token->kind == TOKEN_MARK && token->s.p[0] == c;
}

/* ---- values ------------------------------------------------------------------- */

/* 52:54:0:12:34:56; its length, 0 if it is none. */
static uint8_t
parse_colons(struct str s, uint8_t *buf, size_t max)
{
	size_t n = 0;
	uint64_t byte;

	while (s.len > 0 && n < max) {
		if (!num_hex(str_cut(s, ':', &s), 255, &byte))
			return 0;
		buf[n++] = (uint8_t)byte;
	}
	return s.len > 0 ? 0 : (uint8_t)n;
}

/* Three octal digits behind a backslash, as ISC writes them; or -1. */
static int
octal(struct str s)
{
	int value = 0;

	if (s.len < 3)
		return -1;
	for (size_t i = 0; i < 3; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return -1;
		value = value * 8 + (s.p[i] - '0');
	}
	return value;
}

/* The inside of a string, escapes resolved; cut at max. */
static uint8_t
unescape(struct str s, uint8_t *buf, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n < max; i++) {
		int value = -1;

		if (s.p[i] == '\\') {
			/* take_string() ends nowhere behind a backslash */
			ASSERT(i + 1 < s.len);
			value = octal(str_sub(s, i + 1, 3));
			i += value >= 0 ? 3 : 1;
		}
		buf[n++] = (uint8_t)(value >= 0 ? value : s.p[i]);
	}
	return (uint8_t)n;
}

/* The name goes into paths and log lines: what is odd is no name. */
static uint8_t
take_name(struct str s, char *buf, size_t max)
{
	if (s.len > max || s.len == 0 || s.p[0] == '.')
		return 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = str_lower(s.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_' && c != '.')
			return 0;
		buf[i] = s.p[i];
	}
	return (uint8_t)s.len;
}

/* ---- records ------------------------------------------------------------------ */

/* A statement of a lease: its first words and last value. */
struct statement {
	struct str words[3];
	unsigned words_n;
	struct token value;
};

static void
apply(struct lease_entry *entry, const struct statement *st)
{
	struct str value = st->value.s;

	if (st->words_n == 0)
		return;
	if (str_eq(st->words[0], STR("hardware"))) {
		entry->mac_len = parse_colons(value, entry->mac,
		    sizeof(entry->mac));
	} else if (str_eq(st->words[0], STR("uid"))) {
		entry->id_len = st->value.kind == TOKEN_STRING ?
		    unescape(value, entry->id, sizeof(entry->id)) :
		    parse_colons(value, entry->id, sizeof(entry->id));
	} else if (str_eq(st->words[0], STR("client-hostname"))) {
		entry->name_len = take_name(value, entry->name,
		    sizeof(entry->name));
	} else if (str_eq(st->words[0], STR("binding"))) {
		entry->is_active = str_eq(value, STR("active"));
	} else if (str_eq(st->words[0], STR("abandoned"))) {
		entry->is_active = false;
	}
}

/* The inside of a block; false when the text ends before it does. */
static bool
take_block(struct scan *scan, struct lease_entry *entry)
{
	struct statement st = { .words_n = 0 };
	unsigned depth = 1;

	while (depth > 0) {
		struct token token = take_token(scan);

		if (token.kind == TOKEN_END)
			return false;
		if (token.kind != TOKEN_MARK) {
			if (token.kind == TOKEN_WORD &&
			    st.words_n < ARRAY_LEN(st.words))
				st.words[st.words_n++] = token.s;
			st.value = token;
			continue;
		}
		if (is_the_mark(&token, ';') && depth == 1 && entry != NULL)
			apply(entry, &st);
		else if (is_the_mark(&token, '{'))
			depth++;
		else if (is_the_mark(&token, '}'))
			depth--;
		st.words_n = 0;
	}
	return true;
}

static void
enter(struct leases *leases, const struct lease_entry *entry)
{
	uint32_t id;

	if (!map_find(&leases->map, &entry->addr, sizeof(entry->addr), &id)) {
		if (!entry->is_active || leases->entries_n == LEASES_MAX)
			return;
		id = leases->entries_n++;
		leases->entries[id].addr = entry->addr;
		/* there are as many places as entries */
		ASSERT(map_put(&leases->map, &entry->addr, sizeof(entry->addr),
		    id));
	}
	leases->entries[id] = *entry;
}

/* One statement at the top; false when the text ends before it does. */
static bool
take_record(struct leases *leases, struct scan *scan)
{
	struct lease_entry entry = { .is_active = true };
	struct token token = take_token(scan);
	bool is_lease = token.kind == TOKEN_WORD &&
	    str_eq(token.s, STR("lease"));

	for (unsigned n = 0; token.kind != TOKEN_END; n++) {
		if (is_the_mark(&token, ';') || is_the_mark(&token, '}'))
			return true;
		if (is_the_mark(&token, '{'))
			break;
		if (n == 1 && is_lease)
			is_lease = ip4_parse(token.s, &entry.addr);
		token = take_token(scan);
	}
	if (token.kind == TOKEN_END ||
	    !take_block(scan, is_lease ? &entry : NULL))
		return false;
	if (is_lease && entry.addr != 0)
		enter(leases, &entry);
	return true;
}

size_t
leases_feed(struct leases *leases, struct str text)
{
	struct scan scan = { text, 0 };
	size_t used = 0;

	while (take_record(leases, &scan))
		used = scan.at;
	return used;
}

/* ---- table -------------------------------------------------------------------- */

static bool
is_addr(const void *ctx, uint32_t id, const void *key, size_t len)
{
	const struct leases *leases = ctx;

	return memcmp(&leases->entries[id].addr, key, len) == 0;
}

size_t
leases_size(void)
{
	return LEASES_MAX * sizeof(struct lease_entry) + map_size(LEASES_MAX);
}

void
leases_init(struct leases *leases, void *mem, struct map_key key)
{
	leases->entries = mem;
	leases->entries_n = 0;
	map_init(&leases->map, (uint8_t *)mem +
	    LEASES_MAX * sizeof(struct lease_entry), LEASES_MAX, key, is_addr,
	    leases);
}

void
leases_clear(struct leases *leases, void *mem)
{
	memset(leases->map.slots, 0, map_size(LEASES_MAX));
	leases_init(leases, mem, leases->map.key);
}

const struct lease_entry *
leases_find(const struct leases *leases, uint32_t addr)
{
	uint32_t id;

	if (!map_find(&leases->map, &addr, sizeof(addr), &id) ||
	    !leases->entries[id].is_active)
		return NULL;
	return &leases->entries[id];
}

struct str
leases_hex(const uint8_t *p, size_t len, char separator,
    char buf[LEASES_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	struct wr wr;

	ASSERT(len <= LEASES_ID_MAX);
	wr_init(&wr, buf, LEASES_TEXT_SIZE);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && separator != '\0')
			wr_u8(&wr, (uint8_t)separator);
		wr_u8(&wr, (uint8_t)digits[p[i] >> 4]);
		wr_u8(&wr, (uint8_t)digits[p[i] & 15]);
	}
	return wr_as_str(&wr);
}
