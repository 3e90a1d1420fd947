// Mailboxes that are watched: what comes into them is judged and filed once, whichever ways it came, and what goes wrong is
// shown in words.
import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { lure, plain } from "./lib/mail.mjs";
import { MASTER, MailServer, missing } from "./lib/mailserver.mjs";
import { Postern, until, wait } from "./lib/postern.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";

const skip = missing() || false;
const [ANN, BEN] = ["ann@example.test", "ben@example.test"];
const SECONDS = 75; // what nobody waits at is looked into every minute

let server;
let p;
let admin;
let integration;
let domain;

const ours = async (method, path, options) => await p.ask(method, `/accounts/${p.account}/postern/${path}`, { token: admin, ...options });
const mailboxes = async () => (await ours("GET", `integrations/${integration.id}/mailboxes`)).body.result;
const mailbox = async (address) => (await mailboxes()).find((m) => m.address === address);
const watched = (address) => until(async () => (await mailbox(address))?.state === "watched", `${address} is watched`, SECONDS);
const found = (id) => until(async () => (await p.find(id))[0], `message ${id}`, SECONDS);

before(async () => {
	if (skip) return;
	server = await MailServer.start("example.test", { users: { [ANN]: "hers", [BEN]: "his" }, postfix: false });
	p = await Postern.start({ settings: { mailboxes: { allow_private: true } }, domains: [] });
	p.addDomain({ name: "example.test", mode: "DIRECT,BCC,API", transport: `127.0.0.1:${p.sink.port}` });
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "keeper");
	const made = await ours("POST", "integrations", { body: { name: "dovecot", provider: "imap", server: `127.0.0.1:${server.imap}`, security: "PLAINTEXT",
		user: MASTER.user, secret: MASTER.password, mailboxes: [{ address: ANN }, { address: BEN }] } });
	assert.equal(made.status, 201, made.text);
	integration = made.body.result;
	domain = (await p.get("settings/domains")).result[0];
	// What lay there before is nobody's business.
	await server.deliver(ANN, plain({ to: ANN, subject: "before" }).raw);
	await wait(1100);
	const patched = await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: integration.id, folder: "AllItems" } });
	assert.equal(patched.status, 200, patched.text);
	await Promise.all([watched(ANN), watched(BEN)]);
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

test("new mail is judged where it lies, and not marked as read", { skip }, async () => {
	const mail = lure({ to: ANN });
	await server.deliver(ANN, mail.raw);
	const message = await found(mail.id);
	assert.equal(message.delivery_mode, "API");
	assert.equal(message.final_disposition, "MALICIOUS");
	assert.deepEqual(message.client_recipients, [ANN]);
	assert.equal(message.is_quarantined, false);
	assert.equal((await p.find(plain().id)).length, 0);
	assert.ok(!(await server.messages(ANN)).some((m) => m.flags.includes("\\Seen")));
	assert.equal((await p.get("investigate", { exact_subject: "before", detections_only: "false" })).result.length, 0);
	const raw = await p.get(`investigate/${message.id}/raw`);
	assert.match(raw.result.raw, /Delivered-To: ann@example.test/);
	assert.ok((await mailbox(ANN)).found >= 1);
});

test("equal mail in two mailboxes is one record", { skip }, async () => {
	const mail = lure({ to: ANN });
	await server.deliver(ANN, mail.raw);
	await server.deliver(BEN, mail.raw);
	const message = await until(async () => (await p.find(mail.id)).find((m) => m.client_recipients.length === 2), "both recipients", SECONDS);
	assert.deepEqual([...message.client_recipients].sort(), [ANN, BEN]);
	assert.equal((await p.find(mail.id)).length, 1);
});

test("what came by SMTP and lies in the mailbox is no second record", { skip }, async () => {
	const mail = plain({ to: ANN });
	await sendMail(p.smtpPort, { mail: mail.raw, to: [ANN] });
	const passed = await until(async () => p.sink.mails.find((m) => m.raw.includes(mail.id)), "the mail at the next hop");
	const before = (await mailbox(ANN)).found;
	await server.deliver(ANN, passed.raw);
	await until(async () => (await mailbox(ANN)).found > before, "it is seen in the mailbox", SECONDS);
	const all = await p.find(mail.id);
	assert.equal(all.length, 1);
	assert.equal(all[0].delivery_mode, "DIRECT");
});

