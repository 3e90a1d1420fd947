-- What is written for people about campaigns and single mails. Times are microseconds since 1970.
CREATE TABLE report(
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	account INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	body TEXT NOT NULL          -- JSON by its field table
);
CREATE INDEX report_time ON report(account, created_at, id);
CREATE INDEX report_age ON report(updated_at);

-- What mails of the same campaign have in common, and the newest report about it.
CREATE TABLE report_name(
	account INTEGER NOT NULL,
	name TEXT NOT NULL,
	report INTEGER NOT NULL,
	PRIMARY KEY(account, name)
) WITHOUT ROWID;
CREATE INDEX report_name_report ON report_name(report);
CREATE TRIGGER report_gone AFTER DELETE ON report BEGIN
	DELETE FROM report_name WHERE report = old.id;
END;
CREATE TRIGGER report_account_gone AFTER DELETE ON account BEGIN
	DELETE FROM report WHERE account = old.num;
END;
