/* Users by name, by number, by ownership. */
#include "daemon/identity.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cursor.h"
#include "store/store.h"

#define PATH_ROOM 4096

enum err identity_user(const char *user, struct sandbox_user *out, struct errbuf *eb)
{
	struct cursor c = cursor_of(str_of(user));
	uint64_t uid, gid;
	struct passwd pw, *found = NULL;
	char room[4096];

	if (cursor_u64(&c, UINT32_MAX - 1, &uid) == OK) {
		gid = uid;
		if ((cursor_char(&c, ':') && cursor_u64(&c, UINT32_MAX - 1, &gid) != OK) ||
		    !cursor_done(&c) || uid == 0)
			return err_set(eb, ERR_ABSENT, "\"%s\" is not UID or UID:GID, or is root", user);
		*out = (struct sandbox_user){ (uid_t)uid, (gid_t)gid };
		return OK;
	}
	if (getpwnam_r(user, &pw, room, sizeof(room), &found) != 0 || !found || pw.pw_uid == 0)
		return err_set(eb, ERR_ABSENT, "\"%s\" does not exist, or is root", user);
	*out = (struct sandbox_user){ pw.pw_uid, pw.pw_gid };
	return OK;
}

/*
 * What is given away: a new place, or a store that root made. A name mistyped (--data /etc) must not cost the machine
 * its files, so nothing else is touched, whatever the directory.
 */
enum content { CONTENT_NONE, CONTENT_STORE, CONTENT_OTHER };

static enum content content_of(const char *dir)
{
	enum content found = CONTENT_NONE;
	DIR *d = opendir(dir);

	if (!d)
		return CONTENT_OTHER;
	for (struct dirent *e; found != CONTENT_STORE && (e = readdir(d));) {
		struct str name = str_of(e->d_name);
		if (str_eq(name, STR(".")) || str_eq(name, STR("..")) || str_eq(name, STR("lost+found")))
			continue;
		bool store = str_eq(name, STR("messages.db")) || str_eq(name, STR("secret"));
		found = store ? CONTENT_STORE : CONTENT_OTHER;
	}
	closedir(d);
	return found;
}

/* nftw has no context argument, and a directory is given away once, before any thread is there. */
static struct sandbox_user new_owner;

static int give_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)kind, (void)ftw;
	return st->st_uid == 0 ? lchown(path, new_owner.uid, new_owner.gid) : 0;
}

static bool give_entries(const char *dir)
{
	DIR *d = opendir(dir);
	bool given = d != NULL;

	for (struct dirent *e; given && (e = readdir(d));) {
		char path[PATH_ROOM];
		int n = snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (store_makes(e->d_name))
			given = n > 0 && (size_t)n < sizeof(path) &&
				nftw(path, give_one, 16, FTW_PHYS | FTW_MOUNT) == 0;
	}
	if (d)
		closedir(d);
	return given;
}

/* The directory itself last: what was interrupted is done again. */
static enum err give_away(const char *dir, struct sandbox_user to, struct errbuf *eb)
{
	if (content_of(dir) == CONTENT_OTHER)
		return err_set(eb, ERR_DENIED,
			       "%s belongs to root and holds other things than a store: name an empty "
			       "directory, or give this one to the user who is to serve",
			       dir);
	new_owner = to;
	if (!give_entries(dir) || chown(dir, to.uid, to.gid) != 0)
		return err_set(eb, ERR_DENIED, "%s cannot be given to user %u: %s", dir, to.uid,
			       strerror(errno));
	return OK;
}

/* ---- reaching ---- */

/* Length of the first directory on the way that we may not enter; 0 = none. */
static size_t first_shut(const char *path)
{
	char part[PATH_ROOM];
	struct str whole = str_of(path);
	struct stat st;

	for (size_t i = 0; i <= whole.n && i < sizeof(part); i++) {
		if (i == 0 || (i < whole.n && path[i] != '/'))
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		/* What is not there shuts nobody out, and a file is not entered; a link may lead to a shut place. */
		if (access(part, X_OK) != 0 && errno == EACCES &&
		    (stat(part, &st) != 0 || S_ISDIR(st.st_mode)))
			return i;
	}
	return 0;
}

