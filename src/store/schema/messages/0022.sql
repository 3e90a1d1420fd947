-- In which mailboxes of a scan each of its detections lies: once each, however often a mailbox is read.
CREATE TABLE retro_target(scan INTEGER NOT NULL, mailbox INTEGER NOT NULL, key INTEGER NOT NULL,
	PRIMARY KEY(scan, mailbox, key)) WITHOUT ROWID;
