// Held mail handed out after all: by the API and by the command, whole and once.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, before, after } from "node:test";
import { execute, select } from "./lib/database.mjs";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Sink } from "./lib/sink.mjs";
import { BINARY, Postern, until, SLOW } from "./lib/postern.mjs";
import { lure, plain } from "./lib/mail.mjs";

let p;
before(async () => {
	p = await Postern.start({ domains: [{ name: "held.test", drop: "MALICIOUS,SUSPICIOUS" }] });
});
after(() => p?.stop());

async function hold(to = ["user@held.test"]) {
	const mail = lure({ to: to[0] });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "boss@example.org", to, mail: mail.raw })).code, 250);
	const message = await p.found(mail.id);
	assert.equal(message.is_quarantined, true);
	return { mail, message };
}

const release = (body) => p.request("POST", "investigate/release", { body });
const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id));

test("both forms of the body; the bytes and the envelope are the sender's", async () => {
	for (const form of [(id) => ({ ids: [id] }), (id) => [id]]) {
		const { mail, message } = await hold();
		const answer = await release(form(message.id));
		assert.equal(answer.status, 200, answer.text);
		assert.deepEqual(answer.body.result, [{ id: message.id, postfix_id: message.postfix_id, delivered: ["user@held.test"], failed: [], undelivered: [] }]);
		const [got, ...more] = arrived(mail.id);
		assert.equal(more.length, 0);
		assert.ok(got.raw.equals(mail.raw));
		assert.equal(got.from, "boss@example.org");
		const now = (await p.get(`investigate/${message.id}`)).result;
		assert.equal(now.is_quarantined, false);
		assert.deepEqual(now.delivery_status, ["delivered"]);
		assert.deepEqual(now.post_delivery_operations, ["QUARANTINE_RELEASE"]);
		assert.equal(now.action_log[0].operation, "QUARANTINE_RELEASE");
		assert.equal(now.action_log[0].properties.requested_by, "token:tests");
		const [entry] = (await p.get(`investigate/${message.id}/action_log`)).result;
		assert.equal(entry.success, true);
		// A second time there is nothing to do.
		const again = await release(form(message.postfix_id));
		assert.deepEqual(again.body.result[0], { id: message.id, postfix_id: message.postfix_id, delivered: [], failed: [], undelivered: [] });
		assert.equal(arrived(mail.id).length, 1);
	}
});

test("each recipient has its own answer", async () => {
	p.sink.behave.rcpt = () => "250 2.1.5 Ok";
	const { mail, message } = await hold(["a@held.test", "gone@held.test", "later@held.test"]);
	p.sink.behave.rcpt = (to) => to.startsWith("gone") ? "550 5.1.1 gone" : to.startsWith("later") ? "450 4.2.0 later" : "250 2.1.5 Ok";
	const answer = await release([message.id]);
	p.sink.behave.rcpt = undefined;
	const [item] = answer.body.result;
	assert.deepEqual([item.delivered, item.failed, item.undelivered], [["a@held.test"], ["gone@held.test"], ["later@held.test"]]);
	assert.deepEqual(arrived(mail.id).map((m) => m.to), [["a@held.test"]]);
	const trace = (await p.get(`investigate/${message.id}/trace`)).result;
	assert.equal(trace.outbound.pending, true);
	// Who asks again need not wait for the next try; who was refused is asked again, too.
	const second = await release([message.id]);
	assert.deepEqual(second.body.result[0].delivered.sort(), ["gone@held.test", "later@held.test"]);
	assert.equal((await p.get(`investigate/${message.id}/trace`)).result.outbound.pending, false);
});

test("an unknown id releases nothing", async () => {
	const { mail, message } = await hold();
	const answer = await release({ ids: [message.id, "4NjAAAAAAAAAAAAA"] });
	assert.equal(answer.status, 404, answer.text);
	assert.equal(answer.body.errors[0].source.pointer, "/ids/1");
	assert.equal((await p.get(`investigate/${message.id}`)).result.is_quarantined, true);
	assert.equal(arrived(mail.id).length, 0);
	for (const wrong of [{}, [], { ids: "x" }, { ids: [7] }, "[1]"])
		assert.equal((await release(wrong)).status, 400);
});

