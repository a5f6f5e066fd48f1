/* SPDX-License-Identifier: ISC */
/*
 * optset - the values of one packet or one reply.
 *
 * Entries stay where they were first put, so that the order of setting is the
 * order of the array; the index by code holds entry numbers plus one.  Only the
 * index is cleared for a new packet.
 */
#include "dhcpd/optset.h"

#include <string.h>

#include "common/arena.h"
#include "common/rd.h"
#include "common/wr.h"
#include "dhcpd/opttab.h"

#define BUCKETS 17

/* Spaces inside spaces: 125 holds 2495 holds ... */
#define NESTED_MAX 4

void
optset_init(struct optset *set)
{
	set->n = 0;
	set->is_full = false;
	set->others = 0;
	memset(set->index, 0, sizeof(set->index));
}

/* Where the number of an indexed code is kept, or NULL. */
static uint16_t *
index_of(struct optset *set, uint32_t space, uint32_t code)
{
	return space < OPTSET_INDEXED && code < OPTSET_CODES ? &set->index[space][code] : NULL;
}

struct optset_entry *
optset_find_other(struct optset *set, uint32_t space, uint32_t code)
{
	for (uint16_t i = set->others; i; i = set->entry[i - 1].next)
		if (set->entry[i - 1].space == space && set->entry[i - 1].code == code)
			return &set->entry[i - 1];
	return NULL;
}

static struct optset_entry *
place(struct optset *set, uint32_t space, uint32_t code)
{
	struct optset_entry *entry;
	uint16_t *number;

	ASSERT(set != NULL);
	entry = optset_find(set, space, code);
	if (entry)
		return entry;
	if (set->n == OPTSET_MAX) {
		set->is_full = true;
		return NULL;
	}
	entry = &set->entry[set->n++];
	entry->space = (uint16_t)space;
	entry->code = code;
	number = index_of(set, space, code);
	if (!number) {
		entry->next = set->others;
		number = &set->others;
	}
	*number = (uint16_t)set->n;
	return entry;
}

bool
optset_put(struct optset *set, const struct opt_def *def, uint32_t space, uint32_t code,
    struct str bytes)
{
	struct optset_entry *entry = place(set, space, code);

	if (!entry)
		return false;
	entry->def = def;
	entry->expr = NULL;
	entry->bytes = bytes;
	return true;
}

bool
optset_put_expr(struct optset *set, const struct opt_def *def, const struct expr *expr)
{
	struct optset_entry *entry = place(set, def->space->id, def->code);

	if (!entry)
		return false;
	entry->def = def;
	entry->expr = expr;
	entry->bytes = (struct str){ NULL, 0 };
	return true;
}

void
optset_remove(struct optset *set, uint32_t space, uint32_t code)
{
	struct optset_entry *entry = optset_find(set, space, code);
	uint16_t *number;

	ASSERT(set != NULL);
	number = index_of(set, space, code);
	if (!entry)
		return;
	if (number) {
		*number = 0;
	} else {
		uint16_t *at = &set->others;

		while (*at && &set->entry[*at - 1] != entry)
			at = &set->entry[*at - 1].next;
		*at = entry->next;
	}
	entry->space = OPTSET_GONE;
}

static unsigned
bucket_of(uint32_t code)
{
	return ((code & 31) + (code >> 5 & 31)) % BUCKETS;
}

size_t
optset_order(struct optset *set, uint32_t space, struct optset_entry **ret, size_t max)
{
	size_t start[BUCKETS + 1] = { 0 };
	size_t total = 0;

	for (uint32_t i = 0; i < set->n; i++)
		if (set->entry[i].space == space)
			start[bucket_of(set->entry[i].code) + 1]++;
	for (unsigned b = 0; b < BUCKETS; b++)
		start[b + 1] += start[b];
	for (uint32_t i = set->n; i-- > 0;) {
		struct optset_entry *entry = &set->entry[i];
		size_t at;

		if (entry->space != space)
			continue;
		at = start[bucket_of(entry->code)]++;
		if (at < max)
			ret[at] = entry;
		total++;
	}
	return total < max ? total : max;
}

/* Octets of one code that came in pieces are one value (RFC 3396). */
static bool
put_piece(struct optset *set, const struct opt_def *def, uint32_t space, uint32_t code,
    struct str bytes, struct arena *scratch)
{
	struct optset_entry *old = optset_find(set, space, code);
	char *joined;

	if (!old)
		return optset_put(set, def, space, code, bytes);
	joined = arena_alloc(scratch, old->bytes.len + bytes.len, 1);
	if (!joined)
		return false;
	if (old->bytes.len)
		memcpy(joined, old->bytes.p, old->bytes.len);
	if (bytes.len)
		memcpy(joined + old->bytes.len, bytes.p, bytes.len);
	old->bytes = str_make(joined, old->bytes.len + bytes.len);
	return true;
}

