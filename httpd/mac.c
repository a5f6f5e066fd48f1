/* SPDX-License-Identifier: ISC */
/*
 * mac - reads just enough of dhcpd.leases(5) to say who holds an address.
 *
 * The file is a journal: later entries replace earlier ones.  Searched from
 * the start for "lease ADDRESS {" at the beginning of a line; the last entry
 * that is complete decides.  An entry cut off at the end (dhcpd is writing
 * it) is left out.
 */

#include "httpd/mac.h"

#include <string.h>

#include "common/ip4.h"
#include "common/num.h"
#include "common/when.h"
#include "common/wr.h"

/* What one entry says. */
struct entry {
	struct str hardware;
	int64_t ends_s;
	bool is_active, has_state, is_never;
};

/*
 * "2 2026/11/24 10:11:12;" after "ends": weekday, UTC.
 */
static bool
parse_time(struct str s, int64_t *ret)
{
	struct str date, time, rest;
	struct when_date d = { 0 };
	uint32_t v[6];

	(void)str_cut(s, ' ', &s);
	date = str_cut(str_trim(s), ' ', &time);
	for (unsigned i = 0; i < 3; i++) {
		if (!num_u32(str_cut(date, '/', &rest), 0, 9999, &v[i]))
			return false;
		date = rest;
	}
	for (unsigned i = 3; i < 6; i++) {
		if (!num_u32(str_cut(time, ':', &rest), 0, 60, &v[i]))
			return false;
		time = rest;
	}
	d.year = (int32_t)v[0];
	d.mon = (int32_t)v[1];
	d.day = (int32_t)v[2];
	d.hour = (int32_t)v[3];
	d.min = (int32_t)v[4];
	d.sec = (int32_t)v[5];
	return when_from_date(&d, ret);
}

static void
parse_line(struct str line, struct entry *e)
{
	struct str rest;
	struct str word;

	line = str_trim(line);
	if (str_ends(line, STR(";")))
		line.len--;
	word = str_cut(line, ' ', &rest);
	rest = str_trim(rest);
	if (str_eq(word, STR("ends"))) {
		struct str kind = str_cut(rest, ' ', &(struct str){ 0 });
		struct str tail;
		int64_t v;

		e->is_never = str_eq(kind, STR("never"));
		if (str_eq(kind, STR("epoch"))) {
			(void)str_cut(rest, ' ', &tail);
			tail = str_trim(str_cut(tail, ';',
			    &(struct str){ 0 }));
			if (num_i64(tail, 0, INT64_MAX, &v))
				e->ends_s = v;
		} else if (!e->is_never && parse_time(rest, &v))
			e->ends_s = v;
	} else if (str_eq(word, STR("binding"))) {
		e->has_state = true;
		e->is_active = str_eq(rest, STR("state active"));
	} else if (str_eq(word, STR("hardware")))
		(void)str_cut(rest, ' ', &e->hardware);
	else if (str_eq(word, STR("abandoned")))
		e->has_state = true;	/* before 3.1; not active */
}

/*
 * The next entry, on a line of its own or behind what a full disk cut off.
 */
static bool
is_start(struct str line)
{
	size_t at = str_find(line, STR("lease "));

	return at != STR_NONE && str_ends(line, STR("{")) &&
	    num_hexval(line.p[at + 6]) >= 0;
}

/*
 * The body of an entry up to its brace.  False when it is not complete.
 */
static bool
parse_entry(struct str text, struct entry *e)
{
	memset(e, 0, sizeof(*e));
	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);

		if (str_starts(line, STR("}")))
			return true;
		if (text.p == NULL || is_start(line))
			return false;
		parse_line(line, e);
	}
	return false;
}

bool
mac_find(struct str leases, uint32_t ip, int64_t now_s, struct arena *a,
    struct str *ret)
{
	char text[IP4_TEXT_SIZE], head[40];
	struct entry e, last;
	bool found = false;
	struct str needle;
	struct wr w;
	char *low;

	wr_init(&w, head, sizeof(head));
	wr_text(&w, "lease ");
	wr_str(&w, ip4_fmt(ip, text));
	wr_text(&w, " {");
	needle = wr_as_str(&w);
	memset(&last, 0, sizeof(last));
	while (leases.len > 0) {
		size_t at = str_find(leases, needle);
		bool is_first;

		if (at == STR_NONE)
			break;
		is_first = at == 0 || leases.p[at - 1] == '\n';
		leases = str_sub(leases, at + needle.len, leases.len);
		(void)str_cut(leases, '\n', &leases);
		if (is_first && parse_entry(leases, &e)) {
			last = e;
			found = true;
		}
	}
	/* before 3.1 there was no binding state: an end in the future did */
	if (!found || (last.has_state && !last.is_active) ||
	    (!last.is_never && last.ends_s <= now_s))
		return false;
	low = arena_alloc(a, last.hardware.len + 1, 1);
	if (low == NULL)
		return false;
	for (size_t i = 0; i < last.hardware.len; i++) {
		low[i] = str_lower(last.hardware.p[i]);
		/* it becomes part of file names: nothing but a MAC may */
		if (low[i] != ':' && num_hexval(low[i]) < 0) {
			*ret = STR("");
			return true;
		}
	}
	low[last.hardware.len] = '\0';
	*ret = str_make(low, last.hardware.len);
	return true;
}