test("releases that wait for a silent next hop leave the threads of the API to others", async () => {
	const held = [];
	for (let i = 0; i < 12; i++) held.push(await hold()); // there are eight threads, and a quarter of them are one token's
	p.sink.behave.end = () => null;
	let answers = 0;
	const asked = Promise.all(held.map(({ message }) => release([message.id]).finally(() => answers++)));
	await until(() => p.sink.sockets.size > 0, "the courier speaks to the next hop");
	// A search runs in a thread of the pool.
	for (let i = 0; i < 20; i++) assert.equal((await p.request("GET", "investigate?subject=whatever&detections_only=false")).status, 200);
	assert.equal(answers, 0);
	p.sink.behave.end = undefined;
	for (const socket of p.sink.sockets) socket.destroy();
	for (const answer of await asked) {
		assert.equal(answer.status, 200, answer.text);
		const [{ delivered, failed, undelivered }] = answer.body.result;
		assert.deepEqual(failed, []);
		assert.deepEqual([...delivered, ...undelivered], ["user@held.test"]);
	}
	for (const { message } of held) await release([message.id]);
	for (const { mail } of held) assert.equal(arrived(mail.id).length, 1);
});

test("a silent next hop of many releases leaves the courier to those to others", async () => {
	const silent = await Sink.start();
	const held = [];
	p.addDomain({ name: "silent.test", drop: "MALICIOUS,SUSPICIOUS", transport: `127.0.0.1:${silent.port}` });
	for (let i = 0; i < 20; i++) held.push((await hold(["user@silent.test"])).message);
	const { mail, message } = await hold();
	await until(() => silent.sockets.size === 0, "what asked for the recipients has left");
	silent.behave.mail = () => null;
	const asked = Promise.all(held.map(({ id }) => release([id])));
	await until(() => silent.sockets.size >= 8, "the courier speaks to the silent one");
	await new Promise((done) => setTimeout(done, 1500 * SLOW));
	assert.equal(silent.sockets.size, 8, "half of the threads");
	const began = Date.now();
	assert.deepEqual((await release([message.id])).body.result[0].delivered, ["user@held.test"]);
	assert.ok(Date.now() - began < 5000 * SLOW);
	assert.equal(arrived(mail.id).length, 1);
	// Those that had to wait were not tried yet.
	const tries = select(p, "SELECT count(*) FROM job WHERE state = 'open' AND tries = 0 AND due < created_at + 1")[0][0];
	assert.equal(tries, 12);
	silent.behave.mail = undefined;
	for (const socket of silent.sockets) socket.destroy();
	await asked;
	for (const { id } of held) await release([id]);
	assert.equal(silent.mails.length, 20);
	await silent.stop();
});

test("a courier that is killed at it goes on afterwards", async () => {
	const { mail, message } = await hold();
	p.sink.behave.end = () => null;
	const asked = release([message.id]);
	await until(() => p.sink.sockets.size > 0, "the courier speaks to the next hop");
	await new Promise((done) => setTimeout(done, 300 * SLOW));
	for (const pid of p.roles().courier) process.kill(pid, "SIGKILL");
	p.sink.behave.end = undefined;
	const answer = await asked;
	assert.equal(answer.status, 200, answer.text);
	await until(async () => arrived(mail.id).length === 1, "the release", 60);
	await until(async () => !(await p.get(`investigate/${message.id}`)).result.is_quarantined, "its record", 30);
});

// The day in which its sender is known is over for the first one, as for whoever waits for an answer of people.
const forgetSender = () => execute(p, "DELETE FROM resend");

