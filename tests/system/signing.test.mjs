// Keys of domains: made, kept and shown; mail that is passed on is sealed with them, and signed where it was changed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

let p, admin;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "home.example" }, { name: "bare.example" }, { name: "ed.example" }],
		// Names that resolvers ask others for: they keep "test" to themselves.
		records: { "other.example TXT": ["v=spf1 +all"], "sender.example TXT": ["v=spf1 +all"], "_dmarc.sender.example TXT": ["v=DMARC1; p=none"] },
	});
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "chief");
});
after(() => p?.stop());

const ours = (method, where, body) => p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token: admin });

async function make(body) {
	const answer = await ours("POST", "signing_keys", body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body.result;
}

function publish(key) {
	p.dns.records[`${key.record_name} TXT`] = [key.record_value];
}

// Sends a mail and gives what the next hop got.
async function relay(raw, to = "user@home.example") {
	const before = p.sink.mails.length;
	const reply = outcome(await sendMail(p.smtpPort, { from: "news@sender.example", to, mail: raw }));
	assert.equal(reply.code, 250, reply.text);
	assert.equal(p.sink.mails.length, before + 1);
	return p.sink.mails.at(-1).raw;
}

// Values of the fields of that name, unfolded, the topmost first.
function fieldsOf(raw, name) {
	const head = raw.toString("latin1").split(/\r\n\r\n/)[0].replace(/\r\n[ \t]+/g, " ");
	return head.split("\r\n").filter((l) => l.toLowerCase().startsWith(`${name.toLowerCase()}:`)).map((l) => l.slice(name.length + 1).trim());
}
const resultsOf = (raw) => fieldsOf(raw, "Authentication-Results")[0];
const mail = (options = {}) => plain({ from: "News <news@sender.example>", to: "user@home.example", ...options }).raw;

test("mail for a domain without a key is passed on without a seal", async () => {
	const raw = await relay(mail());
	assert.deepEqual([...fieldsOf(raw, "ARC-Seal"), ...fieldsOf(raw, "DKIM-Signature")], []);
});

test("a key is made with its record, and its private half is shown to nobody", async () => {
	const key = await make({ domain: "Home.EXAMPLE" });
	assert.deepEqual([key.domain, key.algorithm, key.enabled, key.sign_changed], ["home.example", "rsa-sha256", false, false]);
	assert.match(key.selector, /^rsa\d{8}$/);
	assert.equal(key.record_name, `${key.selector}._domainkey.home.example`);
	assert.match(key.record_value, /^v=DKIM1; k=rsa; p=MII[A-Za-z0-9+/]{380,}=*$/);
	assert.ok(!("private_key" in key));
	for (const where of ["signing_keys", `signing_keys/${key.id}`, "audit"])
		assert.doesNotMatch((await ours("GET", where)).text, /PRIVATE KEY|"private_key"/);
	const database = ["messages.db", "messages.db-wal"].map((f) => { try { return readFileSync(path.join(p.data, f), "latin1"); } catch { return ""; } }).join("");
	assert.ok(database.includes(key.record_name) && !database.includes("PRIVATE KEY"), "it is encrypted where it lies");
	assert.equal((await ours("POST", "signing_keys", { domain: "home.example", selector: key.selector })).status, 409);
});

test("what is no key is refused by a sentence that names the field", async () => {
	const pem = (type, options) => generateKeyPairSync(type, { ...options, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } }).privateKey;
	const ed25519 = pem("ed25519");
	for (const [field, body] of [
		["domain", { domain: "not a domain" }],
		["selector", { domain: "x.test", selector: "a.b" }],
		["selector", { domain: "x.test", selector: "" }],
		["algorithm", { domain: "x.test", algorithm: "rsa-sha1" }],
		["private_key", { domain: "x.test", private_key: "no PEM" }],
		["private_key", { domain: "x.test", private_key: pem("rsa", { modulusLength: 512 }) }],
		["private_key", { domain: "x.test", private_key: pem("ec", { namedCurve: "P-256" }) }],
		["private_key", { domain: "x.test", algorithm: "rsa-sha256", private_key: ed25519 }],
	]) {
		const answer = await ours("POST", "signing_keys", body);
		assert.equal(answer.status, 400, answer.text);
		assert.ok(answer.body.errors.some((e) => e.source.pointer === `/${field}`), answer.text);
	}
	const given = await make({ domain: "given.test", private_key: ed25519 });
	assert.equal(given.algorithm, "ed25519-sha256");
	assert.equal((await ours("PATCH", `signing_keys/${given.id}`, { private_key: ed25519 })).body.result?.record_value ?? given.record_value, given.record_value);
	assert.equal((await ours("DELETE", `signing_keys/${given.id}`)).status, 200);
});

