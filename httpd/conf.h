/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONF_H
#define HTTPD_CONF_H

/*
 * conf - the server's configuration in the shape in which it is used.
 *
 * One struct conf is one generation: everything it points at lies in one
 * arena and lives until that arena is dropped.  A reload builds a new one on
 * the side.  Nothing in it changes after conf_load has returned.
 *
 * Two levels: struct conf_vhost holds what is decided by address and host
 * name, struct conf_dir what <Directory>, <Files>, <Location> and .htaccess
 * may change.  A request is served by exactly one conf_dir, which route_plan
 * has merged (or found merged) for it; every field in it then has a value,
 * the defaults included.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/str.h"

#include "httpd/addr.h"

struct access_node;	/* Require ..: access.h */
struct access_compat;	/* Order, Allow, Deny, Satisfy: access.h */
struct alog_fmt;	/* compiled LogFormat: alog.h */
struct mime_table;	/* TypesConfig file: mime.h */
struct conf_rule;	/* SetEnvIf, Header, Expires: rule.h */
struct conf_section;	/* one <Directory> .. <LocationMatch>: confsec.h */
struct conf_alias;	/* Alias, ScriptAlias, Redirect ..: alias.h */
struct mac_map;		/* DhcpLeases: mac.h */

/* The Apache version that <IfVersion> compares with and that Server names. */
#define CONF_APACHE_VERSION	"2.4.62"

/* A directive's place, for messages after loading. */
struct conf_where {
	const char *file;
	unsigned line;
};

/* Words of a directive, in the order of the file. */
struct conf_words {
	const struct str *v;
	unsigned n;
};

/* One Listen line. */
struct conf_listen {
	struct addr addr;	/* unset family: any address */
	uint16_t port;
	bool is_https;		/* "https" was named; refused at load */
	struct conf_where where;
};

/* Where a log goes. */
enum conf_logkind {
	CONF_LOG_FILE,		/* target = absolute file name */
	CONF_LOG_PIPE,		/* target = command */
	CONF_LOG_PIPE_SHELL,	/* target = command for /bin/sh -c ("|$") */
	CONF_LOG_SYSLOG,	/* facility, tag; target unused */
};

struct conf_logto {
	enum conf_logkind kind;
	const char *target;
	const char *facility;	/* syslog: name such as "local7" */
	const char *tag;	/* syslog: NULL = program name */
};

/* One CustomLog, TransferLog or GlobalLog. */
struct conf_log {
	struct conf_logto to;
	const struct alog_fmt *fmt;
	struct str env;		/* only requests with this variable set */
	bool env_not;		/* .. or not set; env.len 0 = every request */
	struct conf_where where;
};

/* Levels in Apache's order; syslog's numbers up to debug. */
enum conf_level {
	CONF_LEVEL_EMERG, CONF_LEVEL_ALERT, CONF_LEVEL_CRIT, CONF_LEVEL_ERROR,
	CONF_LEVEL_WARN, CONF_LEVEL_NOTICE, CONF_LEVEL_INFO, CONF_LEVEL_DEBUG,
	CONF_LEVEL_TRACE1, CONF_LEVEL_TRACE8 = CONF_LEVEL_TRACE1 + 7,
};

enum conf_tokens {
	CONF_TOKENS_FULL, CONF_TOKENS_PROD, CONF_TOKENS_MAJOR,
	CONF_TOKENS_MINOR, CONF_TOKENS_MIN, CONF_TOKENS_OS,
};

enum conf_slashes {	/* AllowEncodedSlashes */
	CONF_SLASHES_OFF, CONF_SLASHES_ON, CONF_SLASHES_NODECODE,
};

enum conf_onoff3 {
	CONF_OFF, CONF_ON, CONF_THIRD,
};
#define CONF_CANONICAL_DNS	CONF_THIRD	/* UseCanonicalName DNS */
#define CONF_LOOKUP_DOUBLE	CONF_THIRD	/* HostnameLookups Double */
#define CONF_TRACE_EXTENDED	CONF_THIRD	/* TraceEnable extended */
#define CONF_SIGNATURE_EMAIL	CONF_THIRD	/* ServerSignature EMail */
#define CONF_PATHINFO_DEFAULT	CONF_THIRD	/* AcceptPathInfo Default */

