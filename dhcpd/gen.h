/* SPDX-License-Identifier: ISC */
/*
 * gen.h - a generation: one reading of the configuration and the lease table
 * made for it.
 *
 * Built aside, swapped in between two packets, released as a whole.  Shell.
 */
#ifndef DHCPD_GEN_H
#define DHCPD_GEN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/cc.h"
#include "dhcpd/conf.h"
#include "dhcpd/decide.h"
#include "dhcpd/lease.h"
#include "dhcpd/leasedb.h"
#include "dhcpd/leasetab.h"
#include "dhcpd/leasetext.h"

/* Largest configuration file or include. */
/* Left over by a configuration that shall be served. */
#define GEN_SPARE ((size_t)8 << 20)
#define GEN_FILE_MAX (512 * 1024 * 1024)

struct gen {
	struct conf conf;
	struct lease_table table;
	struct leasetext_style style;
	struct arena conf_arena, table_arena;
	void *conf_mem, *table_mem;
	size_t conf_size, table_size;
};

/*
 * gen_new - read a configuration; no lease table yet.
 *
 * msgs       every line the peer would log; lives in the generation
 *
 * NULL when there is no memory.  *ret_ok says whether the configuration can
 * be used; release the generation either way.
 */
struct gen *gen_new(const char *path, bool is_v6,
    const struct decide_ops *ops, struct msgs *msgs, bool *ret_ok)
    MUST_CHECK;

/*
 * gen_table - make the empty lease table for the ranges.
 *
 * 0, -ENOMEM, or -errno of the random source.
 */
int gen_table(struct gen *gen) MUST_CHECK;

/*
 * gen_hooks - what the leases file asks of a configuration.
 *
 * current    where the generation in use is kept; read at every question
 *
 * All but the log hook.
 */
void gen_hooks(struct gen **current, struct leasedb_hooks *ret);

/*
 * gen_free - release everything; NULL is fine.
 */
void gen_free(struct gen *gen);

/*
 * gen_scratch - zeroed memory that costs nothing until touched, as an arena;
 * less than wanted on a small machine.
 */
bool gen_scratch(struct arena *arena, size_t want) MUST_CHECK;

#endif
