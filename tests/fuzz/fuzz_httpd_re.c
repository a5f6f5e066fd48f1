/* SPDX-License-Identifier: ISC */
/*
 * A regular expression on the first line, a text behind it.  Groups must lie
 * inside the text, and asking without groups must give the same answer.
 */
#include <stdlib.h>
#include <string.h>

#include "httpd/re.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t mem[4 << 20];
static struct re_scratch scratch;

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct str text, pattern = str_cut(str_make(p, len), '\n', &text);
	struct re_error err = { NULL, 0 };
	const struct re *re;
	struct re_match m;
	struct arena a;
	bool hit;

	arena_init(&a, mem, sizeof(mem));
	if (!re_compile(pattern, len % 2, &a, &re, &err)) {
		if (err.why == NULL || err.col == 0 ||
		    err.col > pattern.len + 2)
			abort();
		return 0;
	}
	if (text.p == NULL)
		text = STR("");
	hit = re_exec(re, text, &scratch, &m);
	if (hit != re_exec(re, text, &scratch, NULL))
		abort();
	for (unsigned i = 0; hit && i < m.n; i++)
		if (m.from[i] > m.to[i] || m.to[i] > (int32_t)text.len ||
		    (i == 0 && m.from[0] < 0))
			abort();
	if (hit)
		(void)re_subst(STR("$0&$1\\$2$9"), true, text, &m, &a);
	return 0;
}
