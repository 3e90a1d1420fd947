// Retro scans: what lies in mailboxes already is judged, counted and told, and left where it is; a kill costs nothing.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { lure, plain } from "./lib/mail.mjs";
import { MASTER, MailServer, missing } from "./lib/mailserver.mjs";
import { Postern, until } from "./lib/postern.mjs";

const skip = missing() || false;
const people = ["ann", "ben", "cat"].map((name) => `${name}@example.test`);
const GONE = "gone@example.test";
const EACH = 60; // clean mails in each mailbox
const SECONDS = 120;

let server;
let p;
let admin;
let integration;
const bad = lure({ to: people[0] });
const clean = [];

const ours = async (method, path, options) => await p.ask(method, `/accounts/${p.account}/postern/${path}`, options);
const scan = async (id) => (await ours("GET", `retro_scans/${id}`)).body.result;
const ended = (id) => until(async () => {
	const s = await scan(id);
	return ["COMPLETED", "FAILED", "CANCELLED"].includes(s.state) && s;
}, "the scan ends", SECONDS);

async function ask(body) {
	const { status, body: { result }, text } = await ours("POST", "retro_scans", { body });
	assert.equal(status, 201, text);
	return result;
}

before(async () => {
	if (skip) return;
	server = await MailServer.start("example.test", { users: Object.fromEntries(people.map((name) => [name, "theirs"])), postfix: false });
	p = await Postern.start({ settings: { mailboxes: { allow_private: true } } });
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "keeper");
	const made = await ours("POST", "integrations", { token: admin, body: { name: "dovecot", provider: "imap", server: `127.0.0.1:${server.imap}`,
		security: "PLAINTEXT", user: MASTER.user, secret: MASTER.password, mailboxes: people.map((address) => ({ address })) } });
	assert.equal(made.status, 201, made.text);
	integration = made.body.result;
	const [domain] = (await p.get("settings/domains")).result;
	assert.equal((await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: integration.id } })).status, 200);
	for (const address of people)
		for (let i = 0; i < EACH; i++) {
			clean.push(plain({ to: address, subject: `mail ${i} of ${address}` }));
			await server.deliver(address, clean.at(-1).raw);
		}
	await server.deliver(people[0], bad.raw);
	await server.deliver(people[1], bad.raw);
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

test("what is asked for is looked at", { skip }, async () => {
	const NO = "00000000-0000-4000-8000-000000000000";
	for (const [body, field] of [[{ days: 14 }, "/integration_id"], [{ domain: "example.test" }, "/days"], [{ domain: "example.test", days: 0 }, "/days"],
		[{ domain: "example.test", days: 3651 }, "/days"], [{ domain: "elsewhere.test", days: 1 }, "/domain"], [{ integration_id: NO, days: 1 }, "/integration_id"],
		[{ integration_id: integration.id, domain: "example.test", days: 1 }, "/integration_id"],
		[{ domain: "example.test", days: 1, mailboxes: ["nobody"] }, "/mailboxes/0"], [{ domain: "example.test", days: 1, folder: "Junk" }, "/folder"],
		[{ domain: "example.test", days: 1, day: 2 }, "/day"]]) {
		const { status, body: { errors }, text } = await ours("POST", "retro_scans", { body });
		assert.equal(status, 400, text);
		assert.ok(errors.some((e) => e.source?.pointer === field), `${JSON.stringify(body)}: ${text}`);
	}
	for (const end of ["", "/report", "/messages", "/mailboxes"]) assert.equal((await ours("GET", `retro_scans/${NO}${end}`)).status, 404);
	assert.equal((await ours("DELETE", `retro_scans/${NO}`)).status, 404);
	assert.equal((await ours("POST", `retro_scans/${NO}/cancel`)).status, 404);
});

test("all mailboxes are read to their end, through kills, and nothing counts twice", { skip }, async () => {
	const asked = await ask({ domain: "example.test", days: 3650 });
	assert.equal(asked.state, "PENDING");
	assert.equal(asked.folder, "AllItems");
	let kills = 0, last = 0;
	const killer = (async () => {
		while (kills < 3 && (await scan(asked.id)).state !== "COMPLETED") {
			await until(async () => { const s = await scan(asked.id); return s.state === "COMPLETED" || s.mailboxes_total > 0; }, "the scan begins", SECONDS);
			last = await until(() => p.roles().courier?.find((pid) => pid !== last), "a courier to kill");
			process.kill(last, "SIGKILL");
			kills++;
		}
	})();
	const s = await ended(asked.id);
	await killer;
	assert.ok(kills > 0);
	assert.equal(s.state, "COMPLETED", JSON.stringify(s));
	assert.equal(s.mailboxes_total, people.length);
	assert.equal(s.mailboxes_done, people.length);
	assert.equal(s.messages_seen, people.length * EACH + 2);
	assert.equal(s.messages_scanned, people.length * EACH + 1);
	assert.equal(s.messages_failed, 0);
	assert.equal(s.dispositions.reduce((sum, d) => sum + d.count, 0), s.messages_scanned);
	assert.equal(s.dispositions.find((d) => d.value === "MALICIOUS").count, 1);
	for (const mail of [clean[0], clean.at(-1), bad]) {
		const all = await p.find(mail.id);
		assert.equal(all.length, 1);
		assert.equal(all[0].delivery_mode, "RETRO_SCAN");
	}
	assert.deepEqual([...(await p.find(bad.id))[0].client_recipients].sort(), people.slice(0, 2));
});

