/*
 * The walls around a scan worker, from inside: what is tried dies by SIGSYS, the broker lives, the next mail is
 * served and no zombie stays. Kill mode: the plain build only.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "attempts.h"
#include "house.h"

#include "base/clock.h"
#include "seal/landlock.h"
#include "seal/sandbox.h"
#include "daemon/warmup.h"
#include "mime/content.h"

static const struct log quiet = { .fd = 2, .level = LOG_ERROR, .role = "test" };
/* The broker's warnings about each death are what the test wants. */
static const struct log silent = { .fd = -1, .level = LOG_ERROR, .role = "test" };

static void test_attempts_die(void **state)
{
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
#ifdef POSTERN_SANITIZED
	skip(); /* the filter answers EPERM there */
#endif
	house_start(&h, attempts_scan, &(struct broker_options){ .log = &silent });
	for (size_t i = 0; i < attempts_n; i++) {
		enum err e = house_scan(&h, attempts[i].name, &v, &eb);
		if (e == OK)
			fail_msg("%s: %.*s", attempts[i].name, STR_ARG(v.message->subject));
		if (e != ERR_LIMIT || !strstr(eb.text, "died of signal 31"))
			fail_msg("%s: %s", attempts[i].name, eb.text);
		assert_int_equal(house_scan(&h, "fine", &v, &eb), OK);
	}
	assert_int_equal(house_zombies(h.zygote), 0);
	house_end(&h);
}

/* What a worker may do, and what it gets from it. */
static void harmless(struct arena *a, const struct scan_job *job, const struct policy *policy,
		     struct asker *q, struct verdict *out)
{
	static char big[300000];
	struct timespec now;

	(void)job, (void)policy, (void)q;
	void *volatile gigabyte = malloc((size_t)1 << 30);
	bool sent = write(3, big, sizeof(big)) >= 0;
	int send_errno = errno;
	void *page0 = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	clock_gettime(CLOCK_REALTIME, &now);
	house_verdict(a,
		      arena_printf(a, "%s %s %s %s", gigabyte ? "gigabyte" : "-",
				   !sent && send_errno == EMSGSIZE ? "-" : "sent",
				   page0 == MAP_FAILED ? "-" : "page0",
				   now.tv_sec > 1700000000 ? "clock" : "-"),
		      out);
}

static void test_harmless(void **state)
{
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
#ifdef POSTERN_SANITIZED
	skip(); /* no ceiling on memory there */
#endif
	house_start(&h, harmless, &(struct broker_options){ 0 });
	assert_int_equal(house_scan(&h, "x", &v, &eb), OK);
	assert_true(str_eq(v.message->subject, STR("- - - clock")));
	house_end(&h);
}

/* A zygote full of policies: what it holds is not taken from what its workers may use. */
static void test_zygote_is_large(void **state)
{
	size_t room = (size_t)1 << 30;
	void *held = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_true(held != MAP_FAILED);
	test_harmless(state);
	munmap(held, room);
}

/* Reads a mail as every scan does; the subject of the verdict tells what text came of it. */
static void reads(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *q,
		  struct verdict *out)
{
	const struct mime_content *c = content_extract(a, mime_parse(a, job->raw));

	(void)policy, (void)q;
	house_verdict(a,
		      c->encrypted                     ? STR("encrypted")
		      : c->links.n && c->attachments.n ? c->links.v[0].href
						       : c->plain,
		      out);
}

/* What needs a library: CMS in other forms than the warm-up had, broken, encrypted; charsets it did not have; QR
 * codes; a lock. */
