/* What fields do when the document is opened or a reader clicks. */
#include "file/field.h"

#include "base/abnf.h"
#include "base/limits.h"

enum effect { EFFECT_LINK, EFFECT_START, EFFECT_FETCH };

static const struct {
	struct str word;
	enum effect effect;
} effects[] = {
	{ STR_INIT("HYPERLINK"), EFFECT_LINK },    { STR_INIT("DDEAUTO"), EFFECT_START },
	{ STR_INIT("DDE"), EFFECT_START },         { STR_INIT("INCLUDEPICTURE"), EFFECT_LINK },
	{ STR_INIT("INCLUDETEXT"), EFFECT_FETCH }, { STR_INIT("LINK"), EFFECT_FETCH },
	{ STR_INIT("IMPORT"), EFFECT_FETCH },
};

/* The first argument that is a target: in quotes, or a word that is no switch. */
static struct str first_target(struct str s)
{
	size_t open = str_find_char(s, '"', 0);

	if (open != SIZE_MAX)
		return str_sub(s, open + 1, str_find_char(s, '"', open + 1));
	s = str_trim(s);
	return str_sub(s, 0, str_find_char(s, ' ', 0));
}

bool field_target_is_remote(struct str target)
{
	static const struct str schemes[] = { STR_INIT("http:"), STR_INIT("https:"), STR_INIT("ftp:"),
					      STR_INIT("mhtml:"), STR_INIT("\\\\") };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (str_starts_nocase(target, schemes[i]))
			return true;
	return false;
}

void field_read(struct look *l, struct str instruction)
{
	struct str s = str_trim(instruction);
	size_t n = 0;

	while (n < s.n && abnf_is_alpha((unsigned char)s.p[n]))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(effects); i++) {
		bool known = effects[i].effect == EFFECT_START ? file_has(l->out, TRAIT_DDE)
							       : l->out->links.n == LIMIT_LINKS;
		if (!str_eq_nocase(str_sub(s, 0, n), effects[i].word) || known)
			continue;
		struct str rest = look_name(l, arena_str(l->a, str_trim(str_sub(s, n, s.n))));
		struct str target = first_target(rest);
		bool remote = field_target_is_remote(target);
		if (effects[i].effect == EFFECT_START)
			look_found(l, TRAIT_DDE, rest);
		else if (remote || str_starts_nocase(target, STR("mailto:")) ||
			 str_starts_nocase(target, STR("www.")))
			look_add_link(l, target);
		if (effects[i].effect == EFFECT_FETCH && remote)
			look_found(l, TRAIT_REMOTE, target);
	}
}