test("the very mail comes again: to whom it was released it is passed on, and to nobody else", async () => {
	const { mail, message } = await hold(["user@held.test", "other@held.test"]);
	p.sink.behave.rcpt = (to) => to.startsWith("other") ? "550 5.1.1 gone" : "250 2.1.5 Ok";
	await release([message.id]);
	p.sink.behave.rcpt = undefined;
	assert.equal(arrived(mail.id).length, 1);
	forgetSender();
	const again = async (from, to, raw) => {
		assert.equal(outcome(await sendMail(p.smtpPort, { from, to, mail: raw })).code, 250);
		return (await p.find(mail.id))[0];
	};
	const released = await again("boss@example.org", ["user@held.test"], mail.raw);
	assert.equal(released.is_quarantined, false);
	assert.equal(released.final_disposition, "NONE");
	assert.equal(released.subject, message.subject);
	assert.equal(released.properties.allowlisted_pattern_type, "quarantine_release");
	assert.equal(released.properties.whitelisted_pattern_type, "quarantine_release");
	const [, second] = arrived(mail.id);
	assert.ok(second.raw.subarray(-mail.raw.length).equals(mail.raw));
	assert.doesNotMatch(second.raw.toString("latin1"), /^X-Postern-Disposition/im);
	const lines = (await p.get(`investigate/${released.id}/trace`)).result.inbound.lines.map((l) => l.message);
	assert.ok(lines.some((l) => /this very mail was released/.test(l)), lines.join("\n"));

	// Beside somebody to whom it was not released, and of a sender who never had a part in it.
	const both = await again("stranger@example.com", ["user@held.test", "other@held.test"], mail.raw);
	assert.deepEqual(both.delivery_status.toSorted?.() ?? [...both.delivery_status].sort(), ["delivered", "quarantined"]);
	assert.deepEqual(arrived(mail.id).at(-1).to, ["user@held.test"]);
	assert.equal(both.final_disposition, "MALICIOUS");
	assert.equal(both.properties.allowlisted_pattern_type, "quarantine_release");
	forgetSender();
	const refused = await again("boss@example.org", ["other@held.test"], mail.raw);
	assert.deepEqual(refused.delivery_status, ["quarantined"]);
	// One byte more is another mail.
	const more = await again("boss@example.org", ["user@held.test"], Buffer.concat([mail.raw, Buffer.from("\r\n")]));
	assert.deepEqual(more.delivery_status, ["quarantined"]);
	assert.equal(more.properties.allowlisted_pattern_type ?? null, null);
	// A day later it is judged like any other.
	execute(p, "UPDATE released SET at = at - 86400000000");
	forgetSender();
	const late = await again("boss@example.org", ["user@held.test"], mail.raw);
	assert.deepEqual(late.delivery_status, ["quarantined"]);
});

test("what ends without leaves its line, and nothing stays pending", async () => {
	const { mail, message } = await hold();
	p.sink.behave.rcpt = () => "450 4.2.0 later";
	await release([message.id]);
	const log = async () => (await p.get(`investigate/${message.id}/action_log`)).result;
	const pending = async () => (await p.get(`investigate/${message.id}/trace`)).result.outbound.pending;
	assert.deepEqual(await log(), [], "it goes on");
	assert.equal(await pending(), true);
	// Three days later.
	execute(p, "UPDATE job SET created_at = created_at - 4 * 86400000000, due = 1 WHERE state = 'open'");
	const [entry] = await until(async () => (await log()).length > 0 && log(), "the end of it");
	assert.deepEqual([entry.operation, entry.success, entry.properties.requested_by], ["QUARANTINE_RELEASE", false, "token:tests"]);
	assert.match(entry.status, /^given up: .*still to be tried for 1/);
	await until(async () => !await pending(), "nothing is to come");
	p.sink.behave.rcpt = undefined;
	assert.equal(arrived(mail.id).length, 0);
	// Its bytes are gone: that is said, too.
	const digest = createHash("sha256").update(mail.raw).digest("hex");
	rmSync(path.join(p.data, "raw", digest.slice(0, 2), `${digest}.zst`));
	const { body } = await release([message.id]);
	assert.deepEqual(body.result[0].failed, ["user@held.test"]);
	assert.match((await log()).at(-1).status, /^given up: .*bytes are gone/);
});

test("who was refused by an earlier release waits like the others", async () => {
	const { message } = await hold();
	p.sink.behave.rcpt = () => "550 5.1.1 gone";
	assert.deepEqual((await release([message.id])).body.result[0].failed, ["user@held.test"]);
	// This time the next hop says nothing at all.
	p.sink.behave.mail = () => null;
	const [item] = (await release([message.id])).body.result;
	p.sink.behave.rcpt = p.sink.behave.mail = undefined;
	for (const socket of p.sink.sockets) socket.destroy();
	assert.deepEqual([item.delivered, item.failed, item.undelivered], [[], [], ["user@held.test"]]);
});

test("the same reply again and again is told of once", async () => {
	const { message } = await hold();
	const traced = async () => (await p.get(`investigate/${message.id}/trace`)).result.outbound.lines.filter(({ message: m }) => /^released to/.test(m)).length;
	p.sink.behave.rcpt = () => "450 4.2.0 later";
	for (let i = 0; i < 3; i++) await release([message.id]);
	assert.equal(await traced(), 1);
	p.sink.behave.rcpt = () => "450 4.2.0 much later";
	await release([message.id]);
	assert.equal(await traced(), 2);
	p.sink.behave.rcpt = undefined;
	await release([message.id]);
	assert.equal(await traced(), 3);
});

