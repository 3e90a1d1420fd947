// Mail that a real Postfix takes in and shows us as a milter, and that a real Dovecot has in its mailboxes afterwards.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { MailServer, missing } from "./lib/mailserver.mjs";
import { Client, outcome, sendMail } from "./lib/smtp.mjs";
import { addedHeaders } from "./lib/sink.mjs";
import { BINARY, Postern, freePort, until, wait } from "./lib/postern.mjs";
import { lure, plain } from "./lib/mail.mjs";

const skip = missing() || false;
const FROM = "ann@example.net";
const DROP = "MALICIOUS,SUSPICIOUS,SPOOF";
const users = (function* names() { for (let n = 1; ; n++) yield `user${n}`; })();

let dir, server, p;
before(async () => {
	if (skip) return;
	dir = mkdtempSync(path.join(os.tmpdir(), "postern-milter-"));
	chmodSync(dir, 0o755);
	const socket = path.join(dir, "milter");
	server = await MailServer.start("held.test free.test foreign.test sealed.example", { milter: `unix:${socket}`, settings: { myhostname: "mx.held.test" } });
	const transport = `[127.0.0.1]:${server.port}`;
	p = await Postern.start({
		settings: { milter: { listen: `unix:${socket}` }, smtp: { message_size: 1_000_000 }, scan: { timeout_s: 120 } },
		domains: [{ name: "held.test", drop: DROP, transport }, { name: "free.test", transport }, { name: "sealed.example", transport }, { name: "next.example" }],
	});
});
after(async () => {
	await p?.stop();
	await server?.stop();
	if (dir) rmSync(dir, { recursive: true, force: true });
});

const send = async (mail, to, options = {}) => outcome(await sendMail(server.port, { from: FROM, to: [to].flat(), mail: mail.raw, ...options }));
const box = (address) => server.inbox(address);
const delivered = (address, mail) => until(async () => (await box(address)).find((raw) => raw.includes(mail.id)), `${mail.id} in the mailbox of ${address}`, 20);
const statuses = (message) => [...message.delivery_status].sort();
const trace = async (message) => {
	const { result: { inbound, outbound } } = await p.get(`investigate/${message.postfix_id}/trace`);
	return [inbound, outbound].map(({ lines }) => lines.map((l) => l.message));
};
const rawOf = (message) => execFileSync(BINARY, ["quarantine", "show", "--config", p.config, "--data", p.data, message.postfix_id]);
// What Postfix, and we, put in front of the mail as it was sent.
const added = (got, mail) => {
	const text = addedHeaders(got, mail.raw);
	assert.ok(text !== null, `the end of this is not what was sent:\n${got.toString("latin1")}`);
	return text;
};
const postfixIs = (code) => until(async () => (await send(plain({ to: "probe@foreign.test" }), "probe@foreign.test")).code === code, `Postfix says ${code}`, 20);

test("clean mail is delivered with our fields", { skip }, async () => {
	const to = `${users.next().value}@held.test`;
	const mail = plain({ to });
	assert.equal((await send(mail, to)).code, 250);
	const text = added(await delivered(to, mail), mail);
	const message = await p.found(mail.id);
	assert.match(text, /^Authentication-Results: gw\.example\.test/m);
	assert.match(text, new RegExp(`^X-Postern-Processed: ${message.postfix_id}\r$`, "m"));
	assert.doesNotMatch(text, /Postern\) with/, "Received is Postfix's to write");
	assert.deepEqual(statuses(message), ["delivered"]);
	assert.equal(message.delivery_mode, "DIRECT");
	const [came, went] = await trace(message);
	assert.match(came[0], /^received from client\.example\.net \(127\.0\.0\.1\) by ESMTP and the mail server, as [0-9A-F]{6,}, \d+ bytes$/);
	assert.deepEqual(went, ["left to the mail server for 1 of 1 recipients"]);
});

