/* SPDX-License-Identifier: ISC */
/*
 * optspace - one generation's option spaces and definitions.
 *
 * Two hash tables over (space, name) and (space, code); the codes of the dhcp
 * and server spaces have arrays besides, because packets ask for them.  A
 * definition is never changed: a new one takes the place of the old in the
 * tables, and what was parsed before keeps its pointer.
 */
#include "dhcpd/optspace.h"

#include <string.h>

#include "dhcpd/opttab.h"

struct slot {
	uint64_t hash;
	const struct opt_def *def;	/* NULL: free, or (hash set) removed */
};

struct optspace_index {
	struct slot *slots;
	uint32_t mask, n;
};

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 31;
	h *= 0x9e3779b97f4a7c15U;
	h ^= h >> 29;
	return h | 1;		/* 0 marks a free slot */
}

static uint64_t
code_hash(uint32_t space_id, uint32_t code)
{
	return mix((uint64_t)space_id << 32 | code);
}

static uint64_t
name_hash(uint32_t space_id, struct str name)
{
	uint64_t h = 0xcbf29ce484222325U + space_id;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (uint8_t)str_lower(name.p[i])) * 0x100000001b3U;
	return mix(h);
}

static bool
index_init(struct optspace_index *index, struct arena *arena, uint32_t slots)
{
	index->slots = ARENA_ARRAY(arena, struct slot, slots);
	index->mask = slots - 1;
	index->n = 0;
	return index->slots != NULL;
}

/* Room for one more, in a table at most half full. */
static bool
index_grow(struct optspace_index *index, struct arena *arena)
{
	struct optspace_index old = *index;

	if (index->n * 2 < index->mask)
		return true;
	if (!index_init(index, arena, (old.mask + 1) * 2))
		return false;
	for (uint32_t i = 0; i <= old.mask; i++) {
		uint32_t at = (uint32_t)old.slots[i].hash & index->mask;

		if (!old.slots[i].def)
			continue;
		while (index->slots[at].hash)
			at = (at + 1) & index->mask;
		index->slots[at] = old.slots[i];
		index->n++;
	}
	return true;
}

static bool
same_name(const struct opt_def *def, uint32_t space_id, struct str name)
{
	return def->space->id == space_id && str_ieq(def->name, name);
}

/* The slot of a name, or the free one where it would go. */
static struct slot *
name_slot(const struct optspace_index *index, uint32_t space_id, struct str name)
{
	uint64_t hash = name_hash(space_id, name);
	uint32_t at = (uint32_t)hash & index->mask;

	for (; index->slots[at].hash; at = (at + 1) & index->mask)
		if (index->slots[at].hash == hash && index->slots[at].def &&
		    same_name(index->slots[at].def, space_id, name))
			break;
	return &index->slots[at];
}

static struct slot *
code_slot(const struct optspace_index *index, uint32_t space_id, uint32_t code)
{
	uint64_t hash = code_hash(space_id, code);
	uint32_t at = (uint32_t)hash & index->mask;

	for (; index->slots[at].hash; at = (at + 1) & index->mask)
		if (index->slots[at].hash == hash && index->slots[at].def &&
		    index->slots[at].def->space->id == space_id &&
		    index->slots[at].def->code == code)
			break;
	return &index->slots[at];
}

static void
slot_set(struct optspace_index *index, struct slot *slot, uint64_t hash,
    const struct opt_def *def)
{
	if (!slot->hash)
		index->n++;
	slot->hash = hash;
	slot->def = def;
}

static void
map_code(struct optspace_universe *u, uint32_t space_id, uint32_t code,
    const struct opt_def *def)
{
	struct slot *slot = code_slot(u->by_code, space_id, code);

	if (def || slot->hash)
		slot_set(u->by_code, slot, code_hash(space_id, code), def);
	if (code < 256 && space_id == OPTSPACE_DHCP)
		u->dhcp[code] = def;
	if (code < 256 && space_id == OPTSPACE_SERVER)
		u->server[code] = def;
}

static bool
enter(struct optspace_universe *u, const struct opt_def *def)
{
	uint32_t id = def->space->id;
	struct slot *slot;

	if (!index_grow(u->by_name, u->arena) || !index_grow(u->by_code, u->arena))
		return false;
	slot = name_slot(u->by_name, id, def->name);
	if (slot->def && optspace_def_by_code(u, id, slot->def->code) == slot->def)
		map_code(u, id, slot->def->code, NULL);
	slot_set(u->by_name, slot, name_hash(id, def->name), def);
	map_code(u, id, def->code, def);
	if (def->encap) {
		struct optspace_carrier **end = &u->carriers;
		struct optspace_carrier *carrier = ARENA_NEW(u->arena, struct optspace_carrier);

		if (!carrier)
			return false;
		while (*end)
			end = &(*end)->next;
		carrier->def = def;
		*end = carrier;
	}
	return true;
}

