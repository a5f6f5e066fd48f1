/* SPDX-License-Identifier: ISC */
/*
 * exprfn - what the functions of expressions do.
 *
 * Sizes come from the operands, so every buffer is asked of the scratch arena
 * and a full arena makes the result null.
 */
#include "dhcpd/exprfn.h"

#include <regex.h>
#include <string.h>
#include <syslog.h>

#include "common/vis.h"
#include "common/wr.h"
#include "dhcpd/domain.h"
#include "dhcpd/tree.h"

#define LOG_TEXT_MAX 1024
#define NAME_ADDRS_MAX 64
#define DOMAINS_MAX 4096

void
exprfn_log(struct expr_env *env, int prio, const char *fmt, ...)
{
	uint8_t buf[LOG_TEXT_MAX + 1];
	struct expr_log_line *line;
	struct wr w;
	va_list ap;

	wr_init(&w, buf, sizeof(buf));
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	line = &env->log->line[env->log->n];
	if (env->log->n >= EXPR_LOG_STMTS || !wr_ok(&w) ||
	    !arena_str(env->scratch, wr_as_str(&w), &line->text)) {
		env->log->dropped++;
		return;
	}
	line->prio = prio;
	env->log->n++;
}

void
exprfn_log_opcode(const struct expr *e, struct expr_env *env, const char *context)
{
	/* the peer's numbers of its operators, which its message shows */
	static const uint8_t numbers[] = {
		[TREE_CONST] = 14, [TREE_NULL] = 39, [TREE_OPTION] = 11,
		[TREE_CONFIG_OPTION] = 28, [TREE_SUBSTRING] = 4, [TREE_SUFFIX] = 5,
		[TREE_LCASE] = 57, [TREE_UCASE] = 56, [TREE_CONCAT] = 6, [TREE_PICK] = 30,
		[TREE_B2A] = 27, [TREE_REVERSE] = 25, [TREE_ENCODE_INT] = 18,
		[TREE_HARDWARE] = 12, [TREE_PACKET] = 13, [TREE_LEASED_ADDRESS] = 26,
		[TREE_HOST_DECL_NAME] = 29, [TREE_FILENAME] = 42, [TREE_SERVER_NAME] = 43,
		[TREE_GETHOSTNAME] = 60, [TREE_GETHOSTBYNAME] = 7, [TREE_V6RELAY] = 61,
		[TREE_NUM] = 21, [TREE_LEASE_TIME] = 31, [TREE_CLIENT_STATE] = 55,
		[TREE_ADD] = 47, [TREE_MULTIPLY] = 49, [TREE_DIVIDE] = 50,
		[TREE_REMAINDER] = 51, [TREE_BIT_AND] = 52, [TREE_BIT_OR] = 53,
		[TREE_BIT_XOR] = 54, [TREE_EXTRACT_INT] = 15, [TREE_EXISTS] = 22,
		[TREE_KNOWN] = 24, [TREE_STATIC] = 33, [TREE_CHECK] = 2, [TREE_DEFINED] = 40,
		[TREE_NOT] = 10, [TREE_EQUAL] = 3, [TREE_UNEQUAL] = 38, [TREE_MATCH] = 58,
		[TREE_IMATCH] = 59, [TREE_AND] = 8, [TREE_OR] = 9,
	};
	const char *kind;

	ASSERT(e->op < ARRAY_LEN(numbers));
	kind = e->op < TREE_DATA_END ? "Data" : e->op < TREE_NUM_END ? "Numeric" :
	    "Boolean";

	exprfn_log(env, LOG_ERR, "%s opcode in evaluate_%s_expression: %d", kind, context,
	    numbers[e->op]);
}

/* A copy that regexec can read: it ends at the first NUL. */
static bool
c_string(struct expr_env *env, struct str s, struct str *ret)
{
	return arena_str(env->scratch, s, ret);
}

static bool
match_variable(const char *pattern, const char *text, int flags)
{
	regex_t re;
	bool is_match;

	if (regcomp(&re, pattern, flags) != 0)
		return false;
	is_match = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return is_match;
}

