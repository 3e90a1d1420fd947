-- The first eight bytes of record.content: by it one message is one record, in however many mailboxes it lies and
-- however else it came. A column, so that it goes with its row.
ALTER TABLE msg ADD COLUMN content INTEGER;
CREATE INDEX msg_content ON msg(content) WHERE content IS NOT NULL;

-- A file put back for a moment goes later than one whose row is let go.
ALTER TABLE let_go ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER msg_let_go;
CREATE TRIGGER msg_let_go AFTER UPDATE OF held ON msg WHEN old.held <> 0 AND new.held = 0 BEGIN
	INSERT OR IGNORE INTO let_go(id) VALUES(new.id);
END;

-- Mailboxes that are looked into, for what is new or for a retro scan. Times are microseconds since 1970.
CREATE TABLE mailbox_watch(
	num INTEGER PRIMARY KEY AUTOINCREMENT,
	account INTEGER NOT NULL,
	integration TEXT NOT NULL,
	address TEXT NOT NULL,
	scan INTEGER NOT NULL,      -- retro_scan.num; 0 = it is watched
	folder TEXT NOT NULL,
	state TEXT NOT NULL,
	due INTEGER NOT NULL,       -- when it is looked into next; the greatest number = never
	since INTEGER NOT NULL,     -- where a look without a cursor begins
	cursor TEXT NOT NULL,       -- where the next look goes on; '' = it begins by time
	looked_at INTEGER NOT NULL, -- 0 = never
	found INTEGER NOT NULL,     -- messages so far
	failed INTEGER NOT NULL,    -- of them those that could not be read
	failures INTEGER NOT NULL,  -- looks in a row that went wrong
	fault TEXT NOT NULL,        -- the last one's words; '' = it went well
	wanted INTEGER NOT NULL     -- when it was last said that it is to be watched
);
CREATE UNIQUE INDEX mailbox_watch_of ON mailbox_watch(account, integration, scan, address);
CREATE INDEX mailbox_watch_due ON mailbox_watch(due) WHERE scan = 0;
CREATE INDEX mailbox_scan_due ON mailbox_watch(due) WHERE scan <> 0;
CREATE INDEX mailbox_watch_scan ON mailbox_watch(scan, state);
CREATE TRIGGER mailbox_watch_account_gone AFTER DELETE ON account BEGIN
	DELETE FROM mailbox_watch WHERE account = old.num;
END;

-- Scans of what lies in mailboxes, and what came of them.
CREATE TABLE retro_scan(
	num INTEGER PRIMARY KEY AUTOINCREMENT,
	account INTEGER NOT NULL,
	uuid TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	open INTEGER NOT NULL,      -- 1 = it has not ended
	body TEXT NOT NULL          -- JSON by its field table
);
CREATE UNIQUE INDEX retro_scan_uuid ON retro_scan(uuid);
CREATE INDEX retro_scan_time ON retro_scan(account, created_at, num);
CREATE INDEX retro_scan_open ON retro_scan(open) WHERE open <> 0;

-- Each message once, in how many mailboxes it may lie.
CREATE TABLE retro_message(scan INTEGER NOT NULL, key INTEGER NOT NULL, detection INTEGER NOT NULL,
	PRIMARY KEY(scan, key)) WITHOUT ROWID;
CREATE INDEX retro_message_found ON retro_message(scan, key) WHERE detection <> 0;
CREATE TABLE retro_count(scan INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, n INTEGER NOT NULL,
	PRIMARY KEY(scan, kind, value)) WITHOUT ROWID;

-- What belonged to a scan that is gone is deleted a few rows at a time. Its number is never given again.
CREATE TABLE retro_orphan(scan INTEGER PRIMARY KEY);
CREATE TRIGGER retro_scan_gone AFTER DELETE ON retro_scan BEGIN
	INSERT INTO retro_orphan VALUES(old.num);
END;
CREATE TRIGGER retro_account_gone AFTER DELETE ON account BEGIN
	DELETE FROM retro_scan WHERE account = old.num;
END;
