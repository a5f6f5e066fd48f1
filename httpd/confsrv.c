/* SPDX-License-Identifier: ISC */
/*
 * confsrv - server-level directives: Listen, ServerName, DocumentRoot, Alias,
 * UserDir, Define, Include, LoadModule and what concerns a whole host.
 *
 * Owns Include: globs are expanded here, component by component and in the
 * order of bytes, from directory listings that struct conf_io gives.
 */

#include "httpd/confsrv.h"

#include <errno.h>
#include <string.h>

#include "common/num.h"

#include "httpd/alias.h"
#include "httpd/confbuild.h"
#include "httpd/confset.h"
#include "httpd/glob.h"

/* ---- Include ---- */

/* What an Include must do when there is nothing. */
struct include {
	bool is_optional;
	unsigned found;
};

static void include_path(struct confbuild *b, struct include *inc,
    struct str path, unsigned depth);

/*
 * A line for DUMP_INCLUDES: where the file was asked for, and its name.
 */
static void
note_file(struct confbuild *b, const char *path)
{
	char line[512];
	struct wr w;

	wr_init(&w, line, sizeof(line));
	wr_fmt(&w, "%*s(%u) %s", (int)(4 + 2 * b->includes), "",
	    b->pos.line, path);
	confset_add_word(b, &b->files, confset_copy(b, wr_as_str(&w)));
}

static void
include_file(struct confbuild *b, struct include *inc, const char *path)
{
	struct str text;
	int err;

	if (b->includes == CONFBUILD_INCLUDES_MAX) {
		conf_structure(b, "Exceeded maximum include depth of %d, "
		    "There appears to be a recursion.",
		    CONFBUILD_INCLUDES_MAX);
		return;
	}
	err = b->io->read(b->io->arg, b->a, path, &text);
	if (err == -ENOENT && inc->is_optional)
		return;
	if (err != 0) {
		conf_structure(b, "Could not open configuration file %s: %s",
		    path, b->io->why(b->io->arg, err));
		return;
	}
	inc->found++;
	note_file(b, path);
	b->includes++;
	conf_read(b, text, path);
	b->includes--;
}

/*
 * Names of a directory that fit a pattern, in the order of bytes.
 */
static int
sorted(struct confbuild *b, const char *dir, struct str pattern,
    struct conf_words *ret)
{
	struct conf_words all;
	struct str *v;
	unsigned n = 0;
	int err = b->io->list(b->io->arg, b->a, dir, &all);

	if (err != 0)
		return err;
	v = (struct str *)(uintptr_t)all.v;
	for (unsigned i = 0; i < all.n; i++) {
		struct str one = all.v[i];
		unsigned at = n;

		if (!glob_match(pattern, one, GLOB_PATH | GLOB_PERIOD))
			continue;
		for (; at > 0 && str_cmp(v[at - 1], one) > 0; at--)
			v[at] = v[at - 1];
		v[at] = one;
		n++;
	}
	ret->v = v;
	ret->n = n;
	return 0;
}

static const char *
join(struct confbuild *b, struct str dir, struct str name, struct str rest)
{
	size_t len = dir.len + 1 + name.len + rest.len;
	char *p = arena_alloc(b->a, len + 1, 1);

	if (p == NULL) {
		conf_full(b);
		return NULL;
	}
	memcpy(p, dir.p, dir.len);
	p[dir.len] = '/';
	memcpy(p + dir.len + 1, name.p, name.len);
	if (rest.len > 0)
		memcpy(p + dir.len + 1 + name.len, rest.p, rest.len);
	p[len] = '\0';
	return p;
}

/*
 * A path with a pattern: expand its first component that has one.
 */
