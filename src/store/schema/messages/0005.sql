-- What the server finds out about a domain, as JSON by the field table of domains, and when it looks at what again:
-- microseconds since 1970. Beside the domain, so that a look never changes its row.
CREATE TABLE domain_fact(num INTEGER PRIMARY KEY, proof_due INTEGER NOT NULL, health_due INTEGER NOT NULL,
	count_due INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX domain_fact_proof ON domain_fact(proof_due);
CREATE INDEX domain_fact_health ON domain_fact(health_due);
CREATE INDEX domain_fact_count ON domain_fact(count_due);

-- Mails with recipients in a domain, by days since 1970; counted in the transaction that adds the mail.
CREATE TABLE domain_day(num INTEGER NOT NULL, day INTEGER NOT NULL, mails INTEGER NOT NULL,
	PRIMARY KEY(num, day)) WITHOUT ROWID;

-- Its record cannot be there yet; and a name that was asked for in vain is remembered as absent by resolvers.
CREATE TRIGGER domain_made AFTER INSERT ON domain BEGIN
	INSERT INTO domain_fact(num, proof_due, health_due, count_due, body)
		VALUES(new.num, new.created_at + 60000000, 0, 0, '{}');
END;
CREATE TRIGGER domain_gone AFTER DELETE ON domain BEGIN
	DELETE FROM domain_fact WHERE num = old.num;
	DELETE FROM domain_day WHERE num = old.num;
END;
INSERT INTO domain_fact(num, proof_due, health_due, count_due, body) SELECT num, 0, 0, 0, '{}' FROM domain;
