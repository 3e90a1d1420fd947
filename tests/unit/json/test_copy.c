/* Stored objects shown without being read: the same text as reading and writing gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "json/copy.h"
#include "json/read.h"
#include "model/allow_policy.h"
#include "model/domain.h"
#include "model/message.h"

#define POLICY                                                                               \
	"{\"id\":[\"0f8fad5b-d9cb-469f-a165-70867728950e\",2401],\"pattern\":\"a.example\"," \
	"\"pattern_type\":\"DOMAIN\",\"is_regex\":false,\"is_trusted_sender\":true,"         \
	"\"is_acceptable_sender\":false,\"is_exempt_recipient\":false,\"verify_sender\":true"

static const struct json_write uuids = { .audience = JSON_FOR_API };
static const struct json_write integers = { .audience = JSON_FOR_API, .integer_ids = true };

struct row_case {
	const char *name, *text;
	const struct fieldtab *fields;
	size_t size;
};

static const struct row_case rows[] = {
	{ "policy", POLICY ",\"comments\":null}", &allow_policy_fields, sizeof(struct allow_policy) },
	{ "times",
	  POLICY ",\"code_bytes\":7,\"created_at\":\"2024-01-05T10:00:00.000001Z\","
		 "\"modified_at\":\"2024-01-06T10:00:00.000000Z\"}",
	  &allow_policy_fields, sizeof(struct allow_policy) },
	{ "escapes", POLICY ",\"comments\":\"\\\"}\\\\ ],\\u0001 gr\303\274\303\237e\"}",
	  &allow_policy_fields, sizeof(struct allow_policy) },
	{ "empty message", "{}", &message_fields, sizeof(struct message) },
	{ "objects",
	  "{\"sent_at\":\"2024-01-05T10:00:00.500000Z\",\"action_log\":[{\"operation\":\"MOVE\",\"completed_"
	  "at\":"
	  "\"2024-01-05T10:00:00.000000Z\",\"properties\":{\"folder\":\"Inbox\",\"service\":\"x\"},"
	  "\"success\":true},"
	  "{\"operation\":\"PREVIEW\"}],\"client_recipients\":[\"a@b.example\",\"]\"],\"properties\":"
	  "{\"allowlisted_pattern\":\"{\",\"allowlisted_pattern_type\":\"allowed_sender\"},\"delivery_"
	  "status\":"
	  "[\"delivered\",\"moved\"],\"cc\":[\"hidden@b.example\"],\"subject\":\"a\",\"findings\":[{\"name\":"
	  "\"x\","
	  "\"score\":0.25,\"offset\":12},{}],\"validation\":{\"spf\":\"pass\"}}",
	  &message_fields, sizeof(struct message) },
	{ "empty objects", "{\"properties\":{},\"findings\":[{}],\"validation\":{}}", &message_fields,
	  sizeof(struct message) },
	{ "no objects", "{\"findings\":null,\"validation\":null}", &message_fields, sizeof(struct message) },
	{ "only what is hidden", "{\"cc\":[\"a@b.example\"],\"findings\":[{\"offset\":1,\"length\":2}]}",
	  &message_fields, sizeof(struct message) },
	{ "hidden in between",
	  "{\"to\":[\"a@b.example\"],\"cc\":[\"a@b.example\"],\"subject\":\"a\",\"findings\":[{\"value\":"
	  "\"x\","
	  "\"offset\":1},{\"name\":\"y\"}],\"x_originating_ip\":\"192.0.2.1\"}",
	  &message_fields, sizeof(struct message) },
	{ "an older name far from the newer one",
	  "{\"properties\":{\"allowlisted_pattern_type\":\"allowed_sender\",\"blocklisted_message\":true}}",
	  &message_fields, sizeof(struct message) },
	{ "empty lists", "{\"action_log\":[],\"client_recipients\":[],\"findings\":[]}", &message_fields,
	  sizeof(struct message) },
};

static void check(struct arena *a, const struct row_case *c, const struct json_write *how)
{
	struct buf want, got;
	void *obj = arena_zalloc(a, c->size);

	buf_init(&want, 1 << 20);
	buf_init(&got, 1 << 20);
	assert_int_equal(json_text_read(a, c->fields, str_of(c->text), JSON_STORED, obj, NULL), OK);
	json_object_write(&want, c->fields, obj, how);
	buf_add(&got, STR("["));
	assert_int_equal(json_stored_write(&got, c->fields, str_of(c->text), NULL, 0, how), OK);
	if (!str_eq(str_sub(buf_str(&got), 1, got.n), buf_str(&want)))
		fail_msg("%s:\n%.*s, want\n%.*s", c->name, STR_ARG(buf_str(&got)), STR_ARG(buf_str(&want)));
	buf_free(&want);
	buf_free(&got);
}

static void is_what_reading_and_writing_gives(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check(a, &rows[i], &uuids);
		check(a, &rows[i], &integers);
	}
	arena_free(&a);
}

/* Quotes and backslashes at every place of a word of eight bytes, beside bytes that are not ASCII. */
static void strings_end_where_they_end(void **state)
{
	static const char *const inside[] = { "", "\\\"", "\\\\", "\303\274", "\\\"\303\274\\\\" };
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		for (int before = 0; before < 17; before++) {
			struct str text =
			    arena_printf(a, "{\"subject\":\"%.*s%s\",\"message_id\":\"%.*s\"}", before,
					 "aaaaaaaaaaaaaaaaa", inside[i], before, "bbbbbbbbbbbbbbbbb");
			const struct row_case c = { "string", text.p, &message_fields,
						    sizeof(struct message) };
			check(a, &c, &uuids);
		}
	}
	arena_free(&a);
}

