/* URLs: splitting anything, finding URLs in it, and undoing wrappers. */
#include "base/arena.h"
#include "base/utf8.h"
#include "url/find.h"
#include "url/wrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str s = str_from(data, size);
	struct url u = url_split(a, s), leads;
	struct url_found found;
	size_t at = 0, before = 0;

	ASSERT(u.text.n <= URL_MAX && u.port >= 0 && u.port <= 65535 && utf8_is_valid(u.host));
	(void)url_unwrap_all(a, &u, &leads);
	while (url_find(a, s, &at, &found)) {
		ASSERT(at > before && at <= s.n && found.text.n > 0 && found.text.n <= 2 * URL_MAX);
		before = at;
		u = url_split(a, found.url);
		(void)url_unwrap_all(a, &u, &leads);
	}
	arena_free(&a);
	return 0;
}
