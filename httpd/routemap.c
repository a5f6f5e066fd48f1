/* SPDX-License-Identifier: ISC */
/*
 * routemap - turns a URL path into a file name or a redirect.
 *
 * Owns the order redirects, aliases, user directories, document root.  A file
 * name made here never has "." or ".." as a component, even when a pattern of
 * the administrator glued one together from a client's words.
 */

#include "httpd/routemap.h"

#include <string.h>

#include "httpd/confmerge.h"
#include "httpd/confsec.h"
#include "httpd/dirtab.h"
#include "httpd/rule.h"
#include "httpd/uri.h"

#define LOCATION_MAX	16384	/* longest Location */

/*
 * Remove double slashes in place; false when a dot component is left.
 */
static bool
tidy(char *p, size_t *len)
{
	size_t n = 0, from = 0;

	for (size_t i = 0; i < *len; i++) {
		if (p[i] == '/' && n > 0 && p[n - 1] == '/')
			continue;
		p[n++] = p[i];
	}
	p[n] = '\0';
	*len = n;
	for (size_t i = 0; i <= n; i++) {
		struct str one;

		if (i < n && p[i] != '/')
			continue;
		one = str_make(p + from, i - from);
		if (str_eq(one, STR(".")) || str_eq(one, STR("..")))
			return false;
		from = i + 1;
	}
	return true;
}

/*
 * Join the pieces of a file name.  0 or a status.
 */
static unsigned
set_path(struct walk *w, struct str a, struct str b, struct str c,
    struct routemap_file *ret)
{
	size_t len = a.len + b.len + c.len;
	struct wr out;
	char *p;

	if (len >= ROUTE_PATH_MAX) {
		w->r->log_text = "File name too long";
		return 403;
	}
	p = arena_alloc(w->turn, len + 1, 1);
	if (p == NULL) {
		w->is_full = true;
		return 500;
	}
	wr_init(&out, p, len);
	wr_str(&out, a);
	wr_str(&out, b);
	wr_str(&out, c);
	if (!tidy(p, &len) || p[0] != '/') {
		w->r->log_text = "path leaves its directory";
		return 403;
	}
	ret->path = str_make(p, len);
	return 0;
}

/* ---- redirects ---- */

/*
 * A URL: what is before the path as it is, the path encoded, a query as it
 * is.
 */
static void
write_url(struct wr *out, struct str url)
{
	size_t at = str_find(url, STR("://"));
	struct str rest = url, query;

	if (at != STR_NONE) {
		size_t slash;

		rest = str_sub(url, at + 3, url.len);
		slash = str_chr(rest, '/');
		if (slash == STR_NONE)
			slash = rest.len;
		wr_str(out, str_sub(url, 0, at + 3 + slash));
		rest = str_sub(rest, slash, rest.len);
	}
	rest = str_cut(rest, '?', &query);
	uri_encode(out, rest);
	if (query.p != NULL) {
		wr_u8(out, '?');
		wr_str(out, query);
	}
}

/*
 * Finish a redirect whose target is in out from position `from` on.
 */
static unsigned
finish(struct walk *w, struct wr *out, unsigned status, struct str query)
{
	struct route *r = w->r;
	struct str all = wr_as_str(out);

	if (query.p != NULL && str_chr(all, '?') == STR_NONE) {
		wr_u8(out, '?');
		wr_str(out, query);
	}
	if (!wr_ok(out))
		return 500;
	arena_trim(w->turn, out->p, out->len);
	r->location = wr_as_str(out);
	r->kind = ROUTE_REDIRECT;
	r->status = r->status_first = (uint16_t)status;
	return ROUTE_DONE;
}

/*
 * Room for a Location, with our own name in it unless the target has one.
 */
static bool
begin(struct walk *w, struct wr *out, struct str target, bool is_relative)
{
	char *p = arena_alloc(w->turn, LOCATION_MAX, 1);

	if (p == NULL) {
		w->is_full = true;
		return false;
	}
	wr_init(out, p, LOCATION_MAX);
	if (str_starts(target, STR("/")) && !is_relative)
		route_self(w->in, w->dir, out, NULL, NULL);
	return true;
}

unsigned
routemap_redirect(struct walk *w, unsigned status, struct str path,
    struct str more, struct str query)
{
	struct wr out;

	if (!begin(w, &out, path, false))
		return 500;
	uri_encode(&out, path);
	wr_str(&out, more);
	return finish(w, &out, status, query);
}

/*
 * What RedirectMatch has behind a #; one that the request brought along
 * belongs to its path.
 */