test("mail is sealed once the key is enabled, and the next hop's chain goes on from there", async () => {
	const [key] = (await ours("GET", "signing_keys?domain=home.example")).body.result;
	assert.deepEqual(fieldsOf(await relay(mail()), "ARC-Seal"), [], "not yet");
	publish(key);
	assert.equal((await ours("PATCH", `signing_keys/${key.id}`, { enabled: true })).status, 200);

	const first = await relay(mail());
	assert.match(first.toString("latin1"), /^ARC-Seal: /);
	assert.match(fieldsOf(first, "ARC-Seal")[0], /^a=rsa-sha256; b=.*; cv=none; d=home\.example; i=1; s=rsa\d+; t=\d+$/);
	assert.match(fieldsOf(first, "ARC-Message-Signature")[0], /; h=from:from:to:to:cc:subject:subject:.*x-postern-processed; i=1;/);
	assert.equal(fieldsOf(first, "ARC-Authentication-Results")[0], `i=1; ${resultsOf(first)}`);
	assert.match(resultsOf(first), /^gw\.example\.test; spf=pass/);

	const second = await relay(first);
	assert.match(resultsOf(second), /arc=pass/);
	assert.match(fieldsOf(second, "ARC-Seal")[0], /; cv=pass; d=home\.example; i=2;/);
	const third = await relay(second);
	assert.match(resultsOf(third), /arc=pass/);
	assert.equal(fieldsOf(third, "ARC-Seal").length, 3);
});

test("nobody adds to what is sealed another field that people see", async () => {
	const sealed = await relay(mail());
	for (const field of ["Reply-To: other@elsewhere.example", "Subject: Another", "From: <boss@elsewhere.example>", "Cc: x@elsewhere.example"])
		assert.match(resultsOf(await relay(Buffer.concat([Buffer.from(`${field}\r\n`), sealed]))), /arc=fail/, field);
	assert.match(resultsOf(await relay(Buffer.concat([Buffer.from("X-Other: 1\r\n"), sealed]))), /arc=pass/);
});

test("a chain that is broken is sealed as such, once", async () => {
	const first = await relay(mail());
	const spoilt = Buffer.from(first.toString("latin1").replace("minutes", "hours"), "latin1");
	const second = await relay(spoilt);
	assert.match(resultsOf(second), /arc=fail/);
	assert.match(fieldsOf(second, "ARC-Seal")[0], /; cv=fail; d=home\.example; i=2;/);
	assert.equal(fieldsOf(await relay(second), "ARC-Seal").length, 2, "and nothing is added any more");
});

test("what is sealed is what is sent, however it came", async () => {
	const odd = (text) => Buffer.from(text.replace(/\n/g, "\r\n"), "latin1");
	const head = "From: <news@sender.example>\nTo: <user@home.example>\nSubject: x\nDate: Fri, 20 Nov 2026 10:00:00 +0000\nMessage-ID: <%@sender.example>\n";
	let n = 0;
	for (const [what, raw] of [
		["no line end at the end", odd(`${head}\nlast`)],
		["no body", odd(`${head}\n`)],
		["empty lines and blanks at the end", odd(`${head}\ntext  \t \n \n\n\n`)],
		["dots", odd(`${head}\n.\n..\n.x\n`)],
		["forged fields of ours are left out", odd(`X-Postern-Disposition: NONE\n${head}X-Postern-Processed: x\n\ntext\n`)],
		["two subjects, folded", odd(`${head}Subject: a\n b\n\tc\n\ntext\n`)],
		["a large body", odd(`${head}\n${"line of text\n".repeat(30_000)}`)],
		["eight bits", odd(`${head}X-8: \xe9\n\n\xe9\xff\n`)],
	]) {
		const sealed = await relay(Buffer.from(raw.toString("latin1").replace("%", `odd${++n}`), "latin1"));
		assert.equal(fieldsOf(sealed, "ARC-Seal").length, 1, what);
		assert.match(resultsOf(await relay(sealed)), /arc=pass/, what);
	}
	const unsure = await relay(odd(`${head.replace("%", "unsure")}no field\nX-More: 1\n\ntext\n`));
	assert.deepEqual(fieldsOf(unsure, "ARC-Seal"), [], "a header that not all read alike is not sealed");
});

test("recipients of other domains get no seal, and one of Ed25519 where there is no other key", async () => {
	assert.deepEqual(fieldsOf(await relay(mail({ to: "u@bare.example" }), "u@bare.example"), "ARC-Seal"), []);
	publish(await make({ domain: "ed.example", algorithm: "ed25519-sha256", enabled: true }));
	const first = await relay(mail({ to: "u@ed.example" }), "u@ed.example");
	assert.match(fieldsOf(first, "ARC-Seal")[0], /^a=ed25519-sha256; .*d=ed\.example/);
	assert.match(resultsOf(await relay(first, "u@ed.example")), /arc=pass/);
});

