/*
 * What is asked of a preview helper and what it answers: one job, one picture. The answer comes from a process that read
 * hostile mail, so whoever asked checks it (preview_answer_check).
 */
#ifndef PREVIEW_ANSWER_H
#define PREVIEW_ANSWER_H

#include "base/enumtab.h"
#include "base/limits.h"

/* The ladder: each step is tried when the one before it died, took too long, or found nothing it could draw. */
#define PREVIEW_STEPS(X)                                                          \
	X(PREVIEW_FULL, "full") /* as the mail wants it */                        \
	X(PREVIEW_FLAT, "flat") /* tables as blocks, no sheets, nothing floats */ \
	X(PREVIEW_TEXT, "text") /* the words alone */
ENUM_DECLARE(preview_step, PREVIEW_STEPS);

#define PREVIEW_WIDTH 800        /* pixels */
#define PREVIEW_WIDTH_MOST 1200  /* of a page that is wider by itself */
#define PREVIEW_HEIGHT_MOST 6000 /* of the mail's own part; longer ones are cut, and it is said */
#define PREVIEW_BANDS_MOST 2000  /* of what stands above and below it */
#define PREVIEW_PNG (4u << 20)   /* bytes; a larger picture is cut to half its height */

struct preview_job {
	uint32_t step; /* enum preview_step */
};

/* All that is told beside the picture; plain numbers, none of them trusted. */
struct preview_facts {
	uint32_t step;
	uint32_t width, height;     /* of the picture */
	uint32_t top, bottom;       /* rows between which the mail's own part lies */
	uint32_t remote;            /* images that were not loaded, since they are not in the mail */
	uint32_t unseen;            /* images of one pixel or none */
	uint32_t failed;            /* images in the mail that cannot be drawn */
	uint32_t links, mismatched; /* those whose text shows another host */
	uint32_t attachments;
	uint32_t cut;             /* enum clean_cut */
	uint32_t cpu_us, peak_kb; /* what the helper used from its start, warming up included */
	uint32_t shortened;       /* 1: the picture ends before the mail does */
};

/* A PNG as we write it (signature, IHDR of these numbers, IDAT, IEND, with their checksums) within the limits. */
MUST_CHECK enum err preview_answer_check(const struct preview_facts *facts, struct str png);

#endif
