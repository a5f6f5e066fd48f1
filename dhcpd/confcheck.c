/* SPDX-License-Identifier: ISC */
/*
 * confcheck - warnings about a configuration that loads.
 *
 * The parser leaves notes where it reads something that nothing here carries
 * out; whether a note deserves a warning is decided when all is read, because
 * "ddns-update-style none" does not.
 */
#include "dhcpd/confcheck.h"

#include <syslog.h>

#include "common/ip4.h"
#include "common/vis.h"
#include "dhcpd/opttab.h"
#include "dhcpd/tree.h"

/* Parameters of subsystems that do not run. */
static const struct {
	uint16_t first, last;		/* codes of the server space */
	const char *why;
} unsupported[] = {
	{ OPTTAB_S_OMAPI_PORT, OPTTAB_S_OMAPI_PORT, "the OMAPI control protocol is not run" },
	{ OPTTAB_S_DDNS_UPDATE_STYLE, OPTTAB_S_DDNS_UPDATE_STYLE,
	    "dynamic DNS updates are not run" },
	{ OPTTAB_S_LDAP_SERVER, OPTTAB_S_LDAP_TLS_RANDFILE, "LDAP is not read" },
	{ OPTTAB_S_LDAP_INIT_RETRY, OPTTAB_S_LDAP_GSSAPI_PRINCIPAL, "LDAP is not read" },
};

/* Parameters that a running server cannot change. */
static const char why_fixed[] = "cannot change while the server runs";
static const uint16_t fixed[] = {
	OPTTAB_S_LEASE_FILE_NAME, OPTTAB_S_PID_FILE_NAME,
	OPTTAB_S_DHCPV6_LEASE_FILE_NAME, OPTTAB_S_DHCPV6_PID_FILE_NAME,
};

static const char why_ddns[] = "dynamic DNS updates are not run";

void
confcheck_note_word(struct parse *p, struct str what, const char *why)
{
	struct conf_note **end = &p->conf->notes, *note;

	/* one note for each reason and line is enough, however long the file */
	for (; *end; end = &(*end)->next)
		if ((*end)->why == why && str_eq((*end)->what, what))
			return;
	note = PARSE_NEW(p, struct conf_note);
	if (!note)
		return;
	note->place = parse_place(p, p->lex->text);
	note->what = parse_keep(p, what);
	note->why = why;
	*end = note;
}

void
confcheck_note(struct parse *p, const struct opt_def *def)
{
	if (def->space->id != OPTSPACE_SERVER)
		return;
	for (size_t i = 0; i < ARRAY_LEN(unsupported); i++)
		if (def->code >= unsupported[i].first && def->code <= unsupported[i].last)
			confcheck_note_word(p, def->name, unsupported[i].why);
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (def->code == fixed[i])
			confcheck_note_word(p, def->name, why_fixed);
}

/* FILE line N column C: */
static void
put_place(struct wr *w, const struct conf_place *place)
{
	wr_str(w, *place->file);
	wr_fmt(w, " line %u column %u: ", place->line, place->col);
}

static void PRINTF_LIKE(3, 4)
warn(struct msgs *msgs, const struct conf_place *place, const char *fmt, ...)
{
	uint8_t buf[MSGS_LINE_MAX];
	struct wr w;
	va_list ap;

	wr_init(&w, buf, sizeof(buf));
	put_place(&w, place);
	wr_text(&w, "warning: ");
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	(void)msgs_put(msgs, LOG_WARNING, wr_as_str(&w));
}

/* Refused: it cannot change; with its place when the file still has it. */
static void
refuse_fixed(const struct conf *conf, struct str what, struct msgs *msgs)
{
	uint8_t buf[MSGS_LINE_MAX];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	for (const struct conf_note *n = conf->notes; n; n = n->next) {
		if (n->why == why_fixed && str_find(n->what, what) != STR_NONE) {
			put_place(&w, &n->place);
			what = n->what;
			break;
		}
	}
	wr_fmt(&w, "%.*s %s; restart it.", STR_ARG(what), why_fixed);
	(void)msgs_put(msgs, LOG_ERR, wr_as_str(&w));
}

void
confcheck_unsupported(const struct conf *conf, struct msgs *msgs)
{
	for (const struct conf_note *n = conf->notes; n; n = n->next) {
		if (n->why == why_fixed || (conf->globals.ddns_update_style == 0 &&
		    str_eq(n->what, STR("ddns-update-style"))))
			continue;
		warn(msgs, &n->place, "%.*s: %s", STR_ARG(n->what), n->why);
	}
	for (const struct conf_failover *f = conf->failovers; f; f = f->next)
		warn(msgs, &f->place, "failover peer \"%.*s\": failover is not run, "
		    "this server answers alone", STR_ARG(f->name));
	for (const struct conf_zone *z = conf->zones; z; z = z->next)
		warn(msgs, &z->place, "zone %.*s: %s", STR_ARG(z->name), why_ddns);
}

/* Does it name another file than the one in use? */
static bool
is_moved(struct str was, struct str now, struct str used)
{
	return used.len > 0 && !str_eq(was, now) && !str_eq(now, used);
}

bool
confcheck_reload(const struct conf *old, const struct conf *fresh, struct str leases,
    struct str pid, struct msgs *msgs)
{
	bool ok = conf_check_failover(fresh, msgs);

