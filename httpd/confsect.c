/* SPDX-License-Identifier: ISC */
/*
 * confsect - sections: what opens one, what may stand in it, where it goes.
 *
 * Owns the nesting rules.  A section's directives are read by conf_body into
 * a struct conf_dir of its own; afterwards the level around it is restored.
 * Sections that a condition leaves out are skipped by counting only.
 */

#include "httpd/confsect.h"

#include <string.h>

#include "common/num.h"

#include "httpd/access.h"
#include "httpd/addr.h"
#include "httpd/confacc.h"
#include "httpd/confbuild.h"
#include "httpd/confset.h"
#include "httpd/proto.h"

/*
 * Skip to the end of a section that does not count.  Nested sections must be
 * balanced, whatever their names.
 */
static void
skip(struct confbuild *b, struct lex *lex, const struct dirtab_row *row)
{
	struct str open[CONFBUILD_DEPTH_MAX], line;
	struct diag_pos opened = b->pos;
	unsigned n = 0;

	open[n++] = str_of(row->name + 1);
	while (!b->is_broken && lex_line(lex, b->a, &line)) {
		struct str name;
		size_t i = 1;

		if (line.p[0] != '<')
			continue;
		while (i < line.len && line.p[i] != ' ' &&
		    line.p[i] != '\t' && line.p[i] != '>')
			i++;
		name = str_sub(line, 1, i - 1);
		b->pos.line = lex->line;
		if (name.len == 0 || name.p[0] != '/') {
			if (n == CONFBUILD_DEPTH_MAX) {
				conf_error(b, "sections nested too deeply");
				b->is_broken = true;
				return;
			}
			open[n++] = name;
			continue;
		}
		name = str_sub(name, 1, name.len);
		if (!str_ieq(name, open[n - 1])) {
			conf_structure(b, "Expected </%.*s> but saw </%.*s>",
			    STR_ARG(open[n - 1]), STR_ARG(name));
			return;
		}
		if (--n == 0)
			return;
	}
	if (b->is_broken)
		return;		/* by the condition itself */
	b->pos = opened;
	conf_structure(b, "%.*s:%u: %s> was not closed.",
	    STR_ARG(opened.file), opened.line, row->name);
}

/*
 * The arguments before the closing '>'.  Without it, a condition leaves open
 * what comes next.
 */
static struct str
inside(struct confbuild *b, struct str args)
{
	static const char text[] = "%s> directive missing closing '>'";
	size_t end = str_rchr(args, '>');

	if (end != STR_NONE)
		return str_trim(str_sub(args, 0, end));
	if (b->row->kind == DIRTAB_K_SEC_COND)
		conf_structure(b, text, b->row->name);
	else
		conf_error(b, text, b->row->name);
	return args;
}

/* ---- conditions ---- */

/*
 * Compare versions number by number; missing ones are 0.
 */
static bool
version_parse(struct str text, uint32_t v[3])
{
	v[0] = v[1] = v[2] = 0;
	for (unsigned i = 0; i < 3; i++) {
		struct str rest;

		if (!num_u32(str_cut(text, '.', &rest), 0, 9999, &v[i]))
			return false;
		if (rest.p == NULL)
			return true;
		text = rest;
	}
	return false;
}

static bool
version_wrong(struct confbuild *b)
{
	conf_structure(b, "Version appears to be invalid. It must have the "
	    "format major[.minor[.patch]] where major, minor and patch are "
	    "numbers.");
	return false;
}

static bool
version_holds(struct confbuild *b, struct str op, struct str text)
{
	uint32_t have[3], want[3];
	bool is_not = op.len > 1 && op.p[0] == '!', holds;
	int c = 0;

	if (is_not)
		op = str_sub(op, 1, op.len);
	if (str_eq(op, STR("~")) || (text.len > 1 && text.p[0] == '/')) {
		struct re_scratch *s = ARENA_NEW(b->a, struct re_scratch);
		const struct re *re;

		if (text.len > 1 && str_starts(text, STR("/")) &&
		    str_ends(text, STR("/")))
			text = str_sub(text, 1, text.len - 2);
		re = confset_regex(b, text, false);
		if (re == NULL || s == NULL)
			return false;
		return re_exec(re, STR(CONF_APACHE_VERSION), s, NULL) !=
		    is_not;
	}
	(void)!version_parse(STR(CONF_APACHE_VERSION), have);	/* ours */
	if (!version_parse(text, want))
		return version_wrong(b);
	for (unsigned i = 0; i < 3 && c == 0; i++)
		c = have[i] < want[i] ? -1 : have[i] > want[i];
	if (op.len == 0 || str_eq(op, STR("=")) || str_eq(op, STR("==")))
		holds = c == 0;
	else if (str_eq(op, STR(">")))
		holds = c > 0;
	else if (str_eq(op, STR(">=")))
		holds = c >= 0;
	else if (str_eq(op, STR("<")))
		holds = c < 0;
	else if (str_eq(op, STR("<=")))
		holds = c <= 0;
	else {
		conf_structure(b, "unrecognized operator '%.*s'", STR_ARG(op));
		return false;
	}
	return holds != is_not;
}

