/* SPDX-License-Identifier: ISC */
/*
 * confbuild - entering what a file declares into the generation's tables.
 *
 * The tables are good at any time: a lookup while the file is still being read
 * sees what has been declared so far, which is what the language wants.
 */
#include "dhcpd/confbuild.h"

#include <string.h>
#include <syslog.h>

#include "common/ip4.h"

void
confbuild_open(struct confbuild_block *b, enum confbuild_kind kind,
    struct confbuild_block *outer)
{
	memset(b, 0, sizeof(*b));
	b->kind = kind;
	b->outer = outer;
	if (outer) {
		b->is_authoritative = outer->is_authoritative;
		b->network = outer->network;
		b->subnet = outer->subnet;
		b->subnet6 = outer->subnet6;
	}
}

const struct conf_scope *
confbuild_inherited(struct parse *p, struct confbuild_block *b)
{
	while (!b->scope && b->outer && b->outer->kind != CONFBUILD_ROOT)
		b = b->outer;
	return b->scope ? b->scope : confbuild_scope(p, b);
}

struct conf_scope *
confbuild_scope(struct parse *p, struct confbuild_block *b)
{
	if (b->scope)
		return b->scope;
	b->scope = PARSE_NEW(p, struct conf_scope);
	if (!b->scope)
		return NULL;
	b->end = (struct stmt **)(uintptr_t)&b->scope->first;
	if (b->outer)
		b->scope->parent = b->outer->kind == CONFBUILD_ROOT ? p->conf->root :
		    confbuild_inherited(p, b->outer);
	return b->scope;
}

void
confbuild_add(struct parse *p, struct confbuild_block *b, struct stmt *s)
{
	if (!s || !confbuild_scope(p, b))
		return;
	*b->end = s;
	b->end = &s->next;
}

static bool
full(struct parse *p)
{
	lex_fatal(p->lex, "Memory overflow.");
	return false;
}

bool
confbuild_network(struct parse *p, struct conf_network *network)
{
	struct conf *conf = p->conf;

	if (!confindex_grow(conf->arena, &conf->networks, conf->network_n,
	    &conf->index->network_cap))
		return full(p);
	network->network_i = conf->network_n;
	conf->networks[conf->network_n++] = network;
	return true;
}

/* A mask is put before the first less specific one. */
static bool
enter_mask(struct conf *conf, uint32_t mask)
{
	struct conf_index *x = conf->index;
	uint32_t i = 0;

	while (i < x->mask_n && x->masks[i] > mask)
		i++;
	if (i < x->mask_n && x->masks[i] == mask)
		return true;
	if (x->mask_n == x->mask_cap) {
		uint32_t cap = x->mask_cap ? 2 * x->mask_cap : 8;
		uint32_t *more = ARENA_ARRAY(conf->arena, uint32_t, cap);

		if (!more)
			return false;
		if (x->mask_n)
			memcpy(more, x->masks, x->mask_n * sizeof(*more));
		x->masks = more;
		x->mask_cap = cap;
	}
	memmove(x->masks + i + 1, x->masks + i, (x->mask_n - i) * sizeof(*x->masks));
	x->masks[i] = mask;
	x->mask_n++;
	return true;
}

static uint32_t
subnet_hash(const struct conf *conf, uint32_t net, uint32_t mask)
{
	uint32_t key[2] = { net, mask };

	return confindex_hash(conf->seed, key, sizeof(key));
}

/* Text of a subnet as the peer's warning has it. */
static void
cidr(const struct conf_subnet *s, char *text, size_t size)
{
	char addr[IP4_TEXT_SIZE];
	unsigned bits = 0;
	struct wr w;

	for (uint32_t mask = s->mask; mask & 0x80000000U; mask <<= 1)
		bits++;
	(void)ip4_fmt(s->net, addr);
	wr_init(&w, text, size - 1);
	wr_fmt(&w, "%s/%u", addr, bits);
	text[w.len] = '\0';
}

