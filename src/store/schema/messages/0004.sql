-- Users, tokens and service addresses become collections as settings are: with both ids, a time of change, and counted.
UPDATE user SET uuid = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)
	|| '-' || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
UPDATE token SET uuid = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)
	|| '-' || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
UPDATE service_address SET uuid = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4'
	|| substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (random() & 3), 1)
	|| substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
UPDATE user SET body = json_set(json_remove(body, '$.num', '$.key_digest'), '$.id', json_array(uuid, num),
	'$.digest', json_extract(body, '$.key_digest'), '$.modified_at', json_extract(body, '$.created_at'));
UPDATE token SET body = json_set(json_remove(body, '$.num'), '$.id', json_array(uuid, num),
	'$.modified_at', json_extract(body, '$.created_at'));
UPDATE service_address SET body = json_set(json_remove(body, '$.num'), '$.id', json_array(uuid, num),
	'$.domain', substr(json_extract(body, '$.address'), instr(json_extract(body, '$.address'), '@') + 1),
	'$.modified_at', json_extract(body, '$.created_at'));

INSERT INTO holding SELECT account, 'user', count(*), SUM(length(CAST(body AS BLOB))), 0 FROM user GROUP BY account;
INSERT INTO holding SELECT account, 'token', count(*), SUM(length(CAST(body AS BLOB))), 0 FROM token GROUP BY account;
INSERT INTO holding SELECT account, 'service_address', count(*), SUM(length(CAST(body AS BLOB))), 0
	FROM service_address GROUP BY account;

CREATE INDEX user_time ON user(account, created_at);
CREATE INDEX token_time ON token(account, created_at);
CREATE INDEX service_address_time ON service_address(account, created_at);

-- What is read by the API: newest first, an account's own. What is kept for ourselves alone has no place in it.
CREATE INDEX audit_account ON audit(account);
UPDATE audit SET body = json_remove(body, '$.before.digest', '$.after.digest', '$.before.key_digest',
	'$.after.key_digest', '$.before.num', '$.after.num', '$.before.account', '$.after.account',
	'$.before.code_bytes', '$.after.code_bytes');
