/* SPDX-License-Identifier: ISC */
/*
 * routeacc - decides whether a client may have what a request asks for.
 *
 * Owns the order: the client's true address, rules that need no user, then
 * credentials, then the rules again.  Password and group files are read
 * through route_fs; no verdict outlives its request.
 */

#include "httpd/routeacc.h"

#include <errno.h>

#include "httpd/access.h"
#include "httpd/auth.h"
#include "httpd/mac.h"
#include "httpd/walkif.h"

/*
 * RemoteIPHeader: the last address in it that a trusted proxy vouches for.
 */
static void
remote_ip(struct walk *w)
{
	const struct conf_vhost *vh = w->in->vhost;
	struct route *r = w->r;
	struct str list;

	w->varies = true;
	/* all of them: the first may be the client's own invention */
	if (!req_all(w->in->req, vh->remoteip_header, ", ", w->turn, &list))
		return;
	while (list.len > 0) {
		size_t comma = str_rchr(list, ',');
		struct str one = str_trim(comma == STR_NONE ? list :
		    str_sub(list, comma + 1, list.len));
		bool is_trusted = vh->remoteip_trust.n == 0;
		struct addr a;

		for (unsigned i = 0; i < vh->remoteip_trust.n; i++)
			if (addr_in(&r->client, &vh->remoteip_trust.v[i]))
				is_trusted = true;
		if (!is_trusted || !addr_parse(one, &a))
			return;
		r->client = a;
		list = comma == STR_NONE ? str_of(NULL) :
		    str_sub(list, 0, comma);
	}
}

void
routeacc_client(struct walk *w)
{
	if (w->in->vhost->remoteip_header.len > 0)
		remote_ip(w);
}

void
routeacc_lease(struct walk *w)
{
	const char *file = w->in->conf->leases_file;
	struct route *r = w->r;
	struct str text;
	uint32_t ip;

	if (file == NULL || r->client.family != ADDR_V4)
		return;
	w->varies = true;
	ip = (uint32_t)r->client.b[0] << 24 | (uint32_t)r->client.b[1] << 16 |
	    (uint32_t)r->client.b[2] << 8 | r->client.b[3];
	w->lease_err = -w->fs->read(w->fs->ctx, file, NULL, &text);
	if (w->lease_err != 0)
		return;
	r->has_lease = mac_find(text, ip, w->in->now->wall_s, w->turn,
	    &r->mac);
	if (r->mac.len > 0)
		(void)!env_set(&r->env, STR("DHCP_MAC"), r->mac);
}

static bool
in_group(void *ctx, struct str group)
{
	struct walk *w = ctx;
	struct str text;

	return w->dir->group_file != NULL &&
	    w->fs->read(w->fs->ctx, w->dir->group_file, NULL, &text) == 0 &&
	    auth_in_group(text, group, w->r->user);
}

static bool
holds(void *ctx, const struct expr *e, bool *ret_no_user)
{
	return walkif_holds(ctx, e, ret_no_user);
}

static unsigned
challenge(struct walk *w, const char *id, const char *why)
{
	w->r->realm = w->dir->realm;
	w->r->log_module = "auth_basic";
	w->r->log_id = id;
	w->r->log_text = why;
	return 401;
}

/*
 * Verify the credentials of the request.  0, 401 or 500.
 */
static unsigned
credentials(struct walk *w)
{
	struct route *r = w->r;
	const struct conf_dir *dir = w->dir;
	struct str value = req_get(w->in->req, STR("Authorization"));
	struct str password, text, hash;
	int err;

	if (dir->auth_type != CONF_AUTH_BASIC) {
		r->log_id = "AH00027";
		r->log_text = "No authentication done but request not allowed "
		    "without authentication for %U. Authentication not "
		    "configured?";
		return 500;
	}
	if (dir->realm.len == 0) {
		r->log_module = "auth_basic";
		r->log_id = "AH01615";
		r->log_text = "need AuthName: %U";
		return 500;
	}
	if (value.p == NULL)
		return challenge(w, NULL, NULL);
	if (!auth_basic(value, w->turn, &r->user, &password))
		return challenge(w, "AH01614", "client used wrong "
		    "authentication scheme: %U");
	r->has_user = true;
	if (dir->user_file == NULL) {
		r->log_module = "authn_file";
		r->log_id = "AH01619";
		r->log_text = "AuthUserFile not specified in the configuration";
		return 500;
	}
	err = w->fs->read(w->fs->ctx, dir->user_file, NULL, &text);
	if (err != 0) {
		r->log_module = "authn_file";
		r->log_id = "AH01620";
		r->log_text = "Could not open password file: %p";
		r->log_errno = -err;
		return 500;
	}
	hash = auth_hash(text, r->user);
	if (hash.p == NULL)
		return challenge(w, "AH01618", "user %u not found: %U");
	if (!auth_verify(hash, password, w->fs->crypt, w->fs->ctx))
		return challenge(w, "AH01617", "user %u: "
		    "authentication failure for \"%U\": Password Mismatch");
	r->user_ok = true;
	return 0;
}

static unsigned
refuse(struct walk *w, const char *module, const char *id)
{
	w->r->log_module = module;
	w->r->log_id = id;
	w->r->log_text = w->lease_err == 0 ?
	    "client denied by server configuration: %f" :
	    "client denied by server configuration: %f (the leases file "
	    "could not be read)";
	w->r->log_errno = w->lease_err;
	return 403;
}

/*
 * The Require rules, asking for a user where one could help.
 */
static unsigned
require(struct walk *w, struct access_in *in)
{
	const struct conf_dir *dir = w->dir;
	enum access_verdict v = access_require(dir->require, in);
	unsigned status;

	if (v == ACCESS_OK)
		return 0;
	if (v == ACCESS_REFUSED)
		return refuse(w, "authz_core", "AH01630");
	status = credentials(w);
	if (status != 0)
		return status;
	in->has_user = true;
	in->user = w->r->user;
	if (access_require(dir->require, in) == ACCESS_OK)
		return 0;
	status = challenge(w, "AH01631", "user %u: authorization failure for "
	    "\"%U\": ");
	w->r->log_module = "authz_core";
	return dir->forbid_on_failure ? 403 : status;
}

unsigned
routeacc_check(struct walk *w, unsigned method)
{
	const struct conf_dir *dir = w->dir;
	struct access_in in = { 0 };
	bool any, ok;

	if (access_looks_at(dir->require, dir->compat))
		w->varies = true;
	in.client = &w->r->client;
	in.local = &w->in->local;
	in.method = method;
	in.env = &w->r->env;
	in.has_lease = w->r->has_lease;
	in.in_group = in_group;
	in.holds = holds;
	in.ctx = w;
	if (w->in->conf->needs_names && w->fs->name != NULL && w->varies &&
	    w->fs->name(w->fs->ctx, &w->r->client, w->turn, &in.host) != 0)
		in.host = str_of(NULL);
	any = access_satisfy_any(dir->compat, method);
	ok = access_compat_ok(dir->compat, &in);
	if (!ok && (!any || dir->require == NULL))
		return refuse(w, "access_compat", "AH01797");
	if (ok && any)
		return 0;
	if (dir->require == NULL && dir->auth_type != CONF_AUTH_NONE) {
		/* somebody meant to protect this and forgot half of it */
		w->r->log_module = "authz_core";
		w->r->log_id = "AH01796";
		w->r->log_text = "AuthType configured with no corresponding "
		    "authorization directives: %U";
		return 500;
	}
	return require(w, &in);
}
