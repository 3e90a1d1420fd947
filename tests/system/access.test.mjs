// Who may act: what commands and the API do to tokens and users counts for a running server at once, and is audited.
import assert from "node:assert/strict";
import { readdirSync, statSync, truncateSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { lure } from "./lib/mail.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { sendMail } from "./lib/smtp.mjs";

let p, admin;
before(async () => {
	p = await Postern.start();
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "chief");
});
after(() => p?.stop());

// One request below postern/.
async function ours(method, where, { body, token = admin, headers = { authorization: `Bearer ${token}` }, account = p.account } = {}) {
	const answer = await fetch(`${p.base}/accounts/${account}/postern/${where}`, {
		method,
		headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
		body: body && JSON.stringify(body),
	});
	return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

test("what one way in makes, the other takes away at once", async () => {
	const made = (await ours("POST", "tokens", { body: { name: "made by the API", scope: "read" } })).body.result;
	assert.equal((await p.request("GET", "investigate", { token: made.token })).status, 200);
	const line = p.cli("token", "list", "--account", p.account).split("\n").find((l) => l.endsWith("made by the API"));
	p.cli("token", "delete", "--account", p.account, line.split("\t")[0]);
	assert.equal((await p.request("GET", "investigate", { token: made.token })).status, 401);

	const other = p.secret("token", "add", "--account", p.account, "--scope", "read", "made by a command");
	assert.equal((await p.request("GET", "investigate", { token: other })).status, 200);
	const { id } = (await ours("GET", "tokens?name=made%20by%20a%20command")).body.result[0];
	assert.equal((await ours("DELETE", `tokens/${id}`)).status, 200);
	assert.equal((await p.request("GET", "investigate", { token: other })).status, 401);

	p.secret("token", "add", "--account", p.account, "--scope", "read", "--days", "30", "for a month");
	const month = (await ours("GET", "tokens?name=for%20a%20month")).body.result[0];
	assert.equal(Math.round((Date.parse(month.expires_at) - Date.now()) / 86_400_000), 30);

	const key = p.secret("user", "add", "--account", p.account, "Someone@example.test");
	const headers = { "x-auth-email": "someone@example.test", "x-auth-key": key };
	assert.equal((await ours("GET", "users", { headers })).status, 200);
	p.cli("user", "delete", "--account", p.account, "someone@EXAMPLE.test");
	assert.equal((await ours("GET", "users", { headers })).status, 403);
});

test("an address for copies takes mail at once, and none when it is deleted", async () => {
	const { id, address } = (await ours("POST", "service_addresses", { body: { domain: "copies.test" } })).body.result;
	const rcpt = async () => (await sendMail(p.smtpPort, { to: address, mail: lure().raw })).rcpt[0].code;
	assert.equal(await rcpt(), 250);
	assert.equal((await ours("DELETE", `service_addresses/${id}`)).status, 200);
	assert.equal(await rcpt(), 550);
});

test("every write has its row, whoever it was by", async () => {
	const id = p.cli("account", "add", "Audited").trim();
	const token = p.secret("token", "add", "--account", id, "--scope", "admin", "first");
	p.secret("user", "add", "--account", id, "auditor@example.test");
	const address = p.cli("address", "add", "--account", id, "audit.test").trim();
	p.cli("address", "delete", "--account", id, address);
	p.cli("domain", "add", "--account", id, "audited.test", "--transport", "127.0.0.1:1");
	p.cli("domain", "delete", "--account", id, "audited.test");
	p.cli("user", "delete", "--account", id, "auditor@example.test");
	const second = await ours("POST", "tokens", { account: id, token, body: { name: "second", scope: "read" } });
	const audit = (await ours("GET", "audit", { account: id, token })).body.result;
	assert.deepEqual(audit.reverse().map((r) => `${r.who} ${r.action} ${r.collection}`), [
		"operator create account", "operator create token", "operator create user", "operator create service_address",
		"operator delete service_address", "operator create domain", "operator delete domain", "operator delete user",
		"token:first create token",
	]);
	assert.equal(audit.at(-1).request_id, second.headers.get("x-request-id"));
	assert.equal(audit[0].object, id);
	const text = JSON.stringify(audit);
	for (const secret of [token, second.body.result.token, "digest"]) assert.ok(!text.includes(secret), secret);
	assert.ok(!p.log.includes(token) && !p.log.includes(second.body.result.token));
});

test("the log names account and request", async () => {
	const mail = lure();
	await sendMail(p.smtpPort, { to: "user@example.test", mail: mail.raw });
	const message = await p.found(mail.id);
	assert.match(p.log, new RegExp(`event=message id="${message.postfix_id}" account="${p.account}"`));

	const made = await p.request("POST", "settings/allow_policies", { body: {} });
	const id = made.headers.get("x-request-id");
	await until(() => p.log.includes(`event=api_write request="${id}"`), "the line of a write");

	// Also what rooms say that know nothing of requests.
	const raw = path.join(p.data, "raw");
	for (const name of readdirSync(raw, { recursive: true })) {
		const file = path.join(raw, name);
		if (statSync(file).isFile()) truncateSync(file, 20);
	}
	const broken = await p.request("GET", `investigate/${message.id}/raw`).catch(() => null);
	await until(() => /level=error role=api event=raw_damaged request="[0-9a-f]{16}" /.test(p.log), "the line of the damage");
	if (broken) assert.ok(p.log.includes(`event=raw_damaged request="${broken.headers.get("x-request-id")}"`));
});
