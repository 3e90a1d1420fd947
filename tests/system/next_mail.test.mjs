// Every list of settings: set through the API, the very next mail obeys; taken back, the next one no longer does.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { Client, sendMail, outcome } from "./lib/smtp.mjs";
import { Postern } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

const HOLD = "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK";
let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "northwind.example", drop: HOLD }, { name: "open.example" }],
		records: {
			"proved.example TXT": ["v=spf1 ip4:127.0.0.1 -all"],
			"norhtwind.example TXT": ["v=spf1 ip4:127.0.0.1 -all"],
			"northwind.example TXT": ["v=spf1 ip4:127.0.0.1 -all"],
		},
	});
	const [open] = (await p.get("settings/domains", { domain: "open.example" })).result;
	const answer = await p.request("PATCH", `settings/domains/${open.id}`, { body: { drop_dispositions: [] } });
	assert.equal(answer.status, 200, answer.text);
});
after(() => p?.stop());

const TO = "user@northwind.example";
const OPEN = "user@open.example"; // whose domain holds nothing
const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id)).map((m) => m.to);

async function create(collection, body) {
	const answer = await p.request("POST", `settings/${collection}`, { body });
	assert.equal(answer.status, 201, answer.text);
	const { id } = answer.body.result;
	const undo = async () => {
		const gone = await p.request("DELETE", `settings/${collection}/${id}`);
		assert.equal(gone.status, 200, gone.text);
	};
	return Object.assign(undo, { id });
}

// Sends a mail of its own and gives the message; it must be taken.
async function verdict(mail, { from = "ann@example.net", to = TO } = {}) {
	const reply = outcome(await sendMail(p.smtpPort, { from, to, mail: mail.raw }));
	assert.equal(reply.code, 250, reply.text);
	const message = await p.found(mail.id);
	return message;
}

const attribute = (id) => p.sink.mails.filter((m) => m.raw.includes(id)).map((m) => /^X-Postern-Attribute:\s+(\S+)/m.exec(m.raw.toString("latin1"))?.[1]);
const findings = (message) => message.findings.map((f) => f.name);

const allow = (more) => create("allow_policies", {
	is_regex: false, is_trusted_sender: false, is_acceptable_sender: false, is_exempt_recipient: false, verify_sender: false, comments: null, ...more,
});
const block = (more) => create("block_senders", { is_regex: false, comments: null, ...more });
const contentPolicy = (more) => create("content_policies", { name: "No falcons", pattern: "operation\\s+falcon", targets: ["SUBJECT", "BODY"], enabled: true, notes: null, ...more });
const trusted = (more) => create("trusted_domains", { is_regex: false, is_recent: false, is_similarity: false, comments: null, ...more });
const person = (more) => create("impersonation_registry", { name: "Jane Doe", email: "jane@northwind.example", is_email_regex: false, comments: null, ...more });
const restriction = (more) => create("sending_domain_restrictions", { domain: "partner.example", exclude: [], comments: null, ...more });

// From a lookalike of our domain, whose SPF passes.
const lookalike = { from: "accounts@norhtwind.example" };
const alike = (more) => plain({ from: `Accounts <${lookalike.from}>`, to: TO, ...more });

test("a trusted sender and an acceptable one", async () => {
	const send = async () => (await verdict(lure({ from: "x@friend.example", to: TO }), { from: "x@friend.example" })).final_disposition;
	const spoof = async () => (await verdict(alike(), lookalike)).final_disposition;
	assert.deepEqual([await send(), await spoof()], ["MALICIOUS", "SPOOF"]);
	const trust = await allow({ pattern: "friend.example", pattern_type: "DOMAIN", is_trusted_sender: true });
	assert.deepEqual([await send(), await spoof()], ["NONE", "SPOOF"]);
	await trust();
	const accept = [
		await allow({ pattern: "friend.example", pattern_type: "DOMAIN", is_acceptable_sender: true }),
		await allow({ pattern: "norhtwind.example", pattern_type: "DOMAIN", is_acceptable_sender: true, verify_sender: true }),
	];
	assert.deepEqual([await send(), await spoof()], ["MALICIOUS", "NONE"], "spoofs may be accepted, malice never");
	for (const back of accept) await back();
	assert.deepEqual([await send(), await spoof()], ["MALICIOUS", "SPOOF"]);
});

