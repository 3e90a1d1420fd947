/* A mail as the API shows it: the parts of struct message and struct detections that the bytes tell. */
#ifndef SCAN_DESCRIBE_H
#define SCAN_DESCRIBE_H

#include "auth/received.h"
#include "detect/detect.h"
#include "model/verdict.h"

/* Identity fields of a message: who, to whom, what about, when. */
void describe_message(const struct scan *s, const struct sending_host *host, struct message *m);

/* Attachments, links, headers and sender; findings only lend attachments their detection. */
void describe_detections(const struct scan *s, const struct sending_host *host,
			 const struct findings *findings, struct detections *d);

/* Hosts of all links, each once. */
struct strs describe_link_hosts(const struct scan *s);

/* Domains of all that From names, each once. */
struct strs describe_from_domains(const struct scan *s);

#endif
