/*
 * The interface of mailboxes from the command line, for system tests: one person's mailbox, open as long as it runs.
 *
 *	mailbox_tool --provider imap --server 127.0.0.1:143 --security PLAINTEXT --user master --secret x --address ann@a.test
 *
 * Each line of the input is a verb and its words, divided by tabs ("\n" in a word is a line feed); each is answered by a line,
 * a JSON object whose `error` is the name of the code and `trouble` what the fault says. The first line is about opening.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "json/write.h"
#include "mailbox/mailbox.h"
#include "mailbox/token.h"
#include "model/integration.h"

#define ARENA (512u << 20)
#define LINE_MAX_BYTES (1u << 20)
#define WORDS 8
#define WITHIN_MS 20000

struct tool {
	struct arena *a;
	struct mailbox_tools tools;
	struct integration integration;
	struct mailbox_login login;
	struct mailbox_site site;
	struct str address;
	struct mailbox *m;
	struct strs words; /* of the line; [0] is the verb */
	struct mailbox_fault fault;
	struct buf out;
};

/* ---- answers ---- */

static void say_key(struct buf *b, const char *key)
{
	buf_printf(b, ",\"%s\":", key);
}

static void say_str(struct buf *b, const char *key, struct str s)
{
	say_key(b, key);
	json_str(b, s);
}

static void say_int(struct buf *b, const char *key, int64_t n)
{
	say_key(b, key);
	json_int(b, n);
}

static void say_place(struct buf *b, const struct mail_place *p)
{
	say_str(b, "folder", p->folder);
	say_str(b, "id", p->id);
}

static void say_marks(struct buf *b, const struct mail_marks *m)
{
	say_str(b, "flags", m->flags);
	say_int(b, "received_us", m->received_us);
}

static void say_items(struct buf *b, const struct mail_items *items)
{
	say_key(b, "items");
	for (size_t i = 0; i < items->n; i++) {
		const struct mail_item *item = &items->v[i];
		buf_printf(b, "%s{\"size\":%lld", i ? "," : "[", (long long)item->size);
		say_place(b, &item->place);
		say_marks(b, &item->marks);
		say_str(b, "message_id", item->message_id);
		buf_add_char(b, '}');
	}
	buf_add_c(b, items->n ? "]" : "[]");
}

static void answer(struct tool *t, enum err e)
{
	struct str rest = buf_str(&t->out);

	printf("{\"error\":\"%s\",\"trouble\":\"%s\"", err_name(e),
	       enum_text(&mailbox_trouble_names, (int)t->fault.what).p);
	if (e) {
		struct buf text;
		buf_init(&text, 65536);
		say_str(&text, "text", str_of(t->fault.text.text));
		say_int(&text, "retry_after_ms", t->fault.retry_after_ms);
		printf("%.*s}\n", STR_ARG(buf_str(&text)));
		buf_free(&text);
	} else {
		printf("%.*s}\n", STR_ARG(rest));
	}
	fflush(stdout);
}

/* ---- verbs ---- */

static deadline_ms soon(void)
{
	return clock_mono_ms() + WITHIN_MS;
}

static struct str word(const struct tool *t, size_t i)
{
	return i < t->words.n ? t->words.v[i] : STR_NONE;
}

static int64_t number(const struct tool *t, size_t i)
{
	int64_t n = 0;

	return str_to_i64(word(t, i), &n) ? 0 : n;
}

static struct mail_place place(const struct tool *t)
{
	return (struct mail_place){ word(t, 1), word(t, 2) };
}

static enum err do_find(struct tool *t)
{
	struct mail_items items;
	enum err e = mailbox_find(t->m, t->a, word(t, 1), soon(), &items, &t->fault);

	say_items(&t->out, &items);
	return e;
}

/* folder, cursor, since_us ("now"), most */
static enum err do_changes(struct tool *t)
{
	int folder = enum_value(&scan_folder_names, word(t, 1));
	int64_t since_us = str_eq(word(t, 3), STR("now")) ? INT64_MAX : number(t, 3);
	struct mailbox_changes c;
	enum err e = mailbox_changes(t->m, t->a, (enum scan_folder)folder, word(t, 2), since_us,
				     (size_t)number(t, 4), soon(), &c, &t->fault);

	say_items(&t->out, &c.items);
	say_str(&t->out, "cursor", c.cursor);
	say_key(&t->out, "more");
	json_bool(&t->out, c.more);
	return e;
}

