/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_DIRTAB_H
#define HTTPD_DIRTAB_H

/*
 * dirtab - every directive of Apache 2.2 and 2.4, one row each.
 *
 * A row says where the directive may stand, how many words it takes, what
 * kind of value they are, where the value goes and how levels are merged;
 * or that it is accepted without effect, or refused and why.  Parser,
 * .htaccess, merging, `httpd -L`, the fuzzer's dictionary and the check of
 * the manual page read these rows.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"

/* Where a directive may stand. */
#define DIRTAB_S	0x01u	/* server */
#define DIRTAB_V	0x02u	/* <VirtualHost> */
#define DIRTAB_D	0x04u	/* <Directory>, <Files>, <Location> .. */
#define DIRTAB_H	0x08u	/* .htaccess */

/* AllowOverride classes. */
#define DIRTAB_OV_AUTH		0x01u
#define DIRTAB_OV_FILEINFO	0x02u
#define DIRTAB_OV_INDEXES	0x04u
#define DIRTAB_OV_LIMIT		0x08u
#define DIRTAB_OV_OPTIONS	0x10u
#define DIRTAB_OV_ALL		0x1fu

#define DIRTAB_MANY		255u	/* max: any number of words */

/* What becomes of a directive. */
enum dirtab_treat {
	DIRTAB_IMPLEMENT,
	DIRTAB_IGNORE,		/* accepted, no effect */
	DIRTAB_REJECT,		/* refused by name, with note as reason */
};

/*
 * Kinds of value.  The first group is stored by confset.c from offset and
 * note alone; each of the others has its own function.
 */
enum dirtab_kind {
	DIRTAB_K_NONE,
	/* one word, stored at the field's offset */
	DIRTAB_K_FLAG,		/* bool: On, Off */
	DIRTAB_K_ENUM,		/* uint8_t: position in note "A|B|C" */
	DIRTAB_K_U32,		/* uint32_t, not negative */
	DIRTAB_K_U64,
	DIRTAB_K_TIME,		/* uint32_t ms: seconds, or with ms, s, min */
	DIRTAB_K_STR,		/* struct str */
	DIRTAB_K_TYPE,		/* struct str in lower case; "none" empties it */
	DIRTAB_K_STRZ,		/* const char * */
	DIRTAB_K_PATH,		/* const char *, below ServerRoot */
	DIRTAB_K_WORDS,		/* struct conf_words, added to */
	/* directory level */
	DIRTAB_K_ALLOW, DIRTAB_K_ORDER, DIRTAB_K_SATISFY, DIRTAB_K_REQUIRE,
	DIRTAB_K_AUTHORITATIVE, DIRTAB_K_AUTHTYPE, DIRTAB_K_PROVIDER,
	DIRTAB_K_CHARSET, DIRTAB_K_DEFAULTTYPE, DIRTAB_K_DIRINDEX,
	DIRTAB_K_ERRDOC, DIRTAB_K_ETAG, DIRTAB_K_EXPIRES, DIRTAB_K_EXT,
	DIRTAB_K_EXT_REMOVE, DIRTAB_K_FALLBACK, DIRTAB_K_FILTER,
	DIRTAB_K_HANDLER, DIRTAB_K_HEADER, DIRTAB_K_IXIGNORE,
	DIRTAB_K_IXITEM, DIRTAB_K_IXOPTIONS, DIRTAB_K_IXORDER,
	DIRTAB_K_IXREDIRECT, DIRTAB_K_IXRESET, DIRTAB_K_LOGLEVEL,
	DIRTAB_K_METHODS, DIRTAB_K_OPTIONS, DIRTAB_K_OVERRIDE,
	DIRTAB_K_OVERRIDE_LIST, DIRTAB_K_RANGES, DIRTAB_K_REDIRECT,
	DIRTAB_K_SETENV, DIRTAB_K_SETENVIF,
	/* server level */
	DIRTAB_K_ALIAS, DIRTAB_K_DEFINE, DIRTAB_K_DOCROOT, DIRTAB_K_ERRLOG,
	DIRTAB_K_ERRLOGFORMAT, DIRTAB_K_ERROR, DIRTAB_K_HTTPOPTS, DIRTAB_K_INCLUDE,
	DIRTAB_K_LISTEN, DIRTAB_K_LOADMODULE, DIRTAB_K_LOG,
	DIRTAB_K_LOGFORMAT, DIRTAB_K_NAMEVHOST, DIRTAB_K_OFF_ONLY,
	DIRTAB_K_READTIMEOUT, DIRTAB_K_REMOTEIP, DIRTAB_K_SERVERALIAS,
	DIRTAB_K_SERVERNAME, DIRTAB_K_SERVERPATH, DIRTAB_K_SERVERROOT,
	DIRTAB_K_SUEXEC,
	DIRTAB_K_TOKENS, DIRTAB_K_USERDIR,
	/* sections */
	DIRTAB_K_SECTION, DIRTAB_K_SEC_COND, DIRTAB_K_SEC_IF,
	DIRTAB_K_SEC_LIMIT, DIRTAB_K_SEC_REQUIRE, DIRTAB_K_SEC_SKIP,
	DIRTAB_K_SEC_VHOST,
};

