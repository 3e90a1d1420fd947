/* What the configuration lets a scan know or ask, for `postern scan --config`. */
#include "cli/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/scan_internal.h"

#define OUTSIDE_BYTES ((size_t)64 << 20)

/* What a setting names; "" = nothing. */
static enum err open_named(const struct config *c, const char *key, const char *path, int *out,
			   struct errbuf *eb)
{
	*out = *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	return *out < 0 && *path ? config_fault(c, key, ERR_ABSENT, eb, "%s: %s", path, strerror(errno)) : OK;
}

static enum err load(struct scan_outside *out, struct errbuf *eb)
{
	struct outside_files files = OUTSIDE_NO_FILES;
	const struct config *c = out->config;
	enum err e = open_named(c, "places.asn", c->places_asn, &files.places[PLACES_ASN], eb);

	if (e == OK)
		e = open_named(c, "places.country", c->places_country, &files.places[PLACES_COUNTRY], eb);
	struct buf rules = { 0 };
	struct errbuf why = { "" };
	if (e == OK && *c->yara_rules) {
		e = yara_rules_read(c->yara_rules, &rules, &why);
		if (e != OK)
			config_fault(c, "yara.rules", e, eb, "%s", why.text);
		files.rules = buf_str(&rules);
	}
	if (e == OK)
		e = outside_of(out->arena, c, &files, &out->outside, eb);
	buf_free(&rules);
	for (int i = 0; i < PLACES_FILES; i++)
		if (files.places[i] >= 0)
			close(files.places[i]);
	return e;
}

bool scan_outside_load(const char *config_file, struct scan_outside *out)
{
	static const struct cli_command command = { .name = "scan" };
	const struct cli_args args = { .command = &command, .config_file = config_file };
	struct errbuf eb;

	*out = (struct scan_outside){ .arena = arena_new(OUTSIDE_BYTES, NULL, NULL) };
	enum err e = cli_read_config(&args, &out->config, &eb);
	if (e == OK)
		e = load(out, &eb);
	if (e != OK)
		cli_fail(&args, "%s", eb.text);
	return e == OK;
}

void scan_outside_free(struct scan_outside *o)
{
	outside_free(&o->outside);
	config_free(&o->config);
	arena_free(&o->arena);
}