/* RequestReadTimeout, one stage.  first_ms 0: no limit. */
struct conf_reqtimeout {
	uint32_t first_ms;
	uint32_t max_ms;	/* 0: never beyond first without a rate */
	uint32_t min_rate;	/* bytes per second that extend it, 0 none */
};

/* Options. */
#define CONF_OPT_INDEXES	0x01u
#define CONF_OPT_FOLLOW		0x02u	/* FollowSymLinks */
#define CONF_OPT_OWNER		0x04u	/* SymLinksIfOwnerMatch */
#define CONF_OPT_EXECCGI	0x08u
#define CONF_OPT_MULTIVIEWS	0x10u
#define CONF_OPT_INCLUDES	0x20u
#define CONF_OPT_INCNOEXEC	0x40u

/* FileETag. */
#define CONF_ETAG_INODE		0x01u
#define CONF_ETAG_MTIME		0x02u
#define CONF_ETAG_SIZE		0x04u
#define CONF_ETAG_DIGEST	0x08u

/* IndexOptions; names as in the manual. */
#define CONF_IX_FANCY		0x000001u
#define CONF_IX_HTMLTABLE	0x000002u
#define CONF_IX_VERSIONSORT	0x000004u
#define CONF_IX_FOLDERSFIRST	0x000008u
#define CONF_IX_IGNORECASE	0x000010u
#define CONF_IX_IGNORECLIENT	0x000020u
#define CONF_IX_SUP_SORTING	0x000040u	/* SuppressColumnSorting */
#define CONF_IX_SUP_DESC	0x000080u
#define CONF_IX_SUP_PREAMBLE	0x000100u	/* SuppressHTMLPreamble */
#define CONF_IX_SUP_ICON	0x000200u
#define CONF_IX_SUP_LASTMOD	0x000400u
#define CONF_IX_SUP_RULES	0x000800u
#define CONF_IX_SUP_SIZE	0x001000u
#define CONF_IX_ICONLINKS	0x002000u	/* IconsAreLinks */
#define CONF_IX_SCANTITLES	0x004000u	/* ScanHTMLTitles */
#define CONF_IX_SHOWFORBIDDEN	0x008000u
#define CONF_IX_TRACKMODIFIED	0x010000u
#define CONF_IX_XHTML		0x020000u
#define CONF_IX_USEOLDDATE	0x040000u	/* UseOldDateFormat */

/* A list to match a directory entry against, later entries first tried last:
 * take the first match from index 0 on.  match is what the user wrote. */
enum conf_ixkind {
	CONF_IXK_NAME,		/* shell pattern, suffix or ^^TOKEN^^ */
	CONF_IXK_TYPE,		/* media type pattern */
	CONF_IXK_ENCODING,
};

struct conf_ixitem {
	enum conf_ixkind kind;
	struct str match;
	struct str value;	/* icon path, alt text or description */
	struct str alt;		/* AddIcon (ALT,path): ALT, else empty */
};

struct conf_ixlist {
	const struct conf_ixitem *const *v;
	unsigned n;
};

#define CONF_IX_WIDTH_AUTO	UINT16_MAX	/* 23 + suppressed columns */

#define CONF_IX_SORT_NAME	'N'
#define CONF_IX_SORT_DATE	'M'
#define CONF_IX_SORT_SIZE	'S'
#define CONF_IX_SORT_DESC	'D'

