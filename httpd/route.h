/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ROUTE_H
#define HTTPD_ROUTE_H

/*
 * route - from host, path and configuration to what must be done.
 *
 * route_plan is pure: it asks the file system only through route_fs and
 * writes only into struct route and the turn's arena.  It decides access,
 * aliases, redirects, directory index, user directories and error documents;
 * what it says is what is to be sent.  The shell opens the file (by a walk
 * that keeps to route.links), and comes back with route_fail when that or a
 * script goes wrong.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/when.h"

#include "httpd/addr.h"
#include "httpd/conf.h"
#include "httpd/env.h"
#include "httpd/re.h"
#include "httpd/req.h"

#define ROUTE_PATH_MAX	4096	/* longest file name, NUL included */
#define ROUTE_SUBS_MAX	256	/* index names looked at for one request */

enum route_type { ROUTE_REG, ROUTE_DIR, ROUTE_LNK, ROUTE_OTHER };

struct route_stat {
	enum route_type type;
	uint32_t uid, gid, mode;
	uint64_t size, ino;
	int64_t mtime_ns;
};

/* How the shell answers questions; all return 0 or -errno. */
struct route_fs {
	void *ctx;
	/* stat(2), or lstat(2) when nofollow. */
	int (*stat)(void *ctx, const char *path, bool nofollow,
	    struct route_stat *ret);
	/* The text of a file, in a; or, when a is NULL, in memory for large
	 * files, where it stays until the next such call. */
	int (*read)(void *ctx, const char *path, struct arena *a,
	    struct str *ret);
	/* crypt(3): ret gets the hash of password under setting. */
	int (*crypt)(void *ctx, struct str password, struct str setting,
	    struct wr *ret);
	/* Home directory of a user. */
	int (*home)(void *ctx, struct str user, struct arena *a,
	    struct str *ret);
	/* Double reverse look-up of the client's name, for Require host.
	 * NULL: no names are known. */
	int (*name)(void *ctx, const struct addr *a, struct arena *arena,
	    struct str *ret);
};

/* A request as the router sees it.  Borrowed for the call. */
struct route_in {
	const struct conf *conf;
	const struct conf_vhost *vhost;
	const struct req *req;
	struct str path;	/* decoded, normalised, starts with / */
	struct str query;	/* raw, without ?; p NULL when there is none */
	struct str host;	/* of the request, as it came, may be empty;
				 * with its port */
	struct addr client;	/* of the connection */
	uint16_t client_port;
	struct addr local;
	uint16_t local_port;
	const struct when *now;
	int32_t utc_offset_s;	/* of local time, now */
	int64_t start_mono_ns;	/* when the request came, for %D; 0 unknown */
	unsigned depth;		/* internal redirects so far */
	bool is_get;		/* by them the method has become GET */
	bool must_exist;	/* looked up as an index: nothing for others */
};

enum route_kind {
	ROUTE_FILE,	/* send file (a handler may be set) */
	ROUTE_LIST,	/* directory page of file */
	ROUTE_REDIRECT,	/* status 3xx with location */
	ROUTE_ERROR,	/* built-in page of status */
	ROUTE_TEXT,	/* text with status (ErrorDocument) */
	ROUTE_CGI,	/* run file */
	ROUTE_STATUS,	/* mod_status page */
	ROUTE_OPTIONS,	/* empty answer with Allow */
	ROUTE_TRACE,	/* echo */
};

/* Which symbolic links the shell may follow when it opens route.file. */
enum route_links { ROUTE_LINKS_FOLLOW, ROUTE_LINKS_OWNER, ROUTE_LINKS_NONE };

/*
 * The plan.  Slices point into the turn's arena or the configuration.
 */
