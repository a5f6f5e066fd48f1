/* SPDX-License-Identifier: ISC */
/*
 * cgirun - running a script: pipes to and from it, its end, its time limit.
 */
#ifndef HTTPD_CGIRUN_H
#define HTTPD_CGIRUN_H

#include <stdbool.h>

#include "common/cc.h"
#include "httpd/conn.h"

/*
 * cgirun_start - start the script that x->route names.
 *
 * 0 with x->cgi set, or the status to answer with.
 */
int cgirun_start(struct xact *x) MUST_CHECK;

/*
 * cgirun_go - begin to move bytes, after cgirun_start.
 *
 * The connection may be gone afterwards.
 */
void cgirun_go(struct xact *x);

/*
 * cgirun_client - the client's socket is ready.
 */
void cgirun_client(struct conn *c, unsigned ready);

/*
 * cgirun_more - everything read from the script has been sent.
 *
 * True: wait, there will be more.  False: the answer is complete.
 */
bool cgirun_more(struct xact *x);

/*
 * cgirun_expire - the script (or the client's body) takes too long.
 */
void cgirun_expire(struct conn *c);

/*
 * cgirun_stop - let go of the script; it is told to end when it still runs,
 * and killed seconds later.
 */
void cgirun_stop(struct xact *x);

/*
 * cgirun_reaped - a child of the worker is gone.
 */
void cgirun_reaped(struct worker *w, int pid);

/*
 * cgirun_end_all - the worker ends: so do its scripts.
 */
void cgirun_end_all(struct worker *w);

#endif
