/*
 * What a mail is as it goes on: table by table what is put in, what is changed and what is left; and of each that it has the same
 * parts as before, and that doing it twice is doing it once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/buf.h"
#include "bench.h"

#define FROM "From: Ann <ann@example.net>\r\n"
#define HELLO FROM "Subject: Hello\r\n\r\nText\r\n"
#define TYPED(fields, body) FROM fields "\r\n" body
#define TAG "[%LABELS] "
#define LINKED "Look: https://www.example.com/a?b=c.\r\n"
#define BLANKS "______________________________" /* thirty, as a subject is encoded */
#define LETTERS "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PAGE CLICK_URL CLICK_PATH /* where rewritten links lead */
/* "1 ID 1 https://a.example/", of this mail and of another one; nobody looks at what signs it. */
#define OURS "MSA0TmpwM1AwU1RNejJjMDJRIDEgaHR0cHM6Ly9hLmV4YW1wbGUv.AAAA"
#define ANOTHERS "MSA1TmpwM1AwU1RNejJjMDJaIDEgaHR0cHM6Ly9hLmV4YW1wbGUv.AAAA"

/* Whose text is LINKED: a detached signature of it, and one that holds it. */
#define CMS                                                                                \
	"MIHBBgkqhkiG9w0BBwKggbMwgbACAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMYGOMIGL\r\n" \
	"AgEBMCQwDDEKMAgGA1UEAwwBYQIUYjUutNNxSyulvIZ33R7gwGUYg9MwCwYJYIZIAWUDBAIBMAoG\r\n" \
	"CCqGSM49BAMCBEcwRQIhAKDVmuyoBtRHa6hpboORnZwmvkYfUNzDHfV/IDvmZvkCAiAKlpZwaHrW\r\n" \
	"u1ixawoRp8A1GkQbwaQ4at699vqKKfUL0w==\r\n"
#define CMS_OPAQUE                                                                         \
	"MIIBBwYJKoZIhvcNAQcCoIH5MIH2AgEBMQ0wCwYJYIZIAWUDBAIBMFEGCSqGSIb3DQEHAaBEBEJD\r\n" \
	"b250ZW50LVR5cGU6IHRleHQvcGxhaW4NCg0KTG9vazogaHR0cHM6Ly93d3cuZXhhbXBsZS5jb20v\r\n" \
	"YT9iPWMuDQoxgY4wgYsCAQEwJDAMMQowCAYDVQQDDAFhAhRiNS6003FLK6W8hnfdHuDAZRiD0zAL\r\n" \
	"BglghkgBZQMEAgEwCgYIKoZIzj0EAwIERzBFAiEA0o/LBm4LnLfBrJ4uWAs4Smie+hulR6bxw4X6\r\n" \
	"BeFSiAoCID6CthvkKe36N6zVtui6ONK4LLsBlICvNdr/AEEjY7QL\r\n"
#define SIGNED_BY(subtype, text, signature)                                                               \
	"--s\r\nContent-Type: text/plain\r\n\r\n" text "--s\r\nContent-Type: application/" subtype "\r\n" \
	"Content-Transfer-Encoding: base64\r\n\r\n" signature "--s--\r\n"
#define SIGNED "Content-Type: multipart/signed; boundary=s\r\n"
#define LINKED_DEFANGED "Look: https[:]//www[.]example[.]com/a?b=c.\r\n"
/* As PGP writes them; the bytes are nobody's. */
#define PGP(kind, first)                                                                \
	"-----BEGIN PGP " kind "-----\r\nVersion: 1\r\n\r\n" first                      \
	"AzBAABCAAdFiEEq2vOGVp0lQ0u1dZ2m8jJ5lZ0kQ0FAmVnAAAKCRCbyMnmVnSRDQ\r\n=abcd\r\n" \
	"-----END PGP " kind "-----\r\n"
#define PGP_SIGNED(text) \
	"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n" text "" PGP("SIGNATURE", "i")

struct row {
	const char *name, *mail;
	struct what what;
	const char *want; /* the mail as it goes on, "@" for each rewritten link; NULL = as it came */
	const char *note; /* that is among the notes */
};

