// What is changed in mail that goes on: texts, subjects and links, by account, domain and disposition; what is left whole; what comes
// again; and the page that rewritten links lead to.
import assert from "node:assert/strict";
import { test, before, beforeEach, after } from "node:test";
import { Postern, until } from "./lib/postern.mjs";
import { crlf, lure, plain } from "./lib/mail.mjs";
import { outcome, sendMail, Client } from "./lib/smtp.mjs";

const CLICK = "https://click.example";
const SPAM = "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click here.\n";
const TARGET = "https://shop.example/pills?id=1";
let p, admin, unset;
before(async () => {
	p = await Postern.start({ settings: { http: { click_url: CLICK } }, domains: [{ name: "example.test" }, { name: "own.test" }, { name: "other.test" }] });
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "admin");
});
after(async () => {
	await p?.stop();
	await unset?.stop();
});

const ask = (method, where, body, token = admin) => p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token });
async function make(collection, body) {
	const answer = await ask("POST", collection, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body.result;
}
async function rewrite(...dispositions) {
	for (const disposition of dispositions) await make("link_actions", { disposition, action: "REWRITE" });
}
async function drop(collection) {
	for (const { id } of (await ask("GET", collection)).body.result) assert.equal((await ask("DELETE", `${collection}/${id}`)).status, 200);
}
async function reset() {
	for (const collection of ["text_add_ons", "link_actions"]) await drop(collection);
}

beforeEach(reset);

// The mail as its recipient gets it, from its own first field on.
const received = (sent, mail) => sent.raw.toString("latin1").slice(sent.raw.toString("latin1").indexOf(mail.raw.toString("latin1").slice(0, 20)));
async function passed(mail, { to = "user@example.test", from = "ann@example.net" } = {}) {
	assert.equal(outcome(await sendMail(p.smtpPort, { from, to: [to].flat(), mail: mail.raw })).code, 250);
	const sent = p.sink.mails.find((m) => m.raw.includes(mail.id));
	assert.ok(sent, "it was passed on");
	return received(sent, mail);
}
const spam = (options) => plain({ subject: "Order now", body: `${SPAM}\nBuy at ${TARGET} today.\n`, ...options });
const html = (body, headers = "") => plain({ subject: "Order now", headers: `Content-Type: text/html; charset=utf-8\n${headers}`, body });
const asSent = (mail) => mail.raw.toString("latin1");
// The tokens of the links in a text.
const links = (text) => [...text.matchAll(/https:\/\/click\.example\/v1\/([\w.-]+)/g)].map((m) => m[1].replace(/\.$/, ""));

async function page(token, method = "GET", end = "") {
	const answer = await fetch(`http://127.0.0.1:${p.httpPort}/v1/${token}${end}`, { method, redirect: "manual" });
	return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
const message = async (mail) => await p.found(mail.id);
const trace = async (mail) => {
	const { result } = await p.get(`investigate/${(await message(mail)).id}/trace`);
	return [...result.inbound.lines, ...result.outbound.lines].map((l) => l.message);
};

test("nothing is changed until somebody asks for it", async () => {
	for (const mail of [spam(), plain()]) assert.equal(await passed(mail), asSent(mail));
});

test("only admins set it, and nothing that could break out of a mail", async () => {
	assert.equal((await ask("POST", "text_add_ons", {}, p.token)).status, 403);
	assert.equal((await ask("GET", "link_actions", undefined, p.token)).status, 403);
	for (const [collection, body, field] of [
		["text_add_ons", { subject_template: "a\r\nBcc: b@example.net" }, "subject_template"],
		["text_add_ons", { subject_template: "[%REASONS]" }, "subject_template"],
		["text_add_ons", { label_spam: "a\nb" }, "label_spam"],
		["text_add_ons", { body_template_text: "a\u0000" }, "body_template_text"],
		["text_add_ons", { body_template_html: "x".repeat(8001) }, "body_template_html"],
		["text_add_ons", { subject_labels: ["NONE"] }, "subject_labels"],
		["text_add_ons", { domain: "not a domain" }, "domain"],
		["link_actions", { disposition: "SPAM" }, "action"],
		["link_actions", { disposition: "UNKNOWN", action: "DEFANG" }, "disposition"],
		["link_actions", { domain: "a..b", disposition: "SPAM", action: "DEFANG" }, "domain"],
	]) {
		const answer = await ask("POST", collection, body);
		assert.equal(answer.status, 400, `${JSON.stringify(body)}: ${answer.text}`);
		assert.ok(answer.text.includes(`/${field}`), answer.text);
	}
	await make("text_add_ons", {});
	assert.equal((await ask("POST", "text_add_ons", {})).status, 409);
	await make("link_actions", { disposition: "SPAM", action: "NONE" });
	assert.equal((await ask("POST", "link_actions", { disposition: "SPAM", action: "DEFANG" })).status, 409);
	assert.equal(await passed(plain()).then((t) => /\[/.test(t)), false);
});

test("the next mail has its labels, in its subject and at its beginning", async () => {
	const made = await make("text_add_ons", { subject_labels: ["SPAM", "EXTERNAL"], body_labels: ["SPAM"], body_template_text: "Careful: %LABELS (%THREATS)\nSecond line", body_template_html: "<p>Careful: %LABELS</p>" });
	const mail = spam();
	const text = await passed(mail);
	assert.match(text, /^Subject: \[EXTERNAL SPAM\] Order now\r\n/m);
	assert.match(text, /\r\n\r\nCareful: SPAM \([^\r\n]+\)\r\nSecond line\r\n\r\nViagra/);
	assert.ok((await trace(mail)).some((l) => l.includes('subject marked "[EXTERNAL SPAM]"')));
	assert.match(await passed(html(`<html><body class=x>${SPAM}</body></html>\n`)), /<body class=x><p>Careful: SPAM<\/p>Viagra/);
	const clean = await passed(plain());
	assert.match(clean, /^Subject: \[EXTERNAL\] Minutes/m);
	assert.ok(!clean.includes("Careful"));
	assert.equal((await ask("PATCH", `text_add_ons/${made.id}`, { subject_labels: [], label_spam: "Werbung" })).status, 200);
	const changed = await passed(spam());
	assert.match(changed, /^Subject: Order now\r\n/m);
	assert.match(changed, /Careful: Werbung \(/);
});

test("a domain may have its own, and its mail is then one by itself", async () => {
	await make("text_add_ons", { subject_labels: ["SPAM"] });
	await make("text_add_ons", { domain: "OWN.test", subject_labels: ["SPAM"], subject_template: "Own: " });
	await make("link_actions", { disposition: "SPAM", action: "DEFANG" });
	await make("link_actions", { domain: "own.test", disposition: "SPAM", action: "NONE" });
	const own = await passed(spam(), { to: "a@own.test" });
	assert.match(own, /^Subject: Own: Order now/m);
	assert.ok(own.includes(TARGET));
	const both = spam();
	const all = await passed(both, { to: ["a@example.test", "b@other.test"] });
	assert.match(all, /^Subject: \[SPAM\] Order now/m);
	assert.ok(all.includes("https[:]//shop[.]example/pills?id=1"));
	const client = await Client.connect(p.smtpPort);
	await client.command("EHLO client.example.net");
	const result = await client.send({ from: "ann@example.net", to: ["a@example.test", "a@own.test"], mail: spam().raw });
	client.close();
	assert.equal(result.rcpt[0].code, 250);
	assert.equal(result.rcpt[1].code, 452);
});

// A detached signature: nobody here knows whose the key is.
const CMS = "MIHBBgkqhkiG9w0BBwKggbMwgbACAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMYGOMIGLAgEBMCQwDDEKMAgGA1UEAwwBYQIUYjUutNNxSyulvIZ33R7gwGUYg9MwCwYJYIZIAWUDBAIBMAoGCCqGSM49BAMCBEcwRQIhAKDVmuyoBtRHa6hpboORnZwmvkYfUNzDHfV/IDvmZvkCAiAKlpZwaHrWu1ixawoRp8A1GkQbwaQ4at699vqKKfUL0w==";
const signed = (signature) => plain({ subject: "Order now", headers: 'Content-Type: multipart/signed; micalg=sha-256; protocol="application/pkcs7-signature"; boundary="s"\n',
	body: `--s\nContent-Type: text/plain\n\n${SPAM}${TARGET}\n--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\n${signature}\n--s--\n` });
const clearsigned = (packet) => `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${SPAM}${TARGET}\n-----BEGIN PGP SIGNATURE-----\n\n${packet}AzBAABCAAdFiEEq2vOGVp0lQ0u1dZ2m8jJ5lZ0kQ0FAmVnAAAKCRCbyMnmVnSRDQ\n=abcd\n-----END PGP SIGNATURE-----\n`;

test("signed mail goes on with not a byte changed, and the trace says so; what is only said to be signed does not", async () => {
	await make("text_add_ons", { subject_labels: ["SPAM", "EXTERNAL"], body_labels: ["EXTERNAL"] });
	await make("link_actions", { disposition: "SPAM", action: "DEFANG" });
	const mail = signed(CMS);
	assert.equal(await passed(mail), asSent(mail));
	assert.ok((await trace(mail)).some((l) => l.includes("left whole: it is signed")));
	const pretended = await passed(signed("AAAA"));
	assert.match(pretended, /^Subject: \[EXTERNAL SPAM\] Order now\r\n/m);
	assert.ok(!pretended.includes(TARGET));

	const pgp = await passed(plain({ body: clearsigned("i") }));
	assert.ok(pgp.includes(crlf(clearsigned("i"))) && pgp.includes("EXTERNAL"), "what is signed is as it was, and our words stand in front of it");
	assert.ok(!(await passed(plain({ body: clearsigned("A") }))).includes(TARGET));
});

test("a text of bad mail that cannot be changed is a file", async () => {
	for (const disposition of ["NONE", "SPAM", "SUSPICIOUS"]) await make("link_actions", { disposition, action: "DEFANG" });
	const mail = plain({ subject: "Order now", headers: "Content-Type: multipart/mixed; boundary=m\n",
		body: `--m\n\n${SPAM}\nBuy at ${TARGET} today.\n--m\nContent-Type: text/html\nContent-Transfer-Encoding: x-odd\n\n<a href="${TARGET}">x</a>\n--m--\n` });
	const text = await passed(mail);
	assert.match(text, /^Content-Disposition: attachment; filename=message\.html\r\n/m, `${await trace(mail)}`);
	assert.doesNotMatch(text, /text\/html/);
	assert.ok((await trace(mail)).some((l) => l.includes("attached instead of shown: its transfer encoding")));
});

test("the next hop is told of a size that holds what is put in", async () => {
	await rewrite("NONE", "BULK", "SPAM", "SUSPICIOUS", "MALICIOUS");
	const mail = plain({ body: Array.from({ length: 1500 }, (_, i) => `https://shop.example/pills?id=${i}\n`).join("") });
	const client = await Client.connect(p.smtpPort);
	await client.command("EHLO client.example.net");
	assert.equal((await client.send({ from: "ann@example.net", to: ["user@example.test"], mail: mail.raw, params: ` SIZE=${mail.raw.length}` })).end.code, 250);
	client.close();
	const got = p.sink.mails.find((m) => m.raw.includes(mail.id));
	assert.ok(got.raw.length > mail.raw.length + 100_000, `${got.raw.length} bytes: ${await trace(mail)}`);
	assert.ok(Number(/ SIZE=(\d+)/.exec(got.mailLine)[1]) >= got.raw.length, `${got.mailLine}, ${got.raw.length} bytes`);
});

test("links are rewritten but for those that a pattern lets off; who is trusted keeps his", async () => {
	await rewrite("NONE", "SPAM", "SUSPICIOUS");
	const pattern = await p.request("POST", "settings/url_ignore_patterns", { body: { pattern: "https://intra\\.example/.*" } });
	assert.equal(pattern.status, 201);
	const text = await passed(html(`<p>The minutes are <a href="${TARGET}&amp;x">here</a> <a href=https://intra.example/wiki>wiki</a> <a href="mailto:a@b.example">m</a></p>\n`));
	assert.equal(links(text).length, 1, text);
	assert.ok(!text.includes("shop.example"));
	assert.ok(text.includes(">here</a> <a href=https://intra.example/wiki>") && text.includes("mailto:a@b.example"));
	const many = plain({ body: "See https://one.example/ and https://two.example/.\n" });
	assert.equal(links(await passed(many)).length, 2);
	assert.ok((await trace(many)).some((l) => l.includes("links rewritten: 2")));
	const trusted = await p.request("POST", "settings/allow_policies", { body: { pattern: "example.net", pattern_type: "DOMAIN", is_regex: false, is_trusted_sender: true, is_acceptable_sender: false, is_exempt_recipient: false, verify_sender: false } });
	assert.equal(trusted.status, 201);
	const whole = plain({ body: "See https://one.example/\n" });
	assert.equal(await passed(whole), asSent(whole));
	await p.request("DELETE", `settings/allow_policies/${trusted.body.result.id}`);
	await p.request("DELETE", `settings/url_ignore_patterns/${pattern.body.result.id}`);
});

test("a mail that comes again is changed as it was, whatever was set since", async () => {
	const made = await make("text_add_ons", { subject_labels: ["SPAM"], body_labels: ["SPAM"] });
	await make("link_actions", { disposition: "SPAM", action: "REWRITE" });
	const tries = [];
	p.sink.behave.end = (mail) => {
		tries.push(mail);
		return tries.length === 1 ? "451 4.3.0 later" : "250 2.0.0 Ok";
	};
	const mail = spam();
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: ["user@example.test"], mail: mail.raw })).code, 451);
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: ["user@example.test"], mail: mail.raw })).code, 250);
	p.sink.behave.end = undefined;
	assert.equal(tries.length, 2);
	assert.equal(received(tries[1], mail), received(tries[0], mail));
	assert.equal(links(received(tries[0], mail)).length, 1);
	assert.match(tries[0].raw.toString(), /^Subject: \[SPAM\]/m);
	// One more time: it was passed on, and is not again.
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: ["user@example.test"], mail: mail.raw })).code, 250);
	assert.equal(p.sink.mails.filter((m) => m.raw.includes(mail.id)).length, 1);
	// Where policies changed in between it is judged anew, by the same id, so its links lead to the same message.
	tries.length = 0;
	p.sink.behave.end = (m) => {
		tries.push(m);
		return tries.length === 1 ? "451 4.3.0 later" : "250 2.0.0 Ok";
	};
	const other = spam();
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: ["user@example.test"], mail: other.raw })).code, 451);
	await ask("PATCH", `text_add_ons/${made.id}`, { subject_template: "New: " });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: ["user@example.test"], mail: other.raw })).code, 250);
	p.sink.behave.end = undefined;
	assert.match(tries[1].raw.toString(), /^Subject: New: /m);
	assert.deepEqual(links(received(tries[1], other)), links(received(tries[0], other)));
	assert.match((await page(links(received(tries[1], other))[0])).text, /unwanted mail/);
});

