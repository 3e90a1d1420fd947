/*
 * The search against a reference that looks at every record with plain string comparisons: each filter alone and in
 * combination, while rows are not indexed, partly indexed, indexed, changed, and with search.db gone or damaged.
 */
#include "fixture.h"

#include <fcntl.h>
#include <unistd.h>

#include "store/key.h"
#include "store/scan_rows.h"

#define RECORDS 2000
#define COMBINATIONS 40

static const char *const hosts[] = { "example.org",    "mail.example.org", "a.b.example.co.uk",
				     "example.co.uk",  "example.test",     "other.test",
				     "notexample.org", "xn--mnchen-3ya.de" };
static const char *const locals[] = { "alice", "bob", "Carol", "dave.d", "x+y", "news-letter" };
static const char *const words[] = { "invoice", "Urgent", "payment",     "gr\303\274\303\237e",
				     "report",  "2024",   "v:malicious", "s=urgent",
				     "account", "Ünïcode" };
static const char *const ips[] = { "192.0.2.1", "192.0.2.77", "2001:db8::1", "198.51.100.7" };

struct corpus {
	struct record **v; /* oldest first */
	size_t n;
};

static struct str pick_address(struct fixture *f, struct arena *a)
{
	return arena_printf(a, "%s@%s", locals[fixture_random(f, ARRAY_LEN(locals))],
			    hosts[fixture_random(f, ARRAY_LEN(hosts))]);
}

static struct str pick_subject(struct fixture *f, struct arena *a)
{
	struct str s = STR("");
	size_t n = 1 + fixture_random(f, 4);

	for (size_t i = 0; i < n; i++)
		s = arena_printf(a, "%.*s%s%s", STR_ARG(s), i ? (fixture_random(f, 2) ? " " : ", ") : "",
				 words[fixture_random(f, ARRAY_LEN(words))]);
	return s;
}

static struct record *make_record(struct fixture *f, size_t number)
{
	struct arena *a = f->a;
	struct str id = arena_printf(a, "p%05zuQ", number);
	struct record *r = fixture_record(a, 1 + (int64_t)fixture_random(f, 2), id.p, pick_address(f, a).p,
					  pick_address(f, a).p, pick_subject(f, a).p);
	struct message *m = r->message;
	struct detections *d = r->detections;

	SET(m, message, from, pick_address(f, a));
	SET(m, message, from_name, arena_str(a, str_of(words[fixture_random(f, ARRAY_LEN(words))])));
	SET(m, message, message_id, arena_printf(a, "<id%zu.x@%s>", number / 3, hosts[fixture_random(f, 3)]));
	SET(m, message, smtp_helo_server_ip, str_of(ips[fixture_random(f, ARRAY_LEN(ips))]));
	if (fixture_random(f, 3) == 0) {
		ARENA_PUSH(a, &m->to, pick_address(f, a));
		m->has |= FIELD_BIT(message, to);
	}
	if (fixture_random(f, 10))
		SET(m, message, final_disposition, (int)fixture_random(f, (size_t)disposition_names.n));
	else
		CLEAR(m, message, final_disposition);
	ARENA_PUSH(a, &m->delivery_status, (int)fixture_random(f, (size_t)delivery_status_names.n));
	m->has |= FIELD_BIT(message, delivery_status);
	if (fixture_random(f, 5) == 0) {
		ARENA_PUSH(a, &r->link_hosts, str_of(hosts[fixture_random(f, ARRAY_LEN(hosts))]));
		r->has |= FIELD_BIT(record, link_hosts);
	}
	if (fixture_random(f, 8) == 0) {
		struct attachment file = { 0 };
		SET(&file, attachment, name, arena_printf(a, "my-file%zu.pdf", fixture_random(f, 3)));
		SET(&file, attachment, md5, hash_md5_hex(a, file.name));
		ARENA_PUSH(a, &d->attachments, file);
		d->has |= FIELD_BIT(detections, attachments);
	}
	return r;
}

static void fill(struct fixture *f, struct corpus *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct record *r = make_record(f, c->n);
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
		ARENA_PUSH(f->a, c, r);
	}
}

/* ---- the reference ---- */

static bool ref_host_under(struct str address, struct str domain)
{
	size_t at = str_rfind_char(address, '@');
	struct str host = at == SIZE_MAX ? address : str_sub(address, at + 1, address.n);

	if (str_eq_nocase(host, domain))
		return true;
	return host.n > domain.n && str_ends_nocase(host, domain) && host.p[host.n - domain.n - 1] == '.';
}

