/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFMERGE_H
#define HTTPD_CONFMERGE_H

/*
 * confmerge - an inherited level and the level below it become one.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"

#include "httpd/conf.h"

/*
 * confmerge_is_set - whether a level says something about a field, DIRTAB_F_*.
 */
bool confmerge_is_set(const uint64_t set[CONF_SET_WORDS], unsigned field);

/*
 * confmerge_dir - lay a section over what was inherited.
 *
 * base  complete; changed in place to the result
 * over  only the fields marked in over->set count
 * a     for joined lists
 *
 * False when the arena is full; base is then unusable.
 */
MUST_CHECK bool confmerge_dir(struct conf_dir *base,
    const struct conf_dir *over, struct arena *a);

/*
 * confmerge_kin - the next sections are of this kin: those of one step of a
 * request, whose Require join each other before they join what was there.
 *
 * kin   above 0, which is the host's own level
 */
void confmerge_kin(struct conf_dir *base, uint8_t kin);

/*
 * confmerge_vhost - what a host inherits from the main server.
 *
 * vh  in: the host's own settings; out: complete
 *
 * Directory level (base) and sections are left alone.
 */
MUST_CHECK bool confmerge_vhost(struct conf_vhost *vh,
    const struct conf_vhost *main, struct arena *a);

#endif
