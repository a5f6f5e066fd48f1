/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_WALK_H
#define HTTPD_WALK_H

/*
 * walk - from a file name and a URL path to the one configuration level that
 * holds for them, looking at directories and symbolic links on the way.
 *
 * Used by route.c alone.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#include "httpd/conf.h"
#include "httpd/confsec.h"
#include "httpd/route.h"

#define WALK_FILES_MAX	32	/* lists of <Files> and <If> inside others */

/* A request being routed. */
struct walk {
	const struct route_in *in;
	const struct route_fs *fs;
	struct route_work *work;
	struct arena *turn;
	struct route *r;

	const struct conf_dir *dir;	/* merged so far */
	uint32_t node;		/* of dir in work, WALK_NO_NODE: in turn */
	const struct conf_sections *files[WALK_FILES_MAX];
	const struct conf_sections *ifs[WALK_FILES_MAX];
	unsigned files_n, ifs_n;
	struct str if_host;	/* results of <If> are wanted for these */
	bool varies;		/* the plan depends on more than the path */
	bool is_full;		/* turn is used up */
	int lease_err;		/* why the leases could not be read, or 0 */
};

#define WALK_NO_NODE	UINT32_MAX

/*
 * walk_begin - start from the host's own level.
 */
void walk_begin(struct walk *w);

/*
 * walk_path - find the file and merge what its directories say.
 *
 * path  absolute, normalised, in turn; at most ROUTE_PATH_MAX
 *
 * Sets file, st, path_info and links of the route.  Returns 0 or the status
 * to refuse with (403 for a link, 500 for a bad .htaccess); a missing file
 * is not an error yet, ret_exists tells.
 */
MUST_CHECK unsigned walk_path(struct walk *w, struct str path,
    bool *ret_exists);

/*
 * walk_files - merge <Files> for the last component.
 */
void walk_files(struct walk *w, struct str name);

/*
 * walk_covers - whether a <Location> holds for a URL path.
 */
bool walk_covers(struct walk *w, const struct conf_section *s, struct str uri);

/*
 * walk_locations - merge <Location> for a URL path.
 */
void walk_locations(struct walk *w, struct str uri);

/*
 * walk_ifs - merge <If>, <ElseIf>, <Else>.
 */
void walk_ifs(struct walk *w);

#endif
