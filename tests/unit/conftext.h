/* SPDX-License-Identifier: ISC */
/*
 * conftext.h - a configuration from a string, and statements run with a packet:
 * for the tests of dhcpd's language.
 */
#ifndef TESTS_UNIT_CONFTEXT_H
#define TESTS_UNIT_CONFTEXT_H

#include "common/src.h"
#include "dhcpd/conf.h"
#include "tests/unit/t.h"

#define CONFTEXT_SIZE ((size_t)8 << 20)

static struct {
	struct arena arena, msgs_arena, scratch;
	struct conf conf;
	struct msgs msgs;
	struct optset in, out;
	struct expr_vars vars;
	struct expr_log log;
	struct expr_env env;
	struct str text;
	unsigned events;
	const struct stmt *event_body;
	uint32_t added_class;
	char said[65536];
} ct;

static int
conftext_source(void *ctx, struct str path, struct str *ret_text)
{
	(void)ctx;
	(void)path;
	*ret_text = ct.text;
	return 0;
}

static void
conftext_leave(void *ctx)
{
	(void)ctx;
}

/* Load a text as x.conf; its messages are in ct.msgs. */
static enum conf_result
conftext_load(const char *text, bool is_v6)
{
	struct src_loader loader = { NULL, conftext_source, conftext_leave };
	struct conf_load_opts opts = { STR("x.conf"), &loader, is_v6, 7 };
	struct arena *arenas[] = { &ct.arena, &ct.msgs_arena, &ct.scratch };
	char *copy = t_dup(text, strlen(text));
	enum conf_result r;

	for (size_t i = 0; i < ARRAY_LEN(arenas); i++) {
		if (!arenas[i]->p)
			arena_init(arenas[i], malloc(CONFTEXT_SIZE), CONFTEXT_SIZE);
		arena_reset(arenas[i], 0);
	}
	msgs_init(&ct.msgs, &ct.msgs_arena);
	ct.text = str_make(copy, strlen(text));
	r = conf_load(&ct.conf, &ct.arena, &opts, &ct.msgs);
	free(copy);
	return r;
}

/* All messages of the load, a newline behind each. */
static inline const char *
conftext_said(void)
{
	size_t n = 0;

	for (struct msgs_line *line = ct.msgs.first; line; line = line->next) {
		memcpy(ct.said + n, line->text.p, line->text.len);
		n += line->text.len;
		ct.said[n++] = '\n';
	}
	ct.said[n] = '\0';
	return ct.said;
}

static void
conftext_on(void *ctx, unsigned events, const struct stmt *body)
{
	(void)ctx;
	ct.events = events;
	ct.event_body = body;
}

static void
conftext_add(void *ctx, uint32_t class_i)
{
	(void)ctx;
	ct.added_class = class_i + 1;
}

static bool
conftext_hostname(void *ctx, struct str *ret)
{
	(void)ctx;
	*ret = STR("server");
	return true;
}

/* Knows one name. */
static int
conftext_resolve(void *ctx, struct str name, uint32_t *addrs, size_t max, const char **reterr)
{
	(void)ctx;
	*reterr = "host unknown.";
	if (!str_eq(name, STR("two.example.net")) || max < 2)
		return -1;
	addrs[0] = 0x0a000001;
	addrs[1] = 0x0a000002;
	return 2;
}

static const struct expr_ops conftext_ops = {
	.on_event = conftext_on, .add_class = conftext_add,
	.hostname = conftext_hostname, .resolve = conftext_resolve,
};

/* A packet with some options, from a known client that has a lease. */
static inline void
conftext_packet(void)
{
	static const char options[] =
	    "\65\1\1" "\14\3abc" "\122\14\1\4eth0\2\4\0\1\2\3" "\121\15\0\0\0foo.bar.de"
	    "\75\3\1\2\3";
	static const char raw[] = "\1\1\6\0zxid";

	memset(&ct.env, 0, sizeof(ct.env));
	optset_init(&ct.in);
	optset_init(&ct.out);
	ct.vars.first = NULL;
	ct.env.scratch = &ct.scratch;
	ct.env.u = &ct.conf.u;
	ct.env.in = &ct.in;
	ct.env.out = &ct.out;
	ct.env.raw = str_make(raw, sizeof(raw) - 1);
	ct.env.hardware = STR("\1\0\21\42\63\104\125");
	ct.env.file = STR("boot.img");
	ct.env.sname = (struct str){ NULL, 0 };
	ct.env.host_decl_name = STR("decl");
	ct.env.lease_data = STR("\12\0\0\5");
	ct.env.has_lease = true;
	ct.env.lease_ends_s = 1600;
	ct.env.now_s = 1000;
	ct.env.known = EXPR_TRUE;
	ct.env.vars = &ct.vars;
	ct.env.log = &ct.log;
	ct.env.ops = &conftext_ops;
	expr_log_clear(&ct.log);
	ct.added_class = 0;
	ct.events = 0;
	ck_assert_msg(optset_decode(&ct.in, &ct.conf.u, ct.conf.u.spaces[OPTSPACE_DHCP],
	    str_make(options, sizeof(options) - 1), &ct.scratch), "options of the packet");
}

/* Run the outermost statements with that packet; log lines joined by "|". */
static inline const char *
conftext_run(const char *text)
{
	size_t n = 0;

	if (conftext_load(text, false) != CONF_OK)
		return conftext_said();
	conftext_packet();
	(void)stmt_run(ct.conf.root->first, &ct.env);
	for (size_t i = 0; i < ct.log.n; i++) {
		if (i)
			ct.said[n++] = '|';
		memcpy(ct.said + n, ct.log.line[i].text.p, ct.log.line[i].text.len);
		n += ct.log.line[i].text.len;
	}
	ct.said[n] = '\0';
	conf_free(&ct.conf);
	return ct.said;
}

#endif
