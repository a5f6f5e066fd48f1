/* SPDX-License-Identifier: ISC */
/*
 * vis: each byte's form, and that a lease string can be read back.
 */
#include "common/vis.h"
#include "tests/unit/t.h"

START_TEST(each_byte)
{
	uint8_t byte = (uint8_t)_i;
	char buf[8], want[8];
	struct wr wr;

	if (byte == '\\')
		snprintf(want, sizeof(want), "\\\\");
	else if (byte >= 32 && byte < 127)
		snprintf(want, sizeof(want), "%c", byte);
	else
		snprintf(want, sizeof(want), "\\%03o", byte);
	wr_init(&wr, buf, sizeof(buf));
	vis_log(&wr, &byte, 1);
	t_mem_eq(buf, wr.len, want, strlen(want));
	if (byte == '"')
		snprintf(want, sizeof(want), "\\\"");
	wr_cut(&wr, 0);
	vis_octal(&wr, &byte, 1);
	t_mem_eq(buf, wr.len, want, strlen(want));
}
END_TEST

START_TEST(runs_and_escapes_mix)
{
	static const char in[] = "plain \"q\" \\ \n\x7f\xff end";
	char *copy = t_dup(in, sizeof(in) - 1), buf[64];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	vis_octal(&wr, copy, sizeof(in) - 1);
	ck_assert_msg(str_eq(wr_as_str(&wr),
	    STR("plain \\\"q\\\" \\\\ \\012\\177\\377 end")), "octal");
	wr_cut(&wr, 0);
	vis_log(&wr, copy, sizeof(in) - 1);
	ck_assert_msg(str_eq(wr_as_str(&wr),
	    STR("plain \"q\" \\\\ \\012\\177\\377 end")), "log");
	free(copy);
}
END_TEST

START_TEST(full_buffer_fails)
{
	char buf[3];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	vis_log(&wr, "\n", 1);
	ck_assert_msg(!wr_ok(&wr) && wr.len == 0, "no half escape");
	wr_cut(&wr, 0);
	vis_log(&wr, NULL, 0);
	vis_octal(&wr, NULL, 0);
	ck_assert_msg(wr_ok(&wr) && wr.len == 0, "nothing is fine");
}
END_TEST

T_MAIN("common_vis")
{
	T_LOOP(each_byte, 0, 256);
	T_ADD(runs_and_escapes_mix);
	T_ADD(full_buffer_fails);
}
