/* SPDX-License-Identifier: ISC */
/*
 * conf - reads a configuration: lines, directives, includes, conditions.
 *
 * Owns the walk through the text: which directive may stand where, how many
 * words it takes, what <IfModule>, <IfDefine> and <IfVersion> leave out, how
 * files include each other.  What a directive does is in the files named in
 * confbuild.h; which ones exist is in dirtab.c.
 *
 * Errors are collected, up to CONFBUILD_ERRORS_MAX.  Only an error of the
 * structure (a missing or wrong closing line, an include that cannot be read)
 * ends the reading, because what follows would be nonsense.  Pure: files come
 * through struct conf_io.
 */

#include "httpd/conf.h"

#include <errno.h>
#include <string.h>

#include "httpd/confbuild.h"
#include "httpd/conffin.h"
#include "httpd/confsect.h"
#include "httpd/confset.h"

static void add_error(struct confbuild *b, const char *fmt, va_list ap)
    PRINTF_LIKE(2, 0);

static void
add_error(struct confbuild *b, const char *fmt, va_list ap)
{
	if (b->diag->errors_n < CONFBUILD_ERRORS_MAX)
		diag_vadd(b->diag, DIAG_ERROR, &b->pos, fmt, ap);
	else
		b->is_broken = true;
}

void
conf_error(struct confbuild *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_error(b, fmt, ap);
	va_end(ap);
}

void
conf_warn(struct confbuild *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_vadd(b->diag, DIAG_WARNING, &b->pos, fmt, ap);
	va_end(ap);
}

void
conf_full(struct confbuild *b)
{
	b->is_broken = true;
	if (b->is_full)
		return;
	b->is_full = true;
	conf_error(b, "configuration is too large for its memory");
}

void
conf_structure(struct confbuild *b, const char *fmt, ...)
{
	char text[512];
	struct wr w;
	va_list ap;

	wr_init(&w, text, sizeof(text));
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	conf_error(b, "Syntax error on line %u of %.*s: %.*s",
	    b->pos.line, STR_ARG(b->pos.file), STR_ARG(wr_as_str(&w)));
	b->is_broken = true;
}

/* ---- variables ---- */

static struct confbuild_var *
var_find(const struct confbuild *b, struct str name)
{
	for (unsigned i = 0; i < b->vars_n; i++)
		if (!b->vars[i].is_gone && str_eq(b->vars[i].name, name))
			return (struct confbuild_var *)&b->vars[i];
	return NULL;
}

static struct str
var_get(void *ctx, struct str name)
{
	struct confbuild *b = ctx;
	const struct confbuild_var *v = var_find(b, name);
	char buf[256];

	if (v != NULL)
		return v->value;
	if (b->io == NULL || !str_copy(name, buf, sizeof(buf)))
		return str_of(NULL);
	return str_of(b->io->env(b->io->arg, buf));
}

static void
var_missing(void *ctx, struct str name)
{
	conf_warn(ctx, "AH00111: Config variable ${%.*s} is not defined",
	    STR_ARG(name));
}

struct lex_vars
conf_vars(struct confbuild *b)
{
	return (struct lex_vars){ var_get, var_missing, b };
}

void
conf_define(struct confbuild *b, struct str name, struct str value)
{
	struct confbuild_var *v = var_find(b, name);

	if (value.p == NULL) {
		if (v != NULL)
			v->is_gone = true;
		return;
	}
	if (v == NULL) {
		if (b->vars_n == CONFBUILD_VARS_MAX) {
			conf_error(b, "more than %d names are defined",
			    CONFBUILD_VARS_MAX);
			return;
		}
		v = &b->vars[b->vars_n++];
		v->name = name;
		v->is_gone = false;
	}
	v->value = value;
}

bool
conf_is_defined(const struct confbuild *b, struct str name)
{
	return var_find(b, name) != NULL;
}

/* Always there, by both of their names. */
static const struct {
	const char *id, *file;
} builtin[] = {
	{ "core_module", "core.c" }, { "http_module", "http_core.c" },
	{ "so_module", "mod_so.c" },
	{ "log_config_module", "mod_log_config.c" },
	{ "logio_module", "mod_logio.c" }, { "unixd_module", "mod_unixd.c" },
	{ "version_module", "mod_version.c" },
};

/*
 * A module as LoadModule names it, against what <IfModule> asks: the same
 * identifier, or the source file it usually comes from.
 */