test("what is delivered and cannot be recorded is not sent for ever", async () => {
	const { mail, message } = await hold();
	execute(p, `CREATE TRIGGER stuck BEFORE UPDATE ON msg WHEN old.postfix_id = '${message.postfix_id}' BEGIN SELECT RAISE(ABORT, 'stuck'); END`);
	assert.deepEqual((await release([message.id])).body.result[0].undelivered, ["user@held.test"]);
	const job = () => select(p, "SELECT state, why FROM job ORDER BY id DESC LIMIT 1")[0];
	assert.deepEqual(job(), ["open", "delivered, but that could not be recorded"]);
	execute(p, "UPDATE job SET due = 1 WHERE state = 'open'");
	await until(() => job()[0] === "failed", "the end of it", 30);
	execute(p, "DROP TRIGGER stuck");
	assert.equal(arrived(mail.id).length, 2);
});

test("a mail that was put off is awaited for as long as its sender would be known", async () => {
	p.addDomain({ name: "open.test" });
	p.sink.behave.data = () => "451 4.3.0 later";
	const mail = plain({ to: "user@open.test" });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: ["user@open.test"], mail: mail.raw })).code, 451);
	p.sink.behave.data = undefined;
	const { postfix_id, delivery_status } = await p.found(mail.id);
	assert.deepEqual(delivery_status, ["deferred"]);
	const pending = async () => (await p.get(`investigate/${postfix_id}/trace`)).result.outbound.pending;
	assert.equal(await pending(), true);
	execute(p, `UPDATE msg SET id = id - (25 * 3600000 << 4) WHERE postfix_id = '${postfix_id}'`);
	assert.equal(await pending(), false);
});

test("explained: why it is held, and which settings would have let it through", async () => {
	await p.request("POST", "settings/block_senders", { body: { pattern: "bad.example", pattern_type: "DOMAIN", is_regex: false } });
	p.addDomain({ name: "strict.test", drop: "MALICIOUS,SPOOF" });
	const explain = async (mail, to) => {
		assert.equal(outcome(await sendMail(p.smtpPort, { from: "boss@example.org", to, mail: mail.raw })).code, 250);
		const { status, stdout, stderr } = p.tryCli("quarantine", "explain", (await p.found(mail.id)).postfix_id);
		assert.equal(status, 0, stderr);
		return stdout;
	};
	const malicious = await explain(lure(), ["user@held.test"]);
	assert.match(malicious, /: MALICIOUS\n/);
	assert.match(malicious, /attachment_risk\.double_ending/);
	assert.match(malicious, /with is_acceptable_sender/);
	assert.match(malicious, /is_trusted_sender for security@login\.example\.org: NONE, delivered/);
	assert.match(malicious, /is_exempt_recipient for user@held\.test/);
	assert.match(malicious, /drop_dispositions without MALICIOUS: delivered/);
	const program = await explain(plain({ from: "boss@example.org", body: "MZ\x90\0\x03\n",
		headers: 'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="list.pdf.exe"\n' }), ["user@held.test"]);
	assert.match(program, /not an allow policy with is_acceptable_sender/, "there is nothing that it would take away");
	const blocked = await explain(plain({ from: "x@bad.example" }), ["user@held.test"]);
	assert.match(blocked, /without the blocked sender bad\.example: NONE, delivered/);
	assert.doesNotMatch(blocked, /is_trusted_sender|drop_dispositions/, "a block is before trust, and before what a domain holds");
	const spoof = await explain(plain({ from: "Held <news@he1d.test>" }), ["user@strict.test"]);
	assert.match(spoof, /is_acceptable_sender for news@he1d\.test: NONE, delivered/);
	assert.match(spoof, /is_similarity for he1d\.test: NONE, delivered/);
	assert.match(spoof, /the detector lookalike_domain switched off: NONE, delivered/);
	assert.doesNotMatch(spoof, /the detector text_scam/, "one that made no difference");
	// What is said of a policy is what comes of it.
	const allow = { pattern: "news@he1d.test", pattern_type: "EMAIL", is_regex: false, is_acceptable_sender: true, is_trusted_sender: false,
		is_exempt_recipient: false, verify_sender: false };
	await p.request("POST", "settings/allow_policies", { body: allow });
	const passed = await explain(plain({ from: "Held <news@he1d.test>" }), ["user@strict.test"]);
	assert.match(passed, /: NONE\n[^]*not held user@strict\.test: delivered/);
	assert.doesNotMatch(passed, /What would change it|no verdict counts/);
	await p.request("POST", "settings/allow_policies", { body: { ...allow, pattern: "abuse@held.test", is_acceptable_sender: false, is_exempt_recipient: true } });
	const exempt = await explain(lure({ to: "abuse@held.test" }), ["abuse@held.test"]);
	assert.match(exempt, /not held abuse@held\.test: delivered; no verdict counts here: an allow policy says so/);
	assert.equal(p.tryCli("quarantine", "explain", "4NjAAAAAAAAAAAAA").status, 1);
});

