/* SPDX-License-Identifier: ISC */
/*
 * re - Perl-style regular expressions, compiled to a small program and run
 * over all alternatives at once.
 *
 * Owns its own matcher because regex(3) is another language (longest instead
 * of first alternative, no \d, no lazy repetition), allocates while it
 * matches, and can take exponential time on patterns that meet strangers'
 * text.  This one advances every live thread by one character at a time, each
 * instruction at most once per character, so its time is bounded by program
 * times text.  Threads are kept in order of preference: the first to match
 * wins, as in Perl.
 */

#include "httpd/re.h"

#include <string.h>

#include "common/num.h"

#define DEPTH_MAX	50	/* groups in groups */
#define REPEAT_MAX	255	/* {m,n} */
#define NO_POS		0xffffu

enum op {
	OP_CHAR, OP_ANY, OP_ANYNL, OP_SET,	/* take one character */
	OP_SPLIT, OP_JMP, OP_SAVE,
	OP_BOT, OP_EOT, OP_EOTNL, OP_BOL, OP_EOL, OP_WORD, OP_NOWORD,
	OP_MATCH,
};

struct inst {
	uint8_t op, c;
	uint16_t x, y;		/* SPLIT: x is preferred; JMP, SAVE: x */
	const uint8_t *set;	/* 32 bytes */
};

struct re {
	const struct inst *prog;
	uint16_t n, groups;
	bool is_anchored;	/* starts with OP_BOT */
	bool has_first;		/* a match must start with one of first */
	struct str literal;	/* whole expression is this text */
	uint8_t first[32];
};

/* The compiler's state. */
struct comp {
	struct str in;
	size_t at;
	struct arena *a;
	struct inst *prog;
	unsigned n, groups, depth;
	bool nocase, dotall, multiline;
	struct re_error err;
};

static bool
fail(struct comp *c, const char *why, size_t at)
{
	if (c->err.why == NULL) {
		c->err.why = why;
		c->err.col = (unsigned)at + 1;
	}
	return false;
}

static bool
emit(struct comp *c, enum op op, unsigned x, unsigned y)
{
	struct inst *i;

	if (c->n >= RE_INST_MAX)
		return fail(c, "expression is too large", c->at);
	i = &c->prog[c->n++];
	memset(i, 0, sizeof(*i));
	i->op = (uint8_t)op;
	i->x = (uint16_t)x;
	i->y = (uint16_t)y;
	return true;
}

/*
 * Put an instruction before those from `at` on.  Only they jump into
 * themselves, so only they need mending.
 */
static bool
insert(struct comp *c, unsigned at, enum op op)
{
	if (!emit(c, op, 0, 0))
		return false;
	for (unsigned i = c->n - 1; i > at; i--) {
		struct inst *p = &c->prog[i];

		*p = p[-1];
		if (p->op != OP_SPLIT && p->op != OP_JMP)
			continue;
		if (p->x >= at)
			p->x++;
		if (p->op == OP_SPLIT && p->y >= at)
			p->y++;
	}
	memset(&c->prog[at], 0, sizeof(c->prog[at]));
	c->prog[at].op = (uint8_t)op;
	return true;
}

/* ---- character sets ---- */

static void
set_add(uint8_t *set, unsigned ch)
{
	set[ch / 8] |= (uint8_t)(1u << ch % 8);
}

static bool
set_has(const uint8_t *set, unsigned ch)
{
	return (set[ch / 8] >> ch % 8) & 1;
}

static bool
is_word(unsigned ch)
{
	return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') ||
	    (ch >= 'A' && ch <= 'Z') || ch == '_';
}

/*
 * Whether a character is in a named class: "digit" .., or the letter of an
 * escape as a one-letter name.
 */