static bool
module_is(struct str id, struct str asked)
{
	struct str stem = str_sub(asked, 0, asked.len - 2);
	struct str mpm = STR("mpm_");

	if (str_eq(id, asked))
		return true;
	if (!str_ends(asked, STR(".c")) || !str_ends(id, STR("_module")))
		return false;
	id.len -= STR("_module").len;
	if (str_starts(stem, STR("mod_")))
		return str_eq(id, str_sub(stem, 4, stem.len));
	return str_starts(id, mpm) &&
	    str_eq(str_sub(id, mpm.len, id.len), stem);
}

bool
conf_has_module(const struct confbuild *b, struct str name)
{
	bool has_mpm = false;

	if (name.len < 2)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(builtin); i++)
		if (str_eq(name, str_of(builtin[i].id)) ||
		    str_eq(name, str_of(builtin[i].file)))
			return true;
	for (unsigned i = 0; i < b->modules.n; i++) {
		if (module_is(b->modules.v[i], name))
			return true;
		if (str_starts(b->modules.v[i], STR("mpm_")))
			has_mpm = true;
	}
	/* files of 2.2 name no MPM: prefork was built in */
	return !has_mpm && module_is(STR("mpm_prefork_module"), name);
}

/* ---- file names ---- */

const char *
conf_path(struct confbuild *b, struct str name)
{
	struct str root = str_of(b->root), ret;
	char *p;

	if (name.len > 0 && name.p[0] == '/') {
		if (!arena_str(b->a, name, &ret)) {
			conf_full(b);
			return NULL;
		}
		return ret.p;
	}
	p = arena_alloc(b->a, root.len + 1 + name.len + 1, 1);
	if (p == NULL) {
		conf_full(b);
		return NULL;
	}
	if (root.len > 0 && root.p[root.len - 1] == '/')
		root.len--;
	memcpy(p, root.p, root.len);
	p[root.len] = '/';
	if (name.len > 0)
		memcpy(p + root.len + 1, name.p, name.len);
	p[root.len + 1 + name.len] = '\0';
	return p;
}

/* ---- one directive ---- */

static void
wrong_count(struct confbuild *b)
{
	static const char *const words[] = { "no", "one", "two", "three" };
	const struct dirtab_row *r = b->row;
	const char *name = r->name;

	ASSERT(r->min < ARRAY_LEN(words));
	if (r->kind == DIRTAB_K_FLAG || r->kind == DIRTAB_K_IXRESET)
		conf_error(b, "%s must be On or Off", name);
	else if (r->kind == DIRTAB_K_LISTEN)
		conf_error(b, "%s requires 1 or 2 arguments.", name);
	else if (r->max == DIRTAB_MANY)
		conf_error(b, "%s requires at least %s argument%s", name,
		    words[r->min], r->min == 1 ? "" : "s");
	else if (r->min == r->max)
		conf_error(b, "%s takes %s argument%s", name, words[r->min],
		    r->min == 1 ? "" : "s");
	else if (r->max == 3)
		conf_error(b, "%s takes %stwo or three arguments", name,
		    r->min == 1 ? "one, " : "");
	else
		conf_error(b, "%s takes %u-%u arguments", name, r->min,
		    r->max);
}

/*
 * Whether a directive has the words it needs, and no more than it takes.  An
 * empty word is no argument, except in a list.
 */
static bool
is_count_right(const struct dirtab_row *row, const struct conf_words *words)
{
	if (row->kind == DIRTAB_K_FLAG || row->kind == DIRTAB_K_IXRESET)
		return words->n > 0;
	if (words->n < row->min ||
	    (words->n > row->max && row->max != DIRTAB_MANY))
		return false;
	/* of most lists only what stands before it counts */
	for (unsigned i = 0; i < row->min; i++)
		if (words->v[i].len == 0 && (row->max != DIRTAB_MANY ||
		    i + 1 < row->min || row->kind == DIRTAB_K_EXT_REMOVE ||
		    row->kind == DIRTAB_K_IXIGNORE ||
		    row->kind == DIRTAB_K_SETENV))
			return false;
	return true;
}

/*
 * Split the arguments into words.  False when there are too many.
 */
