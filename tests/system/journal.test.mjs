// Journal reports of Exchange at a service address: one record for a mail and all who got it, nothing relayed, nothing bounced.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { crlf, lure, plain } from "./lib/mail.mjs";

let p, address;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "office.test", mode: "JOURNAL", drop: "MALICIOUS" }, { name: "copied.test", mode: "BCC" }, { name: "inline.test", mode: "DIRECT" }],
	});
	address = p.cli("address", "add", "--account", p.account, "--mode", "JOURNAL", "copies.gw.test").trim().split("\n").at(-1);
});
after(() => p?.stop());

const rfc822 = (raw) => ({ head: "Content-Type: message/rfc822", body: raw });

// A report as Exchange writes it: lines are those of its text, parts what is attached.
function report(lines, parts, { mark = randomBytes(9).toString("hex"), head = "X-MS-Journal-Report:" } = {}) {
	const text = `Received: from EX1.office.test ([192.0.2.10]) by gw.test; Fri, 20 Nov 2026 10:00:05 +0000
From: <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@office.test>
To: <${address}>
Subject: the same
Message-ID: <${mark}@journal.report.generator>
Date: Fri, 20 Nov 2026 10:00:05 +0000
${head}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="${mark}"

--${mark}
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: 7bit

${lines.join("\n")}
`;
	const attached = parts.map(({ head, body }) => Buffer.concat([Buffer.from(crlf(`\n--${mark}\n${head}\n\n`), "latin1"), body]));
	return { id: `<${mark}@journal.report.generator>`, raw: Buffer.concat([Buffer.from(crlf(text), "latin1"), ...attached, Buffer.from(`\r\n--${mark}--\r\n`)]) };
}

const lines = (mail, ...recipients) => ["Sender: ann@example.net", "Subject: Minutes of Tuesday", `Message-Id: ${mail.id}`, ...recipients];

async function send(raw, { from = "", to = address } = {}) {
	const reply = outcome(await sendMail(p.smtpPort, { from, to, mail: raw }));
	assert.equal(reply.code, 250, reply.text);
}

const only = async (id) => {
	const found = await until(async () => { const all = await p.find(id); return all.length ? all : null; }, `message ${id}`);
	assert.equal(found.length, 1);
	return found[0];
};
// Whether these very bytes are kept (clean mail is shown to nobody, so it is looked for where it lies).
function isKept(raw) {
	const sha256 = createHash("sha256").update(raw).digest("hex");
	return existsSync(path.join(p.data, "raw", sha256.slice(0, 2), `${sha256}.zst`));
}
const traceOf = async (m) => (await p.get(`investigate/${m.id}/trace`)).result.inbound.lines.map((l) => l.message).join("\n");
const findings = (m) => (m.findings ?? []).map((f) => f.name);

test("two reports for one mail are one message with all its recipients", async () => {
	const mail = plain({ to: "Anna <anna@office.test>, list@elsewhere.test" });
	await send(report(lines(mail, "To: anna@office.test", "Bcc: cem@office.test", "To: x@elsewhere.test", "Cc: y@copied.test"), [rfc822(mail.raw)]).raw);
	await send(report(lines(mail, "To: dora@office.test, Expanded: all@office.test", "To: anna@office.test"), [rfc822(mail.raw)]).raw);
	const m = await only(mail.id);
	assert.equal(m.delivery_mode, "JOURNAL");
	assert.equal(m.envelope_from, "ann@example.net");
	assert.deepEqual(m.envelope_to, ["anna@office.test", "cem@office.test", "dora@office.test"]);
	assert.deepEqual(m.client_recipients, m.envelope_to);
	assert.deepEqual(m.delivery_status, ["delivered"]);
	assert.equal(m.subject, "Minutes of Tuesday");
	assert.ok(isKept(mail.raw), "what is kept is the mail");
	assert.match(await traceOf(m), /taken out of a journal report of \d+ bytes\n.*verdict NONE.*\nanother copy came, for 1 recipient more/s);
	const told = [...p.log.matchAll(new RegExp(`event=copy id="${m.postfix_id}".* action="(\\w+)"`, "g"))].map((l) => l[1]);
	assert.deepEqual(told, ["FILED", "JOINED"]);
});

test("the mail is judged, and held nowhere", async () => {
	const mail = lure({ to: "anna@office.test" });
	const r = report(lines(mail, "To: anna@office.test"), [rfc822(mail.raw)]);
	await send(r.raw);
	const m = await only(mail.id);
	assert.equal((await p.get(`investigate/${m.id}/raw`)).result.raw, mail.raw.toString("utf8"));
	assert.ok(!isKept(r.raw), "the report itself is not kept");
	assert.match(m.final_disposition, /^(MALICIOUS|SUSPICIOUS)/);
	assert.equal(m.is_quarantined, false);
	assert.equal(m.delivery_mode, "JOURNAL");
	assert.ok(findings(m).length > 0 && !findings(m).includes("journal_report"));
});

test("a report whose parts are encoded is read", async () => {
	const mail = plain({ to: "anna@office.test" });
	const encoded = { head: "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", body: Buffer.from(mail.raw.toString("base64").replace(/(.{76})/g, "$1\r\n")) };
	await send(report(lines(mail, "To: anna@office.test"), [encoded]).raw);
	const m = await only(mail.id);
	assert.ok(isKept(mail.raw));
	assert.deepEqual(m.client_recipients, ["anna@office.test"]);
});