test("verify_sender makes a policy count for who is proved alone", async () => {
	let last;
	const send = async (domain) => (last = await verdict(lure({ from: `x@${domain}`, to: TO }), { from: `x@${domain}` })).final_disposition;
	const rule = (pattern, verify) => allow({ pattern, pattern_type: "DOMAIN", is_trusted_sender: true, verify_sender: verify });
	const undo = [await rule("proved.example", true), await rule("claimed.example", true)];
	assert.equal(await send("proved.example"), "NONE");
	assert.equal(await send("claimed.example"), "MALICIOUS");
	assert.equal(last.findings.find((f) => f.name === "policy.unproved_sender").detail, "x@claimed[dot]example matches the pattern claimed[dot]example");
	for (const back of undo) await back();
	const without = await rule("claimed.example", false);
	assert.equal(await send("claimed.example"), "NONE");
	await without();
	assert.equal(await send("claimed.example"), "MALICIOUS");
	assert.ok(!findings(last).includes("policy.unproved_sender"));
});

test("a blocked sender, and block beats trust", async () => {
	const send = () => verdict(plain({ from: "x@pest.example", to: TO }), { from: "x@pest.example" });
	assert.equal((await send()).final_disposition, "NONE");
	const free = await block({ pattern: "x@pest.example", pattern_type: "EMAIL" });
	const trust = await allow({ pattern: "pest.example", pattern_type: "DOMAIN", is_trusted_sender: true });
	const held = await send();
	assert.equal(held.final_disposition, "MALICIOUS");
	assert.equal(held.is_quarantined, true);
	assert.equal(held.properties.blocklisted_message, true);
	assert.equal(held.properties.blocklisted_pattern, "x@pest.example");
	assert.equal(held.properties.allowlisted_pattern, "pest.example");
	await free();
	assert.equal((await send()).final_disposition, "NONE");
	await trust();
});

test("an exempt recipient gets what others of one transaction do not", async () => {
	const both = [TO, "abuse@northwind.example"];
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
	// Why it never came, from the log and, where there was a mail, from its record.
	const { id } = undo;
	assert.match(p.log, new RegExp(`event=refused code=530 why="tls_required_of_sender" client="127.0.0.1" account="${p.account}" restriction="${id}" sender_domain="mail.partner.example" domain="northwind.example"`));
	const lost = plain({ from: "Ann <a@partner.example>", to: TO });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "a@example.net", to: TO, mail: lost.raw })).code, 550);
	const found = await p.found(lost.id);
	assert.deepEqual(found.delivery_status, ["rejected"]);
	const { inbound } = (await p.get(`investigate/${found.id}/trace`)).result;
	assert.match(inbound.lines.at(-2).message, new RegExp(`^came without TLS, which sending domain restriction ${id} asks of partner.example`));
	assert.match(inbound.lines.at(-1).message, /^refused: 550 5.7.1 /);
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

test("blocked content, in the subject or the text, from a trusted sender too; its exempt recipient gets it", async () => {
	const both = [TO, "abuse@northwind.example"];
	const mails = {
		subject: () => plain({ to: TO, subject: "About OPERATION  Falcon" }),
		body: () => plain({ to: TO, headers: "Content-Type: text/html\n", body: "<p>We call it <b>Operation</b>\nFalcon.</p>" }),
		file: () => plain({ to: TO, headers: 'Content-Type: multipart/mixed; boundary="b"\n', body: "--b\n\nAttached.\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nOperation Falcon\n--b--\n" }),
	};
	const send = async (kind) => (await verdict(mails[kind]())).final_disposition;
	const all = async () => [await send("subject"), await send("body"), await send("file")];
	assert.deepEqual(await all(), ["NONE", "NONE", "NONE"]);
	let undo = await contentPolicy();
	const trust = await allow({ pattern: "example.net", pattern_type: "DOMAIN", is_trusted_sender: true });
	assert.deepEqual(await all(), ["MALICIOUS", "MALICIOUS", "NONE"]);
	const held = await verdict(mails.body());
	assert.equal(held.properties.blocklisted_message, true);
	assert.equal(held.properties.blocklisted_pattern, "operation\\s+falcon");
	const finding = held.findings.find((f) => f.name === "policy.blocked_content");
	assert.match(finding.value, /operation falcon$/);
	assert.match(finding.reason, /^The text has what the content policy "No falcons" blocks/);
	const exempt = await allow({ pattern: both[1], pattern_type: "EMAIL", is_exempt_recipient: true });
	const mail = mails.subject();
	await verdict(mail, { to: both });
	assert.deepEqual(arrived(mail.id), [[both[1]]]);
	assert.deepEqual(attribute(mail.id), [undefined], "who is exempt gets no verdict");
	assert.equal((await verdict(mails.subject(), { to: OPEN })).is_quarantined, true, "whatever the domain holds");
	await undo();
	for (const other of [{ targets: ["SUBJECT"] }, { targets: ["BODY"] }, { enabled: false }]) {
		undo = await contentPolicy(other);
		const of = (target) => (other.targets?.includes(target) ? "MALICIOUS" : "NONE");
		assert.deepEqual([await send("subject"), await send("body")], [of("SUBJECT"), of("BODY")], JSON.stringify(other));
		await undo();
	}
	for (const back of [trust, exempt]) await back();
	assert.deepEqual(await all(), ["NONE", "NONE", "NONE"]);
});

