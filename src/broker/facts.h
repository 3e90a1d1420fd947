/* What the broker tells of an account from the store: its history, its policy and the policy's revision, its id. */
#ifndef BROKER_FACTS_H
#define BROKER_FACTS_H

#include "broker/broker.h"
#include "store/store.h"

/* Sets the four functions, ctx and ages; the store must outlive the broker. */
void broker_facts_from_store(struct broker_options *o, struct store *st);

#endif
