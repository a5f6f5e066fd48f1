/* SPDX-License-Identifier: ISC */
/*
 * confstart.h - the start-up evaluation of a generation, for conf.c.
 */
#ifndef DHCPD_CONFSTART_H
#define DHCPD_CONFSTART_H

#include "common/cc.h"
#include "dhcpd/conf.h"

/*
 * confstart_run - see conf_start.
 */
MUST_CHECK enum conf_result confstart_run(struct conf *conf, struct expr_env *env,
    struct msgs *msgs);

#endif