static bool
in_class(struct str name, unsigned ch, bool *ret_known)
{
	bool up = ch >= 'A' && ch <= 'Z', low = ch >= 'a' && ch <= 'z';
	bool digit = ch >= '0' && ch <= '9';
	bool graph = ch > ' ' && ch < 127;

	*ret_known = true;
	if (str_eq(name, STR("digit")) || str_eq(name, STR("d")))
		return digit;
	if (str_eq(name, STR("word")) || str_eq(name, STR("w")))
		return is_word(ch);
	if (str_eq(name, STR("space")) || str_eq(name, STR("s")))
		return ch == ' ' || (ch >= '\t' && ch <= '\r');
	if (str_eq(name, STR("blank")) || str_eq(name, STR("h")))
		return ch == ' ' || ch == '\t';
	if (str_eq(name, STR("alpha")))
		return up || low;
	if (str_eq(name, STR("alnum")))
		return up || low || digit;
	if (str_eq(name, STR("upper")))
		return up;
	if (str_eq(name, STR("lower")))
		return low;
	if (str_eq(name, STR("xdigit")))
		return num_hexval((char)ch) >= 0 && ch < 128;
	if (str_eq(name, STR("punct")))
		return graph && !up && !low && !digit;
	if (str_eq(name, STR("print")))
		return graph || ch == ' ';
	if (str_eq(name, STR("graph")))
		return graph;
	if (str_eq(name, STR("cntrl")))
		return ch < 32 || ch == 127;
	*ret_known = false;
	return false;
}

static bool
set_class(uint8_t *set, struct str name, bool is_not)
{
	bool known = false;

	for (unsigned ch = 0; ch < 256; ch++)
		if (in_class(name, ch, &known) != is_not)
			set_add(set, ch);
	return known;
}

static uint8_t *
set_new(struct comp *c)
{
	uint8_t *set = arena_zalloc(c->a, 32, 1, 1);

	if (set == NULL)
		(void)fail(c, "out of memory", c->at);
	return set;
}

static bool
emit_set(struct comp *c, const uint8_t *set)
{
	if (!emit(c, OP_SET, 0, 0))
		return false;
	c->prog[c->n - 1].set = set;
	return true;
}

/*
 * A set with the other case of its letters added, when case does not matter.
 */
static void
set_fold(const struct comp *c, uint8_t *set)
{
	for (unsigned ch = 'a'; c->nocase && ch <= 'z'; ch++)
		if (set_has(set, ch) || set_has(set, ch - 32)) {
			set_add(set, ch);
			set_add(set, ch - 32);
		}
}

static bool
emit_char(struct comp *c, unsigned ch)
{
	unsigned low = ch | 32;
	uint8_t *set;

	if (c->nocase && low >= 'a' && low <= 'z') {
		set = set_new(c);
		if (set == NULL)
			return false;
		set_add(set, ch);
		set_fold(c, set);
		return emit_set(c, set);
	}
	if (!emit(c, OP_CHAR, 0, 0))
		return false;
	c->prog[c->n - 1].c = (uint8_t)ch;
	return true;
}

/* ---- parsing ---- */

static int
peek(const struct comp *c)
{
	return c->at < c->in.len ? (unsigned char)c->in.p[c->at] : -1;
}

static bool
take(struct comp *c, const char *s)
{
	if (!str_starts(str_sub(c->in, c->at, c->in.len), str_of(s)))
		return false;
	c->at += strlen(s);
	return true;
}

/*
 * Escapes that stand for one character.  -1: it is something else.
 */
static int
escape_char(struct comp *c, int ch)
{
	struct str hex;
	uint64_t v;
	size_t end;

	switch (ch) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'f':
		return '\f';
	case 'a':
		return '\a';
	case 'e':
		return 27;
	case '0':
		return 0;
	case 'x':
		hex = str_sub(c->in, c->at, 2);
		if (take(c, "{")) {
			hex = str_sub(c->in, c->at, c->in.len);
			end = str_chr(hex, '}');
			hex = str_sub(hex, 0, end == STR_NONE ? 0 : end);
			c->at++;
		}
		if (!num_hex(hex, 255, &v))
			return -1;
		c->at += hex.len;
		return (int)v;
	default:
		break;
	}
	if (is_word((unsigned)ch) && ch != '_')
		return -1;
	return ch;
}

/*
 * One end of a range in brackets, or a class added whole (-2).  -1: error.
 */
