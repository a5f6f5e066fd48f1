/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFTEXT_H
#define HTTPD_CONFTEXT_H

/*
 * conftext - the words in which configurations are talked about: error
 * messages in Apache's form and the dumps of -S, -M, -L and DUMP_INCLUDES.
 */

#include <stdbool.h>

#include "common/diag.h"
#include "common/wr.h"

#include "httpd/conf.h"

/*
 * conftext_diag - all messages as Apache prints them on standard error.
 *
 * prog  name of the program as in argv[0], without directories
 */
void conftext_diag(struct wr *w, const struct diag *d, const char *prog);

/* Numbers that only the shell can look up. */
struct conftext_ids {
	unsigned uid, gid;
	bool dump_vhosts, dump_run_cfg;		/* both for -S */
};

/*
 * conftext_vhosts - the text of -S.
 */
void conftext_vhosts(struct wr *w, const struct conf *c,
    const struct conf_args *args, const struct conftext_ids *ids);

/*
 * conftext_modules - the text of -M.
 */
void conftext_modules(struct wr *w, const struct conf *c);

/*
 * conftext_builtin - the text of -l.
 */
void conftext_builtin(struct wr *w);

/*
 * conftext_directives - the text of -L.
 */
void conftext_directives(struct wr *w);

/*
 * conftext_includes - the text of -t -D DUMP_INCLUDES.
 */
void conftext_includes(struct wr *w, const struct conf *c);

#endif
