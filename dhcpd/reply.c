/* SPDX-License-Identifier: ISC */
/*
 * reply.c - choice, order and layout of a reply's options.
 *
 * Owns the peer's rules: eight options always lead; then the client's request
 * list in the client's order, or everything configured in the peer's hash
 * order; the mask before the routers; long values in pieces (RFC 3396); what
 * does not fit goes to file, then sname (RFC 2132 9.3), then is left out.
 * Evaluates values, decides nothing about leases.  Writes only through wr.
 */
#include "dhcpd/reply.h"

#include <string.h>

#include "dhcpd/opttab.h"
#include "dhcpd/optset.h"

enum {
	REPLY_CODES_MAX = 600,		/* leading + listed + configured */
	REPLY_RAW_MAX = 2048,		/* an option made of options */
	REPLY_SITE_MIN = 224,		/* RFC 2132 "site-specific", as the peer */
	REPLY_WHOLE_SPARE = 5,		/* own header and option 52 */
	REPLY_LAST_SPARE = 2,		/* own header alone */
	REPLY_AREA_SPARE = 3		/* own header and END */
};

/* Areas of a reply that hold options, in the order in which they fill. */
enum reply_area_i { REPLY_MAIN, REPLY_FILE, REPLY_SNAME, REPLY_AREA_N };

struct reply_area {
	struct wr w;
	size_t room;			/* 0: not available */
};

struct reply_job {
	const struct reply *r;
	struct expr_env *env;
	struct logtext *lt;
	size_t codes_n;
	uint64_t has[256 / 64];		/* bit per code: chosen */
	const struct opt_space *vendor;	/* of vendor-option-space */
	const struct opt_space *site;	/* of site-option-space */
	uint32_t site_min;
	/* From here on nothing is cleared. */
	struct reply_area area[REPLY_AREA_N];
	uint8_t codes[REPLY_CODES_MAX];
	uint8_t file[PROTO_FILE_LEN], sname[PROTO_SNAME_LEN];
};

size_t
reply_room(uint32_t mms)
{
	/* IP, UDP and the BOOTP header without its 28 octets of slack. */
	const uint32_t headers = 264;

	if (mms < PROTO_MMS_MIN)
		return REPLY_ROOM_DEFAULT;
	if (mms - headers > REPLY_ROOM_MAX)
		return REPLY_ROOM_MAX;
	return mms - headers;
}

/* --- which options */

static void
reply_code(struct reply_job *j, uint32_t code)
{
	uint64_t bit = (uint64_t)1 << code % 64;

	if (code == 0 || code >= PROTO_OPT_END ||
	    (j->has[code / 64] & bit) != 0 ||
	    code == PROTO_OPT_RELAY_AGENT || j->codes_n == REPLY_CODES_MAX)
		return;
	j->has[code / 64] |= bit;
	j->codes[j->codes_n++] = (uint8_t)code;
}

static void
reply_codes_lead(struct reply_job *j)
{
	static const uint8_t lead[] = {
		PROTO_OPT_MESSAGE_TYPE, PROTO_OPT_SERVER_ID,
		PROTO_OPT_LEASE_TIME, PROTO_OPT_RENEWAL_TIME,
		PROTO_OPT_REBINDING_TIME, PROTO_OPT_MESSAGE,
		PROTO_OPT_REQUESTED_ADDRESS, PROTO_OPT_ASSOCIATED_IP
	};

	for (size_t i = 0; i < sizeof(lead); i++)
		reply_code(j, lead[i]);
}

static void
reply_codes_listed(struct reply_job *j)
{
	const struct reply *r = j->r;

	if (optset_has(j->env->out, OPTSPACE_DHCP, PROTO_OPT_SUBNET_SELECTION))
		reply_code(j, PROTO_OPT_SUBNET_SELECTION);
	if (r->wants_client_id)
		reply_code(j, PROTO_OPT_CLIENT_ID);
	for (size_t i = 0; i < r->prl.len; i++)
		reply_code(j, (uint8_t)r->prl.p[i]);
	if (optset_has(j->env->in, OPTSPACE_DHCP, PROTO_OPT_FQDN))
		reply_code(j, PROTO_OPT_FQDN);
	if (r->wants_mask)
		reply_code(j, PROTO_OPT_SUBNET_MASK);
}

