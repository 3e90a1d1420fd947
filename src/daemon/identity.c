/* Users by name, by number, by ownership. */
#include "daemon/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"

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
			return err_set(eb, ERR_ABSENT, "user \"%s\" is not UID or UID:GID, or is root", user);
		*out = (struct sandbox_user){ (uid_t)uid, (gid_t)gid };
		return OK;
	}
	if (getpwnam_r(user, &pw, room, sizeof(room), &found) != 0 || !found || pw.pw_uid == 0)
		return err_set(eb, ERR_ABSENT, "user \"%s\" does not exist, or is root", user);
	*out = (struct sandbox_user){ pw.pw_uid, pw.pw_gid };
	return OK;
}

/* nftw has no context argument, and a directory is given away once, before any thread is there. */
static struct sandbox_user new_owner;

static int give_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)kind, (void)ftw;
	return st->st_uid == 0 ? lchown(path, new_owner.uid, new_owner.gid) : 0;
}

static enum err give_away(const char *dir, struct sandbox_user to, struct errbuf *eb)
{
	new_owner = to;
	if (nftw(dir, give_one, 16, FTW_PHYS | FTW_MOUNT) != 0)
		return err_set(eb, ERR_DENIED, "%s cannot be given to user %u: %s", dir, to.uid,
			       strerror(errno));
	return OK;
}

enum err identity_prepare(const char *dir, const char *user, struct identity *out, struct errbuf *eb)
{
	struct stat st;

	*out = (struct identity){ 0 };
	if (mkdir(dir, 0750) != 0 && errno != EEXIST)
		return err_set(eb, ERR_DENIED, "%s cannot be made: %s", dir, strerror(errno));
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(eb, ERR_DENIED, "%s is not a directory", dir);
	if (geteuid() != 0)
		return access(dir, R_OK | W_OK | X_OK) == 0
			   ? OK
			   : err_set(eb, ERR_DENIED, "%s cannot be written to: %s", dir, strerror(errno));
	out->service = (struct sandbox_user){ IDENTITY_SERVICE, IDENTITY_SERVICE };
	out->scan = (struct sandbox_user){ IDENTITY_SCAN, IDENTITY_SCAN };
	if (*user) {
		enum err e = identity_user(user, &out->service, eb);

		if (e != OK)
			return e;
	} else if (st.st_uid != 0) {
		out->service = (struct sandbox_user){ st.st_uid, st.st_gid };
	}
	if (st.st_uid == 0)
		return give_away(dir, out->service, eb);
	if (st.st_uid != out->service.uid)
		return err_set(eb, ERR_DENIED, "%s belongs to user %u, but the server is to run as user %u",
			       dir, st.st_uid, out->service.uid);
	return OK;
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
