/*
 * What Postern's checks come to, for comparing with others' (probe.h). Questions and answers:
 *
 *	{"mail": PATH, "key": TXT}            every question is answered with that record
 *	  {"dkim": [{"result", "why", "body", "header"}], "arc": {"result", "why", "sets"},
 *	   "results": [["authserv-id", "method=result", ...] or null]}
 *	{"sign": PATH, "pem": PEM, "key": TXT, "to": PATH}    as a.test, selector s
 *	  {"chain": what was sealed}                          to: the mail with a DKIM-Signature and a set of ARC in front
 *	{"spf": {"ip", "mail_from", "helo"}, "zone": [[NAME, TYPE, DATA], ...]}
 *	  {"result", "why", "lookups"}
 *	{"dmarc": {"from", "spf", "dkim"}, "zone": ...}       names of domains; "" = none
 *	  {"result", "policy", "organization", "record"}
 *
 * body, header: the SHA-256 of the canonical forms in hexadecimal, null where the field cannot be read. TYPE is A, AAAA,
 * MX, TXT, PTR or CNAME; DATA of MX "10 host".
 */
#include "probe.h"

#include "../unit/auth/zone.h"
#include "auth/arc.h"
#include "auth/authres.h"
#include "auth/dmarc.h"
#include "auth/dmarc_walk.h"
#include "auth/sign.h"
#include "auth/sign_key.h"

#define NOW 1700000000

static void canned(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	(void)a;
	(void)asks;
	for (size_t i = 0; i < n; i++)
		answers_out[i] = (struct answer){ .status = ANSWER_OK, .records = { ctx, 1 } };
}

static void add_hash(struct arena *a, struct buf *b, const char *name, const struct sha256 *hash)
{
	probe_member(b, name, hash_hex(a, str_from(hash->b, sizeof(hash->b))));
}

static void tell_dkim(struct dkim_mail *m, struct buf *b)
{
	struct dkim_list list;

	dkim_verify(m, NOW, &list);
	buf_add_c(b, "\"dkim\":[");
	for (size_t i = 0; i < list.n; i++) {
		const struct dkim_parsed *p = &m->signatures.v[i];
		buf_add_c(b, i ? ",{" : "{");
		probe_member(b, "result", enum_text(&dkim_result_names, (int)list.v[i].result));
		probe_member(b, "why", list.v[i].reason);
		if (p->wrong.n == 0) {
			struct sha256 header = dkim_mail_header_hash(m, &p->signature, p->field);
			add_hash(m->arena, b, "body",
				 &dkim_body_hash(m->arena, &m->bodies, &p->signature)->digest);
			add_hash(m->arena, b, "header", &header);
		}
		buf_add_char(b, '}');
	}
	buf_add_char(b, ']');
}

static void tell_arc(struct dkim_mail *m, struct buf *b)
{
	struct arc arc;

	arc_verify(m, NOW, &arc);
	buf_add_c(b, ",\"arc\":{");
	probe_member(b, "result", enum_text(&arc_result_names, (int)arc.result));
	probe_member(b, "why", arc.reason);
	buf_printf(b, ",\"sets\":%zu}", arc.sets.n);
}

static void tell_results(struct dkim_mail *m, struct buf *b)
{
	const struct header *h = headers_first(m->headers, STR("Authentication-Results"));
	struct authres r;

	buf_add_c(b, ",\"results\":[");
	for (bool first = true; h; h = headers_next(m->headers, h), first = false) {
		buf_add_c(b, first ? "" : ",");
		if (authres_parse(m->arena, h->value, &r)) {
			buf_add_c(b, "null");
			continue;
		}
		buf_add_char(b, '[');
		json_str(b, r.authserv_id);
		for (size_t i = 0; i < r.methods.n; i++) {
			buf_add_char(b, ',');
			json_str(
			    b, ARENA_JOIN(m->arena, r.methods.v[i].method, STR("="), r.methods.v[i].result));
		}
		buf_add_char(b, ']');
	}
	buf_add_char(b, ']');
}

static void tell_mail(struct arena *a, const struct json *request, struct buf *b)
{
	struct dns_record record = { .data = probe_text(request, "key") };
	struct str raw = probe_file(a, probe_text(request, "mail"));
	struct headers h = headers_parse(a, raw, 0, raw.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, canned, &record), raw, &h);

	tell_dkim(m, b);
	tell_arc(m, b);
	tell_results(m, b);
	dkim_mail_free(&m);
}

/* What signs everything that there is, each field as often as it is there, and From once more. */
static struct strs all_names(struct arena *a, const struct headers *h)
{
	struct strs names = { 0 };

	ARENA_PUSH(a, &names, STR("From"));
	for (size_t i = 0; i < h->n && names.n < SIGN_NAMES_MAX; i++)
		if (!str_starts_nocase(h->v[i].name, STR("ARC-")))
			ARENA_PUSH(a, &names, h->v[i].name);
	return names;
}

