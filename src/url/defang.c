/* Defanging. */
#include "url/defang.h"

#include "base/arena.h"
#include "base/buf.h"

struct str url_defang(struct arena *a, struct str url)
{
	size_t colon = str_find(url, STR("://"), 0), host = colon == SIZE_MAX ? 0 : colon + 3, end = host;
	struct buf b;

	while (end < url.n && !strchr("/\\?#", url.p[end]))
		end++;
	buf_init(&b, 3 * url.n + 1);
	for (size_t i = 0; i < url.n; i++) {
		bool dot = url.p[i] == '.' && i >= host && i < end,
		     scheme = url.p[i] == ':' && str_starts(str_sub(url, i, url.n), STR("://"));
		if (dot || scheme)
			buf_add_char(&b, '[');
		buf_add_char(&b, url.p[i]);
		if (dot || scheme)
			buf_add_char(&b, ']');
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}
