/* Escaping. */
#include "html/escape.h"

#include "base/utf8.h"

void html_escape_char(struct buf *b, uint32_t c)
{
	if (utf8_is_control(c))
		buf_add_char(b, ' ');
	else if (c >= 0x80 || strchr("<>&\"'", (int)c))
		buf_printf(b, "&#%u;", (unsigned)c);
	else
		buf_add_char(b, (char)c);
}

void html_escape(struct buf *b, struct str text)
{
	for (size_t at = 0; at < text.n;)
		html_escape_char(b, utf8_next(text, &at));
}
