/*
 * Describing a mail. Everything here is cut to what the tables of model/ allow, and all headers, all links and the
 * people of each field together to a budget, so that a verdict stays under LIMIT_VERDICT, and what searches show of a
 * mail small, whatever a stranger sends.
 */
#include "scan/describe.h"

#include "base/domain.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "detect/documents.h"
#include "detect/outside.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"

#define HEADERS_BUDGET (256u << 10) /* bytes of all header values shown; JSON may make each byte six */
#define LINKS_BUDGET (128u << 10)
#define PEOPLE_BUDGET (64u << 10) /* a thousand recipients take 45 kB */
#define HOST_SLOTS 4096           /* of a table of hosts, a power of two */
_Static_assert(HOST_SLOTS > LIMIT_LINKS, "each host has its slot");

static struct str cut(const struct scan *s, struct str text, size_t max)
{
	return utf8_cut(utf8_clean(s->arena, str_sub(text, 0, max * 4)), max);
}

/* Addresses of one field, each with its name where names are kept, and the room that is left for them. */
struct people {
	struct strs address, name;
	bool named;
	size_t room, own_room;
};

static struct people people_new(bool named)
{
	return (struct people){ .named = named, .room = PEOPLE_BUDGET, .own_room = PEOPLE_BUDGET };
}

static bool take_room(size_t *room, size_t n)
{
	if (n > *room)
		return false;
	*room -= n;
	return true;
}

/* Those of protected domains have room of their own: of a copy they are the recipients. */
static void add_person(const struct scan *s, struct people *p, const struct address *a)
{
	struct str address = cut(s, a->addr, 320), name = p->named ? cut(s, a->name, 256) : STR_NONE;
	size_t n = address.n + name.n;

	if (!take_room(&p->room, n) &&
	    !(strs_has(&s->job->protected_domains, a->domain) && take_room(&p->own_room, n)))
		return;
	ARENA_PUSH(s->arena, &p->address, address);
	if (p->named)
		ARENA_PUSH(s->arena, &p->name, name);
}

static void list_people(const struct scan *s, const char *field, struct people *out)
{
	const struct headers *headers = mime_headers(s->mail);

	for (const struct header *h = headers_first(headers, str_of(field)); h;
	     h = headers_next(headers, h)) {
		struct addresses list = address_parse_in(s->arena, h->value, headers->charset);
		for (size_t i = 0; i < list.n && out->address.n < LIMIT_ADDRESSES; i++)
			add_person(s, out, &list.v[i]);
	}
}

/* "<id@host>" out of whatever stands around it; the value as it is where there are no brackets. */
static struct str message_id(const struct scan *s)
{
	struct str value = str_trim(headers_value(s->arena, mime_headers(s->mail), STR("Message-ID")));
	size_t open = str_find_char(value, '<', 0);
	size_t close = open == SIZE_MAX ? SIZE_MAX : str_find_char(value, '>', open);

	return close == SIZE_MAX ? value : str_sub(value, open, close + 1);
}

static struct str ip_shown(const struct scan *s, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	return ip->family ? arena_str(s->arena, ip_text(ip, text)) : STR_NONE;
}

static struct ip x_originating_ip(const struct scan *s)
{
	struct str v = str_trim(headers_value(s->arena, mime_headers(s->mail), STR("X-Originating-IP")));
	struct ip ip;

	if (v.n > 2 && v.p[0] == '[' && v.p[v.n - 1] == ']')
		v = str_sub(v, 1, v.n - 1);
	return ip_parse(v, &ip) == OK ? ip_unmap(ip) : (struct ip){ 0 };
}

/* Sets a text that is not empty. */
#define SET_TEXT(obj, type, name, text)              \
	do {                                         \
		struct str text_ = (text);           \
		if (text_.n > 0)                     \
			SET(obj, type, name, text_); \
	} while (0)

