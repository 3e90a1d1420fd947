// What policies and domain settings change in the way of mail, beyond what next_mail.test.mjs sees of each list.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { Client, sendMail, outcome } from "./lib/smtp.mjs";
import { Postern } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test" }, { name: "copies.test", mode: "BCC" }],
	});
});
after(() => p?.stop());

const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id));

async function create(collection, body) {
	const answer = await p.request("POST", `settings/${collection}`, { body });
	assert.equal(answer.status, 201, answer.text);
	return answer.body.result;
}

async function editDomain(name, change) {
	const [domain] = (await p.get("settings/domains", { domain: name })).result;
	const answer = await p.request("PATCH", `settings/domains/${domain.id}`, { body: change });
	assert.equal(answer.status, 200, answer.text);
}

test("a literal domain means that domain only", async () => {
	await create("block_senders", { pattern: "only.example", pattern_type: "DOMAIN", is_regex: false, comments: null });
	const verdict = async (from) => {
		const mail = plain({ from });
		await sendMail(p.smtpPort, { from, mail: mail.raw });
		return (await p.found(mail.id)).final_disposition;
	};
	assert.equal(await verdict("a@only.example"), "MALICIOUS");
	assert.equal(await verdict("a@sub.only.example"), "NONE");
});

test("ip_restrictions, require_tls_inbound and allowed_delivery_modes are obeyed at RCPT", async () => {
	const rcpt = async (to, tls) => {
		const client = await Client.connect(p.smtpPort);
		await client.command("EHLO c.example");
		if (tls) {
			assert.equal((await client.starttls()).code, 220);
			await client.command("EHLO c.example");
		}
		await client.command("MAIL FROM:<a@example.net>");
		const reply = await client.command(`RCPT TO:<${to}>`);
		client.close();
		return reply.code;
	};
	p.addDomain({ name: "strict.test" });
	assert.equal(await rcpt("x@strict.test"), 250);
	await editDomain("strict.test", { ip_restrictions: ["192.0.2.0/24"] });
	assert.equal(await rcpt("x@strict.test"), 554);
	await editDomain("strict.test", { ip_restrictions: ["127.0.0.0/8"] });
	assert.equal(await rcpt("x@strict.test"), 250);
	await editDomain("strict.test", { require_tls_inbound: true });
	assert.ok([530, 554].includes(await rcpt("x@strict.test")));
	assert.equal(await rcpt("x@strict.test", true), 250);
	assert.ok((await rcpt("x@copies.test")) >= 500);
});

test("require_tls_outbound never sends in clear", async () => {
	p.addDomain({ name: "sealed.test" });
	await editDomain("sealed.test", { require_tls_outbound: true });
	const mail = plain({ to: "x@sealed.test" });
	const reply = outcome(await sendMail(p.smtpPort, { to: "x@sealed.test", mail: mail.raw }));
	assert.ok(reply.code >= 400 && reply.code < 500, `${reply.code} ${reply.text}`);
	assert.equal(arrived(mail.id).length, 0);
});

test("copies to a service address collapse into one message and are never relayed", async () => {
	const address = p.cli("address", "add", "--account", p.account, "copies.gw.test").trim();
	const mail = plain({ to: "a@copies.test, b@copies.test" });
	for (const trace of ["one", "two"]) {
		const copy = Buffer.concat([Buffer.from(`Received: from ${trace}.example by mail.example; Fri, 20 Nov 2026 10:00:00 +0000\r\n`), mail.raw]);
		assert.equal(outcome(await sendMail(p.smtpPort, { to: address, mail: copy })).code, 250);
	}
	const found = await p.find(mail.id);
	assert.equal(found.length, 1);
	assert.equal(found[0].delivery_mode, "BCC");
	const line = p.cli("log").split("\n").find((l) => l.includes(found[0].postfix_id));
	assert.ok(line.includes("\ta@copies.test,b@copies.test\t"), line);
	assert.ok(!line.includes(address), "who may send copies is a secret");
	const told = [...p.log.matchAll(new RegExp(`event=copy id="${found[0].postfix_id}".* action="(\\w+)"`, "g"))].map((m) => m[1]);
	assert.deepEqual(told, ["FILED", "KNOWN"]);
	assert.equal(arrived(mail.id).length, 0);
	const other = plain({ to: "a@copies.test", body: "Other content under the same Message-ID\n" });
	const forged = Buffer.from(other.raw.toString("latin1").replace(other.id, mail.id), "latin1");
	assert.equal(outcome(await sendMail(p.smtpPort, { to: address, mail: forged })).code, 250);
	assert.equal((await p.find(mail.id)).length, 2, "equal Message-ID alone does not collapse");
});

test("of copies of one mail by different hosts the worse verdict stands", async () => {
	const address = p.cli("address", "add", "--account", p.account, "copies.gw.test").trim();
	await create("block_senders", { pattern: "203.0.113.66", pattern_type: "IP", is_regex: false, comments: null });
	const copy = (mail, host) => Buffer.concat([Buffer.from(`Received: from x ([${host}]) by mx.copies.test; Fri, 20 Nov 2026 10:00:00 +0000\r\n`), mail.raw]);
	for (const hosts of [["198.51.100.7", "203.0.113.66"], ["203.0.113.66", "198.51.100.7"]]) {
		const mail = plain({ to: "a@copies.test" });
		for (const host of hosts) assert.equal(outcome(await sendMail(p.smtpPort, { to: address, mail: copy(mail, host) })).code, 250);
		const [found, ...more] = await p.find(mail.id);
		assert.equal(more.length, 0);
		assert.equal(found.final_disposition, "MALICIOUS");
		assert.equal(found.smtp_helo_server_ip, "203.0.113.66");
		assert.deepEqual(found.client_recipients, ["a@copies.test"]);
	}
});

test("the trace of a message says that it has no room for more recipients", async () => {
	const address = p.cli("address", "add", "--account", p.account, "copies.gw.test").trim();
	const many = Array.from({ length: 1000 }, (_, i) => `u${i}@copies.test`).join(",\r\n ");
	const mail = plain({ to: many });
	for (const late of ["u7@copies.test", "late@copies.test"]) {
		const copy = Buffer.concat([Buffer.from(`Delivered-To: ${late}\r\n`), mail.raw]);
		assert.equal(outcome(await sendMail(p.smtpPort, { to: address, mail: copy })).code, 250);
	}
	const found = await p.found(mail.id);
	assert.equal(found.client_recipients.length, 1000);
	const trace = (await p.get(`investigate/${found.id}/trace`)).result;
	assert.match(trace.inbound.lines.at(-1).message, /^1 recipient more is not listed/);
});

test("an address that is nearly a service address is refused", async () => {
	const address = p.cli("address", "add", "--account", p.account, "copies.gw.test").trim();
	const wrong = (address[0] === "a" ? "b" : "a") + address.slice(1);
	assert.ok(outcome(await sendMail(p.smtpPort, { to: wrong, mail: plain().raw })).code >= 500);
});