test("a phish is held, dropped by Postfix, and released through it", { skip }, async () => {
	const to = `${users.next().value}@held.test`;
	const mail = lure({ to });
	assert.equal((await send(mail, to)).code, 250);
	const message = await p.found(mail.id);
	assert.deepEqual([message.is_quarantined, statuses(message)], [true, ["quarantined"]]);
	assert.deepEqual(rawOf(message), mail.raw);
	assert.deepEqual(await box(to), []);

	const { body: { result: [item] } } = await p.request("POST", "investigate/release", { body: { ids: [message.id] } });
	assert.deepEqual([item.delivered, item.failed, item.undelivered], [[to], [], []]);
	added(await delivered(to, mail), mail);
	const after = await p.find(mail.id);
	assert.ok(after.every((m) => !m.is_quarantined), "it comes through the milter once more, which lets it pass");
});

test("it is held for one of two recipients", { skip }, async () => {
	const name = users.next().value;
	const [held, free] = [`${name}@held.test`, `${name}@free.test`];
	const mail = lure({ to: held });
	assert.equal((await send(mail, [held, free])).code, 250);
	assert.match(added(await delivered(free, mail), mail), /^X-Postern-Disposition: MALICIOUS\r$/m);
	const message = await p.found(mail.id);
	assert.deepEqual(statuses(message), ["delivered", "quarantined"]);
	await wait(300);
	assert.deepEqual(await box(held), []);
});

test("others' recipients get it untouched, and do not lose it to ours", { skip }, async () => {
	const name = users.next().value;
	const [foreign, held] = [`${name}@foreign.test`, `${name}@held.test`];
	const alone = lure({ to: foreign }), both = lure({ to: held });
	assert.equal((await send(alone, foreign)).code, 250);
	assert.doesNotMatch(added(await delivered(foreign, alone), alone), /X-Postern/);
	assert.deepEqual(await p.find(alone.id), []);
	assert.equal((await send(both, [foreign, held])).code, 250);
	await delivered(foreign, both);
	assert.deepEqual(statuses(await p.found(both.id)), ["quarantined"]);
	assert.deepEqual(await box(held), []);
});

test("forged fields are taken out, others of the same name stay", { skip }, async () => {
	const to = `${users.next().value}@held.test`;
	const others = ["Authentication-Results: mx.example.org; spf=pass", "X-Other: 1"];
	const forged = ["X-Postern-Disposition: NONE", "Authentication-Results: gw.example.test; spf=pass", "x-postern-processed: 1", "X-Postern-Disposition: BULK\n\tfolded"];
	const mail = plain({ to, headers: [others[0], forged[0], forged[1], others[1], forged[2], forged[3]].map((l) => `${l}\n`).join("") });
	assert.equal((await send(mail, to)).code, 250);
	const got = (await delivered(to, mail)).toString("latin1");
	const header = got.slice(0, got.indexOf("\r\n\r\n"));
	assert.doesNotMatch(header, /X-Postern-Disposition|folded|processed: 1\r/);
	for (const field of others) assert.ok(header.includes(field), field);
	assert.equal(header.match(/^Authentication-Results: gw\.example\.test/mg).length, 1);
	assert.match(header, /^Authentication-Results: gw\.example\.test[^]*?X-Postern-Processed/m);
	assert.doesNotMatch(header, /gw\.example\.test; spf=pass/);
});

test("subject and text are changed where that is asked", { skip }, async () => {
	const SPAM = "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click here.\n";
	const admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "admin");
	const ask = async (method, where, body) => (await p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token: admin })).body.result;
	const to = `${users.next().value}@free.test`;
	const { id } = await ask("POST", "text_add_ons", { subject_labels: ["SPAM", "EXTERNAL"], body_labels: ["SPAM"], body_template_text: "Careful: %LABELS\nSecond line" });
	try {
		for (const headers of ["", "X-Postern-Disposition: NONE\nContent-Transfer-Encoding: 7bit\n"]) {
			const mail = plain({ to, subject: "Order now", body: SPAM, headers });
			assert.equal((await send(mail, to)).code, 250);
			const text = (await delivered(to, mail)).toString("latin1");
			assert.match(text, /^Subject: \[EXTERNAL SPAM\] Order now\r\n/m);
			assert.equal(text.match(/^Subject:/mg).length, 1);
			assert.match(text, /\r\n\r\nCareful: SPAM\r\nSecond line\r\n\r\nViagra.*\r\n$/);
			assert.doesNotMatch(text, /^X-Postern-Disposition: NONE/m);
			const [, went] = await trace(await p.found(mail.id));
			assert.ok(went.some((l) => l.includes('subject marked "[EXTERNAL SPAM]"')), `${went}`);

			// What was changed is not kept, and the mail that comes again is changed again.
			assert.equal((await send(mail, to)).code, 250);
			const both = await until(async () => (await box(to)).map(String).filter((raw) => raw.includes(mail.id)).length === 2 && box(to), "the second one", 20);
			assert.ok(both.map(String).filter((raw) => raw.includes(mail.id)).every((raw) => /^Subject: \[EXTERNAL SPAM\] Order now\r\n/m.test(raw) && raw.includes("Careful: SPAM")));
			assert.equal((await p.find(mail.id)).length, 1);
		}
	} finally {
		await ask("DELETE", `text_add_ons/${id}`);
	}
});

