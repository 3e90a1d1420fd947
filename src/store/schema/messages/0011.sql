-- What an account protects, by name: read for each of its mails, so nothing but this index is.
CREATE INDEX domain_names ON domain(account, ukey);