test("what the account's people send out is passed over", async () => {
	const mail = plain({ from: "anna@office.test", to: "x@elsewhere.test" });
	await send(report(["Sender: anna@office.test", "To: x@elsewhere.test"], [rfc822(mail.raw)]).raw);
	const toOther = plain({ to: "y@inline.test" });
	await send(report(lines(toOther, "To: y@inline.test"), [rfc822(toOther.raw)]).raw);
	await until(() => (p.log.match(/event=journal_passed_over /g) ?? []).length === 2, "two log lines");
	assert.deepEqual([...await p.find(mail.id), ...await p.find(toOther.id)], [], "a domain that takes no journal is not looked at");
});

test("a report that names nobody is for whom the mail says", async () => {
	const mail = plain({ to: "anna@office.test" });
	await send(report([""], [{ head: rfc822().head, body: Buffer.concat([Buffer.from("X-Original-To: ben@office.test\r\n"), mail.raw]) }]).raw);
	assert.deepEqual((await only(mail.id)).client_recipients, ["anna@office.test", "ben@office.test"]);
});

test("a mail without a report around it is a copy like any other", async () => {
	const mail = plain({ to: "anna@office.test" });
	await send(mail.raw, { from: "ann@example.net" });
	const m = await only(mail.id);
	assert.deepEqual(m.client_recipients, ["anna@office.test"]);
	assert.ok(isKept(mail.raw));
});

test("a report whose mail cannot be taken out is kept, and says why", async () => {
	const mail = plain(), second = plain();
	const tnef = { head: "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64", body: Buffer.from("eJ8+IgEAAAAA") };
	for (const [what, parts] of [
		["no message", []],
		["no message", [tnef]],
		["several messages", [rfc822(mail.raw), rfc822(second.raw)]],
		["cannot be read", [rfc822(randomBytes(300))]],
		["cannot be read", [{ head: "Content-Type: message/rfc822\nContent-Transfer-Encoding: rot13", body: mail.raw }]],
		["cannot be read", [rfc822(Buffer.alloc(0))]],
	]) {
		const r = report(lines(mail, "To: anna@office.test"), parts);
		await send(r.raw);
		const m = await only(r.id);
		assert.ok(m.findings.some((f) => f.name === "journal_report" && f.reason.includes(what)), what);
		assert.deepEqual(m.client_recipients, ["anna@office.test"]);
		assert.ok(isKept(r.raw), "nothing of it is lost");
		assert.match(await traceOf(m), /a journal report: no mail could be taken out of it/);
	}
});

test("a report proves nothing of who wrote the mail", async () => {
	const rule = { pattern: "boss@partner.example", pattern_type: "EMAIL", is_regex: false, is_trusted_sender: true, is_acceptable_sender: false, is_exempt_recipient: false, verify_sender: true, comments: null };
	assert.equal((await p.request("POST", "settings/allow_policies", { body: rule })).status, 201);
	const mail = lure({ from: "boss@partner.example", to: "anna@office.test" });
	await send(report(["Sender: boss@partner.example", "To: anna@office.test"], [rfc822(mail.raw)]).raw, { from: "boss@partner.example" });
	assert.match((await only(mail.id)).final_disposition, /^(MALICIOUS|SUSPICIOUS)/);
});

test("a mail that came without a report does not hide behind one of its own", async () => {
	const mail = plain({ to: "anna@office.test" });
	for (const lines of [["Dear Anna, verify your password: http://203.0.113.7/login.php"], ["To: x@elsewhere.test"], ["To: cem@office.test"]]) {
		const mine = lure({ to: "anna@office.test", headers: 'X-MS-Journal-Report:\nReply-To: collect@mailbox.example.info\nContent-Type: multipart/mixed; boundary="m"\n' });
		const body = `\n--m\nContent-Type: text/plain\n\n${lines.join("\n")}\n--m\nContent-Type: message/rfc822\n\n`;
		const html = '\n--m\nContent-Type: text/html\n\nYour account is suspended. Verify your password: <a href="http://203.0.113.7/login.php">https://www.example.com/secure</a>\n--m--\n';
		const head = mine.raw.subarray(0, mine.raw.indexOf("\r\n\r\n") + 2);
		await send(Buffer.concat([head, Buffer.from(crlf(body), "latin1"), mail.raw, Buffer.from(crlf(html), "latin1")]), { from: "security@login.example.org" });
		const m = await only(mine.id);
		assert.match(m.final_disposition, /^(MALICIOUS|SUSPICIOUS)/);
		assert.ok(m.client_recipients.includes("anna@office.test"), `${m.client_recipients}`);
		assert.ok(m.findings.some((f) => f.name === "journal_report" && f.reason.includes("has more in it")));
	}
	assert.deepEqual(await p.find(mail.id), []);
});

test("a report as the content of a report is not opened again", async () => {
	const mail = plain({ to: "anna@office.test" });
	const inner = report(lines(mail, "To: cem@office.test"), [rfc822(mail.raw)]);
	await send(report(lines(mail, "To: anna@office.test"), [rfc822(inner.raw)]).raw);
	const m = await only(inner.id);
	assert.deepEqual(m.client_recipients, ["anna@office.test"]);
	assert.deepEqual(await p.find(mail.id), []);
});

test("at an address for other copies a report is a mail like any other", async () => {
	const bcc = p.cli("address", "add", "--account", p.account, "copies.gw.test").trim().split("\n").at(-1);
	const mail = plain({ to: "y@copied.test" });
	const r = report(lines(mail, "To: y@copied.test"), [rfc822(mail.raw)]);
	await send(r.raw, { to: bcc });
	const m = await only(r.id);
	assert.equal(m.delivery_mode, "BCC");
	assert.ok(!findings(m).includes("journal_report"));
});

test("nothing was passed on to anybody", () => {
	assert.equal(p.sink.mails.length, 0);
});
