-- What confirmed submissions taught, and which mail was judged by it: before = what it is without.
CREATE TABLE correction(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX correction_uuid ON correction(account, uuid);
CREATE UNIQUE INDEX correction_ukey ON correction(ukey, account);
CREATE INDEX correction_time ON correction(account, created_at);

CREATE TABLE correction_effect(correction INTEGER NOT NULL, key INTEGER NOT NULL, before TEXT NOT NULL,
	after TEXT NOT NULL, PRIMARY KEY(correction, key)) WITHOUT ROWID;
CREATE INDEX correction_effect_key ON correction_effect(key);
CREATE TRIGGER correction_effect_gone AFTER DELETE ON msg BEGIN
	DELETE FROM correction_effect WHERE key = old.id;
END;

-- Made or gone, its mail follows (courier/learn.c). The job has the id of its submission, for that outlasts it.
CREATE TRIGGER correction_made AFTER INSERT ON correction BEGIN
	INSERT INTO job(account, kind, ref, state, due, tries, created_at, who, data)
		VALUES(new.account, 'correction', new.num, 'open', new.created_at, 0, new.created_at, '', coalesce(new.ukey, ''));
END;
CREATE TRIGGER correction_gone AFTER DELETE ON correction BEGIN
	INSERT INTO job(account, kind, ref, state, due, tries, created_at, who, data)
		VALUES(old.account, 'correction', old.num, 'open', strftime('%s', 'now') * 1000000, 0,
			strftime('%s', 'now') * 1000000, '', coalesce(old.ukey, ''))
		ON CONFLICT(ref, kind) WHERE state = 'open' DO UPDATE SET due = excluded.due, tries = 0, why = NULL;
END;
