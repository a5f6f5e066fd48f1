/* SPDX-License-Identifier: ISC */
/*
 * remap - the rules that rewrite, accept or refuse file names (-m).
 *
 * One rule a line: OPERATION REGEX [REPLACEMENT].  A backslash keeps the next
 * character from ending a field and stays in the field.  All rules run in
 * order, each on the result of those before.  Rules that act are counted, and
 * so are the repetitions of g; both counts are limited, so that no rule file
 * can keep the server busy for ever.  Error texts are tftp-hpa's.
 */
#include "tftpd/remap.h"

#include <string.h>

enum {
	RULE_REPLACE = 1 << 0,	/* r */
	RULE_GLOBAL = 1 << 1,	/* g */
	RULE_ONWARD = 1 << 2,	/* gg: only behind the last replacement */
	RULE_ICASE = 1 << 3,	/* i */
	RULE_EXIT = 1 << 4,	/* e */
	RULE_EXIT_FILE = 1 << 5,/* E: if the result is a file */
	RULE_RESTART = 1 << 6,	/* s */
	RULE_ABORT = 1 << 7,	/* a */
	RULE_JUMP = 1 << 8,	/* j */
	RULE_GET = 1 << 9,	/* G */
	RULE_PUT = 1 << 10,	/* P */
	RULE_V4 = 1 << 11,	/* 4 */
	RULE_V6 = 1 << 12,	/* 6 */
	RULE_INVERSE = 1 << 13	/* ~ */
};

struct remap_rule {
	unsigned flags;
	uint32_t target;	/* j: rule to go on with */
	struct str label;	/* j: its name */
	struct str replacement;
};

/* ---- parsing -------------------------------------------------------------------- */

struct label {
	struct label *next;
	struct str name;
	uint32_t rule;
};

struct parser {
	struct remap *remap;
	struct arena *arena;
	const struct remap_engine *engine;
	void (*report)(void *ctx, bool is_error, struct str message);
	void *ctx;
	struct label *labels;
	uint32_t line;
	bool has_failed;
};

static void
complain(struct parser *parser, bool is_error, const struct wr *text)
{
	parser->has_failed |= is_error;
	parser->report(parser->ctx, is_error, wr_as_str(text));
}

/* A message of three pieces around the line number. */
static void
complain_at(struct parser *parser, bool is_error, const char *before,
    const char *after, struct str rest)
{
	char buf[REMAP_ERROR_SIZE];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	wr_text(&wr, before);
	wr_dec(&wr, parser->line);
	wr_text(&wr, after);
	wr_str(&wr, rest);
	complain(parser, is_error, &wr);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next field; rest is moved behind it.  # ends everything. */
static struct str
take_field(struct str *rest)
{
	struct str s = *rest;
	size_t n = 0;

	while (s.len > 0 && is_blank(s.p[0]))
		s = str_sub(s, 1, STR_NONE);
	while (n < s.len && !is_blank(s.p[n]) && s.p[n] != '#')
		n += s.p[n] == '\\' && n + 1 < s.len ? 2 : 1;
	*rest = str_sub(s, n, STR_NONE);
	if (rest->len > 0 && rest->p[0] == '#')
		rest->len = 0;
	return str_sub(s, 0, n);
}

/* Flag of an operation letter; 0 for one that there is not. */
static unsigned
flag_of(char c)
{
	static const struct {
		char letter;
		unsigned flag;
	} letters[] = {
		{ 'r', RULE_REPLACE }, { 'g', RULE_GLOBAL },
		{ 'i', RULE_ICASE }, { 'e', RULE_EXIT },
		{ 'E', RULE_EXIT_FILE }, { 's', RULE_RESTART },
		{ 'a', RULE_ABORT }, { 'j', RULE_JUMP }, { 'G', RULE_GET },
		{ 'P', RULE_PUT }, { '4', RULE_V4 }, { '6', RULE_V6 },
		{ '~', RULE_INVERSE },
	};

	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		if (letters[i].letter == c)
			return letters[i].flag;
	}
	return 0;
}

static bool
parse_operation(struct parser *parser, struct str op, unsigned *ret_flags)
{
	unsigned flags = 0, flag;

	for (size_t i = 0; i < op.len; i++) {
		flag = flag_of(op.p[i]);
		if (flag == 0) {
			char buf[REMAP_ERROR_SIZE];
			struct wr wr;

			wr_init(&wr, buf, sizeof(buf));
			wr_text(&wr, "Remap command \"");
			wr_str(&wr, op);
			wr_text(&wr, "\" on line ");
			wr_dec(&wr, parser->line);
			wr_text(&wr, " contains invalid char \"");
			wr_u8(&wr, (uint8_t)op.p[i]);
			wr_text(&wr, "\"");
			complain(parser, true, &wr);
			return false;
		}
		if (flag == RULE_GET || flag == RULE_PUT)
			flags &= ~(unsigned)(RULE_GET | RULE_PUT);
		if (flag == RULE_GLOBAL && (flags & RULE_GLOBAL) != 0)
			flags |= RULE_ONWARD;
		flags |= flag;
	}
	*ret_flags = flags;
	return true;
}