static void test_mail_is_read(void **state)
{
	static const struct {
		const char *mail, *want;
	} mails[] = {
		{ "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
		  "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgAQxQ29u\n"
		  "dGVudC1UeXBlOiB0ZXh0L3BsYWluDQoNCmhlbGxvIGh0dHA6Ly94Lm9yZy8NCgAAAAAAADGBjzCB\n"
		  "jAIBATAkMAwxCjAIBgNVBAMMAWECFF5SgvFRvfS3yg9DSpG8QCuCyslpMAsGCWCGSAFlAwQCATAK\n"
		  "BggqhkjOPQQDAgRIMEYCIQCv9PzNTwcUfaiM683dwJVRf7nJ/BJtrhtVFETdorxkeQIhAJGRBvop\n"
		  "sRsOpbQgq4hv1fUfjJpZTKgWD16BVCr/drQDAAAAAAAA\n",
		  "hello http://x.org/\r\n" },
		{ "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
		  "MIIBRQYJKoZIhvcNAQcDoIIBNjCCATICAQAxgb4wgbsCAQAwJDAMMQowCAYDVQQDDAFh\n",
		  "encrypted" },
		{ "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nMIAGCSqG", "" },
		{ "Content-Type: text/plain; charset=euc-tw\n\n\xc4\xe3", "\xe4\xb8\xad" },
		{ "Content-Type: text/plain; charset=iso-2022-cn-ext\n\nx", "x" },
		{ "Content-Type: text/plain; charset=ibm1148\n\n\x81", "a" },
		{ "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
		  "iVBORw0KGgoAAAANSUhEUgAAADoAAAA6AQAAAADJwHeFAAAA50lEQVR42o2RMWoDMRBFv6xtDArS\n"
		  "AQLGkHZBsC4dvAfwMXIXVwYfJuBWxilt7AMI3PgAWkbgRkJpQnZkUkSVeMz/M/NHFAAADhP8vD8+\n"
		  "g3gXUTSMyBJXZhV4caOzHfpKnj/9k+FjZmuS1Nxpx0gWUS4OZiQoJZ26UtwvEdRP9yb4gamwwfT1\n"
		  "jakCaaSjdLz7vYvr01jTAMZd28iIuoaXAnsefcgqaTXzEenh54ZYdxAttQWbcKLUHjJ8VRmu213P\n"
		  "dgeV5YUC8Qmb+JGNrxJTW+l6rpKd7KhSJdUi+yrD4Xaesb3EP678DYFzWPfSJmkYAAAAAElFTkSu\n"
		  "QmCC\n",
		  "https://a.test/" },
		{ "Content-Type: image/gif\nContent-Transfer-Encoding: base64\n\n"
		  "R0lGODdhHQAdAIcAAAAAAAEBAQICAgMDAwQEBAUFBQYGBgcHBwgICAkJCQoKCgsLCwwMDA0NDQ4O\n"
		  "Dg8PDxAQEBERERISEhMTExQUFBUVFRYWFhcXFxgYGBkZGRoaGhsbGxwcHB0dHR4eHh8fHyAgICEh\n"
		  "ISIiIiMjIyQkJCUlJSYmJicnJygoKCkpKSoqKisrKywsLC0tLS4uLi8vLzAwMDExMTIyMjMzMzQ0\n"
		  "NDU1NTY2Njc3Nzg4ODk5OTo6Ojs7Ozw8PD09PT4+Pj8/P0BAQEFBQUJCQkNDQ0REREVFRUZGRkdH\n"
		  "R0hISElJSUpKSktLS0xMTE1NTU5OTk9PT1BQUFFRUVJSUlNTU1RUVFVVVVZWVldXV1hYWFlZWVpa\n"
		  "WltbW1xcXF1dXV5eXl9fX2BgYGFhYWJiYmNjY2RkZGVlZWZmZmdnZ2hoaGlpaWpqamtra2xsbG1t\n"
		  "bW5ubm9vb3BwcHFxcXJycnNzc3R0dHV1dXZ2dnd3d3h4eHl5eXp6ent7e3x8fH19fX5+fn9/f4CA\n"
		  "gIGBgYKCgoODg4SEhIWFhYaGhoeHh4iIiImJiYqKiouLi4yMjI2NjY6Ojo+Pj5CQkJGRkZKSkpOT\n"
		  "k5SUlJWVlZaWlpeXl5iYmJmZmZqampubm5ycnJ2dnZ6enp+fn6CgoKGhoaKioqOjo6SkpKWlpaam\n"
		  "pqenp6ioqKmpqaqqqqurq6ysrK2tra6urq+vr7CwsLGxsbKysrOzs7S0tLW1tba2tre3t7i4uLm5\n"
		  "ubq6uru7u7y8vL29vb6+vr+/v8DAwMHBwcLCwsPDw8TExMXFxcbGxsfHx8jIyMnJycrKysvLy8zM\n"
		  "zM3Nzc7Ozs/Pz9DQ0NHR0dLS0tPT09TU1NXV1dbW1tfX19jY2NnZ2dra2tvb29zc3N3d3d7e3t/f\n"
		  "3+Dg4OHh4eLi4uPj4+Tk5OXl5ebm5ufn5+jo6Onp6erq6uvr6+zs7O3t7e7u7u/v7/Dw8PHx8fLy\n"
		  "8vPz8/T09PX19fb29vf39/j4+Pn5+fr6+vv7+/z8/P39/f7+/v///ywAAAAAHQAdAEAIuQD/CRxI\n"
		  "sKDBgwMBKFwI4F/Dhw4jMlxIECJDhxQfUsTYMCFHiR8hCuwY0WNGjxhBnkzYUePIjRI1kuR4caRN\n"
		  "hTFTItzJs+BEnDRbBgV6E6dFoUVF3gRZUibKmTqdRt3oEiVTqkMPOt3K8iLUnzJbTmTZsyzPrx9f\n"
		  "KrVp0ijbmlytss0pt2TPo3Z3riTqEmZeoCQtdg1sUHBMok3nvlX8c3HZqkqNzkTLdC7giiGTvq1Z\n"
		  "l/DKlFDNig4IADs=\n",
		  "https://a.test/" },
		{ "Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n"
		  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAEMuMjoyKkM6NjpLR0NPZKZsZFxcZMySmnmm8dT++u3U\n"
		  "6eX//////////+Xp////////////////////////////wAALCABRAFEBAREA/8QAGQAAAwEBAQAA\n"
		  "AAAAAAAAAAAAAAMEAgEF/8QANxAAAgEDAgMFBQcDBQAAAAAAAQIDAAQREiETMUFRYZHh8AUicXLR\n"
		  "FCMkNVOBsTSh8TJCY5LB/9oACAEBAAA/AG3E8yXCxRKrFlzv+/fXOJffop4+dYlubuJdUkSAE49b\n"
		  "0+6uVgUgEcTGQCD21PFd3U2eHGhxz9ZpqzzRnN0qonIEb7+JoW7El0kcZDIRucHOd6x9ouXlkWKN\n"
		  "GCNj1vWuJffop4+dEdxP9pSKZEXUM7f5qupJPzOL5PrUc80onkAlcAMdtR7abMxb2bEWJJL8yfjV\n"
		  "lwYwMmNJJMbKcZIpMHDhEjh1LPvw+RB7P/OVSXTzSMWdHRCdlOcA4qyCLiTLPw+Dp20aeff07aXC\n"
		  "SDekHBGd/GpOPN+q/wD2NXyfmcXyfWq6hupBFfxuwJATp+9LaayZizQuSTk7+dZuJ4Xt1iiVlCtn\n"
		  "f9++rXaL7YgKni6dm6Ab+dSxopkupCPejJZT2HegOzQrLdHiRMdlGxz/AG7+tWtMqzrCQdTDIPT1\n"
		  "tUKTxxTXKyKxDsRt+9c4lj+i/j51tJln9oRMgIAUjf4GvQqaa64NyqNgRlck4361yK6aRbhgFxGM\n"
		  "rtz511Zp5LVJI0VnJ3HTG/fWZ547iFooW1O3IYx31qSH8PG7ZDwpkDpkDyqS4USW63J/1u2CBy6/\n"
		  "StxSvJOtzKAI090kes9apN5EwIjfLnZRg7npTYi5jBlUK/UClwzNqEc4CyncKOo/v30+vM9p/wBQ\n"
		  "vyD+TVSoq2BKqATFuQOe1LiXVYRjjcLc+9nHU7dK5bcOGdYl0SlsniDG23Lr2dvWlyrIWnLzPGoJ\n"
		  "0qxOGG+wptjBqiV3bWhBwhGQDnnWLyeNYzDEqaWAOVIxnPlSVzOYlii0FMBnUf3NXGMtEIRcniKc\n"
		  "kg748e+prFeJKsrzZdSQFJySMV6NR3iRyyiIL98y+6x5Aes9K5rZo+GpwsI0yg/7h3eB7KQJ4SxR\n"
		  "lY243VeoPj8etbjEauLqJSsSbEHnn0R1qe4nad8k5UE6RjkKptpXt4FkkOYTkKoG4Of89a7OtnA4\n"
		  "V4mJIzsT9axZTxxzOoVsSMAvdT5Pw1y9w+6ONIA559CkQNE19GYVKrg7Htwa9KkTpJK4iK/csPeY\n"
		  "cwfWOlbePFs0ab+5pHhSY1nhtEVEBkBOQT0376AFtVMMJ1St7yq3X+Oykfa5ZJOBIqDUdDY5jp21\n"
		  "y8tI4IgyFiS2NzWLi10XCxRZYsudz8acxu1tyjRIECYJzvjHxo9nTMx4JA0qpIPXn5020e3T7qKQ\n"
		  "sWOdx5VVUVzxHvUiSVkDL0PxrJiIJBv8EdNXnWLhJIohIt07gnGxP1qy4ljhHEIQyAbAkZxU0ZRZ\n"
		  "BKFWXiHU3/F6z3cqpEQklMhcSRkbKdwD21KEMF/HxZdXu51N0501mRY5yblX1g6V1cue3Op/Zn9Q\n"
		  "3yH+RWreDh3iFG4iYOWA2Bwdq9GpJPzOL5PrUFx/USfOf5p8n5ZF8/1p94kcsoiC/fMvuseQHrPS\n"
		  "pZJBEpihBVsaZOoY+s9lOtpXt4FkkOYTkKoG4Of89a3cIsntCNHGVKbjxrN1ZKE1QgKFBLZJ3pdr\n"
		  "bz6RLC6LqGN/j8KotfwzC3fd3OoEcsY8qrqS5jn+1JLCgbSuNz8aOJffop4+dKnW8nQK8SgA52I+\n"
		  "tUzvcq4EMasuOZ7fGpoorkO4aMBZT75yNh3b99E/s8KgMOpmzyJHKhlvGnWYxLqUYAyMfz303N3J\n"
		  "7kkSBG2Yg7geNMgtI4HLIWJIxuaTZpcQkI0YEZJJOd+Xxq2iiiiiiiiiiiv/2Q==\n",
		  "https://a.test/" },
		{ "Subject: password abc123\nContent-Type: application/zip\nContent-Transfer-Encoding: "
		  "base64\n\n"
		  "UEsDBDMAAQBjAHhMfV0AAAAALQAAABEAAAAFAAsAdC50eHQBmQcAAgBBRQMAAOb3RrktW9Q2nrzd\n"
		  "exRy1PywHkCLzxC6eIVtDqv3VkrZ9/uQ53h3+bqQXFuLrlBLAQI/AzMAAQBjAHhMfV0AAAAALQAA\n"
		  "ABEAAAAFAC8AAAAAAAAAIICkgQAAAAB0LnR4dAoAIAAAAAAAAQAYAGa58ALlf90BAAAAAAAAAAAA\n"
		  "AAAAAAAAAAGZBwACAEFFAwAAUEsFBgAAAAABAAEAYgAAAFsAAAAAAA==\n",
		  "http://x.org/" },
		{ "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
		  "UEsDBC4AAAAMAPNMfV26ajdrOQAAABIAAAAFAAAAYS50eHRCWmg5MUFZJlNZ3WGZWwAABxmAQAGA\n"
		  "EBLA3BAgACKNHqaYeqEAABCTyyu/QDsHxdyRThQkN1hmVsBQSwECLgMuAAAADADzTH1dumo3azkA\n"
		  "AAASAAAABQAAAAAAAAAAAAAAgAEAAAAAYS50eHRQSwUGAAAAAAEAAQAzAAAAXAAAAAAA\n",
		  "http://bz.org/" },
		{ "Content-Type: text/plain; charset=never-heard-of\n\nx", "x" },
	};
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	assert_int_equal(warmup(reads, &eb), OK);
	house_start(&h, reads, &(struct broker_options){ 0 });
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		if (house_scan(&h, mails[i].mail, &v, &eb) != OK)
			fail_msg("%s: %s", mails[i].mail, eb.text);
		if (!str_eq(v.message->subject, str_of(mails[i].want)))
			fail_msg("%s: got %.*s", mails[i].mail, STR_ARG(v.message->subject));
	}
	house_end(&h);
}

