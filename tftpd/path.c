/* SPDX-License-Identifier: ISC */
/*
 * path - which file names are allowed when there is no chroot.
 *
 * The texts and the order of the tests are tftp-hpa's.  Unlike there whole
 * path components are compared, so /pub does not open /public, a name that
 * ends in /.. is refused too, and no directory list means no directory.
 */
#include "tftpd/path.h"

#include <stdbool.h>

static bool
climbs(struct str name)
{
	return str_find(name, STR("/../")) != STR_NONE ||
	    str_ends(name, STR("/.."));
}

/* The name is the directory or something below it. */
static bool
is_below(struct str name, struct str dir)
{
	while (str_ends(dir, STR("/")))
		dir.len--;
	return str_starts(name, dir) &&
	    (name.len == dir.len || name.p[dir.len] == '/');
}

const char *
path_check(struct str name, const struct str *dirs, size_t dirs_n)
{
	if (!str_starts(name, STR("/")))
		return "Only absolute filenames allowed";
	if (climbs(name))
		return "Reverse path not allowed";
	for (size_t i = 0; i < dirs_n; i++) {
		if (is_below(name, dirs[i]))
			return NULL;
	}
	return "Forbidden directory";
}
