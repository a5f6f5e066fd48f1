/* SPDX-License-Identifier: ISC */
/*
 * dhcpd_world.h - a whole dhcpd core in memory, for unit tests and fuzzing.
 *
 * A configuration from text, an empty lease table, one interface, a clock that
 * the test moves.  Packets go in as bytes; verdict, reply, log and changed
 * leases come out.  Without Check, so that fuzz targets can use it.
 */
#ifndef TESTS_UNIT_DHCPD_WORLD_H
#define TESTS_UNIT_DHCPD_WORLD_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/cc.h"
#include "common/ip4.h"
#include "common/rd.h"
#include "common/src.h"
#include "common/wr.h"
#include "dhcpd/decide.h"
#include "dhcpd/leasetab.h"
#include "dhcpd/packet.h"

enum {
	WORLD_CONF_SIZE = 64 * 1024 * 1024,
	WORLD_SCRATCH_SIZE = 64 * 1024 * 1024,
	WORLD_TABLE_SIZE = 64 * 1024 * 1024,
	WORLD_RANGES_MAX = 64
};

struct dworld {
	struct arena conf_arena, scratch, keep, table_arena, tmp;
	struct conf conf;
	struct msgs msgs;
	struct lease_table table;
	struct decide d;
	struct decide_ops ops;
	struct decide_out out;
	struct decide_iface iface;
	uint32_t addr;
	struct when now;
	struct str text;		/* of the configuration */
	int executed_n, execute_result;
};

static inline int
dworld_load(void *ctx, struct str path, struct str *ret)
{
	struct dworld *w = ctx;

	if (!str_eq(path, STR("dhcpd.conf")))
		return -ENOENT;
	*ret = w->text;
	return 0;
}

static inline void
dworld_leave(void *ctx)
{
	(void)ctx;
}

static inline int
dworld_execute(void *ctx, char *const argv[])
{
	struct dworld *w = ctx;

	(void)argv;
	w->executed_n++;
	return w->execute_result;
}

static inline int
dworld_resolve(void *ctx, struct str name, uint32_t *addrs, size_t max,
    const char **reterr)
{
	(void)ctx;
	*reterr = "host unknown.";
	if (max == 0 || !str_eq(name, STR("known.example")))
		return -1;
	addrs[0] = 0x0a0a0332;
	return 1;
}

static inline bool
dworld_hostname(void *ctx, struct str *ret)
{
	(void)ctx;
	*ret = STR("server");
	return true;
}

static inline bool
dworld_reverse(void *ctx, uint32_t addr, char *buf)
{
	(void)ctx;
	(void)addr;
	memcpy(buf, "reverse", sizeof("reverse"));
	return true;
}

/* Address space that is zero and costs nothing until touched. */
static inline void
dworld_arena(struct arena *a, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ASSERT(p != MAP_FAILED);
	arena_init(a, p, size);
}

/* A table for the ranges, empty and loading. */
static inline void
dworld_build(struct dworld *w)
{
	static struct leasetab_range ranges[WORLD_RANGES_MAX];
	static uint32_t networks[WORLD_RANGES_MAX];
	struct leasetab_plan plan = { ranges, 0, networks, w->conf.pool_n };
	struct map_key key = { 1, 2 };
	const struct conf_range *r;
	uint64_t twice;

	ASSERT(w->conf.pool_n <= WORLD_RANGES_MAX);
	for (uint32_t i = 0; i < w->conf.pool_n; i++) {
		networks[i] = w->conf.pools[i]->network->network_i;
		for (r = w->conf.pools[i]->ranges; r != NULL; r = r->next) {
			ASSERT(r->range_i < WORLD_RANGES_MAX);
			ranges[r->range_i] = (struct leasetab_range){
				r->low, r->high, i };
		}
	}
	plan.ranges_n = w->conf.range_n;
	ASSERT(leasetab_size(&plan) <= WORLD_TABLE_SIZE);
	ASSERT(leasetab_build(&w->table, &w->table_arena, &plan, key, &twice));
}

static inline void
dworld_table(struct dworld *w)
{
	dworld_build(w);
	ASSERT(leasetab_ready(&w->table, &w->tmp));
}

