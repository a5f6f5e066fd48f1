/* SPDX-License-Identifier: ISC */
/*
 * A raw path; the first byte chooses the options.  Nothing that comes out may
 * climb, and encoding it again must give the same path.
 */
#include <stdlib.h>

#include "httpd/uri.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static char buf[8192], enc[32768], buf2[32768];
	struct str path, rest, again;
	struct wr w;

	if (len < 1 || len > sizeof buf)
		return 0;
	if (uri_path(str_make(p + 1, len - 1), p[0] % 3, (p[0] & 4) != 0, buf,
	    &path) != 0)
		return 0;
	if (path.len > len - 1 || path.len == 0)
		abort();
	for (rest = path; rest.len > 0;) {
		struct str seg = str_cut(rest, '/', &rest);

		if (str_eq(seg, STR("..")) || str_eq(seg, STR(".")))
			abort();
	}
	wr_init(&w, enc, sizeof enc);
	uri_encode(&w, path);
	if (path.p[0] == '/' && (!wr_ok(&w) || uri_path(wr_as_str(&w),
	    URI_SLASHES_ON, false, buf2, &again) != 0 ||
	    !str_eq(again, path)))
		abort();
	return 0;
}
