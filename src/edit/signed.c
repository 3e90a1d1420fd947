/*
 * What of a mail lies under a signature, and must stay as it is: S/MIME and PGP/MIME (RFC 1847 §2.1, RFC 8551 §3, RFC 3156), and
 * what PGP has put between armour lines in a text (RFC 9580 §6.2, §7).
 *
 * Nothing is verified, for nobody here knows whose the keys are. But anybody can write that his mail is signed: what cannot be a
 * signature by its form, or has other parts beside it, keeps nothing as it is.
 */
#include "edit/internal.h"
#include "mime/defect.h"
#include "mime/smime.h"

#define SIGNATURE_MAX (1u << 20) /* bytes of one, with the certificates of its chain */
#define PACKET_LEAST 32          /* characters of base64; the shortest signature has twice as many */

/* ---- PGP's armour ---- */

/* Where a line begins that begins so; SIZE_MAX = nowhere. */
static size_t find_line(struct str text, struct str begin, size_t at)
{
	for (at = str_find(text, begin, at); at != SIZE_MAX; at = str_find(text, begin, at + 1))
		if (at == 0 || text.p[at - 1] == '\n')
			return at;
	return SIZE_MAX;
}

/* The next line, without its end; false: there is none. */
static bool next_line(struct str *rest, struct str *line_out)
{
	size_t lf = str_find_char(*rest, '\n', 0), end = lf == SIZE_MAX ? rest->n : lf;

	if (rest->n == 0)
		return false;
	*line_out = str_trim(str_sub(*rest, 0, end));
	*rest = str_sub(*rest, end + 1, rest->n);
	return true;
}

/*
 * Whether what stands between two armour lines can be a packet: fields, an empty line, and base64. The first octet of any packet
 * has its highest bit set; of a signature it is 0x88 to 0x8b, or 0xc2 (RFC 9580 §4.2, §5.2).
 */
static bool is_packet(struct str body, bool signature)
{
	static const struct str alphabet =
	    STR_INIT("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
	struct str line;
	size_t n = 0;

	while (next_line(&body, &line) && line.n)
		;
	while (next_line(&body, &line)) {
		for (size_t i = 0; i < line.n; i++, n++) {
			size_t value = str_find_char(alphabet, line.p[i], 0);
			bool first = n == 0, high = value >= 32 && value < alphabet.n;
			if (value == SIZE_MAX && (first || line.p[i] != '='))
				return false;
			if (first && (signature ? value != 34 && value != 48 : !high))
				return false;
		}
	}
	return n >= PACKET_LEAST;
}

bool signed_armour(struct str text, size_t at, struct span *out)
{
	static const struct {
		struct str begin, packet, end;
		bool signature;
	} kinds[] = {
		{ STR_INIT("-----BEGIN PGP SIGNED MESSAGE-----"), STR_INIT("-----BEGIN PGP SIGNATURE-----"),
		  STR_INIT("-----END PGP SIGNATURE-----"), true },
		{ STR_INIT("-----BEGIN PGP SIGNATURE-----"), STR_INIT("-----BEGIN PGP SIGNATURE-----"),
		  STR_INIT("-----END PGP SIGNATURE-----"), true },
		{ STR_INIT("-----BEGIN PGP MESSAGE-----"), STR_INIT("-----BEGIN PGP MESSAGE-----"),
		  STR_INIT("-----END PGP MESSAGE-----"), false },
	};

	while ((at = find_line(text, STR("-----BEGIN PGP "), at)) != SIZE_MAX) {
		size_t k = 0, packet, end;
		while (k < ARRAY_LEN(kinds) && !str_starts(str_sub(text, at, text.n), kinds[k].begin))
			k++;
		if (k == ARRAY_LEN(kinds)) {
			at++;
			continue;
		}
		packet = find_line(text, kinds[k].packet, at);
		end = packet == SIZE_MAX ? SIZE_MAX : find_line(text, kinds[k].end, packet);
		if (end == SIZE_MAX)
			return false; /* what does not end counts for nothing, nor does what is behind it: one look is enough */
		struct str body = str_sub(text, packet + kinds[k].packet.n, end);
		size_t lf = str_find_char(body, '\n', 0);
		if (lf != SIZE_MAX && is_packet(str_sub(body, lf + 1, body.n), kinds[k].signature)) {
			*out = (struct span){ at, end + kinds[k].end.n };
			return true;
		}
		at = end; /* what begins before has the same end */
	}
	return false;
}

/* ---- parts ---- */

/* The nth of its parts, as most programs see them; NULL: it has fewer. */
static const struct mime_part *child_of(const struct mime_part *p, size_t nth)
{
	const struct mime_part *c = p->first_child;

	for (; c; c = c->next)
		if (!c->reading && nth-- == 0)
			break;
	return c;
}

static struct str decoded(struct arena *a, const struct mime_part *p)
{
	struct mime_defects defects = { 0 };

	return mime_part_decode(a, p, SIGNATURE_MAX, &defects);
}

static bool is_signature(struct arena *a, const struct mime_part *p)
{
	struct span span;
	struct str inside;

	if (mime_part_is(p, STR("application"), STR("pgp-signature")))
		return signed_armour(decoded(a, p), 0, &span);
	if (!mime_part_is(p, STR("application"), STR("pkcs7-signature")) &&
	    !mime_part_is(p, STR("application"), STR("x-pkcs7-signature")))
		return false;
	enum smime_kind kind = smime_open(a, decoded(a, p), &inside);
	return kind == SMIME_OTHER || kind == SMIME_SIGNED;
}

/* Two parts, and the second one is what the first is signed by (RFC 1847 §2.1). */
static bool is_signed(struct arena *a, const struct mime_part *p)
{
	return mime_part_is(p, STR("multipart"), STR("signed")) && !p->reading && child_of(p, 1) &&
	       !child_of(p, 2) && is_signature(a, child_of(p, 1));
}

void signed_mark(struct arena *a, const struct mime_tree *mail, bool *covered)
{
	bool *is = ARENA_ARRAY(a, mail->n, bool);

	for (size_t i = 0; i < mail->n; i++) {
		const struct mime_part *p = mail->v[i], *up = p->parent;
		is[i] = is_signed(a, p);
		covered[i] = up && (covered[up->index] || is[up->index]);
	}
}

/* RFC 3156 §4: two parts, the second of which holds the text. */
static bool is_pgp_encrypted(struct arena *a, const struct mime_part *p)
{
	struct span span;

	return mime_part_is(p, STR("multipart"), STR("encrypted")) && child_of(p, 1) && !child_of(p, 2) &&
	       mime_part_is(child_of(p, 0), STR("application"), STR("pgp-encrypted")) &&
	       mime_part_is(child_of(p, 1), STR("application"), STR("octet-stream")) &&
	       signed_armour(decoded(a, child_of(p, 1)), 0, &span);
}

bool signed_whole(struct arena *a, const struct mime_tree *mail)
{
	const struct mime_part *root = mail->v[0];

	if (smime_is(root)) /* which was opened, as far as that goes, when the tree was made */
		return !defect_has(&mail->defects, DEFECT_SMIME) && (root->encrypted || root->first_child);
	return is_signed(a, root) || is_pgp_encrypted(a, root);
}
