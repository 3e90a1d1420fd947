/* One scan of stored bytes. */
#include "courier/rescan.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "broker/ipc.h"
#include "intake/directory.h"

#define RESCAN_BYTES (256u << 20) /* the raw mail, its verdict and its record */
#define RAW_MAX (96 << 20) /* larger mail stays as it is; packed it may be as large, and both are there */

static bool take_verdict(struct arena *a, struct record *r, void *ctx)
{
	const struct verdict *v = ctx;

	record_judge(r, v);
	SET(r, record, rescan, false);
	record_trace(a, r, false, "scanned again: verdict %.*s, %zu findings",
		     STR_ARG(enum_text(&disposition_names, v->message->final_disposition)),
		     v->message->findings.n);
	return true;
}

static bool give_up(struct arena *a, struct record *r, void *ctx)
{
	const struct errbuf *why = ctx;

	SET(r, record, rescan, false);
	record_trace(a, r, false, "not scanned again: %s", why->text);
	return true;
}

/* The job as intake made it for this copy, of today's domains. */
static enum err scan(struct store *st, struct broker *b, struct arena *a, const struct config *config,
		     const struct record *r, struct str bytes, struct verdict *out, struct errbuf *why)
{
	struct directory *directory = directory_new(st);
	struct directory_snapshot *domains = NULL;
	int fd = -1;
	enum err e = directory_get(directory, &domains);

	if (!e)
		e = ipc_memfd(bytes, &fd);
	if (!e) {
		struct scan_job job = {
			.mail_from = r->message->envelope_from,
			.recipients = r->message->envelope_to,
			.delivery_mode = r->message->delivery_mode,
			.account = r->account,
			.lookback_hops = 1,
			.received_us = r->message->scanned_at,
			.authserv_id = str_of(config->hostname),
			.trusted_authserv_ids =
			    arena_split(a, str_of(config->scan_trusted_authserv_ids), ' '),
			.protected_domains = directory_names(domains, a, r->account),
			.header_prefix = str_of(config->header_prefix),
		};
		struct broker_mail mail = { .job = &job, .fd = fd, .size = bytes.n };
		e = broker_scan(b, a, &mail, clock_mono_ms() + LIMIT_SCAN_MS, out, why);
	}
	if (fd >= 0)
		close(fd);
	if (domains)
		directory_put(directory, &domains);
	directory_free(&directory);
	return e;
}

enum err rescan(struct store *st, struct broker *b, const struct config *config, const struct record *r)
{
	struct arena *a = arena_new(RESCAN_BYTES, NULL, NULL);
	struct errbuf why = { "" };
	struct str bytes;
	struct verdict v;
	enum err e = r->raw_size > RAW_MAX ? err_set(&why, ERR_LIMIT, "too large")
					   : store_raw_get(st, a, r->raw_sha256, &bytes);

	if (e == ERR_ABSENT)
		err_set(&why, e, "its bytes are gone");
	else if (e == ERR_LIMIT)
		err_set(&why, e, "too large");
	if (!e)
		e = scan(st, b, a, config, r, bytes, &v, &why);
	if (!e) {
		e = store_record_change(st, a, r->key, take_verdict, &v, NULL);
		if (!e && v.history.n)
			store_history_add(st, r->account, v.history.v, v.history.n,
					  v.message->final_disposition > DISP_BULK, clock_now_us());
	} else if (e != ERR_LATER) {
		e = store_record_change(st, a, r->key, give_up, &why, NULL);
	}
	arena_free(&a);
	return e;
}
