/* SPDX-License-Identifier: ISC */
/*
 * hdrmod - carries out Header, RequestHeader, ExpiresDefault, ExpiresByType.
 *
 * Works on the list of fields before it is written.  Values are built in the
 * turn's arena; when that is full a rule is left out rather than half done.
 */

#include "httpd/hdrmod.h"

#include <string.h>

#include "common/num.h"

#include "httpd/date.h"
#include "httpd/rule.h"

#define VALUE_MAX	8192	/* longest value built from a format */
#define EDITS_MAX	256	/* replacements in one value */

struct mod {
	const struct route_in *in;
	struct route *r;
	struct route_work *work;
	struct arena *turn;
};

/*
 * Keep what a writer over a stack buffer holds.  p NULL when it does not fit.
 */
static struct str
keep(struct mod *m, const struct wr *w)
{
	struct str ret;

	if (!wr_ok(w) || !arena_str(m->turn, wr_as_str(w), &ret))
		return str_of(NULL);
	return ret;
}

/*
 * One format at s.p[0] == '%'.  Returns its length.
 */
static size_t
format_one(struct mod *m, struct str s, struct wr *w)
{
	const struct when *now = m->in->now;
	struct str name, value;
	size_t end;

	switch (s.len > 1 ? s.p[1] : '\0') {
	case 't':
		wr_fmt(w, "t=%lld", (long long)now->wall_s * 1000000 +
		    now->wall_ns / 1000);
		return 2;
	case 'D':
		wr_fmt(w, "D=%lld", m->in->start_mono_ns == 0 ? 0LL :
		    (long long)(now->mono_ns - m->in->start_mono_ns) / 1000);
		return 2;
	case '{':
		end = str_chr(s, '}');
		if (end == STR_NONE)
			break;
		name = str_sub(s, 2, end - 2);
		value = env_get(&m->r->env, name);
		if (s.len <= end + 1 || s.p[end + 1] != 'e')
			value = str_of(NULL);	/* %{..}s: there is no TLS */
		wr_str(w, value.p != NULL ? value : STR("(null)"));
		return end + 2;
	default:
		break;
	}
	wr_u8(w, '%');
	return s.len > 1 && s.p[1] == '%' ? 2 : 1;
}

static struct str
format(struct mod *m, struct str s)
{
	char buf[VALUE_MAX];
	struct wr w;

	if (str_chr(s, '%') == STR_NONE)
		return s;
	wr_init(&w, buf, sizeof(buf));
	while (s.len > 0) {
		size_t n = 1;

		if (s.p[0] == '%')
			n = format_one(m, s, &w);
		else
			wr_u8(&w, (uint8_t)s.p[0]);
		s = str_sub(s, n, s.len);
	}
	return keep(m, &w);
}

static bool
condition(const struct mod *m, const struct conf_rule *rule)
{
	return rule->env.len == 0 ||
	    env_has(&m->r->env, rule->env) != rule->env_not;
}

/*
 * Whether a list value has a token already (Header merge).
 */
static bool
has_token(struct str list, struct str token)
{
	while (list.len > 0)
		if (str_eq(str_trim(str_cut(list, ',', &list)), token))
			return true;
	return false;
}

/*
 * Replace the first match, or all.  p NULL when nothing matched, or so often that
 * looking for the next one would take too long.
 */
static struct str
edited(struct mod *m, const struct conf_rule *rule, struct str value)
{
	bool all = rule->op == RULE_EDIT_ALL;
	unsigned hits_n = 0;
	struct str repl = format(m, rule->repl), text;
	char buf[VALUE_MAX];
	struct re_match at;
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	ASSERT(rule->re != NULL);
	while ((all || hits_n == 0) &&
	    re_exec(rule->re, value, &m->work->re, &at)) {
		if (++hits_n > EDITS_MAX)
			return str_of(NULL);
		text = re_subst(repl, false, value, &at, m->turn);
		if (repl.p == NULL || text.p == NULL)
			return str_of(NULL);
		wr_str(&w, str_sub(value, 0, (size_t)at.from[0]));
		wr_str(&w, text);
		value = str_sub(value, (size_t)at.to[0], value.len);
		if (at.to[0] == at.from[0]) {
			if (value.len == 0)
				break;
			wr_u8(&w, (uint8_t)value.p[0]);
			value = str_sub(value, 1, value.len);
		}
	}
	if (hits_n == 0)
		return str_of(NULL);
	wr_str(&w, value);
	return keep(m, &w);
}

/*
 * The client's fields whose names match, sent back.
 */
static void
echo(struct mod *m, const struct conf_rule *rule, struct resp *resp)
{
	struct str name, value;

	for (unsigned i = 0; req_field(m->in->req, i, &name, &value); i++)
		if (!resp_is_ours(name) &&
		    re_exec(rule->re, name, &m->work->re, NULL))
			(void)!resp_add(resp, name, value);
}