static bool ref_party(struct str address, struct str want)
{
	return str_eq_nocase(address, want) ||
	       (str_find_char(want, '@', 0) == SIZE_MAX && ref_host_under(address, want));
}

static bool ref_any_party(struct strs addresses, struct str want)
{
	for (size_t i = 0; i < addresses.n; i++)
		if (ref_party(addresses.v[i], want))
			return true;
	return false;
}

/* The test's texts are ASCII apart from two words, each of which is looked for as it is written. */
static bool ref_has_word(struct str text, struct str word)
{
	bool prefix = str_ends(word, STR("*"));

	if (prefix)
		word.n--;
	for (size_t at = str_find_nocase(text, word, 0); at != SIZE_MAX;
	     at = str_find_nocase(text, word, at + 1)) {
		bool left = at == 0 || strchr(" ,.@:-_+=<>", text.p[at - 1]);
		bool right = prefix || at + word.n == text.n || strchr(" ,.@:-_+=<>", text.p[at + word.n]);
		if (left && right)
			return true;
	}
	return false;
}

static bool ref_term(const struct record *r, struct str word)
{
	const struct message *m = r->message;
	const struct str texts[] = {
		m->subject,    m->from,       m->envelope_from,       m->from_name,
		m->message_id, m->postfix_id, m->smtp_helo_server_ip, m->envelope_to.v[0]
	};
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		found = found || ref_has_word(texts[i], word);
	for (size_t i = 0; i < m->to.n; i++)
		found = found || ref_has_word(m->to.v[i], word);
	if (HAS(m, message, final_disposition))
		found = found || ref_has_word(enum_text(&disposition_names, m->final_disposition), word);
	for (size_t i = 0; i < r->detections->attachments.n; i++)
		found = found || ref_has_word(r->detections->attachments.v[i].name, word) ||
			str_eq_nocase(r->detections->attachments.v[i].md5, word);
	return found;
}

static bool ref_has_int(struct ints list, int want)
{
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i] == want)
			return true;
	return false;
}

static bool ref_disposition(const struct message *m, int want)
{
	if (!HAS(m, message, final_disposition))
		return false;
	return m->final_disposition == want || (want == DISP_MALICIOUS && m->final_disposition == DISP_BEC);
}

static struct str bare(struct str id)
{
	return id.n && id.p[0] == '<' ? str_sub(id, 1, id.n - 1) : id;
}

static bool ref_match(const struct record *r, const struct store_search *q)
{
	const struct message *m = r->message;
	bool detection = HAS(m, message, final_disposition) && m->final_disposition != DISP_NONE;

	if (r->account != q->account || m->scanned_at < q->start_us || m->scanned_at > q->end_us)
		return false;
	if (q->detections_only && q->disposition < 0 && !detection)
		return false;
	if (q->disposition >= 0 && !ref_disposition(m, q->disposition))
		return false;
	if (q->operation >= 0 && !ref_has_int(m->post_delivery_operations, q->operation))
		return false;
	if (q->delivery_status >= 0 && !ref_has_int(m->delivery_status, q->delivery_status))
		return false;
	if (q->sender.n && !ref_party(m->from, q->sender) && !ref_party(m->envelope_from, q->sender))
		return false;
	if (q->recipient.n && !ref_any_party(m->envelope_to, q->recipient) &&
	    !ref_any_party(m->to, q->recipient))
		return false;
	if (q->domain.n && !ref_host_under(m->from, q->domain) &&
	    !ref_host_under(m->envelope_from, q->domain) && !ref_any_party(m->envelope_to, q->domain) &&
	    !ref_any_party(m->to, q->domain) && !ref_any_party(r->link_hosts, q->domain))
		return false;
	if (q->alert_id.n && !str_eq_nocase(m->alert_id, q->alert_id))
		return false;
	if (q->message_id.n && !str_eq_nocase(bare(m->message_id), bare(q->message_id)))
		return false;
	if (q->subject.n && !ref_has_word(m->subject, q->subject))
		return false;
	if (q->exact_subject.n && !str_eq_nocase(m->subject, q->exact_subject))
		return false;
	if (q->smtp_helo_ip.n && !str_eq(m->smtp_helo_server_ip, q->smtp_helo_ip))
		return false;
	for (size_t i = 0; i < q->terms.n; i++)
		if (!ref_term(r, q->terms.v[i]))
			return false;
	return true;
}

