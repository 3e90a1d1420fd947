-- What the scan of an account's mail looks for, and where its levels lie: one row at most.
CREATE TABLE detection_settings(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX detection_settings_uuid ON detection_settings(account, uuid);
CREATE UNIQUE INDEX detection_settings_ukey ON detection_settings(ukey, account);
