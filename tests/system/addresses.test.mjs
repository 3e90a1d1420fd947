// Mail to service addresses that are not for copies: reports in the forms of mail programs, samples, DMARC reports.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { randomBytes } from "node:crypto";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { crlf, lure, plain } from "./lib/mail.mjs";

const DISPOSITIONS = ["MALICIOUS", "SUSPICIOUS", "SPOOF", "SPAM", "BULK", "NONE"];
const USER = "user@office.example";
const OWN = ["v=spf1 ip4:127.0.0.0/8 -all"];

let p;
const addresses = {}; // "user_report MALICIOUS", "dmarc -" …
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test", drop: "MALICIOUS,SUSPICIOUS" }, { name: "office.example" }, { name: "reports.test" }],
		records: {
			"office.example TXT": OWN,
			"_dmarc.office.example TXT": ["v=DMARC1; p=reject"],
			"partner.example TXT": OWN,
			"forged.example TXT": ["v=spf1 -all"],
		},
	});
	for (const line of p.cli("address", "reports", "--account", p.account, "reports.test").trim().split("\n")) {
		const [address, ...purpose] = line.split("\t");
		addresses[purpose.join(" ")] = address;
	}
});
after(() => p?.stop());

// ---- what people send ----

// The mail with its lines wrapped in base64.
const base64 = (raw) => raw.toString("base64").replace(/(.{76})/g, "$1\r\n");
const qp = (raw) => raw.toString("latin1").replace(/[^\t\r\n -<>-~]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`)
	.replace(/[^\r\n]{70}(?=[^\r\n])/g, (s) => s).replace(/=(?![0-9A-F]{2})/g, "=3D");

// A mail with a note and these parts: { head, body }.
function forward(parts, { from = USER, note = "This looks wrong to me.", subject = "Fwd: please look" } = {}) {
	const mark = randomBytes(9).toString("hex");
	const text = [`--${mark}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${note}\r\n`,
		...parts.map(({ head, body }) => `--${mark}\r\n${crlf(head)}\r\n\r\n${body.toString("latin1")}\r\n`), `--${mark}--\r\n`].join("");
	return plain({ from, to: "reports@reports.test", subject, headers: `Content-Type: multipart/mixed; boundary="${mark}"\n`, body: text }).raw;
}

const eml = (raw) => ({ head: 'Content-Type: message/rfc822; name="mail.eml"\nContent-Disposition: attachment; filename="mail.eml"', body: raw });

// How mail programs attach a mail.
const forms = {
	"Thunderbird": (raw) => forward([{ head: 'Content-Type: message/rfc822; charset=UTF-8; name="URGENT verify your password now.eml"\nContent-Disposition: attachment;\n filename="URGENT verify your password now.eml"\nContent-Transfer-Encoding: 8bit', body: raw }]),
	"Outlook": (raw) => forward([{ head: 'Content-Type: message/rfc822\nContent-Disposition: attachment;\n\tcreation-date="Fri, 20 Nov 2026 11:00:00 GMT";\n\tmodification-date="Fri, 20 Nov 2026 11:00:00 GMT"', body: raw }]),
	"Apple Mail": (raw) => forward([
		{ head: "Content-Disposition: attachment;\n\tfilename=URGENT.eml\nContent-Type: message/rfc822;\n\tx-unix-mode=0644;\n\tname=\"URGENT.eml\"\nContent-Transfer-Encoding: 7bit", body: raw },
		{ head: "Content-Type: text/plain;\n\tcharset=us-ascii\nContent-Transfer-Encoding: 7bit", body: Buffer.from("\r\n") }]),
	"Gmail": (raw) => forward([{ head: 'Content-Type: message/rfc822; name="URGENT.eml"\nContent-Disposition: attachment; filename="URGENT.eml"\nContent-Transfer-Encoding: base64\nX-Attachment-Id: f_1', body: base64(raw) }]),
	"a web mailer": (raw) => forward([{ head: 'Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment;\n filename*=UTF-8\'\'Pr%C3%BCfung.EML', body: base64(raw) }]),
	"a report button": (raw) => forward([{ head: 'Content-Type: text/plain; name="phish_alert.eml"\nContent-Transfer-Encoding: quoted-printable', body: Buffer.from(qp(raw), "latin1") }]),
	"mutt, with no word of its own": (raw) => plain({ from: USER, headers: "Content-Type: message/rfc822\nContent-Disposition: inline\n", body: raw.toString("latin1") }).raw,
};

async function send(purpose, mail, from = USER) {
	const reply = outcome(await sendMail(p.smtpPort, { from, to: [addresses[purpose]], mail }));
	assert.equal(reply.code, 250, reply.text);
	assert.equal(reply.text.includes("taken"), true, "one answer for all");
}

async function deliver(mail) {
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250);
	return await p.found(mail.id);
}

// ---- what became of it ----

const submissions = async (query) => (await p.get("submissions", { per_page: "1000", ...query })).result;
const analysed = (query) => until(async () => {
	const [s, ...more] = await submissions(query);
	assert.equal(more.length, 0);
	return s?.outcome ? s : null;
}, "the outcome", 60);
const reason = async (s) => (await p.ask("GET", `/accounts/${p.account}/postern/submissions/${s.submission_id}`)).body.result.outcome_reason;
const ofMode = async (mode) => (await p.get("investigate", { submissions: "true", detections_only: "false", per_page: "1000" })).result.filter((m) => m.delivery_mode === mode);
const raw = async (id) => (await p.get(`investigate/${id}/raw`)).result.raw;
const invalid = async (subject) => (await submissions({ invalid: "true" })).filter((s) => s.subject === subject);

test("a whole set of addresses, made once", () => {
	const want = [...["user_report", "team_report"].flatMap((purpose) => DISPOSITIONS.map((d) => `${purpose} ${d}`)), "simulation -", "threat_intel -", "dmarc -"];
	assert.deepEqual(Object.keys(addresses).sort(), want.sort());
	for (const address of Object.values(addresses)) assert.match(address, /^[a-z2-7]{20}@reports\.test$/);
	assert.equal(new Set(Object.values(addresses)).size, want.length);
	const again = p.cli("address", "reports", "--account", p.account, "reports.test").trim().split("\n").map((line) => line.split("\t")[0]);
	assert.deepEqual(again.sort(), Object.values(addresses).sort());
	for (const wrong of [["--purpose", "user_report"], ["--purpose", "dmarc", "--disposition", "SPAM"], ["--disposition", "SPAM"], ["--purpose", "simulation", "--mode", "BCC"], ["--purpose", "none"]])
		assert.equal(p.tryCli("address", "add", "--account", p.account, "reports.test", ...wrong).status, 1, wrong.join(" "));
	const add = (...words) => p.tryCli("address", "add", "--account", p.account, "reports.test", ...words).stderr;
	assert.equal(add("--purpose", "user_report"), "postern address add: --disposition is required: what do reports to it say?\n");
	assert.equal(add("--disposition", "SPAM"), "postern address add: --disposition is for user_report and team_report only\n");
	assert.match(add("--purpose", "simulation", "--mode", "BCC"), /^postern address add: --mode is for copies only\n/);
	assert.match(p.cli("address", "list", "--account", p.account), new RegExp(`^${addresses["user_report SPAM"]}\tuser_report\tSPAM$`, "m"));
});

test("addresses below a name that is not protected come with a word about it", () => {
	const ask = (domain) => p.tryCli("address", "reports", "--account", p.account, domain);
	assert.equal(ask("Reports.TEST").stderr, "");
	const elsewhere = ask("reports.example");
	assert.equal(elsewhere.status, 0);
	assert.match(elsewhere.stderr, /^reports\.example is no protected domain of this account: /);
});

for (const [program, form] of Object.entries(forms))
	test(`a user reports a held phish with ${program}`, async () => {
		const mail = lure();
		const message = await deliver(mail);
		assert.equal(message.is_quarantined, true);
		await send("user_report MALICIOUS", form(mail.raw));
		const s = await analysed({ query: message.postfix_id });
		assert.deepEqual([s.type, s.requested_by, s.requested_disposition, s.outcome, s.outcome_disposition, s.status, s.customer_status],
			["User", USER, "MALICIOUS", "confirmed", "MALICIOUS", "Accepted", "unreviewed"]);
		assert.deepEqual([s.original_postfix_id, s.original_edf_hash, s.original_disposition, s.subject], [message.postfix_id, message.edf_hash, "MALICIOUS", message.subject]);
		assert.equal(await raw(s.submission_id), mail.raw.toString(), "what was attached, byte for byte");
		const sample = (await p.get(`investigate/${s.submission_id}`, { submission: "true" })).result;
		assert.deepEqual([sample.delivery_mode, sample.is_phish_submission, sample.from, sample.message_id], ["REVIEW_SUBMISSION", true, message.from, mail.id]);
		const now = (await p.get(`investigate/${message.id}`)).result;
		assert.deepEqual(now.action_log.map((e) => [e.operation, e.properties.requested_by]), [["SUBMISSION", `mail:${USER}`], ["RECLASSIFY", `mail:${USER}`]]);
		assert.equal(p.sink.mails.some((m) => m.to?.includes(addresses["user_report MALICIOUS"])), false, "it is passed on to nobody");
	});

test("a delivered mail: every address asks for what it says, and a user's word alone corrects nothing", async () => {
	for (const disposition of DISPOSITIONS) {
		const mail = plain({ subject: `Minutes, ${disposition}` });
		const message = await deliver(mail);
		await send(`user_report ${disposition}`, forward([eml(mail.raw)]));
		const s = await analysed({ query: message.postfix_id });
		assert.equal(s.requested_disposition, disposition);
		assert.equal(s.outcome, disposition === "NONE" ? "confirmed" : "unconfirmed");
		assert.equal(await reason(s), disposition === "NONE" ? null : "today's judgement is NONE, and the word of a user counts only where that says the same");
		assert.equal((await p.get(`investigate/${message.id}`)).result.final_disposition, "NONE");
	}
});

test("what strangers say confirms nothing, in whoever's name", async () => {
	for (const [from, envelope, why] of [
		["someone@partner.example", "someone@partner.example", "partner.example, which its From names, is no authorized domain of this account"],
		[`${USER}, x@partner.example`, "x@partner.example", "its From names no domain, or several"],
		[USER, "x@partner.example", "neither DMARC nor DKIM nor SPF proves that it is from office.example, which its From names"],
		["ceo@forged.example", "ceo@forged.example", "forged.example, which its From names, is no authorized domain of this account"],
	]) {
		const mail = lure();
		const message = await deliver(mail);
		await send("user_report MALICIOUS", forward([eml(mail.raw)], { from }), envelope);
		const s = await analysed({ query: message.postfix_id });
		assert.deepEqual([s.type, s.outcome, s.status], ["User", "unconfirmed", "Submitted"], from);
		assert.equal(await reason(s), why);
		assert.equal("outcome_reason" in s, false, "the vendor's list has no such key");
		const lines = (await p.get(`investigate/${s.submission_id}/trace`, { submission: "true" })).result.inbound.lines;
		assert.ok(lines.some((l) => l.message.endsWith(`unconfirmed: ${why}`)), JSON.stringify(lines));
		assert.ok(p.cli("quarantine", "explain", message.postfix_id).includes(` as MALICIOUS: unconfirmed, ${why}\n`));
		assert.deepEqual((await p.get(`investigate/${message.id}`)).result.action_log.map((e) => e.operation), ["SUBMISSION"]);
	}
});

test("reports of strangers fill nothing: each address takes so many in an hour, and users are heard all the same", async () => {
	const address = p.cli("address", "add", "--account", p.account, "reports.test", "--purpose", "user_report", "--disposition", "BULK").trim().split("\n").at(-1);
	const report = async (from, to = address, envelope = from) => {
		const mail = forward([eml(plain({ subject: "One of many" }).raw)], { from });
		return outcome(await sendMail(p.smtpPort, { from: envelope, to: [to], mail }));
	};
	const codes = [(await report("x@partner.example")).code];
	while (codes.length < 103) codes.push(...await Promise.all(Array.from({ length: 6 }, async () => (await report("x@partner.example")).code)));
	assert.deepEqual([codes.filter((c) => c === 250).length, codes.filter((c) => c === 452).length], [100, 3]);
	assert.match((await report(USER, address, "x@partner.example")).text, /could not be stored, try again later/, "in whoever's name");
	assert.match(p.log, /event=refused .*why="too_many_reports_of_strangers" /);
	assert.equal((await report(USER)).code, 250);
	assert.equal((await report("x@partner.example", addresses["user_report BULK"])).code, 250, "another address");
});

test("mail to the team's address is not the team's word", async () => {
	const mail = plain({ subject: "Minutes for the team" });
	const message = await deliver(mail);
	await send("team_report SPAM", forward([eml(mail.raw)]));
	const s = await analysed({ query: message.postfix_id });
	assert.deepEqual([s.type, s.requested_disposition, s.outcome, s.status], ["Team", "SPAM", "unconfirmed", "Submitted"]);
	assert.equal((await p.get(`investigate/${message.id}`)).result.final_disposition, "NONE");
	const stranger = "partner.example says so";
	await send("team_report SPAM", forward([eml(mail.raw)], { from: "x@partner.example", subject: stranger }), "x@partner.example");
	assert.deepEqual((await invalid(stranger)).map((one) => one.outcome), ["domain_not_configured"]);
});

test("several attached mails are a submission each, up to a bound; reports that come again are one", async () => {
	const mails = Array.from({ length: 3 }, () => lure());
	const report = forward(mails.map((m) => eml(m.raw)));
	const of = async () => (await submissions({ requested_disposition: "SPOOF" })).length;
	const begun = await of();
	await Promise.all(Array.from({ length: 8 }, () => send("user_report SPOOF", report)));
	await send("user_report SPOOF", report);
	assert.equal(await of(), begun + 3);
	// Also in another mail, by another program.
	await send("user_report SPOOF", forms.Gmail(mails[0].raw));
	assert.equal(await of(), begun + 3);
	// A stranger in the same name is not what the user said, nor the other way round.
	await send("user_report SPOOF", forward([eml(mails[0].raw)]), "x@partner.example");
	assert.equal(await of(), begun + 3 + 1);
	const many = "More than anybody selects";
	await send("user_report SPOOF", forward(Array.from({ length: 20 }, () => eml(plain().raw)), { subject: many }));
	assert.equal((await submissions({ requested_disposition: "SPOOF", invalid: "false" })).length, begun + 3 + 1 + 16);
	assert.deepEqual((await invalid(many)).map((s) => s.outcome), ["too_large"]);
});

test("what cannot be a report is kept with its reason", async () => {
	const dmarc = { head: 'Content-Type: text/xml; name="google.com!example.test!1!2.xml"\nContent-Transfer-Encoding: base64', body: base64(Buffer.from(aggregate("example.test"))) };
	const cases = {
		no_eml: forward([]),
		wrong_extension: forward([{ head: 'Content-Type: application/vnd.ms-outlook; name="mail.msg"\nContent-Disposition: attachment; filename="mail.msg"\nContent-Transfer-Encoding: base64', body: base64(randomBytes(600)) }]),
		unreadable: forward([{ head: 'Content-Type: application/octet-stream; name="mail.eml"\nContent-Transfer-Encoding: base64', body: base64(randomBytes(600)) }]),
		wrong_alias: forward([dmarc]),
	};
	for (const [why, mail] of Object.entries(cases)) {
		const subject = `It has ${why}`;
		const bytes = Buffer.from(mail.toString("latin1").replace("Fwd: please look", subject), "latin1");
		await send("user_report SPAM", bytes);
		const [s, ...more] = await invalid(subject);
		assert.deepEqual([s.outcome, s.status, s.type, s.requested_disposition, s.requested_by, more.length], [why, "Invalid", "User", "SPAM", USER, 0]);
		const kept = (await p.get(`investigate/${s.submission_id}`, { submission: "true" })).result;
		assert.deepEqual([kept.subject, kept.from, kept.delivery_mode], [subject, USER, "REVIEW_SUBMISSION"], "the report itself");
		assert.equal((await submissions({ query: s.submission_id })).length, 0, "among the others it is not");
	}
});

for (const [purpose, mode, type] of [["simulation -", "SIMULATION_SUBMISSION", "User"], ["threat_intel -", "THREAT_INTEL_SUBMISSION", "Team"]])
	test(`${mode}: nothing is asked for, and nothing is corrected`, async () => {
		const mail = lure();
		const message = await deliver(mail);
		await send(purpose, forms.Outlook(mail.raw));
		const s = await analysed({ query: message.postfix_id });
		assert.deepEqual([s.type, s.requested_disposition, s.outcome, s.original_postfix_id], [type, null, "unconfirmed", message.postfix_id]);
		assert.deepEqual((await ofMode(mode)).map((m) => m.postfix_id), [s.submission_id]);
		const now = (await p.get(`investigate/${message.id}`)).result;
		assert.deepEqual([now.final_disposition, now.action_log.map((e) => e.status)], [message.final_disposition, ["submitted"]]);
	});

// ---- DMARC ----

const aggregate = (domain) => `<?xml version="1.0"?><feedback><report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>` +
	`<report_id>${randomBytes(6).toString("hex")}</report_id><date_range><begin>1795000000</begin><end>1795086400</end></date_range></report_metadata>` +
	`<policy_published><domain>${domain}</domain><p>reject</p></policy_published><record><row><source_ip>192.0.2.1</source_ip><count>2</count>` +
	`<policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>${domain}</header_from></identifiers></record></feedback>`;

const ofReceiver = (mark, domain) => plain({ from: "dmarc@receiver.example", subject: `Report Domain: ${domain}`,
	headers: `Content-Type: application/gzip; name="receiver.example!${domain}!1!2.xml.gz"\nContent-Transfer-Encoding: base64\n`,
	body: base64(gzipSync(aggregate(domain))) });

const failure = (domain) => {
	const mark = randomBytes(9).toString("hex");
	return plain({ from: "dmarc@receiver.example", subject: `Failure: ${domain}`, headers: `Content-Type: multipart/report; report-type=feedback-report; boundary="${mark}"\n`,
		body: `--${mark}\nContent-Type: text/plain\n\nA mail failed.\n--${mark}\nContent-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nVersion: 1\nUser-Agent: x/1\nAuth-Failure: dmarc\n` +
			`Reported-Domain: ${domain}\nOriginal-Mail-From: <a@${domain}>\nSource-IP: 192.0.2.1\n\n--${mark}\nContent-Type: message/rfc822\n\nFrom: a@${domain}\nSubject: x\n\nx\n--${mark}--\n` });
};

for (const [mode, mail] of [
	["DMARC_AGGREGATE_REPORT", () => ofReceiver("a", "example.test")],
	["DMARC_AGGREGATE_REPORT", () => ofReceiver("b", "sub.Example.test")],
	["DMARC_FAILURE_REPORT", () => failure("example.test")],
	["DMARC_UNVERIFIED", () => ofReceiver("c", "elsewhere.test")],
	["DMARC_UNVERIFIED", () => failure("elsewhere.test")],
])
	test(`${mode}: ${mail().raw.toString().match(/Subject: (.*)\r/)[1]}`, async () => {
		const report = mail();
		const begun = (await ofMode(mode)).length;
		for (let i = 0; i < 2; i++) await send("dmarc -", report.raw, "dmarc@receiver.example");
		const found = await ofMode(mode);
		assert.equal(found.length, begun + 1, "once, however often it comes");
		const kept = found.find((m) => m.message_id === report.id);
		assert.deepEqual([kept.is_phish_submission, kept.is_quarantined], [false, false]);
		assert.match((await p.get(`investigate/${kept.id}/trace`)).result.inbound.lines[0].message, /^received from /);
		assert.deepEqual(await p.find(report.id), [], "it is nobody's mail");
		assert.equal((await submissions({ query: kept.postfix_id })).length, 0);
	});

test("what is no DMARC report at the address for them", async () => {
	const subject = "Buy our DMARC service";
	await send("dmarc -", plain({ subject, from: "sales@partner.example" }).raw, "sales@partner.example");
	const [s] = await invalid(subject);
	assert.deepEqual([s.outcome, s.type], ["wrong_alias", null]);
	assert.deepEqual((await ofMode("DMARC_UNVERIFIED")).filter((m) => m.subject === subject), []);
});

test("a transaction is for one address", async () => {
	const both = await sendMail(p.smtpPort, { from: USER, to: [addresses["user_report SPAM"], addresses["dmarc -"]], mail: forward([eml(plain().raw)]) });
	assert.match(JSON.stringify(both), /452/);
});
