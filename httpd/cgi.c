/* SPDX-License-Identifier: ISC */
/*
 * cgi - environment and output of scripts, by RFC 3875 and as Apache does it.
 *
 * Owns which of a client's header fields a script may see: no credentials, no
 * Proxy (it would become HTTP_PROXY), no name that is not letters, digits and
 * dashes (X_Y and X-Y would meet in one variable).
 */

#include "httpd/cgi.h"

#include <string.h>

#include "common/num.h"

/* The environment while it is built. */
struct build {
	const struct route_in *in;
	const struct route *r;
	struct arena *a;
	struct cgi_exec *x;
	unsigned n;
	bool failed;
};

static void
put(struct build *b, struct str name, struct str value)
{
	char *p;

	/* a NUL would cut the rest off unseen */
	if (value.len > 0 && memchr(value.p, 0, value.len) != NULL)
		return;
	p = arena_alloc(b->a, name.len + value.len + 2, 1);
	if (p == NULL || b->n + 1 >= CGI_ENV_MAX) {
		b->failed = true;
		return;
	}
	memcpy(p, name.p, name.len);
	p[name.len] = '=';
	if (value.len > 0)
		memcpy(p + name.len + 1, value.p, value.len);
	p[name.len + 1 + value.len] = '\0';
	b->x->envp[b->n++] = p;
	b->x->envp[b->n] = NULL;
}

static void
put_text(struct build *b, const char *name, const char *value)
{
	put(b, str_of(name), str_of(value));
}

static void
put_number(struct build *b, const char *name, uint64_t v)
{
	char buf[24];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_dec(&w, v);
	put(b, str_of(name), wr_as_str(&w));
}

static void
put_addr(struct build *b, const char *name, const struct addr *a)
{
	char buf[ADDR_TEXT_MAX];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	addr_fmt(&w, a);
	put(b, str_of(name), wr_as_str(&w));
}

/*
 * "HTTP_" and the name in capitals.  False when scripts must not see it.
 */
static bool
field_name(struct str name, char *buf, size_t size, struct str *ret)
{
	struct wr w;

	if (str_ieq(name, STR("Authorization")) ||
	    str_ieq(name, STR("Proxy-Authorization")) ||
	    str_ieq(name, STR("Proxy")) ||
	    str_ieq(name, STR("Content-Type")) ||
	    str_ieq(name, STR("Content-Length")))
		return false;
	wr_init(&w, buf, size);
	wr_text(&w, "HTTP_");
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (c == '-')
			c = '_';
		else if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		else if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
			return false;
		wr_u8(&w, (uint8_t)c);
	}
	*ret = wr_as_str(&w);
	return wr_ok(&w);
}

static void
put_fields(struct build *b)
{
	struct str name, value, earlier;

	for (unsigned i = 0; req_field(b->in->req, i, &name, &value); i++) {
		char buf[256];
		struct str var, all;
		bool seen = false;

		for (unsigned k = 0; k < i && !seen; k++) {
			ASSERT(req_field(b->in->req, k, &earlier, &value));
			seen = str_ieq(earlier, name);
		}
		if (seen || !field_name(name, buf, sizeof(buf), &var))
			continue;
		b->failed |= !req_all(b->in->req, name,
		    str_ieq(name, STR("Cookie")) ? "; " : ", ", b->a, &all);
		put(b, var, all);
	}
}

/*
 * The variables of SetEnv and SetEnvIf; other characters than word ones
 * become underscores.
 */
static void
put_env(struct build *b)
{
	for (unsigned i = 0; i < b->r->env.n; i++) {
		struct str name = b->r->env.v[i].name;
		char buf[256];
		size_t n = name.len < sizeof(buf) ? name.len : sizeof(buf);

		for (size_t k = 0; k < n; k++) {
			char c = name.p[k], low = str_lower(c);

			buf[k] = (low >= 'a' && low <= 'z') ||
			    (c >= '0' && c <= '9') ? c : '_';
		}
		if (n > 0)
			put(b, str_make(buf, n), b->r->env.v[i].value);
	}
}

