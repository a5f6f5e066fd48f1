/* SPDX-License-Identifier: ISC */
/*
 * confdir - directory-level directives: options, overrides, file types,
 * index files, error documents, ranges, redirects.
 *
 * Owns the meaning of their words.  A value is stored in the level's
 * struct conf_dir; what a "+" or "-" does to an inherited set is left to
 * confmerge.c, which sees both.
 */

#include "httpd/confdir.h"

#include <string.h>

#include "common/num.h"

#include "httpd/alias.h"
#include "httpd/confbuild.h"
#include "httpd/confset.h"
#include "httpd/proto.h"

struct flag_name {
	const char *name;
	uint32_t bits;
};

static const struct flag_name option_names[] = {
	{ "Indexes", CONF_OPT_INDEXES },
	{ "FollowSymLinks", CONF_OPT_FOLLOW },
	{ "SymLinksIfOwnerMatch", CONF_OPT_OWNER },
	{ "ExecCGI", CONF_OPT_EXECCGI },
	{ "MultiViews", CONF_OPT_MULTIVIEWS },
	{ "Includes", CONF_OPT_INCLUDES },
	{ "IncludesNoExec", CONF_OPT_INCNOEXEC },
	{ "RunScripts", CONF_OPT_EXECCGI | CONF_OPT_MULTIVIEWS },
	{ "All", CONF_OPT_INDEXES | CONF_OPT_FOLLOW | CONF_OPT_EXECCGI |
	    CONF_OPT_INCLUDES },
};

static bool
flag_find(const struct flag_name *v, size_t n, struct str word,
    uint32_t *ret)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(word, str_of(v[i].name))) {
			*ret = v[i].bits;
			return true;
		}
	return false;
}

/*
 * Cut a sign off a word: '+', '-' or 0.
 */
static char
sign(struct str *word)
{
	char c = word->len > 0 ? word->p[0] : 0;

	if (c != '+' && c != '-')
		return 0;
	*word = str_sub(*word, 1, word->len);
	return c;
}

/* A set of flags while its words are read: kept apart from what is there. */
struct edits {
	uint32_t add, del, plain;
	bool has_plain, has_sign;
	bool is_whole;		/* begins with All or None: signs may follow */
};

static void
edit(struct edits *e, char s, uint32_t bits)
{
	if (s == '+') {
		e->add |= bits;
		e->del &= ~bits;
	} else if (s == '-') {
		e->del |= bits;
		e->add &= ~bits;
	} else
		e->plain |= bits;
	if (s == 0)
		e->has_plain = true;
	else
		e->has_sign = true;
}

static void
set_options(struct confbuild *b, const struct conf_words *args)
{
	struct edits e = { 0, 0, 0, args->n == 0, false, false };
	struct conf_dir *d = b->dir;

	for (unsigned i = 0; i < args->n; i++) {
		struct str word = args->v[i];
		char s = sign(&word);
		uint32_t bits = 0;
		bool is_none = str_ieq(word, STR("None"));

		if (s == 0 ? e.has_sign : e.has_plain && !e.is_whole) {
			conf_error(b, "Either all Options must start with + "
			    "or -, or no Option may.");
			return;
		}
		if (is_none || str_ieq(word, STR("All"))) {
			if (i > 0)
				conf_error(b, is_none ? "'Options None' must "
				    "be the first Option given." :
				    "'Options All' must be the first option "
				    "given.");
			else if (s != 0)
				conf_error(b, "You may not use 'Options +%s' "
				    "or 'Options -%s'.", is_none ? "None" :
				    "All", is_none ? "None" : "All");
			if (i > 0 || s != 0)
				return;
			e.is_whole = true;
		}
		if (!is_none && !flag_find(option_names,
		    ARRAY_LEN(option_names), word, &bits)) {
			conf_error(b, "Illegal option %.*s", STR_ARG(word));
			return;
		}
		if (b->ctx == DIRTAB_H && (bits & ~b->override_opts) != 0 &&
		    s != '-') {
			conf_error(b, "Option %.*s not allowed here",
			    STR_ARG(word));
			return;
		}
		if (s == '-' && (bits & CONF_OPT_INCLUDES))
			bits |= CONF_OPT_INCNOEXEC;
		edit(&e, s, bits);
	}
	if (e.has_plain) {
		d->options = (uint8_t)((e.plain & ~e.del) | e.add);
		d->options_add = d->options_del = 0;
		d->options_plain = true;
	} else if (d->options_plain)
		d->options = (uint8_t)((d->options & ~e.del) | e.add);
	else {
		d->options_add = (uint8_t)((d->options_add & ~e.del) | e.add);
		d->options_del = (uint8_t)((d->options_del & ~e.add) | e.del);
	}
}