static void
reply_codes_all(struct reply_job *j)
{
	static const uint8_t first[] = {
		PROTO_OPT_SUBNET_MASK, PROTO_OPT_ROUTERS, PROTO_OPT_DNS,
		PROTO_OPT_HOST_NAME, PROTO_OPT_FQDN
	};
	struct optset_entry *order[OPTSET_MAX];
	const struct optspace_carrier *c;
	size_t n;

	for (size_t i = 0; i < sizeof(first); i++)
		reply_code(j, first[i]);
	n = optset_order(j->env->out, OPTSPACE_DHCP, order, OPTSET_MAX);
	for (size_t i = 0; i < n; i++)
		reply_code(j, order[i]->code);
	if (j->site != NULL) {
		n = optset_order(j->env->out, j->site->id, order, OPTSET_MAX);
		for (size_t i = 0; i < n; i++)
			reply_code(j, order[i]->code);
	}
	for (c = j->env->u->carriers; c != NULL; c = c->next)
		if (c->def->space->id == OPTSPACE_DHCP &&
		    c->def->code != PROTO_OPT_VENDOR)
			reply_code(j, c->def->code);
	reply_code(j, PROTO_OPT_VENDOR);
}

/* Some clients take routers before the mask for nonsense: exchange them. */
static void
reply_codes_mask_first(struct reply_job *j)
{
	uint8_t *mask, *routers;

	mask = memchr(j->codes, PROTO_OPT_SUBNET_MASK, j->codes_n);
	routers = memchr(j->codes, PROTO_OPT_ROUTERS, j->codes_n);
	if (mask == NULL || routers == NULL || mask < routers)
		return;
	*mask = PROTO_OPT_ROUTERS;
	*routers = PROTO_OPT_SUBNET_MASK;
}

/* --- what is in them */

/* A code or length as wide as its space has them; false: it does not fit. */
static bool
reply_width(struct wr *w, unsigned width, size_t value)
{
	if (width < sizeof(uint32_t) && value >> (8 * width) != 0)
		return width == 0;	/* no length: the rest is the value */
	for (unsigned i = width; i > 0; i--)
		wr_u8(w, (uint8_t)(value >> (8 * (i - 1))));
	return true;
}

/* An option made of the options of a space, or false when none is set. */
static bool
reply_encapsulate(struct reply_job *j, const struct opt_space *space,
    struct str *ret)
{
	struct optset_entry *order[OPTSET_MAX];
	const struct opt_def *def;
	struct str bytes;
	struct wr w;
	size_t n;
	void *p;

	n = optset_order(j->env->out, space->id, order, OPTSET_MAX);
	if (n == 0 || space->code_width == 0)
		return false;
	p = arena_alloc(j->env->scratch, REPLY_RAW_MAX, 1);
	if (p == NULL)
		return false;
	wr_init(&w, p, REPLY_RAW_MAX);
	for (size_t i = 0; i < n; i++) {
		size_t mark = w.len;

		if (!expr_option(j->env->out, j->env, space->id,
		    order[i]->code, &bytes) ||
		    wr_left(&w) < bytes.len + 2 * sizeof(uint32_t))
			continue;
		/* Empty is sent only what is meant to be. */
		def = optspace_def_by_code(j->env->u, space->id,
		    order[i]->code);
		if (bytes.len == 0 && def != NULL && def->format[0] != 'Z')
			continue;
		if (!reply_width(&w, space->code_width, order[i]->code) ||
		    !reply_width(&w, space->len_width, bytes.len)) {
			w.len = mark;
			continue;
		}
		wr_str(&w, bytes);
	}
	*ret = wr_as_str(&w);
	return w.len > 0;
}

static bool
reply_value(struct reply_job *j, uint32_t code, struct str *ret)
{
	const struct opt_def *def;
	uint32_t space;
	char *ended;

	space = j->site != NULL && code >= j->site_min ? j->site->id :
	    OPTSPACE_DHCP;
	if (!expr_option(j->env->out, j->env, space, code, ret)) {
		if (code == PROTO_OPT_VENDOR && j->vendor != NULL)
			return reply_encapsulate(j, j->vendor, ret);
		def = j->env->u->dhcp[code];
		return def != NULL && def->encap != NULL &&
		    reply_encapsulate(j, def->encap, ret);
	}
	if (!j->r->is_nul_ended)
		return true;
	def = optspace_def_by_code(j->env->u, space, code);
	if (def == NULL || strcmp(def->format, "t") != 0)
		return true;
	ended = arena_alloc(j->env->scratch, ret->len + 1, 1);
	if (ended != NULL) {
		if (ret->len > 0)
			memcpy(ended, ret->p, ret->len);
		ended[ret->len] = '\0';
		*ret = str_make(ended, ret->len + 1);
	}
	return true;
}

/* The space a parameter names; false when there is no such space. */
static bool
reply_space(struct reply_job *j, uint32_t param, const struct opt_space **ret)
{
	struct str name;
	size_t nul;

	*ret = NULL;
	if (!expr_option(j->env->out, j->env, OPTSPACE_SERVER, param, &name))
		return true;
	nul = str_chr(name, '\0');
	if (nul != STR_NONE)
		name = str_sub(name, 0, nul);
	if (name.len == 0 || str_ieq(name, STR("dhcp")))
		return true;
	*ret = optspace_by_name(j->env->u, name);
	if (*ret == NULL)
		logtext_fmt(j->lt, LOGTEXT_ERROR, "unknown option space %.*s.",
		    STR_ARG(name));
	return *ret != NULL;
}

