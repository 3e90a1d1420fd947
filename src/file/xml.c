/* XML through the tokens of HTML, which are near enough for reading attributes and texts. */
#include "file/xml.h"

#include "base/charset.h"
#include "html/entity.h"

struct str xml_text(struct arena *a, struct str bytes)
{
	if (str_starts(bytes, STR("\xff\xfe")) || str_starts(bytes, STR("\xfe\xff")))
		return charset_to_utf8(a, STR("utf-16"), bytes, NULL);
	return charset_to_utf8(a, STR("utf-8"), bytes, NULL);
}

bool xml_next(struct html *h, struct html_token *out)
{
	h->xml = true; /* no element has raw text, and CDATA is text anywhere */
	return html_next(h, out);
}

static struct str local(struct str name)
{
	size_t colon = str_rfind_char(name, ':');

	return colon == SIZE_MAX ? name : str_sub(name, colon + 1, name.n);
}

bool xml_is(const struct html_token *t, struct str local_name)
{
	return str_eq(local(t->name), local_name);
}

struct str xml_attr(struct arena *a, const struct html_token *t, struct str local_name)
{
	struct str rest = t->attrs;
	struct html_attr at;

	while (html_attr_next(&rest, &at))
		if (str_eq(local(at.name), local_name))
			return html_decode(a, at.value);
	return STR_NONE;
}