/* ---- queries ---- */

static struct store_search any(void)
{
	return (struct store_search){ .account = 1,
				      .end_us = INT64_MAX / 2,
				      .disposition = -1,
				      .operation = -1,
				      .delivery_status = -1,
				      .page = 1,
				      .per_page = 100 };
}

enum filter {
	SENDER,
	RECIPIENT,
	DOMAIN_,
	DISPOSITION,
	OPERATION,
	STATUS,
	ALERT,
	MESSAGE_ID,
	SUBJECT,
	EXACT,
	HELO,
	TERM,
	PREFIX,
	DETECTIONS,
	TIME_,
	FILTERS
};

static const char *const simple_words[] = { "invoice", "urgent", "PAYMENT",   "gr\303\274\303\237e",
					    "report",  "2024",   "malicious", "alice",
					    "bec",     "pdf",    "none",      "zzz" };

/* Of words and of addresses; none of a host alone, whose parents only addresses are found by. */
static const char *const prefixes[] = { "inv*",   "URGEN*", "paymen*",    "report*",     "mal*",
					"alice*", "bob@e*", "news-lett*", "carol@exam*", "zzz*" };

static void set_filter(struct fixture *f, const struct corpus *c, struct store_search *q, enum filter which)
{
	const struct record *r = c->v[fixture_random(f, c->n)];
	struct str party =
	    fixture_random(f, 2) ? pick_address(f, f->a) : str_of(hosts[fixture_random(f, ARRAY_LEN(hosts))]);

	switch (which) {
	case SENDER:
		q->sender = party;
		break;
	case RECIPIENT:
		q->recipient = party;
		break;
	case DOMAIN_:
		q->domain = str_of(hosts[fixture_random(f, ARRAY_LEN(hosts))]);
		break;
	case DISPOSITION:
		q->disposition = (int)fixture_random(f, (size_t)disposition_names.n);
		break;
	case OPERATION:
		q->operation = (int)fixture_random(f, (size_t)post_delivery_op_names.n);
		break;
	case STATUS:
		q->delivery_status = (int)fixture_random(f, (size_t)delivery_status_names.n);
		break;
	case ALERT:
		q->alert_id = HAS(r->message, message, alert_id) ? r->message->alert_id : STR("none-such");
		break;
	case MESSAGE_ID:
		q->message_id = fixture_random(f, 2) ? r->message->message_id : bare(r->message->message_id);
		break;
	case SUBJECT:
		q->subject = str_of(simple_words[fixture_random(f, ARRAY_LEN(simple_words))]);
		break;
	case EXACT:
		q->exact_subject = r->message->subject;
		break;
	case HELO:
		q->smtp_helo_ip = str_of(ips[fixture_random(f, ARRAY_LEN(ips))]);
		break;
	case TERM:
		ARENA_PUSH(f->a, &q->terms, str_of(simple_words[fixture_random(f, ARRAY_LEN(simple_words))]));
		break;
	case PREFIX:
		ARENA_PUSH(f->a, &q->terms, str_of(prefixes[fixture_random(f, ARRAY_LEN(prefixes))]));
		break;
	case DETECTIONS:
		q->detections_only = true;
		break;
	case TIME_:
		q->start_us = c->v[fixture_random(f, c->n)]->message->scanned_at;
		q->end_us = c->v[fixture_random(f, c->n)]->message->scanned_at;
		break;
	case FILTERS:
		break;
	}
}

