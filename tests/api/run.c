/* Runs exchange files (README.md beside this): one TAP line for each exchange. */
#include "run.h"

#include "base/abnf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct exchange {
	struct str name;
	struct str request_line;
	struct strs headers;
	struct str body;
	unsigned status;
	struct strs want_headers;
	struct str want_body;
	struct strs keep; /* "name = /pointer" */
};

static struct str read_file(struct arena *a, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p;

	if (fd < 0 || fstat(fd, &st)) {
		perror(path);
		exit(1);
	}
	p = arena_alloc(a, (size_t)st.st_size + 1);
	ssize_t n = read(fd, p, (size_t)st.st_size);
	close(fd);
	return (struct str){ p, n > 0 ? (size_t)n : 0 };
}

static struct str next_line(struct str *rest)
{
	size_t end = str_find_char(*rest, '\n', 0);
	struct str line = str_sub(*rest, 0, end);

	*rest = end == SIZE_MAX ? STR_NONE : str_sub(*rest, end + 1, rest->n);
	return line;
}

static bool next_exchange(struct place *p, struct str *rest, struct exchange *x)
{
	enum { BEFORE, HEADERS, BODY, WANT_HEADERS, WANT_BODY } at = BEFORE;
	*x = (struct exchange){ 0 };
	struct str ahead = *rest;

	while (ahead.n) {
		struct str line = next_line(&ahead);
		if (str_starts(line, STR("### "))) {
			if (at != BEFORE)
				break;
			x->name = str_sub(line, 4, line.n);
			x->request_line = next_line(&ahead);
			at = HEADERS;
		} else if (str_starts(line, STR("--- "))) {
			uint64_t status;
			if (str_to_u64(str_trim(str_sub(line, 4, line.n)), 999, &status))
				exit(1);
			x->status = (unsigned)status;
			at = WANT_HEADERS;
		} else if (str_starts(line, STR("=== "))) {
			ARENA_PUSH(p->arena, &x->keep, str_sub(line, 4, line.n));
		} else if (at == HEADERS && line.n) {
			ARENA_PUSH(p->arena, &x->headers, line);
		} else if (at == WANT_HEADERS && line.n) {
			ARENA_PUSH(p->arena, &x->want_headers, line);
		} else if (at == HEADERS) {
			at = BODY;
		} else if (at == WANT_HEADERS) {
			at = WANT_BODY;
		} else if (at == BODY) {
			x->body = arena_printf(p->arena, "%.*s%.*s", STR_ARG(x->body), STR_ARG(line));
		} else if (at == WANT_BODY) {
			x->want_body =
			    arena_printf(p->arena, "%.*s%.*s", STR_ARG(x->want_body), STR_ARG(line));
		}
		*rest = ahead;
	}
	return at != BEFORE;
}

static struct str header_of(const struct strs *headers, struct str name)
{
	struct reply a = { .headers = STR_NONE };

	for (size_t i = 0; i < headers->n; i++) {
		a.headers = headers->v[i];
		struct str v = reply_header(&a, name);
		if (v.p)
			return v;
	}
	return STR_NONE;
}

/* Two digits are a byte. */
static struct str from_hex(struct place *p, struct str digits)
{
	char *to = arena_alloc(p->arena, digits.n / 2);

	for (size_t i = 0; i < digits.n / 2; i++)
		to[i] = (char)(abnf_hex_value((unsigned char)digits.p[2 * i]) << 4 |
			       abnf_hex_value((unsigned char)digits.p[2 * i + 1]));
	return str_from(to, digits.n / 2);
}

static struct str repeated(struct place *p, const struct exchange *x)
{
	struct str times = header_of(&x->headers, STR("Body-Repeat"));
	uint64_t n = 1;
	struct buf b;

	if (header_of(&x->headers, STR("Body-Hex")).p)
		return from_hex(p, x->body);
	if (!times.p)
		return x->body;
	if (str_to_u64(times, 100000000, &n))
		exit(1);
	buf_init(&b, 128u << 20);
	for (uint64_t i = 0; i < n; i++)
		buf_add(&b, x->body);
	struct str all = arena_str(p->arena, buf_str(&b));
	buf_free(&b);
	return all;
}

static struct str request_text(struct place *p, const struct exchange *x)
{
	static const struct str pseudo[] = { STR_INIT("Anonymous:"), STR_INIT("Body-Repeat:"),
					     STR_INIT("Body-Hex:"), STR_INIT("Content-Type: -") };
	struct str body = variables_fill(p, repeated(p, x));
	bool length = header_of(&x->headers, STR("Content-Length")).p ||
		      header_of(&x->headers, STR("Transfer-Encoding")).p;
	struct buf b;

