/* SPDX-License-Identifier: ISC */
/*
 * optval - option values as text, and the words of enumerations.
 *
 * What does not fit its format is printed as octets, so that nothing a client
 * sent can make a lease file that does not read back.
 */
#include "dhcpd/optval.h"

#include <string.h>
#include <syslog.h>

#include "common/ip4.h"

struct set {
	const char *name;
	uint8_t width;
	const struct optval_word *words;
};

static const struct optval_word ddns_styles[] = {
	{ "none", 0 }, { "ad-hoc", 1 }, { "interim", 2 }, { "standard", 3 }, { NULL, 0 },
};

static const struct optval_word syslog_facilities[] = {
	{ "kern", LOG_KERN }, { "user", LOG_USER }, { "mail", LOG_MAIL },
	{ "daemon", LOG_DAEMON }, { "auth", LOG_AUTH }, { "syslog", LOG_SYSLOG },
	{ "lpr", LOG_LPR }, { "news", LOG_NEWS }, { "uucp", LOG_UUCP }, { "cron", LOG_CRON },
	{ "authpriv", LOG_AUTHPRIV }, { "ftp", LOG_FTP }, { "local0", LOG_LOCAL0 },
	{ "local1", LOG_LOCAL1 }, { "local2", LOG_LOCAL2 }, { "local3", LOG_LOCAL3 },
	{ "local4", LOG_LOCAL4 }, { "local5", LOG_LOCAL5 }, { "local6", LOG_LOCAL6 },
	{ "local7", LOG_LOCAL7 }, { NULL, 0 },
};

static const struct optval_word prefix_length_modes[] = {
	{ "ignore", 0 }, { "prefer", 1 }, { "exact", 2 }, { "minimum", 3 }, { "maximum", 4 },
	{ NULL, 0 },
};

static const struct optval_word status_codes[] = {
	{ "success", 0 }, { "UnspecFail", 1 }, { "NoAddrsAvail", 2 }, { "NoBinding", 3 },
	{ "NotOnLink", 4 }, { "UseMulticast", 5 }, { "NoPrefixAvail", 6 },
	{ "UnknownQueryType", 7 }, { "MalformedQuery", 8 }, { "NotConfigured", 9 },
	{ "NotAllowed", 10 }, { "QueryTerminated", 11 }, { NULL, 0 },
};

static const struct optval_word dhcpv6_messages[] = {
	{ "SOLICIT", 1 }, { "ADVERTISE", 2 }, { "REQUEST", 3 }, { "CONFIRM", 4 },
	{ "RENEW", 5 }, { "REBIND", 6 }, { "REPLY", 7 }, { "RELEASE", 8 }, { "DECLINE", 9 },
	{ "RECONFIGURE", 10 }, { "INFORMATION-REQUEST", 11 }, { "RELAY-FORW", 12 },
	{ "RELAY-REPL", 13 }, { "LEASEQUERY", 14 }, { "LEASEQUERY-REPLY", 15 },
	{ "LEASEQUERY-DONE", 16 }, { "LEASEQUERY-DATA", 17 }, { "RECONFIGURE-REQUEST", 18 },
	{ "RECONFIGURE-REPLY", 19 }, { "DHCPV4-QUERY", 20 }, { "DHCPV4-RESPONSE", 21 },
	{ NULL, 0 },
};

static const struct optval_word ldap_methods[] = {
	{ "static", 0 }, { "dynamic", 1 }, { NULL, 0 },
};

static const struct optval_word ldap_ssl_usage[] = {
	{ "off", 0 }, { "on", 1 }, { "ldaps", 2 }, { "start_tls", 3 }, { NULL, 0 },
};

static const struct optval_word ldap_tls_reqcert[] = {
	{ "never", 0 }, { "hard", 1 }, { "demand", 2 }, { "allow", 3 }, { "try", 4 },
	{ NULL, 0 },
};

static const struct optval_word ldap_tls_crlcheck[] = {
	{ "none", 0 }, { "peer", 1 }, { "all", 2 }, { NULL, 0 },
};

