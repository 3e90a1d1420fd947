/*
 * Outlook messages (MS-OXMSG): each property is a stream named by its number and type, each attachment a storage. Messages
 * inside are read along with the outer one.
 */
#include "base/abnf.h"
#include "base/limits.h"
#include "file/mapi.h"
#include "file/ole_contents.h"

static const struct str property_prefix = STR_INIT("__substg1.0_"),
			attachment_prefix = STR_INIT("__attach_version1.0_");

/* "__substg1.0_3707001F": number 0x3707, type 0x001f. */
static bool read_property_name(struct str name, unsigned *number_out, unsigned *type_out)
{
	unsigned v = 0;

	if (!str_starts(name, property_prefix) || name.n < property_prefix.n + 8)
		return false;
	for (size_t i = property_prefix.n; i < property_prefix.n + 8; i++) {
		int digit = abnf_hex_value((unsigned char)name.p[i]);
		if (digit < 0)
			return false;
		v = v << 4 | (unsigned)digit;
	}
	*number_out = v >> 16;
	*type_out = v & 0xffff;
	return true;
}

void msg_read(struct ole_look *o)
{
	size_t n = o->ole.entries.n;
	struct mapi_object *objects = ARENA_ARRAY(o->l->a, n, struct mapi_object);

	for (size_t i = 1; i < n; i++) {
		const struct ole_entry *e = &o->ole.entries.v[i];
		unsigned number, type;
		if (e->kind == OLE_STREAM && read_property_name(e->name, &number, &type) &&
		    mapi_is_wanted(number))
			mapi_put(o->l, &objects[e->parent], number, type, ole_take(o, e));
	}
	for (size_t i = 0; i < n; i++) {
		if (str_starts(o->ole.entries.v[i].name, attachment_prefix))
			mapi_give_attachment(o->l, &objects[i]);
		else
			mapi_give_texts(o->l, &objects[i]);
	}
}
