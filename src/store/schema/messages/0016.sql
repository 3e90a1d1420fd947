-- How mailboxes are reached; their secrets are encrypted (store/safe.h).
CREATE TABLE integration(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX integration_uuid ON integration(account, uuid);
CREATE UNIQUE INDEX integration_ukey ON integration(ukey, account);
CREATE INDEX integration_time ON integration(account, created_at);

-- Where bad mail is moved to: one row of an account at most.
CREATE TABLE auto_moves(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX auto_moves_uuid ON auto_moves(account, uuid);
CREATE UNIQUE INDEX auto_moves_ukey ON auto_moves(ukey, account);

-- Raw mail that was taken out of a mailbox for good, by the message it is a copy of: kept as long as that is, whatever else
-- goes for age or for room.
CREATE TABLE vault(raw BLOB NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(raw, id)) WITHOUT ROWID;
CREATE INDEX vault_id ON vault(id);
CREATE TRIGGER vault_gone AFTER DELETE ON msg BEGIN
	DELETE FROM vault WHERE id = old.id;
END;