static const struct row rows[] = {
	/* ---- subjects ---- */
	{ "nothing is wanted", HELLO, { 0 }, NULL, NULL },
	{ "plain",
	  HELLO,
	  { .subject = TAG },
	  FROM "Subject: [EXTERNAL UCE] Hello\r\n\r\nText\r\n",
	  "[EXTERNAL UCE]" },
	{ "there already",
	  FROM "Subject: [EXTERNAL UCE] Hello\r\n\r\nText\r\n",
	  { .subject = TAG },
	  NULL,
	  NULL },
	{ "there behind marks of an answer",
	  FROM "Subject: Re: AW[2]:  [EXTERNAL UCE] Hello\r\n\r\nText\r\n",
	  { .subject = TAG },
	  NULL,
	  NULL },
	{ "there, but at the end",
	  FROM "Subject: Hello [EXTERNAL UCE]\r\n\r\nText\r\n",
	  { .subject = TAG },
	  FROM "Subject: [EXTERNAL UCE] Hello [EXTERNAL UCE]\r\n\r\nText\r\n",
	  NULL },
	{ "encoded words keep their bytes",
	  FROM "Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n\r\nText\r\n",
	  { .subject = TAG },
	  FROM "Subject: [EXTERNAL UCE] =?iso-8859-1?Q?Gr=FC=DFe?=\r\n\r\nText\r\n",
	  NULL },
	{ "encoded prefix is known",
	  FROM "Subject: =?utf-8?B?W0VYVEVSTkFMIFVDRV0gSGVsbG8=?=\r\n\r\nText\r\n",
	  { .subject = TAG },
	  NULL,
	  NULL },
	{ "a long one gets a line of its own",
	  FROM "Subject: This subject is so long that nothing more fits into its line at all\r\n\r\nText\r\n",
	  { .subject = TAG },
	  FROM "Subject: [EXTERNAL UCE]\r\n This subject is so long that nothing more fits into its line at "
	       "all\r\n\r\nText\r\n",
	  NULL },
	{ "folded at once",
	  FROM "Subject:\r\n Hello\r\n\r\nText\r\n",
	  { .subject = TAG },
	  FROM "Subject:\r\n [EXTERNAL UCE] Hello\r\n\r\nText\r\n",
	  NULL },
	{ "eight bits are encoded",
	  FROM "Subject: Gr\xc3\xbc\xc3\x9f"
	       "e\r\n\r\nText\r\n",
	  { .subject = TAG },
	  FROM "Subject: =?UTF-8?B?W0VYVEVSTkFMIFVDRV0gR3LDvMOfZQ==?=\r\n\r\nText\r\n",
	  NULL },
	{ "a prefix that is not ASCII",
	  HELLO,
	  { .subject = "\xe2\x9a\xa0 " },
	  FROM "Subject: =?UTF-8?B?4pqgIEhlbGxv?=\r\n\r\nText\r\n",
	  NULL },
	{ "none",
	  FROM "\r\nText\r\n",
	  { .subject = TAG },
	  FROM "Subject: [EXTERNAL UCE]\r\n\r\nText\r\n",
	  NULL },
	{ "none, and the header has no end",
	  "From: a@example.net",
	  { .subject = TAG },
	  "From: a@example.net\r\nSubject: [EXTERNAL UCE]\r\n",
	  NULL },
	{ "spaces that would leave a line blank are encoded",
	  FROM "Subject: =?utf-8?Q?a" BLANKS BLANKS "?=\r\n =?utf-8?Q?" BLANKS "b?=\r\n\r\nText\r\n",
	  { .subject = "[X]" },
	  FROM "Subject: =?UTF-8?B?W1hdYSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg?=\r\n"
	       " =?UTF-8?B?ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg?=\r\n"
	       " =?UTF-8?B?ICAgICAgICAgICAgICAgIGI=?=\r\n\r\nText\r\n",
	  NULL },
	{ "and so is a word that is longer than a line",
	  FROM "Subject: =?utf-8?Q?" LETTERS "?=\r\n =?utf-8?Q?" LETTERS "?=\r\n\r\nText\r\n",
	  { .subject = "[X]" },
	  FROM "Subject: =?UTF-8?B?W1hdYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh?=\r\n"
	       " =?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh?=\r\n"
	       " =?UTF-8?B?YWFhYWE=?=\r\n\r\nText\r\n",
	  NULL },
	{ "empty",
	  FROM "Subject:\r\n\r\nText\r\n",
	  { .subject = TAG },
	  FROM "Subject: [EXTERNAL UCE] \r\n\r\nText\r\n",
	  NULL },
	{ "the first of two",
	  "Subject: One\r\n" FROM "Subject: Two\r\n\r\n",
	  { .subject = TAG },
	  "Subject: [EXTERNAL UCE] One\r\n" FROM "Subject: Two\r\n\r\n",
	  NULL },
	{ "no empty line behind the header",
	  FROM "Text\r\n",
	  { .text = "Careful: x", .html = "x" },
	  NULL,
	  NULL },
	{ "a header and nothing else", FROM, { .text = "Careful: x" }, NULL, NULL },
	{ "no header at all", "Text without a header\r\n", { .subject = TAG }, NULL, "no header" },
	{ "line feeds alone",
	  "From: a@example.net\n\nText\n",
	  { .subject = TAG },
	  "From: a@example.net\nSubject: [EXTERNAL UCE]\n\nText\n",
	  NULL },

	/* ---- texts ---- */
	{ "plain text",
	  HELLO,
	  { .text = "Careful: %LABELS" },
	  FROM "Subject: Hello\r\n\r\nCareful: EXTERNAL SUSPICIOUS UCE\r\n\r\nText\r\n",
	  "added to 1 part" },
	{ "plain text, twice", FROM "\r\nCareful\r\n\r\nText\r\n", { .text = "Careful" }, NULL, NULL },
	{ "variables are no markup",
	  TYPED("Content-Type: text/html\r\n", "<body>Hi"),
	  { .html = "<i>%REASONS</i>%%THREATS%X" },
	  TYPED("Content-Type: text/html\r\n",
		"<body><i>A &#60;b&#62;reason&#60;/b&#62;</i>%Content Spam%XHi"),
	  NULL },
	{ "behind the tag of the body",
	  TYPED("Content-Type: text/html\r\n",
		"<html><head><title><body></title></head><!-- <body> --><BODY bgcolor=\">\">Hi</body>"),
	  { .html = "<p>!</p>" },
	  TYPED(
	      "Content-Type: text/html\r\n",
	      "<html><head><title><body></title></head><!-- <body> --><BODY bgcolor=\">\"><p>!</p>Hi</body>"),
	  NULL },
	{ "before what is hidden in front of the body",
	  TYPED("Content-Type: text/html\r\n", "<div style=\"display:none\"><body>Hi"),
	  { .html = "<p>!</p>" },
	  TYPED("Content-Type: text/html\r\n", "<p>!</p><div style=\"display:none\"><body>Hi"),
	  NULL },
	{ "no body tag",
	  TYPED("Content-Type: text/html\r\n", "<!DOCTYPE html>\r\nHi <b>you</b>"),
	  { .html = "!" },
	  TYPED("Content-Type: text/html\r\n", "<!DOCTYPE html>!\r\nHi <b>you</b>"),
	  NULL },
	{ "a title that never ends",
	  TYPED("Content-Type: text/html\r\n", "<title>Hi<body>x"),
	  { .html = "!" },
	  TYPED("Content-Type: text/html\r\n", "!<title>Hi<body>x"),
	  NULL },
	{ "a script before",
	  TYPED("Content-Type: text/html\r\n", "<script>'<body>'</script><p>Hi"),
	  { .html = "!" },
	  TYPED("Content-Type: text/html\r\n", "<script>'<body>'</script>!<p>Hi"),
	  NULL },
	{ "HTML in any charset",
	  TYPED("Content-Type: text/html; charset=iso-8859-1\r\n", "<body>gr\xfc\xdf"),
	  { .html = "\xe2\x9a\xa0" },
	  TYPED("Content-Type: text/html; charset=iso-8859-1\r\n", "<body>&#9888;gr\xfc\xdf"),
	  NULL },
	{ "UTF-8 as it is",
	  TYPED("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
		"gr\xc3\xbc\xc3\x9f\r\n"),
	  { .text = "\xe2\x9a\xa0" },
	  TYPED("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
		"\xe2\x9a\xa0\r\n\r\ngr\xc3\xbc\xc3\x9f\r\n"),
	  NULL },
	{ "what the charset does not have",
	  TYPED("Content-Type: text/plain; charset=iso-8859-1; format=flowed\r\nContent-Transfer-Encoding: "
		"8bit\r\n",
		"gr\xfc\xdf\r\n"),
	  { .text = "\xe2\x9a\xa0" },
	  TYPED("Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: "
		"base64\r\nMIME-Version: 1.0\r\n",
		"4pqgDQoNCmdyw7zDnw0K"),
	  NULL },
	{ "what has seven bits",
	  TYPED("MIME-Version: 1.0\r\n", "A longer text without any other letters.\r\n"),
	  { .text = "\xe2\x9a\xa0" },
	  TYPED("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
		"quoted-printable\r\n",
		"=E2=9A=A0\r\n\r\nA longer text without any other letters.\r\n"),
	  NULL },
	{ "a charset with states",
	  TYPED("Content-Type: text/plain; charset=iso-2022-jp\r\n", "\x1b$B$3$s\x1b(B\r\n"),
	  { .text = "Careful" },
	  TYPED("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
		"base64\r\nMIME-Version: 1.0\r\n",
		"Q2FyZWZ1bA0KDQrjgZPjgpMNCg=="),
	  NULL },
	{ "a charset nobody knows has no states",
	  TYPED("Content-Type: text/plain; charset=x-none\r\n", "\x1b(Btext\r\n"),
	  { .text = "Careful" },
	  TYPED("Content-Type: text/plain; charset=x-none\r\n", "Careful\r\n\r\n\x1b(Btext\r\n"),
	  NULL },
	{ "one that has them, with bytes that it has not",
	  TYPED("Content-Type: text/plain; charset=iso-2022-jp\r\n", "\x1b$B\x1b(Btext\xff\r\n"),
	  { .text = "Careful", .good = true },
	  NULL,
	  "charset cannot be written" },
	{ "quoted-printable",
	  TYPED("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
		"gr=C3=BC=C3=9F=\r\ne\r\n"),
	  { .text = "\xe2\x9a\xa0=" },
	  TYPED("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
		"=E2=9A=A0=3D\r\n\r\n=\r\ngr=C3=BC=C3=9F=\r\ne\r\n"),
	  NULL },
	{ "base64",
	  TYPED("Content-Transfer-Encoding: base64\r\n", "SGVs\r\nbG8="),
	  { .text = "Careful" },
	  TYPED("Content-Transfer-Encoding: base64\r\n", "Q2FyZWZ1bA0KDQpIZWxsbw=="),
	  NULL },
	{ "flowed",
	  TYPED("Content-Type: text/plain; format=flowed\r\n", "Text\r\n"),
	  { .text = "> Careful  \nFrom here" },
	  TYPED("Content-Type: text/plain; format=flowed\r\n", " > Careful\r\n From here\r\n\r\nText\r\n"),
	  NULL },
	{ "all alternatives, and no file",
	  TYPED("Content-Type: multipart/mixed; boundary=a\r\n",
		"--a\r\nContent-Type: multipart/alternative; "
		"boundary=b\r\n\r\n--b\r\n\r\nText\r\n--b\r\nContent-Type: text/html\r\n\r\nHTML\r\n"
		"--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--b--\r\n"
		"--a\r\nContent-Type: text/plain\r\n\r\nFooter\r\n--a\r\nContent-Disposition: "
		"attachment\r\n\r\nFile\r\n"
		"--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nInside\r\n--a--\r\n"),
	  { .text = "!", .html = "?" },
	  TYPED(
	      "Content-Type: multipart/mixed; boundary=a\r\n",
	      "--a\r\nContent-Type: multipart/alternative; "
	      "boundary=b\r\n\r\n--b\r\n\r\n!\r\n\r\nText\r\n--b\r\nContent-Type: text/html\r\n\r\n?HTML\r\n"
	      "--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--b--\r\n"
	      "--a\r\nContent-Type: text/plain\r\n\r\nFooter\r\n--a\r\nContent-Disposition: "
	      "attachment\r\n\r\nFile\r\n"
	      "--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nInside\r\n--a--\r\n"),
	  "added to 2 parts" },
	{ "the end is missing",
	  TYPED("Content-Type: multipart/alternative; boundary=b\r\n",
		"--b\r\n\r\nText\r\n--b\r\nContent-Type: text/html\r\n\r\nHTML"),
	  { .text = "!", .html = "?" },
	  TYPED("Content-Type: multipart/alternative; boundary=b\r\n",
		"--b\r\n\r\n!\r\n\r\nText\r\n--b\r\nContent-Type: text/html\r\n\r\n?HTML"),
	  NULL },

	/* ---- what is left whole ---- */
	{ "S/MIME, signed",
	  TYPED("Subject: x\r\n" SIGNED, SIGNED_BY("pkcs7-signature", LINKED, CMS)),
	  { .subject = TAG, .text = "!", .links = LINKS_DEFANGED },
	  NULL,
	  "signed or encrypted" },
	{ "S/MIME, opaque",
	  TYPED(
	      "Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n",
	      CMS_OPAQUE),
	  { .subject = TAG },
	  NULL,
	  "signed or encrypted" },
	{ "PGP, signed",
	  TYPED(SIGNED, "--s\r\n\r\n" LINKED "--s\r\nContent-Type: application/pgp-signature\r\n\r\n" PGP(
			    "SIGNATURE", "i") "--s--\r\n"),
	  { .subject = TAG, .text = "!", .links = LINKS_DEFANGED },
	  NULL,
	  "signed or encrypted" },
	{ "PGP, encrypted",
	  TYPED("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n",
		"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: "
		"application/octet-stream\r\n\r\n" PGP("MESSAGE", "h") "--b--\r\n"),
	  { .subject = TAG },
	  NULL,
	  "signed or encrypted" },

	/* ---- what is signed in part ---- */
	{ "PGP in the text",
	  FROM "\r\n" LINKED PGP_SIGNED(LINKED "- -----BEGIN PGP SIGNATURE-----\r\n" LINKED) LINKED,
	  { .text = "!", .links = LINKS_DEFANGED },
	  FROM "\r\n!\r\n\r\n" LINKED_DEFANGED PGP_SIGNED(LINKED "- -----BEGIN PGP SIGNATURE-----\r\n" LINKED)
	      LINKED_DEFANGED,
	  "in what PGP has signed: 2" },
	{ "twice in the text",
	  FROM "\r\n" PGP_SIGNED(LINKED) LINKED PGP_SIGNED(LINKED),
	  { .links = LINKS_DEFANGED },
	  FROM "\r\n" PGP_SIGNED(LINKED) LINKED_DEFANGED PGP_SIGNED(LINKED),
	  "in what PGP has signed: 2" },
	{ "a part, with others beside it",
	  TYPED("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n",
		"--b\r\n" SIGNED "\r\n" SIGNED_BY("pkcs7-signature", LINKED, CMS) "--b\r\n\r\n" LINKED
										  "--b--\r\n"),
	  { .subject = TAG, .text = "!", .links = LINKS_DEFANGED },
	  TYPED("Subject: [EXTERNAL UCE] x\r\nContent-Type: multipart/mixed; boundary=b\r\n",
		"--b\r\n" SIGNED "\r\n" SIGNED_BY("pkcs7-signature", LINKED,
						  CMS) "--b\r\n\r\n!\r\n\r\n" LINKED_DEFANGED "--b--\r\n"),
	  "it is signed" },

	/* ---- what is only said to be ---- */
	{ "no signature is there",
	  TYPED(SIGNED, "--s\r\n\r\n" LINKED "--s--\r\n"),
	  { .links = LINKS_DEFANGED },
	  TYPED(SIGNED, "--s\r\n\r\n" LINKED_DEFANGED "--s--\r\n"),
	  NULL },
	{ "it is no signature",
	  TYPED(SIGNED, SIGNED_BY("pkcs7-signature", LINKED, "AAAA\r\n")),
	  { .links = LINKS_DEFANGED },
	  TYPED(SIGNED, SIGNED_BY("pkcs7-signature", LINKED_DEFANGED, "AAAA\r\n")),
	  NULL },
	{ "it is of another kind",
	  TYPED(SIGNED, SIGNED_BY("pgp-signature", LINKED, CMS)),
	  { .links = LINKS_DEFANGED },
	  TYPED(SIGNED, SIGNED_BY("pgp-signature", LINKED_DEFANGED, CMS)),
	  NULL },
	{ "more is there than is signed",
	  TYPED(SIGNED,
		"--s\r\nContent-Type: text/html\r\n\r\n<a href=https://a.example/>x</a>\r\n" SIGNED_BY(
		    "pkcs7-signature", LINKED, CMS)),
	  { .links = LINKS_DEFANGED },
	  TYPED(
	      SIGNED,
	      "--s\r\nContent-Type: text/html\r\n\r\n<a title=\"https[:]//a[.]example/\">x</a>\r\n" SIGNED_BY(
		  "pkcs7-signature", LINKED_DEFANGED, CMS)),
	  NULL },
	{ "nothing is encrypted",
	  TYPED("Subject: x\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; "
		"boundary=b\r\n",
		"--b\r\nContent-Type: text/plain\r\n\r\n" LINKED "--b--\r\n"),
	  { .subject = TAG, .links = LINKS_DEFANGED },
	  TYPED("Subject: [EXTERNAL UCE] x\r\nContent-Type: multipart/encrypted; "
		"protocol=\"application/pgp-encrypted\"; boundary=b\r\n",
		"--b\r\nContent-Type: text/plain\r\n\r\n" LINKED_DEFANGED "--b--\r\n"),
	  NULL },
	{ "a file beside it says so",
	  TYPED("Content-Type: multipart/mixed; boundary=b\r\n",
		"--b\r\n\r\n" LINKED "--b\r\nContent-Type: application/pkcs7-mime\r\n\r\nx\r\n--b--\r\n"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: multipart/mixed; boundary=b\r\n",
		"--b\r\n\r\n" LINKED_DEFANGED
		"--b\r\nContent-Type: application/pkcs7-mime\r\n\r\nx\r\n--b--\r\n"),
	  NULL },
	{ "PGP begins in the text, and does not end",
	  FROM "\r\n" LINKED "-----BEGIN PGP SIGNED MESSAGE-----\r\n" LINKED,
	  { .links = LINKS_DEFANGED },
	  FROM "\r\n" LINKED_DEFANGED "-----BEGIN PGP SIGNED MESSAGE-----\r\n" LINKED_DEFANGED,
	  NULL },
	{ "PGP ends with what is no signature",
	  FROM "\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n" LINKED PGP("SIGNATURE", "A"),
	  { .links = LINKS_DEFANGED },
	  FROM "\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n" LINKED_DEFANGED PGP("SIGNATURE", "A"),
	  NULL },
	{ "nor is what only some programs take for a signature",
	  TYPED("Content-Type: text/plain\r\nContent-Type: multipart/signed; boundary=b\r\n",
		"--b\r\n\r\n" LINKED "--b--\r\n"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/plain\r\nContent-Type: multipart/signed; boundary=b\r\n",
		"--b\r\n\r\nLook: https[:]//www[.]example[.]com/a?b=c.\r\n--b--\r\n"),
	  NULL },
	{ "a signed mail inside is no reason",
	  TYPED("Content-Type: multipart/mixed; boundary=b\r\n",
		"--b\r\n\r\nText\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: "
		"multipart/signed; boundary=c\r\n\r\n--c--\r\n--b--\r\n"),
	  { .text = "!" },
	  TYPED("Content-Type: multipart/mixed; boundary=b\r\n",
		"--b\r\n\r\n!\r\n\r\nText\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: "
		"multipart/signed; boundary=c\r\n\r\n--c--\r\n--b--\r\n"),
	  NULL },

	/* ---- links ---- */
	{ "plain, defanged",
	  FROM "\r\n" LINKED,
	  { .links = LINKS_DEFANGED },
	  FROM "\r\nLook: https[:]//www[.]example[.]com/a?b=c.\r\n",
	  "defanged: 1" },
	{ "plain, rewritten",
	  FROM "\r\n" LINKED "www.example.org\r\n",
	  { .links = LINKS_REWRITTEN },
	  FROM "\r\nLook: @.\r\n@\r\n",
	  "rewritten: 2" },
	{ "left by a pattern",
	  FROM "\r\n" LINKED,
	  { .links = LINKS_REWRITTEN, .ignore = "https://[a-z.]*\\.example\\.com/.*" },
	  NULL,
	  "ignore pattern: 1" },
	{ "an address in the charset of its text",
	  TYPED("Content-Type: text/html; charset=iso-8859-1\r\n", "<a href=http://b\xfc"
								   "cher.example/>http://b\xfc"
								   "cher.example/</a>"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html; charset=iso-8859-1\r\n",
		"<a title=\"http[:]//b&#252;cher[.]example/\">http[:]//b&#252;cher[.]example/</a>"),
	  NULL },
	{ "an address that is not in the charset of its text",
	  TYPED("Content-Type: text/plain; charset=utf-8\r\n", "\xc3\xbc http://b\xfc"
							       "cher.example/\r\n"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/plain; charset=utf-8\r\n", "\xc3\xbc http[:]//b\xc3\xbc"
							       "cher[.]example/\r\n"),
	  NULL },
	{ "no page to lead to",
	  FROM "\r\n" LINKED,
	  { .links = LINKS_REWRITTEN, .no_page = true },
	  NULL,
	  "http.click_url" },
	{ "addresses of HTML",
	  TYPED("Content-Type: text/html\r\n",
		"<a class=x href='https://a.example/?b=1&amp;c' title=t>a</a><map><area "
		"HREF=http://b.example></map><form action=\"//c.example/x\">"
		"<button formaction=https://d.example/>d</button></form><svg><a "
		"xlink:href=\"https://e.example\">"),
	  { .links = LINKS_REWRITTEN },
	  TYPED("Content-Type: text/html\r\n",
		"<a class=x href='@' title=t>a</a><map><area HREF=@></map><form action=\"@\">"
		"<button formaction=@>d</button></form><svg><a xlink:href=\"@\">"),
	  "rewritten: 5" },
	{ "what leads nowhere on the web",
	  TYPED("Content-Type: text/html\r\n",
		"<a href=cid:x>1</a><a href=\"mailto:a@b.example\">2</a><a href=tel:1>3</a><a "
		"href='#top'>4</a><a href>5</a><a href=javascript:x()>6</a>"
		"<link href=https://a.example/x.css><img src=https://a.example/x.png>"),
	  { .links = LINKS_REWRITTEN },
	  NULL,
	  NULL },
	{ "ours already",
	  TYPED("Content-Type: text/html\r\n", "<a href=\"" PAGE OURS "\">1</a>"),
	  { .links = LINKS_REWRITTEN },
	  NULL,
	  "already: 1" },
	{ "ours, of another mail",
	  TYPED("Content-Type: text/html\r\n", "<a href=\"" PAGE ANOTHERS "\">1</a>"),
	  { .links = LINKS_REWRITTEN },
	  TYPED("Content-Type: text/html\r\n", "<a href=\"@\">1</a>"),
	  "rewritten: 1" },
	{ "which is defanged as what it leads to",
	  TYPED("Content-Type: text/html\r\n", "<a href=\"" PAGE ANOTHERS "\">1</a>"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html\r\n", "<a title=\"https[:]//a[.]example/\">1</a>"),
	  NULL },
	{ "a host that only begins like ours",
	  TYPED("Content-Type: text/html\r\n", "<a href=\"" CLICK_URL ".evil.example/v1/x\">1</a>"),
	  { .links = LINKS_REWRITTEN },
	  TYPED("Content-Type: text/html\r\n", "<a href=\"@\">1</a>"),
	  NULL },
	{ "relative to a base that comes behind",
	  TYPED("Content-Type: text/html\r\n", "<a href=login>x</a><base href=\"https://a.example/b/\">"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html\r\n",
		"<a title=\"https[:]//a[.]example/b/login\">x</a><base href=\"https://a.example/b/\">"),
	  NULL },
	{ "relative to a base",
	  TYPED("Content-Type: text/html\r\n",
		"<base href=https://a.example/b/c?d><a href=login>1</a><a href=/x>2</a>"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html\r\n",
		"<base href=https://a.example/b/c?d><a title=\"https[:]//a[.]example/b/login\">1</a><a "
		"title=\"https[:]//a[.]example/x\">2</a>"),
	  NULL },
	{ "references in the address",
	  TYPED("Content-Type: text/html\r\n", "<a href=\"&#104;ttps&colon;//a.example/\">1</a>"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html\r\n", "<a title=\"https[:]//a[.]example/\">1</a>"),
	  NULL },
	{ "what is seen of a defanged link",
	  TYPED("Content-Type: text/html\r\n",
		"<a href=\"https://evil.example/\">https://www.bank.example/&amp;x</a> and www.bank.example"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html\r\n",
		"<a title=\"https[:]//evil[.]example/\">https[:]//www[.]bank[.]example/&#38;x</a> and "
		"www[.]bank[.]example"),
	  NULL },
	{ "what is seen of a rewritten link stays",
	  TYPED("Content-Type: text/html\r\n",
		"<a href=\"https://evil.example/\">https://www.bank.example/</a> see https://c.example/x, or "
		"not"),
	  { .links = LINKS_REWRITTEN },
	  TYPED("Content-Type: text/html\r\n", "<a href=\"@\">https://www.bank.example/</a> see <a "
					       "href=\"@\">https://c.example/x</a>, or not"),
	  "rewritten: 2" },
	{ "what Outlook reads in comments",
	  TYPED("Content-Type: text/html\r\n",
		"<!--[if mso]><v:roundrect href=\"https://a.example/\"><![endif]--><p>x"),
	  { .links = LINKS_REWRITTEN },
	  TYPED("Content-Type: text/html\r\n", "<!--[if mso]><v:roundrect href=\"@\"><![endif]--><p>x"),
	  NULL },
	{ "scripts and styles are no texts",
	  TYPED("Content-Type: text/html\r\n", "<style>@import "
					       "url(https://a.example/x)</style><script>'https://b.example/"
					       "'</script><title>https://c.example/</title>"),
	  { .links = LINKS_REWRITTEN },
	  NULL,
	  NULL },
	{ "quoted-printable, across a soft line break",
	  TYPED("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n",
		"<a href=3D\"https://a.exa=\r\nmple/\">x</a>\r\n"),
	  { .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n",
		"<a =\r\ntitle=3D\"https[:]//a[.]example/\"=\r\n>x</a>\r\n"),
	  NULL },
	{ "not in files",
	  TYPED(
	      "Content-Type: text/html; name=a.html\r\nContent-Disposition: attachment; filename=a.html\r\n",
	      "<a href=https://a.example/>x</a>"),
	  { .links = LINKS_DEFANGED },
	  NULL,
	  NULL },
	{ "text before links",
	  TYPED("Content-Type: text/html\r\n", "<a href=https://a.example/>x</a>"),
	  { .html = "!", .links = LINKS_DEFANGED },
	  TYPED("Content-Type: text/html\r\n", "!<a title=\"https[:]//a[.]example/\">x</a>"),
	  NULL },
};