static bool
write_fragment(struct walk *w, struct wr *out, struct str fragment,
    struct str uri, const struct re_match *m)
{
	if (fragment.p == NULL)
		return true;
	fragment = re_subst(fragment, false, uri, m, w->turn);
	wr_u8(out, '#');
	uri_encode(out, fragment);
	return fragment.p != NULL;
}

unsigned
routemap_redirects(struct walk *w, const struct conf_alias *const *rules,
    unsigned n)
{
	struct str uri = w->r->uri;

	for (unsigned i = 0; i < n; i++) {
		const struct conf_alias *a = rules[i];
		struct re_match m;
		struct str target, fragment;
		struct wr out;
		size_t used = 0;

		if (a->re != NULL)
			used = re_exec(a->re, uri, &w->work->re, &m);
		else if (a->from.p == NULL)	/* what its <Location> covers */
			used = uri.len;
		else
			used = alias_prefix(uri, a->from);
		if (used == 0)
			continue;
		if (a->status < 300 || a->status > 399)
			return a->status;
		target = a->to;
		if (a->re != NULL) {
			target = str_cut(a->to, '#', &fragment);
			target = re_subst(target, false, uri, &m, w->turn);
		}
		if (target.p == NULL || !begin(w, &out, target,
		    w->dir->redirect_relative))
			return 500;
		if (a->re != NULL) {
			write_url(&out, target);
			if (!write_fragment(w, &out, fragment, uri, &m))
				return 500;
		} else {
			wr_str(&out, target);
			uri_encode(&out, str_sub(uri, used, uri.len));
		}
		return finish(w, &out, a->status, w->in->query);
	}
	return 0;
}

/* ---- aliases ---- */

/*
 * DhcpAlias: only for a client whose machine is known, and only when the
 * file made for it exists; otherwise the path is mapped as usual.
 */
static bool
mac_target(struct walk *w, const struct conf_alias *a, struct str *ret)
{
	char buf[ADDR_TEXT_MAX];
	struct route_stat st;
	struct wr ip;

	w->varies = true;
	if (w->r->mac.len == 0)
		return false;
	wr_init(&ip, buf, sizeof(buf));
	addr_fmt(&ip, &w->r->client);
	*ret = alias_mac(a->to, w->r->mac, wr_as_str(&ip), w->turn);
	return ret->p != NULL && w->fs->stat(w->fs->ctx, ret->p, false,
	    &st) == 0;
}

/*
 * An Alias inside of <Location> is for the whole of what the section covers,
 * and the last section wins.  0 when there is none; ROUTE_DONE; status.
 */
static unsigned
section_alias(struct walk *w, struct routemap_file *ret)
{
	const struct conf_aliases *list = &w->in->vhost->aliases_v;
	struct route *r = w->r;

	for (unsigned i = list->n; i-- > 0;) {
		const struct conf_alias *a = list->v[i];
		struct str rest = STR("");
		unsigned status;

		if (a->sec == NULL || !walk_covers(w, a->sec, r->uri))
			continue;
		if (a->sec->re == NULL && !a->sec->is_glob &&
		    (confmerge_is_set(a->sec->dir.set, DIRTAB_F_ALIAS_REST) ?
		    a->sec->dir.alias_rest : w->in->vhost->base.alias_rest)) {
			rest = str_sub(r->uri, a->from.len, r->uri.len);
			r->prefix = a->from;
			r->docroot = a->to.p;
		}
		status = set_path(w, a->to, rest.len > 0 &&
		    str_ends(a->from, STR("/")) ? STR("/") : STR(""), rest,
		    ret);
		ret->is_script = a->is_script;
		return status == 0 ? ROUTE_DONE : status;
	}
	return 0;
}

static unsigned
aliases(struct walk *w, struct routemap_file *ret)
{
	const struct conf_aliases *list = &w->in->vhost->aliases_v;
	struct route *r = w->r;
	struct str uri = r->uri;

	for (unsigned i = 0; i < list->n; i++) {
		const struct conf_alias *a = list->v[i];
		struct str to = a->to, rest = str_of(NULL);
		struct re_match m;
		unsigned status;
		size_t used = 0;

		if (a->sec != NULL)
			continue;
		if (a->re != NULL) {
			if (!re_exec(a->re, uri, &w->work->re, &m))
				continue;
			to = re_subst(a->to, false, uri, &m, w->turn);
			if (to.p == NULL)
				return 500;
		} else {
			used = alias_prefix(uri, a->from);
			if (used == 0)
				continue;
			rest = str_sub(uri, used, uri.len);
			if (a->is_mac && !mac_target(w, a, &to))
				continue;
			r->prefix = a->from;
			r->docroot = a->to.p;
		}
		/* Alias /al/ DIR, without its slash: still a directory */
		status = set_path(w, to, used > 0 && uri.p[used - 1] == '/' ?
		    STR("/") : STR(""), rest, ret);
		ret->is_script = a->is_script;
		return status == 0 ? ROUTE_DONE : status;
	}
	return 0;
}

