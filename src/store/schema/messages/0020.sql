-- What mail that goes on gets added, and what becomes of its links.
CREATE TABLE text_add_on(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX text_add_on_uuid ON text_add_on(account, uuid);
CREATE UNIQUE INDEX text_add_on_ukey ON text_add_on(ukey, account);
CREATE INDEX text_add_on_time ON text_add_on(account, created_at);

CREATE TABLE link_action(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX link_action_uuid ON link_action(account, uuid);
CREATE UNIQUE INDEX link_action_ukey ON link_action(ukey, account);
CREATE INDEX link_action_time ON link_action(account, created_at);