/* Every row cut anywhere, and rows of other programs: nothing is appended. */
static void rows_of_others_are_left_alone(void **state)
{
	static const char *const others[] = {
		"",
		"[]",
		"null",
		"{}",
		"{\"pattern\":\"required fields are missing\"}",
		"{\"unknown\":1,"
		"\"pattern\":\"a\"}",
		POLICY ",\"is_regex\":true}",
		POLICY ",\"created_at\":}",
		POLICY " }",
		POLICY ",\"comments\":[}",
		POLICY ",\"comments\":]}",
		POLICY "}}",
		POLICY "} ",
		POLICY ",\"is_recipient\":true}",
	};
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (json_stored_write(&b, &allow_policy_fields, str_of(others[i]), NULL, 0, &uuids) !=
			ERR_SYNTAX ||
		    b.n)
			fail_msg("%s", others[i]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str whole = str_of(rows[i].text);
		for (size_t n = 0; n < whole.n; n++) {
			/* A copy of its own, so that a sanitizer sees what reads on. */
			struct buf cut;
			buf_init(&cut, whole.n + 1);
			buf_add(&cut, str_sub(whole, 0, n));
			assert_int_equal(
			    json_stored_write(&b, rows[i].fields, buf_str(&cut), NULL, 0, &uuids),
			    ERR_SYNTAX);
			assert_int_equal(b.n, 0);
			buf_free(&cut);
		}
	}
	buf_free(&b);
}

static void some_fields_may_come_from_elsewhere(void **state)
{
	struct message over = { 0 };
	uint64_t bits = FIELD_BIT(message, id) | FIELD_BIT(message, alert_id) |
			FIELD_BIT(message, scanned_at) | FIELD_BIT(message, action_log);
	struct buf b;

	(void)state;
	SET(&over, message, id, STR("1-\"2"));
	SET(&over, message, scanned_at, INT64_C(1704448800000000));
	buf_init(&b, 1 << 20);
	assert_int_equal(json_stored_write(&b, &message_fields, str_of(rows[4].text), &over, bits, &uuids),
			 OK);
	assert_true(str_starts(
	    buf_str(&b),
	    STR("{\"id\":\"1-\\\"2\",\"postfix_id\":\"\",\"alert_id\":null,"
		"\"scanned_at\":\"2024-01-05T10:00:00.000000Z\",\"ts\":\"2024-01-05T10:00:00\","
		"\"sent_at\":\"2024-01-05T10:00:00.500000Z\",\"sent_date\":\"2024-01-05T10:00:00\","
		"\"action_log\":[],\"client_recipients\":[\"a@b.example\",")));
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_reading_and_writing_gives),
		cmocka_unit_test(strings_end_where_they_end),
		cmocka_unit_test(rows_of_others_are_left_alone),
		cmocka_unit_test(some_fields_may_come_from_elsewhere),
	};

	return cmocka_run_group_tests_name("json/copy", tests, NULL, NULL);
}
