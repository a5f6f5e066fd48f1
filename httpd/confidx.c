/* SPDX-License-Identifier: ISC */
/*
 * confidx - what directory listings look like: IndexOptions, icons,
 * descriptions, IndexIgnore, IndexOrderDefault; and LogLevel.
 *
 * Owns the words of IndexOptions.  As with Options, a list without signs
 * replaces the inherited set and one with signs edits it.
 */

#include "httpd/confidx.h"

#include <string.h>

#include "common/num.h"

#include "httpd/confbuild.h"
#include "httpd/confset.h"

static const struct {
	const char *name;
	uint32_t bits;
} names[] = {
	{ "FancyIndexing", CONF_IX_FANCY }, { "HTMLTable", CONF_IX_HTMLTABLE },
	{ "VersionSort", CONF_IX_VERSIONSORT },
	{ "FoldersFirst", CONF_IX_FOLDERSFIRST },
	{ "IgnoreCase", CONF_IX_IGNORECASE },
	{ "IgnoreClient", CONF_IX_IGNORECLIENT },
	{ "SuppressColumnSorting", CONF_IX_SUP_SORTING },
	{ "SuppressDescription", CONF_IX_SUP_DESC },
	{ "SuppressHTMLPreamble", CONF_IX_SUP_PREAMBLE },
	{ "SuppressIcon", CONF_IX_SUP_ICON },
	{ "SuppressLastModified", CONF_IX_SUP_LASTMOD },
	{ "SuppressRules", CONF_IX_SUP_RULES },
	{ "SuppressSize", CONF_IX_SUP_SIZE },
	{ "IconsAreLinks", CONF_IX_ICONLINKS },
	{ "ScanHTMLTitles", CONF_IX_SCANTITLES },
	{ "ShowForbidden", CONF_IX_SHOWFORBIDDEN },
	{ "TrackModified", CONF_IX_TRACKMODIFIED },
	{ "XHTML", CONF_IX_XHTML }, { "UseOldDateFormat", CONF_IX_USEOLDDATE },
	{ "AddAltClass", 0 },		/* only for a style sheet to see */
};

/*
 * NAME=VALUE words, or NAME with a default.  False: not one of them.
 */
static bool
option_value(struct confbuild *b, char sign, struct str name,
    struct str value)
{
	struct conf_index *ix = &b->dir->ix;
	bool is_width = str_ieq(name, STR("NameWidth"));
	uint32_t n = 0;

	if (sign == '-' && value.p != NULL && (is_width ||
	    str_ieq(name, STR("DescriptionWidth")) ||
	    str_ieq(name, STR("IconWidth")) ||
	    str_ieq(name, STR("IconHeight")))) {
		conf_error(b, "Cannot combine '-' with %.*s=n",
		    STR_ARG(name));
		return true;
	}
	if (is_width || str_ieq(name, STR("DescriptionWidth"))) {
		uint16_t *out = is_width ? &ix->name_width : &ix->desc_width;

		if (sign == '-')
			*out = is_width ? 23 : CONF_IX_WIDTH_AUTO;
		else if (value.p == NULL)
			conf_error(b, "%s with no value may only appear as "
			    "'-%s'", is_width ? "NameWidth" :
			    "DescriptionWidth", is_width ? "NameWidth" :
			    "DescriptionWidth");
		else if (str_eq(value, STR("*")))
			*out = 0;
		else if (num_u32(value, is_width ? 5 : 12, 4096, &n))
			*out = (uint16_t)n;
		else
			conf_error(b, "%.*s value must be greater than %d",
			    STR_ARG(name), is_width ? 5 : 12);
		confset_mark(b, is_width ? DIRTAB_F_IX_NAME_W :
		    DIRTAB_F_IX_DESC_W);
		return true;
	}
	if (str_ieq(name, STR("IconWidth")) ||
	    str_ieq(name, STR("IconHeight"))) {
		bool is_w = str_ieq(name, STR("IconWidth"));

		n = is_w ? 20 : 22;
		if (value.p != NULL && !num_u32(value, 1, 4096, &n))
			conf_error(b, "%.*s needs a number", STR_ARG(name));
		if (sign == '-')
			n = 0;
		*(is_w ? &ix->icon_width : &ix->icon_height) = (uint16_t)n;
		confset_mark(b, is_w ? DIRTAB_F_IX_ICON_W :
		    DIRTAB_F_IX_ICON_H);
		return true;
	}
	if (value.p != NULL && str_ieq(name, STR("Charset"))) {
		ix->charset = confset_copy(b, value);
		confset_mark(b, DIRTAB_F_IX_CHARSET);
		return true;
	}
	if (value.p != NULL && str_ieq(name, STR("Type"))) {
		ix->type = confset_copy(b, value);
		confset_mark(b, DIRTAB_F_IX_TYPE);
		return true;
	}
	return false;
}

