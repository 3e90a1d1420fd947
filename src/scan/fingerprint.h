/*
 * Fingerprints by which near-identical mails find each other.
 *
 * edf_hash is "v1:" and 32 hexadecimal digits. Recipe v1: the subject without reply marks, digits and the
 * recipient's own words; the HTML tag skeleton; registrable domains and path shapes of the links; content types
 * of the attachments; and of the text the two least hashes of its runs of four words, which survive the change
 * of a name or a number. A change of either recipe is a new version.
 */
#ifndef SCAN_FINGERPRINT_H
#define SCAN_FINGERPRINT_H

#include "detect/detect.h"

struct str fingerprint_edf(const struct scan *s);
/* The last part of that. scan->text_mark is to be this before anything here is asked. */
struct text_mark fingerprint_text(const struct scan *s);
/*
 * "v1:" and 16 hexadecimal digits, 64 bits: each is what the majority of the text's words has there (SimHash), so texts
 * with most words in common differ in few bits, others in about half. Empty: too little text to be told by.
 */
struct str fingerprint_simhash(const struct scan *s);
/* 32 hexadecimal digits; empty where there is no HTML. */
struct str fingerprint_structure(const struct scan *s);

#endif
