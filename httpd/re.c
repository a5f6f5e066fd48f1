/* SPDX-License-Identifier: ISC */
/*
 * re - runs the programs of regular expressions, all alternatives at once.
 *
 * Owns its own matcher because regex(3) is another language (longest instead
 * of first alternative, no \d, no lazy repetition), allocates while it
 * matches, and can take exponential time on patterns that meet strangers'
 * text.  This one advances every live thread by one character at a time, each
 * instruction at most once per character, so its time is bounded by program
 * times text.  Threads are kept in order of preference: the first to match
 * wins, as in Perl.
 */

#include "httpd/re.h"

#include <string.h>

#include "httpd/recomp.h"
#include "httpd/reprog.h"

bool
re_compile(struct str pattern, bool nocase, struct arena *a,
    const struct re **ret, struct re_error *reterr)
{
	return recomp_run(pattern, nocase, a, ret, reterr);
}

/* ---- running ---- */

struct run {
	const struct re *re;
	struct str text;
	struct re_scratch *s;
	unsigned now;		/* which of the two lists */
	unsigned n[2];
	unsigned slots;		/* capture slots kept, 0 when not wanted */
};

static bool
holds(const struct run *r, const struct reprog_inst *i, size_t at)
{
	const char *p = r->text.p;
	size_t len = r->text.len;
	bool before, after;

	switch (i->op) {
	case OP_BOT:
		return at == 0;
	case OP_EOT:
		return at == len;
	case OP_EOTNL:
		return at == len || (at + 1 == len && p[at] == '\n');
	case OP_BOL:
		return at == 0 || p[at - 1] == '\n';
	case OP_EOL:
		return at == len || p[at] == '\n';
	default:
		before = at > 0 && reprog_is_word((unsigned char)p[at - 1]);
		after = at < len && reprog_is_word((unsigned char)p[at]);
		return (before != after) == (i->op == OP_WORD);
	}
}

/*
 * Follow a thread through everything that takes no character and put it into
 * a list, in order of preference.  cap is changed and put back.
 */
static void
follow(struct run *r, unsigned list, unsigned start, size_t at, uint16_t *cap)
{
	struct re_scratch *s = r->s;
	unsigned n = 0;

	s->todo[n++] = (struct re_todo){ (uint16_t)start, 0, 0 };
	while (n > 0) {
		struct re_todo t = s->todo[--n];
		unsigned pc = t.pc;

		if (pc == REPROG_NO_POS) {
			cap[t.slot] = t.old;
			continue;
		}
		while (s->mark[pc] != s->step) {
			const struct reprog_inst *i = &r->re->prog[pc];

			s->mark[pc] = s->step;
			if (i->op == OP_JMP) {
				pc = i->x;
			} else if (i->op == OP_SPLIT) {
				s->todo[n++] = (struct re_todo){ i->y, 0, 0 };
				pc = i->x;
			} else if (i->op == OP_SAVE) {
				if (i->x < r->slots) {
					s->todo[n++] = (struct re_todo){
					    REPROG_NO_POS, i->x, cap[i->x] };
					cap[i->x] = (uint16_t)at;
				}
				pc++;
			} else if (i->op >= OP_BOT && i->op <= OP_NOWORD) {
				if (!holds(r, i, at))
					break;
				pc++;
			} else {
				unsigned k = r->n[list]++;

				s->list[list][k] = (uint16_t)pc;
				memcpy(s->caps[list][k], cap,
				    r->slots * sizeof(*cap));
				break;
			}
		}
	}
}

static bool
takes(const struct reprog_inst *i, unsigned char ch)
{
	switch (i->op) {
	case OP_CHAR:
		return i->c == ch;
	case OP_SET:
		return reprog_set_has(i->set, ch);
	case OP_ANY:
		return ch != '\n';
	default:
		ASSERT(i->op == OP_ANYNL);
		return true;
	}
}

/*
 * Advance all threads over the character at `at`.  True when one matched
 * before it; best then has its groups, and worse threads are dropped.
 */
