/* Collecting attributes. */
#include "html/attrs.h"

#include "base/attr.h"

struct html_attrs html_attrs_of(const struct html_token *t)
{
	struct html_attrs out = { 0 };
	const struct {
		struct str name, *to;
	} wanted[] = {
		{ STR_INIT("href"), &out.href },
		{ STR_INIT("src"), &out.src },
		{ STR_INIT("action"), &out.action },
		{ STR_INIT("formaction"), &out.formaction },
		{ STR_INIT("to"), &out.to },
		{ STR_INIT("value"), &out.value },
		{ STR_INIT("placeholder"), &out.placeholder },
		{ STR_INIT("srcdoc"), &out.srcdoc },
		{ STR_INIT("xlink:href"), &out.xlink },
		{ STR_INIT("data"), &out.data },
		{ STR_INIT("alt"), &out.alt },
		{ STR_INIT("type"), &out.type },
		{ STR_INIT("style"), &out.style },
		{ STR_INIT("content"), &out.content },
		{ STR_INIT("http-equiv"), &out.http_equiv },
		{ STR_INIT("width"), &out.width },
		{ STR_INIT("height"), &out.height },
		{ STR_INIT("id"), &out.id },
		{ STR_INIT("class"), &out.classes },
		{ STR_INIT("color"), &out.color },
		{ STR_INIT("text"), &out.text },
		{ STR_INIT("size"), &out.size },
		{ STR_INIT("dir"), &out.dir },
		{ STR_INIT("bgcolor"), &out.bgcolor },
		{ STR_INIT("background"), &out.background },
	};
	struct str rest = t->attrs;
	struct html_attr at;

	while (html_attr_next(&rest, &at)) {
		out.hidden |= str_eq_nocase(at.name, STR("hidden"));
		out.handler |= at.name.n > 2 && str_starts_nocase(at.name, STR("on"));
		for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
			if (!wanted[i].to->p && str_eq_nocase(at.name, wanted[i].name))
				*wanted[i].to = at.value;
	}
	return out;
}
