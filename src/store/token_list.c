/* Single tokens: addresses, hosts, texts. Registrable domains by libpsl's built-in list. */
#include "store/token_list.h"

#include <idn2.h>
#include <libpsl.h>
#include <stdlib.h>

#include "base/domain.h"
#include "base/hash.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/random.h"

#define FIRST_SLOTS 256 /* most mails have some fifty tokens */
#define ADDRESS_MAX 400 /* bytes: RFC 5321 allows 254 between the brackets */
#define HASH_HEX 32     /* digits kept of SHA-256: 128 bits */

static struct str short_hash(struct arena *a, struct str s)
{
	return str_sub(hash_sha256_hex(a, s), 0, HASH_HEX);
}

/* The characters of the index's tokenizer (schema/search), plus letters, digits and all that is not ASCII. */
static bool divides(unsigned char c)
{
	static const bool signs[128] = {
		['"'] = true, ['('] = true, [')'] = true, [','] = true,  [';'] = true, ['<'] = true,
		['>'] = true, ['['] = true, [']'] = true, ['\\'] = true, [127] = true
	};

	return c <= ' ' || (c < 128 && signs[c]);
}

struct str token_make(struct arena *a, char tag, struct str value)
{
	size_t front = tag ? 2 : 0;

	if (front + value.n > LIMIT_TOKEN) {
		value = short_hash(a, value);
		value = arena_printf(a, "#%.*s", STR_ARG(value));
	}
	char *out = arena_alloc(a, front + value.n + 1);
	if (tag) {
		out[0] = tag;
		out[1] = '=';
	}
	for (size_t i = 0; i < value.n; i++) {
		/* A plain "f=ceo@example.org", as an address may be, would look like the tag. */
		bool changes = divides((unsigned char)value.p[i]) || (!tag && value.p[i] == '=');
		out[front + i] = changes ? '~' : ascii_lower(value.p[i]);
	}
	return str_from(out, front + value.n);
}

int token_compare(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct token_list token_list_new(struct arena *keep, struct arena *scratch)
{
	struct token_list l = { .arena = keep, .scratch = scratch, .slots_n = FIRST_SLOTS };

	l.slots = ARENA_ARRAY(keep, l.slots_n, uint32_t);
	random_bytes(l.key, sizeof(l.key));
	return l;
}

void token_list_sort(struct token_list *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), token_compare);
}

/* Where the token is, or the free slot it would take; at most half of them are in use. */
static uint32_t *find_slot(struct token_list *l, struct str token)
{
	for (size_t i = hash_sip(l->key, token);; i++) {
		uint32_t *slot = &l->slots[i & (l->slots_n - 1)];
		if (*slot == 0 || str_eq(l->v[*slot - 1], token))
			return slot;
	}
}

static void grow_slots(struct token_list *l)
{
	l->slots_n *= 2;
	l->slots = ARENA_ARRAY(l->arena, l->slots_n, uint32_t);
	for (size_t i = 0; i < l->n; i++)
		*find_slot(l, l->v[i]) = (uint32_t)i + 1;
}

static void add_made(struct token_list *l, struct str token)
{
	uint32_t *slot = find_slot(l, token);

	if (*slot || token_list_is_full(l))
		return;
	ARENA_PUSH(l->arena, l, arena_str(l->arena, token));
	*slot = (uint32_t)l->n;
	if (l->n * 2 > l->slots_n)
		grow_slots(l);
}

void token_list_add(struct token_list *l, char tag, struct str value)
{
	if (value.n && !token_list_is_full(l))
		add_made(l, token_make(l->scratch, tag, value));
}

static bool is_address(struct str host)
{
	struct ip ip;

	return ip_parse(host, &ip) == OK;
}

/* Where the name begins that has one label more; 0: the whole host. */
static size_t label_before(struct str host, size_t parent)
{
	size_t dot = str_rfind_char(str_sub(host, 0, parent - 1), '.');

	return dot == SIZE_MAX ? 0 : dot + 1;
}

void token_list_add_hosts(struct token_list *l, char tag, struct str host)
{
	const char *z, *top;

	if (str_is_empty(host) || host.n > 253 || str_to_c(l->scratch, host, &z) != OK)
		return;
	token_list_add(l, tag, host);
	top = is_address(host) ? NULL : psl_registrable_domain(psl_builtin(), z);
	if (!top)
		return;
	size_t parent = host.n - strlen(top);
	for (int i = 0; i < TOKEN_PARENTS && parent > 0; i++) {
		token_list_add(l, tag, str_sub(host, parent, host.n));
		parent = label_before(host, parent);
	}
}

void token_list_add_text(struct token_list *l, struct str text)
{
	struct str segment, word;

	for (size_t at = 0; !token_list_is_full(l) && words_next_segment(text, &at, &segment);) {
		if (words_is_whole(segment))
			token_list_add(l, 0, segment);
		for (size_t inner = 0; words_next(segment, &inner, &word);)
			token_list_add(l, 0, word);
	}
}

static struct str without_brackets(struct str s)
{
	s = str_trim(s);
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = str_trim(str_sub(s, 1, s.n - 1));
	return s;
}

struct str token_host(struct arena *a, struct str s)
{
	const char *z;
	uint8_t *ascii = NULL;

	s = words_fold(a, str_trim(s));
	while (s.n && s.p[s.n - 1] == '.')
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x80)
			continue;
		if (str_to_c(a, s, &z) == OK &&
		    idn2_lookup_u8((const uint8_t *)z, &ascii, IDN2_NONTRANSITIONAL) == IDN2_OK)
			s = arena_str(a, str_of((const char *)ascii));
		idn2_free(ascii);
		break;
	}
	return s;
}

struct str token_host_of(struct arena *a, struct str address)
{
	struct str host = domain_of_address(address);

	return host.n ? token_host(a, host) : STR_NONE;
}

/* The host in A-labels, so that both spellings of an international domain are one. */
struct str token_address(struct arena *a, struct str s)
{
	s = without_brackets(s);
	if (s.n > ADDRESS_MAX)
		s = str_sub(s, s.n - ADDRESS_MAX, s.n);
	struct str folded = words_fold(a, s), host = token_host_of(a, folded);

	if (str_is_empty(host))
		return folded;
	struct str local = str_sub(folded, 0, str_rfind_char(folded, '@') + 1);
	return arena_printf(a, "%.*s%.*s", STR_ARG(local), STR_ARG(host));
}

struct str token_message_id(struct arena *a, struct str s)
{
	return words_fold(a, without_brackets(s));
}

struct str token_ip(struct arena *a, struct str s)
{
	char text[IP_TEXT_MAX];
	struct ip ip;

	s = str_trim(s);
	if (ip_parse(s, &ip) != OK)
		return words_fold(a, s);
	ip = ip_unmap(ip);
	return arena_str(a, ip_text(&ip, text));
}

struct str token_exact(struct arena *a, struct str subject)
{
	subject = words_fold(a, str_trim(subject));
	return subject.n ? short_hash(a, subject) : STR_NONE;
}