static bool
split(struct confbuild *b, struct str args, struct conf_words *ret)
{
	struct lex_vars vars = conf_vars(b);
	struct str word;

	ret->v = NULL;
	ret->n = 0;
	while (lex_word(&args, &vars, b->a, &word)) {
		if (ret->n == CONFBUILD_WORDS_MAX) {
			conf_error(b, "%s has more than %d arguments",
			    b->row->name, CONFBUILD_WORDS_MAX);
			return false;
		}
		confset_add_word(b, ret, word);
	}
	if (args.len > 0)
		conf_full(b);
	return !b->is_broken;
}

/*
 * Whether the directive at hand may stand here; says so if not.
 */
static bool
may_stand(struct confbuild *b)
{
	const struct dirtab_row *r = b->row;
	uint8_t is = r->contexts;

	/* <RequireAll> and its like hold what AuthConfig allows, and what the
	 * peer does while it reads */
	if (b->container != NULL && !(r->override & DIRTAB_OV_AUTH) &&
	    r->kind != DIRTAB_K_INCLUDE && r->kind != DIRTAB_K_DEFINE &&
	    r->kind != DIRTAB_K_ERROR)
		is = 0;
	if (is & b->ctx)
		return true;
	if (b->ctx == DIRTAB_V && (is & DIRTAB_S))
		conf_error(b, "%s cannot occur within <VirtualHost> section",
		    r->name);
	else if (b->open != NULL)
		conf_error(b, "%s not allowed in %s> context", r->name,
		    b->open->name);
	else
		conf_error(b, "%s not allowed here", r->name);
	return false;
}

/*
 * In .htaccess: whether AllowOverride lets the directive through.
 */
static bool
may_override(struct confbuild *b)
{
	const struct dirtab_row *r = b->row;

	if (b->ctx != DIRTAB_H || r->override & b->override)
		return true;
	for (unsigned i = 0; i < b->override_list.n; i++)
		if (str_ieq(b->override_list.v[i], str_of(r->name)))
			return true;
	if (!b->override_nonfatal)
		conf_error(b, "%s not allowed here", r->name);
	return false;
}

static void
directive(struct confbuild *b, struct lex *lex, struct str name,
    struct str args)
{
	const struct dirtab_row *row = dirtab_find(name);
	struct conf_words words;

	if (row == NULL) {
		if (b->ctx == DIRTAB_H && b->override_nonfatal)
			return;
		conf_error(b, "Invalid command '%.*s', perhaps misspelled or "
		    "defined by a module not included in the server "
		    "configuration", STR_ARG(name));
		if (name.p[0] == '<')
			b->is_broken = true;
		return;
	}
	b->row = row;
	b->raw = args;
	if (row->treat == DIRTAB_REJECT) {
		conf_error(b, "%s is not supported: %s", row->name,
		    dirtab_reason(row));
		if (row->name[0] == '<')
			b->is_broken = true;
		return;
	}
	if (row->name[0] == '<') {
		confsect_open(b, lex, row, args);
		return;
	}
	if (!may_stand(b) || !may_override(b) ||
	    row->treat == DIRTAB_IGNORE)
		return;
	if (!split(b, args, &words))
		return;
	if (!is_count_right(row, &words)) {
		wrong_count(b);
		return;
	}
	if (words.n == 0 && row->max > 1 && row->kind != DIRTAB_K_OPTIONS &&
	    row->kind != DIRTAB_K_OVERRIDE &&
	    row->kind != DIRTAB_K_OVERRIDE_LIST && row->kind != DIRTAB_K_ERROR)
		return;		/* a list of nothing changes nothing */
	confset_value(b, &words);
}

/*
 * A line "</Name>": whether it closes the section we are in.
 */
static void
closing(struct confbuild *b, const struct dirtab_row *open, struct str line)
{
	struct str name = str_sub(line, 2, line.len), rest;

	name = str_cut(name, '>', &rest);
	if (rest.p == NULL || str_trim(name).len != name.len)
		conf_structure(b, "</%.*s> directive missing closing '>'",
		    STR_ARG(str_trim(name)));
	else if (open == NULL)
		conf_structure(b, "</%.*s> without matching <%.*s> section",
		    STR_ARG(name), STR_ARG(name));
	else if (!str_ieq(name, str_of(open->name + 1)))
		conf_structure(b, "Expected </%s> but saw </%.*s>",
		    open->name + 1, STR_ARG(name));
}

