/* SPDX-License-Identifier: ISC */
/*
 * Every sample configuration of tests/golden/dhcpd-conf: the verdict, each
 * message with its line and caret, and what evaluation logs, against what ISC
 * dhcpd 4.4.3-P1 wrote for "dhcpd -t" in that directory.
 *
 * DIFFERENCES there names the few files where we differ, and why; a file named
 * without need fails too.  A sanitizer build reads every file as an exact copy.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/src.h"
#include "dhcpd/conf.h"
#include "tests/unit/t.h"

#define SAMPLES "tests/golden/dhcpd-conf"
#define ARENA_SIZE ((size_t)64 << 20)

static char top[PATH_MAX];

static int
run_program(void *ctx, char *const argv[])
{
	int status, fd, pipe_fd[2], error = 0;
	pid_t pid;

	(void)ctx;
	if (pipe(pipe_fd) != 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		fd = open("/dev/null", O_WRONLY);
		if (fd >= 0)
			dup2(fd, STDOUT_FILENO);
		fcntl(pipe_fd[1], F_SETFD, FD_CLOEXEC);
		execvp(argv[0], argv);
		error = errno;
		if (write(pipe_fd[1], &error, sizeof(error)) < 0)
			_exit(126);
		_exit(127);
	}
	close(pipe_fd[1]);
	if (read(pipe_fd[0], &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(pipe_fd[0]);
	waitpid(pid, &status, 0);
	return error ? -error : status;
}

static int
resolve(void *ctx, struct str name, uint32_t *addrs, size_t max, const char **reterr)
{
	(void)ctx;
	(void)max;
	*reterr = "host unknown.";
	if (!str_eq(name, STR("localhost")))
		return -1;
	addrs[0] = 0x7f000001;
	return 1;
}

static const struct expr_ops ops = { .execute = run_program, .resolve = resolve };

/* Everything one load needs; big, so static. */
static struct {
	struct arena arena, text, msgs, scratch;
	struct optset out;
	struct expr_log log;
	struct conf conf;
	struct msgs list;
} w;

static void
make_arenas(void)
{
	struct arena *arenas[] = { &w.arena, &w.text, &w.msgs, &w.scratch };

	for (size_t i = 0; i < ARRAY_LEN(arenas); i++) {
		if (!arenas[i]->p)
			arena_init(arenas[i], malloc(ARENA_SIZE), ARENA_SIZE);
		arena_reset(arenas[i], 0);
	}
}

static bool
load(const char *file, bool is_v6)
{
	struct expr_vars vars = { NULL, NULL };
	struct conf_load_opts opts;
	struct src_loader loader;
	struct expr_env env;
	struct src src;

	make_arenas();
	msgs_init(&w.list, &w.msgs);
	src_init(&src, &w.text, ARENA_SIZE);
	loader = src_loader(&src);
	memset(&opts, 0, sizeof(opts));
	opts.path = str_of(file);
	opts.loader = &loader;
	opts.is_v6 = is_v6;
	if (conf_load(&w.conf, &w.arena, &opts, &w.list) != CONF_OK)
		return false;
	memset(w.text.p, 0xee, w.text.len);	/* nothing may refer to the text now */
	memset(&env, 0, sizeof(env));
	env.scratch = &w.scratch;
	env.u = &w.conf.u;
	env.out = &w.out;
	env.known = EXPR_NULL;
	env.vars = &vars;
	env.log = &w.log;
	env.ops = &ops;
	expr_log_clear(&w.log);
	optset_init(&w.out);
	if (conf_start(&w.conf, &env, &w.list) != CONF_OK)
		return false;
	msgs_add(&w.list, 6, "Config file: %s", file);
	msgs_add(&w.list, 6, "Database file: /var/lib/dhcp/dhcpd%s.leases", is_v6 ? "6" : "");
	msgs_add(&w.list, 6, "PID file: /var/run/dhcpd%s.pid", is_v6 ? "6" : "");
	return conf_check_failover(&w.conf, &w.list);
}

/* A whole file with a NUL behind it; empty when there is none. */
static char *
slurp(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	*ret_len = f ? fread(text, 1, (1 << 20) - 1, f) : 0;
	if (f)
		fclose(f);
	return text;
}

static const char fatal_text[] =
    "\nIf you think you have received this message due to a bug rather\n"
    "than a configuration issue please read the section on submitting\n"
    "bugs on either our web page at www.isc.org or in the README file\n"
    "before submitting a bug.  These pages explain the proper\n"
    "process and the information we find helpful for debugging.\n"
    "\nexiting.\n";

static bool
is_path_line(struct str s)
{
	return str_starts(s, STR("Config file: ")) || str_starts(s, STR("Database file: ")) ||
	    str_starts(s, STR("PID file: "));
}

/* What standard error would show; for an accepted file without the path lines. */
static char *
shown(bool is_good, size_t *ret_len)
{
	char *text = calloc(1, 1 << 20);
	size_t n = 0;

	for (struct msgs_line *line = w.list.first; line; line = line->next) {
		if (is_good && is_path_line(line->text))
			continue;
		memcpy(text + n, line->text.p, line->text.len);
		n += line->text.len;
		text[n++] = '\n';
	}
	if (!is_good) {
		memcpy(text + n, fatal_text, sizeof(fatal_text) - 1);
		n += sizeof(fatal_text) - 1;
	}
	*ret_len = n;
	return text;
}

/* The text behind the four lines of the banner. */
static const char *
after_banner(const char *text)
{
	for (int i = 0; i < 4 && strchr(text, '\n'); i++)
		text = strchr(text, '\n') + 1;
	return text;
}

