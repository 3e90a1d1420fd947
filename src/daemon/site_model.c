/* Finding and reading the model of a site (site_model.h). */
#include "daemon/site_model.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/ipc.h"

#define NUMBER_MAX 1000000

struct buf site_model_path(const char *dir, unsigned number, const char *ending)
{
	struct buf b;

	buf_init(&b, 8192);
	buf_printf(&b, "%s/models", dir);
	if (number > 0)
		buf_printf(&b, "/%u.%s", number, ending);
	buf_add_char(&b, '\0');
	return b;
}

unsigned site_model_newest(const char *dir)
{
	struct buf path = site_model_path(dir, 0, "");
	DIR *d = buf_ok(&path) ? opendir(path.p) : NULL;
	uint64_t newest = 0, n;

	for (struct dirent *e; d && (e = readdir(d));) {
		struct str name = str_of(e->d_name);
		if (str_ends(name, STR(".model")) &&
		    str_to_u64(str_sub(name, 0, name.n - strlen(".model")), NUMBER_MAX, &n) == OK &&
		    n > newest)
			newest = n;
	}
	if (d)
		closedir(d);
	buf_free(&path);
	return (unsigned)newest;
}

enum err site_model_take(int fd, struct site_model *out, struct errbuf *eb)
{
	*out = (struct site_model){ .classifier = *classifier_shipped() };
	if (fd < 0)
		return OK;
	buf_init(&out->bytes, CLASSIFIER_FILE_MAX);
	if (ipc_slurp(fd, &out->bytes) != OK)
		return err_set(eb, ERR_SYNTAX, "the model cannot be read");
	return classifier_read(buf_str(&out->bytes), &out->classifier, eb);
}

static enum err load_file(const char *path, struct site_model *out, struct errbuf *eb)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct errbuf why;

	if (fd < 0)
		return err_set(eb, errno == ENOENT ? ERR_ABSENT : ERR_DENIED, "%s: %s", path,
			       strerror(errno));
	enum err e = site_model_take(fd, out, &why);
	close(fd);
	if (e != OK)
		site_model_free(out);
	return e == OK ? OK : err_set(eb, e, "%s: %s", path, why.text);
}

enum err site_model_load(const char *file, const char *dir, struct site_model *out, struct errbuf *eb)
{
	unsigned number = !file && dir ? site_model_newest(dir) : 0;
	struct buf path = { 0 };

	if (!file && number == 0)
		return site_model_take(-1, out, eb);
	if (!file)
		path = site_model_path(dir, number, "model");
	enum err e = load_file(file ? file : path.p, out, eb);
	out->number = number;
	buf_free(&path);
	return e;
}

void site_model_free(struct site_model *m)
{
	buf_free(&m->bytes);
}

enum err site_model_write(const char *path, struct str bytes, struct errbuf *eb)
{
	struct buf part;

	buf_init(&part, 8192);
	buf_printf(&part, "%s.new", path);
	buf_add_char(&part, '\0');
	FILE *f = buf_ok(&part) ? fopen(part.p, "wbe") : NULL;
	bool ok = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fflush(f) == 0 && fsync(fileno(f)) == 0;

	if (f && fclose(f) != 0)
		ok = false;
	ok = ok && rename(part.p, path) == 0;
	enum err e = ok ? OK : err_set(eb, ERR_DENIED, "%s: %s", path, strerror(errno));
	buf_free(&part);
	return e;
}

enum err site_model_keep(const char *dir, unsigned number, struct str bytes, struct errbuf *eb)
{
	struct buf folder = site_model_path(dir, 0, ""), path = site_model_path(dir, number, "model");
	enum err e = mkdir(folder.p, 0700) == 0 || errno == EEXIST
			 ? site_model_write(path.p, bytes, eb)
			 : err_set(eb, ERR_DENIED, "%s: %s", folder.p, strerror(errno));

	buf_free(&folder);
	buf_free(&path);
	return e;
}

enum err site_model_copy(const char *dir, const char *to, struct errbuf *eb)
{
	struct site_model m;
	enum err e = site_model_load(NULL, dir, &m, eb);

	if (e != OK)
		return e;
	if (m.number > 0)
		e = site_model_keep(to, m.number, buf_str(&m.bytes), eb);
	site_model_free(&m);
	return e;
}
