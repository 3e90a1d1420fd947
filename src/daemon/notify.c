/* A datagram to the service manager. */
#include "daemon/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"

static int64_t watchdog_from_environment(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	uint64_t v;

	if (!us || str_to_u64(str_of(us), UINT32_MAX, &v) != OK || v < 2000)
		return 0;
	uint64_t who;
	if (pid && (str_to_u64(str_of(pid), INT32_MAX, &who) != OK || who != (uint64_t)getpid()))
		return 0;
	return (int64_t)(v / 2000); /* twice in the time allowed */
}

struct notify notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct notify n = { .fd = -1, .watchdog_ms = watchdog_from_environment() };
	size_t length = path ? strlen(path) : 0;

	if (length < 2 || length >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return n;
	memcpy(to.sun_path, path, length);
	if (to.sun_path[0] == '@')
		to.sun_path[0] = 0; /* an abstract socket */
	n.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (n.fd >= 0 && connect(n.fd, (struct sockaddr *)&to,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) != 0) {
		close(n.fd);
		n.fd = -1;
	}
	return n;
}

void notify_say(const struct notify *n, const char *what)
{
	if (n->fd >= 0 && send(n->fd, what, strlen(what), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return; /* a manager that does not listen is no reason to stop */
}

int notify_watchdog(struct notify *n, int64_t now_ms, int most_ms)
{
	if (n->fd < 0 || n->watchdog_ms == 0)
		return most_ms;
	if (now_ms - n->told_ms >= n->watchdog_ms) {
		notify_say(n, "WATCHDOG=1");
		n->told_ms = now_ms;
	}
	int64_t left = n->told_ms + n->watchdog_ms - now_ms;
	return left < most_ms ? (int)left : most_ms;
}
