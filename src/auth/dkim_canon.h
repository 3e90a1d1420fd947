/*
 * The canonical forms of header fields and bodies that signatures are made over (RFC 6376 §3.4), written to a
 * sink piece by piece. Line ends may be LF or CRLF and come out as CRLF; a CR alone is content. ARC uses the
 * same forms.
 */
#ifndef AUTH_DKIM_CANON_H
#define AUTH_DKIM_CANON_H

#include "base/str.h"

enum dkim_canon { DKIM_SIMPLE, DKIM_RELAXED };

typedef void dkim_write_fn(void *ctx, struct str bytes);

/* Small pieces are gathered so that the hash sees long ones. Zero-initialise, set write and ctx. */
struct dkim_sink {
	dkim_write_fn *write;
	void *ctx;
	size_t n;
	char gathered[2048];
};

/* Passes on what was gathered. */
void dkim_sink_flush(struct dkim_sink *sink);

/*
 * One whole field, "Name: value" with its folding, with or without its final line end.
 *   cut       bytes of it to leave out, or STR_NONE: the value of b= (RFC 6376 §3.7)
 *   line_end  write the CRLF after it
 */
void dkim_canon_field(struct dkim_sink *sink, enum dkim_canon canon, struct str field, struct str cut,
		      bool line_end);

void dkim_canon_body(struct dkim_sink *sink, enum dkim_canon canon, struct str body);

#endif
