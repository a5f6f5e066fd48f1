/* SPDX-License-Identifier: ISC */
/*
 * path - which file names are allowed when there is no chroot.
 *
 * With -s the kernel confines every name; then nothing here is asked.
 */
#ifndef TFTPD_PATH_H
#define TFTPD_PATH_H

#include <stddef.h>

#include "common/str.h"

/*
 * path_check - may a file of this name be opened?
 *
 * name       after the remap rules
 * dirs       directories from the command line; none allow nothing
 *
 * NULL when it may, else the text of the ERROR packet (code 2).
 */
const char *path_check(struct str name, const struct str *dirs,
    size_t dirs_n);

#endif
