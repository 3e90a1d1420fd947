-- Derived from messages.db and made again from it when missing, damaged or of another recipe (store/tokens.h).

-- One inverted index over the tokens the program makes; FTS5 only divides them at spaces.
CREATE VIRTUAL TABLE fts USING fts5(t, content='', detail=none, columnsize=0,
	tokenize="ascii tokenchars '!#$%&''*+-./:=?^_`{|}~@'");

-- A row for each row of fts, written in the same transaction.
CREATE TABLE indexed(
	id INTEGER PRIMARY KEY,
	fixed INTEGER NOT NULL,     -- hash of the tokens that do not change with what is done to a mail
	tags TEXT NOT NULL          -- the others as indexed, to be able to take them away
);

-- How far the index goes, by account: newer rows are read from messages.db.
CREATE TABLE mark(account INTEGER PRIMARY KEY, upto INTEGER NOT NULL);

-- The recipe by which the tokens were made; no row = not made yet.
CREATE TABLE recipe(name TEXT NOT NULL);