static void
set_options(struct confbuild *b, const struct conf_words *args)
{
	struct conf_index *ix = &b->dir->ix;

	for (unsigned i = 0; i < args->n; i++) {
		struct str w = args->v[i], value, name;
		char sign = 0;
		size_t k = 0;

		if (w.len > 0 && (w.p[0] == '+' || w.p[0] == '-')) {
			sign = w.p[0];
			w = str_sub(w, 1, w.len);
		}
		name = str_cut(w, '=', &value);
		if (option_value(b, sign, name, value))
			continue;
		if (str_ieq(w, STR("None")) && sign != 0) {
			conf_error(b, "Cannot combine '+' or '-' with 'None' "
			    "keyword");
			return;
		}
		if (str_ieq(w, STR("None"))) {
			ix->opts = 0;
			ix->opts_plain = true;
			continue;
		}
		while (k < ARRAY_LEN(names) &&
		    !str_ieq(w, str_of(names[k].name)))
			k++;
		if (k == ARRAY_LEN(names)) {
			conf_error(b, "Invalid directory indexing option");
			return;
		}
		if (sign == '+') {
			ix->opts_add |= names[k].bits;
			ix->opts_del &= ~names[k].bits;
		} else if (sign == '-') {
			ix->opts_del |= names[k].bits;
			ix->opts_add &= ~names[k].bits;
		} else {
			ix->opts |= names[k].bits;
			ix->opts_del &= ~names[k].bits;
			ix->opts_plain = true;
		}
	}
}

/*
 * AddIcon (ALT,path) name .., AddAlt text name .., AddDescription ..
 */
static void
set_item(struct confbuild *b, const struct conf_words *args)
{
	struct str row = str_of(b->row->name), value = args->v[0];
	struct str alt = str_of(NULL);
	struct conf_ixlist *list = b->row->field == DIRTAB_F_IX_ICONS ?
	    &b->dir->ix.icons : b->row->field == DIRTAB_F_IX_ALTS ?
	    &b->dir->ix.alts : &b->dir->ix.descs;
	bool is_icon = list == &b->dir->ix.icons;

	if (is_icon && value.len > 0 && value.p[0] == '(') {
		alt = str_cut(str_sub(value, 1, value.len), ',', &value);
		if (!str_ends(args->v[0], STR(")"))) {
			conf_error(b, "missing closing paren");
			return;
		}
		/* without a comma the peer takes all of it for the text */
		if (value.p == NULL)
			value = STR("");
		else
			value.len--;
	}
	for (unsigned i = 1; i < args->n; i++) {
		struct conf_ixitem *it = ARENA_NEW(b->a, struct conf_ixitem);

		if (it == NULL) {
			conf_full(b);
			return;
		}
		it->kind = str_ends(row, STR("Type")) ? CONF_IXK_TYPE :
		    str_ends(row, STR("Encoding")) ? CONF_IXK_ENCODING :
		    CONF_IXK_NAME;
		it->match = confset_copy(b, args->v[i]);
		it->value = confset_copy(b, value);
		it->alt = confset_copy(b, alt);
		confset_add_ptr(b, (const void *const **)(void *)&list->v,
		    &list->n, it);
	}
}