static void
include_glob(struct confbuild *b, struct include *inc, struct str path,
    size_t at, unsigned depth)
{
	size_t slash = str_rchr(str_sub(path, 0, at), '/');
	struct str rest = str_sub(path, slash + 1, path.len);
	size_t end = str_chr(rest, '/');
	struct str dir = str_sub(path, 0, slash);
	struct str pattern = str_sub(rest, 0, end == STR_NONE ? rest.len : end);
	struct conf_words names;
	const char *zdir = confset_zstr(b, dir.len == 0 ? STR("/") : dir);
	int err;

	rest = str_sub(rest, pattern.len, rest.len);
	err = sorted(b, zdir, pattern, &names);
	if (err != 0 && !inc->is_optional) {
		conf_structure(b, "could not open config directory %s: %s",
		    zdir, b->io->why(b->io->arg, err));
		return;
	}
	if (err != 0)
		return;
	/* files of 2.2 count on it: a bare *.conf may find nothing */
	if (names.n == 0 && !inc->is_optional && pattern.p[0] != '*') {
		conf_structure(b, "Include/IncludeOptional: No matches for "
		    "the wildcard '%.*s' in '%s', failing", STR_ARG(pattern),
		    zdir);
		return;
	}
	for (unsigned i = 0; i < names.n && !b->is_broken; i++) {
		const char *p = join(b, dir, names.v[i], rest);

		if (p != NULL)
			include_path(b, inc, str_of(p), depth + 1);
	}
}

static void
include_path(struct confbuild *b, struct include *inc, struct str path,
    unsigned depth)
{
	const char *z = confset_zstr(b, path);
	struct conf_words names;
	int kind;

	if (depth > CONFBUILD_INCLUDES_MAX) {
		conf_structure(b, "directories nested too deeply in %s", z);
		return;
	}
	for (size_t i = 0; i < path.len; i++)
		if (str_chr(STR("*?["), path.p[i]) != STR_NONE) {
			include_glob(b, inc, path, i, depth);
			return;
		}
	kind = b->io->kind(b->io->arg, z);
	if (kind != 1) {
		if (kind == 0 || !inc->is_optional)
			include_file(b, inc, z);
		return;
	}
	if (sorted(b, z, STR("*"), &names) != 0) {
		conf_structure(b, "could not open config directory %s", z);
		return;
	}
	for (unsigned i = 0; i < names.n && !b->is_broken; i++) {
		const char *p = join(b, path, names.v[i], str_of(NULL));

		if (p != NULL)
			include_path(b, inc, str_of(p), depth + 1);
	}
}

static void
set_include(struct confbuild *b, struct str word)
{
	struct include inc = { false, 0 };
	const char *path = conf_path(b, word);

	inc.is_optional = str_eq(str_of(b->row->name), STR("IncludeOptional"));
	if (path == NULL)
		return;
	ASSERT(b->io != NULL && b->conf != NULL);	/* not in .htaccess */
	include_path(b, &inc, str_of(path), 0);
}

/* ---- small ones ---- */

static void
set_define(struct confbuild *b, const struct conf_words *args)
{
	struct str name = args->v[0];

	if (str_chr(name, ':') != STR_NONE) {
		conf_structure(b, "Variable name must not contain ':'");
		return;
	}
	if (str_eq(str_of(b->row->name), STR("UnDefine")))
		conf_define(b, name, str_of(NULL));
	else
		conf_define(b, confset_copy(b, name), args->n > 1 ?
		    confset_copy(b, args->v[1]) : STR(""));
}

static void
set_docroot(struct confbuild *b, struct str word)
{
	const char *path = conf_path(b, word);
	size_t len;

	if (path == NULL)
		return;
	if (!b->args->skip_docroot && b->io->kind(b->io->arg, path) != 1) {
		if (b->ctx != DIRTAB_V) {
			conf_error(b, "DocumentRoot '%s' is not a directory, "
			    "or is not readable", path);
			return;
		}
		conf_warn(b, "AH00112: Warning: DocumentRoot [%s] does not "
		    "exist", path);
	}
	len = strlen(path);
	while (len > 1 && path[len - 1] == '/')
		len--;
	b->vh->docroot = confset_zstr(b, str_make(path, len));
}

