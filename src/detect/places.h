/*
 * Where an address is and whose: the autonomous system and the country, by databases in MaxMind's format (MMDB). The two may be one
 * file. What is read are the fields of MaxMind and DB-IP, and those of IPinfo.
 *
 * The file is mapped, so a sealed process can look things up without a system call; it must not change meanwhile.
 */
#ifndef DETECT_PLACES_H
#define DETECT_PLACES_H

#include "base/arena.h"
#include "base/ip.h"

struct places;

/* Descriptors of the two databases, -1 = none; they stay the caller's. ERR_SYNTAX: bad_out says which, eb why. */
enum places_file { PLACES_ASN, PLACES_COUNTRY, PLACES_FILES };
MUST_CHECK enum err places_open(const int fds[PLACES_FILES], struct places **out, enum places_file *bad_out,
				struct errbuf *eb);
void places_close(struct places **p);

struct place {
	uint32_t as_number; /* 0 = not known */
	struct str as_name; /* "" = not known; these point into the database */
	struct str country; /* two letters; "" = not known */
	struct str region;  /* its code in the country; "" = not known */
	struct str city;    /* in English; "" = not known */
};

/* NULL places: nothing is known. */
void places_find(const struct places *p, const struct ip *ip, struct place *out);

#endif
