// Delivered mail is looked at once more: what was learnt since makes it bad, it is moved and reported, and nothing is done
// twice, whenever the courier is killed. Mail is made older by its key, which is its time.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { execute, select } from "./lib/database.mjs";
import { MASTER, MailServer, missing } from "./lib/mailserver.mjs";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until, wait } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const [ANN, BOB] = ["ann", "bob"].map((name) => `${name}@open.test`);
const JUNK = "Spam"; // what the server says its \Junk is
const skip = missing() || false;
const HOURS = 60;

let server, p, admin;
before(async () => {
	if (!skip) {
		server = await MailServer.start("open.test", { users: { [ANN]: "a", [BOB]: "b" } });
		for (const user of [ANN, BOB]) server.doveadm("mailbox", "create", "-u", user, JUNK);
	}
	p = await Postern.start({
		settings: { mailboxes: { allow_private: true }, lists: { domains: "dbl.spamhaus.org", timeout_s: 1 } },
		domains: [{ name: "example.test" }, ...(skip ? [] : [{ name: "open.test", transport: `[127.0.0.1]:${server.port}` }])],
	});
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "admin");
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

async function ours(method, where, body) {
	const answer = await p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token: admin });
	assert.ok(answer.status === 200 || answer.status === 201, answer.text);
	return answer.body.result;
}
const send = async (mail, from, ...to) => assert.equal(outcome(await sendMail(p.smtpPort, { from, to, mail: mail.raw })).code, 250);
async function deliver(mail, { from, to = ["user@example.test"] }) {
	await send(mail, from, ...to);
	return await p.found(mail.id);
}
const now = async (message) => (await p.get(`investigate/${message.postfix_id}`)).result;
const age = (message, minutes) => execute(p, `UPDATE msg SET id = id - (${minutes * 60000} << 4) WHERE postfix_id = '${message.postfix_id}'`);
const block = async (pattern) => {
	const { status, text } = await p.request("POST", "settings/block_senders", { body: { pattern, pattern_type: "DOMAIN", is_regex: false } });
	assert.equal(status, 201, text);
};
const becomes = (message, disposition) => until(async () => {
	const told = await now(message);
	return told.final_disposition === disposition && told;
}, `${message.postfix_id} to be ${disposition}`, 40);
const places = () => select(p, "SELECT task, upto FROM upkeep WHERE task LIKE 'reevaluate%' ORDER BY task");

test("a sender that is blocked five minutes later: verdict, finding, log, trace and report; others stay what they are", async () => {
	const from = "n@newsletter.example";
	const bad = await deliver(plain({ from }), { from });
	const young = await deliver(plain({ from }), { from });
	const other = await deliver(plain(), { from: "ann@example.net" });
	assert.deepEqual([bad, young, other].map((m) => m.final_disposition), ["NONE", "NONE", "NONE"]);
	await block("newsletter.example");
	for (const message of [bad, other]) age(message, 6);
	const told = await becomes(bad, "MALICIOUS");
	const [finding] = told.findings.filter((f) => f.name === "policy.blocked_sender");
	assert.equal(finding.reason, "Five minutes later, the sender is on the block list of this account.");
	assert.ok(told.detection_reasons.some((r) => /^Five minutes later/.test(r)), told.detection_reasons);
	assert.deepEqual(told.action_log.map((e) => e.status), ["from NONE to MALICIOUS by a look 5 minutes later"]);
	assert.deepEqual(told.delivery_status, ["delivered"]);
	const { inbound } = (await p.get(`investigate/${bad.postfix_id}/trace`)).result;
	assert.ok(inbound.lines.some((l) => l.message === "reclassified from NONE to MALICIOUS by a look 5 minutes later"), JSON.stringify(inbound));
	assert.equal((await p.get(`investigate/${bad.postfix_id}/detections`)).result.final_disposition, "MALICIOUS");
	await until(async () => (await p.get("phishguard/reports")).result.find((r) => r.fields.postfix_id === bad.postfix_id), "the report", 40);
	await until(() => places().length === 1, "the place is noted");
	for (const message of [young, other]) assert.equal((await now(message)).final_disposition, "NONE");
});

