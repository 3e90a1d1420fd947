// Events are told: what happens to mail reaches webhooks and syslog servers, signed, once it is done, and nobody else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { lure, plain } from "./lib/mail.mjs";
import { Postern, until, wait, SLOW } from "./lib/postern.mjs";
import { Receiver, Syslog, signature } from "./lib/receivers.mjs";
import { sendMail } from "./lib/smtp.mjs";

let p, strict, admin, key, cert;
const stops = [];
const started = (it) => (stops.push(it), it);

async function ours(method, where, body, { server = p, token = admin, account = server.account } = {}) {
	return await server.ask(method, `/accounts/${account}/postern/notifications${where}`, { body, token });
}

async function made(body, options) {
	const answer = await ours("POST", "", body, options);
	assert.equal(answer.status, 201, answer.text);
	return answer.body.result;
}

const chief = (server) => server.secret("token", "add", "--account", server.account, "--scope", "admin", "chief");

async function send(mail, to = "user@held.test", server = p) {
	await sendMail(server.smtpPort, { from: "boss@example.org", to: [to], mail: mail.raw });
	return mail;
}

before(async () => {
	p = await Postern.start({
		settings: { notifications: { allow_private: true } },
		domains: [{ name: "held.test", drop: "MALICIOUS,SUSPICIOUS" }],
		records: { "hook.example A": ["127.0.0.1"] },
	});
	admin = chief(p);
	key = path.join(p.dir, "key.pem");
	cert = path.join(p.dir, "cert.pem");
	execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout", key,
		"-out", cert, "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1"], { stdio: "ignore" });
	[key, cert] = [readFileSync(key), readFileSync(cert)];
	// The lures below are one campaign: its report is written before anybody is told of anything.
	for (let i = 0; i < 5; i++) await send(lure({ to: "user@held.test" }));
	await until(async () => (await p.get("phishguard/reports")).result.length, "the report", 40);
});
after(async () => {
	for (const s of stops) await s.stop();
	await strict?.stop();
	await p?.stop();
});

test("a phish is told, signed, and what became of it", async () => {
	const r = started(await Receiver.start());
	const { id, secret } = await made({ kind: "webhook", url: r.url, comments: "SIEM" });
	const mail = await send(lure({ to: "user@held.test" }));
	await send(plain({ to: "user@held.test" })); // clean: nobody wants to know
	const message = await p.found(mail.id);
	const [event] = await until(() => r.about(mail.id).length && r.about(mail.id), "the event");
	const [request] = r.requests;

	assert.equal(request.method, "POST");
	assert.equal(request.url, "/events?from=postern");
	assert.equal(request.headers["content-type"], "application/json");
	assert.equal(request.headers["postern-event-id"], event.id);
	assert.equal(request.headers["postern-event-type"], "verdict");
	assert.equal(request.headers["postern-signature"], signature(secret, request));
	assert.ok(Math.abs(Number(request.headers["postern-timestamp"]) - Date.now() / 1000) < 60);

	assert.equal(event.type, "verdict");
	assert.equal(event.account_id, p.account);
	assert.equal(event.shortened, false);
	const { object } = event;
	for (const field of ["id", "alert_id", "postfix_id", "final_disposition", "subject", "from", "validation", "findings", "is_quarantined", "properties", "scanned_at"])
		assert.deepEqual(object[field], message[field], field);
	assert.equal(object.action, "QUARANTINED");
	assert.ok(object.findings.some((f) => f.reason.endsWith(".") || f.reason.length > 10));
	assert.equal(object.attachments[0].name, "invoice.pdf.exe");
	assert.match(object.attachments[0].sha256, /^[0-9a-f]{64}$/);
	assert.equal(object.attachments[0].content_type, "application/octet-stream");
	assert.equal(object.links.length, 1);
	assert.equal(object.sender_info.pld, "example.org");

	const answer = await p.request("POST", "investigate/release", { body: [message.id] });
	assert.deepEqual(answer.body.result[0].delivered, ["user@held.test"]);
	const release = await until(() => r.events.find((e) => e.type === "release"), "the release");
	assert.equal(release.object.id, message.id);
	assert.equal(release.object.requested_by, "token:tests");
	assert.equal(release.object.success, true);
	assert.deepEqual(release.object.recipients.map((x) => [x.address, x.status]), [["user@held.test", "delivered"]]);

	assert.equal(r.requests.length, 2);
	const state = await until(async () => { const s = (await ours("GET", `/${id}`)).body.result; return s.pending === 0 && s; }, "nothing waits");
	assert.ok(state.last_success_at);
	assert.deepEqual([state.last_failure_at, state.last_failure_reason, state.given_up], [null, null, 0]);
	assert.equal(state.secret, undefined);
	await ours("DELETE", `/${id}`);
});

test("a new secret signs from then on, also where a name leads", async () => {
	const r = started(await Receiver.start());
	const { id, secret } = await made({ kind: "webhook", url: `http://Hook.example:${r.port}/` });
	const rotated = (await ours("POST", `/${id}/rotate`)).body.result;
	assert.notEqual(rotated.secret, secret);
	assert.ok(rotated.rotated_at);
	const mail = await send(lure({ to: "user@held.test" }));
	await until(() => r.about(mail.id).length, "the event");
	assert.equal(r.requests[0].headers["postern-signature"], signature(rotated.secret, r.requests[0]));
	await ours("DELETE", `/${id}`);
});