static void
put_server(struct build *b, const struct cgi_facts *f)
{
	const struct route_in *in = b->in;
	struct str host;
	uint16_t port;

	route_self(in, b->r->dir, NULL, &host, &port);
	put(b, STR("PATH"), f->path);
	put(b, STR("SERVER_SIGNATURE"), f->signature);
	put(b, STR("SERVER_SOFTWARE"), f->software);
	put(b, STR("SERVER_NAME"), host);
	put_addr(b, "SERVER_ADDR", &in->local);
	put_number(b, "SERVER_PORT", port);
	put_addr(b, "REMOTE_ADDR", &b->r->client);
	put_text(b, "DOCUMENT_ROOT", in->vhost->docroot);
	put_text(b, "REQUEST_SCHEME", in->vhost->name_is_https ? "https" :
	    "http");
	put(b, STR("CONTEXT_PREFIX"), b->r->prefix);
	put_text(b, "CONTEXT_DOCUMENT_ROOT", b->r->docroot);
	put(b, STR("SERVER_ADMIN"), in->vhost->admin.len > 0 ?
	    in->vhost->admin : STR("[no address given]"));
	put_number(b, "REMOTE_PORT", in->client_port);
}

/*
 * The document root with the path info behind it.
 */
static void
put_translated(struct build *b)
{
	struct str root = str_of(b->in->vhost->docroot);
	struct str info = b->r->path_info;
	char *p = arena_alloc(b->a, root.len + info.len, 1);

	if (p == NULL) {
		b->failed = true;
		return;
	}
	memcpy(p, root.p, root.len);
	memcpy(p + root.len, info.p, info.len);
	put(b, STR("PATH_TRANSLATED"), str_make(p, root.len + info.len));
}

/*
 * The raw target with its query, whatever was done to it since.
 */
static void
put_uri(struct build *b)
{
	const struct req *req = b->in->req;
	size_t len = req->path.len + 1 + req->query.len;
	char *p = arena_alloc(b->a, len, 1);
	struct wr w;

	if (p == NULL) {
		b->failed = true;
		return;
	}
	wr_init(&w, p, len);
	wr_str(&w, req->path);
	if (req->has_query) {
		wr_u8(&w, '?');
		wr_str(&w, req->query);
	}
	put(b, STR("REQUEST_URI"), wr_as_str(&w));
}

static void
put_request(struct build *b, const struct cgi_facts *f)
{
	const struct route_in *in = b->in;
	const struct route *r = b->r;
	struct str type = req_get(in->req, STR("Content-Type"));
	struct str len = req_get(in->req, STR("Content-Length"));
	bool is_inner = in->is_get || f->status != 0;

	put_text(b, "GATEWAY_INTERFACE", "CGI/1.1");
	put(b, STR("SERVER_PROTOCOL"), in->req->version_s);
	put(b, STR("REQUEST_METHOD"), is_inner ? STR("GET") :
	    in->req->method_s);
	put(b, STR("QUERY_STRING"), r->query);
	put_uri(b);
	put(b, STR("SCRIPT_NAME"), r->script);
	put_text(b, "SCRIPT_FILENAME", r->file);
	if (r->path_info.len > 0) {
		put(b, STR("PATH_INFO"), r->path_info);
		put_translated(b);
	}
	if (f->body_len >= 0 && !is_inner)
		put_number(b, "CONTENT_LENGTH", (uint64_t)f->body_len);
	else if (len.p != NULL && !is_inner &&
	    in->req->body != REQ_BODY_CHUNKED)
		put(b, STR("CONTENT_LENGTH"), len);
	if (type.p != NULL && !is_inner)
		put(b, STR("CONTENT_TYPE"), type);
	if (r->user_ok) {
		put(b, STR("REMOTE_USER"), r->user);
		put_text(b, "AUTH_TYPE", "Basic");
	}
	if (f->status != 0)
		put_number(b, "REDIRECT_STATUS", f->status);
	if (f->status != 0 && in->query.p != NULL)
		put(b, STR("REDIRECT_QUERY_STRING"), in->query);
	if (f->redirect_url.len > 0)
		put(b, STR("REDIRECT_URL"), f->redirect_url);
	if (f->status != 0 && r->is_error_doc)
		put(b, STR("REDIRECT_REQUEST_METHOD"), in->req->method_s);
}

/*
 * "?one+two" without "=" becomes words for the script.
 */
