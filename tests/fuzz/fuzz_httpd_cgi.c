/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as the output of a script, as a whole and in two pieces: a
 * verdict reached on the first piece must not be taken back.
 */
#include <stdlib.h>

#include "httpd/cgi.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct resp resp;

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct str all = str_make(p, len), target;
	enum cgi_verdict whole, part;
	size_t body = 0, body_part = 0;

	whole = cgi_head(all, true, &resp, &body, &target);
	if (whole == CGI_MORE || (whole == CGI_OK && body > len))
		abort();
	if (whole == CGI_LOCAL && (target.len == 0 || target.p[0] != '/'))
		abort();
	part = cgi_head(str_sub(all, 0, len / 2), false, &resp, &body_part,
	    &target);
	if (part != CGI_MORE && part != whole)
		abort();
	if (part == CGI_OK && body_part != body)
		abort();
	return 0;
}