/* What a listing page needs. */
struct conf_index {
	uint32_t opts;		/* CONF_IX_* */
	uint32_t opts_add, opts_del;	/* while merging only */
	bool opts_plain;		/* while merging only */
	uint16_t name_width;	/* 0 = as wide as the longest (*) */
	uint16_t desc_width;	/* the same, or CONF_IX_WIDTH_AUTO */
	uint16_t icon_width, icon_height;	/* 0 = not said */
	char sort_key;		/* CONF_IX_SORT_* */
	bool sort_desc;
	struct str charset;	/* empty: ISO-8859-1 */
	struct str type;	/* empty: text/html */
	struct str header_name, readme_name;
	struct str style_sheet, head_insert, default_icon;
	struct conf_words ignore;
	bool ignore_reset;	/* while merging only */
	struct conf_ixlist icons, alts, descs;
};

/* AddType and its kin: one file name extension, without its dot. */
enum conf_extkind {
	CONF_EXT_TYPE, CONF_EXT_ENCODING, CONF_EXT_LANGUAGE,
	CONF_EXT_CHARSET, CONF_EXT_HANDLER,
	CONF_EXT_NKINDS
};

struct conf_ext {
	struct str ext;			/* lower case, no dot */
	struct str value[CONF_EXT_NKINDS];	/* p NULL: says nothing;
						 * p set, len 0: removed */
};

/* Sorted by ext (str_cmp); at most one entry per extension. */
struct conf_exts {
	const struct conf_ext *v;
	unsigned n;
};

enum conf_errkind {
	CONF_ERR_TEXT,		/* body to send, text/html iso-8859-1 */
	CONF_ERR_PATH,		/* local URL path */
	CONF_ERR_URL,		/* full URL: 302 there */
	CONF_ERR_DEFAULT,	/* "default": the built-in page */
};

struct conf_errdoc {
	uint16_t status;
	enum conf_errkind kind;
	struct str doc;
};

struct conf_errdocs {
	const struct conf_errdoc *v;
	unsigned n;
};

struct conf_rules {
	const struct conf_rule *const *v;
	unsigned n;
};

struct conf_aliases {
	const struct conf_alias *const *v;
	unsigned n;
};

struct conf_nets {
	const struct addr_net *v;
	unsigned n;
};

/* LimitInternalRecursion, MaxRanges ..: this value means no limit. */
#define CONF_UNLIMITED	UINT32_MAX

/* AuthType. */
enum conf_authtype {
	CONF_AUTH_NONE, CONF_AUTH_BASIC,
};

/* Handler names that exist here. */
enum conf_handler {
	CONF_HANDLER_NONE,	/* by file type: the file itself */
	CONF_HANDLER_CGI,	/* cgi-script */
	CONF_HANDLER_STATUS,	/* server-status */
	CONF_HANDLER_ASIS,	/* send-as-is */
	CONF_HANDLER_DEFAULT,	/* default-handler */
};

struct conf_sections {
	const struct conf_section *const *v;
	unsigned n;
};

#define CONF_SET_WORDS	3

/*
 * What directory-like contexts may change.  While loading, `set` says which
 * table rows were given at this level (bit = field number of dirtab.h); in a
 * conf_dir that came out of route_plan it is of no interest.
 */
struct conf_dir {
	uint64_t set[CONF_SET_WORDS];

	uint8_t options;		/* CONF_OPT_* */
	uint8_t options_add, options_del;	/* while merging only */
	bool options_plain, etag_plain;		/* while merging only */
	uint8_t override;		/* AllowOverride: DIRTAB_OV_* */
	uint8_t override_opts;		/* Options=..: CONF_OPT_* allowed */
	bool override_nonfatal;		/* unknown ones are ignored */
	struct conf_words override_list;	/* AllowOverrideList */

	struct conf_words index;	/* DirectoryIndex; n 0 = disabled */
	bool dir_slash;			/* DirectorySlash */
	uint16_t index_redirect;	/* DirectoryIndexRedirect, 0 = off */
	struct str fallback;		/* FallbackResource, len 0 = none */
	uint8_t path_info;		/* AcceptPathInfo: conf_onoff3 */
	struct conf_index ix;

