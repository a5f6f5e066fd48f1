/* SPDX-License-Identifier: ISC */
/*
 * Rule file and name, separated by a NUL: parsing and applying.  The matcher
 * is a plain search for the expression's text, with ^ and two groups: it is
 * our code that is to be tried here, not libc's.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tftpd/remap.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

#define PATTERNS_MAX 256

static char *patterns[PATTERNS_MAX];
static uint32_t patterns_n;

static bool
compile(void *ctx, uint32_t id, const char *pattern, bool is_icase,
    char *reason, size_t size)
{
	(void)ctx;
	(void)is_icase;
	ASSERT(id == patterns_n && size > 4);
	memcpy(reason, "bad", 4);
	if (id == PATTERNS_MAX || strchr(pattern, '(') != NULL)
		return false;
	patterns[patterns_n] = strdup(pattern);
	if (patterns[patterns_n] == NULL)
		abort();
	patterns_n++;
	return true;
}

static bool
search(void *ctx, uint32_t id, const char *text, bool is_inside,
    struct remap_span spans[REMAP_GROUPS])
{
	const char *pattern = patterns[id], *at = text;

	(void)ctx;
	ASSERT(id < patterns_n);
	for (size_t i = 0; i < REMAP_GROUPS; i++)
		spans[i].from = spans[i].to = STR_NONE;
	if (pattern[0] == '^') {
		pattern++;
		if (is_inside || strncmp(text, pattern, strlen(pattern)) != 0)
			return false;
	} else {
		at = strstr(text, pattern);
		if (at == NULL)
			return false;
	}
	spans[0].from = spans[1].from = (size_t)(at - text);
	spans[0].to = spans[1].to = spans[0].from + strlen(pattern);
	return true;
}

static void
report(void *ctx, bool is_error, struct str message)
{
	(void)ctx;
	(void)is_error;
	ASSERT(message.len < REMAP_ERROR_SIZE);
}

static bool
is_file(void *ctx, struct str name)
{
	(void)ctx;
	return name.len % 2 == 0;
}

static void
apply(const struct remap *remap, const struct remap_engine *engine,
    struct str text)
{
	struct remap_env env = { .engine = engine, .is_file = is_file };
	struct remap_client client = {
		.addr = STR("192.0.2.1"), .addr_hex = STR("C0000201"),
		.has_leases = true, .mac = STR("52-54-00-12-34-56")
	};
	struct remap_name name;

	if (!str_copy(text, name.text, sizeof(name.text)))
		return;
	name.len = text.len;
	client.is_write = text.len % 2 == 0;
	client.is_v6 = text.len % 3 == 0;
	(void)remap_apply(remap, &client, &env, &name);
	ASSERT(name.len <= PROTO_NAME_MAX);
	ASSERT(strlen(name.text) == name.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static uint8_t mem[4 << 20];
	struct remap_engine engine = { .compile = compile, .search = search };
	struct str rules, name;
	struct remap remap;
	struct arena arena;

	rules = str_cut(str_make(p, len), '\0', &name);
	arena_init(&arena, mem, sizeof(mem));
	patterns_n = 0;
	if (remap_parse(&remap, rules, &arena, &engine, report, NULL)) {
		remap.steps_max = 64;
		apply(&remap, &engine, name);
	}
	while (patterns_n > 0)
		free(patterns[--patterns_n]);
	return 0;
}
