/*
 * Words of a mail that may be the password of a file in it: what stands near "password" and its like in several languages. They
 * are tried, so a wrong one costs time and nothing else; the likeliest come first.
 */
#ifndef MIME_PASSWORD_H
#define MIME_PASSWORD_H

#include "base/str.h"

struct arena;

#define PASSWORDS_MAX 40
#define PASSWORD_BYTES 64

struct passwords {
	struct strs said;    /* near a word for it */
	struct str sentence; /* where the first of them stands; "" = nowhere */
};

/* texts: UTF-8. Only the first 64 kB of each are looked at. */
struct passwords passwords_in(struct arena *a, const struct str *texts, size_t n);

#endif
