/* SPDX-License-Identifier: ISC */
/*
 * confclass.h - classes and subclasses.
 */
#ifndef DHCPD_CONFCLASS_H
#define DHCPD_CONFCLASS_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/confbuild.h"

/*
 * confclass_parse - class, subclass, vendor-class, user-class.
 *
 * token  which of them, looked at
 *
 * True when a declaration.
 */
bool confclass_parse(struct parse *p, struct confbuild_block *b, int token);

#endif