/* The same as first_shut, tried as somebody else. */
static size_t first_shut_to(const char *path, struct sandbox_user user)
{
	size_t shut = 0;
	int result[2];

	if (pipe2(result, O_CLOEXEC) != 0)
		return 0;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		if (setgroups(0, NULL) != 0 || setresgid(user.gid, user.gid, user.gid) != 0 ||
		    setresuid(user.uid, user.uid, user.uid) != 0)
			_exit(1);
		shut = first_shut(path);
		_exit(write(result[1], &shut, sizeof(shut)) == sizeof(shut) ? 0 : 1);
	}
	close(result[1]);
	if (pid > 0 && read(result[0], &shut, sizeof(shut)) != sizeof(shut))
		shut = 0;
	close(result[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return shut;
}

enum err identity_reach(const char *path, struct sandbox_user user, struct errbuf *eb)
{
	bool other = geteuid() == 0 && user.uid != 0;
	size_t shut = other ? first_shut_to(path, user) : first_shut(path);

	if (shut == 0)
		return OK;
	return err_set(eb, ERR_DENIED, "%s cannot be reached: user %u may not enter %.*s", path,
		       other ? user.uid : geteuid(), (int)shut, path);
}

/* ---- who serves ---- */

/* The user of the services: as the setting says, else the owner of DIR, else the built-in one. */
static enum err choose_service(const char *dir, const struct stat *st, const char *user,
			       struct sandbox_user *out, struct errbuf *eb)
{
	*out = (struct sandbox_user){ IDENTITY_SERVICE, IDENTITY_SERVICE };
	if (*user) {
		enum err e = identity_user(user, out, eb);

		if (e != OK)
			return e;
	} else if (st->st_uid != 0) {
		*out = (struct sandbox_user){ st->st_uid, st->st_gid };
	}
	if (st->st_uid != 0 && st->st_uid != out->uid)
		return err_set(eb, ERR_DENIED, "%s belongs to user %u, but the server is to run as user %u",
			       dir, st->st_uid, out->uid);
	return OK;
}

static enum err prepare_as_root(const char *dir, const char *user, struct identity *out, struct errbuf *eb)
{
	struct stat st;
	enum err e;

	if (stat(dir, &st) != 0)
		return err_set(eb, ERR_DENIED, "%s: %s", dir, strerror(errno));
	out->scan = (struct sandbox_user){ IDENTITY_SCAN, IDENTITY_SCAN };
	if ((e = choose_service(dir, &st, user, &out->service, eb)) != OK ||
	    (st.st_uid == 0 && (e = give_away(dir, out->service, eb)) != OK))
		return e;
	return identity_reach(dir, out->service, eb);
}

enum err identity_prepare(const char *dir, const char *user, struct identity *out, struct errbuf *eb)
{
	bool made = mkdir(dir, 0750) == 0;
	struct stat st;
	enum err e = OK;

	*out = (struct identity){ 0 };
	if (!made && errno != EEXIST)
		return err_set(eb, ERR_DENIED, "%s cannot be made: %s", dir, strerror(errno));
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(eb, ERR_DENIED, "%s is not a directory", dir);
	if (geteuid() == 0)
		e = prepare_as_root(dir, user, out, eb);
	else if (access(dir, R_OK | W_OK | X_OK) != 0)
		e = err_set(eb, ERR_DENIED, "%s cannot be written to by user %u: %s", dir, geteuid(),
			    strerror(errno));
	if (e != OK && made)
		rmdir(dir);
	return e;
}

enum err identity_take(const char *dir, struct errbuf *eb)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_set(eb, ERR_DENIED, "%s: %s", dir, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		close(fd);
		return err_set(eb, ERR_CONFLICT, "%s is served by another server", dir);
	}
	return OK; /* the descriptor stays open, and the lock with it */
}