test("a text that cannot be changed is attached", { skip }, async () => {
	const admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "attacher");
	const ask = async (method, where, body) => (await p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token: admin })).body.result;
	const to = `${users.next().value}@free.test`;
	const { id } = await ask("POST", "text_add_ons", { body_labels: ["MALICIOUS", "SUSPICIOUS", "SPOOF", "SPAM"], body_template_text: "Careful" });
	try {
		const mail = plain({ to, subject: "Order now", body: "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click here.\n",
			headers: "Content-Type: text/plain;\n charset=utf-7\nX-Mark: x\nContent-Type: text/plain; charset=utf-7\n" });
		assert.equal((await send(mail, to)).code, 250);
		const text = (await delivered(to, mail)).toString("latin1"), [, went] = await trace(await p.found(mail.id));
		assert.ok(went.some((l) => l.includes("attached instead of shown")), `${went}`);
		assert.match(text, /^Content-Disposition: attachment; filename=message\.txt\r\n/m);
		assert.deepEqual(text.match(/^Content-Type: .*$/mg).map((l) => l.trim()), ["Content-Type: application/octet-stream", "Content-Type: application/octet-stream"]);
		assert.match(text, /\r\n\r\nViagra/);
	} finally {
		await ask("DELETE", `text_add_ons/${id}`);
	}
});

// What our own SMTP server says of the seal of a mail, to the next hop.
async function sealOf(raw) {
	const mark = p.sink.mails.length;
	assert.equal(outcome(await sendMail(p.smtpPort, { from: FROM, to: ["user@next.example"], mail: raw })).code, 250);
	return /\barc=(\w+)/.exec(p.sink.mails[mark].raw.toString("latin1"))?.[1];
}

test("the seal holds behind the mail server, of changed mail too", { skip }, async () => {
	const admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "sealer");
	const ask = async (method, where, body) => (await p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token: admin })).body.result;
	const key = await ask("POST", "signing_keys", { domain: "sealed.example" });
	p.dns.records[`${key.record_name} TXT`] = [key.record_value];
	await until(async () => (await ask("PATCH", `signing_keys/${key.id}`, { enabled: true }))?.enabled, "the key is used");
	const to = `${users.next().value}@sealed.example`;
	const { id } = await ask("POST", "text_add_ons", { subject_labels: ["EXTERNAL"], body_labels: ["EXTERNAL"], body_template_text: "Careful" });
	try {
		const changed = plain({ to, headers: "X-Postern-Disposition: NONE\n" });
		assert.equal((await send(changed, to)).code, 250);
		const raw = await delivered(to, changed);
		assert.match(raw.toString("latin1"), /\r\n\r\nCareful\r\n/);
		assert.equal(await sealOf(raw), "pass");
		assert.equal(await sealOf(Buffer.concat([raw, Buffer.from("more\r\n")])), "fail");
	} finally {
		await ask("DELETE", `text_add_ons/${id}`);
	}
	const mail = plain({ to });
	assert.equal((await send(mail, to)).code, 250);
	assert.equal(await sealOf(await delivered(to, mail)), "pass");
});

