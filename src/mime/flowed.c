/* format=flowed. */
#include "mime/flowed.h"

#include "base/arena.h"

struct line {
	size_t depth;    /* quote marks */
	struct str text; /* behind them, the stuffed space and the line end gone */
	size_t next;     /* offset of the next line */
	struct str end;  /* the line end */
};

static struct line read_line(struct str text, size_t at)
{
	size_t lf = str_find_char(text, '\n', at), end = lf == SIZE_MAX ? text.n : lf;
	struct line out = { .next = lf == SIZE_MAX ? text.n : lf + 1 };

	if (end > at && text.p[end - 1] == '\r')
		end--;
	out.end = str_sub(text, end, out.next);
	for (; at < end && text.p[at] == '>'; at++)
		out.depth++;
	if (at < end && text.p[at] == ' ') /* §4.4 */
		at++;
	out.text = str_sub(text, at, end);
	return out;
}

static void put(char *z, size_t *n, struct str s)
{
	if (s.n)
		memcpy(z + *n, s.p, s.n);
	*n += s.n;
}

struct str flowed_join(struct arena *a, struct str text, bool delsp)
{
	char *z = arena_array(a, text.n + 1, 2); /* a space may come behind quote marks that had none */
	bool goes_on = false;
	size_t n = 0, depth = 0;
	struct str end = STR_NONE;

	for (size_t at = 0; at < text.n;) {
		struct line l = read_line(text, at);
		bool signature = str_eq(l.text, STR("-- ")); /* §4.3 */
		if (!goes_on || l.depth != depth || signature) {
			put(z, &n, end);
			memset(z + n, '>', l.depth);
			n += l.depth;
			if (l.depth)
				z[n++] = ' ';
		}
		goes_on = !signature && str_ends(l.text, STR(" "));
		put(z, &n, goes_on && delsp ? str_sub(l.text, 0, l.text.n - 1) : l.text);
		end = l.end;
		depth = l.depth;
		at = l.next;
	}
	put(z, &n, end);
	return (struct str){ z, n };
}
