/*
 * Painting without paint: content streams operator by operator, to know what is written where. Pages come in the order of
 * the tree of pages; where none leads to a page, as they stand in the file.
 */
#include "file/pdf_text.h"

#include <math.h>

#include "base/utf8.h"
#include "file/pdf_font.h"

#define PAGES_MAX 20         /* the message of a fraud stands on the first */
#define NODES_MAX 1000       /* of the tree of pages, pages included */
#define TREE_DEPTH 12        /* those of honest files have three or four levels */
#define OPERATORS_MAX 100000 /* a page of small print has some thousands */
#define OPERANDS_MAX 6       /* the last that are kept: no operator that matters here takes more */
#define STATES_MAX 32        /* pushed on the stack (annex C.2 asks for 28) */
#define FORMS_DEPTH 6        /* forms in forms */
#define FONTS_MAX 64         /* of a document */
#define STREAMS_MAX 64       /* of a page */

/* In parts of the size of the font: where a gap is a space, and where another line begins. */
#define GAP 0.17
#define BACK 0.8
#define LINE 0.4

#define EDGE 20      /* points beyond a page where a letter that is partly seen may begin */
#define SIZE_LEAST 1 /* of letters that somebody can read */
#define SHOWN_LEAST \
	20 /* bytes that a page shows; less is a number under a picture, whose letters stand unseen behind it */

struct matrix {
	double a, b, c, d, e, f;
};

static const struct matrix unity = { 1, 0, 0, 1, 0, 0 };

/* What is pushed and popped, as far as it is about text (§8.4.1, §9.3). */
struct state {
	struct matrix page; /* from what is written to the page */
	const struct pdf_font *font;
	double size, letter_space, word_space, scale, leading, rise;
	bool unpainted;
};

/* By the resources that name it; NULL: they name none. */
struct known_font {
	const char *resources;
	struct str name;
	const struct pdf_font *font;
};

/* What was written, and where the next letter would stand behind the last one. */
struct layer {
	struct buf text;
	double pen_x, pen_y; /* on the page */
	bool wrote;          /* there is a last letter */
};

/* What of a page is shown; no page is as large as one that does not say. */
struct box {
	double left, bottom, right, top;
};

struct painter {
	struct pdf_document *d;
	struct box box;
	struct layer shown, unseen; /* unseen: as scanned pages have it, and what is there for filters only */
	struct state now, pushed[STATES_MAX];
	size_t pushed_n;
	struct matrix text, line; /* where the next letter stands, where the line began */
	size_t operators_left, bytes_left, depth;
	struct known_font fonts[FONTS_MAX];
	size_t fonts_n;
};

/* A content stream being read. */
struct content {
	struct pdf_tokens tokens;
	struct str resources; /* the dictionary that names what it uses */
	struct pdf_token operands[OPERANDS_MAX];
	size_t n;     /* of them */
	size_t array; /* where the last array began */
};

/* First by m, then by n. */
static struct matrix both(const struct matrix *m, const struct matrix *n)
{
	return (struct matrix){ m->a * n->a + m->b * n->c,        m->a * n->b + m->b * n->d,
				m->c * n->a + m->d * n->c,        m->c * n->b + m->d * n->d,
				m->e * n->a + m->f * n->c + n->e, m->e * n->b + m->f * n->d + n->f };
}

static void move(struct matrix *m, double x, double y)
{
	const struct matrix by = { 1, 0, 0, 1, x, y };

	*m = both(&by, m);
}

/* ---- writing ---- */

/* Whether the text ends with a line end, or with one or a space; nothing needs neither. */
static bool at_line(const struct buf *b)
{
	return b->n == 0 || b->p[b->n - 1] == '\n';
}

static bool at_gap(const struct buf *b)
{
	return at_line(b) || b->p[b->n - 1] == ' ';
}

static void end_line(struct buf *b)
{
	while (b->n > 0 && b->p[b->n - 1] == ' ')
		b->n--;
	if (!at_line(b))
		buf_add_char(b, '\n');
}

static bool is_unseen(const struct painter *p)
{
	struct matrix to = both(&p->text, &p->now.page);

	return p->now.unpainted || fabs(p->now.size) * hypot(to.c, to.d) < SIZE_LEAST ||
	       to.e < p->box.left - EDGE || to.e > p->box.right + EDGE || to.f < p->box.bottom - EDGE ||
	       to.f > p->box.top + EDGE;
}

