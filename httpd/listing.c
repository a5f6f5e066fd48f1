/* SPDX-License-Identifier: ISC */
/*
 * listing - which entries a directory page shows, and in which order.
 *
 * Patterns are matched with bounded work, whatever pattern a client sends with
 * "?P=".  Sorting is in place and total: names break every tie, so two pages
 * of the same directory are the same bytes.
 */
#include "httpd/listing.h"

#include <string.h>

#include "common/num.h"
#define PATTERN_MAX 255		/* octets; a name has no more */
#define PATTERN_STEPS_MAX 100000	/* work for one name */

/* ---- patterns and queries ------------------------------------------------- */

/* "[a-z]" at *at; moves *at behind it.  A missing bracket end is literal. */
static bool
match_set(struct str pattern, size_t *at, char c)
{
	size_t i = *at + 1, from;
	bool is_negated = false, is_in = false;

	if (i < pattern.len && (pattern.p[i] == '!' || pattern.p[i] == '^')) {
		is_negated = true;
		i++;
	}
	for (from = i; i < pattern.len; i++) {
		char a = pattern.p[i], b = a;

		if (a == ']' && i > from)
			break;
		if (i + 2 < pattern.len && pattern.p[i + 1] == '-' &&
		    pattern.p[i + 2] != ']') {
			b = pattern.p[i + 2];
			i += 2;
		}
		if ((uint8_t)c >= (uint8_t)a && (uint8_t)c <= (uint8_t)b)
			is_in = true;
	}
	if (i >= pattern.len) {
		++*at;
		return c == '[';
	}
	*at = i + 1;
	return is_in != is_negated;
}

bool
listing_match(struct str pattern, struct str name)
{
	size_t p = 0, n = 0, star_p = STR_NONE, star_n = 0, steps = 0;

	/* a long set is looked through for each character of each name */
	if (pattern.len > PATTERN_MAX)
		return false;
	while (n < name.len || p < pattern.len) {
		bool ok = false;

		if (++steps > PATTERN_STEPS_MAX)
			return false;
		if (p < pattern.len && pattern.p[p] == '*') {
			star_p = p++;
			star_n = n;
			continue;
		}
		if (p < pattern.len && n < name.len) {
			if (pattern.p[p] == '?') {
				ok = true;
				p++;
			} else if (pattern.p[p] == '[') {
				ok = match_set(pattern, &p, name.p[n]);
			} else {
				if (pattern.p[p] == '\\' && p + 1 < pattern.len)
					p++;
				ok = pattern.p[p++] == name.p[n];
			}
			n++;
		}
		if (ok)
			continue;
		if (star_p == STR_NONE || star_n >= name.len)
			return false;
		p = star_p + 1;
		n = ++star_n;
	}
	return true;
}

bool
listing_is_pattern(struct str s)
{
	return str_chr(s, '*') != STR_NONE || str_chr(s, '?') != STR_NONE ||
	    str_chr(s, '[') != STR_NONE;
}

static size_t
decode(struct str raw, char *buf)
{
	size_t i, n = 0;

	for (i = 0; i < raw.len; i++) {
		int hi = i + 2 < raw.len ? num_hexval(raw.p[i + 1]) : -1;
		int lo = i + 2 < raw.len ? num_hexval(raw.p[i + 2]) : -1;

		if (raw.p[i] == '%' && hi >= 0 && lo >= 0) {
			buf[n++] = (char)(hi * 16 + lo);
			i += 2;
		} else {
			buf[n++] = raw.p[i];
		}
	}
	return n;
}

static void
set_opt(uint32_t *opts, uint32_t bit, bool is_on)
{
	*opts = is_on ? *opts | bit : *opts & ~bit;
}

/* one "X=v"; false when it is not known */
static bool
take_item(struct str item, char *buf, struct listing_query *q)
{
	char v = item.len == 3 ? item.p[2] : '\0';

	if (item.len < 2 || item.p[1] != '=')
		return false;
	switch (item.p[0]) {
	case 'C':
		if (v != 'N' && v != 'M' && v != 'S' && v != 'D')
			return false;
		q->key = v;
		return true;
	case 'O':
		if (v != 'A' && v != 'D')
			return false;
		q->is_desc = v == 'D';
		return true;
	case 'F':
		if (v < '0' || v > '2')
			return false;
		q->frame = v;
		set_opt(&q->opts, CONF_IX_FANCY, v != '0');
		set_opt(&q->opts, CONF_IX_HTMLTABLE, v == '2');
		return true;
	case 'V':
		if (v != '0' && v != '1')
			return false;
		q->version = v;
		set_opt(&q->opts, CONF_IX_VERSIONSORT, v == '1');
		return true;
	case 'P':
		item = str_sub(item, 2, item.len - 2);
		q->pattern = str_make(buf, decode(item, buf));
		return item.len > 0;
	default:
		return false;
	}
}

/* what the client wishes, as far as it can be understood */
static void
take_items(struct str query, char *buf, struct listing_query *q)
{
	while (query.len > 0) {
		size_t end = 0;

		while (end < query.len && query.p[end] != ';' &&
		    query.p[end] != '&')
			end++;
		if (!take_item(str_sub(query, 0, end), buf, q))
			return;
		query = str_sub(query, end + 1, query.len);
	}
}

