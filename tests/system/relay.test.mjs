// DIRECT mail: what reaches the next hop, who may send to whom, and what the next hop's answers become.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { Client, sendMail, outcome } from "./lib/smtp.mjs";
import { addedHeaders } from "./lib/sink.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test" }, { name: "held.test", drop: "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK" }],
		settings: { relay: { timeout_s: 3, end_timeout_s: 3 } },
	});
});
after(() => p?.stop());

// What the next hop got of this mail.
const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id));

test("a clean mail arrives byte for byte, with our header fields in front", async () => {
	const mail = plain();
	const result = await sendMail(p.smtpPort, { mail: mail.raw });
	assert.equal(outcome(result).code, 250, outcome(result).text);
	const [got] = arrived(mail.id);
	assert.deepEqual({ from: got.from, to: got.to }, { from: "sender@example.net", to: ["user@example.test"] });
	const added = addedHeaders(got.raw, mail.raw);
	assert.ok(added, got.raw.toString());
	for (const line of added.split("\r\n").filter((l) => l && !/^[ \t]/.test(l)))
		assert.match(line, /^(Received|Authentication-Results|X-Postern-[A-Za-z-]+): /);
	assert.match(added, /^Received: /m);
	assert.match(added, /^X-Postern-/m);
});

test("bytes beyond ASCII, dots and long lines pass unchanged", async () => {
	const mail = plain({ body: `.\n..\n.x\n\x00\xff\xfe caf\xe9\n${"long ".repeat(400)}\n` });
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw, params: " BODY=8BITMIME" })).code, 250);
	assert.ok(addedHeaders(arrived(mail.id)[0].raw, mail.raw));
});

test("BDAT brings the same bytes as DATA", async () => {
	const mail = plain({ body: ".\n\nchunks\n" });
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw, bdat: true })).code, 250);
	assert.ok(addedHeaders(arrived(mail.id)[0].raw, mail.raw));
});

test("header fields with our prefix that come in are taken out", async () => {
	const mail = plain({ headers: "X-Postern-Disposition: NONE\nX-Postern-Processed: forged\n" });
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250);
	assert.ok(!arrived(mail.id)[0].raw.includes("forged"));
});

test("the message is found through the API with its envelope and verdict", async () => {
	const mail = plain({ subject: "Found again" });
	await sendMail(p.smtpPort, { mail: mail.raw });
	const message = await p.found(mail.id);
	assert.equal(message.subject, "Found again");
	assert.equal(message.envelope_from, "sender@example.net");
	assert.deepEqual(message.envelope_to, ["user@example.test"]);
	assert.equal(message.final_disposition, "NONE");
	assert.equal(message.delivery_mode, "DIRECT");
	assert.deepEqual(message.delivery_status, ["delivered"]);
	assert.equal(message.is_quarantined, false);
});

test("a lure gets a verdict with reasons, and is delivered where nothing is held", async () => {
	const mail = lure();
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250);
	const message = await p.found(mail.id);
	assert.notEqual(message.final_disposition, "NONE");
	assert.ok(message.detection_reasons.length > 0);
	const detections = (await p.get(`investigate/${encodeURIComponent(message.postfix_id)}/detections`)).result;
	assert.ok(detections.findings.length > 0);
	for (const finding of detections.findings) assert.ok(finding.name && finding.reason, JSON.stringify(finding));
	assert.equal(arrived(mail.id).length, 1);
	assert.match(arrived(mail.id)[0].raw.toString("latin1"), /^X-Postern-Disposition: /m);
});

test("the same lure to a domain that holds it is answered 250 and goes nowhere", async () => {
	const mail = lure({ to: "user@held.test" });
	assert.equal(outcome(await sendMail(p.smtpPort, { to: "user@held.test", mail: mail.raw })).code, 250);
	const message = await p.found(mail.id);
	assert.equal(message.is_quarantined, true);
	assert.deepEqual(message.delivery_status, ["quarantined"]);
	assert.equal(arrived(mail.id).length, 0);
	const list = p.cli("quarantine", "list");
	assert.ok(list.includes(message.postfix_id), list);
	const raw = (await p.get(`investigate/${encodeURIComponent(message.postfix_id)}/raw`)).result.raw;
	assert.equal(raw, mail.raw.toString());
});

test("the source of a large mail is read as it is made, and whole", async () => {
	const mail = lure({ to: "user@held.test" });
	const large = Buffer.concat([mail.raw, Buffer.from("behind its end \u00e9 \"\r\n".repeat(100_000))]);
	assert.equal(outcome(await sendMail(p.smtpPort, { to: "user@held.test", mail: large })).code, 250);
	const message = await p.found(mail.id);
	const answer = await p.request("GET", `investigate/${message.postfix_id}/raw`);
	assert.equal(answer.headers.get("content-length"), null);
	assert.ok(answer.body.result.raw === large.toString());
});

