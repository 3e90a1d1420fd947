/* Receiving the handover, and the table of roles. */
#include "daemon/role.h"

#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "config/endpoint.h"
#include "daemon/handover.h"

#define ROLE_MEMORY ((size_t)1 << 30) /* the zygote's snapshot of all policies is the largest thing in it */
#define HANDOVER_MS 10000
#define HEAPS 4 /* threads that allocate at once hold each other up little: arenas ask for blocks */
#define LARGE_BYTES (256 << 10) /* mapping one costs what filling it does */

static const struct {
	const char *name;
	int (*run)(struct role *r);
} roles[] = {
	{ "zygote", role_zygote }, { "intake", role_intake },   { "milter", role_milter },
	{ "api", role_api },       { "courier", role_courier },
};

/* What is collected before the configuration can be read as a whole. */
struct handed {
	struct str config_path, config_text;
	struct config_override overrides[16];
	size_t overrides_n;
	bool complete;
};

static struct str slurp(struct role *r, int fd)
{
	struct buf b;
	struct str s = STR("");

	buf_init(&b, ROLE_MEMORY / 4);
	if (fd >= 0 && ipc_slurp(fd, &b) == OK)
		s = arena_str(r->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static struct sandbox_user user_of(struct str text)
{
	size_t colon = str_find_char(text, ':', 0);
	uint64_t uid = 0, gid = 0;

	if (colon == SIZE_MAX || str_to_u64(str_sub(text, 0, colon), UINT32_MAX, &uid) != OK ||
	    str_to_u64(str_sub(text, colon + 1, text.n), UINT32_MAX, &gid) != OK)
		return (struct sandbox_user){ 0 };
	return (struct sandbox_user){ (uid_t)uid, (gid_t)gid };
}

static void add_override(struct role *r, struct handed *h, struct str text)
{
	size_t eq = str_find_char(text, '=', 0);

	if (eq == SIZE_MAX || h->overrides_n == ARRAY_LEN(h->overrides))
		return;
	h->overrides[h->overrides_n++] = (struct config_override){
		.key = arena_str(r->arena, str_sub(text, 0, eq)).p,
		.value = arena_str(r->arena, str_sub(text, eq + 1, text.n)).p,
	};
}

/* True when the role keeps the descriptor. */
static bool take(struct role *r, struct handed *h, struct str name, struct str text, int fd)
{
	text = arena_str(r->arena, text);
	if (str_eq(name, STR("config"))) {
		h->config_path = text;
		h->config_text = slurp(r, fd);
	} else if (str_eq(name, STR("override"))) {
		add_override(r, h, text);
	} else if (str_eq(name, STR("certificate"))) {
		r->certificate = slurp(r, fd);
	} else if (str_eq(name, STR("key"))) {
		r->key = slurp(r, fd);
	} else if (str_eq(name, STR("dns_data"))) {
		r->dns_data = slurp(r, fd);
	} else if (str_eq(name, STR("rdap"))) {
		r->rdap = slurp(r, fd);
	} else if (str_eq(name, STR("authorities"))) {
		r->authorities = slurp(r, fd);
	} else if (str_eq(name, STR("policies"))) {
		r->policies = slurp(r, fd);
	} else if (str_eq(name, STR("model"))) {
		r->model = slurp(r, fd);
	} else if (str_eq(name, STR("user"))) {
		r->user = user_of(text);
	} else if (str_eq(name, STR("smtp")) && fd >= 0 && r->smtp_n < BIND_MAX) {
		r->smtp[r->smtp_n++] = fd;
		return true;
	} else if (str_eq(name, STR("milter")) && fd >= 0 && r->milter_fd < 0) {
		r->milter_fd = fd;
		return true;
	} else if (str_eq(name, STR("http")) && fd >= 0 && r->http_n < BIND_MAX) {
		r->http[r->http_n++] = fd;
		return true;
	} else if (str_eq(name, STR("broker")) && fd >= 0 && r->broker_fd < 0) {
		r->broker_fd = fd;
		return true;
	} else if (str_eq(name, STR("yara"))) {
		r->outside.rules = slurp(r, fd);
	} else if (str_eq(name, STR("asn")) && fd >= 0) {
		r->outside.places[PLACES_ASN] = fd;
		return true;
	} else if (str_eq(name, STR("country")) && fd >= 0) {
		r->outside.places[PLACES_COUNTRY] = fd;
		return true;
	} else if (str_eq(name, STR("pictures")) && fd >= 0 && r->pictures_fd < 0) {
		r->pictures_fd = fd;
		return true;
	} else if (str_eq(name, STR("start"))) {
		h->complete = true;
	}
	return false;
}

static enum err receive(struct role *r, struct handed *h, struct errbuf *eb)
{
	int64_t until_ms = clock_mono_ms() + HANDOVER_MS;
	enum ipc_type type;
	struct buf in;
	enum err e = OK;
	int fd;

	ipc_buf_init(&in);
	while (e == OK && !h->complete) {
		e = ipc_recv(&r->channel, &in, LIMIT_IPC_RECORD, &type, &fd, until_ms);
		if (e == OK && type != IPC_GIVE)
			e = ERR_SYNTAX;
		bool kept =
		    e == OK && take(r, h, handover_name(buf_str(&in)), handover_text(buf_str(&in)), fd);
		if (!kept && fd >= 0)
			close(fd);
	}
	buf_free(&in);
	if (e != OK)
		return err_set(eb, e, "roles are started by `postern serve` only");
	return config_parse(h->config_path.p, h->config_text.p, h->overrides, h->overrides_n, &r->config, eb);
}

static int role_run(struct role *r, int (*run)(struct role *))
{
	struct handed h = { .config_path = STR("") };
	struct errbuf eb;

	if (receive(r, &h, &eb) != OK) {
		log_error(&r->log, "role_not_started", KV_C("why", eb.text));
		return ROLE_EXIT_REFUSED;
	}
	r->log.level = (enum log_level)r->config->log_level;
	int status = run(r);
	config_free(&r->config);
	return status;
}

/*
 * The allocator would keep what the largest mails once took: for each thread a heap, and in it ever larger pieces, for
 * of every mapping that is freed it learns to use the heap for as much. A few heaps, and large pieces mapped, always.
 */
static void keep_memory_small(void)
{
	mallopt(M_ARENA_MAX, HEAPS);
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	mallopt(M_TRIM_THRESHOLD, LARGE_BYTES);
}

int role_main(const char *name)
{
	struct role r = { .name = name,
			  .channel = ipc_of(ROLE_CHANNEL),
			  .broker_fd = -1,
			  .milter_fd = -1,
			  .pictures_fd = -1,
			  .outside = OUTSIDE_NO_FILES };
	char title[16];

	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		if (strcmp(roles[i].name, name) != 0)
			continue;
		keep_memory_small();
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		snprintf(title, sizeof(title), "postern-%s", name);
		prctl(PR_SET_NAME, title);
		/* The supervisor set TZ and LC_CTYPE; the zone is looked up once, here, and never again. */
		setlocale(LC_CTYPE, "C.UTF-8");
		tzset();
		r.log = (struct log){ .fd = STDERR_FILENO, .level = LOG_INFO, .role = name };
		r.arena = arena_new(ROLE_MEMORY, NULL, NULL);
		int status = role_run(&r, roles[i].run);
		arena_free(&r.arena);
		return status;
	}
	fprintf(stderr, "postern role: there is no role \"%s\"\n", name);
	return 2;
}

bool role_confine(struct role *r, enum sandbox_role as)
{
	struct sandbox s;
	struct errbuf eb;

	enum err e = sandbox_prepare(as, r->user, r->config->data, &r->log, &s, &eb);
	if (e == OK)
		e = sandbox_enter(&s, 0, &eb);
	sandbox_end(&s);
	if (e != OK)
		log_error(&r->log, "not_confined", KV_C("why", eb.text));
	return e == OK;
}

enum err role_dns(struct role *r, int cache_s, struct dns **out, struct errbuf *eb)
{
	struct dns_options o = {
		.servers = arena_split(r->arena, str_of(r->config->dns_servers), ' '),
		.local_data = r->dns_data,
		.dnssec = r->config->dns_dnssec,
		.cache_s = cache_s,
		.log = &r->log,
	};