static void
put_args(struct build *b)
{
	struct str q = b->r->query;
	unsigned n = 1;

	b->x->argv[1] = NULL;
	if (q.len == 0 || str_chr(q, '=') != STR_NONE ||
	    b->in->req->method == PROTO_POST)
		return;
	while (q.len > 0 && n + 1 < CGI_ARG_MAX) {
		struct str word = str_cut(q, '+', &q);
		char *p = arena_alloc(b->a, word.len + 1, 1);
		size_t len = 0;

		if (p == NULL) {
			b->failed = true;
			return;
		}
		for (size_t i = 0; i < word.len; i++) {
			int hi = -1, lo = -1;

			if (word.p[i] == '%' && i + 2 < word.len) {
				hi = num_hexval(word.p[i + 1]);
				lo = num_hexval(word.p[i + 2]);
			}
			p[len++] = hi >= 0 && lo >= 0 && hi + lo > 0 ?
			    (char)(hi * 16 + lo) : word.p[i];
			if (hi >= 0 && lo >= 0 && hi + lo > 0)
				i += 2;
		}
		p[len] = '\0';
		b->x->argv[n++] = p;
		b->x->argv[n] = NULL;
	}
}

bool
cgi_prepare(const struct route_in *in, const struct route *r,
    const struct cgi_facts *facts, struct arena *turn, struct cgi_exec *ret)
{
	struct build b = { in, r, turn, ret, 0, false };
	struct str file = str_of(r->file), dir;
	size_t slash = str_rchr(file, '/');

	ASSERT(slash != STR_NONE);
	if (!arena_str(turn, str_sub(file, 0, slash == 0 ? 1 : slash), &dir))
		return false;
	ret->file = r->file;
	ret->dir = dir.p;
	ret->argv[0] = r->file;
	ret->envp[0] = NULL;
	ret->is_raw = str_starts(str_sub(file, slash + 1, file.len),
	    STR("nph-"));
	put_fields(&b);
	put_server(&b, facts);
	put_request(&b, facts);
	put_env(&b);
	put_args(&b);
	return !b.failed;
}

/* ---- output ---- */

/*
 * The next line of a header block without its line end.  False when it has
 * no end yet.
 */
static bool
next_line(struct str out, size_t *at, struct str *ret)
{
	struct str left = str_sub(out, *at, out.len);
	size_t n = str_chr(left, '\n');

	if (n == STR_NONE)
		return false;
	*at += n + 1;
	*ret = str_sub(left, 0, n);
	if (str_ends(*ret, STR("\r")))
		ret->len--;
	return true;
}

static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 127 ||
		    str_chr(STR("()<>@,;:\\\"/[]?={}"), s.p[i]) != STR_NONE)
			return false;
	return s.len > 0;
}

/*
 * One field of a script's header; Status and Location are not passed on.
 */
static bool
one_field(struct resp *resp, struct str line, struct str *location)
{
	struct str value;
	struct str name = str_cut(line, ':', &value);
	uint32_t status;

	if (value.p == NULL || !is_token(name))
		return false;
	value = str_trim(value);
	if (str_ieq(name, STR("Status"))) {
		if (!num_u32(str_sub(value, 0, 3), 200, 599, &status))
			return false;
		resp->status = (uint16_t)status;
		resp->reason = str_trim(str_sub(value, 3, value.len));
		return true;
	}
	if (str_ieq(name, STR("Location"))) {
		*location = value;
		return true;
	}
	if (value.len == 0 || resp_is_ours(name))
		return true;
	if (str_ieq(name, STR("Content-Type")))
		return resp_set(resp, STR("Content-Type"), value);
	return resp_add(resp, name, value);
}

enum cgi_verdict
cgi_head(struct str out, bool is_end, struct resp *resp, size_t *ret_body,
    struct str *ret_target)
{
	struct str line, location = str_of(NULL);
	unsigned fields_n = 0;
	bool is_whole = false;
	size_t at = 0;

	resp_init(resp, 200);
	*ret_target = str_of(NULL);
	while (next_line(out, &at, &line)) {
		is_whole = line.len == 0;
		if (is_whole)
			break;
		if (at > CGI_HEAD_MAX || !one_field(resp, line, &location)) {
			*ret_target = line;
			return CGI_BAD;
		}
		fields_n++;
	}
	if (!is_whole) {
		if (!is_end && out.len - at < CGI_HEAD_MAX)
			return CGI_MORE;
		return CGI_BAD;
	}
	*ret_body = at;
	if (fields_n == 0)
		return CGI_BAD;
	if (str_starts(location, STR("/")) && resp->status == 200) {
		*ret_target = location;
		return CGI_LOCAL;
	}
	if (location.len > 0) {
		if (resp->status == 200)
			resp->status = 302;
		(void)!resp_set(resp, STR("Location"), location);
	}
	return CGI_OK;
}
