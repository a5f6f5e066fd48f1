/* SPDX-License-Identifier: ISC */
/*
 * mime - what the extensions of a file name say about its content.
 *
 * Names are looked at from the first dot to the right; each extension may set
 * a type, a language, an encoding, a character set or a handler, the rightmost
 * one wins, unknown ones are skipped.  Content is never looked at: a guess once
 * marked a gzip-compressed initrd as encoded, and boot loaders unpacked it.
 */
#ifndef HTTPD_MIME_H
#define HTTPD_MIME_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "httpd/conf.h"

#define MIME_ENCODINGS_MAX 4

/* the TypesConfig file; lives in the arena it was loaded into */
struct mime_table;

/* slices into the configuration; p == NULL where nothing was said */
struct mime_info {
	struct str type, language, charset, handler;
	struct str encodings[MIME_ENCODINGS_MAX];	/* inner one first */
	unsigned encodings_n;
};

/*
 * mime_load - read a mime.types file.
 *
 * text    "type ext ext ..." lines, '#' comments; borrowed as long as a
 * a       gets the table
 *
 * NULL when the arena is full.  Malformed lines are skipped as Apache does.
 */
const struct mime_table *mime_load(struct str text, struct arena *a);

/*
 * mime_type - the type of one extension.
 *
 * table   may be NULL
 * ext     without its dot, any case
 *
 * The empty slice with p == NULL when the table has no such extension.
 */
struct str mime_type(const struct mime_table *table, struct str ext);

/*
 * mime_find - everything a file name says.
 *
 * exts    AddType and its kin of the directory; wins over the table
 * table   may be NULL
 * name    last component of a path
 */
void mime_find(const struct conf_exts *exts, const struct mime_table *table,
    struct str name, struct mime_info *ret);

#endif