/*
 * Whether a directive, or a section with '<' in front, is at hand: its module
 * is loaded and it is not refused.  Without any LoadModule all modules are.
 */
static bool
has_directive(const struct confbuild *b, struct str name)
{
	const struct dirtab_row *row = dirtab_find(name);
	char module[64];
	struct wr w;

	if (row == NULL || row->treat == DIRTAB_REJECT)
		return false;
	if (b->modules.n == 0 ||
	    !str_starts(str_of(row->module), STR("mod_")))
		return true;
	wr_init(&w, module, sizeof(module));
	wr_fmt(&w, "%s.c", row->module);
	return conf_has_module(b, wr_as_str(&w));
}

static bool
has_section(const struct confbuild *b, struct str name)
{
	char open[64];
	struct wr w;

	wr_init(&w, open, sizeof(open));
	wr_u8(&w, '<');
	wr_str(&w, name);
	return wr_ok(&w) && has_directive(b, wr_as_str(&w));
}

static bool
has_file(struct confbuild *b, struct str name)
{
	const char *path = conf_path(b, name);

	return path != NULL && b->io != NULL &&
	    b->io->kind(b->io->arg, path) >= 0;
}

static bool
condition(struct confbuild *b, struct str args)
{
	struct lex_vars vars = conf_vars(b);
	struct str name = str_of(NULL), more = str_of(NULL);
	struct str what = str_sub(str_of(b->row->name), 3, STR_NONE);
	bool is_not = false, holds;

	args = inside(b, args);
	if (b->is_broken)
		return false;
	(void)!lex_word(&args, &vars, b->a, &name);	/* or empty */
	if (str_eq(what, STR("Version"))) {
		if (name.len == 0)
			return version_wrong(b);
		if (lex_word(&args, &vars, b->a, &more))
			return version_holds(b, name, more);
		return version_holds(b, str_of(NULL), name);
	}
	if (name.len > 0 && name.p[0] == '!') {
		is_not = true;
		name = str_sub(name, 1, name.len);
	}
	if (name.len == 0) {
		conf_structure(b, "%s> directive requires additional "
		    "arguments", b->row->name);
		return false;
	}
	if (str_eq(what, STR("Module")))
		holds = conf_has_module(b, name);
	else if (str_eq(what, STR("Define")))
		holds = conf_is_defined(b, name);
	else if (str_eq(what, STR("Directive")))
		holds = has_directive(b, name);
	else if (str_eq(what, STR("Section")))
		holds = has_section(b, name);
	else
		holds = has_file(b, name);
	return holds != is_not;
}

/* ---- levels ---- */

/* What a section changes and its end puts back. */
struct level {
	struct conf_vhost *vh;
	struct conf_dir *dir;
	struct conf_section *sec;
	struct access_node *container;
	uint8_t ctx;
	uint32_t limit;
};

static struct level
level_save(const struct confbuild *b)
{
	return (struct level){ b->vh, b->dir, b->sec, b->container, b->ctx,
	    b->limit };
}

static void
level_restore(struct confbuild *b, const struct level *l)
{
	b->vh = l->vh;
	b->dir = l->dir;
	b->sec = l->sec;
	b->container = l->container;
	b->ctx = l->ctx;
	b->limit = l->limit;
}

/*
 * A pattern without the trailing slash, but "/" itself.
 */
static struct str
unslashed(struct str s)
{
	while (s.len > 1 && s.p[s.len - 1] == '/')
		s.len--;
	return s;
}

static unsigned
components(struct str path)
{
	unsigned n = 1;

	for (size_t i = 1; i < path.len; i++)
		if (path.p[i] == '/')
			n++;
	return path.len <= 1 ? 1 : n + 1;
}

static bool
is_glob(struct str s)
{
	return str_chr(s, '*') != STR_NONE || str_chr(s, '?') != STR_NONE ||
	    str_chr(s, '[') != STR_NONE;
}