static const struct flag_name etag_names[] = {
	{ "INode", CONF_ETAG_INODE }, { "MTime", CONF_ETAG_MTIME },
	{ "Size", CONF_ETAG_SIZE }, { "Digest", CONF_ETAG_DIGEST },
	{ "All", CONF_ETAG_INODE | CONF_ETAG_MTIME | CONF_ETAG_SIZE },
};

static void
set_etag(struct confbuild *b, const struct conf_words *args)
{
	struct edits e = { 0, 0, 0, false, false, false };
	struct conf_dir *d = b->dir;

	for (unsigned i = 0; i < args->n; i++) {
		struct str word = args->v[i];
		char s = sign(&word);
		uint32_t bits = 0;

		bool is_none = str_ieq(word, STR("None"));

		if (s != 0 && (is_none || str_ieq(word, STR("All")))) {
			conf_error(b, "FileETag keyword '%s' cannot be used "
			    "with '+' or '-'", is_none ? "None" : "All");
			return;
		}
		if (is_none) {
			e.plain = 0;
		} else if (!flag_find(etag_names, ARRAY_LEN(etag_names), word,
		    &bits)) {
			conf_error(b, "Unknown keyword '%.*s' for FileETag "
			    "directive", STR_ARG(word));
			return;
		}
		if (bits & CONF_ETAG_DIGEST) {
			conf_error(b, "FileETag Digest is not supported: "
			    "files are not read to name them");
			return;
		}
		edit(&e, s, bits);
	}
	if (e.has_plain) {
		d->etag = (uint8_t)e.plain;
		d->etag_plain = true;
	}
	d->etag_add |= (uint8_t)e.add;
	d->etag_del |= (uint8_t)e.del;
}

static const struct flag_name override_names[] = {
	{ "AuthConfig", DIRTAB_OV_AUTH }, { "FileInfo", DIRTAB_OV_FILEINFO },
	{ "Indexes", DIRTAB_OV_INDEXES }, { "Limit", DIRTAB_OV_LIMIT },
	{ "Options", DIRTAB_OV_OPTIONS }, { "All", DIRTAB_OV_ALL },
	{ "None", 0 },
};

/*
 * "Options=Indexes,FollowSymLinks" of AllowOverride.
 */
static void
override_options(struct confbuild *b, struct str list)
{
	uint32_t all = 0, bits;

	while (list.len > 0) {
		struct str one = str_cut(list, ',', &list);

		if (!flag_find(option_names, ARRAY_LEN(option_names), one,
		    &bits)) {
			conf_error(b, "Illegal option %.*s", STR_ARG(one));
			return;
		}
		all |= bits;
	}
	b->dir->override |= DIRTAB_OV_OPTIONS;
	b->dir->override_opts = (uint8_t)all;
}

static void
set_override(struct confbuild *b, const struct conf_words *args)
{
	struct conf_dir *outer = b->dir, unused, *d = outer;

	ASSERT(b->sec != NULL);
	/* files are looked for by path alone */
	if (b->sec->kind != CONFSEC_DIR) {
		conf_warn(b, "AH00114: Useless use of AllowOverride in line "
		    "%u of %.*s.", b->pos.line, STR_ARG(b->pos.file));
		b->dir = d = &unused;
	}
	d->override = 0;
	d->override_nonfatal = false;
	d->override_opts = 0xff;
	for (unsigned i = 0; i < args->n; i++) {
		struct str word = args->v[i];
		uint32_t bits;

		if (str_istarts(word, STR("Options=")))
			override_options(b, str_sub(word, 8, word.len));
		else if (str_istarts(word, STR("Nonfatal=")))
			d->override_nonfatal = true;
		else if (flag_find(override_names, ARRAY_LEN(override_names),
		    word, &bits))
			d->override |= (uint8_t)bits;
		else
			conf_error(b, "Illegal override option %.*s",
			    STR_ARG(word));
	}
	b->dir = outer;
	if (d != outer)
		return;
	confset_mark(b, DIRTAB_F_OVERRIDE);
	confset_mark(b, DIRTAB_F_OVERRIDE_OPTS);
	confset_mark(b, DIRTAB_F_OVERRIDE_NF);
}

