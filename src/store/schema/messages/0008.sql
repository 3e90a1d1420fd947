-- Who is told of events: a collection as settings are.
CREATE TABLE notification(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX notification_uuid ON notification(account, uuid);
CREATE UNIQUE INDEX notification_ukey ON notification(ukey, account);
CREATE INDEX notification_time ON notification(account, created_at);

-- How it stands with each, beside it, and what was found, as JSON by the field table of notifications. Times are
-- microseconds since 1970.
CREATE TABLE notification_state(
	num INTEGER PRIMARY KEY,
	account INTEGER NOT NULL,
	due INTEGER NOT NULL,       -- when it is to be told what waits; the greatest number = nothing waits
	away INTEGER NOT NULL,      -- not before then: somebody is at it, or it was not reached
	failures INTEGER NOT NULL,  -- tries in a row that reached nobody
	pending INTEGER NOT NULL,   -- rows of notice
	given_up INTEGER NOT NULL,
	body TEXT NOT NULL
);
CREATE INDEX notification_state_due ON notification_state(due);
CREATE VIEW notification_fact AS SELECT num, '{"pending":' || pending || ',"given_up":' || given_up ||
	CASE body WHEN '{}' THEN '}' ELSE ',' || substr(body, 2) END AS body FROM notification_state;

-- One event that one of them is to be told of.
CREATE TABLE notice(
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	target INTEGER NOT NULL,    -- notification.num
	event TEXT NOT NULL,        -- id of the event: of all its notices
	kind TEXT NOT NULL,
	ref INTEGER NOT NULL,       -- what it is about: a message or a job
	at INTEGER NOT NULL,        -- when it happened
	due INTEGER NOT NULL,       -- when it is told, which is in this order
	tries INTEGER NOT NULL      -- that the target answered by refusing this one alone
);
CREATE INDEX notice_target ON notice(target, due, id);

CREATE TRIGGER notification_made AFTER INSERT ON notification BEGIN
	INSERT INTO notification_state(num, account, due, away, failures, pending, given_up, body)
		VALUES(new.num, new.account, 9223372036854775807, 0, 0, 0, 0, '{}');
END;
-- Who mends one does not wait for it.
CREATE TRIGGER notification_changed AFTER UPDATE ON notification BEGIN
	UPDATE notification_state SET away = 0, failures = 0, due = CASE WHEN pending > 0 THEN 0 ELSE due END
		WHERE num = new.num;
END;
CREATE TRIGGER notification_gone AFTER DELETE ON notification BEGIN
	DELETE FROM notification_state WHERE num = old.num;
	DELETE FROM notice WHERE target = old.num;
END;
