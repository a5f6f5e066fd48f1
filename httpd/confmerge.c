/* SPDX-License-Identifier: ISC */
/*
 * confmerge - lays one configuration level over another.
 *
 * Walks the fields of dirtab.c; each field's row names its rule.  Used while
 * loading (host over main server) and for requests (sections over host), so
 * it neither allocates anything but joined lists nor changes its overlay.
 */

#include "httpd/confmerge.h"

#include <string.h>

#include "httpd/access.h"
#include "httpd/dirtab.h"

/* All lists of pointers look like this. */
struct ptrs {
	const void *const *v;
	unsigned n;
};

_Static_assert(sizeof(struct ptrs) == sizeof(struct conf_rules) &&
    sizeof(struct ptrs) == sizeof(struct conf_aliases) &&
    sizeof(struct ptrs) == sizeof(struct conf_ixlist), "lists are alike");

static bool
join(struct ptrs *out, const struct ptrs *first, const struct ptrs *second,
    struct arena *a)
{
	const void **v;

	if (second->n == 0 || first->n == 0) {
		*out = first->n == 0 ? *second : *first;
		return true;
	}
	v = ARENA_ARRAY(a, const void *, first->n + second->n);
	if (v == NULL)
		return false;
	memcpy(v, first->v, first->n * sizeof(*v));
	memcpy(v + first->n, second->v, second->n * sizeof(*v));
	out->n = first->n + second->n;
	out->v = (const void *const *)v;
	return true;
}

static bool
join_words(struct conf_words *base, const struct conf_words *over,
    struct arena *a)
{
	struct str *v;

	if (over->n == 0)
		return true;
	v = ARENA_ARRAY(a, struct str, base->n + over->n);
	if (v == NULL)
		return false;
	if (base->n > 0)
		memcpy(v, base->v, base->n * sizeof(*v));
	memcpy(v + base->n, over->v, over->n * sizeof(*v));
	base->v = v;
	base->n += over->n;
	return true;
}

/*
 * Two sorted lists of extensions; the overlay wins kind by kind.
 */
static bool
merge_exts(struct conf_exts *base, const struct conf_exts *over,
    struct arena *a)
{
	struct conf_ext *v = ARENA_ARRAY(a, struct conf_ext,
	    base->n + over->n);
	unsigned i = 0, k = 0, n = 0;

	if (v == NULL)
		return false;
	while (i < base->n || k < over->n) {
		int c = i == base->n ? 1 : k == over->n ? -1 :
		    str_cmp(base->v[i].ext, over->v[k].ext);

		v[n] = c <= 0 ? base->v[i++] : over->v[k];
		if (c == 0)
			for (unsigned j = 0; j < CONF_EXT_NKINDS; j++)
				if (over->v[k].value[j].p != NULL)
					v[n].value[j] = over->v[k].value[j];
		if (c >= 0)
			k++;
		n++;
	}
	base->v = v;
	base->n = n;
	return true;
}

static bool
merge_errdocs(struct conf_errdocs *base, const struct conf_errdocs *over,
    struct arena *a)
{
	struct conf_errdoc *v = ARENA_ARRAY(a, struct conf_errdoc,
	    base->n + over->n);
	unsigned n = 0;

	if (v == NULL)
		return false;
	for (unsigned i = 0; i < over->n; i++)
		v[n++] = over->v[i];
	for (unsigned i = 0; i < base->n; i++) {
		unsigned k = 0;

		while (k < over->n && v[k].status != base->v[i].status)
			k++;
		if (k == over->n)
			v[n++] = base->v[i];
	}
	base->v = v;
	base->n = n;
	return true;
}

/*
 * A section without signs replaces the set; one with signs edits it.  A
 * section that did both (IndexOptions may) does them in that order.
 */
static uint32_t
edited(uint32_t base, bool is_plain, uint32_t plain, uint32_t add,
    uint32_t del)
{
	if (is_plain)
		base = plain;
	return (base & ~del) | add;
}

static void
merge_options(struct conf_dir *base, const struct conf_dir *over)
{
	base->options = (uint8_t)edited(base->options, over->options_plain,
	    over->options, over->options_add, over->options_del);
}

/*
 * Signs edit only a set that was given on purpose: against the built-in
 * default Apache lets "FileETag -MTime" change nothing.
 */
static void
merge_etag(struct conf_dir *base, const struct conf_dir *over)
{
	if (over->etag_plain) {
		base->etag = over->etag;
		base->etag_plain = true;
	}
	if (base->etag_plain)
		base->etag = (uint8_t)edited(base->etag, false, 0,
		    over->etag_add, over->etag_del);
}

/*
 * Rules that replace those before them, or join them as AuthMerging says.  NULL
 * when the arena is full.
 */
static const struct access_node *
joined(const struct access_node *before, const struct access_node *rules,
    uint8_t auth_merging, struct arena *a)
{
	struct access_node *n;
	const struct access_node **kids;

	if (auth_merging == CONF_OFF || before == NULL)
		return rules;
	n = ARENA_NEW(a, struct access_node);
	kids = ARENA_ARRAY(a, const struct access_node *, 2);
	if (n == NULL || kids == NULL)
		return NULL;
	kids[0] = before;
	kids[1] = rules;
	n->kind = auth_merging == CONF_ON ? ACCESS_ALL : ACCESS_ANY;
	n->limit = UINT32_MAX;
	n->kids = kids;
	n->kids_n = 2;
	return n;
}

