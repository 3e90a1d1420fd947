/* Domain names: A-labels by libidn2 (its _8z calls, which know no locale), registrable part by libpsl. */
#include "base/domain.h"

#include <idn2.h>
#include <libpsl.h>

#include "base/abnf.h"
#include "base/arena.h"

#define DOMAIN_INPUT_MAX 1024 /* longer UTF-8 cannot become 253 bytes of A-labels */

static bool labels_fit(struct str name)
{
	size_t label = 0;

	if (name.n == 0 || name.n > DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] != '.') {
			if (++label > 63)
				return false;
		} else if (label == 0) {
			return false;
		} else {
			label = 0;
		}
	}
	return label > 0;
}

struct str domain_of_address(struct str address)
{
	size_t at = str_rfind_char(address, '@');

	return at == SIZE_MAX ? STR_NONE : str_sub(address, at + 1, address.n);
}

enum err domain_to_ascii(struct arena *a, struct str name, struct str *out)
{
	const char *z;
	char *ascii = NULL;

	if (name.n > 1 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n > DOMAIN_INPUT_MAX || str_to_c(a, name, &z) != OK)
		return ERR_SYNTAX;
	if (str_is_ascii(name)) {
		if (!labels_fit(name))
			return ERR_SYNTAX;
		*out = arena_lower(a, name);
		return OK;
	}
	if (idn2_to_ascii_8z(z, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return ERR_SYNTAX;
	*out = arena_lower(a, str_of(ascii));
	idn2_free(ascii);
	return labels_fit(*out) ? OK : ERR_SYNTAX;
}

struct str domain_fold(struct arena *a, struct str name)
{
	struct str out;

	return domain_to_ascii(a, name, &out) == OK ? out : arena_lower(a, name);
}

bool domain_is_ldh(struct str name)
{
	if (!labels_fit(name))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		bool edge = i == 0 || i + 1 == name.n || name.p[i - 1] == '.' || name.p[i + 1] == '.';
		if (name.p[i] == '.')
			continue;
		if (!abnf_is_ldh((unsigned char)name.p[i]) || (edge && name.p[i] == '-'))
			return false;
	}
	return true;
}

struct str domain_leading(struct str s)
{
	size_t n = 0, close = str_starts(s, STR("[")) ? str_find_char(s, ']', 0) : SIZE_MAX;

	if (close != SIZE_MAX)
		return str_sub(s, 0, close + 1);
	while (n < s.n && (abnf_is_ldh((unsigned char)s.p[n]) || s.p[n] == '.' || s.p[n] == '_' ||
			   (unsigned char)s.p[n] >= 0x80))
		n++;
	while (n > 0 && s.p[n - 1] == '.')
		n--;
	return str_sub(s, 0, n);
}

struct str domain_registrable(struct arena *a, struct str name)
{
	const char *z, *found;

	if (name.n == 0 || name.n > DOMAIN_MAX || str_to_c(a, name, &z) != OK)
		return STR_NONE;
	found = psl_registrable_domain(psl_builtin(), z);
	return found ? str_sub(name, (size_t)(found - z), name.n) : STR_NONE;
}

bool domain_suffix_is_known(struct arena *a, struct str name)
{
	size_t dot = str_rfind_char(name, '.');
	const char *z;

	if (dot == SIZE_MAX || str_to_c(a, str_sub(name, dot + 1, name.n), &z) != OK)
		return false;
	return psl_is_public_suffix2(psl_builtin(), z, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

struct str domain_owner(struct arena *a, struct str name)
{
	struct str owner = domain_registrable(a, name);

	return owner.n > 0 ? owner : name;
}

/* The last two labels. */
static struct str ending(struct str name)
{
	size_t dot = str_rfind_char(name, '.');

	return dot == SIZE_MAX ? name : str_sub(name, str_rfind_char(str_sub(name, 0, dot), '.') + 1, name.n);
}

bool domain_same_owner(struct arena *a, struct str x, struct str y)
{
	if (str_eq(x, y))
		return true;
	/* An owner has two labels at least, and the list of suffixes is slow to ask. */
	if (!str_eq(ending(x), ending(y)))
		return false;
	struct str owner = domain_registrable(a, x);
	return owner.n > 0 && str_eq(owner, domain_registrable(a, y));
}

bool domain_is_within(struct str name, struct str domain)
{
	if (domain.n == 0 || !str_ends(name, domain))
		return false;
	return name.n == domain.n || name.p[name.n - domain.n - 1] == '.';
}

struct str domain_label_shown(struct arena *a, struct str label)
{
	const char *z;
	char *unicode = NULL;

	if (!str_starts(label, STR("xn--")) || str_to_c(a, label, &z) != OK ||
	    idn2_to_unicode_8z8z(z, &unicode, 0) != IDN2_OK)
		return label;
	struct str shown = arena_str(a, str_of(unicode));
	idn2_free(unicode);
	return shown;
}