static int
set_item(struct comp *c, uint8_t *set)
{
	size_t at = c->at;
	int ch = peek(c);

	c->at++;
	if (ch == '[' && (peek(c) == ':' || peek(c) == '.' ||
	    peek(c) == '=')) {
		struct str left = str_sub(c->in, c->at + 1, c->in.len);
		size_t end = str_find(left, STR(":]"));
		bool is_not = left.len > 0 && left.p[0] == '^';

		if (peek(c) == ':' && end != STR_NONE) {
			c->at += 1 + end + 2;
			left = str_sub(left, is_not, end - is_not);
			if (left.len > 1 && set_class(set, left, is_not))
				return -2;
			(void)fail(c, "unknown class", at);
			return -1;
		}
	}
	if (ch != '\\')
		return ch;
	ch = peek(c);
	c->at++;
	if (ch < 0) {
		(void)fail(c, "backslash at the end", at);
		return -1;
	}
	if (ch == 'b')
		return '\b';
	if (strchr("dDwWsShH", ch) != NULL) {
		char low = (char)(ch | 32);

		(void)set_class(set, str_make(&low, 1), low != ch);
		return -2;
	}
	ch = escape_char(c, ch);
	if (ch < 0)
		(void)fail(c, "this escape is not supported", at);
	return ch;
}

static bool
parse_set(struct comp *c)
{
	size_t start = c->at - 1;
	bool is_not = take(c, "^"), is_first = true;
	uint8_t *set = set_new(c);

	if (set == NULL)
		return false;
	while (peek(c) != ']' || is_first) {
		int lo, hi;

		if (peek(c) < 0)
			return fail(c, "missing ]", start);
		is_first = false;
		lo = hi = set_item(c, set);
		if (lo == -1)
			return false;
		if (peek(c) == '-' && c->at + 1 < c->in.len &&
		    c->in.p[c->at + 1] != ']' && lo >= 0) {
			c->at++;
			hi = set_item(c, set);
			if (hi == -1)
				return false;
			if (hi == -2 || hi < lo)
				return fail(c, "range out of order", start);
		}
		for (int ch = lo; lo >= 0 && ch <= hi; ch++)
			set_add(set, (unsigned)ch);
	}
	c->at++;
	set_fold(c, set);
	for (unsigned i = 0; is_not && i < 32; i++)
		set[i] = (uint8_t)~set[i];
	return emit_set(c, set);
}

static bool
parse_quoted(struct comp *c)
{
	while (c->at < c->in.len && !take(c, "\\E"))
		if (!emit_char(c, (unsigned char)c->in.p[c->at++]))
			return false;
	return true;
}

static bool
parse_escape(struct comp *c)
{
	size_t at = c->at - 1;
	int ch = peek(c);
	char low = (char)(ch | 32);
	uint8_t *set;

	if (ch < 0)
		return fail(c, "backslash at the end", at);
	c->at++;
	switch (ch) {
	case 'Q':
		return parse_quoted(c);
	case 'E':
		return true;
	case 'A':
		return emit(c, OP_BOT, 0, 0);
	case 'z':
		return emit(c, OP_EOT, 0, 0);
	case 'Z':
		return emit(c, OP_EOTNL, 0, 0);
	case 'b':
		return emit(c, OP_WORD, 0, 0);
	case 'B':
		return emit(c, OP_NOWORD, 0, 0);
	default:
		break;
	}
	if (strchr("dDwWsShH", ch) != NULL) {
		set = set_new(c);
		if (set == NULL)
			return false;
		(void)set_class(set, str_make(&low, 1), low != ch);
		return emit_set(c, set);
	}
	if (ch >= '1' && ch <= '9')
		return fail(c, "back-references are not supported", at);
	ch = escape_char(c, ch);
	if (ch < 0)
		return fail(c, "this escape is not supported", at);
	return emit_char(c, (unsigned)ch);
}

static bool parse_alt(struct comp *c);

/*
 * "(?i)", "(?i:", "(?:" after "(?".  ret_scoped: a colon came, a group
 * follows; otherwise the flags hold to the end of the group around.
 */
static bool
parse_flags(struct comp *c, bool *ret_scoped)
{
	size_t at = c->at;
	bool on = true;

	for (;;) {
		int ch = peek(c);

		c->at++;
		switch (ch) {
		case 'i':
			c->nocase = on;
			break;
		case 's':
			c->dotall = on;
			break;
		case 'm':
			c->multiline = on;
			break;
		case '-':
			on = false;
			break;
		case ':':
		case ')':
			*ret_scoped = ch == ':';
			return true;
		case '#':
			while (peek(c) >= 0 && peek(c) != ')')
				c->at++;
			break;
		default:
			return fail(c, "this kind of group is not supported",
			    at - 2);
		}
	}
}

