/* SPDX-License-Identifier: ISC */
/*
 * A configuration file of any bytes: it loads or it is refused, its outermost
 * statements run, and what it declares can be looked up.  An include gives the
 * same text again, so that nesting is met as well.
 */
#include <stdlib.h>
#include <string.h>

#include "common/src.h"
#include "dhcpd/conf.h"
#include "dhcpd/confcheck.h"

#define ARENA_SIZE ((size_t)24 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	struct arena arena, msgs, scratch;
	struct optset out;
	struct expr_log log;
	struct str text;
	int depth;
} w;

static int
load(void *ctx, struct str path, struct str *ret_text)
{
	(void)ctx;
	(void)path;
	if (w.depth == 3)
		return -2;
	w.depth++;
	*ret_text = w.text;
	return 0;
}

static void
leave(void *ctx)
{
	(void)ctx;
	w.depth--;
}

static const struct expr_ops ops = { .execute = NULL };

static void
reset(struct arena *a)
{
	if (!a->p)
		arena_init(a, malloc(ARENA_SIZE), ARENA_SIZE);
	arena_reset(a, 0);
}

static void
look_up(struct conf *conf)
{
	uint8_t hw[7] = { 1, 0, 0x11, 0x22, 0x33, 0x44, 0x55 };

	(void)conf_subnet_find(conf, 0x0a000005);
	(void)conf_range_find(conf, 0x0a000005);
	(void)conf_host_by_hw(conf, str_make(hw, sizeof(hw)));
	(void)conf_host_by_name(conf, STR("a"));
	for (uint32_t i = 0; i < conf->class_n; i++)
		(void)conf_subclass_put(conf, conf->classes[i], STR("value"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct src_loader loader = { NULL, load, leave };
	struct conf_load_opts opts = { STR("fuzz.conf"), &loader, size % 2, 1 };
	struct expr_vars vars = { NULL, NULL };
	struct expr_env env;
	struct conf conf;
	struct msgs msgs;
	char *copy = malloc(size ? size : 1);

	memcpy(copy, data, size);
	w.text = str_make(copy, size);
	w.depth = 0;
	reset(&w.arena);
	reset(&w.msgs);
	reset(&w.scratch);
	msgs_init(&msgs, &w.msgs);
	if (conf_load(&conf, &w.arena, &opts, &msgs) == CONF_OK) {
		memset(&env, 0, sizeof(env));
		env.scratch = &w.scratch;
		env.u = &conf.u;
		env.out = &w.out;
		env.known = EXPR_NULL;
		env.vars = &vars;
		env.log = &w.log;
		env.ops = &ops;
		expr_log_clear(&w.log);
		optset_init(&w.out);
		(void)!conf_start(&conf, &env, &msgs);
		(void)!conf_check_failover(&conf, &msgs);
		confcheck_unsupported(&conf, &msgs);
		confcheck_lint(&conf, &msgs);
		look_up(&conf);
	}
	conf_free(&conf);
	free(copy);
	return 0;
}
