/* The value of a Received field; and a header whose Received fields are walked back. */
#include "auth/received.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str text = str_from(data, size);
	struct headers h = headers_parse(a, text, 0, text.n, NULL);
	struct ip peer = { 4, { 192, 0, 2, 1 } };
	struct sending_host host;
	struct received r;

	enum err e = received_parse(a, text, &r);
	ASSERT(e == (r.ip.family ? OK : ERR_ABSENT));
	for (int hops = 1; hops < 5; hops++) {
		received_sending_host(a, &h, hops, &peer, STR("helo"), &host);
		ASSERT(host.is_guess == (host.comment.n > 0));
	}
	arena_free(&a);
	return 0;
}
