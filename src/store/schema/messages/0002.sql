-- What each collection of an account holds, kept with every write: its ceilings are looked at without counting. code:
-- bytes of compiled expressions; rows from before this are counted when they change.
CREATE TABLE holding(account INTEGER NOT NULL, collection TEXT NOT NULL, objects INTEGER NOT NULL,
	bytes INTEGER NOT NULL, code INTEGER NOT NULL, PRIMARY KEY(account, collection)) WITHOUT ROWID;
INSERT INTO holding SELECT account, 'domain', count(*), SUM(length(CAST(body AS BLOB))), 0 FROM domain GROUP BY account;
INSERT INTO holding SELECT account, 'allow_policy', count(*), SUM(length(CAST(body AS BLOB))), 0
	FROM allow_policy GROUP BY account;
INSERT INTO holding SELECT account, 'block_sender', count(*), SUM(length(CAST(body AS BLOB))), 0
	FROM block_sender GROUP BY account;

-- The order of lists.
CREATE INDEX domain_time ON domain(account, created_at);
CREATE INDEX allow_policy_time ON allow_policy(account, created_at);
CREATE INDEX block_sender_time ON block_sender(account, created_at);

-- Audit rows go when they are old; nobody looks for them otherwise.
DROP INDEX audit_uuid;
DROP INDEX audit_time;
CREATE INDEX audit_age ON audit(created_at);

-- Nothing was ever put into it.
DROP TABLE job;