test("who fails is told again: the same event, and others are not kept waiting", async () => {
	const dead = started(await Receiver.start({ answer: () => null }));
	const r = started(await Receiver.start({ answer: () => (r.requests.length ? 200 : 500) }));
	const other = started(await Receiver.start());
	const moved = started(await Receiver.start({ answer: () => 302 }));
	const ids = [];
	for (const { url } of [dead, r, other, moved]) ids.push((await made({ kind: "webhook", url })).id);
	const began = Date.now();
	const mail = await send(lure({ to: "user@held.test" }));
	await until(() => other.about(mail.id).length, "the event at the one that works");
	assert.ok(Date.now() - began < 4000 * SLOW, "not kept waiting");
	await until(() => r.requests.length, "the first try");
	const failed = await until(async () => { const s = (await ours("GET", `/${ids[1]}`)).body.result; return s.last_failure_at && s; }, "the failure");
	assert.equal(failed.last_failure_reason, "answered 500");
	assert.equal(failed.pending, 1);
	await until(() => r.about(mail.id).length, "the second try", 30);
	assert.equal(r.requests.length, 2);
	assert.equal(r.requests[0].headers["postern-event-id"], r.requests[1].headers["postern-event-id"]);
	assert.equal(r.requests[0].event.id, other.events[0].id);
	assert.ok(moved.requests.length && moved.requests.every(({ url }) => moved.url.endsWith(url)), "no redirect is followed");
	assert.match((await ours("GET", `/${ids[3]}`)).body.result.last_failure_reason, /^answered 302/);
	for (const id of ids) await ours("DELETE", `/${id}`);
});

test("an event that alone is refused does not hold up those behind it", async () => {
	const poison = lure({ to: "user@held.test" });
	const r = started(await Receiver.start({ answer: ({ event }) => (event.object.message_id === poison.id ? 413 : 200) }));
	const { id } = await made({ kind: "webhook", url: r.url });
	await send(poison);
	await until(() => r.requests.length, "the refusal");
	const mail = await send(lure({ to: "user@held.test" }));
	await until(() => r.about(mail.id).length, "the one behind it", 4);
	assert.equal((await ours("GET", `/${id}`)).body.result.last_failure_reason, "answered 413");
	await ours("DELETE", `/${id}`);
});

test("only what was asked for; nothing of another account", async () => {
	const account = p.cli("account", "add", "Other").trim().split("\n").at(-1);
	const token = p.secret("token", "add", "--account", account, "--scope", "admin", "other");
	const all = started(await Receiver.start());
	const releases = started(await Receiver.start());
	const clean = started(await Receiver.start());
	const off = started(await Receiver.start());
	const stranger = started(await Receiver.start());
	const ids = [
		await made({ kind: "webhook", url: all.url }),
		await made({ kind: "webhook", url: releases.url, events: ["release"] }),
		await made({ kind: "webhook", url: clean.url, dispositions: ["NONE"] }),
		await made({ kind: "webhook", url: off.url, enabled: false }),
	];
	await made({ kind: "webhook", url: stranger.url, dispositions: ["NONE", "MALICIOUS", "SUSPICIOUS"] }, { account, token });
	const mails = [await send(lure({ to: "user@held.test" })), await send(plain({ to: "user@held.test" }))];
	await until(() => all.about(mails[0].id).length && clean.about(mails[1].id).length, "the events");
	await wait(1000);
	assert.deepEqual([all, releases, clean, off, stranger].map((r) => r.requests.length), [1, 0, 1, 0, 0]);
	assert.equal((await ours("GET", `/${ids[0].id}`, undefined, { token, account })).status, 404);
	for (const { id } of ids) await ours("DELETE", `/${id}`);
});

test("a courier that is killed at it loses nothing", async () => {
	const r = started(await Receiver.start());
	const { id } = await made({ kind: "webhook", url: r.url });
	const mails = [];
	for (let i = 0; i < 30; i++) {
		mails.push(await send(lure({ to: "user@held.test" })));
		if (i % 10 !== 5) continue;
		const pids = await until(() => p.roles().courier, "a courier that was started again");
		for (const pid of pids) process.kill(pid, "SIGKILL");
	}
	await until(() => mails.every((m) => r.about(m.id).length), "all events", 90);
	for (const m of mails) assert.equal(new Set(r.about(m.id).map((e) => e.id)).size, 1);
	await ours("DELETE", `/${id}`);
});