/* What lies between the last letter and the one that comes. */
static void begin_string(struct painter *p, struct layer *at)
{
	const struct state *s = &p->now;
	struct matrix to = both(&p->text, &s->page);
	double length = hypot(to.a, to.b), size = fabs(s->size) * length;
	double dx = to.e - at->pen_x, dy = to.f - at->pen_y, along, across;

	if (!at->wrote || length <= 0 || size <= 0)
		return;
	along = (dx * to.a + dy * to.b) / length * (s->scale < 0 ? -1 : 1);
	across = (dy * to.a - dx * to.b) / length;
	if (fabs(across) > LINE * size || along < -BACK * size)
		end_line(&at->text);
	else if (along > GAP * size && !at_gap(&at->text))
		buf_add_char(&at->text, ' ');
}

/* Whether more is to be read: what nobody sees ends nothing. */
static bool has_room(const struct painter *p)
{
	return buf_ok(&p->shown.text);
}

static void show(struct painter *p, const struct pdf_token *t)
{
	struct layer *to = is_unseen(p) ? &p->unseen : &p->shown;
	const struct state *s = &p->now;
	struct str bytes;
	double width;
	bool space;

	if ((t->kind != PDF_STRING && t->kind != PDF_HEX) || !s->font)
		return;
	bytes = pdf_string(p->d->l->a, t);
	if (bytes.n == 0)
		return;
	begin_string(p, to);
	for (size_t at = 0; at < bytes.n && has_room(p);) {
		pdf_font_next(s->font, bytes, &at, &to->text, &width, &space);
		move(&p->text,
		     (width / 1000 * s->size + s->letter_space + (space ? s->word_space : 0)) * s->scale, 0);
	}
	struct matrix end = both(&p->text, &s->page);
	to->pen_x = end.e;
	to->pen_y = end.f;
	to->wrote = true;
}

static void next_line(struct painter *p, double x, double y)
{
	move(&p->line, x, y);
	p->text = p->line;
}

/* Strings, and numbers that move the pen back between them. */
static void show_array(struct painter *p, struct content *c)
{
	struct pdf_tokens tokens = { p->d->l->a, c->tokens.s, c->array };
	struct pdf_token t;

	while (c->array && pdf_next(&tokens, &t) && t.kind != PDF_ARRAY_END && has_room(p))
		if (t.kind == PDF_NUMBER)
			move(&p->text, -pdf_number(&t) / 1000 * p->now.size * p->now.scale, 0);
		else
			show(p, &t);
	c->array = 0; /* each is shown once, whatever is repeated behind it */
}

/* ---- what operators take ---- */

/* The i-th last operand. */
static const struct pdf_token *operand(const struct content *c, size_t i)
{
	static const struct pdf_token none = { .kind = PDF_WORD };

	return i < c->n ? &c->operands[c->n - 1 - i] : &none;
}

static double number(const struct content *c, size_t i)
{
	return pdf_number(operand(c, i));
}

static struct matrix matrix_of(const struct content *c)
{
	return (struct matrix){ number(c, 5), number(c, 4), number(c, 3),
				number(c, 2), number(c, 1), number(c, 0) };
}

static void push_operand(struct content *c, const struct pdf_token *t)
{
	if (c->n == OPERANDS_MAX) {
		memmove(c->operands, c->operands + 1, (OPERANDS_MAX - 1) * sizeof(c->operands[0]));
		c->n--;
	}
	c->operands[c->n++] = *t;
}

/* ---- operators ---- */

typedef void operator_fn(struct painter *p, struct content *c);

/* What a name stands for in a part of the resources; "" = nothing. */
static struct str resource(struct painter *p, struct content *c, struct str kind, struct str name)
{
	return pdf_dict_get(p->d, pdf_value(p->d, c->resources, kind), name);
}

/* Each is read once: pages change between a few of them again and again. */
static const struct pdf_font *font_named(struct painter *p, struct content *c, struct str name)
{
	struct known_font *k = p->fonts;
	struct str dict;

	for (; k < p->fonts + p->fonts_n; k++)
		if (k->resources == c->resources.p && str_eq(k->name, name))
			return k->font;
	if (p->fonts_n == FONTS_MAX)
		return NULL;
	p->fonts_n++;
	dict = pdf_follow(p->d, resource(p, c, STR("Font"), name));
	*k = (struct known_font){ c->resources.p, name, dict.n ? pdf_font_read(p->d, dict) : NULL };
	return k->font;
}

