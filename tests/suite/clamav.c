/*
 * Harmless test files for virus scanners in many containers: each must show the program inside by its type, or by the name
 * of a member, or be told as one that cannot be looked into.
 */
#include "base/base64.h"
#include "file/name.h"
#include "mime/content.h"
#include "suite.h"

static bool is_told(const struct mime_attachment *at)
{
	return magic_kind(at->magic) == NAME_PROGRAM ||
	       (at->container && name_kind(at->name) == NAME_PROGRAM) ||
	       file_has(at->inside, TRAIT_ENCRYPTED) || file_has(at->inside, TRAIT_UNREADABLE);
}

static void check(struct suite *s, struct arena *a, struct str path, struct str bytes)
{
	struct str mail = ARENA_JOIN(
	    a, STR("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"),
	    STR("Content-Disposition: attachment; filename=\""), path, STR("\"\r\n\r\n"),
	    base64_encode(a, bytes));
	const struct mime_content *c = content_extract(a, mime_parse(a, mail));
	bool told = false;

	for (size_t i = 0; i < c->attachments.n; i++)
		told |= is_told(&c->attachments.v[i]);
	suite_case(s, told, path, "%zu attachments, none of them a program", c->attachments.n);
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, "");

	for (size_t i = 0; i < files.n; i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		struct str bytes;
		if (suite_read(s, a, files.v[i], &bytes))
			check(s, a, files.v[i], bytes);
		arena_free(&a);
	}
}

int main(void)
{
	return suite_main("clamav", run);
}
