-- What somebody said of a mail. The mail itself is a row of msg on the account's shelf of submitted mail, under the same
-- key, so that account, time and order are one range of it here, too.
CREATE TABLE submission(
	key INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	subject TEXT NOT NULL,
	type TEXT,                  -- as all of these up to from_user: null or the text of its field
	status TEXT,
	customer TEXT,
	original TEXT,
	requested TEXT,
	outcome TEXT,
	from_user INTEGER NOT NULL,
	texts TEXT NOT NULL,        -- what a query looks into, folded, a line each
	body TEXT NOT NULL          -- JSON by its field table
);

-- They go together. The shelf begins at 1 << 62.
CREATE TRIGGER submission_gone AFTER DELETE ON msg WHEN old.id >= 4611686018427387904 BEGIN
	DELETE FROM submission WHERE key = old.id;
END;
