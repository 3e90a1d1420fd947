/* Looking up domains and restrictions. */
#include "intake/directory.h"

#include "base/arena.h"
#include "base/domain.h"
#include "model/sending_restriction.h"
#include "resource/resource.h"
#include "store/settings.h"

#define NAME_MAX_BYTES 1024 /* of a domain that is looked up, in U-labels; a longer one is nobody's */
#define SCRATCH_BYTES ((size_t)64 << 20) /* to read one object: of its text some thirty times */
#define FIRST_OF \
	1000 /* whoever wrote down very many must not have them read for each mail to the postmaster */

static bool is_nobodys(struct str name)
{
	return name.n == 0 || name.n > NAME_MAX_BYTES;
}

/* ---- domains ---- */

static unsigned bits_of(struct ints list)
{
	unsigned bits = 0;

	_Static_assert(MODE_SIMULATION < 32 && DISP_BEC < 32, "one bit for each value");
	for (size_t i = 0; i < list.n; i++)
		bits |= 1u << list.v[i];
	return bits;
}

static struct directory_domain domain_from(struct arena *a, int64_t account, const struct domain *d)
{
	const struct strs *blocks = &d->ip_restrictions;
	struct directory_domain out = {
		.name = domain_fold(a, d->domain),
		.account = account,
		.transport = arena_str(a, d->transport),
		.modes = bits_of(d->allowed_delivery_modes),
		.holds = bits_of(d->drop_dispositions),
		.lookback_hops = d->lookback_hops > 1 ? (int)d->lookback_hops : 1,
		.authorized = d->authorization && d->authorization->authorized,
		.restricted = blocks->n > 0,
		.tls_inbound = d->require_tls_inbound,
		.tls_outbound = d->require_tls_outbound,
	};

	if (blocks->n)
		out.restrictions = ARENA_ARRAY(a, blocks->n, struct ip_block);
	for (size_t i = 0; i < blocks->n; i++)
		if (!ip_block_parse(blocks->v[i], &out.restrictions[out.restrictions_n]))
			out.restrictions_n++;
	return out;
}

enum err directory_domain(struct store *st, struct arena *a, struct str name, struct directory_domain *out)
{
	struct settings_domain found;

	if (is_nobodys(name))
		return ERR_ABSENT;
	struct arena *scratch = arena_new(SCRATCH_BYTES, NULL, NULL);
	enum err e = settings_domain_find(st, scratch, name, &found);
	if (!e)
		*out = domain_from(a, found.account, &found.domain);
	arena_free(&scratch);
	return e;
}

enum err directory_domain_of(struct store *st, struct arena *a, int64_t account, struct str name,
			     struct directory_domain *out)
{
	struct settings_object found;

	if (is_nobodys(name))
		return ERR_ABSENT;
	struct arena *scratch = arena_new(SCRATCH_BYTES, NULL, NULL);
	enum err e =
	    settings_find(st, scratch, &resource_domains, account, domain_fold(scratch, name), &found);
	if (!e)
		*out = domain_from(a, account, found.obj);
	arena_free(&scratch);
	return e;
}

struct first {
	struct arena *arena;
	struct str name;
	size_t seen;
};

/* ERR_ABSENT ends the reading: it is found, or not looked for any longer. */
static enum err take_first(void *ctx, const struct settings_domain *row)
{
	struct first *f = ctx;
	const struct domain *d = &row->domain;

	if (d->authorization && d->authorization->authorized && d->transport.n &&
	    bits_of(d->allowed_delivery_modes) >> MODE_DIRECT & 1)
		f->name = arena_str(f->arena, row->folded);
	return f->name.n || ++f->seen == FIRST_OF ? ERR_ABSENT : OK;
}

enum err directory_first(struct store *st, struct arena *a, struct str *out)
{
	struct first f = { .arena = a };
	enum err e = settings_domains(st, 0, take_first, &f);

	*out = f.name;
	return e || f.name.n ? e : ERR_ABSENT;
}

bool directory_domain_allows(const struct directory_domain *d, int delivery_mode)
{
	return d->modes >> delivery_mode & 1;
}

bool directory_domain_accepts(const struct directory_domain *d, const struct ip *peer)
{
	for (size_t i = 0; i < d->restrictions_n; i++)
		if (ip_block_has(&d->restrictions[i], peer))
			return true;
	/* A restriction nobody could parse must not open the door. */
	return !d->restricted;
}

bool directory_domain_holds(const struct directory_domain *d, int disposition)
{
	return (d->holds >> disposition & 1) || (disposition == DISP_BEC && (d->holds >> DISP_MALICIOUS & 1));
}

/* ---- sending domain restrictions ---- */

static bool is_let_off(struct arena *a, const struct sending_restriction *r, struct str domain)
{
	for (size_t i = 0; i < r->exclude.n; i++)
		if (domain_is_within(domain, domain_fold(a, str_trim(r->exclude.v[i]))))
			return true;
	return false;
}

/* That of this very name, unless it lets the domain off. */
static enum err ask_restriction(struct store *st, struct arena *a, int64_t account, struct str name,
				struct str domain, struct ident *out)
{
	struct settings_object found;
	enum err e = settings_find(st, a, &resource_sending_restrictions, account, name, &found);

	if (e)
		return e;
	*out = ((const struct sending_restriction *)found.obj)->id;
	return is_let_off(a, found.obj, domain) ? ERR_ABSENT : OK;
}

enum err directory_restriction(struct store *st, int64_t account, struct str sender_domain, struct ident *out)
{
	enum err e = ERR_ABSENT;

	if (is_nobodys(sender_domain))
		return e;
	struct arena *a = arena_new(SCRATCH_BYTES, NULL, NULL);
	struct str domain = domain_fold(a, sender_domain);
	struct arena_mark mark = arena_mark(a);
	for (size_t at = 0; at < domain.n && e == ERR_ABSENT;) {
		size_t dot = str_find_char(domain, '.', at);
		e = ask_restriction(st, a, account, str_sub(domain, at, domain.n), domain, out);
		arena_rewind(a, mark);
		at = dot == SIZE_MAX ? domain.n : dot + 1;
	}
	arena_free(&a);
	return e;
}
