/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFBUILD_H
#define HTTPD_CONFBUILD_H

/*
 * confbuild - what the files that build a configuration share.
 *
 * conf.c reads lines and keeps sections, confset.c stores plain values,
 * confdir.c and confidx.c understand directory-level directives, confsrv.c
 * server-level ones, confmerge.c joins levels, conffin.c finishes.  Nobody
 * else includes this header, except .htaccess and the tests.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/diag.h"
#include "common/str.h"

#include "httpd/conf.h"
#include "httpd/confsec.h"
#include "httpd/dirtab.h"
#include "httpd/lex.h"
#include "httpd/re.h"

#define CONFBUILD_DEPTH_MAX	32	/* sections in sections */
#define CONFBUILD_INCLUDES_MAX	16	/* files in files */
#define CONFBUILD_WORDS_MAX	1024	/* words of one directive */
#define CONFBUILD_VARS_MAX	1024	/* Define */
#define CONFBUILD_VHOSTS_MAX	1024
#define CONFBUILD_ERRORS_MAX	32	/* reading stops after this many */

struct access_node;

struct confbuild_var {
	struct str name, value;
	bool is_gone;
};

/* LogFormat with a name. */
struct confbuild_format {
	struct confbuild_format *next;
	const struct conf_vhost *vh;
	struct str name, text;
};

/* CustomLog whose format may be defined further down. */
struct confbuild_log {
	struct confbuild_log *next;
	const struct conf_vhost *vh;
	bool is_global, is_transfer;
	struct str format;	/* text or name */
	struct conf_log log;
	struct diag_pos pos;
};

/* One address of a <VirtualHost>. */
struct confbuild_claim {
	struct confbuild_claim *next;
	struct addr addr;
	uint16_t port, vhost;
};

struct confbuild {
	const struct conf_args *args;
	const struct conf_io *io;
	struct arena *a;
	struct diag *diag;
	struct conf *conf;	/* NULL while reading .htaccess */
	struct conf_vhost *vh;	/* the host we are in; NULL as above */
	struct conf_dir *dir;	/* the level we are in */
	struct conf_section *sec;	/* NULL outside */
	const struct dirtab_row *open;	/* innermost section; NULL outside */
	uint8_t ctx;		/* one of DIRTAB_S, V, D, H */
	uint32_t limit;		/* methods of <Limit>; all outside */
	struct access_node *container;	/* where Require goes, NULL = new */

	/* the directive at hand */
	const struct dirtab_row *row;
	struct diag_pos pos;
	struct str raw;		/* its arguments, not split */

	/* .htaccess: what AllowOverride lets through */
	uint8_t override, override_opts;
	bool override_nonfatal;
	struct conf_words override_list;

	const char *root;	/* ServerRoot so far */
	unsigned depth, includes;	/* nesting */
	unsigned order, sections_n;	/* counters */
	bool is_broken;		/* structure lost: stop reading */
	bool is_full;		/* arena used up, said so */

	struct confbuild_var *vars;	/* of CONFBUILD_VARS_MAX */
	unsigned vars_n;
	struct conf_words modules;
	struct conf_words files;
	struct conf_vhost **vhosts;	/* of CONFBUILD_VHOSTS_MAX */
	unsigned vhosts_n;
	struct confbuild_format *formats;
	struct confbuild_log *logs, **logs_end;
	struct confbuild_claim *claims, **claims_end;
	struct conf_listen *listens;
	unsigned listens_n;
	struct str transfer_format;	/* last nameless LogFormat */
};

/* conf.c */

/*
 * conf_error - a directive's error, at the place of the directive.
 */
void conf_error(struct confbuild *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * conf_structure - an error after which the rest makes no sense.
 *
 * In the one-line form, and reading stops.
 */
void conf_structure(struct confbuild *b, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/*
 * conf_warn - a message that does not stop the start.
 */
void conf_warn(struct confbuild *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * conf_full - the arena is used up: one error, and reading stops.
 */
void conf_full(struct confbuild *b);

/*
 * conf_vars - how ${NAME} is looked up.
 */
struct lex_vars conf_vars(struct confbuild *b);

/*
 * conf_read - read the directives of a text into the present level.
 *
 * file  its name, for messages
 */
void conf_read(struct confbuild *b, struct str text, const char *file);

/*
 * conf_body - directives up to the closing line of the section `open`, or to
 * the end of the text when it is NULL.
 */
void conf_body(struct confbuild *b, struct lex *lex,
    const struct dirtab_row *open);

/*
 * conf_path - an absolute file name: below ServerRoot when it is relative.
 *
 * NULL when the arena is full (said by conf_full).
 */
const char *conf_path(struct confbuild *b, struct str name);

/*
 * conf_has_module - whether <IfModule NAME> is true.
 */
bool conf_has_module(const struct confbuild *b, struct str name);

/*
 * conf_define - give a ${NAME} its value, or take it away (value.p NULL).
 */
void conf_define(struct confbuild *b, struct str name, struct str value);

/*
 * conf_is_defined - whether a name was given by Define or -D.
 */
bool conf_is_defined(const struct confbuild *b, struct str name);

#endif
