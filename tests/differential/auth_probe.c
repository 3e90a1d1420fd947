/*
 * What Postern's checks come to, for comparing with others': one JSON object a line in, one a line out, in order.
 *
 *	{"mail": PATH, "key": TXT}            every question is answered with that record
 *	  {"dkim": [{"result", "why", "body", "header"}], "arc": {"result", "why", "sets"},
 *	   "results": [["authserv-id", "method=result", ...] or null]}
 *	{"spf": {"ip", "mail_from", "helo"}, "zone": [[NAME, TYPE, DATA], ...]}
 *	  {"result", "why", "lookups"}
 *	{"dmarc": {"from", "spf", "dkim"}, "zone": ...}       names of domains; "" = none
 *	  {"result", "policy", "organization", "record"}
 *
 * body, header: the SHA-256 of the canonical forms in hexadecimal, null where the field cannot be read. TYPE is A, AAAA,
 * MX, TXT, PTR or CNAME; DATA of MX "10 host".
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/auth/zone.h"
#include "auth/arc.h"
#include "auth/authres.h"
#include "auth/dmarc.h"
#include "auth/dmarc_walk.h"
#include "json/read.h"
#include "json/write.h"

#define NOW 1700000000
#define OUT_MAX (16u << 20)

static struct str text_of(const struct json *node, const char *key)
{
	const struct json *value = json_get(node, str_of(key));

	return value && value->kind == JSON_STR ? value->s : STR("");
}

static void add_member(struct buf *b, const char *name, struct str value)
{
	buf_add_c(b, b->n > 0 && b->p[b->n - 1] != '{' ? "," : "");
	json_str(b, str_of(name));
	buf_add_char(b, ':');
	json_str(b, value);
}

static void canned(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	(void)a;
	(void)asks;
	for (size_t i = 0; i < n; i++)
		answers_out[i] = (struct answer){ .status = ANSWER_OK, .records = { ctx, 1 } };
}

static void add_hash(struct arena *a, struct buf *b, const char *name, const struct sha256 *hash)
{
	add_member(b, name, hash_hex(a, str_from(hash->b, sizeof(hash->b))));
}

static void tell_dkim(struct dkim_mail *m, struct buf *b)
{
	struct dkim_list list;

	dkim_verify(m, NOW, &list);
	buf_add_c(b, "\"dkim\":[");
	for (size_t i = 0; i < list.n; i++) {
		const struct dkim_parsed *p = &m->signatures.v[i];
		buf_add_c(b, i ? ",{" : "{");
		add_member(b, "result", enum_text(&dkim_result_names, (int)list.v[i].result));
		add_member(b, "why", list.v[i].reason);
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
	add_member(b, "result", enum_text(&arc_result_names, (int)arc.result));
	add_member(b, "why", arc.reason);
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

static struct str read_file(struct arena *a, struct str path)
{
	FILE *f = fopen(arena_str(a, path).p, "rb");
	char *p = NULL;
	long size = 0;

	if (f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
		rewind(f);
		p = arena_alloc(a, (size_t)size + 1);
		size = (long)fread(p, 1, (size_t)size, f);
	}
	if (f)
		fclose(f);
	return str_from(p, p ? (size_t)size : 0);
}

static void tell_mail(struct arena *a, const struct json *request, struct buf *b)
{
	struct dns_record record = { .data = text_of(request, "key") };
	struct str raw = read_file(a, text_of(request, "mail"));
	struct headers h = headers_parse(a, raw, 0, raw.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, canned, &record), raw, &h);

	tell_dkim(m, b);
	tell_arc(m, b);
	tell_results(m, b);
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
	struct spf_query query = { .mail_from = text_of(asked, "mail_from"),
				   .helo = text_of(asked, "helo"),
				   .now_s = NOW };
	struct spf got;

	if (ip_parse(text_of(asked, "ip"), &query.ip))
		query.ip.family = 0;
	spf_check(a, q, &query, &got);
	add_member(b, "result", enum_text(&spf_result_names, (int)got.result));
	add_member(b, "why", got.reason);
	buf_printf(b, ",\"lookups\":%u", got.lookups);
}

static void tell_dmarc(struct arena *a, const struct json *request, struct asker *q, struct buf *b)
{
	const struct json *asked = json_get(request, STR("dmarc"));
	struct str domain = text_of(asked, "from");
	struct strs from = { &domain, 1 };
	struct spf spf = { .result = SPF_PASS, .domain = text_of(asked, "spf") };
	struct dkim one = { .result = DKIM_PASS, .domain = text_of(asked, "dkim") };
	struct dkim_list dkim = { &one, one.domain.n > 0 };
	struct dmarc_walk walk;
	struct dmarc got;

	dmarc_check(a, q, &from, spf.domain.n > 0 ? &spf : NULL, &dkim, &got);
	dmarc_walk(a, q, domain, &walk);
	add_member(b, "result", enum_text(&dmarc_result_names, (int)got.result));
	add_member(b, "policy", enum_text(&dmarc_policy_names, (int)got.policy));
	add_member(b, "organization", walk.org);
	add_member(b, "record", got.record_domain);
}

static void answer(struct arena *a, const struct json *request, struct buf *b)
{
	struct zone z = { 0 };

	fill_zone(a, json_get(request, STR("zone")), &z);
	struct asker *q = asker_new(a, zone_ask, &z);
	buf_add_char(b, '{');
	if (json_get(request, STR("mail")))
		tell_mail(a, request, b);
	else if (json_get(request, STR("spf")))
		tell_spf(a, request, q, b);
	else
		tell_dmarc(a, request, q, b);
	buf_add_char(b, '}');
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 30, NULL, NULL);
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	struct buf b;

	buf_init(&b, OUT_MAX);
	while ((n = getline(&line, &room, stdin)) > 0) {
		struct json *request;
		if (json_parse(a, str_from(line, (size_t)n), &request, NULL))
			return 1;
		buf_clear(&b);
		answer(a, request, &b);
		printf("%.*s\n", STR_ARG(buf_str(&b)));
		fflush(stdout);
		arena_reset(a);
	}
	buf_free(&b);
	arena_free(&a);
	free(line);
	return 0;
}
