/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_HTACCESS_H
#define HTTPD_HTACCESS_H

/*
 * htaccess - a directory's own configuration file, read for a request.
 */

#include "common/arena.h"
#include "common/str.h"

#include "httpd/conf.h"
#include "httpd/confsec.h"

/*
 * htaccess_read - understand a .htaccess file.
 *
 * conf    for ServerRoot and the names of modules
 * dir     what is merged so far: AllowOverride decides what may stand
 * text    must live as long as the arena
 * path    for messages
 * reterr  the first error, in the arena, when NULL is returned
 *
 * The section, in the arena; NULL: answer 500.
 */
const struct conf_section *htaccess_read(const struct conf *conf,
    const struct conf_dir *dir, struct str text, const char *path,
    struct arena *a, const char **reterr);

#endif
