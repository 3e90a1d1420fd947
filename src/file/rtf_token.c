/* One token at a time. */
#include "file/rtf_token.h"

#include "base/abnf.h"

#define NUMBER_MAX 100000000 /* larger ones stay so: \bin beyond the file is cut anyway */

static void read_number(struct rtf *r, struct rtf_token *out)
{
	bool minus = r->at < r->s.n && r->s.p[r->at] == '-';
	size_t at = r->at + minus;

	if (at >= r->s.n || !abnf_is_digit((unsigned char)r->s.p[at]))
		return;
	for (; at < r->s.n && abnf_is_digit((unsigned char)r->s.p[at]); at++)
		if (out->number < NUMBER_MAX)
			out->number = out->number * 10 + (r->s.p[at] - '0');
	out->number = minus ? -out->number : out->number;
	out->has_number = true;
	r->at = at;
}

static void read_word(struct rtf *r, struct rtf_token *out)
{
	size_t from = r->at;

	while (r->at < r->s.n && abnf_is_alpha((unsigned char)r->s.p[r->at]))
		r->at++;
	out->kind = RTF_WORD;
	out->text = str_sub(r->s, from, r->at);
	read_number(r, out);
	if (r->at < r->s.n && r->s.p[r->at] == ' ')
		r->at++; /* belongs to the word */
	if (str_eq(out->text, STR("bin")) && out->number > 0) {
		out->kind = RTF_BINARY;
		out->text = str_sub(r->s, r->at, r->at + (size_t)out->number);
		r->at += out->text.n;
	}
}

static void read_control(struct rtf *r, struct rtf_token *out)
{
	unsigned char c = (unsigned char)r->s.p[r->at];

	if (abnf_is_alpha(c)) {
		read_word(r, out);
		return;
	}
	int high = r->at + 2 < r->s.n ? abnf_hex_value((unsigned char)r->s.p[r->at + 1]) : -1;
	int low = r->at + 2 < r->s.n ? abnf_hex_value((unsigned char)r->s.p[r->at + 2]) : -1;
	if (c == '\'' && high >= 0 && low >= 0) {
		out->kind = RTF_BYTE;
		out->number = high << 4 | low;
		r->at += 3;
		return;
	}
	out->kind = RTF_SYMBOL;
	out->text = str_sub(r->s, r->at, r->at + 1);
	r->at++;
}

bool rtf_next(struct rtf *r, struct rtf_token *out)
{
	*out = (struct rtf_token){ .kind = RTF_TEXT };
	if (r->at >= r->s.n)
		return false;
	char c = r->s.p[r->at];
	if (c == '{' || c == '}') {
		out->kind = c == '{' ? RTF_OPEN : RTF_CLOSE;
		r->at++;
	} else if (c == '\\' && r->at + 1 < r->s.n) {
		r->at++;
		read_control(r, out);
	} else {
		size_t from = r->at++;
		while (r->at < r->s.n && r->s.p[r->at] != '\\' && r->s.p[r->at] != '{' &&
		       r->s.p[r->at] != '}')
			r->at++;
		out->text = str_sub(r->s, from, r->at);
	}
	return true;
}
