/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFSEC_H
#define HTTPD_CONFSEC_H

/*
 * confsec - one <Directory>, <Files>, <Location> or <If> section, compiled.
 */

#include <stdbool.h>
#include <stdint.h>

#include "httpd/conf.h"
#include "httpd/re.h"

enum confsec_kind {
	CONFSEC_DIR, CONFSEC_DIRMATCH, CONFSEC_FILES, CONFSEC_LOCATION,
	CONFSEC_IF, CONFSEC_ELSEIF, CONFSEC_ELSE,
};

struct expr;

struct conf_section {
	uint8_t kind;		/* confsec_kind */
	bool is_glob;		/* pattern has * ? or [ */
	uint16_t id;		/* unique in the configuration, from 1 */
	unsigned depth;		/* <Directory>: components of pattern, or
				 * slashes of an expression */
	unsigned order;		/* in the order of the files */
	struct str pattern;	/* without trailing slash, unless given so */
	const struct re *re;	/* instead of pattern */
	const struct expr *expr;	/* <If> */
	struct conf_dir dir;
	struct conf_sections files;	/* <Files> inside */
	struct conf_sections ifs;	/* <If> inside */
	struct conf_where where;
};

#endif