static void
set_order(struct confbuild *b, const struct conf_words *args)
{
	static const struct {
		const char *name;
		char key;
	} keys[] = {
		{ "Name", CONF_IX_SORT_NAME }, { "Date", CONF_IX_SORT_DATE },
		{ "Size", CONF_IX_SORT_SIZE },
		{ "Description", CONF_IX_SORT_DESC },
	};
	size_t k = 0;

	if (!str_ieq(args->v[0], STR("Ascending")) &&
	    !str_ieq(args->v[0], STR("Descending"))) {
		conf_error(b, "First keyword must be 'Ascending' or "
		    "'Descending'");
		return;
	}
	while (k < ARRAY_LEN(keys) &&
	    !str_ieq(args->v[1], str_of(keys[k].name)))
		k++;
	if (k == ARRAY_LEN(keys)) {
		conf_error(b, "Second keyword must be 'Name', 'Date', "
		    "'Size', or 'Description'");
		return;
	}
	b->dir->ix.sort_key = keys[k].key;
	b->dir->ix.sort_desc = str_ieq(args->v[0], STR("Descending"));
	confset_mark(b, DIRTAB_F_IX_ORDER_DESC);
}

/* "dir", "dir_module" or "mod_dir.c"; any, unless LoadModule names some */
static bool
is_module(const struct confbuild *b, struct str name)
{
	char id[64];
	struct wr w;

	if (b->modules.n == 0 || conf_has_module(b, name))
		return true;
	wr_init(&w, id, sizeof(id));
	wr_str(&w, name);
	wr_text(&w, "_module");
	return wr_ok(&w) && conf_has_module(b, wr_as_str(&w));
}

static void
set_level(struct confbuild *b, const struct conf_words *args)
{
	static const char *const levels[] = { "emerg", "alert", "crit",
	    "error", "warn", "notice", "info", "debug", "trace1", "trace2",
	    "trace3", "trace4", "trace5", "trace6", "trace7", "trace8" };

	for (unsigned i = 0; i < args->n; i++) {
		struct str rest, word = args->v[i];
		struct str module = str_cut(word, ':', &rest);
		uint8_t k = 0;

		if (rest.p != NULL)
			word = rest;
		while (k < ARRAY_LEN(levels) &&
		    !str_ieq(word, str_of(levels[k])))
			k++;
		if (k == ARRAY_LEN(levels)) {
			conf_error(b, "Log level keyword must be one of "
			    "emerg/alert/crit/error/warn/notice/info/debug"
			    "/trace1/.../trace8");
			return;
		}
		if (rest.p != NULL && !is_module(b, module)) {
			conf_error(b, "Cannot find module %.*s",
			    STR_ARG(module));
			return;
		}
		/* one level for all; core's is the nearest to it */
		if (rest.p == NULL || str_ieq(module, STR("core")))
			b->dir->log_level = k;
	}
}

bool
confidx_set(struct confbuild *b, const struct conf_words *args)
{
	bool on = false;

	switch (b->row->kind) {
	case DIRTAB_K_IXOPTIONS:
		set_options(b, args);
		break;
	case DIRTAB_K_IXITEM:
		set_item(b, args);
		break;
	case DIRTAB_K_IXORDER:
		set_order(b, args);
		break;
	case DIRTAB_K_IXIGNORE:
		for (unsigned i = 0; i < args->n; i++)
			confset_add_word(b, &b->dir->ix.ignore,
			    confset_copy(b, args->v[i]));
		break;
	case DIRTAB_K_IXRESET:
		if (confset_bool(b, args->v[0], &on) && on) {
			memset(&b->dir->ix.ignore, 0,
			    sizeof(b->dir->ix.ignore));
			b->dir->ix.ignore_reset = true;
		}
		break;
	case DIRTAB_K_LOGLEVEL:
		set_level(b, args);
		break;
	default:
		return false;
	}
	return true;
}
