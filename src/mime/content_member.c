/*
 * What is inside attachments: members of archives and documents, messages, pages. In breadth: all attachments of the
 * message first, then their members, then the members of those, so that what a reader sees first is looked at first.
 */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "file/libmagic.h"
#include "file/name.h"
#include "mime/encoded_word.h"

#define HEAD_MAX 4096      /* bytes in which a web archive begins */
#define NAME_MAX_BYTES 300 /* of a member, its end; file systems take 255 */
#define TEXTS_MAX 20       /* texts and names that are searched for passwords */
#define ORDINARY_MAX \
	(LIMIT_ATTACHMENTS_KEPT / 2) /* places for what does no harm: the others are for what may */

/* Whether a member is worth a place among the attachments when those become few. */
static bool is_notable(const struct file_member *m)
{
	enum name_kind kinds[] = { name_kind(m->name), magic_kind(magic_of(m->data)) };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i] != NAME_OTHER && kinds[i] != NAME_PICTURE && kinds[i] != NAME_TEXT)
			return true;
	return name_is_double(m->name) || name_is_turned(m->name);
}

/* A program that gets no place of its own is told of its container. */
static void leave_out(struct extraction *x, const struct mime_attachment *at, const struct file_member *m)
{
	enum name_kind kind = name_kind(m->name);

	defect_add(&x->tree->defects, DEFECT_ATTACHMENTS_CUT, at->part->raw_start);
	if (kind == NAME_PROGRAM || magic_of(m->data) == MAGIC_EXE || name_is_double(m->name) ||
	    name_is_turned(m->name))
		file_contents_found(x->a, at->inside, TRAIT_LISTS_PROGRAM, m->name);
}

/* The file behind a compression filter that keeps no name: "a.txt.gz" holds "a.txt". */
static struct str name_from_container(struct str container)
{
	struct str leaf = name_leaf(container);
	size_t dot = str_rfind_char(leaf, '.');

	return str_sub(leaf, 0, dot == SIZE_MAX ? leaf.n : dot);
}

static struct str member_name(const struct mime_attachment *at, const struct file_member *m)
{
	struct str name = m->name.n ? m->name : name_from_container(at->name);
	size_t from = name.n > NAME_MAX_BYTES ? name.n - NAME_MAX_BYTES : 0;

	while (from < name.n && ((unsigned char)name.p[from] & 0xc0) == 0x80)
		from++;
	return str_sub(name, from, name.n);
}

static void add_members(struct extraction *x, const struct mime_attachment *at)
{
	for (size_t i = 0; i < at->inside->members.n; i++) {
		const struct file_member *m = &at->inside->members.v[i];
		size_t room = is_notable(m) ? LIMIT_ATTACHMENTS_KEPT : ORDINARY_MAX;
		if (x->out->attachments.n >= room) {
			if (room == LIMIT_ATTACHMENTS_KEPT)
				leave_out(x, at, m);
			continue;
		}
		content_push_attachment(x, (struct mime_attachment){ .part = at->part,
								     .name = member_name(at, m),
								     .data = m->data,
								     .size = m->size,
								     .encrypted = m->encrypted,
								     .nested = at->nested });
	}
}

/* Texts of a message in another form: as good as texts of this one. */
static void add_texts(struct extraction *x, const struct mime_attachment *at)
{
	for (size_t i = 0; i < at->inside->texts.n; i++) {
		const struct file_text *f = &at->inside->texts.v[i];
		struct mime_text t = { .part = at->part, .nested = at->nested };
		t.source = utf8_cut(f->text, x->text_left);
		if (t.source.n < f->text.n)
			defect_add(&x->tree->defects, DEFECT_TEXT_CUT, at->part->raw_start);
		x->text_left -= t.source.n;
		if (f->html)
			t.html = html_text_read(x->a, t.source, LIMIT_TEXT);
		ARENA_PUSH(x->a, &x->out->texts, t);
	}
}

/* A message inside, whose parts are in the tree. */
static bool is_walked(const struct mime_attachment *at)
{
	return !at->container && at->part->first_child;
}

/* Word finds a web archive behind anything; mail programs ask of a .eml no more than its name. */
static bool is_named_message(const struct mime_attachment *at)
{
	enum name_kind kind = name_kind(at->name);
	bool archive = kind == NAME_OFFICE || kind == NAME_PAGE;

	return at->magic == MAGIC_TEXT &&
	       (kind == NAME_MAIL || (archive && str_find_nocase(str_sub(at->data, 0, HEAD_MAX),
								 STR("MIME-Version:"), 0) != SIZE_MAX));
}

/*
 * A message in a file of its own, and web archives, which have the same form; not a patch, which only begins like a
 * message and opens in an editor.
 */
static bool opens_as_message(const struct mime_attachment *at)
{
	if (is_named_message(at))
		return !is_walked(at);
	return at->magic == MAGIC_MAIL && !is_walked(at) &&
	       (name_kind(at->name) != NAME_TEXT || str_starts(at->declared, STR("message/")));
}