/* All pages by cursor are exactly what the reference finds, newest first. */
static size_t check(struct fixture *f, const struct corpus *c, struct store_search q, const char *what)
{
	struct arena *a = arena_new(SIZE_MAX, NULL, NULL);
	struct fixture_page page = { .most = 0 };
	size_t at = c->n, found = 0;

	for (;;) {
		assert_int_equal(fixture_search(f, a, &q, 0, &page), OK);
		for (size_t i = 0; i < page.n; i++) {
			while (at > 0 && !ref_match(c->v[at - 1], &q))
				at--;
			if (at == 0 || c->v[at - 1]->key != page.v[i].key) {
				const struct message *m = page.v[i].message;
				print_error("%s: from <%.*s> <%.*s> subject <%.*s>: found %lld, want %lld\n",
					    what, STR_ARG(m->from), STR_ARG(m->envelope_from),
					    STR_ARG(m->subject), (long long)page.v[i].key,
					    (long long)(at ? c->v[at - 1]->key : 0));
				fail();
			}
			at--;
			found++;
		}
		if (str_is_empty(page.next))
			break;
		assert_true(page.n > 0);
		q.cursor = page.next;
	}
	while (at > 0 && !ref_match(c->v[at - 1], &q))
		at--;
	if (at != 0) {
		const struct message *m = c->v[at - 1]->message;
		print_error("%s: missed from <%.*s> <%.*s> subject <%.*s> after %zu\n", what,
			    STR_ARG(m->from), STR_ARG(m->envelope_from), STR_ARG(m->subject), found);
		fail();
	}
	arena_free(&a);
	return found;
}

static void check_all(struct fixture *f, const struct corpus *c, const char *what)
{
	size_t hits = 0;

	for (int which = 0; which < FILTERS; which++) {
		struct store_search q = any();
		q.per_page = 500;
		set_filter(f, c, &q, (enum filter)which);
		char name[100];
		snprintf(name, sizeof(name), "%s, filter %d", what, which);
		hits += check(f, c, q, name) > 0;
	}
	hits += check(f, c, any(), what) > 0;
	for (int i = 0; i < COMBINATIONS; i++) {
		struct store_search q = any();
		size_t filters = 2 + fixture_random(f, 3);
		q.per_page = 400;
		q.account = 1 + (int64_t)fixture_random(f, 2);
		for (size_t k = 0; k < filters; k++)
			set_filter(f, c, &q, (enum filter)fixture_random(f, FILTERS));
		char name[100];
		snprintf(name, sizeof(name), "%s, combination %d", what, i);
		hits += check(f, c, q, name) > 0;
	}
	assert_true(hits > COMBINATIONS / 4); /* else the questions were no test */
}

/* What analysts do to a mail, and a copy that is scanned only later. */
static bool work_on(struct arena *a, struct record *r, void *ctx)
{
	struct fixture *f = ctx;
	struct message *m = r->message;

	switch (fixture_random(f, 4)) {
	case 0:
		SET(m, message, final_disposition, DISP_MALICIOUS);
		break;
	case 1:
		m->delivery_status.n = 0;
		ARENA_PUSH(a, &m->delivery_status, DELIVERY_MOVED);
		break;
	case 2:
		ARENA_PUSH(a, &m->post_delivery_operations, (int)fixture_random(f, 4));
		m->has |= FIELD_BIT(message, post_delivery_operations);
		break;
	default:
		SET(m, message, subject, arena_str(a, pick_subject(f, a)));
		SET(m, message, from, arena_str(a, pick_address(f, a)));
		break;
	}
	return true;
}

static void change_some(struct fixture *f, struct corpus *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = fixture_random(f, c->n);
		struct record *out = ARENA_NEW(f->a, struct record);
		assert_int_equal(store_record_change(f->st, f->a, c->v[at]->key, work_on, f, out), OK);
		c->v[at] = out;
	}
}

static void path_of(const struct fixture *f, const char *name, char out[200])
{
	snprintf(out, 200, "%s/%s", f->path, name);
}

static void remove_index(struct fixture *f)
{
	char path[200];

	path_of(f, "search.db", path);
	assert_int_equal(unlink(path), 0);
}

static void nothing_is_missed(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };

	fill(f, &c, RECORDS / 2);
	check_all(f, &c, "tail");
	fixture_upkeep(f, NULL);
	check_all(f, &c, "indexed");
	fill(f, &c, RECORDS / 2);
	check_all(f, &c, "index and tail");
	change_some(f, &c, 150);
	check_all(f, &c, "changed");
	fixture_upkeep(f, NULL);
	check_all(f, &c, "changed and indexed");
	change_some(f, &c, 150);
	fixture_upkeep(f, NULL);
	check_all(f, &c, "changed again");
	remove_index(f);
	check_all(f, &c, "no search.db");
	fixture_upkeep(f, NULL);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM retag"), 0);
	check_all(f, &c, "made again");
}

