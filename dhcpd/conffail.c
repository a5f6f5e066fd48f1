/* SPDX-License-Identifier: ISC */
/*
 * conffail - declarations of failover peers and their states.
 *
 * They are read, checked and kept so that a file loads and can be warned about;
 * no failover runs.
 */
#include "dhcpd/conffail.h"

#include <string.h>
#include <syslog.h>

#include "common/wr.h"

#define HBA_OCTETS 32
#define DEFAULT_PORT 647

static void
refuse(struct parse *p, const char *text, unsigned braces)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, braces);
}

static struct conf_failover *
find(const struct conf *conf, struct str name)
{
	struct conf_failover *f = conf->failovers;

	while (f && !str_eq(f->name, name))
		f = f->next;
	return f;
}

/* split N: the first N of 256 buckets are ours. */
static void
set_split(struct conf_failover *f, unsigned split)
{
	memset(f->hba, 0, sizeof(f->hba));
	for (unsigned i = 0; i < split && i < 8 * HBA_OCTETS; i++)
		f->hba[i / 8] |= (uint8_t)(0x80 >> i % 8);
	f->has_split = true;
}

/* A number and its place; what is wrong with it ends the block. */
static bool
number(struct parse *p, const char *complaint, uint32_t *ret)
{
	struct str s;

	if (lex_next(p->lex, &s) == LEX_NUMBER) {
		*ret = (uint32_t)parse_atoi(s);
		return true;
	}
	refuse(p, complaint, 1);
	return false;
}

static void
port(struct parse *p, uint32_t *ret)
{
	(void)!number(p, "expecting number", ret);
}

static bool
split(struct parse *p, struct conf_failover *f)
{
	uint32_t n;

	if (!number(p, "expecting number", &n))
		return false;
	if (n > 256)
		lex_error(p->lex, "split must be between 0 and 256, inclusive");
	else
		set_split(f, n);
	return true;
}

/* hba: thirty-two octets joined by colons. */
static bool
hba(struct parse *p, struct conf_failover *f)
{
	uint8_t octets[HBA_OCTETS];
	struct str s;

	for (unsigned i = 0; i < HBA_OCTETS; i++) {
		int token = i ? lex_peek(p->lex, NULL) : ':';

		if (token != ':') {
			if (token != '{' && token != '}')
				token = lex_next(p->lex, NULL);
			lex_error(p->lex, "too few numbers.");
			if (token != ';')
				parse_skip(p, 0);
			parse_skip(p, 1);
			return false;
		}
		if (i)
			(void)lex_next(p->lex, NULL);
		token = lex_next(p->lex, &s);
		if (token != LEX_NUMBER && token != LEX_NUMBER_OR_NAME) {
			refuse(p, "expecting numeric value.", 0);
			parse_skip(p, 1);
			return false;
		}
		octets[i] = (uint8_t)parse_number(p, s, 16, 8);
	}
	memcpy(f->hba, octets, sizeof(octets));
	f->has_hba = true;
	return true;
}

/* load balance max seconds N */
static void
load_balance(struct parse *p, struct conf_failover *f)
{
	if (lex_next(p->lex, NULL) != LEX_K_BALANCE)
		refuse(p, "expecting 'balance'", 1);
	else if (lex_next(p->lex, NULL) != LEX_K_MAX)
		refuse(p, "expecting 'max'", 1);
	else if (lex_next(p->lex, NULL) != LEX_K_SECONDS)
		refuse(p, "expecting 'secs'", 1);
	else
		port(p, &f->load_balance_max_s);
}

static uint32_t *
plain_number(struct conf_failover *f, int token)
{
	switch (token) {
	case LEX_K_MAX_RESPONSE_DELAY:
	case LEX_K_MAX_TRANSMIT_IDLE:
		return &f->max_response_delay;
	case LEX_K_MAX_UNACKED_UPDATES:
		return &f->max_unacked_updates;
	case LEX_K_MCLT:
		return &f->mclt;
	case LEX_K_AUTO_PARTNER_DOWN:
		return &f->auto_partner_down;
	case LEX_K_MAX_LEASE_MISBALANCE:
		return &f->max_misbalance;
	case LEX_K_MAX_LEASE_OWNERSHIP:
		return &f->max_ownership;
	case LEX_K_MIN_BALANCE:
		return &f->min_balance;
	case LEX_K_MAX_BALANCE:
		return &f->max_balance;
	default:
		return NULL;
	}
}