static void op_font(struct painter *p, struct content *c)
{
	p->now.size = number(c, 0);
	p->now.font = font_named(p, c, operand(c, 1)->text);
}

static void op_begin(struct painter *p, struct content *c)
{
	(void)c;
	p->text = p->line = unity;
}

static void op_matrix(struct painter *p, struct content *c)
{
	if (c->n == OPERANDS_MAX)
		p->text = p->line = matrix_of(c);
}

static void op_move(struct painter *p, struct content *c)
{
	next_line(p, number(c, 1), number(c, 0));
}

static void op_move_leading(struct painter *p, struct content *c)
{
	p->now.leading = -number(c, 0);
	op_move(p, c);
}

static void op_next_line(struct painter *p, struct content *c)
{
	(void)c;
	next_line(p, 0, -p->now.leading);
}

static void op_show(struct painter *p, struct content *c)
{
	show(p, operand(c, 0));
}

static void op_show_array(struct painter *p, struct content *c)
{
	show_array(p, c);
}

static void op_line_show(struct painter *p, struct content *c)
{
	op_next_line(p, c);
	op_show(p, c);
}

static void op_spaced_line_show(struct painter *p, struct content *c)
{
	p->now.word_space = number(c, 2);
	p->now.letter_space = number(c, 1);
	op_line_show(p, c);
}

static void op_letter_space(struct painter *p, struct content *c)
{
	p->now.letter_space = number(c, 0);
}

static void op_word_space(struct painter *p, struct content *c)
{
	p->now.word_space = number(c, 0);
}

static void op_scale(struct painter *p, struct content *c)
{
	p->now.scale = number(c, 0) / 100;
}

static void op_leading(struct painter *p, struct content *c)
{
	p->now.leading = number(c, 0);
}

static void op_mode(struct painter *p, struct content *c)
{
	double mode = number(c, 0);

	p->now.unpainted = mode == 3 || mode == 7; /* nothing, or clipping (§9.3.6) */
}

static void op_page_matrix(struct painter *p, struct content *c)
{
	struct matrix m = matrix_of(c);

	if (c->n == OPERANDS_MAX)
		p->now.page = both(&m, &p->now.page);
}

static void op_push(struct painter *p, struct content *c)
{
	(void)c;
	if (p->pushed_n < STATES_MAX)
		p->pushed[p->pushed_n] = p->now;
	p->pushed_n++;
}

static void op_pop(struct painter *p, struct content *c)
{
	(void)c;
	if (p->pushed_n > 0 && --p->pushed_n < STATES_MAX)
		p->now = p->pushed[p->pushed_n];
}

static bool is_blank(struct str s, size_t at)
{
	return at >= s.n || ascii_is_space(s.p[at]) || s.p[at] == 0;
}

/* The data of a picture in the stream (§8.9.7), up to the word that ends it. */
static void op_picture(struct painter *p, struct content *c)
{
	struct str s = c->tokens.s;
	size_t at = c->tokens.at;

	(void)p;
	while ((at = str_find(s, STR("EI"), at)) != SIZE_MAX && !(is_blank(s, at - 1) && is_blank(s, at + 2)))
		at += 2;
	c->tokens.at = at == SIZE_MAX ? s.n : at + 2;
}

static void paint(struct painter *p, struct str data, struct str resources);

/* A form (§8.10): a stream that is painted where it is named. Pictures are none. */
static void op_do(struct painter *p, struct content *c)
{
	const struct pdf_object *o = pdf_object_of(p->d, resource(p, c, STR("XObject"), operand(c, 0)->text));
	struct state before = p->now;
	struct content at = { .n = 0 };

	if (!o || p->depth == FORMS_DEPTH ||
	    !str_eq(pdf_name_of(p->d, pdf_value(p->d, o->body, STR("Subtype"))), STR("Form")))
		return;
	struct str matrix = pdf_value(p->d, o->body, STR("Matrix"));
	struct str own = pdf_value(p->d, o->body, STR("Resources"));
	struct pdf_tokens tokens = { p->d->l->a, matrix, 0 };
	struct pdf_token t;
	while (pdf_next(&tokens, &t) && (t.kind == PDF_ARRAY || t.kind == PDF_NUMBER))
		if (t.kind == PDF_NUMBER)
			push_operand(&at, &t);
	if (at.n == OPERANDS_MAX)
		op_page_matrix(p, &at);
	p->depth++;
	paint(p, pdf_document_stream(p->d, o), own.n ? own : c->resources);
	p->depth--;
	p->now = before;
}

