/* A look into one file under way, and the readers that take part in it. */
#ifndef FILE_INTERNAL_H
#define FILE_INTERNAL_H

#include "base/arena.h"
#include "file/contents.h"
#include "file/inflate.h"

struct look {
	struct arena *a;
	struct str bytes;
	struct file_budget *budget;
	size_t room, took; /* bytes that this file may still unpack, and has unpacked */
	struct file_contents *out;
};

typedef void look_fn(struct look *l);

/* One reader per format. Each says what it finds through the functions below. */
look_fn look_into_activemime, look_into_archive, look_into_flat, look_into_ole, look_into_onenote,
    look_into_pdf, look_into_rtf, look_into_text, look_into_tnef, look_into_zip;

/* The first evidence is kept; a longer one is cut to what a finding shows. */
void look_found(struct look *l, enum file_trait t, struct str evidence);
/* False when LIMIT_MEMBERS is reached: then the member is judged by its name alone. */
bool look_add_member(struct look *l, struct file_member m);
/* A member written in base64, as far as the ceiling goes. */
void look_add_base64(struct look *l, struct str name, struct str base64);
void look_add_link(struct look *l, struct str target);
void look_add_text(struct look *l, struct str utf8, bool html);

/*
 * unlock.c: the passwords that may be tried on a lock, the likeliest first; cost: rounds of digests that a try takes. false: no
 * more, or no more work may be spent. *n begins at 0.
 */
bool look_next_password(struct look *l, size_t *n, size_t cost, struct str *out);
/* That one was it. */
void look_opened(struct look *l, struct str password);

/*
 * codes.c: QR codes of a picture in a file of its own, or of samples (image/grey.h); of small ones, and of those beyond the
 * budget, none, and the budget tells of these.
 */
void look_for_codes(struct look *l, struct str picture);
void look_for_codes_in_samples(struct look *l, struct str data, size_t width, size_t height, unsigned bits);
void look_for_halves(struct look *l, struct str first, struct str second);
/* Whether a picture of this size is still to be looked at; takes it from the budget. */
bool look_may_see(struct look *l, size_t width, size_t height);

/*
 * What may come out of `packed` bytes that gave `before` already: by the ratio or by the room that is left, and *why_out
 * is the trait of a file that holds more.
 */
size_t look_ceiling(const struct look *l, size_t packed, size_t before, enum file_trait *why_out);
/* How unpacking a member ended: sets its size and the traits. */
void look_ended(struct look *l, struct file_member *m, enum inflate_end end, enum file_trait why);
/* Bytes of work done, to be taken from the budget. */
void look_took(struct look *l, size_t bytes);

/* Names as old archivers wrote them: UTF-8 where they are that, else windows-1252. */
struct str look_name(struct look *l, struct str name);

#endif