	if (is_moved(old->globals.lease_file, fresh->globals.lease_file, leases)) {
		refuse_fixed(fresh, STR("lease-file-name"), msgs);
		ok = false;
	}
	if (is_moved(old->globals.pid_file, fresh->globals.pid_file, pid)) {
		refuse_fixed(fresh, STR("pid-file-name"), msgs);
		ok = false;
	}
	if (ok)
		confcheck_unsupported(fresh, msgs);
	return ok;
}

/* A host beside others of its hardware address or identifier. */
static uint32_t
lint_twins(const struct conf *conf, const struct conf_host *h, struct msgs *msgs)
{
	const struct conf_host *hw = conf_host_next_hw(conf, h);
	const struct conf_host *uid = conf_host_next_uid(conf, h);

	if (hw)
		warn(msgs, &hw->place, "host %.*s has the hardware address of host %.*s",
		    STR_ARG(hw->name), STR_ARG(h->name));
	if (uid)
		warn(msgs, &uid->place, "host %.*s has the client identifier of host %.*s",
		    STR_ARG(uid->name), STR_ARG(h->name));
	return (hw != NULL) + (uid != NULL);
}

static uint32_t
lint_fixed(const struct conf *conf, const struct conf_host *h, struct msgs *msgs)
{
	uint32_t n = 0;

	for (uint16_t i = 0; i < h->fixed_n; i++) {
		const struct conf_host *first;
		char text[IP4_TEXT_SIZE];

		if (h->fixed[i].name.len)
			continue;
		(void)ip4_fmt(h->fixed[i].addr, text);
		if (conf_range_find(conf, h->fixed[i].addr)) {
			warn(msgs, &h->place, "fixed-address %s of host %.*s lies in a range",
			    text, STR_ARG(h->name));
			n++;
		}
		if (!conf_subnet_find(conf, h->fixed[i].addr)) {
			warn(msgs, &h->place, "fixed-address %s of host %.*s lies in no subnet",
			    text, STR_ARG(h->name));
			n++;
		}
		first = conf_host_by_fixed(conf, h->fixed[i].addr);
		if (first && first != h) {
			warn(msgs, &h->place, "fixed-address %s of host %.*s belongs to host %.*s",
			    text, STR_ARG(h->name), STR_ARG(first->name));
			n++;
		}
	}
	return n;
}

static uint32_t
lint_hosts(const struct conf *conf, struct msgs *msgs)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < conf->host_n; i++) {
		const struct conf_host *h = conf->hosts[i];

		n += lint_twins(conf, h, msgs) + lint_fixed(conf, h, msgs);
		if (h->hw_len || h->uid.p || h->id)
			continue;
		warn(msgs, &h->place, "host %.*s has no hardware, uid or host-identifier: "
		    "no client matches it", STR_ARG(h->name));
		n++;
	}
	return n;
}

/* Is there an item that matches no client at all, or every one? */
static bool
has_kind(const struct conf_permit *list, enum conf_permit_kind kind)
{
	for (; list; list = list->next)
		if (list->kind == kind)
			return true;
	return false;
}

/* Why nobody can get an address of a pool, or NULL. */
static const char *
unreachable(const struct conf_pool *pool)
{
	if (has_kind(pool->prohibits, CONF_PERMIT_ALL))
		return "denies all clients";
	if (has_kind(pool->prohibits, CONF_PERMIT_UNAUTHENTICATED))
		return "denies unauthenticated clients, which all are";
	if (has_kind(pool->prohibits, CONF_PERMIT_KNOWN) &&
	    has_kind(pool->prohibits, CONF_PERMIT_UNKNOWN))
		return "denies known and unknown clients";
	if (pool->permits && !pool->permits->next &&
	    pool->permits->kind == CONF_PERMIT_AUTHENTICATED)
		return "allows only authenticated clients, of which there are none";
	return NULL;
}

/* Is a class named in a permit list? */
static bool
is_permitted_by(const struct conf_pool *pool, const struct conf_class *class)
{
	for (const struct conf_permit *p = pool->permits; p; p = p->next)
		if (p->class == class)
			return true;
	for (const struct conf_permit *p = pool->prohibits; p; p = p->next)
		if (p->class == class)
			return true;
	return false;
}

static uint32_t
lint_pools(const struct conf *conf, struct msgs *msgs)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < conf->pool_n; i++) {
		const char *why = unreachable(conf->pools[i]);

		if (!why || conf->pools[i]->is_anonymous)
			continue;
		warn(msgs, &conf->pools[i]->place, "nobody can use this pool: it %s", why);
		n++;
	}
	return n;
}

/* A class does something when it has statements, a limit or a pool. */
static uint32_t
lint_classes(const struct conf *conf, struct msgs *msgs)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < conf->class_n; i++) {
		const struct conf_class *c = conf->classes[i];
		bool is_used = c->scope->first || c->lease_limit;

		for (uint32_t k = 0; !is_used && k < conf->pool_n; k++)
			is_used = is_permitted_by(conf->pools[k], c);
		for (uint32_t k = 0; !is_used && k < conf->subclass_n; k++)
			is_used = conf_subclass_at(conf, k)->super == c &&
			    conf_subclass_at(conf, k)->scope != c->scope;
		if (is_used)
			continue;
		warn(msgs, &c->place, "class \"%.*s\" is never used: it sets nothing and no pool "
		    "names it", STR_ARG(c->name));
		n++;
	}
	return n;
}

uint32_t
confcheck_lint(const struct conf *conf, struct msgs *msgs)
{
	return lint_hosts(conf, msgs) + lint_pools(conf, msgs) + lint_classes(conf, msgs);
}
