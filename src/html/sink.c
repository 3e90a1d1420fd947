/* Writing text. */
#include "html/sink.h"

#include "base/utf8.h"
#include "html/entity.h"

#define OVERRIDE_RTL 0x202e
#define OVERRIDE_END 0x202c

/* The turn of that number, beginning there; what was turned inside it comes right again. */
static void turn_from(struct html_sink *k, size_t number, size_t from)
{
	struct str s = str_sub(buf_str(&k->b), from, k->b.n);

	if (!buf_ok(&k->b) || s.n == 0 || utf8_has_rtl(s))
		return;
	utf8_reverse(k->b.p + from, s.n);
	k->turned += number % 2 == 0 ? (long)s.n : -(long)s.n;
	if (number == 0 && s.n > k->longest.n) {
		k->longest.from = from;
		k->longest.n = s.n;
	}
}

static bool begin_turn(struct html_sink *k, bool element)
{
	if (k->turns_n == HTML_TURNS)
		return false;
	k->turns[k->turns_n].from = k->b.n;
	k->turns[k->turns_n++].element = element;
	return true;
}

static size_t end_turn(struct html_sink *k)
{
	size_t from = k->turns[--k->turns_n].from;

	turn_from(k, k->turns_n, from);
	return from;
}

/* A line is over: those of elements go on in the next, and those that stand behind its end begin there. */
static void turn_line(struct html_sink *k)
{
	size_t kept = 0;

	for (size_t i = k->turns_n; i > 0; i--)
		turn_from(k, i - 1, k->turns[i - 1].from);
	for (size_t i = 0; i < k->turns_n; i++)
		if (k->turns[i].element || k->turns[i].from == k->b.n)
			k->turns[kept++].element = k->turns[i].element;
	k->turns_n = kept;
}

bool html_sink_turn(struct html_sink *k)
{
	return begin_turn(k, true);
}

size_t html_sink_turn_back(struct html_sink *k)
{
	while (k->turns_n > 1 && !k->turns[k->turns_n - 1].element)
		end_turn(k);
	return k->turns_n > 0 ? end_turn(k) : k->b.n;
}

static void put(struct html_sink *k, struct str s)
{
	if (k->b.n > 0 && (k->line || k->space)) {
		size_t before = k->b.n;
		if (k->line && k->turns_n > 0)
			turn_line(k);
		buf_add_char(&k->b, k->line ? '\n' : ' ');
		for (size_t i = 0; i < k->turns_n; i++)
			if (k->line || k->turns[i].from == before)
				k->turns[i].from = k->b.n;
	}
	k->line = k->space = false;
	buf_add(&k->b, s);
}

static void put_char(struct html_sink *k, uint32_t cp)
{
	char bytes[4];

	if (cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x202f || cp == 0x205f || cp == 0x3000 ||
	    (cp < 0x80 && ascii_is_space((char)cp)))
		k->space = true;
	else if (cp == OVERRIDE_RTL)
		begin_turn(k, false);
	else if (cp == OVERRIDE_END && k->turns_n > 0 && !k->turns[k->turns_n - 1].element)
		end_turn(k);
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
