/*
 * libconfig (1.5) reads a number without an L at its end into 32 bits and drops the rest in silence, so that
 * 99999999999 would pass as 1215752191. We put the L there. Lines stay what they are.
 */
#include "config/internal.h"

#include "base/abnf.h"

static bool is_word_char(char c)
{
	return c == '_' || c == '*' || abnf_is_ldh((unsigned char)c);
}

/* The end of a comment or string that begins at `at`; `at` itself where none does. */
static size_t skip_opaque(struct str s, size_t at)
{
	size_t end;

	if (s.p[at] == '#' || str_starts(str_sub(s, at, s.n), STR("//"))) {
		end = str_find_char(s, '\n', at);
	} else if (str_starts(str_sub(s, at, s.n), STR("/*"))) {
		end = str_find(s, STR("*/"), at + 2);
		end = end == SIZE_MAX ? end : end + 2;
	} else if (s.p[at] == '"') {
		for (end = at + 1; end < s.n && s.p[end] != '"'; end++)
			end += s.p[end] == '\\';
		end++;
	} else {
		return at;
	}
	return end > s.n ? s.n : end;
}

void config_widen(struct str s, struct buf *out)
{
	for (size_t at = 0, end; at < s.n; at = end) {
		end = skip_opaque(s, at);
		if (end == at) {
			end++;
			bool word = is_word_char(s.p[at]) && s.p[at] != '-';

			while (word && end < s.n && is_word_char(s.p[end]))
				end++;
		}
		struct str piece = str_sub(s, at, end);
		uint64_t number;

		buf_add(out, piece);
		/* A dot would make it a fraction, which the row then refuses by its own words. */
		if ((end == s.n || s.p[end] != '.') && (at == 0 || s.p[at - 1] != '.') &&
		    str_to_u64(piece, UINT64_MAX, &number) == OK)
			buf_add_char(out, 'L');
	}
}
