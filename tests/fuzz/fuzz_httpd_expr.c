/* SPDX-License-Identifier: ISC */
/*
 * Any text as an expression; what compiles is evaluated.
 */
#include <stdlib.h>

#include "httpd/expr.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t mem[8 << 20];
static struct re_scratch scratch;

static struct str
get(void *ctx, enum expr_var var, struct str name)
{
	(void)ctx;
	return var == EXPR_ENV ? name : STR("field");
}

static bool
in_net(void *ctx, struct str net)
{
	(void)ctx;
	return net.len % 2;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct expr_in in = { get, in_net, NULL };
	struct expr_error err;
	const struct expr *e;
	struct arena a;

	arena_init(&a, mem, sizeof(mem));
	if (expr_compile(str_make(p, len), &a, &e, &err))
		(void)expr_eval(e, &in, &scratch);
	else if (err.why == NULL)
		abort();
	return 0;
}
