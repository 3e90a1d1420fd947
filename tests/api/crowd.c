/* The limit of an address holds before anything is looked at, and says when to come back. */
#include "run.h"

#include <stdio.h>

#define TRIES 100 /* two of them fall into one second on any machine */

int main(void)
{
	const struct str request = STR("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	struct place p;
	struct reply a = { 0 };

	place_open(&p);
	for (int i = 0; i < TRIES && a.status != 429; i++)
		a = client_send(&p, request);
	bool fine = a.status == 429 && str_eq(reply_header(&a, STR("Retry-After")), STR("1")) &&
		    str_eq(reply_header(&a, STR("Ratelimit")), STR("\"default\";r=0;t=1")) &&
		    str_eq(reply_header(&a, STR("Ratelimit-Policy")), STR("\"default\";q=1;w=1")) &&
		    reply_header(&a, STR("X-Request-Id")).n &&
		    str_find(a.body, STR("\"code\":14029,\"message\":\"More than 1 requests per 1 seconds"),
			     0) != SIZE_MAX;
	place_close(&p);
	printf("%s 1 - one request a second\n1..1\n", fine ? "ok" : "not ok");
	return !fine;
}
