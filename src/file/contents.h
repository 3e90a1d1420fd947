/*
 * What a file holds and does, whatever its format: its members, where it leads, the texts of a message inside it, and
 * traits a reader of the mail would want to know of. Nothing is executed, and nothing fails: what is damaged, locked or
 * too much is a trait.
 *
 * Each format has a reader of its own (zip.c, ole.c, pdf.c …); contents.c holds the table of them. Members are given
 * as they lie there; whoever asked looks into them in turn.
 */
#ifndef FILE_CONTENTS_H
#define FILE_CONTENTS_H

#include "file/magic.h"
#include "image/qr.h"

struct arena;

#define FILE_TRAITS(X)                                                                                      \
	X(TRAIT_ENCRYPTED, "encrypted")       /* all or some of it needs a password */                      \
	X(TRAIT_OPENED, "opened")             /* needs a password, which was guessed by the mail */         \
	X(TRAIT_UNREADABLE, "unreadable")     /* damaged, or packed in a way not known here */              \
	X(TRAIT_CUT, "cut")                   /* more than LIMIT_UNPACKED or LIMIT_MEMBERS let in */        \
	X(TRAIT_BOMB, "bomb")                 /* grows beyond LIMIT_UNPACK_RATIO */                         \
	X(TRAIT_AMBIGUOUS, "ambiguous")       /* two records of what is inside disagree */                  \
	X(TRAIT_LISTS_PROGRAM, "program")     /* a member that was not given is a program by its name */    \
	X(TRAIT_MACROS, "macros")             /* code of an office document */                              \
	X(TRAIT_MACRO_AUTO, "auto_macro")     /* that runs by itself */                                     \
	X(TRAIT_MACRO_SYSTEM, "system_macro") /* that starts programs, fetches or writes files */           \
	X(TRAIT_MACRO_HIDDEN, "hidden_macro") /* whose source was taken away */                             \
	X(TRAIT_MACRO_SHEET, "macro_sheet")   /* Excel 4 macros */                                          \
	X(TRAIT_TEMPLATE, "remote_template")  /* fetches a template from elsewhere when opened */           \
	X(TRAIT_REMOTE, "remote_object")      /* fetches an object or picture from elsewhere when opened */ \
	X(TRAIT_OBJECT, "embedded_object")    /* a file that a click inside the document opens */           \
	X(TRAIT_EQUATION, "equation")         /* an object of the old equation editor */                    \
	X(TRAIT_DDE, "dde")                   /* a field that starts a program */                           \
	X(TRAIT_SCRIPT, "script")             /* JavaScript in a PDF */                                     \
	X(TRAIT_LAUNCH, "launch")             /* a PDF that starts a program or opens a file */             \
	X(TRAIT_OPEN_ACTION, "open_action")   /* a PDF that does something when opened */                   \
	X(TRAIT_ATTACHED, "attached_file")    /* files inside a PDF */                                      \
	X(TRAIT_FORM, "form")                 /* a PDF form that sends what is filled in */                 \
	X(TRAIT_XFA, "xfa")                   /* a form built by a script language of its own */
ENUM_DECLARE(file_trait, FILE_TRAITS);

#define FILE_TRAIT_ONE_(id, text) +1
enum { FILE_TRAIT_COUNT = 0 FILE_TRAITS(FILE_TRAIT_ONE_) };
_Static_assert(FILE_TRAIT_COUNT <= 32, "traits are bits of a uint32_t");

struct file_member {
	struct str name; /* UTF-8, with folders; "" = none given */
	struct str data; /* shorter than size where it was cut, locked or damaged */
	uint64_t size;   /* unpacked; where data is short: as the container says, at least data.n */
	bool encrypted;
};

/* A text of a message that a file carries (TNEF, Outlook): UTF-8. */
struct file_text {
	struct str text;
	bool html;
};

struct file_contents {
	enum magic_type type; /* of the file itself, as exact as its contents make it */
	uint32_t traits;      /* bits of enum file_trait */
	struct str
	    evidence[FILE_TRAIT_COUNT]; /* what shows it: a name, a target, a word of code; may be "" */
	struct {
		struct file_member *v;
		size_t n;
	} members;
	struct strs links; /* as written there */
	struct strs codes; /* texts of QR codes in its pictures; its own, once it was read as one */
	struct {
		struct file_text *v;
		size_t n;
	} texts;
	size_t pictures; /* of a PDF */
};

/* What all files of one mail together may still take (LIMIT_UNPACKED, LIMIT_MEMBERS, LIMIT_CODE_STEPS). */
struct file_budget {
	size_t bytes, members;
	struct qr_work codes;
	size_t rounds;         /* of digests, to try passwords (LIMIT_UNLOCK_ROUNDS) */
	struct strs passwords; /* to be tried */
	struct str worked;     /* the one that opened something */
};

static inline bool file_has(const struct file_contents *c, enum file_trait t)
{
	return c->traits >> t & 1;
}

/* Notes a trait; the first evidence is kept. */
void file_contents_found(struct arena *a, struct file_contents *c, enum file_trait t, struct str evidence);

/*
 * Looks into a file of any kind; of one that holds nothing only the type is set. Slices point into bytes or the arena.
 * One file takes three quarters of the budget at most, one member three quarters of that, so that a bomb does not hide
 * the file beside it.
 */
struct file_contents *file_contents_read(struct arena *a, struct str bytes, struct file_budget *budget);

/* The texts of QR codes in a picture; file_contents_read() does not read them, so that its caller says which comes first. */
struct strs file_picture_codes(struct arena *a, struct str picture, struct file_budget *budget);

/* The same of two pictures that are the halves of one, which a page puts together; of others nothing. */
struct strs file_halves_codes(struct arena *a, struct str first, struct str second,
			      struct file_budget *budget);

/*
 * Files that a text carries in itself in base64, as pages do that build them in the browser: each becomes a member. Only
 * those that may do harm are taken, no pictures or fonts.
 */
void file_contents_add_carried(struct arena *a, struct file_contents *c, struct str text,
			       struct file_budget *budget);

#endif
