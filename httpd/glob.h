/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_GLOB_H
#define HTTPD_GLOB_H

/*
 * glob - shell patterns: * ? [..] and a backslash that takes their meaning.
 */

#include <stdbool.h>

#include "common/str.h"

#define GLOB_PATH	0x01u	/* * ? [ never match a slash */
#define GLOB_PERIOD	0x02u	/* .. nor a period at the beginning */
#define GLOB_NOCASE	0x04u

/*
 * glob_match - whether the whole text fits the pattern.
 */
bool glob_match(struct str pattern, struct str text, unsigned flags);

#endif
