/* SPDX-License-Identifier: ISC */
/*
 * rules - a loaded rule file: rules, their regular expressions, their memory.
 *
 * Expressions are extended POSIX ones, compiled by libc; the reasons it gives
 * for a bad one are what tftp-hpa logs.
 */
#include "tftpd/rules.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "common/log.h"
#include "common/proc.h"

/* Text, rules and labels. */
#define RULES_ARENA_SIZE (2 * RULES_FILE_MAX + 1024 * 1024)
#define RULES_REGS_SIZE (REMAP_RULES_MAX * sizeof(regex_t))

static bool
compile(void *ctx, uint32_t id, const char *pattern, bool is_icase,
    char *reason, size_t size)
{
	struct rules *rules = ctx;
	int error;

	ASSERT(id == rules->regs_n && id < REMAP_RULES_MAX);
	error = regcomp(&rules->regs[id], pattern,
	    REG_EXTENDED | (is_icase ? REG_ICASE : 0));
	if (error != 0)
		regerror(error, &rules->regs[id], reason, size);
	else
		rules->regs_n++;
	return error == 0;
}

static bool
search(void *ctx, uint32_t id, const char *text, bool is_inside,
    struct remap_span spans[REMAP_GROUPS])
{
	struct rules *rules = ctx;
	regmatch_t groups[REMAP_GROUPS];

	ASSERT(id < rules->regs_n);
	if (regexec(&rules->regs[id], text, REMAP_GROUPS, groups,
	    is_inside ? REG_NOTBOL : 0) != 0)
		return false;
	for (size_t i = 0; i < REMAP_GROUPS; i++) {
		spans[i].from = spans[i].to = STR_NONE;
		if (groups[i].rm_so < 0)
			continue;
		spans[i].from = (size_t)groups[i].rm_so;
		spans[i].to = (size_t)groups[i].rm_eo;
	}
	return true;
}

struct remap_engine
rules_engine(struct rules *rules)
{
	struct remap_engine engine = {
		.ctx = rules, .compile = compile, .search = search
	};

	return engine;
}

static void
report(void *ctx, bool is_error, struct str message)
{
	(void)ctx;
	log_str(is_error ? LOG_ERR : LOG_WARNING, message);
}

static int
read_all(int fd, struct arena *arena, struct str *ret_text)
{
	char *p = arena_alloc(arena, RULES_FILE_MAX, 1);
	size_t len = 0;
	ssize_t n;

	if (p == NULL)
		return -ENOMEM;
	while (len < RULES_FILE_MAX) {
		n = read(fd, p + len, RULES_FILE_MAX - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0) {
			*ret_text = str_make(p, len);
			arena_trim(arena, p, len);
			return 0;
		}
		len += (size_t)n;
	}
	return -EFBIG;
}

enum rules_verdict
rules_load(int fd, uint32_t steps_max, struct rules *ret, int *ret_error)
{
	struct rules rules;
	struct remap_engine engine = rules_engine(&rules);
	struct str text = { NULL, 0 };
	void *mem = proc_reserve(RULES_ARENA_SIZE);

	memset(&rules, 0, sizeof(rules));
	rules.regs = proc_reserve(RULES_REGS_SIZE);
	arena_init(&rules.arena, mem, RULES_ARENA_SIZE);
	*ret_error = ENOMEM;
	if (mem != NULL && rules.regs != NULL)
		*ret_error = -read_all(fd, &rules.arena, &text);
	(void)close(fd);
	if (*ret_error != 0) {
		rules_free(&rules);
		return RULES_UNREADABLE;
	}
	if (!remap_parse(&rules.remap, text, &rules.arena, &engine, report,
	    NULL)) {
		rules_free(&rules);
		return RULES_BAD;
	}
	rules.remap.steps_max = steps_max;
	*ret = rules;
	return RULES_OK;
}

void
rules_free(struct rules *rules)
{
	for (uint32_t i = 0; i < rules->regs_n; i++)
		regfree(&rules->regs[i]);
	if (rules->regs != NULL)
		proc_release(rules->regs, RULES_REGS_SIZE);
	if (rules->arena.p != NULL)
		proc_release(rules->arena.p, RULES_ARENA_SIZE);
	memset(rules, 0, sizeof(*rules));
}
