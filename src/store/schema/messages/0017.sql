-- Jobs of which nobody waits for the answer: behind all others of their account.
ALTER TABLE job ADD COLUMN patient INTEGER NOT NULL DEFAULT 0;
DROP INDEX job_of;
CREATE INDEX job_of ON job(account, patient, due) WHERE state = 'open';

-- What is done to all that a search finds. Its mail is looked for from the key `place` down to `low`. Of what was found,
-- the last five columns count the rows by their status; nobody writes them but the triggers below and store/bulk.c when a
-- job is stopped.
CREATE TABLE bulk_job(
	num INTEGER PRIMARY KEY AUTOINCREMENT,
	account INTEGER NOT NULL,
	uuid TEXT NOT NULL,
	action TEXT NOT NULL,
	status TEXT NOT NULL,
	why TEXT,
	who TEXT NOT NULL,          -- on whose behalf
	created_at INTEGER NOT NULL, -- microseconds since 1970, as all times here
	started_at INTEGER,
	ended_at INTEGER,
	low INTEGER NOT NULL,
	place INTEGER NOT NULL,
	body TEXT NOT NULL,         -- the rest, JSON by its field table
	child_data TEXT NOT NULL,   -- job.data of what is done to each message
	pending INTEGER NOT NULL DEFAULT 0,
	successful INTEGER NOT NULL DEFAULT 0,
	failed INTEGER NOT NULL DEFAULT 0,
	skipped INTEGER NOT NULL DEFAULT 0,
	cancelled INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX bulk_job_uuid ON bulk_job(uuid);
CREATE INDEX bulk_job_time ON bulk_job(account, created_at, num);
CREATE INDEX bulk_job_ended ON bulk_job(ended_at) WHERE ended_at IS NOT NULL;

-- One message of one of them. child is the job (table job) that does it, while it is open: at most a few at a time. One that
-- is PENDING when its bulk job is stopped counts as CANCELLED from then on and is shown so, for there may be 100,000.
CREATE TABLE bulk_message(
	job INTEGER NOT NULL,
	key INTEGER NOT NULL,       -- of its record
	postfix_id TEXT NOT NULL,
	recipient TEXT NOT NULL,
	status TEXT NOT NULL,
	child INTEGER,
	retries INTEGER NOT NULL DEFAULT 0,
	retry_after INTEGER,
	created_at INTEGER NOT NULL,
	ended_at INTEGER,
	why TEXT,
	PRIMARY KEY(job, key)
) WITHOUT ROWID;
CREATE INDEX bulk_message_status ON bulk_message(job, status, key);
CREATE INDEX bulk_message_child ON bulk_message(child, job) WHERE child IS NOT NULL;
CREATE INDEX bulk_message_next ON bulk_message(job, key) WHERE status = 'PENDING' AND child IS NULL;
CREATE INDEX bulk_message_busy ON bulk_message(job) WHERE child IS NOT NULL AND retry_after IS NULL;

CREATE TRIGGER bulk_message_found AFTER INSERT ON bulk_message BEGIN
	UPDATE bulk_job SET pending = pending + (new.status = 'PENDING'), skipped = skipped + (new.status = 'SKIPPED')
		WHERE num = new.job;
END;
CREATE TRIGGER bulk_message_changed AFTER UPDATE OF status ON bulk_message WHEN new.status <> old.status BEGIN
	UPDATE bulk_job SET
		pending = pending + (new.status IN ('PENDING', 'PROCESSING')) - (old.status IN ('PENDING', 'PROCESSING')),
		successful = successful + (new.status = 'COMPLETED') - (old.status = 'COMPLETED'),
		failed = failed + (new.status = 'FAILED') - (old.status = 'FAILED'),
		skipped = skipped + (new.status = 'SKIPPED') - (old.status = 'SKIPPED'),
		cancelled = cancelled + (new.status = 'CANCELLED') - (old.status = 'CANCELLED')
		WHERE num = new.job;
END;

-- Rows of one that is gone are deleted a few at a time (store/bulk.c). Its number is never given again.
CREATE TABLE bulk_orphan(job INTEGER PRIMARY KEY);
CREATE TRIGGER bulk_job_gone AFTER DELETE ON bulk_job BEGIN
	INSERT INTO bulk_orphan VALUES(old.num);
END;
CREATE TRIGGER bulk_account_gone AFTER DELETE ON account BEGIN
	DELETE FROM bulk_job WHERE account = old.num;
END;