	buf_init(&b, 160u << 20);
	buf_printf(&b, "%.*s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n", STR_ARG(x->request_line));
	for (size_t i = 0; i < x->headers.n; i++) {
		bool sent = true;
		for (size_t k = 0; k < ARRAY_LEN(pseudo); k++)
			sent = sent && !str_starts(x->headers.v[i], pseudo[k]);
		if (sent)
			buf_printf(&b, "%.*s\r\n", STR_ARG(x->headers.v[i]));
	}
	if (!header_of(&x->headers, STR("Authorization")).p &&
	    !header_of(&x->headers, STR("X-Auth-Email")).p && !header_of(&x->headers, STR("X-Auth-Key")).p &&
	    !header_of(&x->headers, STR("Anonymous")).p)
		buf_add_c(&b, "Authorization: Bearer {writer}\r\n");
	if (body.n && !header_of(&x->headers, STR("Content-Type")).p)
		buf_add_c(&b, "Content-Type: application/json\r\n");
	if (body.n && !length)
		buf_printf(&b, "Content-Length: %zu\r\n", body.n);
	buf_add_c(&b, "\r\n");
	struct str head = variables_fill(p, buf_str(&b));
	buf_clear(&b);
	buf_add(&b, head);
	buf_add(&b, body);
	struct str text = arena_str(p->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static bool check_headers(struct place *p, const struct exchange *x, const struct reply *a, struct str *why)
{
	for (size_t i = 0; i < x->want_headers.n; i++) {
		size_t colon = str_find_char(x->want_headers.v[i], ':', 0);
		struct str name = str_sub(x->want_headers.v[i], 0, colon);
		struct str want = str_trim(str_sub(x->want_headers.v[i], colon + 1, x->want_headers.v[i].n));
		struct str got = reply_header(a, name);
		bool fine = str_eq(want, STR("-"))   ? !got.p
			    : str_eq(want, STR("*")) ? got.n > 0
						     : str_eq(got, want);
		if (!fine) {
			*why = arena_printf(p->arena, "header %.*s is \"%.*s\"", STR_ARG(name), STR_ARG(got));
			return false;
		}
	}
	return true;
}

static bool check(struct place *p, const struct exchange *x, const struct reply *a, struct json *got,
		  struct str *why)
{
	struct json *want;
	struct errbuf eb;
	struct str where;

	if (a->status != x->status) {
		*why = arena_printf(p->arena, "status %u, want %u", a->status, x->status);
		return false;
	}
	if (!check_headers(p, x, a, why))
		return false;
	if (!x->want_body.n)
		return true;
	if (json_parse(p->arena, variables_fill(p, x->want_body), &want, &eb)) {
		*why = arena_printf(p->arena, "the expectation is no JSON: %s", eb.text);
		return false;
	}
	if (json_contains(p->arena, got, want, STR_NONE, &where))
		return true;
	*why = arena_printf(p->arena, "differs at %.*s", STR_ARG(where));
	return false;
}

static void keep(struct place *p, const struct exchange *x, const struct json *got)
{
	for (size_t i = 0; i < x->keep.n; i++) {
		size_t equals = str_find_char(x->keep.v[i], '=', 0);
		struct str name = str_trim(str_sub(x->keep.v[i], 0, equals));
		const struct json *v =
		    json_at(got, str_trim(str_sub(x->keep.v[i], equals + 1, x->keep.v[i].n)));
		if (v && v->kind == JSON_STR)
			variable_set(p, name, v->s);
		else if (v && v->kind == JSON_INT)
			variable_set(p, name, arena_printf(p->arena, "%lld", (long long)v->i));
	}
}

/* Where POSTERN_ANSWERS names a folder, each answer goes into a file there, one line of JSON each. */
static FILE *open_answers(struct place *p, const char *exchanges)
{
	const char *folder = getenv("POSTERN_ANSWERS"), *slash = strrchr(exchanges, '/');

	if (!folder)
		return NULL;
	struct str path = arena_printf(p->arena, "%s/%s.jsonl", folder, slash ? slash + 1 : exchanges);
	FILE *to = fopen(path.p, "w");
	if (!to) {
		perror(path.p);
		exit(1);
	}
	return to;
}

static void put_answer(struct place *p, FILE *to, const struct exchange *x, const struct reply *a, bool json)
{
	struct str line = variables_fill(p, x->request_line), type = reply_header(a, STR("Content-Type"));
	struct buf b;

	if (!to || !a->status)
		return;
	buf_init(&b, 64u << 20);
	buf_add_c(&b, "{\"exchange\":");
	json_str(&b, x->name);
	buf_add_c(&b, ",\"request\":");
	json_str(&b, line);
	buf_printf(&b, ",\"status\":%u,\"type\":", a->status);
	json_str(&b, type);
	buf_add_c(&b, ",\"body\":");
	buf_add(&b, json && a->body.n ? a->body : STR("null"));
	buf_add_c(&b, "}\n");
	fwrite(b.p, 1, b.n, to);
	buf_free(&b);
}

int main(int argc, char **argv)
{
	struct place p;
	struct exchange x;
	int n = 0, failed = 0;

	if (argc != 2)
		return 2;
	place_open(&p);
	FILE *answers = open_answers(&p, argv[1]);
	struct str rest = read_file(p.arena, argv[1]);
	while (next_exchange(&p, &rest, &x)) {
		struct reply a = client_send(&p, request_text(&p, &x));
		struct json *got = NULL;
		struct str why = STR("");
		struct errbuf eb;
		/* The library's own refusals come before us, in HTML without a type; only who expects that gets them. */
		bool html = !reply_header(&a, STR("Content-Type")).p &&
			    str_eq(header_of(&x.want_headers, STR("Content-Type")), STR("-"));
		bool fine = true;
		if (a.body.n && !html && json_parse(p.arena, a.body, &got, &eb)) {
			fine = false;
			why = arena_printf(p.arena, "the answer is no JSON: %s", eb.text);
		}
		put_answer(&p, answers, &x, &a, fine && !html);
		fine = fine && check(&p, &x, &a, got, &why);
		keep(&p, &x, got);
		printf("%s %d - %.*s\n", fine ? "ok" : "not ok", ++n, STR_ARG(x.name));
		if (!fine)
			printf("# %.*s\n# %.*s\n", STR_ARG(why), STR_ARG(str_sub(a.body, 0, 1500)));
		failed += !fine;
	}
	printf("1..%d\n", n);
	if (answers)
		fclose(answers);
	place_close(&p);
	return failed || !n;
}