test("a name of the registry with another address, listed ones and an expression", async () => {
	const send = (address, more) => verdict(plain({ from: `"Doe, Jane" <${address}>`, to: TO, ...more }), { from: address });
	const said = async (address, more) => (await send(address, more)).final_disposition;
	assert.equal(await said("jane@elsewhere.example"), "NONE");
	let undo = await person({ email: "jane@northwind.example, Jane.Doe@Home.example" });
	const caught = await send("jane@elsewhere.example");
	assert.equal(caught.final_disposition, "SPOOF");
	assert.ok(findings(caught).includes("name_impersonation.same"));
	const foreign = plain({ from: "=?utf-8?q?J=D0=B0ne_D=C3=B6e?= <jane@elsewhere.example>", to: TO }); // with a Cyrillic letter
	assert.equal((await verdict(foreign)).final_disposition, "SPOOF");
	assert.equal(await said("jane.doe@home.example"), "NONE");
	assert.equal(await said("jd2@northwind.example"), "NONE", "the house itself, proved");
	const wants = { headers: "Reply-To: jane.doe.77@gmail.com\n", body: "Are you available? I need you to purchase some gift cards for a client. Scratch the back and send me the codes, I will reimburse you tonight.\n" };
	assert.equal(await said("jane@elsewhere.example", wants), "MALICIOUS-BEC");
	await undo();
	undo = await person({ email: "jane(\\.doe)?@(northwind\\.example|elsewhere\\.example)", is_email_regex: true });
	assert.equal(await said("jane.doe@elsewhere.example"), "NONE");
	assert.equal(await said("jane.d@elsewhere.example"), "SPOOF");
	await undo();
	assert.equal(await said("jane.d@elsewhere.example"), "NONE");
});

test("the attribute BEC goes with a name of the registry", async () => {
	const undo = await person();
	const mail = plain({ from: "Jane Doe <jane@elsewhere.example>", to: OPEN });
	await verdict(mail, { to: OPEN });
	assert.deepEqual(attribute(mail.id), ["BEC"]);
	await undo();
});

test("a trusted domain is not taken for a lookalike, and that is all", async () => {
	const send = (more) => verdict(alike(more), lookalike);
	assert.equal((await send()).final_disposition, "SPOOF");
	const foreign = plain({ from: "A <a@xn--nrthwind-nbh.example>", to: TO }); // with a Cyrillic letter
	assert.equal((await verdict(foreign)).final_disposition, "SPOOF");
	let undo = await trusted({ pattern: "norhtwind.example", is_recent: true });
	assert.equal((await send()).final_disposition, "SPOOF", "being new is another matter");
	await undo();
	undo = await trusted({ pattern: "norhtwind.example", is_similarity: true });
	const passed = await send();
	assert.equal(passed.final_disposition, "NONE");
	assert.equal(passed.properties.allowlisted_pattern, "norhtwind.example");
	assert.equal(passed.properties.allowlisted_pattern_type, "domain_similarity");
	const counts = (list) => Object.fromEntries(list.map((f) => [f.name, f.suppressed_by]));
	assert.equal(counts(passed.findings)["lookalike_domain.slip"], "norhtwind.example", "kept for people to see");
	const malicious = await verdict(lure({ from: lookalike.from, to: TO }), lookalike);
	assert.equal(malicious.final_disposition, "MALICIOUS");
	const [listed] = (await p.get("investigate", { alert_id: malicious.alert_id })).result;
	const told = (await p.get(`investigate/${malicious.id}/detections`)).result;
	for (const found of [malicious, listed, told].map((o) => counts(o.findings))) {
		assert.equal(found["lookalike_domain.slip"], "norhtwind.example");
		assert.ok(Object.values(found).includes(null), "others count");
	}
	await undo();
	assert.equal((await send()).final_disposition, "SPOOF");
});

