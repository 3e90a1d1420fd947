/*
 * `postern sink`: takes every mail and keeps each as a file NNNNNN.eml. It is the next hop of `make run` and
 * of the benchmarks; it checks nothing and is no mail server.
 */
#include "cli/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ip.h"
#include "config/endpoint.h"
#include "smtp/server.h"

struct sink {
	int dir_fd;
	_Atomic uint64_t next;
};

struct sink_session {
	struct sink *sink;
	FILE *f;
};

static void *sink_open(void *ctx, const struct smtp_peer *peer)
{
	struct sink_session *s = calloc(1, sizeof(*s));

	(void)peer;
	if (s)
		s->sink = ctx;
	ASSERT(s);
	return s;
}

static struct smtp_reply sink_mail(void *session, const struct smtp_mail_params *params)
{
	(void)session;
	(void)params;
	return smtp_reply_make(250, "2.1.0 Ok");
}

static struct smtp_reply sink_rcpt(void *session, struct str to)
{
	(void)session;
	(void)to;
	return smtp_reply_make(250, "2.1.5 Ok");
}

static struct smtp_reply sink_data(void *session)
{
	struct sink_session *s = session;
	char name[40];
	int fd;

	do {
		snprintf(name, sizeof(name), "%06llu.eml",
			 (unsigned long long)atomic_fetch_add(&s->sink->next, 1));
		fd = openat(s->sink->dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	} while (fd < 0 && errno == EEXIST);
	s->f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!s->f)
		return smtp_reply_make(451, "4.3.0 %s", strerror(errno));
	return smtp_reply_make(354, "Go on");
}

static enum err sink_chunk(void *session, struct str bytes)
{
	struct sink_session *s = session;

	return s->f && fwrite(bytes.p, 1, bytes.n, s->f) == bytes.n ? OK : ERR_LATER;
}

static void sink_reset(void *session)
{
	struct sink_session *s = session;

	if (s->f)
		fclose(s->f);
	s->f = NULL;
}

static struct smtp_reply sink_end(void *session, int64_t until_ms)
{
	struct sink_session *s = session;
	bool kept = s->f && fclose(s->f) == 0;

	(void)until_ms;
	s->f = NULL;
	return kept ? smtp_reply_make(250, "2.0.0 Kept") : smtp_reply_make(451, "4.3.0 Not kept");
}

static void sink_close(void *session)
{
	sink_reset(session);
	free(session);
}

static const struct smtp_handler sink_handler = {
	.open = sink_open,
	.mail = sink_mail,
	.rcpt = sink_rcpt,
	.data = sink_data,
	.chunk = sink_chunk,
	.end = sink_end,
	.reset = sink_reset,
	.close = sink_close,
};

static int listen_on(const struct endpoint *e)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(e->port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (e->ip.family == 4)
		memcpy(&a.sin_addr, e->ip.b, 4);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
	    bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 512) != 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

/* Serves until SIGTERM or SIGINT. */
static int serve(const struct cli_args *args, struct sink *sink, int fd)
{
	struct log log = { .fd = STDERR_FILENO, .level = LOG_WARN, .role = "sink" };
	struct smtp_server_options o = { .hostname = "sink.localhost",
					 .message_size = UINT64_C(1) << 30,
					 .recipients = 10000,
					 .commands = 1000000000,
					 .errors = 1000,
					 .connections = 1000,
					 .connections_per_address = 1000,
					 .threads = 64,
					 .idle_ms = 600000,
					 .handler = &sink_handler,
					 .handler_ctx = sink,
					 .log = &log };
	struct smtp_server *server = NULL;
	struct errbuf eb = { "" };
	sigset_t stop;
	int signal_seen;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	/* Before the server's threads begin, so that they inherit the mask. */
	if (sigprocmask(SIG_BLOCK, &stop, NULL) != 0 || smtp_server_start(&o, &fd, 1, &server, &eb) != OK)
		return cli_fail(args, "%s", eb.text);
	printf("taking mail on %s\n", cli_option_value(args, "--listen"));
	fflush(stdout);
	sigwait(&stop, &signal_seen);
	smtp_server_stop(&server, clock_mono_ms() + 1000);
	return CLI_OK;
}

int cli_sink(const struct cli_args *args)
{
	const char *dir = cli_option_value(args, "--dir");
	struct endpoint e;
	struct sink sink = { .dir_fd = -1 };

	if (endpoint_parse(str_of(cli_option_value(args, "--listen")), &e) != OK || e.ip.family == 6)
		return cli_fail(args, "--listen: not an IPv4 ADDR:PORT");
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return cli_fail(args, "%s: %s", dir, strerror(errno));
	sink.dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = sink.dir_fd < 0 ? -1 : listen_on(&e);
	int status =
	    fd < 0 ? cli_fail(args, "%s: %s", sink.dir_fd < 0 ? dir : cli_option_value(args, "--listen"),
			      strerror(errno))
		   : serve(args, &sink, fd);

	if (fd >= 0)
		close(fd);
	if (sink.dir_fd >= 0)
		close(sink.dir_fd);
	return status;
}