/*
 * Listen [address:]port [protocol]
 */
static void
set_listen(struct confbuild *b, const struct conf_words *args)
{
	struct str host = str_of(NULL), port = args->v[0];
	size_t colon = str_rchr(port, ':');
	struct conf_listen *l;
	struct addr addr;
	uint32_t n;

	memset(&addr, 0, sizeof(addr));
	if (colon != STR_NONE) {
		host = str_sub(port, 0, colon);
		port = str_sub(port, colon + 1, port.len);
	}
	for (size_t i = 0; i < port.len; i++)
		if (port.p[i] < '0' || port.p[i] > '9') {
			conf_error(b, "Port must be specified");
			return;
		}
	if (!num_u32(port, 1, 65535, &n) || (host.p != NULL &&
	    !str_eq(host, STR("*")) && !addr_parse(host, &addr) &&
	    b->io->resolve(b->io->arg, confset_zstr(b, host), &addr) != 0)) {
		conf_error(b, "Invalid address or port");
		return;
	}
	if (args->n > 1 && str_ieq(args->v[1], STR("https"))) {
		conf_error(b, "Listen %.*s https: TLS is not served here; "
		    "put a terminator in front", STR_ARG(args->v[0]));
		return;
	}
	for (unsigned i = 0; i < b->listens_n; i++)
		if (b->listens[i].port == n &&
		    addr_eq(&b->listens[i].addr, &addr)) {
			conf_error(b, "Cannot define multiple Listeners on "
			    "the same IP:port");
			return;
		}
	l = confset_add(b, (const void **)(void *)&b->listens, &b->listens_n,
	    sizeof(*l));
	if (l == NULL)
		return;
	l->addr = addr;
	l->port = (uint16_t)n;
	l->where.file = b->pos.file.p;
	l->where.line = b->pos.line;
}

/*
 * ServerName [scheme://]name[:port]
 */
static void
set_name(struct confbuild *b, struct str word)
{
	struct conf_vhost *vh = b->vh;
	struct str whole = word;
	size_t at = str_find(word, STR("://"));
	struct str port;
	uint32_t n;

	if (at != STR_NONE) {
		vh->name_is_https = str_ieq(str_sub(word, 0, at),
		    STR("https"));
		word = str_sub(word, at + 3, word.len);
		word = str_cut(word, '/', &port);
	}
	at = str_rchr(word, ':');
	if (at != STR_NONE && (word.p[0] != '[' ||
	    at > str_rchr(word, ']'))) {
		port = str_sub(word, at + 1, word.len);
		if (!num_u32(port, 1, 65535, &n)) {
			conf_error(b, "The port number \"%.*s\" is outside "
			    "the appropriate range (i.e., 1..65535).",
			    STR_ARG(whole));
			return;
		}
		vh->port = (uint16_t)n;
		word = str_sub(word, 0, at);
	}
	if (str_chr(word, '*') != STR_NONE || str_chr(word, '?') != STR_NONE) {
		conf_error(b, "Invalid ServerName \"%.*s\" use ServerAlias to "
		    "set multiple server names.", STR_ARG(whole));
		return;
	}
	vh->name = confset_lower(b, word);
}

static void
set_aliases(struct confbuild *b, const struct conf_words *args)
{
	for (unsigned i = 0; i < args->n; i++) {
		struct str w = confset_copy(b, args->v[i]);
		bool is_wild = str_chr(w, '*') != STR_NONE ||
		    str_chr(w, '?') != STR_NONE;

		confset_add_word(b, is_wild ? &b->vh->wilds : &b->vh->aliases,
		    w);
	}
}

