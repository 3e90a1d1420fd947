/* Folding by ICU, with a short way for ASCII, which most mail is. */
#include "store/words.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/abnf.h"
#include "base/utf8.h"

#define FOLD_MAX \
	(4 * 4096) /* bytes; longer text is cut: a subject has 4096 characters at most (model/message.h) */

struct str words_fold(struct arena *a, struct str s)
{
	UErrorCode rc = U_ZERO_ERROR;
	const UNormalizer2 *fold;
	int32_t n16 = 0, n8 = 0;

	if (str_is_ascii(s))
		return arena_lower(a, s);
	s = utf8_clean(a, utf8_cut(s, FOLD_MAX));
	fold = unorm2_getNFKCCasefoldInstance(&rc);
	/* A character becomes at most 18 code units by this normalization. */
	int32_t room = (int32_t)s.n * 18 + 1;
	UChar *plain = arena_alloc(a, (s.n + 1) * sizeof(*plain));
	u_strFromUTF8(plain, (int32_t)s.n + 1, &n16, s.p, (int32_t)s.n, &rc);
	int32_t need = U_SUCCESS(rc) ? unorm2_normalize(fold, plain, n16, NULL, 0, &rc) : 0;
	if (rc == U_BUFFER_OVERFLOW_ERROR)
		rc = U_ZERO_ERROR;
	if (U_FAILURE(rc) || need <= 0 || need >= room)
		return U_FAILURE(rc) ? arena_lower(a, s) : STR_NONE;
	UChar *folded = arena_alloc(a, ((size_t)need + 1) * sizeof(*folded));
	need = unorm2_normalize(fold, plain, n16, folded, need + 1, &rc);
	char *out = arena_alloc(a, (size_t)need * 3 + 1);
	u_strToUTF8(out, need * 3 + 1, &n8, folded, need, &rc);
	return U_FAILURE(rc) ? arena_lower(a, s) : str_from(out, (size_t)n8);
}

enum kind { SPLIT, JOIN, WORD, ALONE };

static enum kind kind_of(uint32_t cp)
{
	UChar32 c = (UChar32)cp;

	if (cp < 0x80) {
		if (abnf_is_alnum((unsigned char)cp))
			return WORD;
		return cp && strchr(".@:-_+", (int)cp) ? JOIN : SPLIT;
	}
	if (cp == UTF8_REPLACEMENT)
		return SPLIT;
	if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) || (cp >= 0x3041 && cp <= 0x30ff) ||
	    U_GET_GC_MASK(c) & U_GC_SO_MASK)
		return ALONE;
	return u_isalnum(c) || U_GET_GC_MASK(c) & U_GC_M_MASK ? WORD : SPLIT;
}

bool words_next(struct str folded, size_t *at, struct str *word)
{
	size_t start = *at;

	while (*at < folded.n) {
		size_t here = *at, next = *at;
		enum kind kind = kind_of(utf8_next(folded, &next));
		if (kind == WORD) {
			*at = next;
			continue;
		}
		if (here > start) {
			*word = str_sub(folded, start, here);
			return true;
		}
		*at = start = next;
		if (kind == ALONE) {
			*word = str_sub(folded, here, next);
			return true;
		}
	}
	*word = str_sub(folded, start, folded.n);
	return word->n > 0;
}

bool words_is_alone(struct str word)
{
	size_t at = 0;

	return word.n > 0 && kind_of(utf8_next(word, &at)) == ALONE;
}

bool words_next_segment(struct str folded, size_t *at, struct str *segment)
{
	size_t start = SIZE_MAX, end = 0;

	while (*at < folded.n) {
		size_t here = *at;
		enum kind kind = kind_of(utf8_next(folded, at));
		if (kind == WORD || kind == ALONE) {
			if (start == SIZE_MAX)
				start = here;
			end = *at;
		} else if (kind == SPLIT && start != SIZE_MAX) {
			break;
		}
	}
	if (start == SIZE_MAX)
		return false;
	*segment = str_sub(folded, start, end);
	return true;
}

/* As much of a date as there is. */
static bool is_date_so_far(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (i == 4 || i == 7 ? s.p[i] != '-' : !abnf_is_digit((unsigned char)s.p[i]))
			return false;
	return true;
}

bool words_begins_date(struct str segment)
{
	bool time = segment.n <= 10 || segment.p[10] == 't';

	return segment.n > 4 && time && is_date_so_far(str_sub(segment, 0, 10));
}

bool words_is_whole(struct str segment)
{
	for (size_t i = 0; i < segment.n; i++)
		if (segment.p[i] == '.' || segment.p[i] == '@' || segment.p[i] == ':')
			return true;
	return segment.n == 10 && is_date_so_far(segment);
}
