// Every list of settings: set through the API, the very next mail obeys; taken back, the next one no longer does.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { Client, sendMail, outcome } from "./lib/smtp.mjs";
import { Postern } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

const HOLD = "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK";
let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "northwind.test", drop: HOLD }],
		records: {
			"proved.example TXT": ["v=spf1 ip4:127.0.0.1 -all"],
			"norhtwind.test TXT": ["v=spf1 ip4:127.0.0.1 -all"],
			"northwind.test TXT": ["v=spf1 ip4:127.0.0.1 -all"],
		},
	});
});
after(() => p?.stop());

const TO = "user@northwind.test";
const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id)).map((m) => m.to);

async function create(collection, body) {
	const answer = await p.request("POST", `settings/${collection}`, { body });
	assert.equal(answer.status, 201, answer.text);
	return async () => {
		const gone = await p.request("DELETE", `settings/${collection}/${answer.body.result.id}`);
		assert.equal(gone.status, 200, gone.text);
	};
}

// Sends a mail of its own and gives the message; it must be taken.
async function verdict(mail, { from = "ann@example.net", to = TO } = {}) {
	const reply = outcome(await sendMail(p.smtpPort, { from, to, mail: mail.raw }));
	assert.equal(reply.code, 250, reply.text);
	const message = await p.found(mail.id);
	assert.equal(message.is_quarantined, message.final_disposition !== "NONE" && arrived(mail.id).flat().length < [to].flat().length);
	return message;
}

const attribute = (id) => p.sink.mails.filter((m) => m.raw.includes(id)).map((m) => /^X-Postern-Attribute: (.*)\r$/m.exec(m.raw)?.[1]);
const findings = (message) => message.findings.map((f) => f.name);

const allow = (more) => create("allow_policies", {
	is_regex: false, is_trusted_sender: false, is_acceptable_sender: false, is_exempt_recipient: false, verify_sender: false, comments: null, ...more,
});
const block = (more) => create("block_senders", { is_regex: false, comments: null, ...more });
const contentPolicy = (more) => create("content_policies", { name: "No falcons", pattern: "operation\\s+falcon", targets: ["SUBJECT", "BODY"], enabled: true, notes: null, ...more });
const trusted = (more) => create("trusted_domains", { is_regex: false, is_recent: false, is_similarity: false, comments: null, ...more });
const person = (more) => create("impersonation_registry", { name: "Jane Doe", email: "jane@northwind.test", is_email_regex: false, comments: null, ...more });
const restriction = (more) => create("sending_domain_restrictions", { domain: "partner.example", exclude: [], comments: null, ...more });

test("a trusted sender and an acceptable one", async () => {
	const send = async () => (await verdict(lure({ from: "x@friend.example", to: TO }), { from: "x@friend.example" })).final_disposition;
	assert.equal(await send(), "MALICIOUS");
	let undo = await allow({ pattern: "friend.example", pattern_type: "DOMAIN", is_trusted_sender: true });
	assert.equal(await send(), "NONE");
	await undo();
	assert.equal(await send(), "MALICIOUS");
	undo = await allow({ pattern: "friend.example", pattern_type: "DOMAIN", is_acceptable_sender: true });
	assert.equal(await send(), "MALICIOUS", "malice is not acceptable");
	await undo();
});

test("verify_sender makes a policy count for who is proved alone", async () => {
	const send = async (domain) => (await verdict(lure({ from: `x@${domain}`, to: TO }), { from: `x@${domain}` })).final_disposition;
	const rule = (pattern, verify) => allow({ pattern, pattern_type: "DOMAIN", is_trusted_sender: true, verify_sender: verify });
	const undo = [await rule("proved.example", true), await rule("claimed.example", true)];
	assert.equal(await send("proved.example"), "NONE");
	assert.equal(await send("claimed.example"), "MALICIOUS");
	for (const back of undo) await back();
	const without = await rule("claimed.example", false);
	assert.equal(await send("claimed.example"), "NONE");
	await without();
	assert.equal(await send("claimed.example"), "MALICIOUS");
});

test("a blocked sender, and block beats trust", async () => {
	const send = () => verdict(plain({ from: "x@pest.example", to: TO }), { from: "x@pest.example" });
	assert.equal((await send()).final_disposition, "NONE");
	const free = await block({ pattern: "x@pest.example", pattern_type: "EMAIL" });
	const trust = await allow({ pattern: "pest.example", pattern_type: "DOMAIN", is_trusted_sender: true });
	const held = await send();
	assert.equal(held.final_disposition, "MALICIOUS");
	assert.equal(held.properties.blocklisted_pattern, "x@pest.example");
	assert.equal(held.properties.allowlisted_pattern, "pest.example");
	await free();
	assert.equal((await send()).final_disposition, "NONE");
	await trust();
});

test("an exempt recipient gets what others of one transaction do not", async () => {
	const both = [TO, "abuse@northwind.test"];
	const send = async () => {
		const mail = lure({ to: both.join(", ") });
		const message = await verdict(mail, { to: both });
		return [arrived(mail.id), message.is_quarantined, [...message.delivery_status].sort()];
	};
	assert.deepEqual(await send(), [[], true, ["quarantined"]]);
	const undo = await allow({ pattern: both[1], pattern_type: "EMAIL", is_exempt_recipient: true });
	assert.deepEqual(await send(), [[[both[1]]], true, ["delivered", "quarantined"]]);
	await undo();
	assert.deepEqual(await send(), [[], true, ["quarantined"]]);
});

test("a restricted sender must use TLS, by its envelope and by its From", async () => {
	const send = async (envelope, from, tls) => {
		const client = await Client.connect(p.smtpPort);
		await client.command("EHLO client.example.net");
		if (tls) {
			assert.equal((await client.starttls()).code, 220);
			await client.command("EHLO client.example.net");
		}
		const result = await client.send({ from: envelope, to: TO, mail: plain({ from, to: TO }).raw });
		client.close();
		return { rcpt: result.rcpt[0].code, text: outcome(result).text, end: result.end?.code };
	};
	const mail = ["a@mail.partner.example", "a@mail.partner.example"];
	assert.equal((await send(...mail)).end, 250);
	const undo = await restriction({ exclude: ["news.partner.example"] });
	const refused = await send(...mail);
	assert.equal(refused.rcpt, 530);
	assert.match(refused.text, /^5\.7\.0 .*TLS.*STARTTLS/);
	assert.equal((await send(...mail, true)).end, 250);
	assert.equal((await send("a@news.partner.example", "a@news.partner.example")).end, 250);
	for (const envelope of ["", "a@example.net"]) {
		const late = await send(envelope, "Ann <a@partner.example>");
		assert.equal(late.rcpt, 250);
		assert.equal(late.end, 550);
		assert.match(late.text, /^5\.7\.1 .*TLS/);
		assert.equal((await send(envelope, "Ann <a@partner.example>", true)).end, 250);
	}
	assert.equal((await send("a@example.net", "x@example.net, Ann <a@partner.example>")).end, 550);
	assert.match(p.log, /event=refused .*why="tls_required_of_sender"/);
	await undo();
	assert.equal((await send(...mail)).end, 250);
});

test("a copy of a restricted sender's mail is taken, for it was delivered elsewhere", async () => {
	const undo = await restriction();
	const address = p.cli("address", "add", "--account", p.account, "copies.gw.test").trim();
	const mail = plain({ from: "a@partner.example", to: TO });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "a@partner.example", to: address, mail: mail.raw })).code, 250);
	await p.found(mail.id);
	await undo();
});
