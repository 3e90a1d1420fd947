/* The table of automatic moves, and what it is where nobody set it. */
#include "model/auto_moves.h"

FIELDS_DEFINE(auto_moves, AUTO_MOVES);

void auto_moves_complete(struct auto_moves *m)
{
	if (!HAS(m, auto_moves, post_delivery_response))
		SET(m, auto_moves, post_delivery_response, true);
	if (!HAS(m, auto_moves, phish_submission_response))
		SET(m, auto_moves, phish_submission_response, true);
}

bool auto_moves_find(const struct auto_moves *m, int disposition, enum destination *out)
{
	static const struct {
		int disposition;
		size_t field;
	} rows[] = {
		{ DISP_BULK, auto_moves_F_bulk },           { DISP_SPAM, auto_moves_F_spam },
		{ DISP_SPOOF, auto_moves_F_spoof },         { DISP_SUSPICIOUS, auto_moves_F_suspicious },
		{ DISP_MALICIOUS, auto_moves_F_malicious }, { DISP_BEC, auto_moves_F_malicious },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *at = (const char *)m + auto_moves_fields.v[rows[i].field].offset;
		if (rows[i].disposition != disposition || !field_has(m, rows[i].field))
			continue;
		*out = (enum destination) * (const int *)(const void *)at;
		return true;
	}
	return false;
}