/*
 * Pattern or expression of a <Directory>, <Files> or <Location>.  False when
 * nothing can ever fit it.
 */
static bool
sec_pattern(struct confbuild *b, struct conf_section *s, struct str args)
{
	struct lex_vars vars = conf_vars(b);
	struct str name = str_of(b->row->name), word = str_of(NULL);
	bool is_re = str_ends(name, STR("Match"));

	if (!lex_word(&args, &vars, b->a, &word)) {
		conf_error(b, "%s> directive requires additional arguments",
		    b->row->name);
		return true;
	}
	if (str_eq(word, STR("~")) && !is_re) {
		is_re = true;
		if (!lex_word(&args, &vars, b->a, &word)) {
			conf_error(b, "%s ~ needs a regular expression",
			    b->row->name);
			return true;
		}
	}
	if (str_trim(args).len > 0) {
		conf_error(b, "Multiple %s> arguments not (yet) supported.",
		    b->row->name);
		return true;
	}
	s->pattern = confset_copy(b, word);
	if (is_re) {
		s->re = confset_regex(b, s->pattern, false);
		if (s->kind == CONFSEC_DIR) {
			/* the peer sorts these by slashes in the pattern */
			s->kind = CONFSEC_DIRMATCH;
			for (size_t i = 0; i < s->pattern.len; i++)
				s->depth += s->pattern.p[i] == '/';
		}
		return true;
	}
	s->is_glob = is_glob(s->pattern);
	if (s->kind == CONFSEC_DIR) {
		s->pattern = unslashed(s->pattern);
		s->depth = components(s->pattern);
		/* the peer takes it too, and never looks at it again */
		if (s->pattern.len == 0 || (s->pattern.p[0] != '/' &&
		    !is_glob(str_sub(s->pattern, 0, 1)))) {
			conf_warn(b, "<Directory \"%.*s\"> is no absolute path "
			    "and applies to nothing (line %u of %.*s)",
			    STR_ARG(s->pattern), b->pos.line,
			    STR_ARG(b->pos.file));
			return false;
		}
	}
	return true;
}

static uint8_t
sec_kind(struct str name)
{
	if (str_starts(name, STR("<Directory")))
		return CONFSEC_DIR;
	if (str_starts(name, STR("<Files")))
		return CONFSEC_FILES;
	if (str_starts(name, STR("<Location")))
		return CONFSEC_LOCATION;
	if (str_eq(name, STR("<If")))
		return CONFSEC_IF;
	return str_eq(name, STR("<ElseIf")) ? CONFSEC_ELSEIF : CONFSEC_ELSE;
}

/*
 * The list of the level around to which a section belongs; NULL for <Files>
 * where it can never apply.
 */
static struct conf_sections *
sec_home(struct confbuild *b, uint8_t kind)
{
	if (b->sec != NULL && kind >= CONFSEC_IF)
		return &b->sec->ifs;
	if (b->sec != NULL)
		return b->sec->kind == CONFSEC_DIR ||
		    b->sec->kind == CONFSEC_DIRMATCH ? &b->sec->files : NULL;
	switch (kind) {
	case CONFSEC_DIR:
		return &b->vh->dirs;
	case CONFSEC_DIRMATCH:
		return &b->vh->dirmatch;
	case CONFSEC_FILES:
		return &b->vh->files;
	case CONFSEC_LOCATION:
		return &b->vh->locations;
	default:
		return &b->vh->ifs;
	}
}

static void
sec_expr(struct confbuild *b, struct conf_section *s, struct str args)
{
	struct lex_vars vars = conf_vars(b);
	struct str rest = args, text;

	if (s->kind == CONFSEC_ELSE) {
		if (args.len > 0)
			conf_error(b, "<Else> does not take an argument");
		return;
	}
	if (args.len == 0) {
		conf_error(b, "%s> directive requires additional arguments",
		    b->row->name);
		return;
	}
	/* the whole argument may be in quotes, with inner ones escaped */
	if ((args.p[0] == '"' || args.p[0] == '\'') &&
	    lex_word(&rest, &vars, b->a, &text) && rest.len == 0)
		args = text;
	s->expr = confset_expr(b, args, (unsigned)strlen(b->row->name) + 1,
	    "condition clause");
}

/* <ElseIf> and <Else> go on where an <If> of the same level ended */
static bool
follows_if(const struct conf_sections *home)
{
	/* only <Files> may have none */
	ASSERT(home != NULL);
	return home->n > 0 && home->v[home->n - 1]->kind != CONFSEC_ELSE;
}

