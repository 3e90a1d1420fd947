/* Data URLs. */
#include "url/data.h"

#include "base/arena.h"
#include "base/base64.h"
#include "url/url.h"

#define SCHEME STR("data:")

bool url_is_data(struct str href)
{
	return str_starts_nocase(str_trim(href), SCHEME);
}

struct str url_base64(struct arena *a, struct str text)
{
	char *plain = arena_alloc(a, text.n + 4);
	size_t n = 0;
	struct str out;

	for (size_t i = 0; i < text.n && text.p[i] != '='; i++)
		if ((unsigned char)text.p[i] > ' ')
			plain[n++] = text.p[i] == '-' ? '+' : text.p[i] == '_' ? '/' : text.p[i];
	n -= n % 4 == 1;
	while (n % 4)
		plain[n++] = '=';
	return base64_decode(a, str_from(plain, n), &out) == OK ? out : STR_NONE;
}

bool url_data_read(struct arena *a, struct str href, struct str *type_out, struct str *bytes_out)
{
	href = str_trim(href);
	size_t comma = str_find_char(href, ',', 0);
	if (!str_starts_nocase(href, SCHEME) || comma == SIZE_MAX)
		return false;
	struct str head = str_trim(str_sub(href, SCHEME.n, comma));
	struct str bytes = url_percent_decode(a, str_sub(href, comma + 1, href.n));
	*type_out = arena_lower(a, str_trim(str_sub(head, 0, str_find_char(head, ';', 0))));
	if (type_out->n == 0)
		*type_out = STR("text/plain");
	*bytes_out = str_ends_nocase(head, STR(";base64")) ? url_base64(a, bytes) : bytes;
	return true;
}
