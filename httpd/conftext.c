/* SPDX-License-Identifier: ISC */
/*
 * conftext - texts about a configuration, in Apache's words.
 *
 * Scripts read these: `httpd -t` in the init script, -S and -M in monitoring
 * and configuration management.  Every line that has a peer's counterpart is
 * written here and nowhere else.
 */

#include "httpd/conftext.h"

#include <string.h>

#include "httpd/dirtab.h"

/*
 * An entry in one of three forms: an error of the structure or without a
 * place (one line, after the program's name), a directive's error (place,
 * then reason), a warning (as it is).
 */
static void
one(struct wr *w, const struct diag_entry *e, const char *prog)
{
	bool has_place = e->pos.line != 0 &&
	    !str_starts(e->text, STR("Syntax error on line "));

	if (e->severity != DIAG_ERROR) {
		wr_str(w, e->text);
		wr_u8(w, '\n');
	} else if (!has_place)
		wr_fmt(w, "%s: %.*s\n", prog, STR_ARG(e->text));
	else
		wr_fmt(w, "AH00526: Syntax error on line %u of %.*s:\n"
		    "%.*s\n", e->pos.line, STR_ARG(e->pos.file),
		    STR_ARG(e->text));
}

void
conftext_diag(struct wr *w, const struct diag *d, const char *prog)
{
	for (const struct diag_entry *e = d->first; e != NULL; e = e->next) {
		size_t mark = w->len;

		one(w, e, prog);
		if (!wr_ok(w)) {
			wr_cut(w, mark);
			return;
		}
	}
	/* not even for a message */
	if (d->lost_n > 0)
		wr_fmt(w, "%s: configuration is too large for its memory\n",
		    prog);
}

/* ---- -S ---- */

static void
bind_text(struct wr *w, const struct conf_bind *b)
{
	size_t from = w->len;

	if (b->addr.family == ADDR_V6) {
		wr_u8(w, '[');
		addr_fmt(w, &b->addr);
		wr_u8(w, ']');
	} else
		addr_fmt(w, &b->addr);
	if (b->port != 0)
		wr_fmt(w, ":%u", b->port);
	else
		wr_text(w, ":*");
	while (wr_ok(w) && w->len - from < 22)
		wr_u8(w, ' ');
}

static struct str
name_of(const struct conf_vhost *v, const struct conf_vhost *main)
{
	if (v->name.len > 0)
		return v->name;
	return main->name.len > 0 ? main->name : STR("localhost");
}

static void
bind_hosts(struct wr *w, const struct conf *c, const struct conf_bind *b)
{
	const struct conf_vhost *first = &c->vhosts[b->vhosts[0]];

	bind_text(w, b);
	if (b->vhosts_n == 1) {
		wr_fmt(w, " %.*s (%s:%u)\n", STR_ARG(name_of(first,
		    c->vhosts)), first->where.file, first->where.line);
		return;
	}
	wr_fmt(w, " is a NameVirtualHost\n         default server %.*s "
	    "(%s:%u)\n", STR_ARG(name_of(first, c->vhosts)),
	    first->where.file, first->where.line);
	for (unsigned i = 0; i < b->vhosts_n; i++) {
		const struct conf_vhost *v = &c->vhosts[b->vhosts[i]];

		wr_text(w, "         port ");
		if (b->port != 0)
			wr_dec(w, b->port);
		else
			wr_u8(w, '*');
		wr_fmt(w, " namevhost %.*s (%s:%u)\n",
		    STR_ARG(name_of(v, c->vhosts)), v->where.file,
		    v->where.line);
		for (unsigned k = 0; k < v->aliases.n; k++)
			wr_fmt(w, "                 alias %.*s\n",
			    STR_ARG(v->aliases.v[k]));
		for (unsigned k = 0; k < v->wilds.n; k++)
			wr_fmt(w, "                 wild alias %.*s\n",
			    STR_ARG(v->wilds.v[k]));
	}
}

