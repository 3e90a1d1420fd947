/* Character classes under their names in RFC 5234, 5321 and 5322; independent of the locale. */
#ifndef BASE_ABNF_H
#define BASE_ABNF_H

#include <stdbool.h>
#include <string.h>

static inline bool abnf_is_wsp(unsigned char c)
{
	return c == ' ' || c == '\t';
}

/* What folding white space is made of (RFC 5322 §3.2.2), whether it folds or not. */
static inline bool abnf_is_fws(unsigned char c)
{
	return abnf_is_wsp(c) || c == '\r' || c == '\n';
}

static inline bool abnf_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static inline bool abnf_is_alpha(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool abnf_is_alnum(unsigned char c)
{
	return abnf_is_alpha(c) || abnf_is_digit(c);
}

static inline bool abnf_is_hexdig(unsigned char c)
{
	return abnf_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Visible ASCII. */
static inline bool abnf_is_vchar(unsigned char c)
{
	return c > 32 && c < 127;
}

/* RFC 5322 §3.2.3 */
static inline bool abnf_is_atext(unsigned char c)
{
	return abnf_is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* RFC 5322 §3.6.8: a header field name */
static inline bool abnf_is_ftext(unsigned char c)
{
	return abnf_is_vchar(c) && c != ':';
}

/* RFC 2045 §5.1: a token in a parameter */
static inline bool abnf_is_token(unsigned char c)
{
	return abnf_is_vchar(c) && !strchr("()<>@,;:\\\"/[]?=", c);
}

/* Letters, digits and hyphen, as in a host name */
static inline bool abnf_is_ldh(unsigned char c)
{
	return abnf_is_alnum(c) || c == '-';
}

/* The value of a hexadecimal digit, or -1. */
static inline int abnf_hex_value(unsigned char c)
{
	if (abnf_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#endif