static void
parse_label(struct parser *parser, struct str name)
{
	struct label *label = ARENA_NEW(parser->arena, struct label);

	if (label == NULL) {
		complain_at(parser, true, "No memory for remap line ", "",
		    STR(""));
		return;
	}
	label->name = name;
	label->rule = parser->remap->rules_n;
	label->next = parser->labels;
	parser->labels = label;
}

static bool
compile(struct parser *parser, struct str regex, unsigned flags)
{
	char pattern[REMAP_LINE_MAX + 1], reason[256] = "";

	if (!str_copy(regex, pattern, sizeof(pattern))) {
		complain_at(parser, true, "Bad regex in remap line ",
		    ": ", STR("NUL byte"));
		return false;
	}
	if (parser->engine->compile(parser->engine->ctx,
	    parser->remap->rules_n, pattern, (flags & RULE_ICASE) != 0,
	    reason, sizeof(reason)))
		return true;
	complain_at(parser, true, "Bad regex in remap line ", ": ",
	    str_of(reason));
	return false;
}

static void
parse_rule(struct parser *parser, struct str line)
{
	struct remap *remap = parser->remap;
	struct remap_rule *rule = &remap->rules[remap->rules_n];
	struct str rest = line, op, regex;
	unsigned flags;

	op = take_field(&rest);
	if (op.len == 0)
		return;
	if (op.len > 1 && op.p[0] == ':') {
		parse_label(parser, str_sub(op, 1, STR_NONE));
		return;
	}
	if (!parse_operation(parser, op, &flags))
		return;
	if ((flags & RULE_REPLACE) != 0 && (flags & RULE_INVERSE) != 0) {
		complain_at(parser, true, "r rules cannot be inverted, line ",
		    ": ", rest);
		return;
	}
	line = rest;
	regex = take_field(&rest);
	if (regex.len == 0) {
		while (line.len > 0 && is_blank(line.p[0]))
			line = str_sub(line, 1, STR_NONE);
		complain_at(parser, true, "No regex on remap line ", ": ",
		    line);
		return;
	}
	if (remap->rules_n == REMAP_RULES_MAX) {
		complain_at(parser, true, "Too many remap rules on line ", "",
		    STR(""));
		return;
	}
	if (!compile(parser, regex, flags))
		return;
	rule->flags = flags;
	rule->replacement = take_field(&rest);
	if ((flags & RULE_JUMP) != 0) {
		rule->label = (flags & RULE_REPLACE) != 0 ?
		    take_field(&rest) : rule->replacement;
		rule->target = parser->line;	/* until resolved */
	}
	remap->rules_n++;
}

/* Turn the labels of j rules into rule numbers.  As upstream's parser takes a
 * jump to nowhere, so do we: the rules end there. */
static void
resolve(struct parser *parser)
{
	struct remap *remap = parser->remap;
	const struct label *label;

	for (uint32_t i = 0; i < remap->rules_n; i++) {
		struct remap_rule *rule = &remap->rules[i];

		if ((rule->flags & RULE_JUMP) == 0)
			continue;
		parser->line = rule->target;
		rule->target = remap->rules_n;
		for (label = parser->labels; label != NULL;
		    label = label->next) {
			if (str_eq(label->name, rule->label))
				break;
		}
		if (label != NULL)
			rule->target = label->rule;
		else
			complain_at(parser, false, "No such label on remap "
			    "line ", ", jump ends the rules: ", rule->label);
	}
}

bool
remap_parse(struct remap *remap, struct str text, struct arena *arena,
    const struct remap_engine *engine,
    void (*report)(void *ctx, bool is_error, struct str message), void *ctx)
{
	struct parser parser = {
		.remap = remap, .arena = arena, .engine = engine,
		.report = report, .ctx = ctx
	};
	struct str line;

	remap->steps_max = REMAP_STEPS_DEFAULT;
	remap->rules_n = 0;
	remap->rules = ARENA_ARRAY(arena, struct remap_rule,
	    REMAP_RULES_MAX + 1);
	if (remap->rules == NULL || !arena_str(arena, text, &text)) {
		complain_at(&parser, true, "No memory for remap line ", "",
		    STR(""));
		return false;
	}
	while (text.len > 0) {
		parser.line++;
		line = str_cut(text, '\n', &text);
		if (line.len > REMAP_LINE_MAX)
			complain_at(&parser, true, "Remap line ",
			    " is too long", STR(""));
		else
			parse_rule(&parser, line);
	}
	resolve(&parser);
	return !parser.has_failed;
}