static uint32_t
read_width(struct rd *r, unsigned width)
{
	if (width == 4)
		return rd_u32(r);
	return width == 2 ? rd_u16(r) : rd_u8(r);
}

/* Text of a domain name in wire form: labels joined by dots, no final dot. */
static bool
wire_name(struct str wire, struct arena *scratch, struct str *ret)
{
	char *text = arena_alloc(scratch, wire.len + 1, 1);
	size_t n = 0, i = 0;

	if (!text)
		return false;
	while (i < wire.len && wire.p[i]) {
		size_t len = (uint8_t)wire.p[i++];

		if (len > 63 || len > wire.len - i)
			return false;
		if (n)
			text[n++] = '.';
		memcpy(text + n, wire.p + i, len);
		n += len;
		i += len;
	}
	*ret = str_make(text, n);
	return true;
}

static bool
put_fqdn(struct optset *set, uint32_t code, const void *p, size_t len, struct arena *scratch)
{
	const struct opttab_table *table = &opttab_table[OPTSPACE_FQDN];
	void *copy = arena_dup(scratch, p, len);

	ASSERT(code >= 1 && code <= table->n);
	return copy && optset_put(set, &table->def[code - 1], OPTSPACE_FQDN, code,
	    str_make(copy, len));
}

/* RFC 4702: flags, two return codes, a name in one of two encodings. */
static bool
decode_fqdn(struct optset *set, struct str bytes, struct arena *scratch)
{
	struct rd r;
	struct str name, rest;
	uint8_t flags, rcode1, rcode2, bit[3];
	size_t dot;

	rd_init(&r, bytes.p, bytes.len);
	flags = rd_u8(&r);
	rcode1 = rd_u8(&r);
	rcode2 = rd_u8(&r);
	if (!rd_ok(&r))
		return false;
	name = str_sub(bytes, 3, STR_NONE);
	if ((flags & 4) && !wire_name(name, scratch, &name))
		return false;
	bit[0] = flags >> 3 & 1;
	bit[1] = flags & 1;
	bit[2] = flags >> 2 & 1;
	if (!put_fqdn(set, OPTTAB_FQDN_NO_CLIENT_UPDATE, &bit[0], 1, scratch) ||
	    !put_fqdn(set, OPTTAB_FQDN_SERVER_UPDATE, &bit[1], 1, scratch) ||
	    !put_fqdn(set, OPTTAB_FQDN_ENCODED, &bit[2], 1, scratch) ||
	    !put_fqdn(set, OPTTAB_FQDN_RCODE1, &rcode1, 1, scratch) ||
	    !put_fqdn(set, OPTTAB_FQDN_RCODE2, &rcode2, 1, scratch))
		return false;
	if (name.len && name.p[name.len - 1] == '.')
		name.len--;
	if (!name.len)
		return true;
	dot = str_chr(name, '.');
	rest = dot == STR_NONE ? (struct str){ NULL, 0 } : str_sub(name, dot + 1, STR_NONE);
	if (dot == STR_NONE)
		dot = name.len;
	if (rest.len && !put_fqdn(set, OPTTAB_FQDN_DOMAINNAME, rest.p, rest.len, scratch))
		return false;
	return put_fqdn(set, OPTTAB_FQDN_HOSTNAME, name.p, dot, scratch) &&
	    put_fqdn(set, OPTTAB_FQDN_FQDN, name.p, name.len, scratch);
}

static bool
decode_space(struct optset *set, const struct optspace_universe *u,
    const struct opt_space *space, struct str bytes, struct arena *scratch, unsigned depth)
{
	struct rd r;

	if (space->id == OPTSPACE_FQDN)
		return decode_fqdn(set, bytes, scratch);
	if (!space->code_width || depth == NESTED_MAX)
		return false;
	rd_init(&r, bytes.p, bytes.len);
	while (rd_left(&r)) {
		uint32_t code = read_width(&r, space->code_width);
		const struct opt_def *def;
		struct str value;
		size_t len;

		if (space->code_width == 1 && code == 0 && space->id != OPTSPACE_AGENT)
			continue;	/* padding */
		if (space->end_code && code == space->end_code)
			break;
		len = space->len_width ? read_width(&r, space->len_width) : rd_left(&r);
		value = rd_str(&r, len);
		if (!rd_ok(&r))
			return false;
		def = optspace_def_by_code(u, space->id, code);
		if (!put_piece(set, def, space->id, code, value, scratch))
			return false;
		if (def && def->encap)
			(void)!decode_space(set, u, def->encap, value, scratch, depth + 1);
	}
	return rd_ok(&r);
}

bool
optset_decode(struct optset *set, const struct optspace_universe *u,
    const struct opt_space *space, struct str bytes, struct arena *scratch)
{
	return decode_space(set, u, space, bytes, scratch, 0);
}
