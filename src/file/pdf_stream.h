/* Streams of a PDF (ISO 32000-1 §7.3.8, §7.4): where the data ends, and its filters undone. */
#ifndef FILE_PDF_STREAM_H
#define FILE_PDF_STREAM_H

#include "file/internal.h"

#define PDF_FILTERS_MAX 8 /* one behind the other; people use two */

/* What a stream's dictionary says of its data. */
struct pdf_stream {
	struct str packed;
	struct str filters[PDF_FILTERS_MAX];
	size_t filters_n;
	uint64_t predictor, columns, colors, bits; /* of Flate and LZW (§7.4.4.4); 0 = not said */
	bool late;                                 /* EarlyChange is 0 */
};

/* Takes what the parameters of its filters say under a key; other keys are passed over. */
void pdf_stream_parameter(struct pdf_stream *s, struct str key, uint64_t number);

/*
 * Where the data of an object's stream lies in the file: behind the word "stream", which ends at body.p[at], as far as its
 * length if "endstream" is there, else up to that word.
 */
struct str pdf_stream_bytes(struct str file, struct str body, size_t at, uint64_t length);

/* At most what the budget allows; a filter that is not known here is a trait, as are damage and too much. */
struct str pdf_stream_data(struct look *l, const struct pdf_stream *s);
/*
 * The samples of a picture, at most max bytes. They may be packed as small as they like, and a filter that is not known here, or
 * damage, says nothing: then what is there, or "".
 */
struct str pdf_stream_samples(struct look *l, const struct pdf_stream *s, size_t max);

#endif
