/* SPDX-License-Identifier: ISC */
/*
 * dirs.h - tables of directives, each with what is said about it.
 */
#ifndef TESTS_UNIT_DIRS_H
#define TESTS_UNIT_DIRS_H

#include "tests/unit/ht.h"

#define PREFIX "AH00526: Syntax error on line "

/*
 * S: outside all sections, D: in <Directory "/srv">.  An error in the usual form
 * is written as its line and text, anything else as it is; "": accepted.
 */
struct dirs_row {
	char where;
	const char *text, *said;
};

/* "2: text" for an error in the usual form. */
static inline const char *
dirs_shorter(const char *said)
{
	static char ret[8192];
	size_t n = strlen(PREFIX);
	const char *text = strchr(said, '\n');

	if (strncmp(said, PREFIX, n) != 0 || text == NULL)
		return said;
	(void)snprintf(ret, sizeof(ret), "%.*s: %s",
	    (int)strspn(said + n, "0123456789"), said + n, text + 1);
	return ret;
}

static inline void
dirs_check(const struct dirs_row *row)
{
	char text[512], got[8192];
	size_t n;

	(void)snprintf(text, sizeof(text), row->where == 'D' ?
	    "<Directory \"/srv\">\n%s\n</Directory>\n" : "%s\n", row->text);
	(void)ht_load(text);
	(void)snprintf(got, sizeof(got), "%s", dirs_shorter(ht_text));
	n = strlen(got);
	while (n > 0 && got[n - 1] == '\n')
		got[--n] = '\0';
	if (strcmp(got, row->said) != 0)
		printf("%s\n", row->text);
	ck_assert_str_eq(got, row->said);
}

/* Every directive that is accepted alone, in one text. */
static inline const char *
dirs_everything(const struct dirs_row *rows, size_t rows_n)
{
	static char all[65536];
	size_t n = 0;

	for (size_t i = 0; i < rows_n; i++) {
		/* these end the reading, or contradict another row */
		if (rows[i].said[0] != '\0' || strstr(rows[i].text, "Listen") ||
		    strstr(rows[i].text, "Virtual"))
			continue;
		n += (size_t)snprintf(all + n, sizeof(all) - n,
		    rows[i].where == 'D' ? "<Directory \"/srv/%zu\">\n%s\n"
		    "</Directory>\n" : "#%zu\n%s\n", i, rows[i].text);
		ck_assert_msg(n < sizeof(all), "all rows fit");
	}
	return all;
}

/* Memory that ends anywhere is an error with a text, never half a configuration. */
static inline void
dirs_memory(const struct dirs_row *rows, size_t rows_n)
{
	const char *all = dirs_everything(rows, rows_n);
	size_t need;

	ck_assert_msg(ht_load(all) != NULL, "%s", ht_text);
	need = ht_arena.len;
	for (ht_size = 1; ht_size < need; ht_size += 61) {
		ck_assert_msg(ht_load(all) == NULL &&
		    strstr(ht_text, "memory") != NULL, "%zu of %zu: %s", ht_size,
		    need, ht_text);
	}
	ht_size = need + 64;
	ck_assert_msg(ht_load(all) != NULL, "%s", ht_text);
}

#endif
