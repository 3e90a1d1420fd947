/* The settings of a domain as options, by the rows of its field table. */
#include "cli/internal.h"

#include "model/domain.h"

static const struct option_row {
	const char *option;
	size_t field;
	int first, end; /* ENUMS: the values that it takes */
} rows[] = {
	{ "--transport", domain_F_transport, 0, 0 },
	{ "--mode", domain_F_allowed_delivery_modes, 0, MODE_RETRO_SCAN + 1 },
	/* What a verdict can be. The API takes the labels before BULK as well, which hold nothing. */
	{ "--drop", domain_F_drop_dispositions, DISP_BULK, DISP_BEC + 1 },
	{ "--from", domain_F_ip_restrictions, 0, 0 },
	{ "--hops", domain_F_lookback_hops, 0, 0 },
	{ "--tls-inbound", domain_F_require_tls_inbound, 0, 0 },
	{ "--tls-outbound", domain_F_require_tls_outbound, 0, 0 },
};

/* "DIRECT,BCC" into values; a message and false when one is none of the row's. */
static bool read_values(const struct cli_args *args, struct arena *a, const struct option_row *row,
			const struct field *f, struct str text, struct ints *out)
{
	struct strs words = arena_split(a, text, ',');

	*out = (struct ints){ 0 };
	for (size_t i = 0; i < words.n; i++) {
		int value = enum_value_nocase(f->ref, words.v[i]);
		bool known = false;
		if (value < row->first || value >= row->end) {
			cli_refuse_word(args, row->option, words.v[i], f->ref, row->first, row->end);
			return false;
		}
		for (size_t k = 0; k < out->n; k++)
			known |= out->v[k] == value;
		if (!known)
			ARENA_PUSH(a, out, value);
	}
	if (out->n >= (size_t)f->min)
		return true;
	cli_fail(args, "%s: at least one is needed", row->option);
	return false;
}

static bool read_number(const struct cli_args *args, const struct option_row *row, const struct field *f,
			struct str text, int64_t *out)
{
	if (str_to_i64(text, out) == OK && *out >= f->min && *out <= f->max)
		return true;
	cli_fail(args, "%s: a number from %lld to %lld", row->option, (long long)f->min, (long long)f->max);
	return false;
}

static bool read_switch(const struct cli_args *args, const struct option_row *row, struct str text, bool *out)
{
	*out = str_eq_nocase(text, STR("yes"));
	if (*out || str_eq_nocase(text, STR("no")))
		return true;
	cli_fail(args, "%s: yes or no", row->option);
	return false;
}

static bool read_option(const struct cli_args *args, struct arena *a, const struct option_row *row,
			struct str text, void *member)
{
	const struct field *f = &domain_fields.v[row->field];

	switch (f->kind) {
	case FIELD_STR:
		*(struct str *)member = text;
		return true;
	case FIELD_INT:
		return read_number(args, row, f, text, member);
	case FIELD_BOOL:
		return read_switch(args, row, text, member);
	case FIELD_STRS:
		*(struct strs *)member = arena_split(a, text, ',');
		return true;
	case FIELD_ENUMS:
		return read_values(args, a, row, f, text, member);
	case FIELD_DOUBLE:
	case FIELD_TIME:
	case FIELD_ENUM:
	case FIELD_ID:
	case FIELD_OBJ:
	case FIELD_OBJS:
	case FIELD_ALIAS:
		break;
	}
	ASSERT(false);
	return false;
}

bool cli_domain_options(const struct cli_args *args, struct arena *a, struct domain *d)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *text = cli_option_value(args, rows[i].option);
		void *member = (char *)d + domain_fields.v[rows[i].field].offset;
		if (!text)
			continue;
		if (!read_option(args, a, &rows[i], str_of(text), member))
			return false;
		d->has |= UINT64_C(1) << rows[i].field;
	}
	return true;
}
