/* SPDX-License-Identifier: ISC */
/*
 * opttab - the table of TFTP options, and their negotiation.
 *
 * To add an option, add a row and, if its value is of a new kind, a function.
 * Values are read as tftp-hpa reads them: leading blanks and one plus sign are
 * accepted and answered without; anything else that is not a decimal number in
 * range makes the option one that we do not know.
 */
#include "tftpd/opttab.h"

#include "common/num.h"
#include "common/wr.h"

struct opttab_row {
	const char *name;
	uint64_t min, max;
	/* False leaves the option out; value is changed to the answer. */
	bool (*apply)(const struct opttab_limits *limits,
	    struct opttab_set *set, uint64_t *value);
	const char *source;
};

static bool
apply_blksize(const struct opttab_limits *limits, struct opttab_set *set,
    uint64_t *value)
{
	if (*value > limits->blksize_max)
		*value = limits->blksize_max;
	set->blksize = (uint32_t)*value;
	return true;
}

static bool
apply_blksize2(const struct opttab_limits *limits, struct opttab_set *set,
    uint64_t *value)
{
	uint64_t size = PROTO_BLKSIZE_MIN;

	while (size * 2 <= *value && size * 2 <= limits->blksize_max)
		size *= 2;
	*value = size;
	set->blksize = (uint32_t)size;
	return true;
}

/* The size after conversion to netascii is not known: say nothing. */
static bool
apply_tsize(const struct opttab_limits *limits, struct opttab_set *set,
    uint64_t *value)
{
	(void)limits;
	if (set->is_write) {
		set->has_tsize = true;
		set->tsize = *value;
		return true;
	}
	*value = set->size;
	return !set->is_ascii;
}

static bool
apply_timeout(const struct opttab_limits *limits, struct opttab_set *set,
    uint64_t *value)
{
	(void)limits;
	set->timeout_us = (uint32_t)*value * 1000000;
	return true;
}

static bool
apply_utimeout(const struct opttab_limits *limits, struct opttab_set *set,
    uint64_t *value)
{
	(void)limits;
	set->timeout_us = (uint32_t)*value;
	return true;
}

static bool
apply_rollover(const struct opttab_limits *limits, struct opttab_set *set,
    uint64_t *value)
{
	(void)limits;
	set->rollover = (uint16_t)*value;
	return true;
}

/* A converted file goes block by block: where a block begins is not known
 * before the one ahead of it has been made. */
static bool
apply_window(const struct opttab_limits *limits, struct opttab_set *set,
    uint64_t *value)
{
	uint64_t max = limits->window_max;

	if (set->is_ascii && !set->is_write)
		max = 1;
	if (*value > max)
		*value = max;
	set->window = (uint32_t)*value;
	return true;
}

static const struct opttab_row rows[] = {
	{ "blksize", PROTO_BLKSIZE_MIN, UINT64_MAX, apply_blksize, "RFC 2348" },
	{ "blksize2", PROTO_BLKSIZE_MIN, UINT64_MAX, apply_blksize2,
	    "tftp-hpa" },
	{ "tsize", 0, UINT64_MAX, apply_tsize, "RFC 2349" },
	{ "timeout", 1, 255, apply_timeout, "RFC 2349" },
	{ "utimeout", PROTO_TIMEOUT_US_MIN, PROTO_TIMEOUT_US_MAX,
	    apply_utimeout, "tftp-hpa" },
	{ "rollover", 0, 65535, apply_rollover, "tftp-hpa" },
	{ "windowsize", 1, 65535, apply_window, "RFC 7440" },
};

/* Every name once with its NUL, every value with its NUL: 5+5+20+3+9+5+5
 * digits at most, and the opcode. */
_Static_assert(2 + 7 + 8 + 5 + 7 + 8 + 8 + 10 + 7 + 52 + 7 <= OPTTAB_OACK_MAX,
    "an OACK with every option fits");
_Static_assert(ARRAY_LEN(rows) <= 32, "a bit of opttab_limits.refused each");

int
opttab_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_ieq(name, str_of(rows[i].name)))
			return (int)i;
	}
	return -1;
}

const char *
opttab_name(unsigned i)
{
	return i < ARRAY_LEN(rows) ? rows[i].name : NULL;
}

/* The value of an option as tftp-hpa's strtoumax would take it. */
static bool
value_of(struct str text, const struct opttab_row *row, uint64_t *ret)
{
	while (text.len > 0 &&
	    (text.p[0] == ' ' || (text.p[0] >= '\t' && text.p[0] <= '\r')))
		text = str_sub(text, 1, STR_NONE);
	if (str_starts(text, STR("+")))
		text = str_sub(text, 1, STR_NONE);
	return num_u64(text, row->min, row->max, ret);
}

/* The row of an option that may be granted, or -1. */
static int
usable(const struct opttab_limits *limits, struct str name, struct str text,
    uint64_t *ret_value)
{
	int row = opttab_find(name);

	if (row < 0 || (limits->refused >> row & 1) != 0 ||
	    !value_of(text, &rows[row], ret_value))
		return -1;
	return row;
}

static bool
has_blksize(const struct packet_req *req, const struct opttab_limits *limits)
{
	struct rd options = req->options;
	struct str name, text;
	uint64_t value;

	while (packet_next_option(&options, &name, &text)) {
		if (usable(limits, name, text, &value) == 0)
			return true;
	}
	return false;
}

void
opttab_negotiate(const struct packet_req *req,
    const struct opttab_limits *limits, struct opttab_set *set)
{
	struct rd options = req->options;
	struct str name, text;
	struct wr wr;
	uint64_t value;
	uint32_t seen = has_blksize(req, limits) ? 1u << 1 : 0;
	int row;

	ASSERT(limits->blksize_max >= PROTO_BLKSIZE_MIN);
	ASSERT(limits->window_max >= 1);
	set->blksize = PROTO_BLKSIZE_DEFAULT;
	set->window = 1;
	set->timeout_us = 0;
	set->rollover = 0;
	set->has_tsize = false;
	wr_init(&wr, set->oack, sizeof(set->oack));
	wr_u16(&wr, PROTO_OACK);
	while (packet_next_option(&options, &name, &text)) {
		row = usable(limits, name, text, &value);
		if (row < 0 || (seen >> row & 1) != 0)
			continue;
		seen |= 1u << row;
		if (!rows[row].apply(limits, set, &value))
			continue;
		wr_str(&wr, name);
		wr_u8(&wr, 0);
		wr_dec(&wr, value);
		wr_u8(&wr, 0);
	}
	ASSERT(wr_ok(&wr));
	set->oack_len = wr.len > 2 ? wr.len : 0;
}