/* The mail with "@" for each rewritten link. */
static struct str short_of(struct arena *a, struct str mail)
{
	struct str out = STR("");

	for (size_t at = 0; at < mail.n;) {
		size_t link = str_find(mail, STR(PAGE), at), end = link;
		out = ARENA_JOIN(a, out, str_sub(mail, at, link));
		if (link == SIZE_MAX)
			break;
		for (end += strlen(PAGE); end < mail.n && !strchr("\"' \r\n>,<", mail.p[end]); end++)
			;
		/* a full stop that ends a sentence */
		end -= mail.p[end - 1] == '.';
		bool ours = str_eq(str_sub(mail, link, end), STR(PAGE OURS));
		out = ARENA_JOIN(a, out, ours ? str_sub(mail, link, end) : STR("@"));
		at = end;
	}
	return out;
}

static void check_row(const struct row *row)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str raw = str_of(row->mail), want = str_of(row->want ? row->want : row->mail);
	struct edits e = bench_edit(a, raw, &row->what);
	bool noted = !row->note;

	if (!bench_is_sound(raw, &e))
		fail_msg("%s: the edits are not in order", row->name);
	struct str out = edit_apply(a, raw, &e.list), short_out = short_of(a, out);
	if (!str_eq(short_out, want))
		fail_msg("%s:\n%.*s\nexpected:\n%.*s", row->name, STR_ARG(short_out), STR_ARG(want));
	for (size_t i = 0; i < e.notes.n && !noted; i++)
		noted = str_find(e.notes.v[i], str_of(row->note), 0) != SIZE_MAX;
	if (!noted)
		fail_msg("%s: no note says \"%s\"", row->name, row->note);
	if (!bench_same_parts(a, raw, out))
		fail_msg("%s: it has other parts now", row->name);
	struct edits again = bench_edit(a, out, &row->what);
	if (again.list.n > 0)
		fail_msg("%s: doing it again gives\n%.*s", row->name,
			 STR_ARG(edit_apply(a, out, &again.list)));
	arena_free(&a);
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_row(&rows[i]);
}

