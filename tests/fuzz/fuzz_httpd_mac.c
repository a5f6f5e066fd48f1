/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as dhcpd's leases file; a MAC that is found is lower case.
 */
#include <stdlib.h>

#include "httpd/mac.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t mem[1 << 16];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct str mac;
	struct arena a;

	arena_init(&a, mem, sizeof(mem));
	if (mac_find(str_make(p, len), 0x0a000063, 1402403700, &a, &mac))
		for (size_t i = 0; i < mac.len; i++)
			if (mac.p[i] >= 'A' && mac.p[i] <= 'Z')
				abort();
	return 0;
}
