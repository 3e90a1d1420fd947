/* Writing text. */
#include "html/sink.h"

#include "base/utf8.h"
#include "html/entity.h"

static void put(struct html_sink *k, struct str s)
{
	if (k->b.n > 0 && (k->line || k->space))
		buf_add_char(&k->b, k->line ? '\n' : ' ');
	k->line = k->space = false;
	buf_add(&k->b, s);
}

static void put_char(struct html_sink *k, uint32_t cp)
{
	char bytes[4];

	if (cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x202f || cp == 0x205f || cp == 0x3000 ||
	    (cp < 0x80 && ascii_is_space((char)cp)))
		k->space = true;
	else if (cp >= ' ' && cp != 0x7f && !utf8_is_invisible(cp))
		put(k, str_from(bytes, utf8_encode(cp, bytes)));
}

void html_sink_put(struct html_sink *k, struct str s, bool references, bool keep_lines)
{
	size_t i = 0;

	while (i < s.n && buf_ok(&k->b)) {
		unsigned char c = (unsigned char)s.p[i];
		size_t from = i;
		if (ascii_is_space((char)c)) {
			k->line |= keep_lines && c == '\n';
			k->space = true;
			i++;
			continue;
		}
		if (c >= 0x80) {
			put_char(k, utf8_next(s, &i));
			continue;
		}
		if (c == '&' && references) {
			uint32_t cp = html_entity(s, &i, false);
			put_char(k, cp ? cp : '&');
			i += cp ? 0 : 1;
			continue;
		}
		while (i < s.n && (c = (unsigned char)s.p[i]) > ' ' && c < 0x7f && (c != '&' || !references))
			i++;
		if (i > from)
			put(k, str_sub(s, from, i));
		else
			i++; /* a control character */
	}
}