bool
optspace_init(struct optspace_universe *u, struct arena *arena)
{
	memset(u, 0, sizeof(*u));
	u->arena = arena;
	u->by_name = ARENA_NEW(arena, struct optspace_index);
	u->by_code = ARENA_NEW(arena, struct optspace_index);
	u->space_cap = 2 * OPTSPACE_BUILTIN_N;
	u->spaces = ARENA_ARRAY(arena, const struct opt_space *, u->space_cap);
	if (!u->by_name || !u->by_code || !u->spaces ||
	    !index_init(u->by_name, arena, 2048) || !index_init(u->by_code, arena, 2048))
		return false;
	for (size_t s = 0; s < OPTSPACE_BUILTIN_N; s++) {
		ASSERT(opttab_space[s].id == s);
		u->spaces[u->space_n++] = &opttab_space[s];
		for (size_t i = 0; i < opttab_table[s].n; i++)
			if (!enter(u, &opttab_table[s].def[i]))
				return false;
	}
	return true;
}

const struct opt_space *
optspace_by_name(const struct optspace_universe *u, struct str name)
{
	for (uint32_t i = u->space_n; i-- > 0;)
		if (str_ieq(u->spaces[i]->name, name))
			return u->spaces[i];
	return NULL;
}

const struct opt_def *
optspace_def_by_code(const struct optspace_universe *u, uint32_t space_id, uint32_t code)
{
	if (code < 256 && space_id == OPTSPACE_DHCP)
		return u->dhcp[code];
	if (code < 256 && space_id == OPTSPACE_SERVER)
		return u->server[code];
	return code_slot(u->by_code, space_id, code)->def;
}

const struct opt_def *
optspace_builtin(enum optspace_id space_id, uint32_t code)
{
	const struct opttab_table *table = &opttab_table[space_id];

	for (size_t i = 0; i < table->n; i++)
		if (table->def[i].code == code)
			return &table->def[i];
	return NULL;
}

const struct opt_def *
optspace_def_by_name(const struct optspace_universe *u, uint32_t space_id, struct str name)
{
	return name_slot(u->by_name, space_id, name)->def;
}

const struct opt_space *
optspace_add_space(struct optspace_universe *u, struct str name, uint8_t code_width,
    uint8_t len_width)
{
	struct opt_space *space = ARENA_NEW(u->arena, struct opt_space);

	if (!space || u->space_n == OPTSPACE_MAX || !arena_str(u->arena, name, &space->name))
		return NULL;
	if (u->space_n == u->space_cap) {
		const struct opt_space **more =
		    ARENA_ARRAY(u->arena, const struct opt_space *, 2 * u->space_cap);

		if (!more)
			return NULL;
		memcpy(more, u->spaces, u->space_n * sizeof(*more));
		u->spaces = more;
		u->space_cap *= 2;
	}
	space->code_width = code_width;
	space->len_width = len_width;
	space->id = (uint16_t)u->space_n;
	u->spaces[u->space_n++] = space;
	return space;
}

static struct opt_def *
new_def(struct optspace_universe *u, const struct opt_space *space, struct str name,
    uint32_t code, struct str format)
{
	struct opt_def *def = ARENA_NEW(u->arena, struct opt_def);
	struct str copy;

	if (!def || !arena_str(u->arena, name, &def->name) ||
	    !arena_str(u->arena, format, &copy))
		return NULL;
	def->space = space;
	def->code = code;
	def->format = copy.p;
	return def;
}

const struct opt_def *
optspace_add_def(struct optspace_universe *u, const struct opt_space *space, struct str name,
    uint32_t code, const char *format, const struct opt_space *encap)
{
	struct opt_def *def = new_def(u, space, name, code, str_of(format));

	if (!def)
		return NULL;
	def->encap = encap;
	return enter(u, def) ? def : NULL;
}

const struct opt_def *
optspace_unknown(struct optspace_universe *u, const struct opt_space *space, uint32_t code)
{
	char digits[10];
	char name[32] = "unknown-";
	size_t n = 8, k = 0;
	uint32_t v = code;

	do {
		digits[k++] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	while (k)
		name[n++] = digits[--k];
	return new_def(u, space, str_make(name, n), code, STR("X"));
}