/* From which code on the site space counts: 224, or its lowest option. */
static uint32_t
reply_site_min(struct reply_job *j)
{
	struct optset_entry *order[OPTSET_MAX];
	uint32_t min;
	size_t n;

	min = REPLY_SITE_MIN;
	n = optset_order(j->env->out, j->site->id, order, OPTSET_MAX);
	for (size_t i = 0; i < n; i++)
		if (order[i]->code < min)
			min = order[i]->code;
	return min;
}

/* --- where they go */

static void
reply_put(struct reply_area *a, uint32_t code, struct str bytes)
{
	uint8_t *p = wr_room(&a->w, 2 + bytes.len);

	if (p == NULL)
		return;
	p[0] = (uint8_t)code;
	p[1] = (uint8_t)bytes.len;
	if (bytes.len > 0)
		memcpy(p + 2, bytes.p, bytes.len);
}

/* As much of a value as an area takes with spare octets left over. */
static void
reply_put_pieces(struct reply_area *a, uint32_t code, size_t spare,
    struct str *rest)
{
	size_t piece, left;

	while (rest->len > 0 && a->w.len + spare < a->room) {
		left = a->room - a->w.len - spare;
		piece = rest->len < left ? rest->len : left;
		if (piece > PROTO_OPTION_LEN_MAX)
			piece = PROTO_OPTION_LEN_MAX;
		reply_put(a, code, str_sub(*rest, 0, piece));
		*rest = str_sub(*rest, piece, rest->len);
	}
}

static bool
reply_is_overloaded(const struct reply_job *j)
{
	return j->area[REPLY_FILE].w.len > 0 || j->area[REPLY_SNAME].w.len > 0;
}

/*
 * Put one option somewhere, whole if possible.  RFC 3396 reads the pieces in
 * the order options field, file, sname, so they are written in that order.
 */
static void
reply_place(struct reply_job *j, uint32_t code, struct str bytes, bool is_last)
{
	struct reply_area *a = j->area;
	size_t spare, marks[REPLY_AREA_N];
	struct str rest;

	spare = is_last && !reply_is_overloaded(j) ? REPLY_LAST_SPARE :
	    REPLY_WHOLE_SPARE;
	if (bytes.len <= PROTO_OPTION_LEN_MAX) {
		if (a[REPLY_MAIN].w.len + bytes.len + spare <
		    a[REPLY_MAIN].room) {
			reply_put(&a[REPLY_MAIN], code, bytes);
			return;
		}
		for (int i = REPLY_FILE; i < REPLY_AREA_N; i++)
			if (a[i].w.len + bytes.len + REPLY_AREA_SPARE <
			    a[i].room) {
				reply_put(&a[i], code, bytes);
				return;
			}
	}
	rest = bytes;
	for (int i = 0; i < REPLY_AREA_N; i++) {
		marks[i] = a[i].w.len;
		reply_put_pieces(&a[i], code, i == REPLY_MAIN ?
		    REPLY_WHOLE_SPARE : REPLY_AREA_SPARE, &rest);
	}
	for (int i = 0; rest.len > 0 && i < REPLY_AREA_N; i++)
		wr_cut(&a[i].w, marks[i]);
}

/* END and padding of an area of the header. */
static void
reply_area_end(struct reply_area *a, size_t size)
{
	if (a->w.len == 0)
		return;
	wr_u8(&a->w, PROTO_OPT_END);
	wr_zero(&a->w, size - a->w.len);
}

static void
reply_layout(struct reply_job *j)
{
	struct reply_area *main_area = &j->area[REPLY_MAIN];
	struct str value[REPLY_CODES_MAX];
	size_t n;
	uint8_t mode;

	n = 0;
	for (size_t i = 0; i < j->codes_n; i++) {
		/* The peer sends none without a value either. */
		if (!reply_value(j, j->codes[i], &value[n]) ||
		    value[n].len == 0)
			continue;
		j->codes[n] = j->codes[i];
		n++;
	}
	wr_u32(&main_area->w, PROTO_COOKIE);
	for (size_t i = 0; i < n; i++)
		reply_place(j, j->codes[i], value[i], i + 1 == n);
	mode = (uint8_t)((j->area[REPLY_FILE].w.len > 0 ? 1 : 0) |
	    (j->area[REPLY_SNAME].w.len > 0 ? 2 : 0));
	if (mode != 0)
		reply_put(main_area, PROTO_OPT_OVERLOAD, str_make(&mode, 1));
	reply_area_end(&j->area[REPLY_FILE], PROTO_FILE_LEN);
	reply_area_end(&j->area[REPLY_SNAME], PROTO_SNAME_LEN);
}

