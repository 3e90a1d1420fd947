-- More settings, of the one shape.
CREATE TABLE impersonation(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX impersonation_uuid ON impersonation(account, uuid);
CREATE UNIQUE INDEX impersonation_ukey ON impersonation(ukey, account);
CREATE INDEX impersonation_time ON impersonation(account, created_at);

CREATE TABLE trusted_domain(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX trusted_domain_uuid ON trusted_domain(account, uuid);
CREATE UNIQUE INDEX trusted_domain_ukey ON trusted_domain(ukey, account);
CREATE INDEX trusted_domain_time ON trusted_domain(account, created_at);

CREATE TABLE content_policy(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX content_policy_uuid ON content_policy(account, uuid);
CREATE UNIQUE INDEX content_policy_ukey ON content_policy(ukey, account);
CREATE INDEX content_policy_time ON content_policy(account, created_at);

CREATE TABLE sending_restriction(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX sending_restriction_uuid ON sending_restriction(account, uuid);
CREATE UNIQUE INDEX sending_restriction_ukey ON sending_restriction(ukey, account);
CREATE INDEX sending_restriction_time ON sending_restriction(account, created_at);

CREATE TABLE url_ignore(num INTEGER PRIMARY KEY, account INTEGER NOT NULL, uuid TEXT, ukey TEXT,
	created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX url_ignore_uuid ON url_ignore(account, uuid);
CREATE UNIQUE INDEX url_ignore_ukey ON url_ignore(ukey, account);
CREATE INDEX url_ignore_time ON url_ignore(account, created_at);