test("bytes reach the mailbox and the quarantine as they came", { skip }, async (t) => {
	const bodies = {
		"eight bits": Buffer.from("grüße \xff\xfe\r\n", "latin1"),
		"a NUL": Buffer.from("a\0b\r\n"),
		"a bare CR": Buffer.from("a\rb\r\n"), // of which Postfix makes a blank before anybody sees it
		"a long line": Buffer.from(`${"x".repeat(3000)}\r\n`),
		"dots": Buffer.from(".\r\n..two\r\n. \r\n"),
		"white space at the end": Buffer.from("end \t\r\n\r\n\r\n"),
	};
	// Postfix and Dovecot write some of it in their own way: so, mail that we have nothing to do with is the measure.
	const bodyOf = (raw) => raw.subarray(raw.indexOf("\r\n\r\n"));
	for (const [what, bytes] of Object.entries(bodies))
		await t.test(what, async () => {
			const name = users.next().value;
			const mail = plain(), held = lure();
			for (const one of [mail, held]) one.raw = Buffer.concat([one.raw, bytes]);
			for (const domain of ["foreign.test", "free.test"]) assert.equal((await send(mail, `${name}@${domain}`)).code, 250);
			const [without, by] = [await delivered(`${name}@foreign.test`, mail), await delivered(`${name}@free.test`, mail)];
			assert.deepEqual(bodyOf(by), bodyOf(without));
			assert.equal((await send(held, `${name}@held.test`)).code, 250);
			assert.deepEqual(rawOf(await p.found(held.id)), Buffer.from(held.raw.toString("latin1").replace(/\r(?!\n)/g, " "), "latin1"));
		});
});

test("the verdict is that of the same mail over SMTP", { skip }, async () => {
	for (const make of [plain, lure]) {
		const name = users.next().value;
		const mail = make({ to: `${name}@held.test` });
		assert.equal((await send(mail, `${name}@held.test`)).code, 250);
		await p.found(mail.id);
		assert.equal(outcome(await sendMail(p.smtpPort, { from: FROM, to: [`${name}2@held.test`], mail: mail.raw })).code, 250);
		const both = await until(async () => {
			const found = await p.find(mail.id);
			return found.length >= 2 && found;
		}, "both records");
		const told = both.map((m) => [m.final_disposition, m.findings.map((f) => [f.name, f.score, f.detail]), m.smtp_previous_hop_ip, m.validation]);
		for (const one of told) assert.deepEqual(one, told[0]);
	}
});

test("recipients of another class come in a mail of their own", { skip }, async () => {
	const other = p.cli("account", "add", "Other").trim().split("\n").at(-1);
	p.cli("domain", "add", "--account", other, "foreign.test", "--transport", `[127.0.0.1]:${server.port}`);
	const client = await Client.connect(server.port);
	await client.command("EHLO client.example.net");
	await client.command(`MAIL FROM:<${FROM}>`);
	assert.equal((await client.command("RCPT TO:<a@held.test>")).code, 250);
	const refused = await client.command("RCPT TO:<a@foreign.test>");
	assert.deepEqual([refused.code, /^4\.5\.3 /.test(refused.text)], [452, true], refused.text);
	assert.equal((await client.command("RCPT TO:<b@free.test>")).code, 250);
	await client.quit();
	p.cli("domain", "delete", "--account", other, "foreign.test");
});

test("mail larger than we take is refused", { skip }, async () => {
	const mail = plain({ body: `${"x".repeat(70)}\n`.repeat(20_000) });
	const reply = await send(mail, `${users.next().value}@held.test`);
	assert.deepEqual([reply.code, reply.text], [552, "5.3.4 the mail is larger than the gateway takes"]);
});

test("a sender or recipient that is none is refused", { skip }, async () => {
	const long = `${"x".repeat(300)}@example.net`, to = `${users.next().value}@held.test`;
	assert.equal((await send(plain(), to, { from: long })).code, 553);
	assert.equal((await send(plain(), `${"x".repeat(300)}@held.test`)).code, 553);
	assert.equal((await send(plain(), to, { from: "" })).code, 250);
});

