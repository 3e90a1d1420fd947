// The same mail again: from its sender who did not hear our answer, from another of the sender's hosts, from a stranger.
import assert from "node:assert/strict";
import { test, before, after, beforeEach } from "node:test";
import { Client, outcome } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const HOME = "127.0.0.1"; // hosts of strict.example
const OTHER = "127.0.0.2";
const STRANGER = "127.0.0.9";

let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test" }, { name: "held.test", drop: "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK" }],
		records: { "strict.example TXT": [`v=spf1 ip4:${HOME} ip4:${OTHER} -all`], "_dmarc.strict.example TXT": ["v=DMARC1; p=reject"] },
	});
	await create("allow_policies", {
		pattern: "abuse@held.test", pattern_type: "EMAIL", is_regex: false, is_exempt_recipient: true, is_trusted_sender: false,
		is_acceptable_sender: false, verify_sender: false, comments: null,
	});
});
after(() => p?.stop());
beforeEach(() => { p.sink.behave = {}; });

const busy = { end: () => "451 4.3.0 Busy" };
const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id));
const recipients = (id) => arrived(id).flatMap((m) => m.to).sort();
const results = (mail) => /Authentication-Results:[^]*?\r\n(?=\S)/.exec(mail.raw.toString("latin1"))[0];

async function create(collection, body) {
	const answer = await p.request("POST", `settings/${collection}`, { body });
	assert.equal(answer.status, 201, answer.text);
	return answer.body.result;
}

// Sends it and gives the code of the answer.
async function send(mail, to, { host = HOME, from = "ann@strict.example" } = {}) {
	const client = await Client.connect(p.smtpPort, { localAddress: host });
	await client.command("EHLO mail.strict.example");
	const { code } = outcome(await client.send({ from, to, mail: mail.raw }));
	await client.command("QUIT");
	client.close();
	return code;
}

const letter = (more) => plain({ from: "Ann <ann@strict.example>", ...more });

test("what was put off goes by the policies of now", async () => {
	const mail = letter({ from: "Pest <pest@strict.example>" });
	p.sink.behave = busy;
	assert.equal(await send(mail, ["user@example.test"]), 451);
	p.sink.behave = {};
	const block = await create("block_senders", { pattern: "pest@strict.example", pattern_type: "EMAIL", is_regex: false, comments: null });
	assert.equal(await send(mail, ["user@example.test"]), 250);
	assert.equal(arrived(mail.id).length, 0);
	const [found, ...more] = await p.find(mail.id);
	assert.equal(more.length, 0);
	assert.equal(found.final_disposition, "MALICIOUS");
	assert.deepEqual(found.delivery_status, ["quarantined"]);
	await p.request("DELETE", `settings/block_senders/${block.id}`);
});

test("what was put off for its sender is no stranger's", async () => {
	const mail = letter();
	p.sink.behave = busy;
	assert.equal(await send(mail, ["user@example.test"]), 451);
	p.sink.behave = {};
	assert.equal(await send(mail, ["user@example.test"], { host: STRANGER }), 250);
	assert.match(results(arrived(mail.id)[0]), /dmarc=fail/);
	assert.equal(await send(mail, ["user@example.test"]), 250);
	assert.match(results(arrived(mail.id)[1]), /dmarc=pass/);
	assert.equal((await p.find(mail.id)).length, 2);
});

test("a stranger's copy that an exempt recipient got takes nothing from the others", async () => {
	const mail = letter({ to: "user@held.test" }), to = ["user@held.test", "abuse@held.test"];
	assert.equal(await send(mail, to, { host: STRANGER }), 250);
	assert.deepEqual(recipients(mail.id), ["abuse@held.test"]);
	for (let i = 0; i < 2; i++) {
		assert.equal(await send(mail, to), 250);
		assert.deepEqual(recipients(mail.id), ["abuse@held.test", "abuse@held.test", "user@held.test"]);
	}
});

test("a stranger's copy that was passed on does not take the place of the mail", async () => {
	const mail = letter();
	assert.equal(await send(mail, ["user@example.test"], { host: STRANGER }), 250);
	assert.equal(await send(mail, ["user@example.test"]), 250);
	assert.equal(arrived(mail.id).length, 2);
	assert.match(results(arrived(mail.id)[0]), /dmarc=fail/);
	assert.match(results(arrived(mail.id)[1]), /dmarc=pass/);
});