/* Option 82 as it came, behind everything else (RFC 3046 2.2). */
static void
reply_agent(struct reply_job *j)
{
	struct reply_area *a = &j->area[REPLY_MAIN];
	size_t need, room;

	if (j->r->agent.p == NULL)
		return;
	need = j->r->agent.len + 2;
	room = j->r->room + need;
	if (room > REPLY_ROOM_MAX)
		room = REPLY_ROOM_MAX;
	if (j->r->agent.len > PROTO_OPTION_LEN_MAX || a->w.len + need > room) {
		logtext_add(j->lt, LOGTEXT_ERROR, STR("Unable to store relay "
		    "agent information in reply packet."));
		return;
	}
	reply_put(a, PROTO_OPT_RELAY_AGENT, j->r->agent);
}

/* --- the whole message */

static void
reply_field(struct wr *w, struct str s, size_t size)
{
	s = str_sub(s, 0, size);
	wr_str(w, s);
	wr_zero(w, size - s.len);
}

static void
reply_too_long(struct reply_job *j, const char *what, struct str s, size_t size)
{
	if (s.len >= size)
		logtext_fmt(j->lt, LOGTEXT_INFO, "%s name longer than packet "
		    "field truncated - field: %zu name: %zu %.*s", what, size,
		    s.len, STR_ARG(s));
}

static void
reply_areas(struct reply_job *j, struct wr *options)
{
	const struct reply *r = j->r;

	j->area[REPLY_MAIN].w = *options;
	j->area[REPLY_MAIN].room = r->room;
	wr_init(&j->area[REPLY_FILE].w, j->file, sizeof(j->file));
	wr_init(&j->area[REPLY_SNAME].w, j->sname, sizeof(j->sname));
	j->area[REPLY_FILE].room = r->can_overload && r->file.len == 0 ?
	    PROTO_FILE_LEN : 0;
	j->area[REPLY_SNAME].room = r->can_overload && r->sname.len == 0 ?
	    PROTO_SNAME_LEN : 0;
}

static bool
reply_choose(struct reply_job *j)
{
	reply_codes_lead(j);
	if (j->r->is_short) {
		if (j->r->wants_client_id)
			reply_code(j, PROTO_OPT_CLIENT_ID);
		return true;
	}
	if (!reply_space(j, OPTTAB_S_VENDOR_OPTION_SPACE, &j->vendor) ||
	    !reply_space(j, OPTTAB_S_SITE_OPTION_SPACE, &j->site))
		return false;
	if (j->site != NULL)
		j->site_min = reply_site_min(j);
	if (j->r->prl.p != NULL)
		reply_codes_listed(j);
	else
		reply_codes_all(j);
	reply_codes_mask_first(j);
	return true;
}

bool
reply_build(const struct reply *r, struct expr_env *env, struct logtext *lt,
    struct wr *w)
{
	struct reply_job j;
	struct wr options;
	struct reply_area *main_area = &j.area[REPLY_MAIN];
	size_t start, end_room;

	start = w->len;
	memset(&j, 0, offsetof(struct reply_job, area));
	j.r = r;
	j.env = env;
	j.lt = lt;
	reply_too_long(&j, "file", r->file, PROTO_FILE_LEN);
	reply_too_long(&j, "server", r->sname, PROTO_SNAME_LEN);
	if (NEVER(wr_left(w) < PROTO_HEADER_LEN + REPLY_ROOM_MAX))
		return false;
	wr_init(&options, w->p + start + PROTO_HEADER_LEN,
	    wr_left(w) - PROTO_HEADER_LEN);
	reply_areas(&j, &options);
	if (r->vend.p != NULL) {
		wr_str(&main_area->w, str_sub(r->vend, 0, REPLY_ROOM_MAX));
	} else {
		if (!reply_choose(&j))
			return false;
		reply_layout(&j);
		reply_agent(&j);
		end_room = r->room + (r->agent.p != NULL ?
		    r->agent.len + 2 : 0);
		if (main_area->w.len < end_room)
			wr_u8(&main_area->w, PROTO_OPT_END);
	}
	packet_write_head(w, &r->head);
	reply_field(w, j.area[REPLY_SNAME].w.len > 0 ?
	    wr_as_str(&j.area[REPLY_SNAME].w) : r->sname, PROTO_SNAME_LEN);
	reply_field(w, j.area[REPLY_FILE].w.len > 0 ?
	    wr_as_str(&j.area[REPLY_FILE].w) : r->file, PROTO_FILE_LEN);
	ASSERT(w->len - start == PROTO_HEADER_LEN);
	w->len += main_area->w.len;
	if (w->len - start < r->len_min)
		wr_zero(w, r->len_min - (w->len - start));
	return ALWAYS(wr_ok(w) && wr_ok(&main_area->w));
}