test("mail of a domain with keys is signed with each where we changed it, and nowhere else", async () => {
	for (const algorithm of ["rsa-sha256", "ed25519-sha256"]) publish(await make({ domain: "sender.example", algorithm, enabled: true, sign_changed: true }));
	assert.deepEqual(fieldsOf(await relay(mail()), "DKIM-Signature"), [], "what is not changed needs no signature");
	const made = await ours("POST", "text_add_ons", { subject_labels: ["EXTERNAL"], subject_template: "[%LABELS] ", body_labels: ["EXTERNAL"] });
	assert.equal(made.status, 201, made.text);
	const changed = await relay(mail());
	assert.match(fieldsOf(changed, "Subject")[0], /EXTERNAL/);
	assert.deepEqual(fieldsOf(changed, "DKIM-Signature").map((s) => s.slice(0, s.indexOf(";"))).sort(), ["a=ed25519-sha256", "a=rsa-sha256"]);
	for (const s of fieldsOf(changed, "DKIM-Signature")) assert.match(s, /d=sender\.example; h=from:from:to:to:/);
	assert.equal((await ours("DELETE", `text_add_ons/${made.body.result.id}`)).status, 200);
	const again = await relay(changed);
	assert.match(resultsOf(again), /dkim=pass.*dkim=pass.*arc=pass/s);

	// Whoever is not proved gets no signature in that name.
	const more = await ours("POST", "text_add_ons", { subject_labels: ["EXTERNAL"], subject_template: "[%LABELS] " });
	const before = p.sink.mails.length;
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "x@other.example", to: "user@home.example", mail: mail() })).code, 250);
	assert.deepEqual(fieldsOf(p.sink.mails[before].raw, "DKIM-Signature"), []);
	assert.equal((await ours("DELETE", `text_add_ons/${more.body.result.id}`)).status, 200);
});

test("what is sealed is what the next hop has, bare CRs and dots included", async () => {
	const bare = (text) => Buffer.concat([mail({ body: "Text" }), Buffer.from(text, "latin1")]);
	for (const text of ["a\r.b\r\n", "\r.\r.\r\n", "a\n.b\r\n", "a\rb\r", "..a\r\n.b\r\n"]) {
		const first = await relay(bare(text));
		assert.equal(fieldsOf(first, "ARC-Seal").length, 1, JSON.stringify(text));
		assert.match(resultsOf(await relay(first)), /arc=pass/, JSON.stringify(text));
	}
	assert.deepEqual(fieldsOf(await relay(bare("a\0.b\r\n")), "ARC-Seal"), [], "nobody knows what becomes of zero bytes");
});

test("the trace of a message says how it was sealed", async () => {
	const one = plain({ from: "x@other.example" });
	await relay(one.raw);
	const m = await p.found(one.id);
	const lines = (await p.get(`investigate/${m.id}/trace`)).result.outbound.lines.map((l) => l.message);
	assert.match(lines.join("\n"), /^sealed by ARC as hop 1, chain none with the key rsa\d+\._domainkey\.home\.example$/m);
});

test("the command makes a key, prints its record as zone files have it, and uses it when told", async () => {
	const go = (...words) => p.cli("dkim", ...words.slice(0, 1), "--account", p.account, ...words.slice(1));
	const printed = go("keygen", "bare.example", "--selector", "s1");
	const [, name, text] = /^(\S+)\. IN TXT \(\n((?:\t"[^"]{1,255}"[\n ])+)\)\n$/.exec(printed) ?? assert.fail(printed);
	assert.equal(name, "s1._domainkey.bare.example");
	p.dns.records[`${name} TXT`] = [[...text.matchAll(/"([^"]*)"/g)].map((m) => m[1]).join("")];
	assert.match(go("keygen", "bare.example", "--selector", "s2", "--type", "ed25519"), /^s2\._domainkey\.bare\.example\. IN TXT "v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}="\n$/);
	assert.match(go("list"), /^bare\.example\ts1\trsa-sha256\tdisabled\tseals\tv=DKIM1; /m);
	go("enable", "bare.example", "s1");
	const first = await relay(mail({ to: "u@bare.example" }), "u@bare.example");
	assert.match(fieldsOf(first, "ARC-Seal")[0], /s=s1;/, "the next mail obeys");
	assert.match(resultsOf(await relay(first, "u@bare.example")), /arc=pass/);
	go("disable", "bare.example", "s1");
	assert.deepEqual(fieldsOf(await relay(mail({ to: "u@bare.example" }), "u@bare.example"), "ARC-Seal"), []);
	go("delete", "bare.example", "s1");

	// What it says to do next can be done as it says it, and a domain that is not ours is told.
	const told = p.tryCli("dkim", "keygen", "--account", p.account, "bare.example", "--selector", "s3").stderr;
	assert.match(told, /^publish this record, then: postern dkim enable .*--data /);
	execFileSync(process.env.POSTERN, told.trim().split(" postern ")[1].split(" "));
	assert.match(go("list"), /^bare\.example\ts3\trsa-sha256\tenabled\t/m);
	go("delete", "bare.example", "s3");
	assert.match(p.tryCli("dkim", "keygen", "--account", p.account, "nobodys.example", "--selector", "s1").stderr, /^note: nobodys\.example is no domain of this account/);
	go("delete", "nobodys.example", "s1");
	assert.equal(p.tryCli("dkim", "enable", "--account", p.account, "bare.example", "s1").stderr, "postern dkim enable: s1 does not exist\n");
});
