-- What mail is sealed and signed with; private halves are encrypted (store/safe.h).
CREATE TABLE signing_key(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX signing_key_uuid ON signing_key(account, uuid);
CREATE UNIQUE INDEX signing_key_ukey ON signing_key(ukey, account);
CREATE INDEX signing_key_time ON signing_key(account, created_at);