/* Number of the first subnet, by network number, at or above a number. */
static uint32_t
first_net(const struct conf *conf, uint32_t net)
{
	uint32_t low = 0, high = conf->subnet_n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (conf->index->by_net[middle]->net < net)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
overlap(const struct conf_subnet *a, const struct conf_subnet *b)
{
	return (a->net & b->mask) == b->net || (b->net & a->mask) == a->net;
}

/* Can any subnet overlap a new one?  Says yes in doubt (masks with holes). */
static bool
may_overlap(const struct conf *conf, const struct conf_subnet *new, uint32_t at)
{
	return conf_subnet_find(conf, new->net) != NULL || !ip4_is_mask(new->mask) ||
	    (at < conf->subnet_n && conf->index->by_net[at]->net <= (new->net | ~new->mask));
}

/*
 * Put a new subnet into the peer's list: before the first one it overlaps, which
 * is returned, else at the head.
 */
static const struct conf_subnet *
enter_list(struct conf *conf, struct conf_subnet *new, uint32_t at)
{
	struct conf_subnet **link = &conf->index->newest;

	if (may_overlap(conf, new, at))
		while (*link && !overlap(*link, new))
			link = &(*link)->older;
	else
		link = NULL;
	if (!link || !*link)
		link = &conf->index->newest;
	new->older = *link;
	*link = new;
	return new->older && overlap(new, new->older) ? new->older : NULL;
}

/* Put it among the others by its number. */
static bool
enter_net(struct conf *conf, struct conf_subnet *new, uint32_t at)
{
	struct conf_index *x = conf->index;

	if (!confindex_grow(conf->arena, &x->by_net, conf->subnet_n, &x->by_net_cap))
		return false;
	memmove(x->by_net + at + 1, x->by_net + at,
	    (conf->subnet_n - at) * sizeof(*x->by_net));
	x->by_net[at] = new;
	return true;
}

bool
confbuild_subnet(struct parse *p, struct conf_subnet *subnet)
{
	struct conf *conf = p->conf;
	uint32_t at = first_net(conf, subnet->net);
	const struct conf_subnet *other = enter_list(conf, subnet, at);

	if (other) {
		char a[32], b[32];

		cidr(subnet, a, sizeof(a));
		cidr(other, b, sizeof(b));
		lex_plain(p->lex, LOG_ERR, "Warning: subnet %s overlaps subnet %s", a, b);
	}
	if (!confindex_grow(conf->arena, &conf->subnets, conf->subnet_n,
	    &conf->index->subnet_cap) || !enter_net(conf, subnet, at) ||
	    !enter_mask(conf, subnet->mask) ||
	    !confindex_put(&conf->index->subnet, conf->arena,
	    subnet_hash(conf, subnet->net, subnet->mask), conf->subnet_n))
		return full(p);
	subnet->subnet_i = conf->subnet_n;
	conf->subnets[conf->subnet_n++] = subnet;
	return true;
}

bool
confbuild_pool(struct parse *p, struct conf_pool *pool)
{
	struct conf *conf = p->conf;

	if (!confindex_grow(conf->arena, &conf->pools, conf->pool_n, &conf->index->pool_cap))
		return full(p);
	pool->pool_i = conf->pool_n;
	conf->pools[conf->pool_n++] = pool;
	return true;
}

/* Number of the first range that ends at or above an address. */
static uint32_t
first_range(const struct conf_index *x, uint32_t addr)
{
	uint32_t low = 0, high = x->range_n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (x->ranges[middle]->high < addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* At most this many addresses of one range are told one by one. */
#define TWICE_MAX 65536

bool
confbuild_range(struct parse *p, struct conf_range *range)
{
	struct conf *conf = p->conf;
	struct conf_index *x = conf->index;
	uint32_t at = first_range(x, range->low), told = 0;
	char text[IP4_TEXT_SIZE];
	bool is_new = true;

	for (uint32_t i = at; i < x->range_n && x->ranges[i]->low <= range->high; i++) {
		uint32_t a = range->low > x->ranges[i]->low ? range->low : x->ranges[i]->low;
		uint32_t z = range->high < x->ranges[i]->high ? range->high : x->ranges[i]->high;

		is_new = false;
		for (uint64_t addr = a; addr <= z && told < TWICE_MAX; addr++, told++) {
			(void)ip4_fmt((uint32_t)addr, text);
			lex_error(p->lex, "lease %s is declared twice!", text);
		}
	}
	if (!is_new)
		return true;
	if (!confindex_grow(conf->arena, &x->ranges, x->range_n, &x->range_cap))
		return full(p);
	memmove(x->ranges + at + 1, x->ranges + at, (x->range_n - at) * sizeof(*x->ranges));
	x->ranges[at] = range;
	x->range_n++;
	range->range_i = conf->range_n;
	conf->range_n = x->range_n;
	conf->addr_n += (uint64_t)range->high - range->low + 1;
	return true;
}

/* A host goes behind the others of its hardware address or identifier. */
static bool
chain_host(struct conf *conf, struct confindex_table *t, struct conf_host *first,
    struct conf_host *host, uint32_t hash, bool is_hw)
{
	struct conf_host *last;
	uint32_t number = host->host_i + 1;

	*(is_hw ? &host->last_by_hw : &host->last_by_uid) = number;
	if (!first)
		return confindex_put(t, conf->arena, hash, host->host_i);
	last = conf->hosts[(is_hw ? first->last_by_hw : first->last_by_uid) - 1];
	*(is_hw ? &last->next_by_hw : &last->next_by_uid) = number;
	*(is_hw ? &first->last_by_hw : &first->last_by_uid) = number;
	return true;
}

static bool
index_keys(struct conf *conf, struct conf_host *host)
{
	struct conf_index *x = conf->index;
	struct str hw = str_make(host->hw, host->hw_len);

	if (host->hw_len && !chain_host(conf, &x->host_hw, conf_host_by_hw(conf, hw), host,
	    confindex_hash(conf->seed, hw.p, hw.len), true))
		return false;
	if (host->uid.p && !chain_host(conf, &x->host_uid, conf_host_by_uid(conf, host->uid), host,
	    confindex_hash(conf->seed, host->uid.p, host->uid.len), false))
		return false;
	for (uint16_t i = 0; i < host->fixed_n; i++) {
		const struct conf_addr *a = &host->fixed[i];

		if (!a->name.len && !conf_host_by_fixed(conf, a->addr) &&
		    !confindex_put(&x->host_fixed, conf->arena,
		    confindex_hash(conf->seed, &a->addr, sizeof(a->addr)), host->host_i))
			return false;
	}
	return true;
}

static bool
index_id(struct conf *conf, struct conf_host *host)
{
	struct conf_host_id_kind **end = &conf->host_id_kinds;
	const struct conf_host_id *id = host->id;
	struct conf_index *x = conf->index;
	uint32_t hash;

	if (!id)
		return true;
	while (*end && ((*end)->def != id->def || (*end)->relay != id->relay))
		end = &(*end)->next;
	if (!*end) {
		*end = ARENA_NEW(conf->arena, struct conf_host_id_kind);
		if (!*end)
			return false;
		(*end)->def = id->def;
		(*end)->relay = id->relay;
	}
	hash = confindex_hash(conf->seed, id->value.p, id->value.len);
	if (!confindex_grow(conf->arena, &x->host_ids, x->host_id_n, &x->host_id_cap) ||
	    !confindex_put(&x->host_id, conf->arena, hash, x->host_id_n))
		return false;
	x->host_ids[x->host_id_n++] = (struct conf_host_id *)(uintptr_t)id;
	return true;
}

void
confbuild_expect(struct parse *p)
{
	struct conf_index *x = p->conf->index;
	uint32_t growth = (uint32_t)(p->lex->len / (p->lex->pos + 1)) + 1;

	/* early in a file the guess is too wild to act on */
	if (p->lex->pos < p->lex->len / 64)
		growth = 0;
	x->host_name.growth = x->host_hw.growth = x->host_uid.growth = growth;
	x->host_fixed.growth = x->subclass.growth = growth;
}

bool
confbuild_host(struct parse *p, struct conf_host *host)
{
	struct conf *conf = p->conf;
	struct conf_index *x = conf->index;

	confbuild_expect(p);
	if (conf_host_by_name(conf, host->name)) {
		lex_error(p->lex, "host %.*s: already exists", STR_ARG(host->name));
		return false;
	}
	if (!confindex_grow(conf->arena, &conf->hosts, conf->host_n, &x->host_cap) ||
	    !confindex_put(&x->host_name, conf->arena,
	    confindex_hash_name(conf->seed, host->name), conf->host_n))
		return full(p);
	host->host_i = conf->host_n;
	conf->hosts[conf->host_n++] = host;
	if (!index_keys(conf, host) || !index_id(conf, host))
		return full(p);
	return true;
}

bool
confbuild_class(struct parse *p, struct conf_class *class)
{
	struct conf *conf = p->conf;

	if (!confindex_grow(conf->arena, &conf->classes, conf->class_n,
	    &conf->index->class_cap) ||
	    !confindex_put(&conf->index->class_name, conf->arena,
	    confindex_hash(conf->seed, class->name.p, class->name.len), conf->class_n))
		return full(p);
	class->class_i = conf->class_n;
	conf->classes[conf->class_n++] = class;
	return true;
}

bool
confbuild_subclass(struct conf *conf, struct conf_class *class)
{
	struct conf_index *x = conf->index;
	uint32_t hash = confindex_hash(conf->seed + class->super->class_i,
	    class->data.p, class->data.len);

	if (!confindex_grow(conf->arena, &x->subclasses, conf->subclass_n, &x->subclass_cap) ||
	    !confindex_put(&x->subclass, conf->arena, hash, conf->subclass_n))
		return false;
	class->class_i = conf->subclass_n;
	x->subclasses[conf->subclass_n++] = class;
	return true;
}

bool
confbuild_group(struct parse *p, struct conf_group *group)
{
	struct conf *conf = p->conf;
	struct conf_index *x = conf->index;

	if (!confindex_grow(conf->arena, &x->groups, x->group_n, &x->group_cap) ||
	    !confindex_put(&x->group_name, conf->arena,
	    confindex_hash_name(conf->seed, group->name), x->group_n))
		return full(p);
	x->groups[x->group_n++] = group;
	conf->group_n = x->group_n;
	return true;
}
