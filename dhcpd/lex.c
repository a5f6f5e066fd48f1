/* SPDX-License-Identifier: ISC */
/*
 * lex - the scanner.  What it owns besides words is the peer's idea of where
 * we are, which error messages show and which is not what an editor shows:
 *
 * - Two line buffers are filled in turn; each holds a line as far as it has been
 *   read, at most its first 80 bytes.
 * - Words and white space read one byte too many and give it back; a byte given
 *   back is not counted again.  So the column of a token that follows a word or
 *   a blank directly is one too large, and a word at the end of a line has
 *   already opened the next line.
 * - A message names the token last taken.  Looking ahead does not move it, but
 *   may move which of the two buffers is shown.
 *
 * All of it follows from "seen", the number of bytes fetched so far.
 */
#include "dhcpd/lex.h"

#include <string.h>
#include <syslog.h>

#include "common/num.h"
#include "common/wr.h"

#define LINE_SHOWN_MAX 80

struct keyword {
	struct str text;
	uint16_t token;
};

#define ROW(name, text) { STR_INIT(text), LEX_K_##name },
static const struct keyword keywords[] = { LEX_KEYWORDS(ROW) };
static const struct keyword aliases[] = { LEX_KEYWORD_ALIASES(ROW) };
#undef ROW

/* Classes of bytes; everything else is a one-character token. */
enum { C_SPACE = 1, C_DIGIT = 2, C_HEX = 4, C_LETTER = 8, C_JOIN = 16 };

static const uint8_t class_of[256] = {
	['\t'] = C_SPACE, ['\n'] = C_SPACE, ['\v'] = C_SPACE, ['\f'] = C_SPACE,
	['\r'] = C_SPACE, [' '] = C_SPACE,
	['0' ... '9'] = C_DIGIT | C_HEX,
	['a' ... 'f'] = C_LETTER | C_HEX, ['g' ... 'z'] = C_LETTER,
	['A' ... 'F'] = C_LETTER | C_HEX, ['G' ... 'Z'] = C_LETTER,
	['-'] = C_JOIN, ['_'] = C_JOIN,
};

#define IS(c, classes) ((c) >= 0 && (class_of[c] & (classes)))

void
lex_init(struct lex *lex, struct str name, struct str text, struct arena *arena,
    struct msgs *msgs)
{
	size_t i = 0;
	struct str *file = ARENA_NEW(arena, struct str);

	memset(lex, 0, sizeof(*lex));
	if (file && arena_str(arena, name, file))
		lex->file = file;
	lex->name = name;
	lex->p = (const uint8_t *)text.p;
	lex->len = text.len;
	lex->line_no = 1;
	lex->arena = arena;
	lex->msgs = msgs;
	for (int letter = 0; letter <= 26; letter++) {
		while (i < ARRAY_LEN(keywords) && keywords[i].text.p[0] < 'a' + letter)
			i++;
		lex->kw_start[letter] = (uint16_t)i;
	}
}

/* Column of the next byte to be fetched, from 1. */
static uint32_t
column(const struct lex *lex)
{
	return (uint32_t)(lex->seen - lex->lines[lex->current].start - lex->skipped + 1);
}

/* Fetch a byte for the first time: where the line buffers move. */
static void
fetch(struct lex *lex, uint8_t c)
{
	if (c == '\n') {
		lex->lines[lex->current].len = lex->seen - lex->lines[lex->current].start;
		lex->current ^= 1;
		lex->lines[lex->current].start = lex->seen + 1;
		lex->skipped = 0;
		lex->line_no++;
	} else if (c == 0xff) {
		lex->skipped++;
	}
	lex->seen++;
}

#define AT_END (-1)
#define AT_FF (-2)

/* Next byte, or negative at the end; a byte 0xff counts as an end, as in the peer. */
static int
get(struct lex *lex)
{
	uint8_t c;

	if (lex->pos >= lex->len || lex->is_dead)
		return AT_END;
	c = lex->p[lex->pos];
	if (lex->pos == lex->seen)
		fetch(lex, c);
	lex->pos++;
	return c == 0xff ? AT_FF : c;
}

static void
unget(struct lex *lex, int c)
{
	if (c >= 0)
		lex->pos--;
}

static void
mark(struct lex *lex)
{
	lex->at.line = lex->line_no;
	lex->at.col = column(lex);
}