/* An address; a bad one ends the block. */
static bool
address(struct parse *p, struct conf_addr *ret)
{
	if (parse_addr(p, ret))
		return true;
	parse_skip(p, 1);
	return false;
}

/* "peer address" or "peer port" */
static bool
partner(struct parse *p, struct conf_failover *f)
{
	switch (lex_next(p->lex, NULL)) {
	case LEX_K_ADDRESS:
		f->has_peer_address = address(p, &f->peer_address);
		return f->has_peer_address;
	case LEX_K_PORT:
		port(p, &f->peer_port);
		return true;
	default:
		refuse(p, "invalid statement in peer declaration", 1);
		return false;
	}
}

/* One statement of the block; false when it ended the block. */
static bool
peer_statement(struct parse *p, struct conf_failover *f, int token)
{
	uint32_t *n = plain_number(f, token);

	if (n)
		return number(p, "expecting number.", n);
	switch (token) {
	case LEX_K_PRIMARY:
		f->is_primary = true;
		return true;
	case LEX_K_SECONDARY:
		f->is_primary = false;
		return true;
	case LEX_K_PEER:
		return partner(p, f);
	case LEX_K_ADDRESS:
		f->has_address = address(p, &f->address);
		return f->has_address;
	case LEX_K_PORT:
		port(p, &f->port);
		return true;
	case LEX_K_SPLIT:
		return split(p, f);
	case LEX_K_HBA:
		return hba(p, f);
	case LEX_K_LOAD:
		load_balance(p, f);
		return true;
	default:
		refuse(p, "invalid statement in peer declaration", 1);
		return false;
	}
}

static void
final_checks(struct parse *p, const struct conf_failover *f)
{
	bool has_share = f->has_split || f->has_hba;

	if (!f->has_peer_address)
		lex_error(p->lex, "peer address may not be omitted");
	if (f->is_primary && !has_share)
		lex_error(p->lex, "primary failover server must have hba or split.");
	else if (f->is_primary && !f->mclt)
		lex_error(p->lex, "primary failover server must have mclt.");
	if (!f->is_primary && has_share)
		lex_error(p->lex, "secondary may not define load balance settings.");
}

static void
peer_block(struct parse *p, struct confbuild_block *b, struct str name)
{
	struct conf_failover *f = PARSE_NEW(p, struct conf_failover);
	int token;

	if (!f)
		return;
	if (find(p->conf, name)) {
		lex_error(p->lex, "redeclaration of failover peer %.*s", STR_ARG(name));
		parse_skip(p, 1);
		return;
	}
	f->name = name;
	f->is_primary = true;
	f->port = f->peer_port = DEFAULT_PORT;
	f->max_response_delay = 20;
	f->max_unacked_updates = 100;
	f->max_misbalance = 15;
	f->max_ownership = 10;
	f->min_balance = 60;
	f->max_balance = 3600;
	f->my_state = f->partner_state = -1;
	f->place = parse_place(p, STR(""));
	for (;;) {
		token = lex_next(p->lex, NULL);
		if (token == '}')
			break;
		if (!peer_statement(p, f, token))
			return;
		if (!parse_semi(p)) {
			parse_skip(p, 1);
			return;
		}
	}
	final_checks(p, f);
	f->next = p->conf->failovers;
	p->conf->failovers = f;
	if (b->kind == CONFBUILD_SHARED)
		b->network->failover = f;
}

/* The number of a state word, or -1. */
static int
state_word(int token)
{
	static const uint16_t states[] = {
		LEX_K_UNKNOWN_STATE, LEX_K_PARTNER_DOWN, LEX_K_NORMAL,
		LEX_K_COMMUNICATIONS_INTERRUPTED, LEX_K_CONFLICT_DONE,
		LEX_K_RESOLUTION_INTERRUPTED, LEX_K_POTENTIAL_CONFLICT, LEX_K_RECOVER,
		LEX_K_RECOVER_WAIT, LEX_K_RECOVER_DONE, LEX_K_SHUTDOWN, LEX_K_PAUSED,
		LEX_K_STARTUP,
	};

	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (states[i] == token)
			return (int)i;
	return -1;
}

/* my state S [at DATE]; partner state S [at DATE]; */
static bool
state(struct parse *p, int *ret_state, int64_t *ret_since_s)
{
	int token;

	if (lex_next(p->lex, NULL) != LEX_K_STATE) {
		refuse(p, "expecting 'state'", 1);
		return false;
	}
	*ret_state = state_word(lex_next(p->lex, NULL));
	if (*ret_state < 0) {
		refuse(p, "unknown failover state", 0);
		return true;
	}
	token = lex_next(p->lex, NULL);
	if (token == ';')
		return true;
	if (token != LEX_K_AT) {
		refuse(p, "expecting \"at\"", 0);
		return true;
	}
	(void)!parse_date(p, ret_since_s);
	return true;
}

