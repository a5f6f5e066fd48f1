/* SPDX-License-Identifier: ISC */
/*
 * confstart - the parameters that are read once, at start-up.
 *
 * The outermost statements are executed without packet or lease and the values
 * taken from what they set; nothing deeper counts.
 */
#include "dhcpd/confstart.h"

#include <string.h>
#include <syslog.h>

#include "dhcpd/opttab.h"
#include "dhcpd/tree.h"

#define DEFAULT_ABANDON_S 86400
#define DEFAULT_ACK_DELAY_US 250000

struct run {
	struct conf *conf;
	struct expr_env *env;
	struct msgs *msgs;
	bool is_bad;
};

/* The octets of a parameter; false when it has none. */
static bool
octets(struct run *r, uint32_t code, struct str *ret)
{
	return expr_option(r->env->out, r->env, OPTSPACE_SERVER, code, ret);
}

/* A number that must have its right size; a wrong one ends the start. */
static void
number(struct run *r, uint32_t code, size_t width, const char *complaint, uint32_t *ret)
{
	struct str value;
	uint32_t v = 0;

	if (r->is_bad || !octets(r, code, &value))
		return;
	if (value.len != width) {
		if (complaint) {
			msgs_add(r->msgs, LOG_ERR, "%s", complaint);
			r->is_bad = true;
		}
		return;
	}
	for (size_t i = 0; i < width; i++)
		v = v << 8 | (uint8_t)value.p[i];
	*ret = v;
}

static void
flag(struct run *r, uint32_t code, bool *ret)
{
	struct str value;

	if (octets(r, code, &value) && value.len == 1)
		*ret = value.p[0] == 1;
}

/* A text that outlives the turn. */
static void
text(struct run *r, uint32_t code, struct str *ret)
{
	struct str value;

	if (octets(r, code, &value))
		(void)!arena_str(r->conf->arena, value, ret);	/* seen at the end */
}

static void
ip6(struct run *r, uint32_t code, struct conf_ip6 *ret, bool *ret_has)
{
	struct str value;

	if (!octets(r, code, &value) || value.len != sizeof(ret->b))
		return;
	memcpy(ret->b, value.p, sizeof(ret->b));
	if (ret_has)
		*ret_has = true;
}

static void
files(struct run *r, struct conf_globals *g)
{
	text(r, OPTTAB_S_LEASE_FILE_NAME, &g->lease_file);
	text(r, OPTTAB_S_PID_FILE_NAME, &g->pid_file);
	if (r->conf->is_v6) {
		text(r, OPTTAB_S_DHCPV6_LEASE_FILE_NAME, &g->lease_file);
		text(r, OPTTAB_S_DHCPV6_PID_FILE_NAME, &g->pid_file);
	}
}

static void
ports(struct run *r, struct conf_globals *g)
{
	number(r, OPTTAB_S_OMAPI_PORT, 2, "invalid omapi port data length", &g->omapi_port);
	number(r, OPTTAB_S_LOCAL_PORT, 2, "invalid local port data length", &g->local_port);
	number(r, OPTTAB_S_REMOTE_PORT, 2, "invalid remote port data length",
	    &g->remote_port);
	number(r, OPTTAB_S_LIMITED_BROADCAST_ADDRESS, 4, "invalid broadcast address data length",
	    &g->limited_broadcast);
	number(r, OPTTAB_S_LOCAL_ADDRESS, 4, "invalid local address data length",
	    &g->local_address);
	g->has_local_address = optset_has(r->env->out, OPTSPACE_SERVER, OPTTAB_S_LOCAL_ADDRESS);
	ip6(r, OPTTAB_S_LOCAL_ADDRESS6, &g->local_address6, &g->has_local_address6);
	flag(r, OPTTAB_S_BIND_LOCAL_ADDRESS6, &g->bind_local_address6);
}

