/*
 * The workers a broker has, and who may use how many of them.
 *
 * Each worker is a slot. A mail's thread takes an idle one, uses its socket alone, and gives it back or has it
 * ended. One keeper thread (keeper.c) speaks with supervisor and zygotes: it orders new workers, learns of deaths
 * and has workers killed; no mail waits for it but one that finds nothing idle.
 *
 *	FREE ─FORK─► FORKING ─WORKER─► IDLE ◄──► BUSY        a zygote that is gone takes all its workers along
 *	  ▲                              └──────┬──┘
 *	  └────────────DEATH── DYING ◄─KILL── DOOMED
 */
#ifndef BROKER_POOL_H
#define BROKER_POOL_H

#include <pthread.h>

#include "broker/broker.h"
#include "broker/ipc.h"
#include "broker/wire.h"

#define ZYGOTES_MAX 8 /* generations at once: the current one, and older ones until their mail is done */

enum slot_state { SLOT_FREE, SLOT_FORKING, SLOT_IDLE, SLOT_BUSY, SLOT_DOOMED, SLOT_DYING };

/* A generation of the zygote. */
struct zygote {
	bool used;
	struct ipc control; /* the keeper's alone */
	struct wire_rev *revs;
	size_t revs_n;
};

struct slot {
	enum slot_state state;
	uint32_t number; /* of the worker, never used twice */
	pid_t pid;
	struct zygote *zygote; /* NULL: it is gone */
	struct ipc ipc;        /* of the thread that holds the slot while BUSY */
	unsigned mails;
	bool sealed; /* READY came */
	bool dead;   /* BUSY, and DEATH came */
	int status;  /* how it died */
	int64_t idle_since_ms;
	struct ip client; /* ip_subscriber of the mail's, while BUSY */
	uint64_t sender;  /* hash of its sender's domain; 0 = none */
};

struct pool {
	pthread_mutex_t lock; /* guards everything below but control sockets and the ipc of BUSY slots */
	pthread_cond_t changed;
	unsigned idle_wanted, max, share;
	unsigned hungry; /* threads waiting that a new worker would help */
	uint32_t last_number;
	bool renew_wanted; /* a mail was ahead of the snapshot */
	struct zygote zygotes[ZYGOTES_MAX];
	struct zygote *current; /* NULL until the first is ready */
	bool orphaned;          /* no other zygote will come */
	int wake_fd;            /* eventfd: the keeper has something to do */
	unsigned char sip_key[16];
	struct slot slots[LIMIT_WORKERS];
};

void pool_init(struct pool *p, unsigned idle_wanted, unsigned max);
void pool_end(struct pool *p);

/* Who a mail counts against: a quarter of the workers for one client (ip_subscriber), and for one sender domain. */
struct pool_claim {
	struct ip client;
	struct str sender_domain;
};

/* A worker for the caller alone; fresh: one that has seen no mail. ERR_LATER: none before until_ms, or none ever. */
MUST_CHECK enum err pool_take(struct pool *p, const struct pool_claim *claim, bool fresh, int64_t until_ms,
			      struct slot **out);
/* After a mail went well; the worker is used again unless it is old. */
void pool_give_back(struct pool *p, struct slot *s, unsigned mails_per_worker);
/* Ends the worker, whatever it is doing. */
void pool_end_worker(struct pool *p, struct slot *s);

enum pool_death { POOL_ALIVE, POOL_DIED, POOL_ZYGOTE_GONE };
/* After the socket's end: why. Waits a moment for the zygote's word. */
enum pool_death pool_ask_death(struct pool *p, struct slot *s, int *status_out);

/* The revision of an account's policy that the slot's worker holds; -1 = none. Asks for a newer snapshot. */
int64_t pool_policy_rev(struct pool *p, const struct slot *s, int64_t account);
void pool_want_renewal(struct pool *p);

/* ---- for the keeper ---- */

void pool_wake(struct pool *p);
/* Makes FREE slots FORKING as needed: their numbers into numbers_out (LIMIT_WORKERS of them at most). */
size_t pool_plan_forks(struct pool *p, uint32_t *numbers_out);
/* DOOMED slots become DYING: their zygote and number. */
bool pool_next_doomed(struct pool *p, struct zygote **zygote_out, uint32_t *number_out);
/* Dooms workers that were idle for long beyond those wanted. */
void pool_shrink(struct pool *p, int64_t now_ms);
void pool_worker_came(struct pool *p, struct zygote *z, const struct wire_worker *w, int fd);
/* true: nobody had asked for its end. */
bool pool_worker_died(struct pool *p, uint32_t number, int status);
/* A new generation; idle workers of older ones are doomed. false: no place, fd is closed. */
bool pool_zygote_came(struct pool *p, int fd);
/* Whoever waits for a zygote need not any more. */
void pool_supervisor_gone(struct pool *p);
void pool_zygote_revs(struct pool *p, struct zygote *z, struct str revs);
void pool_zygote_gone(struct pool *p, struct zygote *z);
/* Whether no worker of an old generation is left. */
bool pool_zygote_is_done(struct pool *p, struct zygote *z);

#endif