test("the page says where a link leads and why it asks, and is no way to anywhere else", async () => {
	await rewrite("SPAM", "SUSPICIOUS");
	const mail = spam({ body: `${SPAM}\nhttps://www.bank.example@evil.example/"><script>alert(1)</script>\n` });
	const [token] = links(await passed(mail));
	const shown = await page(token);
	assert.equal(shown.status, 200);
	assert.match(shown.headers.get("content-type"), /^text\/html/);
	assert.match(shown.headers.get("content-security-policy"), /default-src 'none'/);
	assert.equal(shown.headers.get("referrer-policy"), "no-referrer");
	assert.match(shown.text, /<p class="host">evil\.example<\/p>/);
	assert.match(shown.text, /Be careful with this link/);
	assert.match(shown.text, /written so that it may be misread/);
	assert.ok(shown.text.includes("Go on to this address") && shown.text.includes("Report this message"));
	assert.ok(!shown.text.includes("<script") && !/alert\(1\)<\/script/.test(shown.text));
	assert.ok(shown.text.includes((await message(mail)).detection_reasons[0].slice(0, 30).replace(/&/g, "&#38;")));
	await page(token);
	await page(token, "HEAD");
	const lines = await trace(mail);
	assert.ok(lines.some((l) => l.includes("link 1 was asked for from 127.0.0.1, time 2 of this mail: the reader could go on")), lines.join("\n"));
	assert.ok(!lines.some((l) => l.includes("time 3")));
	// Changed, cut, of another mail, made by somebody else
	const [payload, mac] = token.split(".");
	const forged = Buffer.from(Buffer.from(payload, "base64url").toString().replace("bank.example", "evil.example")).toString("base64url");
	for (const bad of [`${forged}.${mac}`, payload, `${payload}.`, `.${mac}`, token.slice(0, -1), `${token}A`, `${payload}.${Buffer.alloc(32).toString("base64url")}`, "x", `${token}%3D`]) {
		const answer = await page(bad);
		assert.equal(answer.status, 404, bad);
		assert.ok(!answer.text.includes("href=") && !answer.text.includes("evil.example"), bad);
	}
	assert.equal((await page(token, "POST")).status, 405);
});

