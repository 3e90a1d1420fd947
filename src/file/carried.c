/* Base64 in the text of a page: a data: URL, or a string of its script. */
#include "base/abnf.h"
#include "file/internal.h"
#include "url/data.h"

#define LEAST 200 /* letters; shorter runs are words, keys and small pictures */
#define HEAD 64   /* letters that tell what a run is */

static bool is_base64(char c)
{
	return abnf_is_alnum((unsigned char)c) || c == '+' || c == '/' || c == '-' || c == '_';
}

static bool may_harm(struct look *l, struct str run)
{
	enum name_kind kind = magic_kind(magic_of(url_base64(l->a, str_sub(run, 0, HEAD))));

	return kind == NAME_PROGRAM || kind == NAME_ARCHIVE || kind == NAME_DISK || kind == NAME_OFFICE ||
	       kind == NAME_PAGE;
}

void look_into_text(struct look *l)
{
	for (size_t at = 0; at < l->bytes.n; at++) {
		size_t from = at;
		while (at < l->bytes.n && is_base64(l->bytes.p[at]))
			at++;
		struct str run = str_sub(l->bytes, from, at);
		if (run.n < LEAST || !may_harm(l, run))
			continue;
		look_add_base64(l, arena_printf(l->a, "data-%zu", l->out->members.n + 1), run);
	}
}
