/*
 * Reads the RFC 7208 test suite: the part of YAML that file uses (documents, two-space mappings, block
 * scalars, plain and quoted scalars, flow sequences on one line), and its conventions for zone data.
 */
#ifndef TESTS_AUTH_SPF_SUITE_H
#define TESTS_AUTH_SPF_SUITE_H

#include "zone.h"

struct spf_case {
	struct str name, helo, host, mail_from;
	struct strs results;    /* any of them is right */
	struct str explanation; /* "" = not checked, "DEFAULT" = none from the domain */
};

struct spf_scenario {
	struct zone zone;
	struct {
		struct spf_case *v;
		size_t n;
	} cases;
};

struct spf_scenarios {
	struct spf_scenario *v;
	size_t n;
};

void spf_suite_parse(struct arena *a, struct str text, struct spf_scenarios *out);

#endif
