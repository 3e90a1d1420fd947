-- What people released within the last day: SHA-256 of account, raw mail and recipient, and when (microseconds since 1970).
-- Looked up for each mail, so it is no index over msg.
CREATE TABLE released(digest BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX released_at ON released(at);

-- Rows that were held and are not any more. What goes through all rows once, oldest first, may be past them.
CREATE TABLE let_go(id INTEGER PRIMARY KEY);
CREATE TRIGGER msg_let_go AFTER UPDATE OF held ON msg WHEN old.held <> 0 AND new.held = 0 BEGIN
	INSERT OR IGNORE INTO let_go VALUES(new.id);
END;
