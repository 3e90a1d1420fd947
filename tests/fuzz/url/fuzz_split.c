/* URLs: splitting anything, and finding URLs in it. */
#include "base/arena.h"
#include "base/utf8.h"
#include "url/find.h"
#include "url/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str s = str_from(data, size), found;
	struct url u = url_split(a, s);
	size_t at = 0, before = 0;

	ASSERT(u.text.n <= URL_MAX && u.port >= 0 && u.port <= 65535 && utf8_is_valid(u.host));
	while (url_find(s, &at, &found)) {
		ASSERT(at > before && at <= s.n && found.n > 0 && found.n <= URL_MAX);
		before = at;
		(void)url_split(a, found);
	}
	arena_free(&a);
	return 0;
}
