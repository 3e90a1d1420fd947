-- The oldest job of each account, however many another one has.
CREATE INDEX job_of ON job(account, due) WHERE state = 'open';