/* A token in a mail is one that the page takes, and says where the link led, as a browser reads it. */
static void a_rewritten_link_is_read(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str raw =
	    STR(TYPED("Content-Type: text/html\r\n", "<a href=' HTTPS:\\\\a.example\\x&amp;y\n'>x</a>"));
	struct what w = { .links = LINKS_REWRITTEN };
	struct edits e = bench_edit(a, raw, &w);
	struct click c;

	(void)state;
	assert_int_equal(e.list.n, 1);
	struct str text = e.list.v[0].text;
	assert_true(str_starts(text, STR(PAGE)));
	assert_int_equal(click_read(a, SECRET, str_sub(text, strlen(PAGE), text.n), &c), OK);
	assert_true(str_eq(c.url, STR("HTTPS:\\\\a.example\\x&y")));
	assert_int_equal(c.index, 1);
	arena_free(&a);
}

/* What programs pass over in a text keeps nobody's links. */
static void odd_bytes_change_nothing(void **state)
{
	static const struct str rows_of_bytes[] = {
		STR_INIT("<a href=\"https://a.example/\">x</a>\0"),
		STR_INIT("\0<a href=\"https://a.example/\">x</a>"),
		STR_INIT("\xff\xfe<a href=\"https://a.example/\">x</a>"),
		STR_INIT("\033\016\xff<a href=\"https://a.example/\">x</a>"),
	};
	struct what w = { .html = "<p>!</p>", .links = LINKS_DEFANGED };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows_of_bytes); i++) {
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct str raw = ARENA_JOIN(a, STR(TYPED("Content-Type: text/html; charset=utf-8\r\n", "")),
					    rows_of_bytes[i]);
		struct edits e = bench_edit(a, raw, &w);
		struct str out = edit_apply(a, raw, &e.list);
		assert_true(bench_is_sound(raw, &e) && bench_same_parts(a, raw, out));
		assert_int_equal(str_find(out, STR("href"), 0), SIZE_MAX);
		assert_int_not_equal(str_find(out, STR("<p>!</p>"), 0), SIZE_MAX);
		assert_int_equal(bench_edit(a, out, &w).list.n, 0);
		arena_free(&a);
	}
}

