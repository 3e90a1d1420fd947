/* Which passwords are tried: what opened something before, what the mail says, and what everybody takes. */
#include "file/internal.h"

static const struct str common[] = {
	/* Excel's own, which it tries without asking. */
	STR_INIT("VelvetSweatshop"), STR_INIT("infected"), STR_INIT("1234"),
	STR_INIT("12345"),           STR_INIT("123456"),   STR_INIT("123"),
	STR_INIT("password"),        STR_INIT("1111"),     STR_INIT("0000"),
};

bool look_next_password(struct look *l, size_t *n, size_t cost, struct str *out)
{
	struct file_budget *b = l->budget;
	size_t i = (*n)++;

	if (cost > b->rounds)
		return false;
	if (b->worked.n && i-- == 0)
		*out = b->worked;
	else if (i < b->passwords.n)
		*out = b->passwords.v[i];
	else if (i - b->passwords.n < ARRAY_LEN(common))
		*out = common[i - b->passwords.n];
	else
		return false;
	b->rounds -= cost;
	return true;
}

void look_opened(struct look *l, struct str password)
{
	l->budget->worked = password;
	look_found(l, TRAIT_OPENED, password);
}