/* Where a section must not stand, though it may stand in such a place. */
static bool
is_misplaced(struct confbuild *b, uint8_t kind)
{
	const char *name = b->row->name;

	if (b->limit != UINT32_MAX || b->container != NULL)
		conf_error(b, "%s> cannot occur within <Limit> or "
		    "<LimitExcept> section", name);
	else if (kind == CONFSEC_FILES && b->sec != NULL &&
	    b->sec->kind == CONFSEC_LOCATION)
		conf_error(b, "%s> cannot occur within %s> section", name,
		    b->open->name);
	else
		return false;
	return true;
}

static void
sec_open(struct confbuild *b, struct lex *lex, struct str args)
{
	const struct dirtab_row *row = b->row;
	struct level outer = level_save(b);
	struct conf_section *s = ARENA_NEW(b->a, struct conf_section);
	struct conf_sections *home;
	struct diag_pos opened = b->pos;
	bool is_dead = false, is_first, is_wrong;

	if (s == NULL) {
		conf_full(b);
		return;
	}
	s->kind = sec_kind(str_of(row->name));
	s->where.file = b->pos.file.p;
	s->where.line = b->pos.line;
	args = inside(b, args);
	if (s->kind >= CONFSEC_IF)
		sec_expr(b, s, args);
	else
		is_dead = !sec_pattern(b, s, args);
	home = sec_home(b, s->kind);
	is_wrong = is_misplaced(b, s->kind);
	is_first = s->kind > CONFSEC_IF && !follows_if(home);
	/* the peer takes it, and never looks at it */
	if (home == NULL && !is_wrong)
		conf_warn(b, "%s> in %s> applies to nothing (line %u of %.*s)",
		    row->name, b->open->name, b->pos.line,
		    STR_ARG(b->pos.file));
	if (b->sections_n == UINT16_MAX) {
		conf_error(b, "more than %d sections", UINT16_MAX);
		home = NULL;
	}
	s->id = (uint16_t)++b->sections_n;
	s->order = ++b->order;
	if (home != NULL && !is_dead)
		confset_add_ptr(b, (const void *const **)(void *)&home->v,
		    &home->n, s);
	b->sec = s;
	b->dir = &s->dir;
	b->container = NULL;
	if (b->ctx != DIRTAB_H)
		b->ctx = DIRTAB_D;
	conf_body(b, lex, row);
	level_restore(b, &outer);
	if (!is_first || b->is_broken)
		return;
	b->pos = opened;
	conf_error(b, "<Else> or <ElseIf> section without previous <If> or "
	    "<ElseIf> section in same scope");
}

static void
refuse_trace(struct confbuild *b, const struct conf_words *methods)
{
	for (unsigned i = 0; i < methods->n; i++)
		if (proto_method(methods->v[i]) == PROTO_TRACE) {
			conf_error(b, "TRACE cannot be controlled by <Limit>, "
			    "see TraceEnable");
			return;
		}
}

static void
limit_open(struct confbuild *b, struct lex *lex, struct str args)
{
	const struct dirtab_row *row = b->row;
	struct level outer = level_save(b);
	struct lex_vars vars = conf_vars(b);
	struct conf_words words = { NULL, 0 };
	bool is_except = str_eq(str_of(row->name), STR("<LimitExcept"));
	struct str word;
	uint32_t mask;

	args = inside(b, args);
	while (lex_word(&args, &vars, b->a, &word))
		confset_add_word(b, &words, word);
	if (words.n == 0)
		conf_error(b, "%s> directive requires additional arguments",
		    row->name);
	if (!is_except)
		refuse_trace(b, &words);
	mask = confset_methods(b, &words, 0);
	mask = is_except ? ~mask : mask;
	if (b->limit != UINT32_MAX && (b->limit & mask) == b->limit)
		conf_error(b, "%s> directive specifies methods already "
		    "excluded", row->name);
	else if (b->limit != UINT32_MAX && (b->limit & mask) == 0)
		conf_error(b, "%s> directive excludes all methods",
		    row->name);
	b->limit &= mask;
	conf_body(b, lex, row);
	level_restore(b, &outer);
}

/* ---- hosts ---- */

static bool
is_number(struct str s)
{
	size_t i = 0;

	while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return s.len > 0 && i == s.len;
}

/*
 * Cut ":80" or ":*" off a host; what is neither belongs to its name.
 */