/* the directives up to the closing line; false at the end of the text */
static bool
lines(struct confbuild *b, struct lex *lex, const struct dirtab_row *open)
{
	struct str line;

	while (!b->is_broken && lex_line(lex, b->a, &line)) {
		size_t n = 0;

		b->pos.line = lex->line;
		b->pos.src_line = line;
		b->pos.col = 1;
		if (str_starts(line, STR("</"))) {
			closing(b, open, line);
			return true;
		}
		while (n < line.len && line.p[n] != ' ' && line.p[n] != '\t' &&
		    !(line.p[0] == '<' && line.p[n] == '>'))
			n++;
		directive(b, lex, str_sub(line, 0, n),
		    str_trim(str_sub(line, n, line.len)));
	}
	if (b->a->full)
		conf_full(b);
	return false;
}

void
conf_body(struct confbuild *b, struct lex *lex, const struct dirtab_row *open)
{
	const struct dirtab_row *outer = b->open;
	struct diag_pos opened = b->pos;
	bool is_closed;

	/* <IfModule> and its like are no section to those inside */
	if (open != NULL && open->kind != DIRTAB_K_SEC_COND)
		b->open = open;
	is_closed = lines(b, lex, open);
	b->open = outer;
	if (is_closed || b->is_broken || open == NULL)
		return;
	b->pos = opened;
	conf_structure(b, "%.*s:%u: %s> was not closed.", STR_ARG(opened.file),
	    opened.line, open->name);
}

void
conf_read(struct confbuild *b, struct str text, const char *file)
{
	struct diag_pos outer = b->pos;
	struct lex lex;

	memset(&b->pos, 0, sizeof(b->pos));
	b->pos.file = str_of(file);
	lex_init(&lex, text);
	conf_body(b, &lex, NULL);
	b->pos = outer;
}

/*
 * The directives of -C or -c.
 */
static void
read_args(struct confbuild *b, const char *const *v, unsigned n)
{
	for (unsigned i = 0; i < n && !b->is_broken; i++)
		conf_read(b, str_of(v[i]), "-c/-C directives");
}

static void
read_main(struct confbuild *b)
{
	const char *file = conf_path(b, str_of(b->args->file));
	char line[512];
	struct str text;
	struct wr w;
	int err;

	if (file == NULL)
		return;
	b->conf->file = file;
	err = b->io->read(b->io->arg, b->a, file, &text);
	if (err != 0) {
		diag_add(b->diag, DIAG_ERROR, NULL,
		    "Could not open configuration file %s: %s", file,
		    b->io->why(b->io->arg, err));
		b->is_broken = true;
		return;
	}
	wr_init(&w, line, sizeof(line));
	wr_fmt(&w, "  (*) %s", file);
	confset_add_word(b, &b->files, confset_copy(b, wr_as_str(&w)));
	conf_read(b, text, file);
}

bool
conf_load(const struct conf_args *args, const struct conf_io *io,
    struct arena *a, struct diag *diag, const struct conf **ret)
{
	struct confbuild *b = ARENA_NEW(a, struct confbuild);
	unsigned before = diag->errors_n;

	if (b != NULL) {
		b->conf = ARENA_NEW(a, struct conf);
		b->vars = ARENA_ARRAY(a, struct confbuild_var,
		    CONFBUILD_VARS_MAX);
		b->vhosts = ARENA_ARRAY(a, struct conf_vhost *,
		    CONFBUILD_VHOSTS_MAX);
	}
	if (b == NULL || b->conf == NULL || b->vars == NULL ||
	    b->vhosts == NULL) {
		diag_add(diag, DIAG_ERROR, NULL, "out of memory");
		return false;
	}
	b->args = args;
	b->io = io;
	b->a = a;
	b->diag = diag;
	b->ctx = DIRTAB_S;
	b->limit = UINT32_MAX;
	b->root = args->root;
	b->logs_end = &b->logs;
	b->claims_end = &b->claims;
	for (unsigned i = 0; i < args->defines_n; i++)
		conf_define(b, str_of(args->defines[i]), STR(""));
	conffin_defaults(b);
	if (!b->is_broken)
		read_args(b, args->before, args->before_n);
	if (!b->is_broken)
		read_main(b);
	if (!b->is_broken)
		read_args(b, args->after, args->after_n);
	if (diag->errors_n == before)
		conffin_finish(b);
	if (diag->errors_n != before)
		return false;
	*ret = b->conf;
	return true;
}
