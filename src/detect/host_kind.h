/* What is known of a host by its name: who puts pages there, and what its address is like. */
#ifndef DETECT_HOST_KIND_H
#define DETECT_HOST_KIND_H

#include "base/str.h"

struct arena;

enum host_kind {
	HOST_OTHER,
	HOST_SHORTENER, /* a short address that leads anywhere */
	HOST_SITE,      /* a page or sub-domain of one's own, for nothing and at once */
	HOST_TUNNEL,    /* leads into somebody's own machine: tunnels and dynamic names */
	HOST_IPFS,      /* gateways to files that nobody can take down */
	HOST_STORAGE,   /* bare stores for files and pages, and their networks */
	HOST_FORM,      /* forms anybody makes */
	HOST_DOCUMENT,  /* documents and files people share */
	HOST_MAILER,    /* mailing services, which count clicks */
	HOST_KINDS
};

struct host_row {
	const char *name; /* the host, or the end of it behind a dot */
	enum host_kind kind;
};

extern const struct host_row host_table[];
extern const size_t host_table_size;

/* Of a folded host. The longest name that fits decides. */
enum host_kind host_kind(struct str host);

/* A top-level domain, or what is sold like one, that is cheap and mostly abused. */
bool host_is_cheap(struct str host);

/* Whether a registrable domain reads as if nobody had thought of it: long, and without vowels or with digits strewn in. */
bool host_is_random(struct str owner);

/* Whether two registrable domains seem to be one house's: "norma.de", "norma-online.info". */
bool host_is_related(struct str x, struct str y);

#endif