/* milliseconds; says how long it took */
static enum err do_wait(struct tool *t)
{
	int64_t began = clock_mono_ms();
	enum err e = mailbox_wait(t->m, began + number(t, 1), &t->fault);

	say_int(&t->out, "waited_ms", clock_mono_ms() - began);
	return e;
}

static enum err do_fetch(struct tool *t)
{
	struct mail_place at = place(t);
	struct mail_marks marks = { 0 };
	struct str bytes = STR_NONE;
	enum err e = mailbox_fetch(t->m, t->a, &at, soon(), &bytes, &marks, &t->fault);
	FILE *f = e ? NULL : fopen(arena_str(t->a, word(t, 3)).p, "wb");

	if (f && (fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f)))
		abort();
	say_marks(&t->out, &marks);
	return e;
}

static enum err do_folders(struct tool *t)
{
	struct mail_folders folders;
	enum err e = mailbox_folders(t->m, t->a, soon(), &folders, &t->fault);

	for (int i = 0; i < MAILBOX_DESTINATIONS; i++)
		say_str(&t->out, enum_text(&destination_names, i).p, folders.v[i]);
	return e;
}

static enum err do_move(struct tool *t)
{
	struct mail_place from = place(t), to;
	int destination = enum_value(&destination_names, word(t, 3));
	enum err e = mailbox_move(t->m, t->a, &from, (enum destination)destination, soon(), &to, &t->fault);

	say_place(&t->out, &to);
	return e;
}

static enum err do_move_back(struct tool *t)
{
	struct mail_place from = place(t), to;
	enum err e = mailbox_move_back(t->m, t->a, &from, word(t, 3), soon(), &to, &t->fault);

	say_place(&t->out, &to);
	return e;
}

static enum err do_delete(struct tool *t)
{
	struct mail_place at = place(t), to;
	enum err e = mailbox_delete(t->m, t->a, &at, soon(), &to, &t->fault);

	say_place(&t->out, &to);
	return e;
}

static struct str read_file(struct arena *a, struct str path)
{
	FILE *f = fopen(arena_str(a, path).p, "rb");
	struct buf b;

	buf_init(&b, 128u << 20);
	if (!f)
		abort();
	for (size_t n = 1; n;) {
		char *to = buf_reserve(&b, 65536);
		n = to ? fread(to, 1, 65536, f) : 0;
		buf_grew(&b, n);
	}
	fclose(f);
	struct str s = arena_str(a, buf_str(&b));
	buf_free(&b);
	return s;
}

/* file, flags, received_us, folder */
static enum err do_restore(struct tool *t)
{
	struct mail_marks marks = { .flags = word(t, 2), .received_us = number(t, 3) };
	struct mail_place to;
	enum err e = mailbox_restore(t->m, t->a, read_file(t->a, word(t, 1)), &marks, word(t, 4), soon(), &to,
				     &t->fault);

	say_place(&t->out, &to);
	return e;
}

static enum err do_people(struct tool *t)
{
	struct strs people;
	enum err e = mailbox_people(&t->site, t->a, 1000, soon(), &people, &t->fault);

	say_key(&t->out, "people");
	for (size_t i = 0; i < people.n; i++) {
		buf_add_char(&t->out, i ? ',' : '[');
		json_str(&t->out, people.v[i]);
	}
	buf_add_c(&t->out, people.n ? "]" : "[]");
	return e;
}

static enum err do_broken(struct tool *t)
{
	say_key(&t->out, "broken");
	json_bool(&t->out, mailbox_is_broken(t->m));
	return OK;
}

static const struct {
	const char *name;
	enum err (*run)(struct tool *t);
} verbs[] = {
	{ "find", do_find },       { "changes", do_changes },  { "wait", do_wait },
	{ "fetch", do_fetch },     { "move", do_move },        { "move_back", do_move_back },
	{ "delete", do_delete },   { "restore", do_restore },  { "people", do_people },
	{ "folders", do_folders }, { "is_broken", do_broken },
};

static void run_line(struct tool *t, struct str line)
{
	for (size_t at = 0, tab; at <= line.n; at = tab == SIZE_MAX ? line.n + 1 : tab + 1) {
		tab = str_find_char(line, '\t', at);
		struct str piece = str_sub(line, at, tab), clean = arena_str(t->a, STR_NONE);
		for (size_t nl; (nl = str_find(piece, STR("\\n"), 0)) != SIZE_MAX;) {
			clean = ARENA_JOIN(t->a, clean, str_sub(piece, 0, nl), STR("\n"));
			piece = str_sub(piece, nl + 2, piece.n);
		}
		ARENA_PUSH(t->a, &t->words, ARENA_JOIN(t->a, clean, piece));
	}
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (str_eq(word(t, 0), str_of(verbs[i].name))) {
			enum err e = verbs[i].run(t);
			answer(t, e);
			return;
		}
	fprintf(stderr, "unknown verb: %.*s\n", STR_ARG(line));
	exit(2);
}