static void damaged_index_is_made_again(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	char path[200], noise[4096];

	fill(f, &c, 300);
	fixture_upkeep(f, NULL);
	store_close(&f->st);
	path_of(f, "search.db", path);
	int fd = open(path, O_RDWR);
	off_t size = lseek(fd, 0, SEEK_END);
	memset(noise, 0xa5, sizeof(noise));
	for (off_t at = 4096; at < size; at += (off_t)sizeof(noise))
		assert_int_equal(pwrite(fd, noise, sizeof(noise), at), sizeof(noise));
	close(fd);
	fixture_open(f);
	check_all(f, &c, "damaged");
	fixture_upkeep(f, NULL);
	check_all(f, &c, "made again");
}

static void index_of_another_recipe_is_made_again(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	struct sql *w;

	fill(f, &c, 50);
	fixture_upkeep(f, NULL);
	struct search_use *use = search_index_use(f->st->search, false);
	assert_int_equal(sql_write_begin(search_use_db(use), &w), OK);
	assert_int_equal(sql_script(w, "UPDATE recipe SET name = 'older'"), OK);
	assert_int_equal(sql_commit(&w), OK);
	search_use_end(f->st->search, &use);
	store_close(&f->st);
	fixture_open(f);
	check_all(f, &c, "new recipe");
	fixture_upkeep(f, NULL);
	check_all(f, &c, "made again");
}

/* ---- pages ---- */

static void pages_go_both_ways(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	struct fixture_page page = { .most = 0 }, back = page, numbered = page;
	struct str previous[64];
	size_t pages = 0;

	fill(f, &c, 230);
	for (int indexed = 0; indexed < 2; indexed++) {
		struct store_search q = any();
		q.per_page = 10;
		q.domain = STR("example.org");
		int64_t first[64];
		pages = 0;
		do {
			assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
			assert_true(page.n > 0);
			first[pages] = page.v[0].key;
			previous[pages] = page.previous;
			/* The same page by number. */
			struct store_search n = any();
			n.per_page = 10;
			n.domain = q.domain;
			n.page = pages + 1;
			assert_int_equal(fixture_search(f, f->a, &n, 0, &numbered), OK);
			assert_int_equal(numbered.n, page.n);
			assert_int_equal(numbered.v[0].key, page.v[0].key);
			assert_int_equal(numbered.next.n, page.next.n);
			pages++;
			q.cursor = page.next;
		} while (page.next.n);
		assert_true(pages > 4);
		assert_int_equal(previous[0].n, 0);
		for (size_t i = pages - 1; i > 0; i--) {
			q.cursor = previous[i];
			assert_int_equal(fixture_search(f, f->a, &q, 0, &back), OK);
			assert_int_equal(back.n, 10);
			assert_int_equal(back.v[0].key, first[i - 1]);
			assert_int_equal(back.previous.n > 0, i - 1 > 0);
			/* Forward again from there, by its cursor and by a page number on top of it. */
			q.cursor = back.next;
			assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
			assert_int_equal(page.v[0].key, first[i]);
			q.cursor = previous[i];
			q.page = 2;
			assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
			assert_int_equal(page.v[0].key, first[i]);
			q.page = 1;
		}
		struct store_search beyond = any();
		beyond.page = 1000;
		assert_int_equal(fixture_search(f, f->a, &beyond, 0, &page), OK);
		assert_int_equal(page.n, 0);
		assert_int_equal(page.next.n, 0);
		fixture_upkeep(f, NULL);
	}
}

/* Who has enough ends the page; the cursors go on from there, both ways. */
static void a_page_may_end_early(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	struct fixture_page page = { .most = 3 };
	struct store_search q = any();
	int64_t keys[200];
	size_t n = 0, want = 0;
	struct str last = STR_NONE;

	fill(f, &c, 150);
	fixture_upkeep(f, NULL);
	fill(f, &c, 50);
	for (size_t i = 0; i < c.n; i++)
		want += c.v[i]->account == 1;
	q.per_page = 10;
	do {
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
		assert_in_range(page.n, 1, 3);
		for (size_t i = 0; i < page.n; i++)
			keys[n++] = page.v[i].key;
		last = page.previous;
		q.cursor = page.next;
	} while (page.next.n);
	assert_int_equal(n, want);
	for (size_t i = 1; i < n; i++)
		assert_true(keys[i - 1] > keys[i]);
	/* Back: ten nearest above the last page, of which the newest three are given, and on from there. */
	q.cursor = last;
	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
	assert_int_equal(page.n, 3);
	size_t at = 0;
	while (keys[at] != page.v[0].key)
		at++;
	q.cursor = page.next;
	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
	assert_int_equal(page.v[0].key, keys[at + 3]);
}

