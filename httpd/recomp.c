/* SPDX-License-Identifier: ISC */
/*
 * recomp - compiles Perl-style regular expressions.
 *
 * One pass over the text, emitting instructions as it goes; a repetition puts
 * a branch before what has just been emitted, {m,n} reads its atom again for
 * each copy.  The size of the program and the depth of groups are limited, so
 * a hostile .htaccess gets an error and not the machine.
 */

#include "httpd/recomp.h"

#include <string.h>

#include "common/num.h"

#include "httpd/reprog.h"

#define DEPTH_MAX	50	/* groups in groups */
#define REPEAT_MAX	255	/* {m,n} */

/* The compiler's state. */
struct comp {
	struct str in;
	size_t at;
	struct arena *a;
	struct reprog_inst *prog;
	unsigned n, groups, depth;
	bool nocase, dotall, multiline;
	bool is_quoted;		/* between \Q and \E */
	struct re_error err;
};

static bool
fail(struct comp *c, const char *why, size_t at)
{
	c->err.why = why;
	c->err.col = (unsigned)at + 1;
	return false;
}

static bool
emit(struct comp *c, enum reprog_op op, unsigned x, unsigned y)
{
	struct reprog_inst *i;

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
insert(struct comp *c, unsigned at, enum reprog_op op)
{
	if (!emit(c, op, 0, 0))
		return false;
	for (unsigned i = c->n - 1; i > at; i--) {
		struct reprog_inst *p = &c->prog[i];

		*p = p[-1];
		if (p->op != OP_SPLIT && p->op != OP_JMP)
			continue;
		ASSERT(p->x >= at && (p->op == OP_JMP || p->y >= at));
		p->x++;
		p->y++;
	}
	memset(&c->prog[at], 0, sizeof(c->prog[at]));
	c->prog[at].op = (uint8_t)op;
	return true;
}

/* ---- character sets ---- */

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
		return reprog_is_word(ch);
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
		return num_hexval((char)ch) >= 0;
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
			reprog_set_add(set, ch);
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
		if (reprog_set_has(set, ch) || reprog_set_has(set, ch - 32)) {
			reprog_set_add(set, ch);
			reprog_set_add(set, ch - 32);
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
		reprog_set_add(set, ch);
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
	if (reprog_is_word((unsigned)ch) && ch != '_')
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
	if (ch == '[' && peek(c) == ':') {
		struct str left = str_sub(c->in, c->at + 1, c->in.len);
		size_t end = str_find(left, STR(":]"));
		bool is_not = str_starts(left, STR("^"));

		if (end != STR_NONE) {
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
			reprog_set_add(set, (unsigned)ch);
	}
	c->at++;
	set_fold(c, set);
	for (unsigned i = 0; is_not && i < 32; i++)
		set[i] = (uint8_t)~set[i];
	return emit_set(c, set);
}

/*
 * One character between \Q and \E; the \E goes with the last one, so that a
 * repetition behind it is seen.
 */
static bool
parse_quoted(struct comp *c)
{
	if (!emit_char(c, (unsigned char)c->in.p[c->at++]))
		return false;
	if (take(c, "\\E"))
		c->is_quoted = false;
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
		c->is_quoted = !take(c, "\\E");
		return true;
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

	if (c->is_quoted)
		return parse_quoted(c);
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
		/* Not before a newline at the end: "x.php\n" is another file
		 * than "x.php", as Apache has it since 2.4.30. */
		return emit(c, c->multiline ? OP_EOL : OP_EOT, 0, 0);
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

	if (c->is_quoted)
		return false;
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
 * Set the reader (not what has been emitted) to another state.
 */
static void
again(struct comp *c, const struct comp *state)
{
	c->at = state->at;
	c->groups = state->groups;
	c->nocase = state->nocase;
	c->dotall = state->dotall;
	c->multiline = state->multiline;
	c->is_quoted = state->is_quoted;
}

/*
 * Repeat the atom that the reader was before, and whose first copy is at s.
 * Further copies are made by reading its text again.
 */
static bool
repeat(struct comp *c, unsigned s, const struct comp *before, unsigned min,
    unsigned max, bool lazy)
{
	struct comp after = *c;
	unsigned chain = 0, last = s, made = 1;

	while (made < (min == 0 ? 1 : min)) {
		last = c->n;
		again(c, before);
		if (!parse_atom(c))
			return false;
		made++;
	}
	again(c, &after);
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
		again(c, before);
		if (!parse_atom(c))
			return false;
		made++;
	}
	again(c, &after);
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
	struct comp before = *c;
	unsigned s = c->n, min, max;
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
	if (!repeat(c, s, &before, min, max, lazy))
		return false;
	if (peek(c) == '*' || peek(c) == '?')
		return fail(c, "nothing to repeat", c->at);
	return true;
}

static bool
parse_alt(struct comp *c)
{
	unsigned chain = 0, s = c->n;

	for (;;) {
		while (peek(c) >= 0 && (c->is_quoted ||
		    (peek(c) != '|' && peek(c) != ')')))
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
		const struct reprog_inst *i = &re->prog[pc];

		if (reprog_set_has(seen, pc))
			return true;
		reprog_set_add(seen, pc);
		switch (i->op) {
		case OP_CHAR:
			reprog_set_add(first, i->c);
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
	struct reprog_inst *prog = ARENA_ARRAY(c->a, struct reprog_inst, c->n);
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
recomp_run(struct str pattern, bool nocase, struct arena *a,
    const struct re **ret, struct re_error *reterr)
{
	struct reprog_inst prog[RE_INST_MAX];
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