enum expr_truth
exprfn_match(const struct expr *e, struct expr_env *env)
{
	int flags = REG_EXTENDED | REG_NOSUB | (e->op == TREE_IMATCH ? REG_ICASE : 0);
	struct str left, right;
	bool has_left = expr_data(e->a, env, &left), is_match;

	if (e->regex) {		/* compiled when it was parsed */
		if (!has_left || !c_string(env, left, &left))
			return EXPR_NULL;
		is_match = e->regex->is_valid && regexec(&e->regex->re, left.p, 0, NULL, 0) == 0;
	} else {
		if (!expr_data(e->b, env, &right) || !has_left ||
		    !c_string(env, left, &left) || !c_string(env, right, &right))
			return EXPR_NULL;
		is_match = match_variable(right.p, left.p, flags);
	}
	return is_match ? EXPR_TRUE : EXPR_FALSE;
}

bool
exprfn_extract_int(const struct expr *e, struct expr_env *env, uint64_t *ret)
{
	struct str data;
	uint64_t v = 0;

	if (!expr_data(e->a, env, &data) || data.len < e->width)
		return false;
	for (size_t i = 0; i < e->width; i++)
		v = v << 8 | (uint8_t)data.p[i];
	*ret = v;
	return true;
}

bool
exprfn_part(const struct expr *e, struct expr_env *env, struct str *ret)
{
	struct str data;
	uint64_t first, len = 0;
	bool has_data = expr_data(e->a, env, &data);
	bool has_first = expr_num(e->b, env, &first);

	if (e->op == TREE_SUFFIX) {
		if (!has_data || !has_first)
			return false;
		len = first;
		first = data.len > len ? data.len - len : 0;
	} else if (!expr_num(e->c, env, &len) || !has_data || !has_first) {
		return false;
	}
	if (first > data.len)
		first = data.len;
	if (len > data.len - first)
		len = data.len - first;
	*ret = str_make(data.p + first, len);
	return true;
}

bool
exprfn_case(const struct expr *e, struct expr_env *env, struct str *ret)
{
	struct str data;
	char *copy;

	if (!expr_data(e->a, env, &data))
		return false;
	copy = arena_alloc(env->scratch, data.len, 1);
	if (!copy)
		return false;
	for (size_t i = 0; i < data.len; i++) {
		char c = data.p[i];

		if (e->op == TREE_LCASE)
			c = str_lower(c);
		else if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		copy[i] = c;
	}
	*ret = str_make(copy, data.len);
	return true;
}

bool
exprfn_concat(const struct expr *e, struct expr_env *env, struct str *ret)
{
	struct str a, b;
	bool has_a = expr_data(e->a, env, &a), has_b = expr_data(e->b, env, &b);
	char *joined;

	if (!has_a || !has_b)
		return false;
	joined = arena_alloc(env->scratch, a.len + b.len, 1);
	if (!joined)
		return false;
	if (a.len)
		memcpy(joined, a.p, a.len);
	if (b.len)
		memcpy(joined + a.len, b.p, b.len);
	*ret = str_make(joined, a.len + b.len);
	return true;
}

/*
 * How many digits the peer gives a number: it multiplies in 32 bits until the
 * product exceeds the value or stops growing, so the largest numbers of some
 * bases get a leading zero.
 */
static unsigned
digit_count(uint32_t value, uint32_t base)
{
	unsigned n = 1;
	uint32_t power = base;

	while (value >= power) {
		uint32_t next = power * base;

		n++;
		if (next <= power)
			break;
		power = next;
	}
	return n;
}

static void
put_digits(struct wr *w, uint32_t value, uint32_t base)
{
	char digits[40];
	unsigned n = digit_count(value, base);

	ASSERT(n <= sizeof(digits));
	for (unsigned i = n; i-- > 0; value /= base)
		digits[i] = "0123456789abcdef"[value % base];
	wr_bytes(w, digits, n);
}

