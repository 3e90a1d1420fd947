/* Who the roles run as, and that the data directory is theirs. */
#ifndef DAEMON_IDENTITY_H
#define DAEMON_IDENTITY_H

#include "seal/sandbox.h"

/* Nobody else's by Debian policy (60000..64999 are given out one by one); no entry in /etc/passwd is needed. */
#define IDENTITY_SERVICE 60810
#define IDENTITY_SCAN 60811

struct identity {
	struct sandbox_user service; /* intake, api, courier: owner of the data directory */
	struct sandbox_user scan;    /* zygote and scan workers: owner of nothing */
};

/* A user by name, UID or UID:GID; not root. ERR_ABSENT: there is none. */
MUST_CHECK enum err identity_user(const char *user, struct sandbox_user *out, struct errbuf *eb);

/*
 * Whether the user may pass through every directory that leads to path, and path itself if it is one; where root asks
 * it is tried in a process that became the user. ERR_DENIED: errbuf names the first directory that is shut.
 */
MUST_CHECK enum err identity_reach(const char *path, struct sandbox_user user, struct errbuf *eb);

/*
 * Makes the directory where it is missing. Started by root: `user` (a name or UID or UID:GID) if not empty, else the
 * directory's owner unless that is root, else the built-in number. A directory of root's that is empty or holds a
 * store is given to them, with what a store makes there and nothing else. Not started by root: everybody stays who
 * they are (uid 0 in the result).
 * ERR_ABSENT: no such user. ERR_DENIED: the directory cannot be made, is not reached or used by one of them, or is
 * somebody else's place.
 */
MUST_CHECK enum err identity_prepare(const char *dir, const char *user, struct identity *out,
				     struct errbuf *eb);

/*
 * Takes the directory for this process, until it ends: two servers would look after one store at odds with each
 * other. ERR_CONFLICT: another one has it. Where the file system knows no locks nothing is taken.
 */
MUST_CHECK enum err identity_take(const char *dir, struct errbuf *eb);

#endif
