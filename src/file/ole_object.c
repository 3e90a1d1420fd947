/* Reading packages and monikers. */
#include "file/ole_object.h"

#include "base/limits.h"
#include "file/bytes.h"
#include "file/ole.h"

#define URL_MAX_BYTES 16384 /* of UTF-16 */

/* A string up to its zero byte; moves *at behind it. */
static struct str take_z(struct str s, size_t *at)
{
	size_t end = str_find_char(s, 0, *at < s.n ? *at : s.n);
	struct str out = str_sub(s, *at, end);

	*at = end == SIZE_MAX ? s.n : end + 1;
	return out;
}

/* A string behind its length of 32 bits, its zero byte included. */
static struct str take_counted(struct str s, size_t *at)
{
	struct str out = bytes_at(s, (uint64_t)*at + 4, bytes_le32(s, *at));

	*at += 4 + out.n;
	return out.n && !out.p[out.n - 1] ? str_sub(out, 0, out.n - 1) : out;
}

/* Its bytes were paid for when the stream was read. */
static void give(struct look *l, struct str name, struct str data)
{
	look_add_member(l, (struct file_member){ .name = name, .data = data, .size = data.n });
}

void ole_object_package(struct look *l, struct str native)
{
	size_t at = 2;

	if (bytes_le16(native, 0) != 2) {
		give(l, STR_NONE, native);
		return;
	}
	struct str label = take_z(native, &at), path = take_z(native, &at);
	at += 4; /* an icon, and a mark */
	take_counted(native, &at);
	struct str data = bytes_at(native, (uint64_t)at + 4, bytes_le32(native, at));
	struct str name = name_leaf(label.n ? label : path);
	look_found(l, TRAIT_OBJECT, look_name(l, name));
	give(l, look_name(l, name), data);
}

void ole_object_ole1(struct look *l, struct str object)
{
	size_t at = 8;
	uint32_t format = bytes_le32(object, 4);
	struct str class = take_counted(object, &at), topic = take_counted(object, &at);

	if (str_starts_nocase(class, STR("equation")))
		look_found(l, TRAIT_EQUATION, class);
	if (format == 1) { /* linked: the topic is the file */
		look_found(l, TRAIT_REMOTE, topic);
		look_add_link(l, look_name(l, topic));
		return;
	}
	take_counted(object, &at);
	struct str native = bytes_at(object, (uint64_t)at + 4, bytes_le32(object, at));
	if (format == 2 && str_eq_nocase(class, STR("package")))
		ole_object_package(l, native);
	else if (format == 2 && native.n)
		give(l, STR_NONE, native);
}

void ole_object_monikers(struct look *l, struct str bytes, const enum file_trait *trait)
{
	static const struct str url_moniker =
	    STR_INIT("\xe0\xc9\xea\x79\xf9\xba\xce\x11\x8c\x82\0\xaa\0\x4b\xa9\x0b");
	size_t at = 0;

	while (l->out->links.n < LIMIT_LINKS && l->room > 0 &&
	       (at = str_find(bytes, url_moniker, at)) != SIZE_MAX) {
		at += url_moniker.n;
		size_t length = bytes_le32(bytes, at);
		struct str raw = bytes_at(bytes, at + 4, length < URL_MAX_BYTES ? length : URL_MAX_BYTES);
		struct str url = ole_text(l->a, raw);
		look_took(l, raw.n); /* they may overlap */
		look_add_link(l, url);
		if (trait && url.n)
			look_found(l, *trait, url);
	}
}