// How the milter is written for us, and for Postfix.
const ways = {
	"by TCP": async () => { const port = await freePort(); return { listen: () => `inet:${port}@127.0.0.1`, milter: `inet:127.0.0.1:${port}` }; },
	"by IPv6": async () => { const port = await freePort(); return { listen: () => `inet6:${port}@::1`, milter: `inet:[::1]:${port}`, settings: { inet_protocols: "all" } }; },
	"below the chroot of Debian's Postfix": async () => ({ chroot: true, milter: "unix:/postern/milter", listen: (mta) => {
		mkdirSync(mta.file("postfix/queue/postern"), { mode: 0o755 });
		return `unix:${mta.file("postfix/queue/postern/milter")}`;
	} }),
};
for (const [name, way] of Object.entries(ways))
	test(`${name} it is the same`, { skip }, async (t) => {
		const { listen, milter, chroot, settings } = await way();
		const other = await MailServer.start("held.test", { milter, chroot, settings: { myhostname: "mx.held.test", ...settings } });
		let q;
		try {
			q = await Postern.start({ settings: { milter: { listen: listen(other) } }, domains: [{ name: "held.test", drop: DROP, transport: `[127.0.0.1]:${other.port}` }] });
			const to = `${users.next().value}@held.test`;
			for (const mail of [plain({ to }), lure({ to })]) {
				const began = performance.now();
				assert.equal(outcome(await sendMail(other.port, { from: FROM, to: [to], mail: mail.raw })).code, 250);
				t.diagnostic(`${Math.round(performance.now() - began)} ms`);
				assert.equal((await q.found(mail.id)).is_quarantined, mail.raw.includes("invoice"));
			}
		} finally {
			await q?.stop();
			await other.stop();
		}
	});

test("a reload loses no mail and needs no other socket", { skip }, async () => {
	const [old] = p.roles().milter;
	let going = true;
	const codes = [];
	const sender = (async () => {
		for (let n = 0; going; n++) codes.push((await send(plain({ to: "reload@free.test" }), "reload@free.test")).code);
	})();
	p.process.kill("SIGHUP");
	await until(() => p.roles().milter?.length === 1 && p.roles().milter[0] !== old, "another milter", 20);
	going = false;
	await sender;
	assert.ok(codes.length > 0 && codes.every((code) => code === 250), `${codes}`);
});

test("killed in the middle of a mail, it costs an answer and no mail", { skip }, async () => {
	const to = `${users.next().value}@held.test`;
	for (let round = 0; round < 6; round++) {
		const mails = Array.from({ length: 8 }, (_, n) => n % 2 ? lure({ to }) : plain({ to }));
		const sent = Promise.all(mails.map(async (mail) => {
			const codes = [];
			do codes.push((await send(mail, to)).code);
			while (codes.at(-1) >= 400 && codes.at(-1) < 500 && codes.length < 200 && await wait(50) === undefined);
			return codes.at(-1);
		}));
		await wait(10 * round);
		process.kill((await until(() => p.roles().milter, "a milter"))[0], "SIGKILL");
		assert.deepEqual([...new Set(await sent)], [250]);
		for (const [n, mail] of mails.entries())
			if (n % 2) assert.ok((await until(async () => (await p.find(mail.id)).length > 0 && p.find(mail.id), "its record")).every((m) => m.is_quarantined));
			else await delivered(to, mail);
	}
	assert.ok((await box(to)).every((raw) => !raw.includes("verify your password")), "no phish came through");
});

test("where no worker can be had, the sender comes again", { skip }, async () => {
	const [zygote] = p.roles().zygote;
	process.kill(zygote, "SIGSTOP");
	try {
		for (const pid of p.roles().scan ?? []) process.kill(pid, "SIGKILL");
		const reply = await send(plain(), `${users.next().value}@held.test`);
		assert.deepEqual([reply.code, reply.text], [451, "4.3.2 it cannot be scanned now, try again later"]);
	} finally {
		process.kill(zygote, "SIGCONT");
	}
	await until(async () => (await send(plain(), "again@free.test")).code === 250, "mail goes on", 30);
});

test("without a milter Postfix takes no mail", { skip }, async () => {
	await p.terminate();
	await postfixIs(451);
	await p.serve();
	await postfixIs(250);
});
