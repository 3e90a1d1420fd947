/* The few properties that matter here. */
#include "file/mapi.h"

#include "base/charset.h"
#include "base/limits.h"
#include "file/ole.h"
#include "file/rtf_text.h"

#define TYPE_UTF16 0x1f

static const struct {
	unsigned number;
	enum mapi_property property;
	bool is_text;
} wanted[] = {
	{ 0x1000, MAPI_PLAIN, true },      /* PidTagBody */
	{ 0x1013, MAPI_HTML, true },       /* PidTagBodyHtml, PidTagHtml */
	{ 0x1009, MAPI_RTF, false },       /* PidTagRtfCompressed */
	{ 0x3707, MAPI_NAME, true },       /* PidTagAttachLongFilename */
	{ 0x3704, MAPI_SHORT_NAME, true }, /* PidTagAttachFilename */
	{ 0x3701, MAPI_DATA, false },      /* PidTagAttachDataBinary, PidTagAttachDataObject */
};

bool mapi_is_wanted(unsigned number)
{
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (wanted[i].number == number)
			return true;
	return false;
}

static struct str without_end(struct str s)
{
	while (s.n && !s.p[s.n - 1])
		s.n--;
	return s;
}

void mapi_put(struct look *l, struct mapi_object *o, unsigned number, unsigned type, struct str value)
{
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (wanted[i].number != number)
			continue;
		struct str *to = &o->v[wanted[i].property];
		if (wanted[i].is_text)
			value = str_sub(value, 0, 2 * LIMIT_TEXT);
		if (!wanted[i].is_text)
			*to = value;
		else
			*to = type == TYPE_UTF16 ? ole_text(l->a, value)
						 : charset_to_utf8(l->a, STR_NONE, without_end(value), NULL);
	}
}

void mapi_give_texts(struct look *l, const struct mapi_object *o)
{
	bool html = false;

	look_add_text(l, o->v[MAPI_PLAIN], false);
	look_add_text(l, o->v[MAPI_HTML], true);
	if (o->v[MAPI_PLAIN].n || o->v[MAPI_HTML].n || !o->v[MAPI_RTF].n)
		return; /* RTF says the same once more */
	struct str rtf = rtf_unpack(l->a, o->v[MAPI_RTF], LIMIT_TEXT);
	struct str text = rtf_text(l->a, rtf, LIMIT_TEXT, &html);
	look_took(l, rtf.n + text.n);
	look_add_text(l, text, html);
}

void mapi_give_attachment(struct look *l, const struct mapi_object *o)
{
	struct str name = o->v[o->v[MAPI_NAME].n ? MAPI_NAME : MAPI_SHORT_NAME], data = o->v[MAPI_DATA];

	if (name.n || data.n)
		look_add_member(l, (struct file_member){ .name = name, .data = data, .size = data.n });
}
