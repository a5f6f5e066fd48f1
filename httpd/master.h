/* SPDX-License-Identifier: ISC */
/*
 * master - the process that owns sockets, logs and workers.
 *
 * It serves nothing itself.  It keeps root (if it has it) to open logs and
 * privileged ports again on a reload, and nothing from the network reaches it.
 */
#ifndef HTTPD_MASTER_H
#define HTTPD_MASTER_H

#include <stdbool.h>

#include "common/arena.h"
#include "httpd/conf.h"

struct master_opts {
	const struct conf_args *args;	/* to read the configuration again */
	const char *prog;	/* name in messages */
	const char *command;	/* whole command line, for the log */
	bool is_foreground;	/* do not detach */
	bool is_single;		/* -X: one worker */
	bool is_unguarded;	/* -D NO_SANDBOX */
	const char *stats;	/* --stats-file; NULL: none */
};

/*
 * master_load - read the configuration and print what is wrong with it.
 *
 * a      the generation's memory
 *
 * NULL when there were errors.
 */
const struct conf *master_load(const struct master_opts *opts,
    struct arena *a);

/*
 * master_run - open everything, detach, serve until told to stop.
 *
 * conf, a   from master_load
 *
 * Returns the exit status, in the workers too.
 */
int master_run(const struct master_opts *opts, const struct conf *conf,
    struct arena *a);

/*
 * master_inetd - serve the connection that is descriptor 0, then end.
 */
int master_inetd(const struct master_opts *opts, const struct conf *conf);

/*
 * master_user - who the workers become, by User and Group.
 *
 * ret_user is NULL when they stay what we are.  False after a message when a
 * name is not known.
 */
struct proc_user;
bool master_user(const struct master_opts *opts, const struct conf *conf,
    struct proc_user *buf, const struct proc_user **ret_user);

#endif