void describe_message(const struct scan *s, const struct sending_host *host, struct message *m)
{
	const struct headers *headers = mime_headers(s->mail);
	struct ip previous = s->job->client_ip.family ? ip_unmap(s->job->client_ip) : host->ip;
	struct ip origin = x_originating_ip(s);
	struct people to = people_new(true), cc = people_new(false);
	const struct header *date = headers_first(headers, STR("Date"));
	int64_t sent_us;

	SET_TEXT(m, message, from, cut(s, s->from.address, 1024));
	SET_TEXT(m, message, from_name, cut(s, s->from.name, 1024));
	SET_TEXT(m, message, replyto, cut(s, s->reply_to.address, 1024));
	list_people(s, "To", &to);
	list_people(s, "Cc", &cc);
	SET(m, message, to, to.address);
	SET(m, message, to_name, to.name);
	SET(m, message, cc, cc.address);
	if (headers_first(headers, STR("Subject")))
		SET(m, message, subject, cut(s, s->subject, 4096));
	SET_TEXT(m, message, message_id, cut(s, message_id(s), 1000));
	if (date && date_parse(date->value, &sent_us) == OK)
		SET(m, message, sent_at, sent_us);
	SET_TEXT(m, message, smtp_helo_server_ip, ip_shown(s, &host->ip));
	SET_TEXT(m, message, smtp_previous_hop_ip, ip_shown(s, &previous));
	SET_TEXT(m, message, x_originating_ip, ip_shown(s, &origin));
}

static int worst_about(const struct findings *f, size_t attachment)
{
	int worst = DISP_NONE;

	for (size_t i = 0; i < f->n; i++)
		if (HAS(&f->v[i], finding, attachment_index) && f->v[i].detection > worst &&
		    f->v[i].attachment_index == (int64_t)attachment)
			worst = f->v[i].detection;
	return worst;
}

static int64_t words_read(const struct scan *s, const struct mime_attachment *file)
{
	for (size_t i = 0; s->documents && i < s->documents->n; i++)
		if (s->documents->v[i].file == file)
			return (int64_t)s->documents->v[i].n_words;
	return 0;
}

static void describe_attachments(const struct scan *s, const struct findings *findings, struct detections *d)
{
	for (size_t i = 0; i < s->content->attachments.n && d->attachments.n < LIMIT_ATTACHMENTS_KEPT; i++) {
		const struct mime_attachment *file = &s->content->attachments.v[i];
		struct attachment a = { 0 };
		SET(&a, attachment, size, (int64_t)file->size);
		SET_TEXT(&a, attachment, content_type, cut(s, file->declared, 200));
		if (words_read(s, file) > 0)
			SET(&a, attachment, words_read, words_read(s, file));
		SET(&a, attachment, computed_type, cut(s, file->type, 200));
		SET(&a, attachment, detection, worst_about(findings, i));
		SET(&a, attachment, encrypted, file->encrypted);
		SET_TEXT(&a, attachment, name, cut(s, file->name, 1000));
		SET_TEXT(&a, attachment, md5, file->md5);
		SET_TEXT(&a, attachment, sha1, file->sha1);
		SET_TEXT(&a, attachment, sha256, file->sha256);
		ARENA_PUSH(s->arena, &d->attachments, a);
	}
}

/* Of a code: where it is. */
static struct str text_of_link(const struct scan *s, const struct mime_link *l)
{
	if (!l->code)
		return l->text;
	if (!l->file)
		return STR("QR code");
	return ARENA_JOIN(s->arena, STR("QR code in "), s->content->attachments.v[l->file - 1].name);
}

static void describe_links(const struct scan *s, struct detections *d)
{
	size_t budget = LINKS_BUDGET;

	for (size_t i = 0; i < s->content->links.n && d->links.n < LIMIT_LINKS_KEPT; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		struct link link = { 0 };
		struct str href = cut(s, l->href, 8000);
		struct str text = cut(s, text_of_link(s, l), 1000);
		if (href.n == 0)
			continue;
		if (href.n + text.n > budget)
			break;
		budget -= href.n + text.n;
		SET(&link, link, href, href);
		SET_TEXT(&link, link, text, text);
		ARENA_PUSH(s->arena, &d->links, link);
	}
}