static bool
parse_group(struct comp *c)
{
	size_t at = c->at - 1;
	bool nocase = c->nocase, dotall = c->dotall, multi = c->multiline;
	bool is_scoped = true;
	unsigned group = 0;

	if (++c->depth > DEPTH_MAX)
		return fail(c, "groups nested too deeply", at);
	if (take(c, "?")) {
		if (!parse_flags(c, &is_scoped))
			return false;
		if (!is_scoped) {
			c->depth--;
			return true;
		}
	} else {
		group = ++c->groups;
		if (group < RE_GROUP_MAX && !emit(c, OP_SAVE, 2 * group, 0))
			return false;
	}
	if (!parse_alt(c))
		return false;
	if (!take(c, ")"))
		return fail(c, "missing )", at);
	c->nocase = nocase;
	c->dotall = dotall;
	c->multiline = multi;
	c->depth--;
	return group == 0 || group >= RE_GROUP_MAX ||
	    emit(c, OP_SAVE, 2 * group + 1, 0);
}

static bool
parse_atom(struct comp *c)
{
	int ch = peek(c);

	c->at++;
	switch (ch) {
	case '(':
		return parse_group(c);
	case '[':
		return parse_set(c);
	case '.':
		return emit(c, c->dotall ? OP_ANYNL : OP_ANY, 0, 0);
	case '^':
		return emit(c, c->multiline ? OP_BOL : OP_BOT, 0, 0);
	case '$':
		return emit(c, c->multiline ? OP_EOL : OP_EOTNL, 0, 0);
	case '\\':
		return parse_escape(c);
	case '*':
	case '+':
	case '?':
		return fail(c, "nothing to repeat", c->at - 1);
	default:
		return emit_char(c, (unsigned)ch);
	}
}

/*
 * "{m}", "{m,}", "{m,n}".  False when the brace is just a character.
 */
static bool
braces(struct comp *c, unsigned *ret_min, unsigned *ret_max)
{
	struct str left = str_sub(c->in, c->at + 1, c->in.len);
	size_t end = str_chr(left, '}');
	struct str max, min;
	uint32_t n;

	if (end == STR_NONE)
		return false;
	min = str_cut(str_sub(left, 0, end), ',', &max);
	if (!num_u32(min, 0, UINT16_MAX, &n))
		return false;
	*ret_min = *ret_max = n;
	if (max.p != NULL && max.len == 0)
		*ret_max = UINT16_MAX;
	else if (max.p != NULL) {
		if (!num_u32(max, 0, UINT16_MAX - 1, &n))
			return false;
		*ret_max = n;
	}
	c->at += end + 2;
	return true;
}

/*
 * What follows an atom.  False: nothing.
 */
static bool
quantifier(struct comp *c, unsigned *ret_min, unsigned *ret_max)
{
	int ch = peek(c);

	if (ch == '{')
		return braces(c, ret_min, ret_max);
	if (ch != '*' && ch != '+' && ch != '?')
		return false;
	c->at++;
	*ret_min = ch == '+';
	*ret_max = ch == '?' ? 1 : UINT16_MAX;
	return true;
}

static void
aim(struct comp *c, unsigned at, unsigned into, unsigned past, bool lazy)
{
	c->prog[at].x = (uint16_t)(lazy ? past : into);
	c->prog[at].y = (uint16_t)(lazy ? into : past);
}

/*
 * Loop over the atom from s to the end: at least once, or as often as you
 * like.
 */
static bool
loop(struct comp *c, unsigned s, bool may_skip, bool lazy)
{
	if (!may_skip) {
		if (!emit(c, OP_SPLIT, 0, 0))
			return false;
		aim(c, c->n - 1, s, c->n, lazy);
		return true;
	}
	if (!insert(c, s, OP_SPLIT) || !emit(c, OP_JMP, s, 0))
		return false;
	aim(c, s, s + 1, c->n, lazy);
	return true;
}

/*
 * Repeat the atom whose text starts at src and whose first copy is at s.
 * Further copies are made by reading the text again.
 */