/* ---- applying -------------------------------------------------------------------- */

enum letter_case { CASE_KEEP, CASE_UPPER, CASE_LOWER };

struct run {
	const struct remap *remap;
	const struct remap_client *client;
	const struct remap_env *env;
	struct remap_name *name;
};

static void
trace(const struct run *run, enum remap_event event, uint32_t rule)
{
	struct str text = { run->name->text, run->name->len };

	if (run->env->trace != NULL)
		run->env->trace(run->env->ctx, event, rule, text, STR(""));
}

static void
put_cased(struct wr *wr, struct str s, enum letter_case letter_case)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (letter_case == CASE_LOWER)
			c = str_lower(c);
		else if (letter_case == CASE_UPPER && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		wr_u8(wr, (uint8_t)c);
	}
}

/* Text of the macro \c; false when c is just a protected character. */
static bool
macro(const struct run *run, char c, const struct remap_span *spans,
    struct str *ret)
{
	const struct remap_client *client = run->client;
	const struct remap_span *span;

	if (c >= '0' && c <= '9') {
		span = &spans[c - '0'];
		*ret = span->from == STR_NONE ? STR("") :
		    str_sub(str_make(run->name->text, run->name->len),
		    span->from, span->to - span->from);
		return true;
	}
	if (c == 'i')
		*ret = client->addr;
	else if (c == 'x')
		*ret = client->addr_hex;
	else if (c == 'm' && client->has_leases)
		*ret = client->mac;
	else if (c == 'c' && client->has_leases)
		*ret = client->client_id;
	else if (c == 'h' && client->has_leases)
		*ret = client->hostname;
	else
		return false;
	return true;
}

/* What is before the match, the replacement, what is behind. */
static void
expand(const struct run *run, struct str replacement,
    const struct remap_span *spans, struct wr *wr)
{
	struct str name = { run->name->text, run->name->len }, s;
	enum letter_case letter_case = CASE_KEEP;

	wr_str(wr, str_sub(name, 0, spans[0].from));
	for (size_t i = 0; i < replacement.len; i++) {
		char c = replacement.p[i];

		s = str_sub(replacement, i, 1);
		if (c == '\\' && i + 1 < replacement.len) {
			c = replacement.p[++i];
			if (c == 'U' || c == 'L' || c == 'E') {
				letter_case = c == 'U' ? CASE_UPPER :
				    c == 'L' ? CASE_LOWER : CASE_KEEP;
				continue;
			}
			if (!macro(run, c, spans, &s))
				s = str_sub(replacement, i, 1);
		}
		put_cased(wr, s, letter_case);
	}
}

static bool
search(const struct run *run, uint32_t rule, size_t from,
    struct remap_span *spans)
{
	if (!run->env->engine->search(run->env->engine->ctx, rule,
	    run->name->text + from, from > 0, spans))
		return false;
	for (size_t i = 0; i < REMAP_GROUPS; i++) {
		if (spans[i].from == STR_NONE)
			continue;
		spans[i].from += from;
		spans[i].to += from;
		ASSERT(spans[i].from <= spans[i].to);
		ASSERT(spans[i].to <= run->name->len);
	}
	return true;
}

/* Put the replacement into the name; false when it gets too long. */
static bool
rewrite(struct run *run, uint32_t rule, const struct remap_span *spans,
    size_t *ret_behind)
{
	struct remap_name result;
	struct wr wr;

	wr_init(&wr, result.text, sizeof(result.text) - 1);
	expand(run, run->remap->rules[rule].replacement, spans, &wr);
	*ret_behind = wr.len;
	wr_str(&wr, str_sub(str_make(run->name->text, run->name->len),
	    spans[0].to, STR_NONE));
	if (!wr_ok(&wr))
		return false;
	memcpy(run->name->text, result.text, wr.len);
	run->name->text[wr.len] = '\0';
	run->name->len = wr.len;
	trace(run, REMAP_REWRITE, rule);
	return true;
}

/* An r rule that has matched: once, or as often as it does. */
static bool
replace(struct run *run, uint32_t rule, struct remap_span *spans)
{
	unsigned flags = run->remap->rules[rule].flags;
	size_t behind;
	bool is_empty;

	for (unsigned n = 0; n <= PROTO_NAME_MAX; n++) {
		is_empty = spans[0].from == spans[0].to;
		if (!rewrite(run, rule, spans, &behind))
			return false;
		if ((flags & RULE_GLOBAL) == 0)
			return true;
		if ((flags & RULE_ONWARD) == 0)
			behind = 0;
		else if (is_empty)	/* or it would match there for ever */
			behind++;
		if (behind > run->name->len ||
		    !search(run, rule, behind, spans))
			return true;
	}
	return false;
}

