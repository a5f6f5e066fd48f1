/* SPDX-License-Identifier: ISC */
/*
 * names - see names.h.
 *
 * An address has one place in the table; two that share it take turns, which
 * costs look-ups and nothing else.
 */
#include "httpd/names.h"

#include <string.h>

#include "common/when.h"

static unsigned
place(const struct addr *addr)
{
	uint32_t h = addr->family;
	size_t i;

	for (i = 0; i < sizeof addr->b; i++)
		h = (h ^ addr->b[i]) * 16777619u;
	return (h ^ h >> 15) % NAMES_MAX;
}

enum names_verdict
names_get(const struct names *names, const struct addr *addr, int64_t now_ns,
    struct str *ret)
{
	const struct names_entry *e = &names->v[place(addr)];

	if (now_ns < e->until_ns && addr_eq(&e->addr, addr)) {
		*ret = str_make(e->name, e->len);
		return e->len > 0 ? NAMES_KNOWN : NAMES_NONE;
	}
	return now_ns < names->rest_until_ns ? NAMES_NONE : NAMES_ASK;
}

void
names_put(struct names *names, const struct addr *addr, struct str name,
    int64_t began_ns, int64_t now_ns)
{
	struct names_entry *e = &names->v[place(addr)];

	ASSERT(began_ns <= now_ns);
	names->rest_until_ns = now_ns + NAMES_REST * (now_ns - began_ns);
	e->addr = *addr;
	e->until_ns = now_ns + NAMES_KEEP_S * WHEN_NS_PER_S;
	e->len = name.len > sizeof e->name ? 0 : (uint8_t)name.len;
	if (e->len > 0)
		memcpy(e->name, name.p, e->len);
}
