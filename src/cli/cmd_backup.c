/* `postern backup TO`: a consistent copy of the store while the server runs. */
#include "cli/internal.h"
#include "daemon/site_model.h"

#include <ftw.h>
#include <sys/wait.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind;
	return ftw->level == 0 ? 0 : remove(path);
}

static int copy(const struct cli_args *args, const char *to)
{
	struct cli_session s;
	struct errbuf eb = { "" };

	if (cli_open(args, 0, &s, &eb) != OK)
		return cli_fail(args, "%s", eb.text);
	enum err e = store_backup(s.store, to, !cli_option_value(args, "--without-secret"), &eb);
	if (e == OK)
		e = site_model_copy(s.config->data, to, &eb);

	cli_close(&s);
	if (e == OK)
		return CLI_OK;
	nftw(to, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	return cli_fail(args, "%s", eb.text);
}

/* The copy is made as the owner of the store, for good: who waits here can still remove what only root could make. */
static int copy_aside(const struct cli_args *args, const char *to)
{
	int status = 0;

	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		_exit(copy(args, to));
	if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == CLI_OK)
		return CLI_OK;
	if (rmdir(to) != 0)
		return cli_fail(args, "%s is not complete and could not be removed", to);
	return CLI_FAILED;
}

int cli_backup(const struct cli_args *args)
{
	struct buf to = { 0 };
	struct errbuf eb = { "" };
	enum err e = cli_absolute(args->operands[0], &to, &eb);

	if (e == OK)
		e = cli_make_directory(args, to.p, &eb);
	int status = e == OK ? copy_aside(args, to.p) : cli_fail(args, "%s", eb.text);

	buf_free(&to);
	return status;
}
