/*
 * Stopping while clients are there: one is in the middle of a body, another keeps its connection and goes on asking.
 * It is answered until it is told to close; nothing crashes.
 */
#include "run.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
	int fd;
	struct str request;
	size_t answers;
	bool told; /* to close */
};

static int dial(struct place *p)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(p->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror("connect");
		exit(1);
	}
	return fd;
}

/* Asks once; false when the connection is over. */
static bool ask(struct client *c)
{
	char room[65536];

	if (send(c->fd, c->request.p, c->request.n, MSG_NOSIGNAL) != (ssize_t)c->request.n)
		return false;
	ssize_t n = recv(c->fd, room, sizeof(room), 0);
	if (n <= 0)
		return false;
	c->answers++;
	c->told = str_find_nocase(str_from(room, (size_t)n), STR("connection: close"), 0) != SIZE_MAX;
	return !c->told;
}

static void *go_on(void *ctx)
{
	struct client *c = ctx;

	while (ask(c))
		;
	return NULL;
}

int main(void)
{
	struct client half = { 0 }, kept = { 0 };
	pthread_t thread;
	struct place p;

	place_open(&p);
	kept.request = variables_fill(
	    &p, STR("GET {base}/investigate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {reader}\r\n\r\n"));
	half.request =
	    variables_fill(&p, STR("POST {base}/settings/allow_policies HTTP/1.1\r\nHost: x\r\n"
				   "Authorization: Bearer {writer}\r\nContent-Type: application/json\r\n"
				   "Content-Length: 100\r\n\r\n{"));
	kept.fd = dial(&p);
	half.fd = dial(&p);
	bool fine = ask(&kept) && send(half.fd, half.request.p, half.request.n, 0) == (ssize_t)half.request.n;
	fine = fine && pthread_create(&thread, NULL, go_on, &kept) == 0;
	place_close(&p);
	fine = fine && pthread_join(thread, NULL) == 0 && kept.answers > 0 && kept.told;
	close(half.fd);
	close(kept.fd);
	printf("%s 1 - a client that keeps asking is told to close\n1..1\n", fine ? "ok" : "not ok");
	return !fine;
}
