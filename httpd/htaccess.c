/* SPDX-License-Identifier: ISC */
/*
 * htaccess - reads .htaccess with the parser of the main configuration.
 *
 * Only what AllowOverride lets through may stand in it; the first error
 * refuses the whole directory (500), as an access rule may be what could not
 * be read.  Pure: the text is given.
 */

#include "httpd/htaccess.h"

#include <string.h>

#include "httpd/confbuild.h"

const struct conf_section *
htaccess_read(const struct conf *conf, const struct conf_dir *dir,
    struct str text, const char *path, struct arena *a, const char **reterr)
{
	struct confbuild *b = ARENA_NEW(a, struct confbuild);
	struct conf_section *s = ARENA_NEW(a, struct conf_section);
	struct diag diag;
	struct str file;

	diag_init(&diag, a);
	if (b != NULL)
		b->vars = ARENA_ARRAY(a, struct confbuild_var,
		    conf->defines.n);
	if (b == NULL || s == NULL || b->vars == NULL ||
	    !arena_str(a, str_of(path), &file)) {
		*reterr = "out of memory for .htaccess";
		return NULL;
	}
	b->a = a;
	b->diag = &diag;
	b->ctx = DIRTAB_H;
	b->limit = UINT32_MAX;
	b->root = conf->root;
	b->modules = conf->modules;
	for (unsigned i = 0; i < conf->defines.n; i++)
		conf_define(b, conf->defines.v[i], STR(""));
	b->sec = s;
	b->dir = &s->dir;
	s->kind = CONFSEC_DIR;
	b->override = dir->override;
	b->override_opts = dir->override_opts;
	b->override_nonfatal = dir->override_nonfatal;
	b->override_list = dir->override_list;
	conf_read(b, text, file.p);
	if (diag.errors_n == 0)
		return s;
	*reterr = ".htaccess could not be read";
	if (diag.first != NULL) {
		/* It may quote a line of the file, however long that is. */
		size_t size = file.len + diag.first->text.len + 3;
		char *line = ARENA_ARRAY(a, char, size);
		struct wr w;

		if (line == NULL)
			return NULL;
		wr_init(&w, line, size);
		wr_fmt(&w, "%s: %.*s", path, STR_ARG(diag.first->text));
		wr_u8(&w, '\0');
		*reterr = line;
	}
	return NULL;
}