static void
refuse(struct run *run, uint32_t rule, const struct remap_span *spans)
{
	struct str replacement = run->remap->rules[rule].replacement;
	struct remap_span everything[REMAP_GROUPS];
	struct remap_name result;
	struct wr wr;

	trace(run, REMAP_ABORTED, rule);
	if (spans == NULL) {		/* ~a: the message alone */
		for (size_t i = 0; i < REMAP_GROUPS; i++)
			everything[i].from = everything[i].to = STR_NONE;
		everything[0].from = 0;
		everything[0].to = run->name->len;
		spans = everything;
	}
	wr_init(&wr, result.text, sizeof(result.text) - 1);
	expand(run, replacement, spans, &wr);
	wr_str(&wr, str_sub(str_make(run->name->text, run->name->len),
	    spans[0].to, STR_NONE));
	if (replacement.len == 0 || !wr_ok(&wr)) {
		wr_cut(&wr, 0);
		wr_text(&wr, "Access denied");
	}
	memcpy(run->name->text, result.text, wr.len);
	run->name->text[wr.len] = '\0';
	run->name->len = wr.len;
}

static bool
applies(const struct run *run, unsigned flags)
{
	if ((flags & RULE_GET) != 0 && run->client->is_write)
		return false;
	if ((flags & RULE_PUT) != 0 && !run->client->is_write)
		return false;
	if ((flags & RULE_V4) != 0 && run->client->is_v6)
		return false;
	return (flags & RULE_V6) == 0 || run->client->is_v6;
}

/* Where to go on behind a rule that acted; the end is rules_n. */
static uint32_t
next_rule(const struct run *run, uint32_t rule, bool *ret_has_exited)
{
	const struct remap_rule *r = &run->remap->rules[rule];
	struct str name = { run->name->text, run->name->len };

	if ((r->flags & RULE_EXIT) != 0 ||
	    ((r->flags & RULE_EXIT_FILE) != 0 && run->env->is_file != NULL &&
	    run->env->is_file(run->env->ctx, name))) {
		trace(run, REMAP_EXIT, rule);
		*ret_has_exited = true;
		return run->remap->rules_n;
	}
	if ((r->flags & RULE_RESTART) != 0) {
		trace(run, REMAP_RESTART, 0);
		return 0;
	}
	if ((r->flags & RULE_JUMP) != 0) {
		trace(run, REMAP_JUMP, rule);
		return r->target;
	}
	return rule + 1;
}

static enum remap_verdict
run_rules(struct run *run)
{
	struct remap_span spans[REMAP_GROUPS];
	bool is_match, has_exited = false;
	uint32_t i = 0, steps_n = 0;

	while (i < run->remap->rules_n) {
		const struct remap_rule *rule = &run->remap->rules[i];

		if (!applies(run, rule->flags)) {
			i++;
			continue;
		}
		is_match = search(run, i, 0, spans);
		if (is_match == ((rule->flags & RULE_INVERSE) != 0)) {
			i++;
			continue;
		}
		if (++steps_n >= run->remap->steps_max)
			return REMAP_FAILED;
		if ((rule->flags & RULE_ABORT) != 0) {
			refuse(run, i, is_match ? spans : NULL);
			return REMAP_REFUSED;
		}
		if ((rule->flags & RULE_REPLACE) != 0 &&
		    !replace(run, i, spans))
			return REMAP_FAILED;
		i = next_rule(run, i, &has_exited);
	}
	if (!has_exited)
		trace(run, REMAP_DONE, 0);
	return REMAP_OK;
}

enum remap_verdict
remap_apply(const struct remap *remap, const struct remap_client *client,
    const struct remap_env *env, struct remap_name *name)
{
	struct run run = {
		.remap = remap, .client = client, .env = env, .name = name
	};
	struct remap_name input;
	enum remap_verdict verdict;

	ASSERT(name->len <= PROTO_NAME_MAX);
	ASSERT(name->text[name->len] == '\0');
	memcpy(input.text, name->text, name->len + 1);
	input.len = name->len;
	trace(&run, REMAP_INPUT, 0);
	verdict = run_rules(&run);
	if (verdict != REMAP_FAILED)
		return verdict;
	if (env->trace != NULL)
		env->trace(env->ctx, REMAP_LOOP, 0,
		    str_make(input.text, input.len),
		    str_make(name->text, name->len));
	return verdict;
}
