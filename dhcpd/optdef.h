/* SPDX-License-Identifier: ISC */
/*
 * optdef.h - definitions of options and option spaces.
 *
 * Core.
 */
#ifndef DHCPD_OPTDEF_H
#define DHCPD_OPTDEF_H

#include "dhcpd/optparse.h"

/*
 * optdef_option - "code N = TYPE ;" behind the name of an option; the word code
 * has been taken.
 */
void optdef_option(struct parse *p, const struct optparse_name *name);

/*
 * optdef_space - "NAME [code width N] [length width N] [hash size N] ;" behind
 * "option space".
 */
void optdef_space(struct parse *p);

#endif