static enum err count_bytes(const struct stored_message *m, void *ctx, bool *more_out)
{
	struct record r;
	enum err err = stored_message_read(m, &r);

	if (!err)
		*(size_t *)ctx += r.message->subject.n;
	*more_out = true;
	return err;
}

/* Whatever is in the rows of a page, it takes the memory of one. */
static void a_page_takes_the_memory_of_one_record(void **state)
{
	enum { ROWS = 200, BYTES = 200000 };
	struct fixture *f = *state;
	struct arena *mail = arena_new(16 << 20, NULL, NULL), *a = arena_new(1 << 20, NULL, NULL);
	struct store_search q = any();
	struct store_found found;
	size_t bytes = 0;

	for (int i = 0; i < ROWS; i++) {
		arena_reset(mail);
		char *subject = memset(arena_alloc(mail, BYTES), 'x', BYTES);
		struct str id = arena_printf(mail, "p%d", i);
		struct record *r = fixture_record(mail, 1, id.p, "a@example.org", "b@example.test", "x");
		SET(r->message, message, subject, str_from(subject, BYTES));
		assert_int_equal(store_record_add(f->st, mail, r), OK);
	}
	q.per_page = ROWS;
	assert_int_equal(store_search(f->st, a, &q, 0, count_bytes, &bytes, &found), OK);
	assert_int_equal(found.n, ROWS);
	assert_int_equal(bytes, (size_t)ROWS * BYTES);
	arena_free(&a);
	arena_free(&mail);
}

static void all_mail_by_number(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	struct store_search q = any();
	struct fixture_page page = { .most = 0 };

	fill(f, &c, 60);
	fixture_upkeep(f, NULL);
	fill(f, &c, 20);
	change_some(f, &c, 5);
	for (int only = 0; only < 2; only++) {
		size_t at = c.n;
		q.detections_only = only;
		q.per_page = 7;
		for (q.page = 1;; q.page++) {
			assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
			for (size_t i = 0; i < page.n; i++) {
				while (at && !ref_match(c.v[at - 1], &q))
					at--;
				assert_true(at > 0);
				assert_int_equal(page.v[i].key, c.v[--at]->key);
			}
			if (!page.next.n)
				break;
		}
		while (at && !ref_match(c.v[at - 1], &q))
			at--;
		assert_int_equal(at, 0);
	}
}

static void new_mail_does_not_move_pages(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	struct store_search q = any();
	struct fixture_page page = { .most = 0 };
	size_t total = 0;

	fill(f, &c, 100);
	q.per_page = 10;
	q.end_us = STORE_NEWEST;
	do {
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
		total += page.n;
		q.cursor = page.next;
		fill(f, &c, 3);
	} while (page.next.n);
	size_t want = 0;
	for (size_t i = 0; i < 100; i++)
		want += c.v[i]->account == 1;
	assert_int_equal(total, want);
}

static void cursors_are_checked(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	struct store_search q = any();
	struct fixture_page page = { .most = 0 };

	fill(f, &c, 40);
	q.per_page = 5;
	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
	struct str good = page.next;
	const struct str bad[] = { STR("cursor"), str_sub(good, 0, good.n - 2), STR("00") };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		q.cursor = bad[i];
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), ERR_SYNTAX);
	}
	for (size_t i = 0; i < good.n; i++) {
		char *changed = arena_strndup(f->a, good.p, good.n);
		changed[i] = changed[i] == '0' ? '1' : '0';
		q.cursor = str_of(changed);
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), ERR_SYNTAX);
	}
	q.cursor = good;
	q.account = 2;
	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), ERR_SYNTAX);
	q.account = 1;
	q.sender = STR("example.org");
	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), ERR_SYNTAX);
	q.sender = STR_NONE;
	q.per_page = 9;
	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
}

/* ---- odd values ---- */