test("no mail is taken for domains that are not ours", async () => {
	for (const to of ["user@example.org", "user@sub.example.test", "user", "user@example.test@example.org", "@example.org:user@example.org"]) {
		const result = await sendMail(p.smtpPort, { to, mail: plain().raw });
		assert.ok(result.rcpt[0].code >= 500 && result.rcpt[0].code < 600, `${to}: ${result.rcpt[0].code}`);
	}
});

test("recipients of another class are asked to come again", async () => {
	const client = await Client.connect(p.smtpPort);
	await client.command("EHLO c.example");
	const account2 = p.cli("account", "add", "Second").trim().split("\n").at(-1);
	p.cli("domain", "add", "--account", account2, "second.test", "--transport", `127.0.0.1:${p.sink.port}`);
	const mail = plain();
	// The new account is known to the server within a moment, not after a restart.
	await until(async () => {
		const one = await sendMail(p.smtpPort, { to: "x@second.test", mail: plain().raw });
		return outcome(one).code === 250;
	}, "a new domain is served");
	const result = await client.send({ to: ["a@example.test", "b@second.test"], mail: mail.raw });
	client.close();
	assert.deepEqual(result.rcpt.map((r) => r.code), [250, 452]);
	assert.match(result.rcpt[1].text, /^4\.5\.3 /);
	assert.equal(result.end.code, 250);
	assert.deepEqual(arrived(mail.id)[0].to, ["a@example.test"]);
});

test("the next hop's word on a recipient is passed on", async () => {
	p.sink.behave = { rcpt: (to) => (to.startsWith("gone") ? "550 5.1.1 No such user" : to.startsWith("full") ? "452 4.2.2 Full" : "250 2.1.5 Ok") };
	const mail = plain();
	const result = await sendMail(p.smtpPort, { to: ["gone@example.test", "full@example.test", "user@example.test"], mail: mail.raw });
	p.sink.behave = {};
	assert.deepEqual(result.rcpt.map((r) => r.code), [550, 452, 250]);
	assert.match(result.rcpt[0].text, /No such user/);
	assert.equal(result.end.code, 250);
	assert.deepEqual(arrived(mail.id)[0].to, ["user@example.test"]);
});

test("the next hop's word on the mail is passed on, and kept", async () => {
	for (const [line, code, status] of [["554 5.7.1 Not wanted", 554, "bounced"], ["451 4.3.0 Busy", 451, "deferred"]]) {
		const mail = plain();
		p.sink.behave = { end: () => line };
		const result = await sendMail(p.smtpPort, { mail: mail.raw });
		p.sink.behave = {};
		assert.equal(result.end.code, code);
		assert.equal(arrived(mail.id).length, 0);
		const message = await p.found(mail.id);
		assert.deepEqual(message.delivery_status, [status]);
	}
});

test("a mail that the next hop put off is taken at the next try, as one message", async () => {
	const mail = plain();
	p.sink.behave = { end: () => "451 4.3.0 Busy" };
	assert.equal((await sendMail(p.smtpPort, { mail: mail.raw })).end.code, 451);
	p.sink.behave = {};
	assert.equal((await sendMail(p.smtpPort, { mail: mail.raw })).end.code, 250);
	assert.equal(arrived(mail.id).length, 1);
	await until(async () => (await p.find(mail.id)).some((m) => m.delivery_status.includes("delivered")), "delivered");
	assert.equal((await p.find(mail.id)).length, 1);
});

test("a resend of what was done is answered 250 and not done twice", async () => {
	for (const [to, mail] of [["user@example.test", plain()], ["user@held.test", lure({ to: "user@held.test" })]]) {
		for (let i = 0; i < 2; i++) assert.equal(outcome(await sendMail(p.smtpPort, { to, mail: mail.raw })).code, 250);
		assert.equal((await p.find(mail.id)).length, 1);
		assert.equal(arrived(mail.id).length, to.endsWith("held.test") ? 0 : 1);
	}
});

test("a next hop that falls silent is 451", async () => {
	const mail = plain();
	p.sink.behave = { end: () => null };
	const begin = Date.now();
	const result = await sendMail(p.smtpPort, { mail: mail.raw });
	p.sink.behave = {};
	assert.equal(result.end.code, 451);
	assert.ok(Date.now() - begin < 30_000);
});

