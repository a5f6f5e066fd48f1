/* SPDX-License-Identifier: ISC */
/*
 * An Authorization value on the first line, then a password file that is
 * also tried as a group file.  Nothing may match by accident: with crypt(3)
 * out of reach only apr1 and SHA can.
 */
#include <stdlib.h>

#include "httpd/auth.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t mem[1 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct str rest, user, password, hash;
	struct str value = str_cut(str_make(p, len), '\n', &rest);
	struct arena a;

	arena_init(&a, mem, sizeof(mem));
	if (!auth_basic(value, &a, &user, &password))
		return 0;
	hash = auth_hash(rest, user);
	if (auth_verify(hash, password, NULL, NULL) &&
	    !str_starts(hash, STR("$apr1$")) &&
	    !str_starts(hash, STR("{SHA}")))
		abort();
	if (user.len == 0 && hash.p != NULL)
		abort();
	(void)auth_in_group(rest, STR("admins"), user);
	return 0;
}