static void
ddns(struct run *r, struct conf_globals *g)
{
	number(r, OPTTAB_S_DDNS_UPDATE_STYLE, 1, "invalid dns update type",
	    &g->ddns_update_style);
	if (g->ddns_update_style == 1 && !r->is_bad) {
		msgs_add(r->msgs, LOG_ERR, "ddns-update-style ad_hoc no longer supported");
		r->is_bad = true;
	}
	g->update_conflict_detection = g->ddns_guard_id_must_match = true;
	flag(r, OPTTAB_S_UPDATE_CONFLICT_DETECTION, &g->update_conflict_detection);
	flag(r, OPTTAB_S_DDNS_DUAL_STACK_MIXED_MODE, &g->ddns_dual_stack_mixed_mode);
	flag(r, OPTTAB_S_DDNS_GUARD_ID_MUST_MATCH, &g->ddns_guard_id_must_match);
	flag(r, OPTTAB_S_DDNS_OTHER_GUARD_IS_DYNAMIC, &g->ddns_other_guard_is_dynamic);
	number(r, OPTTAB_S_DDNS_LOCAL_ADDRESS4, 4, NULL, &g->ddns_local_address4);
	ip6(r, OPTTAB_S_DDNS_LOCAL_ADDRESS6, &g->ddns_local_address6, NULL);
}

static void
omapi_key(struct run *r, struct conf_globals *g)
{
	const struct conf_key *k = r->conf->keys;

	text(r, OPTTAB_S_OMAPI_KEY, &g->omapi_key);
	while (k && !str_ieq(k->name, g->omapi_key))
		k = k->next;
	if (!g->omapi_key.len || k || r->is_bad)
		return;
	msgs_add(r->msgs, LOG_ERR, "OMAPI key %.*s: not found", STR_ARG(g->omapi_key));
	r->is_bad = true;
}

static void
lease_parameters(struct run *r, struct conf_globals *g)
{
	uint32_t facility = UINT32_MAX;

	number(r, OPTTAB_S_LOG_FACILITY, 1, "invalid log facility", &facility);
	g->log_facility = facility == UINT32_MAX ? -1 : (int)facility;
	number(r, OPTTAB_S_DELAYED_ACK, 2, "invalid max delayed ACK count ", &g->delayed_ack);
	number(r, OPTTAB_S_MAX_ACK_DELAY, 4, "invalid max ack delay configuration",
	    &g->max_ack_delay_us);
	number(r, OPTTAB_S_ABANDON_LEASE_TIME, 4, "invalid abandon-lease-time",
	    &g->abandon_lease_s);
	number(r, OPTTAB_S_PREFIX_LENGTH_MODE, 1, "invalid prefix-len-mode",
	    &g->prefix_length_mode);
	flag(r, OPTTAB_S_RELEASE_ON_ROAM, &g->release_on_roam);
	flag(r, OPTTAB_S_CHECK_SECS_BYTE_ORDER, &g->check_secs_byte_order);
	flag(r, OPTTAB_S_DONT_USE_FSYNC, &g->dont_use_fsync);
	flag(r, OPTTAB_S_SERVER_ID_CHECK, &g->server_id_check);
}

/* What the last statement wanted logged; true when log(fatal) was among it. */
static bool
flush_log(struct run *r)
{
	struct expr_log *log = r->env->log;
	bool is_fatal = log->is_fatal;

	for (size_t i = 0; i < log->n; i++)
		(void)msgs_put(r->msgs, log->line[i].prio, log->line[i].text);
	expr_log_clear(log);
	return is_fatal;
}

/* One statement after the other, so that log lines never pile up. */
static bool
run_statements(struct run *r)
{
	for (const struct stmt *s = r->conf->root->first; s; s = s->next) {
		struct stmt one = *s;
		bool goes_on;

		one.next = NULL;
		r->env->steps = 0;
		goes_on = stmt_run(&one, r->env);
		if (flush_log(r))
			return false;
		if (!goes_on)
			break;
	}
	return true;
}

enum conf_result
confstart_run(struct conf *conf, struct expr_env *env, struct msgs *msgs)
{
	struct run r = { conf, env, msgs, false };
	struct conf_globals *g = &conf->globals;

	ASSERT(env->out && env->vars && env->ops && env->log);
	memset(g, 0, sizeof(*g));
	g->limited_broadcast = UINT32_MAX;
	g->abandon_lease_s = DEFAULT_ABANDON_S;
	g->max_ack_delay_us = DEFAULT_ACK_DELAY_US;
	g->prefix_length_mode = 1;
	if (!run_statements(&r))
		return CONF_BAD;
	files(&r, g);
	omapi_key(&r, g);
	ports(&r, g);
	ddns(&r, g);
	lease_parameters(&r, g);
	(void)flush_log(&r);
	if (env->scratch->full || conf->arena->full) {
		msgs_add(msgs, LOG_ERR, "Memory overflow.");
		return CONF_BAD;
	}
	return r.is_bad ? CONF_BAD : CONF_OK;
}