static bool
repeat(struct comp *c, unsigned s, size_t src, unsigned groups, unsigned min,
    unsigned max, bool lazy)
{
	size_t after = c->at;
	unsigned chain = 0, last = s, made = 1;

	while (made < (min == 0 ? 1 : min)) {
		last = c->n;
		c->at = src;
		c->groups = groups;
		if (!parse_atom(c))
			return false;
		made++;
	}
	c->at = after;
	if (max == UINT16_MAX)
		return loop(c, last, min == 0, lazy);
	if (min == 0) {
		if (!insert(c, s, OP_SPLIT))
			return false;
		chain = s + 1;
	}
	while (made < max) {
		unsigned split = c->n;

		/* chained through y until the end is known */
		if (!emit(c, OP_SPLIT, 0, chain))
			return false;
		chain = split + 1;
		c->at = src;
		c->groups = groups;
		if (!parse_atom(c))
			return false;
		made++;
	}
	c->at = after;
	while (chain != 0) {
		unsigned next = c->prog[chain - 1].y;

		aim(c, chain - 1, chain, c->n, lazy);
		chain = next;
	}
	return true;
}

static bool
parse_piece(struct comp *c)
{
	unsigned s = c->n, groups = c->groups, min, max;
	size_t src = c->at;
	bool lazy;

	if (!parse_atom(c))
		return false;
	if (!quantifier(c, &min, &max))
		return true;
	if (max < min)
		return fail(c, "numbers out of order in {}", c->at - 1);
	if (min > REPEAT_MAX || (max > REPEAT_MAX && max != UINT16_MAX))
		return fail(c, "repeated too often", c->at - 1);
	lazy = take(c, "?");
	if (peek(c) == '+')
		return fail(c, "possessive repetition is not supported",
		    c->at);
	if (max == 0) {
		c->n = s;
		return true;
	}
	if (!repeat(c, s, src, groups, min, max, lazy))
		return false;
	if (peek(c) == '*' || peek(c) == '+' || peek(c) == '?')
		return fail(c, "nothing to repeat", c->at);
	return true;
}

static bool
parse_alt(struct comp *c)
{
	unsigned chain = 0, s = c->n;

	for (;;) {
		while (peek(c) >= 0 && peek(c) != '|' && peek(c) != ')')
			if (!parse_piece(c))
				return false;
		if (!take(c, "|"))
			break;
		if (!insert(c, s, OP_SPLIT) || !emit(c, OP_JMP, chain, 0))
			return false;
		chain = c->n;
		aim(c, s, s + 1, c->n, false);
		s = c->n;
	}
	while (chain != 0) {
		unsigned next = c->prog[chain - 1].x;

		c->prog[chain - 1].x = (uint16_t)c->n;
		chain = next;
	}
	return true;
}

/* ---- what the program says about the start of a match ---- */

/*
 * Collect the characters with which a match can begin.  False when it can
 * also begin without any.  For programs of at most 256 instructions.
 */
static bool
first_chars(const struct re *re, uint8_t *first, unsigned pc, uint8_t *seen)
{
	for (;;) {
		const struct inst *i = &re->prog[pc];

		if (set_has(seen, pc))
			return true;
		set_add(seen, pc);
		switch (i->op) {
		case OP_CHAR:
			set_add(first, i->c);
			return true;
		case OP_SET:
			for (unsigned k = 0; k < 32; k++)
				first[k] |= i->set[k];
			return true;
		case OP_JMP:
			pc = i->x;
			break;
		case OP_SAVE:
			pc++;
			break;
		case OP_SPLIT:
			if (!first_chars(re, first, i->x, seen))
				return false;
			pc = i->y;
			break;
		default:
			return false;
		}
	}
}

static bool
finish(struct comp *c, struct re *re)
{
	uint8_t seen[32] = { 0 };
	struct inst *prog = ARENA_ARRAY(c->a, struct inst, c->n);
	char *text;
	unsigned k = 0;

	if (prog == NULL)
		return false;
	memcpy(prog, c->prog, c->n * sizeof(*prog));
	re->prog = prog;
	re->n = (uint16_t)c->n;
	re->groups = (uint16_t)(c->groups < RE_GROUP_MAX ? c->groups :
	    RE_GROUP_MAX - 1);
	re->is_anchored = prog[0].op == OP_BOT;
	re->has_first = !re->is_anchored && c->n <= 256 &&
	    first_chars(re, re->first, 0, seen);
	while (prog[k].op == OP_CHAR)
		k++;
	if (k == 0 || prog[k].op != OP_MATCH)
		return true;
	text = arena_alloc(c->a, k, 1);
	if (text == NULL)
		return false;
	for (unsigned i = 0; i < k; i++)
		text[i] = (char)prog[i].c;
	re->literal = str_make(text, k);
	return true;
}

