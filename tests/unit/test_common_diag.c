/* SPDX-License-Identifier: ISC */
/*
 * diag: order, positions, counting, and what happens when the arena is full.
 */
#include "common/diag.h"
#include "tests/unit/t.h"

static uint8_t mem[8192];

START_TEST(keeps_order_and_place)
{
	struct diag_pos pos = { STR_INIT("f.conf"), STR_INIT("  bad"), 7, 3 };
	struct diag_entry *e;
	struct arena a;
	struct diag d;

	arena_init(&a, mem, sizeof(mem));
	diag_init(&d, &a);
	diag_add(&d, DIAG_ERROR, &pos, "expecting %s", "a semicolon");
	diag_add(&d, DIAG_WARNING, NULL, "odd");
	diag_add(&d, DIAG_NOTE, &pos, "%d", 5);
	ck_assert_int_eq((int)d.errors_n, 1);
	ck_assert_int_eq((int)d.warnings_n, 1);
	ck_assert_int_eq((int)d.lost_n, 0);
	e = d.first;
	ck_assert_msg(e->severity == DIAG_ERROR && e->pos.line == 7 &&
	    e->pos.col == 3 && str_eq(e->pos.file, STR("f.conf")) &&
	    str_eq(e->pos.src_line, STR("  bad")), "place");
	ck_assert_str_eq(e->text.p, "expecting a semicolon");
	e = e->next;
	ck_assert_msg(e->severity == DIAG_WARNING && e->pos.line == 0, "none");
	e = e->next;
	ck_assert_msg(e == d.last && e->next == NULL, "last");
	ck_assert_msg(str_eq(e->text, STR("5")), "note");
}
END_TEST

START_TEST(long_text_is_cut)
{
	char *text = malloc(DIAG_TEXT_MAX + 2);
	struct arena a;
	struct diag d;

	memset(text, 'x', DIAG_TEXT_MAX + 1);
	text[DIAG_TEXT_MAX + 1] = '\0';
	arena_init(&a, mem, sizeof(mem));
	diag_init(&d, &a);
	diag_add(&d, DIAG_ERROR, NULL, "%s", text + 1);
	diag_add(&d, DIAG_ERROR, NULL, "%s", text);
	ck_assert_int_eq((int)d.first->text.len, DIAG_TEXT_MAX);
	ck_assert_msg(str_eq(d.first->text, d.last->text), "cut to the same");
	free(text);
}
END_TEST

/* At each size of the arena: every entry there is whole, the rest counted. */
START_TEST(full_arena_counts)
{
	uint8_t *small = malloc((size_t)_i + 1);
	struct diag_entry *e;
	struct arena a;
	struct diag d;
	uint32_t n = 0;

	arena_init(&a, small, (size_t)_i);
	diag_init(&d, &a);
	for (int i = 0; i < 10; i++)
		diag_add(&d, DIAG_ERROR, NULL, "text");
	for (e = d.first; e != NULL; e = e->next, n++)
		ck_assert_str_eq(e->text.p, "text");
	ck_assert_int_eq((int)(n + d.lost_n), 10);
	ck_assert_int_eq((int)d.errors_n, 10);
	free(small);
}
END_TEST

T_MAIN("common_diag")
{
	T_ADD(keeps_order_and_place);
	T_ADD(long_text_is_cut);
	T_LOOP(full_arena_counts, 0, 900);
}