/* What DIFFERENCES says about a file: "accepted", "text" or nothing. */
static const char *
deliberate(const char *differences, const char *name)
{
	char line[700];
	const char *at;

	snprintf(line, sizeof(line), "\n%s ", name);
	at = strstr(differences, line);
	if (!at)
		return "";
	at += strlen(line);
	return strncmp(at, "accepted ", 9) == 0 ? "accepted" :
	    strncmp(at, "text ", 5) == 0 ? "text" : "?";
}

/* Compare one file with its record; prints and counts what is wrong. */
static int
compare(const char *dir, const char *file, const char *differences)
{
	char name[600], msg[600];
	bool wants_good = strcmp(dir, "ok") == 0, is_good, same_text;
	size_t want_len, got_len;
	const char *why, *want_text;
	char *want, *got;

	snprintf(name, sizeof(name), "%s/%s", dir, file);
	snprintf(msg, sizeof(msg), "%.*s.msg", (int)strlen(file) - 5, file);
	why = deliberate(differences, name);
	is_good = load(file, strncmp(file, "v6-", 3) == 0);
	want = slurp(msg, &want_len);
	got = shown(is_good, &got_len);
	want_text = wants_good ? want : after_banner(want);
	same_text = got_len == want_len - (size_t)(want_text - want) &&
	    memcmp(got, want_text, got_len) == 0;
	conf_free(&w.conf);
	if (strcmp(why, "accepted") == 0 ? is_good && !wants_good :
	    strcmp(why, "text") == 0 ? is_good == wants_good && !same_text :
	    is_good == wants_good && same_text)
		why = NULL;
	else
		fprintf(stderr, "%s: %s\n--- wanted\n%s--- got\n%s\n", name,
		    is_good ? "accepted" : "rejected", want_text, got);
	free(want);
	free(got);
	return why != NULL;
}

static int
compare_directory(const char *dir, int *ret_n)
{
	size_t len;
	char *differences, path[PATH_MAX + 64];
	struct dirent *entry;
	int wrong = 0;
	DIR *d;

	snprintf(path, sizeof(path), "%s/%s/DIFFERENCES", top, SAMPLES);
	differences = slurp(path, &len);
	snprintf(path, sizeof(path), "%s/%s/%s", top, SAMPLES, dir);
	ck_assert_int_eq(chdir(path), 0);
	d = opendir(".");
	ck_assert_msg(d != NULL, "no samples");
	while ((entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name);

		if (n < 6 || strcmp(entry->d_name + n - 5, ".conf") != 0)
			continue;
		wrong += compare(dir, entry->d_name, differences);
		++*ret_n;
	}
	closedir(d);
	free(differences);
	ck_assert_int_eq(chdir(top), 0);
	return wrong;
}

START_TEST(accepted_files_are_accepted_and_log_the_same)
{
	int n = 0;

	ck_assert_int_eq(compare_directory("ok", &n), 0);
	ck_assert_int_eq(n, 480);
}
END_TEST

START_TEST(rejected_files_get_the_same_messages)
{
	int n = 0;

	ck_assert_int_eq(compare_directory("bad", &n), 0);
	ck_assert_int_eq(n, 507);
}
END_TEST

/* What makes the peer die: keys without their parts are refused, the others load. */
START_TEST(files_that_crash_the_peer)
{
	ck_assert_int_eq(chdir(SAMPLES "/crash"), 0);
	ck_assert_msg(load("expr-add-top.conf", false), "add at the top");
	ck_assert_msg(load("nest-if-key-zone.conf", false), "key and zone inside if");
	ck_assert_msg(!load("host-key-no-algo.conf", false), "key without algorithm");
	ck_assert_msg(!load("host-key-no-secret.conf", false), "key without secret");
	ck_assert_int_eq(chdir(top), 0);
}
END_TEST

/* A text under the name x.conf. */
static struct str table_text;

static int
table_load(void *ctx, struct str path, struct str *ret_text)
{
	(void)ctx;
	(void)path;
	*ret_text = table_text;
	return 0;
}

static void
table_leave(void *ctx)
{
	(void)ctx;
}

static enum conf_result
load_text(const char *text, size_t len)
{
	struct src_loader loader = { NULL, table_load, table_leave };
	struct conf_load_opts opts = { STR("x.conf"), &loader, false, 0 };
	char *copy = t_dup(text, len);
	enum conf_result r;

	make_arenas();
	msgs_init(&w.list, &w.msgs);
	table_text = str_make(copy, len);
	r = conf_load(&w.conf, &w.arena, &opts, &w.list);
	conf_free(&w.conf);
	free(copy);
	return r;
}

/* Every rejected file cut at every byte: no crash, an end. */
START_TEST(every_prefix_of_a_bad_file_ends)
{
	char path[600];
	struct dirent *entry;
	DIR *d = opendir(SAMPLES "/bad");

	ck_assert_msg(d != NULL, "no samples");
	while ((entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name), len;
		char *text;

		if (n < 6 || strcmp(entry->d_name + n - 5, ".conf") != 0 ||
		    (unsigned char)entry->d_name[0] % 4 != (unsigned)_i)
			continue;
		snprintf(path, sizeof(path), SAMPLES "/bad/%s", entry->d_name);
		text = slurp(path, &len);
		for (size_t cut = 0; cut < len; cut++)
			(void)!load_text(text, cut);
		free(text);
	}
	closedir(d);
}
END_TEST

T_MAIN("dhcpd_conf")
{
	if (!getcwd(top, sizeof(top)))
		abort();
	T_ADD(accepted_files_are_accepted_and_log_the_same);
	T_ADD(rejected_files_get_the_same_messages);
	T_ADD(files_that_crash_the_peer);
	T_LOOP(every_prefix_of_a_bad_file_ends, 0, 4);
}