static void
set_alias(struct confbuild *b, const struct conf_words *args)
{
	struct str name = str_of(b->row->name);
	struct conf_alias *al = ARENA_NEW(b->a, struct conf_alias);
	const char *to;

	if (al == NULL) {
		conf_full(b);
		return;
	}
	if (args->n == 2 && b->sec != NULL) {
		conf_error(b, "%s cannot occur within directory context",
		    name.p);
		return;
	}
	if (args->n == 1 && b->sec != NULL &&
	    b->sec->kind == CONFSEC_LOCATION) {
		if (str_find(args->v[0], STR("%{")) != STR_NONE ||
		    str_chr(args->v[0], '$') != STR_NONE) {
			conf_error(b, "%s: expressions are not supported here",
			    name.p);
			return;
		}
		al->from = b->sec->pattern;
		al->sec = b->sec;
	} else if (args->n == 2 && args->v[1].len > 0)
		al->from = confset_copy(b, args->v[0]);
	else {
		conf_error(b, "%s must have two arguments when used "
		    "globally", name.p);
		return;
	}
	to = conf_path(b, args->v[args->n - 1]);
	al->to = str_of(to);
	al->is_script = str_starts(name, STR("Script"));
	al->is_mac = str_starts(name, STR("Dhcp"));
	al->where.file = b->pos.file.p;
	al->where.line = b->pos.line;
	if (str_ends(name, STR("Match"))) {
		al->re = confset_regex(b, al->from, false);
		if (al->re == NULL)
			return;
	} else if (al->sec == NULL && (al->from.len == 0 || al->from.p[0] != '/')) {
		conf_warn(b, "%s %.*s does not begin with a slash and never "
		    "applies (line %u of %.*s)", name.p, STR_ARG(al->from),
		    b->pos.line, STR_ARG(b->pos.file));
		return;
	}
	confset_add_ptr(b, (const void *const **)(void *)
	    &b->vh->aliases_v.v, &b->vh->aliases_v.n, al);
}

static void
set_userdir(struct confbuild *b, const struct conf_words *args)
{
	struct conf_vhost *vh = b->vh;
	struct conf_words *list = &vh->userdir;
	unsigned i = 1;

	/* a host with one UserDir has lists of its own, directories it inherits */
	confset_mark(b, DIRTAB_F_USERDIR_OFF);
	confset_mark(b, DIRTAB_F_USERDIR_ON);
	if (str_ieq(args->v[0], STR("disabled"))) {
		if (args->n == 1) {
			vh->userdir_disabled = true;
			confset_mark(b, DIRTAB_F_USERDIR_DIS);
		}
		list = &vh->userdir_off;
	} else if (str_ieq(args->v[0], STR("enabled"))) {
		list = &vh->userdir_on;
	} else {
		memset(list, 0, sizeof(*list));
		confset_mark(b, DIRTAB_F_USERDIR);
		i = 0;
	}
	for (; i < args->n; i++)
		confset_add_word(b, list, confset_copy(b, args->v[i]));
}

/*
 * "20-40,MinRate=500" of RequestReadTimeout.
 */
static bool
read_stage(struct str text, struct conf_reqtimeout *out)
{
	struct conf_reqtimeout t = { 0, 0, 0 };
	struct str times, rate, max;
	uint32_t n;

	times = str_cut(text, ',', &rate);
	times = str_cut(times, '-', &max);
	if (!num_u32(times, 0, 1000000, &n))
		return false;
	t.first_ms = n * 1000;
	if (max.p != NULL) {
		/* a range without a rate has nothing to end it */
		if (!num_u32(max, 0, 1000000, &n) || rate.p == NULL ||
		    n * 1000 <= t.first_ms)
			return false;
		t.max_ms = n * 1000;
	}
	if (rate.p != NULL) {
		if (!str_istarts(rate, STR("MinRate=")) ||
		    !num_u32(str_sub(rate, 8, rate.len), 1, INT32_MAX,
		    &t.min_rate))
			return false;
	}
	*out = t;
	return true;
}