struct route {
	enum route_kind kind;
	uint16_t status;	/* 200, the 3xx, the error; what to send */
	uint16_t status_first;	/* before an ErrorDocument redirect (%<s) */
	const struct conf_dir *dir;
	const char *file;	/* NUL-terminated; NULL when none */
	struct route_stat st;	/* of file, for FILE, LIST and CGI */
	enum route_links links;
	struct str uri;		/* decoded URL path after index look-up */
	struct str uri_first;	/* before an error document (%U) */
	struct str path_info;	/* decoded, with its slash, or empty */
	struct str script;	/* CGI: SCRIPT_NAME */
	struct str query;	/* may differ after an internal redirect */
	const char *docroot;	/* CONTEXT_DOCUMENT_ROOT */
	struct str prefix;	/* CONTEXT_PREFIX */
	struct str location;	/* REDIRECT: absolute URL, encoded */
	struct str text;	/* TEXT: the body */
	struct str realm;	/* status 401: for WWW-Authenticate */
	struct str user;	/* name from Authorization, verified or not */
	bool has_user;		/* .. was given (may be empty) */
	bool user_ok;		/* .. and verified */
	uint8_t handler;	/* conf_handler */
	struct str handler_name;	/* %R: of the first plan, empty = none */
	struct env env;		/* SetEnvIf, SetEnv ..; notes for logs */
	struct addr client;	/* after RemoteIP* */
	struct str mac;		/* client's MAC from the leases or empty */
	bool has_lease;		/* dhcpd has leased the client's address */
	uint32_t allow;		/* OPTIONS, 405: METH_* bits */
	bool is_error_doc;	/* file stands for an error: no 304, 206 */
	bool is_static;		/* same (vhost, method, path): same plan, but
				 * for env when env_varies */
	bool env_varies;	/* keep the plan, call route_env each time */
	struct str method;	/* as the client wrote it */
	const char *log_module;	/* error_log: "core" .. */
	const char *log_id;	/* error_log: "AH00128" .. or NULL */
	const char *log_text;	/* .. and what to say: by route_log */
	const char *log_file;	/* .. what was refused, when file is that of */
	struct str log_uri;	/* .. an error document, and its path */
	int log_errno;		/* .. and why it failed, or 0: not in it */
	uint8_t log_level;	/* .. conf_level */
};

/*
 * route_host - the host that answers.
 *
 * local, port  where the connection came in
 * host         Host header or authority of the target, port included;
 *              empty when the request has none
 *
 * Never NULL: the first host of the address, or the main server.
 */
const struct conf_vhost *route_host(const struct conf *conf,
    const struct addr *local, uint16_t port, struct str host);

#define ROUTE_NODES_MAX	1024	/* merged section lists kept per worker */

/* A list of sections, merged: what came before, and one more section. */
struct route_node {
	uint32_t parent;
	uint16_t section;
	const struct conf_dir *dir;
};

/* What a worker keeps for routing, per generation of the configuration. */
struct route_work {
	struct re_scratch re;
	struct arena arena;	/* for merged levels */
	struct route_node nodes[ROUTE_NODES_MAX];
	uint16_t slots[2 * ROUTE_NODES_MAX];	/* node + 1, by hash */
	unsigned nodes_n;
	unsigned subs_n;	/* look-ups for this request's plan so far */
};

/*
 * route_work_init - forget what was kept; for a new configuration.
 *
 * mem, size  room for merged levels, 4 MiB is plenty; when it is used up,
 *            levels are merged anew for each request
 */
void route_work_init(struct route_work *work, void *mem, size_t size);

/*
 * route_plan - decide what one request gets.
 *
 * in     the request; in->depth 0 for one from the network
 * turn   memory of this request; grows by a few KiB
 * ret    the plan; always complete, an error is a plan too
 *
 * Lack of memory in turn gives status 500 and the built-in page.
 */
void route_plan(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *ret);

/*
 * route_sub - the same without error documents: for index files and entries
 * of listings, and the first half of route_plan.
 */
void route_sub(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *r);

/*
 * route_env - the variables and the client address of a kept plan for
 * another request to the same path.
 */
void route_env(const struct route_in *in, struct route_work *work,
    struct arena *turn, struct route *r);

/*
 * route_fail - the plan when carrying out r failed with a status.
 *
 * in      the same as for route_plan
 * r       the plan that failed; overwritten by the new one, which honours
 *         ErrorDocument once (a failing error document gives the plain page)
 * status  400 .. 599
 */
void route_fail(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct route *r,
    unsigned status);

/*
 * route_internal - the plan of another local path for the same request.
 *
 * target  URL path with an optional ?query, as a script's Location says
 * ret     in: the plan that led here, whose uri_first and handler_name stay
 *
 * The method becomes GET.  Counts against LimitInternalRecursion (500).
 */
void route_internal(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, struct str target,
    struct route *ret);

/*
 * route_visible - whether a listing shows an entry (no ShowForbidden).
 *
 * r     the ROUTE_LIST plan
 * name  the entry, without a slash; is_dir what it is
 *
 * False when a request for it would be refused with 401 or 403, or when that
 * could not be found out, which *ret_is_sure says.
 */
bool route_visible(const struct route_in *in, const struct route_fs *fs,
    struct route_work *work, struct arena *turn, const struct route *r,
    struct str name, bool is_dir, bool *ret_is_sure);

/*
 * route_log - the error_log text of a plan with a log_text.
 *
 * "AH00128: File does not exist: /x"; what a client sent is made printable.
 */
void route_log(const struct route *r, struct wr *w);

/*
 * route_self - scheme, host and port with which this server names itself.
 *
 * By UseCanonicalName; the port is left out when it is 80.  No trailing
 * slash.  Also gives %V and SERVER_NAME (ret_host, ret_port) when not NULL.
 */
void route_self(const struct route_in *in, const struct conf_dir *dir,
    struct wr *url, struct str *ret_host, uint16_t *ret_port);

#endif