	struct conf_exts exts;		/* AddType .. RemoveHandler */
	struct str force_type;		/* ForceType, len 0 = none */
	struct str default_type;	/* DefaultType, len 0 = none */
	struct str default_lang;	/* DefaultLanguage */
	struct str default_charset;	/* AddDefaultCharset, len 0 = off */
	uint8_t handler;		/* SetHandler: conf_handler */

	uint8_t etag;			/* FileETag: CONF_ETAG_* */
	uint8_t etag_add, etag_del;	/* while merging only */
	uint32_t max_ranges, max_overlaps, max_reversals;
	uint64_t body_max;		/* LimitRequestBody, 0 = no limit */
	uint32_t cgi_timeout_ms;	/* 0 = Timeout */
	bool sendfile, mmap_files;

	struct conf_errdocs errdocs;
	uint8_t signature;		/* conf_onoff3 */
	uint8_t canonical_name;		/* conf_onoff3 */
	uint8_t lookups;		/* HostnameLookups: conf_onoff3 */
	uint8_t log_level;		/* conf_level */
	bool redirect_relative;
	bool alias_rest;	/* AliasPreservePath */

	bool expires_active;
	struct conf_rules expires;	/* ExpiresDefault, ExpiresByType */
	struct conf_rules headers;	/* Header */
	struct conf_rules req_headers;	/* RequestHeader */
	struct conf_rules setenv;	/* SetEnv, PassEnv, UnsetEnv */
	struct conf_rules setenvif;	/* SetEnvIf, BrowserMatch */

	uint8_t auth_type;		/* conf_authtype */
	bool forbid_on_failure;	/* AuthzSendForbiddenOnFailure */
	uint8_t auth_merging;		/* conf_onoff3: Off, And, Or */
	struct str realm;		/* AuthName */
	const char *user_file, *group_file;
	const struct access_node *require;	/* NULL: nothing asked */
	const struct access_node *require_own;	/* of sections of this kin */
	const struct access_node *require_outer;	/* of those before them */
	uint8_t kin;			/* see confmerge_kin */
	const struct access_compat *compat;	/* NULL: nothing asked */
	uint32_t methods;		/* AllowMethods bits, 0 = all */
	struct conf_aliases redirects;	/* Redirect here */
};

/*
 * A host.  conf->vhost[0] is the main server.  Everything inherited from it
 * has been merged in.
 */
struct conf_vhost {
	uint64_t set[CONF_SET_WORDS];	/* as in conf_dir */
	struct str name;		/* ServerName, lower case; may be "" */
	uint16_t port;			/* of ServerName, 0 = none given */
	bool name_is_https;		/* ServerName https://.. */
	struct conf_words aliases;	/* ServerAlias without wildcards */
	struct conf_words wilds;	/* ServerAlias with * or ? */
	struct str path;		/* ServerPath */
	struct conf_where where;

	struct str admin;		/* ServerAdmin */
	const char *docroot;		/* absolute, no trailing slash */

	bool keepalive;
	uint32_t keepalive_max;		/* MaxKeepAliveRequests, 0 = any */
	uint32_t keepalive_ms, timeout_ms;
	struct conf_reqtimeout read_head, read_body;
	uint32_t line_max, fields_max, field_size_max;
	uint32_t redirects_max;		/* LimitInternalRecursion */
	uint8_t trace;			/* conf_onoff3 */
	uint8_t slashes;		/* conf_slashes */
	bool merge_slashes;
	bool http09;			/* HttpProtocolOptions Allow0.9 */
	bool methods_registered;	/* .. RegisteredMethods */

	struct conf_logto errlog;
	const struct conf_log *logs;
	unsigned logs_n, logs_need;	/* ALOG_NEEDS_* of all of them */

	struct conf_words access_files;	/* AccessFileName */
	struct conf_aliases aliases_v;	/* Alias ..; Redirect is in base */
	struct conf_words userdir;	/* patterns, tried in order */
	struct conf_words userdir_on, userdir_off;
	bool userdir_disabled;		/* all, but for userdir_on */

