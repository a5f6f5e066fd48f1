/* SPDX-License-Identifier: ISC */
/*
 * confhost.h - hosts and groups.
 */
#ifndef DHCPD_CONFHOST_H
#define DHCPD_CONFHOST_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/confbuild.h"

/* confhost_parse - host NAME { .. }; true when a declaration. */
bool confhost_parse(struct parse *p, struct confbuild_block *b);

/* confhost_group - group [NAME] { .. }; true when a declaration. */
bool confhost_group(struct parse *p, struct confbuild_block *b);

/* confhost_hardware - hardware TYPE HEX; */
void confhost_hardware(struct parse *p, struct confbuild_block *b);

/* confhost_fixed - fixed-address and fixed-address6 */
void confhost_fixed(struct parse *p, struct confbuild_block *b, bool is_v6);

/* confhost_hw_type - number of a hardware type word, or -1. */
int confhost_hw_type(int token, struct str word);

#endif
