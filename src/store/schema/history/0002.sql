-- When domains were registered; k is a keyed hash as above. created 0: nobody could say, which is asked again after a while.
CREATE TABLE age(k INTEGER PRIMARY KEY, created INTEGER NOT NULL, asked INTEGER NOT NULL);
