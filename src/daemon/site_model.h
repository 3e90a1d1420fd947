/*
 * Which model weighs the words of a site's mail: the newest that it has made (`postern train`), else the one that is shipped.
 *
 * DIR/models/N.model is the Nth; N.undone one that was taken back.
 */
#ifndef DAEMON_SITE_MODEL_H
#define DAEMON_SITE_MODEL_H

#include "base/buf.h"
#include "classifier/classifier.h"

struct site_model {
	struct classifier classifier; /* points into bytes, or at the shipped one's */
	struct buf bytes;
	unsigned number; /* 0 = the shipped one */
};

/* The number of the newest model below dir; 0 = there is none. */
unsigned site_model_newest(const char *dir);
/* DIR/models/N.ending, terminated; the caller frees it. */
struct buf site_model_path(const char *dir, unsigned number, const char *ending);

/* The model in file where it is not NULL; else the newest of dir, where that is not NULL and has one; else the shipped one. */
MUST_CHECK enum err site_model_load(const char *file, const char *dir, struct site_model *out,
				    struct errbuf *eb);
/* What was handed to us in a file; fd < 0: the shipped one. */
MUST_CHECK enum err site_model_take(int fd, struct site_model *out, struct errbuf *eb);
void site_model_free(struct site_model *m);

/* Writes the file whole or not at all: who reads it meanwhile never sees half of it. */
MUST_CHECK enum err site_model_write(const char *path, struct str bytes, struct errbuf *eb);
/* As the model of that number of dir. */
MUST_CHECK enum err site_model_keep(const char *dir, unsigned number, struct str bytes, struct errbuf *eb);
/* The newest model of dir, if there is one, becomes one of the directory `to`. */
MUST_CHECK enum err site_model_copy(const char *dir, const char *to, struct errbuf *eb);

#endif
