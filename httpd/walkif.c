/* SPDX-License-Identifier: ISC */
/*
 * walkif - binds the variables of <If> expressions to a request.
 *
 * Unknown names are empty, as in Apache.
 */

#include "httpd/walkif.h"

#include "httpd/expr.h"

struct bound {
	struct walk *w;
	char text[ADDR_TEXT_MAX];
};

static struct str
addr_text(struct bound *b, const struct addr *a)
{
	struct str ret;
	struct wr w;

	wr_init(&w, b->text, sizeof(b->text));
	addr_fmt(&w, a);
	return arena_str(b->w->turn, wr_as_str(&w), &ret) ? ret : STR("");
}

/* All values of a field; a turn that is full then is an error. */
static struct str
field_of(struct bound *b, struct str name)
{
	struct str all;

	(void)!req_all(b->w->in->req, name, ", ", b->w->turn, &all);
	return all;
}

static struct str
variable(struct bound *b, struct str name)
{
	const struct route_in *in = b->w->in;
	const struct req *req = in->req;
	struct route *r = b->w->r;

	if (str_istarts(name, STR("HTTP_"))) {
		char field[64];
		struct str rest = str_sub(name, 5, sizeof(field));

		if (rest.len >= sizeof(field))
			return STR("");
		for (size_t i = 0; i < rest.len; i++)
			field[i] = rest.p[i] == '_' ? '-' : rest.p[i];
		return field_of(b, str_make(field, rest.len));
	}
	if (str_ieq(name, STR("QUERY_STRING")))
		return in->query;
	if (str_ieq(name, STR("REQUEST_METHOD")))
		return req->method_s;
	if (str_ieq(name, STR("REQUEST_URI")))
		return in->path;
	if (str_ieq(name, STR("REQUEST_FILENAME")) ||
	    str_ieq(name, STR("SCRIPT_FILENAME")))
		return str_of(r->file);
	if (str_ieq(name, STR("THE_REQUEST")))
		return req->line;
	if (str_ieq(name, STR("SERVER_PROTOCOL")))
		return req->version_s;
	if (str_ieq(name, STR("SERVER_NAME")))
		return in->vhost->name;
	if (str_ieq(name, STR("DOCUMENT_ROOT")))
		return str_of(in->vhost->docroot);
	if (str_ieq(name, STR("REMOTE_ADDR")))
		return addr_text(b, &r->client);
	if (str_ieq(name, STR("SERVER_ADDR")))
		return addr_text(b, &in->local);
	if (str_ieq(name, STR("REQUEST_SCHEME")))
		return in->vhost->name_is_https ? STR("https") : STR("http");
	if (str_ieq(name, STR("PATH_INFO")))
		return r->path_info;
	if (str_ieq(name, STR("HTTPS")))
		return STR("off");
	return STR("");
}

static struct str
get(void *ctx, char space, struct str name)
{
	struct bound *b = ctx;

	if (space == 'h')
		return field_of(b, name);
	if (space == 'e')
		return env_get(&b->w->r->env, name);
	return variable(b, name);
}

static bool
in_net(void *ctx, struct str text)
{
	struct bound *b = ctx;
	struct addr_net net;

	return addr_parse_net(text, &net) && addr_in(&b->w->r->client, &net);
}

bool
walkif_holds(struct walk *w, const struct conf_section *s)
{
	struct bound b = { w, "" };
	struct expr_in in = { get, in_net, &b };

	ASSERT(s->expr != NULL);
	return expr_eval(s->expr, &in, &w->work->re);
}
