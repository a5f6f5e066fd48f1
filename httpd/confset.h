/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CONFSET_H
#define HTTPD_CONFSET_H

/*
 * confset - stores plain values, and the helpers all of them use.
 */

#include "httpd/confbuild.h"

struct expr;

/*
 * confset_value - carry out an implemented directive that is no section.
 */
void confset_value(struct confbuild *b, const struct conf_words *args);

/*
 * confset_mark - note that this level sets a field.
 */
void confset_mark(struct confbuild *b, unsigned field);

/*
 * confset_add_word - append to a list of words.
 */
void confset_add_word(struct confbuild *b, struct conf_words *list,
    struct str word);

/*
 * confset_add_ptr - append to any {pointers, count} pair.
 *
 * v, n   the two members
 */
void confset_add_ptr(struct confbuild *b, const void *const **v, unsigned *n,
    const void *item);

/*
 * confset_add - append a zeroed element of some size to {array, count}.
 *
 * The element, or NULL when the arena is full (said).
 */
void *confset_add(struct confbuild *b, const void **v, unsigned *n,
    size_t size);

/*
 * confset_time - "30", "30s", "500ms", "2min", "1h" in milliseconds.
 */
MUST_CHECK bool confset_time(struct str s, uint32_t *ret_ms);

/*
 * confset_regex - compile, or say what is wrong where.
 */
const struct re *confset_regex(struct confbuild *b, struct str pattern,
    bool nocase);

/*
 * confset_bool - On or Off; anything else is an error.
 */
bool confset_bool(struct confbuild *b, struct str word, bool *ret);

/*
 * confset_zstr - a copy that ends in NUL.
 */
const char *confset_zstr(struct confbuild *b, struct str s);

/*
 * confset_copy - a copy of a slice, NUL behind it.
 */
struct str confset_copy(struct confbuild *b, struct str s);

/*
 * confset_lower - the same in lower case.
 */
struct str confset_lower(struct confbuild *b, struct str s);

/*
 * confset_methods - METHOD words as a mask; unknown ones are errors.
 */
uint32_t confset_methods(struct confbuild *b, const struct conf_words *args,
    unsigned from);

/*
 * confset_expr - an expression (expr.h); NULL with an error.
 *
 * text   ${NAME} in it is replaced
 * before characters of the line that stand before it
 * what   is named in the error
 */
const struct expr *confset_expr(struct confbuild *b, struct str text,
    unsigned before, const char *what);

#endif