uint32_t
lex_column(const struct lex *lex, struct str text)
{
	const uint8_t *at = (const uint8_t *)text.p;
	uint32_t col = 1;

	if (at < lex->p || at > lex->p + lex->len)
		return lex->at.col;
	while (at > lex->p && at[-1] != '\n') {
		at--;
		col++;
	}
	return col;
}

bool
lex_is_word(int token)
{
	return token == LEX_NAME || token == LEX_NUMBER_OR_NAME || token > LEX_K_FIRST ||
	    (token >= 0x80 && token < 0xff);
}

/* The text of a buffer as it is now, without the bytes that do not count. */
static struct str
shown_line(const struct lex *lex, uint8_t *buf)
{
	const struct lex_line *line = &lex->lines[lex->shown];
	size_t end = lex->shown == lex->current ? lex->seen : line->start + line->len;
	size_t n = 0;

	for (size_t i = line->start; i < end && i < lex->len && n < LINE_SHOWN_MAX; i++)
		if (lex->p[i] != 0xff)
			buf[n++] = lex->p[i];
	return str_make(buf, n);
}

static void
put_caret(struct lex *lex, struct str line)
{
	uint8_t buf[8 * LINE_SHOWN_MAX + 8];
	struct msgs_line *added;
	size_t n = 0;

	if (lex->at.col <= LINE_SHOWN_MAX) {
		for (size_t i = 0; i < line.len && i + 1 < lex->at.col; i++) {
			buf[n++] = ' ';
			while (line.p[i] == '\t' && n % 8)
				buf[n++] = ' ';
		}
	}
	buf[n++] = '^';
	added = msgs_put(lex->msgs, LOG_ERR, str_make(buf, n));
	if (added)
		added->is_stderr_only = lex->at.col > LINE_SHOWN_MAX;
}

/* C strings end at a NUL, and the peer prints the line as one. */
static struct str
until_nul(struct str s)
{
	return str_sub(s, 0, str_chr(s, '\0'));
}

void
lex_error(struct lex *lex, const char *fmt, ...)
{
	uint8_t text[MSGS_LINE_MAX + 1];
	uint8_t buf[LINE_SHOWN_MAX];
	struct str line;
	struct wr w;
	va_list ap;

	if (lex->is_dead)
		return;
	lex->has_errors = true;
	wr_init(&w, text, sizeof(text));
	wr_str(&w, lex->name);
	wr_fmt(&w, " line %u: ", lex->at.line);
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	msgs_put(lex->msgs, LOG_ERR, wr_as_str(&w));
	line = shown_line(lex, buf);
	msgs_put(lex->msgs, LOG_ERR, until_nul(line));
	put_caret(lex, line);
}

void
lex_plain(struct lex *lex, int prio, const char *fmt, ...)
{
	va_list ap;

	if (lex->is_dead)
		return;
	va_start(ap, fmt);
	msgs_vadd(lex->msgs, prio, fmt, ap);
	va_end(ap);
}

void
lex_fatal(struct lex *lex, const char *fmt, ...)
{
	va_list ap;

	if (lex->is_dead)
		return;
	va_start(ap, fmt);
	msgs_vadd(lex->msgs, LOG_ERR, fmt, ap);
	va_end(ap);
	lex->has_errors = true;
	lex->is_dead = true;
}

/* Most keywords come in the case of the table. */
static bool
is_spelt(const struct keyword *keyword, struct str word)
{
	return keyword->text.len == word.len && word.len > 0 &&
	    (memcmp(keyword->text.p, word.p, word.len) == 0 || str_ieq(keyword->text, word));
}

/* The keyword a word spells, or its lexical class. */
static int
word_token(const struct lex *lex, struct str word)
{
	char first = str_lower(word.p[0]);
	unsigned i, end;

	if (first >= 'a' && first <= 'z') {
		i = lex->kw_start[first - 'a'];
		end = lex->kw_start[first - 'a' + 1];
		for (; i < end; i++)
			if (is_spelt(&keywords[i], word))
				return keywords[i].token;
		for (i = 0; i < ARRAY_LEN(aliases); i++)
			if (is_spelt(&aliases[i], word))
				return aliases[i].token;
	}
	for (size_t k = 1; k < word.len; k++)
		if (!(class_of[(uint8_t)word.p[k]] & C_HEX))
			return LEX_NAME;
	return LEX_NUMBER_OR_NAME;
}

