/*
 * Any header fields of a request, a name and a value a line. What is taken for clear is read again by the letter of
 * RFC 9110 and 9112: names are tokens, nothing hides a line end, and there is one way to find the end of the body.
 */
#include "api/forwarded.h"
#include "api/request_headers.h"
#include "base/abnf.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct strs lines_of(struct arena *a, struct str text)
{
	struct strs out = { 0 };
	size_t end;

	for (; text.n; text = str_sub(text, end == SIZE_MAX ? text.n : end + 1, text.n)) {
		end = str_find_char(text, '\n', 0);
		ARENA_PUSH(a, &out, str_sub(text, 0, end));
	}
	return out;
}

static unsigned count(struct strs lines, struct str name)
{
	unsigned n = 0;

	for (size_t i = 0; i < lines.n; i++)
		n += str_eq_nocase(str_sub(lines.v[i], 0, str_find_char(lines.v[i], ':', 0)), name);
	return n;
}

static void check_clear(struct strs lines, const struct request_headers *h)
{
	unsigned lengths = count(lines, STR("Content-Length")),
		 encodings = count(lines, STR("Transfer-Encoding"));

	ASSERT(lengths + encodings <= 1 && count(lines, STR("Host")) <= 1);
	ASSERT(h->has_length == (lengths == 1) && h->chunked == (encodings == 1));
	for (size_t i = 0; i < lines.n; i++) {
		size_t colon = str_find_char(lines.v[i], ':', 0);
		for (size_t k = 0; k < lines.v[i].n; k++) {
			unsigned char c = (unsigned char)lines.v[i].p[k];
			ASSERT(k >= colon || abnf_is_token(c));
			ASSERT(c != '\r' && c != 0);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new((size_t)16 << 20, NULL, NULL);
	struct request_headers h = { 0 };
	struct proxies proxies;
	struct ip peer;

	if (size < 32768) {
		struct strs lines = lines_of(a, str_from(data, size));
		for (size_t i = 0; i < lines.n; i++) {
			size_t colon = str_find_char(lines.v[i], ':', 0);
			request_headers_add(&h, a, str_sub(lines.v[i], 0, colon),
					    colon == SIZE_MAX ? STR_NONE
							      : str_sub(lines.v[i], colon + 1, SIZE_MAX));
		}
		if (request_headers_is_clear(&h))
			check_clear(lines, &h);
		ASSERT(!request_headers_is_swallowed(&h) || h.length <= (64u << 20));
		proxies_read(a, STR("192.0.2.0/24 2001:db8::/32"), &proxies);
		ASSERT(ip_parse(STR("192.0.2.1"), &peer) == OK);
		peer = proxies_client(&proxies, peer, h.forwarded);
		ASSERT(peer.family == 4 || peer.family == 6);
	}
	arena_free(&a);
	return 0;
}
