/* SPDX-License-Identifier: ISC */
/*
 * mime - a sorted table of extensions, and the walk over a name's dots.
 *
 * The table is built once per configuration: one pass counts, one fills, a
 * heap sort by lower-cased extension makes it searchable.  When an extension
 * stands twice in the file the later line wins, as with Apache.
 */
#include "httpd/mime.h"

#include <stddef.h>
#include <stdint.h>

#define EXT_MAX 64	/* bytes; longer extensions have no type */

struct mime_entry {
	struct str ext;		/* as written */
	struct str type;
	uint32_t order;		/* position in the file */
};

struct mime_table {
	struct mime_entry *v;
	uint32_t n;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static struct str
cut_word(struct str *line)
{
	size_t a = 0, b;
	struct str word;

	while (a < line->len && is_blank(line->p[a]))
		a++;
	for (b = a; b < line->len && !is_blank(line->p[b]); b++)
		continue;
	word = str_sub(*line, a, b - a);
	*line = str_sub(*line, b, line->len - b);
	return word;
}

static int
compare(const struct mime_entry *a, const struct mime_entry *b)
{
	int d = str_icmp(a->ext, b->ext);

	return d != 0 ? d : (a->order > b->order) - (a->order < b->order);
}

static void
sift_down(struct mime_entry *v, uint32_t root, uint32_t n)
{
	for (;;) {
		uint32_t child = 2 * root + 1;
		struct mime_entry t;

		if (child >= n)
			return;
		if (child + 1 < n && compare(&v[child], &v[child + 1]) < 0)
			child++;
		if (compare(&v[root], &v[child]) >= 0)
			return;
		t = v[root];
		v[root] = v[child];
		v[child] = t;
		root = child;
	}
}

static void
sort(struct mime_entry *v, uint32_t n)
{
	uint32_t i;

	for (i = n / 2; i-- > 0;)
		sift_down(v, i, n);
	for (i = n; i-- > 1;) {
		struct mime_entry t = v[0];

		v[0] = v[i];
		v[i] = t;
		sift_down(v, 0, i);
	}
}

/* calls itself once to count (v NULL) and once to fill; returns the entries */
static uint32_t
read_lines(struct str text, struct mime_entry *v)
{
	uint32_t n = 0;

	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);
		struct str type = cut_word(&line), ext;

		if (type.len == 0 || type.p[0] == '#')
			continue;
		while ((ext = cut_word(&line)).len > 0) {
			if (v != NULL) {
				v[n].ext = ext;
				v[n].type = type;
				v[n].order = n;
			}
			n++;
		}
	}
	return n;
}

const struct mime_table *
mime_load(struct str text, struct arena *a)
{
	struct mime_table *t = ARENA_NEW(a, struct mime_table);
	uint32_t n = read_lines(text, NULL);

	if (t == NULL)
		return NULL;
	t->v = ARENA_ARRAY(a, struct mime_entry, n + 1);
	if (t->v == NULL)
		return NULL;
	t->n = read_lines(text, t->v);
	ASSERT(t->n == n);
	sort(t->v, t->n);
	return t;
}

struct str
mime_type(const struct mime_table *table, struct str ext)
{
	uint32_t lo = 0, hi = table == NULL ? 0 : table->n;

	/* the last entry that is not above ext: of equals, the last line */
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (str_icmp(table->v[mid].ext, ext) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || !str_ieq(table->v[lo - 1].ext, ext))
		return (struct str){ NULL, 0 };
	return table->v[lo - 1].type;
}

/* exts is sorted by lower-case extension */
static const struct conf_ext *
find_ext(const struct conf_exts *exts, struct str ext)
{
	unsigned lo = 0, hi = exts->n;

	while (lo < hi) {
		unsigned mid = lo + (hi - lo) / 2;
		int d = str_icmp(exts->v[mid].ext, ext);

		if (d == 0)
			return &exts->v[mid];
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* one extension; a removed mapping (p set, len 0) hides the types file too */
static void
take(const struct conf_ext *e, const struct mime_table *table, struct str ext,
    struct mime_info *ret)
{
	static const struct conf_ext nothing;
	struct str v;

	if (e == NULL)
		e = &nothing;
	v = e->value[CONF_EXT_TYPE];
	if (v.p == NULL)
		v = mime_type(table, ext);
	if (v.len > 0)
		ret->type = v;
	if (e->value[CONF_EXT_LANGUAGE].len > 0)
		ret->language = e->value[CONF_EXT_LANGUAGE];
	if (e->value[CONF_EXT_CHARSET].len > 0)
		ret->charset = e->value[CONF_EXT_CHARSET];
	if (e->value[CONF_EXT_HANDLER].len > 0)
		ret->handler = e->value[CONF_EXT_HANDLER];
	if (e->value[CONF_EXT_ENCODING].len > 0 &&
	    ret->encodings_n < MIME_ENCODINGS_MAX)
		ret->encodings[ret->encodings_n++] =
		    e->value[CONF_EXT_ENCODING];
}

void
mime_find(const struct conf_exts *exts, const struct mime_table *table,
    struct str name, struct mime_info *ret)
{
	*ret = (struct mime_info){ .encodings_n = 0 };
	(void)str_cut(name, '.', &name);
	while (name.len > 0) {
		struct str ext = str_cut(name, '.', &name);

		if (ext.len > 0 && ext.len <= EXT_MAX)
			take(find_ext(exts, ext), table, ext, ret);
	}
}