static void
set_read_timeout(struct confbuild *b, const struct conf_words *args)
{
	struct conf_reqtimeout unused;

	for (unsigned i = 0; i < args->n; i++) {
		struct str value, name = str_cut(args->v[i], '=', &value);
		bool ok;

		if (str_ieq(name, STR("header"))) {
			ok = read_stage(value, &b->vh->read_head);
			confset_mark(b, DIRTAB_F_READTIMEOUT);
		} else if (str_ieq(name, STR("body"))) {
			ok = read_stage(value, &b->vh->read_body);
			confset_mark(b, DIRTAB_F_READTIMEOUT_BODY);
		} else
			ok = str_ieq(name, STR("handshake")) &&
			    read_stage(value, &unused);
		if (!ok)
			conf_error(b, "Unknown or malformed "
			    "RequestReadTimeout parameter %.*s",
			    STR_ARG(args->v[i]));
	}
}

static bool
names(const struct conf_words *args, struct str word)
{
	for (unsigned i = 0; i < args->n; i++)
		if (str_ieq(args->v[i], word))
			return true;
	return false;
}

static void
set_http_options(struct confbuild *b, const struct conf_words *args)
{
	if (names(args, STR("Allow0.9")) && names(args, STR("Require1.0")))
		conf_error(b, "HttpProtocolOptions 'Allow0.9' and "
		    "'Require1.0' are mutually exclusive");
	if (names(args, STR("RegisteredMethods")) &&
	    names(args, STR("LenientMethods")))
		conf_error(b, "HttpProtocolOptions 'RegisteredMethods' and "
		    "'LenientMethods' are mutually exclusive");
	for (unsigned i = 0; i < args->n; i++) {
		struct str w = args->v[i];

		if (str_ieq(w, STR("Allow0.9")) ||
		    str_ieq(w, STR("Require1.0"))) {
			b->vh->http09 = str_ieq(w, STR("Allow0.9"));
			confset_mark(b, DIRTAB_F_HTTP09);
		} else if (str_ieq(w, STR("RegisteredMethods")) ||
		    str_ieq(w, STR("LenientMethods"))) {
			b->vh->methods_registered = str_ieq(w,
			    STR("RegisteredMethods"));
			confset_mark(b, DIRTAB_F_METHODS_REG);
		} else if (str_ieq(w, STR("Unsafe"))) {
			conf_error(b, "HttpProtocolOptions Unsafe is not "
			    "supported: ambiguous requests are refused");
			return;
		} else if (!str_ieq(w, STR("Strict")))
			conf_error(b, "HttpProtocolOptions accepts 'Strict', "
			    "'RegisteredMethods', 'LenientMethods', "
			    "'Require1.0' and 'Allow0.9'");
	}
}

static void
set_tokens(struct confbuild *b, struct str w)
{
	uint8_t *t = &b->conf->tokens;

	if (str_ieq(w, STR("Full")))
		*t = CONF_TOKENS_FULL;
	else if (str_ieq(w, STR("Prod")) || str_ieq(w, STR("ProductOnly")))
		*t = CONF_TOKENS_PROD;
	else if (str_ieq(w, STR("Major")))
		*t = CONF_TOKENS_MAJOR;
	else if (str_ieq(w, STR("Minor")))
		*t = CONF_TOKENS_MINOR;
	else if (str_ieq(w, STR("Min")) || str_ieq(w, STR("Minimal")))
		*t = CONF_TOKENS_MIN;
	else if (str_ieq(w, STR("OS")))
		*t = CONF_TOKENS_OS;
	else
		conf_error(b, "ServerTokens takes 1 argument: 'Prod', "
		    "'Major', 'Minor', 'Min', 'OS', or 'Full'");
}