static void terms_find_what_they_should(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *name, *term;
		bool found;
		const char *also; /* a second term, or NULL */
	} cases[] = {
		{ "word of the subject", "rechnung", true, NULL },
		{ "folded", "RECHNUNG", true, NULL },
		{ "full width",
		  "\xef\xbc\xb2\xef\xbd\x85\xef\xbd\x83\xef\xbd\x88\xef\xbd\x8e\xef\xbd\x95\xef\xbd\x8e\xef"
		  "\xbd\x87",
		  true, NULL },
		{ "hidden by a soft hyphen", "versteckt", true, NULL },
		{ "part of a word", "rechn", false, NULL },
		{ "ideograph in a run", "\xe7\xa5\xa8", true, NULL },
		{ "address", "Bob@Example.Test", true, NULL },
		{ "another address", "rob@example.test", false, NULL },
		{ "host of an address", "mail.example.org", true, NULL },
		{ "parent domain", "example.org", true, NULL },
		{ "address in a text", "help@shop.test", true, NULL },
		{ "host in a link in a text", "shop.test", true, NULL },
		{ "hyphenated", "e-mail", true, NULL },
		{ "what looks like a tag", "v=malicious", false, NULL },
		{ "punctuation alone", "--", false, NULL },
		{ "postfix id", "4njp3p0stmz2c02q", true, NULL },
		{ "Message-ID", "<abc.DEF@mx.test>", true, NULL },
		{ "file name", "report-final.pdf", true, NULL },
		{ "quotes", "\"rechnung\"", true, NULL },
		{ "operators", "rechnung OR nothing", false, NULL },
		{ "address literal", "2001:db8::1", true, NULL },
		{ "punctuation beside a word", "rechnung", true, "-" },
		{ "punctuation beside another word", "nothing", false, "-" },
		{ "punctuation beside punctuation", "--", false, "*" },
		{ "pictograph", "\xf0\x9f\x8e\x89", true, NULL },
		{ "another pictograph", "\xf0\x9f\x98\x80", false, NULL },
		{ "host of Reply-To", "replies.example.org", true, NULL },
		{ "parent domain of Reply-To", "example.org", true, NULL },
		{ "time as the API writes it", "2026-11-20T10:11:12.000000Z", true, NULL },
		{ "time with an offset", "2026-11-20T12:11:12+02:00", true, NULL },
		{ "another time", "2026-11-20T12:11:12Z", false, NULL },
		{ "time in the subject", "2024-01-05T10:00:00Z", true, NULL },
	};
	struct record *r = fixture_record(
	    f->a, 1, "4Njp3P0STMz2c02Q", "carol@mail.example.org", "bob@example.test",
	    "Rechnung: E-Mail, ver\xc2\xadsteckt \xe5\x8f\x91\xe7\xa5\xa8 v:x \xf0\x9f\x8e\x89 "
	    "2024-01-05T10:00:00Z");
	struct attachment file = { 0 };

	SET(r->message, message, message_id, STR("<abc.DEF@mx.test>"));
	SET(r->message, message, from_name, STR("contact help@shop.test (http://shop.test/a)"));
	SET(r->message, message, smtp_previous_hop_ip, STR("2001:db8::1"));
	SET(r->message, message, replyto, STR("Desk@Replies.example.org"));
	SET(r->message, message, sent_at, INT64_C(1795169472000000)); /* 2026-11-20T10:11:12Z */
	SET(&file, attachment, name, STR("Report-final.pdf"));
	ARENA_PUSH(f->a, &r->detections->attachments, file);
	r->detections->has |= FIELD_BIT(detections, attachments);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct store_search q = any();
			struct fixture_page page = { .most = 0 };
			struct str terms[2] = { str_of(cases[i].term),
						str_of(cases[i].also ? cases[i].also : "") };
			q.terms = (struct strs){ terms, cases[i].also ? 2 : 1 };
			assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
			if (page.n != cases[i].found)
				print_error("round %d: %s\n", round, cases[i].name);
			assert_int_equal(page.n, cases[i].found);
		}
		fixture_upkeep(f, NULL);
	}
}

static void a_mail_cannot_forge_tags(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test",
					  "v=malicious v:malicious \"v=malicious\" y=delivered o=move");
	struct fixture_page page = { .most = 0 };

	SET(r->message, message, message_id, STR("<v=malicious>"));
	SET(r->message, message, from, STR("v=malicious"));
	ARENA_PUSH(f->a, &r->message->envelope_to, STR("f=ceo@example.net"));
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	for (int round = 0; round < 2; round++) {
		struct store_search q = any();
		q.disposition = DISP_MALICIOUS;
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
		assert_int_equal(page.n, 0);
		q = any();
		q.sender = STR("ceo@example.net");
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
		assert_int_equal(page.n, 0);
		q.sender = STR("");
		q.recipient = STR("f=ceo@example.net"); /* its real name finds it still */
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
		assert_int_equal(page.n, 1);
		fixture_upkeep(f, NULL);
	}
}

