/*
 * What authentication proves of a mail: SPF, DKIM, ARC and DMARC where we are the receiver ourselves, else the topmost
 * Authentication-Results of a host that the operator named.
 */
#ifndef SCAN_PROOF_H
#define SCAN_PROOF_H

#include "auth/arc.h"
#include "auth/asks.h"
#include "auth/authres.h"
#include "auth/dkim.h"
#include "auth/dmarc.h"
#include "auth/received.h"
#include "auth/spf.h"
#include "detect/detect.h"

/* One mail's way through the checks; make with proof_begin. */
struct prover {
	struct arena *arena;
	struct asker *asker;
	const struct scan_job *job;
	const struct headers *headers;
	struct strs from_domains; /* all that From names, each once, folded */
	bool one_from;            /* there is one From field, and it names one domain */
	struct sending_host host;
	struct spf_query query;
	bool at_the_door; /* we are the receiver: SPF means something */
	bool believed;    /* another host's results were taken instead of checks of our own */
	struct dkim_mail *mail;
	struct spf spf;
	struct dkim_list dkim;
	struct arc arc;
	struct dmarc dmarc;
};

void proof_begin(struct prover *p);
/* What the checks will ask, for one batch. */
void proof_asks(struct prover *p, struct ask_list *list);
/* Runs the checks; ends what proof_begin began. */
void proof_run(struct prover *p, struct proof *out);

/* The three words of the API and the comment behind them. */
struct validation *proof_validation(struct arena *a, const struct proof *p);
/* The ARC sets that it came with, where we have checked them ourselves; NULL: none, or we have not. */
struct seals *proof_seals(const struct prover *p);
/* Body of our Authentication-Results field, after our id. */
struct str proof_header(const struct prover *p);

#endif