bool
re_compile(struct str pattern, bool nocase, struct arena *a,
    const struct re **ret, struct re_error *reterr)
{
	struct inst prog[RE_INST_MAX];
	struct re *re = ARENA_NEW(a, struct re);
	struct comp c;

	memset(&c, 0, sizeof(c));
	c.in = pattern;
	c.a = a;
	c.prog = prog;
	c.nocase = nocase;
	if (pattern.len > RE_TEXT_MAX)
		(void)fail(&c, "expression is too large", 0);
	else if (parse_alt(&c) && c.at < pattern.len)
		(void)fail(&c, "unmatched )", c.at);
	if (c.err.why == NULL && emit(&c, OP_MATCH, 0, 0) && re != NULL &&
	    finish(&c, re)) {
		*ret = re;
		return true;
	}
	if (c.err.why == NULL)
		(void)fail(&c, "out of memory", 0);
	*reterr = c.err;
	return false;
}

/* ---- running ---- */

struct run {
	const struct re *re;
	struct str text;
	struct re_scratch *s;
	unsigned now;		/* which of the two lists */
	unsigned n[2];
	unsigned slots;		/* capture slots kept, 0 when not wanted */
};

static bool
holds(const struct run *r, const struct inst *i, size_t at)
{
	const char *p = r->text.p;
	size_t len = r->text.len;
	bool before, after;

	switch (i->op) {
	case OP_BOT:
		return at == 0;
	case OP_EOT:
		return at == len;
	case OP_EOTNL:
		return at == len || (at + 1 == len && p[at] == '\n');
	case OP_BOL:
		return at == 0 || p[at - 1] == '\n';
	case OP_EOL:
		return at == len || p[at] == '\n';
	default:
		before = at > 0 && is_word((unsigned char)p[at - 1]);
		after = at < len && is_word((unsigned char)p[at]);
		return (before != after) == (i->op == OP_WORD);
	}
}

/*
 * Follow a thread through everything that takes no character and put it into
 * a list, in order of preference.  cap is changed and put back.
 */
static void
follow(struct run *r, unsigned list, unsigned start, size_t at, uint16_t *cap)
{
	struct re_scratch *s = r->s;
	unsigned n = 0;

	s->todo[n++] = (struct re_todo){ (uint16_t)start, 0, 0 };
	while (n > 0) {
		struct re_todo t = s->todo[--n];
		unsigned pc = t.pc;

		if (pc == NO_POS) {
			cap[t.slot] = t.old;
			continue;
		}
		while (s->mark[pc] != s->step) {
			const struct inst *i = &r->re->prog[pc];

			s->mark[pc] = s->step;
			if (i->op == OP_JMP) {
				pc = i->x;
			} else if (i->op == OP_SPLIT) {
				s->todo[n++] = (struct re_todo){ i->y, 0, 0 };
				pc = i->x;
			} else if (i->op == OP_SAVE) {
				if (i->x < r->slots) {
					s->todo[n++] = (struct re_todo){
					    NO_POS, i->x, cap[i->x] };
					cap[i->x] = (uint16_t)at;
				}
				pc++;
			} else if (i->op >= OP_BOT && i->op <= OP_NOWORD) {
				if (!holds(r, i, at))
					break;
				pc++;
			} else {
				unsigned k = r->n[list]++;

				s->list[list][k] = (uint16_t)pc;
				memcpy(s->caps[list][k], cap,
				    r->slots * sizeof(*cap));
				break;
			}
		}
	}
}

static bool
takes(const struct inst *i, unsigned char ch)
{
	switch (i->op) {
	case OP_CHAR:
		return i->c == ch;
	case OP_SET:
		return set_has(i->set, ch);
	case OP_ANY:
		return ch != '\n';
	case OP_ANYNL:
		return true;
	default:
		return false;
	}
}

/*
 * Advance all threads over the character at `at`.  True when one matched
 * before it; best then has its groups, and worse threads are dropped.
 */