static void
set_remoteip(struct confbuild *b, const struct conf_words *args)
{
	struct conf_nets *list = &b->vh->remoteip_trust;

	for (unsigned i = 0; i < args->n; i++) {
		struct addr_net net, *n;

		if (!addr_parse_net(args->v[i], &net)) {
			conf_error(b, "RemoteIP: '%.*s' is no address or "
			    "network", STR_ARG(args->v[i]));
			continue;
		}
		n = confset_add(b, (const void **)(void *)&list->v, &list->n,
		    sizeof(*n));
		if (n != NULL)
			*n = net;
	}
}

static void
set_error(struct confbuild *b)
{
	struct lex_vars vars = conf_vars(b);
	struct str raw = b->raw, text = raw;

	if (raw.len == 0)
		text = STR("The Error directive was used with no message.");
	else if (raw.p[0] == '"')
		(void)!lex_word(&raw, &vars, b->a, &text);	/* or as is */
	else
		(void)!lex_expand(raw, &vars, b->a, &text);
	conf_error(b, "%.*s", STR_ARG(text));
}

static void
set_off_only(struct confbuild *b, struct str word)
{
	if (!str_ieq(word, STR("off")) && !str_ieq(word, STR("none")))
		conf_error(b, "%s %.*s: %s is not supported; remove the "
		    "directive or the file that contains it", b->row->name,
		    STR_ARG(word), b->row->note);
}

/* A flat switch: one case for each kind. */
bool
confsrv_set(struct confbuild *b, const struct conf_words *args)
{
	struct str first = args->n > 0 ? args->v[0] : str_of(NULL);

	switch (b->row->kind) {
	case DIRTAB_K_INCLUDE:
		set_include(b, first);
		break;
	case DIRTAB_K_DEFINE:
		set_define(b, args);
		break;
	case DIRTAB_K_ERROR:
		set_error(b);
		break;
	case DIRTAB_K_LOADMODULE:
		confset_add_word(b, &b->modules, confset_copy(b, first));
		break;
	case DIRTAB_K_SERVERROOT:
		if (b->io->kind(b->io->arg, confset_zstr(b, first)) != 1)
			conf_error(b, "ServerRoot must be a valid directory");
		else
			b->root = confset_zstr(b, first);
		break;
	case DIRTAB_K_DOCROOT:
		set_docroot(b, first);
		break;
	case DIRTAB_K_LISTEN:
		set_listen(b, args);
		break;
	case DIRTAB_K_SERVERNAME:
		set_name(b, first);
		break;
	case DIRTAB_K_SERVERPATH:
		b->vh->path = confset_copy(b, first);
		conf_warn(b, "ServerPath has no effect: hosts are chosen by "
		    "address and name (line %u of %.*s)", b->pos.line,
		    STR_ARG(b->pos.file));
		break;
	case DIRTAB_K_SERVERALIAS:
		set_aliases(b, args);
		break;
	case DIRTAB_K_ALIAS:
		set_alias(b, args);
		break;
	case DIRTAB_K_USERDIR:
		set_userdir(b, args);
		break;
	case DIRTAB_K_READTIMEOUT:
		set_read_timeout(b, args);
		break;
	case DIRTAB_K_HTTPOPTS:
		set_http_options(b, args);
		break;
	case DIRTAB_K_TOKENS:
		set_tokens(b, first);
		break;
	case DIRTAB_K_REMOTEIP:
		set_remoteip(b, args);
		break;
	case DIRTAB_K_OFF_ONLY:
		set_off_only(b, first);
		break;
	case DIRTAB_K_NAMEVHOST:
		conf_warn(b, "AH00548: NameVirtualHost has no effect and "
		    "will be removed in the next release %.*s:%u",
		    STR_ARG(b->pos.file), b->pos.line);
		break;
	case DIRTAB_K_SUEXEC:
		if (b->ctx == DIRTAB_V)
			conf_error(b, "SuexecUserGroup is not supported: "
			    "scripts run as the server's user");
		break;
	default:
		return false;
	}
	return true;
}
