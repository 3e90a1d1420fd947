/* Any bytes as a request target: taken apart, matched, and its query read as every type. */
#include "api/internal.h"
#include "api/queries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct api api;
	struct arena *a = arena_new((size_t)64 << 20, NULL, NULL);
	struct request rq = { .api = &api, .arena = a };
	struct faults f = { .arena = a };
	struct str account;
	struct search_query search = { 0 };

	if (size && size < 32768) {
		rq.method = data[0] % (METHOD_OTHER + 1);
		buf_init(&rq.out, 1 << 20);
		router_split(&rq, str_from(data + 1, size - 1));
		(void)router_match(&rq, &account);
		query_read(&rq, &search_queries, &search, &f);
		buf_free(&rq.out);
	}
	arena_free(&a);
	return 0;
}
