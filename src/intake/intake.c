/* The SMTP handler, start and stop. */
#include "intake/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "broker/facts.h"
#include "intake/internal.h"

#define SPOOL_MEMORY (128u << 20) /* for mail that is small: some thousand at once */
#define DISK_PART 10              /* of the disk, one part is for what is filed, not for what comes in */
#define DISK_MOST (UINT64_C(2) << 30)

struct session {
	struct intake *in;
	const struct smtp_peer *peer;
	struct transaction *t;
	char unheard[2 * SHA256_BYTES]; /* of the last answer; unheard[0] 0 = none */
};

static void *handle_open(void *ctx, const struct smtp_peer *peer)
{
	struct session *s = calloc(1, sizeof(*s));

	ASSERT(s);
	s->in = ctx;
	s->peer = peer;
	return s;
}

static struct smtp_reply handle_mail(void *session, const struct smtp_mail_params *params)
{
	struct session *s = session;

	s->t = transaction_new(s->in, s->peer, params, false);
	return smtp_reply_make(250, "2.1.0 sender ok");
}

static struct smtp_reply handle_rcpt(void *session, struct str to)
{
	return transaction_rcpt(((struct session *)session)->t, to);
}

static struct smtp_reply handle_data(void *session)
{
	struct session *s = session;

	transaction_begin(s->t);
	return smtp_reply_make(354, "end data with <CRLF>.<CRLF>");
}

static enum err handle_chunk(void *session, struct str bytes)
{
	return transaction_add(((struct session *)session)->t, bytes);
}

static void handle_heard(void *session, bool heard)
{
	struct session *s = session;

	if (heard && s->unheard[0])
		unheard_remove(s->in->unheard, str_from(s->unheard, sizeof(s->unheard)));
	s->unheard[0] = 0;
}

static struct smtp_reply handle_end(void *session, int64_t until_ms)
{
	struct session *s = session;
	struct transaction *t = s->t;

	/* Who goes on before an answer is told to have gone out does not wait for it: better twice than never. */
	handle_heard(session, true);
	struct smtp_reply reply = transaction_end(t, STR_NONE, until_ms);
	if (t->unheard.n == sizeof(s->unheard))
		memcpy(s->unheard, t->unheard.p, sizeof(s->unheard));
	transaction_free(&s->t);
	return reply;
}

static void handle_reset(void *session)
{
	transaction_abandon(&((struct session *)session)->t);
}

static void handle_close(void *session)
{
	handle_reset(session);
	free(session);
}

static const struct smtp_handler handler = {
	.open = handle_open,
	.mail = handle_mail,
	.rcpt = handle_rcpt,
	.data = handle_data,
	.chunk = handle_chunk,
	.end = handle_end,
	.heard = handle_heard,
	.reset = handle_reset,
	.close = handle_close,
};

static enum err start_broker(struct intake *in, const struct intake_options *o, struct errbuf *eb)
{
	struct broker_options b = {
		.control_fd = o->broker_control_fd,
		.workers_idle = (unsigned)o->config->scan_workers_idle,
		.workers_max = (unsigned)o->config->scan_workers,
		.scan_ms = (int)o->config->scan_timeout_s * 1000,
		.dns_ms = (int)o->config->scan_dns_timeout_s * 1000,
		.mails_per_worker = LIMIT_SCAN_MAILS,
		.config = o->config,
		.rdap = o->rdap,
		.dns = o->dns,
		.log = o->log,
	};

	broker_facts_from_store(&b, in->store);
	return broker_new(&b, &in->broker, eb);
}

static enum err start_server(struct intake *in, const struct intake_options *o, struct errbuf *eb)
{
	const struct config *c = o->config;
	struct smtp_server_options s = {
		.hostname = c->hostname,
		.tls = o->tls_server,
		.message_size = (uint64_t)c->smtp_message_size,
		.recipients = (unsigned)c->smtp_recipients,
		.commands = (unsigned)c->smtp_commands,
		.errors = (unsigned)c->smtp_errors,
		.connections = (unsigned)c->smtp_connections,
		.connections_per_address = (unsigned)c->smtp_connections_per_address,
		.threads = (unsigned)c->smtp_threads,
		.idle_ms = (int)c->smtp_idle_s * 1000,
		.handler = &handler,
		.handler_ctx = in,
		.log = o->log,
	};

	return smtp_server_start(&s, o->listeners, o->listeners_n, &in->server, eb);
}

static uint64_t disk_least(const char *dir)
{
	struct statvfs v;

	if (statvfs(dir, &v) != 0)
		return 0;
	uint64_t part = (uint64_t)v.f_blocks * v.f_frsize / DISK_PART;
	return part < DISK_MOST ? part : DISK_MOST;
}

/* DIR/spool, and in it the lock file by which processes of this server know what the others have in hand. */
static enum err open_spool(struct intake *in, struct errbuf *eb)
{
	const char *dir = arena_printf(in->arena, "%s/spool", in->config->data).p;
	const char *lock = arena_printf(in->arena, "%s/in_flight", dir).p;

	in->spool.dir = dir;
	in->spool.memory_max = SPOOL_MEMORY;
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_set(eb, ERR_LATER, "%s: %s", dir, strerror(errno));
	int file = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (file >= 0)
		close(file);
	else if (errno == EOPNOTSUPP || errno == EISDIR)
		return err_set(eb, ERR_LATER, "%s: large mail needs a file system with O_TMPFILE", dir);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(eb, ERR_LATER, "%s: %s", lock, strerror(errno));
	in->spool.disk_least = disk_least(dir);
	in->unheard = unheard_new();
	in->keys = key_ring_new();
	in->strangers = limiter_new(LIMIT_STRANGERS, 3600);
	in->in_flight = in_flight_new(fd);
	return OK;
}

enum err intake_start(const struct intake_options *o, struct intake **out, struct errbuf *eb)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct intake *in = ARENA_NEW(a, struct intake);
	struct next_hop_options hops = {
		.dns = o->dns,
		.tls = o->tls_client,
		.hostname = o->config->hostname,
		.idle_ms = NEXT_HOP_IDLE_MS,
		.threads = (unsigned)o->config->smtp_threads,
		.log = o->log,
	};

	in->arena = a;
	in->config = o->config;
	in->store = o->store;
	in->log = o->log;
	in->trusted_authserv_ids = arena_split(a, str_of(o->config->scan_trusted_authserv_ids), ' ');
	in->next_hops = next_hop_pool_new(&hops);
	enum err e = open_spool(in, eb);
	if (!e)
		e = start_broker(in, o, eb);
	if (!e && o->listeners_n)
		e = start_server(in, o, eb);
	*out = in;
	if (e)
		intake_stop(out, clock_mono_ms());
	return e;
}

void intake_stop(struct intake **inp, int64_t until_ms)
{
	struct intake *in = *inp;

	*inp = NULL;
	if (in->server)
		smtp_server_stop(&in->server, until_ms);
	if (in->broker)
		broker_free(&in->broker);
	in_flight_free(&in->in_flight);
	unheard_free(&in->unheard);
	key_ring_free(&in->keys);
	if (in->strangers)
		limiter_free(&in->strangers);
	next_hop_pool_free(&in->next_hops);
	struct arena *a = in->arena;
	arena_free(&a);
}