static void
run_conf(struct wr *w, const struct conf *c, const struct conftext_ids *ids)
{
	const struct conf_vhost *main = &c->vhosts[0];

	wr_fmt(w, "ServerRoot: \"%s\"\n", c->root);
	wr_fmt(w, "Main DocumentRoot: \"%s\"\n", main->docroot);
	if (main->errlog.kind == CONF_LOG_FILE)
		wr_fmt(w, "Main ErrorLog: \"%s\"\n", main->errlog.target);
	else if (main->errlog.kind == CONF_LOG_SYSLOG)
		wr_fmt(w, "Main ErrorLog: \"syslog:%s\"\n",
		    main->errlog.facility);
	else
		wr_fmt(w, "Main ErrorLog: \"|%s\"\n", main->errlog.target);
	wr_fmt(w, "Mutex default: dir=\"%s/\" mechanism=default\n",
	    c->runtime_dir);
	wr_fmt(w, "PidFile: \"%s\"\n", c->pidfile);
	for (unsigned i = 0; i < c->defines.n; i++)
		wr_fmt(w, "Define: %.*s\n", STR_ARG(c->defines.v[i]));
	if (c->user != NULL)
		wr_fmt(w, "User: name=\"%s\" id=%u\n", c->user, ids->uid);
	if (c->group != NULL)
		wr_fmt(w, "Group: name=\"%s\" id=%u\n", c->group, ids->gid);
}

void
conftext_vhosts(struct wr *w, const struct conf *c,
    const struct conf_args *args, const struct conftext_ids *ids)
{
	(void)args;
	if (ids->dump_vhosts) {
		wr_text(w, "VirtualHost configuration:\n");
		/* * comes behind the addresses */
		for (unsigned i = 0; i < c->binds_n; i++)
			if (c->binds[i].addr.family != ADDR_NONE)
				bind_hosts(w, c, &c->binds[i]);
		for (unsigned i = 0; i < c->binds_n; i++)
			if (c->binds[i].addr.family == ADDR_NONE)
				bind_hosts(w, c, &c->binds[i]);
	}
	if (ids->dump_run_cfg)
		run_conf(w, c, ids);
}

/* ---- modules ---- */

/* What is always there, as -l and -M name it. */
static const char *const builtin[] = {
	"core", "so", "http", "log_config", "logio", "unixd", "version",
};

void
conftext_modules(struct wr *w, const struct conf *c)
{
	wr_text(w, "Loaded Modules:\n");
	for (size_t i = 0; i < ARRAY_LEN(builtin); i++)
		wr_fmt(w, " %s_module (static)\n", builtin[i]);
	for (unsigned i = 0; i < c->modules.n; i++)
		wr_fmt(w, " %.*s (shared)\n", STR_ARG(c->modules.v[i]));
}

void
conftext_builtin(struct wr *w)
{
	wr_text(w, "Compiled in modules:\n");
	for (size_t i = 0; i < ARRAY_LEN(builtin); i++) {
		bool is_core = strcmp(builtin[i], "core") == 0;
		bool is_http = strcmp(builtin[i], "http") == 0;

		wr_fmt(w, "  %s%s.c\n", is_core ? "" : is_http ? "http_" :
		    "mod_", is_http ? "core" : builtin[i]);
	}
}

void
conftext_directives(struct wr *w)
{
	const struct dirtab_row *r;

	for (unsigned i = 0; (r = dirtab_row(i)) != NULL; i++) {
		bool server = r->contexts & (DIRTAB_S | DIRTAB_V);
		bool dir = r->contexts & (DIRTAB_D | DIRTAB_H);

		wr_fmt(w, "%s%s (%s)\n", r->name,
		    r->name[0] == '<' ? ">" : "", r->module);
		if (r->treat == DIRTAB_IGNORE)
			wr_text(w, "\tAccepted without effect.\n");
		else if (r->treat == DIRTAB_REJECT)
			wr_fmt(w, "\tNot supported: %s.\n",
			    dirtab_reason(r));
		wr_fmt(w, "\tAllowed in *.conf %s%s\n",
		    server && dir ? "anywhere" : server ?
		    "only outside <Directory>, <Files>, <Location>, or <If>" :
		    "only inside <Directory>, <Files>, <Location>, or <If>",
		    r->contexts & DIRTAB_H ? " and in .htaccess" : "");
	}
}

void
conftext_includes(struct wr *w, const struct conf *c)
{
	wr_text(w, "Included configuration files:\n");
	for (unsigned i = 0; i < c->includes.n; i++)
		wr_fmt(w, "%.*s\n", STR_ARG(c->includes.v[i]));
}
