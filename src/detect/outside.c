/* Reading the settings that are about the world outside. */
#include "detect/outside.h"

#include "net/clamd.h"

static enum err check_clamd(const struct config *c, struct outside *out, struct errbuf *eb)
{
	struct clamd_address clamd;

	out->virus = c->clamd_socket[0] != '\0';
	if (!out->virus || clamd_address_parse(c->clamd_socket, &clamd) == OK)
		return OK;
	return config_fault(c, "clamd.socket", ERR_SYNTAX, eb, "\"%s\" is neither a path nor ADDR:PORT",
			    c->clamd_socket);
}

static enum err open_places(const struct config *c, const struct outside_files *files, struct outside *out,
			    struct errbuf *eb)
{
	struct errbuf why = { "" };
	enum places_file bad = PLACES_ASN;
	enum err e = places_open(files->places, &out->places, &bad, &why);

	if (e == OK)
		return OK;
	return config_fault(c, bad == PLACES_ASN ? "places.asn" : "places.country", e, eb, "%s: %s",
			    bad == PLACES_ASN ? c->places_asn : c->places_country, why.text);
}

/* So that whatever they do there is time to go on without them: a scan that has none left is held. */
#define RULES_SHARE 4

static enum err compile_rules(const struct config *c, const struct outside_files *files, struct outside *out,
			      struct errbuf *eb)
{
	struct errbuf why = { "" };
	int64_t share_ms = c->scan_timeout_s * 1000 / RULES_SHARE;

	out->rules_ms = c->yara_timeout_s * 1000 < share_ms ? c->yara_timeout_s * 1000 : share_ms;
	enum err e = files->rules.n ? yara_rules_compile(files->rules, &out->rules, &why) : OK;
	return e == OK ? OK : config_fault(c, "yara.rules", e, eb, "%s", why.text);
}

enum err outside_of(struct arena *a, const struct config *c, const struct outside_files *files,
		    struct outside *out, struct errbuf *eb)
{
	enum err e;

	*out = (struct outside){ .ages = c->ages_bootstrap[0] != '\0' };
	if ((e = check_clamd(c, out, eb)) != OK || (e = block_lists_of(a, c, &out->lists, eb)) != OK)
		return e;
	e = open_places(c, files, out, eb);
	return e == OK ? compile_rules(c, files, out, eb) : e;
}

void outside_free(struct outside *o)
{
	yara_rules_free(&o->rules);
	places_close(&o->places);
}