test("explained: a held mail that was corrected is NONE by somebody's word, not for want of weight", async () => {
	const { message } = await hold();
	assert.equal((await p.request("POST", `investigate/${message.id}/reclassify`, { body: { expected_disposition: "NONE" } })).status, 202);
	await until(async () => (await p.get(`investigate/${message.id}`)).result.final_disposition === "NONE", "corrected");
	const { stdout } = p.tryCli("quarantine", "explain", message.postfix_id);
	assert.match(stdout, /: NONE\n[^]*Corrected from MALICIOUS to NONE by token:tests\. What was found:\n[^]*attachment_risk/);
	assert.match(stdout, /held {5}user@held\.test: it was held when it came, and a correction lets nothing out/);
	assert.doesNotMatch(stdout, /does not weigh enough|does not any more/);
});

// Without waiting in this process, where the next hop lives.
const command = (...words) => new Promise((done) =>
	execFile(BINARY, [...words, "--config", p.config, "--data", p.data], (error, stdout, stderr) => done({ status: error?.code ?? 0, stdout, stderr })));

test("by the command; refused is refused, and held as before", async () => {
	const { mail, message } = await hold();
	p.sink.behave.rcpt = () => "550 5.1.1 no such user";
	const refused = await command("quarantine", "release", message.postfix_id);
	assert.equal(refused.status, 1, refused.stdout);
	assert.match(refused.stderr, /refused for 1/);
	assert.equal((await p.get(`investigate/${message.id}`)).result.is_quarantined, true);
	p.sink.behave.rcpt = undefined;
	const done = await command("quarantine", "release", message.postfix_id);
	assert.equal(done.status, 0, done.stderr);
	assert.match(done.stdout, /delivered to 1 recipient/);
	assert.ok(arrived(mail.id)[0].raw.equals(mail.raw));
	const entry = (await p.get(`investigate/${message.id}`)).result.action_log.at(-1);
	assert.equal(entry.properties.requested_by, "operator");
	const again = await command("quarantine", "release", message.postfix_id);
	assert.equal(again.status, 1);
	assert.match(again.stderr, /is not held: it was released at 20\S+Z by operator \(delivered to 1 of 1 recipients\)\n$/);
	assert.match((await command("quarantine", "release", "4NjAAAAAAAAAAAAA")).stderr, /there is no message/);
});

test("next hops of one account that are silent do not hold up releases of another", async (t) => {
	const sockets = [];
	const silent = net.createServer((socket) => sockets.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
	t.after(() => (silent.close(), sockets.forEach((s) => s.destroy())));
	await once(silent, "listening");
	const account = p.cli("account", "add", "Another").trim().split("\n").at(-1);
	const token = p.secret("token", "add", "--account", account, "--scope", "write", "another");
	const ask = (method, where, how = {}) => p.ask(method, `/accounts/${account}/email-security/${where}`, { token, ...how });
	p.cli("domain", "add", "--account", account, "another.test", "--transport", `127.0.0.1:${p.sink.port}`, "--mode", "DIRECT", "--drop", "MALICIOUS,SUSPICIOUS");
	for (let i = 0; i < 14; i++) {
		const to = `user${i}@another.test`;
		assert.equal(outcome(await sendMail(p.smtpPort, { from: "boss@example.org", to: [to], mail: lure({ to }).raw })).code, 250);
	}
	const held = await until(async () => {
		const { result } = (await ask("GET", "investigate", { query: { per_page: "50" } })).body;
		return result.length === 14 && result;
	}, "all are found");
	const [domain] = (await ask("GET", "settings/domains")).body.result;
	const transport = `127.0.0.1:${silent.address().port}`;
	assert.equal((await ask("PATCH", `settings/domains/${domain.id}`, { body: { transport } })).status, 200);
	const slow = ask("POST", "investigate/release", { body: held.map((m) => m.id) }).catch(() => {});
	await until(() => sockets.length >= 4, "they wait for the silent one");
	const { mail, message } = await hold();
	assert.deepEqual((await release([message.id])).body.result[0].delivered, ["user@held.test"]);
	assert.equal(arrived(mail.id).length, 1);
	sockets.forEach((s) => s.destroy());
	await slow;
});
