/* SPDX-License-Identifier: ISC */
/*
 * rules - a loaded rule file: rules, their regular expressions, their memory.
 *
 * One struct rules is one generation.  A reload builds the next one and swaps
 * when it is good; a bad file changes nothing.
 */
#ifndef TFTPD_RULES_H
#define TFTPD_RULES_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "tftpd/remap.h"

/* Largest rule file. */
#define RULES_FILE_MAX (4 * 1024 * 1024)

struct rules {
	struct remap remap;
	regex_t *regs;		/* REMAP_RULES_MAX, only used ones touched */
	uint32_t regs_n;
	struct arena arena;
};

enum rules_verdict {
	RULES_OK,
	RULES_UNREADABLE,	/* errno is in ret_error */
	RULES_BAD		/* every error was logged */
};

/*
 * rules_load - read and compile; errors in rules are logged.
 *
 * fd         open for reading; closed
 * ret        to be given to rules_free when RULES_OK
 */
enum rules_verdict rules_load(int fd, uint32_t steps_max, struct rules *ret,
    int *ret_error) MUST_CHECK;

/*
 * rules_free - give everything back; a zeroed struct is fine.
 */
void rules_free(struct rules *rules);

/*
 * rules_engine - what remap_apply wants; rules must live as long.
 */
struct remap_engine rules_engine(struct rules *rules);

#endif