/* A rule that finds no room leaves the field as it was. */
static void
apply(struct mod *m, const struct conf_rule *rule, struct resp *resp)
{
	struct str old = resp_get(resp, rule->name), value;

	if (resp_is_ours(rule->name) && rule->op != RULE_NOTE)
		return;
	if (rule->op == RULE_UNSET) {
		resp_unset(resp, rule->name);
		return;
	}
	if (rule->op == RULE_ECHO) {
		echo(m, rule, resp);
		return;
	}
	if (rule->op == RULE_NOTE) {
		if (old.p != NULL)
			(void)!env_set(&m->r->env, rule->value, old);
		return;
	}
	if (rule->op == RULE_EDIT || rule->op == RULE_EDIT_ALL) {
		/* each by itself: two cookies stay two */
		for (unsigned i = 0; i < resp->fields_n; i++) {
			struct resp_field *f = &resp->fields[i];

			if (!str_ieq(f->name, rule->name))
				continue;
			value = edited(m, rule, f->value);
			if (value.p != NULL)
				f->value = value;
		}
		return;
	}
	value = format(m, rule->value);
	if (value.p == NULL)
		return;
	if (rule->op == RULE_SETIFEMPTY && old.p != NULL)
		return;
	if (rule->op == RULE_MERGE && has_token(old, value))
		return;
	if (rule->op == RULE_ADD)
		(void)!resp_add(resp, rule->name, value);
	else if (rule->op == RULE_APPEND || rule->op == RULE_MERGE)
		(void)!resp_append(resp, rule->name, value, m->turn);
	else
		(void)!resp_set(resp, rule->name, value);
}

/* ---- Expires ---- */

static bool
wild_fits(struct str pattern, struct str type)
{
	return str_ends(pattern, STR("/*")) &&
	    str_istarts(type, str_sub(pattern, 0, pattern.len - 1));
}

/*
 * The type itself, its kind with a star, the default; inner levels come first.
 */
static const struct conf_rule *
expires_rule(const struct conf_rules *list, struct str type)
{
	const struct conf_rule *any = NULL, *wild = NULL;

	for (unsigned i = 0; i < list->n; i++) {
		const struct conf_rule *r = list->v[i];

		if (r->name.len == 0)
			any = any == NULL ? r : any;
		else if (str_ieq(r->name, type))
			return r;
		else if (wild == NULL && wild_fits(r->name, type))
			wild = r;
	}
	return wild != NULL ? wild : any;
}

static void
expires(struct mod *m, struct resp *resp, struct str type)
{
	const struct conf_rule *rule =
	    expires_rule(&m->r->dir->expires, type);
	int64_t now = m->in->now->wall_s, at;
	char buf[64];
	struct str value;
	struct wr w;

	if (rule == NULL || resp->status >= 400 ||
	    resp_get(resp, STR("Expires")).p != NULL)
		return;
	at = now;
	if (rule->from_mtime) {
		if (m->r->kind != ROUTE_FILE)
			return;
		at = m->r->st.mtime_ns / WHEN_NS_PER_S;
	}
	at += rule->secs;
	if (at < now)
		at = now;
	wr_init(&w, buf, sizeof(buf));
	wr_fmt(&w, "max-age=%lld", (long long)(at - now));
	value = keep(m, &w);
	if (value.p != NULL)
		(void)!resp_append(resp, STR("Cache-Control"), value,
		    m->turn);
	wr_cut(&w, 0);
	date_fmt(&w, at);
	value = keep(m, &w);
	if (value.p != NULL)
		(void)!resp_set(resp, STR("Expires"), value);
}

void
hdrmod_apply(const struct route_in *in, struct route *r,
    struct route_work *work, struct resp *resp, bool is_built_in,
    struct str type, struct arena *turn)
{
	const struct conf_rules *rules = &r->dir->headers;
	struct mod m = { in, r, work, turn };

	if (r->dir->expires_active)
		expires(&m, resp, type);
	for (unsigned i = 0; i < rules->n; i++) {
		const struct conf_rule *rule = rules->v[i];

		if ((rule->always || !is_built_in) && condition(&m, rule))
			apply(&m, rule, resp);
	}
}

/* ---- RequestHeader ---- */

static void
apply_request(struct mod *m, const struct conf_rule *rule, struct req *req)
{
	struct str old, value;
	char buf[VALUE_MAX];
	struct wr w;

	if (rule->op == RULE_UNSET) {
		req_unset(req, rule->name);
		return;
	}
	if (!req_all(req, rule->name, ", ", m->turn, &old))
		return;
	if (rule->op == RULE_EDIT || rule->op == RULE_EDIT_ALL)
		value = old.p == NULL ? old : edited(m, rule, old);
	else
		value = format(m, rule->value);
	if (value.p == NULL)
		return;
	if (rule->op == RULE_SETIFEMPTY && old.p != NULL)
		return;
	if (rule->op == RULE_MERGE && has_token(old, value))
		return;
	if ((rule->op == RULE_APPEND || rule->op == RULE_MERGE) &&
	    old.p != NULL) {
		wr_init(&w, buf, sizeof(buf));
		wr_str(&w, old);
		wr_text(&w, ", ");
		wr_str(&w, value);
		value = keep(m, &w);
		if (value.p == NULL)
			return;
	}
	if (rule->op != RULE_ADD)
		req_unset(req, rule->name);
	(void)!req_add(req, rule->name, value);
}

void
hdrmod_request(const struct route_in *in, const struct route *r,
    struct route_work *work, struct req *req, struct arena *turn)
{
	const struct conf_rules *rules = &r->dir->req_headers;
	struct mod m = { in, (struct route *)(uintptr_t)r, work, turn };

	for (unsigned i = 0; i < rules->n; i++)
		if (condition(&m, rules->v[i]))
			apply_request(&m, rules->v[i], req);
}
