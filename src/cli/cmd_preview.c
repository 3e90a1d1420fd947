/* `postern preview`: the picture of a mail, by the same sealed helpers that serve the API. */
#include "cli/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker/ipc.h"
#include "preview/pool.h"

struct drawing {
	const struct cli_args *args;
	struct preview_pool pool;
	enum preview_step first;
	struct buf mail, png;
};

static bool read_mail(struct drawing *d, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err e = fd < 0 ? ERR_ABSENT : ipc_slurp(fd, &d->mail);

	if (e == ERR_LIMIT)
		cli_fail(d->args, "%s: larger than %u bytes", path, LIMIT_MESSAGE_MOST);
	else if (e != OK)
		cli_fail(d->args, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return e == OK;
}

static bool write_picture(struct drawing *d, const char *path)
{
	FILE *f = fopen(path, "wb");
	bool fine = f && fwrite(d->png.p, 1, d->png.n, f) == d->png.n;

	if (f && fclose(f) != 0)
		fine = false;
	if (!fine)
		cli_fail(d->args, "%s: %s", path, strerror(errno));
	return fine;
}

/* One line, fit to be read by people and by programs. */
static void tell(const char *path, const struct preview_facts *f, size_t bytes, int64_t ms)
{
	cli_print(stdout, str_of(path));
	printf(": step=%.*s width=%u height=%u top=%u bottom=%u not_loaded=%u unseen=%u failed=%u links=%u "
	       "deceptive=%u "
	       "attachments=%u cut=%u shortened=%u bytes=%zu cpu_ms=%.1f peak_kb=%u ms=%lld\n",
	       STR_ARG(enum_text(&preview_step_names, (int)f->step)), f->width, f->height, f->top, f->bottom,
	       f->remote, f->unseen, f->failed, f->links, f->mismatched, f->attachments, f->cut, f->shortened,
	       bytes, f->cpu_us / 1000.0, f->peak_kb, (long long)ms);
}

static bool draw(struct drawing *d, const char *path, const char *to)
{
	struct preview_facts facts;
	int fd;

	if (!read_mail(d, path))
		return false;
	if (ipc_memfd(buf_str(&d->mail), &fd) != OK) {
		cli_fail(d->args, "%s: no memory for it", path);
		return false;
	}
	int64_t begin = clock_mono_ms();
	enum err e = preview_draw(&d->pool, fd, d->first, begin + LIMIT_PREVIEW_MS, &facts, &d->png);
	close(fd);
	if (e != OK) {
		cli_fail(d->args, "%s: %s", path,
			 e == ERR_ABSENT ? "postern-preview does not run" : "cannot be drawn in time");
		return false;
	}
	int64_t took_ms = clock_mono_ms() - begin;
	if (!write_picture(d, to))
		return false;
	tell(path, &facts, d->png.n, took_ms);
	return true;
}

static int draw_all(struct drawing *d, const char *out, const char *dir)
{
	int status = CLI_OK;

	for (size_t i = 0; i < d->args->operands_n; i++) {
		const char *path = d->args->operands[i], *slash = strrchr(path, '/');
		struct buf to;

		buf_init(&to, 4096);
		if (out)
			buf_add_c(&to, out);
		else
			buf_printf(&to, "%s/%s.png", dir, slash ? slash + 1 : path);
		buf_add_char(&to, '\0');
		if (!buf_ok(&to) || !draw(d, path, to.p))
			status = CLI_FAILED;
		buf_free(&to);
	}
	return status;
}

int cli_preview(const struct cli_args *args)
{
	const char *out = cli_option_value(args, "--out"), *dir = cli_option_value(args, "--dir");
	const char *step = cli_option_value(args, "--step");
	struct drawing d = { .args = args };
	int first = step ? enum_value(&preview_step_names, str_of(step)) : PREVIEW_FULL, status = CLI_FAILED;

	if ((out != NULL) == (dir != NULL) || (out && args->operands_n > 1)) {
		cli_fail(args, "either --out for one mail, or --dir");
		return CLI_USAGE;
	}
	if (first < 0) {
		cli_refuse_word(args, "--step", str_of(step), &preview_step_names, PREVIEW_FULL,
				PREVIEW_TEXT + 1);
		return CLI_USAGE;
	}
	d.first = (enum preview_step)first;
	buf_init(&d.mail, LIMIT_MESSAGE_MOST);
	buf_init(&d.png, PREVIEW_PNG);
	int exe = preview_program_open();
	if (exe < 0)
		cli_fail(args, "postern-preview is not there; it lies beside postern where it was built");
	else if (preview_pool_start(exe, &d.pool) != OK)
		cli_fail(args, "postern-preview cannot be started");
	else
		status = draw_all(&d, out, dir);
	if (exe >= 0)
		close(exe);
	preview_pool_stop(&d.pool);
	buf_free(&d.mail);
	buf_free(&d.png);
	return status;
}
