/* SPDX-License-Identifier: ISC */
/*
 * ask - a request, from the datagram to the transfer or the refusal.
 *
 * The order is tftp-hpa's, because what is logged and what is answered first
 * depends on it: form, mode, rules, log, name, file, options.  Nothing here
 * keeps state: a request is a struct on the stack.
 */
#include "tftpd/ask.h"

#include <string.h>

#include "common/log.h"
#include "tftpd/logtext.h"
#include "tftpd/opttab.h"
#include "tftpd/packet.h"
#include "tftpd/path.h"
#include "tftpd/remap.h"

/* Longest line of log: two names and some words. */
#define ASK_LINE_MAX (2 * PROTO_NAME_MAX + 512)
/* An IPv6 address in hexadecimal, and a terminator. */
#define ASK_HEX_SIZE 33

struct ask {
	struct srv *srv;
	struct port *listener;
	const struct port_msg *msg;
	struct packet_req req;
	bool is_ascii;
	struct remap_name name;
	struct str addr;
	struct str mac_dashes, mac_colons, client_id, hostname;
	char addr_buf[NET_TEXT_SIZE];
	char hex_buf[ASK_HEX_SIZE];
	char dashes_buf[LEASES_TEXT_SIZE];
	char colons_buf[LEASES_TEXT_SIZE];
	char id_buf[LEASES_TEXT_SIZE];
};

static void
log_request(struct ask *ask)
{
	char line[ASK_LINE_MAX];
	struct wr wr;
	int prio;

	if (ask->srv->conf->verbosity < 1)
		return;
	wr_init(&wr, line, sizeof(line));
	prio = logtext_request(&wr, ask->req.op == PROTO_WRQ, ask->addr,
	    ask->req.name, str_make(ask->name.text, ask->name.len),
	    ask->mac_colons);
	log_str(prio, wr_as_str(&wr));
}

static void
log_refusal(struct ask *ask, enum proto_code code, const char *text)
{
	char line[ASK_LINE_MAX];
	struct wr wr;
	int prio;

	if (ask->srv->conf->verbosity < 2)
		return;
	wr_init(&wr, line, sizeof(line));
	prio = logtext_nak(&wr, code, str_of(text), ask->addr,
	    ask->mac_colons);
	log_str(prio, wr_as_str(&wr));
}

static struct port *
port_of(struct ask *ask)
{
	return ask->srv->conf->is_single_port ? ask->listener :
	    srv_port_for(ask->srv, ask->msg);
}

/* Answer with an error, from a port as a transfer would have. */
static void
refuse(struct ask *ask, enum proto_code code, const char *text)
{
	struct srv *srv = ask->srv;
	const struct port_msg *msg = ask->msg;
	struct port *port = port_of(ask);
	uint8_t packet[4 + PROTO_TEXT_MAX + 1];
	struct wr wr;

	wr_init(&wr, packet, sizeof(packet));
	packet_put_error(&wr, code, str_of(text));
	port_send(&srv->io, port != NULL ? port : ask->listener, &msg->from,
	    msg->has_local ? &msg->local : NULL, packet, wr.len);
	if (port != NULL && port->is_exclusive)
		srv_close_port(srv, port);
	srv->stats.refused_n[code]++;
	log_refusal(ask, code, text);
}

/* ---- rules --------------------------------------------------------------------- */

static void
trace(void *ctx, enum remap_event event, uint32_t rule, struct str text,
    struct str last)
{
	struct ask *ask = ctx;
	char line[ASK_LINE_MAX];
	struct wr wr;
	int prio;

	if (ask->srv->conf->verbosity < 3 && event != REMAP_LOOP)
		return;
	wr_init(&wr, line, sizeof(line));
	prio = logtext_remap(&wr, event, rule, text, last);
	log_str(prio, wr_as_str(&wr));
}

static const char *
check_path(const struct ask *ask, struct str name)
{
	const struct srv_conf *conf = ask->srv->conf;

	return conf->is_secure ? NULL :
	    path_check(name, conf->dirs, conf->dirs_n);
}

static bool
is_file(void *ctx, struct str name)
{
	struct ask *ask = ctx;
	char path[PROTO_NAME_MAX + 1];

	return check_path(ask, name) == NULL &&
	    str_copy(name, path, sizeof(path)) &&
	    file_is_there(&ask->srv->files, path);
}

static struct str
hex_text(const union port_addr *addr, char buf[ASK_HEX_SIZE])
{
	const uint8_t *p = addr->sa.sa_family == AF_INET6 ?
	    addr->in6.sin6_addr.s6_addr :
	    (const uint8_t *)&addr->in4.sin_addr;
	size_t n = addr->sa.sa_family == AF_INET6 ? 16 : 4;
	struct wr wr;

	wr_init(&wr, buf, ASK_HEX_SIZE);
	for (size_t i = 0; i < n; i++)
		wr_fmt(&wr, "%02X", p[i]);
	return wr_as_str(&wr);
}

