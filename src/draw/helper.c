/* The life of a helper, and the trial of its walls. */
#include "draw/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "broker/ipc.h"
#include "draw/picture.h"
#include "draw/text.h"
#include "preview/pool.h"

static const time_t cpu_s[] = { [PREVIEW_FULL] = LIMIT_PREVIEW_FULL_CPU_S,
				[PREVIEW_FLAT] = LIMIT_PREVIEW_FLAT_CPU_S,
				[PREVIEW_TEXT] = LIMIT_PREVIEW_TEXT_CPU_S };

/* The fonts that nearly every mail uses, so that only the mail's own remain to be found. */
static void warm(PangoContext *fonts)
{
	static const struct text_style styles[] = {
		{ .family = "Liberation Sans", .size = 14 },
		{ .family = "Liberation Sans", .size = 15, .bold = true },
		{ .family = "Liberation Serif", .size = 16 },
	};
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 64, 32);
	cairo_t *cr = cairo_create(s);

	for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
		PangoLayout *l = text_layout(fonts, STR("Postern \xe2\x80\xa6"), &styles[i], 300);
		text_show(cr, l, &styles[i], 0, 0);
		g_object_unref(l);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(s);
}

static void leave_at_limit(void *ctx)
{
	(void)ctx;
	_exit(3);
}

NORETURN static void draw_for(struct ipc *channel, PangoContext *fonts)
{
	struct preview_job job;
	struct preview_facts facts;
	struct str raw = STR("");
	struct buf in, png;
	enum ipc_type type;
	int fd;

	buf_init(&in, LIMIT_IPC_RECORD);
	if (ipc_recv(channel, &in, sizeof(job), &type, &fd, IPC_FOREVER) != OK || type != IPC_JOB || fd < 0 ||
	    in.n != sizeof(job))
		_exit(0); /* who asked has given up */
	memcpy(&job, in.p, sizeof(job));
	if (job.step > PREVIEW_TEXT)
		_exit(1);
	/* By the clock of this process; the signal ends it. */
	struct itimerval timer = { .it_value.tv_sec = cpu_s[job.step] };
	setitimer(ITIMER_PROF, &timer, NULL);
	off_t size = lseek(fd, 0, SEEK_END);
	if (size < 0 || size > LIMIT_MESSAGE_MOST)
		_exit(1);
	if (size > 0) {
		void *map = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map == MAP_FAILED)
			_exit(3);
		raw = str_from(map, (size_t)size);
	}
	struct arena *a = arena_new(LIMIT_PREVIEW_ARENA, leave_at_limit, NULL);
	buf_init(&png, PREVIEW_PNG);
	if (picture_draw(a, fonts, raw, (enum preview_step)job.step, &facts, &png) != OK)
		_exit(4);
	struct rusage used;
	if (getrusage(RUSAGE_SELF, &used) == 0) {
		facts.cpu_us = (uint32_t)((used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
					  used.ru_utime.tv_usec + used.ru_stime.tv_usec);
		facts.peak_kb = (uint32_t)used.ru_maxrss;
	}
	struct buf out;
	buf_init(&out, sizeof(facts) + PREVIEW_PNG);
	buf_add(&out, str_from(&facts, sizeof(facts)));
	buf_add(&out, buf_str(&png));
	_exit(buf_ok(&out) && ipc_send(channel, IPC_PICTURE, buf_str(&out), -1, IPC_FOREVER) == OK ? 0 : 5);
}

void helper_run(int socket, struct sandbox *sandbox, pid_t parent, const struct log *log)
{
	struct errbuf eb = { "" };
	int channel;

	prctl(PR_SET_NAME, "postern-picture");
	if (sandbox_enter(sandbox, parent, &eb) != OK) {
		log_error(log, "preview_not_sealed", KV_C("why", eb.text));
		_exit(1);
	}
	PangoContext *fonts = text_context_new();
	warm(fonts);
	if (preview_channel_recv(socket, &channel) != OK)
		_exit(0);
	struct ipc ipc = ipc_of(channel);
	draw_for(&ipc, fonts);
}

/* ---- the walls ---- */

static int try_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES ? 0 : 1;
}

static int try_writing(void)
{
	return open("/var/cache/fontconfig/x", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? 0 : 1;
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 0 : 1;
}

static int try_program(void)
{
	char *const argv[] = { (char[]){ "true" }, NULL };

	execv("/bin/true", argv);
	return 0;
}

static int try_process(void)
{
	return fork() < 0 ? 0 : 1;
}

static int try_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		       MAP_FAILED
		   ? 0
		   : 1;
}

static int try_fonts(void)
{
	PangoContext *fonts = text_context_new();
	PangoLayout *l;

	warm(fonts);
	l = text_layout(fonts, STR("\xd8\xb4 \xe4\xb8\xad"),
			&(struct text_style){ .family = "serif", .size = 20 }, 300);
	return text_height(l) > 0 ? 0 : 1;
}

static const struct {
	const char *what;
	int (*attempt)(void);
	bool kills; /* the attempt itself is the end, where there is no sanitizer */
} attempts[] = {
	{ "a file that is no font is refused", try_file, false },
	{ "writing is refused", try_writing, true },
	{ "a socket is refused", try_socket, true },
	{ "a program is refused", try_program, true },
	{ "a process is refused", try_process, true },
	{ "code is refused", try_code, true },
	{ "fonts are read", try_fonts, false },
};

int helper_self_test(struct sandbox *sandbox, const struct log *log)
{
	int bad = 0;

	for (size_t i = 0; i < ARRAY_LEN(attempts); i++) {
		int status = -1;
		pid_t parent = getpid(), pid;

		fflush(NULL);
		pid = fork();
		if (pid == 0) {
			struct errbuf eb = { "" };
			if (sandbox_enter(sandbox, parent, &eb) != OK) {
				log_error(log, "preview_not_sealed", KV_C("why", eb.text));
				_exit(1);
			}
			_exit(attempts[i].attempt());
		}
		waitpid(pid, &status, 0);
		bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
#ifndef POSTERN_SANITIZED
		if (attempts[i].kills)
			good = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
#endif
		printf("%s %zu - %s\n", good ? "ok" : "not ok", i + 1, attempts[i].what);
		bad += !good;
	}
	printf("1..%zu\n", ARRAY_LEN(attempts));
	return bad ? 1 : 0;
}
