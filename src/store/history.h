/*
 * History of this process: what was counted in the last second is in memory and looked at first; a thread of
 * a STORE_WRITER process writes it to history.db each second. Losing that second in a crash is accepted.
 */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include "store/store.h"

#define HISTORY_HALF_LIFE_DAYS 30

/* A keyed hash of a name, under which it is kept. */
int64_t history_hash(const struct store *st, struct str key);

MUST_CHECK enum err history_open(struct store *st, struct errbuf *eb);
/* Writes what is left. */
void history_close(struct store *st);
/* Writes now; for tests and for processes without the thread. */
void history_flush(struct store *st);
/* Forgets a slice of keys hardly seen for 30 days; *at is where the next slice begins. */
struct history_place {
	int64_t account, k;
};
MUST_CHECK enum err history_forget(struct store *st, struct history_place *at);

#endif