/* A child with one of the walls left out tries one thing; gives its wait status, or its errno as exit status. */
static int try_without(unsigned skip_walls, const char *what)
{
	struct sandbox_user user = { geteuid() == 0 ? 60811 : 0, 60811 };
	struct sandbox s;
	struct errbuf eb;
	int status;

	assert_int_equal(sandbox_prepare(SANDBOX_WORKER, user, "/", &quiet, &s, &eb), OK);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		if (sandbox_enter_without(&s, parent, skip_walls, &eb) != OK)
			_exit(255);
		for (size_t i = 0; i < attempts_n; i++) {
			const struct attempt *t = &attempts[i];
			const long *x = t->arguments;
			if (strcmp(t->name, what) == 0 &&
			    syscall(t->number, x[0], x[1], x[2], x[3], x[4], x[5]) < 0)
				_exit(errno);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	sandbox_end(&s);
	return status;
}

static void test_landlock_alone(void **state)
{
	static const char *const files[] = { "open", "openat", "openat2", "own memory" };

	(void)state;
	if (landlock_abi() == 0)
		skip();
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		int status = try_without(SANDBOX_SKIP_SECCOMP, files[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), EACCES);
	}
	if (landlock_abi() >= 6) {
		int status = try_without(SANDBOX_SKIP_SECCOMP, "kill parent");
		assert_int_equal(WEXITSTATUS(status), EPERM);
	}
}

