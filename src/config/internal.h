/* The table of settings, from which parsing, checks, the sample file and the manual page are made. */
#ifndef CONFIG_INTERNAL_H
#define CONFIG_INTERNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/enumtab.h"
#include "config/config.h"

enum setting_kind {
	SETTING_TEXT,    /* anything printable */
	SETTING_PATH,    /* absolute, or empty where it may be */
	SETTING_NAME,    /* a host name, or empty where it may be */
	SETTING_MAILBOX, /* local@domain, or empty where it may be */
	SETTING_PREFIX,  /* start of header names */
	SETTING_WORD,    /* one of `words`; the member is an int, its value */
	SETTING_LISTEN,  /* ADDR:PORT, several divided by spaces */
	SETTING_MILTER,  /* unix:/path or inet:PORT@ADDR, or empty where it may be */
	SETTING_SERVERS, /* ADDR or ADDR@PORT, several divided by spaces */
	SETTING_BASE,    /* http or https, host, port and path, without a slash at its end; or empty */
	SETTING_BLOCKS,  /* ADDR or ADDR/BITS, several divided by spaces */
	SETTING_BOOL,
	SETTING_INT,
};

struct setting {
	const char *key; /* GROUP.NAME or NAME */
	enum setting_kind kind;
	size_t offset;               /* of the member in struct config */
	const char *text;            /* default of a text kind */
	int64_t value;               /* default of SETTING_BOOL and SETTING_INT */
	int64_t min, max;            /* SETTING_INT: of the value; text kinds: bytes */
	const struct enumtab *words; /* SETTING_WORD */
	const char *meaning;         /* one sentence without its full stop */
};

/* A configuration and what it takes to say where each setting was read. */
struct config_owner {
	struct config config; /* first, so that config_free and config_fault find the rest */
	struct arena *arena;
	const char *path; /* in the arena */
	int *lines;       /* by row of the table; 0 = the default, ORIGIN_OPTION = the command line */
};

#define ORIGIN_OPTION (-1)

extern const struct setting settings[];
extern const size_t settings_count;

const struct setting *setting_find(struct str key);

/* Each of a SETTING_WORD's values with a space before it. */
struct str setting_words(struct arena *a, const struct setting *s);

/* Puts a value into its member after checking it; texts are copied into the arena. The error's text says what is
 * wrong, without the key. */
MUST_CHECK enum err setting_set_text(struct config *c, struct arena *a, const struct setting *s,
				     struct str value, struct errbuf *eb);
MUST_CHECK enum err setting_set_int(struct config *c, const struct setting *s, int64_t value,
				    struct errbuf *eb);
void setting_set_bool(struct config *c, const struct setting *s, bool value);

/* What one row cannot see: settings that need or exclude each other. */
MUST_CHECK enum err config_check_together(const struct config *c, struct errbuf *eb);

/* The text of a file with an L after each whole number. */
void config_widen(struct str s, struct buf *out);

#endif
