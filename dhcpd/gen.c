/* SPDX-License-Identifier: ISC */
/*
 * gen.c - configuration generations.
 *
 * Owns the memory of a generation: address space reserved once, touched as far
 * as it is used.  Reads files, logs nothing.
 */
#include "dhcpd/gen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/proc.h"
#include "common/src.h"
#include "dhcpd/tree.h"

/* Address space for one configuration; a smaller machine gets less. */
#define GEN_CONF_SIZE ((size_t)(sizeof(void *) > 4 ? 8192u : 256u) << 20)
#define GEN_SIZE_MIN ((size_t)16 << 20)

static void *
gen_reserve(size_t want, size_t *ret_size)
{
	void *p;

	for (; want >= GEN_SIZE_MIN; want /= 2) {
		p = proc_reserve(want);
		if (p != NULL) {
			*ret_size = want;
			return p;
		}
	}
	return NULL;
}

bool
gen_scratch(struct arena *arena, size_t want)
{
	void *p;
	size_t size;

	p = gen_reserve(want, &size);
	if (p == NULL)
		return false;
	arena_init(arena, p, size);
	return true;
}

/* --- how the leases file is written */

static int64_t
gen_utc_offset(void *ctx, int64_t wall_s)
{
	struct tm tm;
	time_t t = (time_t)wall_s;

	(void)ctx;
	return localtime_r(&t, &tm) != NULL ? tm.tm_gmtoff : 0;
}

static const struct opt_def *
gen_agent_by_code(void *ctx, uint8_t code)
{
	struct gen *gen = ctx;

	return optspace_def_by_code(&gen->conf.u, OPTSPACE_AGENT, code);
}

/* --- reading */

/* Run the outermost statements once. */
static bool
gen_start(struct gen *gen, const struct decide_ops *ops,
    struct msgs *msgs)
{
	struct expr_log *log;
	struct optset *out;
	struct expr_vars vars = { NULL, NULL };
	struct expr_env env;
	struct expr_ops world;

	out = ARENA_NEW(&gen->conf_arena, struct optset);
	log = ARENA_NEW(&gen->conf_arena, struct expr_log);
	if (out == NULL || log == NULL)
		return false;
	optset_init(out);
	memset(&world, 0, sizeof(world));
	world.execute = ops->execute;
	world.resolve = ops->resolve;
	world.hostname = ops->hostname;
	memset(&env, 0, sizeof(env));
	env.scratch = &gen->conf_arena;
	env.u = &gen->conf.u;
	env.out = out;
	env.now_s = (int64_t)time(NULL);
	env.known = EXPR_NULL;
	env.vars = &vars;
	env.log = log;
	env.ops = &world;
	env.ctx = ops->ctx;
	return conf_start(&gen->conf, &env, msgs) == CONF_OK;
}

struct gen *
gen_new(const char *path, bool is_v6, const struct decide_ops *ops,
    struct msgs *msgs, bool *ret_ok)
{
	struct conf_load_opts opts;
	struct src_loader loader;
	struct src src;
	struct gen *gen;

	*ret_ok = false;
	gen = calloc(1, sizeof(*gen));
	if (gen == NULL)
		return NULL;
	gen->conf_mem = gen_reserve(GEN_CONF_SIZE, &gen->conf_size);
	if (gen->conf_mem == NULL) {
		gen_free(gen);
		return NULL;
	}
	arena_init(&gen->conf_arena, gen->conf_mem, gen->conf_size);
	msgs_init(msgs, &gen->conf_arena);
	src_init(&src, &gen->conf_arena, GEN_FILE_MAX);
	loader = src_loader(&src);
	memset(&opts, 0, sizeof(opts));
	opts.path = str_of(path);
	opts.loader = &loader;
	opts.is_v6 = is_v6;
	/* Without a random number hashes can be guessed, nothing worse. */
	(void)!proc_random(&opts.seed, sizeof(opts.seed));
	*ret_ok = conf_load(&gen->conf, &gen->conf_arena, &opts, msgs) ==
	    CONF_OK && gen_start(gen, ops, msgs);
	gen->style.is_uid_hex = gen->conf.is_hex_ids;
	gen->style.is_unsynced = gen->conf.globals.dont_use_fsync;
	gen->style.is_local_time = gen->conf.is_local_time;
	gen->style.utc_offset_s = gen_utc_offset;
	gen->style.agent_def = gen_agent_by_code;
	gen->style.ctx = gen;
	return gen;
}