	struct str remoteip_header;	/* RemoteIPHeader, len 0 = none */
	struct conf_nets remoteip_trust;	/* Internal + Trusted */

	struct conf_dir base;		/* server level, defaults merged */
	struct conf_sections dirs;	/* <Directory>, in merge order */
	struct conf_sections dirmatch;	/* <Directory ~>, <DirectoryMatch> */
	struct conf_sections files;	/* <Files>, <FilesMatch> */
	struct conf_sections locations;	/* <Location>, <LocationMatch> */
	struct conf_sections ifs;	/* <If> */
};

/* An address that <VirtualHost> claims, and its hosts in file order. */
struct conf_bind {
	struct addr addr;		/* unset family: *, _default_ */
	uint16_t port;			/* 0: every port */
	const uint16_t *vhosts;
	unsigned vhosts_n;
};

struct conf {
	const char *file;		/* main configuration file */
	const char *root;		/* ServerRoot */
	const char *pidfile;
	const char *user, *group;	/* NULL: keep what we are */
	const char *runtime_dir;
	uint8_t tokens;			/* conf_tokens */
	uint32_t backlog;
	uint32_t clients_max;		/* MaxRequestWorkers, 0 = not said */
	uint32_t graceful_ms;		/* GracefulShutdownTimeout */
	bool buffered_logs;
	bool extended_status;
	struct conf_where docroot_where, user_where, group_where;

	const struct conf_listen *listens;
	unsigned listens_n;
	const struct conf_vhost *vhosts;	/* [0] = main server */
	unsigned vhosts_n;
	const struct conf_bind *binds;
	unsigned binds_n;

	const struct mime_table *types;	/* NULL: none could be read */
	const char *types_file;
	const char *leases_file;	/* DhcpLeases, NULL = not used */

	struct conf_words modules;	/* LoadModule names, file order */
	struct conf_words defines;	/* names given by Define and -D */
	struct conf_words includes;	/* DUMP_INCLUDES: a line per file */
	bool needs_names;		/* some rule asks for host names */
};

/*
 * What the outside must answer while a configuration is read.  The real one
 * is confio.c; tests give their own.
 */
struct conf_io {
	void *arg;
	/* Whole file into the arena.  0 or -errno (-EFBIG beyond a cap). */
	int (*read)(void *arg, struct arena *a, const char *path,
	    struct str *ret);
	/* 0 a plain file, 1 a directory, or -errno. */
	int (*kind)(void *arg, const char *path);
	/* Names in a directory without . and .., any order.  0 or -errno. */
	int (*list)(void *arg, struct arena *a, const char *dir,
	    struct conf_words *ret);
	/* Address of a host name.  0 or -errno. */
	int (*resolve)(void *arg, const char *name, struct addr *ret);
	/* A variable of the environment or NULL. */
	const char *(*env)(void *arg, const char *name);
	/* What a -errno of these means. */
	const char *(*why)(void *arg, int err);
};

/* Command line and build facts that a configuration depends on. */
struct conf_args {
	const char *file;		/* -f, as given; relative to root */
	const char *root;		/* -d or the built-in ServerRoot */
	const char *pidfile;		/* built-in default */
	const char *types_file;		/* built-in default of TypesConfig */
	const char *const *defines;	/* -D names */
	unsigned defines_n;
	const char *const *before;	/* -C directives */
	unsigned before_n;
	const char *const *after;	/* -c directives */
	unsigned after_n;
	bool skip_docroot;		/* -T */
};

/*
 * conf_load - read a configuration and everything it includes.
 *
 * args   where to begin
 * io     answers from outside; called only while this runs
 * a      the generation's arena; holds everything ret points at
 * diag   errors and warnings, in the order of the files
 * ret    the configuration; untouched when false is returned
 *
 * False when there was any error; diag then has at least one.
 */
bool conf_load(const struct conf_args *args, const struct conf_io *io,
    struct arena *a, struct diag *diag, const struct conf **ret);

#endif
