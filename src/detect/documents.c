/* Which files are read, and for which mails. */
#include "detect/documents.h"

#include "base/utf8.h"
#include "detect/call.h"
#include "detect/detect.h"
#include "detect/respell.h"
#include "detect/text.h"
#include "file/document_text.h"
#include "file/name.h"

#define ENVELOPE_WORDS 150 /* of the mail itself: what is attached, a signature and its small print */
#define WORDS_LEAST 5      /* of a document; less is a number under a picture */
#define DEPTH_MOST \
	2 /* a document in an archive that was wrapped once more; what is in documents is a part of them */
#define NAME_SHOWN 200 /* bytes */

/* A text that is shown in the mail, too, was read there. */
static bool is_body(const struct scan *s, const struct mime_attachment *file)
{
	for (size_t i = 0; i < s->content->texts.n; i++)
		if (s->content->texts.v[i].part == file->part && !file->container)
			return true;
	return false;
}

static struct str text_of(const struct scan *s, const struct mime_attachment *file,
			  struct file_budget *budget)
{
	if (file->page)
		return utf8_cut(file->page->text, LIMIT_DOCUMENT_TEXT);
	if (file->magic == MAGIC_TEXT && name_kind(file->name) == NAME_TEXT)
		return is_body(s, file) ? STR_NONE : utf8_cut(file->text, LIMIT_DOCUMENT_TEXT);
	if (!document_is_read(file->magic))
		return STR_NONE;
	return document_text(s->arena, file->data, file->magic, budget, LIMIT_DOCUMENT_TEXT);
}

static void read_all(const struct scan *s, struct documents *out)
{
	struct file_budget budget = { .bytes = LIMIT_DOCUMENT_UNPACKED,
				      .rounds = LIMIT_UNLOCK_ROUNDS,
				      .passwords = s->content->passwords.said };

	for (size_t i = 0; i < s->content->attachments.n && out->n < LIMIT_DOCUMENTS; i++) {
		const struct mime_attachment *file = &s->content->attachments.v[i];
		struct document d = { .file = file };
		/* Where no password opened it there is nothing to read, and trying them again costs time. */
		if (file->nested || file->depth > DEPTH_MOST || file_has(file->inside, TRAIT_ENCRYPTED))
			continue;
		d.text = text_of(s, file, &budget);
		d.words = respell(s->arena, text_fold(s->arena, &d.text, 1));
		d.n_words = text_word_count(d.words);
		if (d.n_words < WORDS_LEAST)
			continue;
		d.with_mail = ARENA_JOIN(s->arena, str_sub(s->words, 0, s->words.n - 1), d.words);
		lexicon_score(s->arena, d.with_mail, d.scores);
		out->v[out->n++] = d;
	}
}

/* Colleagues; who only writes their address is read. */
static bool is_of_the_house(const struct scan *s)
{
	return s->own_domain && (!s->proof.checked || s->proof.header_proved);
}

/* What a list is called costs whoever has a domain nothing: it is known, or nobody could tell. */
static bool is_conversation(const struct scan *s)
{
	return s->calls->conversation && (!s->proof.checked || sender_is_known_list(s));
}

/* Programs show HTML where there is some: what else is said beside it is not there for people. */
static bool is_envelope(const struct scan *s)
{
	struct str shown = utf8_cut(s->content->html_text, LIMIT_DOCUMENT_TEXT);
	struct str words = str_trim(shown).n > 0 ? text_fold(s->arena, &shown, 1) : s->body_words;

	return text_word_count(words) <= ENVELOPE_WORDS;
}

const struct documents *documents_of(const struct scan *s)
{
	struct documents *out = ARENA_NEW(s->arena, struct documents);

	if (s->content->attachments.n > 0 && !is_of_the_house(s) && !sender_is_known(s) &&
	    !sender_is_solicited(s) && !is_conversation(s) && is_envelope(s))
		read_all(s, out);
	return out;
}

#define CUES_LEAST 3 /* two meet in honest papers by chance */

bool document_is_lure(const struct document *d)
{
	static const enum intent lures[] = { INTENT_CREDENTIALS, INTENT_WALLET,   INTENT_PARCEL,
					     INTENT_REFUND,      INTENT_CALLBACK, INTENT_PRIZE };

	for (size_t i = 0; i < ARRAY_LEN(lures); i++)
		if (d->scores[lures[i]].bait && d->scores[lures[i]].cues >= CUES_LEAST)
			return true;
	return false;
}

void finding_in_document(struct findings *out, struct finding *f, const struct scan *s,
			 const struct document *d, struct str words)
{
	struct str name = utf8_clean(s->arena, utf8_cut(name_leaf(d->file->name), NAME_SHOWN));

	finding_where(f, "attachment", "text", words);
	finding_attachment(f, s, d->file);
	SET(f, finding, detail,
	    ARENA_JOIN(out->arena, STR("in the attached "), name.n ? name : STR("file"), STR(": "),
		       f->detail));
}