static void
state_block(struct parse *p, struct conf_failover *f)
{
	for (;;) {
		int token = lex_next(p->lex, NULL);

		if (token == '}')
			return;
		if (token == LEX_K_MY) {
			if (!state(p, &f->my_state, &f->my_stos_s))
				return;
		} else if (token == LEX_K_PARTNER) {
			if (!state(p, &f->partner_state, &f->partner_stos_s))
				return;
		} else if (token == LEX_K_MCLT) {
			if (f->is_primary) {
				refuse(p, "mclt not valid for primary", 1);
				return;
			}
			if (!number(p, "expecting a number.", &f->mclt))
				return;
			(void)!parse_semi(p);
		} else {
			refuse(p, "expecting state setting.", 1);
			return;
		}
	}
}

/* "state {" behind the name of a peer */
static void
state_declaration(struct parse *p, struct str name)
{
	struct conf_failover *f = find(p->conf, name);

	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace", 0);
		return;
	}
	if (f) {
		state_block(p, f);
		return;
	}
	lex_error(p->lex, "state declaration for unknown failover peer %.*s", STR_ARG(name));
	parse_skip(p, 1);
}

/* peer NAME, behind the word failover */
static bool
peer_name(struct parse *p, struct str *ret)
{
	struct str s;
	int token;

	if (lex_next(p->lex, NULL) != LEX_K_PEER) {
		refuse(p, "expecting \"peer\"", 0);
		return false;
	}
	token = lex_next(p->lex, &s);
	if (token != LEX_STRING && !lex_is_word(token)) {
		refuse(p, "expecting failover peer name.", 0);
		return false;
	}
	*ret = parse_keep(p, s);
	return true;
}

void
conffail_parse(struct parse *p, struct confbuild_block *b)
{
	struct conf_failover *f;
	struct str name;
	int token;

	if (b->kind != CONFBUILD_ROOT && b->kind != CONFBUILD_SHARED) {
		lex_error(p->lex, "failover peers may only be defined in shared-network");
		lex_plain(p->lex, LOG_ERR, "declarations and the outer scope.");
		parse_skip(p, 0);
		return;
	}
	(void)lex_next(p->lex, NULL);
	if (!peer_name(p, &name))
		return;
	token = lex_next(p->lex, NULL);
	if (token == LEX_K_STATE) {
		state_declaration(p, name);
	} else if (token == ';') {
		f = find(p->conf, name);
		if (b->kind != CONFBUILD_SHARED)
			lex_error(p->lex,
			    "failover peer reference not in shared-network declaration");
		else if (!f)
			lex_error(p->lex, "reference to unknown failover peer %.*s", STR_ARG(name));
		else
			b->network->failover = f;
	} else {
		if (token != '{')
			refuse(p, "expecting left brace", 0);
		peer_block(p, b, name);
	}
}

void
conffail_reference(struct parse *p, struct confbuild_block *b)
{
	struct str name;

	(void)lex_next(p->lex, NULL);
	if (lex_next(p->lex, NULL) != LEX_K_PEER) {
		refuse(p, "expecting 'peer'.", 0);
		return;
	}
	if (!parse_string(p, &name))
		return;
	b->pool->failover = find(p->conf, name);
	if (!b->pool->failover)
		lex_error(p->lex, "failover peer %.*s: not found", STR_ARG(name));
	else
		b->pool->failover->pool_n++;
	(void)!parse_semi(p);
}

bool
conffail_check(const struct conf *conf, struct msgs *msgs)
{
	bool is_good = true;

	for (const struct conf_failover *f = conf->failovers; f; f = f->next) {
		if (!f->pool_n) {
			msgs_add(msgs, LOG_ERR, "ERROR: Failover peer, %.*s, has no referring "
			    "pools. You must refer to each peer in at least one pool "
			    "declaration.", STR_ARG(f->name));
			is_good = false;
		}
		if (!f->load_balance_max_s)
			msgs_add(msgs, LOG_ERR, "WARNING: load balancing will be disabled for "
			    "failover peer, %.*s, because its load balance max secs is 0",
			    STR_ARG(f->name));
	}
	if (!is_good)
		msgs_add(msgs, LOG_ERR, "Failover configuration sanity check failed");
	return is_good;
}
