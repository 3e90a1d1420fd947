-- What an account's past says of a key. k is a keyed hash, so the table names nobody. n and bad fade with time.
CREATE TABLE hist(account INTEGER NOT NULL, k INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
	n REAL NOT NULL, bad REAL NOT NULL, PRIMARY KEY(account, k)) WITHOUT ROWID;
