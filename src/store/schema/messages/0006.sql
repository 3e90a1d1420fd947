-- Work to be done later, taken up by courier. One open job of a kind for each row it is about: who asks again for the
-- same gets the one that is under way.
CREATE TABLE job(
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	account INTEGER NOT NULL,
	kind TEXT NOT NULL,
	ref INTEGER NOT NULL,       -- key of the row the job is about
	state TEXT NOT NULL,
	due INTEGER NOT NULL,       -- microseconds since 1970, as all times here
	tries INTEGER NOT NULL,     -- begun so far
	created_at INTEGER NOT NULL,
	ended_at INTEGER,
	who TEXT NOT NULL,          -- on whose behalf
	data TEXT NOT NULL,         -- what it is to do, JSON of its kind
	why TEXT                    -- why it waits, or how it ended
);
CREATE UNIQUE INDEX job_open ON job(ref, kind) WHERE state = 'open';
CREATE INDEX job_due ON job(due) WHERE state = 'open';
CREATE INDEX job_ended ON job(ended_at) WHERE state <> 'open';