static bool
claim_port(struct str *host, uint16_t *ret)
{
	size_t colon = str_rchr(*host, ':');
	struct str port;
	uint32_t n = 0;

	if (host->p[0] == '[' && str_chr(*host, ']') == STR_NONE)
		return false;
	if (colon == STR_NONE || (host->p[0] == '[' &&
	    colon < str_rchr(*host, ']')))
		return true;
	port = str_sub(*host, colon + 1, host->len);
	if (is_number(port) && !num_u32(port, 1, 65535, &n))
		return false;
	if (n > 0 || str_eq(port, STR("*")))
		*host = str_sub(*host, 0, colon);
	*ret = (uint16_t)n;
	return host->len > 0;
}

/*
 * "10.0.0.1:80", "*:80", "_default_", "[::1]:*" .. of a <VirtualHost>.
 */
static void
claim(struct confbuild *b, struct str word, uint16_t vhost)
{
	struct confbuild_claim *c = ARENA_NEW(b->a, struct confbuild_claim);
	struct str host = word;
	uint32_t port;

	if (c == NULL) {
		conf_full(b);
		return;
	}
	if (is_number(word) && num_u32(word, 1, 65535, &port)) {
		conf_error(b, "Missing address for VirtualHost");
		return;
	}
	if (is_number(word) || !claim_port(&host, &c->port)) {
		conf_error(b, "The address or port is invalid");
		return;
	}
	if (!str_ieq(host, STR("_default_")) && !str_eq(host, STR("*")) &&
	    !addr_parse(host, &c->addr)) {
		char name[256];

		if (!str_copy(host, name, sizeof(name)) ||
		    b->io->resolve(b->io->arg, name, &c->addr) != 0) {
			conf_warn(b, "AH00547: Could not resolve host name "
			    "%.*s -- ignoring!", STR_ARG(host));
			return;
		}
	}
	c->vhost = vhost;
	*b->claims_end = c;
	b->claims_end = &c->next;
}

static void
vhost_open(struct confbuild *b, struct lex *lex, struct str args)
{
	const struct dirtab_row *row = b->row;
	struct level outer = level_save(b);
	struct lex_vars vars = conf_vars(b);
	struct conf_vhost *vh = ARENA_NEW(b->a, struct conf_vhost);
	struct str word;
	unsigned n = 0;

	if (vh == NULL) {
		conf_full(b);
		return;
	}
	args = inside(b, args);
	if (b->vhosts_n == CONFBUILD_VHOSTS_MAX) {
		conf_error(b, "more than %d hosts", CONFBUILD_VHOSTS_MAX);
		b->is_broken = true;
		return;
	}
	vh->where.file = b->pos.file.p;
	vh->where.line = b->pos.line;
	while (lex_word(&args, &vars, b->a, &word)) {
		if (word.len > 0)
			claim(b, word, (uint16_t)b->vhosts_n);
		n++;
	}
	if (n == 0)
		conf_error(b, "<VirtualHost> directive requires additional "
		    "arguments");
	b->vhosts[b->vhosts_n++] = vh;
	b->vh = vh;
	b->dir = &vh->base;
	b->ctx = DIRTAB_V;
	conf_body(b, lex, row);
	level_restore(b, &outer);
}

/*
 * Whether a section may stand here at all; says so if not.
 */
static bool
may_open(struct confbuild *b, const struct dirtab_row *row)
{
	if (row->contexts & b->ctx)
		return true;
	if (b->ctx == DIRTAB_V && (row->contexts & DIRTAB_S))
		conf_error(b, "%s> cannot occur within <VirtualHost> section",
		    row->name);
	else if (b->open != NULL)
		conf_error(b, "%s not allowed in %s> context", row->name,
		    b->open->name);
	else
		conf_error(b, "%s not allowed here", row->name);
	return false;
}

void
confsect_open(struct confbuild *b, struct lex *lex,
    const struct dirtab_row *row, struct str args)
{
	if (++b->depth > CONFBUILD_DEPTH_MAX) {
		conf_error(b, "sections nested too deeply");
		b->is_broken = true;
		return;
	}
	if (row->kind == DIRTAB_K_SEC_COND) {
		if (condition(b, args))
			conf_body(b, lex, row);
		else
			skip(b, lex, row);
	} else if (row->kind == DIRTAB_K_SEC_SKIP || !may_open(b, row))
		skip(b, lex, row);
	else if (row->kind == DIRTAB_K_SEC_VHOST)
		vhost_open(b, lex, args);
	else if (row->kind == DIRTAB_K_SEC_LIMIT)
		limit_open(b, lex, args);
	else if (row->kind == DIRTAB_K_SEC_REQUIRE)
		confacc_container(b, lex, args);
	else
		sec_open(b, lex, args);
	b->depth--;
}