static void a_thousand_recipients_are_all_found(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "r0@example.test", "x");
	struct fixture_page page = { .most = 0 };

	for (int i = 1; i < 1000; i++)
		ARENA_PUSH(f->a, &r->message->envelope_to, arena_printf(f->a, "r%d@d%d.example.test", i, i));
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	for (int round = 0; round < 2; round++) {
		for (int i = 1; i < 1000; i += 37) {
			struct store_search q = any();
			q.recipient = arena_printf(f->a, "R%d@d%d.example.test", i, i);
			assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
			assert_int_equal(page.n, 1);
		}
		fixture_upkeep(f, NULL);
	}
}

static void deadline_is_later(void **state)
{
	struct fixture *f = *state;
	struct corpus c = { NULL, 0 };
	struct store_search q = any();
	struct fixture_page page = { .most = 0 };

	fill(f, &c, 20);
	q.sender = STR("nobody@example.org");
	assert_int_equal(fixture_search(f, f->a, &q, clock_mono_ms() - 1, &page), ERR_LATER);
	assert_int_equal(fixture_search(f, f->a, &q, clock_mono_ms() + 60000, &page), OK);
}

/* ---- plans ---- */

static void check_plan(struct sql_db *db, const char *text, const char *want)
{
	struct sql *c;
	char explain[400];

	snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", text);
	assert_int_equal(sql_read_begin(db, &c), OK);
	struct sql_stmt *s = sql_prepare(c, explain);
	assert_int_equal(sql_step(s), OK);
	struct str plan = sql_str(s, 3);
	if (!str_eq(plan, str_of(want)))
		print_error("%s\n\tplan %.*s\n\twant %s\n", text, STR_ARG(plan), want);
	assert_true(str_eq(plan, str_of(want)));
	assert_int_equal(sql_step(s), ERR_ABSENT); /* no sorting, no second loop */
	sql_read_end(&c);
}

static void plans_are_the_measured_ones(void **state)
{
	struct fixture *f = *state;
	struct search_use *use = search_index_use(f->st->search, false);
	struct sql_db *search = search_use_db(use);
	char text[200];

	for (int newest = 0; newest < 2; newest++) {
		snprintf(
		    text, sizeof(text),
		    "SELECT rowid FROM fts WHERE fts MATCH $3 AND rowid BETWEEN $1 AND $2 ORDER BY rowid%s",
		    newest ? " DESC" : "");
		check_plan(search, text,
			   newest ? "SCAN fts VIRTUAL TABLE INDEX 192:M1><"
				  : "SCAN fts VIRTUAL TABLE INDEX 64:M1><");
		snprintf(text, sizeof(text),
			 "SELECT id FROM indexed WHERE id BETWEEN $1 AND $2 ORDER BY id%s",
			 newest ? " DESC" : "");
		check_plan(search, text, "SEARCH indexed USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
		snprintf(text, sizeof(text),
			 "SELECT id FROM msg WHERE id BETWEEN $1 AND $2 AND disp <> 0 ORDER BY id%s",
			 newest ? " DESC" : "");
		check_plan(f->st->messages, text, "SEARCH msg USING COVERING INDEX msg_det (id>? AND id<?)");
		snprintf(text, sizeof(text), "SELECT id FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id%s",
			 newest ? " DESC" : "");
		check_plan(f->st->messages, text,
			   "SEARCH msg USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
	}
	search_use_end(f->st->search, &use);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_missed),
		TEST(damaged_index_is_made_again),
		TEST(index_of_another_recipe_is_made_again),
		TEST(pages_go_both_ways),
		TEST(a_page_may_end_early),
		TEST(a_page_takes_the_memory_of_one_record),
		TEST(all_mail_by_number),
		TEST(new_mail_does_not_move_pages),
		TEST(cursors_are_checked),
		TEST(terms_find_what_they_should),
		TEST(a_mail_cannot_forge_tags),
		TEST(a_thousand_recipients_are_all_found),
		TEST(deadline_is_later),
		TEST(plans_are_the_measured_ones),
	};

	return cmocka_run_group_tests_name("store/search", tests, NULL, NULL);
}