/* A line that would become too long makes the part quoted-printable, in the charset that it has. */
static void lines_stay_short(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str body = STR("");
	struct what w = { .links = LINKS_REWRITTEN };

	(void)state;
	for (int i = 0; i < 9; i++)
		body = arena_printf(a, "%.*shttps://example.com/%d/%080d ", STR_ARG(body), i, i);
	struct str raw = arena_printf(
	    a, "%s\r\n\xff %.*s\r\n",
	    FROM "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n",
	    STR_ARG(body));
	struct edits e = bench_edit(a, raw, &w);
	struct str out = edit_apply(a, raw, &e.list);
	assert_true(bench_is_sound(raw, &e) && bench_same_parts(a, raw, out));
	assert_int_not_equal(
	    str_find(out, STR("charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n"), 0),
	    SIZE_MAX);
	assert_int_not_equal(str_find(out, STR("\r\n\r\n=FF "), 0), SIZE_MAX);
	for (size_t at = 0; at < out.n;) {
		size_t lf = str_find_char(out, '\n', at), end = lf == SIZE_MAX ? out.n : lf;
		assert_true(end - at <= 78);
		at = end + 1;
	}
	assert_int_equal(bench_edit(a, out, &w).list.n, 0);
	arena_free(&a);
}

/* A link that is too long for a request line is made harmless. */
static void very_long_links_are_defanged(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str raw = arena_printf(a, "%s\r\n<a href=\"https://a.example/%05000d\">x</a>",
				      FROM "Content-Type: text/html\r\n", 1);
	struct what w = { .links = LINKS_REWRITTEN };
	struct edits e = bench_edit(a, raw, &w);
	struct str out = edit_apply(a, raw, &e.list);

	(void)state;
	assert_int_equal(str_find(out, STR("href"), 0), SIZE_MAX);
	assert_int_not_equal(str_find(out, STR("<a title=\"https[:]//a[.]example/000"), 0), SIZE_MAX);
	arena_free(&a);
}