test("a trusted domain is not held against its sender for being new", async () => {
	const odd = () => plain({ from: "x@young.example", to: TO, headers: "Reply-To: x@gmail.com\nContent-Type: text/html\n", body: '<p>Good morning, here is what we spoke about on Tuesday, and thank you for the tea:</p><a href="http://203.0.113.9/">the list</a> <a href="https://young.example/">us</a>' });
	const send = () => verdict(odd(), { from: "x@young.example" });
	assert.equal((await send()).final_disposition, "SUSPICIOUS");
	for (const rule of [{ pattern: "young.example" }, { pattern: ".*\\.example", is_regex: true }]) {
		const undo = await trusted({ is_recent: true, ...rule });
		const passed = await send();
		assert.equal(passed.final_disposition, "NONE");
		assert.equal(passed.properties.allowlisted_pattern_type, "domain_recency");
		assert.ok(findings(passed).includes("new_domain.never_seen"));
		await undo();
		assert.equal((await send()).final_disposition, "SUSPICIOUS");
	}
});

test("postern scan judges by the policies and domains of an account as the next mail would be", async () => {
	const file = path.join(p.dir, "mail.eml");
	writeFileSync(file, alike().raw);
	const scan = () => p.cli("scan", "--account", p.account, file);
	assert.match(p.cli("scan", file), /: NONE\n/);
	assert.match(scan(), /: SPOOF\n/);
	const undo = [await trusted({ pattern: "norhtwind.example", is_similarity: true }), await contentPolicy({ pattern: "minutes" })];
	assert.match(scan(), /: MALICIOUS\n[^]*policy\.blocked_content[^]*lookalike_domain\.slip[^]*not counted: .*, norhtwind\.example\n/);
	await undo.pop()();
	assert.match(scan(), /: NONE\n[^]*Nothing was found that counts:\n/);
	await undo.pop()();
	const trust = await allow({ pattern: "norhtwind.example", pattern_type: "DOMAIN", is_trusted_sender: true });
	assert.match(scan(), /: NONE\n[^]*Nothing was looked for: a policy of the account trusts the sender, norhtwind\.example\n/);
	await trust();
	writeFileSync(file, plain({ from: "x@claimed.example", to: TO }).raw);
	const unproved = await allow({ pattern: "claimed.example", pattern_type: "DOMAIN", is_trusted_sender: true, verify_sender: true });
	assert.match(scan(), /: NONE\n[^]*Nothing was found that counts:\n[^]*policy\.unproved_sender/);
	await unproved();
	const nobody = p.tryCli("scan", "--account", "0".repeat(32), file);
	assert.equal(nobody.status, 1);
	assert.match(nobody.stderr, /there is no account 0+/);
});

test("expressions that cost too much are told of, and let no blocked sender through", async () => {
	const slow = await block({ pattern: "(?=a)(a+)+[bc]", pattern_type: "EMAIL", is_regex: true });
	const quick = await block({ pattern: ".*@(mail\\.)?blocked-partner\\.example", pattern_type: "EMAIL", is_regex: true });
	const nobodyKnows = await verdict(plain(), { from: `${"a".repeat(40)}@example.net` });
	assert.equal(nobodyKnows.final_disposition, "SUSPICIOUS");
	assert.ok(findings(nobodyKnows).includes("policy.gave_up") && findings(nobodyKnows).includes("policy.unfinished"));
	assert.match(p.log, /level=warn role=intake event=policies_unfinished finding="policy.gave_up" account="/);
	const blocked = await verdict(plain(), { from: `${"a".repeat(40)}@blocked-partner.example` });
	assert.equal(blocked.final_disposition, "MALICIOUS");
	await slow();
	await quick();
	assert.equal((await verdict(plain(), { from: `${"a".repeat(40)}@example.net` })).final_disposition, "NONE");
});