static bool
step(struct run *r, size_t at, uint16_t *best)
{
	struct re_scratch *s = r->s;
	unsigned cur = r->now, next = 1 - cur;

	r->n[next] = 0;
	s->step++;
	for (unsigned k = 0; k < r->n[cur]; k++) {
		unsigned pc = s->list[cur][k];
		const struct inst *i = &r->re->prog[pc];
		uint16_t *cap = s->caps[cur][k];

		if (i->op == OP_MATCH) {
			memcpy(best, cap, r->slots * sizeof(*cap));
			if (r->slots > 1)
				best[1] = (uint16_t)at;
			r->now = next;
			return true;
		}
		if (at < r->text.len &&
		    takes(i, (unsigned char)r->text.p[at]))
			follow(r, next, pc + 1, at + 1, cap);
	}
	r->now = next;
	return false;
}

static bool
search(struct run *r, uint16_t *best)
{
	const struct re *re = r->re;
	struct re_scratch *s = r->s;
	uint16_t cap[2 * RE_GROUP_MAX];
	bool found = false;

	/* marks of earlier runs must not look like ours */
	if (s->step > UINT32_MAX - 2 * (RE_TEXT_MAX + 2)) {
		memset(s->mark, 0, sizeof(s->mark));
		s->step = 0;
	}
	s->step++;
	for (size_t at = 0; at <= r->text.len; at++) {
		/* the list for `at` was built under this step: same marks */
		if (!found && !(re->is_anchored && at > 0) &&
		    (!re->has_first || (at < r->text.len &&
		    set_has(re->first, (unsigned char)r->text.p[at])))) {
			memset(cap, 0xff, sizeof(cap));
			cap[0] = (uint16_t)at;
			follow(r, r->now, 0, at, cap);
		}
		if (r->n[r->now] == 0 && (found || re->is_anchored))
			break;
		if (step(r, at, best)) {
			found = true;
			if (r->slots == 0)
				break;
		}
	}
	return found;
}

bool
re_exec(const struct re *re, struct str text, struct re_scratch *s,
    struct re_match *m)
{
	struct run r = { re, text, s, 0, { 0, 0 }, 0 };
	uint16_t best[2 * RE_GROUP_MAX];
	size_t at;

	if (m != NULL)
		m->n = 0;
	if (text.len > RE_TEXT_MAX)
		return false;
	if (re->literal.len > 0) {
		at = str_find(text, re->literal);
		if (at == STR_NONE)
			return false;
		if (m != NULL) {
			m->n = 1;
			m->from[0] = (int32_t)at;
			m->to[0] = (int32_t)(at + re->literal.len);
		}
		return true;
	}
	if (m != NULL)
		r.slots = 2 * (re->groups + 1u);
	if (!search(&r, best))
		return false;
	if (m == NULL)
		return true;
	m->n = re->groups + 1u;
	for (unsigned i = 0; i < m->n; i++) {
		bool none = best[2 * i] == NO_POS || best[2 * i + 1] == NO_POS;

		m->from[i] = none ? -1 : best[2 * i];
		m->to[i] = none ? -1 : best[2 * i + 1];
	}
	return true;
}

unsigned
re_groups(const struct re *re)
{
	return re->groups;
}

/*
 * Length of the expansion; written to out when it is not NULL.
 */
static size_t
subst(struct str tmpl, bool amp, struct str text, const struct re_match *m,
    char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < tmpl.len; i++) {
		char c = tmpl.p[i];
		int g = -1;

		if (c == '&' && amp)
			g = 0;
		else if (c == '$' && i + 1 < tmpl.len &&
		    tmpl.p[i + 1] >= '0' && tmpl.p[i + 1] <= '9')
			g = tmpl.p[++i] - '0';
		else if (c == '\\' && i + 1 < tmpl.len &&
		    (tmpl.p[i + 1] == '$' || tmpl.p[i + 1] == '&'))
			c = tmpl.p[++i];
		if (g < 0) {
			if (out != NULL)
				out[n] = c;
			n++;
		} else if ((unsigned)g < m->n && m->from[g] >= 0) {
			size_t len = (size_t)(m->to[g] - m->from[g]);

			if (out != NULL)
				memcpy(out + n, text.p + m->from[g], len);
			n += len;
		}
	}
	return n;
}

struct str
re_subst(struct str tmpl, bool amp, struct str text,
    const struct re_match *m, struct arena *a)
{
	size_t len = subst(tmpl, amp, text, m, NULL);
	char *out = arena_alloc(a, len + 1, 1);

	if (out == NULL)
		return str_of(NULL);
	(void)subst(tmpl, amp, text, m, out);
	out[len] = '\0';
	return str_make(out, len);
}
