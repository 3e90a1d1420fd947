/*
 * Leader and followers. The leader takes all that wait, writes and commits them, and names the next leader.
 */
#include "store/commit.h"

#include <stdlib.h>

struct commit_group {
	struct sql_db *db;
	pthread_mutex_t mutex; /* guards the queue, leading, and done and leads of the jobs in it */
	struct commit_job *first, **last;
	bool leading;
};

struct commit_group *commit_group_new(struct sql_db *db)
{
	struct commit_group *g = calloc(1, sizeof(*g));

	ASSERT(g);
	g->db = db;
	g->last = &g->first;
	pthread_mutex_init(&g->mutex, NULL);
	return g;
}

void commit_group_free(struct commit_group **g)
{
	if (!*g)
		return;
	ASSERT(!(*g)->first && !(*g)->leading);
	pthread_mutex_destroy(&(*g)->mutex);
	free(*g);
	*g = NULL;
}

static bool concerns_one(enum err err)
{
	return err == OK || err == ERR_CONFLICT || err == ERR_ABSENT;
}

/* One transaction for the jobs from first up to, without, end. */
static enum err commit_some(struct sql_db *db, struct commit_job *first, struct commit_job *end)
{
	struct sql *c;
	enum err err = sql_write_begin(db, &c);

	if (err)
		return err;
	for (struct commit_job *job = first; job != end && !err; job = job->next) {
		job->err = job->run(c, job);
		if (!concerns_one(job->err))
			err = job->err;
	}
	return sql_end(&c, err);
}

static void commit_all(struct sql_db *db, struct commit_job *first)
{
	enum err err = commit_some(db, first, NULL);

	/* A statement of one job was wrong: it must not take the others with it. */
	if (err == ERR_BUG && first->next) {
		for (struct commit_job *job = first; job; job = job->next) {
			err = commit_some(db, job, job->next);
			if (err)
				job->err = err;
		}
		return;
	}
	for (struct commit_job *job = first; job && err; job = job->next)
		job->err = err;
}

/* Behind one another, so whoever takes the first takes all of them. */
static void join_queue(struct commit_group *g, struct commit_job *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		v[i]->done = v[i]->leads = false;
		v[i]->next = NULL;
		*g->last = v[i];
		g->last = &v[i]->next;
	}
}

/* Commits what waits, and tells whose it is. The mutex is held, but not meanwhile. */
static void lead(struct commit_group *g)
{
	struct commit_job *batch = g->first;

	g->first = NULL;
	g->last = &g->first;
	pthread_mutex_unlock(&g->mutex);
	commit_all(g->db, batch);
	pthread_mutex_lock(&g->mutex);
	for (struct commit_job *next; batch; batch = next) {
		next = batch->next; /* once the mutex is free, what is done is its thread's again */
		batch->done = true;
		pthread_cond_signal(&batch->wake);
	}
	if (g->first) {
		g->first->leads = true;
		pthread_cond_signal(&g->first->wake);
	} else {
		g->leading = false;
	}
}

void commit_group_run_all(struct commit_group *g, struct commit_job *const *v, size_t n)
{
	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		pthread_cond_init(&v[i]->wake, NULL);
	pthread_mutex_lock(&g->mutex);
	join_queue(g, v, n);
	if (g->leading) {
		while (!v[0]->done && !v[0]->leads)
			pthread_cond_wait(&v[0]->wake, &g->mutex);
	} else {
		g->leading = true;
		v[0]->leads = true;
	}
	if (v[0]->leads)
		lead(g);
	pthread_mutex_unlock(&g->mutex);
	for (size_t i = 0; i < n; i++)
		pthread_cond_destroy(&v[i]->wake);
}

enum err commit_group_run(struct commit_group *g, struct commit_job *job)
{
	commit_group_run_all(g, &job, 1);
	return job->err;
}
