/*
 * The name of somebody of the account's impersonation registry with an address that is not that person's: in From, in
 * Reply-To, in Sender. Which names are alike is policy/name_index.h's.
 *
 * Whoever has an address of a namesake in the registry is that one. Mail of the house itself is nobody's imitation, where it
 * is proved or nothing says that it is not; where it should be proved and is not, its addresses are nobody's either.
 */
#include "detect/detect.h"

#include "policy/policy.h"

static const struct {
	const char *signal, *reason;
} ways[] = {
	[NAME_SAME] = { "same",
			"The display name is that of somebody you protect, but the address is not theirs." },
	[NAME_SLIP] = { "slip", "The display name is nearly that of somebody you protect, and the address is "
				"not theirs." },
	[NAME_INITIAL] = { "initial", "The display name may be that of somebody you protect, but the address "
				      "is not theirs." },
};

/* The mailbox is in one of our own domains, and that is not in doubt. */
static bool is_ours(const struct scan *s, const struct identity *id)
{
	const struct proof *p = &s->proof;
	bool in_doubt = id == &s->from && p->complete && !p->header_proved && !sender_is_unanswered(s);

	return sender_is_own_domain(s, id->domain) && !in_doubt;
}

static bool is_owner(const struct policy_impersonation_owners *owners, size_t entry)
{
	size_t low = 0, high = owners->n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (owners->v[middle] < entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low < owners->n && owners->v[low] == entry;
}

/*
 * The entry it resembles most, unless it is one of those it resembles. *unsure_out: not all their addresses were looked
 * at.
 */
static const struct name_match *imitated(const struct scan *s, struct findings *out,
					 const struct identity *id, const struct name_matches *like,
					 bool *unsure_out)
{
	struct policy_impersonation_owners owners;

	if (like->n == 0)
		return NULL;
	policy_impersonation_owners(s->arena, s->policy, id->address, &owners);
	*unsure_out = owners.unfinished > 0;
	out->gave_up += owners.unfinished;
	if (sender_is_own_domain(s, id->domain))
		owners.n = 0; /* claimed, and not proved */
	for (size_t i = 0; i < like->n; i++)
		if (is_owner(&owners, like->v[i].name))
			return NULL;
	return &like->v[0];
}

static void look_at(const struct scan *s, struct findings *out, const struct identity *id)
{
	const struct name_index *names = policy_impersonation_names(s->policy);

	if (!names || id->name.n == 0 || id->address.n == 0 || is_ours(s, id))
		return;
	struct name_matches like = name_index_find(s->arena, names, id->name);
	bool unsure;
	const struct name_match *m = imitated(s, out, id, &like, &unsure);
	if (!m)
		return;
	const struct impersonation *entry = &policy_impersonation_list(s->policy)->v[m->name];
	struct finding *f =
	    finding_add(out, ways[m->how].signal, DISP_SPOOF, sender_is_known(s) || unsure ? 0.5 : 1,
			CAT_NAME_IMPERSONATION, ways[m->how].reason);
	finding_where(f, id->header.p, "display name", id->name);
	finding_bytes(f, id->offset, id->length);
	finding_detail(out, f, "%.*s is in the registry, %.*s is none of the addresses there",
		       STR_ARG(entry->name), STR_ARG(id->address));
}

static void run(const struct scan *s, struct findings *out)
{
	const struct identity *const shown[] = { &s->from, &s->reply_to, &s->sender };

	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		look_at(s, out, shown[i]);
}

const struct detector detect_name_impersonation = {
	.name = "name_impersonation",
	.family = FAMILY_SENDER,
	.run = run,
};
