/* SPDX-License-Identifier: ISC */
/*
 * cc - the end of the line for broken promises.
 *
 * A failed assertion means that memory may no longer be what we believe; so
 * nothing is flushed, tidied or unlinked here.  What had been acknowledged is
 * on the disk already, and the supervisor starts us again.
 */
#include "common/cc.h"

#include <stdio.h>
#include <stdlib.h>

void
cc_assert_fail(const char *expr, const char *file, int line)
{
	fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expr);
	abort();
}

void
cc_assert_check(bool holds, const char *expr, const char *file, int line)
{
	if (!holds)
		cc_assert_fail(expr, file, line);
}