static void describe_headers(const struct scan *s, struct detections *d)
{
	const struct headers *headers = mime_headers(s->mail);
	size_t budget = HEADERS_BUDGET;

	for (size_t i = 0; i < headers->n && budget > 0; i++) {
		struct mail_header h = { 0 };
		struct str value = header_unfold(s->arena, headers->v[i].value);
		value = cut(s, value, budget < 16384 ? budget : 16384);
		budget -= value.n < budget ? value.n : budget;
		SET(&h, mail_header, name, cut(s, headers->v[i].name, 200));
		SET(&h, mail_header, value, value);
		ARENA_PUSH(s->arena, &d->headers, h);
	}
}

/* "US/CA/Los Angeles", with a hyphen for what is not known; a database may hold anything. */
static struct str place_shown(const struct scan *s, const struct place *p)
{
	const struct str *const parts[] = { &p->country, &p->region, &p->city };
	struct str out = STR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		out = ARENA_JOIN(s->arena, out, i ? STR("/") : STR(""),
				 parts[i]->n ? cut(s, *parts[i], i == 2 ? 60 : 16) : STR("-"));
	return out;
}

static void describe_place(const struct scan *s, const struct ip *ip, struct sender_info *sender)
{
	struct place place;

	places_find(s->job->outside ? s->job->outside->places : NULL, ip, &place);
	SET_TEXT(sender, sender_info, as_name, cut(s, place.as_name, 200));
	if (place.as_number)
		SET(sender, sender_info, as_number, (int64_t)place.as_number);
	if (place.country.n > 0)
		SET(sender, sender_info, geo, place_shown(s, &place));
}

void describe_detections(const struct scan *s, const struct sending_host *host,
			 const struct findings *findings, struct detections *d)
{
	struct sender_info *sender = ARENA_NEW(s->arena, struct sender_info);

	SET_TEXT(sender, sender_info, ip, ip_shown(s, &host->ip));
	describe_place(s, &host->ip, sender);
	SET_TEXT(sender, sender_info, pld, cut(s, s->from.owner, 255));
	SET(d, detections, sender_info, sender);
	describe_attachments(s, findings, d);
	describe_links(s, d);
	describe_headers(s, d);
	SET(d, detections, attachments, d->attachments);
	SET(d, detections, links, d->links);
	SET(d, detections, headers, d->headers);
}

struct strs describe_link_hosts(const struct scan *s)
{
	/* Anybody may make slots collide: that costs a thousand comparisons at most. */
	static const unsigned char key[16] = "hosts";
	uint16_t *slots = ARENA_ARRAY(s->arena, HOST_SLOTS, uint16_t); /* index into out + 1 */
	struct strs out = { 0 };

	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct url *u = &s->content->links.v[i].url;
		if (!url_is_web(u) || u->host.n > DOMAIN_MAX)
			continue;
		struct str host = domain_fold(s->arena, u->host);
		host = utf8_clean(s->arena, host);
		size_t slot = hash_sip(key, host) & (HOST_SLOTS - 1);
		while (slots[slot] && !str_eq(out.v[slots[slot] - 1], host))
			slot = (slot + 1) & (HOST_SLOTS - 1);
		if (slots[slot])
			continue;
		ARENA_PUSH(s->arena, &out, host);
		slots[slot] = (uint16_t)out.n;
	}
	return out;
}

struct strs describe_from_domains(const struct scan *s)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < s->from_domains.n; i++)
		if (s->from_domains.v[i].n <= DOMAIN_MAX)
			ARENA_PUSH(s->arena, &out, utf8_clean(s->arena, s->from_domains.v[i]));
	return out;
}