static void
set_override_list(struct confbuild *b, const struct conf_words *args)
{
	memset(&b->dir->override_list, 0, sizeof(b->dir->override_list));
	for (unsigned i = 0; i < args->n; i++) {
		if (str_ieq(args->v[i], STR("None"))) {
			if (args->n > 1)
				conf_error(b, "'None' not allowed with other "
				    "directives in AllowOverrideList");
			return;
		}
		if (dirtab_find(args->v[i]) == NULL)
			conf_warn(b, "AH00116: Discarding unrecognized "
			    "directive `%.*s' in AllowOverrideList at "
			    "%.*s:%u", STR_ARG(args->v[i]),
			    STR_ARG(b->pos.file), b->pos.line);
		else
			confset_add_word(b, &b->dir->override_list,
			    confset_copy(b, args->v[i]));
	}
}

/* ---- file types ---- */

/*
 * The entry of an extension in this level's sorted list, made when missing.
 */
static struct conf_ext *
ext_entry(struct confbuild *b, struct str ext)
{
	struct conf_exts *list = &b->dir->exts;
	struct conf_ext *v;
	struct str low;
	unsigned at = 0;

	if (ext.len > 0 && ext.p[0] == '.')
		ext = str_sub(ext, 1, ext.len);
	low = confset_lower(b, ext);
	while (at < list->n && str_cmp(list->v[at].ext, low) < 0)
		at++;
	v = (struct conf_ext *)(uintptr_t)list->v;
	if (at < list->n && str_eq(list->v[at].ext, low))
		return &v[at];
	if (confset_add(b, (const void **)(void *)&list->v, &list->n,
	    sizeof(*v)) == NULL)
		return NULL;
	v = (struct conf_ext *)(uintptr_t)list->v;
	memmove(&v[at + 1], &v[at], (list->n - 1 - at) * sizeof(*v));
	memset(&v[at], 0, sizeof(v[at]));
	v[at].ext = low;
	return &v[at];
}

static uint8_t
handler_find(struct confbuild *b, struct str name)
{
	if (str_ieq(name, STR("none")))
		return CONF_HANDLER_NONE;
	if (str_ieq(name, STR("default-handler")))
		return CONF_HANDLER_DEFAULT;
	if (str_eq(name, STR("cgi-script")))
		return CONF_HANDLER_CGI;
	if (str_eq(name, STR("server-status")))
		return CONF_HANDLER_STATUS;
	if (str_eq(name, STR("send-as-is")))
		return CONF_HANDLER_ASIS;
	if (str_eq(name, STR("type-map")) ||
	    str_eq(name, STR("server-parsed")) ||
	    str_eq(name, STR("imap-file")))
		return CONF_HANDLER_NONE;
	conf_error(b, "%s: there is no handler '%.*s' here", b->row->name,
	    STR_ARG(name));
	return CONF_HANDLER_NONE;
}

/*
 * AddType and its kin.  What RemoveType takes away of its own level stays
 * away, in whatever order they stand.
 */
static void
set_ext(struct confbuild *b, const struct conf_words *args)
{
	unsigned kind = (unsigned)(b->row->note[0] - '0');
	bool is_remove = b->row->kind == DIRTAB_K_EXT_REMOVE;
	struct str value = STR("");

	ASSERT(kind < CONF_EXT_NKINDS);
	if (!is_remove) {
		value = confset_lower(b, args->v[0]);
		if (kind == CONF_EXT_HANDLER &&
		    handler_find(b, value) == CONF_HANDLER_NONE)
			return;		/* known, and without effect */
	}
	for (unsigned i = is_remove ? 0 : 1; i < args->n; i++) {
		struct conf_ext *e = ext_entry(b, args->v[i]);

		if (e != NULL && (e->value[kind].p == NULL ||
		    e->value[kind].len > 0))
			e->value[kind] = value;
	}
}

static void
set_charset(struct confbuild *b, struct str word)
{
	if (str_ieq(word, STR("Off")))
		word = STR("");
	else if (str_ieq(word, STR("On")))
		word = STR("iso-8859-1");
	b->dir->default_charset = confset_copy(b, word);
}

static void
set_default_type(struct confbuild *b, struct str word)
{
	if (str_ieq(word, STR("none"))) {
		b->dir->default_type = STR("");
		return;
	}
	conf_warn(b, "AH00117: Ignoring deprecated use of DefaultType in "
	    "line %u of %.*s.", b->pos.line, STR_ARG(b->pos.file));
}

/* ---- index, errors, ranges ---- */

static void
set_index(struct confbuild *b, const struct conf_words *args)
{
	struct conf_dir *d = b->dir;

	if (args->n == 1 && str_ieq(args->v[0], STR("disabled"))) {
		memset(&d->index, 0, sizeof(d->index));
		return;
	}
	for (unsigned i = 0; i < args->n; i++)
		confset_add_word(b, &d->index, confset_copy(b, args->v[i]));
}