static bool
step(struct run *r, size_t at, uint16_t *best)
{
	struct re_scratch *s = r->s;
	unsigned cur = r->now, next = 1 - cur;

	r->n[next] = 0;
	s->step++;
	for (unsigned k = 0; k < r->n[cur]; k++) {
		unsigned pc = s->list[cur][k];
		const struct reprog_inst *i = &r->re->prog[pc];
		uint16_t *cap = s->caps[cur][k];

		if (i->op == OP_MATCH) {
			memcpy(best, cap, r->slots * sizeof(*cap));
			if (r->slots > 1)
				best[1] = (uint16_t)at;
			r->now = next;
			return true;
		}
		if (at < r->text.len &&
		    takes(i, (unsigned char)r->text.p[at]))
			follow(r, next, pc + 1, at + 1, cap);
	}
	r->now = next;
	return false;
}

static bool
search(struct run *r, uint16_t *best)
{
	const struct re *re = r->re;
	struct re_scratch *s = r->s;
	uint16_t cap[2 * RE_GROUP_MAX];
	bool found = false;

	/* marks of earlier runs must not look like ours */
	if (s->step > UINT32_MAX - 2 * (RE_TEXT_MAX + 2)) {
		memset(s->mark, 0, sizeof(s->mark));
		s->step = 0;
	}
	s->step++;
	for (size_t at = 0; at <= r->text.len; at++) {
		/* the list for `at` was built under this step: same marks */
		if (!found && !(re->is_anchored && at > 0) &&
		    (!re->has_first || (at < r->text.len &&
		    reprog_set_has(re->first, (unsigned char)r->text.p[at])))) {
			memset(cap, 0xff, sizeof(cap));
			cap[0] = (uint16_t)at;
			follow(r, r->now, 0, at, cap);
		}
		if (r->n[r->now] == 0 && (found || re->is_anchored))
			break;
		if (step(r, at, best)) {
			found = true;
			if (r->slots == 0)
				break;
		}
	}
	return found;
}

bool
re_exec(const struct re *re, struct str text, struct re_scratch *s,
    struct re_match *m)
{
	struct run r = { re, text, s, 0, { 0, 0 }, 0 };
	uint16_t best[2 * RE_GROUP_MAX];
	size_t at;

	if (m != NULL)
		m->n = 0;
	if (text.len > RE_TEXT_MAX)
		return false;
	if (re->literal.len > 0) {
		at = str_find(text, re->literal);
		if (at == STR_NONE)
			return false;
		if (m != NULL) {
			m->n = 1;
			m->from[0] = (int32_t)at;
			m->to[0] = (int32_t)(at + re->literal.len);
		}
		return true;
	}
	if (m != NULL)
		r.slots = 2 * (re->groups + 1u);
	if (!search(&r, best))
		return false;
	if (m == NULL)
		return true;
	m->n = re->groups + 1u;
	for (unsigned i = 0; i < m->n; i++) {
		bool none = best[2 * i + 1] == REPROG_NO_POS;	/* saved last */

		m->from[i] = none ? -1 : best[2 * i];
		m->to[i] = none ? -1 : best[2 * i + 1];
	}
	return true;
}

unsigned
re_groups(const struct re *re)
{
	return re->groups;
}

/*
 * Length of the expansion; written to out when it is not NULL.
 */
static size_t
subst(struct str tmpl, bool amp, struct str text, const struct re_match *m,
    char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < tmpl.len; i++) {
		char c = tmpl.p[i];
		int g = -1;

		if (c == '&' && amp)
			g = 0;
		else if (c == '$' && i + 1 < tmpl.len &&
		    tmpl.p[i + 1] >= '0' && tmpl.p[i + 1] <= '9')
			g = tmpl.p[++i] - '0';
		else if (c == '\\' && i + 1 < tmpl.len &&
		    (tmpl.p[i + 1] == '$' || tmpl.p[i + 1] == '&'))
			c = tmpl.p[++i];
		if (g < 0) {
			if (out != NULL)
				out[n] = c;
			n++;
		} else if ((unsigned)g < m->n && m->from[g] >= 0) {
			size_t len = (size_t)(m->to[g] - m->from[g]);

			if (out != NULL)
				memcpy(out + n, text.p + m->from[g], len);
			n += len;
		}
	}
	return n;
}

struct str
re_subst(struct str tmpl, bool amp, struct str text,
    const struct re_match *m, struct arena *a)
{
	size_t len = subst(tmpl, amp, text, m, NULL);
	char *out = arena_alloc(a, len + 1, 1);

	if (out == NULL)
		return str_of(NULL);
	(void)subst(tmpl, amp, text, m, out);
	out[len] = '\0';
	return str_make(out, len);
}