test("the report says what was found, and where", { skip }, async () => {
	const [s] = (await ours("GET", "retro_scans")).body.result;
	const { status, body: { result: report } } = await ours("GET", `retro_scans/${s.id}/report`);
	assert.equal(status, 200);
	assert.equal(report.scan.id, s.id);
	assert.equal(report.detections, 1);
	assert.deepEqual(report.targets, people.slice(0, 2).map((value) => ({ value, count: 1 })));
	assert.deepEqual(report.sender_domains, [{ value: "login.example.org", count: 1 }]);
	assert.ok(report.threat_categories.length > 0);
	const messages = await ours("GET", `retro_scans/${s.id}/messages`);
	assert.equal(messages.body.result_info.total_count, 1);
	assert.equal(messages.body.result[0].message_id, bad.id);
	const mailboxes = await ours("GET", `retro_scans/${s.id}/mailboxes`, { query: { per_page: 2 } });
	assert.equal(mailboxes.body.result.length, 2);
	assert.equal(mailboxes.body.result_info.total_count, people.length);
	assert.ok(mailboxes.body.result.every((m) => m.state === "done" && m.fault === null));
});

test("nothing is moved, marked or read", { skip }, async () => {
	for (const [i, address] of people.entries()) {
		const lies = await server.messages(address);
		assert.equal(lies.length, EACH + (i < 2 ? 1 : 0));
		assert.ok(lies.every((m) => m.flags.length === 0));
	}
	assert.equal((await p.find(bad.id))[0].action_log.length, 0);
});

test("clean mail that we do not keep is drawn from the mailbox, and is told when it is nowhere", { skip }, async () => {
	const [mail, other] = [clean[3], clean[4]];
	const [message, lost] = [(await p.find(mail.id))[0], (await p.find(other.id))[0]];
	const drawn = await p.request("POST", "investigate/preview", { body: { id: message.id } });
	assert.equal(drawn.status, 200, drawn.text);
	assert.equal(Buffer.from(drawn.body.result.screenshot, "base64").subarray(1, 4).toString(), "PNG");
	server.doveadm("expunge", "-u", people[0], "mailbox", "INBOX", "header", "message-id", other.id);
	const gone = await p.request("POST", "investigate/preview", { body: { id: lost.id } });
	assert.equal(gone.status, 404, gone.text);
	assert.match(gone.body.errors[0].message, /no longer kept/);
	// Another mail under its Message-ID is none of it.
	const forged = plain({ to: people[0], body: "something else\n" }).raw.toString("latin1").replace(/Message-ID: .*\r\n/, `Message-ID: ${other.id}\r\n`);
	await server.deliver(people[0], Buffer.from(forged, "latin1"));
	assert.equal((await p.request("POST", "investigate/preview", { body: { id: lost.id } })).status, 404);
});

test("what was scanned is known the second time, and a mailbox that is not there is told", { skip }, async () => {
	const asked = await ask({ integration_id: integration.id, days: 7, folder: "Inbox", mailboxes: [people[2], GONE] });
	const stuck = await until(async () => {
		const { result } = (await ours("GET", `retro_scans/${asked.id}/mailboxes`)).body;
		return result.find((m) => m.address === GONE && m.fault !== null);
	}, "the fault of one", SECONDS);
	assert.equal(stuck.state, "faulty");
	await until(async () => (await scan(asked.id)).mailboxes_done === 1, "the other is read", SECONDS);
	const s = await scan(asked.id);
	assert.equal(s.messages_scanned, EACH);
	assert.equal((await p.find(clean.at(-1).id)).length, 1);
	assert.equal((await ours("DELETE", `retro_scans/${asked.id}`)).status, 409);
	const cancelled = await ours("POST", `retro_scans/${asked.id}/cancel`);
	assert.equal(cancelled.body.result.state, "CANCELLED");
	assert.equal((await ours("POST", `retro_scans/${asked.id}/cancel`)).status, 200);
	assert.equal((await ours("DELETE", `retro_scans/${asked.id}`)).status, 200);
	assert.equal((await ours("GET", `retro_scans/${asked.id}`)).status, 404);
	const actions = (await ours("GET", "audit", { token: admin, query: { object: asked.id } })).body.result.map((row) => row.action);
	assert.deepEqual(actions, ["delete", "update", "create"]);
});
