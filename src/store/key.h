/*
 * The row key: account << 45 | milliseconds since 2020 << 4 | n. Account, time range, order and cursor of
 * messages are one range of it. n counts the mails of a millisecond; beyond 16 the key runs ahead of the
 * clock.
 */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include <stdint.h>

#define KEY_ACCOUNT_SHIFT 45
#define KEY_TIME_SHIFT 4
#define KEY_REST ((INT64_C(1) << KEY_ACCOUNT_SHIFT) - 1)
#define KEY_EPOCH_MS INT64_C(1577836800000) /* 2020-01-01 */

static inline int64_t key_account(int64_t key)
{
	return key >> KEY_ACCOUNT_SHIFT;
}

static inline int64_t key_first(int64_t account)
{
	return account << KEY_ACCOUNT_SHIFT;
}

static inline int64_t key_last(int64_t account)
{
	return account << KEY_ACCOUNT_SHIFT | KEY_REST;
}

/* The first key of the millisecond us lies in; times outside 2020..2089 become the nearest key. */
static inline int64_t key_at(int64_t account, int64_t us)
{
	int64_t ms = us / 1000 - KEY_EPOCH_MS;

	if (ms < 0)
		ms = 0;
	if (ms > KEY_REST >> KEY_TIME_SHIFT)
		return key_last(account);
	return key_first(account) | ms << KEY_TIME_SHIFT;
}

/*
 * The first key of a time range and its last. Records show whole milliseconds, so one that began before the start is
 * outside.
 */
static inline int64_t key_from(int64_t account, int64_t start_us)
{
	int64_t us = start_us > 0 ? start_us : 0;

	return key_at(account, us > INT64_MAX - 999 ? us : us + 999);
}

static inline int64_t key_upto(int64_t account, int64_t end_us)
{
	return end_us < 0 ? key_first(account) - 1 : key_at(account, end_us) | ((1 << KEY_TIME_SHIFT) - 1);
}

static inline int64_t key_us(int64_t key)
{
	return (((key & KEY_REST) >> KEY_TIME_SHIFT) + KEY_EPOCH_MS) * 1000;
}

#endif