test("a next hop that is not there is 451 at RCPT, and mail flows when it is back", async () => {
	const { port } = p.sink;
	await p.sink.stop();
	const refused = outcome(await sendMail(p.smtpPort, { mail: plain().raw }));
	assert.ok(refused.code >= 400 && refused.code < 500, `${refused.code} ${refused.text}`);
	assert.ok(!refused.text.includes("127.0.0.1"), "its address is nobody's business");
	await until(() => p.complaints.some((l) => l.includes("event=next_hop_unreachable") && l.includes(`127.0.0.1:${port}`)), "the log names it");
	await p.sink.listen(port);
	const mail = plain();
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250);
	assert.equal(arrived(mail.id).length, 1);
});

test("the next hop is told the size of what it gets, and its words get codes where it has none", async () => {
	const mail = plain({ body: "x\n".repeat(5000) });
	p.sink.behave = { rcpt: (to) => ({ gone: "550 No such user", later: "450 5.9.9 Odd", full: "452 4.2.2 Full" })[to.split("@")[0]] ?? "250 Ok" };
	const result = await sendMail(p.smtpPort, { to: ["gone@example.test", "later@example.test", "full@example.test", "user@example.test"], mail: mail.raw,
		params: ` SIZE=${mail.raw.length}` });
	p.sink.behave = {};
	assert.deepEqual(result.rcpt.map((r) => `${r.code} ${r.text}`),
		["550 5.0.0 No such user", "450 4.0.0 5.9.9 Odd", "452 4.2.2 Full", "250 2.0.0 Ok"]);
	const [got] = arrived(mail.id);
	assert.ok(Number(/ SIZE=(\d+)/.exec(got.mailLine)[1]) >= got.raw.length, `${got.mailLine}, ${got.raw.length} bytes`);
});

test("mail to the postmaster of this host is taken", async () => {
	for (const to of ["Postmaster", "postmaster@gw.example.test", "postmaster@example.test"]) {
		const mail = plain();
		assert.equal(outcome(await sendMail(p.smtpPort, { to, mail: mail.raw })).code, 250, to);
		assert.deepEqual(arrived(mail.id)[0].to.map((a) => a.toLowerCase()), ["postmaster@example.test"]);
	}
});

test("mail that goes in a circle ends", async () => {
	p.addDomain({ name: "circle.test", transport: `127.0.0.1:${p.smtpPort}` });
	let reply;
	await until(async () => {
		[reply] = (await sendMail(p.smtpPort, { to: "x@circle.test", mail: plain().raw })).rcpt;
		return reply.code !== 550;
	}, "the domain is known");
	assert.match(`${reply.code} ${reply.text}`, /^451 4\.4\.6 /);
	const hops = (n) => "Received: from a.example by b.example; Fri, 20 Nov 2026 10:00:00 +0000\n".repeat(n);
	const tired = outcome(await sendMail(p.smtpPort, { mail: plain({ headers: hops(100) }).raw }));
	assert.match(`${tired.code} ${tired.text}`, /^554 5\.4\.6 /);
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: plain({ headers: hops(80) }).raw })).code, 250);
});

test("what is refused stands in the log, with the reason and without addresses", async () => {
	await sendMail(p.smtpPort, { from: "secret-sender@example.net", to: "secret@elsewhere.example", mail: plain().raw });
	await until(() => /event=refused code=550 why="relaying_denied" client="127\.0\.0\.1" account="-" restriction="-" sender_domain="example\.net" domain="elsewhere\.example"/.test(p.log), "a line about it");
	p.sink.behave = { rcpt: () => "550 5.1.1 No" };
	await sendMail(p.smtpPort, { to: "secret@example.test", mail: plain().raw });
	p.sink.behave = {};
	await until(() => /event=refused code=550 why="next_hop_says" client="127\.0\.0\.1" account="[0-9a-f]{32}" restriction="-" sender_domain="[^"]*" domain="example\.test"/.test(p.log), "a line about the next hop's word");
	assert.ok(!p.log.includes("secret"));
});

test("the null sender may write, and is passed on as it is", async () => {
	const mail = plain();
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "", mail: mail.raw })).code, 250);
	assert.equal(arrived(mail.id)[0].from, "");
});

test("log shows the last messages, one line each", async () => {
	const mail = plain({ subject: "A line in the log" });
	await sendMail(p.smtpPort, { mail: mail.raw });
	assert.equal(p.cli("log", "--lines", "1").trimEnd().split("\n").length, 1);
	assert.match(p.cli("log"), /NONE\tdelivered\t<sender@example\.net>\tuser@example\.test\tA line in the log/);
});
