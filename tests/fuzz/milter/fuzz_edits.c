/*
 * The edits of a mail: each field that is to go is found again by its name and number, and a changed body is the end of the
 * changed mail. The first byte says which lines go and where something is put in.
 */
#include "base/arena.h"
#include "milter/edits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t line_end(struct str mail, size_t at)
{
	size_t end = str_find_char(mail, '\n', at);

	return end == SIZE_MAX ? mail.n : end + 1;
}

/* Where the nth line of that name begins. */
static size_t find(struct str mail, struct str name, int nth)
{
	for (size_t at = 0; at < mail.n; at = line_end(mail, at)) {
		bool is_it = str_starts_nocase(str_sub(mail, at, mail.n), name) &&
			     (at + name.n == mail.n || (unsigned char)mail.p[at + name.n] <= ' ' ||
			      mail.p[at + name.n] == ':' || (unsigned char)mail.p[at + name.n] > 126);
		if (is_it && --nth == 0)
			return at;
	}
	return SIZE_MAX;
}

static void take_out(struct arena *a, struct str mail, unsigned every)
{
	struct byte_range_list strip = { 0 };
	unsigned n = 0;

	for (size_t at = 0; at < mail.n && strip.n < 100; at = line_end(mail, at))
		if ((unsigned char)mail.p[at] > ' ' && mail.p[at] != ':' && (unsigned char)mail.p[at] < 127 &&
		    n++ % every == 0) {
			struct byte_range r = { .start = (int64_t)at, .length = 1 };
			ARENA_PUSH(a, &strip, r);
		}
	struct edit_places places = edits_removed(a, mail, &strip);
	ASSERT(places.n == strip.n);
	for (size_t i = 0; i < places.n; i++)
		ASSERT(find(mail, str_of(places.v[i].name), places.v[i].nth) ==
		       (size_t)strip.v[strip.n - 1 - i].start);
}

static void put_in(struct arena *a, struct str mail, unsigned every)
{
	struct edit_list edits = { 0 };
	struct str body;

	for (size_t at = 0; at <= mail.n && edits.n < 100; at += every) {
		struct edit e = { .start = (int64_t)at, .text = STR("x: y\r\n") };
		ARENA_PUSH(a, &edits, e);
	}
	edits_changed(a, mail, &edits, every & 1);
	if (edits_body(a, mail, &edits, &body))
		ASSERT(str_ends(edit_apply(a, mail, &edits), body));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);

	if (size > 1) {
		struct str mail = str_from(data + 1, size - 1);
		take_out(a, mail, data[0] % 7 + 1u);
		put_in(a, mail, data[0] + 1u);
		edits_added(a, mail, data[0] & 1);
	}
	arena_free(&a);
	return 0;
}
