/* SPDX-License-Identifier: ISC */
/*
 * Statements on hostile packets.  The input is a text of statements, a zero byte,
 * and then the options field of a packet; the statements run with that packet
 * twice (variables of the first run are seen by the second), are printed, and
 * what was printed must parse again.
 */
#include <stdlib.h>
#include <string.h>

#include "common/src.h"
#include "dhcpd/conf.h"

#define ARENA_SIZE ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	struct arena base, arena, msgs, scratch;
	struct optset in, out;
	struct expr_log log;
	struct conf conf;
	size_t mark;
	bool is_ready;
} w;

static const char conf_text[] =
    "option space v; option v.one code 1 = text; option v.two code 2 = ip-address;"
    "option enc code 200 = encapsulate v; class \"c\" { }"
    "define fun(arg) { return concat(arg, \"x\"); }";

static int
load(void *ctx, struct str path, struct str *ret_text)
{
	(void)ctx;
	(void)path;
	*ret_text = str_of(conf_text);
	return 0;
}

static void
leave(void *ctx)
{
	(void)ctx;
}

static int
resolve(void *ctx, struct str name, uint32_t *addrs, size_t max, const char **reterr)
{
	(void)ctx;
	*reterr = "host unknown.";
	for (size_t i = 0; i < max && i < name.len; i++)
		addrs[i] = (uint32_t)i;
	return (int)(name.len < max ? name.len : max) - 1;
}

static const struct expr_ops ops = { .resolve = resolve };

static void
prepare(void)
{
	struct arena *arenas[] = { &w.base, &w.msgs, &w.scratch };
	struct src_loader loader = { NULL, load, leave };
	struct conf_load_opts opts = { STR("fuzz.conf"), &loader, false, 1 };
	struct msgs msgs;

	if (w.is_ready)
		return;
	for (size_t i = 0; i < ARRAY_LEN(arenas); i++)
		arena_init(arenas[i], malloc(ARENA_SIZE), ARENA_SIZE);
	msgs_init(&msgs, &w.msgs);
	if (conf_load(&w.conf, &w.base, &opts, &msgs) != CONF_OK)
		abort();
	w.mark = arena_mark(&w.base);
	w.is_ready = true;
}

static void
run(const struct stmt *list, struct expr_vars *vars, struct str options)
{
	struct str value;
	struct expr_env env;

	memset(&env, 0, sizeof(env));
	env.scratch = &w.scratch;
	env.u = &w.conf.u;
	env.in = &w.in;
	env.out = &w.out;
	env.raw = options;
	env.hardware = STR("\1\2\0\0\0\0\1");
	env.known = EXPR_TRUE;
	env.vars = vars;
	env.log = &w.log;
	env.ops = &ops;
	expr_log_clear(&w.log);
	optset_init(&w.in);
	optset_init(&w.out);
	(void)optset_decode(&w.in, &w.conf.u, w.conf.u.spaces[OPTSPACE_DHCP], options,
	    &w.scratch);
	(void)stmt_run(list, &env);
	for (uint32_t code = 0; code < 256; code++)
		(void)!expr_option(&w.out, &env, OPTSPACE_DHCP, code, &value);
}

static void
print_and_parse(const struct stmt *list)
{
	static uint8_t buf[1 << 20];
	const struct stmt *again;
	struct wr out;

	wr_init(&out, buf, sizeof(buf));
	stmt_print(&out, list, 4);
	if (wr_ok(&out))
		(void)!conf_stmts_parse(&w.conf, wr_as_str(&out), &w.scratch, &again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = memchr(data, 0, size);
	size_t text_len = zero ? (size_t)(zero - data) : size;
	size_t rest = zero ? size - text_len - 1 : 0;
	struct expr_vars vars = { NULL, NULL };
	const struct stmt *list;
	char *text = malloc(text_len + 1), *options = malloc(rest + 1);

	prepare();
	memcpy(text, data, text_len);
	if (rest)
		memcpy(options, zero + 1, rest);
	arena_reset(&w.scratch, 0);
	if (conf_stmts_parse(&w.conf, str_make(text, text_len), &w.scratch, &list)) {
		run(list, &vars, str_make(options, rest));
		run(list, &vars, str_make(options, rest));
		print_and_parse(list);
	}
	conf_free(&w.conf);
	arena_reset(&w.base, w.mark);
	free(text);
	free(options);
	return 0;
}