/* Everything, served by 10.10.3.1 on eth0 at a fixed time. */
static inline struct dworld *
dworld_new(const char *text)
{
	struct dworld *w = calloc(1, sizeof(*w));
	struct src_loader loader = { w, dworld_load, dworld_leave };
	struct conf_load_opts opts;
	struct conf_subnet *subnet;
	struct expr_env env;
	struct expr_ops none;
	static struct optset set;
	static struct expr_log log;

	ASSERT(w != NULL);
	dworld_arena(&w->conf_arena, WORLD_CONF_SIZE);
	dworld_arena(&w->scratch, WORLD_SCRATCH_SIZE);
	dworld_arena(&w->keep, WORLD_SCRATCH_SIZE);
	dworld_arena(&w->table_arena, WORLD_TABLE_SIZE);
	dworld_arena(&w->tmp, WORLD_SCRATCH_SIZE);
	w->text = str_of(text);
	w->now.wall_s = 1800000000;
	w->now.mono_ns = WHEN_NS_PER_S;
	w->ops = (struct decide_ops){ w, dworld_execute, dworld_resolve,
		dworld_hostname, dworld_reverse };
	msgs_init(&w->msgs, &w->conf_arena);
	memset(&opts, 0, sizeof(opts));
	opts.path = STR("dhcpd.conf");
	opts.loader = &loader;
	ASSERT(conf_load(&w->conf, &w->conf_arena, &opts, &w->msgs) == CONF_OK);
	memset(&env, 0, sizeof(env));
	memset(&none, 0, sizeof(none));
	optset_init(&set);
	expr_log_clear(&log);
	env.scratch = &w->scratch;
	env.u = &w->conf.u;
	env.out = &set;
	env.now_s = w->now.wall_s;
	env.known = EXPR_NULL;
	env.vars = &(struct expr_vars){ NULL, NULL };
	env.log = &log;
	env.ops = &none;
	ASSERT(conf_start(&w->conf, &env, &w->msgs) == CONF_OK);
	dworld_table(w);
	decide_init(&w->d, &w->scratch, &w->keep, &w->ops);
	ASSERT(decide_use(&w->d, &w->conf, &w->table, &w->conf_arena));
	w->addr = 0x0a0a0301;
	subnet = conf_subnet_find(&w->conf, w->addr);
	w->iface = (struct decide_iface){ STR("eth0"), &w->addr, 1,
		subnet != NULL ? subnet->network : NULL };
	return w;
}

static inline void
dworld_free(struct dworld *w)
{
	conf_free(&w->conf);
	munmap(w->conf_arena.p, w->conf_arena.cap);
	munmap(w->scratch.p, w->scratch.cap);
	munmap(w->keep.p, w->keep.cap);
	munmap(w->table_arena.p, w->table_arena.cap);
	munmap(w->tmp.p, w->tmp.cap);
	free(w);
}

/* One message from a source address. */
static inline enum decide_verdict
dworld_send(struct dworld *w, const void *bytes, size_t len, uint32_t src)
{
	arena_reset(&w->scratch, 0);
	arena_reset(&w->keep, 0);
	return decide_packet(&w->d, &w->now, &w->iface, src,
	    str_make(bytes, len), &w->out);
}

/* Move the clock; leases that end meanwhile are expired. */
static inline void
dworld_wait(struct dworld *w, int64_t seconds)
{
	struct lease *l;

	w->now.wall_s += seconds;
	w->now.mono_ns += seconds * WHEN_NS_PER_S;
	while ((l = lease_due(&w->table, w->now.wall_s)) != NULL) {
		arena_reset(&w->scratch, 0);
		decide_expire(&w->d, &w->now, l, &w->out);
	}
}

/* A world as it was, to start again from without reading a configuration. */
struct dworld_image {
	struct dworld world;
	uint8_t *conf, *table;
};

static inline void
dworld_save(const struct dworld *w, struct dworld_image *ret)
{
	ret->world = *w;
	ret->conf = malloc(w->conf_arena.len);
	ret->table = malloc(w->table_arena.len);
	ASSERT(ret->conf != NULL && ret->table != NULL);
	memcpy(ret->conf, w->conf_arena.p, w->conf_arena.len);
	memcpy(ret->table, w->table_arena.p, w->table_arena.len);
}

static inline void
dworld_image_free(struct dworld_image *image)
{
	free(image->conf);
	free(image->table);
}

static inline void
dworld_restore(struct dworld *w, const struct dworld_image *image)
{
	*w = image->world;
	memcpy(w->conf_arena.p, image->conf, w->conf_arena.len);
	memcpy(w->table_arena.p, image->table, w->table_arena.len);
}

#endif
