/*
 * Calendars (RFC 5545, vCalendar 1.0) and visiting cards (RFC 6350, vCard 2.1 and 3.0): what their lines say to a
 * person, as text; HTML that stands in for it; files they carry. Lines are unfolded and unescaped. Every component
 * counts, whatever encloses it.
 */
#ifndef MIME_CALENDAR_H
#define MIME_CALENDAR_H

#include "base/str.h"

struct arena;

struct calendar_file {
	struct str name;   /* "" = none given */
	struct str type;   /* media type, "" = none given */
	struct str base64; /* still encoded */
};

/* What an invitation says beside its texts. Addresses are without "mailto:". */
struct calendar_event {
	size_t events;        /* components that are one; 0 = a card, or nothing to go to */
	size_t alarms;        /* that ring by themselves */
	struct str method;    /* REQUEST, PUBLISH, REPLY … (RFC 5546 §1.4); "" = none */
	struct str organizer; /* the first */
	struct strs guests;   /* the first CALENDAR_GUESTS */
};
#define CALENDAR_GUESTS 100

struct calendar {
	struct str text;  /* one line each: summary, description, location, people, addresses of files … */
	struct strs html; /* descriptions in HTML */
	struct {
		struct calendar_file *v;
		size_t n; /* at most LIMIT_ATTACHMENTS_KEPT */
	} files;
	struct calendar_event event;
};

/* text: UTF-8. */
struct calendar calendar_read(struct arena *a, struct str text);

#endif