static struct edits edit_links(struct arena *a, int n, const char *text, bool good, struct str *raw)
{
	struct what w = { .subject = TAG, .text = text, .links = LINKS_REWRITTEN, .good = good };
	struct buf b;

	buf_init(&b, 16u << 20);
	buf_add_c(&b, FROM "Subject: x\r\n\r\n");
	for (int i = 0; i < n; i++)
		buf_printf(&b, "https://example.com/%d\r\n", i);
	*raw = arena_str(a, buf_str(&b));
	buf_free(&b);
	struct edits e = bench_edit(a, *raw, &w);
	assert_true(bench_is_sound(*raw, &e));
	return e;
}

/*
 * Thousands of links are one piece; what would need more room than there is stays as it is, and the rest is changed: what stands
 * at the beginning, too.
 */
static void there_is_an_end(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str raw;

	(void)state;
	struct edits e = edit_links(a, 5000, NULL, false, &raw);
	assert_int_equal(e.list.n, 4);
	assert_int_equal(str_find(edit_apply(a, raw, &e.list), STR("example.com"), 0), SIZE_MAX);
	e = edit_links(a, 50000, NULL, true, &raw);
	assert_int_equal(e.list.n, 1);
	assert_true(str_eq(e.notes.v[1], STR("a text is too large to be changed")));
	e = edit_links(a, 50000, "Careful", true, &raw);
	assert_int_equal(e.list.n, 2);
	assert_true(str_eq(e.list.v[1].text, STR("Careful\r\n\r\n")));
	e = edit_links(a, 50000, "Careful", false, &raw);
	assert_int_equal(e.list.n, 2);
	assert_true(str_ends(e.list.v[1].text, STR("attachment; filename=message.txt\r\n")));
	arena_free(&a);
}

