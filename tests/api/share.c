/*
 * One client searches with many connections at once, and takes long; another one, who comes later, asks once. It is
 * answered while the first one's searches still wait, for these have one thread of the pool at a time. What counts is
 * the order of answers, not how long they take.
 */
#include "run.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SEARCHES 24
#define MAILS 400 /* that each search looks at, for nothing is indexed here */

static int ask(struct place *p, const char *request)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(p->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct str text = variables_fill(p, str_of(request));

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    send(fd, text.p, text.n, 0) != (ssize_t)text.n) {
		perror("ask");
		exit(1);
	}
	return fd;
}

static void add_mails(struct place *p)
{
	struct account other;

	if (settings_account_find(p->store, p->arena, variables_fill(p, STR("{other}")), &other))
		exit(1);
	for (int i = 0; i < MAILS; i++) {
		struct record r = { 0 };
		struct message *m = ARENA_NEW(p->arena, struct message);
		SET(m, message, postfix_id, arena_printf(p->arena, "4Share%05d", i));
		SET(m, message, subject, STR("one of many"));
		SET(m, message, from, STR("sender@evil.example"));
		SET(&r, record, account, other.num);
		SET(&r, record, message, m);
		SET(&r, record, detections, ARENA_NEW(p->arena, struct detections));
		if (store_record_add(p->store, p->arena, &r))
			exit(1);
	}
}

/* Waits for answers; gives how many of the first client's came before the other's. */
static int count_before(struct place *p, const int fds[SEARCHES])
{
	struct pollfd wait[SEARCHES + 1];
	int answered = 0;
	bool asked = false;
	char answer[65536];

	for (size_t i = 0; i < SEARCHES; i++)
		wait[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	wait[SEARCHES] = (struct pollfd){ .fd = -1, .events = POLLIN };
	while (answered < SEARCHES && poll(wait, SEARCHES + 1, 60000) > 0) {
		if (wait[SEARCHES].revents) {
			ssize_t n = recv(wait[SEARCHES].fd, answer, sizeof(answer), 0);
			close(wait[SEARCHES].fd);
			return n > 0 && str_starts(str_from(answer, (size_t)n), STR("HTTP/1.1 200"))
				   ? answered
				   : SEARCHES;
		}
		for (size_t i = 0; i < SEARCHES; i++) {
			if (wait[i].fd < 0 || !wait[i].revents)
				continue;
			wait[i].fd = -1;
			answered++;
		}
		/* With the first answer all are known to have arrived, or nearly. */
		if (answered && !asked)
			wait[SEARCHES].fd =
			    ask(p, "GET {base}/investigate?subject=invoice HTTP/1.1\r\nHost: x\r\n"
				   "Authorization: Bearer {reader}\r\n\r\n");
		asked = answered > 0;
	}
	return SEARCHES;
}

int main(void)
{
	int fds[SEARCHES];
	struct place p;

	place_open(&p);
	add_mails(&p);
	for (size_t i = 0; i < SEARCHES; i++)
		fds[i] = ask(
		    &p, "GET /accounts/{other}/email-security/investigate?subject=nothere&detections_only="
			"false HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {stranger}\r\n\r\n");
	int before = count_before(&p, fds);
	for (size_t i = 0; i < SEARCHES; i++)
		close(fds[i]);
	place_close(&p);
	bool fine = before < SEARCHES / 2;
	printf("# %d of %d searches of the busy client were answered before\n", before, SEARCHES);
	printf("%s 1 - a client that searches a lot leaves room for others\n1..1\n", fine ? "ok" : "not ok");
	return !fine;
}