/*
 * A word or number-like word whose first byte is at pos - 1.  Too long a one is
 * cut: the byte that did not fit is lost, the rest is a new token.
 */
static struct str
take_word(struct lex *lex, const char *too_long)
{
	size_t start = lex->pos - 1, end = lex->pos;

	while (end < lex->len && end - start <= LEX_WORD_MAX &&
	    (class_of[lex->p[end]] & (C_DIGIT | C_LETTER | C_JOIN)) != 0)
		end++;
	/* None of these bytes moves a line buffer: no need to get() each. */
	lex->pos = end;
	if (lex->seen < end)
		lex->seen = end;
	if (end - start > LEX_WORD_MAX) {
		lex_error(lex, "%s", too_long);
		return str_make(lex->p + start, LEX_WORD_MAX);
	}
	unget(lex, get(lex));
	return str_make(lex->p + start, end - start);
}

static int
scan_number(struct lex *lex)
{
	int token = LEX_NUMBER;
	struct str s = take_word(lex, "numeric token larger than internal buffer");

	size_t i = 0;

	lex->text = s;
	while (i < s.len && (class_of[(uint8_t)s.p[i]] & C_DIGIT) != 0)
		i++;
	for (; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (i == 0 && c == '-')
			continue;
		if (i == 1 && s.p[0] == '0' && (c == 'x' || c == 'X'))
			token = LEX_NAME;
		else if (i == 2 && token == LEX_NAME && s.p[0] == '0' &&
		    (s.p[1] == 'x' || s.p[1] == 'X') && (class_of[c] & C_HEX))
			token = LEX_NUMBER_OR_NAME;
		else if (!(class_of[c] & C_HEX))
			token = LEX_NAME;
		else if (!(class_of[c] & C_DIGIT) && token == LEX_NUMBER)
			token = LEX_NUMBER_OR_NAME;
	}
	return token;
}

static int
scan_word(struct lex *lex)
{
	lex->text = take_word(lex, "token larger than internal buffer");
	return word_token(lex, lex->text);
}

static int
scan_space(struct lex *lex)
{
	size_t n = 1;
	int c;

	for (;;) {
		c = get(lex);
		if (!IS(c, C_SPACE))
			break;
		if (++n > LEX_WORD_MAX) {
			lex_error(lex, "whitespace too long, buffer overflow.");
			lex_fatal(lex, "Exiting");
			return LEX_EOF;
		}
	}
	unget(lex, c == AT_FF ? 0xff : c);
	return LEX_SPACE;
}

/* State of an escape in a string: how many digits are still to come. */
struct escape {
	bool is_open;			/* the byte before was a backslash */
	unsigned octal_left, hex_left, value;
};

/* One byte of an escape; true when *ret is a byte of the string. */
static bool
escape_step(struct lex *lex, struct escape *e, int c, uint8_t *ret)
{
	if (e->octal_left) {
		if (c >= '0' && c <= '7') {
			e->value = e->value * 8 + (unsigned)(c - '0');
			*ret = (uint8_t)e->value;
			return --e->octal_left == 0;
		}
		if (e->value) {
			lex_error(lex, "invalid octal digit %x", (unsigned)c);
		} else {	/* the peer: \0z swallows z and escapes what follows */
			e->octal_left = 0;
			e->is_open = true;
		}
		return false;
	}
	if (e->hex_left) {
		int v = num_hexval((char)c);

		if (v < 0) {
			lex_error(lex, "invalid hex digit: %x", (unsigned)c);
			if (!e->value) {
				e->hex_left = 0;
				e->is_open = true;
			}
			return false;
		}
		e->value = e->value * 16 + (unsigned)v;
		*ret = (uint8_t)e->value;
		return --e->hex_left == 0;
	}
	e->is_open = false;
	e->value = 0;
	if (c >= '0' && c <= '3') {
		e->value = (unsigned)(c - '0');
		e->octal_left = 2;
		return false;
	}
	if (c == 'x') {
		e->hex_left = 2;
		return false;
	}
	*ret = (uint8_t)(c == 't' ? '\t' : c == 'r' ? '\r' : c == 'n' ? '\n' :
	    c == 'b' ? '\b' : c);
	return true;
}