bool
exprfn_b2a(const struct expr *e, struct expr_env *env, struct str *ret)
{
	struct str data, separator;
	struct wr w;
	uint64_t base, bits;
	size_t octets, size;
	bool has_base = expr_num(e->a, env, &base), has_bits = expr_num(e->b, env, &bits);
	bool has_separator = expr_data(e->c, env, &separator);
	void *buf;

	if (!expr_data(e->d, env, &data) || !has_base || !has_bits || !has_separator)
		return false;
	if (bits != 8 && bits != 16 && bits != 32) {
		exprfn_log(env, LOG_ERR, "binary_to_ascii: invalid width %ld!", (long)bits);
		return false;
	}
	octets = bits / 8;
	if (data.len % octets) {
		exprfn_log(env, LOG_ERR, "binary-to-ascii: length of buffer %lu not a multiple "
		    "of width %lu!", (unsigned long)data.len, (unsigned long)octets);
		return false;
	}
	size = data.len / octets * (separator.len + 33) + 1;
	buf = base ? arena_alloc(env->scratch, size, 1) : NULL;
	if (!buf)
		return false;
	wr_init(&w, buf, size);
	for (size_t i = 0; i < data.len; i += octets) {
		uint32_t v = 0;

		for (size_t k = 0; k < octets; k++)
			v = v << 8 | (uint8_t)data.p[i + k];
		if (i)
			wr_str(&w, separator);
		if (base <= 16)
			put_digits(&w, v, (uint32_t)base);
	}
	arena_trim(env->scratch, buf, w.len);
	*ret = wr_as_str(&w);
	return wr_ok(&w);
}

bool
exprfn_reverse(const struct expr *e, struct expr_env *env, struct str *ret)
{
	struct str data;
	uint64_t width;
	bool has_width = expr_num(e->a, env, &width);
	char *copy;

	if (!expr_data(e->b, env, &data) || !has_width)
		return false;
	if (!width || data.len % width) {
		exprfn_log(env, LOG_ERR, "reverse: length of buffer %lu not a multiple of width "
		    "%lu!", (unsigned long)data.len, (unsigned long)width);
		return false;
	}
	copy = arena_alloc(env->scratch, data.len, 1);
	if (!copy)
		return false;
	for (size_t i = 0; i < data.len; i += width)
		memcpy(copy + data.len - width - i, data.p + i, width);
	*ret = str_make(copy, data.len);
	return true;
}

bool
exprfn_encode_int(const struct expr *e, struct expr_env *env, struct str *ret)
{
	uint64_t v;
	uint8_t *octets;

	if (!expr_num(e->a, env, &v))
		return false;
	octets = arena_alloc(env->scratch, e->width, 1);
	if (!octets)
		return false;
	for (size_t i = e->width; i-- > 0; v >>= 8)
		octets[i] = (uint8_t)v;
	*ret = str_make(octets, e->width);
	return true;
}

bool
exprfn_packet(const struct expr *e, struct expr_env *env, struct str *ret)
{
	uint64_t first, len;
	bool has_first = expr_num(e->a, env, &first), has_len = expr_num(e->b, env, &len);

	if (!env->raw.p) {
		exprfn_log(env, LOG_ERR, "data: packet: raw packet not available");
		return false;
	}
	if (!has_first || !has_len || first > env->raw.len)
		return false;
	if (len > env->raw.len - first)
		len = env->raw.len - first;
	*ret = str_make(env->raw.p + first, len);
	return true;
}

bool
exprfn_addrs(const struct expr *e, struct expr_env *env, struct str *ret)
{
	uint32_t addrs[NAME_ADDRS_MAX];
	const char *why = "host unknown.";
	int n = env->ops->resolve ?
	    env->ops->resolve(env->ctx, e->data, addrs, NAME_ADDRS_MAX, &why) : -1;
	struct wr w;
	void *buf;

	if (n <= 0) {
		exprfn_log(env, LOG_ERR, "%.*s: %s", STR_ARG(e->data), why);
		return false;
	}
	if (e->width)
		n = 1;
	buf = arena_alloc(env->scratch, (size_t)n * sizeof(*addrs), 1);
	if (!buf)
		return false;
	wr_init(&w, buf, (size_t)n * sizeof(*addrs));
	for (int i = 0; i < n; i++)
		wr_u32(&w, addrs[i]);
	*ret = wr_as_str(&w);
	return true;
}

bool
exprfn_join_domains(const struct expr *e, struct expr_env *env, struct str *ret)
{
	struct str part[2];
	struct domain name;
	struct wr w;
	bool has_a = expr_data(e->a, env, &part[0]);
	void *buf;

	if (!expr_data(e->b, env, &part[1]) || !has_a)
		return false;
	buf = arena_alloc(env->scratch, DOMAINS_MAX, 1);
	if (!buf)
		return false;
	wr_init(&w, buf, DOMAINS_MAX);
	for (int i = 0; i < 2; i++)
		for (size_t at = 0; domain_read(part[i], &at, &name);)
			domain_append(&w, &name, true);
	arena_trim(env->scratch, buf, w.len);
	*ret = wr_as_str(&w);
	return wr_ok(&w);
}