static const struct set sets[] = {
	{ "ddns-styles", 1, ddns_styles },
	{ "syslog-facilities", 1, syslog_facilities },
	{ "prefix_length_modes", 1, prefix_length_modes },
	{ "status-codes", 2, status_codes },
	{ "dhcpv6-messages", 1, dhcpv6_messages },
	{ "ldap-methods", 1, ldap_methods },
	{ "ldap-ssl-usage", 1, ldap_ssl_usage },
	{ "ldap-tls-reqcert", 1, ldap_tls_reqcert },
	{ "ldap-tls-crlcheck", 1, ldap_tls_crlcheck },
};

const struct optval_word *
optval_words(struct str set, uint8_t *ret_width)
{
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		if (str_eq(str_of(sets[i].name), set)) {
			*ret_width = sets[i].width;
			return sets[i].words;
		}
	}
	return NULL;
}

static bool
is_plain_text(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < 0x20 || s.p[i] > 0x7e || s.p[i] == '"' || s.p[i] == '\\')
			return false;
	return s.len > 0;
}

static void
put_data(struct wr *w, struct str s)
{
	if (is_plain_text(s)) {
		wr_u8(w, '"');
		wr_str(w, s);
		wr_u8(w, '"');
		return;
	}
	for (size_t i = 0; i < s.len; i++) {
		static const char digits[] = "0123456789abcdef";
		uint8_t b = (uint8_t)s.p[i];

		if (i)
			wr_u8(w, ':');
		if (b >= 16)
			wr_u8(w, (uint8_t)digits[b >> 4]);
		wr_u8(w, (uint8_t)digits[b & 15]);
	}
}

/* Octets of one item of a letter; 0 = all that is left. */
static size_t
letter_width(char letter)
{
	switch (letter) {
	case 'I':
	case 'L':
	case 'l':
	case 'T':
		return 4;
	case 'S':
	case 's':
		return 2;
	case 'B':
	case 'b':
	case 'f':
		return 1;
	default:
		return 0;
	}
}

static void
put_item(struct wr *w, char letter, struct str s)
{
	char text[IP4_TEXT_SIZE];
	uint32_t v = 0;

	for (size_t i = 0; i < s.len; i++)
		v = v << 8 | (uint8_t)s.p[i];
	switch (letter) {
	case 'I':
		wr_str(w, ip4_fmt(v, text));
		break;
	case 'f':
		wr_text(w, v == 0 ? "false" : v == 1 ? "true" : "ignore");
		break;
	case 'l':
		wr_fmt(w, "%d", (int)v);
		break;
	case 's':
		wr_fmt(w, "%d", (int16_t)v);
		break;
	case 'b':
		wr_fmt(w, "%d", (int8_t)v);
		break;
	default:
		if (letter == 'T' && v == UINT32_MAX)
			wr_text(w, "infinite");
		else
			wr_dec(w, v);
		break;
	}
}

/* Formats of fixed-size letters, perhaps repeated; false when it does not fit. */
static bool
put_numbers(struct wr *w, const char *format, struct str s, bool is_fancy)
{
	size_t record = 0, letters = strcspn(format, "Aa"), at = 0;

	for (size_t i = 0; i < letters; i++) {
		if (!letter_width(format[i]))
			return false;
		record += letter_width(format[i]);
	}
	if (!record || !s.len || s.len % record || (!format[letters] && s.len != record) ||
	    (format[letters] && format[letters + 1]))
		return false;
	while (at < s.len) {
		if (at)
			wr_text(w, is_fancy ? ", " : ",");
		for (size_t i = 0; i < letters; i++) {
			size_t n = letter_width(format[i]);

			if (i)
				wr_u8(w, ' ');
			put_item(w, format[i], str_sub(s, at, n));
			at += n;
		}
	}
	return true;
}

void
optval_print(struct wr *w, const struct opt_def *def, struct str bytes, bool is_fancy)
{
	if (def && def->format[0] == 't' && is_plain_text(bytes)) {
		if (is_fancy)
			wr_u8(w, '"');
		wr_str(w, bytes);
		if (is_fancy)
			wr_u8(w, '"');
		return;
	}
	if (!def || !put_numbers(w, def->format, bytes, is_fancy))
		put_data(w, bytes);
}