/* A string with escapes: into the arena. */
static int
scan_escaped(struct lex *lex, uint8_t *buf, size_t n)
{
	struct escape e = { false, 0, 0, 0 };
	uint8_t *copy;

	while (n <= LEX_WORD_MAX) {
		int c = get(lex);

		if (c < 0) {
			lex_error(lex, "eof in string constant");
			break;
		}
		if (e.is_open || e.octal_left || e.hex_left) {
			if (escape_step(lex, &e, c, &buf[n]))
				n++;
		} else if (c == '\\') {
			e.is_open = true;
		} else if (c == '"') {
			break;
		} else {
			buf[n++] = (uint8_t)c;
		}
	}
	if (n > LEX_WORD_MAX) {
		lex_error(lex, "string constant larger than internal buffer");
		n = LEX_WORD_MAX;
	}
	copy = arena_dup(lex->arena, buf, n);
	if (!copy)
		lex_fatal(lex, "Memory overflow.");
	lex->text = str_make(copy, copy ? n : 0);
	return LEX_STRING;
}

/* A string: a slice of the text as long as nothing in it needs work. */
static int
scan_string(struct lex *lex)
{
	uint8_t buf[LEX_WORD_MAX + 1];
	size_t start = lex->pos, n;

	for (n = 0; n < LEX_WORD_MAX && lex->pos + n < lex->len; n++) {
		uint8_t c = lex->p[lex->pos + n];

		if (c == '"' || c == '\\' || c == 0xff)
			break;
	}
	for (size_t i = 0; i < n; i++)
		(void)get(lex);
	if (lex->pos < lex->len && lex->p[lex->pos] == '"' && n < LEX_WORD_MAX) {
		(void)get(lex);
		lex->text = str_make(lex->p + start, n);
		return LEX_STRING;
	}
	memcpy(buf, lex->p + start, n);
	return scan_escaped(lex, buf, n);
}

static void
skip_comment(struct lex *lex)
{
	int c;

	do {
		c = get(lex);
	} while (c >= 0 && c != '\n');
}

/* The next token, comments skipped, white space included. */
static int
scan(struct lex *lex)
{
	struct lex_pos before = lex->at;
	int c;

	if (lex->is_dead)
		return LEX_EOF;
	for (;;) {
		mark(lex);
		c = get(lex);
		if (c != '#')
			break;
		skip_comment(lex);
	}
	if (c < 0 || IS(c, C_SPACE)) {
		lex->at = before;	/* neither is a place */
		return c < 0 ? LEX_EOF : scan_space(lex);
	}
	lex->shown = lex->current;	/* for errors inside the token */
	if (c == '"')
		return scan_string(lex);
	if (IS(c, C_DIGIT) || c == '-')
		return scan_number(lex);
	if (IS(c, C_LETTER))
		return scan_word(lex);
	lex->text = str_make(lex->p + lex->pos - 1, 1);
	return c;
}

/* After a fatal error there is nothing more, not even what was looked at before. */
static void
end_when_dead(struct lex *lex)
{
	if (lex->is_dead)
		lex->kept = LEX_EOF;
}

static int
take(struct lex *lex, struct str *ret, bool is_raw)
{
	int token;

	end_when_dead(lex);
	do {
		if (lex->kept) {
			if (lex->kept_at.line != lex->at.line)
				lex->shown = lex->current;
			lex->at = lex->kept_at;
			token = lex->kept;
			lex->kept = 0;
		} else {
			token = scan(lex);
			lex->shown = lex->current;
		}
	} while (token == LEX_SPACE && !is_raw);
	if (ret)
		*ret = lex->text;
	return token;
}

static int
look(struct lex *lex, struct str *ret, bool is_raw)
{
	end_when_dead(lex);
	if (!lex->kept || (lex->kept == LEX_SPACE && !is_raw)) {
		struct lex_pos taken = lex->at;
		unsigned shown = lex->shown;

		do {
			lex->kept = scan(lex);
		} while (lex->kept == LEX_SPACE && !is_raw);
		lex->kept_at = lex->at;
		lex->shown = lex->kept_at.line != taken.line ? lex->current ^ 1 : shown;
		lex->at = taken;
	}
	if (ret)
		*ret = lex->text;
	return lex->kept;
}

int
lex_next(struct lex *lex, struct str *ret)
{
	return take(lex, ret, false);
}

int
lex_peek(struct lex *lex, struct str *ret)
{
	return look(lex, ret, false);
}

int
lex_next_raw(struct lex *lex, struct str *ret)
{
	return take(lex, ret, true);
}

int
lex_peek_raw(struct lex *lex, struct str *ret)
{
	return look(lex, ret, true);
}