/* ---- options ---- */

static void set_enum(uint64_t *has, uint64_t bit, int *to, const struct enumtab *names, struct str value)
{
	*to = enum_value(names, value);
	*has |= bit;
	if (*to < 0) {
		fprintf(stderr, "no %s: %.*s\n", names->name, STR_ARG(value));
		exit(2);
	}
}

static void take_option(struct tool *t, const char *name, struct str value)
{
	struct integration *i = &t->integration;
	const struct {
		const char *name;
		struct str *to;
		uint64_t *has, bit;
	} texts[] = {
		{ "--server", &i->server, &i->has, FIELD_BIT(integration, server) },
		{ "--user", &i->user, &i->has, FIELD_BIT(integration, user) },
		{ "--tenant", &i->tenant_id, &i->has, FIELD_BIT(integration, tenant_id) },
		{ "--admin", &i->admin, &i->has, FIELD_BIT(integration, admin) },
		{ "--token-url", &i->token_url, &i->has, FIELD_BIT(integration, token_url) },
		{ "--scope", &i->scope, &i->has, FIELD_BIT(integration, scope) },
		{ "--own-user", &t->login.user, &t->login.has, FIELD_BIT(mailbox_login, user) },
		{ "--own-password", &t->login.password, &t->login.has, FIELD_BIT(mailbox_login, password) },
	};

	for (size_t k = 0; k < ARRAY_LEN(texts); k++)
		if (!strcmp(name, texts[k].name)) {
			*texts[k].to = value;
			*texts[k].has |= texts[k].bit;
			return;
		}
	if (!strcmp(name, "--address"))
		t->address = value;
	else if (!strcmp(name, "--secret"))
		t->site.secret = value;
	else if (!strcmp(name, "--secret-file"))
		t->site.secret = read_file(t->a, value);
	else if (!strcmp(name, "--authorities"))
		t->tools.authorities = read_file(t->a, value);
	else if (!strcmp(name, "--provider"))
		set_enum(&i->has, FIELD_BIT(integration, provider), &i->provider, &mailbox_provider_names,
			 value);
	else if (!strcmp(name, "--security"))
		set_enum(&i->has, FIELD_BIT(integration, security), &i->security, &mailbox_security_names,
			 value);
	else if (!strcmp(name, "--login"))
		set_enum(&i->has, FIELD_BIT(integration, login), &i->login, &mailbox_login_kind_names, value);
	else {
		fprintf(stderr, "unknown option: %s\n", name);
		exit(2);
	}
}

static void set_up(struct tool *t, int argc, char **argv)
{
	struct errbuf eb = { "" };
	struct dns_options dns = { .local_data = STR("localhost. IN A 127.0.0.1") };

	t->a = arena_new(ARENA, NULL, NULL);
	buf_init(&t->out, 64u << 20);
	t->site = (struct mailbox_site){ .tools = &t->tools, .integration = &t->integration };
	t->tools.allow_private = true;
	t->tools.tokens = tokens_new();
	for (int i = 1; i + 1 < argc; i += 2)
		take_option(t, argv[i], str_of(argv[i + 1]));
	if (dns_new(&dns, &t->tools.dns, &eb) ||
	    tls_verifier_new(t->tools.authorities, &t->tools.verifier, &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct tool t;
	static char line[LINE_MAX_BYTES];

	set_up(&t, argc, argv);
	enum err e = mailbox_open(&t.site, t.address, t.login.has ? &t.login : NULL, soon(), &t.m, &t.fault);
	answer(&t, e);
	while (!e && fgets(line, sizeof(line), stdin)) {
		struct arena_mark mark = arena_mark(t.a);
		buf_clear(&t.out);
		t.words = (struct strs){ 0 };
		t.fault = (struct mailbox_fault){ 0 };
		run_line(&t, str_sub(str_of(line), 0, strcspn(line, "\n")));
		arena_rewind(t.a, mark);
	}
	mailbox_close(&t.m);
	tls_unref(&t.tools.verifier);
	dns_free(&t.tools.dns);
	tokens_free(&t.tools.tokens);
	buf_free(&t.out);
	arena_free(&t.a);
	return 0;
}
