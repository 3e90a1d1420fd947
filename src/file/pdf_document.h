/*
 * A PDF as a reader opens it: its objects by number, those of object streams too, and what dictionaries say. For those who
 * read what its pages show (pdf_text.c); what it does and carries is pdf.c's.
 */
#ifndef FILE_PDF_DOCUMENT_H
#define FILE_PDF_DOCUMENT_H

#include "file/pdf_crypt.h"
#include "file/pdf_object.h"
#include "file/pdf_token.h"

#define PDF_SHOWN_MAX (2u << 20) /* bytes of contents, unpacked or not; pages of print have some thousands */
#define PDF_PAGES_MAX 200        /* that are remembered by their type alone; far fewer are read */

struct pdf_numbers {
	uint64_t *v;
	size_t n;
};

struct pdf_document {
	struct look *l;
	struct pdf_objects objects; /* sorted */
	struct pdf_crypt crypt;
	struct pdf_numbers catalogs, pages; /* objects of these types, as they stand in the file */
	size_t work_left; /* bytes that may still be read as tokens, some of them many times */
};

/* false: locked. */
bool pdf_document_open(struct pdf_document *d, struct look *l);

/* Bytes were read as tokens. */
void pdf_document_worked(struct pdf_document *d, size_t bytes);

/* One after the other the keys and values of the dictionary that a text begins with. */
struct pdf_entries {
	struct pdf_tokens tokens;
	bool begun, over;
};
struct pdf_entry {
	struct str key, value; /* value: as written, all of it */
};
bool pdf_entry_next(struct pdf_document *d, struct pdf_entries *e, struct pdf_entry *out);
struct pdf_entries pdf_entries_of(struct pdf_document *d, struct str dict);

/* The value of a key in the dictionary that a text begins with; "" = none. */
struct str pdf_dict_get(struct pdf_document *d, struct str dict, struct str key);
/* The object that "12 0 R" refers to; NULL: the value is no reference, or there is no such object. */
const struct pdf_object *pdf_object_of(struct pdf_document *d, struct str value);
/* The value itself, or what it refers to. */
struct str pdf_follow(struct pdf_document *d, struct str value);
/* pdf_follow of pdf_dict_get. */
struct str pdf_value(struct pdf_document *d, struct str dict, struct str key);
/* The name, or the number, that a text begins with; "" or otherwise. */
struct str pdf_name_of(struct pdf_document *d, struct str value);
double pdf_number_of(struct pdf_document *d, struct str value, double otherwise);
/* A length or an offset; 0: none, or negative. */
uint64_t pdf_count_of(struct pdf_document *d, struct str value);

/* The data of an object's stream. */
struct str pdf_document_stream(struct pdf_document *d, const struct pdf_object *o);

#endif
