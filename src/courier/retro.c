/* From what was asked for to the mailboxes that are meant. */
#include "courier/retro.h"

#include "base/domain.h"
#include "courier/people.h"
#include "model/domain.h"
#include "store/retro.h"
#include "store/settings.h"

#define RETRO_BYTES ((size_t)128 << 20) /* PEOPLE_MAX addresses */
#define ASK_MS 60000

/* ERR_ABSENT: it has none, or is not there any more. */
static enum err integration_of(const struct job_tools *tools, struct arena *a, int64_t account,
			       const struct retro_scan *s, struct str *out)
{
	struct settings_object found;

	*out = s->integration_id;
	if (HAS(s, retro_scan, integration_id))
		return OK;
	enum err e =
	    settings_find(tools->store, a, &resource_domains, account, domain_fold(a, s->domain), &found);
	if (e)
		return e;
	const struct domain *d = found.obj;
	*out = d->integration_id;
	return HAS(d, domain, integration_id) ? OK : ERR_ABSENT;
}

static void use_named(struct arena *a, const struct retro_scan *s, struct strs *out)
{
	for (size_t i = 0; i < s->mailboxes.n; i++) {
		struct str address = arena_lower(a, str_trim(s->mailboxes.v[i]));
		if (!strs_has(out, address))
			ARENA_PUSH(a, out, address);
	}
}

static enum err find_people(const struct job_tools *tools, struct arena *a, int64_t account,
			    const struct retro_scan *s, struct str integration, struct strs *out,
			    struct mailbox_fault *fault)
{
	struct people_ask q = { .store = tools->store,
				.mailboxes = tools->mailboxes,
				.account = account,
				.integration = integration,
				.domain = s->domain,
				.since_us = s->since,
				.until = clock_mono_ms() + ASK_MS };
	bool all;

	*out = (struct strs){ NULL, 0 };
	use_named(a, s, out);
	return out->n ? OK : people_find(&q, a, out, &all, fault);
}

/* It ends here; the job is done all the same. */
static enum err fail(const struct job_tools *tools, int64_t num, struct str status)
{
	return store_retro_tell(tools->store, num, RETRO_FAILED, status, clock_now_us());
}

static enum err begin(const struct job_tools *tools, struct arena *a, int64_t num, struct errbuf *why)
{
	struct mailbox_fault fault = { 0 };
	struct watch_of of = { 0 };
	struct retro_scan s;
	struct strs people;
	enum err e = store_retro_by_num(tools->store, a, num, &of.account, &s);

	if (e || s.state >= RETRO_PROCESSING)
		return e == ERR_ABSENT ? OK : e;
	e = integration_of(tools, a, of.account, &s, &of.integration);
	if (e == ERR_ABSENT)
		return fail(tools, num,
			    STR("The domain has no integration by which its mailboxes are reached."));
	of.folder = HAS(&s, retro_scan, folder) ? (enum scan_folder)s.folder : FOLDER_ALL_ITEMS;
	if (!e)
		e = find_people(tools, a, of.account, &s, of.integration, &people, &fault);
	if (e == ERR_LATER) {
		struct str words = str_of(fault.text.text);
		err_set(why, e, "%s", words.n ? fault.text.text : "the store cannot be read");
		return store_retro_tell(tools->store, num, RETRO_DISCOVERING, words, clock_now_us())
			   ? ERR_LATER
			   : e;
	}
	return e ? fail(tools, num, str_of(fault.text.text))
		 : store_retro_begin(tools->store, num, &of, &people, clock_now_us());
}

enum err retro_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct arena *a = arena_new(RETRO_BYTES, NULL, NULL);
	enum err e = begin(tools, a, -job->ref, &out->why);

	arena_free(&a);
	return e;
}

void retro_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	if (fail(tools, -job->ref, str_of(out->why.text)))
		log_warn(tools->log, "retro_not_ended", KV_INT("scan", -job->ref));
}
