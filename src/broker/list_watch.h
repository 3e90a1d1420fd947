/*
 * Whether block lists answer. A list that is silent, or refuses us, or says yes to everything, is left alone for a while and the
 * log told once, so that it costs one mail its patience and not all. One watch for all threads of a process.
 */
#ifndef BROKER_LIST_WATCH_H
#define BROKER_LIST_WATCH_H

#include "base/log.h"
#include "detect/block_list.h"
#include "scan/ask.h"

struct list_watch;

/* The lists outlive it. */
struct list_watch *list_watch_new(const struct block_lists *lists, const struct log *log);
void list_watch_free(struct list_watch **w);

/* Whether the name belongs to a list that may be asked now. A worker's question about any other name is asked of nobody. */
bool list_watch_may_ask(struct list_watch *w, struct str name, int64_t now_ms);
/* What came of it. */
void list_watch_heard(struct list_watch *w, struct str name, const struct answer *answer, int64_t now_ms);

#endif
