/*
 * TNEF (MS-OXTNEF), the "winmail.dat" of Exchange: a list of attributes, some of them lists of MAPI properties. Attributes
 * of an attachment follow the one that begins it.
 */
#include "file/bytes.h"
#include "file/mapi.h"
#include "file/ole.h"

enum attribute {
	BODY = 0x800c,
	MESSAGE_PROPERTIES = 0x9003,
	ATTACHMENT_BEGINS = 0x9002,
	ATTACHMENT_TITLE = 0x8010,
	ATTACHMENT_DATA = 0x800f,
	ATTACHMENT_PROPERTIES = 0x9005,
};

#define NAMED_FROM 0x8000 /* properties of higher numbers bring a name */

/* Sizes of values by their type (§2.1.3.4); 0 = variable: a count, then length and value of each. */
static size_t value_bytes(unsigned type)
{
	switch (type) {
	case 0x02: /* 16 bits, but padded */
	case 0x03:
	case 0x04:
	case 0x0a:
	case 0x0b:
		return 4;
	case 0x05:
	case 0x06:
	case 0x07:
	case 0x14:
	case 0x40:
		return 8;
	case 0x48:
		return 16;
	default:
		return 0;
	}
}

static uint64_t padded(uint64_t n)
{
	return (n + 3) & ~UINT64_C(3);
}

/* Behind the number of a named property: its set, and a number or a text. */
static size_t skip_name(struct str s, size_t at)
{
	if (bytes_le32(s, (uint64_t)at + 16) == 0)
		return at + 24;
	uint64_t end = (uint64_t)at + 24 + padded(bytes_le32(s, (uint64_t)at + 20));
	return end < s.n ? (size_t)end : s.n;
}

/* One value of variable length at *at, which moves behind it. */
static struct str take_value(struct str s, size_t *at)
{
	struct str v = bytes_at(s, (uint64_t)*at + 4, bytes_le32(s, *at));
	uint64_t end = (uint64_t)*at + 4 + padded(v.n);

	*at = end < s.n ? (size_t)end : s.n;
	return v;
}

static void read_properties(struct look *l, struct str s, struct mapi_object *o)
{
	size_t at = 4;

	for (uint32_t count = bytes_le32(s, 0); count > 0 && s.n > at && s.n - at >= 4; count--) {
		unsigned type = bytes_le16(s, at) & 0xfff, number = bytes_le16(s, at + 2);
		bool many = bytes_le16(s, at) & 0x1000; /* PtypMultiple… */
		at += 4;
		if (number >= NAMED_FROM)
			at = skip_name(s, at);
		size_t fixed = value_bytes(type);
		uint32_t values = 1;
		if (many || !fixed) {
			values = bytes_le32(s, at);
			at += 4;
		}
		for (uint32_t i = 0; i < values && at < s.n; i++) {
			struct str v = fixed ? bytes_at(s, at, fixed) : take_value(s, &at);
			at += fixed;
			/* An object in an attachment has its kind (16 bytes) before it. */
			if (type == 0x0d)
				v = str_sub(v, 16, v.n);
			if (i == 0 && mapi_is_wanted(number))
				mapi_put(l, o, number, type, v);
		}
	}
}

struct reader {
	struct look *l;
	struct mapi_object message, attachment;
	bool in_attachment;
};

static void end_attachment(struct reader *r)
{
	if (r->in_attachment)
		mapi_give_attachment(r->l, &r->attachment);
	r->attachment = (struct mapi_object){ 0 };
}

static void take_attribute(struct reader *r, unsigned id, struct str data)
{
	switch (id) {
	case BODY:
		mapi_put(r->l, &r->message, 0x1000, 0x1e, data);
		break;
	case MESSAGE_PROPERTIES:
		read_properties(r->l, data, &r->message);
		break;
	case ATTACHMENT_BEGINS:
		end_attachment(r);
		r->in_attachment = true;
		break;
	case ATTACHMENT_TITLE:
		mapi_put(r->l, &r->attachment, 0x3704, 0x1e, data);
		break;
	case ATTACHMENT_DATA:
		r->attachment.v[MAPI_DATA] = data;
		break;
	case ATTACHMENT_PROPERTIES:
		read_properties(r->l, data, &r->attachment);
		break;
	default:
		break;
	}
}

void look_into_tnef(struct look *l)
{
	struct reader r = { .l = l };

	/* A signature and a key; then level, number and length of each attribute, data, a sum. */
	for (size_t at = 6; l->bytes.n > at && l->bytes.n - at >= 9;) {
		unsigned id = bytes_le16(l->bytes, at + 1);
		struct str data = bytes_at(l->bytes, at + 9, bytes_le32(l->bytes, at + 5));
		if (data.n < bytes_le32(l->bytes, at + 5))
			look_found(l, TRAIT_UNREADABLE, STR("cut short"));
		take_attribute(&r, id, data);
		at += 9 + data.n + 2;
	}
	end_attachment(&r);
	mapi_give_texts(l, &r.message);
}
