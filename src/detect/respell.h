/*
 * Words read as people read them where they are spelled otherwise: letters that stand apart ("v e r i f y", "v.e.r.i.f.y") and
 * digits that stand for letters ("acc0unt"). Only what becomes words of the lexicon is changed.
 */
#ifndef DETECT_RESPELL_H
#define DETECT_RESPELL_H

#include "base/str.h"

struct arena;

/* folded: as text_fold() makes it; so is what comes back. Memory: arena. */
struct str respell(struct arena *a, struct str folded);

#endif