/* The ranges of the configuration as the table wants them. */
static bool
gen_plan(struct gen *gen, struct leasetab_plan *ret)
{
	const struct conf *conf = &gen->conf;
	struct leasetab_range *ranges;
	const struct conf_range *r;
	uint32_t *networks;

	ranges = ARENA_ARRAY(&gen->conf_arena, struct leasetab_range,
	    conf->range_n);
	networks = ARENA_ARRAY(&gen->conf_arena, uint32_t, conf->pool_n);
	if (ranges == NULL || networks == NULL)
		return false;
	for (uint32_t i = 0; i < conf->pool_n; i++) {
		networks[i] = conf->pools[i]->network->network_i;
		for (r = conf->pools[i]->ranges; r != NULL; r = r->next) {
			ASSERT(r->range_i < conf->range_n);
			ranges[r->range_i].first = r->low;
			ranges[r->range_i].last = r->high;
			ranges[r->range_i].pool = i;
		}
	}
	ret->ranges = ranges;
	ret->ranges_n = conf->range_n;
	ret->pool_network = networks;
	ret->pools_n = conf->pool_n;
	return true;
}

int
gen_table(struct gen *gen)
{
	struct leasetab_plan plan;
	struct map_key key;
	uint64_t twice;
	int err;

	err = proc_random(&key, sizeof(key));
	if (err < 0)
		return err;
	if (!gen_plan(gen, &plan))
		return -ENOMEM;
	gen->table_size = leasetab_size(&plan);
	if (gen->table_size == 0)
		return -ENOMEM;
	gen->table_mem = proc_reserve(gen->table_size);
	if (gen->table_mem == NULL)
		return -ENOMEM;
	arena_init(&gen->table_arena, gen->table_mem, gen->table_size);
	/* Doubly declared addresses are an error of conf_load already. */
	return leasetab_build(&gen->table, &gen->table_arena, &plan, key,
	    &twice) ? 0 : -ENOMEM;
}

/* --- what the leases file asks */

/* A deleted host needs to be remembered only while the file declares it. */
static bool
gen_is_forgotten(const struct gen *gen, struct str text)
{
	struct str name, rest;

	if (str_find(text, STR("deleted;")) == STR_NONE)
		return false;
	(void)str_cut(text, ' ', &rest);	/* the word host */
	name = str_trim(str_cut(rest, '{', &rest));
	return conf_host_by_name(&gen->conf, name) == NULL;
}

static bool
gen_other(void *ctx, enum leaseread_kind kind, struct str text, uint32_t line)
{
	struct gen *gen = *(struct gen **)ctx;
	struct msgs msgs;

	(void)line;
	if (kind == LEASEREAD_HOST && gen_is_forgotten(gen, text))
		return false;
	if (kind != LEASEREAD_HOST && kind != LEASEREAD_GROUP &&
	    kind != LEASEREAD_CLASS)
		return true;
	msgs_init(&msgs, &gen->conf_arena);
	/* What cannot be understood here is kept in the file all the same. */
	(void)!conf_decl_parse(&gen->conf, STR("dhcpd.leases"), text, &msgs);
	return true;
}

static bool
gen_statements(void *ctx, struct str text, struct wr *wr)
{
	struct gen *gen = *(struct gen **)ctx;
	const struct stmt *list;
	size_t mark;
	bool ok;

	mark = arena_mark(&gen->conf_arena);
	ok = conf_stmts_parse(&gen->conf, text, &gen->conf_arena, &list);
	if (ok)
		stmt_print(wr, list, 4);
	arena_reset(&gen->conf_arena, mark);
	return ok;
}

static const struct opt_def *
gen_agent_by_name(void *ctx, struct str name)
{
	struct gen *gen = *(struct gen **)ctx;

	return optspace_def_by_name(&gen->conf.u, OPTSPACE_AGENT, name);
}

/* The statement is one of the configuration's language. */
static bool
gen_agent_value(void *ctx, struct str text, struct wr *wr)
{
	struct gen *gen = *(struct gen **)ctx;
	struct str value;
	size_t mark;
	bool ok;

	mark = arena_mark(&gen->conf_arena);
	ok = conf_value_parse(&gen->conf, text, &gen->conf_arena, &value);
	if (ok)
		wr_str(wr, value);
	arena_reset(&gen->conf_arena, mark);
	return ok;
}

static bool
gen_has_class(void *ctx, struct str name)
{
	struct gen *gen = *(struct gen **)ctx;

	return conf_class_by_name(&gen->conf, name) != NULL;
}

static bool
gen_has_peer(void *ctx, struct str name)
{
	struct gen *gen = *(struct gen **)ctx;
	const struct conf_failover *f;

	for (f = gen->conf.failovers; f != NULL; f = f->next)
		if (str_eq(f->name, name))
			return true;
	return false;
}

void
gen_hooks(struct gen **current, struct leasedb_hooks *ret)
{
	ret->ctx = current;
	ret->other = gen_other;
	ret->statements = gen_statements;
	ret->agent_def = gen_agent_by_name;
	ret->agent_value = gen_agent_value;
	ret->has_class = gen_has_class;
	ret->has_peer = gen_has_peer;
}

void
gen_free(struct gen *gen)
{
	if (gen == NULL)
		return;
	conf_free(&gen->conf);
	proc_release(gen->conf_mem, gen->conf_size);
	proc_release(gen->table_mem, gen->table_size);
	free(gen);
}
