/* By libmaxminddb. */
#include "detect/places.h"

#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>

struct places {
	bool has[PLACES_FILES];
	MMDB_s v[PLACES_FILES];
};

/* The library opens paths; this one is the very file. */
static enum err open_one(int fd, MMDB_s *out, struct errbuf *eb)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int status = MMDB_open(path, MMDB_MODE_MMAP, out);
	return status == MMDB_SUCCESS ? OK : err_set(eb, ERR_SYNTAX, "%s", MMDB_strerror(status));
}

enum err places_open(const int fds[PLACES_FILES], struct places **out, enum places_file *bad_out,
		     struct errbuf *eb)
{
	struct places *p = calloc(1, sizeof(*p));
	enum err e = OK;

	ASSERT(p);
	for (int i = 0; i < PLACES_FILES && e == OK; i++) {
		if (fds[i] < 0)
			continue;
		e = open_one(fds[i], &p->v[i], eb);
		p->has[i] = e == OK;
		*bad_out = (enum places_file)i;
	}
	if (e != OK)
		places_close(&p);
	*out = p;
	return e;
}

void places_close(struct places **p)
{
	if (!*p)
		return;
	for (int i = 0; i < PLACES_FILES; i++)
		if ((*p)->has[i])
			MMDB_close(&(*p)->v[i]);
	free(*p);
	*p = NULL;
}

static bool find(const struct places *p, enum places_file file, const struct ip *ip, MMDB_entry_s *out)
{
	struct sockaddr_storage at;
	int failed = 0;

	if (!p->has[file])
		return false;
	ip_to_sockaddr(ip, 0, &at);
	MMDB_lookup_result_s r = MMDB_lookup_sockaddr(&p->v[file], (const struct sockaddr *)&at, &failed);
	*out = r.entry;
	return failed == MMDB_SUCCESS && r.found_entry;
}

static bool get(MMDB_entry_s *entry, const char *const path[], MMDB_entry_data_s *out)
{
	return MMDB_aget_value(entry, out, path) == MMDB_SUCCESS && out->has_data;
}

static struct str text_at(MMDB_entry_s *entry, const char *const path[])
{
	MMDB_entry_data_s d;

	return get(entry, path, &d) && d.type == MMDB_DATA_TYPE_UTF8_STRING
		   ? str_from(d.utf8_string, d.data_size)
		   : STR_NONE;
}

#define PATH(...) ((const char *const[]){ __VA_ARGS__, NULL })

static struct str first_text(MMDB_entry_s *entry, const char *const *const *paths, size_t n)
{
	struct str found = STR_NONE;

	for (size_t i = 0; i < n && found.n == 0; i++)
		found = text_at(entry, paths[i]);
	return found;
}

/* A number, or "AS64500". */
static uint32_t system_number(MMDB_entry_s *entry)
{
	MMDB_entry_data_s d;
	uint64_t number;

	if (get(entry, PATH("autonomous_system_number"), &d))
		return d.type == MMDB_DATA_TYPE_UINT32   ? d.uint32
		       : d.type == MMDB_DATA_TYPE_UINT16 ? d.uint16
							 : 0;
	struct str text = text_at(entry, PATH("asn"));
	if (!str_starts(text, STR("AS")) || str_to_u64(str_sub(text, 2, text.n), UINT32_MAX, &number) != OK)
		return 0;
	return (uint32_t)number;
}

void places_find(const struct places *p, const struct ip *ip, struct place *out)
{
	const char *const *const names[] = { PATH("autonomous_system_organization"), PATH("as_name") };
	const char *const *const countries[] = { PATH("country", "iso_code"), PATH("country_code"),
						 PATH("country") };
	const char *const *const cities[] = { PATH("city", "names", "en"), PATH("city") };
	struct ip host = ip_unmap(*ip);
	MMDB_entry_s entry;

	*out = (struct place){ 0 };
	if (!p || host.family == 0)
		return;
	if (find(p, PLACES_ASN, &host, &entry)) {
		out->as_number = system_number(&entry);
		out->as_name = first_text(&entry, names, ARRAY_LEN(names));
	}
	if (find(p, PLACES_COUNTRY, &host, &entry)) {
		out->country = first_text(&entry, countries, ARRAY_LEN(countries));
		out->region = text_at(&entry, PATH("subdivisions", "0", "iso_code"));
		out->city = first_text(&entry, cities, ARRAY_LEN(cities));
	}
}
