/*
 * The row key: shelf << 45 | milliseconds since 2020 << 4 | n. Shelf, time range, order and cursor of messages are one
 * range of it. n counts the mails of a millisecond; beyond 16 the key runs ahead of the clock. An account has two
 * shelves (store/store.h): that of its mail has its own number.
 */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include "store/store.h"

#define KEY_SHELF_SHIFT 45
#define KEY_TIME_SHIFT 4
#define KEY_REST ((INT64_C(1) << KEY_SHELF_SHIFT) - 1)
#define KEY_EPOCH_MS INT64_C(1577836800000) /* 2020-01-01 */

static inline int64_t key_shelf(int64_t key)
{
	return key >> KEY_SHELF_SHIFT;
}

static inline int64_t key_account(int64_t key)
{
	return key_shelf(key) & ~STORE_SUBMITTED;
}

static inline int64_t key_first(int64_t shelf)
{
	return shelf << KEY_SHELF_SHIFT;
}

static inline int64_t key_last(int64_t shelf)
{
	return shelf << KEY_SHELF_SHIFT | KEY_REST;
}

/* The first key of the millisecond us lies in; times outside 2020..2089 become the nearest key. */
static inline int64_t key_at(int64_t shelf, int64_t us)
{
	int64_t ms = us / 1000 - KEY_EPOCH_MS;

	if (ms < 0)
		ms = 0;
	if (ms > KEY_REST >> KEY_TIME_SHIFT)
		return key_last(shelf);
	return key_first(shelf) | ms << KEY_TIME_SHIFT;
}

/*
 * The first key of a time range and its last. Records show whole milliseconds, so one that began before the start is
 * outside.
 */
static inline int64_t key_from(int64_t shelf, int64_t start_us)
{
	int64_t us = start_us > 0 ? start_us : 0;

	return key_at(shelf, us > INT64_MAX - 999 ? us : us + 999);
}

static inline int64_t key_upto(int64_t shelf, int64_t end_us)
{
	return end_us < 0 ? key_first(shelf) - 1 : key_at(shelf, end_us) | ((1 << KEY_TIME_SHIFT) - 1);
}

static inline int64_t key_us(int64_t key)
{
	return (((key & KEY_REST) >> KEY_TIME_SHIFT) + KEY_EPOCH_MS) * 1000;
}

#endif