/* Which structure a field is in. */
enum dirtab_level { DIRTAB_L_CONF, DIRTAB_L_VHOST, DIRTAB_L_DIR };

/* How a level's value and the inherited one become one. */
enum dirtab_merge {
	DIRTAB_M_REPLACE,	/* the level's own value wins */
	DIRTAB_M_OWN,		/* not inherited at all */
	DIRTAB_M_JOIN,		/* how the rules of DIRTAB_M_ACCESS join */
	DIRTAB_M_FIRST,		/* pointers: own ones before inherited */
	DIRTAB_M_LAST,		/* pointers: own ones after inherited */
	DIRTAB_M_OPTIONS,	/* + and - edit the inherited set */
	DIRTAB_M_ETAG,
	DIRTAB_M_IXOPTS,
	DIRTAB_M_IXIGNORE,	/* words, or reset */
	DIRTAB_M_EXTS,		/* by extension and kind */
	DIRTAB_M_ERRDOCS,	/* by status */
	DIRTAB_M_ACCESS,	/* Require by AuthMerging, Order as a unit */
};

/* Every field that directives set; the value is its bit in conf_dir.set. */
enum dirtab_field {
	DIRTAB_F_NONE,
	/* conf */
	DIRTAB_F_BACKLOG, DIRTAB_F_BUFFERED, DIRTAB_F_CLIENTS_MAX,
	DIRTAB_F_EXTENDED, DIRTAB_F_GRACEFUL, DIRTAB_F_GROUP,
	DIRTAB_F_LEASES, DIRTAB_F_PIDFILE, DIRTAB_F_RUNTIME,
	DIRTAB_F_TOKENS, DIRTAB_F_TYPES, DIRTAB_F_USER,
	/* host */
	DIRTAB_F_ACCESS_FILES, DIRTAB_F_ADMIN, DIRTAB_F_ALIASES,
	DIRTAB_F_DOCROOT, DIRTAB_F_ERRLOG, DIRTAB_F_FIELDS_MAX,
	DIRTAB_F_FIELD_SIZE, DIRTAB_F_HTTP09, DIRTAB_F_KEEPALIVE,
	DIRTAB_F_KEEPALIVE_MAX, DIRTAB_F_KEEPALIVE_MS, DIRTAB_F_LINE_MAX,
	DIRTAB_F_LOGS, DIRTAB_F_MERGE_SLASHES, DIRTAB_F_READTIMEOUT,
	DIRTAB_F_READTIMEOUT_BODY, DIRTAB_F_RECURSION, DIRTAB_F_METHODS_REG,
	DIRTAB_F_REMOTEIP, DIRTAB_F_REMOTEIP_TRUST, DIRTAB_F_SERVER_ALIAS,
	DIRTAB_F_SERVER_NAME, DIRTAB_F_SERVER_PATH, DIRTAB_F_SLASHES,
	DIRTAB_F_TIMEOUT, DIRTAB_F_TRACE, DIRTAB_F_USERDIR,
	DIRTAB_F_USERDIR_ON, DIRTAB_F_USERDIR_OFF, DIRTAB_F_USERDIR_DIS,
	/* directory */
	DIRTAB_F_ACCESS, DIRTAB_F_ALIAS_REST, DIRTAB_F_AUTH_MERGING, DIRTAB_F_AUTH_TYPE,
	DIRTAB_F_BODY_MAX, DIRTAB_F_CANONICAL, DIRTAB_F_CGI_TIMEOUT,
	DIRTAB_F_DEFAULT_CHARSET, DIRTAB_F_DEFAULT_LANG,
	DIRTAB_F_DEFAULT_TYPE, DIRTAB_F_DIR_SLASH, DIRTAB_F_ERRDOCS,
	DIRTAB_F_ETAG, DIRTAB_F_EXPIRES, DIRTAB_F_EXPIRES_ACTIVE,
	DIRTAB_F_EXTS, DIRTAB_F_FALLBACK, DIRTAB_F_FORBID,
	DIRTAB_F_FORCE_TYPE, DIRTAB_F_GROUP_FILE, DIRTAB_F_HANDLER,
	DIRTAB_F_HEADERS, DIRTAB_F_INDEX, DIRTAB_F_INDEX_REDIRECT,
	DIRTAB_F_IX_ALTS, DIRTAB_F_IX_CHARSET, DIRTAB_F_IX_DESCS,
	DIRTAB_F_IX_HEADER, DIRTAB_F_IX_ICON, DIRTAB_F_IX_ICONS,
	DIRTAB_F_IX_IGNORE, DIRTAB_F_IX_INSERT, DIRTAB_F_IX_OPTS,
	DIRTAB_F_IX_ORDER, DIRTAB_F_IX_ORDER_DESC, DIRTAB_F_IX_README,
	DIRTAB_F_IX_STYLE, DIRTAB_F_IX_TYPE, DIRTAB_F_IX_ICON_W,
	DIRTAB_F_IX_ICON_H, DIRTAB_F_IX_NAME_W, DIRTAB_F_IX_DESC_W,
	DIRTAB_F_LOG_LEVEL, DIRTAB_F_LOOKUPS, DIRTAB_F_MAX_OVERLAPS,
	DIRTAB_F_MAX_RANGES, DIRTAB_F_MAX_REVERSALS, DIRTAB_F_METHODS,
	DIRTAB_F_MMAP, DIRTAB_F_OPTIONS, DIRTAB_F_OVERRIDE,
	DIRTAB_F_OVERRIDE_LIST, DIRTAB_F_OVERRIDE_NF, DIRTAB_F_OVERRIDE_OPTS,
	DIRTAB_F_PATH_INFO, DIRTAB_F_REALM, DIRTAB_F_REDIRECTS,
	DIRTAB_F_REDIRECT_RELATIVE, DIRTAB_F_REQ_HEADERS,
	DIRTAB_F_SENDFILE, DIRTAB_F_SETENV, DIRTAB_F_SETENVIF,
	DIRTAB_F_SIGNATURE, DIRTAB_F_USER_FILE,
	DIRTAB_F_COUNT
};