/*
 * A 3xx status by name or number; 0 when it is none.
 */
static unsigned
redirect_status(struct str word)
{
	uint32_t n;

	if (str_ieq(word, STR("permanent")))
		return 301;
	if (str_ieq(word, STR("temp")))
		return 302;
	if (str_ieq(word, STR("seeother")))
		return 303;
	if (str_ieq(word, STR("gone")))
		return 410;
	return num_u32(word, 100, 599, &n) ? n : 0;
}

static void
set_index_redirect(struct confbuild *b, struct str word)
{
	unsigned n = redirect_status(word);

	if (str_ieq(word, STR("on")))
		n = 302;
	else if (str_ieq(word, STR("off")))
		n = 0;
	else if (n < 300 || n > 399) {
		conf_error(b, "DirectoryIndexRedirect %s", word.len > 0 &&
		    word.p[0] >= '0' && word.p[0] <= '9' ?
		    "only accepts values between 300 and 399" :
		    "ON|OFF|permanent|temp|seeother|3xx");
		return;
	}
	b->dir->index_redirect = (uint16_t)n;
}

static void
set_errdoc(struct confbuild *b, const struct conf_words *args)
{
	struct conf_errdocs *list = &b->dir->errdocs;
	struct conf_errdoc *e;
	struct str doc = args->v[1];
	uint32_t status;

	if (!num_u32(args->v[0], 100, 599, &status)) {
		conf_error(b, "Unsupported HTTP response code %.*s",
		    STR_ARG(args->v[0]));
		return;
	}
	for (unsigned i = 0; i < list->n; i++)
		if (list->v[i].status == status) {
			e = (struct conf_errdoc *)(uintptr_t)&list->v[i];
			goto found;
		}
	e = confset_add(b, (const void **)(void *)&list->v, &list->n,
	    sizeof(*e));
	if (e == NULL)
		return;
found:
	e->status = (uint16_t)status;
	e->doc = confset_copy(b, doc);
	if (str_ieq(doc, STR("default")))
		e->kind = CONF_ERR_DEFAULT;
	else if (doc.len > 0 && doc.p[0] == '/')
		e->kind = CONF_ERR_PATH;
	else if (str_find(doc, STR("://")) != STR_NONE &&
	    str_chr(doc, ' ') == STR_NONE)
		e->kind = CONF_ERR_URL;
	else
		e->kind = CONF_ERR_TEXT;
	if (e->kind == CONF_ERR_URL && status == 401) {
		conf_warn(b, "AH00113: %.*s:%u cannot use a full URL in a "
		    "401 ErrorDocument directive --- ignoring!",
		    STR_ARG(b->pos.file), b->pos.line);
		e->kind = CONF_ERR_DEFAULT;
	}
}

static void
set_ranges(struct confbuild *b, struct str word)
{
	uint32_t *out = b->row->field == DIRTAB_F_MAX_RANGES ?
	    &b->dir->max_ranges : b->row->field == DIRTAB_F_MAX_OVERLAPS ?
	    &b->dir->max_overlaps : &b->dir->max_reversals;

	if (str_ieq(word, STR("default")))
		*out = b->row->field == DIRTAB_F_MAX_RANGES ? 200 : 20;
	else if (str_ieq(word, STR("unlimited")))
		*out = CONF_UNLIMITED;
	else if (str_ieq(word, STR("none")))
		*out = 0;
	else if (!num_u32(word, 1, INT32_MAX, out))
		conf_error(b, "%s requires 'none', 'default', 'unlimited' "
		    "or a positive integer", b->row->name);
}

/* ---- redirects ---- */

/* A path of this server, or a scheme and a colon. */
static bool
is_target(struct str s)
{
	size_t colon = str_chr(s, ':');

	if (str_starts(s, STR("/")))
		return true;
	for (size_t i = 0; colon != STR_NONE && i < colon; i++) {
		char c = str_lower(s.p[i]);

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') &&
		    c != '+' && c != '-' && c != '.')
			return false;
	}
	return colon != STR_NONE && colon > 0;
}

/*
 * Redirect [status] [from] [to], RedirectMatch, RedirectTemp, -Permanent.
 */
