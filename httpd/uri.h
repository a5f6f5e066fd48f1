/* SPDX-License-Identifier: ISC */
/*
 * uri - from the raw path of a request to the path that is looked up.
 *
 * Percent escapes are decoded once, then "//" is merged (silently: firmware
 * does not follow a redirect for it), "/./" and "/../" are resolved, and a path
 * that would climb above the root is refused.  Because dots are judged after
 * decoding, "%2e%2e" is no way around that.
 */
#ifndef HTTPD_URI_H
#define HTTPD_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

enum uri_slashes {	/* AllowEncodedSlashes, in the order of conf.h */
	URI_SLASHES_OFF,	/* %2F is answered 404 */
	URI_SLASHES_ON,		/* %2F becomes a separator */
	URI_SLASHES_KEEP	/* %2F stays three characters */
};

/*
 * uri_path - decode and normalise a raw path.
 *
 * raw     begins with '/', no query; or "*"
 * slashes what to do with %2F
 * merge   whether "//" is merged (MergeSlashes)
 * buf     gets the path; room for raw.len bytes
 * ret     the path in buf
 *
 * 0, or the status to answer: 400 for a bad escape or a climb above the root,
 * 404 for a NUL or a forbidden %2F.  ret is then untouched.
 */
MUST_CHECK int uri_path(struct str raw, enum uri_slashes slashes, bool merge,
    char *buf, struct str *ret);

/*
 * uri_encode - write a decoded path as it stands in a Location or a link.
 *
 * Everything but unreserved characters, "/" and the sub-delimiters that are
 * harmless in a path is written as %xx, in lower case as Apache does.
 */
void uri_encode(struct wr *w, struct str path);

#endif
