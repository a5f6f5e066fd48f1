/* SPDX-License-Identifier: ISC */
/*
 * optparse.h - option names, and option values by format.
 *
 * Core.
 */
#ifndef DHCPD_OPTPARSE_H
#define DHCPD_OPTPARSE_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/exprparse.h"
#include "dhcpd/parse.h"
#include "dhcpd/tree.h"

/* A name as it stands behind "option": what it may refer to. */
struct optparse_name {
	const struct opt_space *space;
	struct str name;		/* borrowed */
	const struct opt_def *def;	/* NULL = not defined (yet) */
};

/*
 * optparse_name - NAME or SPACE.NAME, defined or not.
 */
MUST_CHECK bool optparse_name(struct parse *p, struct optparse_name *ret);

/*
 * optparse_known - the same, and it must be defined.
 */
MUST_CHECK bool optparse_known(struct parse *p, const struct opt_def **ret);

/*
 * optparse_value - the values of an option by its format, as one data expression.
 *
 * *ret is NULL when a bare ";" stood there, which has been taken.
 */
MUST_CHECK bool optparse_value(struct parse *p, const struct opt_def *def,
    const struct expr **ret);

#endif