test("the page goes by what is known now: reclassified, blocked, forgotten", async () => {
	await make("link_actions", { disposition: "SPAM", action: "REWRITE" });
	const mail = spam({ body: `${SPAM}\nhttps://login.shop.example/a and https://fine.example/b\n` });
	const [shop, fine] = links(await passed(mail));
	assert.match((await page(shop)).text, /Go on/);
	const rule = await p.request("POST", "settings/block_senders", { body: { pattern: "shop.example", pattern_type: "DOMAIN", is_regex: false } });
	const blocked = await page(shop);
	assert.ok(/block list/.test(blocked.text) && !/Go on|href=/.test(blocked.text));
	assert.ok(blocked.text.includes("https[:]//login[.]shop[.]example/a"));
	assert.match((await page(fine)).text, /Go on/);
	await p.request("DELETE", `settings/block_senders/${rule.body.result.id}`);
	const { id } = await message(mail);
	assert.equal((await p.request("POST", `investigate/${id}/reclassify`, { body: { expected_disposition: "MALICIOUS" } })).status, 202);
	await until(async () => (await message(mail)).final_disposition === "MALICIOUS", "it is reclassified");
	const bad = await page(fine);
	assert.ok(/malicious/.test(bad.text) && !/Go on|href=/.test(bad.text));
});