static bool
join_outer(struct conf_dir *base, const struct conf_dir *over, struct arena *a)
{
	if (base->require_own == NULL)
		return true;
	base->require = joined(base->require_outer, base->require_own,
	    over->auth_merging, a);
	return base->require != NULL;
}

/*
 * AuthMerging without Require: Off does away with what there is, And and Or
 * change how the sections of this kin join it.
 */
static bool
merge_join(struct conf_dir *base, const struct conf_dir *over, struct arena *a)
{
	if (over->require != NULL)
		return true;
	if (over->auth_merging == CONF_OFF)
		base->require = base->require_own = NULL;
	return join_outer(base, over, a);
}

/*
 * Require: sections of one kin join each other, and the last one's AuthMerging
 * says how all of them join what they inherit.  Order and its like are replaced
 * as a unit.
 */
static bool
merge_access(struct conf_dir *base, const struct conf_dir *over,
    struct arena *a)
{
	if (over->compat != NULL)
		base->compat = over->compat;
	if (over->require == NULL)
		return true;
	base->require_own = joined(base->require_own, over->require,
	    over->auth_merging, a);
	return base->require_own != NULL && join_outer(base, over, a);
}

static bool
merge_ignore(struct conf_index *base, const struct conf_index *over,
    struct arena *a)
{
	if (over->ignore_reset)
		base->ignore = over->ignore;
	else
		return join_words(&base->ignore, &over->ignore, a);
	return true;
}

/*
 * One field by its rule; base and over are structures of the field's level.
 */
static bool
merge_field(unsigned field, void *base, const void *over, struct arena *a)
{
	const struct dirtab_slot *s = dirtab_slot(field);
	char *to = (char *)base + s->offset;
	const char *from = (const char *)over + s->offset;
	struct ptrs *pt = (struct ptrs *)(void *)to;
	const struct ptrs *pf = (const struct ptrs *)(const void *)from;

	switch (s->merge) {
	case DIRTAB_M_REPLACE:
		memcpy(to, from, s->size);
		return true;
	case DIRTAB_M_OWN:
		return true;
	case DIRTAB_M_FIRST:
		return join(pt, pf, pt, a);
	case DIRTAB_M_LAST:
		return join(pt, pt, pf, a);
	case DIRTAB_M_OPTIONS:
		merge_options(base, over);
		return true;
	case DIRTAB_M_ETAG:
		merge_etag(base, over);
		return true;
	case DIRTAB_M_IXOPTS: {
		struct conf_index *ix = &((struct conf_dir *)base)->ix;
		const struct conf_index *ox =
		    &((const struct conf_dir *)over)->ix;

		ix->opts = edited(ix->opts, ox->opts_plain, ox->opts,
		    ox->opts_add, ox->opts_del);
		return true;
	}
	case DIRTAB_M_IXIGNORE:
		return merge_ignore(&((struct conf_dir *)base)->ix,
		    &((const struct conf_dir *)over)->ix, a);
	case DIRTAB_M_EXTS:
		return merge_exts((void *)to, (const void *)from, a);
	case DIRTAB_M_ERRDOCS:
		return merge_errdocs((void *)to, (const void *)from, a);
	case DIRTAB_M_JOIN:
		return merge_join(base, over, a);
	case DIRTAB_M_ACCESS:
		break;
	}
	return merge_access(base, over, a);
}

bool
confmerge_is_set(const uint64_t set[CONF_SET_WORDS], unsigned field)
{
	return (set[field / 64] >> field % 64) & 1;
}

bool
confmerge_dir(struct conf_dir *base, const struct conf_dir *over,
    struct arena *a)
{
	for (unsigned w = 0; w < CONF_SET_WORDS; w++) {
		uint64_t bits = over->set[w];

		base->set[w] |= bits;
		while (bits != 0) {
			unsigned field = w * 64 +
			    (unsigned)__builtin_ctzll(bits);

			bits &= bits - 1;
			if (!merge_field(field, base, over, a))
				return false;
		}
	}
	return true;
}

void
confmerge_kin(struct conf_dir *base, uint8_t kin)
{
	if (base->kin == kin)
		return;
	base->kin = kin;
	base->require_outer = base->require;
	base->require_own = NULL;
}

bool
confmerge_vhost(struct conf_vhost *vh, const struct conf_vhost *main,
    struct arena *a)
{
	struct conf_vhost own = *vh;

	for (unsigned f = 1; f < DIRTAB_F_COUNT; f++) {
		const struct dirtab_slot *s = dirtab_slot(f);

		if (s->level != DIRTAB_L_VHOST || s->merge == DIRTAB_M_OWN)
			continue;
		memcpy((char *)vh + s->offset,
		    (const char *)main + s->offset, s->size);
		if (confmerge_is_set(own.set, f) && !merge_field(f, vh, &own, a))
			return false;
	}
	return true;
}