static const struct {
	struct str name;
	operator_fn *run;
} operators[] = {
	{ STR_INIT("Tj"), op_show },         { STR_INIT("TJ"), op_show_array },
	{ STR_INIT("'"), op_line_show },     { STR_INIT("\""), op_spaced_line_show },
	{ STR_INIT("Td"), op_move },         { STR_INIT("TD"), op_move_leading },
	{ STR_INIT("T*"), op_next_line },    { STR_INIT("Tm"), op_matrix },
	{ STR_INIT("Tf"), op_font },         { STR_INIT("BT"), op_begin },
	{ STR_INIT("Tc"), op_letter_space }, { STR_INIT("Tw"), op_word_space },
	{ STR_INIT("Tz"), op_scale },        { STR_INIT("TL"), op_leading },
	{ STR_INIT("q"), op_push },          { STR_INIT("Q"), op_pop },
	{ STR_INIT("cm"), op_page_matrix },  { STR_INIT("Do"), op_do },
	{ STR_INIT("ID"), op_picture },      { STR_INIT("Tr"), op_mode },
};

static void take_operator(struct painter *p, struct content *c, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (str_eq(operators[i].name, name)) {
			operators[i].run(p, c);
			return;
		}
}

static void paint(struct painter *p, struct str data, struct str resources)
{
	size_t outer = p->pushed_n;
	struct pdf_token t;

	data = str_sub(data, 0, p->bytes_left);
	p->bytes_left -= data.n;
	struct content c = { .tokens = { p->d->l->a, data, 0 }, .resources = resources };
	while (has_room(p) && p->operators_left > 0 && pdf_next(&c.tokens, &t)) {
		if (t.kind == PDF_ARRAY)
			c.array = c.tokens.at;
		if (t.kind != PDF_WORD) {
			push_operand(&c, &t);
			continue;
		}
		p->operators_left--;
		take_operator(p, &c, t.text);
		c.n = 0;
	}
	p->pushed_n = outer < p->pushed_n ? outer : p->pushed_n;
}

/* ---- pages ---- */

/* /Contents: a stream, or several that are read as one, since an operator may stand in another than what it takes. */
static struct str contents_of(struct pdf_document *d, struct str page)
{
	struct str contents = pdf_dict_get(d, page, STR("Contents"));
	const struct pdf_object *one = pdf_object_of(d, contents);
	struct str list = one ? one->body : contents;
	struct pdf_tokens tokens = { d->l->a, list, 0 };
	struct strs parts = { 0 };
	struct pdf_token t;

	if (!pdf_next(&tokens, &t) || t.kind != PDF_ARRAY)
		return one ? pdf_document_stream(d, one) : STR_NONE;
	for (int i = 0; i < STREAMS_MAX; i++) {
		const struct pdf_object *o = pdf_object_of(d, str_sub(list, tokens.at, list.n));
		if (!o || !pdf_next(&tokens, &t) || !pdf_next(&tokens, &t) || !pdf_next(&tokens, &t))
			break;
		ARENA_PUSH(d->l->a, &parts, pdf_document_stream(d, o));
		ARENA_PUSH(d->l->a, &parts, STR("\n"));
	}
	return arena_join(d->l->a, parts.v, parts.n);
}

/* What a page says, or those that it hangs from. */
static struct str inherited(struct painter *p, struct str node, struct str key)
{
	struct str value = STR_NONE;

	for (int i = 0; i < TREE_DEPTH && value.n == 0 && node.n; i++) {
		value = pdf_value(p->d, node, key);
		node = pdf_value(p->d, node, STR("Parent"));
	}
	return value;
}

