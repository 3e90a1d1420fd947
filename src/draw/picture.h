/* The whole picture of a mail: our band, the mail's own part below it, our notes at the end. */
#ifndef DRAW_PICTURE_H
#define DRAW_PICTURE_H

#include <pango/pangocairo.h>

#include "base/buf.h"
#include "preview/answer.h"

struct arena;

/*
 * Draws by one step of the ladder. png: initialised by the caller; its ceiling is PREVIEW_PNG. ERR_SYNTAX: by this step
 * nothing can be drawn.
 */
MUST_CHECK enum err picture_draw(struct arena *a, PangoContext *fonts, struct str raw, enum preview_step step,
				 struct preview_facts *facts_out, struct buf *png);

#endif