/* A text that cannot be changed, and what its fields become where the mail is bad. */
static void what_cannot_be_changed_is_attached(void **state)
{
	static const struct {
		const char *name, *head, *fields; /* fields: what they become */
		size_t padding;
	} cases[] = {
		{ "an encoding that is none",
		  FROM "MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: x-odd\r\n",
		  "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: "
		  "x-odd\r\n"
		  "Content-Disposition: attachment; filename=message.html\r\n\r\n",
		  0 },
		{ "uuencode", FROM "Content-Transfer-Encoding: x-uuencode\r\n",
		  "Content-Transfer-Encoding: x-uuencode\r\nMIME-Version: 1.0\r\nContent-Type: "
		  "application/octet-stream\r\nContent-Disposition: attachment; filename=message.txt\r\n\r\n",
		  0 },
		{ "a charset that nobody knows",
		  FROM "MIME-Version: 1.0\r\nContent-Disposition: inline\r\nContent-Type: text/plain;\r\n "
		       "charset=utf-7\r\n"
		       "Content-Type: text/html; charset=hz-none\r\n",
		  "MIME-Version: 1.0\r\nContent-Disposition: attachment; "
		  "filename=message.txt\r\nContent-Type: "
		  "application/octet-stream\r\nContent-Type: application/octet-stream\r\n\r\n",
		  0 },
		{ "padding", FROM "MIME-Version: 1.0\r\nContent-Type: text/html\r\n",
		  "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
		  "Content-Disposition: attachment; filename=message.html\r\n\r\n",
		  LIMIT_TEXT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		char *padding = arena_alloc(a, cases[i].padding + 1);
		memset(padding, ' ', cases[i].padding);
		struct str body = ARENA_JOIN(a, str_from(padding, cases[i].padding),
					     STR("<a href=https://a.example/>x</a>\r\n"));
		struct str raw = ARENA_JOIN(a, str_of(cases[i].head), STR("\r\n"), body);
		struct what w = { .html = "!", .text = "!", .links = LINKS_DEFANGED };
		struct edits e = bench_edit(a, raw, &w);
		struct str out = edit_apply(a, raw, &e.list);
		assert_true(bench_is_sound(raw, &e));
		if (!str_eq(out, ARENA_JOIN(a, STR(FROM), str_of(cases[i].fields), body)))
			fail_msg("%s:\n%.*s", cases[i].name, (int)(out.n < 600 ? out.n : 600), out.p);
		assert_true(
		    str_starts(e.notes.v[e.notes.n - 1], STR("a text is attached instead of shown: ")));
		assert_int_equal(bench_edit(a, out, &w).list.n, 0);
		w.good = true;
		e = bench_edit(a, raw, &w);
		assert_int_equal(e.list.n, 0);
		assert_true(str_starts(e.notes.v[e.notes.n - 1], STR("a text is left as it is: ")));
		arena_free(&a);
	}
}

/* Whoever uses up the room for changes gains no text that is shown as it came. */
static void room_is_left_to_attach(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct what w = { .links = LINKS_DEFANGED };
	struct buf b;

	(void)state;
	buf_init(&b, 16u << 20);
	buf_add_c(&b, TYPED("Content-Type: multipart/mixed; boundary=b\r\n", ""));
	for (int part = 0; part < 9; part++) {
		buf_add_c(&b, "--b\r\n\r\n");
		for (int i = 0; i < 900; i++)
			buf_printf(&b, "https://example.com/%d/\r\n", i);
	}
	buf_add_c(&b, "--b--\r\n");
	struct str raw = arena_str(a, buf_str(&b));
	buf_free(&b);
	struct edits e = bench_edit(a, raw, &w);
	assert_true(bench_is_sound(raw, &e));
	struct mime_tree *mail = mime_parse(a, edit_apply(a, raw, &e.list));
	assert_int_equal(mail->n, 10);
	for (size_t i = 1; i < mail->n; i++)
		assert_true(mail->v[i]->disposition == DISPOSITION_ATTACHMENT ||
			    str_find(mime_part_body(mail->v[i]), STR("https:"), 0) == SIZE_MAX);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(a_rewritten_link_is_read),
		cmocka_unit_test(lines_stay_short),
		cmocka_unit_test(very_long_links_are_defanged),
		cmocka_unit_test(there_is_an_end),
		cmocka_unit_test(odd_bytes_change_nothing),
		cmocka_unit_test(what_cannot_be_changed_is_attached),
		cmocka_unit_test(room_is_left_to_attach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