test("syslog over UDP and TCP: a hostile subject stays inside its message", async () => {
	const subject = 'x"\\\r\n\t<34>1 2026-01-01T00:00:00Z evil su - - - broken in';
	const encoded = `=?utf-8?B?${Buffer.from(subject + "\u2028\u0000 end").toString("base64")}?=`;
	for (const transport of ["UDP", "TCP"]) {
		const s = started(await Syslog.start(transport));
		const { id } = await made({ kind: "syslog", server: s.address, transport });
		const mail = await send(lure({ to: "user@held.test", subject: encoded }));
		await until(() => s.messages.length, `the message by ${transport}`);
		assert.equal(s.messages.length, 1);
		const match = /^<21>1 (\S+) gw\.example\.test postern - verdict - (\{[^\x00-\x1f]*\})$/.exec(s.messages[0]);
		assert.ok(match, s.messages[0]);
		assert.match(match[1], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
		const event = JSON.parse(match[2]);
		assert.equal(event.object.message_id, mail.id);
		assert.equal(event.object.subject, (await p.found(mail.id)).subject);
		await ours("DELETE", `/${id}`);
	}
});

test("what is too long for a datagram is told without its lists", async () => {
	const s = started(await Syslog.start("UDP"));
	const { id } = await made({ kind: "syslog", server: s.address, transport: "UDP" });
	const links = Array.from({ length: 90 }, (_, i) => `<a href="http://203.0.113.7/${i}${"x".repeat(200)}">https://www.example.com/secure</a>\n`);
	const mail = await send(lure({ to: "user@held.test", headers: "Reply-To: collect@mailbox.example.info\nContent-Type: text/html\n",
		body: `<p>Your account is suspended. Verify your password within 24 hours:</p>${links.join("")}` }));
	await until(() => s.messages.length, "the message");
	const event = JSON.parse(s.messages[0].slice(s.messages[0].indexOf("{")));
	assert.equal(event.object.message_id, mail.id);
	assert.equal(event.shortened, true);
	assert.deepEqual(event.object.links, []);
	await ours("DELETE", `/${id}`);
});

test("an invalid submission is told with its reason", async () => {
	const r = started(await Receiver.start());
	const { id } = await made({ kind: "webhook", url: r.url, events: ["submission"] });
	const address = p.cli("address", "add", "--account", p.account, "held.test", "--purpose", "user_report", "--disposition", "SPAM").trim().split("\n").at(-1);
	await send(plain({ subject: "Nothing is attached" }), address);
	const [event] = await until(() => r.events.length && r.events, "the event");
	assert.deepEqual([event.type, event.object.status, event.object.outcome, event.object.subject], ["submission", "Invalid", "no_eml", "Nothing is attached"]);
	await ours("DELETE", `/${id}`);
});

test("private addresses are not told unless the operator says so, whatever a name leads to", async () => {
	const r = started(await Receiver.start());
	strict = await Postern.start({
		domains: [{ name: "held.test", drop: "MALICIOUS,SUSPICIOUS" }],
		records: { "inside.example A": ["127.0.0.1"] },
	});
	const token = chief(strict);
	const options = { server: strict, token };
	for (const url of [r.url, "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/", "https://2130706433/", "https://0x7f.1/"])
		assert.equal((await ours("POST", "", { kind: "webhook", url }, options)).status, 400, url);
	const hook = await made({ kind: "webhook", url: `https://inside.example:${r.port}/` }, options);
	const syslog = await made({ kind: "syslog", server: `inside.example:${r.port}`, transport: "TCP" }, options);
	await send(lure({ to: "user@held.test" }), "user@held.test", strict);
	for (const { id } of [hook, syslog]) {
		const state = await until(async () => { const s = (await ours("GET", `/${id}`, undefined, options)).body.result; return s.last_failure_at && s; }, "the refusal");
		assert.match(state.last_failure_reason, /leads to 127\.0\.0\.1, which is a private or special address/);
	}
	assert.equal(r.requests.length, 0);
});

test("only who can prove to be the receiver is told over TLS", async () => {
	const file = path.join(p.dir, "cert.pem");
	const good = started(await Receiver.start({ key, cert }));
	const log = started(await Syslog.start("TLS", { key, cert }));
	const ids = [await made({ kind: "webhook", url: good.url }), await made({ kind: "syslog", server: log.address })].map((x) => x.id);
	assert.equal((await ours("GET", `/${ids[1]}`)).body.result.transport, "TLS");
	const mail = await send(lure({ to: "user@held.test" }));
	for (const id of ids) {
		const state = await until(async () => { const s = (await ours("GET", `/${id}`)).body.result; return s.last_failure_at && s; }, "the refusal");
		assert.match(state.last_failure_reason, /self-signed certificate/i);
	}
	assert.deepEqual([good.requests.length, log.messages.length], [0, 0]);
	// With the authority it is another matter, and nothing was lost meanwhile.
	p.settings = { ...p.settings, notifications: { allow_private: true, authorities: file } };
	p.writeConfig();
	await p.terminate();
	await p.serve();
	for (const id of ids) await ours("PATCH", `/${id}`, { comments: "mended" });
	await until(() => good.about(mail.id).length && log.messages.length, "the events", 30);
	p.settings.notifications.authorities = path.join(p.dir, "key.pem");
	p.writeConfig();
	const check = p.tryCli("check-config");
	assert.notEqual(check.status, 0);
	assert.match(check.stderr, /notifications\.authorities: .*key\.pem: no certificate of an authority/);
});