static void put_file(struct arena *a, struct str path, struct str first, struct str then)
{
	FILE *f = fopen(arena_strndup(a, path.p, path.n), "wb");

	ASSERT(f && fwrite(first.p, 1, first.n, f) == first.n && fwrite(then.p, 1, then.n, f) == then.n);
	fclose(f);
}

static void sign(struct arena *a, const struct json *request, struct buf *b)
{
	struct dns_record record = { .data = probe_text(request, "key") };
	struct str raw = probe_file(a, probe_text(request, "sign")), dkim, arc_fields;
	struct headers h = headers_parse(a, raw, 0, raw.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, canned, &record), raw, &h);
	struct sign_key key = { STR("a.test"), STR("s"), sign_key_read(probe_text(request, "pem")) };
	struct sign_mail mail = { .body = sign_body(str_sub(raw, h.body, raw.n)) };
	struct strs names = all_names(a, &h);
	struct arc arc;

	arc_verify(m, NOW, &arc);
	struct sign_set set = { .instance = arc.instances + 1,
				.chain = arc.result,
				.results = STR("hop.test; spf=pass") };
	for (size_t i = 0; i < h.n; i++) {
		struct sign_field f = { h.v[i].name, dkim_mail_field(m, i) };
		ARENA_PUSH(a, &mail.fields, f);
	}
	for (size_t i = 0; i < arc.fields.n; i++)
		ARENA_PUSH(a, &set.before, dkim_mail_field(m, arc.fields.v[i]));
	ASSERT(key.key && sign_dkim(a, &mail, &names, &key, NOW, &dkim) == OK &&
	       sign_arc(a, &mail, &names, &key, &set, NOW, &arc_fields) == OK);
	put_file(a, probe_text(request, "to"), ARENA_JOIN(a, arc_fields, dkim), raw);
	probe_member(b, "chain", enum_text(&arc_result_names, (int)set.chain));
	EVP_PKEY_free(key.key);
	dkim_mail_free(&m);
}

static void fill_zone(struct arena *a, const struct json *rows, struct zone *z)
{
	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next) {
		struct str name = row->first->s, type = row->first->next->s, data = row->first->next->next->s;
		size_t space = str_find_char(data, ' ', 0);
		uint64_t preference = 0;
		if (str_eq(type, STR("A")) || str_eq(type, STR("AAAA")))
			zone_add_address(a, z, name, data);
		else if (str_eq(type, STR("MX")) && !str_to_u64(str_sub(data, 0, space), 65535, &preference))
			zone_add_mx(a, z, name, (uint16_t)preference, str_sub(data, space + 1, data.n));
		else if (str_eq(type, STR("TXT")))
			zone_add(a, z, name, RR_TXT, data);
		else
			zone_add(a, z, name, str_eq(type, STR("PTR")) ? RR_PTR : ZONE_CNAME, data);
	}
}

static void tell_spf(struct arena *a, const struct json *request, struct asker *q, struct buf *b)
{
	const struct json *asked = json_get(request, STR("spf"));
	struct spf_query query = { .mail_from = probe_text(asked, "mail_from"),
				   .helo = probe_text(asked, "helo"),
				   .now_s = NOW };
	struct spf got;

	if (ip_parse(probe_text(asked, "ip"), &query.ip))
		query.ip.family = 0;
	spf_check(a, q, &query, &got);
	probe_member(b, "result", enum_text(&spf_result_names, (int)got.result));
	probe_member(b, "why", got.reason);
	buf_printf(b, ",\"lookups\":%u", got.lookups);
}

static void tell_dmarc(struct arena *a, const struct json *request, struct asker *q, struct buf *b)
{
	const struct json *asked = json_get(request, STR("dmarc"));
	struct str domain = probe_text(asked, "from");
	struct strs from = { &domain, 1 };
	struct spf spf = { .result = SPF_PASS, .domain = probe_text(asked, "spf") };
	struct dkim one = { .result = DKIM_PASS, .domain = probe_text(asked, "dkim") };
	struct dkim_list dkim = { &one, one.domain.n > 0 };
	struct dmarc_walk walk;
	struct dmarc got;

	dmarc_check(a, q, &from, spf.domain.n > 0 ? &spf : NULL, &dkim, &got);
	dmarc_walk(a, q, domain, &walk);
	probe_member(b, "result", enum_text(&dmarc_result_names, (int)got.result));
	probe_member(b, "policy", enum_text(&dmarc_policy_names, (int)got.policy));
	probe_member(b, "organization", walk.org);
	probe_member(b, "record", got.record_domain);
}

void probe_answer(struct arena *a, const struct json *request, struct buf *b)
{
	struct zone z = { 0 };

	fill_zone(a, json_get(request, STR("zone")), &z);
	struct asker *q = asker_new(a, zone_ask, &z);
	if (json_get(request, STR("mail")))
		tell_mail(a, request, b);
	else if (json_get(request, STR("sign")))
		sign(a, request, b);
	else if (json_get(request, STR("spf")))
		tell_spf(a, request, q, b);
	else
		tell_dmarc(a, request, q, b);
}