	return dns_new(&o, out, eb);
}

static void close_sockets(int *fds, size_t *n)
{
	while (*n > 0)
		close(fds[--*n]);
}

void role_ready(struct role *r)
{
	/* A listener that stops must leave the port free at once. */
	close_sockets(r->smtp, &r->smtp_n);
	close_sockets(r->http, &r->http_n);
	if (ipc_send(&r->channel, IPC_READY, STR_NONE, -1, clock_mono_ms() + HANDOVER_MS) != OK)
		log_warn(&r->log, "supervisor_gone", KV_C("role", r->name));
}

int64_t role_wait(struct role *r)
{
	int64_t patience_ms = ROLE_DRAIN_MS;
	enum ipc_type type;
	struct buf in;
	int fd;

	ipc_buf_init(&in);
	while (ipc_recv(&r->channel, &in, LIMIT_IPC_RECORD, &type, &fd, IPC_FOREVER) == OK) {
		if (fd >= 0)
			close(fd);
		if (type != IPC_STOP)
			continue;
		if (in.n == sizeof(patience_ms))
			memcpy(&patience_ms, in.p, sizeof(patience_ms));
		break;
	}
	buf_free(&in);
	return patience_ms > ROLE_CLOSE_MS ? patience_ms - ROLE_CLOSE_MS : 0;
}