test("a stranger's copy after the mail is the stranger's", async () => {
	const mail = letter({ to: "user@held.test" });
	assert.equal(await send(mail, ["user@held.test"]), 250);
	for (let i = 0; i < 2; i++) assert.equal(await send(mail, ["user@held.test"], { host: STRANGER }), 250);
	assert.equal(arrived(mail.id).length, 1);
	assert.deepEqual((await p.find(mail.id)).map((m) => m.delivery_status[0]).sort(), ["delivered", "quarantined"]);
});

test("a proved sender may come again from another of its hosts", async () => {
	const mail = letter();
	for (const host of [HOME, OTHER, OTHER, HOME]) assert.equal(await send(mail, ["user@example.test"], { host }), 250);
	assert.equal(arrived(mail.id).length, 1);
	assert.equal((await p.find(mail.id)).length, 1);
});

test("what was put off for one host is taken from another, as one mail, and the results are of that one", async () => {
	const mail = letter();
	p.sink.behave = busy;
	assert.equal(await send(mail, ["user@example.test"]), 451);
	p.sink.behave = {};
	for (let i = 0; i < 2; i++) assert.equal(await send(mail, ["user@example.test"], { host: OTHER }), 250);
	assert.equal(arrived(mail.id).length, 1);
	assert.match(arrived(mail.id)[0].raw.toString("latin1"), /Received: from mail\.strict\.example \(\[127\.0\.0\.2\]\)/);
	await until(async () => (await p.find(mail.id)).every((m) => m.smtp_previous_hop_ip === OTHER), "judged anew");
	assert.equal((await p.find(mail.id)).length, 1);
});

test("what was held for a host with a bad name comes when the same sender uses another", async () => {
	const block = await create("block_senders", { pattern: "127.0.0.2", pattern_type: "IP", is_regex: true, comments: null });
	const mail = letter({ to: "user@held.test" });
	assert.equal(await send(mail, ["user@held.test"], { host: OTHER }), 250);
	assert.equal(arrived(mail.id).length, 0);
	for (let i = 0; i < 2; i++) assert.equal(await send(mail, ["user@held.test"]), 250);
	assert.equal(arrived(mail.id).length, 1);
	assert.deepEqual((await p.find(mail.id)).map((m) => m.delivery_status), [["delivered"]]);
	await p.request("DELETE", `settings/block_senders/${block.id}`);
});

// What a machine says that has no Message-ID and no clock: the same bytes each time.
const alert = (text) => ({ id: text, raw: Buffer.from(`From: ups@strict.example\r\nTo: user@example.test\r\nSubject: ${text}\r\n\r\non battery\r\n`) });

test("an alert without Message-ID that says the same again is another alert", async () => {
	const mail = alert("power fails");
	for (let i = 1; i <= 3; i++) {
		assert.equal(await send(mail, ["user@example.test"]), 250);
		assert.equal(arrived(mail.id).length, i);
	}
});

test("also when the first try of the next one fails, and after a restart", async () => {
	const mail = alert("power flickers");
	assert.equal(await send(mail, ["user@example.test"]), 250);
	p.sink.behave = busy;
	assert.equal(await send(mail, ["user@example.test"]), 451);
	p.sink.behave = {};
	for (let i = 2; i <= 3; i++) {
		assert.equal(await send(mail, ["user@example.test"]), 250);
		assert.equal(arrived(mail.id).length, i);
	}
	await p.terminate();
	await p.restart();
	assert.equal(await send(mail, ["user@example.test"]), 250);
	assert.equal(arrived(mail.id).length, 4);
});

test("and a resend when its sender left before our answer", async () => {
	const mail = alert("power is back");
	p.sink.behave = { delayMs: 500 };
	const client = await Client.connect(p.smtpPort, { localAddress: HOME });
	await client.command("EHLO mail.strict.example");
	await client.command("MAIL FROM:<ann@strict.example>");
	await client.command("RCPT TO:<user@example.test>");
	await client.command("DATA");
	client.write(Buffer.concat([mail.raw, Buffer.from(".\r\n")]));
	await new Promise((done) => setTimeout(done, 100));
	client.socket.destroy();
	await until(() => arrived(mail.id).length === 1, "passed on although its sender left");
	p.sink.behave = {};
	assert.equal(await send(mail, ["user@example.test"]), 250);
	assert.equal(arrived(mail.id).length, 1);
	assert.equal(await send(mail, ["user@example.test"]), 250, "the answer to that one was heard");
	assert.equal(arrived(mail.id).length, 2);
});
