/* SPDX-License-Identifier: ISC */
/*
 * alias - compares a path with Alias and Redirect prefixes.
 *
 * Whole segments only: /icons covers /icons and /icons/x, not /iconsx.  A
 * run of slashes counts as one, on both sides.
 */

#include "httpd/alias.h"

size_t
alias_prefix(struct str path, struct str from)
{
	size_t p = 0, f = 0;

	while (f < from.len) {
		if (from.p[f] == '/') {
			if (p >= path.len || path.p[p] != '/')
				return 0;
			while (f < from.len && from.p[f] == '/')
				f++;
			while (p < path.len && path.p[p] == '/')
				p++;
			continue;
		}
		if (p >= path.len || path.p[p] != from.p[f])
			return 0;
		p++;
		f++;
	}
	if (f > 0 && from.p[f - 1] != '/' && p < path.len &&
	    path.p[p] != '/')
		return 0;
	return p;
}

struct str
alias_mac(struct str to, struct str mac, struct str ip, struct arena *a)
{
	/* each percent sign stands for at most a MAC or an address */
	size_t cap = to.len + 1, n = 0;
	char *out;

	for (size_t i = 0; i < to.len; i++)
		if (to.p[i] == '%')
			cap += mac.len + ip.len;
	out = arena_alloc(a, cap, 1);
	if (out == NULL)
		return str_of(NULL);
	for (size_t i = 0; i < to.len; i++) {
		char c = to.p[i];
		char what = c == '%' && i + 1 < to.len ? to.p[i + 1] : 0;

		if (what == 'm' || what == 'd') {
			for (size_t k = 0; k < mac.len; k++)
				out[n++] = what == 'd' && mac.p[k] == ':' ?
				    '-' : mac.p[k];
		} else if (what == 'i') {
			for (size_t k = 0; k < ip.len; k++)
				out[n++] = ip.p[k];
		} else {
			out[n++] = c;
			if (what != '%')
				continue;
		}
		i++;
	}
	out[n] = '\0';
	return str_make(out, n);
}
