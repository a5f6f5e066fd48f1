/* SPDX-License-Identifier: ISC */
/*
 * Any text as .htaccess, under every AllowOverride: the first byte chooses
 * it.  What is refused must have a reason; what is taken must merge.
 */
#include <stdlib.h>
#include <string.h>

#include "httpd/confmerge.h"
#include "httpd/dirtab.h"
#include "httpd/htaccess.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t mem[8 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct conf conf = { .root = "/srv" };
	struct conf_dir dir = { 0 }, merged;
	const struct conf_section *s;
	const char *why = NULL;
	struct arena a;

	if (len == 0)
		return 0;
	dir.override = p[0] & DIRTAB_OV_ALL;
	dir.override_nonfatal = p[0] & 0x80;
	dir.override_opts = p[0] & 0x40 ? 0xff : CONF_OPT_INDEXES;
	arena_init(&a, mem, sizeof(mem));
	s = htaccess_read(&conf, &dir, str_make(p + 1, len - 1), "/d/.htaccess",
	    &a, &why);
	if (s == NULL) {
		if (why == NULL || strlen(why) == 0)
			abort();
		return 0;
	}
	merged = dir;
	if (!confmerge_dir(&merged, &s->dir, &a) && !a.full)
		abort();
	return 0;
}