test("what we changed on its way keeps its verdict, and a stranger with our mark gets one of his own", { skip }, async () => {
	const tags = await ours("POST", "text_add_ons", { body: { subject_labels: ["EXTERNAL"] } });
	assert.equal(tags.status, 201, tags.text);
	const trusted = await p.request("POST", "settings/allow_policies", { body: { pattern: "x@login.example.org", pattern_type: "EMAIL", is_regex: false,
		verify_sender: false, is_trusted_sender: true, is_exempt_recipient: false, is_acceptable_sender: false } });
	assert.equal(trusted.status, 201, trusted.text);
	const mail = lure({ to: ANN });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "x@login.example.org", to: [ANN], mail: mail.raw })).code, 250);
	const passed = await until(() => p.sink.mails.find((m) => m.raw.includes(mail.id)), "the mail at the next hop");
	assert.match(passed.raw.toString("latin1"), /^Subject: \[EXTERNAL\]/m);
	const direct = await found(mail.id);
	await server.deliver(ANN, passed.raw);
	// Another one that bears its mark.
	const other = lure({ to: ANN });
	await server.deliver(ANN, Buffer.concat([Buffer.from(`X-Postern-Processed: ${direct.postfix_id}\r\n`), other.raw]));
	const stranger = await found(other.id);
	assert.deepEqual([stranger.delivery_mode, stranger.final_disposition], ["API", "MALICIOUS"]);
	const all = await p.find(mail.id);
	assert.deepEqual(all.map((m) => [m.id, m.delivery_mode, m.final_disposition]), [[direct.id, "DIRECT", "NONE"]]);
	// It is known by its mark when somebody wants to see it, too.
	for (const folder of readdirSync(path.join(p.data, "raw"))) rmSync(path.join(p.data, "raw", folder), { recursive: true });
	const drawn = await p.request("POST", "investigate/preview", { body: { id: direct.id } });
	assert.equal(drawn.status, 200, drawn.text);
	await ours("DELETE", `text_add_ons/${tags.body.result.id}`);
	await p.request("DELETE", `settings/allow_policies/${trusted.body.result.id}`);
});

test("other folders are looked into, too, and what its owner moves is not new", { skip }, async () => {
	const mail = plain({ to: BEN });
	server.doveadm("mailbox", "create", "-u", BEN, "Projects");
	await server.deliver(BEN, mail.raw);
	const message = await found(mail.id);
	server.doveadm("move", "-u", BEN, "Projects", "mailbox", "INBOX", "header", "message-id", mail.id);
	const before = (await mailbox(BEN)).found;
	await until(async () => (await mailbox(BEN)).found > before, "it is seen in its new folder", 2 * SECONDS);
	const all = await p.find(mail.id);
	assert.equal(all.length, 1);
	assert.equal(all[0].id, message.id);
});

test("a kill loses nothing and files nothing twice", { skip }, async () => {
	const mails = Array.from({ length: 40 }, (_, i) => plain({ to: ANN, subject: `burst ${i}` }));
	for (const [i, mail] of mails.entries()) {
		await server.deliver(i % 2 ? ANN : BEN, mail.raw);
		if (i % 10 === 5) {
			const pid = await until(() => p.roles().courier?.[0], "a courier to kill");
			process.kill(pid, "SIGKILL");
		}
	}
	for (const mail of mails) await found(mail.id);
	for (const mail of mails) assert.equal((await p.find(mail.id)).length, 1, mail.id);
});

test("a mailbox that is renumbered is read again, and all of it is known", { skip }, async () => {
	const lost = plain({ to: BEN });
	const count = (await p.get("investigate", { recipient: BEN, detections_only: "false", per_page: 1000 })).result.length;
	server.doveadm("mailbox", "update", "--uid-validity", "4242", "-u", BEN, "INBOX");
	await server.deliver(BEN, lost.raw);
	await found(lost.id);
	assert.equal((await p.get("investigate", { recipient: BEN, detections_only: "false", per_page: 1000 })).result.length, count + 1);
});

test("a wrong password and a mailbox that is gone are told in words, and hold up nobody", { skip }, async () => {
	server.setPassword(BEN, null);
	const mail = plain({ to: ANN });
	await until(async () => (await mailbox(BEN)).state === "faulty", "ben's mailbox is gone", 3 * SECONDS);
	const gone = await mailbox(BEN);
	assert.ok(gone.fault.length > 10, gone.fault);
	await server.deliver(ANN, mail.raw);
	await found(mail.id);
	assert.equal((await mailbox(ANN)).state, "watched");
});

test("who has no integration is watched no more", { skip }, async () => {
	await p.request("PATCH", `settings/domains/${domain.id}`, { body: { allowed_delivery_modes: ["DIRECT"] } });
	await until(async () => (await mailboxes()).length === 0, "nobody is watched", SECONDS);
	assert.equal((await ours("GET", "integrations/00000000-0000-4000-8000-000000000000/mailboxes")).status, 404);
	assert.equal((await ours("GET", `integrations/${integration.id}/mailboxes`, { token: p.token })).status, 403);
});
