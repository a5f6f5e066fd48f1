/* SPDX-License-Identifier: ISC */
/*
 * date - HTTP dates without libc's locale or time zones.
 *
 * A small pattern walker reads all three forms: 'D' takes digits, letters name
 * a field, everything else must stand there literally.
 */
#include "httpd/date.h"

#include <string.h>

#include "common/num.h"
#include "common/when.h"

static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};
static const char wdays[7][4] = {
	"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"
};

const char *
date_month(int mon)
{
	ASSERT(mon >= 1 && mon <= 12);
	return months[mon - 1];
}

const char *
date_wday(int wday)
{
	ASSERT(wday >= 0 && wday <= 6);
	return wdays[wday];
}

static void
two_digits(struct wr *w, int v)
{
	wr_u8(w, (uint8_t)('0' + v / 10 % 10));
	wr_u8(w, (uint8_t)('0' + v % 10));
}

void
date_fmt(struct wr *w, int64_t wall_s)
{
	struct when_date d;

	when_to_date(wall_s, &d);
	if (d.year < 0)
		d.year = 0;
	wr_bytes(w, wdays[d.wday], 3);
	wr_bytes(w, ", ", 2);
	two_digits(w, d.day);
	wr_u8(w, ' ');
	wr_bytes(w, months[d.mon - 1], 3);
	wr_u8(w, ' ');
	two_digits(w, d.year / 100);
	two_digits(w, d.year % 100);
	wr_u8(w, ' ');
	two_digits(w, d.hour);
	wr_u8(w, ':');
	two_digits(w, d.min);
	wr_u8(w, ':');
	two_digits(w, d.sec);
	wr_bytes(w, " GMT", 4);
}

/* n digits; a leading blank stands for 0 where the form allows it */
static bool
take_digits(struct str *s, size_t n, bool is_padded, int32_t *ret)
{
	struct str part = str_sub(*s, 0, n);
	uint32_t v;

	if (part.len != n)
		return false;
	if (is_padded && part.p[0] == ' ')
		part = str_sub(part, 1, n - 1);
	if (!num_u32(part, 0, 9999, &v))
		return false;
	*ret = (int32_t)v;
	*s = str_sub(*s, n, s->len - n);
	return true;
}

static bool
take_month(struct str *s, int32_t *ret)
{
	int i;

	for (i = 0; i < 12; i++)
		if (str_starts(*s, str_make(months[i], 3))) {
			*ret = i + 1;
			*s = str_sub(*s, 3, s->len - 3);
			return true;
		}
	return false;
}

/*
 * Pattern letters: d day, e day padded with a blank, b month, Y year of four
 * digits, y of two, H M S.
 */
static bool
match(struct str s, const char *pattern, struct when_date *d)
{
	for (; *pattern != '\0'; pattern++) {
		bool ok;

		switch (*pattern) {
		case 'd':
			ok = take_digits(&s, 2, false, &d->day);
			break;
		case 'e':
			ok = take_digits(&s, 2, true, &d->day);
			break;
		case 'b':
			ok = take_month(&s, &d->mon);
			break;
		case 'Y':
			ok = take_digits(&s, 4, false, &d->year);
			break;
		case 'y':
			ok = take_digits(&s, 2, false, &d->year);
			break;
		case 'H':
			ok = take_digits(&s, 2, false, &d->hour);
			break;
		case 'M':
			ok = take_digits(&s, 2, false, &d->min);
			break;
		case 'S':
			ok = take_digits(&s, 2, false, &d->sec);
			break;
		default:
			ok = s.len > 0 && s.p[0] == *pattern;
			s = str_sub(s, 1, s.len);
			break;
		}
		if (!ok)
			return false;
	}
	return s.len == 0 || str_eq(s, STR(" GMT")) || str_eq(s, STR(" UTC"));
}

/* the weekday, short or long; false when there is none */
static bool
skip_wday(struct str *s)
{
	size_t n = 0;
	int i;

	while (n < s->len && ((s->p[n] >= 'a' && s->p[n] <= 'z') ||
	    (s->p[n] >= 'A' && s->p[n] <= 'Z')))
		n++;
	if (n < 3)
		return false;
	for (i = 0; i < 7; i++)
		if (str_starts(*s, str_make(wdays[i], 3))) {
			*s = str_sub(*s, n, s->len - n);
			return true;
		}
	return false;
}

bool
date_parse(struct str s, int64_t now_s, int64_t *ret)
{
	struct when_date d, now;

	memset(&d, 0, sizeof d);
	s = str_trim(s);
	if (!skip_wday(&s))
		return false;
	if (match(s, ", d b Y H:M:S", &d) || match(s, " b e H:M:S Y", &d))
		return when_from_date(&d, ret);
	if (!match(s, ", d-b-y H:M:S", &d))
		return false;
	when_to_date(now_s, &now);
	d.year += now.year - now.year % 100;
	if (d.year > now.year + 50)
		d.year -= 100;
	return when_from_date(&d, ret);
}
