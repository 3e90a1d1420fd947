/* Reading X-Mailer for what is no name of a program. */
#include "detect/program_trait.h"

#include "base/abnf.h"
#include "base/domain.h"
#include "detect/detect.h"

#define CODE_LEAST 12 /* letters and digits */
#define CODE_CHANGES \
	4 /* between small letters, capitals and digits: "AppleMail16" and "PHPMailer" have fewer */

static bool program_is_seen(const struct scan *s, struct seen *out)
{
	out->field = scan_field(s, "X-Mailer");
	if (!out->field)
		return false;
	out->value = str_trim(header_unfold(s->arena, out->field->value));
	return true;
}

/*
 * "mail.offers.example" of somebody at offers.example: machines that are rented to send cold offers name themselves so. Of
 * 5,841 harmless mails none has it, of 387 spam mails of lists 41 (November 2026).
 */
bool program_host(const struct scan *s, struct seen *out)
{
	if (!program_is_seen(s, out))
		return false;
	struct str host = domain_fold(s->arena, out->value);
	return s->from.domain.n > 0 && !str_eq(host, s->from.domain) && domain_is_ldh(host) &&
	       domain_is_within(host, s->from.domain);
}

static int kind_of(unsigned char c)
{
	return abnf_is_digit(c) ? 1 : c >= 'a' && c <= 'z' ? 2 : c >= 'A' && c <= 'Z' ? 3 : 0;
}

/* "ZjVqnSBZyGWrtRK5M": drawn anew for each mail, so that no two are alike. */
bool program_code(const struct scan *s, struct seen *out)
{
	size_t changes = 0, digits = 0;

	if (!program_is_seen(s, out))
		return false;
	for (size_t i = 0; i < out->value.n; i++) {
		int kind = kind_of((unsigned char)out->value.p[i]);
		if (kind == 0)
			return false;
		digits += kind == 1;
		changes += i > 0 && kind != kind_of((unsigned char)out->value.p[i - 1]);
	}
	return out->value.n >= CODE_LEAST && digits > 0 && changes >= CODE_CHANGES;
}
