/* SPDX-License-Identifier: ISC */
/*
 * optspace.h - option spaces, option definitions, and the universe of one
 * configuration generation: the built-in tables of opttab.c and whatever the
 * file defined on top of them.
 *
 * A space has a small number, its id, and a definition is found by (id, code)
 * without hashing a name.  Names are looked up while a configuration is read,
 * never while a packet is handled.
 *
 * Lifetime: generation.  Built-in spaces and definitions are constants.
 */
#ifndef DHCPD_OPTSPACE_H
#define DHCPD_OPTSPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

/* Ids of the built-in spaces; user spaces follow from OPTSPACE_BUILTIN_N. */
enum optspace_id {
	OPTSPACE_DHCP,
	OPTSPACE_SERVER,
	OPTSPACE_AGENT,
	OPTSPACE_NWIP,
	OPTSPACE_FQDN,
	OPTSPACE_VENDOR_CLASS,
	OPTSPACE_VENDOR,
	OPTSPACE_ISC,
	OPTSPACE_DHCP6,
	OPTSPACE_VSIO,
	OPTSPACE_ISC6,
	OPTSPACE_FQDN6,
	OPTSPACE_BUILTIN_N
};

/* At most this many spaces in one configuration; one more is an error. */
#define OPTSPACE_MAX 4096

struct opt_space {
	struct str name;
	uint8_t code_width;	/* octets of a code on the wire, 0 = never on the wire */
	uint8_t len_width;	/* octets of a length, 0 = the rest of the carrier */
	uint16_t id;
	uint32_t end_code;	/* 255 for dhcp, 0 = no end mark */
};

struct opt_def {
	struct str name;
	const struct opt_space *space;
	uint32_t code;
	const char *format;		/* the letters of dhcp-options(5), "" = takes no value */
	const struct opt_space *encap;	/* the space of an E format, else NULL */
};

/* One carrier: an option whose value is made of the options of def->encap. */
struct optspace_carrier {
	const struct opt_def *def;
	struct optspace_carrier *next;
};

struct optspace_universe {
	struct arena *arena;
	const struct opt_def *dhcp[256];	/* by code, NULL = not defined */
	const struct opt_def *server[256];
	struct optspace_carrier *carriers;	/* in order of definition */
	const struct opt_space **spaces;	/* by id */
	uint32_t space_n, space_cap;
	struct optspace_index *by_name;		/* private to optspace.c */
	struct optspace_index *by_code;
};

/*
 * optspace_init - a universe with the built-in spaces and options.
 *
 * False when the arena is full.
 */
MUST_CHECK bool optspace_init(struct optspace_universe *u, struct arena *arena);

/*
 * optspace_by_name - the space of that name (letter case ignored), latest
 * declaration first; NULL when there is none.
 */
const struct opt_space *optspace_by_name(const struct optspace_universe *u, struct str name);

/*
 * optspace_def_by_code - the definition a code means now, or NULL.
 *
 * Constant time for the dhcp and server spaces, one hash of a number otherwise.
 */
const struct opt_def *optspace_def_by_code(const struct optspace_universe *u,
    uint32_t space_id, uint32_t code);

/*
 * optspace_builtin - the built-in definition of a code, whatever a file made of it.
 */
const struct opt_def *optspace_builtin(enum optspace_id space_id, uint32_t code);

/*
 * optspace_def_by_name - the definition of that name (letter case ignored) in
 * that space, or NULL.
 */
const struct opt_def *optspace_def_by_name(const struct optspace_universe *u,
    uint32_t space_id, struct str name);

/*
 * optspace_add_space - declare a space; a second one of the name hides the first.
 *
 * name  copied.  NULL when the arena or the table of spaces is full.
 */
const struct opt_space *optspace_add_space(struct optspace_universe *u, struct str name,
    uint8_t code_width, uint8_t len_width);

/*
 * optspace_add_def - define an option.
 *
 * name, format  copied
 * encap         the space of an E format, else NULL
 *
 * A definition of the same name in the space loses its name and its code; the
 * code means the new option from now on.  NULL when the arena is full.
 */
const struct opt_def *optspace_add_def(struct optspace_universe *u,
    const struct opt_space *space, struct str name, uint32_t code, const char *format,
    const struct opt_space *encap);

/*
 * optspace_unknown - a nameless format X definition for a code nobody defined.
 *
 * It is not entered into the universe.  NULL when the arena is full.
 */
const struct opt_def *optspace_unknown(struct optspace_universe *u,
    const struct opt_space *space, uint32_t code);

#endif
