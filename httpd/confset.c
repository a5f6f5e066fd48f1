/* SPDX-License-Identifier: ISC */
/*
 * confset - stores the values of directives.
 *
 * Owns the kinds of value that need nothing but the table row (flags,
 * numbers, texts, lists of words) and the helpers that the files of
 * its group use to keep lists in the arena.  Lists grow by doubling: whoever holds an
 * older slice of one keeps a valid one.
 */

#include "httpd/confset.h"

#include <string.h>

#include "common/num.h"

#include "httpd/confacc.h"
#include "httpd/confbuild.h"
#include "httpd/confdir.h"
#include "httpd/confidx.h"
#include "httpd/conflog.h"
#include "httpd/confrule.h"
#include "httpd/confsrv.h"
#include "httpd/expr.h"
#include "httpd/proto.h"

/*
 * Room for one more element behind n of them.  A list is full when n is a
 * power of two, so no capacity needs to be kept.
 */
static void *
grow(struct confbuild *b, const void *v, unsigned n, size_t size)
{
	void *p;

	if (n != 0 && (n & (n - 1)) != 0)
		return (void *)(uintptr_t)v;
	p = arena_alloc(b->a, (n == 0 ? 1 : 2 * (size_t)n) * size,
	    sizeof(void *));
	if (p == NULL) {
		conf_full(b);
		return NULL;
	}
	if (n != 0)
		memcpy(p, v, n * size);
	return p;
}

void
confset_add_word(struct confbuild *b, struct conf_words *list,
    struct str word)
{
	struct str *v = grow(b, list->v, list->n, sizeof(*v));

	if (v == NULL)
		return;
	v[list->n++] = word;
	list->v = v;
}

void
confset_add_ptr(struct confbuild *b, const void *const **v, unsigned *n,
    const void *item)
{
	const void **p = grow(b, *v, *n, sizeof(*p));

	if (p == NULL)
		return;
	p[(*n)++] = item;
	*v = (const void *const *)p;
}

void *
confset_add(struct confbuild *b, const void **v, unsigned *n, size_t size)
{
	char *p = grow(b, *v, *n, size);

	if (p == NULL)
		return NULL;
	*v = p;
	p += (*n)++ * size;
	memset(p, 0, size);
	return p;
}

const struct re *
confset_regex(struct confbuild *b, struct str pattern, bool nocase)
{
	struct re_error err;
	const struct re *re;
	size_t at;

	if (re_compile(pattern, nocase, b->a, &re, &err))
		return re;
	at = str_find(b->pos.src_line, pattern);
	b->pos.col = err.col + (at == STR_NONE ? 0 : (uint32_t)at);
	conf_error(b, "Regex could not be compiled: %s at column %u of "
	    "'%.*s'", err.why, err.col, STR_ARG(pattern));
	return NULL;
}

const char *
confset_zstr(struct confbuild *b, struct str s)
{
	return confset_copy(b, s).p;
}

struct str
confset_copy(struct confbuild *b, struct str s)
{
	struct str ret;

	if (!arena_str(b->a, s, &ret)) {
		conf_full(b);
		return STR("");
	}
	return ret;
}

struct str
confset_lower(struct confbuild *b, struct str s)
{
	struct str ret = confset_copy(b, s);
	char *p = (char *)(uintptr_t)ret.p;

	for (size_t i = 0; i < ret.len; i++)
		p[i] = str_lower(p[i]);
	return ret;
}

bool
confset_bool(struct confbuild *b, struct str word, bool *ret)
{
	if (str_ieq(word, STR("on")))
		*ret = true;
	else if (str_ieq(word, STR("off")))
		*ret = false;
	else {
		conf_error(b, "%s must be On or Off", b->row->name);
		return false;
	}
	return true;
}

uint32_t
confset_methods(struct confbuild *b, const struct conf_words *args,
    unsigned from)
{
	uint32_t mask = 0;

	for (unsigned i = from; i < args->n; i++) {
		enum proto_method m = proto_method(args->v[i]);

		/* <Limit> may name methods that nobody can send */
		if (m == PROTO_UNKNOWN &&
		    b->row->kind == DIRTAB_K_SEC_LIMIT)
			continue;
		if (m == PROTO_UNKNOWN) {
			conf_error(b, "%sInvalid Method '%.*s'",
			    b->row->kind == DIRTAB_K_METHODS ?
			    "AllowMethods: " : "", STR_ARG(args->v[i]));
			break;
		}
		if (m == PROTO_GET || m == PROTO_HEAD)
			mask |= 1u << PROTO_GET | 1u << PROTO_HEAD;
		else
			mask |= 1u << m;
	}
	return mask;
}

const struct expr *
confset_expr(struct confbuild *b, struct str text, unsigned before,
    const char *what)
{
	struct lex_vars vars = conf_vars(b);
	const struct expr *e = NULL;
	struct expr_error err;

	if (!lex_expand(text, &vars, b->a, &text))
		conf_full(b);
	else if (!expr_compile(text, b->a, &e, &err)) {
		b->pos.col = before + err.col;
		conf_error(b, "Cannot parse %s: %s at column %u", what,
		    err.why, b->pos.col);
	}
	return e;
}

void
confset_mark(struct confbuild *b, unsigned field)
{
	uint64_t *set = dirtab_slot(field)->level == DIRTAB_L_VHOST ?
	    b->vh->set : b->dir->set;

	if (dirtab_slot(field)->level != DIRTAB_L_CONF)
		set[field / 64] |= (uint64_t)1 << field % 64;
}