test("a link to a domain that came on a block list within half a day", async () => {
	const from = "ann@example.net";
	const body = "Hello Bob,\n\nthe minutes of our meeting on Tuesday are at https://www.turned.test/a as agreed.\n\nKind regards, Ann\n";
	const bad = await deliver(plain({ from, body }), { from });
	const other = await deliver(plain({ from, body: body.replace("turned", "honest") }), { from });
	assert.equal(bad.final_disposition, "NONE");
	p.dns.records["turned.test.dbl.spamhaus.org A"] = ["127.0.1.4"];
	for (const message of [bad, other]) age(message, 13 * HOURS);
	const told = await becomes(bad, "MALICIOUS"); // with its sender, who looks like one of ours
	const [finding] = told.findings.filter((f) => f.name === "listed.link");
	assert.equal(finding.reason, "Twelve hours later, a domain that a link leads to is on a block list as a domain of phishing.");
	assert.equal(finding.detail, "turned[dot]test: dbl.spamhaus[dot]org says 127.0.1[dot]4");
	assert.equal((await now(other)).final_disposition, "NONE");
});

test("found bad, it is moved by the account's table, and goes back when a person says otherwise", { skip }, async () => {
	const from = "n@mailshot.example";
	const integration = await ours("POST", "integrations", { name: "dovecot", provider: "imap", server: `127.0.0.1:${server.imap}`, security: "PLAINTEXT", user: MASTER.user, secret: MASTER.password });
	const [domain] = (await p.get("settings/domains", { domain: "open.test" })).result;
	await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: integration.id } });
	await ours("PUT", "auto_moves", { malicious: "JunkEmail" });
	const folderOf = async (mail, user) => {
		for (const folder of ["INBOX", JUNK])
			if ((await server.messages(user, folder).catch(() => [])).some((m) => m.raw.includes(mail.id))) return folder;
		return undefined;
	};

	const mail = plain({ from });
	const spoken = plain({ from, body: "The library opens an hour later on Thursday, since the heating in the reading room is mended that morning.\n" });
	const message = await deliver(mail, { from, to: [ANN, BOB] });
	const fine = await deliver(spoken, { from, to: [ANN] });
	for (const [one, user] of [[mail, ANN], [mail, BOB], [spoken, ANN]]) await until(async () => await folderOf(one, user) === "INBOX", `${user} has it`);
	await block("mailshot.example");
	await p.request("POST", `investigate/${fine.postfix_id}/reclassify`, { body: { expected_disposition: "SPAM" } });
	await becomes(fine, "SPAM");
	assert.equal((await now(message)).final_disposition, "NONE");
	for (const one of [message, fine]) age(one, 6);
	await becomes(message, "MALICIOUS");
	for (const user of [ANN, BOB]) await until(async () => await folderOf(mail, user) === JUNK, `${user}'s copy is moved`, 60);
	await until(async () => (await now(message)).delivery_status[0] === "moved", "it is told", 30);
	await wait(6000); // another round
	assert.deepEqual((await now(message)).action_log.map((e) => e.operation).sort(), ["MOVE", "RECLASSIFY"]);
	assert.equal((await now(fine)).final_disposition, "SPAM");

	await p.request("POST", `investigate/${message.postfix_id}/reclassify`, { body: { expected_disposition: "NONE" } });
	await becomes(message, "NONE");
	for (const user of [ANN, BOB]) await until(async () => await folderOf(mail, user) === "INBOX", `${user}'s copy is back`, 60);
	age(message, 13 * HOURS);
	await wait(6000);
	assert.equal((await now(message)).final_disposition, "NONE"); // a person spoke
});

test("killed again and again, it does each mail once", async () => {
	const from = "n@flood.example";
	const messages = [];
	for (let i = 0; i < 120; i++) messages.push(plain({ from }));
	for (const mail of messages) await send(mail, from, "user@example.test");
	const told = [];
	for (const mail of messages) told.push(await p.found(mail.id));
	await block("flood.example");
	execute(p, `UPDATE msg SET id = id - (${25 * HOURS * 60000} << 4) WHERE postfix_id IN (${told.map((m) => `'${m.postfix_id}'`)})`);
	for (let i = 0; i < 6; i++) {
		await until(() => p.roles().courier?.length, "a courier");
		await wait(Math.random() * 400);
		for (const pid of p.roles().courier ?? []) process.kill(pid, "SIGKILL");
	}
	for (const message of told) {
		const found = await becomes(message, "MALICIOUS");
		assert.deepEqual(found.action_log.map((e) => e.status), ["from NONE to MALICIOUS by a look 24 hours later"]);
	}
});