/* [ 0 0 595 842 ]: two corners that lie opposite. */
static struct box box_of(struct painter *p, struct str page)
{
	struct pdf_tokens tokens = { p->d->l->a, inherited(p, page, STR("MediaBox")), 0 };
	struct pdf_token t;
	double v[4];
	size_t n = 0;

	if (pdf_next(&tokens, &t) && t.kind == PDF_ARRAY)
		while (n < 4 && pdf_next(&tokens, &t) && t.kind == PDF_NUMBER)
			v[n++] = pdf_number(&t);
	if (n < 4 || !pdf_next(&tokens, &t) || t.kind != PDF_ARRAY_END)
		return (struct box){ -HUGE_VAL, -HUGE_VAL, HUGE_VAL, HUGE_VAL };
	return (struct box){ fmin(v[0], v[2]), fmin(v[1], v[3]), fmax(v[0], v[2]), fmax(v[1], v[3]) };
}

static void paint_page(struct painter *p, struct str page, struct str resources)
{
	p->box = box_of(p, page);
	p->now = (struct state){ .page = unity, .scale = 1 };
	p->pushed_n = 0;
	paint(p, contents_of(p->d, page), resources);
}

static void end_page(struct painter *p)
{
	end_line(&p->shown.text);
	end_line(&p->unseen.text);
	p->shown.wrote = p->unseen.wrote = false;
}

/* What a walk over the tree of pages may still do. */
struct walk {
	size_t pages, nodes;
};

/* A node of the tree (§7.7.3): resources are those of the nearest that has some. */
static void paint_node(struct painter *p, struct walk *w, struct str node, struct str resources, int depth)
{
	struct str own = pdf_value(p->d, node, STR("Resources")), kids = pdf_value(p->d, node, STR("Kids"));
	struct pdf_tokens tokens = { p->d->l->a, kids, 0 };
	struct pdf_token t;

	resources = own.n ? own : resources;
	if (kids.n == 0) {
		if (w->pages > 0)
			w->pages--;
		paint_page(p, node, resources);
		end_page(p);
		return;
	}
	if (depth == TREE_DEPTH || !pdf_next(&tokens, &t) || t.kind != PDF_ARRAY)
		return;
	while (w->nodes > 0 && w->pages > 0 && has_room(p)) {
		const struct pdf_object *o = pdf_object_of(p->d, str_sub(kids, tokens.at, kids.n));
		if (!o || !pdf_next(&tokens, &t) || !pdf_next(&tokens, &t) || !pdf_next(&tokens, &t))
			return;
		w->nodes--;
		paint_node(p, w, o->body, resources, depth + 1);
	}
}

static void paint_all(struct painter *p)
{
	struct walk w = { PAGES_MAX, NODES_MAX };
	struct pdf_document *d = p->d;

	for (size_t i = 0; i < d->catalogs.n && w.pages > 0; i++) {
		const struct pdf_object *o = pdf_objects_get(&d->objects, d->catalogs.v[i]);
		struct str root = o ? pdf_value(d, o->body, STR("Pages")) : STR_NONE;
		if (root.n)
			paint_node(p, &w, root, STR_NONE, 0);
	}
	bool none = p->shown.text.n == 0 && p->unseen.text.n == 0;
	for (size_t i = 0; none && i < d->pages.n && w.pages > 0; i++) {
		const struct pdf_object *o = pdf_objects_get(&d->objects, d->pages.v[i]);
		if (o)
			paint_node(p, &w, o->body, inherited(p, o->body, STR("Resources")), TREE_DEPTH);
	}
}

struct str pdf_shown_text(struct look *l, size_t max)
{
	struct pdf_document d;
	struct painter *p;

	if (!pdf_document_open(&d, l))
		return STR_NONE;
	p = ARENA_NEW(l->a, struct painter);
	p->d = &d;
	p->operators_left = OPERATORS_MAX;
	p->bytes_left = PDF_SHOWN_MAX;
	buf_init(&p->shown.text, max);
	buf_init(&p->unseen.text, max);
	paint_all(p);
	const struct layer *most =
	    p->shown.text.n < SHOWN_LEAST && p->unseen.text.n > 0 ? &p->unseen : &p->shown;
	struct str out = arena_str(l->a, buf_str(&most->text));
	buf_free(&p->shown.text);
	buf_free(&p->unseen.text);
	return utf8_clean(l->a, out);
}