struct dirtab_slot {
	uint8_t level;		/* dirtab_level */
	uint8_t merge;		/* dirtab_merge */
	uint16_t offset, size;	/* in the structure of the level */
};

struct dirtab_row {
	const char *name;	/* sections: "<Directory" */
	const char *module;
	uint8_t contexts;	/* DIRTAB_S .. */
	uint8_t override;	/* DIRTAB_OV_*: what allows it in .htaccess */
	uint8_t min, max;	/* words */
	uint8_t treat;		/* dirtab_treat */
	uint8_t kind;		/* dirtab_kind */
	uint8_t field;		/* dirtab_field */
	/* ENUM: words; number: what is said of 0, if that is none; rejected: why */
	const char *note;
};

/*
 * dirtab_find - the row of a directive; case-blind, NULL when unknown.
 */
const struct dirtab_row *dirtab_find(struct str name);

/*
 * dirtab_row - the i-th row in alphabetical order; NULL behind the last.
 */
const struct dirtab_row *dirtab_row(unsigned i);

/*
 * dirtab_slot - where a field is.
 */
const struct dirtab_slot *dirtab_slot(unsigned field);

/*
 * dirtab_reason - why a row is refused, in one sentence without full stop.
 */
const char *dirtab_reason(const struct dirtab_row *row);

#endif
