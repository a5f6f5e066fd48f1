/* SPDX-License-Identifier: ISC */
/*
 * A types file, then an empty line, then a file name: what is found must stand
 * in the file.
 */
#include <stdlib.h>

#include "httpd/mime.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static uint8_t mem[4 << 20];
	static const struct conf_exts none;
	struct str all = str_make(p, len), name;
	size_t at = str_find(all, STR("\n\n"));
	const struct mime_table *t;
	struct mime_info info;
	struct arena a;

	if (at == STR_NONE || len > 60000)
		return 0;
	name = str_sub(all, at + 2, all.len);
	arena_init(&a, mem, sizeof mem);
	t = mime_load(str_sub(all, 0, at), &a);
	if (t == NULL)
		abort();
	mime_find(&none, t, name, &info);
	if (info.type.len > 0 && (info.type.p < all.p ||
	    info.type.p + info.type.len > all.p + at))
		abort();
	return 0;
}