static void
set_redirect(struct confbuild *b, const struct conf_words *args)
{
	struct str name = str_of(b->row->name);
	struct conf_alias *r = ARENA_NEW(b->a, struct conf_alias);
	unsigned i = 0, status = 302;
	bool is_plain = false;		/* not in a section that says from where */

	if (r == NULL) {
		conf_full(b);
		return;
	}
	if (str_eq(name, STR("RedirectPermanent")))
		status = 301;
	else if (!str_eq(name, STR("RedirectTemp")) &&
	    redirect_status(args->v[0]) != 0) {
		status = redirect_status(args->v[0]);
		i = 1;
	}
	r->status = (uint16_t)status;
	r->where.file = b->pos.file.p;
	r->where.line = b->pos.line;
	if ((b->sec != NULL || b->ctx == DIRTAB_H) &&
	    !str_ends(name, STR("Match")) &&
	    args->n == i + (status >= 300 && status < 400)) {
		/* the section says from where: from stays empty */
		if (b->sec != NULL && b->sec->kind == CONFSEC_LOCATION)
			r->re = b->sec->re;
		if (i < args->n)
			r->to = confset_copy(b, args->v[i]);
	} else if (i >= args->n) {
		conf_error(b, "%s needs a URL-path", name.p);
		return;
	} else {
		is_plain = true;
		r->from = confset_copy(b, args->v[i]);
		if (i + 1 < args->n)
			r->to = confset_copy(b, args->v[i + 1]);
	}
	if (!is_plain && str_find(r->to, STR("%{")) != STR_NONE) {
		conf_error(b, "%s: expressions are not supported here",
		    name.p);
		return;
	}
	if (args->n > i + 2) {
		conf_error(b, "Redirect: invalid first argument (of three)");
		return;
	}
	if (status >= 300 && status < 400 && r->to.len == 0) {
		conf_error(b, "URL to redirect to is missing");
		return;
	}
	if ((status < 300 || status > 399) && r->to.len > 0) {
		conf_error(b, "Redirect URL not valid for this status");
		return;
	}
	if (str_eq(name, STR("RedirectMatch"))) {
		r->re = confset_regex(b, r->from, false);
		if (r->re == NULL)
			return;
	} else if (is_plain && r->to.len > 0 && !is_target(r->to)) {
		conf_error(b, "Redirect to non-URL");
		return;
	}
	confset_add_ptr(b, (const void *const **)(void *)
	    &b->dir->redirects.v, &b->dir->redirects.n, r);
}

static void
set_filter(struct confbuild *b, struct str filters)
{
	while (filters.len > 0) {
		struct str one = str_cut(filters, ';', &filters);

		if (!str_ieq(one, STR("none")) &&
		    !str_ieq(one, STR("INCLUDES")) &&
		    !str_ieq(one, STR("DEFLATE")) &&
		    !str_ieq(one, STR("BROTLI_COMPRESS")))
			conf_error(b, "%s: there is no filter '%.*s' here",
			    b->row->name, STR_ARG(one));
	}
}

bool
confdir_set(struct confbuild *b, const struct conf_words *args)
{
	struct str first = args->n > 0 ? args->v[0] : str_of(NULL);

	switch (b->row->kind) {
	case DIRTAB_K_OPTIONS:
		set_options(b, args);
		break;
	case DIRTAB_K_ETAG:
		set_etag(b, args);
		break;
	case DIRTAB_K_OVERRIDE:
		set_override(b, args);
		break;
	case DIRTAB_K_OVERRIDE_LIST:
		set_override_list(b, args);
		break;
	case DIRTAB_K_EXT:
	case DIRTAB_K_EXT_REMOVE:
		set_ext(b, args);
		break;
	case DIRTAB_K_HANDLER:
		b->dir->handler = handler_find(b, first);
		break;
	case DIRTAB_K_CHARSET:
		set_charset(b, first);
		break;
	case DIRTAB_K_DEFAULTTYPE:
		set_default_type(b, first);
		break;
	case DIRTAB_K_DIRINDEX:
		set_index(b, args);
		break;
	case DIRTAB_K_IXREDIRECT:
		set_index_redirect(b, first);
		break;
	case DIRTAB_K_FALLBACK:
		b->dir->fallback = str_ieq(first, STR("disabled")) ?
		    STR("") : confset_copy(b, first);
		break;
	case DIRTAB_K_ERRDOC:
		set_errdoc(b, args);
		break;
	case DIRTAB_K_RANGES:
		set_ranges(b, first);
		break;
	case DIRTAB_K_REDIRECT:
		set_redirect(b, args);
		break;
	case DIRTAB_K_FILTER:
		set_filter(b, first);
		break;
	case DIRTAB_K_METHODS:
		b->dir->methods = str_ieq(first, STR("reset")) ? 0 :
		    confset_methods(b, args, 0);
		break;
	default:
		return false;
	}
	return true;
}