/* ---- user directories ---- */

static bool
has_word(const struct conf_words *list, struct str word)
{
	for (unsigned i = 0; i < list->n; i++)
		if (str_eq(list->v[i], word))
			return true;
	return false;
}

static bool
user_allowed(const struct conf_vhost *vh, struct str user)
{
	if (user.len == 0 || str_eq(user, STR(".")) ||
	    str_eq(user, STR("..")))
		return false;
	if (has_word(&vh->userdir_off, user))
		return false;
	return !vh->userdir_disabled || has_word(&vh->userdir_on, user);
}

/*
 * One UserDir pattern for one user.  0: try the next; ROUTE_DONE; status.
 */
static unsigned
user_pattern(struct walk *w, struct str pattern, struct str user,
    struct str rest, bool is_last, struct routemap_file *ret)
{
	size_t star = str_chr(pattern, '*');
	struct str head = pattern, tail = STR("");
	struct route_stat st;
	struct str home;
	unsigned status;

	if (star != STR_NONE) {
		head = str_sub(pattern, 0, star);
		tail = str_sub(pattern, star + 1, pattern.len);
	}
	if (str_find(pattern, STR("://")) != STR_NONE) {
		struct wr out;

		if (!begin(w, &out, pattern, false))
			return 500;
		wr_str(&out, head);
		if (star == STR_NONE)
			wr_u8(&out, '/');
		/* a '?' or '#' of the client's must not end our host */
		uri_encode(&out, user);
		wr_str(&out, tail);
		uri_encode(&out, rest);
		return finish(w, &out, 302, w->in->query);
	}
	if (str_starts(pattern, STR("/"))) {
		struct str name = user;

		if (star == STR_NONE)
			tail = STR("");
		status = set_path(w, head, star == STR_NONE ? STR("/") :
		    STR(""), name, ret);
		if (status != 0)
			return status;
		status = set_path(w, ret->path, tail, STR(""), ret);
	} else {
		if (w->fs->home(w->fs->ctx, user, w->turn, &home) != 0)
			return 0;
		status = set_path(w, home, STR("/"), pattern, ret);
	}
	if (status != 0)
		return status;
	if (!is_last && w->fs->stat(w->fs->ctx, ret->path.p, false, &st) != 0)
		return 0;
	w->varies = true;	/* docroot lies in turn */
	w->r->docroot = ret->path.p;
	status = set_path(w, ret->path, rest, STR(""), ret);
	return status == 0 ? ROUTE_DONE : status;
}

static unsigned
userdir(struct walk *w, struct routemap_file *ret)
{
	const struct conf_vhost *vh = w->in->vhost;
	struct str uri = w->r->uri, user, rest;
	size_t slash;

	if (vh->userdir.n == 0 || !str_starts(uri, STR("/~")))
		return 0;
	user = str_sub(uri, 2, uri.len);
	slash = str_chr(user, '/');
	rest = slash == STR_NONE ? STR("") : str_sub(user, slash, user.len);
	user = str_sub(user, 0, slash == STR_NONE ? user.len : slash);
	if (!user_allowed(vh, user))
		return 0;
	for (unsigned i = 0; i < vh->userdir.n; i++) {
		unsigned status = user_pattern(w, vh->userdir.v[i], user,
		    rest, i + 1 == vh->userdir.n, ret);

		if (status != 0)
			return status;
	}
	return 0;
}

unsigned
routemap_map(struct walk *w, struct routemap_file *ret)
{
	const struct conf_vhost *vh = w->in->vhost;
	unsigned status;

	memset(ret, 0, sizeof(*ret));
	if (!str_starts(w->r->uri, STR("/")))
		return 400;
	status = routemap_redirects(w, vh->base.redirects.v,
	    vh->base.redirects.n);
	if (status != 0)
		return status;
	status = section_alias(w, ret);
	if (status == 0)
		status = aliases(w, ret);
	if (status == 0)
		status = userdir(w, ret);
	if (w->r->kind == ROUTE_REDIRECT)
		return status;
	if (status == ROUTE_DONE)
		return 0;
	if (status != 0)
		return status;
	return set_path(w, str_of(vh->docroot), w->r->uri, STR(""), ret);
}