void
listing_query(const struct conf_index *ix, struct str query, char *buf,
    struct listing_query *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->opts = ix->opts;
	ret->key = ix->sort_key == 0 ? CONF_IX_SORT_NAME : ix->sort_key;
	ret->is_desc = ix->sort_desc;
	if ((ix->opts & CONF_IX_IGNORECLIENT) == 0)
		take_items(query, buf, ret);
	if ((ret->opts & CONF_IX_FANCY) == 0) {		/* names and nothing else */
		ret->key = CONF_IX_SORT_NAME;
		set_opt(&ret->opts, CONF_IX_FOLDERSFIRST, false);
	}
}

bool
listing_is_ignored(const struct conf_index *ix, struct str name)
{
	unsigned i;

	for (i = 0; i < ix->ignore.n; i++) {
		struct str p = ix->ignore.v[i];

		if (listing_is_pattern(p) ? listing_match(p, name) : str_eq(p, name))
			return true;
	}
	return false;
}

bool
listing_is_hidden(const struct conf_index *ix,
    const struct listing_query *query, struct str name)
{
	if (str_eq(name, STR(".")) || str_eq(name, STR("..")) ||
	    listing_is_ignored(ix, name))
		return true;
	return query->pattern.len > 0 && !listing_match(query->pattern, name);
}

/* position behind a tag such as "<title", or STR_NONE */
static size_t
find_tag(struct str s, struct str tag)
{
	size_t i;

	for (i = 0; i + tag.len <= s.len; i++)
		if (s.p[i] == '<' && str_istarts(str_sub(s, i, s.len), tag))
			return i;
	return STR_NONE;
}

struct str
listing_title(struct str head)
{
	size_t at = find_tag(head, STR("<title")), end;

	if (at == STR_NONE)
		return STR("");
	head = str_sub(head, at, head.len);
	end = str_chr(head, '>');
	if (end == STR_NONE)
		return STR("");
	head = str_sub(head, end + 1, head.len);
	end = find_tag(head, STR("</title"));
	return end == STR_NONE ? STR("") : str_trim(str_sub(head, 0, end));
}

/* ---- order ---------------------------------------------------------------- */

/* digit runs compare as numbers: aaa-1.9 before aaa-1.10 */
static int
compare_version(struct str a, struct str b, bool is_blind)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		size_t ai = i, bk = k;
		int d;

		if (a.p[i] < '0' || a.p[i] > '9' || b.p[k] < '0' ||
		    b.p[k] > '9') {
			uint8_t c = (uint8_t)a.p[i++], e = (uint8_t)b.p[k++];

			if (is_blind) {
				c = (uint8_t)str_lower((char)c);
				e = (uint8_t)str_lower((char)e);
			}
			if (c != e)
				return c < e ? -1 : 1;
			continue;
		}
		while (ai < a.len && a.p[ai] == '0')
			ai++;
		while (bk < b.len && b.p[bk] == '0')
			bk++;
		for (i = ai; i < a.len && a.p[i] >= '0' && a.p[i] <= '9';)
			i++;
		for (k = bk; k < b.len && b.p[k] >= '0' && b.p[k] <= '9';)
			k++;
		if (i - ai != k - bk)
			return i - ai < k - bk ? -1 : 1;
		d = str_cmp(str_sub(a, ai, i - ai), str_sub(b, bk, k - bk));
		if (d != 0)
			return d;
	}
	if (a.len - i != b.len - k)
		return a.len - i < b.len - k ? -1 : 1;
	return str_cmp(a, b);
}

static int
compare_names(const struct listing_query *q, struct str a, struct str b)
{
	bool is_blind = (q->opts & CONF_IX_IGNORECASE) != 0;
	int d;

	if ((q->opts & CONF_IX_VERSIONSORT) != 0)
		return compare_version(a, b, is_blind);
	if (is_blind && (d = str_icmp(a, b)) != 0)
		return d;
	return str_cmp(a, b);
}

static int
compare(const struct listing_query *q, const struct listing_entry *a,
    const struct listing_entry *b)
{
	int d = 0;

	if ((q->opts & CONF_IX_FOLDERSFIRST) != 0 && a->is_dir != b->is_dir)
		return a->is_dir ? -1 : 1;
	switch (q->key) {
	case CONF_IX_SORT_DATE:
		d = (a->mtime_s > b->mtime_s) - (a->mtime_s < b->mtime_s);
		break;
	case CONF_IX_SORT_SIZE:
		if (a->is_dir || b->is_dir)
			d = (int)b->is_dir - (int)a->is_dir;
		else
			d = (a->size > b->size) - (a->size < b->size);
		break;
	case CONF_IX_SORT_DESC:
		d = str_cmp(a->desc, b->desc);
		break;
	default:
		break;
	}
	if (d == 0)
		d = compare_names(q, a->name, b->name);
	return q->is_desc ? -d : d;
}

static void
sift_down(const struct listing_query *q, struct listing_entry *v, size_t root,
    size_t n)
{
	for (;;) {
		size_t child = 2 * root + 1;
		struct listing_entry t;

		if (child >= n)
			return;
		if (child + 1 < n && compare(q, &v[child], &v[child + 1]) < 0)
			child++;
		if (compare(q, &v[root], &v[child]) >= 0)
			return;
		t = v[root];
		v[root] = v[child];
		v[child] = t;
		root = child;
	}
}

void
listing_sort(const struct listing_query *q, struct listing_entry *v, size_t n)
{
	size_t i;

	for (i = n / 2; i-- > 0;)
		sift_down(q, v, i, n);
	for (i = n; i-- > 1;) {
		struct listing_entry t = v[0];

		v[0] = v[i];
		v[i] = t;
		sift_down(q, v, 0, i);
	}
}
