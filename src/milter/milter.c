/*
 * libmilter's start and stop, made to fit a role: it listens on a socket of ours, which outlives this process, and at a stop
 * what is under way is answered first.
 *
 * libmilter opens its socket itself and gives no way to its number. So it opens one that nobody finds, and ours takes its
 * place under that number; when we stop, that one comes back, and whoever connects meanwhile waits for our successor. Its
 * own way to stop would cut what is under way.
 */
#include "milter/milter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "milter/internal.h"

#define FDS_LOOKED_AT 256
#define ARRIVING_MS 200                             /* whoever has connected just now is counted then */
#define GOING_MS 5000                               /* for clients of mail servers, at a stop */
#define PACKET_MOST ((1u << 20) - 1)                /* of the mail server: a header field is one */
#define SILENCE_S (2 * LIMIT_SMTP_ANSWER_MS / 1000) /* of a mail server within a mail */

/* ---- who is at work ---- */

bool milter_mail_begins(struct milter *m)
{
	pthread_mutex_lock(&m->lock);
	bool may = !m->last_call;
	m->mails += may;
	pthread_mutex_unlock(&m->lock);
	return may;
}

void milter_mail_ends(struct milter *m)
{
	pthread_mutex_lock(&m->lock);
	m->mails--;
	pthread_cond_signal(&m->fewer);
	pthread_mutex_unlock(&m->lock);
}

bool milter_enter(struct milter *m)
{
	pthread_mutex_lock(&m->lock);
	bool may = !m->ended;
	m->at_work += may;
	pthread_mutex_unlock(&m->lock);
	return may;
}

void milter_leave(struct milter *m)
{
	pthread_mutex_lock(&m->lock);
	m->at_work--;
	pthread_cond_signal(&m->fewer);
	pthread_mutex_unlock(&m->lock);
}

void milter_session_begins(struct milter *m)
{
	pthread_mutex_lock(&m->lock);
	m->sessions++;
	pthread_mutex_unlock(&m->lock);
}

void milter_session_ends(struct milter *m)
{
	pthread_mutex_lock(&m->lock);
	m->sessions--;
	pthread_cond_signal(&m->fewer);
	pthread_mutex_unlock(&m->lock);
}

/* ---- the socket ---- */

static bool is_listening(int fd)
{
	int listens = 0;
	socklen_t n = sizeof(listens);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) == 0 && listens;
}

/* The socket that libmilter has just opened; -1 = none. */
static int opened_beside(int ours)
{
	for (int fd = 0; fd < FDS_LOOKED_AT; fd++)
		if (fd != ours && is_listening(fd))
			return fd;
	return -1;
}

/* Where libmilter is to listen at first: of the family of our socket, for it remembers that, and found by nobody. */
static void write_place(const struct milter_options *o, char *out, size_t room)
{
	struct sockaddr_storage a = { 0 };
	socklen_t n = sizeof(a);

	if (getsockname(o->listener, (struct sockaddr *)&a, &n) != 0 || a.ss_family == AF_UNIX)
		snprintf(out, room, "unix:%s/milter.%d", o->config->data, (int)getpid());
	else
		snprintf(out, room, a.ss_family == AF_INET6 ? "inet6:0@[::1]" : "inet:0@127.0.0.1");
}

static enum err take_socket(struct milter *m, struct errbuf *eb)
{
	char place[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 64];

	write_place(&m->o, place, sizeof(place));
	if (smfi_setconn(place) != MI_SUCCESS || smfi_opensocket(true) != MI_SUCCESS)
		return err_set(eb, ERR_LATER, "libmilter cannot listen at %s: %s", place, strerror(errno));
	if (strncmp(place, "unix:", 5) == 0)
		unlink(place + 5);
	m->fd = opened_beside(m->o.listener);
	m->nothing = m->fd >= 0 ? fcntl(m->fd, F_DUPFD_CLOEXEC, 0) : -1;
	if (m->nothing < 0 || fcntl(m->nothing, F_SETFL, O_NONBLOCK) != 0 ||
	    dup3(m->o.listener, m->fd, O_CLOEXEC) < 0)
		return err_set(eb, ERR_LATER, "the socket of libmilter is not to be found");
	return OK;
}

/* ---- start and stop ---- */

static void *listen_for_ever(void *ctx)
{
	struct milter *m = ctx;

	if (smfi_main() != MI_SUCCESS && !m->stopping) {
		log_error(m->o.log, "milter_ended", KV_C("why", "libmilter gave up"));
		_exit(1); /* the supervisor starts another one */
	}
	return NULL;
}

static void init_counts(struct milter *m)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&m->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&m->fewer, &attr);
	pthread_condattr_destroy(&attr);
}

enum err milter_start(const struct milter_options *o, struct milter **out, struct errbuf *eb)
{
	struct milter *m = calloc(1, sizeof(*m));
	struct smfiDesc callbacks;

	ASSERT(m);
	*out = m;
	*m = (struct milter){ .o = *o, .fd = -1, .nothing = -1 };
	init_counts(m);
	session_register(m, &callbacks);
	if (smfi_register(callbacks) != MI_SUCCESS || smfi_settimeout(SILENCE_S) != MI_SUCCESS)
		return err_set(eb, ERR_BUG, "libmilter does not take its callbacks");
	smfi_setmaxdatasize(PACKET_MOST);
	enum err e = take_socket(m, eb);
	if (e)
		return e;
	if (pthread_create(&m->listener, NULL, listen_for_ever, m) != 0)
		return err_set(eb, ERR_LATER, "no thread");
	pthread_detach(m->listener);
	return OK;
}

/* Waits until none is left of what is counted; false at the deadline. The lock is held. */
static bool wait_for_none(struct milter *m, const unsigned *count, int64_t until_ms)
{
	struct timespec t = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };

	while (*count > 0)
		if (pthread_cond_timedwait(&m->fewer, &m->lock, &t) == ETIMEDOUT)
			return false;
	return true;
}

/*
 * smfi_stop is not called: it waits for the listener, which looks up every few seconds, and then ends threads that are at
 * work. Who still asks when we are gone comes again.
 */
void milter_stop(struct milter **mp, int64_t until_ms)
{
	const unsigned some = 1;
	struct milter *m = *mp;

	*mp = NULL;
	pthread_mutex_lock(&m->lock);
	m->stopping = true;
	if (m->nothing >= 0)
		dup3(m->nothing, m->fd, O_CLOEXEC);
	/* Clients of the mail server come and go: most have gone soon, and then none is told to come again. */
	int64_t now_ms = clock_mono_ms();
	wait_for_none(m, &some, clock_earlier(until_ms, now_ms + ARRIVING_MS));
	wait_for_none(m, &m->sessions, clock_earlier(until_ms, now_ms + GOING_MS));
	m->last_call = true;
	wait_for_none(m, &m->mails, until_ms);
	m->ended = true;
	while (m->at_work > 0) /* each has its own deadline */
		pthread_cond_wait(&m->fewer, &m->lock);
	pthread_mutex_unlock(&m->lock);
}
