-- The truth: rows of mail, jobs, settings and audit share a file so that they can share a transaction.

-- One row for each mail copy. id = account << 45 | milliseconds since 2020 << 4 | n: account, time range, order and
-- cursor are one range of the primary key. Filters are tokens in search.db, not columns here.
CREATE TABLE msg(
	id INTEGER PRIMARY KEY,
	postfix_id TEXT NOT NULL,   -- begins with the time, so its index grows at the end
	suffix INTEGER NOT NULL,    -- the eight hexadecimal digits of the investigate id
	disp INTEGER NOT NULL,      -- 1 = a detection (disposition other than null and NONE)
	held INTEGER NOT NULL,      -- 1 = in quarantine for at least one recipient
	rev INTEGER NOT NULL,       -- counts changes: compare-and-set, and what the indexer has seen
	rescan INTEGER NOT NULL,    -- 1 = a copy that could not be scanned yet
	digest BLOB,                -- SHA-256, to know a resend
	raw BLOB,                   -- SHA-256, name of the raw file
	dict INTEGER NOT NULL,      -- zstd dictionary of the next two, 0 = none
	message BLOB NOT NULL,      -- what lists and single messages show, as JSON by its field table, zstd
	rest BLOB NOT NULL          -- the record without it, likewise
);
CREATE UNIQUE INDEX msg_postfix ON msg(postfix_id);
-- With the column they are limited by, so that they answer alone.
CREATE INDEX msg_det ON msg(id, disp) WHERE disp <> 0;
CREATE INDEX msg_held ON msg(id, held) WHERE held <> 0;

CREATE INDEX msg_rescan ON msg(id, rescan) WHERE rescan <> 0;

-- The newest row of each digest of the last day. Not an index over msg: looked up and written for every mail, it must
-- stay as small as a day is.
CREATE TABLE resend(digest BLOB PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;

-- Rows changed since they were indexed; written in the transaction of the change. gone: fixed tokens of the row
-- before that it no longer has (a copy that was scanned later), to be able to take them out of the index.
CREATE TABLE retag(id INTEGER PRIMARY KEY, rev INTEGER NOT NULL, gone TEXT NOT NULL);

-- How far upkeep has come, by task and account.
CREATE TABLE upkeep(task TEXT NOT NULL, account INTEGER NOT NULL, upto INTEGER NOT NULL,
	PRIMARY KEY(task, account)) WITHOUT ROWID;

-- Work to be done later, taken up by courier.
CREATE TABLE job(
	id INTEGER PRIMARY KEY,
	due INTEGER NOT NULL,       -- microseconds since 1970
	state INTEGER NOT NULL,     -- 0 = open
	tries INTEGER NOT NULL,
	kind TEXT NOT NULL,
	ref INTEGER,                -- row the job is about
	data TEXT                   -- JSON
);
CREATE INDEX job_due ON job(due) WHERE state = 0;

-- Settings: a table per resource, all of one shape. num and uuid are the two permanent names of an object; ukey is
-- what must be unique in an account (in the whole store where the second index says so); body is JSON by the
-- resource's field table. Times are microseconds since 1970.
CREATE TABLE account(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX account_uuid ON account(account, uuid);
CREATE UNIQUE INDEX account_ukey ON account(ukey);

CREATE TABLE user(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX user_uuid ON user(account, uuid);
CREATE UNIQUE INDEX user_ukey ON user(ukey, account);

CREATE TABLE token(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX token_uuid ON token(account, uuid);
CREATE UNIQUE INDEX token_ukey ON token(ukey);

CREATE TABLE service_address(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX service_address_uuid ON service_address(account, uuid);
CREATE UNIQUE INDEX service_address_ukey ON service_address(ukey);

CREATE TABLE domain(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX domain_uuid ON domain(account, uuid);
CREATE UNIQUE INDEX domain_ukey ON domain(ukey, account);

CREATE TABLE allow_policy(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX allow_policy_uuid ON allow_policy(account, uuid);
CREATE UNIQUE INDEX allow_policy_ukey ON allow_policy(ukey, account);

CREATE TABLE block_sender(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX block_sender_uuid ON block_sender(account, uuid);
CREATE UNIQUE INDEX block_sender_ukey ON block_sender(ukey, account);

CREATE TABLE audit(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX audit_uuid ON audit(account, uuid);
CREATE INDEX audit_time ON audit(account, created_at);

-- Grows with every change of an account's settings; 0 = changes of accounts themselves.
CREATE TABLE policy_rev(account INTEGER PRIMARY KEY, rev INTEGER NOT NULL);