static void test_seccomp_alone(void **state)
{
	static const char *const some[] = { "open", "socket inet", "execve", "fork", "kill parent", "dup" };

	(void)state;
#ifdef POSTERN_SANITIZED
	skip();
#endif
	for (size_t i = 0; i < ARRAY_LEN(some); i++) {
		int status = try_without(SANDBOX_SKIP_LANDLOCK, some[i]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

/* ---- services: what they are refused, beside what they need ---- */

static void *nothing(void *ctx)
{
	return ctx;
}

/* In a child confined as a service: what it says of itself. */
static int ask_service(int abi, const char *dir, int (*question)(const char *dir))
{
	struct sandbox s;
	struct errbuf eb;
	int status;

	assert_int_equal(sandbox_prepare(SANDBOX_SERVICE, (struct sandbox_user){ 0 }, dir, &quiet, &s, &eb),
			 OK);
	if (abi)
		s.landlock_abi = abi;
	pid_t pid = fork();
	if (pid == 0)
		_exit(sandbox_enter(&s, 0, &eb) == OK ? question(dir) : 255);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	sandbox_end(&s);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int try_refused(const char *dir)
{
	static const struct {
		long call, argument;
		int want;
	} calls[] = {
		{ SYS_unshare, CLONE_NEWUSER, EPERM },
		{ SYS_clone, CLONE_NEWUSER | SIGCHLD, EPERM },
		{ SYS_clone, CLONE_NEWNS | CLONE_NEWPID | SIGCHLD, EPERM },
		{ SYS_clone, CLONE_NEWNET | CLONE_FS | SIGCHLD, EPERM },
		{ SYS_clone3, 0, ENOSYS },
		{ SYS_fsconfig, -1, EPERM },
		{ SYS_fspick, -1, EPERM },
		{ SYS_mount_setattr, -1, EPERM },
		{ SYS_process_madvise, -1, EPERM },
	};

	(void)dir;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		errno = 0;
		long got = syscall(calls[i].call, calls[i].argument, 0, 0, 0, 0, 0);
		if (got == 0 && calls[i].call == SYS_clone)
			_exit(0); /* the child of a clone that was let through */
		if (got >= 0 || errno != calls[i].want)
			return (int)i + 1;
	}
	return 0;
}

static int try_needed(const char *dir)
{
	pthread_t thread;
	int status;

	(void)dir;
	if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
		return 1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(7);
	return waitpid(pid, &status, 0) == pid && status == 7 << 8 ? 0 : 2;
}

/* Files below dir: made and renamed in their folder, as the store does; none elsewhere. */
static int try_files(const char *dir)
{
	int at = open(dir, O_RDONLY | O_DIRECTORY);
	int fd = openat(at, "new", O_CREAT | O_WRONLY, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1 || renameat(at, "new", at, "old") != 0 ||
	    unlinkat(at, "old", 0) != 0)
		return 1;
	return open("/root", O_RDONLY | O_DIRECTORY) < 0 && errno == EACCES ? 0 : 2;
}

static void test_service(void **state)
{
	char dir[] = "/tmp/postern-test-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(ask_service(0, dir, try_refused), 0);
	assert_int_equal(ask_service(0, dir, try_needed), 0);
	if (landlock_abi() > 0) {
		assert_int_equal(ask_service(0, dir, try_files), 0);
		assert_int_equal(ask_service(1, dir, try_files), 0); /* Linux 5.13 */
	}
	assert_int_equal(rmdir(dir), 0);
}

/* ---- surroundings: an outer filter answers in the kernel's place ---- */

/* In a child: these calls fail so; gives what sandbox_prepare says there, and its sentence is looked through. */
static enum err prepare_where(int call, int fails_with, int expect_abi, const char *expect_text)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		scmp_filter_ctx outer = seccomp_init(SCMP_ACT_ALLOW);
		struct errbuf eb = { 0 };
		struct sandbox s;
		if (seccomp_rule_add(outer, SCMP_ACT_ERRNO((uint32_t)fails_with), call, 0) != 0 ||
		    seccomp_load(outer) != 0)
			_exit(100);
		enum err e =
		    sandbox_prepare(SANDBOX_WORKER, (struct sandbox_user){ 0 }, "/", &silent, &s, &eb);
		_exit(s.landlock_abi != expect_abi ? 101 : !strstr(eb.text, expect_text) ? 102 : (int)e);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return (enum err)WEXITSTATUS(status);
}

static void test_surroundings(void **state)
{
	int abi = landlock_abi();

	(void)state;
	/* Landlock that is not let through is Landlock absent: it goes on. */
	assert_int_equal(prepare_where(SCMP_SYS(landlock_create_ruleset), EPERM, 0, ""), OK);
	assert_int_equal(prepare_where(SCMP_SYS(landlock_create_ruleset), ENOSYS, 0, ""), OK);
	/* Without seccomp nothing starts, and the sentence says why. */
	assert_int_equal(prepare_where(SCMP_SYS(seccomp), ENOSYS, abi, "offers no seccomp filter"),
			 ERR_DENIED);
	assert_int_equal(prepare_where(SCMP_SYS(seccomp), EPERM, abi, "offers no seccomp filter"),
			 ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mail_is_read),  cmocka_unit_test(test_attempts_die),
		cmocka_unit_test(test_harmless),      cmocka_unit_test(test_zygote_is_large),
		cmocka_unit_test(test_service),       cmocka_unit_test(test_landlock_alone),
		cmocka_unit_test(test_seccomp_alone), cmocka_unit_test(test_surroundings),
	};

	return cmocka_run_group_tests_name("daemon/sealed", tests, NULL, NULL);
}