/*
 * Where the value of the directive at hand goes; NULL when it is no plain
 * value.
 */
static void *
target(struct confbuild *b)
{
	const struct dirtab_slot *s = dirtab_slot(b->row->field);
	char *base = s->level == DIRTAB_L_CONF ? (char *)b->conf :
	    s->level == DIRTAB_L_VHOST ? (char *)b->vh : (char *)b->dir;

	return b->row->field == DIRTAB_F_NONE ? NULL : base + s->offset;
}

bool
confset_time(struct str s, uint32_t *ret_ms)
{
	uint64_t scale = 1000, v;
	size_t n = 0;

	while (n < s.len && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	if (n < s.len) {
		struct str unit = str_sub(s, n, s.len);

		if (str_ieq(unit, STR("ms")))
			scale = 1;
		else if (str_ieq(unit, STR("min")) || str_ieq(unit, STR("mi")))
			scale = 60000;
		else if (str_ieq(unit, STR("h")))
			scale = 3600000;
		else if (!str_ieq(unit, STR("s")))
			return false;
	}
	if (!num_u64(str_sub(s, 0, n), 0, UINT32_MAX / scale, &v))
		return false;
	*ret_ms = (uint32_t)(v * scale);
	return true;
}

/*
 * Timeouts.  Apache takes any word here and reads nonsense as its default;
 * a configuration with one must go on loading.
 */
static void
set_time(struct confbuild *b, struct str word, uint32_t *out)
{
	if (confset_time(word, out))
		return;
	if (b->row->field == DIRTAB_F_TIMEOUT) {
		conf_warn(b, "%s %.*s is no number of seconds; the default "
		    "is used", b->row->name, STR_ARG(word));
		return;
	}
	conf_error(b, "%s has wrong format", b->row->name);
}

static void
set_enum(struct confbuild *b, struct str word, uint8_t *out)
{
	struct str left = str_of(b->row->note);

	for (uint8_t i = 0; left.len > 0; i++) {
		if (str_ieq(word, str_cut(left, '|', &left))) {
			*out = i;
			return;
		}
	}
	conf_error(b, "%s must be one of: %s", b->row->name, b->row->note);
}

static void
set_number(struct confbuild *b, struct str word, void *out)
{
	uint64_t max = b->row->kind == DIRTAB_K_U32 ? INT32_MAX : INT64_MAX;
	const char *positive = b->row->note;	/* what is said of 0 */
	uint64_t v;

	/* below 0 is any number of requests, as 0 is */
	if (b->row->field == DIRTAB_F_KEEPALIVE_MAX && word.len > 1 &&
	    word.p[0] == '-')
		word = num_u64(str_sub(word, 1, word.len), 0, max, &v) ?
		    STR("0") : word;
	if (!num_u64(word, positive != NULL, max, &v)) {
		if (positive != NULL)
			conf_error(b, "%s", positive);
		else
			conf_error(b, "%s \"%.*s\" must be a non-negative "
			    "integer", b->row->name, STR_ARG(word));
		return;
	}
	if (b->row->kind == DIRTAB_K_U32)
		*(uint32_t *)out = (uint32_t)v;
	else
		*(uint64_t *)out = v;
}

/*
 * The kinds that need only the row.  False for the others.
 */
static bool
plain(struct confbuild *b, const struct conf_words *args)
{
	struct str word = args->n > 0 ? args->v[0] : str_of(NULL);
	void *out = target(b);

	if (out == NULL)
		return false;
	switch (b->row->kind) {
	case DIRTAB_K_FLAG:
		(void)!confset_bool(b, word, out);	/* has been said */
		break;
	case DIRTAB_K_ENUM:
		set_enum(b, word, out);
		break;
	case DIRTAB_K_U32:
	case DIRTAB_K_U64:
		/* of two the last is looked at too, and the first is kept */
		if (args->n > 1 && args->v[1].len > 0)
			set_number(b, args->v[1], out);
		set_number(b, word, out);
		break;
	case DIRTAB_K_TIME:
		set_time(b, word, out);
		break;
	case DIRTAB_K_TYPE:
		if (str_ieq(word, STR("none")))
			word = STR("");
		*(struct str *)out = confset_lower(b, word);
		break;
	case DIRTAB_K_STR:
		*(struct str *)out = confset_copy(b, word);
		break;
	case DIRTAB_K_STRZ:
		*(const char **)out = confset_zstr(b, word);
		break;
	case DIRTAB_K_PATH:
		*(const char **)out = conf_path(b, word);
		break;
	case DIRTAB_K_WORDS:
		for (unsigned i = 0; i < args->n; i++)
			confset_add_word(b, out,
			    confset_copy(b, args->v[i]));
		break;
	default:
		return false;
	}
	return true;
}

void
confset_value(struct confbuild *b, const struct conf_words *args)
{
	bool done = plain(b, args) || confdir_set(b, args) ||
	    confacc_set(b, args) || confrule_set(b, args) ||
	    confidx_set(b, args) || confsrv_set(b, args) ||
	    conflog_set(b, args);

	if (NEVER(!done))
		conf_error(b, "%s has no effect here", b->row->name);
	if (b->row->field != DIRTAB_F_NONE)
		confset_mark(b, b->row->field);
}
