/* What an RTF document carries: objects in hexadecimal, fields, a template from elsewhere. */
#include "base/abnf.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "file/field.h"
#include "file/ole_object.h"
#include "file/rtf_token.h"

#define FIELD_MAX 4096 /* bytes of an instruction or a target */
#define GROUPS_MAX 256

/* Destinations that are gathered, and what becomes of them when their group ends. */
enum destination { NOWHERE, OBJECT_DATA, INSTRUCTION, TEMPLATE };

struct reader {
	struct look *l;
	size_t depth;
	enum destination in;
	size_t since; /* depth at which it began */
	struct buf gathered;
	int half;      /* the first digit of a byte; -1 = none */
	size_t repeat; /* bytes to come that only repeat a \u before them */
	unsigned char
	    repeats[GROUPS_MAX]; /* how many do in each open group (\uc); deeper ones share the last */
};

static const struct {
	struct str word;
	enum destination destination;
} destinations[] = {
	{ STR_INIT("objdata"), OBJECT_DATA },
	{ STR_INIT("fldinst"), INSTRUCTION },
	{ STR_INIT("template"), TEMPLATE },
};

/* Words that let an object act before anybody clicks it. */
static const struct str eager[] = { STR_INIT("objupdate"), STR_INIT("objautlink") };

static void finish(struct reader *r)
{
	struct str s = buf_str(&r->gathered);

	switch (r->in) {
	case OBJECT_DATA:
		look_took(r->l, s.n);
		ole_object_ole1(r->l, arena_str(r->l->a, s));
		break;
	case INSTRUCTION:
		field_read(r->l, s);
		break;
	case TEMPLATE:
		s = look_name(r->l, arena_str(r->l->a, str_trim(s)));
		if (field_target_is_remote(s))
			look_found(r->l, TRAIT_TEMPLATE, s);
		look_add_link(r->l, s);
		break;
	case NOWHERE:
		break;
	}
	r->in = NOWHERE;
}

static void begin(struct reader *r, enum destination d)
{
	enum file_trait why;
	size_t max = d == OBJECT_DATA ? look_ceiling(r->l, r->l->bytes.n, r->l->took, &why) : FIELD_MAX;

	if (r->in != NOWHERE)
		finish(r);
	r->in = d;
	r->since = r->depth;
	r->half = -1;
	buf_free(&r->gathered);
	buf_init(&r->gathered, max);
}

/* Readers of objects skip all that is no digit; attackers strew it in. */
static void gather_hex(struct reader *r, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		int digit = abnf_hex_value((unsigned char)text.p[i]);
		if (digit < 0)
			continue;
		if (r->half >= 0)
			buf_add_char(&r->gathered, (char)(r->half << 4 | digit));
		r->half = r->half >= 0 ? -1 : digit;
	}
}

static void take_text(struct reader *r, const struct rtf_token *t)
{
	if (r->in == OBJECT_DATA && t->kind == RTF_TEXT && r->depth == r->since)
		gather_hex(r, t->text);
	else if (r->in == OBJECT_DATA && t->kind == RTF_BINARY)
		buf_add(&r->gathered, t->text);
	else if (r->in != NOWHERE && r->in != OBJECT_DATA && t->kind != RTF_BINARY) {
		char byte = (char)t->number;
		struct str s = t->kind == RTF_BYTE ? str_from(&byte, 1) : t->text;
		size_t skip = r->repeat < s.n ? r->repeat : s.n;
		buf_add(&r->gathered, str_sub(s, skip, s.n));
		r->repeat -= skip;
	}
}

static unsigned char *repeats_now(struct reader *r)
{
	return &r->repeats[r->depth < GROUPS_MAX ? r->depth : GROUPS_MAX - 1];
}

static void open_group(struct reader *r)
{
	unsigned char outer = *repeats_now(r);

	r->depth++;
	*repeats_now(r) = outer;
}

/* "\u104?" and "\u-65432?" are "h": the number counts in sixteen bits, or as some write it beyond them. */
static void take_letter(struct reader *r, int number)
{
	char utf8[4];

	if (r->in == NOWHERE || r->in == OBJECT_DATA)
		return;
	buf_add(&r->gathered, str_from(utf8, utf8_encode((uint32_t)number & 0xffff, utf8)));
	r->repeat = *repeats_now(r);
}

static void take_word(struct reader *r, struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(destinations); i++)
		if (str_eq(word, destinations[i].word))
			begin(r, destinations[i].destination);
	for (size_t i = 0; i < ARRAY_LEN(eager); i++)
		if (str_eq(word, eager[i]))
			look_found(r->l, TRAIT_OBJECT, word);
}

void look_into_rtf(struct look *l)
{
	struct reader r = { .l = l, .half = -1, .repeats = { 1 } };
	struct rtf rtf = { .s = l->bytes };
	struct rtf_token t;

	while (rtf_next(&rtf, &t)) {
		if (t.kind == RTF_OPEN || t.kind == RTF_CLOSE)
			r.repeat = 0;
		if (t.kind == RTF_OPEN)
			open_group(&r);
		else if (t.kind == RTF_CLOSE && r.depth > 0)
			r.depth--;
		else if (t.kind == RTF_WORD && t.has_number && str_eq(t.text, STR("u")))
			take_letter(&r, t.number);
		else if (t.kind == RTF_WORD && t.has_number && str_eq(t.text, STR("uc")))
			*repeats_now(&r) = (unsigned char)(t.number > 0 && t.number < 16 ? t.number : 0);
		else if (t.kind == RTF_WORD)
			take_word(&r, t.text);
		else
			take_text(&r, &t);
		if (r.in != NOWHERE && r.depth < r.since)
			finish(&r);
	}
	finish(&r);
	buf_free(&r.gathered);
}