/* Its parts come into our lists as those of a message inside the message do. */
static void add_message(struct extraction *x, const struct mime_attachment *at)
{
	static const enum mime_defect cuts[] = { DEFECT_PARTS, DEFECT_DEPTH, DEFECT_DECODED_CUT };
	struct mime_part *outer = ARENA_NEW(x->a, struct mime_part);
	struct mime_tree *tree = mime_parse(x->a, at->data);
	size_t decoded = LIMIT_DECODED - tree->decoded_left;

	x->decoded_left -= decoded < x->decoded_left ? decoded : x->decoded_left;
	*outer = *at->part;
	outer->type = STR("message");
	outer->subtype = STR("rfc822");
	tree->v[0]->parent = outer;
	for (size_t i = 0; i < tree->n; i++) {
		tree->v[i]->derived = true;
		tree->v[i]->raw_start = at->part->raw_start;
		content_look_at(x, tree->v[i]);
		content_collect_header_links(x, tree->v[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
		if (defect_has(&tree->defects, cuts[i]))
			defect_add(&x->tree->defects, cuts[i], at->part->raw_start);
}

/* A document that browsers show: by its name, its bytes, its namespace, or where no ending says more by its declared type. */
static bool is_page(const struct mime_attachment *at)
{
	static const struct str declared[] = { STR_INIT("text/html"), STR_INIT("application/xhtml+xml"),
					       STR_INIT("image/svg+xml") };
	enum name_kind kind = name_kind(at->name);
	bool says = false;

	for (size_t i = 0; i < ARRAY_LEN(declared); i++)
		says |= str_eq(at->declared, declared[i]);
	return at->magic == MAGIC_HTML || at->magic == MAGIC_SVG || kind == NAME_PAGE ||
	       (at->magic == MAGIC_XML &&
		str_find(at->data, STR("http://www.w3.org/1999/xhtml"), 0) != SIZE_MAX) ||
	       (at->magic == MAGIC_TEXT && kind == NAME_OTHER && says);
}

#define PLAIN_MAX (1u << 20) /* of a text without code; only its links count, and tables of data are long */

/* What a browser or an editor would show of it. */
static void read_text(struct extraction *x, struct mime_attachment *at)
{
	bool page = is_page(at);
	bool text = at->magic == MAGIC_TEXT || at->magic == MAGIC_SCRIPT || at->magic == MAGIC_CALENDAR ||
		    at->magic == MAGIC_MAIL;
	struct str bytes = str_sub(at->data, 0, page ? SIZE_MAX : PLAIN_MAX);

	if ((!page && !text) || opens_as_message(at) || is_walked(at))
		return;
	if (bytes.n > x->file_text_left) {
		bytes.n = x->file_text_left;
		defect_add(&x->tree->defects, DEFECT_TEXT_CUT, at->part->raw_start);
	}
	x->file_text_left -= bytes.n;
	struct mime_part as = { .type = STR("text"), .subtype = page ? STR("html") : STR("plain") };
	as.charset = at->container ? STR_NONE : at->part->charset;
	as.raw_start = at->part->raw_start;
	as.derived = true;
	at->text = mime_part_text(x->a, &as, bytes, &x->tree->defects);
	if (!page)
		return;
	at->page = html_text_read(x->a, at->text, LIMIT_FILE_TEXT);
	file_contents_add_carried(x->a, at->inside, at->text, &x->unpack);
	if (at->page->cut)
		defect_add(&x->tree->defects, DEFECT_HTML_CUT, at->part->raw_start);
}

/* Files that may have a lock, of the kinds that are opened here or only told of. */
static bool may_be_locked(enum magic_type type)
{
	static const enum magic_type types[] = { MAGIC_ZIP, MAGIC_OLE, MAGIC_PDF, MAGIC_7Z, MAGIC_RAR };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i] == type)
			return true;
	return false;
}

/* In what the reader sees: the subject, the texts, the names of files. */
static void find_passwords(struct extraction *x)
{
	const struct headers *headers = mime_headers(x->tree);
	struct strs texts = { 0 };

	x->passwords_known = true;
	ARENA_PUSH(x->a, &texts, encoded_word_decode(x->a, headers_value(x->a, headers, STR("Subject"))));
	for (size_t i = 0; i < x->out->texts.n && i < TEXTS_MAX; i++) {
		const struct mime_text *t = &x->out->texts.v[i];
		ARENA_PUSH(x->a, &texts, mime_text_shown(t));
	}
	for (size_t i = 0; i < x->out->attachments.n && i < TEXTS_MAX; i++)
		ARENA_PUSH(x->a, &texts, name_leaf(x->out->attachments.v[i].name));
	x->out->passwords = passwords_in(x->a, texts.v, texts.n);
	x->unpack.passwords = x->out->passwords.said;
}

bool content_open_attachment(struct extraction *x)
{
	struct file_budget none = { 0 };
	size_t index = x->opened;

	if (index == x->out->attachments.n)
		return false;
	struct mime_attachment at = x->out->attachments.v[index]; /* the list moves when it grows */
	bool deep = at.depth >= LIMIT_UNPACK_DEPTH;
	if (may_be_locked(at.magic) && !x->passwords_known)
		find_passwords(x);
	/* At the end of the depth a container still says that it is one. */
	at.inside = file_contents_read(x->a, at.data, deep ? &none : &x->unpack);
	at.magic = at.inside->type;
	if (at.magic == MAGIC_UNKNOWN)
		at.type = libmagic_type(x->a, at.data);
	if (at.type.n == 0)
		at.type = enum_text(&magic_type_names, (int)at.magic);
	at.encrypted |= file_has(at.inside, TRAIT_ENCRYPTED) || file_has(at.inside, TRAIT_OPENED);
	read_text(x, &at);
	x->out->attachments.v[index] = at;
	x->container = ++x->opened;
	add_texts(x, &at);
	if (opens_as_message(&at) && !deep)
		add_message(x, &at);
	add_members(x, &at);
	content_collect_file_links(x, &at);
	x->container = 0;
	return true;
}