test("a report from the page is a user's submission, once for each mail", async () => {
	await make("link_actions", { disposition: "SPAM", action: "REWRITE" });
	const mail = spam();
	const [token] = links(await passed(mail));
	const sent = await page(token, "POST", "/report");
	assert.equal(sent.status, 200);
	assert.match(sent.text, /Thank you/);
	await page(token, "POST", "/report");
	assert.equal((await page("x", "POST", "/report")).status, 404);
	const { postfix_id } = await message(mail);
	const { result } = await p.get("submissions", { type: "User" });
	const mine = result.filter((s) => s.original_postfix_id === postfix_id);
	assert.equal(mine.length, 1);
	assert.equal(mine[0].requested_disposition, "MALICIOUS");
	assert.equal(mine[0].requested_by, `link:${postfix_id}`);
});

test("malicious mail that a domain lets pass has no link to go on to", async () => {
	await make("link_actions", { disposition: "MALICIOUS", action: "REWRITE" });
	const mail = lure();
	const [token] = links(await passed(mail, { from: "security@login.example.org" }));
	const shown = await page(token);
	assert.ok(/not opened/.test(shown.text) && !/Go on/.test(shown.text), shown.text);
});

test("without http.click_url nothing can be rewritten", async () => {
	unset = await Postern.start();
	const token = unset.secret("token", "add", "--account", unset.account, "--scope", "admin", "admin");
	const answer = await unset.ask("POST", `/accounts/${unset.account}/postern/link_actions`, { token, body: { disposition: "SPAM", action: "REWRITE" } });
	assert.equal(answer.status, 400);
	assert.match(answer.text, /http\.click_url/);
	const fine = await unset.ask("POST", `/accounts/${unset.account}/postern/link_actions`, { token, body: { disposition: "SPAM", action: "DEFANG" } });
	assert.equal(fine.status, 201);
	for (const bad of ["ftp://x.example", "https://x.example/", "https://", "https://x.example/?a", 'https://x.example/"'])
		assert.notEqual(unset.tryCli("check-config").status, unset.tryCli("check-config", "--http.click_url", bad).status ?? 0, bad);
});
