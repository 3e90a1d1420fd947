/* The exchange suite: a seeded server in this process, a plain HTTP client, and comparing JSON. */
#ifndef TESTS_API_RUN_H
#define TESTS_API_RUN_H

#include "api/server.h"
#include "base/arena.h"
#include "base/buf.h"
#include "json/read.h"
#include "json/write.h"
#include "store/settings.h"

/* ---- seed.c ---- */

struct variable {
	struct str name, value;
};

struct variables {
	struct variable *v;
	size_t n;
};

struct place {
	struct arena *arena;
	char dir[64];
	struct log log;
	struct store *store;
	struct sqlite3 *other; /* who runs POSTERN_TEST_SQL */
	struct api *api;
	int listen_fd;
	uint16_t port;
	struct variables vars;
};

void place_open(struct place *p);
void place_close(struct place *p);
void variable_set(struct place *p, struct str name, struct str value);
/* text with every {name} that is known put in. */
struct str variables_fill(struct place *p, struct str text);

/* ---- client.c ---- */

struct reply {
	unsigned status;
	struct str headers, body;
};

/* Sends the bytes as they are and reads to the end of the connection. */
struct reply client_send(struct place *p, struct str request);
/* The value of a header, or STR_NONE. */
struct str reply_header(const struct reply *a, struct str name);

/* ---- compare.c ---- */

/* True when got holds all that want says; else *where_out names the first place that differs. */
bool json_contains(struct arena *a, const struct json *got, const struct json *want, struct str at,
		   struct str *where_out);
/* The value at a JSON pointer, or NULL. */
const struct json *json_at(const struct json *node, struct str pointer);

#endif