/* The name after the rules; false when the request has been refused. */
static bool
remap(struct ask *ask)
{
	struct rules *rules = ask->srv->rules;
	struct remap_client client = {
		.is_write = ask->req.op == PROTO_WRQ,
		.is_v6 = ask->msg->from.sa.sa_family == AF_INET6,
		.addr = ask->addr,
		.has_leases = ask->srv->who != NULL,
		.mac = ask->mac_dashes, .client_id = ask->client_id,
		.hostname = ask->hostname
	};
	struct remap_engine engine;
	struct remap_env env = {
		.engine = &engine, .ctx = ask, .trace = trace,
		.is_file = is_file
	};

	if (rules == NULL || rules->remap.rules_n == 0)
		return true;
	engine = rules_engine(rules);
	client.addr_hex = hex_text(&ask->msg->from, ask->hex_buf);
	switch (remap_apply(&rules->remap, &client, &env, &ask->name)) {
	case REMAP_OK:
		return true;
	case REMAP_REFUSED:
		refuse(ask, PROTO_ACCESS, ask->name.text);
		return false;
	case REMAP_FAILED:
		break;
	}
	refuse(ask, PROTO_ACCESS, "Remap table failure");
	return false;
}

/* What the leases file knows about the client. */
static void
identify(struct ask *ask)
{
	struct srv *srv = ask->srv;
	const struct lease_entry *lease = srv->who == NULL ? NULL :
	    who_find(srv->who, &ask->msg->from, ev_now(srv->ev)->mono_ns);

	ask->mac_dashes = ask->mac_colons = STR("");
	ask->client_id = ask->hostname = STR("");
	if (lease == NULL)
		return;
	ask->mac_dashes = leases_hex(lease->mac, lease->mac_len, '-',
	    ask->dashes_buf);
	ask->mac_colons = leases_hex(lease->mac, lease->mac_len, ':',
	    ask->colons_buf);
	ask->client_id = leases_hex(lease->id, lease->id_len, '\0',
	    ask->id_buf);
	ask->hostname = str_make(lease->name, lease->name_len);
}

/* ---- steps --------------------------------------------------------------------- */

/* Is it a request, and which?  False when it has been dealt with. */
static bool
understand(struct ask *ask)
{
	switch (packet_parse_req(ask->msg->p, ask->msg->len, &ask->req)) {
	case PACKET_OK:
		break;
	case PACKET_NO_REQUEST:
		return false;
	case PACKET_UNTERMINATED:
		refuse(ask, PROTO_BAD_OP, "Request not null-terminated");
		return false;
	case PACKET_NO_MODE:
		refuse(ask, PROTO_BAD_OP, "Missing mode");
		return false;
	}
	ask->is_ascii = str_ieq(ask->req.mode, STR("netascii"));
	if (!ask->is_ascii && !str_ieq(ask->req.mode, STR("octet"))) {
		refuse(ask, PROTO_BAD_OP, "Unknown mode");
		return false;
	}
	if (!str_copy(ask->req.name, ask->name.text,
	    sizeof(ask->name.text))) {
		refuse(ask, PROTO_ACCESS, "File name too long");
		return false;
	}
	ask->name.len = ask->req.name.len;
	return true;
}

static void
begin(struct ask *ask, struct srv_request *request)
{
	struct opttab_set set;

	request->port = port_of(ask);
	if (request->port == NULL) {
		if (request->file != NULL)
			file_close(&ask->srv->files, request->file);
		if (request->upload != NULL)
			upload_close(&ask->srv->uploads, request->upload);
		refuse(ask, PROTO_UNDEFINED, "No free port, try again");
		return;
	}
	set.is_write = request->upload != NULL;
	set.is_ascii = ask->is_ascii;
	set.size = request->file != NULL ? request->file->key.size : 0;
	opttab_negotiate(&ask->req, &ask->srv->conf->limits, &set);
	/* cppcheck-suppress autoVariables ; read during the call below only */
	request->set = &set;
	srv_begin(ask->srv, request);
	request->set = NULL;
}

static void
open_and_begin(struct ask *ask)
{
	struct srv *srv = ask->srv;
	struct srv_request request = {
		.msg = ask->msg, .mac = ask->mac_colons,
		.name = str_make(ask->name.text, ask->name.len)
	};
	struct file_why why;

	if (srv_is_full(srv))
		return;
	if (ask->req.op == PROTO_RRQ)
		request.file = file_open(&srv->files, ask->name.text, &why);
	else
		request.upload = upload_open(&srv->uploads, ask->name.text,
		    ask->is_ascii, &why);
	if (request.file != NULL || request.upload != NULL)
		begin(ask, &request);
	else if (why.text != NULL)
		refuse(ask, why.code, why.text);
}

void
ask_take(struct srv *srv, struct port *listener, const struct port_msg *msg)
{
	struct ask ask;
	const char *text;

	ask.srv = srv;
	ask.listener = listener;
	ask.msg = msg;
	ask.addr = port_addr_text(&msg->from, ask.addr_buf);
	if (srv_is_repeated(srv, msg))
		return;
	identify(&ask);
	if (!understand(&ask))
		return;
	srv->request_ns = ev_now(srv->ev)->mono_ns;
	srv->stats.requests_n[ask.req.op == PROTO_WRQ]++;
	if (!remap(&ask))
		return;
	log_request(&ask);
	text = check_path(&ask, str_make(ask.name.text, ask.name.len));
	if (text != NULL)
		refuse(&ask, PROTO_ACCESS, text);
	else
		open_and_begin(&ask);
}
