/* SPDX-License-Identifier: ISC */
/*
 * envrule - evaluates the directives that set variables from a request.
 *
 * A stock CentOS 6 configuration has nine BrowserMatch lines, which run for
 * every request; so most expressions end in a plain search (re.c) and nothing
 * is allocated unless a value has $1 in it.
 */

#include "httpd/envrule.h"

#include "httpd/proto.h"
#include "httpd/rule.h"

struct eval {
	const struct route_in *in;
	struct route_work *work;
	struct arena *turn;
	struct route *r;
};

/*
 * "name", "name=value", "!name".
 */
static void
set_vars(struct eval *e, const struct conf_rule *rule, struct str text,
    const struct re_match *m)
{
	for (unsigned i = 0; i < rule->vars.n; i++) {
		struct str value, name = rule->vars.v[i];

		if (str_starts(name, STR("!"))) {
			env_unset(&e->r->env, str_sub(name, 1, name.len));
			continue;
		}
		name = str_cut(name, '=', &value);
		if (value.p == NULL)
			value = STR("1");
		else if (str_chr(value, '$') != STR_NONE)
			value = re_subst(value, false, text, m, e->turn);
		(void)!env_set(&e->r->env, name, value);	/* see is_full */
	}
}

static bool
test(struct eval *e, const struct conf_rule *rule, struct str text)
{
	struct re_match m;

	ASSERT(rule->re != NULL);
	if (!re_exec(rule->re, text, &e->work->re, &m))
		return false;
	set_vars(e, rule, text, &m);
	return true;
}

/*
 * The values of a field; what does not fit leaves the turn full, which the
 * router takes for an error.
 */
static struct str
field(struct eval *e, struct str name)
{
	struct str all;

	(void)!req_all(e->in->req, name, ", ", e->turn, &all);
	return all;
}

/*
 * A rule about request fields: one by name, or all whose names match.
 */
static void
header_rule(struct eval *e, const struct conf_rule *rule)
{
	struct str name, value;

	if (rule->name_re == NULL) {
		value = field(e, rule->name);
		if (value.p == NULL)
			value = env_get(&e->r->env, rule->name);
		(void)test(e, rule, value.p != NULL ? value : STR(""));
		return;
	}
	for (unsigned i = 0; req_field(e->in->req, i, &name, &value); i++)
		if (re_exec(rule->name_re, name, &e->work->re, NULL) &&
		    test(e, rule, field(e, name)))
			return;
}

static void
one_rule(struct eval *e, const struct conf_rule *rule)
{
	const struct route_in *in = e->in;
	char buf[ADDR_TEXT_MAX];
	struct str text;
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	switch (rule->attr) {
	case RULE_HEADER:
		header_rule(e, rule);
		return;
	case RULE_URI:
		text = in->path;
		break;
	case RULE_METHOD:
		text = in->req->method_s;
		break;
	case RULE_PROTOCOL:
		text = in->req->version_s;
		break;
	case RULE_ADDR:
	case RULE_HOST:
		addr_fmt(&w, &e->r->client);
		text = wr_as_str(&w);
		break;
	case RULE_SERVER_ADDR:
		addr_fmt(&w, &in->local);
		text = wr_as_str(&w);
		break;
	default:
		text = e->r->mac;
		break;
	}
	if (text.p == NULL)
		text = STR("");
	(void)test(e, rule, text);
}

void
envrule_if(const struct conf_rules *rules, unsigned from,
    const struct route_in *in, struct route_work *work, struct arena *turn,
    struct route *r)
{
	struct eval e = { in, work, turn, r };

	for (unsigned i = from; i < rules->n; i++) {
		const struct conf_rule *rule = rules->v[i];

		if (rule->attr != RULE_URI)
			r->env_varies = true;
		one_rule(&e, rule);
	}
}

/*
 * Whether UnsetEnv undoes a SetEnv further down.
 */
static bool
is_undone(const struct conf_rules *rules, unsigned i)
{
	struct str name = rules->v[i]->name;

	for (i++; i < rules->n; i++)
		if (rules->v[i]->op == RULE_ENV_UNSET &&
		    str_eq(rules->v[i]->name, name))
			return true;
	return false;
}

void
envrule_set(const struct conf_rules *rules, struct route *r)
{
	for (unsigned i = 0; i < rules->n; i++) {
		const struct conf_rule *rule = rules->v[i];

		if (rule->op != RULE_ENV_UNSET && !is_undone(rules, i))
			(void)!env_set(&r->env, rule->name, rule->value);
	}
}
